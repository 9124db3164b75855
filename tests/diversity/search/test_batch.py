"""Many sources at once: the same answers as one by one, whatever the order and the clock."""

from __future__ import annotations

import math

import numpy as np
import pytest
from small_networks import random_network

from netgraph.diversity.search.batch import search_all
from netgraph.diversity.search.graph import build_graph, rows_of
from netgraph.diversity.search.least_sharing import default_weights, find_least_sharing_pair
from netgraph.diversity.search.risk_pairs import find_risk_disjoint_pair
from netgraph.diversity.search.risks import build_risks

DENSE = {"nodes": (3, 7), "edges": (6, 14), "risks": (2, 9), "closed": 0.1}


def _all(network, **options):
    graph, index = network.graph(), network.risk_index()
    return search_all(graph, network.sinks, index, range(network.n_nodes), **options)


def test_a_batch_answers_as_one_by_one():
    searched = 0
    for seed in range(60):
        network = random_network(seed, **DENSE)
        graph, index = network.graph(), network.risk_index()
        disjoint = ("link", "node")[seed % 2]
        batch = _all(network, disjoint=disjoint)
        searched += batch.n_searched
        for source in range(network.n_nodes):
            options = {"disjoint": disjoint}
            one = find_risk_disjoint_pair(
                graph, source, network.sinks, index, otherwise=True, **options
            )
            strict = find_risk_disjoint_pair(graph, source, network.sinks, index, **options)
            case = (seed, source)
            assert batch.status[source] == one.status, case
            assert batch.verdict(source) == strict.status, case
            assert batch.total_m[source] == one.total_m, case
            assert batch.unavoidable_risks[source].tolist() == one.unavoidable_risks.tolist()
            if one.has_pair:
                assert batch.shared_risks[source].size == 0, case
                assert batch.is_least[source], case
    assert searched > 10


def test_where_no_pair_is_disjoint_the_least_sharing_pair_stands_in(label_gap):
    batch = search_all(
        label_gap.graph(),
        [0],
        label_gap.risk_index(),
        [1],
        weights=default_weights(label_gap.graph(), label_gap.risk_index()),
    )

    assert batch.status == ("none",)
    assert [batch.routes[i].tolist() for i in range(2)] == [[0], [1]]
    assert batch.shared_risks[0].tolist() == [1]
    assert (batch.is_least[0], batch.shared_weight[0], batch.shared_bound[0]) == (True, 1.0, 1.0)


def test_least_sharing_in_a_batch_is_that_of_one_by_one():
    none = 0
    for seed in range(60):
        network = random_network(
            seed, nodes=(2, 5), edges=(7, 11), risks=(6, 14), risk_size=(2, 5), closed=0.0
        )
        graph, index = network.graph(), network.risk_index()
        batch = _all(network, weights=default_weights(graph, index))
        for source in range(network.n_nodes):
            if batch.status[source] != "none" or not batch.is_connected[source]:
                continue
            one = find_least_sharing_pair(graph, source, network.sinks, index)
            none += 1
            assert batch.is_least[source]
            assert batch.shared_weight[source] == one.weight, (seed, source)
    assert none > 15


def _street_grid(seed):
    """A grid of streets with risks that join nearby edges."""
    draw = np.random.default_rng(seed)
    side = 9
    node = np.arange(side * side).reshape(side, side)
    ends = np.vstack(
        (
            np.column_stack((node[:, :-1].ravel(), node[:, 1:].ravel())),
            np.column_stack((node[:-1].ravel(), node[1:].ravel())),
        )
    )
    kept = draw.random(len(ends)) < 0.8
    graph = build_graph(side * side, *ends[kept].T, draw.integers(50, 90, size=kept.sum()))
    middle = ends[kept].mean(axis=1)
    pairs = [
        (r, int(e))
        for r in range(80)
        for e in np.argsort(np.abs(middle - draw.choice(middle)) + 5 * draw.random(len(middle)))[:4]
    ]
    return graph, build_risks(graph, 80, tuple(zip(*pairs, strict=True)))


def test_the_order_of_the_sources_does_not_matter():
    graph, risks = _street_grid(1)
    sources = np.arange(1, graph.n_nodes)
    forward = search_all(graph, [0, 80], risks, sources)
    backward = search_all(graph, [0, 80], risks, sources[::-1])

    assert forward.n_searched > 0
    assert forward.status == backward.status[::-1]
    assert forward.total_m.tolist() == backward.total_m[::-1].tolist()
    last = len(sources) - 1
    for i in range(len(sources)):
        for k in range(2):
            assert forward.routes[2 * i + k].tolist() == (
                backward.routes[2 * (last - i) + k].tolist()
            )


def test_a_time_limit_drops_nothing_and_calls_the_open_ones_unproven():
    graph, risks = _street_grid(1)
    sources = np.arange(1, graph.n_nodes)
    weights = default_weights(graph, risks)
    whole = search_all(graph, [0], risks, sources, weights=weights)
    cut = search_all(graph, [0], risks, sources, weights=weights, seconds=1e-9)

    assert len(cut.status) == len(sources)
    assert "unproven" not in whole.status
    assert cut.status.count("unproven") > 0
    for i in range(len(sources)):
        if cut.status[i] == "unproven":
            assert math.isinf(cut.total_m[i]) or cut.total_m[i] >= whole.total_m[i]
            assert cut.lower_bound_m[i] <= whole.total_m[i]
            assert len(cut.routes[2 * i])
            assert cut.shared_bound[i] <= cut.shared_weight[i]
        else:
            assert (cut.status[i], cut.total_m[i]) == (whole.status[i], whole.total_m[i])


def test_exempt_risks_are_exempt_for_their_source_only(label_gap):
    """Three sources behind one: 1 itself, exempt from one risk or not."""
    batch = search_all(
        label_gap.graph(), [0], label_gap.risk_index(), [1, 1], exempt=rows_of([[1], []])
    )

    assert batch.status == ("pair", "none")


def test_progress_is_told_up_to_the_end():
    told = []
    graph, risks = _street_grid(1)
    batch = search_all(
        graph, [0], risks, range(graph.n_nodes), progress=lambda done, of: told.append((done, of))
    )

    assert told == [(k + 1, batch.n_searched) for k in range(batch.n_searched)]


def test_nobody_is_asked_about():
    graph, risks = _street_grid(1)
    batch = search_all(graph, [0], risks, [], weights=default_weights(graph, risks))

    assert (batch.status, len(batch.routes), batch.n_searched) == ((), 0, 0)


@pytest.mark.parametrize("sinks", [[], [3]])
def test_a_centre_that_nobody_reaches_is_no_error(sinks):
    graph = build_graph(4, [0, 1], [1, 2], [1.0, 1.0])
    batch = search_all(graph, sinks, build_risks(graph, 0), [0, 1, 2])

    assert batch.status == ("none",) * 3
    assert not batch.is_connected.any()
