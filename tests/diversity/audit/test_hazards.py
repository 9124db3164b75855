"""Hazards are contiguous, named by lasting points, and gather into causes."""

from __future__ import annotations

import pytest
from builders import PlantBuilder

from netgraph.diversity.audit.positions import locate_shared
from netgraph.diversity.audit.reasons import reason_for
from netgraph.diversity.causes import gather_causes
from netgraph.diversity.hazards import find_hazards
from netgraph.diversity.levels import Severity
from netgraph.scoring import load_scorecard, tiers_of_places


def found(plan):
    """The audit, the hazards of its groups, and its places by number."""
    audit = plan.audit()
    groups = sorted(set(audit.units.group_of_circuit.tolist()))
    pairs = [(audit.verdicts[u], locate_shared(audit, audit.verdicts[u])) for u in groups]
    return audit, find_hazards(audit, pairs, tiers_of_places(audit, load_scorecard()))


def listed(plan):
    """Every hazard as (kind, from, to, metres, metres from A)."""
    audit, hazards = found(plan)
    ids = [*audit.network.places.ids, None]
    runs = sorted((h.run for h in hazards), key=lambda r: r.distance_from_a_m)
    return [
        (r.kind, ids[r.from_place], ids[r.to_place], r.length_m, r.distance_from_a_m) for r in runs
    ]


def in_one_trench(plan, *numbers):
    for n in numbers:
        for name in "WP":
            plan.change("spans", f"{name}-{n}", trench_id=f"T{n}")
    return plan


@pytest.fixture
def long():
    """A lozenge of six spans of 500 m on each side.

    A - w1 - w2 - w3 - w4 - w5 - K       manholes throughout
    A - p1 - p2 - p3 - p4 - p5 - K
    """
    plan = PlantBuilder().office("K").site("A")
    plan.way("W", "A w1 w2 w3 w4 w5 K").way("P", "A p1 p2 p3 p4 p5 K")
    return plan.circuit("X", "A", "K", "W", "P")


def test_one_contiguous_stretch_is_one_hazard(long):
    assert listed(in_one_trench(long, 2, 3)) == [("trench", "w1", "w3", 1000.0, 500.0)]


def test_two_stretches_apart_are_two_hazards(long):
    assert listed(in_one_trench(long, 2, 3, 5)) == [
        ("trench", "w1", "w3", 1000.0, 500.0),
        ("trench", "w4", "w5", 500.0, 2000.0),
    ]


def test_only_the_strongest_kind_is_listed():
    """A common cable lies in common ducts and manholes: one hazard, of kind cable."""
    plan = PlantBuilder().office("K").site("A").way("W", "A w1 w2 K").link("V", "A", "K", ["W"])
    plan.circuit("X", "A", "K", "W", "V")
    assert listed(plan) == [("cable", "A", "K", 1500.0, 0.0)]


def test_manholes_at_the_ends_of_a_common_trench_are_not_listed_again():
    plan = PlantBuilder().office("K").site("A").structure("e").structure("f")
    plan.span("s", "e", "f", trench_id="T")
    for name in "wp":
        plan.span(f"{name}1", "A", "e", trench_id=f"T{name}1")
        plan.span(f"{name}2", "f", "K", trench_id=f"T{name}2")
        plan.cable(name, "A", "K", f"{name}1 s {name}2").link(name, "A", "K", [name])
    plan.circuit("X", "A", "K", "w", "p")
    assert listed(plan) == [("trench", "e", "f", 500.0, 500.0)]


def test_a_common_point_alone_is_a_hazard_without_length():
    plan = PlantBuilder().office("K").site("A").way("W", "A w1 m w2 K").way("P", "A p1 m p2 K")
    assert listed(plan.circuit("X", "A", "K", "W", "P")) == [("structure", "m", "m", 0.0, 1000.0)]


def test_what_is_tolerated_is_no_hazard(long):
    for name in "WP":
        long.change("spans", f"{name}-1", trench_id="T", length_m=30.0)
    assert listed(long) == []


def test_a_single_route_is_one_hazard_from_end_to_end(long):
    long.circuit("Y", "A", "K", "W", protection="none")
    assert listed(long) == [("single_route", "A", "K", 3000.0, 0.0)]


def test_what_cannot_be_decided_names_the_missing_records(long):
    long.rows["cable_spans"] = [r for r in long.rows["cable_spans"] if r["cable_id"] != "P"]
    _, (hazard,) = found(long)
    assert hazard.run.kind == "undecidable"
    assert hazard.run.elements == ("cable_spans of cable P",)
    assert hazard.severity is Severity.BLUE


def test_a_proven_fault_is_listed_without_a_second_hazard_for_what_is_missing(long):
    in_one_trench(long, 2)
    long.rows["cable_spans"] = [r for r in long.rows["cable_spans"] if r["span_id"] != "P-6"]
    assert [kind for kind, *_ in listed(long)] == ["trench"]


def test_a_risk_group_is_listed_where_its_members_are(long):
    long.risk("flood", "spans:W-2", "spans:W-5", "structures:p1", "structures:w4")
    assert listed(long) == [
        ("risk_group", "w1", "w2", 500.0, 500.0),
        ("risk_group", "w4", "w5", 500.0, 2000.0),
    ]


