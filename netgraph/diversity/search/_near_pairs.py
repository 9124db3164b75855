"""Shortest disjoint pairs of a few nodes, each looked for in its neighbourhood only.

Piece by piece along a node's single points: the shortest path to the next one, then the shortest
way to push a second path through what is left (Suurballe, Networks 4, 1974; on the graph whose
nodes are split in two). Lower bounds on the distance to the sink lead both searches, so that they
look no further than the detour is long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.search._heap import EMPTY, drop_least, push
from netgraph.diversity.search._walks import Ends, is_before
from netgraph.diversity.search.single_points import NOTHING, UNREACHED

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Adjacency, Flags, Floats, Ints, Longs

_NONE = -1
_BACK = -2  # a state was entered by going back along the first path
_IN, _OUT = np.int64(0), np.int64(1)


class _Space(NamedTuple):
    """Working space; what carries another turn's number counts as untouched."""

    turn: Longs  # one number, counted up for every piece
    node: Ints  # shape (nodes, 8), see the columns below
    reach_m: Floats  # by node: reduced length of the first path
    state: Ints  # shape (2 nodes, 4), see the columns below
    second_m: Floats  # by state: reduced length of the second path
    keys: Floats
    items: Longs


# Columns of a node: what it may carry; turns in which the first search met and settled it, and in
# which the first path runs over it; the edges by which that search and that path enter it, and by
# which one of the two routes leaves it.
_CARRIES, _MET, _SETTLED, _ON_PATH, _CAME_BY, _PATH_EDGE, _OUT_EDGE = 0, 1, 2, 3, 4, 5, 6
_PREMISES, _THROUGH, _SINK = 0, 1, 2
# A state is a node v off the first path, or entered from off it, as 2v; gone back to along the
# first path as 2v + 1. Its columns: turns in which it was met and settled; edge and state before.
_STATE_MET, _STATE_SETTLED, _BY, _FROM = 0, 1, 2, 3


@entry
def distances_near(rows: Adjacency, length_m: Floats, is_wanted: Flags) -> Floats:
    """Return lower bounds on each node's distance to the sink, exact for the wanted nodes.

    Dijkstra from the sinks until every wanted node is settled; what lies further gets the distance
    of the last one, what was found out of reach infinity. Such bounds are consistent.
    """
    n = len(rows.is_sink)
    distance = np.full(n, np.inf)
    is_settled = np.zeros(n, dtype=np.bool_)
    keys = np.empty(len(rows.edge) + n + 1)
    items = np.empty(len(rows.edge) + n + 1, dtype=np.int64)
    size = EMPTY
    n_left = 0
    for v in range(n):
        n_left += is_wanted[v]
        if rows.is_sink[v]:
            distance[v] = 0.0
            size = push(keys, items, size, 0.0, np.int64(v))
    while size > 0 and n_left > 0:
        v = items[0]
        size = drop_least(keys, items, size)
        if is_settled[v]:
            continue
        is_settled[v] = True
        if is_wanted[v]:
            n_left -= 1
            if n_left == 0:
                for w in range(n):
                    distance[w] = min(distance[w], distance[v])
        if not (rows.is_transit[v] or rows.is_sink[v]):
            continue
        for k in range(rows.indptr[v], rows.indptr[v + 1]):
            w = rows.neighbour[k]
            reach = distance[v] + length_m[rows.edge[k]]
            if reach < distance[w]:
                distance[w] = reach
                size = push(keys, items, size, reach, np.int64(w))
    return distance


