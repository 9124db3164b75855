"""Ring metrics in the tables."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace

import pytest
from builders import PlantBuilder

import netgraph as ng
from netgraph.assessment.measures import rings


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
    found = Counter((row["kind"], row["layer"]) for row in run.tables["ring_findings"])
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
    assert (row["kind"], row["layer"], row["severity"]) == ("false_ring", "spans", "orange")
    assert row["elements"] == "trenches:T-S2"
    assert float(row["size"]) == pytest.approx(898.4, abs=0.1)


def test_the_command_writes_its_sentences_in_chinese_too():
    plan = PlantBuilder().office("K").site("A").way("W", "A w K").link("L", "A", "K", "W")
    plan.circuit("X", "A", "K", "W", "L")
    assessment = ng.assess(plan.inventory(), ng.Options(lang="zh"))
    (sentence,) = assessment.ring_findings["description"]
    assert sentence.startswith("假环：cables:W")


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
    ids = [one.finding_id for one in rings.told_apart([finding, other, alone])]
    assert len(set(ids)) == 3
    assert ids[2] == "R-alone"
    assert ids == [one.finding_id for one in rings.told_apart([finding, other, alone])]
