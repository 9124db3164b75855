"""The network cut at its single points into pieces, laid side by side around one root.

Inside a piece a pair of routes is disjoint; between pieces both routes take what none can avoid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from netgraph.diversity.search._suurballe import NONE, Arcs, Labels, Tree, compressed_rows
from netgraph.diversity.search.single_points import NOTHING, UNREACHED

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Adjacency, Floats, Ints

BEHIND_EDGE = -3  # the anchor of a node whose next single point is an edge: both routes take it


class Layout(NamedTuple):
    """Pieces of the network side by side around one root.

    Position p stands for node ``member[p]`` in the piece that hangs on ``anchor[p]``; node v is
    answered at ``position[v]``. Vertices: p itself, or 2p (in) and 2p + 1 (out) for node-disjoint.
    """

    member: Ints
    anchor: Ints
    position: Ints


class Run(NamedTuple):
    """One run of the sweep over all pieces, and how to read it."""

    next_point: Ints
    anchor: Ints
    position: Ints
    width: int  # vertices a position: 2 (in, out) if node-disjoint, else 1
    arcs: Arcs
    arc_edge: Ints  # NONE inside a node
    tree: Tree
    labels: Labels


@njit(cache=True)
def anchors(next_point: Ints, n: int, by_node: bool) -> Ints:  # noqa: FBT001 -- kernels take no keywords
    """Return for each node the point on which its piece hangs.

    Node-disjoint: its next single point. Link-disjoint: the far end of its next cutting edge.
    """
    anchor = np.full(n, UNREACHED, dtype=np.int32)
    path = np.empty(n, dtype=np.int32)
    for v in range(n):
        size = 0
        at = np.int32(v)
        while anchor[at] == UNREACHED and next_point[at] != UNREACHED:
            point = next_point[at]
            if point >= n:
                anchor[at] = BEHIND_EDGE
            elif point == NOTHING or by_node:
                anchor[at] = point
            else:
                path[size] = at
                size += 1
                at = point
        above = at if anchor[at] == BEHIND_EDGE else anchor[at]
        for i in range(size):
            anchor[path[i]] = above
    return anchor


@njit(cache=True)
def lay_out(rows: Adjacency, next_point: Ints, anchor: Ints) -> Layout:
    """Return the members of all pieces, the anchor of each, and where each node is answered.

    Row a + 1 of the grouping belongs to anchor a, row 0 to the sink. A node that carries no routes
    may join places that lie in different pieces; the piece on which it hangs then takes in
    everything below its anchor.
    """
    n = len(anchor)
    is_sink, is_transit = rows.is_sink, rows.is_transit
    owner = np.full(n, NONE, dtype=np.int32)
    takes_all = np.zeros(n + 1, dtype=np.bool_)
    for v in range(n):
        if is_sink[v] or anchor[v] < NOTHING:
            continue
        owner[v] = anchor[v] + 1
        if not is_transit[v] and _joins_pieces(rows, anchor, v):
            takes_all[anchor[v] + 1] = True
    first, following = _children(next_point)
    chosen = np.flatnonzero(owner >= 0).astype(np.int32)
    row_ptr, by_row = compressed_rows(owner[chosen], n + 1)
    position = np.full(n, NONE, dtype=np.int32)
    member = np.empty(max(16, n), dtype=np.int32)
    hangs_on = np.empty(max(16, n), dtype=np.int32)
    size = 0
    for row in range(n + 1):
        if row_ptr[row] == row_ptr[row + 1]:
            continue
        if takes_all[row]:
            below = _all_below(rows, row, first, following, anchor)
        else:
            below = chosen[by_row[row_ptr[row] : row_ptr[row + 1]]]
        while size + len(below) > len(member):
            member = np.concatenate((member, np.empty_like(member)))
            hangs_on = np.concatenate((hangs_on, np.empty_like(hangs_on)))
        for v in below:
            if owner[v] == row:
                position[v] = size
            member[size] = v
            hangs_on[size] = row - 1
            size += 1
    return Layout(member[:size].copy(), hangs_on[:size].copy(), position)


@njit(cache=True)
def _joins_pieces(rows: Adjacency, anchor: Ints, v: int) -> bool:
    """Whether the neighbours of a node that carries no routes lie in different pieces."""
    for k in range(rows.indptr[v], rows.indptr[v + 1]):
        w = rows.neighbour[k]
        if rows.is_sink[w] or not rows.is_transit[w] or anchor[w] == UNREACHED:
            continue
        if w != anchor[v] and anchor[w] != anchor[v]:
            return True
    return False


@njit(cache=True)
def _children(next_point: Ints) -> tuple[Ints, Ints]:
    """Return the elements below each element (row 0: the sink) as linked lists."""
    first = np.full(len(next_point) + 1, NONE, dtype=np.int32)
    following = np.full(len(next_point), NONE, dtype=np.int32)
    for i in range(len(next_point)):
        element = len(next_point) - 1 - i
        if next_point[element] != UNREACHED:
            following[element] = first[next_point[element] + 1]
            first[next_point[element] + 1] = element
    return first, following


@njit(cache=True)
def _all_below(rows: Adjacency, row: int, first: Ints, following: Ints, anchor: Ints) -> Ints:
    """Return the nodes below an anchor that carry routes, and those that hang on it directly."""
    n = len(anchor)
    below = []
    stack = [np.int32(0) for _ in range(0)]
    element = first[row]
    while element != NONE or len(stack) > 0:
        if element == NONE:
            element = stack.pop()
            continue
        if (element < n and not rows.is_sink[element]) and (
            rows.is_transit[element] or anchor[element] == row - 1
        ):
            below.append(np.int32(element))
        stack.append(following[element])
        element = first[element + 1]
    return np.array(below, dtype=np.int32)


@njit(cache=True)
def build_arcs(
    rows: Adjacency,
    layout: Layout,
    by_node: bool,  # noqa: FBT001 -- kernels take no keywords
) -> tuple[Ints, Ints, Ints]:
    """Return tail, head and edge (NONE inside a node) of the arcs that lead away from the root."""
    member, anchor, _ = layout
    indptr, neighbour, edge, is_transit, is_sink = rows
    size = len(member)
    width = 2 if by_node else 1
    room = size
    for p in range(size):
        room += indptr[member[p] + 1] - indptr[member[p]]
    tail = np.empty(room, dtype=np.int32)
    head = np.empty(room, dtype=np.int32)
    arc_edge = np.empty(room, dtype=np.int32)
    here = np.full(len(is_sink), NONE, dtype=np.int32)  # position of a node in this piece
    count = 0
    start = 0
    while start < size:
        end = start
        while end < size and anchor[end] == anchor[start]:
            here[member[end]] = end
            end += 1
        for p in range(start, end):
            v = member[p]
            if by_node and is_transit[v]:
                tail[count], head[count], arc_edge[count] = 2 * p, 2 * p + 1, NONE
                count += 1
            for k in range(indptr[v], indptr[v + 1]):
                w = neighbour[k]
                if w == anchor[p] or (anchor[p] == NOTHING and is_sink[w]):
                    tail[count] = width * size
                elif is_transit[w] and here[w] >= start:
                    tail[count] = width * here[w] + width - 1
                else:
                    continue
                head[count], arc_edge[count] = width * p, edge[k]
                count += 1
        start = end
    return tail[:count].copy(), head[:count].copy(), arc_edge[:count].copy()


@njit(cache=True)
def totals(run: Run, length_m: Floats) -> Floats:
    """Add up the pairs of the pieces between each node and the sink."""
    n = len(run.anchor)
    total = np.full(n, np.inf)
    path = np.empty(n + 1, dtype=np.int32)
    for v in range(n):
        size = 0
        at = v
        while at != NOTHING and total[at] == np.inf and run.next_point[at] != UNREACHED:
            path[size] = at
            size += 1
            at = next_anchor(run, at)
        above = 0.0 if at == NOTHING else total[at]
        for i in range(size - 1, -1, -1):
            at = path[i]
            if run.anchor[at] == BEHIND_EDGE:
                above += 2.0 * length_m[run.next_point[at] - n]
            elif run.position[at] != NONE:  # a sink stands nowhere and adds nothing
                vertex = run.position[at] * run.width
                above += 2.0 * run.tree.distance_m[vertex] + run.labels.reduced_m[vertex]
            total[at] = above
    return total


@njit(cache=True)
def next_anchor(run: Run, v: int) -> int:
    """Return the point where the pair's next piece begins, NOTHING at the sink."""
    if run.anchor[v] == BEHIND_EDGE:
        return run.next_point[run.next_point[v]]
    return run.anchor[v]
