"""The chosen works against all subsets, on models drawn at random."""

from __future__ import annotations

import math
import random
from itertools import chain, combinations

import pytest

from netgraph.errors import UsageError
from netgraph.upgrades.greedy import (
    chosen_within,
    greedy_within,
    pick_greedily,
    pick_without_and_within,
)
from netgraph.upgrades.model import AS_IS, Capacity, Configuration, Cure, PlanModel, SiteModel
from netgraph.upgrades.open_cures import OpenCures
from netgraph.upgrades.portfolio import PortfolioProgram

GRADES = (50, 70, 90)


def random_model(seed):
    """At most 10 actions (the last ones work on lines), 4 sites, shared cures and requirements."""
    draw = random.Random(seed)
    n, lines = draw.randint(1, 7), draw.randint(0, 3)
    size = n + lines
    costs = [float(draw.choice([0, 1, 2, 3, 5, 8])) for _ in range(size)]
    if draw.random() < 0.3:
        costs[draw.randrange(size)] = math.nan
    sites, rivals = [], []
    for number in range(draw.randint(1, 4)):
        here = draw.sample(range(n, size), draw.randint(0, lines))
        rivals.append(tuple(here))
        marks = draw.randint(10, 30)
        configurations = tuple(
            _configuration(draw, line, n, marks) for line in (AS_IS, *here)
        )  # fmt: skip
        sites.append(SiteModel(f"S{number}", float(draw.choice([1, 2, 4])), 100, configurations))
    requires = tuple(
        (draw.randrange(n),) if action >= n and draw.random() < 0.4 else ()
        for action in range(size)
    )
    capacities = ()
    if draw.random() < 0.4:
        uses = {a: draw.randint(1, 2) for a in draw.sample(range(size), draw.randint(1, size))}
        capacities = (Capacity("cables:F", float(draw.randint(0, 4)), uses),)
    return PlanModel(
        tuple(f"W{i}" for i in range(size)), tuple(costs), requires,
        tuple(group for group in rivals if len(group) > 1), capacities, tuple(sites), GRADES,
        grade_weight=draw.choice([0.0, 5.0]), point_weight=draw.choice([0.0, 1.0]),
        minute_weight=draw.choice([0.0, 0.1]),
    )  # fmt: skip


def _configuration(draw, line, n, marks):
    cures, open_marks = [], marks
    for number in range(draw.randint(0, 4)):
        points = draw.randint(1, 6)
        if points > open_marks:
            break
        open_marks -= points
        rows = tuple(
            tuple(draw.sample(range(n), draw.randint(1, min(2, n))))
            for _ in range(draw.randint(1, 2))
        )
        cures.append(Cure(f"I{number}", points, rows, draw.choice([0.0, 0.0, 7.0])))
    avoided = 0.0 if line == AS_IS else draw.choice([0.0, 30.0])
    return Configuration(line, draw.randint(0, open_marks), marks, tuple(cures), avoided)


def _subsets(model):
    every = range(len(model.costs))
    for chosen in chain.from_iterable(combinations(every, k) for k in range(len(every) + 1)):
        if model.is_feasible(set(chosen)):
            yield frozenset(chosen)


@pytest.mark.parametrize("seed", range(60))
def test_the_choice_equals_the_best_of_all_subsets(seed):
    model = random_model(seed)
    subsets = list(_subsets(model))
    program = PortfolioProgram(model)
    for budget in (0.0, 3.0, 7.0, math.inf):
        best = max(model.benefit(c) for c in subsets if model.cost(c) <= budget)
        least = min(
            model.cost(c) for c in subsets
            if model.cost(c) <= budget and model.benefit(c) >= best - 1e-6
        )  # fmt: skip

        found = program.best_within(budget)

        assert model.is_feasible(found.chosen)
        assert found.cost <= budget
        assert found.benefit == pytest.approx(best, abs=1e-5)
        assert found.bound >= best - 1e-5
        assert found.cost == pytest.approx(least, abs=1e-6)
        assert found.is_proven


@pytest.mark.parametrize("seed", range(60))
def test_the_cheapest_way_to_a_grade_equals_the_cheapest_of_all_subsets(seed):
    model = random_model(seed)
    wanted = range(len(model.sites))
    for grade in (1, 2, 3):
        reached = {
            c: sum(model.outcome(s, c).steps >= grade for s in wanted) for c in _subsets(model)
        }
        most = max(reached.values())
        least = min(model.cost(c) for c, count in reached.items() if count == most)

        found = PortfolioProgram(model).cheapest_for(grade, wanted)

        assert len(wanted) - len(found.unreachable) == most
        assert found.cost == pytest.approx(least, abs=1e-6)
        assert found.bound <= least + 1e-6
        assert found.is_proven


