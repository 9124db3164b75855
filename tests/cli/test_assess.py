"""`netgraph assess` end to end on the small example."""

from __future__ import annotations

import hashlib
import json
from importlib import resources

import pytest
from commands import everything_in, finish, read_tables, start, table_bytes

TABLES = {
    "sites", "circuits", "hazards", "causes", "cities", "counties", "customers", "items",
    "findings", "availability", "availability_sites", "rings", "ring_findings",
    "risk_groups",
}  # fmt: skip

CHARTS = {
    "causes", "comparison_by_customer", "grades_by_city", "grades_by_tier",
    "item_ranking_by_customer", "items", "three_grid",
}  # fmt: skip


def test_it_writes_tables_map_summary_and_record_and_prints_the_summary(twin_ring, tmp_path):
    outcome = finish(start("assess", twin_ring, "-o", tmp_path / "out"))

    assert outcome.code == 0
    written = everything_in(tmp_path / "out")
    assert set(written) == {
        "maps", "maps/sites.png", "run.json", "summary.json", "tables", "charts",
        "assessment.gpkg", "assessment.xlsx", "report.html", "report.pdf",
        *(f"tables/{name}.csv" for name in TABLES), *(f"charts/{name}.png" for name in CHARTS),
    }  # fmt: skip
    assert written["maps/sites.png"].startswith(b"\x89PNG")
    assert "Sites per grade" in outcome.out
    assert "Written to" not in outcome.out
    assert f"Written to {tmp_path / 'out'}" in outcome.err
    assert "error ND924 cables " in outcome.err
    assert "(cables.csv row 19)" in outcome.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "twin_ring"]


def test_a_second_run_writes_the_same_bytes_and_the_clock_only_in_the_record(
    netgraph, twin_ring, tmp_path
):
    out = tmp_path / "out"
    netgraph("assess", twin_ring, "-o", out, "--search-seconds", 0)
    first = everything_in(out)
    netgraph("assess", twin_ring, "-o", out, "--search-seconds", 0)
    second = everything_in(out)

    assert {name for name in first if first[name] != second[name]} <= {"run.json"}
    before, after = json.loads(first["run.json"]), json.loads(second["run.json"])
    assert before.pop("seconds").keys() == after.pop("seconds").keys()
    assert before == after


@pytest.mark.parametrize("form", ["xlsx", "gpkg"])
def test_every_format_of_an_inventory_gives_the_same_tables(netgraph, twin_ring, tmp_path, form):
    assert netgraph("example", "twin_ring", tmp_path, "--format", form).code == 0
    netgraph("assess", twin_ring, "-o", tmp_path / "csv", "--no-maps")
    netgraph("assess", tmp_path / f"twin_ring.{form}", "-o", tmp_path / form, "--no-maps")

    assert table_bytes(tmp_path / form) == table_bytes(tmp_path / "csv")
    one, other = (tmp_path / name / "summary.json" for name in ("csv", form))
    assert one.read_bytes() == other.read_bytes()


def test_the_record_of_the_run_names_version_inputs_options_and_seconds(
    netgraph, twin_ring, tmp_path
):
    out = tmp_path / "out"
    netgraph("assess", twin_ring, "-o", out, "--no-maps", "--as-of", "2027-01-31", "--lang", "zh")
    run = json.loads((out / "run.json").read_text("utf-8"))

    hashes = {file["path"]: file["sha256"] for file in run["inputs"]}
    assert hashes == {
        str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in twin_ring.iterdir()
    }
    assert run["netgraph"] == "0.1.0"
    assert run["options"]["as_of"] == run["snapshot_date"] == "2027-01-31"
    assert run["options"]["lang"] == "zh"
    assert run["options"]["rules"]["entry_tolerance_m"] == 50.0
    assert run["scorecard"]["full_marks"] == {
        "diamond": 100, "gold": 92, "silver": 43, "standard": 33,
    }  # fmt: skip
    assert run["counts"]["sites"] == 6
    assert {"check", "network", "audit", "search", "score", "tables"} <= run["seconds"].keys()


def test_chinese_is_printed_and_written_when_asked_for(netgraph, twin_ring, tmp_path):
    outcome = netgraph("assess", twin_ring, "-o", tmp_path / "out", "--no-maps", "--lang", "zh")

    assert "优" in outcome.out
    reasons = [row["reason"] for row in read_tables(tmp_path / "out")["circuits"]]
    assert all(any("一" <= sign <= "鿿" for sign in reason) for reason in reasons)


def test_a_copy_of_the_rules_changes_what_a_tier_requires(netgraph, twin_ring, tmp_path):
    rules = tmp_path / "rules.toml"
    shipped = resources.files("netgraph.diversity").joinpath("rules.toml").read_text("utf-8")
    rules.write_text(shipped.replace('gold = "diverse"', 'gold = ""'), "utf-8")

    outcome = netgraph("assess", twin_ring, "-o", tmp_path / "out", "--no-maps", "--rules", rules)

    assert outcome.code == 0
    for row in read_tables(tmp_path / "out")["sites"]:
        assert row["required_level"] == ("diverse" if row["tier"] == "diamond" else "")


def test_files_of_the_user_in_the_output_folder_stay(netgraph, twin_ring, tmp_path):
    out = tmp_path / "out"
    netgraph("assess", twin_ring, "-o", out)
    (out / "notes.txt").write_text("mine")
    (out / "maps" / "mine.png").write_bytes(b"mine")

    assert netgraph("assess", twin_ring, "-o", out, "--no-maps").code == 0

    written = everything_in(out)
    assert written["notes.txt"] == written["maps/mine.png"] == b"mine"
    assert "maps/sites.png" not in written


def test_a_cause_is_as_severe_as_its_worst_hazard_and_ranked_by_it(netgraph, twin_ring, tmp_path):
    assert netgraph("assess", twin_ring, "-o", tmp_path / "out", "--no-maps").code == 0
    tables = read_tables(tmp_path / "out")
    ladder = ["red", "orange", "yellow", "blue", "info"]
    worst = {}
    for row in tables["hazards"]:
        old = worst.get(row["cause_id"], ladder[-1])
        worst[row["cause_id"]] = min(old, row["severity"], key=ladder.index)
    causes = {row["cause_id"]: row for row in tables["causes"]}

    assert {name: row["severity"] for name, row in causes.items()} == worst
    assert len(set(worst.values())) > 1
    by_rank = sorted(causes.values(), key=lambda row: int(row["rank"]))
    assert [int(row["rank"]) for row in by_rank] == list(range(1, len(causes) + 1))
    steps = [ladder.index(row["severity"]) for row in by_rank]
    assert steps == sorted(steps)
