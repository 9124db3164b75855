"""More than two routes: against all sets of routes, and by eye."""

from __future__ import annotations

import math
from itertools import combinations, combinations_with_replacement

import pytest
from small_networks import SmallNetwork, random_network

from netgraph.diversity.search.k_disjoint import (
    find_disjoint_routes,
    find_risk_disjoint_routes,
)

RUNGS = tuple((0, 1, float(k + 1)) for k in range(5))


def test_routes_come_shortest_first_and_as_many_as_asked():
    graph = SmallNetwork(2, RUNGS).graph()
    found = find_disjoint_routes(graph, 1, [0], 4)

    assert (found.status, found.total_m) == ("routes", 1.0 + 2.0 + 3.0 + 4.0)
    assert [route.tolist() for route in found.routes] == [[0], [1], [2], [3]]


def test_all_there_are_is_said_where_more_were_asked():
    found = find_disjoint_routes(SmallNetwork(2, RUNGS[:2]).graph(), 1, [0], 3)

    assert (found.status, found.total_m, len(found.routes)) == ("none", math.inf, 2)


def test_the_shortest_three_share_a_risk_and_the_next_best_are_taken():
    risks = ((frozenset({0, 2}), frozenset()),)
    network = SmallNetwork(2, RUNGS[:4], risks=risks)
    found = find_risk_disjoint_routes(network.graph(), 1, [0], network.risk_index(), 3)

    assert (found.status, found.total_m) == ("routes", 1.0 + 2.0 + 4.0)


def test_a_risk_that_cuts_and_an_island_leave_no_routes():
    risks = ((frozenset({0, 1}), frozenset()),)
    network = SmallNetwork(3, RUNGS[:2], risks=risks)
    graph, index = network.graph(), network.risk_index()

    assert find_risk_disjoint_routes(graph, 1, [0], index, 2).status == "none"
    assert find_risk_disjoint_routes(graph, 1, [0], index, 2, exempt=[0]).status == "routes"
    assert find_disjoint_routes(graph, 2, [0], 2).routes == ()


def _best(network, source, k, disjoint, *, with_risks):
    """Least length of k routes that share nothing, pair by pair."""
    nothing = (frozenset(), frozenset(), frozenset())
    routes = network.routes(source)
    used = [
        network.uses(r, disjoint, nothing)
        - (frozenset() if with_risks else {("risk", i) for i in range(len(network.risks))})
        for r in routes
    ]
    if len(routes) > 16:
        return None
    return min(
        (
            sum(routes[i].length_m for i in chosen)
            for chosen in combinations_with_replacement(range(len(routes)), k)
            if all(not used[i] & used[j] for i, j in combinations(chosen, 2))
        ),
        default=math.inf,
    )


@pytest.mark.parametrize("k", [2, 3, 4])
def test_routes_are_the_best_of_all_sets(k):
    for seed in range(25):
        network = random_network(
            seed, nodes=(2, 5), edges=(5, 10), risks=(0, 4), risk_size=(1, 2), closed=0.1
        )
        graph, index, source = network.graph(), network.risk_index(), network.n_nodes - 1
        if source in network.sinks:
            continue
        for disjoint in ("link", "node", "risk"):
            case = (seed, disjoint)
            best = _best(network, source, k, disjoint, with_risks=True)
            if best is None:
                continue
            found = find_risk_disjoint_routes(
                graph, source, network.sinks, index, k, disjoint=disjoint
            )
            assert found.status == ("routes" if math.isfinite(best) else "none"), case
            assert found.total_m == pytest.approx(best), case
            assert len(found.routes) == (k if math.isfinite(best) else 0), case
            if disjoint != "risk":
                plain = find_disjoint_routes(graph, source, network.sinks, k, disjoint)
                expected = _best(network, source, k, disjoint, with_risks=False)
                assert plain.total_m == pytest.approx(expected), case
