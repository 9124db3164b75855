"""Routes, single points and lengths on plants that can be checked by eye."""

from __future__ import annotations

import dataclasses
import math

import pytest

from netgraph.diversity.plant.assess import assess_plant
from netgraph.diversity.plant.summary import PlantSummary, plant_node_rows, plant_summary
from netgraph.errors import UsageError


@pytest.fixture
def ring_with_spur(plant):
    """A ring with a spur at C, an island and a self-loop; spans are 100 m, BC is recorded as 300.

    ::

        A --ab-- B
        |        |bc          S --sd-- D --dc-- C: the spur
       ka        |            X --xy-- Y: an island      Z: alone, with a self-loop
        |        |
        K --kc-- C --dc-- D --sd-- S
    """
    nodes = {
        "K": (0, 0),
        "A": (0, 100),
        "B": (100, 100),
        "C": (100, 0),
        "D": (200, 0),
        "S": (300, 0),
        "X": (0, 900),
        "Y": (100, 900),
        "Z": (500, 500),
    }
    spans = [
        ("ka", "K", "A", {}),
        ("ab", "A", "B", {}),
        ("bc", "B", "C", {"length_m": 300.0}),
        ("kc", "C", "K", {}),
        ("dc", "D", "C", {}),
        ("sd", "S", "D", {}),
        ("xy", "X", "Y", {}),
        ("zz", "Z", "Z", {}),
        ("lost", "K", "Q", {}),
        ("later", "K", "S", {"status": "planned"}),
    ]
    return plant(nodes, spans)


def test_each_node_gets_its_routes_single_points_and_lengths(ring_with_spur):
    rows = plant_node_rows(assess_plant(ring_with_spur, ["K"]))

    assert [dataclasses.astuple(row) for row in rows] == [
        ("A", "", 2, 2, 0, 100.0, 600.0, 600.0),
        ("B", "", 2, 2, 0, 200.0, 600.0, 600.0),
        ("C", "", 2, 2, 0, 100.0, 600.0, 600.0),
        ("D", "", 1, 1, 2, 200.0, None, None),
        ("K", "", 2, 2, 0, 0.0, 0.0, 0.0),
        ("S", "site S", 1, 1, 4, 300.0, None, None),
        ("X", "", 0, 0, 0, None, None, None),
        ("Y", "", 0, 0, 0, None, None, None),
        ("Z", "", 0, 0, 0, None, None, None),
    ]


def test_the_summary_counts_rows_defects_and_weak_nodes(ring_with_spur):
    assert plant_summary(assess_plant(ring_with_spur, ["K"])) == PlantSummary(
        nodes=9,
        spans=10,
        spans_used=7,
        components=3,
        bridges=3,
        articulation_points=2,
        isolated=1,
        self_loops=1,
        dangling=1,
        duplicates=0,
        nodes_below_2_link_disjoint=2,
        nodes_below_2_node_disjoint=2,
        nodes_without_centre=3,
    )


def test_a_centre_that_no_node_reaches_is_told_once_and_the_nodes_are_counted(ring_with_spur):
    told = {
        centres: [f.row_id for f in assess_plant(ring_with_spur, centres).findings
                  if f.rule == "ND982"]
        for centres in (("K",), ("Z",), ("K", "Z"), ("X",), ("X", "Y", "Z"))
    }  # fmt: skip

    assert told == {
        ("K",): [], ("Z",): ["Z"], ("K", "Z"): ["Z"], ("X",): [], ("X", "Y", "Z"): ["X", "Y", "Z"]
    }  # fmt: skip
    assert plant_summary(assess_plant(ring_with_spur, ["Z"])).nodes_without_centre == 8
    assert plant_summary(assess_plant(ring_with_spur, ["X"])).nodes_without_centre == 7


