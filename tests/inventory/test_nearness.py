"""Pairs of points that lie close together, against all pairs."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from netgraph.inventory.checks.nearness import pairs_within

# Few distinct coordinates, many on the edges of squares, and points that coincide.
COORDINATES = st.one_of(
    st.integers(-6, 6).map(float),
    st.floats(-6, 6),
    st.sampled_from([-2.0, 1e6, 1e6 + 2]),
)


@given(st.lists(st.tuples(COORDINATES, COORDINATES), max_size=25))
def test_pairs_that_lie_close_together_are_all_found_and_each_once(points):
    coordinates = np.array(points, dtype=float).reshape(-1, 2)

    found = [tuple(sorted(pair)) for pair in pairs_within(coordinates, 2.0).tolist()]

    assert sorted(found) == [
        (i, j)
        for i, j in itertools.combinations(range(len(points)), 2)
        if np.hypot(*(coordinates[i] - coordinates[j])) <= 2.0
    ]
