"""Spans whose length nothing tells: metres over them are not told, and no pair is the shortest."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import PlantBuilder
from certified_runs import assessed

import netgraph as ng
from netgraph.inventory import write_inventory
from netgraph.report.trace.facts import best_route


@pytest.fixture
def written(tmp_path):
    """Manhole N has no coordinates, and nothing else tells how long the spans to it are.

    ::

        S --a-- M --b-- K
        S --p-- N --q-- K
    """
    plan = PlantBuilder().site("S").office("K").structure("M").structure("N", lon=None, lat=None)
    for name, a, b in ("aSM", "bMK", "pSN", "qNK"):
        is_known = name in "ab"
        plan.span(name, a, b, trench_id=f"T-{name}", length_m=900.0 if is_known else None)
    plan.cable("c1", "S", "K", "a b").cable("c2", "S", "K", "p q")
    plan.link("l1", "S", "K", ["c1"]).link("l2", "S", "K", ["c2"])
    plan.circuit("x", "S", "K", "l1", "l2")
    return write_inventory(plan.inventory(), tmp_path / "in")


def test_the_length_of_a_pair_is_told_only_where_all_of_it_is_known(written):
    found = ng.assess(ng.read_inventory(written), ng.Options(search_seconds=0))

    (site,) = found.sites.to_dict("records")
    for layer in ("cables", "spans"):
        assert site[f"achievable_on_{layer}"] == "diverse"
        assert pd.isna(site[f"pair_on_{layer}_m"])
        assert not site[f"shortest_on_{layer}"]
    assert [f.row_id for f in found.findings if f.rule == "ND994"] == ["p", "q"]


def test_verify_bears_out_that_a_length_is_not_known(written, tmp_path):
    run = assessed(written, tmp_path / "out")
    assert run.verify().refused == ()

    certificates = run.certificates()
    run.one(certificates, question="spans", kind="pair")["claim"]["shortest"] = True
    run.write(certificates)

    assert "how long it is is not known" in "".join(map(str, run.verify().refused))


def test_a_sheet_says_that_the_length_of_a_route_is_not_known(written):
    sheet = ng.trace(ng.read_inventory(written), "x", lang="en")

    for layer in sheet.alternatives:
        known, unknown = sorted(layer.routes, key=lambda route: route.items)
        assert "length not known" in best_route(unknown, 2, "span", "en")
        assert "1,800 m" in best_route(known, 1, "span", "en")
