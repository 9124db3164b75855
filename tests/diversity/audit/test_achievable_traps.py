"""Small networks on which a search can go wrong, with answers that can be told on paper."""

from __future__ import annotations

import pytest
from builders import PlantBuilder

from netgraph.diversity.achievable.find import UNPROVEN, find_achievable


def plant_of(spans, length_m=500.0, **more):
    """Offices K and J, sites S and T, manholes; a span from each "a-b" (numbered if repeated)."""
    plan = PlantBuilder().office("K").office("J").site("S").site("T")
    for point in sorted({end for span in spans for end in span.split("-")} - set("KJST")):
        plan.structure(point)
    for number, span in enumerate(spans):
        a, b = span.split("-")
        length = more.get(span.replace("-", ""), length_m)
        plan.span(f"{span}#{number}", a, b, length_m=length, trench_id=f"T{number}")
    return plan


def answers_of(plan, site="S", **options):
    audit = plan.audit()
    found = find_achievable(audit, **{"seconds": 0, **options})
    return found, found.answers["spans"][audit.network.places.ids.tolist().index(site)]


TRAP = ("S-a", "a-b", "b-K", "S-b", "a-K")


@pytest.mark.parametrize("length_m", [1.0, 700.0])
def test_the_shortest_route_is_not_half_of_the_best_pair(length_m):
    """Two steps, shortest first and then around it, find nothing: S-a-b-K blocks both others."""
    plan = plant_of(TRAP, 100.0 + length_m, Sa=length_m, ab=length_m, bK=length_m)
    plan.circuit("x", "S", "K")

    _, (answer,) = answers_of(plan)

    assert answer.level == "diverse"
    assert answer.total_m == pytest.approx(2 * length_m + 2 * (100.0 + length_m))


@pytest.mark.parametrize("length_m", [0.0, 500.0])
def test_lengths_that_are_all_equal_or_nothing_hide_no_pair(length_m):
    """A length of nothing is no record: the straight line stands in for it."""
    plan = plant_of(("S-a", "a-K", "S-b", "b-K", "a-b", "b-b"), length_m).circuit("x", "S", "K")

    _, (answer,) = answers_of(plan)

    assert answer.level == "diverse"
    assert len(answer.routes[0]) == len(answer.routes[1]) == 2
    assert length_m == 0.0 or answer.total_m == 4 * length_m


def test_each_customer_is_searched_for_a_way_to_the_own_centre_only():
    """S has one way to its centre K; that T is at home at J gives S no second one."""
    plan = plant_of(("S-a", "a-K", "S-b", "b-J", "T-c", "c-J", "T-d", "d-J"))
    plan.circuit("x", "S", "K").circuit("y", "T", "J", customer_id="R")

    _, (of_s,) = answers_of(plan, "S")
    _, (of_t,) = answers_of(plan, "T")

    assert of_s.level == "same_trench"
    assert of_t.level == "diverse"


def test_three_ways_that_overlap_two_by_two_are_diverse_for_three_circuits_and_not_for_two():
    """Each of three ways shares a flood zone with each other one: none takes all three circuits."""
    plan = plant_of(("S-a", "a-K", "S-b", "b-K", "S-c", "c-K"))
    for number, way in enumerate("abc"):
        spans = [row["id"] for row in plan.rows["spans"] if way in row["id"][:3]]
        plan.cable(way, "S", "K", spans).link(way, "S", "K", [way])
        if way != "c":
            plan.circuit(f"x{number}", "S", "K", way, group_id="G", protection="none")
    for zone in ("ab", "bc", "ac"):
        plan.risk(zone, *(f"structures:{point}" for point in zone))

    _, (answer,) = answers_of(plan)

    assert (answer.level, len(answer.shared)) == ("same_risk_group", 1)
    assert answer.unavoidable == ()
    plan.circuit("x2", "S", "K", "c", group_id="G", protection="none")
    assert plan.verdict("x0").level == "diverse"
    _, (answer,) = answers_of(plan)
    assert (answer.level, len(answer.routes)) == ("diverse", 3)


def test_a_centre_that_no_site_reaches_is_named_once():
    plan = plant_of(("S-a", "a-K", "T-b", "b-K"))
    plan.circuit("x", "S", "J").circuit("y", "T", "J").circuit("z", "S", "K")

    found, _ = answers_of(plan)

    ids = plan.network().places.ids
    assert [[str(ids[place]) for place in ends] for ends in found.unreached] == [["J"]]


def test_without_time_what_needs_no_search_is_told_and_the_rest_is_unproven():
    """S has a pair that shares nothing. Whatever T takes first meets all others: but e and f part.

    All of T's ways cross a river twice over bridges of two ways each::

        c with d, c with e, c with f, d with e, d with f
    """
    plan = plant_of((
        "S-a", "a-K", "S-b", "b-K",
        "T-c", "c-K", "T-d", "d-K", "T-e", "e-K", "T-f", "f-K",
    ))  # fmt: skip
    plan.change("spans", "T-e#8", length_m=900.0).change("spans", "T-f#10", length_m=900.0)
    plan.circuit("x", "S", "K").circuit("y", "T", "K", customer_id="R")
    way = {"c": "spans:c-K#5", "d": "spans:d-K#7", "e": "spans:e-K#9", "f": "spans:f-K#11"}
    for one, other in ("cd", "ce", "cf", "de", "df"):
        plan.risk(f"bridge {one}{other}", way[one], way[other])

    found, (of_s,) = answers_of(plan, "S", seconds=1e-9)
    _, (of_t,) = answers_of(plan, "T", seconds=1e-9)
    _, (at_last,) = answers_of(plan, "T")

    assert of_s.level == "diverse"
    assert of_t.level == UNPROVEN
    assert of_t.is_connected
    assert found.unproven >= 1
    assert at_last.level == "diverse"
    assert at_last.is_shortest


def test_a_pair_that_looks_past_a_shared_risk_is_told_without_time_but_not_as_the_shortest():
    """T's two shortest ways cross one river; the third does not."""
    plan = plant_of(("T-c", "c-K", "T-d", "d-K", "T-e", "e-K"))
    plan.change("spans", "T-e#4", length_m=900.0)
    plan.circuit("y", "T", "K")
    plan.risk("river", "spans:c-K#1", "spans:d-K#3")

    _, (at_once,) = answers_of(plan, "T", seconds=1e-9)
    _, (at_last,) = answers_of(plan, "T")

    assert at_once.level == at_last.level == "diverse"
    assert not at_once.is_shortest
    assert at_last.is_shortest
    assert at_once.total_m >= at_last.total_m
