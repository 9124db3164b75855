"""Recorded faults beside the modelled ones."""

from __future__ import annotations

import pytest
from builders import PlantBuilder
from commands import read_rows
from rich.console import Console

import netgraph as ng
from netgraph.assessment import Handover
from netgraph.report.console import print_summary


@pytest.fixture
def plan():
    """Two circuits of one site, four hours to repair; the snapshot is a year after the first day.

    A ---- w ---- K
    """
    plan = PlantBuilder("2026-01-01").office("K").site("A", city="太原市").way("W", "A w K")
    for name in ("X", "Y"):
        plan.circuit(name, "A", "K", "W", protection="none", repair_limit_h=4.0)
    return plan


def fault(plan, name, circuit, started, restored=None):
    return plan.add("faults", id=name, circuit_id=circuit, started=started, restored=restored)


def count(plan, scope="network"):
    found = ng.assess(plan.inventory()).faults
    return found[found["scope"] == scope].iloc[0]


def test_faults_are_counted_by_month_and_those_restored_in_time_apart(plan):
    fault(plan, "F1", "X", "2025-01-01T00:00", "2025-01-01T04:00")
    fault(plan, "F2", "X", "2025-06-01T00:00", "2025-06-01T05:00")
    fault(plan, "F3", "Y", "2025-09-01T00:00", "2025-09-01T01:00")
    row = count(plan)

    assert row["months"] == pytest.approx(12.0)
    assert row["faults_month"] == pytest.approx(3 / 12)
    assert (row["restored_in_time"], row["restored_late"], row["still_open"]) == (2, 1, 0)
    assert row["in_time_ratio"] == pytest.approx(2 / 3)
    assert row["observed_minutes_year"] == pytest.approx(600.0)


def test_modelled_figures_of_all_circuits_stand_beside_the_observed_ones(plan):
    fault(plan, "F1", "X", "2025-01-01T00:00", "2025-01-01T04:00")
    assessment = ng.assess(plan.inventory())
    row = count(plan)

    assert row["circuits"] == 2
    modelled = assessment.availability["outage_minutes_year"].sum()
    assert row["modelled_minutes_year"] == pytest.approx(modelled)


def test_faults_of_one_circuit_that_overlap_are_one_outage(plan):
    fault(plan, "F1", "X", "2025-01-01T00:00", "2025-01-01T04:00")
    fault(plan, "F2", "X", "2025-01-01T03:00", "2025-01-01T05:00")
    fault(plan, "F3", "X", "2025-01-01T01:00", "2025-01-01T02:00")

    assert count(plan)["observed_minutes_year"] == pytest.approx(300.0)


def test_an_open_fault_is_late_once_its_time_is_up(plan):
    fault(plan, "F1", "X", "2025-01-01T00:00")
    fault(plan, "F2", "Y", "2025-12-31T22:00")
    row = count(plan)

    assert (row["restored_in_time"], row["restored_late"], row["still_open"]) == (0, 1, 1)


def test_bad_rows_are_findings_and_do_not_count(plan):
    fault(plan, "F1", "X", "2025-01-01T04:00", "2025-01-01T00:00")
    fault(plan, "F2", "Z", "2025-01-01T00:00", "2025-01-01T04:00")
    fault(plan, "F3", "Y", "2025-01-01T00:00", "2025-01-01T04:00")
    assessment = ng.assess(plan.inventory())

    assert count(plan)["faults"] == 1
    named = {(f.table, f.row_id): f.rule for f in assessment.findings}
    assert named["faults", "F1"] == "ND942"
    assert ("faults", "F2") in named


def test_cities_and_customers_have_rows_of_their_own(plan):
    plan.site("B", customer_id="R", city="大同市").way("V", "B v K")
    plan.circuit("Z", "B", "K", "V", protection="none", customer_id="R")
    fault(plan, "F1", "X", "2025-01-01T00:00", "2025-01-01T04:00")
    fault(plan, "F2", "Z", "2025-01-01T00:00", "2025-01-01T04:00")
    found = ng.assess(plan.inventory()).faults

    keys = list(zip(found["scope"], found["city"], found["customer_id"], strict=True))
    assert keys == [
        ("city", "大同市", ""), ("city", "太原市", ""),
        ("customer", "", "Q"), ("customer", "", "R"), ("network", "", ""),
    ]  # fmt: skip
    assert found["faults"].tolist() == [1, 1, 1, 1, 2]


def test_the_table_is_written_only_where_faults_are_recorded(plan, tmp_path):
    alone = {"maps": False, "html": False, "handover": Handover.none()}
    without = ng.write_assessment(ng.assess(plan.inventory()), tmp_path / "1", **alone)
    assert not (without / "tables" / "faults.csv").exists()
    fault(plan, "F1", "X", "2025-01-01T00:00", "2025-01-01T04:00")
    written = ng.write_assessment(ng.assess(plan.inventory()), tmp_path / "2", **alone)
    assert len(read_rows(written / "tables" / "faults.csv")) == 3
    assert "observed" in (written / "summary.json").read_text("utf-8")


def test_the_summary_prints_what_was_observed_beside_what_is_modelled(plan, capsys):
    fault(plan, "F1", "X", "2025-01-01T00:00", "2025-01-01T04:00")
    print_summary(ng.assess(plan.inventory()).summary, Console(width=200), "en")
    text = capsys.readouterr().out
    assert "observed: 1 fault in 12.0 months" in text
    assert "240 circuit minutes a year, modelled" in text


def test_a_date_that_cannot_be_neither_counts_nor_stretches_the_records(plan):
    fault(plan, "F1", "X", "2025-07-01T00:00", "2025-07-01T04:00")
    fault(plan, "F2", "Y", "1900-01-01T00:00", "1900-01-01T04:00")
    fault(plan, "F3", "Y", "2036-01-01T00:00", "2036-01-01T04:00")
    fault(plan, "F4", "Y", "2036-01-01T00:00")
    assessment = ng.assess(plan.inventory())
    row = count(plan)

    assert row["faults"] == 1
    assert row["months"] == pytest.approx(184 / (365 / 12))
    said = {f.row_id: f.rule for f in assessment.findings if f.table == "faults"}
    assert said == dict.fromkeys(["F2", "F3", "F4"], "ND936")


def test_a_fault_that_ends_after_the_snapshot_is_down_until_then(plan):
    fault(plan, "F1", "X", "2025-12-31T20:00", "2036-01-01T00:00")
    assessment = ng.assess(plan.inventory())
    row = count(plan)

    assert (row["faults"], row["restored_late"]) == (1, 1)
    assert row["observed_minutes_year"] == pytest.approx((4 + 24) * 60 * 365 / 32)
    (said,) = (f for f in assessment.findings if f.table == "faults")
    assert (said.rule, said.row_id) == ("ND936", "F1")
    assert said.message.startswith("restored is 2036-01-01, after the snapshot")


def test_a_fault_that_nobody_ended_for_long_is_asked_about(plan):
    fault(plan, "F1", "X", "2025-11-01T00:00")
    fault(plan, "F2", "Y", "2025-12-20T00:00")
    found = [f for f in ng.assess(plan.inventory()).findings if f.table == "faults"]

    assert [(f.rule, f.severity, f.row_id) for f in found] == [("ND992", "warning", "F1")]
    assert "61 days" in found[0].message
