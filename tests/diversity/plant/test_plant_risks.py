"""Shared risks on small plants, and against every pair of routes on random ones."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from risky_plants import risk_tables, risky_plants

from netgraph.diversity.availability import load_rates
from netgraph.diversity.plant.assess import assess_plant
from netgraph.diversity.plant.risks import plant_risk_rows


@pytest.fixture
def ladder(plant):
    """Three ways from A to K; the upper two cross the river R, the lower one is longest.

    ::

           B ---- C
          /   R    \\
        A -- D -- E -- K      R: spans BC and DE
          \\        /
           F ---- G
    """
    nodes = {
        "A": (0, 0),
        "B": (100, 100),
        "C": (200, 100),
        "D": (100, 0),
        "E": (200, 0),
        "F": (100, -300),
        "G": (200, -300),
        "K": (300, 0),
    }
    ends = ["A B", "B C", "C K", "A D", "D E", "E K", "A F", "F G", "G K"]
    spans = [(name, *name.split(), {}) for name in ends]

    def build(*members):
        return assess_plant(plant(nodes, spans, **risk_tables(members)), ["K"])

    return build


def test_a_pair_that_shares_no_risk_is_told_with_its_length(ladder):
    rows = {row.node_id: row for row in plant_risk_rows(ladder(("R", "spans", "B C")))}

    assert rows["A"].risk_verdict == "pair"
    assert rows["A"].risk_pair_m == pytest.approx(300 + 100 + 2 * math.hypot(100, 100))
    assert rows["A"].unavoidable_risks == ()
    assert "K" not in rows


def test_a_risk_on_every_way_is_unavoidable(ladder):
    members = [("R", "spans", name) for name in ("B C", "D E", "F G")]
    rows = {row.node_id: row for row in plant_risk_rows(ladder(*members))}

    assert rows["A"].risk_verdict == "none"
    assert rows["A"].unavoidable_risks == rows["A"].least_shared_risks == ("R",)
    assert rows["A"].risk_pair_m is None


def test_a_longer_pair_is_found_where_the_shortest_shares_a_risk(ladder):
    """The upper two ways cross R: the pair must take the long way round by F and G."""
    members = [("R", "spans", name) for name in ("B C", "D E")]
    rows = {row.node_id: row for row in plant_risk_rows(ladder(*members))}

    assert rows["A"].risk_verdict == "pair"
    assert rows["A"].risk_pair_m == pytest.approx(300 + 100 + 2 * math.hypot(100, 300))
    assert rows["A"].least_shared_risks == ()


def test_a_node_that_reaches_no_centre_has_no_pair_and_nothing_is_said_of_its_risks(plant):
    """A -- K   B -- C: B and C are on their own."""
    nodes = {"A": (0, 0), "K": (100, 0), "B": (0, 100), "C": (100, 100)}
    spans = [(name, *name.split(), {}) for name in ("A K", "B C")]
    risks = risk_tables([("R", "spans", "B C")])

    rows = {
        row.node_id: row
        for row in plant_risk_rows(assess_plant(plant(nodes, spans, **risks), ["K"]))
    }

    assert set(rows) == {"A", "B", "C"}
    assert rows["B"].risk_verdict == rows["C"].risk_verdict == "none"
    assert rows["B"].unavoidable_risks is rows["B"].least_shared_risks is None


def test_three_risks_that_overlap_leave_no_pair_though_none_alone_cuts(ladder):
    members = [("R1", "spans", "B C"), ("R1", "spans", "D E")]
    members += [("R2", "spans", "B C"), ("R2", "spans", "F G")]
    members += [("R3", "spans", "D E"), ("R3", "spans", "F G")]
    rows = {row.node_id: row for row in plant_risk_rows(ladder(*members))}

    assert rows["A"].risk_verdict == "none"
    assert rows["A"].unavoidable_risks == ()
    assert len(rows["A"].least_shared_risks) == 1


def test_without_time_nothing_is_claimed(ladder):
    members = [("R", "spans", name) for name in ("B C", "D E")]

    rows = {row.node_id: row for row in plant_risk_rows(ladder(*members), seconds=1e-9)}

    assert rows["A"].risk_verdict == "unproven"
    assert rows["A"].risk_pair_m is None
    assert rows["A"].least_shared_risks is None


def test_places_can_be_at_risk_too(ladder):
    members = [("R", "structures", name) for name in ("B", "D", "F")]
    rows = {row.node_id: row for row in plant_risk_rows(ladder(*members))}

    assert rows["A"].unavoidable_risks == ("R",)
    assert rows["B"].unavoidable_risks == ()


def test_without_recorded_risk_groups_nothing_is_said(plant):
    network = plant({"A": (0, 0), "K": (100, 0)}, [("s", "A", "K", {})])

    assert plant_risk_rows(assess_plant(network, ["K"])) == ()


@settings(max_examples=120, deadline=None)
@given(
    risky_plants(["R1", "R2", "R3"], most=8),
    st.sampled_from([["N0"], ["N0", "N1"], ["N0", "N1", "N2"]]),
)
def test_verdicts_agree_with_every_pair_of_routes(plant, drawn, centres):
    """The centre of a route counts for its risks where there are several."""
    names, spans, members = drawn
    nodes = {name: (10 * number, 0) for number, name in enumerate(names)}
    network = plant(nodes, spans, **risk_tables(members))

    rows = plant_risk_rows(assess_plant(network, centres))

    graph = nx.Graph()
    graph.add_nodes_from(names)
    graph.add_weighted_edges_from((a, b, more["length_m"]) for _, a, b, more in spans)
    assert [row.node_id for row in rows] == sorted(set(names) - set(centres))
    for row in rows:
        used = [
            (nx.path_weight(graph, path, "weight"), *_used(path, members, centres))
            for path in _paths(graph, row.node_id, centres)
        ]
        if not used:
            assert (row.risk_verdict, row.unavoidable_risks) == ("none", None)
            continue
        risks = [risks for _, _, risks in used]
        assert row.unavoidable_risks == tuple(sorted(frozenset.intersection(*risks)))
        free = _free_pairs(used)
        assert row.risk_verdict == ("pair" if free else "none")
        assert row.risk_pair_m == (pytest.approx(min(free)) if free else None)
        common = [len(a & b) for a, b in itertools.combinations_with_replacement(risks, 2)]
        assert len(row.least_shared_risks) == min(common)


def _paths(graph, source, centres):
    """All ways to a centre that pass no other."""
    for centre in centres:
        inner = graph.subgraph({*graph} - {*centres} | {centre})
        yield from nx.all_simple_paths(inner, source, centre)


def _used(path, members, centres):
    """Elements of a route between its ends; their risks, and those of one of several centres."""
    elements = {("structures", name) for name in path[1:-1]}
    elements |= {("spans", " ".join(sorted(ends))) for ends in itertools.pairwise(path)}
    at_risk = elements | {("structures", path[-1]) for _ in centres[1:]}
    risks = {risk for risk, table, element in members if (table, element) in at_risk}
    return frozenset(elements), frozenset(risks)


def _free_pairs(used):
    """Lengths of all pairs without a common element or risk."""
    return [
        length_m + other_m
        for (length_m, elements, risks), (other_m, others, more) in itertools.combinations(used, 2)
        if not elements & others and not risks & more
    ]


@pytest.fixture
def two_centres(plant):
    """From A one way leads to each of two centres, K and J; C has two ways to K.

    ::

        J --- B --- A --- D --- K === C      (=== by E and by F)
    """
    nodes = {
        "A": (0, 0), "B": (-100, 0), "J": (-200, 0), "D": (100, 0), "K": (200, 0),
        "E": (300, 100), "F": (300, -100), "C": (400, 0),
    }  # fmt: skip
    ends = ("A B", "B J", "A D", "D K", "K E", "E C", "K F", "F C")
    spans = [(name, *name.split(), {}) for name in ends]

    def build(*members, centres=("K", "J")):
        network = plant(nodes, spans, **risk_tables([("R", *member) for member in members]))
        rows = plant_risk_rows(assess_plant(network, centres))
        return {row.node_id: row for row in rows}

    return build


@pytest.mark.parametrize("other", [("structures", "J"), ("spans", "B J"), ("structures", "B")])
def test_two_centres_that_one_risk_takes_are_no_pair(two_centres, other):
    row = two_centres(("structures", "K"), other)["A"]

    assert row.risk_verdict == "none"
    assert row.unavoidable_risks == row.least_shared_risks == ("R",)
    assert row.risk_pair_m is None


def test_a_risk_of_one_of_two_centres_leaves_the_way_to_the_other(two_centres):
    rows = two_centres(("structures", "K"), ("spans", "E C"))

    assert rows["A"].risk_verdict == "pair"
    assert rows["C"].risk_verdict == "none", "both ways end at K, and J lies behind it"
    assert rows["C"].unavoidable_risks == ("R",)


def test_a_risk_of_the_only_centre_is_common_to_all_and_left_out(two_centres):
    rows = two_centres(("structures", "K"), ("spans", "E C"), centres=["K"])

    assert rows["C"].risk_verdict == "pair"
    assert rows["C"].unavoidable_risks == ()


def test_spans_to_a_centre_at_risk_are_not_metres_of_that_risk(plant):
    """Each two of the three ways share a group: Q two places, P short spans, T long ones.

    ::

             B           Q: K and B;  P: B-J and D-J, 50 m each;  T: A-K and A-D, 900 m each
           /   \\
        K - A   J
           \\   /
             D
    """
    nodes = {"A": (0, 0), "K": (-900, 0), "B": (100, 100), "D": (100, -100), "J": (200, 0)}
    lengths = {"A K": 900, "A B": 100, "B J": 50, "A D": 900, "D J": 50}
    spans = [(name, *name.split(), {"length_m": float(m)}) for name, m in lengths.items()]
    members = [("Q", "structures", "K"), ("Q", "structures", "B")]
    members += [("P", "spans", "B J"), ("P", "spans", "D J")]
    members += [("T", "spans", "A K"), ("T", "spans", "A D")]
    answer = assess_plant(plant(nodes, spans, **risk_tables(members)), ["K", "J"])

    rows = {row.node_id: row for row in plant_risk_rows(answer, objective="metres")}

    assert rows["A"].risk_verdict == "none"
    assert rows["A"].least_shared_risks == ("Q",)


@pytest.fixture
def two_crossings(plant):
    """From A to K either way crosses two streams, or one wide river.

    ::

             B ---- C ---- D          AB, EF: stream 1; BC, FG: stream 2 (10 m each)
           /                 \\        CD, HI: river, 900 m each
        A -- E -- F -- G ----- K
           \\                 /
             H ---- I ------
    """
    nodes = {
        "A": (0, 0), "B": (10, 100), "C": (20, 100), "D": (920, 100),
        "E": (5, 10), "F": (15, 10), "G": (25, 10), "H": (20, -100), "I": (920, -100),
        "K": (1000, 0),
    }  # fmt: skip
    lengths = {
        "A B": 10, "B C": 10, "C D": 900, "D K": 100, "A E": 10, "E F": 10, "F G": 10, "G K": 900,
        "A H": 100, "H I": 900, "I K": 100,
    }  # fmt: skip
    spans = [(name, *name.split(), {"length_m": float(m)}) for name, m in lengths.items()]
    members = [
        ("stream 1", "spans", "A B"), ("stream 1", "spans", "E F"),
        ("stream 2", "spans", "B C"), ("stream 2", "spans", "F G"),
        ("river", "spans", "C D"), ("river", "spans", "H I"),
        ("ferry", "spans", "G K"), ("ferry", "spans", "I K"),
        ("cape", "spans", "G K"), ("cape", "spans", "I K"),
    ]  # fmt: skip
    return assess_plant(plant(nodes, spans, **risk_tables(members)), ["K"])


def test_fewest_risks_and_fewest_metres_may_ask_for_different_pairs(two_crossings):
    fewest, shortest = (
        next(row for row in plant_risk_rows(two_crossings, seconds=0, objective=objective)
             if row.node_id == "A")
        for objective in ("risks", "metres")
    )  # fmt: skip

    assert fewest.least_shared_risks == ("river",)
    assert shortest.least_shared_risks == ("stream 1", "stream 2")
    assert fewest.risk_verdict == shortest.risk_verdict == "none"


@pytest.mark.parametrize(("rate", "shared"), [(0.01, ("river",)), (1e-9, None)])
def test_outage_weighs_groups_by_their_rate(two_crossings, rate, shared):
    """A group fails once in a hundred years: two streams are out for longer than one river.

    Groups that hardly ever fail are not free, but all weigh the same: any one is as good.
    """
    rates = replace(load_rates(), per_risk_year={"other": rate})
    rows = plant_risk_rows(two_crossings, seconds=0, objective="outage", rates=rates)
    row = next(row for row in rows if row.node_id == "A")

    assert row.risk_verdict == "none"
    assert row.least_shared_risks in ([shared] if shared else [("river",), ("cape", "ferry")])
