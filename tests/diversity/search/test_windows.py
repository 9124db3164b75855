"""The shortest pair just above the bound: in parts of the network, and by the integer program."""

from __future__ import annotations

import math
from itertools import combinations_with_replacement

import numpy as np
import pytest
from small_networks import SmallNetwork, random_network

from netgraph.diversity.search import _windows
from netgraph.diversity.search._flow import find_flow
from netgraph.diversity.search._giving_way import give_way
from netgraph.diversity.search._pair_search import search_pair
from netgraph.diversity.search._question import open_book
from netgraph.diversity.search._windows import Asked, search_shortest
from netgraph.diversity.search._within_reach import part_within_reach
from netgraph.diversity.search.limits import Limits
from netgraph.diversity.search.single_points import find_single_points


@pytest.fixture(autouse=True)
def by_windows(monkeypatch):
    """Small networks would all be answered by the first tree, without any window."""
    monkeypatch.setattr(_windows, "_QUICK_WORK", 0)


def _question(network, source, weights=(1.0, 1.0, 1.0)):
    """Return the core and the question of a source; None where its routes never part."""
    graph, index = network.graph(), network.risk_index()
    points = find_single_points(graph, network.sinks)
    if not points.is_connected[source] or points.is_sink[source]:
        return None
    of_risk, of_edge, of_node = weights
    book = open_book(
        points, index, np.array([source], dtype=np.int32),
        np.full(graph.n_edges, of_edge), np.full(graph.n_nodes, of_node),
    )  # fmt: skip
    question = book.ask(source, np.full(index.n_classes, of_risk))
    return None if question.start == 0 else (book.core, question)


def _asked(core, question):
    return Asked(core, question.start, question.weight, question.is_free)


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


def _pairs(core, start, is_free):
    """Every pair that shares no item but free ones: length and the two routes."""
    routes = _core_routes(core, start)
    scarce = [frozenset(x for x in core.items(start, r).tolist() if not is_free[x]) for r in routes]
    for a, b in combinations_with_replacement(range(len(routes)), 2):
        if not scarce[a] & scarce[b]:
            yield core.length_m(routes[a]) + core.length_m(routes[b]), routes[a], routes[b]


def _cases(n, weights=((1.0, 1.0, 1.0), (1.0, 0.0, 0.0), (2.0, 0.5, 0.0))):
    for seed in range(n):
        network = random_network(
            seed, nodes=(4, 7), edges=(8, 13), risks=(2, 9), risk_size=(2, 4), closed=0.15
        )
        for source in range(network.n_nodes):
            asked = _question(network, source, weights[seed % len(weights)])
            if asked is not None:
                yield (seed, source), *asked


@pytest.mark.parametrize("by_program", [False, True])
def test_the_shortest_pair_is_that_of_all_pairs(by_program, monkeypatch):
    """On a thousand networks by trees; on some with trees of no node, so that HiGHS answers."""
    if by_program:
        monkeypatch.setattr(_windows, "_LEAST_TREE", 0)
        monkeypatch.setattr(_windows, "_TREE_WORK", 0)
    n_found = n_asked = n_detours = 0
    for case, core, question in _cases(40 if by_program else 340):
        is_free = question.is_free
        pairs = list(_pairs(core, question.start, is_free))
        best = min((pair[0] for pair in pairs), default=math.inf)
        found = search_shortest(_asked(core, question), Limits())
        n_asked += 1
        assert (found.is_proven, found.total_m) == (True, best), case
        if found.routes is not None:
            n_found += 1
            one, two = (core.items(question.start, route) for route in found.routes)
            assert is_free[np.intersect1d(one, two)].all(), case
            assert sum(core.length_m(route) for route in found.routes) == best, case
            elements = is_free[: core.n_edges + core.n_nodes]
            n_detours += best > find_flow(core.arrays, question.start, 2, elements).total_m
            below = search_shortest(_asked(core, question), Limits(), below_m=best)
            assert (below.is_proven, below.routes) == (True, None), case
    assert n_found > 60
    assert n_asked > (100 if by_program else 1_000)
    assert n_detours > 5


