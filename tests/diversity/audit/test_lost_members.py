"""Rows of `risk_members` that name nothing: what is lost may lie on the other route."""

from __future__ import annotations

import itertools
import json
import random
from dataclasses import asdict

import numpy as np
import pytest
from adversarial_plants import draw_adversary
from builders import PlantBuilder, element_ids
from hypothesis import given, settings
from hypothesis import strategies as st
from random_plants import draw_plant

from netgraph.diversity.achievable.find import find_achievable
from netgraph.diversity.audit.record_names import name_record
from netgraph.diversity.availability import find_availability, load_rates
from netgraph.diversity.certificates import as_plain, certify
from netgraph.diversity.levels import PASSING, RANK, Level, Section
from netgraph.verify.run import Certificates

LOST = "spans:gone"
OPEN = ("undecidable", "unproven")
TABLES = ("spans", "structures", "cables", "links", "equipment", "offices")


@pytest.fixture
def two_ways():
    """A site with two routes that share nothing, and a longer third way; K is the centre.

    ::

        S ── n1 ── K             working, cable n
        S ── s1 ── K             protect, cable s
        S ── f1 ── f2 ── K       in use by nobody, cable f
    """
    plan = PlantBuilder().site("S").office("K")
    plan.way("n", "S n1 K").way("s", "S s1 K").way("f", "S f1 f2 K")
    return plan.circuit("X", "S", "K", "n", "s", protection="path")


@pytest.mark.parametrize("member", [
    "spans:n-1", "structures:s1", "cables:n", "links:s", "spans:s-2",
])  # fmt: skip
def test_a_group_with_a_lost_member_on_one_route_leaves_the_pair_open(two_ways, member):
    verdict = two_ways.risk("G", member, LOST).verdict()
    assert verdict.level is Level.UNDECIDABLE
    assert verdict.plant_diverse is None
    assert verdict.physical_diverse is None
    assert verdict.logical_diverse is True
    assert verdict.shared == ()
    assert not verdict.is_complete
    assert verdict.missing == ("member spans:gone of risk group G",)
    assert name_record(verdict.missing[0], "zh") == "风险组 G 的成员 spans:gone (risk_members)"


def test_every_section_is_open_for_nobody_knows_where_the_lost_member_is():
    """
    ::

        S ── n1 ── N ── K      access, uplink
        S ── s1 ──────  K      access
    """
    plan = PlantBuilder().site("S").office("K").office("N", "access")
    plan.way("n", "S n1 N").way("u", "N K").way("s", "S s1 K")
    plan.circuit("X", "S", "K", "n u", "s", protection="path")
    known = plan.copy().verdict()
    assert set(known.section_plant.values()) == {True}
    verdict = plan.risk("G", "spans:n-1", LOST).verdict()
    assert verdict.section_plant.keys() == known.section_plant.keys()
    assert set(verdict.section_plant.values()) == {None}
    assert verdict.section_levels[Section.UPLINK] is Level.UNDECIDABLE


@pytest.mark.parametrize("members", [
    (LOST,), (LOST, LOST), ("spans:f-1", LOST), ("offices:K", LOST), ("sites:S", LOST),
    ("systems:gone", "spans:f-1"),
])  # fmt: skip
def test_a_group_that_no_route_is_known_to_touch_leaves_the_pair_diverse(two_ways, members):
    """Nor does one that holds nothing of the routes but their own ends."""
    verdict = two_ways.risk("G", *members).verdict()
    assert verdict.level is Level.DIVERSE
    assert verdict.missing == ()


@pytest.mark.parametrize("group", ["G", "no such group"])
def test_two_lost_members_of_one_group_may_lie_on_any_two_routes_one_on_each(two_ways, group):
    """Nobody says where: no pair is sure until a row is put right, recorded or achievable."""
    plan = two_ways.risk(group, LOST, "structures:gone")
    if group != "G":
        plan.rows["risk_groups"].clear()
    verdict = plan.verdict()
    assert (verdict.level, verdict.plant_diverse) == (Level.UNDECIDABLE, None)
    assert verdict.missing == tuple(
        f"member {name} of risk group {group}" for name in (LOST, "structures:gone")
    )
    assert levels_of_s(plan) == {"cables": "undecidable", "spans": "undecidable"}
    found = accepted(plan)
    assert found["recorded", "circuits:X", "S"] == "undecidable"
    assert found["cables", "sites:S", "S", "K"] == "undecidable"

    plan.rows["risk_members"].pop()
    assert plan.verdict().level is Level.DIVERSE
    assert set(levels_of_s(plan).values()) == {"diverse"}


