"""Missing records never yield diverse; a proven fault stands whatever else is missing."""

from __future__ import annotations

import pytest
from builders import PlantBuilder

from netgraph.diversity.levels import Level, Section

ALL = (True, True, True)


@pytest.mark.parametrize(
    ("table", "column", "lost", "missing"),
    [
        ("cable_spans", "span_id", "P-2", "contiguous cable_spans of cable P"),
        ("spans", "id", "P-2", "contiguous cable_spans of cable P"),
        ("structures", "id", "p1", "contiguous cable_spans of cable P"),
        ("cables", "id", "P", "contiguous link_cables of link P"),
        ("link_cables", "cable_id", "P", "link_cables of link P"),
        ("links", "id", "P", "link P"),
        ("circuit_links", "link_id", "W", "working route of circuit X"),
    ],
)
def test_a_record_that_is_missing_leaves_the_verdict_open(lozenge, table, column, lost, missing):
    lozenge.rows[table] = [row for row in lozenge.rows[table] if row[column] != lost]
    verdict = lozenge.verdict()
    assert verdict.level is Level.UNDECIDABLE
    assert not verdict.is_complete
    assert missing in verdict.missing
    assert verdict.physical_diverse is None


def test_a_cable_without_any_span_is_named_as_such(lozenge):
    lozenge.rows["cable_spans"] = [r for r in lozenge.rows["cable_spans"] if r["cable_id"] != "P"]
    verdict = lozenge.verdict()
    assert verdict.level is Level.UNDECIDABLE
    assert verdict.logical_diverse is True
    assert verdict.missing == ("cable_spans of cable P",)


def test_the_protect_rows_of_a_circuit_alone_prove_nothing(lozenge):
    lozenge.rows["circuit_links"] = lozenge.rows["circuit_links"][1:]
    assert lozenge.verdict().level is Level.UNDECIDABLE


def test_a_leased_link_of_unknown_route_cannot_be_decided(lozenge):
    lozenge.link("L", "A", "K", medium="leased").circuit("Y", "A", "K", "W", "L")
    verdict = lozenge.verdict("Y")
    assert verdict.level is Level.UNDECIDABLE
    assert verdict.missing == ("route of leased link L",)
    assert verdict.logical_diverse is None  # it may ride on the other


def test_a_leased_link_whose_cables_are_recorded_is_judged_like_any_other(lozenge):
    lozenge.change("links", "P", medium="leased")
    assert lozenge.verdict().level is Level.DIVERSE


def test_a_proven_fault_outranks_what_is_missing(lozenge):
    lozenge.change("spans", "W-1", trench_id="T").change("spans", "P-1", trench_id="T")
    lozenge.rows["cable_spans"] = [r for r in lozenge.rows["cable_spans"] if r["span_id"] != "P-3"]
    verdict = lozenge.verdict()
    assert verdict.level is Level.SAME_TRENCH
    assert not verdict.is_complete
    assert verdict.plant_diverse is False
    assert verdict.missing


def test_a_gap_in_the_route_hides_no_fault_that_is_proven(lozenge):
    lozenge.route("X", "protect", "nobody-knows")
    lozenge.change("spans", "W-2", trench_id="T").change("spans", "P-2", trench_id="T")
    verdict = lozenge.verdict()
    assert verdict.level is Level.SAME_TRENCH
    assert not verdict.is_complete


def test_a_third_route_that_is_not_known_cannot_make_a_diverse_pair_worse(lozenge):
    """X is diverse by itself; the unknown protect route of Y only adds to the group."""
    lozenge.change("circuits", "X", group_id="G")
    lozenge.circuit("Y", "A", "K", "W", "nobody-knows", group_id="G")
    audit = lozenge.audit()
    assert audit.of_group(0).level is Level.DIVERSE
    assert audit.of_group(0).is_complete
    assert audit.of_circuit(1).level is Level.UNDECIDABLE


def test_two_routes_of_which_one_is_not_known_may_share_anything(lozenge):
    lozenge.circuit("Y", "A", "K", "W", "nobody-knows")
    verdict = lozenge.verdict("Y")
    assert (verdict.logical_diverse, verdict.plant_diverse, verdict.physical_diverse) == (None,) * 3


@pytest.mark.parametrize(
    ("table", "row"),
    [("links", "P"), ("cables", "P"), ("spans", "P-2"), ("structures", "p2"), ("offices", "K")],
)
@pytest.mark.parametrize("status", ["retired", "planned"])
def test_nothing_is_known_of_a_route_over_something_not_in_service(lozenge, table, row, status):
    lozenge.change(table, row, status=status)
    lozenge.change("spans", "W-1", trench_id="T").change("spans", "P-1", trench_id="T")
    verdict = lozenge.verdict()
    assert verdict.level is Level.UNDECIDABLE
    assert any("in service" in text for text in verdict.missing)


def test_a_retired_device_takes_its_links_out_of_service(lozenge):
    lozenge.device("D", "K", status="retired").change("links", "P", to_id="D")
    assert lozenge.verdict().level is Level.UNDECIDABLE


