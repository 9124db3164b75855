"""Where a working route first meets what its circuit shares: rows and run must say the same."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from builders import PlantBuilder

import netgraph as ng
from netgraph.diversity.certificates import as_plain, certify
from netgraph.report.contract import table_specs
from netgraph.verify.run import Certificates


def _drawn(*ways, **buildings):
    """Spans of 100 m (``name place place``) in trenches of their own, from site S to office K."""
    plan = PlantBuilder().site("S", building_id=buildings.pop("S", None)).office("K")
    for name in "OXY":
        plan.office(name, **({"building_id": buildings.pop(name)} if name in buildings else {}))
    for name in "EM":
        plan.structure(name, building_id=buildings.pop(name, None))
    for name, a, b in (way.split() for way in ways):
        plan.span(name, a, b, length_m=100.0, trench_id=f"T-{name}")
    return plan


def _passed_at_its_office_first():
    """Building H is met at office O, long before the common trench comes to manhole E in it.

    ::

        S --a-- O --b-- M ==d== E ==e== K      O, E in H
        S ------p------ M
    """
    plan = _drawn("a S O", "b O M", "p S M", "d M E", "e E K", O="H", E="H")
    plan.cable("ca", "S", "O", "a").cable("cb", "O", "K", "b d e").cable("cp", "S", "K", "p d e")
    plan.link("l1", "S", "O", ["ca"]).link("l2", "O", "K", ["cb"]).link("l3", "S", "K", ["cp"])
    return plan.circuit("x", "S", "K", "l1 l2", "l3")


def _office_without_a_building():
    """Nothing tells the building of the common office: it is met all the same.

    ::

        S ==a,p== O ==b,q== M ==d== K
    """
    plan = _drawn("a S O", "p S O", "b O M", "q O M", "d M K", O=None)
    plan.cable("c1", "S", "O", "a").cable("c2", "O", "K", "b d")
    plan.cable("c3", "S", "O", "p").cable("c4", "O", "K", "q d")
    for name, a, b in (("1", "S", "O"), ("2", "O", "K"), ("3", "S", "O"), ("4", "O", "K")):
        plan.link(f"l{name}", a, b, [f"c{name}"])
    return plan.circuit("x", "S", "K", "l1 l2", "l3 l4")


def _indoor_span_of_the_common_cable():
    """Span i is passed first by cable e alone, and only much later by the common cable c.

    ::

        S --i-- O --a-- X --b-- O --i-- S --j-- K      S, O in H; cable c: O i S j K
        S ------p------ Y --q-- O --i-- S --j-- K
    """
    plan = _drawn("i S O", "a O X", "b X O", "j S K", "p S Y", "q Y O", S="H", O="H")
    plan.cable("e", "S", "O", "i").cable("f", "O", "X", "a").cable("g", "X", "O", "b")
    plan.cable("c", "O", "K", "i j").cable("cp", "S", "Y", "p").cable("cq", "Y", "O", "q")
    plan.link("l1", "S", "X", ["e", "f"]).link("l2", "X", "K", ["g", "c"])
    plan.link("l3", "S", "Y", ["cp"]).link("l4", "Y", "K", ["cq", "c"])
    return plan.circuit("x", "S", "K", "l1 l2", "l3 l4")


def _back_through_its_own_building():
    """Metres in the building of A lead nowhere, however late they are passed.

    ::

        S --a-- X --b-- O --i-- S ==j== K      S, O in H
    """
    plan = _drawn("a S X", "b X O", "i O S", "j S K", S="H", O="H")
    plan.cable("ca", "S", "X", "a").cable("cb", "X", "K", "b i j").cable("cj", "S", "K", "j")
    plan.link("l1", "S", "X", ["ca"]).link("l2", "X", "K", ["cb"]).link("l3", "S", "K", ["cj"])
    return plan.circuit("x", "S", "K", "l1 l2", "l3")


def _manhole_before_a_gap():
    """Manhole E is common; the span from there to M is lost, and behind it runs the common cable.

    ::

        S --a-- E ...... M ==d== K      cable cb: E to K
        S --p-- E --q--- M ==d== K
    """
    plan = _drawn("a S E", "d M K", "p S E", "q E M")
    plan.cable("ca", "S", "E", "a").cable("cb", "E", "K", "d").cable("cp", "S", "K", "p q d")
    plan.link("l1", "S", "K", ["ca", "cb"]).link("l2", "S", "K", ["cp"])
    return plan.circuit("x", "S", "K", "l1", "l2")


def _office_behind_a_gap():
    """The last span of the working route is lost: office K ends it, how far from S nobody knows.

    ::

        S --a-- E ...... K      cable ca: S to K, span a alone
        S --p-- K --q-- X       the protect route runs past K to its own end
    """
    plan = _drawn("a S E", "p S K", "q K X")
    plan.cable("ca", "S", "K", "a").cable("cp", "S", "X", "p q")
    plan.link("l1", "S", "K", ["ca"]).link("l2", "S", "X", ["cp"])
    return plan.circuit("x", "S", "K", "l1", "l2", b2_id="X")


def _office_that_begins_behind_a_gap():
    """Behind the gap the working route goes on at office O, which is in the building of X.

    ::

        S --a-- E ...... O --b-- K      cable ca: S to O, span a alone; O, X in H
        S ----p---- X -----q---- K
    """
    plan = _drawn("a S E", "b O K", "p S X", "q X K", O="H", X="H")
    plan.cable("ca", "S", "O", "a").cable("cb", "O", "K", "b").cable("cp", "S", "K", "p q")
    plan.link("l1", "S", "O", ["ca"]).link("l2", "O", "K", ["cb"]).link("l3", "S", "K", ["cp"])
    return plan.circuit("x", "S", "K", "l1 l2", "l3")


def _carried_by_what_protects_itself():
    """The working route is carried by the very link that protects it, which has two legs.

    ::

        S ====a==== K      link l, working leg
        S ----p---- K      link l, protect leg
    """
    plan = _drawn("a S K", "p S K").cable("ca", "S", "K", "a").cable("cp", "S", "K", "p")
    plan.link("l", "S", "K", ["ca"], protect=["cp"]).link("upper", "S", "K", carriers=["l"])
    return plan.circuit("x", "S", "K", "upper", "l")


def _two_points_as_near():
    """Offices O and X in one building are both passed by both routes: one is named.

    ::

        S --a-- O --i-- X --b-- K      O, X in H
        S --p-- O --i-- X --q-- K
    """
    plan = _drawn("a S O", "p S O", "i O X", "b X K", "q X K", O="H", X="H")
    plan.cable("ca", "S", "X", "a i").cable("cb", "X", "K", "b")
    plan.cable("cp", "S", "X", "p i").cable("cq", "X", "K", "q")
    plan.link("l1", "S", "X", ["ca"]).link("l2", "X", "K", ["cb"])
    plan.link("l3", "S", "X", ["cp"]).link("l4", "X", "K", ["cq"])
    return plan.circuit("x", "S", "K", "l1 l2", "l3 l4")


@pytest.mark.parametrize(
    ("draw", "place", "metres"), [
        (_manhole_before_a_gap, "E", 100.0),
        (_office_behind_a_gap, "K", None),
        (_office_that_begins_behind_a_gap, "O", 100.0),
        (_carried_by_what_protects_itself, None, None),
        (_two_points_as_near, "O", 100.0),
        (_passed_at_its_office_first, "O", 100.0),
        (_office_without_a_building, "O", 100.0),
        (_indoor_span_of_the_common_cable, "O", 200.0),
        (_back_through_its_own_building, "S", 200.0),
    ],
)  # fmt: skip
def test_the_rows_tell_the_first_common_point_as_the_run_does(draw, place, metres):
    inventory = draw().inventory()
    assessment = ng.assess(inventory, ng.Options(search_seconds=0))
    checker = Certificates(inventory, asdict(assessment.options.rules))
    for number, line in enumerate(certify(assessment.audit, assessment.achievable), start=1):
        checker.take(number, json.dumps(as_plain(line)))
    (cells,) = assessment.rows("circuits")
    row = dict(zip(table_specs()["circuits"].names, cells, strict=True))
    told = checker.proven.columns["x"]

    assert checker.refused == []
    assert (row["first_common_point"], row["distance_from_a_m"]) == (place, metres)
    if metres is None:
        assert not told.keys() & {"first_common_point", "distance_from_a_m"}
    else:
        assert place in told["first_common_point"]  # or any that is as near
        assert told["distance_from_a_m"] == metres
