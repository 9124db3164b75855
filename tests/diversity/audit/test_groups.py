"""Circuits that back each other up are judged on all of their routes."""

from __future__ import annotations

import pytest
from builders import PlantBuilder, shared_ids

from netgraph.diversity.levels import Level


@pytest.fixture
def pair():
    """Two single circuits of A, one on each way, in group G.

          w1 --- w2       X on W
         /         \\
        A           K
         \\         /
          p1 --- p2       Y on P
    """
    plan = PlantBuilder().office("K").site("A").way("W", "A w1 w2 K").way("P", "A p1 p2 K")
    plan.circuit("X", "A", "K", "W", group_id="G", protection="none")
    return plan.circuit("Y", "A", "K", "P", group_id="G", protection="none")


def test_two_single_circuits_on_two_ways_make_a_diverse_group(pair):
    audit = pair.audit()
    assert [v.level for v in audit.verdicts] == [
        Level.SINGLE_ROUTE,
        Level.SINGLE_ROUTE,
        Level.DIVERSE,
    ]
    assert audit.of_group(0) is audit.of_group(1)
    assert audit.of_group(0).name == "G"
    assert audit.of_group(0).circuits == (0, 1)


def test_two_circuits_on_the_same_links_are_one_way(pair):
    pair.rows["circuit_links"][-1]["link_id"] = "W"
    assert pair.verdict().level is Level.SINGLE_ROUTE


def test_one_way_in_other_segments_is_still_one_way(staged):
    staged.rows["circuit_links"].clear()
    staged.route("X", "working", "P-A P-B").change("circuits", "X", group_id="G")
    staged.circuit("Y", "A", "K", group_id="G")
    staged.route("Y", "working", "P-A", segment="s1").route("Y", "working", "P-B", segment="s2")
    assert staged.verdict("Y").level is Level.SINGLE_ROUTE


def test_a_group_shares_only_what_all_of_its_routes_share():
    """X has both routes in trench T; Y runs apart, so nothing takes both circuits down.

    A == T == K    X, working and protect
    A -- y1 - K    Y
    """
    plan = PlantBuilder().office("K").site("A").way("W", "A w1 w2 K").way("P", "A p1 p2 K")
    plan.change("spans", "W-2", trench_id="T").change("spans", "P-2", trench_id="T")
    plan.way("V", "A y1 K").circuit("X", "A", "K", "W", "P", group_id="G")
    plan.circuit("Y", "A", "K", "V", group_id="G")
    audit = plan.audit()
    assert audit.of_circuit(0).level is Level.SAME_TRENCH
    assert audit.of_group(0).level is Level.DIVERSE


def test_what_all_three_circuits_share_is_the_fault_of_the_group(pair):
    pair.way("V", "A v1 v2 K").circuit("Z", "A", "K", "V", group_id="G")
    for span in ("W-2", "P-2", "V-2"):
        pair.change("spans", span, trench_id="T")
    audit = pair.audit()
    assert audit.of_group(2).circuits == (0, 1, 2)
    assert audit.of_group(2).level is Level.SAME_TRENCH
    assert shared_ids(audit, audit.of_group(2)) == {"T"}


def test_circuits_of_one_group_at_two_sites_are_judged_apart(pair):
    pair.site("B").way("V", "B v1 K").circuit("Z", "B", "K", "V", group_id="G")
    audit = pair.audit()
    assert audit.of_group(2).circuits == (2,)
    assert audit.of_group(0).circuits == (0, 1)


def test_circuits_of_unknown_sites_are_never_taken_for_one_group(pair):
    for row in pair.rows["circuits"]:
        row["a_id"] = "nobody-knows"
    audit = pair.audit()
    assert len(audit.verdicts) == 2
    assert {v.level for v in audit.verdicts} == {Level.SINGLE_ROUTE}


def test_a_circuit_outside_any_group_is_a_group_of_one(lozenge):
    audit = lozenge.audit()
    assert audit.of_group(0) is audit.of_circuit(0)


def test_a_group_to_two_centres_exempts_neither_of_them():
    """Y reaches K2 through the building of K1, where X ends.

    A - w1 - K1         X
    A - p1 - K1 - K2    Y
    """
    plan = PlantBuilder().office("K1").office("K2").site("A")
    plan.way("W", "A w1 K1").way("P", "A p1 K1").way("Q", "K1 q1 K2")
    plan.circuit("X", "A", "K1", "W", group_id="G").circuit("Y", "A", "K2", "P Q", group_id="G")
    audit = plan.audit()
    assert audit.of_group(0).level is Level.SAME_OFFICE
    assert shared_ids(audit, audit.of_group(0)) == {"K1", "B-K1"}


def test_a_group_to_two_centres_apart_is_diverse():
    plan = PlantBuilder().office("K1").office("K2").site("A")
    plan.way("W", "A w1 K1").way("P", "A p1 K2")
    plan.circuit("X", "A", "K1", "W", group_id="G").circuit("Y", "A", "K2", "P", group_id="G")
    assert plan.verdict().level is Level.DIVERSE