def test_single_points_are_listed_in_order_from_the_node(ring_with_spur):
    points = assess_plant(ring_with_spur, ["K"]).single_points_of("S")

    assert [(point.kind, *point.ids) for point in points] == [
        ("span", "sd"),
        ("node", "D"),
        ("span", "dc"),
        ("node", "C"),
    ]


def test_routes_are_given_with_every_record_that_they_use(ring_with_spur):
    result = assess_plant(ring_with_spur, ["K"])

    short, long = result.routes_of("B", "node")
    assert (short.node_ids, short.spans, short.length_m) == (
        ("B", "A", "K"),
        (("ab",), ("ka",)),
        200.0,
    )
    assert (long.node_ids, long.length_m) == (("B", "C", "K"), 400.0)
    (only,) = result.routes_of("S")
    assert only.node_ids == ("S", "D", "C", "K")
    assert result.routes_of("X") == ()


def test_two_centres_are_one_and_both_routes_may_end_at_either(ring_with_spur):
    one = assess_plant(ring_with_spur, ["D"])
    two = assess_plant(ring_with_spur, ["S", "A", "A"])

    assert one.routes_link_disjoint[ring_with_spur.nodes.ids.tolist().index("B")] == 1
    by_id = {row.node_id: row for row in plant_node_rows(two)}
    assert (by_id["D"].routes_link_disjoint, by_id["D"].link_pair_m) == (2, 400.0)
    assert (by_id["K"].routes_node_disjoint, by_id["K"].node_pair_m) == (2, 400.0)
    assert plant_summary(two).nodes_below_2_node_disjoint == 0


def test_a_common_node_is_no_common_link(plant):
    """Two triangles that meet in M: two link-disjoint routes from A, all of them through M.

    ::

        A      D
        |\\    /|
        | M-M  |     (M drawn once)
        |/    \\|
        B      K
    """
    nodes = {"A": (0, 100), "B": (0, 0), "M": (100, 50), "D": (200, 100), "K": (200, 0)}
    ends = ["A M", "B M", "A B", "M D", "M K", "D K"]
    network = plant(nodes, [(name, *name.split(), {}) for name in ends])

    row = {row.node_id: row for row in plant_node_rows(assess_plant(network, ["K"]))}["A"]

    assert (row.routes_link_disjoint, row.routes_node_disjoint, row.single_points) == (2, 1, 1)
    assert row.link_pair_m is not None
    assert row.node_pair_m is None


def test_no_route_runs_through_a_customers_site(plant):
    """The ring closes only through the premises of S.

    ::

        K -- A -- S -- B -- K      B hangs on K by one span; A too
    """
    nodes = {"K": (0, 0), "A": (100, 100), "S": (200, 0), "B": (100, -100)}
    network = plant(nodes, [(name, *name.split(), {}) for name in ("K A", "A S", "S B", "B K")])

    rows = {row.node_id: row for row in plant_node_rows(assess_plant(network, ["K"]))}

    assert rows["S"].routes_node_disjoint == 2
    assert rows["A"].routes_link_disjoint == rows["B"].routes_link_disjoint == 1
    assert plant_summary(assess_plant(network, ["K"])).bridges == 0


def test_an_unknown_length_gives_no_figure_where_it_could_make_a_difference(plant):
    """A has no coordinates, so KA and AB have no length.

    ::

        K -- A -- B -- K,  and B -- C -- K
    """
    nodes = {"K": (0, 0), "A": (math.nan, math.nan), "B": (100, 0), "C": (100, 100)}
    ends = ["K A", "A B", "B K", "B C", "C K"]
    network = plant(nodes, [(name, *name.split(), {}) for name in ends])

    result = assess_plant(network, ["K"])
    rows = {row.node_id: row for row in plant_node_rows(result)}

    assert rows["B"].routes_node_disjoint == 2
    assert rows["B"].shortest_m is None
    assert rows["B"].node_pair_m is None
    assert rows["A"].shortest_m is None
    assert [f.row_id for f in result.findings if f.rule == "ND976"] == ["A B", "K A"]


