"""Exact search for two routes that share no item: branching on what they share, best bound first.

An item is an element of the core (an edge e as e, a node v as E + v) or a class (c as E + N + c).
In every pair that shares nothing, at least one of the two routes avoids any given item. A node of
the tree therefore forbids some items to the first route and some to the second; its bound is the
length of the two routes found one by one, once as they are and once at the prices of the cheapest
element-disjoint pair (see ``_flow``), whichever is more. Where these two routes share an item, the
tree branches: one child forbids it to the first route, the other to the second. The pair has no
order, so the root needs one child only. (Conflict-based search: Sharon, Stern, Felner and
Sturtevant, Artificial Intelligence 219, 2015; the prices are Lagrange multipliers.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.search._core import SINK
from netgraph.diversity.search._heap import EMPTY, drop_least, push

if TYPE_CHECKING:
    from netgraph.diversity.search._core import CoreArrays
    from netgraph.diversity.search._types import Flags, Floats, Ints, Longs

_NONE = -1
# Numbers that are handed on: numba compiles one more version for every number written out.
_PLAIN, _PRICED = np.int64(0), np.int64(1)
_FIRST, _SECOND = np.int64(0), np.int64(1)
_TAKE, _GIVE_BACK = np.int64(1), np.int64(-1)
_MOST_TRIED = 64  # shared items whose children are computed before one is chosen

# What a call of the kernel ends with.
DONE, PAUSED, FULL = 0, 1, 2

# Columns of the tree's nodes.
_PARENT, _SIDE, _ITEM, _ROUTES = 0, 1, 2, 3  # four routes: plain 0, plain 1, priced 0, priced 1
WIDTH = 7

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
def _new_space(core: CoreArrays) -> Space:
    n, m, n_classes = len(core.is_transit), len(core.length_m), len(core.class_ptr) - 1
    return Space(
        np.zeros((2, m + n), dtype=np.int32),
        np.zeros(m + n + n_classes, dtype=np.int32),
        np.zeros(1, dtype=np.int64),
        np.empty((2, m + n + n_classes), dtype=np.int64),
        np.empty(_MOST_TRIED, dtype=np.int64),
        np.empty(n),
        np.zeros((4, n), dtype=np.int32),
        np.zeros(1, dtype=np.int64),
        np.empty(2 * m + 2),
        np.empty(2 * m + 2, dtype=np.int64),
    )


@entry
def branch(core: CoreArrays, task: Task, tree: Tree, n_steps: int, n_most: int) -> int:
    """Expand up to `n_steps` nodes of the tree; stop for good when it has expanded `n_most`."""
    space = _new_space(core)
    n = len(core.is_transit)
    for _ in range(n_steps):
        at = tree.open_items[0]
        is_found = task.takes_any and tree.best_m[0] < np.inf
        if tree.counts[N_OPEN] == 0 or is_found or tree.bound_m[at] >= tree.best_m[0]:
            tree.counts[N_OPEN] = 0
            return DONE
        if tree.counts[N_EXPANDED] >= n_most:
            break
        if (
            tree.counts[N_NODES] + 2 > len(tree.nodes)
            or tree.counts[N_ROUTES] + 8 >= len(tree.route_m)
            or tree.counts[N_STEPS] + 8 * n > len(tree.steps)
        ):
            return FULL
        tree.counts[N_OPEN] = drop_least(tree.open_keys, tree.open_items, tree.counts[N_OPEN])
        tree.counts[N_EXPANDED] += 1
        _forbid_all(core, tree, space, at, _TAKE)
        _expand(core, task, tree, space, at)
        _forbid_all(core, tree, space, at, _GIVE_BACK)
    return DONE if tree.counts[N_OPEN] == 0 else PAUSED


@inner
def _forbid(core: CoreArrays, space: Space, side: int, item: int, times: int) -> None:
    """Forbid an item to one of the two routes, or allow it again."""
    n_elements = space.blocked.shape[1]
    if item < n_elements:
        space.blocked[side, item] += times
        return
    for k in range(core.class_ptr[item - n_elements], core.class_ptr[item - n_elements + 1]):
        space.blocked[side, core.class_element[k]] += times


@inner
def _forbid_all(core: CoreArrays, tree: Tree, space: Space, at: int, times: int) -> None:
    """Forbid all that a node of the tree forbids, or allow it again."""
    while tree.nodes[at, _ITEM] != _NONE:
        _forbid(core, space, tree.nodes[at, _SIDE], tree.nodes[at, _ITEM], times)
        at = tree.nodes[at, _PARENT]


@inner
def _list_items(
    core: CoreArrays, task: Task, tree: Tree, space: Space, route: int, row: int
) -> int:
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
def _list_shared(core: CoreArrays, task: Task, tree: Tree, space: Space, a: int, b: int) -> int:
    """List in row 0 the items that both routes use and may not share; return how many."""
    n_listed = _list_items(core, task, tree, space, b, _FIRST)
    _list_items(core, task, tree, space, a, _SECOND)
    count = 0
    for k in range(n_listed):
        if space.used[space.listed[0, k]] == space.stamp[0]:
            space.listed[0, count] = space.listed[0, k]
            count += 1
    return count


@inner
def _expand(core: CoreArrays, task: Task, tree: Tree, space: Space, at: int) -> None:
    """Look at the two routes of a node: take them, or branch on something that they share."""
    for side in range(2):
        _complete(core, task, tree, space, at, side)
    n_shared = 0
    for mode in (_PRICED, _PLAIN):
        a, b = tree.nodes[at, _ROUTES + 2 * mode], tree.nodes[at, _ROUTES + 2 * mode + 1]
        n_shared = _list_shared(core, task, tree, space, a, b)
        if n_shared > 0:
            break
        _offer(core, tree, a, b)
    if n_shared == 0 or tree.bound_m[at] >= tree.best_m[0]:
        return  # the shortest two routes share nothing: no pair of this part is shorter
    n_sides = 1 if tree.nodes[at, _ITEM] == _NONE else 2
    item = _choose(core, task, tree, space, at, n_shared, n_sides)
    tree.is_branched[item] = True
    for side in range(n_sides):
        _forbid(core, space, side, item, _TAKE)
        _add_child(core, task, tree, space, at, side, item)
        _forbid(core, space, side, item, _GIVE_BACK)


@inner
def _complete(core: CoreArrays, task: Task, tree: Tree, space: Space, at: int, side: int) -> None:
    """Try the shortest route that shares nothing with the node's priced route of this side."""
    route = tree.nodes[at, _ROUTES + 2 * _PRICED + side]
    n_listed = _list_items(core, task, tree, space, route, _FIRST)
    for k in range(n_listed):
        _forbid(core, space, 1 - side, space.listed[0, k], _TAKE)
    limit = tree.best_m[0] - _length(core, tree, route)
    reach = _search(core, task, space, 1 - side, _PLAIN, limit)
    if reach < limit:
        _offer(core, tree, route, _keep(core, task, tree, space, reach))
    for k in range(n_listed):
        _forbid(core, space, 1 - side, space.listed[0, k], _GIVE_BACK)


