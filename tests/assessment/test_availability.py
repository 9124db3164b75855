"""Expected outages in the tables, the summary and the ranks."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import pytest
from builders import PlantBuilder
from commands import BANK, Command, read_rows

import netgraph as ng
from netgraph.assessment import Handover
from netgraph.assessment.standing import site_standings
from netgraph.report.figures import two_digits


def number(cell):
    return float(cell) if cell else math.nan


def test_every_circuit_and_every_site_with_circuits_has_a_row(run):
    tables = run.tables
    assert [row["circuit_id"] for row in tables["availability"]] == [
        row["circuit_id"] for row in tables["circuits"]
    ]
    with_circuits = {row["site_id"] for row in tables["sites"] if row["circuits"] != "0"}
    assert {row["site_id"] for row in tables["availability_sites"]} == with_circuits


def test_a_row_has_figures_or_names_the_record_that_is_missing(run):
    missing = {row["circuit_id"]: row["missing_records"] for row in run.tables["circuits"]}
    for row in run.tables["availability"]:
        figures = ("outage_minutes_year", "faults_month", "shared_minutes", "meets_target")
        assert len({bool(row[name]) for name in figures}) == 1
        assert bool(row["missing"]) != bool(row["outage_minutes_year"])
        if missing[row["circuit_id"]]:
            assert row["outage_minutes_year"] == ""


MODELLED = {
    "availability": ("outage_minutes_year", "faults_month", "shared_minutes"),
    "availability_sites": ("outage_minutes_year", "faults_month", "shared_minutes"),
}


def significant_digits(cell):
    return len(cell.replace(".", "").strip("0").replace(",", ""))


@pytest.mark.parametrize("table", MODELLED)
def test_a_written_row_has_figures_of_two_digits_and_the_word_modelled(run, table):
    rows = run.tables[table]
    assert {row["outage_basis"] for row in rows} == {"modelled", ""}
    for row in rows:
        cells = [row[name] for name in MODELLED[table]]
        assert all(significant_digits(cell) <= 2 for cell in cells), cells
        assert row["outage_basis"] == ("modelled" if any(cells) else "")


@pytest.mark.parametrize(("metres", "meets"), [(12_070.0, True), (12_085.0, False)])
def test_the_target_is_held_to_the_figure_before_it_was_rounded(tmp_path, metres, meets):
    """Both ways of S read 53 minutes a year; the target of its tier is 52.56.

    S ──── w ──── K     two spans of so many metres
    """
    plan = PlantBuilder().office("K").site("S")
    plan.way("W", "S w K", length_m=metres)
    plan.circuit("X", "S", "K", "W", protection="none", tier="diamond")
    assessment = ng.assess(plan.inventory())
    out = ng.write_assessment(
        assessment, tmp_path / "out", maps=False, html=False, handover=Handover.none()
    )

    (row,) = read_rows(out / "tables" / "availability.csv")
    assert row["outage_minutes_year"] == "53"
    assert row["target_minutes_year"] == "52.56"
    assert row["meets_target"] == str(meets).lower()
    (full,) = assessment.availability["outage_minutes_year"]
    assert abs(full - 52.56) < 0.1  # in Python nothing is rounded


def test_a_circuit_without_a_second_route_shares_all_of_its_outage(run):
    for row in run.tables["availability"]:
        if row["switching"] == "none" and row["outage_minutes_year"]:
            assert row["shared_minutes"] == row["outage_minutes_year"]
        assert (row["switching"] == "automatic") == (row["is_parallel"] == "true")


def test_the_summary_sums_the_circuits_and_says_that_it_is_modelled(run):
    outages = json.loads((run.out / "summary.json").read_text("utf-8"))["outages"]
    rows = [row for row in run.tables["availability"] if row["outage_minutes_year"]]
    assert outages["circuits"] == len(rows)
    assert outages["circuits_unknown"] == len(run.tables["availability"]) - len(rows)
    faults = sum(number(row["faults_month"]) for row in rows)
    assert outages["faults_month"] == pytest.approx(faults, rel=0.06)  # each of two digits
    for name in ("faults_month", "circuit_minutes_year", "median_minutes_year"):
        assert significant_digits(repr(outages[name])) <= 2
    assert outages["is_modelled"]
    assert outages["assumes_independent_failures"]
    assert outages["published_case"]["faults_month_before"] == 27


def test_the_bank_keeps_its_grades_and_its_faults_are_of_the_size_of_the_published_case(bank):
    """An order of magnitude, not a fit: plant and rates are not the ones of the case."""
    summary = bank.assessment.summary
    assert list(summary.grades.values()) == [8, 325, 38, 18]
    assert 8 < summary.outages.faults_month < 81


def test_a_site_with_more_outage_stands_before_one_like_it(bank):
    standings = site_standings(bank.assessment)
    for before, after in pairwise(standings):
        alike = ("severity", "tier", "importance")
        if any(getattr(before, name) != getattr(after, name) for name in alike):
            continue
        if len(before.circuits) == len(after.circuits):
            minutes = [s.outage_minutes_year for s in (before, after)]
            known = [math.inf if m is None else m for m in minutes]
            assert known[0] >= known[1]


def test_rates_of_ones_own_are_used_and_recorded(tmp_path):
    plan = PlantBuilder().office("K").site("A").way("W", "A w K")
    plan.circuit("X", "A", "K", "W", protection="none")
    rates = ng.Options().rates
    never = rates.__class__(**{**vars(rates), "per_year": dict.fromkeys(rates.per_year, 0.0)})
    options = ng.Options(rates=never)
    assessment = ng.assess(plan.inventory(), options)
    out = ng.write_assessment(
        assessment, tmp_path / "out", maps=False, html=False, handover=Handover.none()
    )

    (row,) = assessment.availability.to_dict("records")
    assert row["outage_minutes_year"] == pytest.approx(0.0072 * 4 * 60, rel=1e-3)  # one kilometre
    assert json.loads((out / "run.json").read_text("utf-8"))["options"]["rates"]["per_year"] == (
        never.per_year
    )


@pytest.fixture
def netgraph(capsys):
    return Command(capsys)


def test_the_command_prints_two_digits_the_word_modelled_and_the_assumption(netgraph, tmp_path):
    inventory = tmp_path / "small"
    assert netgraph("example", "twin_ring", inventory).code == 0
    outcome = netgraph("assess", inventory, "-o", tmp_path / "out", "--no-maps")

    assert outcome.code == 0
    assert "modelled: about 0.019 outages a month on 6 circuits" in outcome.out
    assert "independently of each other" in outcome.out
    chinese = netgraph("assess", inventory, "-o", tmp_path / "out", "--no-maps", "--lang", "zh")
    assert "模型值" in chinese.out
    assert "相互独立" in chinese.out


def test_the_command_names_everything_that_is_wrong_with_the_rates(netgraph, tmp_path):
    rates = tmp_path / "rates.toml"
    rates.write_text("[switching]\nmanual_switch_h = -1\n", encoding="utf-8")
    outcome = netgraph("assess", BANK, "-o", tmp_path / "out", "--rates", rates)

    assert outcome.code == 2
    assert "switching.manual_switch_h must be a number, 0 or more, not -1" in outcome.err
    assert "the table [failures_per_year] is missing" in outcome.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "0"), (1234.5, "1,200"), (99.6, "100"), (0.0361, "0.036"), (None, "—"), (7.0, "7")],
)
def test_a_modelled_figure_has_two_digits(value, shown):
    assert two_digits(value) == shown
