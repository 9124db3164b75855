"""Two centres are required, and one that a circuit names is not in the inventory."""

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
    nothing = Handover(workbook=False, geopackage=False, charts=False, pdf=False)
    write_assessment(
        found, tmp_path / "out", maps=False, html=False, certificates=True, handover=nothing
    )
    assert ng.verify_certificates(tmp_path / "out").refused == ()
