"""Drive the branching search on a core: prices first, then the tree in slices, then a verdict."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search import _branching, _tree
from netgraph.diversity.search._branching import DONE, FULL
from netgraph.diversity.search._core import SINK
from netgraph.diversity.search._flow import find_flow
from netgraph.diversity.search._tree import Task, Tree
from netgraph.diversity.search.milp import RouteModel

if TYPE_CHECKING:
    from netgraph.diversity.search._core import CoreGraph
    from netgraph.diversity.search._flow import Flow
    from netgraph.diversity.search._types import Flags, Ints, Longs
    from netgraph.diversity.search.limits import Limits

_NOTHING = np.empty(0, dtype=np.int32)
_FIRST_NODES = 256  # the tree's first capacity; it doubles when full
_FIRST_SLICE, _LONGEST_SLICE = 8, 256  # nodes expanded between two looks at the clock


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a search on a core found.

    Attributes
    ----------
    is_proven
        Whether the search ran to its end: the pair is the shortest, or none exists.
    total_m, lower_bound_m
        Length of the best pair, infinite if none was found, and a proven lower bound.
    n_nodes
        Nodes of the tree that were expanded.
    routes
        The pair as core edges, or None.
    decisive
        Items that the proof rests on: if these alone must not be shared, nothing is better.
    """

    is_proven: bool
    total_m: float
    lower_bound_m: float
    n_nodes: int
    routes: tuple[Ints, Ints] | None
    decisive: Ints


def answer_pair(core: CoreGraph, start: int, is_free: Flags, limits: Limits) -> Outcome:
    """Find the shortest pair by branching; what that leaves open goes to the integer program.

    Parameters and result as for :func:`search_pair`. Only the size of the tree decides when to
    change over, never the clock, so that a finished answer does not depend on the machine.
    """
    found = search_pair(core, start, is_free, limits)
    return found if found.is_proven else finish_pair(core, start, is_free, limits, found)


def finish_pair(
    core: CoreGraph, start: int, is_free: Flags, limits: Limits, found: Outcome
) -> Outcome:
    """Solve the integer program where a tree was left open, and keep the better of both."""
    if limits.is_over():
        return found
    model = RouteModel(core, start, 2, is_free)
    if (item := _first_conflict(core, start, is_free)) is not None:
        model.keep_off(0, item)
    solved = model.find_shortest(limits.deadline)
    routes, total_m = found.routes, found.total_m
    if len(solved.routes) == 2:
        first, second = solved.routes
        shared = np.intersect1d(core.items(start, first), core.items(start, second))
        solved_m = core.length_m(first) + core.length_m(second)
        if is_free[shared].all() and solved_m < total_m:
            routes, total_m = (first, second), solved_m
    bound_m = total_m if solved.is_proven else max(found.lower_bound_m, solved.lower_bound)
    return replace(
        found,
        is_proven=solved.is_proven and (routes is not None or solved.lower_bound == np.inf),
        total_m=total_m,
        lower_bound_m=min(bound_m, total_m),
        routes=routes,
    )


def _first_conflict(core: CoreGraph, start: int, is_free: Flags) -> int | None:
    """Return what of the most elements the cheapest pair of disjoint elements shares."""
    flow = find_flow(core.arrays, start, 2, is_free[: core.n_edges + core.n_nodes])
    if flow.n_routes < 2:
        return None
    cut = int(flow.route_ptr[1])
    one, two = (core.items(start, route) for route in np.split(flow.route_edges, [cut]))
    shared = np.intersect1d(one, two)
    return _largest_class(core, shared[~is_free[shared]])


def largest_of_shortest(core: CoreGraph, start: int, is_free: Flags) -> int | None:
    """Return what of the most elements, and not free, the shortest route uses."""
    route = find_flow(core.arrays, start, 1, is_free[: core.n_edges + core.n_nodes]).route_edges
    if not len(route):
        return None
    items = core.items(start, route)
    items = items[~is_free[items]]
    item = _largest_class(core, items)
    return int(items[0]) if item is None and len(items) else item


def _largest_class(core: CoreGraph, items: Ints) -> int | None:
    """Return which class among some items has the most elements; of several the first."""
    classes = items - core.n_edges - core.n_nodes
    classes = classes[classes >= 0]
    if not len(classes):
        return None
    sizes = np.diff(core.arrays.class_ptr)[classes]
    return int(core.n_edges + core.n_nodes + classes[np.argmax(sizes)])


def search_pair(
    core: CoreGraph,
    start: int,
    is_free: Flags,
    limits: Limits,
    *,
    below_m: float = np.inf,
    takes_any: bool = False,
) -> Outcome:
    """Find the shortest pair of routes that share no item but free ones.

    Exact if it ends within its limits; exponential in the worst case.

    Parameters
    ----------
    core
        The reduced network.
    start
        The core node from which both routes start.
    is_free
        Items that both routes may use, shape (E + N + C,): core edges, core nodes, core classes.
    limits
        When to stop.
    below_m
        Look only for pairs shorter than this in total.
    takes_any
        Stop at the first pair, which need not be the shortest; only its existence is proven.
    """
    if start == SINK:
        return _settled((_NOTHING, _NOTHING))
    flow = find_flow(core.arrays, int(start), 2, is_free[: core.n_edges + core.n_nodes])
    task, tree = _plant(core, start, is_free, flow, takes_any=takes_any)
    if tree is None:
        return replace(_settled(None), decisive=_in_the_way(core, start, is_free, flow))
    tree.best_m[0] = below_m
    size = _FIRST_SLICE
    while True:
        ended = _branching.branch(core.arrays, task, tree, size, limits.n_nodes)
        if ended == FULL:
            tree = _enlarge(tree, core.n_nodes)
        elif ended == DONE or limits.is_over() or tree.counts[_tree.N_EXPANDED] >= limits.n_nodes:
            break
        size = min(2 * size, _LONGEST_SLICE)
    routes = _best_routes(tree)
    best = float(tree.best_m[0]) if routes else np.inf
    is_proven = tree.counts[_tree.N_OPEN] == 0
    bound = best if is_proven else min(best, float(tree.bound_m[tree.open_items[0]]))
    decisive = tree.is_branched
    if np.isfinite(tree.best_m[0]) and task.is_priced:  # bounds closed nodes: prices count too
        decisive[find_priced(flow)] = True
    return Outcome(
        is_proven,
        best,
        bound,
        int(tree.counts[_tree.N_EXPANDED]),
        routes,
        np.flatnonzero(decisive & ~is_free).astype(np.int32),
    )


