"""Radio, cellular and satellite need no cables, and are no second route that counts."""

from __future__ import annotations

import pytest
from builders import PlantBuilder

from netgraph.diversity.audit.positions import locate_shared
from netgraph.diversity.levels import Level, Section


@pytest.fixture
def radio():
    """Circuit X of A by fibre W, backed up by radio link R.

    A --w1--w2-- K
     ` ` ` R ` ` `
    """
    plan = PlantBuilder().office("K").site("A").way("W", "A w1 w2 K")
    plan.link("R", "A", "K", medium="radio")
    return plan.circuit("X", "A", "K", "W", "R")


@pytest.mark.parametrize("medium", ["radio", "cellular", "satellite"])
def test_a_second_route_by_radio_is_a_backup_and_no_more(radio, medium):
    radio.change("links", "R", medium=medium)
    verdict = radio.verdict()
    assert verdict.level is Level.RADIO_BACKUP
    assert verdict.physical_diverse is True
    assert verdict.is_complete


def test_a_wireless_link_is_never_missing_its_cables(radio):
    assert radio.verdict().missing == ()


def test_two_wireless_routes_are_still_no_pass(radio):
    radio.link("S", "A", "K", medium="satellite").circuit("Y", "A", "K", "R", "S")
    assert radio.verdict("Y").level is Level.RADIO_BACKUP


def test_the_same_wireless_link_twice_is_a_common_link():
    plan = PlantBuilder().office("K").office("O", "access").site("A")
    plan.link("R", "A", "O", medium="radio").way("W", "O w K").way("P", "O p K")
    assert plan.circuit("X", "A", "K", "R W", "R P").verdict().level is Level.SAME_LINK


def test_two_fibre_routes_need_no_radio_to_be_diverse(lozenge):
    lozenge.link("R", "A", "K", medium="radio")
    lozenge.change("circuits", "X", group_id="G")
    lozenge.circuit("Y", "A", "K", "R", group_id="G")
    assert lozenge.verdict().level is Level.DIVERSE


def test_radio_does_not_turn_two_fibres_in_one_trench_into_diverse(lozenge):
    """Without the radio circuit Y the group would share trench T."""
    lozenge.change("spans", "W-2", trench_id="T").change("spans", "P-2", trench_id="T")
    lozenge.link("R", "A", "K", medium="radio")
    lozenge.change("circuits", "X", group_id="G")
    lozenge.circuit("Y", "A", "K", "R", group_id="G")
    audit = lozenge.audit()
    assert audit.of_circuit(0).level is Level.SAME_TRENCH
    assert audit.of_group(0).level is Level.RADIO_BACKUP


def test_radio_does_not_turn_a_fibre_of_unknown_plant_into_a_second_route(radio):
    """Y has a fibre whose cables nobody knows; only X's radio is apart from X's fibre for sure."""
    radio.change("circuits", "X", group_id="G")
    radio.link("L", "A", "K").circuit("Y", "A", "K", "L", group_id="G")
    assert radio.verdict().level is Level.RADIO_BACKUP


def test_a_radio_hop_at_the_site_makes_the_whole_route_wireless():
    plan = PlantBuilder().office("K").office("O", "access").site("A").way("W", "A w K")
    plan.link("R", "A", "O", medium="radio").way("P", "O p K").circuit("X", "A", "K", "W", "R P")
    verdict = plan.verdict()
    assert verdict.level is Level.RADIO_BACKUP
    assert verdict.wireless_sections == {Section.ACCESS_A}


def test_only_the_sections_with_the_radio_rest_on_it():
    """The access of the protect route is radio, the rest of both routes is fibre and apart.

    A --w-- O1 --v-- G1 --b-- K
    A ``R`` O2 --q-- G2 --c-- K
    """
    plan = PlantBuilder().office("K").site("A").office("O1", "access").office("O2", "access")
    plan.office("G1", "aggregation").office("G2", "aggregation")
    plan.way("w", "A w1 O1").way("v", "O1 v1 G1").way("b", "G1 b1 K")
    plan.link("R", "A", "O2", medium="radio").way("q", "O2 q1 G2").way("c", "G2 c1 K")
    verdict = plan.circuit("X", "A", "K", "w v b", "R q c").verdict()
    assert verdict.wireless_sections == {Section.ACCESS_A}
    assert verdict.section_levels == {
        Section.ACCESS_A: Level.RADIO_BACKUP,
        Section.UPLINK: Level.DIVERSE,
        Section.INTRA: Level.DIVERSE,
    }


def test_a_common_radio_link_below_another_is_a_common_stretch_as_if_it_were_passed_itself():
    """Link L is carried by radio link R, which the other route passes itself.

    ::

        A --w-- O ~~L over R~~ K
        A --p-- O ~~~~~R~~~~~~ K
    """
    runs = []
    for last in ("L", "R"):
        plan = PlantBuilder().office("K").office("O", "access").site("A")
        plan.link("R", "O", "K", medium="radio").link("L", "O", "K", carriers=["R"])
        plan.way("W", "A w O").way("P", "A p O").circuit("X", "A", "K", f"W {last}", "P R")
        audit = plan.audit()
        (verdict,) = audit.verdicts
        assert verdict.level is Level.SAME_LINK
        found = locate_shared(audit, verdict)
        (run,) = found.runs
        assert (run.kind, run.elements) == ("link", ("R",))
        assert run.length_m == found.shared_length_m > 800.0
        runs.append(run)
    assert runs[0] == runs[1]
