"""Diverse routes that run side by side are a hazard of their own, after all others."""

from __future__ import annotations

import pytest
import shapely
from builders import PlantBuilder

import netgraph as ng
from netgraph.assessment.measures.proximity import find_parallel_runs
from netgraph.assessment.measures.separation import separation_rows

PLACES = {
    "S": (112.00, 37.80), "K": (112.10, 37.80), "M1": (112.05, 37.80),
    "N1": (112.0005, 37.8001), "N2": (112.0995, 37.8001), "N3": (112.05, 37.83),
}  # fmt: skip


@pytest.fixture
def street():
    r"""Two routes from a site to its centre, 11 m apart nearly all the way, and one far away.

    ::

           ___________ N3 ____________
          ╱                           ╲
         ╱ N1 ─────────────────────N2  ╲
        S ──────────── M1 ──────────── K     w: S-M1-K, p: S-N1-N2-K, q: S-N3-K, far to the north
    """
    plan = PlantBuilder().site("S").office("K")
    for name in ("M1", "N1", "N2", "N3"):
        plan.structure(name)
    tables = {"S": "sites", "K": "offices"}
    for name, (lon, lat) in PLACES.items():
        plan.change(tables.get(name, "structures"), name, lon=lon, lat=lat)
    for name, stops in (("w", "S M1 K"), ("p", "S N1 N2 K"), ("q", "S N3 K")):
        plan.way(name, stops)
    for row in plan.rows["spans"]:
        line = shapely.LineString([PLACES[row["from_id"]], PLACES[row["to_id"]]])
        row.update(geometry=line.wkt, length_m=None)
    return plan


def test_a_long_parallel_run_is_a_hazard_for_information(street):
    street.circuit("X", "S", "K", "w", "p", tier="diamond")
    assessment = ng.assess(street.inventory(), ng.Options(search_seconds=0))
    assert assessment.circuits["recorded_level"].tolist() == ["diverse"]
    (row,) = assessment.hazards.to_dict("records")
    assert (row["kind"], row["severity"], row["rank"]) == ("proximity", "info", 1)
    assert (row["from_structure"], row["to_structure"]) == ("S", "K")
    assert row["elements"] == "spans:w-1;spans:w-2"
    near = next(r for r in separation_rows(assessment.audit) if r.threshold_m == 20.0)
    assert row["shared_length_m"] == pytest.approx(near.longest_m)
    assert row["lon"] == pytest.approx(112.05, abs=1e-3)
    assert assessment.causes["kind"].tolist() == ["proximity"]


def test_the_id_outlives_a_span_that_is_split(street):
    street.circuit("X", "S", "K", "w", "p")
    options = ng.Options(search_seconds=0)
    before = ng.assess(street.inventory(), options).hazards["hazard_id"].tolist()
    street.structure("J", "handhole")
    street.change("structures", "J", lon=112.02, lat=37.80)
    street.change("spans", "w-1", to_id="J", geometry="LINESTRING (112 37.8, 112.02 37.8)")
    line = "LINESTRING (112.02 37.8, 112.05 37.8)"
    street.span("w-1b", "J", "M1", geometry=line, length_m=None)
    cable = next(row["cable_id"] for row in street.rows["cable_spans"] if row["span_id"] == "w-1")
    for row in street.rows["cable_spans"]:
        if row["cable_id"] == cable and row["span_id"] != "w-1":
            row["seq"] += 1
    street.add("cable_spans", cable_id=cable, seq=2, span_id="w-1b")
    assert ng.assess(street.inventory(), options).hazards["hazard_id"].tolist() == before


def test_routes_far_apart_and_routes_that_share_something_have_none(street):
    street.circuit("far", "S", "K", "w", "q").circuit("same", "S", "K", "w", "w")
    audit = street.audit()
    assert find_parallel_runs(audit, range(len(audit.units))) == {}


def test_a_group_with_a_route_elsewhere_has_none(street):
    """Of three routes only two run side by side."""
    for name in "wpq":
        street.circuit(name.upper(), "S", "K", name, group_id="G")
    audit = street.audit()
    unit = int(audit.units.group_of_circuit[0])
    assert find_parallel_runs(audit, [unit]) == {}
    street.rows["circuits"] = [row for row in street.rows["circuits"] if row["id"] != "Q"]
    street.rows["circuit_links"] = [
        row for row in street.rows["circuit_links"] if row["circuit_id"] != "Q"
    ]
    audit = street.audit()
    unit = int(audit.units.group_of_circuit[0])
    assert list(find_parallel_runs(audit, [unit])) == [unit]


def test_what_is_not_drawn_runs_beside_nothing_that_is_known(street):
    street.circuit("X", "S", "K", "w", "p")
    for row in street.rows["spans"]:
        row.update(geometry=None, length_m=5000.0)
    audit = street.audit()
    assert find_parallel_runs(audit, [0]) == {}
