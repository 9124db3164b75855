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
from netgraph.diversity.search.graph import build_graph, route_nodes


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


@settings(deadline=None, max_examples=10)
@given(st.data())
def test_short_edges_and_huge_ones_are_searched_together(data):
    """A ladder of short rungs to the sink, some of which are cut, and long ways round the cuts.

    0 - 2 - 4 - ... - 236 - 238
    |   |   |          |     |     and up to twelve edges from anywhere to anywhere
    1 - 3 - 5 - ... - 237 - 239 sink
    """
    n, metres = 120, st.integers(1, 9)
    rails = [(k, k + 2, data.draw(metres)) for k in range(2 * n - 2)]
    rungs = [(k, k + 1, data.draw(metres)) for k in range(0, 2 * n, 2)]
    gone = data.draw(st.sets(st.integers(0, len(rails) - 1), min_size=1, max_size=12))
    ends = st.integers(0, 2 * n - 1)
    ways = data.draw(st.lists(st.tuples(ends, ends, st.integers(1, 10**6)), max_size=12))
    edges = [rail for k, rail in enumerate(rails) if k not in gone] + rungs
    edges += [(a, b, length) for a, b, length in ways if a != b]
    u, v, length_m = (np.array(column) for column in zip(*edges, strict=True))
    graph = build_graph(2 * n, u, v, length_m.astype(float))
    pairs = find_disjoint_pairs(graph, [2 * n - 1])

    routes = find_pairs_near(pairs.points, np.arange(graph.n_nodes))

    for source in range(graph.n_nodes):
        _check(graph, pairs, routes, source)


def test_the_shorter_of_two_ways_round_is_found_however_long_both_are():
    """Nodes 2 to 8 on a way of 0.8 km a step, beside one edge of 10 km and a tail of 1 m steps.

    0 (sink) --- 1 m --- 1 - 2 - ... - 8 - 0
    0 ------- 10 km ---- 1 - 9 - 10 - ... - 600
    """
    way, tail = [1, *range(2, 9), 0], [1, *range(9, 601)]
    u = np.array([0, 0, *way[:-1], *tail[:-1]])
    v = np.array([1, 1, *way[1:], *tail[1:]])
    length_m = np.array([1.0, 10_000.0, *[800.0] * 8, *[1.0] * (len(tail) - 1)])
    pairs = find_disjoint_pairs(build_graph(601, u, v, length_m), [0])

    routes = find_pairs_near(pairs.points, [1])

    assert [routes[0].tolist(), routes[1].tolist()] == [[0], list(range(2, 10))]


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