@entry
def pairs_near(
    rows: Adjacency, ends: Ends, next_point: Ints, bound_m: Floats, sources: Ints
) -> tuple[Longs, Ints]:
    """Return the two routes of each source one after the other, as ``_walks.recover`` does.

    `bound_m` are consistent lower bounds on the distance to the sink, in this network or in one
    with more edges.
    """
    n = len(rows.is_sink)
    space = _new_space(rows)
    route = np.empty((2, n + 1), dtype=np.int32)
    indptr = np.zeros(2 * len(sources) + 1, dtype=np.int64)
    edges = np.empty(1024, dtype=np.int32)
    for i in range(len(sources)):
        at = np.int64(sources[i])
        sizes = np.zeros(2, dtype=np.int64)
        while at >= 0 and not rows.is_sink[at] and next_point[at] != UNREACHED:
            target = np.int64(next_point[at])
            if target >= n:  # an edge that both routes take
                route[0, sizes[0]] = route[1, sizes[1]] = target - n
                sizes += 1
                target = np.int64(next_point[target])
            else:
                _add_piece(rows, ends, bound_m, space, route, sizes, at, target)
            at = target
        while indptr[2 * i] + sizes[0] + sizes[1] > len(edges):
            edges = np.concatenate((edges, np.empty_like(edges)))
        first = 1 if is_before(ends, route[1, : sizes[1]], route[0, : sizes[0]]) else 0
        for turn in range(2):
            which = first ^ turn
            begin = indptr[2 * i + turn]
            for k in range(sizes[which]):
                edges[begin + k] = route[which, k]
            indptr[2 * i + turn + 1] = begin + sizes[which]
    return indptr, edges[: indptr[-1]].copy()


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
    )


@inner
def _add_piece(  # noqa: PLR0913, PLR0917 -- a kernel
    rows: Adjacency,
    ends: Ends,
    bound_m: Floats,
    space: _Space,
    route: Ints,
    sizes: Longs,
    start: int,
    target: int,
) -> None:
    """Append the shortest pair from a node to its next single point, or to the sink."""
    space.turn[0] += 1
    end = _find_first(rows, ends, bound_m, space, start, target)
    last = _find_second(rows, ends, bound_m, space, start, target, end)
    # Leave each node by the second path's edge where it has one, else by the first path's.
    node = np.int64(end)
    while node != start:
        e = space.node[node, _PATH_EDGE]
        node = np.int64(ends.u[e] + ends.v[e] - node)
        space.node[node, _OUT_EDGE] = e
    firsts = (space.node[start, _OUT_EDGE], _follow_second(space, start, last))
    for turn in range(2):
        node, e = np.int64(start), firsts[turn]
        while True:
            route[turn, sizes[turn]] = e
            sizes[turn] += 1
            node = np.int64(ends.u[e] + ends.v[e] - node)
            if node == target or rows.is_sink[node]:
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
def _find_first(
    rows: Adjacency, ends: Ends, bound_m: Floats, space: _Space, start: int, target: int
) -> int:
    """Search the shortest path and mark it; return the node at its end."""
    turn = space.turn[0]
    space.reach_m[start], space.node[start, _MET] = 0.0, turn
    size = push(space.keys, space.items, EMPTY, 0.0, start)
    v = np.int64(start)
    while size > 0:
        v = space.items[0]
        size = drop_least(space.keys, space.items, size)
        if space.node[v, _SETTLED] == turn:
            continue
        space.node[v, _SETTLED] = turn
        if v == target or rows.is_sink[v]:
            break
        for k in range(rows.indptr[v], rows.indptr[v + 1]):
            w, e = np.int64(rows.neighbour[k]), rows.edge[k]
            if not _may_enter(space, w, start, target) or bound_m[w] == np.inf:
                continue
            reach = space.reach_m[v] + ends.length_m[e] - bound_m[v] + bound_m[w]
            if space.node[w, _MET] != turn or reach < space.reach_m[w]:
                space.node[w, _MET] = turn
                space.reach_m[w], space.node[w, _CAME_BY] = reach, e
                size = push(space.keys, space.items, size, reach, w)
    node = np.int64(v)
    while node != start:
        e = space.node[node, _CAME_BY]
        space.node[node, _PATH_EDGE], space.node[node, _ON_PATH] = e, turn
        node = np.int64(ends.u[e] + ends.v[e] - node)
    space.node[start, _PATH_EDGE], space.node[start, _ON_PATH] = _NONE, turn
    return int(v)


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
def _find_second(
    rows: Adjacency, ends: Ends, bound_m: Floats, space: _Space, start: int, target: int, end: int
) -> int:
    """Search the shortest way to a second path; return the state at its end."""
    turn = space.turn[0]
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
            if not _may_enter(space, w, start, target) or bound_m[w] == np.inf:
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
