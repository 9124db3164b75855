"""Spans that nothing shows to lie apart are taken for one trench, and marked."""

from __future__ import annotations

import pytest
from builders import PlantBuilder, shared_ids

from netgraph.diversity.audit.positions import locate_shared
from netgraph.diversity.levels import Level


@pytest.fixture
def twins():
    """Two spans s and t between manholes e and f, one on each route.

    A - w1 - e ==s== f - w2 - K
    A - p1 - e ==t== f - p2 - K        (e, f: cabinets listed as structures of both)
    """
    plan = PlantBuilder().office("K").site("A").structure("e").structure("f")
    plan.span("s", "e", "f").span("t", "f", "e")
    for name, twin in (("w", "s"), ("p", "t")):
        plan.structure(f"{name}1").structure(f"{name}2")
        plan.span(f"{name}-1", "A", f"{name}1").span(f"{name}-2", f"{name}1", "e")
        plan.span(f"{name}-3", "f", f"{name}2").span(f"{name}-4", f"{name}2", "K")
        spans = f"{name}-1 {name}-2 {twin} {name}-3 {name}-4"
        plan.cable(name, "A", "K", spans).link(name, "A", "K", [name])
    return plan.circuit("X", "A", "K", "w", "p")


def test_two_spans_between_the_same_points_are_suspected_to_share_a_trench(twins):
    audit = twins.audit()
    verdict = audit.of_circuit(0)
    assert verdict.level is Level.SAME_TRENCH
    assert verdict.is_suspected
    assert shared_ids(audit, verdict) == {"s~t", "e", "f"}


def test_two_different_trench_ids_show_them_apart(twins):
    twins.change("spans", "s", trench_id="T1").change("spans", "t", trench_id="T2")
    assert twins.verdict().level is Level.SAME_STRUCTURE


def test_one_trench_id_is_not_enough_to_show_them_apart(twins):
    twins.change("spans", "s", trench_id="T1")
    assert twins.verdict().is_suspected


def test_one_and_the_same_trench_id_is_no_suspicion_but_a_fact(twins):
    twins.change("spans", "s", trench_id="T").change("spans", "t", trench_id="T")
    verdict = twins.verdict()
    assert verdict.level is Level.SAME_TRENCH
    assert not verdict.is_suspected


def drawn(plan, apart_deg):
    """Span s straight along 37.8 N, span t with a bulge of some degrees to the north."""
    e, f = (next(r for r in plan.rows["structures"] if r["id"] == name) for name in "ef")
    middle = (e["lon"] + f["lon"]) / 2
    plan.change("spans", "s", geometry=f"LINESTRING ({e['lon']} 37.8, {f['lon']} 37.8)")
    bulge = f"{e['lon']} 37.8, {middle} {37.8 + apart_deg}, {f['lon']} 37.8"
    return plan.change("spans", "t", geometry=f"LINESTRING ({bulge})")


def test_two_drawn_lines_that_part_show_them_apart(twins):
    assert drawn(twins, 0.001).verdict().level is Level.SAME_STRUCTURE  # some 110 m


def test_two_drawn_lines_that_hardly_part_do_not(twins):
    assert drawn(twins, 0.00005).verdict().is_suspected  # some 6 m


@pytest.mark.parametrize("columns", [{}, {"trench_id": "T"}], ids=["suspected", "recorded"])
def test_both_legs_of_a_link_in_one_trench_share_its_metres(columns):
    """Neither leg alone takes link l down, but whoever digs between e and f takes all three spans.

    S --------- J -c1- e ===c=== f -c2- K      link l, first leg
                J -d1- e ===d=== f -d2- K      link l, second leg
    S ---- p1 ------- e ===d=== f -p2- K       protect
    """
    plan = PlantBuilder().office("K").office("J").site("S").structure("e").structure("f")
    for name, a, b in (
        ("a", "S", "J"), ("c1", "J", "e"), ("c2", "f", "K"), ("d1", "J", "e"), ("d2", "f", "K"),
        ("p1", "S", "e"), ("p2", "f", "K"),
    ):  # fmt: skip
        plan.span(name, a, b, trench_id=f"T-{name}")
    plan.span("c", "e", "f", length_m=300.0, **columns).span("d", "e", "f", **columns)
    plan.cable("A", "S", "J", "a").cable("C", "J", "K", "c1 c c2").cable("D", "J", "K", "d1 d d2")
    plan.cable("P", "S", "K", "p1 d p2").link("k", "S", "J", "A").link("p", "S", "K", "P")
    plan.link("l", "J", "K", "C", protect="D").circuit("X", "S", "K", "k l", "p")

    audit = plan.audit()
    found = locate_shared(audit, audit.of_circuit(0))

    assert audit.of_circuit(0).level is Level.SAME_TRENCH
    assert found.shared_length_m == pytest.approx(300.0)
    assert [(run.kind, run.elements, run.length_m) for run in found.runs] == [
        ("trench", ("c",), 300.0)
    ]
    assert found.first.distance_from_a_m == pytest.approx(1000.0)


def test_lines_drawn_together_for_long_are_suspected_wherever_they_end(lozenge):
    """W-2 and P-2 have no point in common, but are drawn a metre apart for 800 m."""
    lozenge.change("spans", "W-2", geometry="LINESTRING (112.03 37.8, 112.04 37.8)")
    lozenge.change("spans", "P-2", geometry="LINESTRING (112.03 37.80001, 112.04 37.80001)")
    audit = lozenge.audit()
    assert audit.of_circuit(0).level is Level.SAME_TRENCH
    assert audit.of_circuit(0).is_suspected
    assert shared_ids(audit, audit.of_circuit(0)) == {"W-2~P-2"}


def test_a_crossing_is_no_suspicion(lozenge):
    lozenge.change("spans", "W-2", geometry="LINESTRING (112.03 37.8, 112.04 37.8)")
    lozenge.change("spans", "P-2", geometry="LINESTRING (112.035 37.795, 112.035 37.805)")
    assert lozenge.verdict().level is Level.DIVERSE


def test_the_same_span_on_both_routes_is_no_suspicion(lozenge):
    lozenge.cable("C", "A", "K", "W-1 W-2 W-3").link("V", "A", "K", ["C"])
    lozenge.circuit("Y", "A", "K", "W", "V")
    assert not lozenge.verdict("Y").is_suspected


def test_a_suspicion_between_spans_of_one_route_is_no_fault_of_the_pair():
    plan = PlantBuilder().office("K").site("A").structure("e").structure("f")
    plan.span("a", "A", "e").span("s", "e", "f").span("t", "f", "e").span("b", "e", "K")
    plan.cable("W", "A", "K", "a s t b").link("W", "A", "K", ["W"]).way("P", "A p1 K")
    assert plan.circuit("X", "A", "K", "W", "P").verdict().level is Level.DIVERSE


def test_spans_inside_one_building_are_no_suspicion():
    plan = PlantBuilder().office("K").site("A", building_id="H")
    plan.structure("v", "vault", building_id="H")
    for name in "wp":
        plan.span(f"{name}-0", "A", "v").structure(f"{name}1")
        plan.span(f"{name}-1", "v", f"{name}1").span(f"{name}-2", f"{name}1", "K")
        plan.cable(name, "A", "K", f"{name}-0 {name}-1 {name}-2").link(name, "A", "K", [name])
    assert plan.circuit("X", "A", "K", "w", "p").verdict().level is Level.DIVERSE