def test_two_lost_members_of_two_groups_leave_the_pair_diverse(two_ways):
    plan = two_ways.risk("G", LOST).risk("H", "structures:gone")
    assert plan.verdict().level is Level.DIVERSE
    assert set(levels_of_s(plan).values()) == {"diverse"}


def test_what_is_shared_anyway_stays_the_fault_whoever_is_lost_besides(two_ways):
    plan = two_ways.risk("G", LOST, "structures:gone").risk("H", "spans:n-1", "spans:s-1")
    verdict = plan.verdict()
    assert (verdict.level, verdict.is_complete) == (Level.SAME_RISK_GROUP, False)
    assert accepted(plan)["recorded", "circuits:X", "S"] == "same_risk_group"


def test_a_group_on_both_routes_is_shared_whatever_is_lost(two_ways):
    verdict = two_ways.risk("G", "spans:n-1", "spans:s-1", LOST).verdict()
    assert verdict.level is Level.SAME_RISK_GROUP
    assert verdict.plant_diverse is False


def test_a_single_route_has_nothing_to_share_with(two_ways):
    two_ways.rows["circuit_links"] = two_ways.rows["circuit_links"][:1]
    two_ways.change("circuits", "X", protection="none")
    verdict = two_ways.risk("G", "spans:n-1", LOST).verdict()
    assert verdict.level is Level.SINGLE_ROUTE
    assert verdict.missing == ()


def test_a_member_by_its_system_is_not_lost_but_a_system_that_is_not_there_is(two_ways):
    plan = two_ways.add("systems", id="Y", kind="linear").change("links", "n", system_id="Y")
    assert plan.copy().risk("G", "systems:Y").verdict().level is Level.DIVERSE
    verdict = plan.risk("G", "systems:Y", "systems:Z").verdict()
    assert verdict.missing == ("member systems:Z of risk group G",)


def test_what_only_may_belong_to_a_group_may_share_it_with_a_lost_member(two_ways):
    plan = two_ways.risk("G", LOST)
    row = {"risk_id": "G", "table": "spans", "element_id": "n-1", "membership": "possible"}
    assert plan.add("risk_members", **row).verdict().level is Level.UNDECIDABLE


def test_a_row_about_a_group_that_is_not_there_leaves_its_element_open(two_ways):
    two_ways.add("risk_members", risk_id="G9", table="spans", element_id="n-1")
    verdict = two_ways.verdict()
    assert verdict.level is Level.UNDECIDABLE
    assert verdict.missing == ("risk group G9 of spans:n-1",)
    assert name_record(verdict.missing[0], "zh") == "spans:n-1 所属的风险组 G9 (risk_groups)"


@pytest.mark.parametrize(("thing", "member", "chinese"), [
    ("links:n", "systems:Y", "links:n 所属的系统 gone (systems)"),
    ("equipment:D", "systems:Y", "equipment:D 所属的系统 gone (systems)"),
    ("equipment:D", "rooms:R", "equipment:D 所在的机房 gone (rooms)"),
])  # fmt: skip
def test_what_stands_in_a_system_or_room_that_is_not_there_may_belong_to_its_groups(
    thing, member, chinese
):
    """
    ::

        S ── n ── N (device D) ── u ── K        working
        S ── s1 ────────────────────── K        protect
    """
    plan = PlantBuilder().site("S").office("K").office("N", "access").office("Z")
    plan.device("D", "N").way("n", "S N").way("u", "N K").way("s", "S s1 K")
    plan.change("links", "n", to_id="D").change("links", "u", from_id="D")
    plan.circuit("X", "S", "K", "n u", "s", protection="path")
    plan.add("systems", id="Y", kind="linear").add("rooms", id="R", location_id="N")
    kind = member.partition("s:")[0]
    plan.rows[thing.partition(":")[0]][0][f"{kind}_id"] = "gone"
    assert plan.copy().risk("F", "offices:Z").verdict().level is Level.DIVERSE
    plan.risk("G", member, "spans:s-1")
    verdict = plan.verdict()
    assert verdict.level is Level.UNDECIDABLE
    assert verdict.missing == (f"{kind} gone of {thing}",)
    assert name_record(verdict.missing[0], "zh") == chinese
    assert accepted(plan)["recorded", "circuits:X", "S"] == "undecidable"


