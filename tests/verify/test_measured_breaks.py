"""How far from A what is shared lies where records break off: audit and checker measure alike."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from builders import PlantBuilder, named

from netgraph.diversity.achievable.find import find_achievable
from netgraph.diversity.certificates import as_plain, certify
from netgraph.verify.run import Certificates


def judged(plan, circuit="X"):
    """What the circuit shares and tolerates, and what the checker refuses of all certificates."""
    audit = plan.audit()
    checker = Certificates(plan.inventory(), asdict(audit.rules))
    lines = certify(audit, find_achievable(audit, seconds=0))
    for number, line in enumerate(lines, start=1):
        checker.take(number, json.dumps(as_plain(line)))
    verdict = plan.verdict(circuit)
    tolerated = {name for table, name in named(audit, verdict.tolerated) if table == "span"}
    shared = {name for table, name in named(audit, verdict.shared) if table == "span"}
    return shared, tolerated, checker.refused


@pytest.fixture
def entry():
    """Two links that leave S through one span of 30 m::

    S === near 30 m === M ---- one ---- K
                         ------ two ----
    """
    plan = PlantBuilder().site("S").office("K", building_id="BK").structure("M")
    plan.span("near", "S", "M", length_m=30.0)
    plan.span("one", "M", "K", length_m=900.0).span("two", "M", "K", length_m=800.0)
    plan.cable("c1", "S", "K", "near one").cable("c2", "S", "K", "near two")
    return plan.link("L", "S", "K", ["c1"])


def test_a_link_whose_end_at_a_is_lost_is_measured_along_its_cable(entry):
    entry.link("P", "nowhere", "K", ["c2"]).circuit("X", "S", "K", "L", "P")
    assert judged(entry) == (set(), {"near"}, [])


@pytest.mark.parametrize("legs", [("c3", "c2"), ("c2", "c3")])
def test_what_is_near_on_one_leg_and_far_on_the_other_counts(entry, legs):
    """Both legs of P need the span; one comes to it from N, nobody knows how::

    S ...(not recorded)... N ---- back 900 m ---- S === near === M ---- two ---- K    c3
    S === near === M ---- two ---- K                                                  c2
    """
    entry.structure("N").span("back", "N", "S", length_m=900.0)
    entry.cable("c3", "N", "K", "back near two")
    entry.link("P", "S", "K", [legs[0]], protect=[legs[1]]).circuit("X", "S", "K", "L", "P")
    assert judged(entry) == ({"near"}, set(), [])


@pytest.mark.parametrize("legs", [("c4", "c5"), ("c5", "c4")])
def test_what_is_near_a_counts_where_a_leg_of_a_link_below_passes_it_again(legs):
    """P runs through a link between K and J; one of the legs of that comes back to S::

    S === near 30 m === M ---- one ---- K                   link L, and the first of P
    K ---- direct ---- J                                    a leg of the link below
    K ---- one ---- M === near === S ---- away ---- J       the other leg
    K ---- other ---- J                                     the rest of the circuit's first
    """
    plan = PlantBuilder().site("S").structure("M")
    plan.office("K", building_id="BK").office("J", building_id="BJ").office("I", building_id="BI")
    plan.span("near", "S", "M", length_m=30.0).span("one", "M", "K", length_m=900.0)
    plan.span("two", "M", "I", length_m=900.0).span("into", "I", "J", length_m=900.0)
    plan.span("direct", "K", "J", length_m=900.0).span("away", "S", "J", length_m=900.0)
    plan.cable("c1", "S", "J", "near two into").cable("c2", "S", "K", "near one")
    plan.cable("c4", "K", "J", "direct").cable("c5", "K", "J", "one near away")
    plan.link("L", "S", "J", ["c1"]).link("P", "S", "K", ["c2"])
    plan.link("below", "K", "J", [legs[0]], protect=[legs[1]])
    plan.link("upper", "K", "J", carriers=["below"])
    plan.circuit("X", "S", "J", "L", ["P", "upper"])
    shared, tolerated, refused = judged(plan)
    assert (shared, tolerated, refused) == ({"near"}, set(), [])


@pytest.mark.parametrize("is_one_link", [True, False])
def test_two_cables_that_break_off_at_one_manhole_do_not_join_there(is_one_link):
    """Nobody knows how P comes from M, where both cables break off, back to M::

    S --- 10 m --- M ...(gap)... K ...(gap)... M --- 10 m --- S === near 20 m === N -- two -- J
    S === near 20 m === N ---- one ---- J                                               link L
    """
    plan = PlantBuilder().site("S").structure("M").structure("N")
    plan.office("K", building_id="BK").office("J", building_id="BJ")
    plan.span("stub", "S", "M", length_m=10.0).span("near", "S", "N", length_m=20.0)
    plan.span("one", "N", "J", length_m=900.0).span("two", "N", "J", length_m=900.0)
    plan.cable("c1", "S", "K", "stub").cable("c2", "K", "S", "stub")
    plan.cable("c3", "S", "J", "near two").cable("c4", "S", "J", "near one")
    plan.link("L", "S", "J", ["c4"])
    if is_one_link:
        plan.link("P", "S", "J", ["c1", "c2", "c3"])
        way = ["P"]
    else:
        plan.link("P", "S", "K", ["c1"]).link("Q", "K", "J", ["c2", "c3"])
        way = ["P", "Q"]
    plan.circuit("X", "S", "J", "L", way)
    assert judged(plan) == ({"near"}, set(), [])


def test_a_route_runs_through_the_building_of_an_office_whose_id_a_structure_has_too():
    """The office O stands with another customer's site in BO: routes may run through there::

    S ---- a ---- T (site, BO; office O, BO; structure O elsewhere) ---- b ---- K
    S ---------------------------- c ------------------------------------------ K
    """
    plan = PlantBuilder().site("S").site("T", building_id="BO").office("O", building_id="BO")
    plan.office("K", building_id="BK").structure("O")
    plan.span("a", "S", "T", length_m=900.0).span("b", "T", "K", length_m=900.0)
    plan.span("c", "S", "K", length_m=900.0)
    plan.cable("c1", "S", "K", "c").link("L", "S", "K", ["c1"]).circuit("X", "S", "K", "L")
    audit = plan.audit()
    place = [str(id_) for id_ in audit.network.places.ids].index("S")
    (answer,) = find_achievable(audit, seconds=0).answers["spans"][place]
    assert (answer.level, judged(plan)[2]) == ("diverse", [])


def test_a_protect_route_beside_a_lost_working_one_ends_where_the_circuit_does():
    """The last segment begins in the building BI and has no working route; P reaches K::

    S ---- L ---- I (BI)      segment 1
                  J (BI) ---- P ---- K      segment 2, protect; the circuit may end at J, too
    """
    plan = PlantBuilder().site("S").office("I", building_id="BI").office("J", building_id="BI")
    plan.office("K", building_id="BK").way("L", "S I").way("P", "J K")
    plan.circuit("X", "S", "K", b2_id="J").route("X", "working", "L", segment="1")
    plan.route("X", "protect", "P", segment="2")
    routes = plan.network().circuits.routes
    assert [(len(row), bool(known)) for row, known in zip(
        map(routes.links.row, range(len(routes))), routes.is_known, strict=True
    )] == [(1, True), (0, False), (1, True)]  # fmt: skip
    assert judged(plan)[2] == []
