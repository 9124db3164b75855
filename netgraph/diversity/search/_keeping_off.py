"""The route that keeps off some items of a core: of least weight first, then the shortest.

Dijkstra with two keys, the second of which counts where the first are equal; then the least node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.search._core import SINK

if TYPE_CHECKING:
    from netgraph.diversity.search._core import CoreArrays
    from netgraph.diversity.search._types import Flags, Floats, Ints

_NONE = -1


@entry
def keep_off(core: CoreArrays, start: int, weight: Floats, is_shut: Flags) -> Ints:
    """Return the core edges of the route from a core node; none where it reaches no sink.

    Parameters
    ----------
    weight
        What it costs to use each item (core edges, core nodes, core classes). An element costs its
        own weight and that of each of its classes; the sink costs nothing.
    is_shut
        Arcs that the route may not take, shape (2E,).
    """
    n, m = len(core.is_transit), len(core.length_m)
    dear = _weigh_elements(core, weight, n + m)
    cost, metres = np.full(n, np.inf), np.full(n, np.inf)
    came_by = np.full(n, _NONE, dtype=np.int32)
    heap, nodes = np.empty((len(core.edge) + 1, 2)), np.empty(len(core.edge) + 1, dtype=np.int32)
    cost[start] = metres[start] = heap[0, 0] = heap[0, 1] = 0.0
    nodes[0] = start
    size = 1
    while size > 0:
        at, at_cost, at_metres = nodes[0], heap[0, 0], heap[0, 1]
        size = _drop(heap, nodes, size)
        if at == SINK:
            return _walk_back(core, start, came_by)
        is_stale = at_cost > cost[at] or (at_cost == cost[at] and at_metres > metres[at])
        if is_stale or (at != start and not core.is_transit[at]):
            continue
        for k in range(core.indptr[at], core.indptr[at + 1]):
            e, other = core.edge[k], core.neighbour[k]
            arc = 2 * e + (core.u[e] != at)
            if other == start or is_shut[arc]:
                continue
            reach, reach_m = at_cost + dear[e], at_metres + core.length_m[e]
            if other != SINK:
                reach += dear[m + other]
            if reach < cost[other] or (reach == cost[other] and reach_m < metres[other]):
                cost[other], metres[other], came_by[other] = reach, reach_m, e
                size = _push(heap, nodes, size, reach, reach_m, other)
    return np.empty(0, dtype=np.int32)


@inner
def _weigh_elements(core: CoreArrays, weight: Floats, n_elements: int) -> Floats:
    dear = np.empty(n_elements)
    for x in range(n_elements):
        total = weight[x]
        for k in range(core.element_ptr[x], core.element_ptr[x + 1]):
            total += weight[n_elements + core.element_class[k]]
        dear[x] = total
    return dear


@inner
def _walk_back(core: CoreArrays, start: int, came_by: Ints) -> Ints:
    """Return the edges from the start to the sink."""
    n_edges = 0
    node = SINK
    while node != start:
        e = came_by[node]
        node = core.u[e] + core.v[e] - node
        n_edges += 1
    route = np.empty(n_edges, dtype=np.int32)
    node = SINK
    while node != start:
        e = came_by[node]
        n_edges -= 1
        route[n_edges] = e
        node = core.u[e] + core.v[e] - node
    return route


@inner
def _push(heap: Floats, nodes: Ints, size: int, cost: float, metres: float, node: int) -> int:
    """Add a node and return the new size; the arrays must have room for it."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if not _is_less(cost, metres, node, heap[above, 0], heap[above, 1], nodes[above]):
            break
        heap[at, 0], heap[at, 1], nodes[at] = heap[above, 0], heap[above, 1], nodes[above]
        at = above
    heap[at, 0], heap[at, 1], nodes[at] = cost, metres, node
    return size + 1


@inner
def _drop(heap: Floats, nodes: Ints, size: int) -> int:
    """Remove the least, which stands at position 0, and return the new size."""
    last = size - 1
    cost, metres, node = heap[last, 0], heap[last, 1], nodes[last]
    at = 0
    below = 1
    while below < last:
        right = below + 1
        if right < last and _is_less(
            heap[right, 0], heap[right, 1], nodes[right],
            heap[below, 0], heap[below, 1], nodes[below],
        ):  # fmt: skip
            below = right
        if not _is_less(heap[below, 0], heap[below, 1], nodes[below], cost, metres, node):
            break
        heap[at, 0], heap[at, 1], nodes[at] = heap[below, 0], heap[below, 1], nodes[below]
        at = below
        below = 2 * at + 1
    heap[at, 0], heap[at, 1], nodes[at] = cost, metres, node
    return last


@inner
def _is_less(
    cost: float, metres: float, node: int, cost_2: float, metres_2: float, node_2: int
) -> bool:
    if cost != cost_2:
        return cost < cost_2
    if metres != metres_2:
        return metres < metres_2
    return node < node_2