def test_a_risk_group_met_at_a_point_is_listed_at_the_point(long):
    long.risk("flood", "structures:w3", "spans:P-2")
    assert listed(long) == [("risk_group", "w3", "w3", 0.0, 1500.0)]


def test_a_risk_group_whose_members_on_the_route_are_all_listed_is_left_out(long):
    in_one_trench(long, 2).structure("elsewhere")
    long.risk("flood", "spans:W-2", "spans:P-2", "structures:elsewhere")
    assert [kind for kind, *_ in listed(long)] == ["trench"]


def test_two_offices_in_one_building_are_one_hazard(staged):
    staged.change("offices", "W1", building_id="B").change("offices", "P1", building_id="B")
    assert listed(staged) == [("office", "W1", "W1", 0.0, 1000.0)]


def test_a_common_trench_is_orange_and_a_common_risk_group_yellow(long):
    long.risk("r", "spans:W-2", "spans:P-2")
    _, (alone,) = found(long)
    _, hazards = found(in_one_trench(long, 4))
    assert alone.severity is Severity.YELLOW
    assert [h.severity for h in hazards] == [Severity.ORANGE, Severity.YELLOW]


def test_where_the_tier_requires_nothing_a_hazard_is_information(long):
    in_one_trench(long, 3).change("circuits", "X", tier="silver")
    _, (hazard,) = found(long)
    assert hazard.severity is Severity.INFO


def split(plan, span, middle, **columns):
    """Cut a span in two at a new structure, everywhere that it is used."""
    row = next(r for r in plan.rows["spans"] if r["id"] == span)
    plan.structure(middle, **columns)
    halves = [
        {**row, "id": f"{span}a", "to_id": middle, "length_m": row["length_m"] / 2},
        {**row, "id": f"{span}b", "from_id": middle, "length_m": row["length_m"] / 2},
    ]
    plan.rows["spans"] = [r for r in plan.rows["spans"] if r["id"] != span] + halves
    listed_spans = []
    for use in plan.rows["cable_spans"]:
        if use["span_id"] != span:
            listed_spans.append({**use, "seq": 10 * use["seq"]})
            continue
        for n, half in enumerate("ab"):
            listed_spans.append({**use, "seq": 10 * use["seq"] + n, "span_id": f"{span}{half}"})
    plan.rows["cable_spans"] = listed_spans
    return plan


@pytest.mark.parametrize("kind", ["handhole", "pole", "manhole"])
@pytest.mark.parametrize("span", ["W-1", "W-2", "W-3", "P-2"])
def test_ids_survive_a_span_being_split(long, span, kind):
    """Trench T2 T3 from w1 to w3; a span on it, or next to it, gets a new point in the middle."""
    in_one_trench(long, 2, 3).change("structures", "w2", kind="pole")
    before, (old,) = found(long)
    audit, (new,) = found(split(long, span, "new", kind=kind))
    assert (new.hazard_id, new.cause_id) == (old.hazard_id, old.cause_id)
    assert audit.of_circuit(0).level is before.of_circuit(0).level
    assert new.run.length_m == old.run.length_m


def test_ids_survive_a_cable_and_a_trench_being_renamed(long):
    in_one_trench(long, 2)
    _, (old,) = found(long)
    for name in "WP":
        long.change("spans", f"{name}-2", trench_id="another name")
    long.change("cables", "W", id="another cable")
    for table in ("cable_spans", "link_cables"):
        for row in long.rows[table]:
            row["cable_id"] = "another cable" if row["cable_id"] == "W" else row["cable_id"]
    _, (new,) = found(long)
    assert new.hazard_id == old.hazard_id


def test_hazards_of_one_place_gather_into_one_cause():
    """Three sites share the last manhole before the centre.

    A1, A2, A3 -- each two ways -- m -- K
    """
    plan = PlantBuilder().office("K").structure("m")
    for n in "123":
        plan.site(f"A{n}")
        for name in ("w", "p"):
            plan.way(f"{name}{n}", f"A{n} {name}{n}x m {name}{n}y K")
        plan.circuit(f"X{n}", f"A{n}", "K", f"w{n}", f"p{n}")
    audit, hazards = found(plan)
    (cause,) = gather_causes(audit, hazards)
    assert len(hazards) == 3
    assert (cause.kind, cause.hazards, cause.circuits, cause.sites, cause.customers) == (
        "structure", 3, 3, 3, 1,
    )  # fmt: skip
    assert audit.network.places.ids[cause.from_place] == "m"
    assert len({h.hazard_id for h in hazards}) == 3


def test_two_groups_of_one_name_at_two_sites_keep_their_hazards_apart():
    plan = PlantBuilder().office("K").structure("m")
    for n in "12":
        plan.site(f"A{n}")
        for name in ("w", "p"):
            plan.way(f"{name}{n}", f"A{n} {name}{n}x m {name}{n}y K")
        plan.circuit(f"X{n}", f"A{n}", "K", f"w{n}", f"p{n}", group_id="G")
    _, hazards = found(plan)
    assert len({h.hazard_id for h in hazards}) == 2