def test_one_of_two_legs_is_enough(two_ways):
    """Link L has two legs, over cables n and f: the lost member may be on the other leg and s."""
    two_ways.link("L", "S", "K", "n", protect="f")
    two_ways.rows["circuit_links"][0]["link_id"] = "L"
    assert two_ways.copy().verdict().level is Level.DIVERSE
    assert two_ways.risk("G", "spans:f-2", LOST).verdict().level is Level.UNDECIDABLE


def test_expected_outages_are_left_empty_where_a_group_may_be_shared(two_ways):
    """Two circuits that back each other up, each with one route: only together may they share."""
    two_ways.rows["circuits"], two_ways.rows["circuit_links"] = [], []
    for name, link in (("X", "n"), ("Y", "s")):
        two_ways.circuit(name, "S", "K", link, protection="none", group_id="pair")
    audit = two_ways.risk("G", "spans:n-1", LOST).audit()
    found = find_availability(audit, load_rates())
    assert np.isfinite(found.units.minutes_year).tolist() == [True, True, False]
    assert found.sites.missing == {0: ("member spans:gone of risk group G",)}


def answers_of(plan, audit=None):
    return {
        (name, place, answer.b_ends, answer.parted): answer
        for name, of_sites in find_achievable(audit or plan.audit(), seconds=0).answers.items()
        for place, answers in of_sites.items()
        for answer in answers
    }


def levels_of_s(plan):
    return {name: answer.level for (name, *_), answer in answers_of(plan).items()}


def test_a_search_keeps_clear_of_a_group_with_a_lost_member_where_it_can(two_ways):
    found = answers_of(two_ways.risk("G", "spans:n-1", LOST))
    assert {answer.level for answer in found.values()} == {"diverse"}
    assert {answer.total_m for answer in found.values()} == {2500.0}  # by s and f
    assert not any(answer.is_shortest for answer in found.values())


def test_a_search_says_undecidable_where_every_diverse_pair_touches_one(two_ways):
    plan = two_ways.risk("G", "spans:n-1", LOST).risk("H", "structures:f1", LOST)
    assert levels_of_s(plan) == {"cables": "undecidable", "spans": "undecidable"}
    plan.risk("F", "spans:s-1", "spans:n-2", "spans:f-2")  # all ways share this one
    assert levels_of_s(plan) == {"cables": "same_risk_group", "spans": "same_risk_group"}


def accepted(plan):
    """Verdicts that the checker accepts for an audit and the searches; none is refused."""
    audit = plan.audit()
    checker = Certificates(plan.inventory(), asdict(audit.rules))
    for number, line in enumerate(certify(audit, find_achievable(audit, seconds=0)), start=1):
        checker.take(number, json.dumps(as_plain(line)))
    assert checker.refused == []
    return checker.proven.levels


def test_the_checker_agrees(two_ways):
    found = accepted(two_ways.copy().risk("G", "spans:n-1", LOST))
    assert found["recorded", "circuits:X", "S"] == "undecidable"
    assert found["cables", "sites:S", "S", "K"] == "diverse"
    found = accepted(two_ways.risk("G", "spans:n-1", LOST).risk("H", "structures:f1", LOST))
    assert found["cables", "sites:S", "S", "K"] == "undecidable"
    assert found["spans", "sites:S", "S", "K"] == "undecidable"


@pytest.mark.parametrize("question", ["recorded", "cables", "spans"])
def test_the_checker_refuses_a_diverse_pair_that_overlooks_two_lost_members(two_ways, question):
    plan = two_ways.risk("G", LOST)
    after = plan.copy().add("risk_members", risk_id="G", table="cables", element_id="gone")
    (reason,) = refused_of_another(plan, after, question)
    assert "the rows prove undecidable" in reason


