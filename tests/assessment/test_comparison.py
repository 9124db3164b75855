"""What changed between two assessments: nothing that was diverse may be lost from sight."""

from __future__ import annotations

import csv
import json
import math
import shutil
from itertools import pairwise

import pytest

import netgraph as ng
from netgraph.assessment.comparison import compare_runs, read
from netgraph.datasets import example_columns
from netgraph.errors import InputError, OutputError
from netgraph.inventory import from_columns
from netgraph.report.charts import UnitSeries, UnitShift, draw_changes, draw_series
from netgraph.report.contract import table_specs

EAST = ["A-S1-E1", "RING-E-J1-E1", "RING-W-W1-J1", "RING-W-K-W1"]
SOUTH = ["A-S1-J2", "RING-W-J2-W2", "RING-W-W2-K"]


def regroomed():
    """Twin_ring half a year later: S1's eastern routes run over the southern links too."""
    columns = {name: dict(table) for name, table in example_columns("twin_ring").items()}
    columns["inventory"]["snapshot_date"] = ["2026-12-31"]
    links = columns["circuit_links"]
    rows = list(zip(*(links[name] for name in links), strict=True))
    kept = [row for row in rows if row[0] not in {"L1", "L2"}]
    for circuit in ("L1", "L2"):
        for role in ("working", "protect"):
            kept += [(circuit, role, seq, link) for seq, link in enumerate(SOUTH, 1)]
    assert list(links) == ["circuit_id", "role", "seq", "link_id"]
    columns["circuit_links"] = dict(zip(links, map(list, zip(*kept, strict=True)), strict=True))
    return from_columns(columns)


