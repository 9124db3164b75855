"""Cheapest flows of a few routes on a core, and what their scarce elements are worth.

Successive shortest paths on the graph whose nodes are split in two, with potentials (Edmonds and
Karp 1972; Ahuja, Magnanti and Orlin, "Network Flows", 1993, section 9.7). The potentials begin as
the exact distances to the sink, so that each search looks only at the length of the detour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.search._core import SINK
from netgraph.diversity.search.heap import EMPTY, drop_least, push

if TYPE_CHECKING:
    from netgraph.diversity.search._core import CoreArrays
    from netgraph.diversity.search._types import Flags, Floats, Ints, Longs

_NONE = -1


class Flow(NamedTuple):
    """Routes of least total length from one start, and the prices that prove it.

    With the prices on arcs and nodes, every route from the start is at least ``to_sink_m`` long
    there, so any k routes that share no priced element are in total at least k times that less the
    sum of all prices, which is the total of these.
    """

    n_routes: int
    total_m: float
    route_ptr: Longs
    route_edges: Ints  # core edges, route by route
    arc_price_m: Floats  # shape (2E,)
    node_price_m: Floats  # shape (N,)
    to_sink_m: Floats  # shape (N,): from a node, its own price paid


@entry
def find_flow(core: CoreArrays, start: int, n_wanted: int, is_free: Flags) -> Flow:
    """Find up to `n_wanted` routes that share no element but free ones, of least total length."""
    n, m = len(core.is_transit), len(core.length_m)
    arc_flow = np.zeros(2 * m, dtype=np.int32)
    node_flow = np.zeros(n, dtype=np.int32)
    potential = np.empty(2 * n)  # 2v where a node is entered, 2v + 1 where it is left
    for v in range(n):
        potential[2 * v] = potential[2 * v + 1] = core.to_sink_m[v]
    found = 0
    while found < n_wanted and _augment(core, start, is_free, arc_flow, node_flow, potential):
        found += 1
    arc_price, node_price = np.zeros(2 * m), np.zeros(n)
    _set_prices(core, is_free, arc_flow, node_flow, potential, (arc_price, node_price))
    route_ptr, route_edges = _routes(core, start, arc_flow, found)
    total = 0.0
    for e in route_edges:
        total += core.length_m[e]
    to_sink = np.empty(n)
    for v in range(n):
        to_sink[v] = potential[2 * v + 1]
    return Flow(found, total, route_ptr, route_edges, arc_price, node_price, to_sink)


@inner
def _augment(
    core: CoreArrays, start: int, is_free: Flags, arc_flow: Ints, node_flow: Ints, potential: Floats
) -> bool:
    """Push one more route along the cheapest way in what is left; return whether there is one.

    An arc moves from where a node is left to where the next is entered, a node the other way about;
    what carries flow can be moved along backwards, at the same length taken off.
    """
    n, m = len(node_flow), len(core.length_m)
    distance = np.empty(2 * n)
    came_from = np.empty(2 * n, dtype=np.int32)
    came_by = np.empty(2 * n, dtype=np.int32)  # an arc, or _NONE for a move through a node
    for x in range(2 * n):
        distance[x] = np.inf
    keys = np.empty(4 * m + 4 * n + 4)
    items = np.empty(4 * m + 4 * n + 4, dtype=np.int64)
    distance[2 * start + 1] = 0.0
    size = push(keys, items, EMPTY, 0.0, 2 * start + 1)
    reach = np.inf
    while size > 0:
        x, key = items[0], keys[0]
        size = drop_least(keys, items, size)
        if key > distance[x]:
            continue
        if x == 2 * SINK:
            reach = key
            break
        v, leaves = x >> 1, x & 1
        through = node_flow[v] > 0 if leaves else is_free[m + v] or node_flow[v] == 0
        if v != start and through and core.is_transit[v]:
            y = x ^ 1
            near = key + potential[y] - potential[x]
            if near < distance[y]:
                distance[y], came_from[y], came_by[y] = near, x, _NONE
                size = push(keys, items, size, near, np.int64(y))
        for k in range(core.indptr[v], core.indptr[v + 1]):
            w, e = core.neighbour[k], core.edge[k]
            arc = 2 * e + (core.u[e] != v)
            if leaves:
                is_open = is_free[e] or arc_flow[arc] == 0
                is_open &= w == SINK or (core.is_transit[w] and w != start)
                y, length = 2 * w, core.length_m[e]
            else:
                arc ^= 1
                is_open = arc_flow[arc] > 0
                y, length = 2 * w + 1, -core.length_m[e]
            near = key + length + potential[y] - potential[x]
            if is_open and near < distance[y]:
                distance[y], came_from[y], came_by[y] = near, x, arc
                size = push(keys, items, size, near, np.int64(y))
    if reach == np.inf:
        return False
    for x in range(2 * n):
        if distance[x] < reach:
            potential[x] += reach - distance[x]
    _push_back(start, came_from, came_by, arc_flow, node_flow)
    return True


@inner
def _push_back(start: int, came_from: Ints, came_by: Ints, arc_flow: Ints, node_flow: Ints) -> None:
    x = 2 * SINK
    while x != 2 * start + 1:
        back = came_from[x]
        forward = 1 if back & 1 else -1
        if came_by[x] == _NONE:
            node_flow[x >> 1] -= forward
        else:
            arc_flow[came_by[x]] += forward
        x = back


@inner
def _set_prices(
    core: CoreArrays,
    is_free: Flags,
    arc_flow: Ints,
    node_flow: Ints,
    potential: Floats,
    prices: tuple[Floats, Floats],
) -> None:
    """Price what is used up by how much the way over it is too short."""
    arc_price, node_price = prices
    for v in range(len(node_flow)):
        for k in range(core.indptr[v], core.indptr[v + 1]):
            w, e = core.neighbour[k], core.edge[k]
            arc = 2 * e + (core.u[e] != v)
            if arc_flow[arc] > 0 and not is_free[e]:
                reduced = core.length_m[e] + potential[2 * w] - potential[2 * v + 1]
                arc_price[arc] = max(0.0, -reduced)
        if node_flow[v] > 0 and not is_free[len(core.length_m) + v]:
            node_price[v] = max(0.0, potential[2 * v] - potential[2 * v + 1])


@inner
def _routes(core: CoreArrays, start: int, arc_flow: Ints, found: int) -> tuple[Longs, Ints]:
    """Walk the flow route by route; an edge used both ways is used by nobody."""
    for e in range(len(core.length_m)):
        both = min(arc_flow[2 * e], arc_flow[2 * e + 1])
        arc_flow[2 * e] -= both
        arc_flow[2 * e + 1] -= both
    n = len(core.is_transit)
    place = np.full(n, _NONE, dtype=np.int32)
    route_ptr = np.zeros(found + 1, dtype=np.int64)
    edges = np.empty(found * n + 1, dtype=np.int32)
    nodes = np.empty(found * n + 1, dtype=np.int32)
    size = 0
    for i in range(found):
        v = start
        place[v] = size
        while v != SINK:
            for k in range(core.indptr[v], core.indptr[v + 1]):
                e = core.edge[k]
                arc = 2 * e + (core.u[e] != v)
                if arc_flow[arc] > 0:
                    arc_flow[arc] -= 1
                    break
            w = core.neighbour[k]
            if place[w] != _NONE:  # a loop, of no length
                while size > place[w]:
                    size -= 1
                    place[nodes[size]] = _NONE
            else:
                edges[size], nodes[size] = e, w
                size += 1
            place[w] = size
            v = w
        for j in range(route_ptr[i], size):
            place[nodes[j]] = _NONE
        place[start] = _NONE
        route_ptr[i + 1] = size
    return route_ptr, edges[:size].copy()
