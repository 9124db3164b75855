"""One defect put into the diamond network (see conftest) gives one finding, and no other."""

from __future__ import annotations

import pytest

from netgraph.inventory import check_inventory, from_columns
from netgraph.inventory.checks.run import CHECKS
from netgraph.inventory.rules import load_rules


def test_the_diamond_network_has_no_defect(diamond, found):
    assert found(diamond) == []


def test_an_empty_inventory_has_no_defect():
    assert check_inventory(from_columns({})) == ()


def test_every_check_says_what_it_finds():
    assert len({check.__name__ for check in CHECKS}) == len(CHECKS)
    assert all(check.__doc__.startswith("Find ") for check in CHECKS)


def test_findings_are_sorted_and_those_of_reading_are_among_them(diamond):
    diamond["spans"]["length_m"][0] = -1
    diamond["spans"]["to_id"][3] = "S9"
    inventory = from_columns(diamond)

    findings = check_inventory(inventory)

    assert [finding.rule for finding in findings] == ["ND902", "ND920"]
    assert list(findings) == sorted(findings)
    assert set(inventory.findings) < set(findings)
    assert all(finding.severity == load_rules()[finding.rule].severity for finding in findings)


@pytest.mark.parametrize(
    ("table", "column", "row_id", "wanted"),
    [
        ("sites", "customer_id", "S1", "customers"),
        ("cables", "to_id", "C1", "structures, offices, sites"),
        ("cable_spans", "span_id", "C1/1", "spans"),
        ("equipment", "location_id", "T1", "offices, sites"),
        ("links", "from_id", "L1", "equipment, offices, sites"),
        ("circuits", "b_id", "X1", "offices, sites"),
        ("circuit_links", "link_id", "X1/working//1", "links"),
        ("faults", "circuit_id", "F1", "circuits"),
    ],
)
def test_an_unknown_id_is_found_and_kept(diamond, table, column, row_id, wanted, found, message):
    diamond[table][column][0] = "nobody"

    assert ("ND920", table, row_id) in found(diamond)
    assert message(diamond, "ND920") == f"{column} 'nobody' is not in {wanted}"
    assert from_columns(diamond).table(table)[column][0] == "nobody"


@pytest.mark.parametrize(("written", "meant"), [("m1", "M1"), ("M-1", "M1"), ("M01", "M1")])
def test_an_id_that_is_nearly_right_is_suggested(diamond, written, meant):
    diamond["spans"]["from_id"][2] = written

    hints = [finding.hint for finding in check_inventory(from_columns(diamond))]

    assert any(hint.startswith(f"Is {meant!r} meant?") for hint in hints)


def test_leading_zeros_that_excel_ate_are_suggested(diamond):
    diamond["customers"]["id"] = ["007"]
    diamond["sites"]["customer_id"] = [7]
    diamond["circuits"]["customer_id"] = ["007"]

    (finding,) = check_inventory(from_columns(diamond))

    assert finding.hint.startswith("Is '007' meant?")


def test_references_to_an_absent_table_are_one_finding_a_column(diamond, found):
    del diamond["customers"]

    assert found(diamond) == [("ND921", "circuits", ""), ("ND921", "sites", "")]


def test_members_of_risk_groups_must_stand_in_their_table(diamond, found):
    diamond["risk_groups"] = {"id": ["R1"], "kind": ["flood zone"]}
    diamond["risk_members"] = {
        "risk_id": ["R1", "R1"],
        "table": ["spans", "cables"],
        "element_id": ["P1", "P1"],
    }

    assert found(diamond) == [("ND920", "risk_members", "R1/cables/P1")]


@pytest.mark.parametrize("subject", ["S1", "D1", "O1", "K1", "太原"])
def test_records_may_be_about_things_people_and_places(diamond, subject, found):
    diamond["records"]["subject_id"] = [subject]

    assert found(diamond) == []


def test_records_about_nobody_arefound(diamond, found):
    diamond["records"]["subject_id"] = ["大同"]

    assert found(diamond) == [("ND920", "records", "大同/IN1")]


def test_an_id_in_two_tables_of_ends_isfound(diamond, add_row, found, message):
    add_row(diamond["structures"], id="O1", kind="pole", lon=112.5, lat=37.82)

    assert found(diamond) == [("ND922", "structures", "O1")]
    assert message(diamond, "ND922") == "the id 'O1' is also in offices"


@pytest.mark.parametrize(
    ("table", "rule"),
    [("circuit_links", "ND946"), ("link_cables", "ND946"), ("cable_spans", "ND946")],
)
def test_an_absent_table_that_verdicts_need_is_one_finding(diamond, table, rule, found):
    del diamond[table]

    assert found(diamond) == [(rule, table, "")]


def test_two_rows_at_one_place_in_an_order_arefound(diamond, found):
    diamond["cable_spans"]["seq"][1] = 1

    assert ("ND944", "cable_spans", "C1/1") in found(diamond)


@pytest.mark.parametrize(
    ("day", "why"),
    [("1900-01-01", "before 1985-01-01"), ("2026-10-02", "after the snapshot of 2026-10-01")],
)
def test_an_implausible_date_isfound(diamond, day, why, found, message):
    diamond["equipment"]["installed"][1] = day

    assert found(diamond) == [("ND936", "equipment", "D1")]
    assert message(diamond, "ND936") == f"installed is {day}, {why}"


def test_a_fault_that_was_over_before_it_began_isfound(diamond, found):
    diamond["faults"]["restored"] = ["2026-09-01 08:29"]

    assert found(diamond) == [("ND942", "faults", "F1")]


def test_records_that_contradict_each_other_are_one_finding(diamond, found, message):
    diamond["records"] = {
        "subject_id": ["S1", "S1", "S1", "S1", "O1"],
        "item_id": ["SP1", "SP1", "SP1", "IN1", "SP1"],
        "passed": ["true", "false", "true", "true", None],
    }

    findings = found(diamond, ignore={"ND903"})

    assert findings == [("ND943", "records", "S1/SP1")]
    assert message(diamond, "ND943") == "passed is both false and true"
