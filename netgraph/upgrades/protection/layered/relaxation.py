"""The linear relaxation of the ring program on the layered plant: what every plan costs at least.

min sum c x, with x >= 1 in sum over the options that leave any part with a site and without its
centre, whatever one failure is to be survived. Rows come from flows, several nested ones at a time;
rows that have been slack for a while are dropped again, so that the program stays small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy.sparse import csr_array

from netgraph.diversity.compiled import search_clock
from netgraph.diversity.integer_programs import INFINITY, Program
from netgraph.upgrades.protection.layered.web import Walker
from netgraph.upgrades.solver import open_solver, run
from netgraph.upgrades.solver import solve as solve_program
from netgraph.upgrades.stopping import is_stop_asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.layered.reduction import ReducedPlant

    Floats = NDArray[np.float64]

TOLERANCE = 1e-6
_NESTED = 3  # rows around one site at a time
_SHORT = 150  # options
_STEPS, _HARDLY = (
    8,
    5e-4,
)  # what raises the bound by less in so many solves is left to whole options
_PATIENCE = 2  # solves that a slack row is kept
_MOST_SLACK = 0.2  # of the rows


class Relaxation:
    """The program with its rows so far.

    Attributes
    ----------
    bound
        What every plan costs at least, in yuan.
    share
        How much of each option the last solution takes; shape (options,).
    is_settled
        No row is violated any more, or more rows hardly raise the bound: whole options are next.
    """

    def __init__(self, plant: ReducedPlant) -> None:
        self._plant, self._walker = plant, Walker(plant.web)
        self._cost = plant.cost_yuan[: plant.n_options]
        # HiGHS works to absolute tolerances: keep the numbers near one.
        self._scale = max(float(self._cost.max(initial=0.0)), 1e-9)
        self._rows: list[Ints] = []
        self._slack_for: list[int] = []
        self._solver: highspy.Highs | None = None
        self._relaxed, self._reduced = 0.0, np.zeros(plant.n_options)
        self.bound = 0.0
        self.share = np.zeros(plant.n_options)
        self.is_settled = False

    @property
    def n_rows(self) -> int:
        """Rows that are in the program."""
        return len(self._rows)

    def solve(self, deadline: float) -> Iterator[None]:
        """Raise the bound step by step, until that hardly succeeds any more, or the time is up."""
        bounds: list[float] = []
        # A bound may stand for a while and rise again: patience as long as there is time.
        patient_until = 0.5 * (search_clock() + deadline)
        while not self.is_settled and not self._is_over(deadline):
            fresh = self._violated(self.share, deadline)
            if not fresh:
                self.is_settled = not self._is_over(deadline)
                return
            if not self._add(fresh, deadline):
                return
            bounds.append(self.bound)
            before = bounds[-_STEPS] if len(bounds) >= _STEPS else 0.0
            is_slow = self.bound - before < _HARDLY * self.bound
            self.is_settled = is_slow and search_clock() > patient_until
            yield

    def prove(self, most_yuan: float, deadline: float) -> Floats | None:
        """Solve the program for whole options with the rows so far; None without a solution.

        The bound rises to what the solver proves; a solution may miss rows that are not there yet,
        which are added. Options that would cost more than what is known to do are left out.
        """
        if not self._rows or self._is_over(deadline):
            return None
        n = len(self._cost)
        ends = np.cumsum([0, *(len(row) for row in self._rows)])
        columns = np.concatenate(self._rows)
        program = Program(
            cost=self._cost / self._scale,
            rows=csr_array((np.ones(len(columns)), columns, ends), shape=(len(self._rows), n)),
            lower=np.ones(len(self._rows)), upper=np.full(len(self._rows), INFINITY),
            most=self._most(most_yuan), is_whole=np.ones(n, dtype=bool),
        )  # fmt: skip
        answer = solve_program(program, gap=0.0, seconds=max(deadline - search_clock(), 0.1))
        if np.isfinite(answer.bound):
            self._raise(min(answer.bound * self._scale, most_yuan))
        return None if answer.x is None else answer.x

    def add_missed(self, plan: NDArray[np.bool_], deadline: float) -> bool:
        """Add the rows that a plan misses; whether there are any."""
        fresh = self._violated(plan.astype(float), deadline)
        self._rows += fresh
        self._slack_for += [0] * len(fresh)
        return bool(fresh)

    def _most(self, most_yuan: float) -> Floats:
        """Take no option whose reduced cost alone leads beyond what is known to do."""
        slack_yuan = most_yuan - self._relaxed + TOLERANCE * max(1.0, most_yuan)
        return np.where(self._reduced > slack_yuan, 0.0, 1.0)

    def _is_over(self, deadline: float) -> bool:
        return search_clock() >= deadline or is_stop_asked()

    def _violated(self, share: Floats, deadline: float) -> list[Ints]:
        """Rows that a solution misses, for every failure; some of them where time runs out."""
        plant, fresh = self._plant, dict[bytes, "Ints"]()
        whole = np.append(share, np.ones(len(plant.web.u) - len(share)))
        for risk, demand in plant.pairs:
            if self._is_over(deadline):
                break
            out, capacity = plant.risk_edges.row(risk), whole.copy()
            for _ in range(_NESTED):
                row = self._walker.least_cut(demand, capacity, out)
                if row is None or len(row) == 0:
                    break
                fresh.setdefault(row.tobytes(), row)
                capacity[row] = 1.0
        # Long rows bite little and make the program slow: they come where nothing else is left.
        short = [row for row in fresh.values() if len(row) <= _SHORT]
        return short or list(fresh.values())

    def _add(self, fresh: list[Ints], deadline: float) -> bool:
        """Add rows and solve again; whether it could be solved."""
        if self._solver is None:
            self._solver = self._opened(fresh)
        else:
            starts = np.cumsum([0, *(len(row) for row in fresh)])[:-1]
            columns = np.concatenate(fresh)
            self._solver.addRows(
                len(fresh), np.ones(len(fresh)), np.full(len(fresh), INFINITY), len(columns),
                starts.astype(np.int32), columns.astype(np.int32), np.ones(len(columns)),
            )  # fmt: skip
        self._rows += fresh
        self._slack_for += [0] * len(fresh)
        run(self._solver, deadline - search_clock())
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return False
        solution = self._solver.getSolution()
        self.share = np.clip(np.array(solution.col_value), 0.0, 1.0)
        self._relaxed = self._solver.getInfo().objective_function_value * self._scale
        self._reduced = np.array(solution.col_dual) * self._scale
        self._raise(self._relaxed)
        self._drop_slack(self._solver, np.array(solution.row_value))
        return True

    def _raise(self, bound: float) -> None:
        self.bound = max(self.bound, bound - TOLERANCE * abs(bound) / 2)

    def _opened(self, rows: list[Ints]) -> highspy.Highs:
        n, ends = len(self._cost), np.cumsum([0, *(len(row) for row in rows)])
        columns = np.concatenate(rows)
        program = Program(
            cost=self._cost / self._scale,
            rows=csr_array((np.ones(len(columns)), columns, ends), shape=(len(rows), n)),
            lower=np.ones(len(rows)), upper=np.full(len(rows), INFINITY),
            most=np.ones(n), is_whole=np.zeros(n, dtype=bool),
        )  # fmt: skip
        return open_solver(program, gap=0.0)

    def _drop_slack(self, solver: highspy.Highs, activity: Floats) -> None:
        """Drop rows that have long been slack, where they are many."""
        is_slack = activity > 1.0 + TOLERANCE
        pairs = zip(self._slack_for, is_slack.tolist(), strict=True)
        self._slack_for = [n + 1 if slack else 0 for n, slack in pairs]
        old = [row for row, n in enumerate(self._slack_for) if n >= _PATIENCE]
        if len(old) <= _MOST_SLACK * len(self._rows):
            return
        solver.deleteRows(len(old), np.array(old, dtype=np.int32))
        keep = np.ones(len(self._rows), dtype=bool)
        keep[old] = False
        kept = np.flatnonzero(keep).tolist()
        self._rows = [self._rows[row] for row in kept]
        self._slack_for = [self._slack_for[row] for row in kept]
