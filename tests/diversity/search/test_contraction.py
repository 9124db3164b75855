"""A network reduced to its terminals gives the same answers as the whole one."""

from __future__ import annotations

import numpy as np
from small_networks import SmallNetwork, random_network

from netgraph.diversity.search.contraction import contract, contract_risks
from netgraph.diversity.search.disjoint_pairs import find_disjoint_pairs
from netgraph.diversity.search.folding import FoldedRoutes
from netgraph.diversity.search.graph import build_graph, rows_of
from netgraph.diversity.search.risks import cutting_risks


def _marked(n, nodes):
    mask = np.zeros(n, dtype=bool)
    mask[list(nodes)] = True
    return mask


def test_chains_become_edges_and_dead_ends_go():
    r"""Terminals are 0 and 4; edges in brackets.

    ::

        0 --(0)-- 1 --(1)-- 2 --(2)-- 4
                            |
                           (3)
                            |
                            3
    """
    graph = build_graph(5, [0, 1, 2, 2], [1, 2, 4, 3], [1.0, 2.0, 4.0, 8.0])

    reduced = contract(graph, _marked(5, {0, 4}))

    assert sorted(reduced.node_of.tolist()) == [0, 4]
    assert reduced.graph.length_m.tolist() == [7.0]
    chain = reduced.chains[0].tolist()
    assert chain in ([5, 1, 6, 2, 7], [7, 2, 6, 1, 5])
    assert reduced.local_edge_of.tolist() == [0, 0, 0, -1]
    assert reduced.inner_edge_of.tolist() == [-1, 0, 0, -1, -1]


def test_an_edge_between_two_premises_is_kept_and_no_way_through_them():
    """1 and 2 are premises: 1 --- 2 counts for these two, 0 --- 1 --- 2 is no route for 0."""
    graph = build_graph(3, [0, 1], [1, 2], [1.0, 1.0], is_transit=[True, False, False])

    reduced = contract(graph, np.ones(3, dtype=bool))

    assert reduced.graph.n_edges == 2
    points = find_disjoint_pairs(reduced.graph, reduced.local_of[[2]]).points
    assert points.is_connected[reduced.local_of].tolist() == [False, True, True]


def test_nothing_is_left_of_a_network_without_terminals():
    graph = build_graph(2, [0], [1], [1.0])

    assert contract(graph, np.zeros(2, dtype=bool)).graph.n_nodes == 0


def test_single_points_lengths_and_cutting_risks_are_those_of_the_whole_network():
    for seed in range(300):
        network = random_network(seed, nodes=(2, 14), edges=(1, 20), risks=(0, 4), risk_size=(1, 4))
        graph = network.graph()
        rng = np.random.default_rng(seed)
        sources = rng.integers(0, graph.n_nodes, 3).astype(np.int32)
        sinks = np.unique(rng.integers(0, graph.n_nodes, rng.integers(1, 3)))
        reduced = contract(graph, _marked(graph.n_nodes, {*sources, *sinks}))
        local, local_sinks = reduced.local_of[sources], np.unique(reduced.local_of[sinks])
        whole = find_disjoint_pairs(graph, sinks)
        pairs = find_disjoint_pairs(reduced.graph, local_sinks)

        assert (pairs.total_m[local] == whole.total_m[sources]).all()
        chains = reduced.expand_points(local, pairs.points.chains(local))
        routes = reduced.expand_routes(np.repeat(local, 2), pairs.find_routes(local))
        risks = network.risk_index()
        cuts = cutting_risks(graph, sinks, risks, sources)
        cuts_here = cutting_risks(reduced.graph, local_sinks, contract_risks(reduced, risks), local)
        for i, source in enumerate(sources.tolist()):
            assert chains[i].tolist() == whole.points.chain(source).tolist()
            assert cuts_here[i].tolist() == cuts[i].tolist()
            for way in (routes[2 * i], routes[2 * i + 1]):
                _check_way(graph, source, way.tolist(), set(sinks.tolist()))


def test_a_route_stays_folded_until_it_is_asked_for():
    """Sites 0 and 4, chains 0 --e0-- 1 --e1-- 2 and 2 --e2-- 3 --e3-- 4, and e4 from 2 to 5.

    e1 is recorded from 2 to 1, e3 from 4 to 3.
    """
    graph = build_graph(6, [0, 2, 2, 4, 2], [1, 1, 3, 3, 5], [1.0] * 5)
    reduced = contract(graph, np.array([True, False, True, False, True, True]))
    chain_of = reduced.local_edge_of.tolist()
    there = [[chain_of[0], chain_of[2]], [], [chain_of[2], chain_of[4]]]

    folded = reduced.fold(reduced.local_of[[0, 0, 4]], rows_of(there))
    both = FoldedRoutes.joined([FoldedRoutes.plain(rows_of([[3, 2]])), folded])

    assert [folded[k].tolist() for k in range(3)] == [[0, 1, 2, 3], [], [3, 2, 4]]
    assert both.unfolded().values.tolist() == [3, 2, 0, 1, 2, 3, 3, 2, 4]
    assert both.take(np.array([3, 0])).unfolded().indptr.tolist() == [0, 3, 5]
    assert both.told_as(np.arange(5, dtype=np.int32) * 10)[3].tolist() == [30, 20, 40]
    of_values = both.of_values(reduced.graph.length_m, graph.length_m)
    assert of_values.tolist() == [1.0, 1.0, 2.0, 2.0, 2.0, 1.0]


def test_long_and_short_rows_are_taken_in_the_order_asked_for():
    for size in (3, 100):
        rows = rows_of([np.arange(k, k + size) for k in range(5)] + [()])

        taken = rows.take(np.array([4, 5, 0, 4]))

        assert [taken[k].tolist() for k in range(4)] == [rows[k].tolist() for k in (4, 5, 0, 4)]
        assert rows.only(np.array([1, 0, 0, 0, 1, 1], dtype=bool)).sizes.tolist() == [
            size, 0, 0, 0, size, 0
        ]  # fmt: skip


def _check_way(graph, source, way, sinks):
    node = source
    for edge in way:
        assert node in {int(graph.edge_u[edge]), int(graph.edge_v[edge])}
        node = int(graph.edge_u[edge] + graph.edge_v[edge]) - node
    assert not way or node in sinks


def test_weights_are_taken_off_where_a_node_has_gone():
    network = SmallNetwork(4, ((0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0)))
    reduced = contract(network.graph(), _marked(4, {0, 3}))
    edge, node = np.array([5.0]), np.ones(2)

    reduced.take_off(np.array([1, 3]), edge, node, np.ones(2))

    assert edge.tolist() == [4.0]
    assert node[reduced.local_of[[0, 3]]].tolist() == [1.0, 0.0]
