"""What is predicted of works is what an assessment of the changed inventory gives, kind by kind."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from commands import BANK
from workshop import PRICES, workshop

import netgraph as ng
from netgraph.assessment.planning.check import find_mismatches, reassess
from netgraph.datasets import example_columns
from netgraph.errors import UsageError
from netgraph.inventory import read_inventory, write_inventory
from netgraph.upgrades.action import LINE_KINDS, Kind, Reason, Survey
from netgraph.upgrades.apply import apply_actions
from netgraph.upgrades.prices import load_prices

OPTIONS = ng.Options(search_seconds=0)


def _plan(inventory, **more):
    options = {"prices": PRICES, "assessment": OPTIONS, "frontier_points": 0, **more}
    return ng.plan_upgrades(inventory, ng.UpgradeOptions(**options))


@pytest.fixture(scope="module")
def small():
    """The plan for the workshop, without a budget."""
    return _plan(workshop().inventory())


@pytest.fixture(scope="module")
def twin_ring():
    """The plan for the drawn example; the cable of S5 is recorded without its spans."""
    return _plan(ng.from_columns(example_columns("twin_ring")), new_plant=False, re_homing=False)


@pytest.fixture(scope="module")
def bank():
    """The plan for the committed bank on today's plant; it takes some seconds."""
    return _plan(read_inventory(BANK), new_plant=False, budget_yuan=3_000_000.0)


