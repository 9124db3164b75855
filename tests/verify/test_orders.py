"""The order of the pieces of a cable, and the direction of each, are derived and not believed."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from builders import PlantBuilder

from netgraph.diversity.achievable.find import find_achievable
from netgraph.diversity.certificates import as_plain, certify
from netgraph.verify.run import Certificates


def broken(spans="near mid lost"):
    """The cable of the second link has a gap, and its record is to be read from S::

    S ======= M ---- far ---- K          link one: near, far
      near    |
      49 m    mid
              N   (gap)   P --lost-- Q   link two: near, mid, lost; no span reaches K
    """
    plan = PlantBuilder().site("S").office("K")
    for name in "MNPQ":
        plan.structure(name)
    plan.span("near", "S", "M", length_m=49.0).span("far", "M", "K")
    plan.span("mid", "M", "N", length_m=0.5).span("lost", "P", "Q")
    plan.cable("c1", "S", "K", "near far").cable("c2", "S", "K", spans)
    plan.link("one", "S", "K", ["c1"]).link("two", "S", "K", ["c2"])
    return plan.circuit("X", "S", "K", "one", "two")


def refused(plan, forge=lambda _: None):
    """Reasons for which certificates are refused after one leg was forged, and the checker."""
    audit = plan.audit()
    checker = Certificates(plan.inventory(), asdict(audit.rules))
    for number, line in enumerate(certify(audit, find_achievable(audit, seconds=0)), start=1):
        plain = json.loads(json.dumps(as_plain(line)))
        if plain.get("of") == "cables:c2":
            forge(plain["legs"][0])
        checker.take(number, json.dumps(plain))
    return [*map(str, checker.refused)], checker


@pytest.mark.parametrize("spans", ["near mid lost", "lost mid near"])
def test_a_broken_cable_is_read_from_the_end_that_it_meets_whichever_is_recorded_first(spans):
    reasons, checker = refused(broken(spans))

    assert reasons == []
    assert [step[0] for step in checker.ways.legs["cables:c2"][0]] == [
        "spans:near", "spans:mid", "spans:lost"
    ]  # fmt: skip


def test_the_numbers_of_the_pieces_count_and_not_the_order_of_the_rows():
    plan = broken()
    plan.rows["cable_spans"].reverse()

    assert refused(plan)[0] == []


def _swap(leg):
    leg[0], leg[1] = leg[1], leg[0]


def _turn(leg):
    leg[1][1:] = leg[1][:0:-1]


@pytest.mark.parametrize("forge", [_swap, list.reverse, _turn])
def test_pieces_in_another_order_or_direction_are_refused(forge):
    reasons, _ = refused(broken(), forge)

    assert "in the order ['spans:near', 'spans:mid', 'spans:lost']" in reasons[0]


def test_what_may_be_read_from_either_end_tolerates_nothing():
    """Its ends are met as well by the first span as by the last: nobody knows where A is.

    S ==near== M       N ==lost== K     c2 is recorded as `lost near`, and then from K to S
    """
    plan = PlantBuilder().site("S").office("K").structure("M").structure("N")
    plan.span("near", "S", "M", length_m=49.0).span("lost", "S", "N")
    plan.span("far", "M", "K").cable("c1", "S", "K", "near far")
    plan.cable("c2", "S", "K", "lost near").link("one", "S", "K", ["c1"])
    plan.link("two", "S", "K", ["c2"]).circuit("X", "S", "K", "one", "two")

    reasons, checker = refused(plan)

    assert reasons == []
    assert "cables:c2" in checker.ways.open_either_way
    assert checker.ways.rules["entry_tolerance_m"] > 49.0
    assert checker.proven.levels["recorded", "circuits:X", "S"] == "same_trench"
