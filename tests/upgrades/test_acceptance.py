"""What a chosen work is held to: rows of acceptance.csv, kind by kind."""

from __future__ import annotations

import pytest
from workshop import PRICES, workshop

import netgraph as ng
from netgraph.report.contract import table_specs
from netgraph.report.tables import check_rows


@pytest.fixture(scope="module")
def plan():
    """The plan for the workshop, without a budget."""
    assessment = ng.Options(search_seconds=0)
    return ng.plan_upgrades(
        workshop().inventory(),
        ng.UpgradeOptions(prices=PRICES, assessment=assessment, frontier_points=0),
    )


@pytest.fixture(scope="module")
def demands(plan):
    """Demands by the title of the work, in their order."""
    names = table_specs()["acceptance"].names
    titles = {action.id: action.title for action in plan.chosen}
    found = {}
    for row in plan.rows("acceptance"):
        told = dict(zip(names, row, strict=True))
        found.setdefault(titles[told["project_id"]], []).append(told)
    return found


def _cells(rows):
    return {
        f"{r['table']}:{r['row_id']}.{r['column']}": (r["test"], r["expected"])
        for r in rows
        if r["aspect"] == "cell"
    }


def test_every_chosen_work_is_held_to_something_and_the_rows_keep_the_contract(plan):
    rows = plan.rows("acceptance")

    assert {row[0] for row in rows} == {action.id for action in plan.chosen}
    assert check_rows("acceptance", rows) == ()


def test_a_replaced_device_is_held_to_its_fields_and_to_the_items_that_it_failed(demands):
    assert _cells(demands["P2"]) == {
        "equipment:P2.manageable": ("is", "true"),
        "equipment:P2.alarms": ("is", "true"),
        "equipment:P2.hot_standby": ("is", "true"),
        "equipment:P2.protection_switching": ("is", "true"),
        "equipment:P2.installed": ("not_before", "2026-10-01"),
    }
    assert [r["item_id"] for r in demands["P2"] if r["aspect"] == "item"] == ["CPE1", "UP1"]


def test_numbers_may_be_exceeded_and_any_protection_will_do(demands):
    assert _cells(demands["A1"]) == {
        "offices:A1.power_feeds": ("at_least", "1"),
        "offices:A1.generator": ("is", "true"),
    }
    assert _cells(demands["L3"]) == {"links:L3.protection": ("other_than", "none")}


def test_a_second_route_is_held_to_the_promised_level_and_to_its_circuits(demands):
    """S1: re-patched; the ids of new links are not asked for, nor how a circuit is protected."""
    rows = [r for r in demands["S1"] if r["aspect"] == "level"]

    assert [(r["site_id"], r["test"], r["expected"]) for r in rows] == [
        ("S1", "at_least", "diverse")
    ]
    assert "circuits:C1.a_id" in _cells(demands["S1"])
    assert not [name for name in _cells(demands["S1"]) if name.endswith(".protection")]
