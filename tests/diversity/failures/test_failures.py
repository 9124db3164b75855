"""Failures that can be read off a drawing."""

from __future__ import annotations

from itertools import pairwise

import pytest
from builders import PlantBuilder

from netgraph.datasets import example_columns
from netgraph.diversity.failures import build_catalogue, find_double_failures, find_single_failures
from netgraph.diversity.rules import load_rules
from netgraph.errors import UsageError

from .failure_oracle import DOWN, UNPROTECTED, Oracle


class Outcome:
    """Failures of a plan by the ids of risks."""

    def __init__(self, plan, **options):
        catalogue = build_catalogue(plan.network(), load_rules(), **options)
        self.singles = find_single_failures(catalogue)
        self.number = {name: i for i, name in enumerate(catalogue.ids.tolist())}
        self.names = catalogue.network.circuits.ids

    def down(self, risk):
        return set(self.names[self.singles.find_down(self.number[risk])])

    def unprotected(self, risk):
        return set(self.names[self.singles.find_unprotected(self.number[risk])])

    def counts(self, risk):
        """Circuits down and unprotected, sites and customers down."""
        s, number = self.singles, self.singles.class_of_risk[self.number[risk]]
        table = (s.circuits_down, s.circuits_unprotected, s.sites_down, s.customers_down)
        return tuple(int(column[number]) for column in table) if number >= 0 else (0, 0, 0, 0)

    def undecidable(self, risk):
        return int(self.singles.circuits_undecidable[self.number[risk]])

    def only_together(self, first, second):
        """Extra circuits down of two risks, 0 if the pair is not listed."""
        pairs = find_double_failures(self.singles, threshold=1)
        wanted = {int(self.singles.class_of_risk[self.number[name]]) for name in (first, second)}
        for i in range(len(pairs)):
            if {int(pairs.first[i]), int(pairs.second[i])} == wanted:
                return int(pairs.extra_circuits_down[i])
        return 0


def test_a_common_manhole_takes_the_circuit_down_and_a_span_of_one_route_its_protection(two_ways):
    outcome = Outcome(two_ways)
    assert outcome.down("structures:M") == {"X"}
    assert outcome.counts("structures:M") == (1, 0, 1, 1)
    assert outcome.down("spans:US-1") == set()
    assert outcome.unprotected("spans:US-1") == {"X"}
    assert outcome.counts("spans:YS-1") == (1, 0, 1, 1)


def test_the_ends_of_a_circuit_fail_like_everything_else(two_ways):
    outcome = Outcome(two_ways)
    assert outcome.counts("sites:S1") == (1, 0, 1, 1)
    assert outcome.counts("offices:K") == outcome.counts("buildings:B-K") == (2, 0, 2, 2)


def test_a_site_is_down_only_with_all_of_its_circuits(two_ways):
    two_ways.circuit("Z", "S2", "K", "YS", "US", customer_id="R")
    outcome = Outcome(two_ways)
    assert outcome.counts("spans:YS-1") == (1, 1, 0, 0)


def test_two_spans_of_two_routes_take_down_what_neither_does_alone(two_ways):
    outcome = Outcome(two_ways)
    assert outcome.only_together("spans:US-1", "spans:LS-2") == 1
    assert outcome.only_together("spans:US-1", "spans:US-2") == 0
    assert outcome.only_together("spans:US-1", "spans:YS-1") == 0, "Y drops by its span alone"


def test_a_link_with_two_legs_falls_with_what_both_share_or_with_one_of_each(two_legs):
    outcome = Outcome(two_legs)
    assert outcome.down("spans:n1") == outcome.down("cables:c1") == set()
    assert outcome.unprotected("spans:n1") == set(), "no route is hit"
    assert outcome.only_together("spans:n1", "spans:s2") == 1
    assert outcome.only_together("spans:n1", "cables:c1") == 0


def test_a_group_that_hits_both_legs_takes_the_link_down(two_legs):
    two_legs.risk("flood", "spans:n1", "structures:T").risk("half", "spans:n1", "spans:n2")
    outcome = Outcome(two_legs)
    assert outcome.down("risk_groups:flood") == {"X"}
    assert outcome.down("risk_groups:half") == set()


def test_segments_switch_each_on_its_own(two_segments):
    outcome = Outcome(two_segments)
    assert outcome.only_together("spans:a-1", "spans:b-1") == 1
    assert outcome.only_together("spans:c-1", "spans:d-2") == 1
    assert outcome.only_together("spans:a-1", "spans:d-1") == 0, "one route of each segment is left"
    assert outcome.down("offices:H") == {"X"}


def test_a_derived_protect_route_counts():
    """X goes K-W-A; the rest of the ring protects it.

    ::

        K --r1-- W --r2-- A ... S
        '-------r3--------'
    """
    plan = PlantBuilder().office("K").office("W", "access").office("A", "access").site("S")
    plan.way("r1", "K W").way("r2", "W A").way("r3", "A K").way("t", "S A")
    plan.ring("RING", "r1 r2 r3").circuit("X", "S", "K", "t r2 r1", protection="ring")
    outcome = Outcome(plan)
    assert outcome.down("spans:r1-1") == set()
    assert outcome.unprotected("spans:r1-1") == {"X"}
    assert outcome.down("spans:t-1") == {"X"}
    assert outcome.only_together("offices:W", "spans:r3-1") == 1


