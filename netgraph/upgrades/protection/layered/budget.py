"""Which sites a budget is enough for on the layered plant, so that their weight is greatest.

max sum w y, with sum of x over the options that leave any part with a site and without its centre
>= y of the site, whatever one failure is to be survived, and sum c x <= budget. Rows come as in
:mod:`netgraph.upgrades.protection.layered.relaxation`. Two routes without a common risk survive
every failure and cost no less, so that no plan within the budget weighs more than the bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, vstack

from netgraph.diversity.compiled import search_clock
from netgraph.diversity.integer_programs import INFINITY, Program
from netgraph.upgrades.protection.layered.web import Walker
from netgraph.upgrades.solver import solve
from netgraph.upgrades.stopping import is_stop_asked

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.layered.reduction import ReducedPlant

    Floats = NDArray[np.float64]

_SHORT = 1e-3  # a row that is short by less is not violated
_TOLERANCE = 1e-6


class BudgetProgram:
    """The program with its rows so far.

    Parameters
    ----------
    site_of_demand
        Site of each demand; a site counts only with all of its demands.
    weight
        Of each site, 0 or more.

    Attributes
    ----------
    bound
        What no plan within the budget weighs more than.
    is_chosen
        Sites of the best choice so far, by the program alone; shape (sites,).
    """

    def __init__(
        self, plant: ReducedPlant, site_of_demand: Ints, weight: Floats, budget_yuan: float
    ) -> None:
        self._plant, self._walker = plant, Walker(plant.web)
        self._site, self._weight, self._budget = site_of_demand, weight, budget_yuan
        self._cost = plant.cost_yuan[: plant.n_options]
        self._rows: dict[tuple[int, bytes], Ints] = {}
        self.bound = float(weight.sum())
        self.is_chosen = np.ones(len(weight), dtype=bool)
        self.is_chosen[site_of_demand[[demand for _, demand in plant.pairs]]] = False

    def run(self, deadline: float, tell: Callable[[], None]) -> None:
        """Relax, then choose whole sites, until nothing is missed or the time is up."""
        for whole in (False, True):
            found = True
            while found and search_clock() < deadline and not is_stop_asked():
                x, y, is_solved = self._solve(deadline - search_clock(), whole=whole)
                found = is_solved and self._cut(x, y, deadline)
                tell()
                if whole and is_solved and not found and search_clock() < deadline:
                    self.is_chosen = y > 0.5

    def _cut(self, share: Floats, y: Floats, deadline: float) -> bool:
        """Add the rows that a solution misses; whether there are any."""
        before = len(self._rows)
        whole = np.append(share, np.ones(len(self._plant.web.u) - len(share)))
        for risk, demand in self._plant.pairs:
            site = int(self._site[demand])
            if y[site] <= _SHORT:
                continue
            if search_clock() >= deadline or is_stop_asked():
                return True
            row = self._walker.least_cut(demand, whole, self._plant.risk_edges.row(risk))
            if row is not None and share[row].sum() < y[site] - _SHORT:
                self._rows.setdefault((site, row.tobytes()), row)
        return len(self._rows) > before

    def _solve(self, seconds: float, *, whole: bool) -> tuple[Floats, Floats, bool]:
        n, n_sites = len(self._cost), len(self._weight)
        rows, low, high = self._limits()
        answer = solve(
            Program(
                cost=np.append(np.zeros(n), -self._weight), rows=rows, lower=low, upper=high,
                most=np.ones(n + n_sites), is_whole=np.full(n + n_sites, whole),
            ),
            gap=0.0, seconds=seconds,
        )  # fmt: skip
        if np.isfinite(answer.bound):
            self.bound = min(self.bound, -answer.bound + _TOLERANCE / 2)
        if answer.x is None:
            return np.zeros(n), np.zeros(n_sites), False
        x = np.clip(answer.x, 0.0, 1.0)
        return x[:n], x[n:], True

    def _limits(self) -> tuple[csr_array, Floats, Floats]:
        """Cut rows, and the row of all money."""
        n, n_sites, lines = len(self._cost), len(self._weight), list(self._rows.items())
        nothing, shape = np.empty(0), (len(lines), n + n_sites)
        ends = np.cumsum([0, *(len(row) + 1 for _, row in lines)])
        columns = [np.append(row, n + site) for (site, _), row in lines]
        signs = [np.append(np.ones(len(row)), -1.0) for _, row in lines]
        cuts = csr_array(
            (np.concatenate([nothing, *signs]),
             np.concatenate([nothing, *columns]).astype(np.int64), ends), shape=shape,
        )  # fmt: skip
        # HiGHS works to absolute tolerances: keep the numbers near one.
        scale = max(float(self._cost.max(initial=0.0)), 1e-9)
        money = np.append(self._cost, np.zeros(n_sites))[np.newaxis, :] / scale
        low = np.append(np.zeros(len(lines)), -INFINITY)
        high = np.append(np.full(len(lines), INFINITY), self._budget / scale)
        return csr_array(vstack([cuts, csr_array(money)], format="csr")), low, high
