"""Protection that is recorded, implied by a ring, switched by segment, or built into a link."""

from __future__ import annotations

import pytest
from builders import PlantBuilder, shared_ids

from netgraph.diversity.levels import Level


def test_protection_by_a_path_that_is_not_recorded_cannot_be_decided():
    plan = PlantBuilder().office("K").site("A").way("W", "A w1 K")
    verdict = plan.circuit("X", "A", "K", "W", protection="path").verdict()
    assert verdict.level is Level.UNDECIDABLE
    assert verdict.missing == ("protect route of circuit X",)
    assert verdict.confidence == "undecidable"


# Rings ------------------------------------------------------------------------------------------


@pytest.fixture
def ring():
    """Ring system R of four offices; X enters at O1 and leaves at K, its rows say only R1.

    A ==acc== O1 --R1-- K
              |         |
             R4        R2
              |         |
              O4 --R3-- O3
    """
    plan = PlantBuilder().office("K").site("A")
    for name in ("O1", "O3", "O4"):
        plan.office(name, "access")
    plan.way("acc", "A m1 O1")
    plan.way("R1", "O1 m2 K").way("R2", "K m3 O3").way("R3", "O3 m4 O4").way("R4", "O4 m5 O1")
    plan.ring("R", "R1 R2 R3 R4")
    return plan.circuit("X", "A", "K", "acc R1", protection="ring")


def test_a_ring_protects_only_what_runs_on_it(ring):
    audit = ring.audit()
    verdict = audit.of_circuit(0)
    assert verdict.is_derived
    assert verdict.level is Level.SAME_LINK
    assert shared_ids(audit, verdict) >= {"acc", "acc-1", "O1"}
    assert not shared_ids(audit, verdict) & {"R1", "R1-1", "K"}
    links = audit.network.links.ids
    routes = audit.network.circuits.routes
    assert [list(links[routes.links.row(r)]) for r in range(len(routes))] == [
        ["acc"],
        ["R1"],
        ["R4", "R3", "R2"],
    ]


def test_a_site_on_the_ring_itself_is_protected_throughout():
    plan = PlantBuilder().office("K").office("O", "access").site("A")
    plan.way("R1", "A m1 K").way("R2", "K m2 O").way("R3", "O m3 A").ring("R", "R1 R2 R3")
    verdict = plan.circuit("X", "A", "K", "R1", protection="ring").verdict()
    assert verdict.level is Level.DIVERSE
    assert verdict.is_derived


def test_a_ring_whose_two_halves_share_a_trench_is_a_false_ring():
    plan = PlantBuilder().office("K").office("O", "access").site("A")
    plan.way("R1", "A m1 K").way("R2", "K m2 O").way("R3", "O m3 A").ring("R", "R1 R2 R3")
    plan.change("spans", "R1-2", trench_id="T").change("spans", "R3-1", trench_id="T")
    assert plan.circuit("X", "A", "K", "R1", protection="ring").verdict().level is Level.SAME_TRENCH


def test_the_derived_route_runs_the_other_way_round_whichever_way_the_rows_are_written(ring):
    rows = ring.rows["circuit_links"]
    rows[0]["seq"], rows[1]["seq"] = 2, 1
    audit = ring.audit()
    assert audit.of_circuit(0).level is Level.SAME_LINK
    assert audit.of_circuit(0).is_complete


def test_a_circuit_over_two_rings_is_protected_ring_by_ring():
    """Both rings meet in O2, which stays a common office.

    A -Q1- O2 -R1- K        ring Q: Q1 Q2 Q3, ring R: R1 R2 R3
     \\Q3 - Q2/ \\R3 - R2/
    """
    plan = PlantBuilder().office("K").office("O2").site("A").office("O1", "access")
    plan.office("O3", "access")
    plan.way("Q1", "A a O2").way("Q2", "O2 b O1").way("Q3", "O1 c A").ring("Q", "Q1 Q2 Q3")
    plan.way("R1", "O2 d K").way("R2", "K e O3").way("R3", "O3 f O2").ring("R", "R1 R2 R3")
    audit = plan.circuit("X", "A", "K", "Q1 R1", protection="ring").audit()
    assert audit.of_circuit(0).level is Level.SAME_OFFICE
    assert shared_ids(audit, audit.of_circuit(0)) == {"O2", "B-O2"}