def test_a_circuit_without_records_never_counts_as_surviving(two_ways):
    two_ways.circuit("U", "S1", "K").circuit("V", "S1", "K", "US", protection="path")
    outcome = Outcome(two_ways)
    assert outcome.undecidable("spans:LS-1") == 1, "nothing is known of U"
    assert outcome.undecidable("spans:US-1") == 2, "the protect route of V is not recorded"
    assert outcome.counts("spans:US-1")[:2] == (0, 2)
    assert outcome.singles.unrecorded == 1
    assert outcome.counts("sites:S1")[2] == 0, "U may be up elsewhere: nothing proves S1 is down"


def test_an_office_without_a_building_leaves_buildings_open(two_segments):
    two_segments.change("offices", "H", building_id=None)
    outcome = Outcome(two_segments)
    assert outcome.undecidable("buildings:B-K") == 0, "down, and proven"
    two_segments.office("Z").site("T").way("z", "T Z").circuit("Z", "T", "Z", "z")
    outcome = Outcome(two_segments)
    assert outcome.undecidable("buildings:B-Z") == 1, "H may stand in it"
    assert outcome.undecidable("offices:Z") == 0


def test_an_exempt_element_never_fails_not_even_with_its_group(two_ways):
    two_ways.risk("R", "structures:M", "spans:US-1")
    outcome = Outcome(two_ways, exempt=["structures:M"])
    assert outcome.down("structures:M") == set()
    assert outcome.counts("risk_groups:R") == (0, 1, 0, 0)
    assert outcome.down("offices:K") == {"X", "Y"}


def test_an_exempt_group_leaves_its_members(two_ways):
    two_ways.risk("R", "structures:M")
    outcome = Outcome(two_ways, exempt=["risk_groups:R"])
    assert outcome.down("risk_groups:R") == set()
    assert outcome.down("structures:M") == {"X"}


def test_an_unknown_exempt_id_is_refused_with_what_is_like_it(two_ways):
    with pytest.raises(UsageError, match="spans:US-1"):
        Outcome(two_ways, exempt=["span:US-1"])


def test_a_threshold_below_one_is_refused(two_ways):
    with pytest.raises(UsageError, match="1 or more"):
        find_double_failures(Outcome(two_ways).singles, threshold=0)


def test_more_than_64_parts_of_a_circuit_are_told_apart():
    """X runs over 40 links with two legs each, one after the other: 81 parts.

    ::

        S =L0= H0 =L1= H1 = ... = H38 =L39= K
    """
    plan = PlantBuilder().site("S").office("K")
    stops = ["S", *(f"H{i}" for i in range(39)), "K"]
    for stop in stops[1:-1]:
        plan.office(stop, "access")
    for i, (a, b) in enumerate(pairwise(stops)):
        for leg in "np":
            plan.structure(f"m{i}{leg}")
            plan.span(f"{leg}{i}a", a, f"m{i}{leg}").span(f"{leg}{i}b", f"m{i}{leg}", b)
            plan.cable(f"{leg}{i}", a, b, [f"{leg}{i}a", f"{leg}{i}b"])
        plan.link(f"L{i}", a, b, f"n{i}", protect=f"p{i}")
    plan.circuit("X", "S", "K", [f"L{i}" for i in range(40)])
    outcome = Outcome(plan)
    assert outcome.only_together("spans:n39a", "spans:p39b") == 1
    assert outcome.only_together("spans:n39a", "spans:p38b") == 0
    assert outcome.down("offices:H38") == {"X"}


def test_the_small_example_fails_as_its_drawing_says():
    """See netgraph/datasets/twin_ring.py."""
    columns = example_columns("twin_ring")
    plan = PlantBuilder()
    plan.columns = lambda: columns  # the example's own rows
    outcome = Outcome(plan)
    assert outcome.counts("offices:K") == (7, 0, 6, 2), "everything ends at the centre"
    assert outcome.counts("structures:X")[2] == 1, "both cables of S3 enter the manhole X"
    assert outcome.counts("trenches:T-S2")[2] == 1, "S2 has two cables in one trench"
    assert outcome.counts("risk_groups:RG-FLOOD")[2] == 1, "both cables of S6 cross the flood zone"
    assert outcome.counts("sites:S1") == (2, 0, 1, 0)
    assert outcome.counts("offices:W1")[2] == 1, "only S4 has a single route, past W1"
    assert outcome.only_together("offices:W1", "offices:W2") == 6, (
        "K stands alone then; S4 has no way anyway"
    )


def test_the_small_example_fails_as_plain_sets_say():
    columns = example_columns("twin_ring")
    rows = {
        table: [
            {key: value for key, value in zip(names, cells, strict=True) if value not in (None, "")}
            for names in [list(by_name)]
            for cells in zip(*by_name.values(), strict=True)
        ]
        for table, by_name in columns.items()
    }
    plan = PlantBuilder()
    plan.columns = lambda: columns
    outcome, oracle = Outcome(plan), Oracle(rows)
    for risk in oracle.risks:
        states = oracle.fail(risk)
        assert outcome.down(risk) == {c for c, (state, _) in states.items() if state == DOWN}
        assert outcome.unprotected(risk) == {
            c for c, (state, _) in states.items() if state == UNPROTECTED
        }
