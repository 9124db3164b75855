"""The two routes of a pair, put together from the labels of the sweep.

Every piece gives two walks to its anchor (Suurballe and Tarjan's marking); an edge that they use in
opposite directions is cancelled, and what is left is walked twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.search._pieces import BEHIND_EDGE, Run
from netgraph.diversity.search._suurballe import NONE
from netgraph.diversity.search.single_points import NOTHING, UNREACHED

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Flags, Floats, Ints, Longs


class Ends(NamedTuple):
    u: Ints
    v: Ints
    length_m: Floats


class _Walk(NamedTuple):
    """Working space to put one piece's two routes together."""

    is_marked: Flags  # by vertex
    times: Ints  # by edge: how often the two labelled walks use it
    first: Ints  # by node: first unused step out of it
    place: Ints  # by node: where the route being walked met it
    step_to: Ints  # steps: node reached, edge used, next step out of the same node
    step_edge: Ints
    step_next: Ints


@entry
def recover(nodes: Ints, ends: Ends, run: Run) -> tuple[Longs, Ints]:
    """Walk the pairs of many nodes, piece by piece."""
    n = len(run.anchor)
    walk = _Walk(
        np.zeros(len(run.tree.parent_arc), dtype=np.bool_),
        np.zeros(len(ends.u), dtype=np.int32),
        np.full(n, NONE, dtype=np.int32),
        np.full(n, NONE, dtype=np.int32),
        np.empty(4 * n + 8, dtype=np.int32),
        np.empty(4 * n + 8, dtype=np.int32),
        np.empty(4 * n + 8, dtype=np.int32),
    )
    route = np.empty((2, n + 1), dtype=np.int32)
    indptr = np.zeros(2 * len(nodes) + 1, dtype=np.int64)
    edges = np.empty(1024, dtype=np.int32)
    for i in range(len(nodes)):
        at = nodes[i]
        size_a = size_b = np.int64(0)
        while at != NOTHING and run.anchor[at] != UNREACHED:
            if run.anchor[at] == BEHIND_EDGE:
                route[0, size_a] = route[1, size_b] = run.next_point[at] - n
                size_a += 1
                size_b += 1
            elif run.position[at] != NONE:
                count = _collect(ends, walk, run, at)
                size_a = _walk_route(walk, at, route[0], size_a)
                size_b = _walk_route(walk, at, route[1], size_b)
                _tidy(walk, count, at)
            at = run.following[at]
        while indptr[2 * i] + size_a + size_b > len(edges):
            edges = np.concatenate((edges, np.empty_like(edges)))
        first = 1 if is_before(ends, route[1, :size_b], route[0, :size_a]) else 0
        sizes = (size_a, size_b)
        for turn in range(2):
            which = first ^ turn
            begin = indptr[2 * i + turn]
            for k in range(sizes[which]):
                edges[begin + k] = route[which, k]
            indptr[2 * i + turn + 1] = begin + sizes[which]
    return indptr, edges[: indptr[-1]].copy()


@inner
def _collect(ends: Ends, walk: _Walk, run: Run, source: int) -> int:
    """Note the steps of both labelled walks, towards the root, less what they use both ways."""
    arcs, tree, labels = run.arcs, run.tree, run.labels
    vertex = run.position[source] * run.width
    x = vertex
    while labels.last_arc[x] != NONE:
        walk.is_marked[x] = True
        x = labels.through[x]
    count = 0
    for _ in range(2):
        x, node = vertex, source
        while True:
            if walk.is_marked[x]:
                walk.is_marked[x] = False
                arc = labels.last_arc[x]
            elif tree.parent_arc[x] != NONE:
                arc = tree.parent_arc[x]
            else:
                break
            e = run.arc_edge[arc]
            if e != NONE:
                walk.step_next[count] = node
                node = ends.u[e] + ends.v[e] - node
                walk.step_to[count] = node
                walk.step_edge[count] = e
                walk.times[e] += 1
                count += 1
            x = arcs.tail[arc]
    for k in range(count - 1, -1, -1):
        node = walk.step_next[k]
        if walk.times[walk.step_edge[k]] == 1:
            walk.step_next[k] = walk.first[node]
            walk.first[node] = k
        else:
            walk.step_next[k] = NONE
    return count


@inner
def _walk_route(walk: _Walk, source: int, route: Ints, size: int) -> int:
    """Take unused steps to the end of the piece; forget the loops. Return the route's size."""
    begin = size
    node = source
    walk.place[node] = size
    while walk.first[node] != NONE:
        k = walk.first[node]
        walk.first[node] = walk.step_next[k]
        route[size] = k
        size += 1
        node = walk.step_to[k]
        if walk.place[node] != NONE:  # a loop, of no length: back to where it began
            for i in range(walk.place[node], size - 1):
                walk.place[walk.step_to[route[i]]] = NONE
            size = walk.place[node]
        walk.place[node] = size
    walk.place[source] = NONE
    for i in range(begin, size):
        walk.place[walk.step_to[route[i]]] = NONE
        route[i] = walk.step_edge[route[i]]
    return size


@inner
def _tidy(walk: _Walk, count: int, source: int) -> None:
    walk.first[source] = NONE
    for k in range(count):
        walk.times[walk.step_edge[k]] = 0
        walk.first[walk.step_to[k]] = NONE


@inner
def is_before(ends: Ends, a: Ints, b: Ints) -> bool:
    """Whether route a comes first: shorter, or of lesser edges at the first difference."""
    length_a = length_b = 0.0
    for e in a:
        length_a += ends.length_m[e]
    for e in b:
        length_b += ends.length_m[e]
    if length_a != length_b:
        return length_a < length_b
    for i in range(min(len(a), len(b))):
        if a[i] != b[i]:
            return bool(a[i] < b[i])
    return len(a) < len(b)
