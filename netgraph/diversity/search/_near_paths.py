"""The shortest path between two nodes, and the shortest way to a second one beside it.

The second path is looked for on the graph whose nodes are split in two, with the first path turned
round (Suurballe, Networks 4, 1974). Lower bounds on the distance to the sink lead both searches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import inner
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
from netgraph.diversity.search._wheel import Wheel, add, begin, new_wheel, turn_on
from netgraph.diversity.search.heap import TAKEN, drop_taken, place
from netgraph.diversity.search.single_points import NOTHING

if TYPE_CHECKING:
    from netgraph.diversity.search._open_edges import Network
    from netgraph.diversity.search._types import Floats, Ints, Longs

NONE = -1


class Space(NamedTuple):
    """Working space; what carries another turn's number counts as untouched."""

    turn: Longs  # one number, counted up for every piece
    node: Ints  # NODE columns a node, see below; those that the second search looks at
    node_m: Floats  # the same
    first: Ints  # NODE columns a node, see below; those of the first search and of its path
    first_m: Floats  # the same
    back_from: Ints  # by node gone back to along the first path: the state before
    arc: Ints
    arc_m: Floats  # the same
    sinks: Longs
    n_sinks: Longs  # one number
    wheel: Wheel
    route: Ints  # the pair so far, shape (2, n + 1)
    size: Longs  # edges of both routes
    n_points: Longs  # one number: single points written so far


# A state is a node v off the first path, or entered from off it, as 2v; gone back to along the
# first path as 2v + 1. Reduced lengths of the second path stand at both.
# Columns of `node` beside those of its arcs: twice the turn in which the node is an end of paths,
# one more if it is on the first path; the turn in which its state 2v was met, the edge and the
# state by which, and (as a float) the length.
_MARK, MET, BY, FROM, _SECOND_M = 0, 1, 4, 5, 3
# Columns of `first`: the turn in which the first search met the node; the edge by which, and once
# both searches are done the one by which a route leaves it; the edge by which the first path enters
# it; the turn in which its state 2v + 1 was met; the lengths of the first path and at that state.
_MET_FIRST, _CAME_BY, PATH_EDGE, _MET_BACK, _REACH_M, _BACK_M = 0, 1, 2, 3, 2, 3
OUT_EDGE = _CAME_BY