def test_a_duct_that_the_working_route_passes_twice_is_two_hazards_with_ids_of_their_own():
    """The working route goes through the duct d, on to the office O, and through d again to K.

    A -- m1 =d= m2 -- O -- m3 -- m1 =d= m2 -- K, the protect route A -- p1 -- m1 =d= m2 -- p2 -- K
    """
    plan = PlantBuilder().office("K").office("O").site("A")
    for name in ("m1", "m2", "m3", "p1", "p2"):
        plan.structure(name)
    ways = {
        "W": ("A O", "A-m1 d m2-O"), "V": ("O K", "O-m3 m3-m1 d m2-K"),
        "P": ("A K", "A-p1 p1-m1 d m2-p2 p2-K"),
    }  # fmt: skip
    plan.span("d", "m1", "m2")
    for name, (ends, spans) in ways.items():
        for span in spans.replace(" d", "").split():
            plan.span(span, *span.split("-"))
        plan.cable(name, *ends.split(), spans).link(name, *ends.split(), [name])
    plan.circuit("X", "A", "K", "W V", "P")
    _, hazards = found(plan)
    assert [(h.run.kind, h.run.elements) for h in hazards] == [("trench", ("d",))] * 2
    assert len({h.hazard_id for h in hazards}) == 2
    assert len({h.cause_id for h in hazards}) == 1


def test_worse_hazards_come_first(long):
    in_one_trench(long, 4).risk("r", "spans:W-2", "spans:P-2")
    long.site("B").way("V", "B v K").circuit("Y", "B", "K", "V", protection="none")
    _, hazards = found(long)
    assert [h.severity for h in hazards] == [Severity.RED, Severity.ORANGE, Severity.YELLOW]
    assert [h.rank for h in hazards] == [1, 2, 3]


def test_shared_metres_count_once_and_without_what_is_tolerated(long):
    for name in "WP":
        long.change("spans", f"{name}-1", trench_id="T", length_m=30.0)
    in_one_trench(long, 3, 5)
    audit = long.audit()
    located = locate_shared(audit, audit.of_circuit(0))
    assert located.shared_length_m == 1000.0
    assert located.single_route_m == 0.0
    assert located.first.distance_from_a_m == 530.0


@pytest.mark.parametrize("is_radio", [False, True])
def test_what_no_spans_are_known_of_counts_once_however_often_a_route_passes_it(is_radio):
    """Two links of the working route pass c, from m to O and back: a cable, or a radio link::

    S -- a -- m -- c -- O       W1: a c, W2: c d
              m -- d -- K
    S -- b -- m -- c -- O       P1: b c, P2: q
                        O -- q -- K
    """
    plan = PlantBuilder().office("K").office("O").office("m").site("S")
    plan.way("a", "S m").way("b", "S x m").way("d", "m K").way("q", "O K")
    if is_radio:
        plan.link("c", "m", "O", medium="radio")
    else:
        plan.cable("c", "m", "O", ()).link("c", "m", "O", ["c"])
    plan.link("W1", "S", "O", carriers="a c").link("W2", "O", "K", carriers="c d")
    plan.link("P1", "S", "O", carriers="b c")
    plan.circuit("X", "S", "K", "W1 W2", "P1 q", protection="path")
    audit = plan.audit()

    located = locate_shared(audit, audit.of_circuit(0))

    (of_c,) = {run.length_m for run in located.runs if run.kind in {"cable", "link"}}
    assert located.shared_length_m == of_c > 0


def test_metres_without_a_second_route_are_counted_apart():
    plan = PlantBuilder().office("K").office("O", "access").site("A").way("L", "A l O")
    plan.way("W", "O w K").way("P", "O p K").circuit("X", "A", "K")
    plan.route("X", "working", "L", segment="1")
    plan.route("X", "working", "W", segment="2").route("X", "protect", "P", segment="2")
    audit = plan.audit()
    located = locate_shared(audit, audit.of_circuit(0))
    assert located.single_route_m == 1000.0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_verdict_has_one_sentence(long, staged, lang):
    staged.change("offices", "W1", building_id="B").change("offices", "P1", building_id="B")
    cases = [
        long,
        in_one_trench(long.copy(), 2),
        long.copy().risk("r", "spans:W-2", "spans:P-2"),
        long.copy().change("spans", "W-1", status="retired"),
        long.copy().link("R", "A", "K", medium="radio").route("X", "protect", "R"),
        staged,
    ]
    for plan in cases:
        audit = plan.audit()
        verdict = audit.of_circuit(0)
        text = reason_for(audit, verdict, locate_shared(audit, verdict), lang)
        assert text.endswith("。" if lang == "zh" else ".")
        assert "nan" not in text


def test_the_reason_says_where_how_long_and_how_far_from_the_site(long):
    audit = in_one_trench(long, 2, 3).audit()
    verdict = audit.of_circuit(0)
    text = reason_for(audit, verdict, locate_shared(audit, verdict))
    assert text == "The routes share one trench for 1,000 m, w1 – w3, 500 m from the site."
