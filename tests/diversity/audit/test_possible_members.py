"""What may belong to a risk group, or may not: no verdict rests on its keeping clear of it."""

from __future__ import annotations

from itertools import product

import pytest
from builders import PlantBuilder
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_plants import draw_plant

from netgraph.diversity.achievable.find import find_achievable
from netgraph.diversity.levels import PASSING, RANK, Level


@pytest.fixture
def two_ways():
    """A site with two routes that share nothing.

    ::

        S ── n1 ── K      working, cable n
        S ── s1 ── K      protect, cable s
    """
    plan = PlantBuilder()
    plan.site("S").office("K", building_id="BK")
    plan.way("n", "S n1 K").way("s", "S s1 K")
    return plan.circuit("X", "S", "K", "n", "s")


def may_belong(plan, group, *members, kind="flood"):
    """Record members of a group; those with a question mark may belong to it or may not."""
    plan.add("risk_groups", id=group, kind=kind)
    for member in members:
        table, element = member.rstrip("?").split(":")
        membership = "possible" if member.endswith("?") else "certain"
        plan.add(
            "risk_members", risk_id=group, table=table, element_id=element, membership=membership
        )
    return plan


@pytest.mark.parametrize("members", [
    ("spans:n-1", "spans:s-1?"), ("spans:n-1?", "spans:s-1?"), ("structures:n1?", "spans:s-2"),
])  # fmt: skip
def test_routes_that_may_meet_in_a_group_are_undecidable(two_ways, members):
    verdict = may_belong(two_ways, "G", *members).verdict("X")
    assert verdict.level is Level.UNDECIDABLE
    assert verdict.plant_diverse is None
    assert verdict.physical_diverse is None
    assert verdict.logical_diverse is True
    assert verdict.shared == ()
    assert not verdict.is_complete
    assert {name.rpartition(" ")[2] for name in verdict.missing} == {"(G)"}


def test_a_group_that_one_route_cannot_touch_leaves_the_pair_diverse(two_ways):
    verdict = may_belong(two_ways, "G", "spans:n-1", "spans:n-2?").verdict("X")
    assert verdict.level is Level.DIVERSE
    assert verdict.missing == ()


def test_members_for_certain_outweigh_rows_that_leave_it_open(two_ways):
    plan = may_belong(two_ways, "G", "spans:n-1", "spans:s-1?", "spans:s-1")
    assert plan.verdict("X").level is Level.SAME_RISK_GROUP


def test_what_is_proven_stands_whatever_else_may_be(two_ways):
    plan = may_belong(two_ways, "G", "spans:n-1?", "spans:s-1?").risk("P", "spans:n-1", "spans:s-2")
    verdict = plan.verdict("X")
    assert verdict.level is Level.SAME_RISK_GROUP
    assert verdict.is_complete, "no level is worse than the one that is proven"


def test_a_record_that_would_settle_it_is_named(two_ways):
    verdict = may_belong(two_ways, "G", "spans:n-1", "spans:s-1?").verdict("X")
    assert verdict.missing == ("geometry of span s-1 (G)",)


def _with(plan, rows, truth):
    """Settle the rows that are open: they belong to their group, or are left out."""
    settled = plan.copy()
    settled.rows["risk_members"] = [
        row for row in settled.rows.get("risk_members", ()) if row not in rows
    ] + [{**row, "membership": ""} for row, is_in in zip(rows, truth, strict=True) if is_in]
    return settled


@given(seed=st.integers(0, 10_000), draw=st.data())
@settings(max_examples=12, deadline=None, derandomize=True)
def test_a_verdict_holds_whatever_turns_out_to_be_true(seed, draw):
    """Against every way in which the open rows of a random plant may turn out."""
    plan = draw_plant(seed)
    spans = [f"spans:{row['id']}" for row in plan.rows["spans"]]
    assume(len(spans) >= 4)
    sure = draw.draw(st.lists(st.sampled_from(spans), max_size=3, unique=True))
    maybe = draw.draw(st.lists(st.sampled_from(spans), min_size=1, max_size=3, unique=True))
    may_belong(plan, "maybe", *sure, *(f"{m}?" for m in maybe if m not in sure))
    rows = [row for row in plan.rows["risk_members"] if row.get("membership") == "possible"]
    audit = plan.audit()
    truths = [
        _with(plan, rows, truth).audit() for truth in product((True, False), repeat=len(rows))
    ]
    for number, verdict in enumerate(audit.verdicts):
        told = [truth.verdicts[number] for truth in truths]
        best = max(RANK[t.level] for t in told)
        assert verdict.level not in PASSING or {t.level for t in told} == {verdict.level}
        assert verdict.plant_diverse in {None, *(t.plant_diverse for t in told)}
        if verdict.level is not Level.UNDECIDABLE:
            assert RANK[verdict.level] >= best, "what is proven is proven in every case"
        elif all(t.level is not Level.UNDECIDABLE for t in told):
            assert len({t.level for t in told}) > 1, "it makes a difference"
    _check_searched(audit, truths)


def _check_searched(audit, truths):
    found = find_achievable(audit, seconds=0)
    told = [find_achievable(truth, seconds=0) for truth in truths]
    for place, answer in found.by_place.items():
        for layer in ("cables", "spans"):
            level = getattr(answer, layer).level
            levels = {getattr(each.by_place[place], layer).level for each in told}
            if level in PASSING:
                assert levels == {level}
            elif level != Level.UNDECIDABLE:
                assert not levels & {*PASSING}, "no record that may come opens a diverse pair"


def test_a_search_prefers_what_shares_nothing_for_certain(two_ways):
    """A third way that nothing may meet makes the site achievable after all."""
    plan = may_belong(two_ways, "G", "spans:n-1", "spans:s-1?")
    audit = plan.audit()
    place = int(audit.network.circuits.a[0])
    answer = find_achievable(audit, seconds=0).by_place[place].spans
    assert (answer.level, answer.shared, answer.unavoidable) == ("undecidable", (), ())
    assert len(answer.possible) == 1

    audit = plan.way("m", "S m1 K").audit()
    answer = find_achievable(audit, seconds=0).by_place[place].spans
    assert (answer.level, answer.possible) == ("diverse", ())


def test_a_search_never_takes_a_proven_fault_for_two_open_questions(two_ways):
    """Sharing one group for certain is worse than what may be shared, however much that is."""
    plan = two_ways
    plan.way("m", "S m1 K").way("o", "S o1 K")
    plan.risk("sure", "spans:n-1", "spans:s-1")
    # Every other pair may meet in two groups: one of three routes, and one of its own.
    for number, ways in enumerate(("n m o", "s m o", "n m", "n o", "s m", "s o")):
        may_belong(plan, f"g{number}", *(f"spans:{way}-1?" for way in ways.split()))
    audit = plan.audit()
    answer = find_achievable(audit, seconds=0).by_place[int(audit.network.circuits.a[0])].spans
    assert answer.level == "undecidable"
    assert answer.shared == ()
