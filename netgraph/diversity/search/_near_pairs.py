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
from netgraph.diversity.search._compact import NODE
from netgraph.diversity.search._near_paths import (
    BY,
    FROM,
    MET,
    NONE,
    OUT_EDGE,
    PATH_EDGE,
    Space,
    find_first,
    find_second,
    lay_out,
    new_space,
)
from netgraph.diversity.search._open_edges import (
    Network,
    Sources,
    Targets,
    end_of_target,
    enter,
    leave,
    towards,
)
from netgraph.diversity.search._walks import Ends, is_before
from netgraph.diversity.search.single_points import UNREACHED

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Flags, Ints, Longs


class Near(NamedTuple):
    """Two routes a source, shorter first, its single points in order, and whether it has a route.

    Points are node v as v, edge e as n + e.
    """

    route_ptr: Longs
    route: Ints
    point_ptr: Longs
    point: Ints
    is_connected: Flags


@entry
def pairs_near(net: Network, targets: Targets, sources: Sources) -> Near:
    """Look for the pair of each source."""
    n, k = len(net.rows.is_sink), len(sources.node)
    space = new_space(net)
    route_ptr, point_ptr = np.zeros(2 * k + 1, dtype=np.int64), np.zeros(k + 1, dtype=np.int64)
    edges, points = np.empty(1024, dtype=np.int32), np.empty(n + 1024, dtype=np.int32)
    is_connected = np.zeros(k, dtype=np.bool_)
    first = np.int64(0)
    while first < k:
        end = end_of_target(sources, first)
        here = towards(net, targets, np.int64(sources.target[first]))
        lay_out(here, space)
        edges, points = _pairs_towards(
            here, space, sources, (first, end), (route_ptr, point_ptr, is_connected),
            (edges, points),
        )  # fmt: skip
        first = end
    return Near(
        route_ptr, edges[: route_ptr[-1]].copy(), point_ptr, points[: point_ptr[-1]].copy(),
        is_connected,
    )  # fmt: skip


@inner
def _pairs_towards(
    net: Network, space: Space, sources: Sources, stretch: tuple[int, int],
    told: tuple[Longs, Longs, Flags], found: tuple[Ints, Ints],
) -> tuple[Ints, Ints]:  # fmt: skip
    """Look for the pairs of sources that ask for the same sinks; return where they are listed."""
    n = len(net.rows.is_sink)
    route_ptr, point_ptr, is_connected = told
    edges, points = found
    for i in range(stretch[0], stretch[1]):
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
    return edges, points


@inner
def _write_pair(ends: Ends, space: Space, route_ptr: Longs, edges: Ints, i: int) -> None:
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
def _find_pair(net: Network, space: Space, points: Ints, source: int) -> bool:
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
        end = find_first(net, space, at, target)
        if end == NONE:
            return False
        last = find_second(net, space, at, target, end)
        if last == NONE:
            last = end = _farthest(net.ends, space, at, end)
        if end == at:  # not even the first edge has a way round it
            at = _take_edge(net, space, points, at, np.int64(space.first[NODE * at + OUT_EDGE]))
            continue
        _add_piece(net, space, at, end, last)
        at = end
        if not net.rows.is_sink[at]:
            points[space.n_points[0]] = at
            space.n_points[0] += 1
    return True


@inner
def _take_edge(net: Network, space: Space, points: Ints, at: int, e: int) -> int:
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
def _farthest(ends: Ends, space: Space, start: int, end: int) -> int:
    """Return the node of the first path that the second search reached last.

    It is the start if that is the only one; the path's first edge is noted there.
    """
    turn, node = space.turn[0], np.int64(end)
    while node != start:
        e = np.int64(space.first[NODE * node + PATH_EDGE])
        node = np.int64(ends.u[e] + ends.v[e] - node)
        space.first[NODE * node + OUT_EDGE] = e
        if space.node[NODE * node + MET] == turn:
            break
    return int(node)


@inner
def _add_piece(net: Network, space: Space, start: int, end: int, last: int) -> None:
    """Append the pair between two nodes that the two searches found."""
    ends, route, size = net.ends, space.route, space.size
    # Leave each node by the second path's edge where it has one, else by the first path's.
    node = np.int64(end)
    while node != start:
        e = space.first[NODE * node + PATH_EDGE]
        node = np.int64(ends.u[e] + ends.v[e] - node)
        space.first[NODE * node + OUT_EDGE] = e
    first = space.first[NODE * start + OUT_EDGE]
    firsts = (first, _follow_second(space, start, last))
    for turn in range(2):
        node, e = np.int64(start), firsts[turn]
        while True:
            route[turn, size[turn]] = e
            size[turn] += 1
            node = np.int64(ends.u[e] + ends.v[e] - node)
            if node == end or net.rows.is_sink[node]:
                break
            e = space.first[NODE * node + OUT_EDGE]


@inner
def _follow_second(space: Space, start: int, last: int) -> int:
    """Note the edges of the second path; return the one by which it leaves the start."""
    state = 2 * np.int64(last)
    while True:
        v = state >> 1
        if state & 1:  # back along the first path
            state = np.int64(space.back_from[v])
            continue
        e, state = space.node[NODE * v + BY], np.int64(space.node[NODE * v + FROM])
        if state >> 1 == start:
            return e
        space.first[NODE * (state >> 1) + OUT_EDGE] = e
