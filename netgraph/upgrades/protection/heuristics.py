"""Plans that are feasible but not proven: built duty by duty, then pruned.

They bound the optimum from above, and are the answer where time runs out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from netgraph.upgrades.protection.duty import CENTRE, SITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.duty import Duty

_NOTHING = 1e-6  # yuan: a sparse graph has no edges of no weight


def complete(
    duties: Sequence[Duty], cost_yuan: NDArray[np.float64], is_chosen: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Add to a plan, duty by duty, the options on the cheapest way to meet it.

    Parameters
    ----------
    cost_yuan
        What an option counts, shape (edges,); options of the plan count nothing.
    is_chosen
        The plan to start from, shape (edges,).

    Returns
    -------
    ndarray of bool, shape (edges,)
        A plan that meets all duties; one shortest route a duty.
    """
    plan = is_chosen.copy()
    for duty in duties:
        if not duty.is_met(plan):
            plan[cheapest_way(duty, np.where(plan, 0.0, cost_yuan))] = True
    return plan


def prune(
    duties: Sequence[Duty], cost_yuan: NDArray[np.float64], is_chosen: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Drop options that no duty needs, the dearest first, equal ones by number."""
    plan = is_chosen.copy()
    touching: dict[int, list[int]] = {}
    for i, duty in enumerate(duties):
        for option in np.unique(duty.option[plan[duty.option]]).tolist():
            touching.setdefault(option, []).append(i)
    chosen = np.flatnonzero(plan)
    for option in chosen[np.argsort(-cost_yuan[chosen], kind="stable")].tolist():
        plan[option] = False
        if not all(duties[i].is_met(plan) for i in touching.get(option, ())):
            plan[option] = True
    return plan


def cheapest_way(duty: Duty, cost_yuan: NDArray[np.float64]) -> Ints:
    """Options on the cheapest route from the site's part to the centre's."""
    weight = cost_yuan[duty.option] + _NOTHING
    low, high = np.minimum(duty.u, duty.v), np.maximum(duty.u, duty.v)
    # Of parallel options only the cheapest counts (a sparse matrix would add them up).
    order = np.lexsort((weight, high, low))
    key = low[order] * duty.n_parts + high[order]
    best = order[np.unique(key, return_index=True)[1]]
    shape = (duty.n_parts, duty.n_parts)
    graph = coo_array((weight[best], (low[best], high[best])), shape=shape).tocsr()
    before = dijkstra(graph, directed=False, indices=[SITE], return_predecessors=True)[1][0]
    at = dict(zip((low[best] * duty.n_parts + high[best]).tolist(), best.tolist(), strict=True))
    route, node = [], CENTRE
    while node != SITE:
        a, b = sorted((node, int(before[node])))
        route.append(duty.option[at[a * duty.n_parts + b]])
        node = int(before[node])
    return np.array(route, dtype=np.int64)
