"""Choose actions by an integer program: most benefit for a budget, least cost for a grade.

HiGHS proves the optimum, or gives the bound that it has proven when its time is up.
"""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING

import highspy
import numpy as np

from netgraph.diversity.integer_programs import INFINITY
from netgraph.errors import UsageError
from netgraph.messages import Message
from netgraph.upgrades.choice import Choice, share_between
from netgraph.upgrades.open_cures import OpenCures
from netgraph.upgrades.portfolio_rows import PortfolioRows
from netgraph.upgrades.solver import open_solver, run
from netgraph.upgrades.stopping import is_stop_asked

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from netgraph.upgrades.model import PlanModel

    Floats = NDArray[np.float64]

_GAP = 1e-6
_PROVEN = 1e-5  # of a benefit, where the solver calls its gap closed
_SECONDS_TO_SAVE = 3.0  # for the cheapest of the choices that are equally good
_SLACK = 1e-6  # of a benefit, so that rounding does not shut out the optimum itself


class PortfolioProgram:
    """The integer program of a model, built once and solved for several budgets.

    Each solve starts from the best choice found so far. Where somebody asks to stop, what is found
    is kept, and later solves get no time.
    """

    def __init__(self, model: PlanModel, *, seconds: float = 60.0) -> None:
        self._model, self._seconds = model, seconds
        self._rows = PortfolioRows(model)
        self._solver = open_solver(self._rows.program(), gap=_GAP)
        self._best: list[frozenset[int]] = []
        self._worth: dict[frozenset[int], float] = {}
        self._yuan: dict[frozenset[int], float] = {}
        self._aimed, self._offset = np.zeros(0), 0.0
        self._deadline = 0.0
        #: Worth of the grades that the sites have already: their columns are 1 from the start.
        self._grades_at_first = model.grade_weight * sum(
            site.weight * first.steps for site, first in zip(model.sites, model.first, strict=True)
        )

    def consider(self, choice: frozenset[int]) -> None:
        """Keep a choice made elsewhere: no later solve whose budget it fits ends with less."""
        self._best.append(choice)

    def best_within(self, budget: float) -> Choice:
        """Find the choice of most benefit that costs no more than a budget (infinite is allowed).

        Of equal benefit the cheapest.
        """
        chosen, bound, is_best = self._most_within(budget, self._seconds, _GAP)
        if not is_stop_asked():
            chosen = self._cheapest_like(chosen)
        return self._choice(chosen, bound, is_proven=is_best)

    def good_within(self, budget: float, *, seconds: float, gap: float) -> Choice:
        """Find a choice whose benefit is within a share of the best, for a point of a curve."""
        chosen, bound, is_best = self._most_within(budget, seconds, gap)
        return self._choice(chosen, bound, is_proven=is_best)

    def cheapest_for(self, grade: int, sites: Collection[int]) -> Choice:
        """Find the cheapest choice with which as many sites as possible reach a grade.

        Parameters
        ----------
        grade
            Number of thresholds to reach, 1 for the second lowest grade.
        sites
            Numbers of the sites; those that cannot reach it (alone, or because cores or bores run
            out for all of them) are named.
        """
        model, solver = self._model, self._solver
        reached = {s: self._rows.grade_columns.get((s, grade), []) for s in sorted(sites)}
        self._deadline = time.monotonic() + self._seconds
        wanted = np.zeros(len(self._rows.value))
        for columns in reached.values():
            wanted[columns] = 1.0
        solver.changeRowBounds(self._rows.budget_row, -INFINITY, INFINITY)
        self._aim(wanted, highspy.ObjSense.kMaximize)
        most, is_most, found = self._solve(None)
        count = sum(model.outcome(site, found).steps >= grade for site in reached)
        counted = np.flatnonzero(wanted).astype(np.int32)
        row = solver.getNumRow()
        solver.addRow(count - 0.5, INFINITY, len(counted), counted, np.ones(len(counted)))
        self._aim(self._rows.yuan, highspy.ObjSense.kMinimize)
        bound, is_least, cheap = self._solve(found)
        solver.deleteRows(1, np.array([row], dtype=np.int32))
        # Without time for the second solve there is no choice but that of the first.
        has_all = sum(model.outcome(site, cheap).steps >= grade for site in reached) >= count
        chosen = cheap if has_all else found
        outcomes = {site: model.outcome(site, chosen) for site in reached}
        missed = tuple(site for site, outcome in outcomes.items() if outcome.steps < grade)
        is_proven = is_most and is_least and round(most) == count == len(reached) - len(missed)
        cost = model.cost(chosen)
        bound = min(max(bound, 0.0), cost)
        return Choice(
            chosen, cost, model.benefit(chosen), bound, is_proven, share_between(bound, cost),
            missed,
        )  # fmt: skip

    def _most_within(
        self, budget: float, seconds: float, gap: float
    ) -> tuple[frozenset[int], float, bool]:
        """Most benefit for a budget: the choice, what no choice exceeds, whether that is met."""
        if not budget >= 0:
            message = Message("the budget is {0}: give an amount of 0 or more", budget)
            raise UsageError(message)
        self._deadline = time.monotonic() + seconds
        solver = self._solver
        solver.setOptionValue("mip_rel_gap", gap)
        limit = budget if np.isfinite(budget) else INFINITY
        solver.changeRowBounds(self._rows.budget_row, -INFINITY, limit)
        # Its worth is then the benefit, which leaves out the grades that sites have already.
        self._aim(self._rows.value, highspy.ObjSense.kMaximize, -self._grades_at_first)
        fitting = [c for c in dict.fromkeys(self._best) if self._cost(c) <= budget]
        start = max(fitting, key=self._benefit, default=None)
        bound, is_best, found = self._solve(start)
        solver.setOptionValue("mip_rel_gap", _GAP)
        chosen = max([found, *fitting], key=lambda c: (self._benefit(c), -self._cost(c)))
        chosen = self._trimmed(chosen)
        self._best.append(chosen)
        return chosen, bound, is_best

    def _cheapest_like(self, chosen: frozenset[int]) -> frozenset[int]:
        """Find the cheapest choice of the same benefit, in a few seconds."""
        worth = self._benefit(chosen) + self._grades_at_first
        slack = max(100 * _SLACK, _SLACK * worth)  # tighter, and HiGHS finds it infeasible
        row = self._rows.value_row
        self._deadline = min(self._deadline, time.monotonic() + _SECONDS_TO_SAVE)
        self._solver.changeRowBounds(row, worth - slack, INFINITY)
        self._aim(self._rows.yuan, highspy.ObjSense.kMinimize)
        _, _, cheaper = self._solve(chosen)
        self._solver.changeRowBounds(row, -INFINITY, INFINITY)
        if self._benefit(cheaper) < self._benefit(chosen) - _SLACK:
            return chosen
        best = min(chosen, cheaper, key=self._cost)
        self._best.append(best)
        return best

    def _trimmed(self, chosen: frozenset[int]) -> frozenset[int]:
        """Leave out what adds nothing, the dearest first; O(sites that each action changes)."""
        model, kept, standing = self._model, set(chosen), OpenCures(self._model)
        standing.choose(chosen, kept)
        for action in sorted(chosen, key=lambda a: (-model.costs[a], a)):
            if not kept.isdisjoint(model.needed_by.get(action, ())):
                continue
            sites = standing.changed_without({action})
            before = [model.outcome(site, kept).benefit for site in sites]
            kept.discard(action)
            after = (model.outcome(site, kept).benefit for site in sites)
            if all(now >= was - _SLACK for now, was in zip(after, before, strict=True)):
                standing.drop({action}, kept)
            else:
                kept.add(action)
        rest = frozenset(kept)
        return rest if self._benefit(rest) >= self._benefit(chosen) - _SLACK else chosen

    def _benefit(self, choice: frozenset[int]) -> float:
        """Benefit of a choice; the same ones are asked for again and again."""
        if choice not in self._worth:
            self._worth[choice] = self._model.benefit(choice)
        return self._worth[choice]

    def _cost(self, choice: frozenset[int]) -> float:
        if choice not in self._yuan:
            self._yuan[choice] = self._model.cost(choice)
        return self._yuan[choice]

    def _choice(self, chosen: frozenset[int], bound: float, *, is_proven: bool) -> Choice:
        benefit = self._benefit(chosen)
        bound = max(bound if np.isfinite(bound) else self._ceiling, benefit)
        gap = share_between(benefit, bound)
        return Choice(chosen, self._cost(chosen), benefit, bound, is_proven and gap <= _PROVEN, gap)

    @cached_property
    def _ceiling(self) -> float:
        """Benefit with everything cured on the best routes: a bound that needs no solve."""
        model = self._model
        lines = {c.line for site in model.sites for c in site.configurations}
        others = frozenset(range(len(model.costs))) - lines
        return float(sum(
            max(model.outcome(number, others | {c.line}).benefit for c in site.configurations)
            for number, site in enumerate(model.sites)
        ))  # fmt: skip

    def _aim(self, value: Floats, sense: highspy.ObjSense, offset: float = 0.0) -> None:
        self._solver.changeObjectiveSense(sense)
        self._solver.changeObjectiveOffset(offset)
        self._aimed, self._offset = value, offset
        columns = np.arange(len(value), dtype=np.int32)
        self._solver.changeColsCost(len(columns), columns, value)

    def _solve(self, start: frozenset[int] | None) -> tuple[float, bool, frozenset[int]]:
        """Run from a choice; the bound, whether it is met, and what was found."""
        solver = self._solver
        if start is not None:
            known = highspy.HighsSolution()
            known.col_value = self._rows.values(start).tolist()
            solver.setSolution(known)
        left = self._deadline - time.monotonic()
        run(solver, 0.1 if is_stop_asked() else left)
        info = solver.getInfo()
        values = np.array(solver.getSolution().col_value)
        if start is not None and not self._reaches(values, info.objective_function_value):
            # HiGHS may hand the start back for its own, better solution: once more without one.
            solver.clearSolver()
            return self._solve(None)
        is_proven = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        if len(values) == 0 or info.primal_solution_status == 0:
            return info.mip_dual_bound, False, frozenset()
        chosen = np.flatnonzero(values[: len(self._model.costs)] > 0.5)
        return info.mip_dual_bound, is_proven, frozenset(chosen.tolist())

    def _reaches(self, values: Floats, objective: float) -> bool:
        """Whether a solution is worth what the solver says of it."""
        if len(values) == 0 or not np.isfinite(objective):
            return True
        worth = float(self._aimed @ values) + self._offset
        return abs(worth - objective) <= 1e-5 * max(1.0, abs(objective))
