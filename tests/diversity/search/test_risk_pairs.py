"""Shortest risk-disjoint pairs: by eye, against all pairs of routes, and as integer programs."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_networks import SmallNetwork, networks, random_network

from netgraph.diversity.search._pair_search import search_pair
from netgraph.diversity.search._question import open_book
from netgraph.diversity.search.disjoint_pairs import find_disjoint_pairs
from netgraph.diversity.search.limits import Limits
from netgraph.diversity.search.milp import RouteModel
from netgraph.diversity.search.risk_pairs import (
    element_weights,
    find_risk_disjoint_pair,
)
from netgraph.diversity.search.single_points import find_single_points
from netgraph.errors import UsageError

DENSE = {"nodes": (2, 6), "edges": (5, 12), "risks": (0, 9), "closed": 0.1}


def _pair(network, source, **options):
    return find_risk_disjoint_pair(
        network.graph(), source, network.sinks, network.risk_index(), **options
    )


def _edges(pair):
    return tuple(route.tolist() for route in pair.routes)


def test_without_risks_it_is_the_shortest_disjoint_pair(trap):
    pair = _pair(trap, 3)

    assert (pair.status, pair.total_m, pair.lower_bound_m) == ("pair", 8.0, 8.0)
    assert _edges(pair) == ([0, 4], [3, 2])


def test_no_pair_and_no_separating_risk_is_found_out_by_search(label_gap):
    pair = _pair(label_gap, 1)

    assert pair.status == "none"
    assert not pair.has_pair
    assert pair.unavoidable_risks.tolist() == []
    assert pair.tree_size > 0


def test_stars_are_gone_round(stars):
    pair = _pair(stars, 4)

    assert (pair.status, pair.total_m) == ("pair", 6.0)
    assert _edges(pair) == ([0, 1], [4, 5])


def test_what_is_unavoidable_is_a_proof_or_is_taken_out(lollipop):
    strict, otherwise = _pair(lollipop, 6), _pair(lollipop, 6, otherwise=True)

    assert (strict.status, strict.tree_size) == ("none", 0)
    assert strict.unavoidable_edges.tolist() == [4]
    assert strict.unavoidable_nodes.tolist() == [4, 3]
    assert (otherwise.status, otherwise.total_m) == ("pair", 80.0)


def test_a_risk_that_cuts_is_a_proof():
    risks = ((frozenset({0, 1}), frozenset()),)
    network = SmallNetwork(2, ((0, 1, 1.0), (0, 1, 2.0)), risks=risks)

    assert _pair(network, 1).unavoidable_risks.tolist() == [0]
    assert _pair(network, 1).status == "none"
    assert _edges(_pair(network, 1, otherwise=True)) == ([0], [1])
    assert _edges(_pair(network, 1, exempt=[0])) == ([0], [1])


def test_a_sink_has_a_pair_of_no_length_and_an_island_has_none():
    network = SmallNetwork(3, ((0, 1, 1.0),))

    assert (_pair(network, 0).status, _pair(network, 0).total_m) == ("pair", 0.0)
    assert (_pair(network, 2).status, _pair(network, 2).total_m) == ("none", math.inf)


def test_the_same_route_twice_shares_nothing_if_only_risks_count():
    network = SmallNetwork(2, ((0, 1, 1.0),), risks=((frozenset(), frozenset()),))

    assert _edges(_pair(network, 1, disjoint="risk")) == ([0], [0])


def test_a_limit_leaves_the_verdict_open_and_keeps_what_is_known(label_gap):
    wide = _ladder(9)
    pair = _pair(wide, wide.n_nodes - 1, node_limit=1, seconds=1e-9)

    assert pair.status == "unproven"
    assert pair.lower_bound_m <= _pair(wide, wide.n_nodes - 1).total_m
    assert _pair(label_gap, 1, node_limit=0, seconds=1e-9).status == "unproven"


def _ladder(steps):
    """Three rails with rungs; a risk joins the first two rails at each step."""
    edges, risks = [], []
    for k in range(steps):
        at = [3 * k, 3 * k + 1, 3 * k + 2]
        if k:
            first = len(edges)
            edges += [(v - 3, v, float(i + 1)) for i, v in enumerate(at)]
            risks.append((frozenset({first, first + 1}), frozenset()))
        edges += [(at[0], at[1], 1.0), (at[1], at[2], 1.0)]
    last = 3 * steps
    edges += [(last - 3 + i, last, 1.0) for i in range(3)]
    return SmallNetwork(last + 1, tuple(edges), risks=tuple(risks))


def test_the_integer_program_takes_over_where_the_tree_is_too_large():
    wide = _ladder(6)
    source = wide.n_nodes - 1
    by_tree, by_program = _pair(wide, source), _pair(wide, source, node_limit=1)

    assert by_program.status == by_tree.status == "pair"
    assert by_program.total_m == by_tree.total_m


@pytest.mark.parametrize("disjoint", ["risk", "link", "node"])
def test_pairs_are_the_best_of_all_pairs(disjoint):
    pairs = 0
    for seed in range(70):
        network = random_network(seed, **DENSE)
        exempt = frozenset(r for r in range(len(network.risks)) if (seed + r) % 6 == 0)
        index = network.risk_index()
        for source in range(network.n_nodes):
            for otherwise in (False, True):
                found = _pair(
                    network,
                    source,
                    exempt=index.classes_of(sorted(_whole_classes(index, exempt))),
                    disjoint=disjoint,
                    otherwise=otherwise,
                )
                nothing = (frozenset(),) * 3
                edges, nodes, risks = network.unavoidable(source) if otherwise else nothing
                left_out = (edges, nodes, risks | _whole_classes(index, exempt))
                best = network.shortest_pair_m(source, disjoint, left_out)
                case = (seed, source, otherwise)
                assert found.status == ("pair" if math.isfinite(best) else "none"), case
                assert found.total_m == pytest.approx(best, abs=1e-9), case
                if found.has_pair:
                    pairs += 1
                    _check(network, source, found, disjoint, left_out)
    assert pairs > 100


def _whole_classes(index, exempt):
    """Exempt risks whose equals are exempt as well: a class is exempt as a whole."""
    return frozenset(r for r in exempt if set(index.risks[index.class_of[r]].tolist()) <= exempt)


def _check(network, source, found, disjoint, left_out):
    routes = {route.edges: route for route in network.routes(source)}
    first, second = (routes[tuple(edges)] for edges in _edges(found))
    shared = network.uses(first, disjoint, left_out) & network.uses(second, disjoint, left_out)
    assert not shared
    assert first.length_m + second.length_m == pytest.approx(found.total_m, abs=1e-9)


def test_a_thousand_searches_agree_with_the_integer_program():
    with_pair = 0
    for seed in range(1000):
        network = random_network(
            seed, nodes=(3, 4), edges=(5, 7), risks=(3, 6), risk_size=(2, 4), closed=0.0
        )
        last = network.n_nodes - 1
        network = replace(network, edges=((last, 1, 1.0), (last, 0, 1.0), *network.edges))
        graph, index = network.graph(), network.risk_index()
        points = find_single_points(graph, [0])
        kind = ("risk", "link", "node")[seed % 3]
        book = open_book(
            points,
            index,
            np.array([last]),
            *element_weights(graph, kind),
            frees_unavoidable=False,
        )
        question = book.ask(last, np.ones(index.n_classes))
        free = question.is_free
        found = search_pair(book.core, question.start, free, Limits())
        solved = RouteModel(book.core, question.start, 2, free).find_shortest(math.inf)
        assert found.is_proven, seed
        assert solved.is_proven, seed
        lengths = [book.core.length_m(route) for route in solved.routes] or [math.inf]
        assert found.total_m == pytest.approx(sum(lengths), abs=1e-6), seed
        with_pair += math.isfinite(found.total_m)
    assert 300 < with_pair < 900


@given(networks(with_risks=True), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_numbering_does_not_change_an_answer(network, draw):
    order, edges = list(range(network.n_nodes)), list(range(len(network.edges)))
    draw.shuffle(order)
    draw.shuffle(edges)
    place = {e: k for k, e in enumerate(edges)}
    renamed = SmallNetwork(
        network.n_nodes,
        tuple((order[u], order[v], metres) for u, v, metres in (network.edges[e] for e in edges)),
        tuple(order[v] for v in network.sinks),
        frozenset(order[v] for v in network.closed),
        tuple(
            (frozenset(place[e] for e in risk), frozenset(order[v] for v in nodes))
            for risk, nodes in network.risks
        ),
    )
    source = network.n_nodes - 1
    before = _pair(network, source, otherwise=True)
    after = _pair(renamed, order[source], otherwise=True)

    assert (after.status, after.total_m) == (before.status, before.total_m)


@given(networks(with_risks=True))
@settings(max_examples=50, deadline=None)
def test_a_further_edge_without_risk_never_worsens_an_answer(network):
    source = network.n_nodes - 1
    before = _pair(network, source)
    more = replace(network, edges=(*network.edges, (source, 0, 2.0)))

    assert _pair(more, source).total_m <= before.total_m


@given(networks(with_risks=True))
@settings(max_examples=50, deadline=None)
def test_a_risk_pair_is_never_shorter_than_the_pair_without_risks(network):
    source = network.n_nodes - 1
    plain = find_disjoint_pairs(network.graph(), [0])

    assert _pair(network, source, otherwise=True).total_m >= plain.total_m[source]


def test_an_unknown_source_is_refused(trap):
    with pytest.raises(UsageError, match="node 11"):
        _pair(trap, 11)
