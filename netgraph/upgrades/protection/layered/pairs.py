"""Two routes without a common risk for every demand, with the least new cable and plant besides.

To survive any one failure is a little less than to have two such routes, and what is there already
costs nothing to ride on twice. So each demand gets its cheapest pair: what other demands lay or
build is free to it. The searches are exact for one demand beside the others; which of them goes
first matters, so that each is asked again, as long as that saves money and there is time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import search_clock
from netgraph.diversity.search.graph import build_graph
from netgraph.diversity.search.risk_pairs import find_risk_disjoint_pair
from netgraph.diversity.search.risks import build_risks
from netgraph.topology.csr import csr_of_pairs, gather, unique_rows
from netgraph.upgrades.stopping import is_stop_asked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netgraph.diversity.search.risks import RiskIndex
    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.layered.reduction import ReducedPlant

_SECONDS, _NODES = 2.0, 1000  # for one search
_STEP_YUAN = 1.0  # an edge that costs nothing: of equal pairs the one of fewer steps
_PASSES = 2


@dataclass(frozen=True, eq=False)
class ReducedPair:
    """Two routes of a demand as edges of the reduced plant, from the site."""

    first: Ints
    second: Ints

    def options(self, n_options: int) -> Ints:
        """Edges of both that cost money."""
        edges = np.unique(np.append(self.first, self.second))
        return edges[edges < n_options]


class PairFinder:
    """Finds pairs for one demand after another."""

    def __init__(self, plant: ReducedPlant) -> None:
        self._plant, self._cost = plant, plant.cost_yuan[: plant.n_options]
        self._risks = _risk_index(plant)

    def find(self, plan: NDArray[np.bool_], deadline: float) -> Mapping[int, ReducedPair]:
        """Find a pair for every demand; what a plan holds is free at first.

        A demand has none where there is no pair, or the time did not suffice to find one.
        """
        demands = sorted({demand for _, demand in self._plant.pairs})
        found: dict[int, ReducedPair] = {}
        free = plan.copy()
        for demand in demands:
            if self._is_over(deadline):
                break
            # Most find their routes over what is planned, which is soon looked through.
            pair = self.cheapest(demand, free, deadline, only=free) or self.cheapest(
                demand, free, deadline
            )
            if pair is not None:
                found[demand] = pair
                free[pair.options(len(free))] = True
        for _ in range(_PASSES):
            if not self._improve(found, deadline):
                break
        return found

    def _improve(self, found: dict[int, ReducedPair], deadline: float) -> bool:
        """Ask each demand again beside what the others use; whether that saved anything."""
        n = len(self._cost)
        uses = np.zeros(n, dtype=np.int64)
        for pair in found.values():
            uses[pair.options(n)] += 1
        is_better = False
        own = {d: float(self._cost[(o := p.options(n))][uses[o] == 1].sum())
               for d, p in found.items()}  # fmt: skip
        for demand in sorted(own, key=lambda d: (-own[d], d)):
            if own[demand] <= 0.0 or self._is_over(deadline):
                break
            before = found[demand].options(n)
            uses[before] -= 1
            again = self.cheapest(demand, uses > 0, deadline)
            after = before if again is None else again.options(n)
            paid = [float(self._cost[o[uses[o] == 0]].sum()) for o in (before, after)]
            if again is not None and paid[1] < paid[0] - _STEP_YUAN:
                found[demand], is_better = again, True
            else:
                after = before
            uses[after] += 1
        return is_better

    def cheapest(
        self, demand: int, free: NDArray[np.bool_], deadline: float,
        only: NDArray[np.bool_] | None = None,
    ) -> ReducedPair | None:  # fmt: skip
        """Find the cheapest pair, over some of the options only if so asked."""
        web, n = self._plant.web, len(self._cost)
        yuan = np.append(np.where(free, 0.0, self._cost), np.zeros(len(web.u) - n)) + _STEP_YUAN
        graph = build_graph(web.n_nodes, web.u, web.v, yuan, is_transit=~web.is_closed)
        shut = web.is_private.copy()
        shut[web.own.row(demand)] = False
        if only is not None:
            shut[:n] = ~only
        answer = find_risk_disjoint_pair(
            graph.without(edges=np.flatnonzero(shut)), int(web.source[demand]),
            web.sinks.row(demand), self._risks, otherwise=True, node_limit=_NODES,
            seconds=min(_SECONDS, max(deadline - search_clock(), 0.1)),
        )  # fmt: skip
        if not answer.has_pair:
            return None
        first, second = (route.astype(np.int64) for route in answer.routes)
        return ReducedPair(first, second)

    @staticmethod
    def _is_over(deadline: float) -> bool:
        return search_clock() >= deadline or is_stop_asked()


def _risk_index(plant: ReducedPlant) -> RiskIndex:
    """All that takes out more than one edge or node of the reduced plant."""
    layered, web = plant.plant, plant.web
    values, owners = gather(layered.elements, plant.parts.indices)
    rows = unique_rows(csr_of_pairs(plant.parts.owners[owners], values, len(plant.parts)))
    at_node = layered.model.layer.node_elements
    of_node, node = gather(at_node, plant.nodes)
    counts = np.bincount(rows.indices, minlength=layered.n_elements)
    counts += np.bincount(of_node, minlength=layered.n_elements)
    number = np.where(counts > 1, np.cumsum(counts > 1) - 1, -1)
    graph = build_graph(web.n_nodes, web.u, web.v, np.ones(len(web.u)), is_transit=~web.is_closed)
    on_edge, on_node = number[rows.indices] >= 0, number[of_node] >= 0
    return build_risks(
        graph, int(number.max(initial=-1)) + 1,
        (number[rows.indices[on_edge]], rows.owners[on_edge]),
        (number[of_node[on_node]], node[on_node]),
    )  # fmt: skip
