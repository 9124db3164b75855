"""Pairs of routes without a common risk, found by looking past one route at a time.

One route is held fast, and the shortest is looked for that shares no risk with it; then that one is
held fast, and so on while the pair gets shorter. What is found is a pair. That none is found proves
nothing, and a shorter pair may exist: exact answers take the branching search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.search._compact import (
    ARC,
    ARC_M,
    EDGE,
    END_ARC,
    FIRST_ARC,
    NODE,
    NODE_M,
    REDUCED_M,
    lay_arcs,
)
from netgraph.diversity.search._open_edges import end_of_target, enter, leave
from netgraph.diversity.search._types import Adjacency
from netgraph.diversity.search._wheel import Wheel, add, begin, new_wheel, turn_on
from netgraph.diversity.search.heap import TAKEN, drop_taken, place

if TYPE_CHECKING:
    from netgraph.diversity.search._open_edges import Sources, Targets
    from netgraph.diversity.search._types import Flags, Floats, Ints, Longs, Members
    from netgraph.diversity.search._walks import Ends

_MOST_TURNS = 6  # how often a pair is shortened
_NONE = -1
# Numbers that are handed on: numba compiles one more version for every number written out.
_FIRST, _SECOND, _TRIED = np.int64(0), np.int64(1), np.int64(2)


class Network(NamedTuple):
    """A network with its risk classes."""

    rows: Adjacency
    ends: Ends
    bound_m: Floats  # consistent lower bounds on each node's distance to the sink
    is_open: Flags  # by edge: to everybody; working copy
    members: Members
    edge_ptr: Longs  # edges of each class
    edge: Ints
    node_ptr: Longs  # nodes of each class
    node: Ints


class Asked(NamedTuple):
    """Sources, two routes each to begin with, and what their routes may share."""

    sources: Sources
    route_ptr: Longs  # routes 2i and 2i + 1 of source i
    route: Ints
    point_ptr: Longs  # node v as v, edge e as n + e
    point: Ints
    free_ptr: Longs  # risk classes
    free: Ints


class _Space(NamedTuple):
    """Working space; what carries another turn's number counts as untouched."""

    turn: Longs  # one number, counted up for every route held fast
    edge: Ints  # the turn in which the edge was blocked
    node: Ints  # NODE columns a node, see below
    node_m: Floats  # the same
    arc: Ints
    arc_m: Floats  # the same
    spread: Longs  # by class: the turn in which its elements were blocked
    is_free: Flags  # by class
    wheel: Wheel
    route: Ints  # two routes and one that is tried, shape (3, n + 1)
    size: Longs  # edges of each of them
    length_m: Floats  # of each of them


# Columns of `node` beside those of its arcs: the turns in which it was blocked and met, the edge by
# which and (as a float) the reduced length.
_BLOCKED, _MET, _CAME_BY, _REACH_M = 0, 1, 4, 3


@entry
def pairs_apart(net: Network, targets: Targets, asked: Asked) -> tuple[Longs, Ints]:
    """Return two routes a source one after the other, of no length where no pair was found."""
    k = len(asked.sources.node)
    space = _new_space(net)
    indptr = np.zeros(2 * k + 1, dtype=np.int64)
    edges = np.empty(1024, dtype=np.int32)
    first = np.int64(0)
    while first < k:
        end = end_of_target(asked.sources, first)
        here = _towards(net, targets, np.int64(asked.sources.target[first]))
        lay_arcs(here.rows, here.ends, here.bound_m, space.node, space.arc)
        edges = _pairs_towards(here, asked, space, (first, end), indptr, edges)
        first = end
    return indptr, edges[: indptr[-1]].copy()


