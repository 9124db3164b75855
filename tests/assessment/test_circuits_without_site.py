"""Circuits that count at no site: judged, found, counted, and never silently left out."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from builders import PlantBuilder
from random_plants import aged, draw_plant
from rich.console import Console

from netgraph.assessment.options import Options
from netgraph.assessment.run import assess_recorded
from netgraph.report.console import print_summary
from netgraph.report.contract import table_specs

AREAS = ("cities", "counties", "customers")


@pytest.fixture
def plan():
    """Two ways from site A to the centre K; what the A ends of five circuits name::

    A -- a -- K        X1: A                   X2: nothing
    A -- b -- K        X3: `gone`, no row      X4: K, which is no site
    R (retired)        X5: R                   X6: `gone`, but planned: carries nothing yet
    """
    plan = PlantBuilder().office("K").site("A").site("R", status="retired")
    plan.way("W", "A a K").way("P", "A b K")
    for n, end in enumerate(("A", None, "gone", "K", "R", "gone"), start=1):
        status = {"status": "planned"} if n == 6 else {}
        plan.circuit(f"X{n}", end, "K", "W", "P", protection="path", **status)
    return plan


def rows(assessment, table):
    names = table_specs()[table].names
    return [dict(zip(names, row, strict=True)) for row in assessment.rows(table)]


def assert_adds_up(assessment):
    """What is counted by site and what counts at no site are all circuits in service."""
    summary = assessment.summary
    named = {f.row_id for f in assessment.findings if f.rule == "ND993"}
    of_site = {row["site_id"]: row["circuits"] for row in rows(assessment, "sites")}
    circuits = rows(assessment, "circuits")
    assert len(circuits) == summary.circuits
    assert len(named) == summary.without_site
    assert sum(of_site.values()) + len(named) == summary.circuits
    at = Counter(row["site_id"] for row in circuits if row["circuit_id"] not in named)
    assert at == {site: count for site, count in of_site.items() if count}
    for table in AREAS:
        assert sum(row["circuits"] for row in rows(assessment, table)) == sum(of_site.values())


def test_circuits_whose_a_end_is_no_site_in_service_are_found_and_counted(plan):
    assessment = assess_recorded(plan.inventory(), Options(lang="en"))
    found = {f.row_id: str(f.message) for f in assessment.findings if f.rule == "ND993"}
    none = "it counts at no site, for a_id {0!r} names none"
    assert found == {
        "X2": none.format(""),
        "X3": none.format("gone"),
        "X4": none.format("K"),
        "X5": "it counts at no site, for its site 'R' is not in service",
    }
    assert (assessment.summary.circuits, assessment.summary.without_site) == (5, 4)
    assert assessment.summary.as_json()["without_site"] == 4
    assert_adds_up(assessment)


def test_an_id_of_a_site_and_of_an_office_names_no_site(plan):
    plan.office("A")
    assessment = assess_recorded(plan.inventory())
    assert assessment.summary.without_site == 5
    assert_adds_up(assessment)


@pytest.mark.parametrize("seed", range(1, 13, 2))
def test_circuits_of_sites_and_those_of_none_are_all_circuits(seed):
    plan = aged(draw_plant(seed), seed)
    for n, row in enumerate(plan.rows["circuits"]):
        row["a_id"] = (row["a_id"], "gone", None, row["a_id"])[(n + seed) % 4]
    assessment = assess_recorded(plan.inventory())
    assert assessment.summary.without_site
    assert_adds_up(assessment)


@pytest.mark.parametrize(("lang", "words"), [
    ("en", "circuits that count at no site, for their a_id is no site in service"),
    ("zh", "4 条电路不计入任何网点"),
])  # fmt: skip
def test_the_terminal_and_a_notebook_say_how_many_count_at_no_site(plan, lang, words):
    summary = assess_recorded(plan.inventory()).summary
    file = io.StringIO()
    print_summary(summary, Console(file=file, width=200), lang)
    assert words in file.getvalue()
    assert words in summary.to_html(lang)


def test_nothing_is_said_where_every_circuit_has_its_site(plan):
    plan.rows["circuits"] = plan.rows["circuits"][:1]
    summary = assess_recorded(plan.inventory()).summary
    assert summary.without_site == 0
    assert "no site" not in summary.to_html("en")
