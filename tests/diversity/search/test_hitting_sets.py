"""The lightest hitting set: branching against the integer program and all subsets."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netgraph.diversity.search import _hitting_sets
from netgraph.diversity.search._hitting_sets import cheapest_hitting_set

SETS = st.lists(st.sets(st.integers(0, 7), min_size=1), min_size=1, max_size=6)
WEIGHTS = st.lists(st.integers(1, 5), min_size=8, max_size=8)


def least_of_all(sets, weights):
    items = range(len(weights))
    every = chain.from_iterable(combinations(items, k) for k in range(len(weights) + 1))
    hitting = (chosen for chosen in every if all(members & set(chosen) for members in sets))
    return min(sum(weights[item] for item in chosen) for chosen in hitting)


@pytest.mark.parametrize("most_steps", [500, 0])
@settings(max_examples=60, deadline=None)
@given(sets=SETS, weights=WEIGHTS)
def test_no_set_that_hits_all_is_lighter(most_steps, sets, weights):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_hitting_sets, "_MOST_STEPS", most_steps)  # 0: the integer program
        arrays = [np.array(sorted(members), dtype=np.int32) for members in sets]
        items, is_least = cheapest_hitting_set(arrays, np.array(weights, dtype=float))
    assert is_least
    assert all(members & set(items.tolist()) for members in sets)
    assert sum(weights[item] for item in items) == least_of_all(sets, weights)


def test_nothing_is_needed_where_there_is_no_set():
    items, is_least = cheapest_hitting_set([], np.ones(3))
    assert is_least
    assert len(items) == 0