@inner
def _pairs_towards(
    net: Network, asked: Asked, space: _Space, stretch: tuple[int, int], indptr: Longs, edges: Ints
) -> Ints:
    """Look for the pairs of sources that ask for the same sinks; return where they are listed."""
    for i in range(stretch[0], stretch[1]):
        enter(net.is_open, asked.sources, i)
        for j in range(asked.free_ptr[i], asked.free_ptr[i + 1]):
            space.is_free[asked.free[j]] = True
        at, best_m = indptr[2 * i], np.inf
        indptr[2 * i + 1] = indptr[2 * i + 2] = at
        for which in range(2):
            _begin(net, asked, space, 2 * i + which)
            if not _shorten(net, asked, space, i, best_m):
                continue
            best_m = space.length_m[0] + space.length_m[1]
            while at + space.size[0] + space.size[1] > len(edges):
                edges = np.concatenate((edges, np.empty_like(edges)))
            end = at
            for turn in range(2):
                for j in range(space.size[turn]):
                    edges[end] = space.route[turn, j]
                    end += 1
                indptr[2 * i + 1 + turn] = end
        for j in range(asked.free_ptr[i], asked.free_ptr[i + 1]):
            space.is_free[asked.free[j]] = False
        leave(net.is_open, asked.sources, i)
    return edges


@inner
def _towards(net: Network, targets: Targets, t: int) -> Network:
    """Return the network towards one of the sets of sinks."""
    rows = net.rows
    return Network(
        Adjacency(rows.indptr, rows.neighbour, rows.edge, rows.is_transit, targets.is_sink[t]),
        net.ends,
        targets.bound_m[t],
        net.is_open,
        net.members,
        net.edge_ptr,
        net.edge,
        net.node_ptr,
        net.node,
    )


@inner
def _new_space(net: Network) -> _Space:
    n, n_arcs, n_classes = len(net.rows.is_sink), len(net.rows.edge), len(net.edge_ptr) - 1
    node = np.zeros(NODE * n, dtype=np.int32)
    arc = np.empty(ARC * n_arcs, dtype=np.int32)
    return _Space(
        np.zeros(1, dtype=np.int64),
        np.zeros(len(net.ends.u), dtype=np.int32),
        node,
        node.view(np.float64),
        arc,
        arc.view(np.float64),
        np.zeros(n_classes, dtype=np.int64),
        np.zeros(n_classes, dtype=np.bool_),
        new_wheel(n_arcs + 1, net.ends.length_m),
        np.empty((3, n + 1), dtype=np.int32),
        np.zeros(3, dtype=np.int64),
        np.zeros(3),
    )


@inner
def _begin(net: Network, asked: Asked, space: _Space, row: int) -> None:
    """Take one of the given routes as the first."""
    space.size[0], space.length_m[0] = 0, 0.0
    for j in range(asked.route_ptr[row], asked.route_ptr[row + 1]):
        space.route[0, space.size[0]] = asked.route[j]
        space.size[0] += 1
        space.length_m[0] += net.ends.length_m[asked.route[j]]


@inner
def _shorten(net: Network, asked: Asked, space: _Space, i: int, best_m: float) -> bool:
    """Find a partner of the first route, and shorten the pair; whether one was found at all."""
    _hold_fast(net, asked, space, i, _FIRST)
    if not _find_route(net, asked, space, i, best_m - space.length_m[0]):
        return False
    _take(space, _SECOND)
    fast = _SECOND
    for _ in range(_MOST_TURNS):
        _hold_fast(net, asked, space, i, fast)
        if not _find_route(net, asked, space, i, space.length_m[1 - fast]):
            break
        _take(space, 1 - fast)
        fast = 1 - fast
    return True


@inner
def _take(space: _Space, row: int) -> None:
    """Put the route that was tried in the place of another."""
    for j in range(space.size[_TRIED]):
        space.route[row, j] = space.route[_TRIED, j]
    space.size[row], space.length_m[row] = space.size[_TRIED], space.length_m[_TRIED]