@pytest.mark.parametrize("change", ["retired", "chord", "planned system", "chain"])
def test_a_ring_that_is_no_single_cycle_derives_nothing(ring, change):
    if change == "retired":
        ring.change("links", "R3", status="retired")
    elif change == "chord":
        ring.way("R5", "O4 m6 K").change("links", "R5", system_id="R")
    elif change == "planned system":
        ring.change("systems", "R", status="planned")
    else:
        ring.change("systems", "R", kind="chain")
    audit = ring.audit()
    verdict = audit.of_circuit(0)
    assert verdict.level is Level.UNDECIDABLE
    assert not verdict.is_derived
    assert "protect route of circuit X" in verdict.missing
    assert bool(audit.network.rings.broken) is (change in {"retired", "chord"})


def test_protect_rows_outrank_the_ring(ring):
    ring.way("V", "A v1 K").route("X", "protect", "V")
    verdict = ring.verdict()
    assert not verdict.is_derived
    assert verdict.level is Level.DIVERSE


def test_a_ring_system_without_an_id_does_no_harm(ring):
    ring.add("systems", id="", kind="ring")
    assert ring.verdict().is_derived


# Segments ---------------------------------------------------------------------------------------


@pytest.fixture
def segments():
    """Two segments, each with a working and a protect route; switching at office O.

    A ==W1/P1== O ==W2/P2== K
    """
    plan = PlantBuilder().office("K").office("O", "access").site("A")
    plan.way("W1", "A a1 O").way("P1", "A a2 O").way("W2", "O b1 K").way("P2", "O b2 K")
    plan.circuit("X", "A", "K")
    for n in "12":
        plan.route("X", "working", f"W{n}", segment=n).route("X", "protect", f"P{n}", segment=n)
    return plan


def test_only_the_office_where_segments_switch_is_common(segments):
    audit = segments.audit()
    assert audit.of_circuit(0).level is Level.SAME_OFFICE
    assert shared_ids(audit, audit.of_circuit(0)) == {"O", "B-O"}


def test_what_two_different_segments_share_is_not_common(segments):
    segments.change("spans", "W1-1", trench_id="T").change("spans", "P2-2", trench_id="T")
    assert segments.verdict().level is Level.SAME_OFFICE


def test_what_both_routes_of_one_segment_share_is_common(segments):
    segments.change("spans", "W2-1", trench_id="T").change("spans", "P2-2", trench_id="T")
    assert segments.verdict().level is Level.SAME_TRENCH


def test_everything_on_an_unprotected_segment_is_common(segments):
    segments.rows["circuit_links"] = [
        row for row in segments.rows["circuit_links"] if row["link_id"] != "P1"
    ]
    audit = segments.audit()
    assert audit.of_circuit(0).level is Level.SAME_LINK
    assert shared_ids(audit, audit.of_circuit(0)) >= {"W1", "W1-1", "a1", "O"}


def test_segments_may_be_recorded_from_b_to_a(segments):
    segments.change("spans", "W1-1", length_m=10.0, trench_id="T")
    segments.change("spans", "P1-1", length_m=10.0, trench_id="T")
    rows = segments.rows["circuit_links"]
    for row, seq in zip(rows, (4, 3, 2, 1), strict=True):
        row["seq"] = seq
    audit = segments.audit()
    assert audit.of_circuit(0).level is Level.SAME_OFFICE
    assert audit.of_circuit(0).is_complete
    assert audit.of_circuit(0).tolerated


@pytest.mark.parametrize("lost", ["1", "2", "3"])
def test_a_segment_without_any_rows_is_a_gap_and_never_makes_the_rest_diverse(lost):
    """Three segments; the middle one has no protection. None may go missing unnoticed.

    A ==1== O1 --2-- O2 ==3== K
    """
    plan = PlantBuilder().office("K").office("O1", "access").office("O2", "access").site("A")
    plan.way("W1", "A a1 O1").way("P1", "A a2 O1").way("M", "O1 m O2")
    plan.way("W3", "O2 c1 K").way("P3", "O2 c2 K").circuit("X", "A", "K")
    plan.route("X", "working", "W1", segment="1").route("X", "protect", "P1", segment="1")
    plan.route("X", "working", "M", segment="2")
    plan.route("X", "working", "W3", segment="3").route("X", "protect", "P3", segment="3")
    assert plan.verdict().level is Level.SAME_LINK
    plan.rows["circuit_links"] = [r for r in plan.rows["circuit_links"] if r["segment"] != lost]
    verdict = plan.verdict()
    assert verdict.level not in (Level.DIVERSE, Level.SEPARATED, Level.RADIO_BACKUP)
    assert not verdict.is_complete