def test_the_workshop_calls_for_every_kind_of_work(small):
    assert {action.kind for action in small.proposed.actions} == set(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_one_work_of_each_kind_does_exactly_what_is_predicted(small, kind):
    numbers = [n for n, a in enumerate(small.proposed.actions) if a.kind is kind]
    for number in numbers:
        chosen = small.model.closure([number])
        after = reassess(small.before, [small.proposed.actions[n] for n in sorted(chosen)])

        assert find_mismatches(small.model, chosen, after) == []
        assert _promised_outages(small, number) == pytest.approx(
            _found_outages(small, number, after)
        )


@pytest.mark.parametrize("seed", range(12))
def test_bundles_do_exactly_what_is_predicted(small, seed):
    chosen = _random_choice(small.model, random.Random(seed), 6)

    after = reassess(small.before, [small.proposed.actions[n] for n in sorted(chosen)])

    assert find_mismatches(small.model, chosen, after) == []


def test_works_on_the_line_give_the_levels_that_they_promise(small):
    by_site = small.sites.set_index("site_id")

    assert set(by_site["level_before"]) == {"single_route"}
    assert set(by_site["level_after"]) == {"diverse"}
    kinds = {s: a.kind for a in small.chosen for s in a.routed_sites}
    assert kinds == {
        "S1": Kind.RE_PATCH, "S2": Kind.NEW_CABLE, "S3": Kind.NEW_PLANT,
        "S4": Kind.SECOND_ENTRANCE, "S5": Kind.RE_HOME,
    }  # fmt: skip


def test_dearer_kinds_are_proposed_only_where_cheaper_ones_cannot_reach_the_requirement(small):
    reasons = {
        site: [(a.kind, a.reason) for a in small.proposed.actions if site in a.routed_sites]
        for site in ("S1", "S2", "S3", "S4", "S5")
    }
    re_patch = (Kind.RE_PATCH, Reason.CHEAPEST)
    new_cable = (Kind.NEW_CABLE, Reason.NOT_BY_RE_PATCHING)
    assert reasons == {
        "S1": [re_patch],
        "S2": [re_patch, new_cable],  # the first brings less than is required
        "S3": [re_patch, new_cable, (Kind.NEW_PLANT, Reason.NOT_IN_EXISTING_SPANS)],
        "S4": [re_patch, new_cable, (Kind.SECOND_ENTRANCE, Reason.NOT_BY_CORRIDORS)],
        "S5": [re_patch, new_cable, (Kind.RE_HOME, Reason.NOT_BY_NEW_PLANT)],
    }
    management = [a for a in small.proposed.actions if a.title == "P1"]
    assert [a.kind for a in management] == [Kind.ADD_MANAGEMENT]


def test_every_work_names_the_rows_that_ask_for_it(small, twin_ring):
    for plan in (small, twin_ring):
        asked = {action.id: set(action.evidence) for action in plan.proposed.actions}
        assert all(asked.values())
        for action in plan.proposed.actions:
            for needed in action.requires:
                assert asked[action.id] <= asked[needed]
    assert any(action.reason is Reason.SHARED_SECTION for action in twin_ring.proposed.actions)


def test_a_site_that_stays_undecidable_is_listed_with_the_reason(twin_ring):
    site = twin_ring.sites.set_index("site_id").loc["S5"]

    assert site["level_after"] == "undecidable"
    assert site["why_not"] == "not_decided"


@pytest.mark.parametrize("missing", ["duct", "cable_in_duct", "patching"])
def test_new_plant_without_a_price_is_listed_without_a_cost_and_its_sites_say_so(missing):
    """Its ways are found by assumed prices: nobody is told that no build would help."""
    inventory = ng.from_columns(example_columns("twin_ring"))
    shipped = load_prices()
    yuan = {name: price for name, price in shipped.yuan.items() if name != missing}
    plan = _plan(inventory, prices=replace(shipped, yuan=yuan))
    priced = _plan(inventory, prices=shipped)

    works = {a.id: a for a in plan.proposed.actions if a.kind is Kind.NEW_PLANT}
    assert works
    assert set(works) == {a.id for a in priced.proposed.actions if a.kind is Kind.NEW_PLANT}
    assert {work.cost_yuan for work in works.values()} == {None}
    assert not set(works) & {a.id for a in plan.chosen}
    sites = plan.sites.set_index("site_id")
    assert set(sites.loc[["S3", "S5", "S6"], "why_not"]) == {"no_price"}
    assert not sites["bottlenecks"].any()
    assert plan.summary.missing_prices == (missing,)
    assert plan.summary.rings is None  # a sum without the unpriced ones would say nothing
    target = _plan(plan.before, prices=plan.options.prices, target="excellent")
    assert set(target.sites.set_index("site_id").loc[["S3", "S5", "S6"], "why_not"]) == {"no_price"}


def test_a_corridor_without_a_length_is_surveyed_first():
    doubts = []
    for length_m in (800.0, None):
        plan = workshop()
        plan.rows["corridors"][0]["length_m"] = length_m
        actions = _plan(plan.inventory()).proposed.actions
        doubts += [set(a.survey_reasons) for a in actions if a.kind is Kind.NEW_PLANT]
    measured, assumed = doubts
    assert assumed - measured == {Survey.LENGTH_ASSUMED}


def test_progress_is_told_site_by_site_and_ring_by_ring_while_works_are_drawn_up(small):
    told = []
    options = ng.UpgradeOptions(prices=PRICES, assessment=OPTIONS, frontier_points=0)
    plan = ng.plan_upgrades(small.before, options, progress=lambda *step: told.append(step))

    last = max(number for number, (stage, *_) in enumerate(told) if stage == "protect")
    drawn_up = [
        [tuple(counts) for stage, *counts in steps if stage == "propose"]
        for steps in (told[:last], told[last:])
    ]
    sites, rings = len(plan.sites), sum(len(ring.spans) > 0 for ring in plan.proposed.rings.works)
    assert drawn_up[0] == [(0, 1), *((done, sites) for done in range(sites))]
    assert drawn_up[1] == [(done, rings) for done in range(rings)]
    assert rings > 0


def test_what_rings_cost_is_told_with_all_their_cable_beside_a_bound_that_it_does_not_go_below(
    small,
):
    """S3 and S4, by new plant and by a second entrance; what is planned for S5 is not built."""
    rings = small.summary.rings

    works = [a for a in small.proposed.actions if {"S3", "S4"} & set(a.routed_sites)]
    built = [a for a in works if a.kind in {Kind.NEW_PLANT, Kind.SECOND_ENTRANCE}]
    assert (rings.works, rings.sites) == (2, 2)
    assert rings.cost_yuan >= sum(a.cost_yuan for a in built)
    assert 0 < rings.lower_bound_yuan <= rings.cost_yuan
    assert rings.lower_bound_yuan == pytest.approx(
        sum(p.cost_yuan for p in small.proposed.rings.proposals if p.sites != ("S5",)), rel=1e-5
    )
    assert rings.gap == pytest.approx(1 - rings.lower_bound_yuan / rings.cost_yuan)


def test_the_whole_assessment_of_the_written_inventory_agrees(small, tmp_path):
    folder = write_inventory(small.inventory, tmp_path / "upgraded")

    assessment = ng.assess(read_inventory(folder), OPTIONS)

    promised = small.sites.set_index("site_id")
    found = assessment.sites.set_index("site_id").loc[promised.index]
    assert (found["score"] - promised["score_after"]).abs().max() < 1e-9
    assert list(found["grade"]) == list(promised["grade_after"])
    assert [str(level) for level in found["recorded_level"]] == list(promised["level_after"])
    assert not [f for f in assessment.findings if f.severity == "error"]


def test_planning_again_after_the_works_finds_nothing_more_worth_doing(small):
    """Works on offices that only the new routes reach were proposed the first time."""
    again = _plan(small.inventory)

    assert again.choice.benefit == 0
    assert again.choice.chosen == frozenset()


def test_the_example_networks_are_predicted_exactly():
    plan = _plan(ng.from_columns(example_columns("twin_ring")))

    assert plan.mismatches == ()
    assert plan.choice.chosen


def test_the_bank_is_predicted_exactly(bank):
    assert bank.mismatches == ()
    assert bank.choice.is_proven
    assert bank.choice.cost <= 3_000_000
    assert bank.greedy_picks[-1].benefit <= bank.choice.benefit


def test_any_bundle_on_the_bank_is_predicted_exactly(bank):
    chosen = _random_choice(bank.model, random.Random(7), 250)

    after = reassess(bank.before, [bank.proposed.actions[n] for n in sorted(chosen)])

    assert find_mismatches(bank.model, chosen, after) == []


def test_a_bundle_that_cannot_be_done_is_refused_with_every_reason(small):
    rivals = [a.id for a in small.proposed.actions if a.routed_sites == ("S2",)]
    assert len(rivals) > 1

    with pytest.raises(UsageError, match="re-route the same site"):
        ng.choose_works(small, rivals)
    with pytest.raises(UsageError, match=r"no work 'W-x'"):
        ng.choose_works(small, ["W-x"])
    with pytest.raises(UsageError, match="0 or more"):
        ng.choose_within(small, -1.0)


def _promised_outages(plan, number):
    """Site to expected minutes and faults with one work, and what it requires, alone."""
    planned = {site.site_id for site in plan.model.sites}
    sites = [site for site in plan.proposed.actions[number].sites if site in planned]
    figures = zip(sites, plan.figures.works[number].outages_after, strict=True)
    return {(site, i): value for site, pair in figures for i, value in enumerate(pair)}


def _found_outages(plan, number, after):
    return {
        (site, i): (after.minutes_year, after.faults_month)[i][site]
        for site, i in _promised_outages(plan, number)
    }


def _random_choice(model, draw, most):
    chosen = frozenset()
    for number in draw.sample(range(len(model.costs)), min(most, len(model.costs))):
        wanted = model.closure([*chosen, number])
        if model.is_feasible(wanted):
            chosen = wanted
    return chosen


def test_applying_a_work_on_the_line_changes_only_what_it_names(small):
    action = next(a for a in small.proposed.actions if a.kind is Kind.RE_PATCH and a.routed_sites)
    assert action.kind in LINE_KINDS

    after = apply_actions(small.before.network.inventory, [action])

    before = small.before.network.inventory
    for name, table in before.tables.items():
        if name not in {"links", "link_cables", "circuit_links", "circuits", "cables"}:
            assert after.tables[name] is table
    assert len(after.table("links")) == len(before.table("links")) + 1
