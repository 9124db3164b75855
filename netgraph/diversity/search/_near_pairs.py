"""Shortest disjoint pairs of a few nodes, each looked for in its neighbourhood only.

Piece by piece along a node's single points: the shortest path to the next one, then the shortest
way to push a second path through what is left (Suurballe, Networks 4, 1974; on the graph whose
nodes are split in two). Lower bounds on the distance to the sink lead both searches, so that they
look no further than the detour is long.

Each source may have edges of its own in a common network. The single points are known for one with
more edges: those are single points here, too. Where a second path ends before the next of them, the
farthest element of the first path that it reached is one more (Menger's theorem).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.search._open_edges import Network, Sources, enter, leave
from netgraph.diversity.search._walks import Ends, is_before
from netgraph.diversity.search.heap import EMPTY, drop_least, push
from netgraph.diversity.search.single_points import NOTHING, UNREACHED

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Adjacency, Flags, Floats, Ints, Longs

_NONE = -1
_BACK = -2  # a state was entered by going back along the first path
_IN, _OUT = np.int64(0), np.int64(1)


class Near(NamedTuple):
    """Two routes a source, shorter first, its single points in order, and whether it has a route.

    Points are node v as v, edge e as n + e.
    """

    route_ptr: Longs
    route: Ints
    point_ptr: Longs
    point: Ints
    is_connected: Flags


class _Space(NamedTuple):
    """Working space; what carries another turn's number counts as untouched."""

    turn: Longs  # one number, counted up for every piece
    node: Ints  # shape (nodes, 8), see the columns below
    reach_m: Floats  # by node: reduced length of the first path
    state: Ints  # shape (2 nodes, 4), see the columns below
    second_m: Floats  # by state: reduced length of the second path
    keys: Floats
    items: Longs
    route: Ints  # the pair so far, shape (2, n + 1)
    size: Longs  # edges of both routes
    n_points: Longs  # one number: single points written so far


# Columns of a node: what it may carry; turns in which the first search met and settled it, and in
# which the first path runs over it; the edges by which that search and that path enter it, and by
# which one of the two routes leaves it.
_CARRIES, _MET, _SETTLED, _ON_PATH, _CAME_BY, _PATH_EDGE, _OUT_EDGE = 0, 1, 2, 3, 4, 5, 6
_PREMISES, _THROUGH, _SINK = 0, 1, 2
# A state is a node v off the first path, or entered from off it, as 2v; gone back to along the
# first path as 2v + 1. Its columns: turns in which it was met and settled; edge and state before.
_STATE_MET, _STATE_SETTLED, _BY, _FROM = 0, 1, 2, 3


@entry
def pairs_near(net: Network, sources: Sources) -> Near:
    """Look for the pair of each source."""
    n, k = len(net.rows.is_sink), len(sources.node)
    space = _new_space(net.rows)
    route_ptr, point_ptr = np.zeros(2 * k + 1, dtype=np.int64), np.zeros(k + 1, dtype=np.int64)
    edges, points = np.empty(1024, dtype=np.int32), np.empty(n + 1024, dtype=np.int32)
    is_connected = np.zeros(k, dtype=np.bool_)
    for i in range(k):
        enter(net.is_open, sources, i)
        if point_ptr[i] + n > len(points):
            points = np.concatenate((points, np.empty_like(points)))
        space.n_points[0] = point_ptr[i]
        space.size[0] = space.size[1] = 0
        is_connected[i] = _find_pair(net, space, points, np.int64(sources.node[i]))
        if not is_connected[i]:
            space.n_points[0] = point_ptr[i]
            space.size[0] = space.size[1] = 0
        point_ptr[i + 1] = space.n_points[0]
        while route_ptr[2 * i] + space.size[0] + space.size[1] > len(edges):
            edges = np.concatenate((edges, np.empty_like(edges)))
        _write_pair(net.ends, space, route_ptr, edges, i)
        leave(net.is_open, sources, i)
    return Near(
        route_ptr, edges[: route_ptr[-1]].copy(), point_ptr, points[: point_ptr[-1]].copy(),
        is_connected,
    )  # fmt: skip


@inner
def _write_pair(ends: Ends, space: _Space, route_ptr: Longs, edges: Ints, i: int) -> None:
    """Put the two routes behind those of the sources before, the shorter first."""
    route, size = space.route, space.size
    length_a, length_b = 0.0, 0.0
    for k in range(size[0]):
        length_a += ends.length_m[route[0, k]]
    for k in range(size[1]):
        length_b += ends.length_m[route[1, k]]
    first = 1 if is_before(route[1, : size[1]], length_b, route[0, : size[0]], length_a) else 0
    for turn in range(2):
        which = first ^ turn
        begin = route_ptr[2 * i + turn]
        for k in range(size[which]):
            edges[begin + k] = route[which, k]
        route_ptr[2 * i + turn + 1] = begin + size[which]