@inner
def new_space(net: Network) -> Space:
    n, n_states = len(net.rows.is_sink), 2 * len(net.rows.edge) + 2 * len(net.rows.is_sink)
    node, first = np.zeros(NODE * n, dtype=np.int32), np.zeros(NODE * n, dtype=np.int32)
    arc = np.empty(ARC * len(net.rows.edge), dtype=np.int32)
    return Space(
        np.zeros(1, dtype=np.int64),
        node,
        node.view(np.float64),
        first,
        first.view(np.float64),
        np.empty(n, dtype=np.int32),
        arc,
        arc.view(np.float64),
        np.empty(n + 1, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
        new_wheel(n_states + 2, net.ends.length_m),
        np.empty((2, n + 1), dtype=np.int32),
        np.zeros(2, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
    )


@inner
def lay_out(net: Network, space: Space) -> None:
    """Lay the network out towards its sinks."""
    lay_arcs(net.rows, net.ends, net.bound_m, space.node, space.arc)
    space.n_sinks[0] = 0
    for v in range(len(net.rows.is_sink)):
        space.sinks[space.n_sinks[0]] = v
        space.n_sinks[0] += net.rows.is_sink[v]


@inner
def find_first(net: Network, space: Space, start: int, target: int) -> int:
    """Search the shortest path and mark it; return the node at its end, or none."""
    node, first, first_m = space.node, space.first, space.first_m
    keys, items, ends = space.wheel.keys, space.wheel.items, net.ends
    space.turn[0] += 1
    turn = np.int32(space.turn[0])
    for j in range(space.n_sinks[0]):
        node[NODE * space.sinks[j] + _MARK] = 2 * turn
    if target != NOTHING:
        node[NODE * target + _MARK] = 2 * turn
    node[NODE * start + _MARK] = 2 * turn
    first[NODE * start + _MET_FIRST], first_m[NODE_M * start + _REACH_M] = turn, 0.0
    size = begin(space.wheel, start)
    end = np.int64(NONE)
    while True:
        size = drop_taken(keys, items, size)
        if size == 0:
            size = turn_on(space.wheel)
            if size == 0:
                break
        reach_m, v = keys[0], items[0]
        keys[0] = TAKEN
        if reach_m > first_m[place(NODE_M * v + _REACH_M)]:
            continue
        if v == target or net.rows.is_sink[v]:
            end = v
            break
        for k in range(node[place(NODE * v + FIRST_ARC)], node[place(NODE * v + END_ARC)]):
            w, e = np.int64(space.arc[place(ARC * k)]), space.arc[place(ARC * k + EDGE)]
            if node[place(NODE * w)] == 2 * turn and not _may_enter(net, w, start, target):
                continue
            there_m = reach_m + space.arc_m[place(ARC_M * k + REDUCED_M)]
            if (
                first[place(NODE * w + _MET_FIRST)] != turn
                or there_m < first_m[place(NODE_M * w + _REACH_M)]
            ) and net.is_open[place(e)]:
                first[place(NODE * w + _MET_FIRST)] = turn
                first[place(NODE * w + _CAME_BY)] = e
                first_m[place(NODE_M * w + _REACH_M)] = there_m
                size = add(space.wheel, size, there_m, w)
    if end == NONE:
        return int(end)
    v = end
    while v != start:
        e = first[NODE * v + _CAME_BY]
        first[NODE * v + PATH_EDGE], node[NODE * v + _MARK] = e, 2 * turn + 1
        v = np.int64(ends.u[e] + ends.v[e] - v)
    first[NODE * start + PATH_EDGE], node[NODE * start + _MARK] = NONE, 2 * turn + 1
    return int(end)


@inner
def _may_enter(net: Network, w: int, start: int, target: int) -> bool:
    """Whether a path may go on to a node, of those that may be ends: to its end, not its start."""
    if w == target or net.rows.is_sink[w]:
        return bool(target in (w, NOTHING))
    return bool(w != start)


@inner
def _reach_of(space: Space, v: int, end_m: float) -> float:
    """Return how far the first search came to a node, the length of its path at the most.

    As potentials these make all lengths along the first path nothing.
    """
    reach_m = end_m
    if space.first[place(NODE * v + _MET_FIRST)] == space.turn[0]:
        reach_m = min(end_m, space.first_m[place(NODE_M * v + _REACH_M)])
    return reach_m


@inner
def find_second(net: Network, space: Space, start: int, target: int, end: int) -> int:
    """Search the shortest way to a second path; return the node at its end, or none."""
    node, node_m, first, first_m = space.node, space.node_m, space.first, space.first_m
    keys, items, ends = space.wheel.keys, space.wheel.items, net.ends
    turn, end_m = np.int32(space.turn[0]), first_m[NODE_M * end + _REACH_M]
    first[NODE * start + _MET_BACK], first_m[NODE_M * start + _BACK_M] = turn, 0.0
    size = begin(space.wheel, 2 * start + 1)
    while True:
        size = drop_taken(keys, items, size)
        if size == 0:
            size = turn_on(space.wheel)
            if size == 0:
                break
        reach_m, state = keys[0], items[0]
        keys[0] = TAKEN
        v = state >> 1
        if reach_m > (
            first_m[place(NODE_M * v + _BACK_M)]
            if state & 1
            else node_m[place(NODE_M * v + _SECOND_M)]
        ):
            continue
        mark, path_edge = node[place(NODE * v)], np.int32(NONE)
        if mark >= 2 * turn:
            if v == target or net.rows.is_sink[v]:
                return int(v)
            if v != start:  # back along the first path, whose length comes off
                path_edge = first[NODE * v + PATH_EDGE]
                before = np.int64(ends.u[path_edge] + ends.v[path_edge] - v)
                if before != start and (
                    first[NODE * before + _MET_BACK] != turn
                    or reach_m < first_m[NODE_M * before + _BACK_M]
                ):
                    first[NODE * before + _MET_BACK] = turn
                    first_m[NODE_M * before + _BACK_M] = reach_m
                    space.back_from[before] = state
                    size = add(space.wheel, size, reach_m, 2 * before + 1)
                if state == 2 * v:
                    continue
        if end_m > 0.0:
            reach_m += _reach_of(space, v, end_m)
        for k in range(node[place(NODE * v + FIRST_ARC)], node[place(NODE * v + END_ARC)]):
            w, e = np.int64(space.arc[place(ARC * k)]), space.arc[place(ARC * k + EDGE)]
            if node[place(NODE * w)] >= 2 * turn:
                if not _may_enter(net, w, start, target):
                    continue
                is_both = mark > 2 * turn and node[NODE * w + _MARK] > 2 * turn
                if is_both and e in (first[NODE * w + PATH_EDGE], path_edge):
                    continue
            there_m = reach_m + space.arc_m[place(ARC_M * k + REDUCED_M)]
            if end_m > 0.0:
                there_m -= _reach_of(space, w, end_m)
            if (
                node[place(NODE * w + MET)] != turn
                or there_m < node_m[place(NODE_M * w + _SECOND_M)]
            ) and net.is_open[place(e)]:
                node[place(NODE * w + MET)] = turn
                node[place(NODE * w + BY)], node[place(NODE * w + FROM)] = e, state
                node_m[place(NODE_M * w + _SECOND_M)] = there_m
                size = add(space.wheel, size, there_m, 2 * w)
    return NONE
