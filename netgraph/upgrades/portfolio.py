"""Choose actions by an integer program: most benefit for a budget, least cost for a grade.

One binary an action, one number in [0, 1] an item cured (it is 0 or 1 by itself: it is at most the
sum of the binaries that cure it), one binary a grade reached, all by the configuration of the site.
HiGHS proves the optimum, or gives the bound that it has proven when its time is up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np

from netgraph.diversity.integer_programs import silent_solver
from netgraph.errors import UsageError
from netgraph.upgrades.choice import Choice, share_between
from netgraph.upgrades.model import AS_IS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from netgraph.upgrades.model import Configuration, PlanModel, SiteModel

_INFINITY = highspy.kHighsInf
_GAP = 1e-6
_PROVEN = 1e-5  # of a benefit, where the solver calls its gap closed
_SECONDS_TO_SAVE = 3.0  # for the cheapest of the choices that are equally good
_SECONDS_AFTER_INTERRUPT = 0.5
_SLACK = 1e-6  # of a benefit, so that rounding does not shut out the optimum itself


class _Solver(highspy.Highs):
    """HiGHS without the banner that it prints when callbacks are set up; none is used."""

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS's name
        """Set up none."""


class PortfolioProgram:
    """The integer program of a model, built once and solved for several budgets.

    Each solve starts from the best choice found so far. An interrupt from the keyboard is heeded
    when the solver comes back: what it has found is kept, and later solves get no more time.

    Attributes
    ----------
    is_interrupted
        There was such an interrupt.
    """

    def __init__(self, model: PlanModel, *, seconds: float = 60.0) -> None:
        self._model, self._seconds = model, seconds
        self._left = seconds
        self.is_interrupted = False
        self._upper: list[float] = []
        self._value: list[float] = []
        self._whole: list[bool] = []
        self._rows: list[tuple[float, float, dict[int, float]]] = []
        self._grade_columns: dict[tuple[int, int], list[int]] = {}
        # The columns of the actions come first, so that an action's number is its column.
        self._action = [self._add_action(cost) for cost in model.costs]
        for number, site in enumerate(model.sites):
            self._add_site(number, site)
        self._add_limits()
        self._cost = [0.0 if np.isnan(c) else c for c in model.costs]
        priced = {a: c for a, c in zip(self._action, self._cost, strict=True) if c}
        self._budget_row = len(self._rows)
        self._rows.append((-_INFINITY, _INFINITY, priced))
        self._value_row = len(self._rows)
        valued = {column: value for column, value in enumerate(self._value) if value}
        self._rows.append((-_INFINITY, _INFINITY, valued))
        self._solver = self._build()
        self._best: list[frozenset[int]] = []
        self._values = np.zeros(0)
        self._aimed = np.zeros(0)
        self._known: dict[frozenset[int], NDArray[np.float64]] = {}
        #: Worth of the grades that the sites have already: their columns are 1 from the start.
        self._grades_at_first = model.grade_weight * sum(
            site.weight * first.steps for site, first in zip(model.sites, model.first, strict=True)
        )

    def consider(self, choice: frozenset[int]) -> None:
        """Keep a choice made elsewhere: no later solve whose budget it fits ends with less."""
        self._best.append(choice)

    def best_within(
        self, budget: float, *, seconds: float | None = None, gap: float = _GAP
    ) -> Choice:
        """Find the choice of most benefit that costs no more than a budget (infinite is allowed).

        Of equal benefit the cheapest. A time limit of its own may be given, and a share of the
        benefit that may stay unproven.
        """
        self._solver.setOptionValue("mip_rel_gap", gap)
        try:
            return self._best_within(budget, seconds)
        finally:
            self._solver.setOptionValue("mip_rel_gap", _GAP)

    def _best_within(self, budget: float, seconds: float | None) -> Choice:
        self._left = self._seconds if seconds is None else seconds
        if not budget >= 0:
            message = f"the budget is {budget}: give an amount of 0 or more"
            raise UsageError(message)
        limit = budget if np.isfinite(budget) else _INFINITY
        solver = self._solver
        solver.changeRowBounds(self._budget_row, -_INFINITY, limit)
        self._aim(self._value, highspy.ObjSense.kMaximize)
        raw_bound, is_best, found = self._solve(self._start(budget))
        solver.setOptionValue("mip_rel_gap", _GAP)  # the cheapest of the best is wanted exactly
        bound = raw_bound - self._grades_at_first
        self._known[found] = self._values
        chosen = self._better(found, budget)
        self._left = min(self._left, _SECONDS_TO_SAVE)
        worth = self._worth(chosen)
        slack = max(100 * _SLACK, _SLACK * worth)  # tighter, and HiGHS finds it infeasible
        solver.changeRowBounds(self._value_row, worth - slack, _INFINITY)
        self._aim(self._yuan(), highspy.ObjSense.kMinimize)
        _, _, cheaper = self._solve(self._known.get(chosen))
        self._known[cheaper] = self._values
        solver.changeRowBounds(self._value_row, -_INFINITY, _INFINITY)
        if self._model.benefit(cheaper) >= self._model.benefit(chosen) - _SLACK:
            chosen = min(chosen, cheaper, key=self._model.cost)
        self._best.append(chosen)
        benefit = self._model.benefit(chosen)
        bound = max(bound, benefit)
        open_part = share_between(benefit, bound)
        is_proven = is_best and open_part <= _PROVEN
        return Choice(chosen, self._model.cost(chosen), benefit, bound, is_proven, open_part)

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
        reached = {s: self._grade_columns.get((s, grade), []) for s in sorted(sites)}
        self._left = self._seconds
        wanted = np.zeros(len(self._value))
        for columns in reached.values():
            wanted[columns] = 1.0
        solver = self._solver
        solver.changeRowBounds(self._budget_row, -_INFINITY, _INFINITY)
        self._aim(wanted, highspy.ObjSense.kMaximize)
        most, is_most, found = self._solve(None)
        count = sum(self._model.outcome(site, found).steps >= grade for site in reached)
        counted = np.flatnonzero(wanted).astype(np.int32)
        row = solver.getNumRow()
        solver.addRow(count - 0.5, _INFINITY, len(counted), counted, np.ones(len(counted)))
        self._aim(self._yuan(), highspy.ObjSense.kMinimize)
        bound, is_least, chosen = self._solve(self._values)
        solver.deleteRows(1, np.array([row], dtype=np.int32))
        outcomes = {site: self._model.outcome(site, chosen) for site in reached}
        missed = tuple(site for site, outcome in outcomes.items() if outcome.steps < grade)
        is_proven = is_most and is_least and round(most) == count == len(reached) - len(missed)
        cost = self._model.cost(chosen)
        bound = min(bound, cost)
        return Choice(
            chosen,
            cost,
            self._model.benefit(chosen),
            bound,
            is_proven,
            share_between(bound, cost),
            missed,
        )

    def _better(self, found: frozenset[int], budget: float) -> frozenset[int]:
        """Take what the solver found, or an earlier choice that is better and fits."""
        model = self._model
        fitting = [found, *(c for c in self._best if model.cost(c) <= budget)]
        return max(fitting, key=lambda c: (model.benefit(c), -model.cost(c)))

    def _worth(self, chosen: frozenset[int]) -> float:
        """Worth of a choice in the program, where the grades of the start count too."""
        return self._model.benefit(chosen) + self._grades_at_first

    def _yuan(self) -> list[float]:
        return [*self._cost, *([0.0] * (len(self._value) - len(self._cost)))]

    def _aim(self, value: Sequence[float] | NDArray[np.float64], sense: highspy.ObjSense) -> None:
        self._solver.changeObjectiveSense(sense)
        columns = np.arange(len(self._value), dtype=np.int32)
        self._aimed = np.asarray(value, dtype=float)
        self._solver.changeColsCost(len(columns), columns, self._aimed)

    # The program --------------------------------------------------------------------------------

    def _column(self, upper: float, value: float, *, is_whole: bool) -> int:
        self._upper.append(upper)
        self._value.append(value)
        self._whole.append(is_whole)
        return len(self._upper) - 1

    def _add_action(self, cost: float) -> int:
        return self._column(0.0 if np.isnan(cost) else 1.0, 0.0, is_whole=True)

    def _add_site(self, number: int, site: SiteModel) -> None:
        lines = [self._action[c.line] for c in site.configurations if c.line != AS_IS]
        for configuration in site.configurations:
            self._add_configuration(number, site, configuration, lines)

    def _add_configuration(
        self, number: int, site: SiteModel, now: Configuration, lines: Sequence[int]
    ) -> None:
        """Items and grades of a site on certain routes; all are 0 on other routes."""
        model = self._model
        scale = site.full_marks / now.applicable if now.applicable else 0.0
        before = site.configurations[0]
        was = before.raw * site.full_marks / before.applicable if before.applicable else 0.0
        points: dict[int, float] = {}
        for cure in now.cures:
            gained = model.point_weight * scale * cure.points
            gained += model.minute_weight * cure.circuit_minutes_avoided
            value = site.weight * gained
            column = self._column(1.0, value, is_whole=False)
            points[column] = float(cure.points)
            for row in cure.rows:
                able = {self._action[a]: -1.0 for a in row}
                self._rows.append((-_INFINITY, 0.0, {column: 1.0, **able}))
            self._only_on(column, now, lines)
        for step, pct in enumerate(model.grades, start=1):
            self._add_grade((number, step), pct, now, points, lines, site)
        if now.line != AS_IS:
            gained = model.point_weight * (now.raw * scale - was)
            gained += model.minute_weight * now.circuit_minutes_avoided
            self._value[self._action[now.line]] += site.weight * gained

    def _add_grade(
        self, key: tuple[int, int], pct: int, now: Configuration, points: dict[int, float],
        lines: Sequence[int], site: SiteModel,
    ) -> None:  # fmt: skip
        model = self._model
        column = self._column(1.0, site.weight * model.grade_weight, is_whole=True)
        need = pct * now.applicable - 100 * now.raw
        if need > 0:
            row = {column: float(need), **{c: -100.0 * p for c, p in points.items()}}
            self._rows.append((-_INFINITY, 0.0, row))
        if now.applicable <= 0:
            self._upper[column] = 0.0
        self._only_on(column, now, lines)
        self._grade_columns.setdefault(key, []).append(column)

    def _only_on(self, column: int, now: Configuration, lines: Sequence[int]) -> None:
        """Let a column be 1 only on the routes that it speaks of."""
        if now.line != AS_IS:
            self._rows.append((-_INFINITY, 0.0, {column: 1.0, self._action[now.line]: -1.0}))
        elif lines:
            self._rows.append((-_INFINITY, 1.0, {column: 1.0, **dict.fromkeys(lines, 1.0)}))

    def _add_limits(self) -> None:
        model = self._model
        for number, needed in enumerate(model.requires):
            for other in needed:
                row = {self._action[number]: 1.0, self._action[other]: -1.0}
                self._rows.append((-_INFINITY, 0.0, row))
        for group in model.exclusive:
            self._rows.append((-_INFINITY, 1.0, {self._action[a]: 1.0 for a in group}))
        for capacity in model.capacities:
            row = {self._action[a]: float(use) for a, use in capacity.uses.items()}
            self._rows.append((-_INFINITY, max(capacity.left, 0.0), row))

    def _build(self) -> highspy.Highs:
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(self._upper), len(self._rows)
        program.col_cost_ = np.array(self._value)
        program.col_lower_ = np.zeros(len(self._upper))
        program.col_upper_ = np.array(self._upper)
        program.row_lower_ = np.array([low for low, _, _ in self._rows])
        program.row_upper_ = np.array([high for _, high, _ in self._rows])
        starts = np.concatenate([[0], np.cumsum([len(row) for *_, row in self._rows])])
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = starts.astype(np.int32)
        program.a_matrix_.index_ = np.array([c for *_, row in self._rows for c in row], np.int32)
        program.a_matrix_.value_ = np.array([v for *_, row in self._rows for v in row.values()])
        kinds = highspy.HighsVarType
        program.integrality_ = [
            kinds.kInteger if is_whole else kinds.kContinuous for is_whole in self._whole
        ]
        solver = _Solver()  # type: ignore[no-untyped-call]  # the package has no types
        solver.setOptionValue("output_flag", False)  # noqa: FBT003 - HiGHS's own signature
        solver.setOptionValue("mip_rel_gap", _GAP)
        solver.setOptionValue("random_seed", 0)
        solver.setOptionValue("threads", 1)
        solver.passModel(program)
        return solver

    def _solve(self, start: NDArray[np.float64] | None) -> tuple[float, bool, frozenset[int]]:
        """Run from a start (a value for every column); the bound, whether it is met, the choice."""
        solver = self._solver
        left = _SECONDS_AFTER_INTERRUPT if self.is_interrupted else self._left
        solver.setOptionValue("time_limit", solver.getRunTime() + left)
        if start is not None:
            known = highspy.HighsSolution()
            known.col_value = start.tolist()
            solver.setSolution(known)
        try:
            with silent_solver():
                solver.run()
        except KeyboardInterrupt:
            self.is_interrupted = True
        info = solver.getInfo()
        values = np.array(solver.getSolution().col_value)
        if start is not None and not self._reaches(values, info.objective_function_value):
            # HiGHS may hand the start back for its own, better solution: once more without one.
            solver.clearSolver()
            return self._solve(None)
        is_proven = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        if len(values) == 0 or info.primal_solution_status == 0:
            return info.mip_dual_bound, False, frozenset()
        self._values = values
        chosen = frozenset(a for a, c in enumerate(self._action) if values[c] > 0.5)
        return info.mip_dual_bound, is_proven, chosen

    def _reaches(self, values: NDArray[np.float64], objective: float) -> bool:
        """Whether a solution is worth what the solver says of it."""
        if len(values) == 0 or not np.isfinite(objective):
            return True
        worth = float(self._aimed @ values)
        return abs(worth - objective) <= 1e-5 * max(1.0, abs(objective))

    def _start(self, budget: float) -> NDArray[np.float64] | None:
        """Values of the best choice so far that keeps within a budget."""
        fitting = [c for c in self._best if self._model.cost(c) <= budget]
        best = max(fitting, key=self._model.benefit, default=None)
        return None if best is None else self._known.get(best)
