"""Risk classes, which of them alone cut a node off, and what routes use and share."""

from __future__ import annotations

import numpy as np
import pytest
from small_networks import SmallNetwork, random_network

from netgraph.diversity import threads
from netgraph.diversity.search import _cuts
from netgraph.diversity.search.disjoint_pairs import find_disjoint_pairs
from netgraph.diversity.search.graph import build_graph, rows_of
from netgraph.diversity.search.risks import (
    build_risks,
    cutting_risks,
    shared_risks,
)
from netgraph.errors import UsageError


def test_risks_with_the_same_elements_are_one_class_and_empty_ones_none():
    graph = build_graph(3, [0, 1, 0], [1, 2, 2], [1.0] * 3)
    risks = build_risks(graph, 5, ([0, 0, 2, 2, 3], [1, 0, 0, 1, 1]), ([3], [2]))

    assert risks.class_of.tolist() == [0, -1, 0, 1, -1]
    assert risks.risks[0].tolist() == [0, 2]
    assert (risks.edges[1].tolist(), risks.nodes[1].tolist()) == ([1], [2])
    assert risks.edge_classes[1].tolist() == [0, 1]
    assert risks.node_classes[2].tolist() == [1]
    assert risks.weights([1.0, 5.0, 2.0, 4.0, 7.0]).tolist() == [3.0, 4.0]
    assert risks.classes_of([0, 2, 1]).tolist() == [0]


def test_a_risk_of_two_edges_that_no_single_edge_shows():
    """Two ways round a ring cross one bridge: 1 ==(both in risk 0)== 0."""
    risks = ((frozenset({0, 1}), frozenset()), (frozenset({0}), frozenset()))
    network = SmallNetwork(2, ((0, 1, 1.0), (0, 1, 1.0)), risks=risks)

    assert cutting_risks(network.graph(), [0], network.risk_index(), [0, 1]).values.tolist() == [0]


def test_a_risk_at_the_ends_own_node_does_not_count():
    """1 --- 0: both nodes are in risk 0; so is the parallel edge of risk 1's network."""
    risks = ((frozenset(), frozenset({0, 1})),)
    network = SmallNetwork(2, ((0, 1, 1.0),), risks=risks)

    assert cutting_risks(network.graph(), [0], network.risk_index(), [1]).values.tolist() == []


def test_exempt_classes_are_left_out():
    risks = ((frozenset({0}), frozenset()), (frozenset({0, 1}), frozenset()))
    network = SmallNetwork(3, ((0, 1, 1.0), (1, 2, 1.0)), risks=risks)
    cuts = cutting_risks(
        network.graph(), [0], network.risk_index(), [2, 1], exempt=rows_of([[0], []])
    )

    assert [cuts[i].tolist() for i in range(2)] == [[1], [0, 1]]


def test_cutting_risks_are_those_that_all_routes_use():
    for seed in range(400):
        network = random_network(seed, risks=(0, 8))
        index = network.risk_index()
        cuts = cutting_risks(network.graph(), network.sinks, index, range(network.n_nodes))
        for node in range(network.n_nodes):
            expected = network.unavoidable(node)[2]
            found = [risk for c in cuts[node] for risk in index.risks[c].tolist()]
            assert sorted(found) == sorted(expected), (seed, node)
            assert cuts[node].tolist() == sorted(cuts[node].tolist())


@pytest.mark.parametrize("cores", [1, 3])
def test_many_classes_at_once_are_the_same_as_one_by_one(cores, monkeypatch):
    monkeypatch.setattr(threads.os, "cpu_count", lambda: cores)
    monkeypatch.setattr(_cuts, "_LEAST", 1)
    draw = np.random.default_rng(3)
    n, m, r = 300, 380, 90
    graph = build_graph(n, *draw.integers(0, n, size=(m, 2)).T, np.ones(m))
    pairs = (np.repeat(np.arange(r), 4), draw.integers(0, m, size=4 * r))
    risks = build_risks(graph, r, pairs)
    sources = np.arange(1, n)
    cuts = cutting_risks(graph, [0], risks, sources)
    for c in range(risks.n_classes):
        left = graph.without(edges=risks.edges[c])
        before, after = (find_disjoint_pairs(g, [0]).points.is_connected for g in (graph, left))
        lost = np.flatnonzero(before & ~after)
        assert [s for i, s in enumerate(sources) if c in cuts[i]] == lost.tolist()


def test_what_both_routes_of_some_pair_use_holds_all_that_cuts():
    for seed in range(300):
        network = random_network(seed, nodes=(2, 9), edges=(1, 16), risks=(1, 6), risk_size=(1, 4))
        graph, risks = network.graph(), network.risk_index()
        nodes = np.arange(graph.n_nodes)
        routes = find_disjoint_pairs(graph, network.sinks).find_routes(nodes)

        candidates = np.unique(shared_risks(graph, risks, nodes, routes).values)
        found = cutting_risks(graph, network.sinks, risks, nodes, candidates=candidates)

        every = cutting_risks(graph, network.sinks, risks, nodes)
        assert found.indptr.tolist() == every.indptr.tolist()
        assert found.values.tolist() == every.values.tolist()


def test_shared_risks_come_in_the_order_of_the_route():
    """3 --0-- 2 --1-- 1 --2-- 0 with the risks 2, 0 and 1 on the way."""
    risks = (
        (frozenset(), frozenset({2, 0})),
        (frozenset({2}), frozenset()),
        (frozenset({0, 2}), frozenset({3})),
    )
    network = SmallNetwork(4, ((3, 2, 1.0), (2, 1, 1.0), (1, 0, 1.0)), risks=risks)
    graph, index = network.graph(), network.risk_index()
    routes = find_disjoint_pairs(graph, [0]).find_routes([3, 3])

    assert shared_risks(graph, index, [3, 3], routes)[0].tolist() == [2, 0, 1]
    some = shared_risks(graph, index, [3, 3], routes, rows_of([[0], [2, 1]]))
    assert some[0].tolist() == [2, 1]
    assert some[1].tolist() == [0]


@pytest.mark.parametrize(
    ("edges", "said"),
    [
        (([0], [5]), "edges outside 0..0"),
        (([1], [0]), "outside 0..0"),
        (([0, 0], [0]), "2 risks stand against 1 edges"),
    ],
)
def test_risks_that_cannot_be_are_refused(edges, said):
    graph = build_graph(2, [0], [1], [1.0])
    with pytest.raises(UsageError, match=said):
        build_risks(graph, 1, edges)
