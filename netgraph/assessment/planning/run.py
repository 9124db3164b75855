"""Plan works: what to build, in which order, what it buys, how far from the optimum it can be."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.handover.wanted import timed
from netgraph.assessment.options import Options
from netgraph.assessment.planning.check import reassess
from netgraph.assessment.planning.propose import propose_works
from netgraph.assessment.planning.scope import narrow_scope, whole_scope
from netgraph.assessment.planning.sites import chosen_places
from netgraph.assessment.planning.value import FrontierPoint, UpgradePlan
from netgraph.assessment.results import Results
from netgraph.assessment.run import assess, assess_recorded
from netgraph.collecting import uncollected
from netgraph.errors import UsageError
from netgraph.messages import Message
from netgraph.upgrades.choice import bounded_by_larger
from netgraph.upgrades.cures import build_model
from netgraph.upgrades.greedy import chosen_within, greedy_within, pick_without_and_within
from netgraph.upgrades.portfolio import PortfolioProgram
from netgraph.upgrades.prices import Prices, load_prices
from netgraph.upgrades.settings import Settings, load_settings
from netgraph.upgrades.stopping import heeding_interrupts, is_stop_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netgraph.assessment.planning.scope import Scope
    from netgraph.inventory import Inventory
    from netgraph.upgrades.choice import Choice
    from netgraph.upgrades.greedy import Pick
    from netgraph.upgrades.model import PlanModel

    Progress = Callable[[str, int, int], None]


#: A point of the frontier may lie this share below the best one; its bound says by how much.
_FRONTIER_GAP = 2e-3
_FRONTIER_SHARE = 0.5  # of the time for an optimisation


@dataclass(frozen=True)
class UpgradeOptions:
    """What a plan of works can be told.

    Attributes
    ----------
    prices, settings
        Unit prices; weights of the benefit and rules for drawing works up.
    budget_yuan
        What the plan may cost; None is no limit.
    target
        Grade that every site shall reach at least cost, instead of a budget; "" for none.
    tiers, sites
        Plan for these tiers and sites only; empty for all.
    new_plant
        Plan ring protection by new plant, second entrances included, where nothing cheaper reaches
        the required level.
    re_homing
        Propose a second centre where nothing cheaper reaches it.
    plan_seconds
        Limit of each optimisation: ring protection, choice of works, and half of it for the
        frontier. What is open then keeps the best that was found, with its gap.
    frontier_points
        Budgets in the frontier; 0 for none.
    assessment
        How the inventory is assessed, before and after.
    """

    prices: Prices = field(default_factory=load_prices)
    settings: Settings = field(default_factory=load_settings)
    budget_yuan: float | None = None
    target: str = ""
    tiers: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    new_plant: bool = True
    re_homing: bool = True
    plan_seconds: float = 60.0
    frontier_points: int = 12
    assessment: Options = field(default_factory=Options)

    def as_record(self) -> dict[str, object]:
        """Give the options as plain values for run.json."""
        return {
            "budget_yuan": self.budget_yuan,
            "target": self.target,
            "tiers": list(self.tiers),
            "sites": list(self.sites),
            "new_plant": self.new_plant,
            "re_homing": self.re_homing,
            "plan_seconds": self.plan_seconds,
            "price_level": self.prices.price_level,
            "prices": dict(self.prices.yuan),
            "weights": {
                "tier": dict(self.settings.tier_weight),
                "grade": self.settings.grade,
                "point": self.settings.point,
                "outage_minute": self.settings.outage_minute,
            },
            "assessment": self.assessment.as_record(),
        }


@uncollected()
def plan_upgrades(
    source: Inventory | Results,
    options: UpgradeOptions | None = None,
    *,
    progress: Progress | None = None,
    on_stop: Callable[[], None] | None = None,
) -> UpgradePlan:
    """Propose works, choose among them, and check the choice by assessing the changed inventory.

    Parameters
    ----------
    source
        An inventory, or its assessment (which is not made again then).
    options
        Prices, budget or target, sites; no budget and all sites when omitted.
    progress
        Called from time to time with (stage, done, all).
    on_stop
        Called at the first interrupt from the keyboard after the assessment: the best plan so far
        is kept then, and what is open reads unproven. A second one ends the run.

    Returns
    -------
    UpgradePlan
        The choice is a proven optimum among the proposed works, or has a proven bound. Second
        routes are the cheapest beside a recorded one; works on equipment are the cheapest of
        their kind.

    Raises
    ------
    UsageError
        If the budget is negative or infinite, the target unknown, both are given, or a site or
        tier is unknown.
    InputError
        As :func:`netgraph.assess`.
    """
    options = options or UpgradeOptions()
    grade = _target(options)
    say, start = progress or _silent, time.perf_counter()
    results, scope = _judge(source, options, progress)
    options = replace(options, assessment=results.options)
    seconds = {"assess": round(time.perf_counter() - start, 3)}
    with heeding_interrupts(on_stop):
        return _plan(results, scope, options, grade, say, seconds)


def _plan(
    results: Results, scope: Scope, options: UpgradeOptions, grade: int, say: Progress,
    seconds: dict[str, float],
) -> UpgradePlan:  # fmt: skip
    """Draw up, weigh, choose, and assess again; `seconds` is filled stage by stage."""
    say("propose", 0, 1)
    with timed(seconds, "propose"):
        proposed = propose_works(scope, results, options, say)
    with timed(seconds, "model"):
        model = build_model(
            scope.audit, scope.scores, proposed.actions, options.settings, scope.site_ids,
            rates=results.options.rates, routed=proposed.routed,
            progress=lambda done, whole: say("weigh", done, whole),
        )  # fmt: skip
    say("choose", 0, 1)
    with timed(seconds, "choose"):
        program = PortfolioProgram(model, seconds=options.plan_seconds)
        is_free = options.budget_yuan is None
        budget = math.inf if options.budget_yuan is None else options.budget_yuan
        whole, greedy = pick_without_and_within(model, budget)
        program.consider(chosen_within(greedy, budget))
        choice = (
            program.cheapest_for(grade, range(len(model.sites))) if grade
            else program.best_within(budget)
        )  # fmt: skip
    with timed(seconds, "frontier"):
        known = choice if is_free and not grade else None
        frontier = _frontier(model, program, whole, known, options, say)
    say("reassess", 0, 1)
    with timed(seconds, "reassess"):
        chosen = [proposed.actions[number] for number in sorted(choice.chosen)]
        after = reassess(results, chosen)
    return UpgradePlan(
        options=options, before=results, after=after, proposed=proposed, model=model,
        choice=choice, frontier_points=frontier, greedy_picks=tuple(greedy), target=grade,
        seconds=seconds, is_stopped=is_stop_asked(),
    )  # fmt: skip


def _judge(
    source: Inventory | Results, options: UpgradeOptions, progress: Progress | None
) -> tuple[Results, Scope]:
    """Assess what is not assessed yet; of a plan for some sites only these are searched for."""
    is_narrow = bool(options.sites or options.tiers)
    if isinstance(source, Results):
        results = source
    else:
        judge = assess_recorded if is_narrow else assess
        results = judge(source, options.assessment, progress=progress)
    places = chosen_places(results, options.sites, options.tiers)
    if not is_narrow:
        return results, whole_scope(results, places)
    say = progress or _silent
    scope = narrow_scope(results, places, lambda done, whole: say("search", done, whole))
    if results is not source:
        results = replace(results, achievable=scope.achievable)
    return results, scope


def _silent(_stage: str, _done: int, _whole: int) -> None:
    """Tell nobody."""


def _target(options: UpgradeOptions) -> int:
    """Thresholds that the target grade asks for; 0 without a target."""
    if options.budget_yuan is not None and not 0 <= options.budget_yuan < math.inf:
        message = Message(
            "the budget is {0} yuan: give an amount of 0 or more, or no budget for no limit",
            options.budget_yuan,
        )
        raise UsageError(message)
    if not options.target:
        return 0
    if options.budget_yuan is not None:
        message = Message("a budget and a target grade were given: give one of them")
        raise UsageError(message)
    grades = [grade.id for grade in reversed(options.assessment.card.grades)]  # worst first
    if options.target not in grades:
        message = Message(
            "there is no grade {0!r}; the grades are {1}", options.target, ", ".join(grades[::-1])
        )
        raise UsageError(message)
    return max(grades.index(options.target), 1)


def _frontier(
    model: PlanModel,
    program: PortfolioProgram,
    picks: Sequence[Pick],
    whole: Choice | None,
    options: UpgradeOptions,
    say: Progress,
) -> tuple[FrontierPoint, ...]:
    """Choose for a dozen budgets, from the cheapest work to all that is worth doing.

    Parameters
    ----------
    whole
        The choice without a budget, where it is known.
    """
    known = [cost for cost in model.costs if not np.isnan(cost) and cost > 0]
    if options.frontier_points < 1 or not known:
        return ()
    seconds = _FRONTIER_SHARE * options.plan_seconds
    deadline = time.monotonic() + seconds
    program.consider(chosen_within(picks, math.inf))
    if whole is None:
        share = seconds / options.frontier_points
        whole = program.good_within(math.inf, seconds=share, gap=_FRONTIER_GAP)
    most = whole.cost
    if most <= 0:
        return ()
    budgets = np.geomspace(min(*known, most), most, options.frontier_points).round(0)
    budgets[-1] = math.ceil(most)
    budgets = np.unique(budgets)
    found: list[tuple[float, Choice]] = []
    for done, budget in enumerate(budgets.tolist()):
        say("frontier", done, len(budgets))
        if done == len(budgets) - 1:
            found.append((budget, whole))
            break
        program.consider(chosen_within(picks, budget))
        left = max(deadline - time.monotonic(), 0.0) / (len(budgets) - done)
        found.append((budget, program.good_within(budget, seconds=left, gap=_FRONTIER_GAP)))
    return tuple(
        FrontierPoint(budget, choice, *greedy_within(picks, budget))
        for budget, choice in bounded_by_larger(found)
    )
