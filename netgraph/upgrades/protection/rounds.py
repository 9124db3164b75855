"""One problem brought to rest: solved, checked by exact searches, and solved again where it lacks.

What looked tolerable near a site may not be so on the routes of a plan; a plan may survive any one
risk and hold no two routes apart. Both become further rows, and the plan is made again.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.upgrades.protection.budget import solve_budget
from netgraph.upgrades.protection.duties import find_duties
from netgraph.upgrades.protection.gaps import close_gap, holds_for_every_plan
from netgraph.upgrades.protection.pairs import find_planned_pairs
from netgraph.upgrades.protection.solve import solve
from netgraph.upgrades.stopping import StoppedError, is_stop_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from netgraph.upgrades.protection.duties import Duties
    from netgraph.upgrades.protection.duty import Duty
    from netgraph.upgrades.protection.layered.refine import Refined
    from netgraph.upgrades.protection.model import ProtectionModel
    from netgraph.upgrades.protection.planned_plant import PlannedPair
    from netgraph.upgrades.protection.solve import Solution

#: How often a plan is made again with what it turned out to lack.
_ROUNDS = 6
_CHECK_SHARE = 0.4  # of the time, for looking for the two routes of every site


@dataclass(frozen=True)
class PlanProgress:
    """How far a plan is.

    Attributes
    ----------
    step
        What is being done.
    done, whole
        Risks, options or sites looked at, of how many; 0 while a program is solved.
    cost_yuan, lower_bound_yuan
        Cost of the best plan so far, and what every plan costs at least; None before there is one.
    """

    step: str
    done: int = 0
    whole: int = 0
    cost_yuan: float | None = None
    lower_bound_yuan: float | None = None


@dataclass(frozen=True)
class Limits:
    """How long and for how much a plan is made, and who is told.

    Attributes
    ----------
    seconds
        For solving and checking, once it is known what cuts the sites off.
    deadline
        On the monotonic clock; endless before that.
    budget_yuan, weights
        With a budget: protect places of the greatest weight (1 where it has none).
    """

    seconds: float
    deadline: float = math.inf
    budget_yuan: float | None = None
    weights: Mapping[int, float] = field(default_factory=dict)
    progress: Callable[[PlanProgress], None] | None = None

    def started(self) -> Limits:
        """Let the time run."""
        return replace(self, deadline=time.monotonic() + self.seconds)

    @property
    def left_s(self) -> float:
        """Seconds left; none below one."""
        return max(self.deadline - time.monotonic(), 1.0)

    def count_risks(self, done: int, whole: int) -> None:
        """Tell how many risks, or sites, were looked at."""
        if self.progress:
            self.progress(PlanProgress("risks", done, whole))

    def tell_costs(self, step: str, cost: float, bound: float) -> None:
        """Tell what the best plan so far costs."""
        if self.progress:
            self.progress(PlanProgress(step, cost_yuan=cost, lower_bound_yuan=bound))


@dataclass(frozen=True, eq=False)
class Choice:
    """A solution, the duties that it meets, and the places that the budget leaves out."""

    solution: Solution
    duties: tuple[Duty, ...]
    left_out: frozenset[int] = frozenset()
    weight: float | None = None
    weight_bound: float | None = None


@dataclass(frozen=True, eq=False)
class Settled:
    """A plan with all that it was made from, and the two routes of every demand.

    `refined` tells what each demand needs where the plan was made on links, cables and spans.
    """

    model: ProtectionModel
    duties: Duties
    choice: Choice
    pairs: Mapping[int, PlannedPair]
    refined: Refined | None = None


def settle(model: ProtectionModel, duties: Duties, limits: Limits) -> Settled:
    """Plan until nothing is lacking that could be had, the time is up, or somebody asks to stop.

    A bound of the result holds for the problem with the risks that it survives; where it was
    repaired with rows that hold for some plans only, the bound is that from before.
    """
    limits = limits.started()
    rows: list[Duty] = []
    settled: Settled | None = None
    unshakable, hopeless = -np.inf, set[int]()
    for _ in range(_ROUNDS):
        if settled:
            try:
                duties = find_duties(model.problem, limits.count_risks)
            except StoppedError:
                return settled
        choice = _choose(model, (*duties.duties, *rows), limits)
        if rows and unshakable > -np.inf:
            choice = replace(choice, solution=choice.solution.with_bound(unshakable))
        everybody = np.setdiff1d(np.arange(len(model.site)), duties.unconnected)
        pairs = find_planned_pairs(
            model, choice.solution.chosen, everybody, duties.unavoidable,
            seconds=max(limits.left_s, _CHECK_SHARE * limits.seconds), tell=limits.count_risks,
        )  # fmt: skip
        settled = Settled(model, duties, choice, pairs)
        if is_stop_asked() or limits.deadline <= time.monotonic():
            return settled
        mine = {d: p for d, p in pairs.items() if model.site[d] not in choice.left_out}
        more = {
            d: fresh for d, pair in mine.items()
            if (fresh := set(pair.beyond_tolerance) - set(model.problem.risks.row(d).tolist()))
        }  # fmt: skip
        gaps = [d for d, pair in sorted(mine.items()) if pair.is_gap and d not in hopeless]
        found = _rows(settled, gaps, limits)
        hopeless |= set(gaps) - set(found)
        if not more and not found:
            break
        if not all(holds_for_every_plan(model, d) for d in found) and unshakable == -np.inf:
            unshakable = choice.solution.lower_bound_yuan
        rows += found.values()
        # What looked tolerable is not, on the routes of this plan: it must be survived as well.
        model = model.surviving(more)
    assert settled is not None  # noqa: S101 -- there is one round at least
    return settled


def _rows(settled: Settled, gaps: list[int], limits: Limits) -> dict[int, Duty]:
    """Rows that close the gaps, by demand."""
    found = {}
    for done, demand in enumerate(gaps):
        share = time.monotonic() + limits.left_s / (4 * (len(gaps) - done))
        row = close_gap(
            settled.model, demand, settled.choice.solution.chosen, settled.duties.unavoidable, share
        )
        if row is not None:
            found[demand] = row
    return found


def _choose(model: ProtectionModel, duties: tuple[Duty, ...], limits: Limits) -> Choice:
    """Find the cheapest plan, or what a budget buys."""
    seconds = (1.0 - _CHECK_SHARE) * limits.left_s
    if limits.budget_yuan is None:
        solution = solve(
            duties, model.problem.cost_yuan, seconds=seconds, progress=limits.tell_costs
        )
        return Choice(solution, duties)
    places, site_of_demand = np.unique(model.site, return_inverse=True)
    weights = [limits.weights.get(place, 1.0) for place in places.tolist()]
    weight = np.array(weights, dtype=float)
    bought = solve_budget(
        duties, model.problem.cost_yuan, site_of_demand, weight, limits.budget_yuan,
        seconds=seconds,
    )  # fmt: skip
    left_out = frozenset(places[~bought.is_protected].tolist())
    met = tuple(
        duty for duty in duties
        if not left_out.issuperset(model.site[list(duty.demands)].tolist())
    )  # fmt: skip
    return Choice(bought.plan, met, left_out, bought.weight, bought.weight_bound)
