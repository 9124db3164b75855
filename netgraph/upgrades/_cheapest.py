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
    Floats = NDArray[np.float64]


class Ways(NamedTuple):
    """Edges at each node: row by row the edges, and the nodes at their other ends.

    `cost` is of shape (edges,), 0 or more.
    """

    indptr: Ints
    edge: Ints
    neighbour: Ints
    cost: Floats


@entry
def cheapest_way(
    ways: Ways, is_shut: Flags, starts: Ints, spent: Floats, ahead: Floats, is_sink: Flags,
    most: float,
) -> tuple[Ints, Ints]:  # fmt: skip
    """Give the edges of the cheapest way from a start to any sink, in order; none without one.

    Also gives the nodes that were not known before and now are.

    Exact: A* until the first sink is settled; without a sink, Dijkstra over all that is reached.

    Parameters
    ----------
    starts
        Nodes to start from.
    spent
        What each node costs to reach so far, shape (nodes,): known at the starts, infinite where
        nothing is known. Falls to what it costs from the starts.
    ahead
        What a way from each node to a sink costs at least, shape (nodes,): no more than one edge
        and what is ahead of its other end. Zeros are always right.
    most
        A way that costs as much is none.
    """
    n = len(ways.indptr) - 1
    before = np.empty(n, dtype=np.int64)
    came_from = np.empty(n, dtype=np.int64)
    is_settled = np.zeros(n, dtype=np.bool_)
    keys = np.empty(len(ways.edge) + len(starts))
    items = np.empty(len(ways.edge) + len(starts), dtype=np.int64)
    reached = np.empty(n, dtype=np.int64)
    size, n_reached = EMPTY, 0
    for k in range(len(starts)):
        before[starts[k]] = -1
        size = push(keys, items, size, spent[starts[k]], starts[k])
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
            yuan = spent[v] + ways.cost[edge]
            if yuan < spent[w] and not is_settled[w] and yuan + ahead[w] < most:
                if spent[w] == np.inf:
                    reached[n_reached] = w
                    n_reached += 1
                spent[w] = yuan
                before[w] = edge
                came_from[w] = v
                size = push(keys, items, size, yuan + ahead[w], np.int64(w))
    steps = 0
    node = goal
    while node >= 0 and before[node] >= 0:
        steps += 1
        node = came_from[node]
    found = np.empty(steps, dtype=np.int64)
    node = goal
    while steps > 0:
        steps -= 1
        found[steps] = before[node]
        node = came_from[node]
    return found, reached[:n_reached].copy()


@entry
def is_answered(is_shut: Flags, shut: Ints, way: Ints, yuan: float, most: float) -> bool:
    """Tell whether what was shown with some edges shut holds now.

    All of them are shut again, and the way that was found, for so many yuan, is not; or each way
    would cost too much anyway.
    """
    k = 0
    if yuan < most:
        while k < len(way) and not is_shut[way[k]]:
            k += 1
        if k == 0 or k < len(way):
            return False
    k = 0
    while k < len(shut) and is_shut[shut[k]]:
        k += 1
    return k == len(shut)


@entry
def shut_edges(indptr: Ints, edges: Ints, barred: Ints, is_shut: Flags) -> None:
    """Shut the edges of what is barred: row by row `edges` of each element."""
    for k in range(len(barred)):
        for at in range(indptr[barred[k]], indptr[barred[k] + 1]):
            is_shut[edges[at]] = True


@entry
def open_edges(indptr: Ints, edges: Ints, barred: Ints, is_closed: Flags, is_shut: Flags) -> None:
    """Open them again, but for those that are closed anyway."""
    for k in range(len(barred)):
        for at in range(indptr[barred[k]], indptr[barred[k] + 1]):
            is_shut[edges[at]] = is_closed[edges[at]]
