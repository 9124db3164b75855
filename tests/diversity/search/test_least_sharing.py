"""The pair that shares least: by eye, against all pairs of routes, and as an integer program."""

from __future__ import annotations

import math
from itertools import combinations_with_replacement

import numpy as np
import pytest
from small_networks import SmallNetwork, random_network

from netgraph.diversity.search import _windows, least_sharing
from netgraph.diversity.search._question import open_book
from netgraph.diversity.search._surroundings import surroundings_of
from netgraph.diversity.search.least_sharing import (
    SharingWeights,
    answer_least_sharing,
    find_least_sharing_pair,
)
from netgraph.diversity.search.limits import Limits
from netgraph.diversity.search.milp import RouteModel
from netgraph.diversity.search.risks import cutting_risks
from netgraph.diversity.search.single_points import find_single_points


def _least(network, source, **options):
    return find_least_sharing_pair(
        network.graph(), source, network.sinks, network.risk_index(), **options
    )


def test_one_risk_too_many_is_shared_and_the_shortest_such_pair_found(label_gap):
    pair = _least(label_gap, 1)

    assert (pair.is_proven, pair.weight, pair.lower_bound) == (True, 1.0, 1.0)
    assert (pair.is_shortest, pair.total_m) == (True, 3.0)
    assert [route.tolist() for route in pair.routes] == [[0], [1]]
    assert pair.shared_risks.tolist() == [1]


def test_weights_decide_what_is_shared(label_gap):
    graph, risks = label_gap.graph(), label_gap.risk_index()
    weights = SharingWeights(np.array([5.0, 5.0, 0.5]), np.zeros(3), np.zeros(2))
    heavy = find_least_sharing_pair(graph, 1, [0], risks, weights=weights)

    assert (heavy.weight, [r.tolist() for r in heavy.routes]) == (0.5, [[1], [2]])


def test_unavoidable_and_exempt_risks_cost_nothing():
    """Both edges are in risk 0, and each pair of edges in one more."""
    risks = tuple((frozenset(e), frozenset()) for e in ({0, 1, 2}, {0, 1}, {1, 2}, {0, 2}))
    network = SmallNetwork(2, ((0, 1, 1.0), (0, 1, 2.0), (0, 1, 3.0)), risks=risks)
    pair, exempt = _least(network, 1), _least(network, 1, exempt=[2])

    assert pair.unavoidable_risks.tolist() == [0]
    assert (pair.weight, pair.shared_risks.tolist()) == (1.0, [1])
    assert (exempt.weight, [r.tolist() for r in exempt.routes]) == (0.0, [[1], [2]])


def test_edges_and_nodes_can_cost_something_themselves(trap):
    graph, risks = trap.graph(), trap.risk_index()
    free = find_least_sharing_pair(graph, 3, [0], risks)
    edges = SharingWeights(np.zeros(0), np.ones(5), np.zeros(4))
    dear = find_least_sharing_pair(graph, 3, [0], risks, weights=edges)

    assert (free.weight, free.total_m) == (0.0, 6.0)
    assert (dear.weight, dear.total_m) == (0.0, 8.0)


def test_no_route_and_no_way_to_go():
    network = SmallNetwork(3, ((0, 1, 1.0),))

    assert not _least(network, 2).is_connected
    assert (_least(network, 0).total_m, _least(network, 2).total_m) == (0.0, math.inf)
    assert (_least(network, 1).weight, _least(network, 1).total_m) == (0.0, 2.0)


def test_a_time_limit_keeps_a_pair_and_calls_it_unproven(label_gap):
    pair = _least(label_gap, 1, node_limit=0, seconds=1e-9)

    assert not pair.is_proven
    assert pair.lower_bound <= 1.0 <= pair.weight
    assert all(len(route) for route in pair.routes)


def _cost(network, routes, left_out, weights):
    """Weight of what two routes share, and their length."""
    edges, nodes, risks = left_out
    of_risk, of_edge, of_node = weights
    first, second = routes
    shared = network.risks_of(first, risks) & network.risks_of(second, risks)
    cost = sum(of_risk[r] for r in shared)
    cost += of_edge * len(set(first.edges) & set(second.edges) - edges)
    cost += of_node * len(set(first.inner) & set(second.inner) - nodes)
    return round(cost, 9), round(first.length_m + second.length_m, 9)


