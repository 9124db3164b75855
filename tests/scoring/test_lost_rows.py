"""A row that is lost is evidence that is missing: it earns nothing and asks for no less."""

from __future__ import annotations

import pytest
from builders import PlantBuilder

from netgraph.diversity.levels import PASSING
from netgraph.inventory import check_inventory
from netgraph.scoring import load_scorecard, score_sites

TABLES = (
    "offices", "structures", "spans", "cables", "cable_spans", "links", "link_cables", "equipment",
    "circuit_links",
)  # fmt: skip


@pytest.fixture
def plan():
    """A protected circuit that ends at its access office: nothing is asked of a backbone.

    ::

        S (cpe) ── n1 ── K (mux)      working, link and cable n
        S (cpe) ── s1 ── K (mux)      protect, link and cable s
    """
    plan = PlantBuilder().site("S").office("K", "access", power_feeds=2)
    good = {"manageable": True, "alarms": True, "protection_switching": True, "grounding_ok": True}
    plan.device("cpe", "S", **good).device("mux", "K", **good)
    for name in "ns":
        plan.way(name, f"S {name}1 K", protection="lsp_1p1")
        plan.change("links", name, from_id="cpe", to_id="mux")
    return plan.circuit("X", "S", "K", "n", "s", protection="path")


def scored(plan):
    """Score and items of the site, and the groups that are diverse."""
    audit = plan.audit()
    (score,) = score_sites(audit, load_scorecard()).by_place.values()
    items = {name: found.result.value for name, found in score.items.items()}
    return score, items, {v.name for v in audit.verdicts if v.level in PASSING}


def without_each_row(plan):
    """The plan less one row, for every row that is evidence."""
    for table in TABLES:
        for number in range(len(plan.rows[table])):
            less = plan.copy()
            yield less.rows[table].pop(number), less


def test_no_row_that_is_lost_raises_a_score_or_makes_anything_diverse(plan):
    known, items, diverse = scored(plan)
    assert (items["LN3"], items["UP3"], items["UP8"]) == (
        "not_applicable",
        "not_applicable",
        "pass",
    )
    assert diverse
    for lost, less in without_each_row(plan):
        score, _, passing = scored(less)
        assert (score.score or 0.0) <= known.score, lost
        assert score.grade == known.grade or score.score < known.score, lost
        assert passing <= diverse, lost


@pytest.mark.parametrize(("table", "name"), [
    ("cables", "n"), ("spans", "n-2"), ("structures", "n1"), ("links", "s"),
])  # fmt: skip
def test_where_the_row_that_names_retired_plant_is_lost_no_item_is_asked_less(plan, table, name):
    """Where a route over retired plant runs today nobody knows; nor if that row is lost as well."""
    plan.change(table, name, status="retired")
    _, items, diverse = scored(plan)
    assert (items["LN3"], items["LN4"], items["UP3"]) == ("unknown",) * 3
    assert not diverse
    for lost, less in without_each_row(plan):
        _, now, passing = scored(less)
        assert {now[item] for item in ("LN3", "LN4", "UP3")} <= {"unknown", "fail"}, lost
        assert not passing, lost


@pytest.mark.parametrize(("table", "name"), [
    ("cables", "n"), ("spans", "n-2"), ("structures", "n1"), ("links", "s"), ("equipment", "mux"),
])  # fmt: skip
def test_a_row_that_is_lost_earns_no_more_than_the_best_that_it_could_have_said(plan, table, name):
    """Retired plant under a link in service is a contradiction, and the worse of the two stands.

    Without the row that says so nothing contradicts the link: items are judged on the rows that
    they rest on, as if the lost one said "in service". Only what rests on the row itself (levels,
    LN1 to LN4, UP3) stays open. A row that is lost cannot be told from one that never was: who
    has not recorded the ducts yet keeps the marks for devices.
    """
    in_service, items, _ = scored(plan)
    plan.change(table, name, status="retired")
    assert "ND945" in {f.rule for f in check_inventory(plan.inventory())}
    _, retired, diverse = scored(plan)
    assert (retired["UP1"], retired["UP8"], diverse) == ("unknown", "unknown", set())
    for lost, less in without_each_row(plan):
        score, now, passing = scored(less)
        assert (score.score or 0.0) <= in_service.score, lost
        assert {item for item, result in now.items() if result == "pass"} <= {
            item for item, result in items.items() if result == "pass"
        }, lost
        assert not passing, lost


def test_devices_and_links_are_judged_on_their_own_rows_once_nothing_contradicts_them(plan):
    plan.change("spans", "n-2", status="retired")
    plan.rows["spans"] = [row for row in plan.rows["spans"] if row["id"] != "n-2"]
    _, items, diverse = scored(plan)
    assert (items["UP1"], items["UP8"]) == ("pass", "pass")
    assert (items["LN1"], items["LN3"], items["UP3"], diverse) == ("unknown",) * 3 + (set(),)
    found = [f for f in check_inventory(plan.inventory()) if f.rule == "ND920"]
    assert [(f.table, str(f.message)) for f in found] == [
        ("cable_spans", "span_id 'n-2' is not in spans")
    ]