def nothing_found() -> Outcome:
    """Return the proven outcome where there is no pair."""
    return _settled(None)


def _settled(routes: tuple[Ints, Ints] | None) -> Outcome:
    """Return the outcome where there is nothing to search: routes of no length, or none."""
    total_m = np.inf if routes is None else 0.0
    return Outcome(
        is_proven=True,
        total_m=total_m,
        lower_bound_m=total_m,
        n_nodes=0,
        routes=routes,
        decisive=_NOTHING,
    )


def _in_the_way(core: CoreGraph, start: int, is_free: Flags, flow: Flow) -> Ints:
    """Return the elements of the only route: one of them is on every other, too."""
    if flow.n_routes == 0:
        return _NOTHING
    items = core.items(start, flow.route_edges)
    return items[~is_free[items] & (items < core.n_edges + core.n_nodes)]


def find_priced(flow: Flow) -> Longs:
    """Return the items that have a price, ascending."""
    arcs = flow.arc_price_m > 0.0
    return np.flatnonzero(np.concatenate((arcs[::2] | arcs[1::2], flow.node_price_m > 0.0)))


def _plant(
    core: CoreGraph, start: int, is_free: Flags, flow: Flow, *, takes_any: bool
) -> tuple[Task, Tree | None]:
    """Return the task and the tree's root, or no tree if not even two routes exist."""
    elements = is_free[: core.n_edges + core.n_nodes]
    shortest = find_flow(core.arrays, int(start), 1, elements)
    all_prices_m = float(flow.arc_price_m.sum() + flow.node_price_m.sum())
    task = Task(
        int(start),
        is_free,
        np.concatenate((flow.arc_price_m, flow.node_price_m)),
        np.stack((core.arrays.to_sink_m, flow.to_sink_m)),
        all_prices_m,
        all_prices_m > 0.0 and not takes_any,
        takes_any,
    )
    if flow.n_routes < 2:
        return task, None
    tree = _new_tree(len(is_free), core.n_nodes)
    cut = int(flow.route_ptr[1])
    routes = (shortest.route_edges, flow.route_edges[:cut], flow.route_edges[cut:])
    ends = np.cumsum([len(route) for route in routes])
    tree.route_ptr[1:4] = ends
    tree.steps[: ends[-1]] = np.concatenate(routes)
    priced_m = flow.to_sink_m[start]
    tree.route_m[:3] = shortest.total_m, priced_m, priced_m
    tree.nodes[0] = [-1, -1, -1, 0, 0, 1, 2]
    if not task.is_priced:
        tree.route_m[1:3] = [core.length_m(route) for route in routes[1:]]
    if takes_any:  # no bound is wanted: begin with two routes that are apart
        tree.nodes[0] = [-1, -1, -1, 1, 2, 1, 2]
    tree.bound_m[0] = max(2.0 * shortest.total_m, flow.total_m)
    tree.open_keys[0], tree.open_items[0] = tree.bound_m[0], 0
    tree.counts[_tree.N_NODES] = tree.counts[_tree.N_OPEN] = 1
    tree.counts[_tree.N_ROUTES], tree.counts[_tree.N_STEPS] = 3, ends[-1]
    tree.counts[_tree.BEST_A] = -1
    return task, tree


def _new_tree(n_items: int, n_nodes: int) -> Tree:
    routes = 8 * _FIRST_NODES
    return Tree(
        np.zeros(7, dtype=np.int64),
        np.full(1, np.inf),
        np.empty(_FIRST_NODES + 1),
        np.empty(_FIRST_NODES + 1, dtype=np.int64),
        np.empty((_FIRST_NODES, _tree.WIDTH), dtype=np.int64),
        np.empty(_FIRST_NODES),
        np.zeros(routes + 1, dtype=np.int64),
        np.empty(routes),
        np.empty(16 * n_nodes + routes, dtype=np.int32),
        np.zeros(n_items, dtype=np.bool_),
    )


def _enlarge(tree: Tree, n_nodes: int) -> Tree:
    """Return the same tree with twice the room."""
    return tree._replace(
        **{
            name: np.concatenate((old, np.empty_like(old)))
            for name, old in tree._asdict().items()
            if name not in {"counts", "best_m", "is_branched", "steps"}
        },
        steps=np.concatenate((tree.steps, np.empty(len(tree.steps) + 8 * n_nodes, np.int32))),
    )


def _best_routes(tree: Tree) -> tuple[Ints, Ints] | None:
    if tree.counts[_tree.BEST_A] < 0:
        return None
    a, b = tree.counts[_tree.BEST_A], tree.counts[_tree.BEST_B]
    return (
        tree.steps[tree.route_ptr[a] : tree.route_ptr[a + 1]].copy(),
        tree.steps[tree.route_ptr[b] : tree.route_ptr[b + 1]].copy(),
    )