@inner
def _length(core: CoreArrays, tree: Tree, route: int) -> float:
    total = 0.0
    for k in range(tree.route_ptr[route], tree.route_ptr[route + 1]):
        total += core.length_m[tree.steps[k]]
    return total


@inner
def _offer(core: CoreArrays, tree: Tree, a: int, b: int) -> None:
    """Keep a pair that shares nothing if it is the shortest so far."""
    total = _length(core, tree, a) + _length(core, tree, b)
    if total < tree.best_m[0]:
        tree.best_m[0] = total
        tree.counts[BEST_A], tree.counts[BEST_B] = a, b


@inner
def _choose(
    core: CoreArrays, task: Task, tree: Tree, space: Space, at: int, n_shared: int, n_sides: int
) -> int:
    """Choose, among the shared items with the most elements, the one whose children reach furthest.

    That is: the greater lesser bound, then the greater other one, then the order of the route.
    """
    n_tried = min(1 + tree.counts[N_EXPANDED], _MOST_TRIED, n_shared)
    for i in range(n_tried):  # the items of most elements to the front
        best = i
        for k in range(i + 1, n_shared):
            if _n_elements(core, space, space.listed[0, k]) > _n_elements(
                core, space, space.listed[0, best]
            ):
                best = k
        space.listed[0, i], space.listed[0, best] = space.listed[0, best], space.listed[0, i]
    for i in range(n_tried):
        space.tried[i] = space.listed[0, i]
    chosen = space.tried[0]
    if n_tried == 1:
        return chosen
    best_low = best_high = -np.inf
    for i in range(n_tried):
        low = high = np.inf
        for side in range(n_sides):
            _forbid(core, space, side, space.tried[i], _TAKE)
            bound = _child_bound(core, task, tree, space, at, side)
            _forbid(core, space, side, space.tried[i], _GIVE_BACK)
            if bound == np.inf and n_sides == 2:  # one child at most: nothing to weigh up
                return space.tried[i]
            low, high = min(low, bound), bound if high == np.inf else max(high, bound)
        if low > best_low or (low == best_low and high > best_high):
            best_low, best_high, chosen = low, high, space.tried[i]
    return chosen


