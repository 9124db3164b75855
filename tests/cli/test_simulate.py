"""`netgraph simulate` end to end."""

from __future__ import annotations

import json

import geopandas
import pytest
from commands import read_rows
from shapely import box

import netgraph as ng
from netgraph.assessment.simulation.drawing import risk_drawing
from netgraph.assessment.simulation.run import SimulationOptions
from netgraph.report.contract import table_specs

RISKS = (
    "risk_id,kind,name,members,circuits_down,circuits_unprotected,sites_down,customers_down,"
    "worst_tier,lon,lat"
)


@pytest.fixture
def flood(tmp_path):
    """An invented flood zone over the whole example."""
    file = tmp_path / "flood.gpkg"
    shapes = [box(112.0, 37.0, 113.5, 38.5)]
    geopandas.GeoDataFrame({"id": ["Q100"]}, geometry=shapes, crs="EPSG:4326").to_file(file)
    return file


def test_every_risk_is_failed_and_ranked(netgraph, twin_ring, tmp_path):
    out = tmp_path / "out"

    outcome = netgraph("simulate", twin_ring, "-o", out)

    assert outcome.code == 0
    heading = (out / "tables" / "risks.csv").read_text("utf-8-sig").splitlines()[0]
    assert heading.startswith(RISKS)
    rows = {row["risk_id"]: row for row in read_rows(out / "tables" / "risks.csv")}
    assert list(rows) == sorted(rows)
    assert rows["structures:X"]["circuits_down"] == "1"
    assert rows["offices:K"]["circuits_down"] == "7"
    assert rows["offices:K"]["same_as"] == "buildings:B-K"
    assert sorted(int(row["rank"]) for row in rows.values()) == list(range(1, len(rows) + 1))
    assert "structures:X" in outcome.out
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert summary["risks"] == len(rows) + summary["risks_without_circuits"]
    assert not (out / "tables" / "pairs.csv").exists()
    worst = {r["customer_id"]: r for r in read_rows(out / "tables" / "worst_by_customer.csv")}
    assert worst["BANK"]["risk_id"] == "buildings:B-K"
    assert worst["BANK"]["circuits_down"] == worst["BANK"]["circuits"] == "4"


def test_pairs_are_listed_with_their_threshold(netgraph, twin_ring, tmp_path):
    out = tmp_path / "out"

    outcome = netgraph("simulate", twin_ring, "-o", out, "--double", "--threshold", 4)

    assert outcome.code == 0
    rows = read_rows(out / "tables" / "pairs.csv")
    assert rows
    assert all(int(row["extra_circuits_down"]) >= 4 == int(row["threshold"]) for row in rows)
    assert ("buildings:B-W1", "buildings:B-W2") in {
        (row["first_risk"], row["second_risk"]) for row in rows
    }
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert summary["pairs_listed"] == len(rows) < summary["pairs"]


def test_areas_and_disks_are_risks_too(netgraph, twin_ring, flood, tmp_path):
    out = tmp_path / "out"

    outcome = netgraph("simulate", twin_ring, "-o", out, "--hazard", flood, "--radius", 100)

    assert outcome.code == 0
    rows = {row["risk_id"]: row for row in read_rows(out / "tables" / "risks.csv")}
    assert rows["risk_groups:hazard-Q100"]["circuits_down"] == "7"
    assert rows["risk_groups:hazard-Q100"]["members"].endswith(";...") or (
        int(rows["risk_groups:hazard-Q100"]["member_count"]) <= 100
    )
    assert any(row["kind"] == "disk" for row in rows.values())
    members = read_rows(out / "tables" / "risk_members.csv")
    of_area = [row for row in members if row["risk_id"] == "risk_groups:hazard-Q100"]
    assert len(of_area) == int(rows["risk_groups:hazard-Q100"]["member_count"])
    assert {row["table"] for row in of_area} <= {"spans", "structures", "offices", "sites"}
    inputs = json.loads((out / "run.json").read_text("utf-8"))["inputs"]
    assert any(source["path"] == str(flood) for source in inputs)


def test_what_is_exempt_does_not_fail(netgraph, twin_ring, tmp_path):
    out = tmp_path / "out"
    names = ["offices:K", "buildings:B-K"]

    netgraph("simulate", twin_ring, "-o", out, *(w for n in names for w in ("--exempt", n)))

    rows = {row["risk_id"] for row in read_rows(out / "tables" / "risks.csv")}
    assert not rows & set(names)
    assert "structures:X" in rows


def test_the_summary_is_printed_in_chinese_too(netgraph, twin_ring, tmp_path):
    outcome = netgraph("simulate", twin_ring, "-o", tmp_path / "out", "--lang", "zh", "--top", 2)
    assert "失效模拟" in outcome.out
    assert "人孔" in outcome.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--radius", 0), "a number of metres above 0"),
        (("--exempt", "spans:nowhere"), "There is no risk 'spans:nowhere'"),
        (("--double", "--threshold", 0), "1 or more"),
        (("--hazard", "absent.gpkg"), "absent.gpkg"),
    ],
)
def test_misuse_is_one_sentence_and_writes_nothing(netgraph, twin_ring, tmp_path, words, said):
    outcome = netgraph("simulate", twin_ring, "-o", tmp_path / "out", *words)
    assert outcome.code == 2
    assert said in outcome.err
    assert not (tmp_path / "out").exists()


def test_a_second_run_writes_the_same_bytes(netgraph, twin_ring, flood, tmp_path):
    for name in ("one", "two"):
        netgraph(
            "simulate", twin_ring, "-o", tmp_path / name, "--double", "--hazard", flood,
            "--radius", 200,
        )  # fmt: skip
    files = sorted((tmp_path / "one" / "tables").iterdir())
    assert len(files) == 5
    for file in (*files, tmp_path / "one" / "summary.json"):
        other = tmp_path / "two" / file.relative_to(tmp_path / "one")
        assert file.read_bytes() == other.read_bytes()


def test_a_notebook_gets_tables_with_points(twin_ring):
    result = ng.simulate(ng.read_inventory(twin_ring), SimulationOptions(double=True))
    assert tuple(result.risks.columns[:-1]) == table_specs()["risks"].names
    assert result.risks.crs == "EPSG:4326"
    assert result.risks["rank"].is_monotonic_increasing
    assert result.pairs["extra_circuits_down"].is_monotonic_decreasing
    assert set(result.worst_by_customer["customer_id"]) == {"BANK", "POWER"}
    assert "<table>" in result._repr_html_()
    assert "7 circuits" in repr(result)


def test_the_worst_failures_outside_are_numbered_on_a_map(netgraph, twin_ring, flood, tmp_path):
    options = SimulationOptions(top=0, hazards=(flood,))
    result = ng.simulate(ng.read_inventory(twin_ring), options)
    drawing = risk_drawing(result, "en")
    assert (drawing.areas.words, drawing.areas.circuits_down) == (["hazard_area"], [7])
    ranks = result.risks.set_index("name")["rank"]
    assert 0 < len(drawing.risks) <= 10
    assert drawing.circuits_down == sorted(drawing.circuits_down, reverse=True)
    assert set(drawing.risks.names) <= {
        *ranks.index,
        *result.risks["risk_id"].str.split(":").str[1],
    }

    outcome = netgraph("simulate", twin_ring, "-o", tmp_path / "out", "--lang", "zh")
    assert outcome.code == 0
    assert (tmp_path / "out" / "maps" / "risks.png").read_bytes().startswith(b"\x89PNG")
    netgraph("simulate", twin_ring, "-o", tmp_path / "out", "--no-maps")
    assert not (tmp_path / "out" / "maps").exists()
