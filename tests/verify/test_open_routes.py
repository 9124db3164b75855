"""Routes of which a record is lost: the tables are borne out, and nothing better is accepted."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from builders import PlantBuilder
from certified_runs import assessed
from open_routes import LOSSES, ends_apart, office_in_between

import netgraph as ng
from netgraph.diversity.achievable.find import find_achievable
from netgraph.diversity.certificates import as_plain, certify
from netgraph.diversity.levels import Level
from netgraph.verify.run import Certificates


@pytest.mark.parametrize("is_lost", [False, True])
@pytest.mark.parametrize("loss", LOSSES)
def test_what_the_tables_say_of_an_open_route_is_accepted(loss, is_lost, tmp_path):
    plan, _, lose, _ = loss()
    if is_lost:
        lose(plan)

    run = assessed(ng.write_inventory(plan.inventory(), tmp_path / "tables"), tmp_path / "out")

    assert run.verify().refused == ()


@pytest.mark.parametrize("draw", [ends_apart, office_in_between])
def test_what_is_proven_of_a_group_although_a_route_is_open_is_accepted(draw, tmp_path):
    plan = draw()
    if draw is office_in_between:
        plan.rows["link_cables"].pop()
    tables = ng.write_inventory(plan.inventory(), tmp_path / "tables")

    result = assessed(tables, tmp_path / "out").verify()

    assert result.refused == ()


@pytest.mark.parametrize("table", ["cables", "links"])
def test_rows_about_a_cable_or_link_that_is_lost_say_nothing(table, tmp_path):
    """Its spans (cables) are still listed, but what they would carry is not there::

    S -- a -- K     working, w
    S -- b -- K     protect, p: the row of its cable or link is lost
    """
    plan = PlantBuilder().office("K").site("S").way("w", "S a K").way("p", "S b K")
    plan.circuit("X", "S", "K", "w", "p", protection="path")
    plan.rows[table] = [row for row in plan.rows[table] if row["id"] != "p"]

    run = assessed(ng.write_inventory(plan.inventory(), tmp_path / "tables"), tmp_path / "out")

    assert run.verify().refused == ()
    assert plan.verdict().level is Level.UNDECIDABLE


@pytest.mark.parametrize("loss", LOSSES)
def test_an_open_route_that_is_said_to_be_diverse_is_refused(loss):
    plan, _, lose, _ = loss()
    lose(plan)
    audit = plan.audit()
    lines = [as_plain(c) for c in certify(audit, find_achievable(audit, seconds=0))]
    open_ones = [
        line for line in lines
        if line.get("question") == "recorded" and line["verdict"] == "undecidable"
    ]  # fmt: skip
    assert open_ones
    for line in open_ones:
        line["verdict"] = line["claim"]["level"] = "diverse"
    checker = Certificates(plan.inventory(), asdict(audit.rules))

    for number, line in enumerate(lines, start=1):
        checker.take(number, json.dumps(line))

    assert len(checker.refused) == len(open_ones)
    assert all("the rows prove undecidable" in str(reason) for reason in checker.refused)
