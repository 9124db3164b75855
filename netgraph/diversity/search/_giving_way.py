"""Two routes that give way to each other, again and again, until they share little: a quick try.

One after the other runs anew and keeps off what the other one uses; what both wanted before costs
more each time. (Negotiated congestion: McMurchie and Ebeling, "PathFinder", FPGA 1995.) It proves
nothing, but often finds at once what a search for the shortest such pair comes to late: routes that
share nothing by a long way round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search._keeping_off import keep_off

if TYPE_CHECKING:
    from collections.abc import Callable

    from netgraph.diversity.search._core import CoreGraph
    from netgraph.diversity.search._types import Floats, Ints

_MOST_TURNS, _MOST_VAIN = 40, 8  # in all, and one after another without a better pair
_WANTED = 0.1  # what is not used now costs this share of its weight for each time both wanted it


def give_way(
    core: CoreGraph, start: int, weight: Floats, first: tuple[Ints, Ints],
    offer: Callable[[tuple[Ints, Ints]], bool],
) -> None:  # fmt: skip
    """Let two routes from a core node give way to each other.

    Parameters
    ----------
    weight
        What it costs to share each item.
    first
        Some pair.
    offer
        Called with every pair; returns whether it is good enough.
    """
    routes, items = list(first), [core.items(start, route) for route in first]
    least, best_turn = np.inf, 0
    times_wanted = np.zeros(len(weight))
    is_shut = np.zeros(2 * core.n_edges, dtype=bool)
    for turn in range(_MOST_TURNS):
        side, other = turn % 2, items[1 - turn % 2]
        cost = _WANTED * weight * times_wanted
        cost[other] = weight[other] * (1.0 + times_wanted[other])
        routes[side] = keep_off(core.arrays, start, cost, is_shut)
        items[side] = core.items(start, routes[side])
        if offer((routes[0], routes[1])):
            return
        shared = np.intersect1d(items[0], items[1])
        if weight[shared].sum() < least:
            least, best_turn = weight[shared].sum(), turn
        if turn - best_turn >= _MOST_VAIN:
            return
        times_wanted[shared] += 1.0
