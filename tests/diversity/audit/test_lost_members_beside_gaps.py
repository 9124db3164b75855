"""Rows of `risk_members` that name nothing where a route has a gap: that may hold the rest."""

from __future__ import annotations

import json
import random
from dataclasses import asdict

import pytest
from builders import PlantBuilder
from hypothesis import given, settings
from hypothesis import strategies as st

from netgraph.diversity.achievable.find import find_achievable
from netgraph.diversity.certificates import as_plain, certify
from netgraph.diversity.levels import PASSING, Level
from netgraph.verify.run import Certificates

LOST = "spans:gone"
TABLES = ("spans", "structures", "cables", "links", "equipment", "offices")


@pytest.fixture
def gap():
    """A site with one route that is known and one of which no cable is; f lies on neither.

    ::

        S ══ L ══ K              working: two legs, over cables n (by n1) and s (by s1)
        S ── g ┄? K              protect: no span of its cable is recorded
        S ── f1 ── K             in use by nobody, cable f
    """
    plan = PlantBuilder().site("S").office("K").office("N", "access")
    plan.way("n", "S n1 K").way("s", "S s1 K").way("f", "S f1 K")
    plan.link("L", "S", "K", "n", protect="s")
    plan.cable("g", "S", "K", "").link("g", "S", "K", ["g"])
    return plan.circuit("X", "S", "K", "L", "g", protection="path")


def accepted(plan):
    """Levels of what is recorded that the checker accepts; none is refused."""
    audit = plan.audit()
    checker = Certificates(plan.inventory(), asdict(audit.rules))
    for number, line in enumerate(certify(audit, find_achievable(audit, seconds=0)), start=1):
        checker.take(number, json.dumps(as_plain(line)))
    assert checker.refused == []
    return {about[1]: level for about, level in checker.proven.levels.items()}


def test_a_gap_may_hold_what_is_known_of_a_group_whose_lost_member_is_on_the_other_route(gap):
    known = gap.copy().verdict()
    assert (known.level, known.plant_diverse) == (Level.DIVERSE, True)
    verdict = gap.risk("G", "spans:f-1", LOST).verdict()
    assert (verdict.level, verdict.plant_diverse) == (Level.UNDECIDABLE, None)
    assert set(verdict.section_plant.values()) == {None}
    assert verdict.missing == ("cable_spans of cable g", "member spans:gone of risk group G")
    assert accepted(gap)["circuits:X"] == "undecidable"

    for seq in (1, 2):
        gap.add("cable_spans", cable_id="g", seq=seq, span_id=f"f-{seq}")
    gap.rows["risk_members"][-1].update(table="links", element_id="L")
    assert gap.verdict().level is Level.SAME_RISK_GROUP


@pytest.mark.parametrize("members", [
    (LOST,), ("offices:K", LOST), ("sites:S", LOST), ("spans:f-1", "offices:N"),
])  # fmt: skip
def test_a_gap_holds_no_member_that_no_row_names_and_none_of_ones_own_buildings(gap, members):
    verdict = gap.risk("G", *members).verdict()
    assert (verdict.level, verdict.plant_diverse) == (Level.DIVERSE, True)
    assert accepted(gap)["circuits:X"] == "diverse"


def test_a_row_about_a_group_that_is_not_there_is_lost_likewise(gap):
    gap.add("risk_members", risk_id="G9", table="spans", element_id="f-1")
    assert gap.risk("G", "links:L").verdict().level is Level.UNDECIDABLE
    assert accepted(gap)["circuits:X"] == "undecidable"


def test_a_gap_leaves_nothing_open_where_the_group_has_two_more_ways_that_lie_apart(gap):
    """Circuit Y is known from end to end: one lost member cannot be on both of its routes.

    ::

        S ── f1 ── K    working of Y
        S ── h1 ── K    protect of Y; the pair of X and Y has in g a route more, with a gap
    """
    gap.way("h", "S h1 K").change("circuits", "X", group_id="pair")
    gap.circuit("Y", "S", "K", "f", "h", protection="path", group_id="pair")
    gap.risk("G", "offices:N", LOST)
    of_x, of_y, pair = gap.audit().verdicts
    assert [of_x.level, of_y.level, pair.level] == [
        Level.UNDECIDABLE, Level.DIVERSE, Level.DIVERSE
    ]  # fmt: skip
    found = accepted(gap)
    assert (found["circuits:X"], found["circuits:Y"]) == ("undecidable", "diverse")
    assert found["groups:pair"] == "diverse"


