"""On random plants every figure agrees with an independent, slower computation."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netgraph.diversity.plant.assess import assess_plant
from netgraph.diversity.plant.summary import plant_summary

SINK = "centre"


@st.composite
def drawn_plants(draw):
    size = draw(st.integers(2, 7))
    names = [f"N{number}" for number in range(size)]
    ends = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=13))
    lengths = draw(st.lists(st.integers(1, 9), min_size=len(ends), max_size=len(ends)))
    centres = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    spans = [
        (f"span {number}", a, b, {"length_m": float(length)})
        for number, ((a, b), length) in enumerate(zip(ends, lengths, strict=True))
    ]
    return names, spans, centres


def _subdivided(names, spans, centres):
    """Every span a node of its own; the centres contracted."""
    graph = nx.Graph()
    graph.add_nodes_from(SINK if name in centres else name for name in names)
    for span, a, b, more in spans:
        a, b = (SINK if end in centres else end for end in (a, b))  # noqa: PLW2901 -- renamed ends
        if a != b:
            graph.add_edge(a, span, weight=more["length_m"])
            graph.add_edge(span, b, weight=0.0)
    return graph


def _flow(graph, source, *, by_node):
    """Two units of flow to the sink: their number, and the least total length."""
    flow = nx.DiGraph()
    for vertex in graph:
        limited = vertex.startswith("span") or (by_node and vertex not in (source, SINK))
        flow.add_edge(f"{vertex} in", f"{vertex} out", capacity=1 if limited else 9, weight=0)
    for a, b, weight in graph.edges(data="weight"):
        flow.add_edge(f"{a} out", f"{b} in", capacity=1, weight=int(weight))
        flow.add_edge(f"{b} out", f"{a} in", capacity=1, weight=int(weight))
    value = nx.maximum_flow_value(flow, f"{source} in", f"{SINK} out")
    if value < 2:
        return value, math.nan
    flow.nodes[f"{source} in"]["demand"] = -2
    flow.nodes[f"{SINK} out"]["demand"] = 2
    return 2, float(nx.min_cost_flow_cost(flow))


@settings(max_examples=60, deadline=None)
@given(drawn_plants())
def test_routes_pairs_and_single_points_are_exact(plant, drawn):
    names, spans, centres = drawn
    network = plant({name: (10 * number, 0) for number, name in enumerate(names)}, spans)

    result = assess_plant(network, centres)

    graph = _subdivided(names, spans, centres)
    for row, name in enumerate(network.nodes.ids):
        if name in centres:
            continue
        link, link_m = _flow(graph, name, by_node=False)
        node, node_m = _flow(graph, name, by_node=True)
        assert result.routes_link_disjoint[row] == link
        assert result.routes_node_disjoint[row] == node
        assert result.link_pair_m[row] == pytest.approx(link_m, nan_ok=True)
        assert result.node_pair_m[row] == pytest.approx(node_m, nan_ok=True)
        assert _single_points(result, name) == _cutting(graph, name)
        if nx.has_path(graph, name, SINK):
            shortest = nx.dijkstra_path_length(graph, name, SINK)
            assert result.shortest_m[row] == pytest.approx(shortest)
        _check_routes(result, name)


def _single_points(result, name):
    return {point.ids[0] for point in result.single_points_of(name)}


def _cutting(graph, source):
    if not nx.has_path(graph, source, SINK):
        return set()
    return {
        vertex
        for vertex in graph
        if vertex not in (source, SINK)
        and not nx.has_path(nx.restricted_view(graph, [vertex], []), source, SINK)
    }


def _check_routes(result, name):
    for disjoint in ("link", "node"):
        routes = result.routes_of(name, disjoint)
        used = [set(route.spans) for route in routes]
        assert len(set().union(*used)) == sum(len(spans) for spans in used)
        if disjoint == "node" and len(routes) == 2:
            inner = [set(route.node_ids[1:-1]) for route in routes]
            assert not inner[0] & inner[1]


@settings(max_examples=60, deadline=None)
@given(drawn_plants())
def test_cuts_and_components_of_the_whole_network_are_exact(plant, drawn):
    names, spans, centres = drawn
    network = plant({name: (10 * number, 0) for number, name in enumerate(names)}, spans)

    summary = plant_summary(assess_plant(network, centres))

    graph = _subdivided(names, spans, [])
    cuts = set(nx.articulation_points(graph))
    assert summary.bridges == sum(cut.startswith("span") for cut in cuts)
    assert summary.articulation_points == sum(not cut.startswith("span") for cut in cuts)
    assert summary.components == nx.number_connected_components(graph)
    assert summary.isolated == nx.number_of_isolates(graph)


@settings(max_examples=30, deadline=None)
@given(drawn_plants(), st.randoms(use_true_random=False))
def test_the_order_and_direction_of_rows_do_not_matter(plant, drawn, random):
    names, spans, centres = drawn
    nodes = {name: (10 * number, 0) for number, name in enumerate(names)}
    turned = [(name, b, a, more) for name, a, b, more in spans]
    random.shuffle(turned)

    first, second = (assess_plant(plant(nodes, rows), centres) for rows in (spans, turned))

    for column in ("routes_link_disjoint", "routes_node_disjoint", "single_points", "link_pair_m"):
        np.testing.assert_array_equal(getattr(first, column), getattr(second, column))
