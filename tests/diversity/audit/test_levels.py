"""What two recorded routes share gives the level, worst first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import PlantBuilder, element_ids, shared_ids

from netgraph.diversity.levels import Level
from netgraph.diversity.rules import load_rules


def test_two_ways_without_anything_in_common_are_diverse(lozenge):
    verdict = lozenge.verdict()
    assert verdict.level is Level.DIVERSE
    assert verdict.is_complete
    aspects = verdict.logical_diverse, verdict.plant_diverse, verdict.physical_diverse
    assert aspects == (True, True, True)
    assert not verdict.shared
    assert verdict.confidence == "by_records"


def test_without_a_second_route_the_level_is_single_route():
    plan = PlantBuilder().office("K").site("A").way("W", "A m1 K")
    plan.circuit("X", "A", "K", "W", protection="none")
    verdict = plan.verdict()
    assert verdict.level is Level.SINGLE_ROUTE
    assert verdict.is_complete
    assert not verdict.is_unconfirmed
    assert verdict.physical_diverse is False


def test_a_single_route_of_which_nothing_else_is_recorded_is_unconfirmed():
    plan = PlantBuilder().office("K").site("A").way("W", "A m1 K").circuit("X", "A", "K", "W")
    assert plan.verdict().is_unconfirmed


def test_protect_rows_that_repeat_the_working_route_are_no_second_route(lozenge):
    lozenge.circuit("Y", "A", "K", "W", "W", protection="path")
    verdict = lozenge.verdict("Y")
    assert verdict.level is Level.SINGLE_ROUTE
    assert not verdict.is_unconfirmed


def test_a_protect_route_with_an_unknown_link_may_differ_from_the_working_route(lozenge):
    lozenge.circuit("Y", "A", "K", "W", "W nobody-knows", protection="path")
    verdict = lozenge.verdict("Y")
    assert verdict.level is Level.SAME_LINK
    assert not verdict.is_complete


def test_a_common_link_is_found_although_its_cables_are_not_recorded():
    plan = PlantBuilder().office("K").office("O", "access").site("A").link("L", "A", "O")
    plan.way("W", "O w1 K").way("P", "O p1 K").circuit("X", "A", "K", "L W", "L P")
    verdict = plan.verdict()
    assert verdict.level is Level.SAME_LINK
    assert verdict.logical_diverse is False
    assert verdict.plant_diverse is None
    assert not verdict.is_complete
    assert "link_cables of link L" in verdict.missing


def test_two_links_in_one_cable_share_the_cable(lozenge):
    lozenge.link("V", "A", "K", ["W"]).circuit("Y", "A", "K", "W", "V")
    verdict = lozenge.verdict("Y")
    assert verdict.level is Level.SAME_CABLE
    assert verdict.logical_diverse is True
    assert verdict.plant_diverse is False


def test_two_cables_in_one_duct_share_the_trench(lozenge):
    lozenge.cable("C", "A", "K", "W-1 W-2 W-3").link("V", "A", "K", ["C"])
    lozenge.circuit("Y", "A", "K", "W", "V")
    audit = lozenge.audit()
    verdict = audit.of_circuit(1)
    assert verdict.level is Level.SAME_TRENCH
    assert not verdict.is_suspected
    assert shared_ids(audit, verdict) == {"W-1", "W-2", "W-3", "w1", "w2"}


def test_spans_of_one_trench_id_share_the_trench(lozenge):
    lozenge.change("spans", "W-2", trench_id="T").change("spans", "P-2", trench_id="T")
    audit = lozenge.audit()
    assert audit.of_circuit(0).level is Level.SAME_TRENCH
    assert shared_ids(audit, audit.of_circuit(0)) == {"T"}


def test_a_common_manhole_is_a_common_structure():
    """Both ways run through manhole m.

    A - w1 \\   / w2 - K
             m
    A - p1 /   \\ p2 - K
    """
    plan = PlantBuilder().office("K").site("A").way("W", "A w1 m w2 K").way("P", "A p1 m p2 K")
    verdict = plan.circuit("X", "A", "K", "W", "P").verdict()
    assert verdict.level is Level.SAME_STRUCTURE
    assert (verdict.logical_diverse, verdict.plant_diverse) == (True, False)


def test_a_common_risk_group_is_found_through_different_members(lozenge):
    lozenge.risk("flood", "spans:W-2", "structures:p1")
    audit = lozenge.audit()
    assert audit.of_circuit(0).level is Level.SAME_RISK_GROUP
    assert shared_ids(audit, audit.of_circuit(0)) == {"flood"}
    assert audit.of_circuit(0).plant_diverse is False


def test_a_system_in_a_risk_group_stands_for_its_links_and_equipment(lozenge):
    lozenge.device("D", "K", system_id="S").change("links", "P", to_id="D", system_id="S")
    lozenge.add("systems", id="S", kind="linear").risk("clock", "systems:S", "spans:W-1")
    assert lozenge.verdict().level is Level.SAME_RISK_GROUP


def test_an_intermediate_office_of_both_routes_is_a_common_office():
    """Both routes pass office O, in different cables.

    A - a1 - O - b1 - K
    A - a2 - O - b2 - K
    """
    plan = PlantBuilder().office("K").office("O", "access").site("A")
    plan.way("W1", "A a1 O").way("W2", "O b1 K").way("P1", "A a2 O").way("P2", "O b2 K")
    verdict = plan.circuit("X", "A", "K", "W1 W2", "P1 P2").verdict()
    assert verdict.level is Level.SAME_OFFICE
    assert verdict.plant_diverse is True
    assert verdict.physical_diverse is False


@pytest.mark.parametrize(("hot_standby", "logical"), [(True, True), (False, False), (None, None)])
def test_a_common_device_is_a_logical_fault_unless_it_has_hot_standby(hot_standby, logical):
    plan = PlantBuilder().office("K").office("O", "access").site("A")
    plan.device("D", "O", hot_standby=hot_standby)
    for name in ("W", "P"):
        plan.way(f"{name}1", f"A {name}a O").way(f"{name}2", f"O {name}b K")
        plan.change("links", f"{name}1", to_id="D").change("links", f"{name}2", from_id="D")
    verdict = plan.circuit("X", "A", "K", "W1 W2", "P1 P2").verdict()
    assert verdict.level is Level.SAME_DEVICE
    assert verdict.logical_diverse is logical
    assert verdict.plant_diverse is True
    assert verdict.physical_diverse is False


def test_two_offices_in_one_building_are_one_place(staged):
    staged.change("offices", "W1", building_id="tower").change("offices", "P1", building_id="tower")
    audit = staged.audit()
    assert audit.of_circuit(0).level is Level.SAME_OFFICE
    assert shared_ids(audit, audit.of_circuit(0)) == {"tower"}


def test_devices_in_one_room_of_two_offices_records_share_the_room(staged):
    staged.add("rooms", id="R", location_id="W1")
    staged.device("D1", "W1", room_id="R").device("D2", "P1", room_id="R")
    staged.change("links", "W-A", to_id="D1").change("links", "P-A", to_id="D2")
    assert staged.verdict().level is Level.SAME_OFFICE


def test_a_cable_that_only_runs_through_an_office_still_meets_it():
    plan = PlantBuilder().office("K").office("O", "access").site("A")
    plan.way("W", "A w1 O w2 K").way("P", "A p1 O p2 K").circuit("X", "A", "K", "W", "P")
    assert plan.verdict().level is Level.SAME_OFFICE


def test_the_own_ends_and_what_stands_in_them_do_not_count(lozenge):
    lozenge.device("CPE", "A", hot_standby=False).device("MUX", "K", hot_standby=False)
    for link in ("W", "P"):
        lozenge.change("links", link, from_id="CPE", to_id="MUX")
    lozenge.risk("power of A", "equipment:CPE", "sites:A").risk("power of K", "offices:K")
    verdict = lozenge.verdict()
    assert verdict.level is Level.DIVERSE
    assert not verdict.shared


def test_an_entrance_and_a_riser_of_the_own_building_do_not_count():
    """Both ways leave the building H of A by its riser cable and its entrance e.

    [A =riser= e] -- w1 -- K
                 \\-- p1 -- K
    """
    plan = PlantBuilder().office("K").site("A", building_id="H")
    plan.structure("e", "entrance", building_id="H").span("in", "A", "e", length_m=80.0)
    plan.cable("riser", "A", "e", ["in"])
    for name in ("w", "p"):
        plan.structure(f"{name}1").span(f"{name}-1", "e", f"{name}1").span(
            f"{name}-2", f"{name}1", "K"
        )
        plan.cable(name, "e", "K", f"{name}-1 {name}-2").link(name, "A", "K", ["riser", name])
    verdict = plan.circuit("X", "A", "K", "w", "p").verdict()
    assert verdict.level is Level.DIVERSE


def test_a_cable_from_the_site_to_the_first_manhole_is_not_inside_the_building():
    plan = PlantBuilder().office("K").site("A").structure("e").span("s", "A", "e", length_m=5.0)
    plan.cable("C", "A", "e", ["s"])
    for name in ("w", "p"):
        plan.structure(f"{name}1").span(f"{name}-1", "e", f"{name}1").span(
            f"{name}-2", f"{name}1", "K"
        )
        plan.cable(name, "e", "K", f"{name}-1 {name}-2").link(name, "A", "K", ["C", name])
    audit = plan.circuit("X", "A", "K", "w", "p").audit()
    assert audit.of_circuit(0).level is Level.SAME_CABLE
    assert element_ids(audit, audit.of_circuit(0).tolerated) == {"s", "e"}


def test_the_worst_of_several_common_things_is_the_level(lozenge):
    lozenge.risk("flood", "spans:W-1", "spans:P-1")
    lozenge.change("spans", "W-2", trench_id="T").change("spans", "P-2", trench_id="T")
    assert lozenge.verdict().level is Level.SAME_TRENCH


def test_what_is_planned_or_retired_carries_no_circuit(lozenge):
    lozenge.circuit("Y", "A", "K", "W", status="planned")
    assert len(lozenge.network().circuits) == 1


@pytest.mark.parametrize(
    ("level", "is_complete", "meets"),
    [
        (Level.SAME_OFFICE, True, True),
        (Level.SAME_OFFICE, False, None),  # this or worse
        (Level.SAME_TRENCH, False, False),
        (Level.SAME_TRENCH, True, False),
        (Level.UNDECIDABLE, False, None),
        (Level.DIVERSE, True, True),
    ],
)
def test_a_level_that_may_be_worse_does_not_meet_a_requirement_below_diverse(
    level, is_complete, meets
):
    rules = replace(load_rules(), required={"gold": Level.SAME_DEVICE, "silver": None})
    assert rules.meets(level, "gold", is_complete=is_complete) is meets
    assert rules.meets(level, "silver", is_complete=is_complete) is None


def test_all_groups_of_a_site_must_meet_its_requirement(lozenge):
    """X is diverse, Y has one route: one failure decides; nothing recorded decides nothing."""
    lozenge.circuit("Y", "A", "K", "W", protection="none")
    audit = lozenge.audit()
    diverse, single = (audit.of_circuit(n) for n in range(2))
    unknown = replace(diverse, level=Level.UNDECIDABLE, is_complete=False)
    assert audit.rules.meet([diverse, diverse], "diamond") is True
    assert audit.rules.meet([diverse, unknown], "diamond") is None
    assert audit.rules.meet([diverse, unknown, single], "diamond") is False
    assert audit.rules.meet([], "diamond") is None
