"""Keep to a budget: choose sites, plan for them, and see what the money is really enough for.

The program of :mod:`netgraph.upgrades.protection.layered.budget` counts what survives any one
failure. Two routes without a common risk may cost more: then sites are left out again, and what is
left of the money goes to others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.upgrades.protection.layered.budget import BudgetProgram
from netgraph.upgrades.protection.layered.pairs import PairFinder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.layered.pairs import ReducedPair
    from netgraph.upgrades.protection.layered.reduction import ReducedPlant
    from netgraph.upgrades.protection.rounds import Limits

_TOLERANCE = 1e-6


@dataclass
class Bought:
    """Options that each demand needs, and the two routes of those that have a pair."""

    needs: dict[int, Ints]
    routes: dict[int, ReducedPair]


class Buyer:
    """Spends a budget on the sites of a plant.

    Parameters
    ----------
    place_of_demand
        Place of the site of each demand.
    """

    def __init__(self, plant: ReducedPlant, place_of_demand: Ints, limits: Limits) -> None:
        self._plant, self._limits = plant, limits
        self._places, self._site = np.unique(place_of_demand, return_inverse=True)
        self._weight = np.array(
            [limits.weights.get(place, 1.0) for place in self._places.tolist()], dtype=float
        )
        self._budget = float(limits.budget_yuan or 0.0)
        self._is_bought = np.ones(len(self._places), dtype=bool)
        self.weight_bound = float(self._weight.sum())

    @property
    def plant(self) -> ReducedPlant:
        """The plant with what the sites bought so far have to survive."""
        pairs = tuple(p for p in self._plant.pairs if self._is_bought[self._site[p[1]]])
        return replace(self._plant, pairs=pairs)

    @property
    def left_out(self) -> frozenset[int]:
        """Places that the money is not enough for."""
        return frozenset(self._places[~self._is_bought].tolist())

    def choose(self, deadline: float) -> None:
        """Choose the sites of the greatest weight that a budget may be enough for."""
        program = BudgetProgram(self._plant, self._site, self._weight, self._budget)
        program.run(deadline, lambda: self._limits.count_risks(0, 1))
        self._is_bought, self.weight_bound = program.is_chosen, program.bound

    def settle(self, bought: Bought, deadline: float) -> bool:
        """Leave sites out until the money is enough, add others; whether the sites changed."""
        before = self._is_bought.copy()
        for demand in range(len(self._site)):
            if not self._is_bought[self._site[demand]]:
                bought.needs.pop(demand, None)
                bought.routes.pop(demand, None)
        while self._yuan(bought.needs.values()) > self._budget + _TOLERANCE:
            self._leave_out(bought)
        finder = PairFinder(self._plant)
        for site in np.argsort(-self._weight, kind="stable").tolist():
            if not self._is_bought[site]:
                self._add(site, bought, finder, deadline)
        return bool((before != self._is_bought).any())

    def _leave_out(self, bought: Bought) -> None:
        """Leave out the site that saves most for its weight."""
        whole = self._yuan(bought.needs.values())

        def saved(site: int) -> float:
            rest = [o for d, o in bought.needs.items() if self._site[d] != site]
            return (whole - self._yuan(rest)) / max(float(self._weight[site]), 1e-9)

        site = max(sorted({int(self._site[d]) for d in bought.needs}), key=saved)
        self._is_bought[site] = False
        for demand in np.flatnonzero(self._site == site).tolist():
            bought.needs.pop(demand, None)
            bought.routes.pop(demand, None)

    def _add(self, site: int, bought: Bought, finder: PairFinder, deadline: float) -> None:
        """Add a site if the rest of the money is enough for two routes of each of its demands."""
        n = self._plant.n_options
        free = np.zeros(n, dtype=bool)
        free[np.concatenate([np.empty(0, dtype=np.int64), *bought.needs.values()])] = True
        found: dict[int, ReducedPair] = {}
        for demand in sorted({d for _, d in self._plant.pairs if self._site[d] == site}):
            pair = finder.cheapest(demand, free, deadline)
            if pair is None:
                return
            found[demand] = pair
            free[pair.options(n)] = True
        if self._plant.cost_yuan[:n][free].sum() > self._budget + _TOLERANCE:
            return
        self._is_bought[site] = True
        bought.routes.update(found)
        bought.needs.update({demand: pair.options(n) for demand, pair in found.items()})

    def _yuan(self, options: Iterable[Ints]) -> float:
        rows = np.unique(np.concatenate([np.empty(0, dtype=np.int64), *options]))
        return float(self._plant.cost_yuan[rows].sum())