# Links with two legs ----------------------------------------------------------------------------


@pytest.fixture
def two_legs():
    """One link L (MSP 1+1) over cables on both ways; circuit X uses it on both of its routes.

          w1 --- w2       working leg
         /         \\
        A     L     O --- K
         \\         /
          p1 --- p2       protect leg
    """
    plan = PlantBuilder().office("K").office("O", "access").site("A")
    plan.way("W", "A w1 w2 O").way("P", "A p1 p2 O").link("L", "A", "O", "W", protect="P")
    plan.way("V", "O v1 K").way("Q", "O q1 K")
    return plan.circuit("X", "A", "K", "L V", "L Q")


def test_a_link_with_two_legs_is_cut_only_by_what_both_share(two_legs):
    audit = two_legs.audit()
    assert audit.of_circuit(0).level is Level.SAME_LINK
    assert shared_ids(audit, audit.of_circuit(0)) == {"L", "O", "B-O"}
    assert audit.of_circuit(0).plant_diverse is True
    assert audit.of_circuit(0).logical_diverse is False


def test_what_both_legs_share_cuts_the_link(two_legs):
    two_legs.change("spans", "W-2", trench_id="T").change("spans", "P-2", trench_id="T")
    audit = two_legs.audit()
    assert "T" in shared_ids(audit, audit.of_circuit(0))
    assert audit.of_circuit(0).plant_diverse is False


def test_a_leg_with_a_missing_record_leaves_the_link_undecided(two_legs):
    two_legs.rows["cable_spans"] = [
        r for r in two_legs.rows["cable_spans"] if r["span_id"] != "P-2"
    ]
    verdict = two_legs.verdict()
    assert verdict.level is Level.SAME_LINK
    assert verdict.plant_diverse is None
    assert not verdict.is_complete


def test_two_roles_of_which_one_names_no_known_cable_are_still_two_legs(two_legs):
    for row in two_legs.rows["link_cables"]:
        if row.get("role") == "protect":
            row["cable_id"] = "nobody-knows"
    assert two_legs.verdict().plant_diverse is None


@pytest.fixture
def beside_two_legs(two_legs):
    """The same, with a route of its own for X that shares nothing with L.

    A === L === O --- K      working
    A -- t1 -- t2 --- K      protect
    """
    two_legs.way("T", "A t1 t2 K")
    two_legs.rows["circuits"], two_legs.rows["circuit_links"] = [], []
    return two_legs.circuit("X", "A", "K", "L V", "T", protection="path")


@pytest.mark.parametrize(("members", "level"), [
    (("spans:W-2", "spans:P-2", "spans:T-1"), Level.SAME_RISK_GROUP),
    (("cables:W", "structures:p2", "links:T"), Level.SAME_RISK_GROUP),
    (("spans:W-2", "spans:T-1"), Level.DIVERSE),  # the other leg stands
    (("spans:W-2", "spans:P-2"), Level.DIVERSE),  # the other route stands
])  # fmt: skip
def test_a_group_that_meets_both_legs_in_different_places_cuts_the_link(
    beside_two_legs, members, level
):
    assert beside_two_legs.copy().verdict().level is Level.DIVERSE
    verdict = beside_two_legs.risk("G", *members).verdict()
    assert verdict.level is level
    assert verdict.plant_diverse is (level is Level.DIVERSE)


def test_a_group_may_meet_the_legs_by_way_of_lower_links(beside_two_legs):
    """The legs of Z are carried by L and V, and by cable Y: G meets W, P and Y."""
    plan = beside_two_legs.way("Y", "A y1 K")
    plan.link("Z", "A", "K", protect="Y")
    for seq, carrier in enumerate(("L", "V"), start=1):
        plan.add("link_links", link_id="Z", role="working", seq=seq, carrier_id=carrier)
    plan.rows["circuit_links"] = []
    plan.route("X", "working", "Z").route("X", "protect", "T")
    assert plan.copy().verdict().level is Level.DIVERSE
    members = ("spans:W-2", "spans:P-2", "spans:Y-1", "spans:T-1")
    assert plan.copy().risk("G", *members).verdict().level is Level.SAME_RISK_GROUP
    for spared in members:
        some = (member for member in members if member != spared)
        assert plan.copy().risk("G", *some).verdict().level is Level.DIVERSE


