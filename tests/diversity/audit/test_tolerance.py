"""What is shared within 50 m of the A building, measured along both routes, is tolerated."""

from __future__ import annotations

import pytest
from builders import PlantBuilder, element_ids

from netgraph.diversity.levels import Level, Section
from netgraph.diversity.rules import load_rules


def entry(first_m):
    """Both ways leave A by one duct s to manhole e, in two cables.

    A ==s== e --- w1 --- K
             \\-- p1 --- K
    """
    plan = PlantBuilder().office("K").site("A").structure("e")
    plan.span("s", "A", "e", length_m=first_m)
    for name in "wp":
        plan.structure(f"{name}1")
        plan.span(f"{name}-1", "e", f"{name}1").span(f"{name}-2", f"{name}1", "K")
        plan.cable(name, "A", "K", f"s {name}-1 {name}-2").link(name, "A", "K", [name])
    return plan.circuit("X", "A", "K", "w", "p")


def judged(plan, rules=None):
    audit = plan.audit(rules)
    return audit.of_circuit(0).level, element_ids(audit, audit.of_circuit(0).tolerated)


def test_a_duct_of_49_m_and_its_manhole_are_tolerated():
    assert judged(entry(49.0)) == (Level.DIVERSE, {"s", "e"})


def test_exactly_50_m_are_tolerated():
    assert judged(entry(50.0)) == (Level.DIVERSE, {"s", "e"})


def test_51_m_are_a_common_trench():
    assert judged(entry(51.0)) == (Level.SAME_TRENCH, set())


def test_a_length_that_is_not_measured_is_never_tolerated():
    assert judged(entry(None)) == (Level.SAME_TRENCH, set())


def test_a_drawn_line_measures_as_well_as_a_recorded_length():
    """The line is drawn from A at 112.01 E to e at 112.02 E: some 880 m; a short stub is 9 m."""
    plan = entry(None)
    plan.change("structures", "e", lon=112.0101)
    assert judged(plan)[0] is Level.SAME_TRENCH  # a straight line assumed is no measure
    plan.change("spans", "s", geometry="LINESTRING (112.01 37.8, 112.0101 37.8)")
    assert judged(plan) == (Level.DIVERSE, {"s", "e"})


def test_the_tolerance_is_configuration():
    rules = load_rules()
    narrow = type(rules)(**{**vars(rules), "entry_tolerance_m": 10.0})
    assert judged(entry(49.0), narrow)[0] is Level.SAME_TRENCH


def detour(metres):
    """The protect route comes back to manhole e the long way round.

    A --s 20 m-- e --- w --- K
    A --d---- q --- e --- p --- K       d and q-e together: metres
    """
    plan = PlantBuilder().office("K").site("A").structure("e").structure("q")
    plan.span("s", "A", "e", length_m=20.0)
    plan.span("d", "A", "q", length_m=metres / 2).span("qe", "q", "e", length_m=metres / 2)
    for name in "wp":
        plan.structure(f"{name}1")
        plan.span(f"{name}-1", "e", f"{name}1").span(f"{name}-2", f"{name}1", "K")
    plan.cable("w", "A", "K", "s w-1 w-2").link("w", "A", "K", ["w"])
    plan.cable("p", "A", "K", "d qe p-1 p-2").link("p", "A", "K", ["p"])
    return plan.circuit("X", "A", "K", "w", "p")


def test_a_point_counts_by_the_longer_of_the_two_ways_to_it():
    assert judged(detour(49.0)) == (Level.DIVERSE, {"e"})
    assert judged(detour(51.0)) == (Level.SAME_STRUCTURE, set())


def test_metres_before_the_first_common_duct_count():
    plan = PlantBuilder().office("K").site("A").structure("e").structure("f")
    plan.span("a", "A", "e", length_m=30.0).span("b", "A", "e", length_m=30.0)
    plan.change("spans", "a", trench_id="T1").change("spans", "b", trench_id="T2")
    plan.span("s", "e", "f", length_m=25.0)
    for name, first in (("w", "a"), ("p", "b")):
        plan.structure(f"{name}1")
        plan.span(f"{name}-1", "f", f"{name}1").span(f"{name}-2", f"{name}1", "K")
        plan.cable(name, "A", "K", f"{first} s {name}-1 {name}-2").link(name, "A", "K", [name])
    level, tolerated = judged(plan.circuit("X", "A", "K", "w", "p"))
    assert level is Level.SAME_TRENCH
    assert tolerated == {"e"}


def test_a_trench_is_tolerated_only_if_all_of_it_on_the_routes_is_near(lozenge):
    for span in ("W-1", "P-1"):
        lozenge.change("spans", span, trench_id="T", length_m=40.0)
    assert judged(lozenge) == (Level.DIVERSE, {"T"})
    lozenge.change("spans", "W-2", trench_id="T")
    assert judged(lozenge)[0] is Level.SAME_TRENCH


def test_a_suspected_trench_at_the_site_is_tolerated_too():
    plan = PlantBuilder().office("K").site("A").structure("e")
    for name in "wp":
        plan.structure(f"{name}1").span(f"{name}-0", "A", "e", length_m=40.0)
        plan.span(f"{name}-1", "e", f"{name}1").span(f"{name}-2", f"{name}1", "K")
        plan.cable(name, "A", "K", f"{name}-0 {name}-1 {name}-2").link(name, "A", "K", [name])
    level, tolerated = judged(plan.circuit("X", "A", "K", "w", "p"))
    assert (level, tolerated) == (
        Level.DIVERSE,
        {"e", "p-0~w-0"} if "p-0~w-0" in tolerated else {"e", "w-0~p-0"},
    )


