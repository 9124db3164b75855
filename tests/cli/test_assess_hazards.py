"""`netgraph assess --hazard`: areas that fail whole count like recorded risk groups."""

from __future__ import annotations

import hashlib
import json

import geopandas
import pytest
from commands import read_rows
from shapely import MultiPolygon, Point, box


@pytest.fixture
def flood(tmp_path):
    """An invented flood zone over most of the example, and one far away."""
    file = tmp_path / "flood.gpkg"
    shapes = [box(112.55, 37.80, 112.70, 37.92), box(10, 10, 11, 11)]
    names = {"id": ["Q100", "far"], "name": ["百年一遇", ""], "kind": ["Flood", None]}
    geopandas.GeoDataFrame(names, geometry=shapes, crs="EPSG:4326").to_file(file)
    return file


def levels(out, table, key, column):
    return {row[key]: row[column] for row in read_rows(out / "tables" / f"{table}.csv")}


def test_routes_that_cross_one_area_share_it(netgraph, twin_ring, flood, tmp_path):
    dry, wet = tmp_path / "dry", tmp_path / "wet"
    netgraph("assess", twin_ring, "-o", dry, "--no-maps")

    outcome = netgraph("assess", twin_ring, "-o", wet, "--no-maps", "--hazard", flood)

    assert outcome.code == 0
    before = levels(dry, "circuits", "circuit_id", "recorded_level")
    after = levels(wet, "circuits", "circuit_id", "recorded_level")
    assert (before["L1"], after["L1"]) == ("diverse", "same_risk_group")
    assert (before["L5"], after["L5"]) == ("single_route", "single_route")
    achievable = levels(wet, "sites", "site_id", "achievable_on_spans")
    assert achievable["S1"] == "same_risk_group"
    rows = read_rows(wet / "tables" / "hazards.csv")
    assert {r["severity"] for r in rows if "hazard-Q100" in r["elements"]} == {"yellow"}
    assert {r["group_kind"] for r in rows if "hazard-Q100" in r["elements"]} == {"flood"}
    assert {r["group_kind"] for r in rows if r["kind"] != "risk_group"} == {""}
    assert "risk_group" in {row["kind"] for row in read_rows(wet / "tables" / "causes.csv")}
    findings = [row["row_id"] for row in read_rows(wet / "tables" / "findings.csv")]
    assert "hazard-far" in findings, "an area that hits nothing is said to"


def test_the_record_names_the_layers_and_verify_lays_them_again(
    netgraph, twin_ring, flood, tmp_path
):
    out = tmp_path / "out"
    netgraph("assess", twin_ring, "-o", out, "--no-maps", "--certificates", "--hazard", flood)
    run = json.loads((out / "run.json").read_text("utf-8"))
    digest = hashlib.sha256(flood.read_bytes()).hexdigest()
    named = {"path": str(flood), "sha256": digest, "used_as": "hazard_areas"}
    assert run["inputs"][-1] == named
    assert netgraph("verify", out).code == 0

    shapes = [box(112.55, 37.80, 112.56, 37.81)]
    geopandas.GeoDataFrame({"id": ["Q100"]}, geometry=shapes, crs="EPSG:4326").to_file(flood)
    outcome = netgraph("verify", out)
    assert outcome.code == 1
    assert "flood.gpkg differs" in outcome.out + outcome.err

    flood.unlink()
    outcome = netgraph("verify", out)
    assert outcome.code == 2
    assert "flood.gpkg" in outcome.err


def test_what_is_not_drawn_and_may_lie_in_the_area_leaves_its_routes_undecidable(
    netgraph, twin_ring, tmp_path
):
    """One area over a drawn span of one ring arc, and beside an undrawn one of the other.

    ::

        K ── M1 ┄(~)┄ W1          D-M1-W1 has no geometry: it may run through (~)
        K ── M2 ──(~)── W2        D-M2-W2 is drawn through the other part
    """
    at = {r["id"]: (float(r["lon"]), float(r["lat"])) for r in (
        row for table in ("structures", "offices") for row in read_rows(twin_ring / f"{table}.csv")
    )}  # fmt: skip
    lon, lat = ((a + b) / 2 for a, b in zip(at["M1"], at["W1"], strict=True))
    parts = [Point(lon, lat).buffer(0.0005), Point(112.584318, 37.848415).buffer(0.0005)]
    file, out = tmp_path / "landslide.gpkg", tmp_path / "out"
    frame = {"id": ["L7"], "Ursache": ["Landslide"]}
    geopandas.GeoDataFrame(frame, geometry=[MultiPolygon(parts)], crs="EPSG:4326").to_file(file)

    outcome = netgraph(
        "assess", twin_ring, "-o", out, "--no-maps", "--hazard", file, "--hazard-kind", "ursache",
        "--certificates",
    )  # fmt: skip

    assert outcome.code == 0
    rows = {row["circuit_id"]: row for row in read_rows(out / "tables" / "circuits.csv")}
    assert rows["L1"]["recorded_level"] == "undecidable"
    assert "geometry of span D-M1-W1 (hazard-L7)" in rows["L1"]["reason"]
    found = {row["rule"]: row for row in read_rows(out / "tables" / "findings.csv")}
    assert "spans:D-M1-W1" in found["ND985"]["message"]
    assert found["ND989"]["row_id"] == "landslide", "no rate: said where the figures stand"
    assert netgraph("verify", out).code == 0


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_layer_without_a_reference_system_is_refused_before_anything_is_written(
    netgraph, twin_ring, tmp_path
):
    file = tmp_path / "nowhere.gpkg"
    geopandas.GeoDataFrame({"id": ["Q"]}, geometry=[box(112, 37, 113, 38)]).to_file(file)
    outcome = netgraph("assess", twin_ring, "-o", tmp_path / "out", "--hazard", file)
    assert outcome.code == 2
    assert "no coordinate reference system" in outcome.err
    assert not (tmp_path / "out").exists()
