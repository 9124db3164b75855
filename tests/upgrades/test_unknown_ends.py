"""Plans for circuits of which nobody knows where they end."""

from __future__ import annotations

import netgraph as ng
from netgraph.datasets import example_columns
from netgraph.inventory import from_columns
from netgraph.report.contract import table_specs


def test_a_site_with_a_circuit_to_nowhere_gets_no_better_level_and_the_rest_a_plan():
    columns = example_columns("twin_ring")
    columns["circuits"]["b_id"][0] = "nobody"  # of L1 at S1, which backs L2 up

    plan = ng.plan_upgrades(from_columns(columns))

    names = table_specs()["upgrade_sites"].names
    levels = {
        row["site_id"]: (row["level_before"], row["level_after"])
        for row in (dict(zip(names, row, strict=True)) for row in plan.rows("upgrade_sites"))
    }
    assert levels["S1"] == ("same_device", "same_device")  # what its known routes share
    assert levels["S4"] == ("single_route", "diverse")