def test_a_dual_homed_circuit_may_end_at_either_home():
    plan = PlantBuilder().office("K1").office("K2").site("A")
    plan.way("W", "A w1 K1").way("P", "A p1 K2")
    verdict = plan.circuit("X", "A", "K1", "W", "P", b2_id="K2").verdict()
    assert verdict.level is Level.DIVERSE
    assert verdict.is_complete


def test_without_the_second_home_the_same_route_does_not_arrive():
    plan = PlantBuilder().office("K1").office("K2").site("A")
    plan.way("W", "A w1 K1").way("P", "A p1 K2").circuit("X", "A", "K1", "W", "P")
    verdict = plan.verdict()
    assert verdict.level is Level.UNDECIDABLE
    assert any("protect route" in text for text in verdict.missing)


def test_two_homes_in_one_building_are_one_home():
    """Both routes end in building B; its entrance v is part of it."""
    plan = PlantBuilder().office("K1", building_id="B").office("K2", building_id="B").site("A")
    plan.structure("v", "vault", building_id="B")
    plan.way("W", "A w1 v K1").way("P", "A p1 v K2")
    verdict = plan.circuit("X", "A", "K1", "W", "P", b2_id="K2").verdict()
    assert verdict.level is Level.DIVERSE


def test_the_second_home_is_a_place_like_any_other_on_the_way_to_the_first():
    """The protect route runs through K2, where the working route ends: K2 fails both.

    A - w1 - K2
    A - p1 - K2 - q1 - K1
    """
    plan = PlantBuilder().office("K1").office("K2").site("A")
    plan.way("W", "A w1 K2").way("P", "A p1 K2").way("Q", "K2 q1 K1")
    verdict = plan.circuit("X", "A", "K1", "W", "P Q", b2_id="K2").verdict()
    assert verdict.level is Level.SAME_OFFICE


def test_a_centre_without_a_building_is_no_missing_record_for_the_route_that_ends_there():
    plan = PlantBuilder().office("K", building_id=None).site("A")
    plan.way("W", "A w1 K").way("P", "A p1 K").circuit("X", "A", "K", "W", "P")
    assert plan.verdict().level is Level.DIVERSE


def test_an_unknown_end_of_one_circuit_exempts_nothing_on_the_ways_of_another():
    """X ends nobody knows where behind O; both routes of Y pass O."""
    plan = PlantBuilder().office("K").office("O", "access").site("A")
    for name in ("W", "P"):
        plan.way(f"{name}1", f"A {name}a O").way(f"{name}2", f"O {name}b K")
    plan.circuit("X", "A", "nobody-knows", "W1", group_id="G")
    plan.circuit("Y", "A", "K", "W1 W2", "P1 P2", group_id="G")
    assert plan.verdict("Y").level not in (Level.DIVERSE, Level.SEPARATED)


@pytest.fixture
def two_centres():
    """c1 ends at J by two ways; c2 passes J on its way to K, but may end at J as well::

    S -- a -- J
    S -- b -- J
    S -- c -- J -- d -- K (device dK)       c2: q and t, b_id K, b2_id J
    """
    plan = PlantBuilder().office("K").office("J").site("S").device("dK", "K")
    plan.way("w", "S a J").way("p", "S b J").way("q", "S c J").way("t", "J d K")
    plan.change("links", "t", to_id="dK")
    plan.circuit("c1", "S", "J", "w", "p", group_id="G", protection="path")
    return plan.circuit("c2", "S", "K", "q t", b2_id="J", group_id="G", protection="none")


def test_a_centre_that_a_route_only_passes_is_common_to_all(two_centres):
    assert two_centres.verdict("c1").level is Level.SAME_OFFICE


@pytest.mark.parametrize("lose", [
    lambda plan: plan.rows["equipment"].clear(),
    lambda plan: plan.rows["links"].pop(),
    lambda plan: plan.change("equipment", "dK", status="retired"),
    lambda plan: plan.change("circuits", "c2", b_id=None),
    lambda plan: plan.change("circuits", "c2", b_id="nobody"),
])  # fmt: skip
def test_where_a_route_may_end_at_either_centre_neither_is_sure_to_be_everybodys_end(
    two_centres, lose
):
    """If c2 ended at J, all three would, and share nothing; nobody knows: not diverse."""
    lose(two_centres)
    verdict = two_centres.verdict("c1")
    assert verdict.level is Level.UNDECIDABLE
    assert (verdict.logical_diverse, verdict.plant_diverse, verdict.physical_diverse) == (None,) * 3
    assert two_centres.audit().of_circuit(0).level is Level.DIVERSE


def test_a_route_that_is_not_known_and_has_one_centre_bounds_the_group_as_before(two_centres):
    two_centres.change("circuits", "c2", b_id="J", b2_id=None)
    two_centres.rows["equipment"].clear()
    assert two_centres.verdict("c1").level is Level.DIVERSE