def test_a_length_that_is_unknown_elsewhere_changes_nothing(plant):
    nodes = {"K": (0, 0), "A": (100, 0), "D": (math.nan, math.nan)}
    network = plant(nodes, [("K A", "K", "A", {}), ("A D", "A", "D", {})])

    rows = {row.node_id: row for row in plant_node_rows(assess_plant(network, ["K"]))}

    assert rows["A"].shortest_m == 100.0
    assert rows["D"].shortest_m is None


def test_lengths_are_recorded_then_drawn_then_straight(plant):
    nodes = {"K": (0, 0), "A": (100, 0), "B": (0, 100), "C": (-100, 0), "D": (0, -100)}
    drawn = "LINESTRING (0 0, 60 80, 0 100)"
    contradicting = "LINESTRING (0 0, -900 0)"
    spans = [
        ("recorded", "K", "A", {"length_m": 150.0, "geometry": "LINESTRING (0 0, 100 0)"}),
        ("drawn", "K", "B", {"geometry": drawn}),
        ("straight", "K", "D", {}),
        ("contradicting", "K", "C", {"geometry": contradicting}),
    ]

    rows = {r.node_id: r for r in plant_node_rows(assess_plant(plant(nodes, spans), ["K"]))}

    assert rows["A"].shortest_m == pytest.approx(150.0)
    assert rows["B"].shortest_m == pytest.approx(100.0 + math.hypot(60, 20))
    assert rows["D"].shortest_m == pytest.approx(100.0)
    assert rows["C"].shortest_m == pytest.approx(100.0)


@pytest.mark.parametrize(
    ("centres", "message"),
    [
        ([], "at least one centre"),
        (["sit A"], "no node with the id or name 'sit A'; near to it: site A"),
        (["site"], "2 nodes have the name 'site'; give an id: S1, S2"),
        (["Q", "site"], "(?s)'Q'.*2 nodes"),
        (["P"], "'P' is not in service"),
    ],
)
def test_a_centre_that_is_not_one_node_is_refused_with_the_cure(plant, centres, message):
    network = plant({"SA": (0, 0), "S1": (1, 1), "S2": (2, 2), "P": (3, 3)}, [])
    names = network.nodes.names
    names[network.nodes.ids == "SA"] = "site A"
    names[(network.nodes.ids == "S1") | (network.nodes.ids == "S2")] = "site"
    network.nodes.statuses[network.nodes.ids == "P"] = "planned"

    with pytest.raises(UsageError, match=message):
        assess_plant(network, centres)


def test_a_centre_may_be_named_in_any_case(ring_with_spur):
    result = assess_plant(ring_with_spur, ["SITE s"])

    assert ring_with_spur.nodes.ids[result.centres].tolist() == ["S"]


def test_an_unknown_node_is_refused(ring_with_spur):
    with pytest.raises(UsageError, match="no node 'Q'"):
        assess_plant(ring_with_spur, ["K"]).routes_of("Q")


def test_negative_distances_are_refused(ring_with_spur):
    with pytest.raises(UsageError, match="must not be negative"):
        assess_plant(ring_with_spur, ["K"], separation_m=-1.0)


def test_results_show_themselves_in_a_notebook(ring_with_spur):
    result = assess_plant(ring_with_spur, ["K"])

    assert "link-disjoint" in result._repr_html_()
    assert "9 nodes, 5 below two routes" in repr(result)
    assert "spans used" in ring_with_spur._repr_html_()
    assert "10 spans, 7 used" in repr(ring_with_spur)


def test_results_show_themselves_in_chinese_where_the_locale_is(ring_with_spur, monkeypatch):
    monkeypatch.setenv("NETGRAPH_LANG", "zh")

    assert "链路分离" in assess_plant(ring_with_spur, ["K"])._repr_html_()
    assert "参与计算的管线段" in ring_with_spur._repr_html_()
