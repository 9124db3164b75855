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

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.search._tree import (
    BEST_A,
    BEST_B,
    MOST_TRIED,
    N_EXPANDED,
    N_NODES,
    N_OPEN,
    N_ROUTES,
    N_STEPS,
    PLAIN,
    PRICED,
    find_route,
    forbid,
    keep_route,
    length_of,
    list_items,
    new_space,
)
from netgraph.diversity.search.heap import drop_least, push

if TYPE_CHECKING:
    from netgraph.diversity.search._core import CoreArrays
    from netgraph.diversity.search._tree import Space, Task, Tree

_NONE = -1
# Numbers that are handed on: numba compiles one more version for every number written out.
_FIRST, _SECOND = np.int64(0), np.int64(1)
_TAKE, _GIVE_BACK = np.int64(1), np.int64(-1)

# What a call of the kernel ends with.
DONE, PAUSED, FULL = 0, 1, 2

# Columns of the tree's nodes.
_PARENT, _SIDE, _ITEM, _ROUTES = 0, 1, 2, 3  # four routes: plain 0, plain 1, priced 0, priced 1


@entry
def branch(core: CoreArrays, task: Task, tree: Tree, n_steps: int, n_most: int) -> int:
    """Expand up to `n_steps` nodes of the tree; stop for good when it has expanded `n_most`."""
    space = new_space(core)
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
def _forbid_all(core: CoreArrays, tree: Tree, space: Space, at: int, times: int) -> None:
    """Forbid all that a node of the tree forbids, or allow it again."""
    while tree.nodes[at, _ITEM] != _NONE:
        forbid(core, space, tree.nodes[at, _SIDE], tree.nodes[at, _ITEM], times)
        at = tree.nodes[at, _PARENT]


@inner
def _list_shared(core: CoreArrays, task: Task, tree: Tree, space: Space, a: int, b: int) -> int:
    """List in row 0 the items that both routes use and may not share; return how many."""
    n_listed = list_items(core, task, tree, space, b, _FIRST)
    list_items(core, task, tree, space, a, _SECOND)
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
    for mode in (PRICED, PLAIN):
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
        forbid(core, space, side, item, _TAKE)
        _add_child(core, task, tree, space, at, side, item)
        forbid(core, space, side, item, _GIVE_BACK)


@inner
def _complete(core: CoreArrays, task: Task, tree: Tree, space: Space, at: int, side: int) -> None:
    """Try the shortest route that shares nothing with the node's priced route of this side."""
    route = tree.nodes[at, _ROUTES + 2 * PRICED + side]
    n_listed = list_items(core, task, tree, space, route, _FIRST)
    for k in range(n_listed):
        forbid(core, space, 1 - side, space.listed[0, k], _TAKE)
    limit = tree.best_m[0] - length_of(core, tree, route)
    reach = find_route(core, task, space, 1 - side, PLAIN, limit)
    if reach < limit:
        _offer(core, tree, route, keep_route(core, task, tree, space, reach))
    for k in range(n_listed):
        forbid(core, space, 1 - side, space.listed[0, k], _GIVE_BACK)


@inner
def _offer(core: CoreArrays, tree: Tree, a: int, b: int) -> None:
    """Keep a pair that shares nothing if it is the shortest so far."""
    total = length_of(core, tree, a) + length_of(core, tree, b)
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
    n_tried = min(1 + tree.counts[N_EXPANDED], MOST_TRIED, n_shared)
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
            forbid(core, space, side, space.tried[i], _TAKE)
            bound = _child_bound(core, task, tree, space, at, side)
            forbid(core, space, side, space.tried[i], _GIVE_BACK)
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
    for mode in (PLAIN, PRICED):
        if mode == PRICED and not task.is_priced:
            break
        off = task.all_prices_m if mode == PRICED else 0.0
        other = tree.nodes[at, _ROUTES + 2 * mode + 1 - side]
        limit = tree.best_m[0] + off - tree.route_m[other]
        list_items(core, task, tree, space, other, _SECOND)
        reach = find_route(core, task, space, side, mode, limit)
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
    for mode in (PLAIN, PRICED):
        route = tree.nodes[child, _ROUTES + side]
        if mode == PLAIN or task.is_priced:
            off = task.all_prices_m if mode == PRICED else 0.0
            other = tree.nodes[at, _ROUTES + 2 * mode + 1 - side]
            limit = tree.best_m[0] + off - tree.route_m[other]
            list_items(core, task, tree, space, other, _SECOND)
            reach = find_route(core, task, space, side, mode, limit)
            if reach >= limit:
                return
            bound = max(bound, reach + tree.route_m[other] - off)
            route = keep_route(core, task, tree, space, reach)
        tree.nodes[child, _ROUTES + 2 * mode + side] = route
        tree.nodes[child, _ROUTES + 2 * mode + 1 - side] = tree.nodes[
            at, _ROUTES + 2 * mode + 1 - side
        ]
    tree.nodes[child, _PARENT] = at
    tree.nodes[child, _SIDE], tree.nodes[child, _ITEM] = side, item
    tree.bound_m[child] = bound
    tree.counts[N_NODES] += 1
    tree.counts[N_OPEN] = push(tree.open_keys, tree.open_items, tree.counts[N_OPEN], bound, child)
