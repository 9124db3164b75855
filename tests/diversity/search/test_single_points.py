"""Single points of failure: by eye, against removal one by one, and against igraph."""

from __future__ import annotations

import igraph
import numpy as np
import pytest
from hypothesis import given, settings
from small_networks import SmallNetwork, networks, random_network

from netgraph.diversity.search.graph import build_graph
from netgraph.diversity.search.single_points import find_single_points
from netgraph.errors import UsageError


def _points(network):
    return find_single_points(network.graph(), network.sinks)


def test_single_points_come_in_order_from_the_node(lollipop):
    points = _points(lollipop)

    # 5 -> 4 -> (edge 4) -> 3 -> 0: the far ring hangs on node 4, the bridge and node 3.
    assert points.chain(5).tolist() == [4, 7 + 4, 3]
    assert points.cutting_edges(6).tolist() == [4]
    assert points.cutting_nodes(6).tolist() == [4, 3]
    assert (points.n_cutting_nodes[6], points.n_cutting_edges[6]) == (2, 1)


def test_parallel_edges_protect_each_other_and_a_self_loop_protects_nothing():
    points = _points(SmallNetwork(3, ((0, 1, 1.0), (1, 0, 1.0), (1, 2, 1.0), (2, 2, 1.0))))

    assert points.cutting_edges(1).tolist() == []
    assert points.chain(2).tolist() == [3 + 2, 1]


def test_two_sinks_are_one_point():
    """A chain between two sinks has no single point: 0 --- 1 --- 2 --- 3, sinks 0 and 3."""
    points = _points(SmallNetwork(4, ((0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0)), sinks=(0, 3)))

    assert points.chain(1).tolist() == points.chain(2).tolist() == []
    assert points.is_connected.all()


def test_a_sink_has_no_single_points_and_an_island_is_not_connected():
    points = _points(SmallNetwork(3, ((0, 1, 1.0),)))

    assert points.is_connected.tolist() == [True, True, False]
    assert points.chain(0).tolist() == points.chain(2).tolist() == []


def test_another_customers_site_carries_no_route_but_has_two_of_its_own():
    """Site 3 has two entries; without it 2 hangs on 1 alone.

    ::

        0 --- 1 --- 2
               \\  /
                3 (carries no route)
    """
    edges = ((0, 1, 1.0), (1, 2, 1.0), (1, 3, 1.0), (3, 2, 1.0))
    points = _points(SmallNetwork(4, edges, closed=frozenset({3})))

    assert points.chain(2).tolist() == [4 + 1, 1, 4 + 0]
    assert points.chain(3).tolist() == [1, 4 + 0]


def test_all_single_points_are_what_all_routes_share():
    for seed in range(400):
        network = random_network(seed)
        points = _points(network)
        for node in range(network.n_nodes):
            edges, nodes, _ = network.unavoidable(node)
            case = (seed, node)
            assert points.is_connected[node] == bool(network.routes(node)), case
            assert set(points.cutting_edges(node).tolist()) == edges, case
            assert set(points.cutting_nodes(node).tolist()) == nodes, case
            assert points.n_cutting_edges[node] == len(edges), case
            assert points.n_cutting_nodes[node] == len(nodes), case


def test_the_chain_follows_every_route():
    for seed in range(300):
        network = random_network(seed, nodes=(3, 8), edges=(2, 9))
        points = _points(network)
        for node in range(network.n_nodes):
            for route in network.routes(node):
                steps = [x for v, e in zip(route.inner, route.edges[1:], strict=False)
                         for x in (v, network.n_nodes + e)]  # fmt: skip
                steps = [network.n_nodes + e for e in route.edges[:1]] + steps
                met = [x for x in steps if x in set(points.chain(node).tolist())]
                assert met == points.chain(node).tolist(), (seed, node)


@pytest.mark.parametrize("seed", range(3))
def test_bridges_and_articulation_points_are_those_of_igraph(seed):
    draw = np.random.default_rng(seed)
    n, m = 3000, 3600
    ends = draw.integers(0, n, size=(m, 2))
    points = find_single_points(build_graph(n, *ends.T, np.ones(m)), [0])

    # From one sink, a component's cuts are those that part somebody from the sink.
    known = igraph.Graph(n, ends.tolist())
    reached = np.flatnonzero(points.is_connected)
    bridges = [e for e in known.bridges() if points.is_connected[ends[e, 0]]]
    cuts = [v for v in known.articulation_points() if points.is_connected[v] and v != 0]
    rows = points.chains(reached)
    assert set(rows.values[rows.values >= n].tolist()) == {n + e for e in bridges}
    assert set(rows.values[rows.values < n].tolist()) == set(cuts)


@given(networks())
@settings(max_examples=60, deadline=None)
def test_a_further_edge_never_adds_a_single_point(network):
    before = _points(network)
    more = SmallNetwork(
        network.n_nodes, (*network.edges, (1, 0, 1.0)), network.sinks, network.closed
    )
    after = _points(more)

    for node in range(network.n_nodes):
        if before.is_connected[node]:
            assert set(after.cutting_edges(node)) <= set(before.cutting_edges(node))
            assert set(after.cutting_nodes(node)) <= set(before.cutting_nodes(node))


def test_an_unknown_sink_is_refused():
    with pytest.raises(UsageError, match="node 9"):
        find_single_points(build_graph(2, [0], [1], [1.0]), [9])
