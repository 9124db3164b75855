"""A plan, done on paper, assessed and certified: the checker of its own accepts every level."""

from __future__ import annotations

import pytest
from certified_runs import assessed
from workshop import PRICES, workshop

import netgraph as ng
from netgraph.inventory import write_inventory
from netgraph.upgrades.action import LINE_KINDS


@pytest.fixture(scope="module")
def plan():
    """Every kind of work on the line is chosen."""
    options = ng.UpgradeOptions(
        prices=PRICES, frontier_points=0, assessment=ng.Options(search_seconds=0)
    )
    return ng.plan_upgrades(workshop().inventory(), options)


def test_the_checker_that_shares_no_code_with_the_searches_accepts_the_plan(plan, tmp_path):
    run = assessed(write_inventory(plan.inventory, tmp_path / "after"), tmp_path / "out")

    found = run.verify()

    kinds = {action.kind for action in plan.chosen if action.routed_sites}
    assert kinds == LINE_KINDS
    assert found.is_accepted
    assert found.refused == ()
    proven = {
        c["site"]: c["verdict"] for c in run.certificates() if c.get("question") == "recorded"
    }
    assert proven == dict.fromkeys(("S1", "S2", "S3", "S4", "S5"), "diverse")
