"""Bridges, rings, chains and blocks of random multigraphs against NetworkX and plain removal."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from netgraph.diversity.rings.chains import find_chains
from netgraph.diversity.rings.layers import Layer


@st.composite
def multigraphs(draw):
    """Up to nine nodes, parallel edges, several components; no self-loops, no lone nodes."""
    n = draw(st.integers(2, 9))
    ends = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda e: e[0] != e[1])
    return draw(st.lists(ends, min_size=1, max_size=14))


def layer_of(edges):
    nodes, ends = np.unique(np.array(edges), return_inverse=True)
    ends = ends.reshape(-1, 2).astype(np.int64)
    order = np.arange(len(nodes))
    return Layer("links", order, np.arange(len(edges)), ends[:, 0], ends[:, 1], order)


def graph_of(layer):
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(layer.n_nodes))
    for edge, (u, v) in enumerate(zip(layer.u.tolist(), layer.v.tolist(), strict=True)):
        graph.add_edge(u, v, key=edge)
    return graph


@settings(max_examples=200, deadline=None)
@given(multigraphs())
def test_a_bridge_is_an_edge_whose_loss_disconnects_its_ends(edges):
    layer = layer_of(edges)
    graph = graph_of(layer)
    for edge, (u, v) in enumerate(zip(layer.u.tolist(), layer.v.tolist(), strict=True)):
        rest = graph.copy()
        rest.remove_edge(u, v, key=edge)
        assert layer.is_bridge[edge] == (not nx.has_path(rest, u, v))


@settings(max_examples=200, deadline=None)
@given(multigraphs())
def test_blocks_cores_and_ring_nodes_are_those_of_networkx(edges):
    layer = layer_of(edges)
    simple = nx.Graph(graph_of(layer))
    doubled = {
        frozenset((u, v)) for u, v in simple.edges if graph_of(layer).number_of_edges(u, v) > 1
    }
    wanted = {
        frozenset(map(frozenset, block))
        for block in nx.biconnected_component_edges(simple)
        if len(block) > 1 or frozenset(block[0]) in doubled
    }
    found = [[frozenset((int(layer.u[e]), int(layer.v[e]))) for e in b] for b in layer.blocks]
    assert {frozenset(block) for block in found} == wanted
    assert sorted(e for b in layer.blocks for e in b) == np.flatnonzero(~layer.is_bridge).tolist()
    on_ring = {node for block in wanted for pair in block for node in pair}
    assert set(np.flatnonzero(layer.is_on_ring).tolist()) == on_ring


@settings(max_examples=200, deadline=None)
@given(multigraphs())
def test_chains_are_what_hangs_on_one_side_of_a_node(edges):
    """Taken by definition: without a node of a chain, what it held has no ring and no root."""
    layer = layer_of(edges)
    graph, chains = graph_of(layer), find_chains(layer)
    ring_nodes = set(np.flatnonzero(layer.is_on_ring).tolist())
    for component in nx.connected_components(graph):
        anchors = component & ring_nodes or {min(component)}
        for node in component:
            rest = graph.subgraph(component - {node})
            sides = sum(bool(side & anchors) for side in nx.connected_components(rest))
            is_chain = node not in anchors and sides < 2
            assert (chains.of_node[node] >= 0) == is_chain
    for i in range(len(chains)):
        tree = graph.subgraph(
            {int(chains.hung_on[i]), *np.flatnonzero(chains.of_node == i).tolist()}
        )
        far = nx.single_source_shortest_path_length(tree, int(chains.hung_on[i]))
        assert chains.hops[i] == max(far.values()) == far[int(chains.far_end[i])]
        edge = int(chains.first_edge[i])
        assert int(chains.hung_on[i]) in (layer.u[edge], layer.v[edge])