def test_what_may_belong_to_a_group_leaves_a_link_with_two_legs_open(beside_two_legs):
    plan = beside_two_legs.risk("G", "spans:W-2", "spans:T-1")
    row = {"risk_id": "G", "table": "spans", "element_id": "P-2", "membership": "possible"}
    assert plan.add("risk_members", **row).verdict().level is Level.UNDECIDABLE


def test_two_legs_suspected_in_one_trench_with_the_other_route_are_no_two_legs():
    """Spans W-1 and P-1 run between the same two points, and T takes one of them.

    A ══ j ── O ── K      legs W and P of L: two ducts A-j that nothing shows to lie apart
    A ── j ────── K       T, in the duct of leg W
    """
    plan = PlantBuilder().office("K").office("O", "access").site("A").structure("j")
    for name, rest in (("W", "w O"), ("P", "p O"), ("T", "t K")):
        plan.way(name, f"j {rest}")
        if name != "T":
            plan.span(f"{name}-0", "A", "j")
        plan.change("cables", name, from_id="A")
        plan.add("cable_spans", cable_id=name, seq=0, span_id="W-0" if name == "T" else f"{name}-0")
        plan.change("links", name, from_id="A")
    plan.way("V", "O K").link("L", "A", "O", "W", protect="P")
    verdict = plan.circuit("X", "A", "K", "L V", "T", protection="path").verdict()
    assert verdict.level is Level.SAME_TRENCH
    assert verdict.is_suspected


# Links over links -------------------------------------------------------------------------------


@pytest.fixture
def carried():
    """SDH links S1, S2 from A to K, each over wavelengths in cables of their own.

    A --C1-- O1 --C2-- K     S1 over C1, C2
    A --D1-- O2 --D2-- K     S2 over D1, D2
    """
    plan = PlantBuilder().office("K").office("O1").office("O2").site("A")
    plan.way("C1", "A c1 O1").way("C2", "O1 c2 K").way("D1", "A d1 O2").way("D2", "O2 d2 K")
    plan.link("S1", "A", "K", carriers="C1 C2").link("S2", "A", "K", carriers="D1 D2")
    return plan.circuit("X", "A", "K", "S1", "S2")


def test_links_over_different_lower_links_are_diverse(carried):
    verdict = carried.verdict()
    assert verdict.level is Level.DIVERSE
    assert verdict.is_complete


def test_what_the_lower_links_share_is_shared(carried):
    carried.change("spans", "C2-1", trench_id="T").change("spans", "D2-1", trench_id="T")
    assert carried.verdict().level is Level.SAME_TRENCH


def test_a_common_lower_link_is_a_common_link(carried):
    carried.link("S3", "A", "K", carriers="C1 C2").circuit("Y", "A", "K", "S1", "S3")
    audit = carried.audit()
    assert audit.of_circuit(1).level is Level.SAME_LINK
    assert "C1" in shared_ids(audit, audit.of_circuit(1))


@pytest.mark.parametrize("table", ["link_cables", "cable_spans", "link_links"])
def test_a_record_missing_below_leaves_the_upper_link_undecided(carried, table):
    del carried.rows[table][-1]
    assert carried.verdict().level is Level.UNDECIDABLE


def test_an_office_without_a_building_below_leaves_the_verdict_open(carried):
    carried.change("offices", "O1", building_id=None)
    verdict = carried.verdict()
    assert verdict.level is Level.UNDECIDABLE
    assert verdict.missing == ("building of office O1",)


def test_something_retired_below_takes_the_route_out_of_service(carried):
    carried.change("spans", "C1-1", status="retired")
    verdict = carried.verdict()
    assert verdict.level is Level.UNDECIDABLE
    assert any("span C1-1" in text for text in verdict.missing)


def test_links_that_carry_each_other_are_never_complete(carried):
    carried.add("link_links", link_id="C1", seq=1, carrier_id="S1")
    assert carried.verdict().level is Level.UNDECIDABLE


def test_a_thousand_layers_do_not_exhaust_the_stack():
    plan = PlantBuilder().office("K").site("A").way("L0", "A m K").way("P", "A p K")
    for n in range(1, 1050):
        plan.link(f"L{n}", "A", "K", carriers=f"L{n - 1}")
    verdict = plan.circuit("X", "A", "K", "L1049", "P").verdict()
    assert verdict.level is Level.DIVERSE


def test_a_link_with_cables_and_carriers_in_one_leg_has_no_defined_order(carried):
    carried.add("link_cables", link_id="S1", seq=9, cable_id="C1")
    assert carried.verdict().level is Level.UNDECIDABLE
