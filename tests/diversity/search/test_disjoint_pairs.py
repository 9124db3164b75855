"""Shortest disjoint pairs: by eye, against all routes, and as cheapest flows."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_networks import SmallNetwork, networks, random_network

from netgraph.diversity.search.disjoint_pairs import find_disjoint_pairs
from netgraph.diversity.search.graph import build_graph, route_nodes


def _pairs(network, disjoint="node"):
    return find_disjoint_pairs(network.graph(), network.sinks, disjoint)


def _routes(pairs, node):
    routes = pairs.find_routes([node])
    return routes[0].tolist(), routes[1].tolist()


def test_the_trap_is_no_trap(trap):
    pairs = _pairs(trap)

    assert pairs.total_m[3] == 8.0
    assert _routes(pairs, 3) == ([0, 4], [3, 2])
    assert pairs.is_disjoint[3]


def test_a_node_behind_single_points_has_its_pair_otherwise(lollipop):
    pairs = _pairs(lollipop)

    # Both ways round the far ring, the bridge twice, both ways round the near ring.
    assert pairs.total_m[6] == (10 + 20) + 2 * 5 + 2 * 20
    assert not pairs.is_disjoint[6]
    first, second = _routes(pairs, 6)
    assert (first[:2], second[:3]) == ([5, 4], [7, 6, 4])


def test_link_disjoint_routes_may_cross_at_a_node():
    """Two rings in a row: 2 == 1 == 0."""
    network = SmallNetwork(3, ((2, 1, 1.0), (2, 1, 2.0), (1, 0, 1.0), (1, 0, 2.0)))

    assert _pairs(network, "link").is_disjoint.tolist() == [True, True, True]
    assert _pairs(network, "node").is_disjoint.tolist() == [True, True, False]
    assert _pairs(network, "link").total_m[2] == _pairs(network, "node").total_m[2] == 6.0


def test_parallel_edges_are_two_routes_and_ties_go_by_number():
    network = SmallNetwork(2, ((0, 1, 1.0), (1, 0, 1.0), (0, 1, 1.0)))

    assert _routes(_pairs(network), 1) == ([0], [1])


def test_a_sink_needs_no_edges_and_an_island_has_no_pair():
    network = SmallNetwork(3, ((0, 1, 1.0),))
    pairs = _pairs(network)

    assert pairs.total_m.tolist() == [0.0, 2.0, math.inf]
    assert _routes(pairs, 0) == _routes(pairs, 2) == ([], [])
    assert pairs.is_disjoint.tolist() == [True, False, False]


def test_two_sinks_give_two_homes():
    """A chain between two sinks: 0 --- 2 --- 3 --- 1."""
    network = SmallNetwork(4, ((0, 2, 1.0), (2, 3, 1.0), (3, 1, 5.0)), sinks=(0, 1))

    assert _routes(_pairs(network), 2) == ([0], [1, 2])


def test_a_network_without_edges_has_no_pairs():
    assert _pairs(SmallNetwork(3, ())).total_m.tolist() == [0.0, math.inf, math.inf]


def _check_routes(network, pairs, node, disjoint, case):
    """The routes must be simple, meet a sink at their end only, and share single points alone."""
    graph = network.graph()
    edges, nodes, _ = network.unavoidable(node)
    found = _routes(pairs, node)
    walks = [tuple(route_nodes(graph, node, np.array(r, dtype=np.int32)).tolist()) for r in found]
    known = {(r.edges, r.nodes) for r in network.routes(node)}
    assert all((tuple(r), w) in known for r, w in zip(found, walks, strict=True)), case
    assert set(found[0]) & set(found[1]) <= edges, case
    if disjoint == "node":
        assert set(walks[0][1:-1]) & set(walks[1][1:-1]) <= nodes, case
    lengths = [sum(network.edges[e][2] for e in r) for r in found]
    assert sum(lengths) == pytest.approx(pairs.total_m[node], abs=1e-9), case
    assert lengths[0] <= lengths[1] + 1e-9, case


def test_lengths_and_routes_are_those_of_the_best_of_all_pairs():
    for seed in range(300):
        network = random_network(seed)
        for disjoint in ("link", "node"):
            pairs = _pairs(network, disjoint)
            for node in range(network.n_nodes):
                case = (seed, disjoint, node)
                edges, nodes, _ = network.unavoidable(node)
                nothing_else = (edges, nodes, frozenset())
                best = network.shortest_pair_m(node, disjoint, nothing_else)
                strict = network.shortest_pair_m(node, disjoint, (frozenset(),) * 3)
                assert pairs.total_m[node] == pytest.approx(best, abs=1e-9), case
                assert pairs.is_disjoint[node] == math.isfinite(strict), case
                if network.routes(node):
                    _check_routes(network, pairs, node, disjoint, case)


def _cheapest_flow(graph, source, disjoint):
    """Length of two disjoint routes as a flow on the graph with split nodes (NetworkX)."""
    flow = nx.DiGraph()
    for v in range(graph.n_nodes):
        flow.add_edge(("in", v), ("out", v), capacity=1 if disjoint == "node" else 2, weight=0)
    for e in range(graph.n_edges):
        u, v = int(graph.edge_u[e]), int(graph.edge_v[e])
        for a, b in ((u, v), (v, u)):  # a node in between keeps parallel edges apart
            flow.add_edge(("out", a), (e, a), capacity=1, weight=int(graph.length_m[e]))
            flow.add_edge((e, a), ("in", b), capacity=1, weight=0)
    flow.nodes["out", source]["demand"] = -2
    flow.nodes["in", 0]["demand"] = 2
    try:
        return nx.min_cost_flow_cost(flow)
    except nx.NetworkXUnfeasible:
        return math.inf


@pytest.mark.parametrize("disjoint", ["link", "node"])
def test_lengths_are_those_of_networkx_flows(disjoint):
    draw = np.random.default_rng(7)
    for _ in range(6):
        ends = draw.integers(0, 30, size=(55, 2))
        graph = build_graph(30, *ends.T, draw.integers(0, 20, size=55).astype(float))
        pairs = find_disjoint_pairs(graph, [0], disjoint)
        for source in range(1, 30, 3):
            expected = _cheapest_flow(graph, source, disjoint)
            found = pairs.total_m[source] if pairs.is_disjoint[source] else math.inf
            assert found == expected


@given(networks(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_numbering_does_not_change_a_length(network, draw):
    order = list(range(network.n_nodes))
    draw.shuffle(order)
    edges = [(order[u], order[v], metres) for u, v, metres in network.edges]
    draw.shuffle(edges)
    renamed = SmallNetwork(
        network.n_nodes,
        tuple(edges),
        tuple(order[v] for v in network.sinks),
        frozenset(order[v] for v in network.closed),
    )

    assert _pairs(renamed).total_m[order].tolist() == _pairs(network).total_m.tolist()


@given(networks())
@settings(max_examples=60, deadline=None)
def test_a_further_edge_never_takes_a_pair_away_or_makes_it_longer(network):
    before = _pairs(network)
    more = (*network.edges, (network.n_nodes - 1, 0, 1.0))
    after = _pairs(SmallNetwork(network.n_nodes, more, network.sinks, network.closed))

    assert (after.is_disjoint | ~before.is_disjoint).all()
    both = before.is_disjoint
    assert (after.total_m[both] <= before.total_m[both]).all()


@pytest.mark.parametrize("disjoint", ["link", "node"])
@given(network=networks())
@settings(max_examples=60, deadline=None)
def test_a_pair_from_a_to_b_is_one_from_b_to_a(network, disjoint):
    a = network.n_nodes - 1
    there = _pairs(network, disjoint)
    turned = SmallNetwork(network.n_nodes, network.edges, (a,), network.closed)
    back = _pairs(turned, disjoint)

    assert there.is_disjoint[a] == back.is_disjoint[0]
    if there.is_disjoint[a]:
        assert there.total_m[a] == pytest.approx(back.total_m[0])


@given(networks())
@settings(max_examples=60, deadline=None)
def test_parallel_edges_survive_as_routes_of_their_own(network):
    """Where every edge has a parallel, the shortest way and its parallel are the shortest pair."""
    doubled = SmallNetwork(network.n_nodes, network.edges * 2, network.sinks, network.closed)
    pairs = _pairs(doubled, "link")

    for node in range(network.n_nodes):
        ways = network.routes(node)
        assert pairs.is_disjoint[node] == bool(ways)
        if ways:
            first, second = _routes(pairs, node)
            assert set(first).isdisjoint(second)
            assert pairs.total_m[node] == pytest.approx(2 * min(way.length_m for way in ways))


def test_routes_of_a_large_network_are_simple_disjoint_and_as_long_as_said():
    draw = np.random.default_rng(1)
    n, m = 4000, 5200
    ends = np.vstack((draw.integers(0, n, size=(m, 2)), [[i, i + 1] for i in range(n - 1)]))
    graph = build_graph(n, *ends.T, draw.integers(0, 9, size=len(ends)).astype(float))
    pairs = find_disjoint_pairs(graph, [0, 17])
    sources = np.arange(0, n, 13)
    routes = pairs.find_routes(sources)
    for i, source in enumerate(sources.tolist()):
        walks = [route_nodes(graph, source, routes[2 * i + k]) for k in range(2)]
        assert all(len(set(walk.tolist())) == len(walk) for walk in walks)
        cut = set(pairs.points.cutting_nodes(source).tolist())
        assert set(walks[0][1:-1].tolist()) & set(walks[1][1:-1].tolist()) <= cut
        total = sum(graph.length_m[routes[2 * i + k]].sum() for k in range(2))
        assert total == pairs.total_m[source]
