"""What stdout gets: data alone, the same as what is written, and no other exit code."""

from __future__ import annotations

import csv
import io
import json

import pytest

WROTE = {
    "assess": (("assess", "{twin}", "-o", "{out}", "--no-maps", "--fail-on", "info"), "sites"),
    "diversity": (("diversity", "{twin}", "--centre", "K", "-o", "{out}"), "nodes"),
    "simulate": (("simulate", "{twin}", "-o", "{out}", "--no-maps"), "risks"),
    "corridors": (("corridors", "{twin}", "{twin}", "--within", "5", "-o", "{out}"), "corridors"),
}


@pytest.mark.parametrize("command", WROTE)
def test_json_is_the_summary_and_csv_the_main_table_as_written(
    netgraph, twin_ring, tmp_path, command
):
    """Each run is held to its own files: a search that ran out of time may tell two runs apart."""
    words, table = WROTE[command]
    told = {}
    for form in ("table", "json", "csv"):
        out = tmp_path / form
        places = {"twin": twin_ring, "out": out}
        told[form] = netgraph(*(word.format(**places) for word in words), "--format", form)
        assert told[form].err.endswith(f"Written to {out}.\n")

    assert [ran.code for ran in told.values()] == [int(command == "assess")] * 3
    assert told["json"].out == (tmp_path / "json" / "summary.json").read_text("utf-8")
    written = tmp_path / "csv" / "tables" / f"{table}.csv"
    assert told["csv"].out == written.read_text("utf-8-sig")
    assert told["table"].out not in {"", told["json"].out, told["csv"].out}


def test_what_check_finds_is_data_when_another_program_asks(netgraph, twin_ring):
    told = {form: netgraph("check", twin_ring, "--format", form) for form in ("json", "csv")}
    plain = netgraph("check", twin_ring, "--fail-on", "error")

    found = json.loads(told["json"].out)["findings"]
    assert found
    rows = list(csv.DictReader(io.StringIO(told["csv"].out)))
    assert [row["rule"] for row in rows] == [one["rule"] for one in found]
    assert {ran.code for ran in told.values()} == {plain.code}
    assert not told["json"].err


def test_the_sheet_of_a_site_is_data_when_another_program_asks(netgraph, twin_ring):
    """Every route is told cell by cell, from A on, and the verdict is that of the sheet."""
    site = "S1"
    told = {form: netgraph("trace", twin_ring, site, "--format", form) for form in ("json", "csv")}

    sheet = json.loads(told["json"].out)
    rows = list(csv.DictReader(io.StringIO(told["csv"].out)))
    lanes = [
        (lane, route)
        for unit in sheet["units"]
        for panel in unit["panels"]
        for lane in (panel["left"], panel["right"])
        if lane
        for route in lane["routes"]
    ]
    assert sheet["subject"] == site
    assert sheet["standing"]["level"] in {unit["level"] for unit in sheet["units"]}
    assert len(rows) == sum(len(lane["cells"]) for lane, _ in lanes)
    assert {row["circuit"] for row in rows} == {circuit for _, (circuit, _) in lanes}
    assert all(row["start"] == site for row in rows if row["position"] == "1")
    assert {ran.code for ran in told.values()} == {0}


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("LL5", "没有电路或网点 'LL5'；相近的有：电路 L5"),
        ("sites:S1x", "没有网点 'S1x'；相近的有：网点 S1"),
        ("circuits:####", "没有电路 '####'，也没有相近的名称。"),
    ],
)
def test_what_cannot_be_traced_is_told_in_chinese_with_the_nearest(netgraph, twin_ring, word, told):
    ran = netgraph("trace", twin_ring, word, "--lang", "zh")

    assert ran.code == 2
    assert told in ran.err


def test_doctor_and_verify_speak_to_programs_too(netgraph, twin_ring, tmp_path):
    out = tmp_path / "out"
    netgraph("assess", twin_ring, "-o", out, "--no-maps", "--certificates")
    verdicts = netgraph("verify", out, "--format", "csv")
    checks = netgraph("doctor", "--format", "json")

    assert all(row["refused"] == "0" for row in csv.DictReader(io.StringIO(verdicts.out)))
    assert {"name", "found", "is_good", "hint"} == set(json.loads(checks.out)[0])
    assert verdicts.code == 0


def test_the_help_fits_a_screen_and_names_every_command(netgraph):
    netgraph.environment["COLUMNS"] = "80"
    shown = netgraph("--help").out.rstrip().splitlines()

    assert len(shown) <= 30
    assert max(map(len, shown)) <= 80
    assert not any(line.endswith("...") or "…" in line for line in shown)