@pytest.mark.parametrize("nearby", [(16,), (1, 2)])
def test_pairs_share_the_least_and_are_the_shortest_of_those(nearby, monkeypatch):
    """Whether the surroundings of the start, where the search begins, are all or a part."""
    monkeypatch.setattr(least_sharing, "NEARBY", nearby)
    if len(nearby) > 1:  # no first tree on the whole network either: only on parts of it
        monkeypatch.setattr(_windows, "_QUICK_WORK", 0)
    sharing = 0
    for seed in range(130 if len(nearby) == 1 else 70):
        network = random_network(
            seed, nodes=(2, 4), edges=(7, 11), risks=(6, 14), risk_size=(2, 5), closed=0.0
        )
        graph, index = network.graph(), network.risk_index()
        of_risk = [(1.0, 1.0, 2.0, 0.25)[(seed + r) % 4] for r in range(len(network.risks))]
        of_edge, of_node = (0.0, 1.0, 0.5)[seed % 3], (0.0, 1.0)[seed % 2]
        weights = SharingWeights(
            index.weights(of_risk),
            np.full(graph.n_edges, of_edge),
            np.full(graph.n_nodes, of_node),
        )
        for source in range(network.n_nodes):
            found = find_least_sharing_pair(graph, source, network.sinks, index, weights=weights)
            routes = network.routes(source)
            if not routes:
                assert not found.is_connected
                continue
            left_out = network.unavoidable(source)
            cost = (of_risk, of_edge, of_node)
            best = min(
                _cost(network, pair, left_out, cost)
                for pair in combinations_with_replacement(routes, 2)
            )
            by_edges = {route.edges: route for route in routes}
            own = [by_edges[tuple(route.tolist())] for route in found.routes]
            case = (seed, source)
            assert (found.is_proven, found.is_shortest) == (True, True), case
            assert _cost(network, own, left_out, cost) == pytest.approx(best), case
            assert (found.weight, found.total_m) == pytest.approx(best), case
            sharing += best[0] > 0
    assert sharing > 20


def test_the_integer_program_finds_the_same_weight():
    for seed in range(40):
        network = random_network(
            seed, nodes=(3, 5), edges=(6, 10), risks=(4, 10), risk_size=(2, 4), closed=0.0
        )
        graph, index, source = network.graph(), network.risk_index(), network.n_nodes - 1
        points = find_single_points(graph, network.sinks)
        if not points.is_connected[source] or points.is_sink[source]:
            continue
        nodes = np.array([source], dtype=np.int32)
        weight = np.ones(index.n_classes)
        weight[cutting_risks(graph, network.sinks, index, nodes)[0]] = 0.0
        book = open_book(points, index, nodes, np.zeros(graph.n_edges), np.zeros(graph.n_nodes))
        question = book.ask(source, weight)
        if question.start == 0:
            continue
        found = answer_least_sharing(book.core, question, Limits())
        model = RouteModel(book.core, question.start, 2, question.is_free, question.weight)
        assert model.find_least_sharing(math.inf).lower_bound == pytest.approx(found.weight)
        by_program = answer_least_sharing(book.core, question, Limits(n_nodes=0))
        assert (by_program.is_proven, by_program.weight) == (True, found.weight)
        assert by_program.total_m == pytest.approx(found.total_m)


def test_surroundings_keep_what_any_two_routes_share_near_the_start():
    """Each pair of simple routes, cut off where it leaves the surroundings, is a pair of theirs.

    And shares nothing there that it did not share before.
    """
    cut_off = 0
    for seed in range(60):
        network = random_network(
            seed, nodes=(5, 7), edges=(7, 11), risks=(3, 9), risk_size=(2, 4), closed=0.2
        )
        graph, index, source = network.graph(), network.risk_index(), network.n_nodes - 1
        points = find_single_points(graph, network.sinks)
        if not points.is_connected[source] or points.is_sink[source]:
            continue
        nodes = np.array([source], dtype=np.int32)
        book = open_book(points, index, nodes, np.zeros(graph.n_edges), np.zeros(graph.n_nodes))
        start = book.ask(source, np.ones(index.n_classes)).start
        if start == 0:
            continue
        for most in (1, 2, 3):
            part = surroundings_of(book.core, start, most)
            inside = _core_routes(part.core, part.start)
            known = {frozenset(part.items[part.core.items(part.start, r)]) for r in inside}
            for route in _core_routes(book.core, start):
                items = frozenset(book.core.items(start, route).tolist())
                found = [some for some in known if some <= items]
                assert found, (seed, most)
                cut_off += all(len(some) < len(items) for some in found)
    assert cut_off > 100


def _core_routes(core, start):
    """Every simple route from a core node to the sink, as core edges."""
    arrays = core.arrays
    routes, open_ones = [], [([], [start])]
    while open_ones:
        edges, nodes = open_ones.pop()
        here = nodes[-1]
        if here == 0:
            routes.append(np.array(edges, dtype=np.int32))
            continue
        if len(nodes) > 1 and not arrays.is_transit[here]:
            continue
        some = slice(arrays.indptr[here], arrays.indptr[here + 1])
        ways = zip(arrays.edge[some].tolist(), arrays.neighbour[some].tolist(), strict=True)
        open_ones += [([*edges, e], [*nodes, to]) for e, to in ways if to not in nodes]
    return routes