@inner
def _n_elements(core: CoreArrays, space: Space, item: int) -> int:
    c = item - space.blocked.shape[1]
    return 1 if c < 0 else core.class_ptr[c + 1] - core.class_ptr[c]


@inner
def _child_bound(
    core: CoreArrays, task: Task, tree: Tree, space: Space, at: int, side: int
) -> float:
    """Return the bound of the child whose item is forbidden just now, infinite if it is closed."""
    bound = tree.bound_m[at]
    for mode in (_PLAIN, _PRICED):
        if mode == _PRICED and not task.is_priced:
            break
        off = task.all_prices_m if mode == _PRICED else 0.0
        other = tree.nodes[at, _ROUTES + 2 * mode + 1 - side]
        limit = tree.best_m[0] + off - tree.route_m[other]
        _list_items(core, task, tree, space, other, _SECOND)
        reach = _search(core, task, space, side, mode, limit)
        if reach >= limit:
            return np.inf
        bound = max(bound, reach + tree.route_m[other] - off)
    return bound


@inner
def _add_child(
    core: CoreArrays, task: Task, tree: Tree, space: Space, at: int, side: int, item: int
) -> None:
    """Open the child whose item is forbidden just now, unless it is closed."""
    child = tree.counts[N_NODES]
    bound = tree.bound_m[at]
    for mode in (_PLAIN, _PRICED):
        route = tree.nodes[child, _ROUTES + side]
        if mode == _PLAIN or task.is_priced:
            off = task.all_prices_m if mode == _PRICED else 0.0
            other = tree.nodes[at, _ROUTES + 2 * mode + 1 - side]
            limit = tree.best_m[0] + off - tree.route_m[other]
            _list_items(core, task, tree, space, other, _SECOND)
            reach = _search(core, task, space, side, mode, limit)
            if reach >= limit:
                return
            bound = max(bound, reach + tree.route_m[other] - off)
            route = _keep(core, task, tree, space, reach)
        tree.nodes[child, _ROUTES + 2 * mode + side] = route
        tree.nodes[child, _ROUTES + 2 * mode + 1 - side] = tree.nodes[
            at, _ROUTES + 2 * mode + 1 - side
        ]
    tree.nodes[child, _PARENT] = at
    tree.nodes[child, _SIDE], tree.nodes[child, _ITEM] = side, item
    tree.bound_m[child] = bound
    tree.counts[N_NODES] += 1
    tree.counts[N_OPEN] = push(tree.open_keys, tree.open_items, tree.counts[N_OPEN], bound, child)


@inner
def _keep(core: CoreArrays, task: Task, tree: Tree, space: Space, reach: float) -> int:
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
def _search(
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
            if mode == _PRICED:
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