def test_what_is_decisive_is_enough_to_prove_that_nothing_is_shorter():
    """Where only these items must not be shared, no pair is below what was found or asked for."""
    n_decisive = 0
    for case, core, question in _cases(150):
        whole = search_shortest(_asked(core, question), Limits())
        for below_m in {math.inf, whole.total_m}:
            found = search_shortest(_asked(core, question), Limits(), below_m=below_m)
            is_free = np.ones(len(question.weight), dtype=bool)
            is_free[found.decisive] = False
            assert not question.is_free[found.decisive].any(), case
            pairs = _pairs(core, question.start, is_free)
            least = min((pair[0] for pair in pairs), default=math.inf)
            assert least >= min(found.total_m, below_m), case
            n_decisive += len(found.decisive) > 0
    assert n_decisive > 100


def test_a_look_just_above_the_bound_finds_the_shortest_pair_or_proves_nothing():
    n_near = 0
    for case, core, question in _cases(120):
        asked = _asked(core, question)
        near = search_shortest(asked, Limits(), is_near_only=True)
        whole = search_shortest(asked, Limits())
        if near.is_proven:
            assert near.total_m == whole.total_m, case
            n_near += near.routes is not None
    assert n_near > 50


def test_all_pairs_below_a_length_lie_within_reach():
    """And share there what they share at all, under an item of the whole that stands for it."""
    n_inside = n_cut = 0
    for case, core, question in _cases(60):
        start, is_free = question.start, question.is_free
        elements = is_free[: core.n_edges + core.n_nodes]
        flow = find_flow(core.arrays, start, 2, elements)
        if flow.n_routes < 2:
            continue
        pairs = [(m, tuple(a), tuple(b)) for m, a, b in _pairs(core, start, is_free)]
        for below_m in (flow.total_m * 1.1, flow.total_m * 1.5, math.inf):
            part = part_within_reach(core, start, question.weight, is_free, flow, below_m)
            inside = {} if part is None else {
                tuple(part.whole_route(route).tolist()): part.core.items(part.start, route)
                for route in _core_routes(part.core, part.start)
            }  # fmt: skip
            for metres, a, b in pairs:
                if metres < below_m:
                    assert a in inside, case
                    assert b in inside, case
            n_cut += len(inside) < len(_core_routes(core, start))
            for one, two in combinations_with_replacement(inside, 2):
                shared = np.intersect1d(*(
                    core.items(start, np.array(route, dtype=np.int32)) for route in (one, two)
                ))  # fmt: skip
                both = np.intersect1d(inside[one], inside[two])
                both = both[~part.is_free[both]]
                assert bool((~is_free[shared]).any()) == bool(len(both)), case
                assert np.isin(part.items[both], shared[~is_free[shared]]).all(), case
                n_inside += 1
    assert n_inside > 300
    assert n_cut > 50


@pytest.fixture
def long_way_round():
    """All short routes share risk 0; two long ones share nothing.

    ::

        s --(0) 1, risk 0--.        s 1, t 0: the sink
        s --(1) 2, risk 0---- t     routes 0 and 1 are short and share the risk, so does 2 with
        s --(2) 9, risk 1--'        3; only 0 or 1 with 2 or 3 share nothing
        s --(3) 9, risk 1--'
    """
    risks = ((frozenset({0, 1}), frozenset()), (frozenset({2, 3}), frozenset()))
    edges = ((1, 0, 1.0), (1, 0, 2.0), (1, 0, 9.0), (1, 0, 9.0))
    return SmallNetwork(2, edges, risks=risks)


def test_routes_that_give_way_take_the_long_way_round(long_way_round):
    core, question = _question(long_way_round, 1)
    start, offered = question.start, []

    def offer(routes):
        offered.append(routes)
        shared = np.intersect1d(*(core.items(start, route) for route in routes))
        return question.is_free[shared].all()

    short = tuple(np.array([e], dtype=np.int32) for e in np.argsort(core.arrays.length_m)[:2])
    give_way(core, start, question.weight, short, offer)

    assert offer(offered[-1])
    assert len(offered) == 2
    assert sum(core.length_m(route) for route in offered[-1]) in {10.0, 11.0}


def test_routes_give_way_so_often_and_no_more(label_gap):
    core, question = _question(label_gap, 1)
    offered = []
    edge = np.array([0], dtype=np.int32)
    give_way(core, question.start, question.weight, (edge, edge), offered.append)

    assert len(offered) == 9
    assert all(len(route) for routes in offered for route in routes)


def test_a_tree_that_is_left_early_proves_nothing(long_way_round):
    core, question = _question(long_way_round, 1)
    found = search_shortest(_asked(core, question), Limits(n_nodes=0), takes_program=False)
    whole = search_pair(core, question.start, question.is_free, Limits())

    assert not found.is_proven
    assert found.lower_bound_m <= whole.total_m == 10.0
