"""Three and four routes on small plants, and against maximum flows on random ones."""

from __future__ import annotations

import itertools
import math

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netgraph.diversity.plant.assess import assess_plant
from netgraph.diversity.plant.routes import many_routes_of, many_routes_rows
from netgraph.errors import UsageError

from .conftest import build_plant


@pytest.fixture
def fan():
    """Three ways from A to K; BK and DK lie in the flood zone F; E hangs on A.

    ::

             B
           /   \\
      E - A - C - K
           \\   /
             D
    """
    nodes = {
        "E": (-100, 0), "A": (0, 0), "B": (100, 100), "C": (100, 0), "D": (100, -100),
        "K": (200, 0),
    }  # fmt: skip
    spans = [
        (name, *name.split(), {}) for name in ("E A", "A B", "A C", "A D", "B K", "C K", "D K")
    ]

    def build(*members):
        tables = {}
        if members:
            tables = {
                "risk_groups": {"id": ["F"], "kind": ["flood_zone"], "name": [""]},
                "risk_members": {
                    "risk_id": ["F"] * len(members),
                    "table": ["spans"] * len(members),
                    "element_id": list(members),
                },
            }
        return assess_plant(build_plant(nodes, spans, **tables), ["K"])

    return build


def _of(rows, node):
    return next(row for row in rows if row.node_id == node)


def test_a_fan_of_three_has_three_routes_and_no_fourth(fan):
    answer = fan()

    three, four = (_of(many_routes_rows(answer, k), "A") for k in (3, 4))

    assert (three.link_disjoint_up_to_k, three.node_disjoint_up_to_k) == (3, 3)
    assert three.k_node_routes_m == pytest.approx(200 + 4 * math.hypot(100, 100))
    assert (four.link_disjoint_up_to_k, four.k_node_routes_m) == (3, None)
    assert three.k_risk_verdict is None


def test_a_node_behind_a_single_span_has_one_route(fan):
    row = _of(many_routes_rows(fan(), 3), "E")

    assert (row.link_disjoint_up_to_k, row.node_disjoint_up_to_k, row.k_node_routes_m) == (
        1, 1, None,
    )  # fmt: skip


def test_two_routes_through_one_flood_zone_are_no_three_routes(fan):
    row = _of(many_routes_rows(fan("B K", "D K"), 3, seconds=0), "A")

    assert (row.node_disjoint_up_to_k, row.k_risk_verdict, row.k_risk_routes_m) == (3, "none", None)


def test_a_flood_zone_on_one_route_does_no_harm(fan):
    row = _of(many_routes_rows(fan("B K"), 3, seconds=0), "A")

    assert row.k_risk_verdict == "routes"
    assert row.k_risk_routes_m == pytest.approx(row.k_node_routes_m)


def test_the_routes_themselves_are_given_the_shortest_first(fan):
    routes = many_routes_of(fan(), "A", 3)

    assert [route.node_ids for route in routes] == [
        ("A", "C", "K"), ("A", "B", "K"), ("A", "D", "K"),
    ]  # fmt: skip


@pytest.mark.parametrize("k", [-1, 1, 5])
def test_only_two_to_four_routes_can_be_asked_for(fan, k):
    with pytest.raises(UsageError, match="ask for 2 to 4"):
        many_routes_rows(fan(), k)


def test_a_node_that_is_not_there_is_named(fan):
    with pytest.raises(UsageError, match="'X'"):
        many_routes_of(fan(), "X", 3)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_counts_agree_with_maximum_flows_on_random_plants(data):
    names = [f"N{i}" for i in range(data.draw(st.integers(3, 8)))]
    pairs = list(itertools.combinations(names, 2))
    drawn = data.draw(st.lists(st.sampled_from(pairs), min_size=2, max_size=14, unique=True))
    nodes = {name: (100.0 * i, 10.0 * i * i) for i, name in enumerate(names)}
    spans = [(f"{a} {b}", a, b, {}) for a, b in drawn]
    answer = assess_plant(build_plant(nodes, spans), [names[0]])
    k = data.draw(st.integers(2, 4))

    rows = {row.node_id: row for row in many_routes_rows(answer, k)}

    graph = nx.Graph(drawn)
    for name in names[1:]:
        if name not in graph or names[0] not in graph or not nx.has_path(graph, name, names[0]):
            assert name not in rows
            continue
        link = nx.edge_connectivity(graph, name, names[0])
        node = _node_connectivity(graph, name, names[0])
        assert rows[name].link_disjoint_up_to_k == min(k, link)
        assert rows[name].node_disjoint_up_to_k == min(k, node)


def _node_connectivity(graph, a, b):
    if not graph.has_edge(a, b):
        return nx.node_connectivity(graph, a, b)
    rest = graph.copy()
    rest.remove_edge(a, b)
    return 1 + nx.node_connectivity(rest, a, b)