@inner
def _find_pair(net: Network, space: _Space, points: Ints, source: int) -> bool:
    """Find a source's pair piece by piece, and its single points; whether it has a route."""
    n, at = len(net.rows.is_sink), source
    while not net.rows.is_sink[at]:
        target = np.int64(net.next_point[at])
        if target == UNREACHED:
            return False
        if target >= n:  # an edge that both routes take
            if not net.is_open[target - n]:
                return False
            at = _take_edge(net, space, points, at, target - n)
            continue
        end = _find_first(net, space, at, target)
        if end == _NONE:
            return False
        last = _find_second(net, space, at, target, end)
        if last == _NONE:
            end = _farthest(net.ends, space, at, end)
            last = 2 * end + _IN
        if end == at:  # not even the first edge has a way round it
            at = _take_edge(net, space, points, at, np.int64(space.node[at, _OUT_EDGE]))
            continue
        _add_piece(net, space, at, end, last)
        at = end
        if not net.rows.is_sink[at]:
            points[space.n_points[0]] = at
            space.n_points[0] += 1
    return True


@inner
def _take_edge(net: Network, space: _Space, points: Ints, at: int, e: int) -> int:
    """Let both routes take an edge, a single point like its far end; return that end."""
    for turn in range(2):
        space.route[turn, space.size[turn]] = e
        space.size[turn] += 1
    points[space.n_points[0]] = len(net.rows.is_sink) + e
    space.n_points[0] += 1
    other = np.int64(net.ends.u[e] + net.ends.v[e] - at)
    if not net.rows.is_sink[other]:
        points[space.n_points[0]] = other
        space.n_points[0] += 1
    return int(other)


@inner
def _farthest(ends: Ends, space: _Space, start: int, end: int) -> int:
    """Return the node of the first path that the second search reached last.

    It is the start if that is the only one; the path's first edge is noted there.
    """
    turn, node = space.turn[0], np.int64(end)
    while node != start:
        e = np.int64(space.node[node, _PATH_EDGE])
        node = np.int64(ends.u[e] + ends.v[e] - node)
        space.node[node, _OUT_EDGE] = e
        if space.state[2 * node + _IN, _STATE_SETTLED] == turn:
            break
    return int(node)


