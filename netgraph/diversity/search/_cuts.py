"""Which risk classes alone cut which sources off: offline, with a forest that is rolled back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Adjacency, Flags, Ints, Longs, Members


class _Forest(NamedTuple):
    """Disjoint sets without path compression, so that a join can be taken back."""

    parent: Ints
    size: Ints
    is_on: Flags  # by edge: whether it is in place
    undo: Longs  # what to take back: a root that was joined, or -1 - edge
    n_undo: Longs  # one number: entries of undo


class _Killers(NamedTuple):
    """The classes whose failure takes an edge out (its own or of a node at its end), ascending."""

    ptr: Longs
    classes: Ints


@njit(cache=True)
def find_cuts(
    rows: Adjacency,
    edge_u: Ints,
    edge_v: Ints,
    members: Members,
    n_classes: int,
    sources: Ints,
) -> tuple[Ints, Ints]:
    """Return (position in sources, class) of every cut, classes ascending."""
    killers = _killers(rows, edge_u, edge_v, members)
    forest, sink, pending, active = _start(rows, edge_u, edge_v, killers, sources)
    depth = 3
    while 1 << (depth - 3) < n_classes:
        depth += 1
    edges = np.empty((depth + 1) * len(pending) + 1, dtype=np.int32)
    waiting = np.empty((depth + 1) * len(active) + 1, dtype=np.int32)
    edges[: len(pending)] = pending
    waiting[: len(active)] = active
    found_row, found_class = [np.int32(0) for _ in range(0)], [np.int32(0) for _ in range(0)]
    # A frame: classes lo..hi, its parent's edges and sources still open, joins to keep.
    frames = [(0, n_classes, 0, len(pending), 0, len(active), forest.n_undo[0])]
    while len(frames) > 0:
        lo, hi, edge_lo, edge_hi, row_lo, row_hi, kept = frames.pop()
        _roll_back(forest, kept)
        edge_end = edge_hi
        for k in range(edge_lo, edge_hi):
            if _is_hit(killers, edges[k], lo, hi):
                edges[edge_end] = edges[k]
                edge_end += 1
            else:
                _put_in_place(rows, forest, edges[k], edge_u, edge_v)
        row_end = row_hi
        for k in range(row_lo, row_hi):
            if not _is_joined(rows, forest, sources[waiting[k]], sink):
                waiting[row_end] = waiting[k]
                row_end += 1
        if row_end == row_hi or hi == lo:
            continue
        if hi - lo == 1:
            for k in range(row_hi, row_end):
                if not _survives(rows, forest, members, sources[waiting[k]], lo, sink):
                    found_row.append(waiting[k])
                    found_class.append(np.int32(lo))
            continue
        middle = (lo + hi) // 2
        kept = forest.n_undo[0]
        frames.append((middle, hi, edge_hi, edge_end, row_hi, row_end, kept))
        frames.append((lo, middle, edge_hi, edge_end, row_hi, row_end, kept))
    return np.array(found_row, dtype=np.int32), np.array(found_class, dtype=np.int32)


@njit(cache=True)
def _killers(rows: Adjacency, edge_u: Ints, edge_v: Ints, members: Members) -> _Killers:
    m = len(edge_u)
    ptr = np.zeros(m + 1, dtype=np.int64)
    for e in range(m):
        size = members.edge_ptr[e + 1] - members.edge_ptr[e]
        for v in (edge_u[e], edge_v[e]):
            if not rows.is_sink[v]:
                size += members.node_ptr[v + 1] - members.node_ptr[v]
        ptr[e + 1] = ptr[e] + size
    classes = np.empty(ptr[m], dtype=np.int32)
    for e in range(m):
        at = ptr[e]
        for k in range(members.edge_ptr[e], members.edge_ptr[e + 1]):
            classes[at] = members.edge_class[k]
            at += 1
        for v in (edge_u[e], edge_v[e]):
            if not rows.is_sink[v]:
                for k in range(members.node_ptr[v], members.node_ptr[v + 1]):
                    classes[at] = members.node_class[k]
                    at += 1
        if at - ptr[e] > 1:
            classes[ptr[e] : at] = np.sort(classes[ptr[e] : at])
    return _Killers(ptr, classes)


@njit(cache=True)
def _start(
    rows: Adjacency, edge_u: Ints, edge_v: Ints, killers: _Killers, sources: Ints
) -> tuple[_Forest, int, Ints, Ints]:
    """Join what no class touches; return the forest, the sink, and what is still open.

    Every tree of the forest is one step high, so that later searches start low.
    """
    n, m = len(rows.is_sink), len(edge_u)
    forest = _Forest(
        np.arange(n).astype(np.int32),
        np.ones(n, dtype=np.int32),
        np.zeros(m, dtype=np.bool_),
        np.empty(n + m, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
    )
    is_connected = _reach(rows)
    sink = -1
    for v in range(n):
        if rows.is_sink[v]:
            sink = v if sink < 0 else sink
            _join(forest, sink, v)
    pending = np.empty(m, dtype=np.int32)
    n_pending = 0
    for v in range(n):
        for k in range(rows.indptr[v], rows.indptr[v + 1]):
            e = rows.edge[k]
            if v != edge_u[e] or not (is_connected[v] and is_connected[rows.neighbour[k]]):
                continue
            if killers.ptr[e] == killers.ptr[e + 1]:
                _put_in_place(rows, forest, e, edge_u, edge_v)
            else:
                pending[n_pending] = e
                n_pending += 1
    forest.n_undo[0] = 0
    for v in range(n):
        forest.parent[v] = _root(forest, v)
    active = np.empty(len(sources), dtype=np.int32)
    n_active = 0
    for i in range(len(sources)):
        if is_connected[sources[i]] and not rows.is_sink[sources[i]]:
            active[n_active] = i
            n_active += 1
    return forest, sink, pending[:n_pending], active[:n_active]


@njit(cache=True)
def _reach(rows: Adjacency) -> Flags:
    """Return which nodes have a route to the sink at all."""
    n = len(rows.is_sink)
    is_connected = rows.is_sink.copy()
    queue = np.empty(n, dtype=np.int32)
    size = 0
    for v in range(n):
        if rows.is_sink[v]:
            queue[size] = v
            size += 1
    at = 0
    while at < size:
        v = queue[at]
        at += 1
        if not (rows.is_transit[v] or rows.is_sink[v]):
            continue
        for k in range(rows.indptr[v], rows.indptr[v + 1]):
            if not is_connected[rows.neighbour[k]]:
                is_connected[rows.neighbour[k]] = True
                queue[size] = rows.neighbour[k]
                size += 1
    return is_connected


@njit(cache=True)
def _root(forest: _Forest, v: int) -> int:
    while forest.parent[v] != v:
        v = forest.parent[v]
    return v


@njit(cache=True)
def _join(forest: _Forest, u: int, v: int) -> None:
    a, b = _root(forest, u), _root(forest, v)
    if a == b:
        return
    if forest.size[a] < forest.size[b]:
        a, b = b, a
    forest.parent[b] = a
    forest.size[a] += forest.size[b]
    forest.undo[forest.n_undo[0]] = b
    forest.n_undo[0] += 1


@njit(cache=True)
def _put_in_place(rows: Adjacency, forest: _Forest, e: int, edge_u: Ints, edge_v: Ints) -> None:
    """Put an edge in place; it joins its ends if both may carry routes."""
    u, v = edge_u[e], edge_v[e]
    forest.is_on[e] = True
    forest.undo[forest.n_undo[0]] = -1 - e
    forest.n_undo[0] += 1
    if (rows.is_transit[u] or rows.is_sink[u]) and (rows.is_transit[v] or rows.is_sink[v]):
        _join(forest, u, v)


@njit(cache=True)
def _roll_back(forest: _Forest, kept: int) -> None:
    while forest.n_undo[0] > kept:
        forest.n_undo[0] -= 1
        entry = forest.undo[forest.n_undo[0]]
        if entry < 0:
            forest.is_on[-1 - entry] = False
        else:
            above = forest.parent[entry]
            forest.size[above] -= forest.size[entry]
            forest.parent[entry] = entry


@njit(cache=True)
def _is_hit(killers: _Killers, e: int, lo: int, hi: int) -> bool:
    """Whether a class in lo..hi takes the edge out."""
    first, last = killers.ptr[e], killers.ptr[e + 1]
    while first < last:
        middle = (first + last) // 2
        if killers.classes[middle] < lo:
            first = middle + 1
        else:
            last = middle
    return bool(first < killers.ptr[e + 1] and killers.classes[first] < hi)


@njit(cache=True)
def _is_joined(rows: Adjacency, forest: _Forest, source: int, sink: int) -> bool:
    """Whether the source reaches the sink over edges in place."""
    root = _root(forest, sink)
    if rows.is_transit[source]:
        return bool(_root(forest, source) == root)
    for k in range(rows.indptr[source], rows.indptr[source + 1]):
        w = rows.neighbour[k]
        carries = rows.is_transit[w] or rows.is_sink[w]
        if carries and forest.is_on[rows.edge[k]] and _root(forest, w) == root:
            return True
    return False


@njit(cache=True)
def _survives(
    rows: Adjacency, forest: _Forest, members: Members, source: int, failed: int, sink: int
) -> bool:
    """Whether the source gets away from a class that contains the source itself."""
    root = _root(forest, sink)
    for k in range(rows.indptr[source], rows.indptr[source + 1]):
        w, e = rows.neighbour[k], rows.edge[k]
        if not (rows.is_transit[w] or rows.is_sink[w]) or _root(forest, w) != root:
            continue
        if not _contains(members.edge_ptr, members.edge_class, e, failed) and (
            rows.is_sink[w] or not _contains(members.node_ptr, members.node_class, w, failed)
        ):
            return True
    return False


@njit(cache=True)
def _contains(ptr: Longs, classes: Ints, element: int, failed: int) -> bool:
    first, last = ptr[element], ptr[element + 1]
    return bool(np.any(classes[first:last] == failed))
