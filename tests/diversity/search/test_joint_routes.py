"""Routes of which nothing is on all: by eye, and against every choice of routes."""

from __future__ import annotations

import math
from functools import reduce
from itertools import combinations_with_replacement

import numpy as np
import pytest
from small_networks import SmallNetwork, random_network

from netgraph.diversity.search import milp
from netgraph.diversity.search.joint_routes import AskedRoutes, find_joint_routes
from netgraph.diversity.search.least_sharing import SharingWeights, default_weights
from netgraph.diversity.search.risks import cutting_risks
from netgraph.diversity.search.single_points import find_single_points

MOST_CHOICES = 3000


def find(network, source, n_routes, weights=None, deadline=np.inf, **asked):
    graph, risks = network.graph(), network.risk_index()
    points = find_single_points(graph, network.sinks)
    cutting = cutting_risks(graph, network.sinks, risks, [source])[0]
    weights = default_weights(graph, risks) if weights is None else weights
    routes = AskedRoutes(n_routes, weights, left_out=cutting, **asked)
    return find_joint_routes(points, risks, source, routes, deadline)


def test_of_three_routes_that_overlap_two_by_two_none_takes_all(label_gap):
    found = find(label_gap, 1, 3)

    assert (found.is_proven, found.is_shortest, found.weight) == (True, True, 0.0)
    assert sorted(route.tolist() for route in found.routes) == [[0], [1], [2]]
    assert find(label_gap, 1, 2).weight == 1.0


def test_two_routes_that_share_nothing_are_enough_whatever_the_third_does():
    """The third route of three goes where it is shortest, along with another."""
    network = SmallNetwork(2, ((0, 1, 1.0), (0, 1, 5.0), (0, 1, 9.0)))
    weights = SharingWeights(np.zeros(0), np.ones(3), np.ones(2))
    found = find(network, 1, 3, weights)

    assert (found.weight, sorted(route.tolist() for route in found.routes)) == (
        0.0, [[0], [0], [1]],
    )  # fmt: skip


def test_no_route_leads_on_from_a_last_node_but_to_the_sink():
    """Node 1 is where a route may end; the only other way of node 3 leads through it::

    3 --- 1 --- 0 (sink)
          1 --- 2 --- 0
    """
    network = SmallNetwork(4, ((3, 1, 1.0), (1, 0, 1.0), (1, 2, 1.0), (2, 0, 1.0)))
    weights = SharingWeights(np.zeros(0), np.ones(4), np.ones(4))
    assert find(network, 3, 2, weights).weight == 0.0  # node 1 cuts it off, and is free
    found = find(network, 3, 2, weights, last=[1])
    assert [route.tolist() for route in found.routes] == [[0, 1], [0, 1]]
    behind = SmallNetwork(4, ((3, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0)))
    found = find(behind, 3, 2, SharingWeights(np.zeros(0), np.ones(3), np.ones(4)), last=[1])
    assert (found.is_proven, found.routes) == (True, ())


@pytest.mark.parametrize(
    ("deadline", "least", "most"), [(math.inf, math.inf, math.inf), (1e9, 1, 60)]
)
def test_a_program_has_no_limit_without_a_deadline_and_a_minute_with_one(
    label_gap, monkeypatch, deadline, least, most
):
    limits = []
    solve = milp.solve

    def note(program, seconds):
        limits.append(seconds)
        return solve(program, seconds)

    monkeypatch.setattr(milp, "solve", note)
    assert find(label_gap, 1, 2, deadline=deadline).is_proven
    assert limits
    assert least <= min(limits) <= max(limits) <= most


def test_what_no_route_avoids_costs_nothing():
    """Risk 0 is on all, risk 1 on the two short ones."""
    risks = tuple((frozenset(edges), frozenset()) for edges in ({0, 1, 2}, {0, 1}))
    network = SmallNetwork(2, ((0, 1, 1.0), (0, 1, 2.0), (0, 1, 9.0)), risks=risks)
    found = find(network, 1, 3)

    assert (found.weight, sorted(route.tolist() for route in found.routes)) == (
        0.0, [[0], [0], [2]],
    )  # fmt: skip


