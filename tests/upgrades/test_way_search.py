"""Cheapest ways beside barred elements, asked in a row, cables laid between; by NetworkX."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
import pytest
from random_plants import draw_plant

import netgraph as ng
from netgraph.diversity.achievable.layers import build_layer
from netgraph.diversity.audit.run import audit_routes
from netgraph.topology import build_network
from netgraph.upgrades.prices import load_prices
from netgraph.upgrades.second_route import SPAN, WorksGraph
from netgraph.upgrades.way_search import WaySearch


def _graph(seed: int) -> WorksGraph:
    audit = audit_routes(build_network(draw_plant(seed).inventory()), ng.Options().rules)
    layers = (build_layer(audit, layer) for layer in ("cables", "spans"))
    return WorksGraph(audit, *layers, load_prices(), with_spans=True)


def _least_yuan(graph: WorksGraph, source: int, sinks: list[int], barred: np.ndarray) -> float:
    """Least yuan of a way from the source to a sink over everything not barred."""
    is_shut = graph.shut_at(source, np.array(sinks))
    for element in barred.tolist():
        is_shut[graph.edges_of.row(element)] = True
    ways, plain = graph.ways, nx.Graph()
    plain.add_nodes_from(range(graph.n_nodes))
    for node in range(graph.n_nodes):
        for k in range(ways.indptr[node], ways.indptr[node + 1]):
            edge, other = int(ways.edge[k]), int(ways.neighbour[k])
            before = plain.get_edge_data(node, other, {"yuan": np.inf})["yuan"]
            if not is_shut[edge]:
                plain.add_edge(node, other, yuan=min(before, float(ways.cost[edge])))
    yuan = nx.single_source_dijkstra_path_length(plain, source, weight="yuan")
    return min((yuan.get(sink, np.inf) for sink in sinks), default=np.inf)


@pytest.mark.parametrize("seed", range(12))
def test_each_way_is_the_cheapest_whatever_was_asked_or_laid_before(seed, monkeypatch):
    monkeypatch.setattr("netgraph.upgrades.way_search._MANY_NODES", seed % 2 * 1000 - 1)
    graph, draw = _graph(seed), random.Random(seed)
    n_elements = len(graph.n_edges_at)
    spans = np.unique(graph._item[graph._kind == SPAN])
    sinks = draw.sample(range(graph.n_nodes), 2)
    for _ in range(4):
        source = draw.choice([node for node in range(graph.n_nodes) if node not in sinks])
        ways = WaySearch(graph, source, np.array(sorted(sinks)))
        for _ in range(8):
            barred = np.array(draw.sample(range(n_elements), draw.randint(0, 6)), dtype=np.int64)
            least = _least_yuan(graph, source, sinks, barred)
            most = draw.choice([np.inf, least, least + 1.0])
            found = ways.find(barred, most=most)
            if np.isfinite(least) and most > least:
                assert graph.cost(found) == pytest.approx(least)
                assert graph.has(found, barred)
            else:
                assert found == ()
        graph.lay(np.array(draw.sample(spans.tolist(), min(3, len(spans))), dtype=np.int64))


def test_a_way_around_touches_no_more_than_it_must():
    graph = _graph(3)
    source, *sinks = 0, graph.n_nodes - 1
    ways = WaySearch(graph, source, np.array(sinks))
    first = ways.find(np.empty(0, dtype=np.int64))
    elements = graph.elements_of(first, np.empty(0, dtype=np.int64))
    beside = ways.find(elements)
    assert beside == () or ways.find_around(elements) == beside