@pytest.mark.parametrize("question", ["recorded", "cables", "spans"])
def test_the_checker_refuses_a_diverse_pair_that_overlooks_the_lost_member(two_ways, question):
    """The certificates are those of the inventory without the row that names nothing."""
    plan = two_ways.risk("G", "spans:n-1", "spans:f-1")
    after = plan.copy().add("risk_members", risk_id="G", table="spans", element_id="gone")
    (reason,) = refused_of_another(plan, after, question)
    assert "the rows prove undecidable" in reason


def test_the_checker_refuses_a_diverse_pair_that_overlooks_a_group_on_both_legs(two_ways):
    """Link L has two legs, over cables n and f; without f-2 in the group one leg stands."""
    plan = two_ways.link("L", "S", "K", "n", protect="f").risk("G", "spans:n-1", "spans:s-1")
    plan.rows["circuit_links"][0]["link_id"] = "L"
    after = plan.copy().add("risk_members", risk_id="G", table="spans", element_id="f-2")
    (reason,) = refused_of_another(plan, after, "recorded")
    assert "they share ['risk_groups:G']" in reason


def refused_of_another(plan, after, question):
    """Hold the verdicts of one inventory to the rows and ways of another; none says diverse."""
    audits = after.audit(), plan.audit()
    there, here = (
        [as_plain(c) for c in certify(audit, find_achievable(audit, seconds=0))] for audit in audits
    )
    mine = [line for line in there if line["kind"] == "way"]
    mine += [line for line in here if line.get("question") == question]
    assert "diverse" in {line.get("verdict") for line in mine}
    checker = Certificates(after.inventory(), asdict(audits[0].rules))
    for number, line in enumerate(mine, start=1):
        checker.take(number, json.dumps(line))
    assert "diverse" not in checker.proven.levels.values()
    return [str(reason) for reason in checker.refused]


# Every possible completion ----------------------------------------------------------------------


def completions(plan, lost):
    """The same inventory with the lost row about each element that there is, one after another."""
    for table in TABLES:
        for row in plan.rows.get(table, ()):
            done = plan.copy()
            done.rows["risk_members"][lost].update(table=table, element_id=row["id"])
            yield done


@given(
    stops=st.tuples(st.integers(1, 2), st.integers(1, 2)),
    known=st.lists(st.integers(0, 30), min_size=0, max_size=3),
)
@settings(max_examples=8, deadline=None)
def test_a_pair_is_diverse_exactly_if_it_is_with_every_completion(stops, known):
    """
    ::

        S ── n1 (── n2) ── K      and some of all that there is in group G
        S ── s1 (── s2) ── K
    """
    plan = PlantBuilder().site("S").office("K")
    for name, count in zip("ns", stops, strict=True):
        plan.way(name, " ".join(["S", *(f"{name}{i + 1}" for i in range(count)), "K"]))
    plan.circuit("X", "S", "K", "n", "s", protection="path")
    every = [(t, row["id"]) for t in TABLES for row in plan.rows.get(t, ())]
    plan.risk("G", *(":".join(every[k % len(every)]) for k in known), LOST)

    levels = {done.verdict().level for done in completions(plan, -1)}
    verdict = plan.verdict()
    assert (verdict.level is Level.DIVERSE) == (levels == {Level.DIVERSE})
    if verdict.level is not Level.UNDECIDABLE:
        assert RANK[verdict.level] == max(map(RANK.__getitem__, levels))


def with_a_lost_member(seed):
    """A drawn inventory of which one member of a group is lost, and some of its completions."""
    draw = random.Random(seed)
    plan = (draw_plant if seed % 2 else draw_adversary)(seed)
    every = [(t, row["id"]) for t in TABLES for row in plan.rows.get(t, ())]
    plan.risk("LG", *(":".join(some) for some in draw.sample(every, 2)), LOST)
    for table, element in draw.sample(every, 4):
        done = plan.copy()
        done.rows["risk_members"][-1].update(table=table, element_id=element)
        yield done if table else plan
    yield plan