def written(inventory, folder, **options):
    result = ng.assess(inventory, ng.assessment.Options(**options))
    return ng.write_assessment(
        result, folder, maps=False, html=False, handover=ng.assessment.Handover.none()
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two outputs: twin_ring as it is, and re-groomed."""
    folder = tmp_path_factory.mktemp("runs")
    written(from_columns(example_columns("twin_ring")), folder / "old")
    written(regroomed(), folder / "new")
    return folder


@pytest.fixture
def copied(runs, tmp_path):
    """Both outputs, to be spoilt."""
    for name in ("old", "new"):
        shutil.copytree(runs / name, tmp_path / name)
    return tmp_path


def change_record(folder, change):
    path = folder / "run.json"
    record = json.loads(path.read_text("utf-8"))
    change(record)
    path.write_text(json.dumps(record), "utf-8")


def test_a_diverse_group_that_was_regroomed_onto_one_cable_comes_first(runs):
    found = compare_runs(runs / "old", runs / "new")

    (lost,) = found.lost
    assert (lost.unit_id, lost.circuits, lost.tier) == ("G-S1", "L1;L2", "diamond")
    assert lost.level_before in {"diverse", "separated"}
    assert lost.level_after == "single_route"
    assert "links:A-S1-J2" in lost.elements
    assert [row.site_id for row in found.sites if row.change == "fell"] == ["S1"]
    first = found.hazards[0]
    assert (first.change, first.was_diverse, first.site_id) == ("new", True, "S1")
    assert found.is_worse


def test_hazards_and_sites_add_up_to_those_of_both_runs(runs):
    found = compare_runs(runs / "old", runs / "new")
    changes = [row.change for row in found.hazards]

    assert changes.count("new") + changes.count("lasting") == len(found.new.hazards)
    assert changes.count("gone") + changes.count("lasting") == len(found.old.hazards)
    for units in (found.cities, found.customers):
        assert sum(row.sites_after for row in units) == found.whole.sites_after == 6
        assert units[0].needs_attention


def test_a_run_beside_itself_has_changed_in_nothing(runs):
    found = compare_runs(runs / "old", runs / "old")

    assert not found.groups
    assert not found.sites
    assert {row.change for row in found.hazards} == {"lasting"}
    assert not found.is_worse
    assert not any(row.needs_attention for row in (*found.cities, *found.customers, found.whole))
    assert all(row.before_ratio == row.after_ratio for row in found.items)


def test_a_series_follows_every_unit_and_tells_where_it_falls(runs):
    found = compare_runs(runs / "old", runs / "new", earlier=[runs / "old"])
    whole = [point for point in found.series if point.kind == "whole"]

    assert [point.run for point in whole] == [1, 2, 3]
    assert [point.snapshot_date for point in whole][1:] == ["2026-06-30", "2026-12-31"]
    assert [point.needs_attention for point in whole] == [False, False, True]
    assert whole[0].ratio == whole[1].ratio > whole[2].ratio == found.whole.after_ratio
    for kind in ("city", "customer"):
        units = [point for point in found.series if point.kind == kind]
        for number in (1, 2, 3):
            assert sum(p.sites for p in units if p.run == number) == 6
    with pytest.raises(InputError, match="the older one comes first"):
        compare_runs(runs / "old", runs / "old", earlier=[runs / "new"])


def test_the_items_that_fewer_sites_pass_come_first(runs):
    """S1 has no second route any more: it fails every item that asks for one."""
    found = compare_runs(runs / "old", runs / "new")
    falls = {r.item_id: r.after_ratio - r.before_ratio for r in found.items if r.sites_after}

    assert falls["LN1"] < 0
    assert list(falls.values()) == sorted(falls.values())
    assert next(iter(falls.values())) == min(falls.values()) < 0


def test_backwards_what_was_lost_is_gained(copied):
    change_record(copied / "new", lambda r: r.update(snapshot_date="2026-01-31"))
    found = compare_runs(copied / "new", copied / "old")

    assert [(row.unit_id, row.change) for row in found.groups] == [("G-S1", "gained")]
    assert [row.site_id for row in found.sites if row.change == "rose"] == ["S1"]
    assert not found.is_worse


def edit_cells(path, change):
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        change(row)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_what_the_records_no_longer_prove_is_lost_and_no_improvement(copied):
    """S2, same_trench before, is undecidable now; so is G-S1, diverse before."""
    shutil.rmtree(copied / "new")
    shutil.copytree(copied / "old", copied / "new")

    def doubt(row):
        if row["site_id"] in {"S1", "S2"}:
            for column in ("recorded_level", "group_level"):
                if column in row:
                    row[column] = "undecidable"

    for name in ("sites", "circuits"):
        edit_cells(copied / "new" / "tables" / f"{name}.csv", doubt)
    found = compare_runs(copied / "old", copied / "new")

    assert [row.level_after for row in found.lost] == ["undecidable"]
    assert {row.site_id: row.change for row in found.sites} == {
        "S1": "undecided", "S2": "undecided",
    }  # fmt: skip


def test_a_renamed_group_is_followed_by_its_circuits(copied):
    def rename(row):
        row["group_id"] = row["group_id"].replace("G-S1", "G-9")

    edit_cells(copied / "new" / "tables" / "circuits.csv", rename)
    found = compare_runs(copied / "old", copied / "new")

    assert [row.unit_id for row in found.lost] == ["G-9"]


def test_older_and_newer_mixed_up_are_told_apart_by_their_dates(runs):
    with pytest.raises(InputError, match="the older one comes first; exchange them"):
        compare_runs(runs / "new", runs / "old")


def test_another_scorecard_or_other_rules_are_refused(copied):
    def change(record):
        record["scorecard"]["points"]["LN1"]["diamond"] += 1
        record["options"]["rules"]["entry_tolerance_m"] = 100

    change_record(copied / "new", change)
    with pytest.raises(InputError) as caught:
        compare_runs(copied / "old", copied / "new")

    assert len(caught.value.problems) == 2
    assert "points (LN1)" in caught.value.problems[0]
    assert "rules (entry_tolerance_m)" in caught.value.problems[1]


def test_a_folder_that_no_assessment_wrote_is_refused(runs, copied):
    for spoil, told in (
        (lambda: (copied / "new" / "tables" / "hazards.csv").write_text("a,b\n"), "lacks the col"),
        ((copied / "new" / "tables" / "hazards.csv").unlink, "cannot be read"),
        (lambda: change_record(copied / "new", lambda r: r.pop("scorecard")), "no output of"),
        (lambda: (copied / "new" / "run.json").write_text("{"), "no output of netgraph assess"),
        ((copied / "new" / "run.json").unlink, "no output of netgraph assess"),
    ):
        spoil()
        with pytest.raises(InputError, match=told):
            compare_runs(runs / "old", copied / "new")


def test_an_output_without_a_column_that_came_later_is_read(copied):
    for run in ("old", "new"):
        edit_cells(
            copied / run / "tables" / "hazards.csv",
            lambda row: [row.pop(name) for name in ("rank", "section", "lon")],
        )

    assert len(compare_runs(copied / "old", copied / "new").lost) == 1


def test_every_column_that_is_read_is_in_the_contract():
    for table, columns in read._COLUMNS.items():
        assert set(columns) <= set(table_specs()[table].names)
        assert columns[0] == table_specs()[table].names[0]


def test_runs_of_two_networks_are_refused(copied):
    edit_cells(
        copied / "new" / "tables" / "sites.csv", lambda row: row.update(site_id="x" + row["rank"])
    )
    with pytest.raises(InputError, match="no site in common"):
        compare_runs(copied / "old", copied / "new")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_comparison_is_written_whole_and_always_alike(runs, tmp_path, lang):
    found = compare_runs(runs / "old", runs / "new")
    for name in ("1", "2"):
        ng.write_comparison(found, tmp_path / name, lang=lang)
    files = {path.relative_to(tmp_path / "1") for path in (tmp_path / "1").rglob("*.*")}

    assert {path.stem for path in files} == {
        "group_changes", "site_changes", "hazard_changes", "city_changes", "customer_changes",
        "item_changes", "series", "changes", "changes_customers", "changes_items", "summary", "run",
    }  # fmt: skip
    for file in files:
        assert (tmp_path / "1" / file).read_bytes() == (tmp_path / "2" / file).read_bytes()
    with pytest.raises(OutputError, match="another job"):
        ng.write_comparison(found, runs / "new")


def test_the_chart_of_a_series_names_the_units_that_fell_at_their_ends():
    units = [
        UnitSeries("", [0.6, 0.62, 0.61]), UnitSeries("太原市", [0.5, 0.7, 0.55]),
        UnitSeries("大同市", [math.nan, 0.5, 0.6]), UnitSeries("吕梁市", [0.5, 0.5, math.nan]),
    ]  # fmt: skip
    ax = draw_series(units, ["2024", "2025", "2026"], lang="zh")

    assert [t.get_text() for t in ax.texts[:3]] == ["▼ 太原市 55%", "大同市 60%", "▼ 全网 61%"]
    heights = sorted(text.xyann[1] for text in ax.texts[:3])
    assert min(b - a for a, b in pairwise(heights)) > 0.01


def test_the_chart_says_by_sign_and_word_what_it_says_by_colour():
    units = [
        UnitShift("太原市", 0.8, 0.7, 2),
        UnitShift("大同市", 0.5, 0.6),
        UnitShift("", 0.6, 0.6),
    ]
    ax = draw_changes(units, lang="zh")
    texts = [text.get_text() for text in ax.texts[:3]]

    assert texts == ["▼ -10.0   失去双路由 2 组", "▲ +10.0", "="]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["太原市", "大同市", "全网"]