def test_without_time_what_one_route_after_another_avoids_is_proven_and_the_rest_is_not(label_gap):
    found = find(label_gap, 1, 3, deadline=-math.inf)
    assert (found.is_proven, found.is_shortest, found.weight) == (True, False, 0.0)

    pair = find(label_gap, 1, 2, deadline=-math.inf)
    assert (pair.is_proven, pair.is_shortest, pair.lower_bound) == (False, False, 0.0)
    assert len(pair.routes) == 2


def test_each_route_keeps_to_the_edges_that_are_open_to_it(label_gap):
    """Only the second route may take edge 2: then no third keeps off what two of them share."""
    shut = [np.array(edges, dtype=np.int32) for edges in ([2], [], [2])]
    found = find(label_gap, 1, 3, closed=shut)
    assert [route.tolist() for route in found.routes][1] == [2]
    assert found.weight == 0.0

    lead = SmallNetwork(3, ((2, 1, 1.0), (1, 0, 1.0)))
    assert len(find(lead, 2, 3).routes) == 3
    assert find(lead, 2, 3, closed=[shut[1], shut[1], np.array([1])]).routes == ()
    nobody = [np.array([0, 1, 2], dtype=np.int32)] * 3
    assert find(label_gap, 1, 3, closed=nobody).routes == ()


def cost_of(network, routes, left_out, of_risk, of_element):
    """Weight of what all routes use, and their length."""
    edges, nodes, risks = left_out
    parts = (
        (lambda r: network.risks_of(r, risks), of_risk.__getitem__),
        (lambda r: set(r.edges) - edges, lambda _: of_element),
        (lambda r: set(r.inner) - nodes, lambda _: of_element),
    )
    weight = sum(
        price(item)
        for uses, price in parts
        for item in reduce(set.intersection, (set(uses(route)) for route in routes))
    )
    return round(weight, 9), round(sum(route.length_m for route in routes), 9)


@pytest.mark.parametrize("n_routes", [2, 3, 4])
def test_routes_share_least_and_are_the_shortest_of_all_choices(n_routes):
    sharing = better = 0
    for seed in range(28):
        network = random_network(
            seed, nodes=(2, 4), edges=(7, 10), risks=(6, 14), risk_size=(2, 5), closed=0.0
        )
        graph, index = network.graph(), network.risk_index()
        of_risk = [(1.0, 1.0, 2.0, 0.25)[(seed + r) % 4] for r in range(len(network.risks))]
        of_element = (0.0, 1.0)[seed % 2]
        weights = SharingWeights(
            index.weights(of_risk),
            np.full(graph.n_edges, of_element),
            np.full(graph.n_nodes, of_element),
        )
        for source in range(network.n_nodes):
            routes = network.routes(source)
            n_choices = math.comb(len(routes) + n_routes - 1, n_routes)
            if source in network.sinks or not routes or n_choices > MOST_CHOICES:
                continue
            found = find(network, source, n_routes, weights)
            told = network.unavoidable(source), of_risk, of_element
            best, best_pair = (
                min(
                    cost_of(network, some, *told)
                    for some in combinations_with_replacement(routes, k)
                )
                for k in (n_routes, 2)
            )
            by_edges = {route.edges: route for route in routes}
            own = [by_edges[tuple(route.tolist())] for route in found.routes]
            assert (found.is_proven, found.is_shortest) == (True, True), (seed, source)
            assert cost_of(network, own, *told) == pytest.approx(best), (seed, source)
            assert (found.weight, found.lower_bound) == pytest.approx((best[0], best[0]))
            sharing += best[0] > 0
            better += best[0] < best_pair[0]
    assert sharing + better > 10, (sharing, better)
    assert (better > 0) == (n_routes > 2)
