"""A plan whose files are looked at: once a session."""

from __future__ import annotations

import pytest
from workshop import PRICES, workshop

import netgraph as ng
from netgraph.assessment.planning.write import PlanFiles
from netgraph.inventory import read_inventory, write_inventory

BARE = PlanFiles(workbook=False, geopackage=False, maps=False)


@pytest.fixture(scope="session")
def workshop_folder(tmp_path_factory):
    return write_inventory(workshop().inventory(), tmp_path_factory.mktemp("files") / "workshop")


@pytest.fixture(scope="session")
def workshop_plan(workshop_folder):
    """Without a budget; some works are proposed and not chosen."""
    options = ng.UpgradeOptions(
        prices=PRICES, frontier_points=3,
        assessment=ng.Options(search_seconds=0, lang="zh"),
    )  # fmt: skip
    return ng.plan_upgrades(read_inventory(workshop_folder), options)
