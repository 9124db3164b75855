"""Ring metrics in the tables."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace

import pytest
from builders import PlantBuilder

import netgraph as ng
from netgraph.assessment.measures.ring_findings import told_apart


def test_cities_add_up_to_the_network_and_counties_to_the_cities(run):
    counts = ("nodes", "nodes_on_ring", "bridges", "chains", "long_chains", "false_rings")
    sums = {"network": Counter(), "city": Counter(), "county": Counter()}
    for row in run.tables["rings"]:
        for name in counts:
            sums[row["scope"]][row["layer"], name] += int(row[name])
        assert float(row["ring_ratio"]) == pytest.approx(
            int(row["nodes_on_ring"]) / int(row["nodes"]), abs=1e-4
        )
    assert sums["network"] == sums["city"] == sums["county"]


def test_every_finding_is_counted_and_names_an_element(run):
    kinds = {"chain": "long_chains", "false_ring": "false_rings"}
    told = [one for f in run.assessment.ring_findings_found for one in f.each()]
    found = Counter((one.kind, one.layer) for one in told)
    for row in run.tables["rings"]:
        if row["scope"] == "network":
            for kind, column in kinds.items():
                assert int(row[column]) == found[kind, row["layer"]]
    for row in run.tables["ring_findings"]:
        assert all(":" in element for element in row["elements"].split(";"))
        assert row["description"]
    ranks = sorted(int(row["rank"]) for row in run.tables["ring_findings"])
    assert ranks == list(range(1, len(ranks) + 1))


def test_the_false_ring_of_the_small_example_is_its_common_trench(twin_ring):
    (row,) = twin_ring.tables["ring_findings"]
    assert (row["kind"], row["layer"], row["severity"]) == ("site_one_exit", "spans", "orange")
    assert row["elements"] == "trenches:T-S2"
    assert float(row["size"]) == pytest.approx(898.4, abs=0.1)
    assert (row["nodes"], row["sites"]) == ("1", "1")


def test_offices_and_sites_with_one_exit_are_told_by_county_and_none_is_lost(run):
    """Of all false rings each is told once: by itself, or with the others of its county."""
    found = run.assessment.ring_findings_found
    cuts = run.assessment.rings_found.cuts
    told = [one for f in found for one in f.each() if one.kind == "false_ring"]
    assert len(told) == len(cuts)
    assert {one.nodes for one in told if one in found} == {one.nodes for one in told} - {1}
    rows = [row for row in run.tables["ring_findings"] if row["kind"].endswith("one_exit")]
    areas = [(row["kind"], row["city"], row["county"]) for row in rows]
    assert len(set(areas)) == len(areas)
    for row in rows:
        assert len(row["elements"].split(";")) == int(row["nodes"]) == int(row["rings"])
        assert all(element in row["description"] for element in row["elements"].split(";"))


def test_a_cut_counts_the_circuits_and_sites_that_have_a_route_over_it():
    r"""Two offices in a ring whose two outer links share the duct K-d; a site hangs on each.

    ::

        S - A ─── B - T
             \   /
              d ═ K      A-K and B-K both run through d-K
    """
    plan = PlantBuilder().site("S").site("T").office("A").office("B").office("K")
    plan.way("ab", "A ab B").way("ak", "A d K").way("sa", "S s A").way("tb", "T t B")
    plan.add("cables", id="bk", from_id="B", to_id="K")
    plan.add("spans", id="B-d", from_id="B", to_id="d", medium="duct", length_m=700)
    plan.add("cable_spans", cable_id="bk", seq=1, span_id="B-d")
    plan.add("cable_spans", cable_id="bk", seq=2, span_id="ak-2")
    plan.link("bk", "B", "K", ["bk"])
    plan.circuit("X", "S", "K", "sa ak", "sa ab bk").circuit("Y", "T", "K", "tb bk", "tb ab ak")
    plan.circuit("Z", "S", "A", "sa")
    found = ng.assess(plan.inventory()).ring_findings
    (row,) = found[found["kind"] == "office_one_exit"].to_dict("records")
    assert row["elements"] == "spans:ak-2"
    assert (row["nodes"], row["sites"], row["circuits"]) == (1, 2, 2), "Z does not run over K"


def test_the_command_writes_its_sentences_in_chinese_too():
    plan = PlantBuilder().office("K").site("A").way("W", "A w K").link("L", "A", "K", "W")
    plan.circuit("X", "A", "K", "W", "L")
    assessment = ng.assess(plan.inventory(), ng.Options(lang="zh"))
    (sentence,) = assessment.ring_findings["description"]
    assert sentence.startswith("网点单出口：")
    assert "cables:W" in sentence


@pytest.mark.parametrize(
    ("nodes", "severity"), [(8, None), (9, "yellow"), (12, "yellow"), (13, "orange")]
)
def test_a_ring_is_oversize_by_the_rules(nodes, severity):
    plan = PlantBuilder().site("A")
    names = [f"N{i:02}" for i in range(nodes)]
    for name in names:
        plan.office(name)
    for a, b in zip(names, [*names[1:], names[0]], strict=True):
        plan.way(a + b, f"{a} {a}-{b} {b}")
    plan.ring("R", " ".join(row["id"] for row in plan.rows["links"]))
    plan.way("W", "A w N00").circuit("X", "A", "N00", "W", protection="none")
    found = ng.assess(plan.inventory()).ring_findings
    oversize = found[found["kind"] == "oversize_ring"]
    assert list(oversize["severity"]) == ([severity] if severity else [])


@pytest.mark.parametrize(("hops", "severity"), [(1, None), (2, "yellow"), (3, "orange")])
def test_a_chain_is_long_by_the_rules(hops, severity):
    plan = PlantBuilder().site("A").office("P").office("Q").office("R")
    plan.way("PQ", "P pq Q").way("QR", "Q qr R").way("PR", "P pr R")
    stops = ["P", *(f"C{i}" for i in range(1, hops)), "A"]
    for name in stops[1:-1]:
        plan.office(name, "access")
    for a, b in itertools.pairwise(stops):
        plan.way(f"{a}{b}", f"{a} {a}-{b} {b}")
    links = [f"{a}{b}" for a, b in itertools.pairwise(stops)]
    plan.circuit("X", "A", "P", links[::-1], protection="none")
    found = ng.assess(plan.inventory()).ring_findings
    chains = found[(found["kind"] == "chain") & (found["layer"] == "links")]
    assert list(chains["severity"]) == ([severity] if severity else [])


def test_what_cuts_off_the_same_places_is_told_apart_by_what_cuts(twin_ring):
    (finding, *_) = twin_ring.assessment.ring_findings_found
    other = replace(finding, elements=("cables:another",))
    alone = replace(finding, finding_id="R-alone")
    ids = [one.finding_id for one in told_apart([finding, other, alone])]
    assert len(set(ids)) == 3
    assert ids[2] == "R-alone"
    assert ids == [one.finding_id for one in told_apart([finding, other, alone])]
