"""Plans on the layered plant that survive what is to be survived: put together, then pruned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.upgrades.protection.layered.web import Walker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.layered.reduction import ReducedPlant

    Pair = tuple[int, int]
    Mask = NDArray[np.bool_]

_NOTHING = 1e-6  # yuan: of equal ways the one of fewer steps


class Planner:
    """Makes plans for everything that is to be survived."""

    def __init__(self, plant: ReducedPlant) -> None:
        self._plant, self._walker = plant, Walker(plant.web)
        self._cost = plant.cost_yuan[: plant.n_options]

    @property
    def costs(self) -> NDArray[np.float64]:
        """Price of each option."""
        return self._cost

    def cost_yuan(self, plan: Mask) -> float:
        """Add up a plan."""
        return float(self._cost[plan].sum())

    def around(self, share: NDArray[np.float64]) -> Mask:
        """Make a plan near a fractional one; one cheapest way a failure, then pruned."""
        start = share > 1.0 - 1e-3
        return self.pruned(self.completed(start, self._cost * (1.0 - share)))

    def completed(self, start: Mask, cost: NDArray[np.float64]) -> Mask:
        """Add the cheapest way for each failure that a plan does not survive."""
        plan, n_there = start.copy(), len(self._plant.web.u) - len(start)
        yuan = np.append(np.where(plan, 0.0, cost), np.zeros(n_there)) + _NOTHING
        for risk, demand in self._plant.pairs:
            way = self._walker.cheapest(demand, yuan, self._plant.risk_edges.row(risk))
            if way is not None:
                way = way[way < len(plan)]
                plan[way] = True
                yuan[way] = _NOTHING
        return plan

    def pruned(self, plan: Mask) -> Mask:
        """Drop options that nothing needs, the dearest first."""
        n = len(plan)
        is_on = np.append(plan, np.ones(len(self._plant.web.u) - n)).astype(float)
        way_of: dict[Pair, set[int]] = {}
        users: dict[int, set[Pair]] = {}
        for pair in self._plant.pairs:
            self._reroute(pair, self._way(pair, is_on), way_of, users)
        chosen = np.flatnonzero(plan)
        for option in chosen[np.argsort(-self._cost[chosen], kind="stable")].tolist():
            is_on[option] = 0.0
            fresh = {}
            for pair in sorted(users.get(option, ())):
                way = self._way(pair, is_on)
                if way is None:
                    is_on[option] = 1.0
                    break
                fresh[pair] = way
            else:
                for pair, way in fresh.items():
                    self._reroute(pair, way, way_of, users)
        return is_on[:n] > 0.0

    def needs(self, plan: Mask) -> Mapping[int, Ints]:
        """Options of a plan that each demand needs by itself, by demand."""
        yuan = np.append(np.where(plan, self._cost, np.inf),
                         np.zeros(len(self._plant.web.u) - len(plan))) + _NOTHING  # fmt: skip
        found: dict[int, set[int]] = {}
        for risk, demand in self._plant.pairs:
            way = self._walker.cheapest(demand, yuan, self._plant.risk_edges.row(risk))
            if way is not None:
                found.setdefault(demand, set()).update(way[way < len(plan)].tolist())
        return {d: np.array(sorted(options), dtype=np.int64) for d, options in found.items()}

    def _way(self, pair: Pair, is_on: NDArray[np.float64]) -> set[int] | None:
        risk, demand = pair
        way = self._walker.route(demand, is_on, self._plant.risk_edges.row(risk))
        return None if way is None else set(way[way < self._plant.n_options].tolist())

    @staticmethod
    def _reroute(
        pair: Pair, way: set[int] | None, way_of: dict[Pair, set[int]],
        users: dict[int, set[Pair]],
    ) -> None:  # fmt: skip
        for option in way_of.pop(pair, ()):
            users[option].discard(pair)
        if way is not None:
            way_of[pair] = way
            for option in way:
                users.setdefault(option, set()).add(pair)
