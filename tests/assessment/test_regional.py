"""Routes that one disk can hit, and the groups of an assessment with their numbers."""

from __future__ import annotations

import geopandas
import numpy as np
import pytest
import shapely
from builders import PlantBuilder
from commands import read_rows
from hypothesis import given, settings
from hypothesis import strategies as st

import netgraph as ng
from netgraph.assessment import Handover
from netgraph.assessment.measures.regional import regional_rows
from netgraph.errors import UsageError

QUICK = {"search_seconds": 0}


def lozenge(height, at=0.5, *, is_drawn=True, in_degrees=False):
    r"""Two routes in a plane of metres that part at S and meet at K, `height` apart at most.

    ::

               n
            ╱     ╲
        S ───────────── K      working: S-m-K on the axis; protect: S-n-K
               m
    """
    width = 10_000.0
    where = {"S": (0.0, 0.0), "K": (width, 0.0), "m": (width * at, 0.0), "n": (width * at, height)}
    if in_degrees:
        where = {p: (112.0 + x / 88_000, 37.8 + y / 111_000) for p, (x, y) in where.items()}
    at_of = {p: {"lon": x, "lat": y} for p, (x, y) in where.items()}
    plan = PlantBuilder().site("S", **at_of["S"]).office("K", **at_of["K"])
    if not in_degrees:
        plan.rows["inventory"][0]["crs"] = "planar"
    plan.structure("m", **at_of["m"]).structure("n", **at_of["n"])
    plan.way("w", "S m K").way("p", "S n K")
    for row in plan.rows["spans"]:
        line = shapely.LineString([where[row["from_id"]], where[row["to_id"]]])
        row.update(
            geometry=line.wkt if is_drawn else None, length_m=None if in_degrees else line.length
        )
    return plan.circuit("X", "S", "K", "w", "p")


def verdict(plan, radius_m):
    (row,) = regional_rows(plan.audit(), radius_m)
    return row[4:]


@pytest.mark.parametrize(("height", "found"), [(900.0, "one_disk"), (30_000.0, "apart")])
def test_a_disk_hits_both_routes_unless_they_part_by_more_than_its_diameter(height, found):
    told = verdict(lozenge(height), 500.0)
    assert told[0] == found
    assert (told[1] > 0) == (found == "one_disk")


def test_what_is_not_drawn_is_never_apart():
    assert verdict(lozenge(30_000.0, is_drawn=False), 500.0)[0] == "undecidable"


def test_routes_that_never_leave_their_ends_are_neither_apart_nor_in_one_disk():
    assert verdict(lozenge(900.0), 50_000.0)[0] == "within_ends"


@given(
    height=st.floats(100, 20_000), at=st.floats(0.2, 0.8), radius_m=st.floats(50, 1_500),
)  # fmt: skip
@settings(max_examples=25, deadline=None, derandomize=True)
def test_the_least_distance_is_that_of_the_middles_by_shapely(height, at, radius_m):
    """Where a middle part (beyond the zones of both ends) comes near, no verdict reads apart."""
    plan, width = lozenge(height, at=at), 10_000.0
    told = verdict(plan, radius_m)
    first = shapely.LineString([(0, 0), (width, 0)])
    second = shapely.LineString([(0, 0), (width * at, height), (width, 0)])
    wide = 2 * radius_m
    middles = [
        shapely.ops.substring(line, 2 * wide, line.length - 2 * wide) for line in (first, second)
    ]
    if width > 4 * wide and shapely.distance(*middles) <= wide * 0.999:
        assert told[0] == "one_disk"
    outer = [shapely.ops.substring(line, wide, line.length - wide) for line in (first, second)]
    if width > 4 * wide and shapely.distance(*outer) > wide * 1.001:
        assert told[0] in {"apart", "one_disk"}
        assert told[0] == "apart" or told[3] <= wide


@pytest.mark.parametrize("radius_m", [0.0, -5.0, float("nan"), float("inf")])
def test_a_radius_that_is_not_positive_is_refused(radius_m):
    with pytest.raises(UsageError, match="metres above 0"):
        ng.assess(
            lozenge(900.0, in_degrees=True).inventory(), ng.Options(radius_m=radius_m, **QUICK)
        )


