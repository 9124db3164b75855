"""A plan for the workshop (tests/workshop.py), and registers of its works."""

from __future__ import annotations

import shutil
from datetime import date
from types import SimpleNamespace

import pytest
from works_bench import EVERYTHING, write_plan
from workshop import PRICES, workshop

import netgraph as ng
from netgraph.works import WorksRegister


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    """The plan, its folder, its works, and what the records are when all of them are done.

    `ids` has the ids of the works by their title, of two works of one title (S1) the later, on the
    line; `works` has those of all.
    """
    plan = ng.plan_upgrades(
        workshop().inventory(),
        ng.UpgradeOptions(
            prices=PRICES, assessment=ng.Options(search_seconds=0), frontier_points=0
        ),
    )
    folder = write_plan(plan, tmp_path_factory.mktemp("works") / "plan")
    return SimpleNamespace(
        plan=plan, folder=folder, before=plan.before.network.inventory, after=plan.inventory,
        ids={action.title: action.id for action in plan.chosen},
        works=tuple(sorted(action.id for action in plan.chosen)),
    )  # fmt: skip


@pytest.fixture(scope="session")
def submitted_file(shop, tmp_path_factory):
    """A register in which every work is submitted: Li answers for it, Wang is to verify it."""
    path = tmp_path_factory.mktemp("register") / "works.sqlite"
    register = WorksRegister(path)
    register.open_plan(shop.folder, by="Zhang")
    register.assign(EVERYTHING, by="Zhang", to="Li", verifier="Wang", due=date(2026, 12, 31))
    register.submit(EVERYTHING, by="Li", done_on=date(2026, 11, 1))
    return path


@pytest.fixture
def submitted(submitted_file, tmp_path):
    """A copy of that register for one test."""
    return WorksRegister(shutil.copy(submitted_file, tmp_path / "works.sqlite"))
