"""What must not change a verdict, and what may only make it worse."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from builders import named
from random_plants import draw_plant
from relabelling import relabelled

from netgraph.diversity.levels import PASSING
from netgraph.diversity.rules import load_rules

SEEDS = range(16)
#: Here a link may be passed either way: within a building, or behind a gap.
CHOICES = (137, 349, 441, 503, 1003, 1052, 1281)
ORDERED = ("cable_spans", "link_cables", "link_links", "circuit_links")
EVIDENCE = (
    "offices", "structures", "spans", "cables", "cable_spans", "links", "link_cables", "link_links",
    "equipment", "circuit_links",
)  # fmt: skip


def verdicts(plan, rename=str):
    """Every verdict by its name, its site and its circuits: level, aspects, sections."""
    audit = plan.audit()
    circuits, places = audit.network.circuits, audit.network.places
    found = {}
    for unit, verdict in enumerate(audit.verdicts):
        kind = "circuit" if unit < len(circuits) else "group"
        site = places.ids[circuits.a[verdict.circuits[0]]]
        name = tuple(rename(x) for x in (kind, verdict.name, site))
        found[(*name, frozenset(rename(circuits.ids[c]) for c in verdict.circuits))] = (
            verdict.level,
            verdict.is_complete,
            verdict.logical_diverse,
            verdict.plant_diverse,
            verdict.physical_diverse,
            verdict.section_levels,
            len(verdict.shared),
            len(verdict.tolerated),
        )
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_other_names_change_nothing(seed):
    plan = draw_plant(seed)
    other, names = relabelled(plan, seed)
    assert verdicts(other, lambda name: names.get(name, name)) == verdicts(plan)


@pytest.mark.parametrize("tolerance_m", [0.0, 50.0, 90.0])
@pytest.mark.parametrize("seed", range(8))
def test_circuits_read_from_b_to_a_share_the_same_and_tolerate_it_at_the_other_end(
    seed, tolerance_m
):
    """Between two sites; the tolerance holds at A, so what is near A counts seen from B."""
    plan = draw_plant(seed, joins_sites=True)
    for row in plan.rows["circuits"]:
        row["b2_id"] = None
        if row["group_id"]:  # a group needs one A end, whichever end that is
            row["group_id"] += "-".join(sorted((row["a_id"], row["b_id"])))
            row["group_id"] += row["a_id"]
    turned = plan.copy()
    for row in turned.rows["circuits"]:
        row["a_id"], row["b_id"] = row["b_id"], row["a_id"]
    for row in turned.rows["circuit_links"]:
        row["seq"] = 100 - row["seq"]
    rules = replace(load_rules(), entry_tolerance_m=tolerance_m)
    there, back = plan.audit(rules), turned.audit(rules)
    other = {verdict.circuits: verdict for verdict in back.verdicts}
    assert other.keys() == {verdict.circuits for verdict in there.verdicts}
    for verdict in there.verdicts:
        same = other[verdict.circuits]
        seen = [(there, (*verdict.shared, *verdict.tolerated))]
        seen.append((back, (*same.shared, *same.tolerated)))
        assert named(*seen[0]) == named(*seen[1])
        if tolerance_m == 0.0:
            assert aspects(verdict) == aspects(same)


def aspects(verdict):
    return (
        verdict.level, verdict.is_complete, verdict.logical_diverse, verdict.plant_diverse,
        verdict.physical_diverse,
    )  # fmt: skip


@pytest.mark.parametrize("seed", [*SEEDS, *CHOICES])
def test_the_direction_of_spans_cables_and_links_changes_nothing(seed):
    plan = draw_plant(seed)
    turned = plan.copy()
    draw = random.Random(seed)
    for table in ("spans", "cables", "links"):
        for row in turned.rows[table]:
            if draw.random() < 0.5:
                row["from_id"], row["to_id"] = row["to_id"], row["from_id"]
    assert verdicts(turned) == verdicts(plan)


@pytest.mark.parametrize("seed", range(0, 40, 2))
def test_the_end_from_which_an_order_is_recorded_changes_nothing(seed):
    plan = draw_plant(seed)
    turned = plan.copy()
    for table in ORDERED:
        for row in turned.rows.get(table, ()):
            row["seq"] = 100 - row["seq"]
    assert verdicts(turned) == verdicts(plan)


@pytest.mark.parametrize("seed", SEEDS)
def test_plant_that_no_circuit_uses_changes_nothing(seed):
    plan = draw_plant(seed)
    more = plan.copy().structure("far").structure("away").span("unused", "far", "away")
    more.way("L-unused", "O1 far away O2")
    assert verdicts(more) == verdicts(plan)


@pytest.mark.parametrize("seed", range(0, 40, 2))
def test_a_span_cut_in_two_changes_no_level(seed):
    plan = draw_plant(seed)
    cut = plan.copy()
    draw = random.Random(seed)
    used = {row["span_id"] for row in cut.rows["cable_spans"]}
    row = dict(draw.choice([r for r in cut.rows["spans"] if r["id"] in used and r["length_m"]]))
    twins = [
        r for r in cut.rows["spans"]
        if {r["from_id"], r["to_id"]} == {row["from_id"], row["to_id"]}
    ]  # fmt: skip
    if len(twins) > 1:
        pytest.skip("a point between two suspected spans ends the suspicion")
    cut.structure("new", "handhole")
    cut.rows["spans"].append({**row, "id": "other-half", "from_id": "new"})
    first = next(r for r in cut.rows["spans"] if r["id"] == row["id"])
    first["to_id"] = "new"
    for half in (first, cut.rows["spans"][-1]):
        half["length_m"] = row["length_m"] / 2
    groups = [r for r in cut.rows["risk_members"] if r["element_id"] == row["id"]]
    cut.rows["risk_members"] += [{**r, "element_id": "other-half"} for r in groups]
    uses = []
    for use in cut.rows["cable_spans"]:
        use["seq"] *= 10
        uses.append(use)
    for use in list(uses):
        if use["span_id"] == row["id"]:
            uses += _second_half(cut, use, row)
    cut.rows["cable_spans"] = uses
    want = {name: found[:6] for name, found in verdicts(plan).items()}
    got = {name: found[:6] for name, found in verdicts(cut).items()}
    assert got == want


def _second_half(plan, use, row):
    """The other half before or after the first, whichever way the cable passes the span."""
    order = sorted(
        (r["seq"], r["span_id"])
        for r in plan.rows["cable_spans"]
        if r["cable_id"] == use["cable_id"]
    )
    at = next(i for i, (seq, _) in enumerate(order) if seq == use["seq"])
    ends = {r["id"]: {r["from_id"], r["to_id"]} for r in plan.rows["spans"]}
    after = ends.get(order[at + 1][1], set()) if at + 1 < len(order) else set()
    before = ends.get(order[at - 1][1], set()) if at else set()
    forward = row["to_id"] in after or row["from_id"] in before
    if not after and not before:
        cable = next(c for c in plan.rows["cables"] if c["id"] == use["cable_id"])
        forward = cable["to_id"] == row["to_id"]
    return [{**use, "seq": use["seq"] + (1 if forward else -1), "span_id": "other-half"}]


@pytest.mark.parametrize("seed", range(0, 12, 2))
def test_without_some_record_nothing_becomes_diverse(seed):
    """Plants without contradictions: a row that is lost can only be missing."""
    plan = draw_plant(seed)
    draw = random.Random(seed)
    passing = {name for name, found in verdicts(plan).items() if found[0] in PASSING}
    rows = [(table, n) for table in EVIDENCE for n in range(len(plan.rows.get(table, ())))]
    for table, n in draw.sample(rows, 14):
        less = plan.copy()
        lost = less.rows[table].pop(n)
        now = {name for name, found in verdicts(less).items() if found[0] in PASSING}
        assert now <= passing, (table, lost)


@pytest.mark.parametrize("seed", range(0, 20, 2))
def test_one_more_record_of_sharing_never_makes_anything_diverse(seed):
    plan = draw_plant(seed)
    draw = random.Random(seed)
    passing = {name for name, found in verdicts(plan).items() if found[0] in PASSING}
    more = plan.copy()
    spans = draw.sample([row["id"] for row in plan.rows["spans"]], 8)
    more.risk("one more", *(f"spans:{span}" for span in spans[:4]))
    for span in spans[4:]:
        more.change("spans", span, trench_id="one more")
    now = {name for name, found in verdicts(more).items() if found[0] in PASSING}
    assert now <= passing