@pytest.mark.parametrize("seed", range(60))
def test_what_is_added_to_a_choice_that_can_be_done_decides_whether_it_still_can(seed):
    model = random_model(seed)
    can_be_done = set(_subsets(model))
    for chosen in can_be_done:
        for action in set(range(len(model.costs))) - chosen:
            more = chosen | {action}
            assert model.stays_feasible(more, {action}) == (more in can_be_done)


@pytest.mark.parametrize("seed", range(60))
def test_the_greedy_list_is_feasible_and_never_better_than_the_optimum(seed):
    model = random_model(seed)
    program = PortfolioProgram(model)
    for budget in (3.0, math.inf):
        picks = pick_greedily(model, budget)
        chosen = frozenset(a for pick in picks for a in pick.actions)

        assert model.is_feasible(chosen)
        assert model.cost(chosen) <= budget
        if picks:
            assert picks[-1].benefit == pytest.approx(model.benefit(chosen))
            assert picks[-1].benefit <= program.best_within(budget).benefit + 1e-6


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("budget", [0.0, 2.0, 5.0, 9.0, math.inf])
def test_a_list_within_a_budget_is_the_same_made_beside_the_whole_one(seed, budget):
    model = random_model(seed)

    whole, within = pick_without_and_within(model, budget)

    assert whole == pick_greedily(model)
    assert within == pick_greedily(model, budget)


@pytest.mark.parametrize("seed", range(200))
def test_a_site_that_open_cures_leave_out_gains_nothing(seed):
    model, draw = random_model(seed), random.Random(seed)
    left = list(range(len(model.costs)))
    draw.shuffle(left)
    open_cures, chosen = OpenCures(model), set()
    while left:
        added = {left.pop() for _ in range(min(len(left), draw.randint(1, 3)))}
        changed = open_cures.changed_by(added)
        before = [model.outcome(site, chosen) for site in range(len(model.sites))]
        chosen |= added
        for site, outcome in enumerate(before):
            assert site in changed or model.outcome(site, chosen) == outcome
        touched = {site for action in added for site in model.sites_of_action[action]}
        assert set(changed) <= touched == set(open_cures.sites_of(added).tolist())
        open_cures.choose(added, chosen)


@pytest.mark.parametrize("seed", range(200))
def test_a_site_that_open_cures_leave_out_loses_nothing(seed):
    model, draw = random_model(seed), random.Random(seed)
    chosen = set(draw.sample(range(len(model.costs)), draw.randint(0, len(model.costs))))
    open_cures = OpenCures(model)
    open_cures.choose(chosen, chosen)
    while chosen:
        dropped = set(draw.sample(sorted(chosen), min(len(chosen), draw.randint(1, 3))))
        changed = open_cures.changed_without(dropped)
        before = [model.outcome(site, chosen) for site in range(len(model.sites))]
        chosen -= dropped
        open_cures.drop(dropped, chosen)
        for site, outcome in enumerate(before):
            assert site in changed or model.outcome(site, chosen) == outcome
        again = open_cures.changed_by(dropped)
        assert again == changed


@pytest.mark.parametrize("seed", range(20))
def test_without_time_a_choice_is_no_worse_than_the_list_that_was_considered(seed):
    model = random_model(seed)
    picks = pick_greedily(model)
    program = PortfolioProgram(model, seconds=1e-9)
    for budget in (2.0, 6.0, math.inf):
        listed = chosen_within(picks, budget)
        program.consider(listed)

        found = program.best_within(budget)

        assert (model.cost(listed), model.benefit(listed)) == pytest.approx(
            greedy_within(picks, budget)
        )
        assert found.benefit >= model.benefit(listed) - 1e-9
        assert found.cost <= budget
        assert found.bound >= found.benefit - 1e-9


def test_a_budget_of_nothing_or_below_every_work_chooses_what_costs_nothing():
    site = SiteModel("S", 4.0, 100, (Configuration(AS_IS, 10, 20, (Cure("I", 5, ((0,),)),)),))
    model = PlanModel(
        ("W",), (5.0,), ((),), (), (), (site,), GRADES,
        grade_weight=1.0, point_weight=1.0, minute_weight=0.0,
    )  # fmt: skip
    program = PortfolioProgram(model)

    assert program.best_within(0.0).chosen == frozenset()
    assert program.best_within(4.9).chosen == frozenset()
    assert program.best_within(5.0).chosen == {0}
    with pytest.raises(UsageError, match="budget"):
        program.best_within(-1.0)


def test_a_work_without_a_price_is_never_chosen():
    site = SiteModel("S", 4.0, 100, (Configuration(AS_IS, 10, 20, (Cure("I", 5, ((0,),)),)),))
    model = PlanModel(
        ("W",), (math.nan,), ((),), (), (), (site,), GRADES,
        grade_weight=1.0, point_weight=1.0, minute_weight=0.0,
    )  # fmt: skip

    assert PortfolioProgram(model).best_within(math.inf).chosen == frozenset()
    assert PortfolioProgram(model).cheapest_for(2, [0]).unreachable == (0,)
    assert pick_greedily(model) == []
