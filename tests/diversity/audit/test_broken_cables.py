"""Cables whose spans do not join up: from which end what is recorded of them is read."""

from __future__ import annotations

import itertools
import json
from dataclasses import asdict

import pytest
from audit_oracle import opinions
from builders import PlantBuilder, named
from random_plants import draw_plant

from netgraph.diversity.achievable.find import find_achievable
from netgraph.diversity.certificates import as_plain, certify
from netgraph.verify.run import Certificates

TURNS = [(turns_cable, turns_spans) for turns_cable in (0, 1) for turns_spans in (0, 1)]


def broken(spans, *, turns_cable=False):
    """Two links from S that share the span `near`; the cable of the second has a gap::

              near 49 m
        S ================ M ---- far ---- K          link one: near, far
        |(building B)      :
        O                  : (gap)
                           N ---- lost ---- P         link two, from S to O, whose record says
                                                      `lost` and `near`, and no span reaches O

    S and O stand in one building, so that `near` meets both ends of the cable, S by its id and O by
    its building only. An end met by its id decides before one met by its building: the cable is
    read from S, whichever of its ends and spans is recorded first, and `near` begins at S.
    """
    plan = PlantBuilder().site("S", building_id="B").office("O", building_id="B").office("K")
    for name in "MNP":
        plan.structure(name)
    plan.span("near", "S", "M", length_m=49.0).span("far", "M", "K").span("lost", "N", "P")
    ends = ("S", "O") if turns_cable else ("O", "S")
    plan.cable("c1", "S", "K", "near far").cable("c2", *ends, spans)
    plan.link("one", "S", "K", ["c1"]).link("two", "O", "S", ["c2"])
    return plan.circuit("X", "S", "K", "one", "two", b2_id="O")


def judged(plan, circuit="X"):
    """What the audit and plain sets count and tolerate of the plant of a circuit."""
    audit = plan.audit()
    verdict, opinion = plan.verdict(circuit), opinions(plan.rows)[circuit]
    assert (verdict.level, verdict.is_complete) == (opinion.level, opinion.is_complete)
    sets = named(audit, verdict.shared), named(audit, verdict.tolerated)
    assert sets == (opinion.shared, opinion.tolerated)
    return sets


@pytest.mark.parametrize("turns", TURNS)
def test_an_end_that_is_met_by_its_id_decides_before_one_met_by_its_building(turns):
    turns_cable, turns_spans = turns
    spans = "near lost" if turns_spans else "lost near"
    _, tolerated = judged(broken(spans, turns_cable=turns_cable))
    assert ("span", "near") in tolerated


def test_the_checker_reads_broken_cables_alike():
    for spans, turns_cable in itertools.product(("near lost", "back lost near"), (False, True)):
        plan = broken(spans, turns_cable=turns_cable).span("back", "P", "S")
        audit = plan.audit()
        checker = Certificates(audit.network.inventory, asdict(audit.rules))
        for number, line in enumerate(certify(audit, find_achievable(audit))):
            checker.take(number, json.dumps(as_plain(line)))
        assert not checker.refused


@pytest.mark.parametrize("turns", TURNS)
def test_what_may_lie_at_either_end_of_a_broken_cable_is_not_tolerated(turns):
    """Both the first span and the last begin at S, and nothing between: which is passed first?"""
    turns_cable, turns_spans = turns
    spans = "near lost back" if turns_spans else "back lost near"
    shared, _ = judged(broken(spans, turns_cable=turns_cable).span("back", "P", "S"))
    assert ("span", "near") in shared


def test_a_drawn_site_in_the_building_of_its_other_centre_reads_a_broken_cable_from_its_own_end():
    """Cable c5 of circuit x6: O1 stands in the building of S3, where span p23 begins::

    S3 === p23, 49 m === O5 ---- p9 ---- O2        recorded: c5 from O1 to S3 through p9, p23
    |(building B1)
    O1
    """
    plan = draw_plant(930095)
    assert judged(plan, "x6") == ({("location", "O5")}, {("span", "p23"), ("trench", "T2")})
    plan.change("cables", "c5", from_id="S3", to_id="O1")
    assert judged(plan, "x6")[1] == {("span", "p23"), ("trench", "T2")}
