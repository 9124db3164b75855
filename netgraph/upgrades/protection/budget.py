"""The best plan for a given sum: which sites to protect, so that their weight is greatest.

max sum w y, with sum of x over the options that leave a part >= y of every demand behind it, and
sum c x <= budget. Rows are generated as in :mod:`netgraph.upgrades.protection.solve`; for the
sites chosen the least-cost plan is then found there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, vstack

from netgraph.diversity.integer_programs import INFINITY, Program
from netgraph.upgrades.protection.cuts import first_rows, rows_of_parts, violated_rows
from netgraph.upgrades.protection.heuristics import complete, prune
from netgraph.upgrades.protection.solve import Solution, solve
from netgraph.upgrades.solver import solve as solve_program
from netgraph.upgrades.stopping import is_stop_asked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.duty import Duty

_TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False)
class BudgetSolution:
    """What a budget buys.

    Attributes
    ----------
    is_protected
        Sites whose duties the plan meets; shape (sites,).
    plan
        The least-cost plan for these sites.
    weight, weight_bound
        Weight of these sites, and what no plan within the budget exceeds.
    """

    is_protected: NDArray[np.bool_]
    plan: Solution
    weight: float
    weight_bound: float


def solve_budget(
    duties: Sequence[Duty], cost_yuan: NDArray[np.float64], site_of_demand: Ints,
    weight: NDArray[np.float64], budget_yuan: float, *, seconds: float = 300.0,
) -> BudgetSolution:  # fmt: skip
    """Choose the sites of the greatest weight whose duties can be met within a budget.

    Exact if it ends in time, else the best choice found with a bound.

    Parameters
    ----------
    site_of_demand
        Site of each demand; a site counts only with all of its demands.
    weight
        Of each site, 0 or more.
    """
    search = _BudgetSearch(duties, cost_yuan, site_of_demand, weight, budget_yuan)
    deadline = time.monotonic() + seconds
    search.run(deadline - 0.2 * seconds)
    left = max(deadline - time.monotonic(), 0.0)
    plan = solve(search.duties_of(search.best), cost_yuan, seconds=left)
    reached = float(weight[search.best].sum())
    is_proven = search.bound <= reached + _TOLERANCE
    bound = reached if is_proven else search.bound
    return BudgetSolution(search.best, plan, reached, bound)


class _BudgetSearch:
    def __init__(
        self, duties: Sequence[Duty], cost_yuan: NDArray[np.float64], site_of_demand: Ints,
        weight: NDArray[np.float64], budget_yuan: float,
    ) -> None:  # fmt: skip
        self._duties, self._cost, self._weight = duties, cost_yuan, weight
        self._budget = budget_yuan
        sites = [sorted({int(site_of_demand[d]) for d in duty.demands}) for duty in duties]
        self._sites = sites
        options = [duty.option for duty in duties] or [np.empty(0, dtype=np.int64)]
        self._columns = np.unique(np.concatenate(options))
        self._column_of = np.full(len(cost_yuan), -1, dtype=np.int64)
        self._column_of[self._columns] = np.arange(len(self._columns))
        self._rows: dict[tuple[int, bytes], Ints] = {}
        self.bound = float(weight.sum())
        self.best = self._greedy()
        for duty, behind in zip(duties, sites, strict=True):
            self._add(behind, first_rows(duty))

    def duties_of(self, is_protected: NDArray[np.bool_]) -> list[Duty]:
        """Duties that any of some sites asks for."""
        pairs = zip(self._duties, self._sites, strict=True)
        return [duty for duty, sites in pairs if is_protected[sites].any()]

    def run(self, deadline: float) -> None:
        """Relax, then choose whole sites, until nothing is missed, time is up, or a stop asked."""
        found = True
        while found and time.monotonic() < deadline and not is_stop_asked():
            x, y, is_solved = self._program(whole=False, seconds=deadline - time.monotonic())
            found = is_solved and self._cut_share(x, y)
        while time.monotonic() < deadline and not (self._is_done() or is_stop_asked()):
            x, y, is_solved = self._program(whole=True, seconds=deadline - time.monotonic())
            if not is_solved or not self._cut_plan(x > 0.5, y > 0.5):
                return

    def _is_done(self) -> bool:
        return bool(self._weight[self.best].sum() >= self.bound - _TOLERANCE)

    def _cut_share(self, share: NDArray[np.float64], y: NDArray[np.float64]) -> bool:
        before = len(self._rows)
        for duty, sites in zip(self._duties, self._sites, strict=True):
            self._add(sites, violated_rows(duty, share, float(y[sites].max())))
        return len(self._rows) > before

    def _cut_plan(self, plan: NDArray[np.bool_], chosen: NDArray[np.bool_]) -> bool:
        """Add the rows that a choice misses; keep what it affords."""
        before = len(self._rows)
        for duty, sites in zip(self._duties, self._sites, strict=True):
            if chosen[sites].any():
                self._add(sites, rows_of_parts(duty, plan))
        self._keep(chosen, plan)
        return len(self._rows) > before

    def _keep(self, chosen: NDArray[np.bool_], start: NDArray[np.bool_]) -> None:
        """Take a choice of sites if a plan for it is within the budget and it weighs more."""
        duties = self.duties_of(chosen)
        plan = prune(duties, self._cost, complete(duties, self._cost, start))
        is_better = self._weight[chosen].sum() > self._weight[self.best].sum()
        if is_better and self._cost[plan].sum() <= self._budget + _TOLERANCE:
            self.best = chosen

    def _greedy(self) -> NDArray[np.bool_]:
        """Sites one after the other, by weight a yuan on their own, as long as money lasts."""
        needy = {site for sites in self._sites for site in sites}
        best = np.array([site not in needy for site in range(len(self._weight))], dtype=bool)
        plan = np.zeros(len(self._cost), dtype=bool)
        for site in sorted(needy, key=lambda s: (-self._value(s), s)):
            with_it = best.copy()
            with_it[site] = True
            more = complete(self.duties_of(with_it), self._cost, plan)
            if self._cost[more].sum() <= self._budget:
                best, plan = with_it, more
        return best

    def _value(self, site: int) -> float:
        mine = [d for d, sites in zip(self._duties, self._sites, strict=True) if site in sites]
        nothing = np.zeros(len(self._cost), dtype=bool)
        cost = float(self._cost[complete(mine, self._cost, nothing)].sum())
        return float(self._weight[site]) / max(cost, 1e-9)

    def _add(self, sites: list[int], rows: list[Ints]) -> None:
        for row in rows:
            for site in sites:
                self._rows.setdefault((site, row.tobytes()), row)

    def _rows_of(self) -> tuple[csr_array, NDArray[np.float64], NDArray[np.float64]]:
        lines: list[tuple[int, Ints]] = [(s, row) for (s, _), row in self._rows.items()]
        n, n_sites = len(self._columns), len(self._weight)
        ends = np.cumsum([0, *(len(row) + 1 for _, row in lines)])
        parts = [np.append(self._column_of[row], n + site) for site, row in lines]
        signs = [np.append(np.ones(len(row)), -1.0) for _, row in lines]
        nothing = [np.empty(0)]
        shape = (len(lines), n + n_sites)
        cuts = csr_array(
            (np.concatenate(signs or nothing),
             np.concatenate(parts or nothing).astype(np.int64), ends), shape=shape,
        )  # fmt: skip
        cost = np.append(self._cost[self._columns], np.zeros(n_sites))
        scale = max(float(cost.max(initial=0.0)), 1e-9)
        low = np.append(np.zeros(len(lines)), -INFINITY)
        high = np.append(np.full(len(lines), INFINITY), self._budget / scale)
        rows = vstack([cuts, csr_array(cost[None, :] / scale)], format="csr")
        return csr_array(rows), low, high

    def _program(
        self, *, whole: bool, seconds: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], bool]:
        n, n_sites = len(self._columns), len(self._weight)
        rows, low, high = self._rows_of()
        answer = solve_program(
            Program(
                cost=np.append(np.zeros(n), -self._weight), rows=rows, lower=low, upper=high,
                most=np.ones(n + n_sites), is_whole=np.full(n + n_sites, whole),
            ),
            gap=0.0, seconds=seconds,
        )  # fmt: skip
        if np.isfinite(answer.bound):
            self.bound = min(self.bound, -answer.bound + _TOLERANCE / 2)
        share = np.zeros(len(self._cost))
        if answer.x is None:
            return share, np.zeros(n_sites), False
        share[self._columns] = np.clip(answer.x[:n], 0.0, 1.0)
        return share, np.clip(answer.x[n:], 0.0, 1.0), True