@pytest.fixture
def wet(tmp_path):
    """Two areas, one over a point of the plant, on a copy of the lozenge in degrees."""
    plan = PlantBuilder().site("S", lon=112.0, lat=37.8).office("K", lon=112.1, lat=37.8)
    plan.structure("m", lon=112.05, lat=37.8).structure("n", lon=112.05, lat=37.81)
    plan.way("w", "S m K").way("p", "S n K").circuit("X", "S", "K", "w", "p")
    plan.risk("feed", "structures:m", kind="power_feed")
    at = {r["id"]: (r["lon"], r["lat"]) for t in ("sites", "offices", "structures")
          for r in plan.rows[t]}  # fmt: skip
    for row in plan.rows["spans"][:-1]:  # the last one is not drawn
        line = shapely.LineString([at[row["from_id"]], at[row["to_id"]]])
        row.update(geometry=line.wkt, length_m=None)
    plan.rows["spans"][-1]["length_m"] = 4_550.0
    shapes = [
        shapely.box(112.045, 37.79, 112.055, 37.802),
        shapely.box(112.07, 37.8045, 112.08, 37.81),
    ]
    frame = {"id": ["F", "L"], "kind": ["flood", "landslide"]}
    geopandas.GeoDataFrame(frame, geometry=shapes, crs=4326).to_file(tmp_path / "areas.gpkg")
    options = ng.Options(hazards=(tmp_path / "areas.gpkg",), radius_m=400.0, **QUICK)
    assessment = ng.assess(plan.inventory(), options)
    out = ng.write_assessment(assessment, tmp_path / "out", maps=False, html=False,
                              handover=Handover.none())  # fmt: skip
    return assessment, {t: read_rows(out / "tables" / f"{t}.csv")
                        for t in ("risk_groups", "regional", "hazards")}  # fmt: skip


def test_every_group_has_a_number_a_place_and_its_members(wet):
    _, tables = wet
    rows = {row["risk_id"]: row for row in tables["risk_groups"]}
    assert {"risk_groups:feed", "risk_groups:hazard-F", "risk_groups:hazard-L"} <= set(rows)
    assert rows["risk_groups:hazard-F"]["kind"] == "flood"
    assert rows["risk_groups:hazard-L"]["kind"] == "landslide"
    assert rows["risk_groups:feed"]["members"] == "structures:m"
    assert rows["risk_groups:hazard-L"]["possible_members"] == "spans:p-2"
    assert {row["kind"] for row in tables["risk_groups"]} >= {"disk", "power_feed"}
    numbers = [int(row["srlg_number"]) for row in tables["risk_groups"]]
    assert len(set(numbers)) == len(numbers)
    assert all(0 < number < 2**32 for number in numbers)


def test_numbers_and_places_are_those_of_a_simulation(wet):
    assessment, tables = wet
    options = ng.SimulationOptions(radius_m=400.0, hazards=assessment.areas)
    simulated = ng.simulate(assessment.network.inventory, options).singles.catalogue
    known = dict(zip(simulated.ids.tolist(), simulated.srlg_numbers.tolist(), strict=True))
    places = dict(zip(simulated.ids.tolist(), simulated.places.tolist(), strict=True))
    for row in tables["risk_groups"]:
        assert known[row["risk_id"]] == int(row["srlg_number"])
        assert (float(row["lon"]), float(row["lat"])) == pytest.approx(places[row["risk_id"]])
    assert places["risk_groups:hazard-L"] == pytest.approx((112.075, 37.80725))  # in the area


def test_a_region_is_told_for_information_and_the_level_stays(wet):
    assessment, tables = wet
    assert tables["regional"][0]["verdict"] == "one_disk"
    levels = {row["kind"]: row["severity"] for row in tables["hazards"]}
    assert levels == {"region": "info"}
    assert assessment.circuits["recorded_level"].tolist() == ["diverse"]


def test_a_region_has_a_stable_id_and_a_place():
    options = ng.Options(radius_m=500.0, **QUICK)
    hazards = ng.assess(lozenge(900.0, in_degrees=True).inventory(), options).hazards
    (row,) = hazards[hazards["kind"] == "region"].to_dict("records")
    again = ng.assess(lozenge(900.0, in_degrees=True).inventory(), options).hazards
    assert row["hazard_id"] in set(again["hazard_id"])
    assert np.isfinite([row["lon"], row["lat"]]).all()
    assert row["severity"] == "info"