@inner
def _hold_fast(net: Network, asked: Asked, space: _Space, i: int, row: int) -> None:
    """Block all that a route uses and everything that shares a risk with it."""
    space.turn[0] += 1
    turn = space.turn[0]
    node = np.int64(asked.sources.node[i])
    for j in range(space.size[row]):
        e = np.int64(space.route[row, j])
        space.edge[e] = turn
        for k in range(net.members.edge_ptr[e], net.members.edge_ptr[e + 1]):
            _block(net, space, np.int64(net.members.edge_class[k]))
        node = np.int64(net.ends.u[e] + net.ends.v[e] - node)
        if j + 1 == space.size[row]:
            break
        space.node[NODE * node + _BLOCKED] = turn
        for k in range(net.members.node_ptr[node], net.members.node_ptr[node + 1]):
            _block(net, space, np.int64(net.members.node_class[k]))
    n = len(net.rows.is_sink)
    for j in range(asked.point_ptr[i], asked.point_ptr[i + 1]):
        point = np.int64(asked.point[j])
        if point < n:
            space.node[NODE * point + _BLOCKED] = 0
        else:
            space.edge[point - n] = 0


@inner
def _block(net: Network, space: _Space, risk: int) -> None:
    """Block the elements of a risk class that must not be shared."""
    turn = space.turn[0]
    if space.is_free[risk] or space.spread[risk] == turn:
        return
    space.spread[risk] = turn
    for k in range(net.edge_ptr[risk], net.edge_ptr[risk + 1]):
        space.edge[net.edge[k]] = turn
    for k in range(net.node_ptr[risk], net.node_ptr[risk + 1]):
        space.node[NODE * np.int64(net.node[k]) + _BLOCKED] = turn


@inner
def _find_route(net: Network, asked: Asked, space: _Space, i: int, limit_m: float) -> bool:
    """Search the shortest route over what is not blocked, shorter than a limit (A*)."""
    node, node_m, keys, items = space.node, space.node_m, space.wheel.keys, space.wheel.items
    turn, start = space.turn[0], np.int64(asked.sources.node[i])
    if net.bound_m[start] == np.inf:
        return False
    limit_m -= net.bound_m[start]  # as lengths are reduced
    node[NODE * start + _BLOCKED] = turn  # no route comes back to it
    node[NODE * start + _MET], node_m[NODE_M * start + _REACH_M] = turn, 0.0
    size = begin(space.wheel, start)
    end = np.int64(_NONE)
    while True:
        size = drop_taken(keys, items, size)
        if size == 0:
            size = turn_on(space.wheel)
            if size == 0:
                break
        reach_m, v = keys[0], items[0]
        keys[0] = TAKEN
        if reach_m > node_m[place(NODE_M * v + _REACH_M)]:
            continue
        if net.rows.is_sink[v]:
            end = v
            break
        for k in range(node[place(NODE * v + FIRST_ARC)], node[place(NODE * v + END_ARC)]):
            w, e = np.int64(space.arc[place(ARC * k)]), space.arc[place(ARC * k + EDGE)]
            if node[place(NODE * w + _BLOCKED)] == turn and not net.rows.is_sink[w]:
                continue
            there_m = reach_m + space.arc_m[place(ARC_M * k + REDUCED_M)]
            if there_m >= limit_m or (
                node[place(NODE * w + _MET)] == turn
                and there_m >= node_m[place(NODE_M * w + _REACH_M)]
            ):
                continue
            if net.is_open[place(e)] and space.edge[place(e)] != turn:
                node[place(NODE * w + _MET)], node[place(NODE * w + _CAME_BY)] = turn, e
                node_m[place(NODE_M * w + _REACH_M)] = there_m
                size = add(space.wheel, size, there_m, w)
    if end != _NONE:
        _trace(net, space, start, end)
    return bool(end != _NONE)


@inner
def _trace(net: Network, space: _Space, start: int, end: int) -> None:
    """Write the route just found down from its start."""
    size, node = 0, np.int64(end)
    while node != start:
        e = space.node[NODE * node + _CAME_BY]
        size += 1
        node = np.int64(net.ends.u[e] + net.ends.v[e] - node)
    space.size[_TRIED] = size
    space.length_m[_TRIED] = (
        space.node_m[NODE_M * end + _REACH_M] + net.bound_m[start] - net.bound_m[end]
    )
    node = np.int64(end)
    while node != start:
        e = space.node[NODE * node + _CAME_BY]
        size -= 1
        space.route[_TRIED, size] = e
        node = np.int64(net.ends.u[e] + net.ends.v[e] - node)
