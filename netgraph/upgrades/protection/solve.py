"""The least-cost plan: an integer program whose cut rows are generated as they are violated.

min sum c x, with sum of x over the options that leave a part >= 1, for every risk and every set of
parts between a site and its centre. The linear relaxation is solved first with rows from maximum
flows, then the integer program; rows that its answer misses are added and it is solved again. With
fewer rows than there are, every bound of the program is a bound of the whole problem.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint
from scipy.sparse import csr_array

from netgraph.diversity.integer_programs import milp
from netgraph.upgrades.protection.cuts import first_rows, rows_of_parts, violated_rows
from netgraph.upgrades.protection.heuristics import complete, prune

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray
    from scipy.optimize import OptimizeResult

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.duties import Duty

_TOLERANCE = 1e-6
_FIRST_SLICE_SECONDS = 5.0


@dataclass(frozen=True, eq=False)
class Solution:
    """A plan, and how far from the optimum it can be.

    Attributes
    ----------
    chosen
        Options, ascending.
    cost_yuan, lower_bound_yuan
        What it costs, and what every plan costs at least.
    is_proven
        No plan is cheaper (to a millionth).
    n_rows
        Cut rows of the last program.
    is_interrupted
        An interrupt from the keyboard ended the search.
    """

    chosen: Ints
    cost_yuan: float
    lower_bound_yuan: float
    is_proven: bool
    n_rows: int
    is_interrupted: bool = False

    def with_bound(self, lower_bound_yuan: float) -> Solution:
        """Let the same plan stand beside another bound."""
        bound = min(lower_bound_yuan, self.cost_yuan)
        proven = bound >= self.cost_yuan - _TOLERANCE * max(1.0, self.cost_yuan)
        return replace(self, lower_bound_yuan=bound, is_proven=proven)

    @property
    def gap(self) -> float:
        """Part of the cost that is not proven to be needed; 0 for an optimum."""
        if self.is_proven or self.cost_yuan <= 0:
            return 0.0
        return max(0.0, 1.0 - self.lower_bound_yuan / self.cost_yuan)


def solve(
    duties: Sequence[Duty],
    cost_yuan: NDArray[np.float64],
    *,
    seconds: float = 300.0,
    progress: Callable[[str, float, float], None] | None = None,
) -> Solution:
    """Find the least-cost plan that meets all duties.

    Exact if it ends in time, else the best plan with a valid bound; an interrupt from the keyboard
    ends it likewise. Each duty must have a way to be met.

    Parameters
    ----------
    cost_yuan
        Price of each edge, shape (edges,); infinite for what is no option.
    seconds
        Time limit.
    progress
        Called after every step with what was done, the best cost and the bound so far, in yuan.

    Returns
    -------
    Solution
    """
    search = _Search(duties, cost_yuan, time.monotonic() + seconds, progress)
    try:
        search.run()
    except KeyboardInterrupt:
        search.tell("interrupted")
        return replace(search.result(), is_interrupted=True)
    return search.result()


class _Search:
    def __init__(
        self, duties: Sequence[Duty], cost_yuan: NDArray[np.float64], deadline: float,
        progress: Callable[[str, float, float], None] | None,
    ) -> None:  # fmt: skip
        self._duties, self._cost, self._deadline = duties, cost_yuan, deadline
        self._progress = progress
        columns = [duty.option for duty in duties] or [np.empty(0, dtype=np.int64)]
        self._columns = np.unique(np.concatenate(columns))
        self._column_of = np.full(len(cost_yuan), -1, dtype=np.int64)
        self._column_of[self._columns] = np.arange(len(self._columns))
        self._rows: dict[bytes, Ints] = {}
        self._bound = 0.0
        # Whatever happens, there is a plan: the one that a planner finds duty by duty.
        nothing = np.zeros(len(cost_yuan), dtype=bool)
        self._best = complete(duties, cost_yuan, nothing)
        self._cut(row for duty in duties for row in first_rows(duty))

    def run(self) -> None:
        self._improve(self._best)
        self.tell("first plan")
        if self._is_done():
            return
        self._relax()
        slice_s = _FIRST_SLICE_SECONDS
        while not self._is_done() and self._left() > 0:
            result = self._program(whole=True, seconds=min(slice_s, self._left()))
            self._raise_bound(result)
            is_new = result.x is not None and self._take_plan(self._spread(result.x) > 0.5)
            self.tell("integer program")
            if not is_new:
                slice_s *= 4

    def tell(self, step: str) -> None:
        if self._progress:
            self._progress(step, float(self._cost[self._best].sum()), self._bound)

    def result(self) -> Solution:
        cost = float(self._cost[self._best].sum())
        bound = min(cost, self._bound)
        proven = self._is_done()
        chosen = np.flatnonzero(self._best).astype(np.int64)
        return Solution(chosen, cost, cost if proven else bound, proven, len(self._rows))

    def _left(self) -> float:
        return self._deadline - time.monotonic()

    def _is_done(self) -> bool:
        cost = float(self._cost[self._best].sum())
        return self._bound >= cost - _TOLERANCE * max(1.0, cost)

    def _relax(self) -> None:
        """Solve the linear relaxation, with rows added until a fractional plan misses none."""
        found = True
        while found and self._left() > 0:
            result = self._program(whole=False, seconds=self._left())
            if result.x is None:
                return
            self._raise_bound(result)
            share = self._spread(result.x)
            self._improve(complete(self._duties, self._cost * (1.0 - share), share > 0.999))
            self.tell("relaxation")
            found = self._cut(
                row
                for duty in self._duties
                if self._left() > 0
                for row in violated_rows(duty, share)
            )

    def _take_plan(self, plan: NDArray[np.bool_]) -> bool:
        """Add the rows that a plan misses, and what it becomes when they are met."""
        found = self._cut(row for duty in self._duties for row in rows_of_parts(duty, plan))
        self._improve(complete(self._duties, self._cost, plan))
        return found

    def _improve(self, plan: NDArray[np.bool_]) -> None:
        plan = prune(self._duties, self._cost, plan)
        if self._cost[plan].sum() < self._cost[self._best].sum():
            self._best = plan

    def _cut(self, rows: Iterable[Ints]) -> bool:
        """Add rows; whether any is new."""
        before = len(self._rows)
        for row in rows:
            self._rows.setdefault(row.tobytes(), row)
        return len(self._rows) > before

    def _program(self, *, whole: bool, seconds: float) -> OptimizeResult:
        rows = list(self._rows.values())
        ends = np.cumsum([0, *(len(row) for row in rows)])
        columns = self._column_of[np.concatenate(rows)]
        shape = (len(rows), len(self._columns))
        matrix = csr_array((np.ones(len(columns)), columns, ends), shape=shape)
        cost = self._cost[self._columns]
        # HiGHS works to absolute tolerances: keep the numbers near one.
        self._scale = max(float(cost.max(initial=0.0)), 1e-9)
        return milp(
            cost / self._scale,
            integrality=np.full(len(cost), int(whole)),
            bounds=Bounds(0.0, 1.0),
            constraints=LinearConstraint(matrix, lb=1.0),
            options={"time_limit": max(seconds, 0.1), "mip_rel_gap": 0.0},
        )

    def _raise_bound(self, result: OptimizeResult) -> None:
        bound = getattr(result, "mip_dual_bound", None)
        if bound is None and result.status == 0:
            bound = result.fun
        if bound is not None and np.isfinite(bound):
            safe = bound * self._scale - _TOLERANCE * abs(bound * self._scale) / 2
            self._bound = max(self._bound, safe)

    def _spread(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        share = np.zeros(len(self._cost))
        share[self._columns] = np.clip(x, 0.0, 1.0)
        return share
