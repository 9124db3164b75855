"""Pairs found by looking past one route: they are pairs, and seldom miss one that exists."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from small_networks import networks, random_network

from netgraph.diversity.search.disjoint_pairs import distance_bounds, find_disjoint_pairs
from netgraph.diversity.search.graph import Rows, route_nodes, rows_of
from netgraph.diversity.search.near import OwnEdges
from netgraph.diversity.search.pairs_apart import Beginnings, find_pairs_apart, join_risks
from netgraph.diversity.search.risk_pairs import find_risk_disjoint_pair
from netgraph.diversity.search.risks import cutting_risks


def _ask(network):
    """Return the connected sources with what is found for each, and what cuts each off."""
    graph, risks = network.graph(), network.risk_index()
    pairs = find_disjoint_pairs(graph, network.sinks)
    points = pairs.points
    nodes = np.flatnonzero(points.is_connected & ~points.is_sink).astype(np.int32)
    cutting = cutting_risks(graph, network.sinks, risks, nodes)
    known = Beginnings(pairs.find_routes(nodes), points.chains(nodes), cutting)
    bound_m = distance_bounds(graph, points.is_sink, nodes)
    own = [np.empty(0, dtype=np.int64)] * len(nodes)
    is_open = np.ones(graph.n_edges, dtype=np.bool_)
    asked = OwnEdges(graph, points.is_sink, is_open, nodes, rows_of(own), bound_m)
    return asked, risks, pairs, known, find_pairs_apart(asked, join_risks(risks), known)


def _used(graph, risks, source, route):
    """Return nodes on the way, edges and risk classes of a route by plain sets."""
    nodes = route_nodes(graph, source, route).tolist()[1:-1]
    classes = {c for e in route.tolist() for c in risks.edge_classes[e].tolist()}
    classes |= {c for v in nodes for c in risks.node_classes[v].tolist()}
    return set(nodes) | {graph.n_nodes + e for e in route.tolist()}, classes


@settings(deadline=None, max_examples=150)
@given(networks())
def test_what_is_found_shares_only_what_cuts_the_source_off(network):
    asked, risks, pairs, known, found = _ask(network)
    graph = asked.graph
    for i, source in enumerate(asked.sources.tolist()):
        first, second = found[2 * i], found[2 * i + 1]
        if not len(first):
            assert not len(second)
            continue
        for way in (first, second):
            nodes = route_nodes(graph, source, way).tolist()
            assert pairs.points.is_sink[nodes[-1]]
            assert not pairs.points.is_sink[nodes[:-1]].any()
            assert len(set(nodes)) == len(nodes)
            assert graph.is_transit[nodes[1:-1]].all()
        (a, of_a), (b, of_b) = (_used(graph, risks, source, way) for way in (first, second))
        assert a & b <= set(known.points[i].tolist())
        assert of_a & of_b <= set(known.cutting[i].tolist())
        assert graph.length_m[first].sum() + graph.length_m[second].sum() >= pairs.total_m[source]


def test_most_pairs_that_exist_are_found_and_none_that_does_not():
    there = seen = 0
    for seed in range(400):
        network = random_network(seed, nodes=(3, 9), edges=(4, 16), risks=(1, 5), risk_size=(2, 4))
        asked, risks, _, _, found = _ask(network)
        graph = asked.graph
        for i, source in enumerate(asked.sources.tolist()):
            exact = find_risk_disjoint_pair(graph, source, network.sinks, risks, otherwise=True)
            there += exact.status == "pair"
            seen += len(found[2 * i]) > 0
            if len(found[2 * i]):
                assert exact.status == "pair"
                total_m = graph.length_m[np.concatenate([found[2 * i], found[2 * i + 1]])].sum()
                assert total_m >= exact.total_m
    assert there > seen > 0.9 * there


def test_no_pair_is_found_where_each_route_meets_all_others(label_gap):
    asked, _, _, _, found = _ask(label_gap)

    assert asked.sources.tolist() == [1]
    assert found.sizes.tolist() == [0, 0]


def test_two_stars_are_gone_round(stars):
    asked, _, _, _, found = _ask(stars)

    (i,) = np.flatnonzero(asked.sources == 4)
    assert sorted(map(len, (found[2 * i], found[2 * i + 1]))) == [2, 2]
    assert 4 in {*found[2 * i].tolist(), *found[2 * i + 1].tolist()}


@given(st.integers(0, 200))
def test_equal_risks_become_one_and_those_of_one_element_none(seed):
    risks = random_network(seed, nodes=(2, 7), edges=(1, 12), risks=(1, 6)).risk_index()

    joint = join_risks(risks)

    def elements(table: object, c: int) -> frozenset[tuple[str, int]]:
        edges = {("edge", e) for e in table.edges[c].tolist()}
        return frozenset(edges | {("node", v) for v in table.nodes[c].tolist()})

    for c in range(risks.n_classes):
        if joint.joint_of[c] < 0:
            assert len(elements(risks, c)) <= 1
        else:
            assert elements(joint, joint.joint_of[c]) == elements(risks, c)
    held = [elements(joint, j) for j in range(len(joint.edges))]
    assert len(set(held)) == len(held)
    assert isinstance(joint.edge_classes, Rows)
    for e in range(len(joint.edge_classes)):
        assert joint.edge_classes[e].tolist() == [
            j for j, found in enumerate(held) if ("edge", e) in found
        ]
