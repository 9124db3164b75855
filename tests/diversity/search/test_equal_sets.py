"""Sets are put together exactly, whatever their sums."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraph.diversity.search import equal_sets
from netgraph.diversity.search.equal_sets import group_equal


def one_by_one(sets):
    """Classes by looking every set up among those before."""
    first = []
    class_of = []
    for number, members in enumerate(sets):
        known = [sets[other] for other in first]
        if members and members not in known:
            first.append(number)
            known.append(members)
        class_of.append(known.index(members) if members else -1)
    return class_of, first


def grouped(sets):
    ends = np.cumsum([0, *map(len, sets)])
    members = np.array([x for members in sets for x in sorted(members)], dtype=np.int32)
    class_of, first = group_equal(ends, members)
    return class_of.tolist(), first.tolist()


some_sets = st.lists(st.sets(st.integers(0, 4)), max_size=12)


@given(some_sets)
def test_sets_with_the_same_elements_are_one_class(sets):
    assert grouped(sets) == one_by_one(sets)


@pytest.mark.parametrize("sets", [[{1}, {2}, {1}], [{1, 4}, {2}, {2, 3}, {1, 4}, set(), {2}]])
def test_different_sets_whose_sums_are_the_same_stay_apart(monkeypatch, sets):
    scattered = equal_sets._scattered
    monkeypatch.setattr(
        equal_sets, "_scattered",
        lambda x, salt: scattered(x, salt) if salt > 1 else np.zeros(len(x), dtype=np.uint64),
    )  # fmt: skip
    assert grouped(sets) == one_by_one(sets)
