"""Classes that hold the same elements are one lump, and a group of lumps has all of its classes."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from netgraph.diversity.search._lumps import find_lumps
from netgraph.diversity.search.graph import rows_of

N_EDGES, N_NODES = 4, 3
classes = st.lists(
    st.tuples(st.sets(st.integers(0, N_EDGES - 1)), st.sets(st.integers(0, N_NODES - 1))),
    max_size=9,
)


@given(classes)
def test_classes_are_in_one_lump_if_they_hold_the_same_elements(held):
    lumps = find_lumps(
        rows_of([sorted(edges) for edges, _ in held]),
        rows_of([sorted(nodes) for _, nodes in held]), N_EDGES, N_NODES,
    )  # fmt: skip
    kinds = list(dict.fromkeys((frozenset(e), frozenset(n)) for e, n in held if e or n))
    numbers = [kinds.index((e, n)) if e or n else -1 for e, n in held]
    assert lumps.of_class.tolist() == numbers
    for table, side, size in ((lumps.of_edge, 0, N_EDGES), (lumps.of_node, 1, N_NODES)):
        assert [table[x].tolist() for x in range(size)] == [
            [k for k, kind in enumerate(kinds) if x in kind[side]] for x in range(size)
        ]


@given(classes, st.lists(st.integers(-1, 2), min_size=9, max_size=9))
def test_a_group_of_lumps_has_the_classes_of_all_of_them(held, group_of):
    lumps = find_lumps(
        rows_of([sorted(edges) for edges, _ in held]),
        rows_of([sorted(nodes) for _, nodes in held]), N_EDGES, N_NODES,
    )  # fmt: skip
    group = np.array(group_of[: 1 + max(lumps.of_class.tolist(), default=-1)], dtype=np.int32)
    found = lumps.classes(group, 3)
    expected = [[] for _ in range(3)]
    for number, lump in enumerate(lumps.of_class.tolist()):
        if lump >= 0 and group[lump] >= 0:
            expected[group[lump]].append(number)
    assert [found[k].tolist() for k in range(3)] == expected
