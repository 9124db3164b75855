"""Compiled: the cheapest way over a plant of which some edges are shut."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry
from netgraph.diversity.search.heap import EMPTY, drop_least, push

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints

    Flags = NDArray[np.bool_]


class Ways(NamedTuple):
    """Edges at each node: row by row the edges, and the nodes at their other ends.

    `cost` is of shape (edges,), 0 or more.
    """

    indptr: Ints
    edge: Ints
    neighbour: Ints
    cost: NDArray[np.float64]


@entry
def cheapest_way(ways: Ways, is_shut: Flags, source: int, is_sink: Flags, most: float) -> Ints:
    """Give the edges of the cheapest way from a node to any sink, in order; none if there is none.

    Exact: Dijkstra from the source, until the first sink is settled. A way that costs as much as
    `most` is none.
    """
    n = len(ways.indptr) - 1
    cost = np.full(n, np.inf)
    before = np.full(n, np.int64(-1))
    came_from = np.full(n, np.int64(-1))
    is_settled = np.zeros(n, dtype=np.bool_)
    keys = np.empty(len(ways.edge) + 1)
    items = np.empty(len(ways.edge) + 1, dtype=np.int64)
    cost[source] = 0.0
    size = push(keys, items, EMPTY, 0.0, np.int64(source))
    goal = np.int64(-1)
    while size > 0:
        v = items[0]
        if keys[0] >= most:
            break
        size = drop_least(keys, items, size)
        if is_settled[v]:
            continue
        is_settled[v] = True
        if is_sink[v]:
            goal = v
            break
        for k in range(ways.indptr[v], ways.indptr[v + 1]):
            edge = ways.edge[k]
            if is_shut[edge]:
                continue
            w = ways.neighbour[k]
            yuan = cost[v] + ways.cost[edge]
            if yuan < cost[w]:
                cost[w] = yuan
                before[w] = edge
                came_from[w] = v
                size = push(keys, items, size, yuan, np.int64(w))
    steps = 0
    node = goal
    while node >= 0 and node != source:
        steps += 1
        node = came_from[node]
    found = np.empty(steps, dtype=np.int64)
    node = goal
    while steps > 0:
        steps -= 1
        found[steps] = before[node]
        node = came_from[node]
    return found
