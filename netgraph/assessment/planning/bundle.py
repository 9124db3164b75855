"""Choose again among the works of a plan: a bundle of one's own, or the best for another sum."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.planning.check import reassess
from netgraph.errors import UsageError
from netgraph.messages import Message
from netgraph.near_names import find_near_names
from netgraph.upgrades.choice import Choice
from netgraph.upgrades.greedy import pick_greedily
from netgraph.upgrades.portfolio import PortfolioProgram

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.assessment.planning.value import UpgradePlan

_SHOWN = 5


def choose_works(plan: UpgradePlan, works: Iterable[str]) -> UpgradePlan:
    """Choose exactly these works of a plan (and what they require), price and re-assess them.

    Parameters
    ----------
    works
        Ids, as in column `project_id` of `plan.upgrades` and `plan.equipment_works`.

    Returns
    -------
    UpgradePlan
        The same proposals with this choice. Its bound is what the same money could buy at most, so
        that `choice.gap` says how far the bundle is from the best; the greedy list is that for the
        same money. One integer program and one audit; the frontier stays that of the plan.

    Raises
    ------
    UsageError
        If an id is unknown, a work has no price, two works re-route one site, or cores or bores
        run out: every problem is listed.
    """
    model, wanted = plan.model, tuple(dict.fromkeys(works))
    number = {name: n for n, name in enumerate(model.action_ids)}
    unknown = [name for name in wanted if name not in number]
    if unknown:
        raise UsageError([_unknown(name, number) for name in unknown[:_SHOWN]])
    chosen = model.closure([number[name] for name in wanted])
    problems = _problems(plan, chosen)
    if problems:
        raise UsageError(problems)
    cost, benefit = model.cost(chosen), model.benefit(chosen)
    best = PortfolioProgram(model, seconds=plan.options.plan_seconds).best_within(cost)
    bound = max(best.bound, benefit)
    is_best = bound - benefit <= 1e-6 * max(bound, 1.0)
    gap = (bound - benefit) / bound if bound > 0 else 0.0
    choice = Choice(chosen, cost, benefit, bound, best.is_proven and is_best, gap)
    return _with(plan, choice, cost)


def choose_within(plan: UpgradePlan, budget_yuan: float) -> UpgradePlan:
    """Choose the works of most benefit for another budget, without drawing them up again.

    Returns
    -------
    UpgradePlan
        The same proposals; a proven optimum among them, or one with a proven bound.

    Raises
    ------
    UsageError
        If the budget is negative.
    """
    program = PortfolioProgram(plan.model, seconds=plan.options.plan_seconds)
    choice = program.best_within(budget_yuan)
    return _with(plan, choice, None if math.isinf(budget_yuan) else budget_yuan)


def _with(plan: UpgradePlan, choice: Choice, budget_yuan: float | None) -> UpgradePlan:
    actions = [plan.proposed.actions[number] for number in sorted(choice.chosen)]
    greedy = pick_greedily(plan.model, math.inf if budget_yuan is None else budget_yuan)
    return replace(
        plan, options=replace(plan.options, budget_yuan=budget_yuan, target=""), target=0,
        choice=choice, after=reassess(plan.before, actions), greedy_picks=tuple(greedy),
    )  # fmt: skip


def _problems(plan: UpgradePlan, chosen: frozenset[int]) -> list[str]:
    model = plan.model
    names = model.action_ids
    found = [
        Message("work {0} has no price: fill it in and give it with --prices.", names[n])
        for n in sorted(chosen)
        if np.isnan(model.costs[n])
    ]
    for group in model.exclusive:
        both = [names[n] for n in group if n in chosen]
        if len(both) > 1:
            found.append(
                Message("works {0} re-route the same site: keep one of them.", ", ".join(both))
            )
    for capacity in model.capacities:
        used = sum(use for action, use in capacity.uses.items() if action in chosen)
        if used > capacity.left:
            found.append(
                Message(
                    "{0} has {1:g} left, and the works take {2:g}: leave some of them out.",
                    capacity.row,
                    max(capacity.left, 0),
                    used,
                )
            )
    return list(dict.fromkeys(found))


def _unknown(name: str, known: Iterable[str]) -> str:
    near = find_near_names(name, known, 3, cutoff=0.6)
    hint = Message(" Near ids: {0}.", ", ".join(near)) if near else ""
    return Message("There is no work {0!r} in this plan.{1}", name, hint)
