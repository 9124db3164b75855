"""Pairs looked for around each source are as short as those of one pass for all nodes."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from small_networks import networks, random_network

from netgraph.diversity.search.disjoint_pairs import (
    distance_bounds,
    find_disjoint_pairs,
    find_pairs_near,
)
from netgraph.diversity.search.graph import route_nodes


def _check(graph, pairs, routes, source):
    """Both routes lead to a sink, share single points only, and are the shortest such pair."""
    points, n = pairs.points, graph.n_nodes
    if not points.is_connected[source] or points.is_sink[source]:
        assert len(routes[2 * source]) == len(routes[2 * source + 1]) == 0
        return
    ways = routes[2 * source], routes[2 * source + 1]
    nodes = [route_nodes(graph, source, way).tolist() for way in ways]
    for passed in nodes:
        assert points.is_sink[passed[-1]]
        assert not points.is_sink[passed[:-1]].any()
        assert len(set(passed)) == len(passed)
    met = set(nodes[0][1:-1]) & set(nodes[1][1:-1])
    met |= {n + e for e in set(ways[0].tolist()) & set(ways[1].tolist())}
    assert met == set(points.chain(source).tolist())
    assert sum(graph.length_m[way].sum() for way in ways) == pairs.total_m[source]


def test_a_node_behind_single_points_has_its_pair_otherwise(lollipop):
    graph = lollipop.graph()
    pairs = find_disjoint_pairs(graph, lollipop.sinks)

    routes = find_pairs_near(pairs.points, [6])

    assert [routes[0].tolist()[:2], routes[1].tolist()[:3]] == [[5, 4], [7, 6, 4]]


def test_the_trap_is_no_trap(trap):
    pairs = find_disjoint_pairs(trap.graph(), trap.sinks)

    routes = find_pairs_near(pairs.points, [3])

    assert [routes[0].tolist(), routes[1].tolist()] == [[0, 4], [3, 2]]


@settings(deadline=None, max_examples=150)
@given(networks())
def test_pairs_are_as_short_as_those_of_one_pass_for_all(network):
    graph = network.graph()
    pairs = find_disjoint_pairs(graph, network.sinks)

    routes = find_pairs_near(pairs.points, np.arange(graph.n_nodes))

    for source in range(graph.n_nodes):
        _check(graph, pairs, routes, source)


def test_bounds_of_a_network_with_more_edges_serve_as_well():
    for seed in range(200):
        network = random_network(seed, nodes=(2, 14), edges=(1, 30))
        wide = network.graph()
        closed = np.random.default_rng(seed).permutation(wide.n_edges)[: wide.n_edges // 4]
        graph = wide.without(edges=closed)
        pairs = find_disjoint_pairs(graph, network.sinks)
        bound_m = distance_bounds(wide, pairs.points.is_sink, [graph.n_nodes - 1])

        routes = find_pairs_near(pairs.points, np.arange(graph.n_nodes), bound_m=bound_m)

        for source in range(graph.n_nodes):
            _check(graph, pairs, routes, source)


@settings(deadline=None, max_examples=50)
@given(networks(), st.data())
def test_bounds_are_no_longer_than_the_way_and_exact_for_the_wanted(network, data):
    graph = network.graph()
    wanted = data.draw(st.integers(0, graph.n_nodes - 1))
    is_sink = find_disjoint_pairs(graph, network.sinks).points.is_sink

    some = distance_bounds(graph, is_sink, [wanted])
    exact = distance_bounds(graph, is_sink, np.arange(graph.n_nodes))

    assert (some <= exact).all()
    assert some[wanted] == exact[wanted]
