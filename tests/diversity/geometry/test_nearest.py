"""The nearest point over a grid, against a look at all of them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from netgraph.diversity.geometry.nearest import find_nearest

#: Few values, so that many are equally near; some far away, so that most of the grid is empty.
_COORDINATE = st.sampled_from([0.0, 1.0, 2.0, 2.5, 3.0, 50.0]) | st.floats(-5.0, 5.0, width=16)
_POINTS = st.lists(st.tuples(_COORDINATE, _COORDINATE), min_size=1, max_size=40)


@given(_POINTS, _POINTS)
def test_it_is_the_first_of_those_that_are_nearest(points, others):
    some, all_ = np.array(points), np.array(others)
    away = ((some[:, None] - all_) ** 2).sum(axis=2)
    assert find_nearest(some, all_).tolist() == away.argmin(axis=1).tolist()


def test_of_no_points_nothing_is_found():
    assert len(find_nearest(np.empty((0, 2)), np.zeros((1, 2)))) == 0