@given(st.integers(0, 10_000))
@settings(max_examples=6, deadline=None)
def test_no_completion_breaks_what_is_called_diverse(seed):
    """Circuits and groups as recorded, and the best pairs on cables and spans.

    But for a lost member that both routes pass within the entry tolerance: what is forgiven there
    may belong to any group.
    """
    *done, plan = with_a_lost_member(seed)
    audit = plan.audit()
    passing = [v for v in audit.verdicts if v.level in PASSING]
    best = {about: a for about, a in answers_of(plan, audit).items() if a.level == "diverse"}
    for each in done:
        completed, element = each.audit(), each.rows["risk_members"][-1]["element_id"]
        for verdict in passing:
            is_forgiven = element in element_ids(audit, verdict.tolerated)
            assert is_forgiven or completed.verdicts[verdict.unit].level in PASSING
        found = answers_of(each, completed) if best else {}
        for about, answer in best.items():
            is_forgiven = element in element_ids(audit, answer.tolerated)
            # A search may end, or meet another record that lacks, before it finds the same pair.
            assert is_forgiven or found[about].level in {"diverse", *OPEN}, about


@pytest.mark.parametrize("seed", range(1, 9))
def test_the_checker_accepts_what_is_said_of_drawn_inventories(seed):
    *_, plan = with_a_lost_member(seed)
    verdicts = accepted(plan)
    audit = plan.audit()
    for circuit, verdict in zip(audit.network.circuits.ids, audit.verdicts, strict=False):
        known = [level for about, level in verdicts.items() if about[1] == f"circuits:{circuit}"]
        assert known == [verdict.level.value]


def draw_two_lost(seed):
    """Two rows of one group or of two that are lost, in a plant of three or four ways.

    ::

        S ── a1 ── K       G holds up to two of all that there is, and an element that is not there;
        S ── b1 ── K       it or group F another one
        S ── c1 ── K
             ╰── d, where there is one, runs from a point of one way to K
    """
    draw, plan = random.Random(seed), PlantBuilder().site("S").office("K")
    for name in "abc":
        plan.way(name, f"S {name}1 K", draw.choice([20.0, 500.0]))
    if draw.random() < 0.5:
        plan.way("d", f"{draw.choice('abc')}1 K")
    two = draw.sample("abc", 2)
    plan.circuit("X", "S", "K", *two, protection="path")
    every = [(t, row["id"]) for t in TABLES for row in plan.rows.get(t, ())]
    known = [":".join(some) for some in draw.sample(every, draw.choice([0, 0, 1, 2]))]
    plan.risk("H", *(":".join(some) for some in draw.sample(every, 2)))
    plan.risk("F").risk("G", *known, LOST)
    plan.add("risk_members", risk_id=draw.choice("FG"), table="structures", element_id="gone")
    return plan, draw.sample(list(itertools.combinations([*every, None], 2)), 30)


@given(st.integers(0, 10_000))
@settings(max_examples=5, deadline=None, derandomize=True)
def test_whatever_two_lost_rows_are_put_back_as_no_answer_called_diverse_turns_out_not_to_be(seed):
    """Both rows, or one of them, with elements that there are: as recorded, and searched."""
    plan, put_back = draw_two_lost(seed)
    is_diverse = plan.verdict().level in PASSING
    best = {about for about, answer in answers_of(plan).items() if answer.level == "diverse"}
    for number, both in enumerate(put_back):
        done = plan.copy()
        for row, known in zip(done.rows["risk_members"][-2:], both, strict=True):
            if known is not None:
                row.update(table=known[0], element_id=known[1])
        audit = done.audit()
        assert not is_diverse or audit.of_circuit(0).level in PASSING, both
        if best and number % 10 == 0:
            found = answers_of(done, audit)
            assert all(found[about].level in {"diverse", *OPEN} for about in best), both


def test_two_lost_rows_of_a_group_may_be_one_of_each_route():
    """The completions that count are among those that are tried: each row on another route."""
    plan, _ = draw_two_lost(1)
    for row in plan.rows["risk_members"][-2:]:
        row["risk_id"] = "G"
    one, other = (f"{row['link_id']}-1" for row in plan.rows["circuit_links"])
    assert plan.verdict().level not in PASSING
    for row, span in zip(plan.rows["risk_members"][-2:], (one, other), strict=True):
        row.update(table="spans", element_id=span)
    assert plan.verdict().level is Level.SAME_RISK_GROUP
