"""The tree of the branching search, and the routes that it is made of: how they are found and kept.

See ``_branching``. An item is an element of the core (an edge e as e, a node v as E + v) or a class
(c as E + N + c).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import inner
from netgraph.diversity.search._core import SINK
from netgraph.diversity.search.heap import EMPTY, drop_least, push

if TYPE_CHECKING:
    from netgraph.diversity.search._core import CoreArrays
    from netgraph.diversity.search._types import Flags, Floats, Ints, Longs

# Numbers that are handed on: numba compiles one more version for every number written out.
PLAIN, PRICED = np.int64(0), np.int64(1)
MOST_TRIED = 64  # shared items whose children are computed before one is chosen

WIDTH = 7  # columns of the tree's nodes: see ``_branching``

# Counters.
N_NODES, N_OPEN, N_ROUTES, N_STEPS, N_EXPANDED, BEST_A, BEST_B = 0, 1, 2, 3, 4, 5, 6


class Task(NamedTuple):
    """One search: from where, with what prices, and which items may be shared freely."""

    start: int
    is_free: Flags  # by item
    price_m: Floats  # arcs, then nodes, shape (2E + N,)
    to_sink_m: Floats  # plain and priced, shape (2, N)
    all_prices_m: float  # what the prices of a pair's bound sum up to
    is_priced: bool
    takes_any: bool  # whether to stop at the first pair


class Tree(NamedTuple):
    """The tree of the search, kept between calls."""

    counts: Longs
    best_m: Floats  # one number: the best pair so far
    open_keys: Floats  # the heap of open nodes
    open_items: Longs
    nodes: Longs  # shape (capacity, WIDTH)
    bound_m: Floats
    route_ptr: Longs  # routes found, as steps from the start
    route_m: Floats
    steps: Ints
    is_branched: Flags  # by item: whether the tree branches on it


class Space(NamedTuple):
    """Working space of the route searches."""

    blocked: Ints  # how often an element is forbidden, shape (2, E + N)
    used: Ints  # items under a stamp, shape (E + N + C,)
    stamp: Longs  # one number, counted up by every list
    listed: Longs  # two lists of items
    tried: Longs
    distance_m: Floats
    met: Ints  # by node, see the rows below
    turn: Longs  # one number, counted up by every search
    keys: Floats
    items: Longs  # shared elements so far, then the node


_MET_IN, _N_SHARED, _CAME_BY, _SETTLED_IN = 0, 1, 2, 3
_NODE_BITS = 32
_NODE_MASK = (1 << _NODE_BITS) - 1


@inner
def new_space(core: CoreArrays) -> Space:
    n, m, n_classes = len(core.is_transit), len(core.length_m), len(core.class_ptr) - 1
    return Space(
        np.zeros((2, m + n), dtype=np.int32),
        np.zeros(m + n + n_classes, dtype=np.int32),
        np.zeros(1, dtype=np.int64),
        np.empty((2, m + n + n_classes), dtype=np.int64),
        np.empty(MOST_TRIED, dtype=np.int64),
        np.empty(n),
        np.zeros((4, n), dtype=np.int32),
        np.zeros(1, dtype=np.int64),
        np.empty(2 * m + 2),
        np.empty(2 * m + 2, dtype=np.int64),
    )


@inner
def forbid(core: CoreArrays, space: Space, side: int, item: int, times: int) -> None:
    """Forbid an item to one of the two routes, or allow it again."""
    n_elements = space.blocked.shape[1]
    if item < n_elements:
        space.blocked[side, item] += times
        return
    for k in range(core.class_ptr[item - n_elements], core.class_ptr[item - n_elements + 1]):
        space.blocked[side, core.class_element[k]] += times


@inner
def list_items(core: CoreArrays, task: Task, tree: Tree, space: Space, route: int, row: int) -> int:
    """List the items of a route that may not be shared, under a new stamp; return how many."""
    space.stamp[0] += 1
    stamp = space.stamp[0]
    n_edges, n_elements = len(core.length_m), space.blocked.shape[1]
    count = 0
    node = task.start
    for k in range(tree.route_ptr[route], tree.route_ptr[route + 1]):
        e = tree.steps[k]
        node = core.v[e] if core.u[e] == node else core.u[e]
        for element in (np.int64(e), np.int64(n_edges + node)):
            if element == n_edges + SINK:
                continue
            if not task.is_free[element]:
                space.listed[row, count] = element
                space.used[element] = stamp
                count += 1
            for j in range(core.element_ptr[element], core.element_ptr[element + 1]):
                item = n_elements + core.element_class[j]
                if space.used[item] != stamp and not task.is_free[item]:
                    space.listed[row, count] = item
                    space.used[item] = stamp
                    count += 1
    return count


@inner
def length_of(core: CoreArrays, tree: Tree, route: int) -> float:
    total = 0.0
    for k in range(tree.route_ptr[route], tree.route_ptr[route + 1]):
        total += core.length_m[tree.steps[k]]
    return total


@inner
def keep_route(core: CoreArrays, task: Task, tree: Tree, space: Space, reach: float) -> int:
    """Store the route just found and return its number."""
    route = tree.counts[N_ROUTES]
    at = tree.route_ptr[route]
    node = SINK
    while node != task.start:
        e = space.met[_CAME_BY, node]
        tree.steps[at] = e
        at += 1
        node = core.v[e] if core.u[e] == node else core.u[e]
    low, high = tree.route_ptr[route], at - 1
    while low < high:
        tree.steps[low], tree.steps[high] = tree.steps[high], tree.steps[low]
        low += 1
        high -= 1
    tree.route_ptr[route + 1] = at
    tree.route_m[route] = reach
    tree.counts[N_ROUTES] += 1
    tree.counts[N_STEPS] = at
    return route


@inner
def find_route(
    core: CoreArrays, task: Task, space: Space, side: int, mode: int, limit: float
) -> float:
    """Return the length of the shortest allowed route if it is below the limit, else infinity.

    A* towards the sink; of equal routes the one with the fewest elements under the last stamp.
    """
    n_edges = len(core.length_m)
    avoided = space.stamp[0]
    space.turn[0] += 1
    turn = space.turn[0]
    start = task.start
    space.distance_m[start] = 0.0
    space.met[_MET_IN, start], space.met[_N_SHARED, start] = turn, 0
    size = push(space.keys, space.items, EMPTY, task.to_sink_m[mode, start], start)
    while size > 0:
        reach, v = space.keys[0], space.items[0] & _NODE_MASK
        size = drop_least(space.keys, space.items, size)
        if v == SINK:
            return reach
        if space.met[_SETTLED_IN, v] == turn:
            continue
        space.met[_SETTLED_IN, v] = turn
        for k in range(core.indptr[v], core.indptr[v + 1]):
            w, e = core.neighbour[k], core.edge[k]
            node = n_edges + w
            if w == start or not core.is_transit[w] or space.met[_SETTLED_IN, w] == turn:
                continue
            if space.blocked[side, e] > 0 or (w != SINK and space.blocked[side, node] > 0):
                continue
            distance = space.distance_m[v] + core.length_m[e]
            if mode == PRICED:
                distance += task.price_m[2 * e + (core.u[e] != v)] + task.price_m[2 * n_edges + w]
            reach = distance + task.to_sink_m[mode, w]
            if reach >= limit:
                continue
            n_shared = space.met[_N_SHARED, v]
            n_shared += (space.used[e] == avoided) + (space.used[node] == avoided)
            if (
                space.met[_MET_IN, w] != turn
                or distance < space.distance_m[w]
                or (distance == space.distance_m[w] and n_shared < space.met[_N_SHARED, w])
            ):
                space.met[_MET_IN, w], space.met[_N_SHARED, w] = turn, n_shared
                space.met[_CAME_BY, w] = e
                space.distance_m[w] = distance
                item = (np.int64(n_shared) << _NODE_BITS) | np.int64(w)
                size = push(space.keys, space.items, size, reach, item)
    return np.inf