def test_a_lost_member_may_be_the_device_in_which_the_ways_without_a_gap_meet():
    """
    ::

        S ── n ── N (device D) ── u ── K    working of X; of Y, by cables of their own, likewise:
        S ── f ── N (device D) ── v ── K    both circuits run through D
        S ── g ┄? K                         protect of Y, of whose cable no span is recorded
    """
    plan = PlantBuilder().site("S").office("K").office("N", "access", building_id="BN").office("Z")
    plan.device("D", "N", hot_standby=True)
    for name in ("n", "f"):
        plan.way(name, f"S {name}1 N", to_id="D")
    for name in ("u", "v"):
        plan.way(name, f"N {name}1 K", from_id="D")
    plan.cable("g", "S", "K", "").link("g", "S", "K", ["g"])
    plan.circuit("X", "S", "K", "n u", group_id="pair", protection="none")
    plan.circuit("Y", "S", "K", "f v", "g", group_id="pair", protection="path")
    assert plan.copy().audit().verdicts[2].plant_diverse is True
    pair = plan.risk("G", "offices:Z", LOST).audit().verdicts[2]
    assert (pair.level, pair.plant_diverse) == (Level.UNDECIDABLE, None)
    assert accepted(plan)["groups:pair"] == "undecidable"


def test_the_checker_refuses_a_diverse_pair_that_overlooks_the_gap(gap):
    """The certificates are those of the inventory without the row that names nothing."""
    plan = gap.risk("G", "spans:f-1")
    after = plan.copy().add("risk_members", risk_id="G", table="spans", element_id="gone")
    audit = plan.audit()
    checker = Certificates(after.inventory(), asdict(audit.rules))
    for number, line in enumerate(certify(audit, find_achievable(audit, seconds=0)), start=1):
        checker.take(number, json.dumps(as_plain(line)))
    assert checker.proven.levels.get(("recorded", "circuits:X", "S")) != "diverse"
    assert any("the rows prove undecidable" in str(reason) for reason in checker.refused)


# Every possible completion ----------------------------------------------------------------------


def draw_gaps(seed):
    """Two circuits over links with one leg or two, one route with a gap, and a lost member.

    ::

        S ══ L ══ K    over two of the cables a, b, c, d, which run apart, or one
        S ══ M ══ K    over two others or one, or the same; S and K may stand in one building
        S ── g ┄? K    no span is recorded; the routes of X, and maybe Y, are drawn of the three
    """
    draw, plan = random.Random(seed), PlantBuilder()
    house = draw.choice([None, None, None, "H"])
    plan.site("S", building_id=house).office("K", building_id=house).office("Z")
    for name in "abcd":
        plan.way(name, f"S {name}1 K", draw.choice([20.0, 500.0]))
    for link in "LM":
        legs = draw.sample("abcd", draw.choice([1, 2, 2]))
        plan.link(link, "S", "K", legs[0], protect="".join(legs[1:]))
    plan.cable("g", "S", "K", "").link("g", "S", "K", ["g"])
    plan.circuit("X", "S", "K", draw.choice("LM"), "g", protection="path", group_id="pair")
    for way in draw.choice([[], ["L"], ["L", "M"], ["M", "g"]]):
        role = "protect" if any(c["id"] == "Y" for c in plan.rows["circuits"]) else "working"
        if role == "working":
            plan.circuit("Y", "S", "K", protection="none", group_id="pair")
        plan.route("Y", role, way)
    every = [(t, row["id"]) for t in TABLES for row in plan.rows.get(t, ())]
    plan.risk("G", *(":".join(each) for each in draw.sample(every, draw.choice([1, 1, 2]))), LOST)
    links = [(way, ("links", link)) for way in "abcd" for link in "LM"]
    return plan, links + draw.sample([(way, lost) for way in "abcd" for lost in every], 12)


def filled(plan, way, lost):
    """Fill the gap with the spans of a way, and let the lost member be some element."""
    done = plan.copy()
    for seq in (1, 2):
        done.add("cable_spans", cable_id="g", seq=seq, span_id=f"{way}-{seq}")
    done.rows["risk_members"][-1].update(table=lost[0], element_id=lost[1])
    return done


@given(st.integers(0, 10_000))
@settings(max_examples=8, deadline=None, derandomize=True)
def test_whatever_the_gap_and_the_lost_row_hold_nothing_called_diverse_turns_out_not_to_be(seed):
    plan, fills = draw_gaps(seed)
    passing = [v.unit for v in plan.audit().verdicts if v.level in PASSING]
    for way, lost in fills if passing else ():
        levels = [v.level for v in filled(plan, way, lost).audit().verdicts]
        assert all(levels[unit] in PASSING for unit in passing), (way, lost)


@pytest.mark.parametrize("seed", range(8))
def test_the_checker_accepts_what_is_said_beside_gaps(seed):
    plan, _ = draw_gaps(seed)
    audit, found = plan.audit(), accepted(plan)
    for verdict in audit.verdicts:
        circuits = audit.network.circuits.ids[list(verdict.circuits)].tolist()
        name = f"circuits:{circuits[0]}" if verdict.unit < 2 else f"groups:{verdict.name}"
        assert found[name] == verdict.level.value
