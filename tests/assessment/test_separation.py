"""How far apart the routes of a pair run, on plants that are drawn by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from builders import PlantBuilder
from commands import Command, read_rows

import netgraph as ng
from netgraph.assessment.measures.separation import default_thresholds_m, separation_rows
from netgraph.datasets import example_columns
from netgraph.diversity.audit.run import audit_routes
from netgraph.diversity.geometry import separation_profile
from netgraph.diversity.rules import load_rules
from netgraph.inventory import from_columns, write_inventory

PLACES = {
    "S": (112.00, 37.80), "K": (112.10, 37.80), "M1": (112.05, 37.80),
    "N1": (112.0005, 37.8001), "N2": (112.0995, 37.8001), "N3": (112.05, 37.83),
}  # fmt: skip


@pytest.fixture
def street():
    r"""Two routes from a site to its centre: one straight, one 11 m beside it nearly all the way.

    ::

           ___________ N3 ____________
          ╱                           ╲
         ╱ N1 ─────────────────────N2  ╲
        S ──────────── M1 ──────────── K     w: S-M1-K, p: S-N1-N2-K, q: S-N3-K, far to the north
    """
    plan = PlantBuilder().site("S").office("K")
    for name in ("M1", "N1", "N2", "N3"):
        plan.structure(name)
    for table, name in [("sites", "S"), ("offices", "K")] + [
        ("structures", n) for n in PLACES if len(n) == 2
    ]:
        plan.change(table, name, lon=PLACES[name][0], lat=PLACES[name][1])
    for name, stops in (("w", "S M1 K"), ("p", "S N1 N2 K"), ("q", "S N3 K")):
        plan.way(name, stops)
        for row in plan.rows["spans"]:
            if row["id"].startswith(f"{name}-"):
                line = shapely.LineString([PLACES[row["from_id"]], PLACES[row["to_id"]]])
                row.update(geometry=line.wkt, length_m=None)
    return plan


def rows_of(plan, **how):
    return separation_rows(audit_routes(plan.network(), load_rules()), **how)


def test_each_distance_has_its_runs_their_metres_and_the_longest(street):
    street.circuit("X", "S", "K", "w", "p")
    rows = rows_of(street)
    assert [row.threshold_m for row in rows] == [2.0, 5.0, 20.0, 50.0, 250.0]
    assert [row.verdict for row in rows] == ["separate"] * 2 + ["side_by_side"] * 3
    near = rows[2]
    assert (near.unit_id, near.first_route, near.second_route) == ("X", "X:working", "X:protect")
    straight, bent = (
        [shapely.from_wkt(r["geometry"]) for r in street.rows["spans"] if r["id"][0] == name]
        for name in "wp"
    )
    profile = separation_profile(straight, bent)
    assert near.metres == pytest.approx(profile.parallel_m(20.0), abs=0.01)
    assert near.longest_m == pytest.approx(profile.longest_run_m(20.0), abs=0.01)
    assert near.least_distance_m == pytest.approx(profile.least_m, abs=0.01)
    assert (near.runs, near.crossings) == (1, 0)
    assert near.start_lat == pytest.approx(37.80)
    assert 112.0005 < near.start_lon < 112.001, "the first 50 m are exempt"
    assert 112.099 < near.end_lon < 112.0995


def test_the_ends_of_the_longest_run_lie_where_it_begins_and_ends(street):
    """Also where the route is recorded from B to A, and its lines are drawn backwards."""
    street.circuit("X", "S", "K", "w", "p")
    expected = rows_of(street)[2]
    for row in street.rows["spans"]:
        row["geometry"] = shapely.reverse(shapely.from_wkt(row["geometry"])).wkt
    found = rows_of(street)[2]
    for name in ("start_lon", "start_lat", "end_lon", "end_lat"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name), abs=1e-7)


def test_routes_that_lie_far_apart_are_separate_at_every_distance(street):
    street.circuit("X", "S", "K", "w", "q")
    rows = rows_of(street)
    assert {row.verdict for row in rows[:4]} == {"separate"}
    assert rows[0].start_lon is None
    assert rows[0].least_distance_m > 10.0


def test_a_route_without_a_line_is_undecidable_and_never_separate(street):
    street.circuit("X", "S", "K", "w", "q")
    for row in street.rows["spans"]:
        if row["id"] == "q-1":
            row.update(geometry=None, length_m=5000.0)
    rows = rows_of(street, thresholds_m=(2.0, 20.0))
    assert {row.verdict for row in rows} == {"undecidable"}
    assert {row.least_distance_m for row in rows} == {None}


def test_what_is_drawn_close_is_close_whatever_else_is_missing(street):
    street.circuit("X", "S", "K", "w", "p")
    for row in street.rows["spans"]:
        if row["id"] == "p-1":
            row.update(geometry=None, length_m=1800.0)
    verdicts = {row.threshold_m: row.verdict for row in rows_of(street)}
    assert verdicts[20.0] == "side_by_side"
    assert verdicts[2.0] == "undecidable"


def test_a_cable_without_spans_and_a_link_with_two_legs_are_undecidable(street):
    street.add("cables", id="dark", from_id="S", to_id="K").link("dark", "S", "K", ["dark"])
    street.link("two", "S", "K", ["q"], protect=["p"])
    street.circuit("X", "S", "K", "w", "dark").circuit("Y", "S", "K", "w", "two")
    assert {row.verdict for row in rows_of(street, thresholds_m=(2.0,))} == {"undecidable"}


def test_circuits_that_back_each_other_up_are_a_pair_where_they_have_no_other(street):
    for name, link in (("X", "w"), ("Y", "p"), ("Z", "q")):
        street.circuit(name, "S", "K", link, group_id="G", protection="none")
    rows = rows_of(street, thresholds_m=(20.0,))
    assert [(row.unit_id, row.first_route, row.second_route) for row in rows] == [
        ("G", "X:working", "Y:working"),
        ("G", "X:working", "Z:working"),
        ("G", "Y:working", "Z:working"),
    ]
    assert [row.verdict for row in rows][:2] == ["side_by_side", "separate"]


def test_one_cable_of_both_routes_lies_side_by_side_at_no_distance_at_all(street):
    street.circuit("X", "S", "K", "w", "w")
    (row,) = rows_of(street, thresholds_m=(2.0,))
    assert (row.verdict, row.least_distance_m) == ("side_by_side", 0.0)


def test_nothing_protected_gives_no_rows(street):
    street.circuit("X", "S", "K", "w", protection="none")
    assert rows_of(street) == ()


def test_an_assessment_has_the_table_and_writes_it_when_asked(tmp_path, capsys):
    """Few spans of the example are drawn: nothing of it is said to be separate."""
    inventory = from_columns(example_columns("twin_ring"))
    assessment = ng.assess(inventory)
    table = assessment.separation
    assert len(table) == 6 * len(default_thresholds_m())
    assert set(table["verdict"]) <= {"undecidable", "side_by_side"}
    folder = write_inventory(inventory, tmp_path / "in")
    netgraph = Command(capsys)
    outcome = netgraph("assess", folder, "-o", tmp_path / "out", "--no-maps", "--separation")
    assert outcome.code == 0
    rows = read_rows(tmp_path / "out" / "tables" / "separation.csv")
    assert list(rows[0]) == list(table.columns)
    assert [row["threshold_m"] for row in rows[:5]] == ["2", "5", "20", "50", "250"]
    assert np.array_equal(table["unit_id"], [row["unit_id"] for row in rows])