@inner
def _new_space(rows: Adjacency) -> _Space:
    n, n_arcs = len(rows.is_sink), len(rows.edge)
    node = np.zeros((n, 8), dtype=np.int32)
    for v in range(n):
        node[v, _CARRIES] = _SINK if rows.is_sink[v] else _THROUGH * rows.is_transit[v]
    return _Space(
        np.zeros(1, dtype=np.int64),
        node,
        np.empty(n),
        np.zeros((2 * n, 4), dtype=np.int32),
        np.empty(2 * n),
        np.empty(2 * n_arcs + 2 * n + 2),
        np.empty(2 * n_arcs + 2 * n + 2, dtype=np.int64),
        np.empty((2, n + 1), dtype=np.int32),
        np.zeros(2, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
    )


@inner
def _add_piece(net: Network, space: _Space, start: int, end: int, last: int) -> None:
    """Append the pair between two nodes that the two searches found."""
    ends, route, size = net.ends, space.route, space.size
    # Leave each node by the second path's edge where it has one, else by the first path's.
    node = np.int64(end)
    while node != start:
        e = space.node[node, _PATH_EDGE]
        node = np.int64(ends.u[e] + ends.v[e] - node)
        space.node[node, _OUT_EDGE] = e
    first = space.node[start, _OUT_EDGE]
    firsts = (first, _follow_second(space, start, last))
    for turn in range(2):
        node, e = np.int64(start), firsts[turn]
        while True:
            route[turn, size[turn]] = e
            size[turn] += 1
            node = np.int64(ends.u[e] + ends.v[e] - node)
            if node == end or net.rows.is_sink[node]:
                break
            e = space.node[node, _OUT_EDGE]


@inner
def _follow_second(space: _Space, start: int, last: int) -> int:
    """Note the edges of the second path; return the one by which it leaves the start."""
    state = last
    while True:
        e, before = space.state[state, _BY], space.state[state, _FROM]
        if e != _BACK:
            if before >> 1 == start:
                return e
            space.node[before >> 1, _OUT_EDGE] = e
        state = int(before)


@inner
def _find_first(net: Network, space: _Space, start: int, target: int) -> int:
    """Search the shortest path and mark it; return the node at its end, or none."""
    rows, ends, bound_m = net.rows, net.ends, net.bound_m
    space.turn[0] += 1
    turn = space.turn[0]
    space.reach_m[start], space.node[start, _MET] = 0.0, turn
    size = push(space.keys, space.items, EMPTY, 0.0, start)
    end = np.int64(_NONE)
    while size > 0:
        v = space.items[0]
        size = drop_least(space.keys, space.items, size)
        if space.node[v, _SETTLED] == turn:
            continue
        space.node[v, _SETTLED] = turn
        if v == target or rows.is_sink[v]:
            end = v
            break
        for k in range(rows.indptr[v], rows.indptr[v + 1]):
            w, e = np.int64(rows.neighbour[k]), rows.edge[k]
            if (
                not net.is_open[e]
                or not _may_enter(space, w, start, target)
                or bound_m[w] == np.inf
            ):
                continue
            reach = space.reach_m[v] + ends.length_m[e] - bound_m[v] + bound_m[w]
            if space.node[w, _MET] != turn or reach < space.reach_m[w]:
                space.node[w, _MET] = turn
                space.reach_m[w], space.node[w, _CAME_BY] = reach, e
                size = push(space.keys, space.items, size, reach, w)
    if end == _NONE:
        return int(end)
    node = end
    while node != start:
        e = space.node[node, _CAME_BY]
        space.node[node, _PATH_EDGE], space.node[node, _ON_PATH] = e, turn
        node = np.int64(ends.u[e] + ends.v[e] - node)
    space.node[start, _PATH_EDGE], space.node[start, _ON_PATH] = _NONE, turn
    return int(end)


@inner
def _may_enter(space: _Space, w: int, start: int, target: int) -> bool:
    """Whether a path may go on to a node: to its end, or through a node that carries routes."""
    carries = space.node[w, _CARRIES]
    if w == target or carries == _SINK:
        return bool(target in (w, NOTHING))
    return bool(carries == _THROUGH and w != start)


@inner
def _price(bound_m: Floats, space: _Space, v: int, end: int) -> float:
    """Return the potential of a node that makes all lengths along the first path nothing."""
    reach = space.reach_m[v] if space.node[v, _SETTLED] == space.turn[0] else space.reach_m[end]
    return reach - bound_m[v]


@inner
def _find_second(net: Network, space: _Space, start: int, target: int, end: int) -> int:
    """Search the shortest way to a second path; return the state at its end, or none."""
    rows, ends, bound_m, turn = net.rows, net.ends, net.bound_m, space.turn[0]
    state = 2 * start + _OUT
    space.second_m[state], space.state[state, _STATE_MET] = 0.0, turn
    size = push(space.keys, space.items, EMPTY, 0.0, state)
    while size > 0:
        state = space.items[0]
        size = drop_least(space.keys, space.items, size)
        if space.state[state, _STATE_SETTLED] == turn:
            continue
        space.state[state, _STATE_SETTLED] = turn
        v = state >> 1
        if v == target or rows.is_sink[v]:
            return state
        is_on_path = space.node[v, _ON_PATH] == turn
        if is_on_path and v != start:  # back along the first path, whose length comes off
            e = space.node[v, _PATH_EDGE]
            before = np.int64(ends.u[e] + ends.v[e] - v)
            if before != start:
                size = _reach_state(space, 2 * before + _OUT, state, _BACK, 0.0, size)
            if state == 2 * v:
                continue
        price = _price(bound_m, space, v, end)
        for k in range(rows.indptr[v], rows.indptr[v + 1]):
            w, e = np.int64(rows.neighbour[k]), rows.edge[k]
            if (
                not net.is_open[e]
                or not _may_enter(space, w, start, target)
                or bound_m[w] == np.inf
            ):
                continue
            if (
                is_on_path
                and space.node[w, _ON_PATH] == turn
                and (space.node[w, _PATH_EDGE] == e or space.node[v, _PATH_EDGE] == e)
            ):
                continue
            step = ends.length_m[e] + price - _price(bound_m, space, w, end)
            size = _reach_state(space, 2 * w + _IN, state, e, step, size)
    return _NONE


@inner
def _reach_state(
    space: _Space, state: int, before: int, edge: int, step_m: float, size: int
) -> int:
    """Offer a way into a state; return the size of the heap."""
    turn = space.turn[0]
    reach = space.second_m[before] + step_m
    if space.state[state, _STATE_MET] != turn or reach < space.second_m[state]:
        space.state[state, _STATE_MET] = turn
        space.second_m[state] = reach
        space.state[state, _BY], space.state[state, _FROM] = edge, before
        size = push(space.keys, space.items, size, reach, state)
    return size
