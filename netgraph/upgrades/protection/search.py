"""One integer program whose cut rows are generated as they are violated.

min sum c x, with sum of x over the options that leave a part >= 1, for every risk and every set of
parts between a site and its centre. The linear relaxation is solved first with rows from maximum
flows, then the integer program; rows that its answer misses are added and it is solved again. With
fewer rows than there are, every bound of the program is a bound of the whole problem.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from netgraph.diversity.integer_programs import INFINITY, Answer, Program
from netgraph.upgrades.protection.cuts import first_rows, rows_of_parts, violated_rows
from netgraph.upgrades.protection.heuristics import complete, prune
from netgraph.upgrades.solver import solve as solve_program

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.groups import Group

TOLERANCE = 1e-6


class Search:
    """The least-cost plan for some duties: at any time the best one so far, and a bound.

    Attributes
    ----------
    bound
        What every plan costs at least, in yuan.
    """

    def __init__(self, group: Group) -> None:
        self._duties, self._cost, self._options = group
        self._rows: dict[bytes, Ints] = {}
        self._is_relaxed = False
        self.bound = 0.0
        nothing = np.zeros(len(self._cost), dtype=bool)
        self._best = complete(self._duties, self._cost, nothing)
        self._cut(row for duty in self._duties for row in first_rows(duty))

    @property
    def n_options(self) -> int:
        """Options that it chooses from."""
        return len(self._options)

    @property
    def n_rows(self) -> int:
        """Cut rows so far."""
        return len(self._rows)

    @property
    def cost(self) -> float:
        """Yuan of the best plan so far."""
        return float(self._cost[self._best].sum())

    @property
    def chosen(self) -> Ints:
        """Options of the best plan so far, as numbered in the problem."""
        return self._options[self._best]

    @property
    def is_done(self) -> bool:
        """Whether no plan is cheaper (to a millionth)."""
        return self.bound >= self.cost - TOLERANCE * max(1.0, self.cost)

    def improve(self) -> None:
        """Drop what the first plan does not need."""
        self._take(self._best)

    def relax(self, deadline: float) -> Iterator[None]:
        """Solve the linear relaxation, with rows added until a fractional plan misses none."""
        while not self._is_relaxed and not self.is_done and time.monotonic() < deadline:
            result = self._program(whole=False, deadline=deadline)
            if result.x is None:
                return
            self._raise_bound(result)
            share = np.clip(result.x, 0.0, 1.0)
            self._take(complete(self._duties, self._cost * (1.0 - share), share > 0.999))
            found = self._cut(
                row
                for duty in self._duties
                if time.monotonic() < deadline and not duty.is_met(share > 0.999)
                for row in violated_rows(duty, share)
            )
            self._is_relaxed = not found
            yield

    def prove(self, deadline: float) -> Iterator[None]:
        """Solve the integer program, until its plan misses no row or the time is up."""
        while not self.is_done and time.monotonic() < deadline:
            result = self._program(whole=True, deadline=deadline)
            self._raise_bound(result)
            is_new = result.x is not None and self._take_plan(result.x > 0.5)
            yield
            if not is_new and not self.is_done:
                return

    def _take_plan(self, plan: NDArray[np.bool_]) -> bool:
        """Add the rows that a plan misses, and what it becomes when they are met."""
        found = self._cut(row for duty in self._duties for row in rows_of_parts(duty, plan))
        self._take(complete(self._duties, self._cost, plan))
        return found

    def _take(self, plan: NDArray[np.bool_]) -> None:
        """Keep a plan if it is the best so far."""
        plan = prune(self._duties, self._cost, plan)
        if self._cost[plan].sum() <= self.cost:
            self._best = plan

    def _cut(self, rows: Iterable[Ints]) -> bool:
        """Add rows; whether any is new."""
        before = len(self._rows)
        for row in rows:
            self._rows.setdefault(row.tobytes(), row)
        return len(self._rows) > before

    def _program(self, *, whole: bool, deadline: float) -> Answer:
        rows = list(self._rows.values())
        ends = np.cumsum([0, *(len(row) for row in rows)])
        columns, n = np.concatenate(rows), len(self._cost)
        # HiGHS works to absolute tolerances: keep the numbers near one.
        self._scale = max(float(self._cost.max(initial=0.0)), 1e-9)
        program = Program(
            cost=self._cost / self._scale,
            rows=csr_array((np.ones(len(columns)), columns, ends), shape=(len(rows), n)),
            lower=np.ones(len(rows)),
            upper=np.full(len(rows), INFINITY),
            most=np.ones(n),
            is_whole=np.full(n, whole),
        )
        return solve_program(program, gap=0.0, seconds=max(deadline - time.monotonic(), 0.1))

    def _raise_bound(self, answer: Answer) -> None:
        if np.isfinite(answer.bound):
            bound = answer.bound * self._scale
            self.bound = max(self.bound, bound - TOLERANCE * abs(bound) / 2)
