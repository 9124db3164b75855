"""Components against what NetworkX finds."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from netgraph.components import find_components

NODES = st.integers(0, 11)


@given(st.integers(12, 14), st.lists(st.tuples(NODES, NODES), max_size=30))
def test_components_are_numbered_by_their_first_nodes(n, edges):
    u, v = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    graph = nx.MultiGraph(edges)
    graph.add_nodes_from(range(n))

    found = find_components(n, u, v)

    expected = np.full(n, -1)
    for number, nodes in enumerate(sorted(nx.connected_components(graph), key=min)):
        expected[list(nodes)] = number
    assert found.tolist() == expected.tolist()


def test_a_long_way_through_nodes_in_any_order_is_one_component():
    nodes = np.random.default_rng(7).permutation(5000)

    assert not find_components(5000, nodes[:-1], nodes[1:]).any()


def test_without_nodes_there_is_no_component():
    none = np.zeros(0, dtype=np.int64)

    assert len(find_components(0, none, none)) == 0
