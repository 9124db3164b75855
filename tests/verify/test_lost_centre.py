"""Ends of circuits that are not in the inventory: what is said of them is verified as well."""

from __future__ import annotations

from dataclasses import replace

import netgraph as ng
from netgraph.assessment import Handover, write_assessment
from netgraph.datasets import example_columns
from netgraph.diversity.rules import load_rules
from netgraph.inventory import from_columns, write_inventory


def test_a_second_centre_that_is_not_known_leaves_what_is_achievable_open(tmp_path):
    columns = example_columns("twin_ring")
    columns["circuits"]["b2_id"] = ["nobody"] * len(columns["circuits"]["id"])
    folder = write_inventory(from_columns(columns), tmp_path / "in")
    rules = replace(load_rules(), require_two_centres=True)

    found = ng.assess(ng.read_inventory(folder), ng.Options(search_seconds=0, rules=rules))

    assert set(found.sites["achievable_on_spans"]) == {"undecidable"}
    assert set(found.sites["achievable_on_cables"]) == {"undecidable"}
    assert refused_of(found, tmp_path / "out") == ()


def test_what_is_said_of_a_circuit_that_names_no_a_end_is_verified(tmp_path):
    columns = example_columns("twin_ring")
    columns["circuits"]["a_id"][0] = None
    columns["circuits"]["a_id"][1] = "nobody"
    folder = write_inventory(from_columns(columns), tmp_path / "in")

    found = ng.assess(ng.read_inventory(folder), ng.Options(search_seconds=0))

    assert found.summary.without_site == 2
    assert refused_of(found, tmp_path / "out") == ()


def refused_of(assessment, out):
    """What the checker does not bear out of an assessment, written with its certificates."""
    nothing = Handover(workbook=False, geopackage=False, charts=False, pdf=False)
    write_assessment(assessment, out, maps=False, html=False, certificates=True, handover=nothing)
    return ng.verify_certificates(out).refused
