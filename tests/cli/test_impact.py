"""`netgraph impact` end to end."""

from __future__ import annotations

import json

import pytest
from commands import read_rows, write_rows

COLUMNS = [
    "rank", "circuit_id", "status", "lost", "may_be", "is_cut_off", "site_is_cut_off",
    "customer_id", "customer", "site_id", "site", "tier", "importance", "service",
    "repair_limit_h", "group_id", "backed_up_by", "routes_hit", "hit_by", "missing",
]  # fmt: skip


def test_a_cut_is_written_in_the_order_of_calling(netgraph, twin_ring, tmp_path):
    """The manhole X, through which both cables of S3 run, and the office J1 of both rings."""
    out = tmp_path / "out"

    outcome = netgraph(
        "impact", twin_ring, "--element", "structures:X", "--element", "offices:J1", "-o", out
    )

    assert outcome.code == 0
    rows = read_rows(out / "tables" / "impact.csv")
    assert list(rows[0]) == COLUMNS
    assert [(row["circuit_id"], row["status"]) for row in rows[:3]] == [
        ("L4", "down"), ("L5", "down"), ("L1", "unprotected"),
    ]  # fmt: skip
    assert rows[0]["repair_limit_h"] == "4"
    contacts = read_rows(out / "tables" / "contacts.csv")
    assert [row["customer_id"] for row in contacts] == ["BANK", "POWER"]
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert (summary["circuits_down"], summary["sites_cut_off"]) == (2, 2)
    run = json.loads((out / "run.json").read_text("utf-8"))
    assert run["options"] == {"elements": ["structures:X", "offices:J1"]}
    assert "L4" in outcome.out
    assert "cut off 2" in outcome.out


@pytest.mark.parametrize(("lang", "word"), [("en", "down 1 (cut off 1)"), ("zh", "中断 1")])
def test_the_table_is_in_the_language_asked_for(netgraph, twin_ring, lang, word):
    outcome = netgraph("impact", twin_ring, "--element", "structures:X", "--lang", lang)
    assert outcome.code == 0
    assert word in outcome.out


def test_the_result_is_there_for_other_tools(netgraph, twin_ring):
    outcome = netgraph("impact", twin_ring, "--element", "structures:X", "--format", "json")
    record = json.loads(outcome.out)
    assert record["summary"]["circuits_down"] == 1
    assert record["circuits"][0]["circuit_id"] == "L4"

    outcome = netgraph("impact", twin_ring, "--element", "structures:X", "--format", "csv")
    heading, first, *_ = outcome.out.splitlines()
    assert heading == ",".join(COLUMNS)
    assert first.startswith("1,L4,down,,,true,true,BANK,")


@pytest.fixture
def order(tmp_path):
    """Where a test writes its work order."""
    return tmp_path / "order.csv"


def test_a_work_order_is_judged_and_stopped(netgraph, twin_ring, order, tmp_path):
    rows = [
        {"circuit_id": circuit, "role": role, "seq": str(seq), "link_id": link}
        for circuit in ("L1", "L2")
        for role in ("working", "protect")
        for seq, link in enumerate(
            ("A-S1-E1", "RING-E-J1-E1", "RING-W-W1-J1", "RING-W-K-W1"), start=1
        )
    ]
    write_rows(order, rows)
    out = tmp_path / "out"

    outcome = netgraph("impact", twin_ring, "--routes", order, "-o", out)

    assert outcome.code == 1
    assert "Violations this work order would cause" in outcome.out
    first = read_rows(out / "tables" / "regrooming.csv")[0]
    assert (first["unit_id"], first["circuit_ids"]) == ("G-S1", "L1;L2")
    assert (first["level_before"], first["level_after"]) == ("diverse", "single_route")
    assert (first["meets_before"], first["meets_after"]) == ("true", "false")
    assert read_rows(out / "tables" / "impact.csv") == []


def test_a_work_order_that_changes_nothing_passes(netgraph, twin_ring, order):
    rows = [r for r in read_rows(twin_ring / "circuit_links.csv") if r["circuit_id"] == "L1"]
    write_rows(order, rows)
    outcome = netgraph("impact", twin_ring, "--routes", order)
    assert outcome.code == 0
    assert "would cause: 0" in outcome.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--element", "structures:Y"], "There is no 'Y' in structures"),
        (["--element", "manhole:X"], "The tables are spans, trenches"),
        ([], "Name at least one element"),
        (["--routes", "nowhere.csv"], "nowhere.csv: cannot be opened"),
    ],
)
def test_what_is_not_there_is_refused_in_words(netgraph, twin_ring, tmp_path, arguments, told):
    outcome = netgraph("impact", twin_ring, *arguments, "-o", tmp_path / "out")
    assert outcome.code == 2
    assert told in outcome.err
    assert not (tmp_path / "out").exists()


def test_a_work_order_with_an_unknown_link_is_refused_with_its_row(netgraph, twin_ring, order):
    write_rows(order, [{"circuit_id": "L1", "role": "working", "seq": "1", "link_id": "NO"}])
    outcome = netgraph("impact", twin_ring, "--routes", order)
    assert outcome.code == 2
    assert "order.csv row 2: link_id 'NO' is not in the table links" in outcome.err
