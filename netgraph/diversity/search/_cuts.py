"""Which risk classes alone cut which sources off: offline, with a forest that is rolled back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.search.graph import compressed_rows, expand
from netgraph.diversity.threads import in_threads, ranges

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Adjacency, Flags, Ints, Longs, Members

_NONE = -1
_LEAST = 256  # classes worth a thread


class _Edges(NamedTuple):
    """The edges and the classes whose failure takes each out (its own or of a node at its end)."""

    u: Ints
    v: Ints
    ptr: Longs
    killer: Ints  # ascending in each row


class _Forest(NamedTuple):
    """Disjoint sets without path compression, so that a join can be taken back."""

    parent: Ints
    size: Ints
    is_on: Flags  # by edge: whether it is in place
    undo: Longs  # what to take back: a root that was joined, or -1 - edge
    n_undo: Longs  # one number: entries of undo


def find_cuts(
    rows: Adjacency, ends: tuple[Ints, Ints], members: Members, n_classes: int, sources: Ints
) -> tuple[Ints, Ints]:
    """Return (position in sources, class) of every cut, classes ascending for each position."""
    if not (n_classes and len(sources)):
        return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32)
    edges = _Edges(*ends, *_killers(rows, ends, members))
    in_use = np.zeros(len(edges.u), dtype=np.bool_)
    in_use[rows.edge] = True
    carries = rows.is_transit | rows.is_sink
    joins = in_use & carries[edges.u] & carries[edges.v]
    is_safe = edges.ptr[1:] == edges.ptr[:-1]
    is_connected = _reached(rows, edges, in_use, _components(rows, edges, joins))
    parent = _components(rows, edges, joins & is_safe)
    # Edges inside one safe component or out of reach cannot change an answer.
    matters = in_use & ~is_safe & is_connected[edges.u] & is_connected[edges.v]
    matters &= ~joins | (parent[edges.u] != parent[edges.v])
    pending = np.flatnonzero(matters).astype(np.int32)
    active = np.flatnonzero(is_connected[sources] & ~rows.is_sink[sources]).astype(np.int32)
    sink = int(np.argmax(rows.is_sink))
    if not (n_classes and len(active)):
        return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32)

    def divide(classes: tuple[int, int]) -> tuple[Ints, Ints]:
        forest = _Forest(
            parent.copy(),
            np.bincount(parent, minlength=len(parent)).astype(np.int32),
            in_use & is_safe,
            np.empty(len(parent) + len(edges.u), dtype=np.int64),
            np.zeros(1, dtype=np.int64),
        )
        start = (pending, active, sources)
        return _divide(rows, edges, forest, members, (*classes, sink), start)

    row, class_ = zip(*in_threads(divide, ranges(n_classes, _LEAST)), strict=True)
    return np.concatenate(row), np.concatenate(class_)


def _killers(rows: Adjacency, ends: tuple[Ints, Ints], members: Members) -> tuple[Longs, Ints]:
    """Return the classes that take each edge out, ascending, each once."""
    m = len(ends[0])
    edge = np.repeat(np.arange(m), np.diff(members.edge_ptr))
    node = np.repeat(np.arange(len(rows.is_sink)), np.diff(members.node_ptr))
    fails = ~rows.is_sink[node]
    position, owner = expand(rows.indptr, node[fails])
    element = np.concatenate((edge, rows.edge[position])).astype(np.int64)
    killer = np.concatenate((members.edge_class, members.node_class[fails][owner]))
    keys = np.sort(element << 32 | killer)  # far faster than np.unique
    keys = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]
    indptr, _ = compressed_rows((keys >> 32).astype(np.int32), m)
    return indptr, (keys & 0xFFFFFFFF).astype(np.int32)


@entry
def _components(rows: Adjacency, edges: _Edges, chosen: Flags) -> Ints:
    """Return a node of its component for every node, all sinks being one."""
    n = len(rows.is_sink)
    parent = np.empty(n, dtype=np.int32)
    sink = _NONE
    for v in range(n):
        parent[v] = v
        if rows.is_sink[v]:
            sink = v if sink == _NONE else sink
            parent[v] = sink
    for e in range(len(chosen)):
        if chosen[e]:
            a, b = _top(parent, edges.u[e]), _top(parent, edges.v[e])
            parent[max(a, b)] = min(a, b)
    for v in range(n):
        parent[v] = _top(parent, np.int32(v))
    return parent


@inner
def _top(parent: Ints, v: int) -> int:
    """Return the node that stands for a component, and halve the way to it."""
    while parent[v] != v:
        parent[v] = parent[parent[v]]
        v = parent[v]
    return v


def _reached(rows: Adjacency, edges: _Edges, in_use: Flags, component: Ints) -> Flags:
    """Return which nodes have a route to the sink, those without transit by a neighbour."""
    carries = rows.is_transit | rows.is_sink
    is_connected = carries & (component == component[np.argmax(rows.is_sink)]) & rows.is_sink.any()
    reached = is_connected.copy()
    for near, far in ((edges.u, edges.v), (edges.v, edges.u)):
        reached[near[in_use & is_connected[far]]] = True
    return reached


@entry
def _divide(
    rows: Adjacency,
    edges: _Edges,
    forest: _Forest,
    members: Members,
    task: tuple[int, int, int],
    start: tuple[Ints, Ints, Ints],
) -> tuple[Ints, Ints]:
    """Halve the classes, each half with everything in place that none of its classes takes out."""
    first_class, end_class, sink = task
    pending, active, sources = start
    depth = 3
    while 1 << (depth - 3) < end_class - first_class:
        depth += 1
    still_out = np.empty((depth + 1) * len(pending) + 1, dtype=np.int32)
    waiting = np.empty((depth + 1) * len(active) + 1, dtype=np.int32)
    for k in range(len(pending)):
        still_out[k] = pending[k]
    for k in range(len(active)):
        waiting[k] = active[k]
    row, class_ = [np.int32(0) for _ in range(0)], [np.int32(0) for _ in range(0)]
    # A frame: classes lo..hi, its parent's edges and sources still open, entries of undo to keep.
    frames = [(first_class, end_class, 0, len(pending), 0, len(active), 0)]
    while len(frames) > 0:
        lo, hi, edge_lo, edge_hi, row_lo, row_hi, kept = frames.pop()
        _roll_back(forest, kept)
        edge_end = _put_in_place(rows, edges, forest, still_out, (edge_lo, edge_hi), (lo, hi))
        row_end = _open_rows(rows, forest, sources, waiting, (row_lo, row_hi), sink)
        if hi - lo == 1:
            for k in range(row_hi, row_end):
                if not _survives(rows, forest, members, sources[waiting[k]], lo, sink):
                    row.append(waiting[k])
                    class_.append(np.int32(lo))
        elif row_end > row_hi:
            middle = (lo + hi) // 2
            kept = forest.n_undo[0]
            frames.append((middle, hi, edge_hi, edge_end, row_hi, row_end, kept))
            frames.append((lo, middle, edge_hi, edge_end, row_hi, row_end, kept))
    return np.array(row, dtype=np.int32), np.array(class_, dtype=np.int32)


@inner
def _open_rows(
    rows: Adjacency,
    forest: _Forest,
    sources: Ints,
    waiting: Ints,
    span: tuple[int, int],
    sink: int,
) -> int:
    """List the waiting sources that are not joined to the sink after the others."""
    end = span[1]
    for k in range(span[0], span[1]):
        if not _is_joined(rows, forest, sources[waiting[k]], sink):
            waiting[end] = waiting[k]
            end += 1
    return end


@inner
def _root(forest: _Forest, v: int) -> int:
    while forest.parent[v] != v:
        v = forest.parent[v]
    return v


@inner
def _put_in_place(
    rows: Adjacency,
    edges: _Edges,
    forest: _Forest,
    still_out: Ints,
    span: tuple[int, int],
    classes: tuple[int, int],
) -> int:
    """Put the edges in place that no class of the part takes out; list the others after them."""
    end = span[1]
    for k in range(span[0], span[1]):
        e = still_out[k]
        if _is_hit(edges, e, classes[0], classes[1]):
            still_out[end] = e
            end += 1
            continue
        forest.is_on[e] = True
        forest.undo[forest.n_undo[0]] = -1 - e
        forest.n_undo[0] += 1
        u, v = edges.u[e], edges.v[e]
        if not (
            (rows.is_transit[u] or rows.is_sink[u]) and (rows.is_transit[v] or rows.is_sink[v])
        ):
            continue
        a, b = _root(forest, np.int64(u)), _root(forest, np.int64(v))
        if forest.size[a] < forest.size[b]:
            a, b = b, a
        if a != b:
            forest.parent[b] = a
            forest.size[a] += forest.size[b]
            forest.undo[forest.n_undo[0]] = b
            forest.n_undo[0] += 1
    return end


@inner
def _roll_back(forest: _Forest, kept: int) -> None:
    while forest.n_undo[0] > kept:
        forest.n_undo[0] -= 1
        entry_ = forest.undo[forest.n_undo[0]]
        if entry_ < 0:
            forest.is_on[-1 - entry_] = False
        else:
            above = forest.parent[entry_]
            forest.size[above] -= forest.size[entry_]
            forest.parent[entry_] = entry_


@inner
def _is_hit(edges: _Edges, e: int, lo: int, hi: int) -> bool:
    """Whether a class in lo..hi takes the edge out."""
    first, last = edges.ptr[e], edges.ptr[e + 1]
    while first < last:
        middle = (first + last) // 2
        if edges.killer[middle] < lo:
            first = middle + 1
        else:
            last = middle
    return bool(first < edges.ptr[e + 1] and edges.killer[first] < hi)


@inner
def _is_joined(rows: Adjacency, forest: _Forest, source: int, sink: int) -> bool:
    """Whether the source reaches the sink over edges in place."""
    root = _root(forest, sink)
    if rows.is_transit[source]:
        return bool(_root(forest, np.int64(source)) == root)
    for k in range(rows.indptr[source], rows.indptr[source + 1]):
        w = rows.neighbour[k]
        carries = rows.is_transit[w] or rows.is_sink[w]
        if carries and forest.is_on[rows.edge[k]] and _root(forest, np.int64(w)) == root:
            return True
    return False


@inner
def _survives(
    rows: Adjacency, forest: _Forest, members: Members, source: int, failed: int, sink: int
) -> bool:
    """Whether the source gets away from a class that contains the source itself."""
    root = _root(forest, sink)
    for k in range(rows.indptr[source], rows.indptr[source + 1]):
        w, e = rows.neighbour[k], rows.edge[k]
        if not (rows.is_transit[w] or rows.is_sink[w]) or _root(forest, np.int64(w)) != root:
            continue
        if not _contains(members.edge_ptr, members.edge_class, e, failed) and (
            rows.is_sink[w] or not _contains(members.node_ptr, members.node_class, w, failed)
        ):
            return True
    return False


@inner
def _contains(ptr: Longs, classes: Ints, element: int, failed: int) -> bool:
    k = ptr[element]
    while k < ptr[element + 1] and classes[k] != failed:
        k += 1
    return bool(k < ptr[element + 1])