def test_a_cable_is_never_tolerated():
    plan = PlantBuilder().office("K").site("A").structure("e", "cabinet")
    plan.span("s", "A", "e", length_m=5.0).cable("C", "A", "e", ["s"])
    for name in "wp":
        plan.structure(f"{name}1")
        plan.span(f"{name}-1", "e", f"{name}1").span(f"{name}-2", f"{name}1", "K")
        plan.cable(name, "e", "K", f"{name}-1 {name}-2").link(name, "A", "K", ["C", name])
    assert judged(plan.circuit("X", "A", "K", "w", "p"))[0] is Level.SAME_CABLE


def test_the_risk_group_of_a_tolerated_duct_still_counts():
    assert judged(entry(40.0).risk("flood", "spans:s"))[0] is Level.SAME_RISK_GROUP


def test_the_risk_group_of_the_own_building_does_not_count():
    assert judged(entry(40.0).risk("power", "sites:A", "offices:K"))[0] is Level.DIVERSE


def test_nothing_is_tolerated_behind_a_gap():
    """The protect cable lacks its first span: how far e is along it is not known."""
    plan = entry(20.0)
    plan.rows["cable_spans"] = [
        row for row in plan.rows["cable_spans"] if (row["cable_id"], row["span_id"]) != ("p", "s")
    ]
    level, tolerated = judged(plan)
    assert level is Level.SAME_STRUCTURE
    assert not tolerated


def test_what_lies_inside_the_building_adds_no_metres():
    """300 m of riser inside building H, then 40 m of common duct to e."""
    plan = entry(40.0)
    plan.change("sites", "A", building_id="H")
    plan.structure("v", "vault", building_id="H").span("in", "A", "v", length_m=300.0)
    plan.change("spans", "s", from_id="v")
    for name in "wp":
        plan.add("cable_spans", cable_id=name, seq=0, span_id="in")
    assert judged(plan) == (Level.DIVERSE, {"s", "e"})


def test_both_legs_of_a_link_are_measured():
    """The legs of link L meet again in manhole m: 20 m along one, 60 m along the other."""
    plan = PlantBuilder().office("K").office("O", "access").site("A").structure("m")
    for name, metres in (("w", 20.0), ("p", 60.0)):
        plan.structure(f"{name}0").structure(f"{name}1")
        plan.span(f"{name}-0", "A", f"{name}0", length_m=metres / 2)
        plan.span(f"{name}-1", f"{name}0", "m", length_m=metres / 2)
        plan.span(f"{name}-2", "m", f"{name}1").span(f"{name}-3", f"{name}1", "O")
        plan.cable(name, "A", "O", [f"{name}-{n}" for n in range(4)])
    plan.link("L", "A", "O", "w", protect="p").way("V", "O v1 K").way("Q", "O q1 K")
    plan.circuit("X", "A", "K", "L V", "L Q")
    audit = plan.audit()
    assert "m" not in element_ids(audit, audit.of_circuit(0).tolerated)
    assert audit.of_circuit(0).plant_diverse is False
    for span in ("p-0", "p-1"):
        plan.change("spans", span, length_m=15.0)
    audit = plan.audit()
    assert "m" in element_ids(audit, audit.of_circuit(0).tolerated)
    assert audit.of_circuit(0).plant_diverse is True


def test_only_the_first_segment_begins_at_the_site():
    """A short duct that both routes of the second segment share is far from A."""
    plan = PlantBuilder().office("K").office("O", "access").site("A").structure("e")
    plan.way("W1", "A a1 O").way("P1", "A a2 O").span("s", "O", "e", length_m=10.0)
    for name in "wp":
        plan.structure(f"{name}1")
        plan.span(f"{name}-1", "e", f"{name}1").span(f"{name}-2", f"{name}1", "K")
        plan.cable(name, "O", "K", f"s {name}-1 {name}-2").link(name, "O", "K", [name])
    plan.circuit("X", "A", "K")
    plan.route("X", "working", "W1", segment="1").route("X", "protect", "P1", segment="1")
    plan.route("X", "working", "w", segment="2").route("X", "protect", "p", segment="2")
    assert judged(plan)[0] is Level.SAME_TRENCH


@pytest.mark.parametrize(("metres", "diverse"), [(49.0, True), (51.0, False), (None, False)])
def test_at_the_centre_the_same_rule_serves_one_item_only(metres, diverse):
    """The centre is head site B; both ways enter it by duct t.

        A - w1 - O1 - w2 \\
                          e ==t== B
        A - p1 - O2 - p2 /
    """
    plan = PlantBuilder().office("O1", "access").office("O2", "access").site("A").site("B")
    plan.structure("e").span("t", "e", "B", length_m=metres)
    for name, office in (("w", "O1"), ("p", "O2")):
        plan.way(f"{name}1", f"A {name}a {office}").structure(f"{name}b")
        plan.span(f"{name}-1", office, f"{name}b").span(f"{name}-2", f"{name}b", "e")
        plan.cable(f"{name}2", office, "B", f"{name}-1 {name}-2 t")
        plan.link(f"{name}2", office, "B", [f"{name}2"])
    verdict = plan.circuit("X", "A", "B", "w1 w2", "p1 p2").verdict()
    assert verdict.level is Level.SAME_TRENCH
    assert verdict.section_plant[Section.ACCESS_B] is False
    assert verdict.access_b_plant is diverse