def test_a_single_route_over_something_retired_is_not_even_that(lozenge):
    lozenge.circuit("Y", "A", "K", "W", protection="none").change("spans", "W-1", status="retired")
    assert lozenge.verdict("Y").level is Level.UNDECIDABLE


def test_an_intermediate_office_without_a_building_leaves_the_verdict_open(staged):
    staged.change("offices", "W1", building_id=None)
    verdict = staged.verdict()
    assert verdict.level is Level.UNDECIDABLE
    assert verdict.missing == ("building of office W1",)
    assert (verdict.plant_diverse, verdict.physical_diverse) == (True, None)


def test_an_office_that_ends_one_circuit_and_lies_on_the_way_of_the_next_needs_its_building():
    plan = PlantBuilder().office("K1", building_id=None).office("K2").site("A")
    plan.way("W", "A w1 K2").way("P", "A p1 K1").way("Q", "K1 q1 K2")
    plan.circuit("X", "A", "K2", "W", group_id="G").circuit("Y", "A", "K2", "P Q", group_id="G")
    assert plan.verdict().missing == ("building of office K1",)


def test_a_fault_is_proven_although_a_building_is_missing(staged):
    staged.change("offices", "W1", building_id=None)
    staged.change("spans", "W-B-1", trench_id="T").change("spans", "P-B-1", trench_id="T")
    verdict = staged.verdict()
    assert verdict.level is Level.SAME_TRENCH
    assert not verdict.is_complete


@pytest.mark.parametrize("end", ["a_id", "b_id"])
def test_an_end_that_nobody_knows_leaves_the_verdict_open(lozenge, end):
    lozenge.change("circuits", "X", **{end: "nobody-knows"})
    assert lozenge.verdict().level is Level.UNDECIDABLE


def test_a_route_that_stops_short_of_the_centre_leaves_the_verdict_open(staged):
    staged.rows["circuit_links"].pop()
    assert staged.verdict().level is Level.UNDECIDABLE


def test_a_role_that_is_not_stated_proves_neither_a_single_route_nor_a_second_one(lozenge):
    lozenge.rows["circuit_links"][1]["role"] = "backup"
    verdict = lozenge.verdict()
    assert verdict.level is Level.UNDECIDABLE
    assert "role of link P" in verdict.missing


def test_trenches_risk_groups_and_geometry_are_not_needed(lozenge):
    verdict = lozenge.verdict()
    assert (verdict.logical_diverse, verdict.plant_diverse, verdict.physical_diverse) == ALL
    assert verdict.missing == ()
    assert not verdict.is_surveyed


def test_a_span_length_is_needed_for_the_tolerance_only(lozenge):
    for span in lozenge.rows["spans"]:
        span["length_m"] = None
    assert lozenge.verdict().level is Level.DIVERSE


def test_two_rows_at_one_place_of_the_order_still_need_to_meet(lozenge):
    lozenge.structure("z").span("z", "z", "K").add("cable_spans", cable_id="P", seq=2, span_id="z")
    assert lozenge.verdict().level is Level.UNDECIDABLE


def test_a_place_in_the_order_that_is_not_stated_is_accepted_if_the_pieces_meet(lozenge):
    lozenge.rows["cable_spans"][-1]["seq"] = None
    assert lozenge.verdict().level is Level.DIVERSE


@pytest.fixture
def one_carrier():
    """Both ways up from the access offices ride on one link, base; K is the centre::

    A -- W1 -- N -- W2 -- K        W2: n1, base, n2
    A -- P1 -- M -- P2 -- K        P2: m1, base, m2

    N -- n1 -- G -- base -- H -- n2 -- K
    M -- m1 -- G               H -- m2 -- K
    """
    plan = PlantBuilder().office("K").site("A").office("N", "access").office("M", "access")
    plan.office("G").office("H").way("W1", "A a N").way("P1", "A b M").way("base", "G c H")
    plan.way("n1", "N x G").way("n2", "H y K").way("m1", "M z G").way("m2", "H q K")
    plan.link("W2", "N", "K", carriers="n1 base n2").link("P2", "M", "K", carriers="m1 base m2")
    return plan.circuit("X", "A", "K", "W1 W2", "P1 P2", protection="path")


def _lose(table, column, *ids):
    def lose(plan):
        plan.rows[table] = [row for row in plan.rows[table] if row[column] not in ids]

    return lose


@pytest.mark.parametrize("lose", [
    _lose("link_links", "link_id", "W2"),
    _lose("link_links", "link_id", "P2"),
    _lose("link_links", "link_id", "W2", "P2"),
    _lose("link_links", "carrier_id", "base"),
    _lose("links", "id", "base"),
])  # fmt: skip
def test_a_link_whose_carriers_are_lost_may_ride_on_those_of_the_other(one_carrier, lose):
    known = one_carrier.verdict()
    assert (known.logical_diverse, known.section_logical[Section.UPLINK]) == (False, False)
    lose(one_carrier)
    verdict = one_carrier.verdict()
    assert verdict.logical_diverse is None
    assert verdict.section_logical[Section.UPLINK] is None


def test_cables_without_spans_leave_nothing_open_among_the_links(lozenge):
    lozenge.rows["cable_spans"].clear()
    assert lozenge.verdict().logical_diverse is True
