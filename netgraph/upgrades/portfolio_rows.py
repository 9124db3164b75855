"""The integer program of a plan: its columns and rows, and what a choice is in them.

One binary an action, one number in [0, 1] an item cured (it is 0 or 1 by itself: it is at most the
sum of the binaries that cure it), one binary a grade reached, all by the configuration of the site.
The columns of the actions come first, so that an action's number is its column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from netgraph.diversity.integer_programs import INFINITY, Program
from netgraph.upgrades.model import AS_IS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from netgraph.upgrades.model import Configuration, Cure, PlanModel, SiteModel


class _Item(NamedTuple):
    """A column of an item of a configuration: 1 if the configuration holds and the cure is done."""

    column: int
    now: Configuration
    cure: Cure


class _Grade(NamedTuple):
    """A column of a grade of a configuration, with the percentage that it asks for."""

    column: int
    now: Configuration
    pct: int


class PortfolioRows:
    """Columns and rows of a model.

    Attributes
    ----------
    value
        Benefit of each column; shape (columns,).
    yuan
        Price of each column, 0 where it has none or is no action; shape (columns,).
    grade_columns
        Site (number) and thresholds reached to the columns of which one says so.
    budget_row, value_row
        Rows of all money spent, and of all benefit.
    """

    def __init__(self, model: PlanModel) -> None:
        self._model = model
        self._upper: list[float] = []
        self._value: list[float] = []
        self._whole: list[bool] = []
        self._rows: list[tuple[float, float, dict[int, float]]] = []
        self._items: list[list[_Item]] = [[] for _ in model.sites]
        self._grades: list[list[_Grade]] = [[] for _ in model.sites]
        self.grade_columns: dict[tuple[int, int], list[int]] = {}
        for cost in model.costs:
            self._column(0.0 if np.isnan(cost) else 1.0, 0.0, is_whole=True)
        for number, site in enumerate(model.sites):
            lines = [c.line for c in site.configurations if c.line != AS_IS]
            for configuration in site.configurations:
                self._add_configuration(number, site, configuration, lines)
        self._add_limits()
        self.value = np.array(self._value, dtype=float)
        self.yuan = np.zeros(len(self.value))
        self.yuan[: len(model.costs)] = np.nan_to_num(np.array(model.costs, dtype=float))
        self.budget_row, self.value_row = len(self._rows), len(self._rows) + 1
        for weights in (self.yuan, self.value):
            known = {int(c): float(weights[c]) for c in np.flatnonzero(weights)}
            self._rows.append((-INFINITY, INFINITY, known))

    def program(self) -> Program:
        """Give the program without an aim."""
        starts = np.cumsum([0, *(len(row) for *_, row in self._rows)])
        columns = np.array([c for *_, row in self._rows for c in row], dtype=np.int64)
        weights = np.array([v for *_, row in self._rows for v in row.values()], dtype=float)
        shape = (len(self._rows), len(self._upper))
        return Program(
            cost=np.zeros(len(self._upper)),
            rows=csr_array((weights, columns, starts), shape=shape),
            lower=np.array([low for low, *_ in self._rows], dtype=float),
            upper=np.array([high for _, high, _ in self._rows], dtype=float),
            most=np.array(self._upper, dtype=float),
            is_whole=np.array(self._whole, dtype=bool),
        )

    def values(self, chosen: AbstractSet[int]) -> NDArray[np.float64]:
        """Tell what a feasible choice is in the columns; shape (columns,)."""
        model, found = self._model, np.zeros(len(self._upper))
        found[sorted(chosen)] = 1.0
        for number, site in enumerate(model.sites):
            now = next((c for c in site.configurations if c.line in chosen), site.configurations[0])
            outcome = model.outcome(number, chosen)
            for item in self._items[number]:
                found[item.column] = float(item.now is now and item.cure.is_done(chosen))
            for grade in self._grades[number]:
                is_there = now.applicable > 0 and outcome.raw * 100 >= grade.pct * now.applicable
                found[grade.column] = float(grade.now is now and is_there)
        return found

    def _column(self, upper: float, value: float, *, is_whole: bool) -> int:
        self._upper.append(upper)
        self._value.append(value)
        self._whole.append(is_whole)
        return len(self._upper) - 1

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
            column = self._column(1.0, site.weight * gained, is_whole=False)
            points[column] = float(cure.points)
            self._items[number].append(_Item(column, now, cure))
            for row in cure.rows:
                able = dict.fromkeys(row, -1.0)
                self._rows.append((-INFINITY, 0.0, {column: 1.0, **able}))
            self._only_on(column, now, lines)
        for step, pct in enumerate(model.grades, start=1):
            column = self._add_grade(pct, now, points, site)
            self._grades[number].append(_Grade(column, now, pct))
            self.grade_columns.setdefault((number, step), []).append(column)
            self._only_on(column, now, lines)
        if now.line != AS_IS:
            gained = model.point_weight * (now.raw * scale - was)
            gained += model.minute_weight * now.circuit_minutes_avoided
            self._value[now.line] += site.weight * gained

    def _add_grade(
        self, pct: int, now: Configuration, points: dict[int, float], site: SiteModel
    ) -> int:
        """Add what a grade asks for; no item counts for more than what is wanting."""
        value = site.weight * self._model.grade_weight
        column = self._column(1.0, value, is_whole=True)
        need = float(pct * now.applicable - 100 * now.raw)
        if need > 0:
            helps = {c: -min(100.0 * p, need) for c, p in points.items()}
            self._rows.append((-INFINITY, 0.0, {column: need, **helps}))
        if now.applicable <= 0:
            self._upper[column] = 0.0
        return column

    def _only_on(self, column: int, now: Configuration, lines: Sequence[int]) -> None:
        """Let a column be 1 only on the routes that it speaks of."""
        if now.line != AS_IS:
            self._rows.append((-INFINITY, 0.0, {column: 1.0, now.line: -1.0}))
        elif lines:
            self._rows.append((-INFINITY, 1.0, {column: 1.0, **dict.fromkeys(lines, 1.0)}))

    def _add_limits(self) -> None:
        model = self._model
        for number, needed in enumerate(model.requires):
            for other in needed:
                self._rows.append((-INFINITY, 0.0, {number: 1.0, other: -1.0}))
        for group in model.exclusive:
            self._rows.append((-INFINITY, 1.0, dict.fromkeys(group, 1.0)))
        for capacity in model.capacities:
            row = {action: float(use) for action, use in capacity.uses.items()}
            self._rows.append((-INFINITY, max(capacity.left, 0.0), row))
