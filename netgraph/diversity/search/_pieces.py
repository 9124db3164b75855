"""The network cut at its single points into pieces, laid side by side around one root.

Inside a piece a pair of routes is disjoint; between pieces both routes take what none can avoid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry
from netgraph.diversity.search._suurballe import NONE
from netgraph.diversity.search.graph import compressed_rows, expand, expand_positions
from netgraph.diversity.search.single_points import NOTHING, UNREACHED
from netgraph.topology.csr import stable_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.diversity.search._steps import Steps
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
    steps: Steps
    following: Ints  # where the pair's next piece begins, NOTHING at the sink


def node_anchors(next_point: Ints, n: int) -> Ints:
    """Return the point on which each node's piece hangs if routes are to be node-disjoint."""
    return np.where(next_point[:n] >= n, BEHIND_EDGE, next_point[:n]).astype(np.int32)


def link_anchors(next_point: Ints, n: int) -> Ints:
    """Return the far end of each node's next cutting edge, the sink if there is none."""
    direct = node_anchors(next_point, n)
    # Follow cutting nodes up to the one that hangs on an edge or on the sink itself.
    top = np.where(direct >= 0, direct, np.arange(n))
    while True:
        further = top[top]
        if np.array_equal(further, top):
            break
        top = further
    behind = (direct[top] == BEHIND_EDGE) & (direct >= 0)
    return np.where(behind, top, direct[top]).astype(np.int32)


def lay_out(rows: Adjacency, next_point: Ints, anchor: Ints) -> Layout:
    """Place every node in the piece of its anchor.

    A node that carries no routes may join places that lie in different pieces; the piece on which
    it hangs is then *wide*: it takes in everything below its anchor.
    """
    placed = np.flatnonzero((anchor >= NOTHING) & ~rows.is_sink).astype(np.int32)
    wide = np.unique(anchor[_joining_nodes(rows, anchor)])
    narrow = placed[~np.isin(anchor[placed], wide)]
    members = [narrow[stable_order(anchor[narrow])]]
    hangs_on = [anchor[members[0]]]
    position = np.full(len(anchor), NONE, dtype=np.int32)
    position[members[0]] = np.arange(len(narrow), dtype=np.int32)
    size = len(narrow)
    for at, below in zip(wide, _all_below(next_point, len(anchor), wide), strict=True):
        fit = below[(rows.is_transit[below] | (anchor[below] == at)) & ~rows.is_sink[below]]
        own = np.flatnonzero(anchor[fit] == at)
        position[fit[own]] = (size + own).astype(np.int32)
        members.append(fit)
        hangs_on.append(np.full(len(fit), at, dtype=np.int32))
        size += len(fit)
    return Layout(np.concatenate(members), np.concatenate(hangs_on), position)


def _joining_nodes(rows: Adjacency, anchor: Ints) -> Ints:
    """Return the nodes without transit whose neighbours lie in different pieces."""
    ends = np.flatnonzero(~rows.is_transit & ~rows.is_sink & (anchor >= NOTHING))
    position, owner = expand(rows.indptr, ends)
    node, other = ends[owner], rows.neighbour[position]
    carries = rows.is_transit[other] & ~rows.is_sink[other] & (anchor[other] != UNREACHED)
    elsewhere = (other != anchor[node]) & (anchor[other] != anchor[node])
    return node[carries & elsewhere].astype(np.int32)


def _all_below(next_point: Ints, n: int, anchors: Ints) -> Iterator[Ints]:
    """Yield, for each anchor, the nodes that it cuts off, ascending; all for the sink."""
    hung = np.flatnonzero(next_point >= 0)
    ptr, position = compressed_rows(next_point[hung], len(next_point))
    for anchor in anchors:
        if anchor == NOTHING:
            yield np.flatnonzero(next_point[:n] != UNREACHED).astype(np.int32)
            continue
        below, found = [np.empty(0, dtype=np.int64)], np.array([anchor])
        while len(found):
            found = hung[position[expand_positions(ptr, found)]]
            below.append(found[found < n])
        yield np.sort(np.concatenate(below)).astype(np.int32)


@entry
def build_arcs(rows: Adjacency, layout: Layout, width: int) -> tuple[Ints, Ints, Ints]:
    """Return tail, head and edge (NONE inside a node) of the arcs that lead away from the root."""
    member, anchor, _ = layout
    indptr, neighbour, edge, is_transit, is_sink = rows
    size = len(member)
    room = size
    for p in range(size):
        room += indptr[member[p] + 1] - indptr[member[p]]
    arcs = np.empty((3, room), dtype=np.int32)
    here = np.empty(len(is_sink), dtype=np.int32)  # position of a node in this piece
    for v in range(len(is_sink)):
        here[v] = NONE
    count = start = 0
    while start < size:
        end = start
        while end < size and anchor[end] == anchor[start]:
            here[member[end]] = end
            end += 1
        for p in range(start, end):
            v = member[p]
            if width == 2 and is_transit[v]:
                arcs[0, count], arcs[1, count], arcs[2, count] = 2 * p, 2 * p + 1, NONE
                count += 1
            for k in range(indptr[v], indptr[v + 1]):
                w = neighbour[k]
                if w == anchor[p] or (anchor[p] == NOTHING and is_sink[w]):
                    arcs[0, count] = width * size
                elif is_transit[w] and here[w] >= start:
                    arcs[0, count] = width * here[w] + width - 1
                else:
                    continue
                arcs[1, count], arcs[2, count] = width * p, edge[k]
                count += 1
        start = end
    return arcs[0, :count].copy(), arcs[1, :count].copy(), arcs[2, :count].copy()


def next_anchors(next_point: Ints, anchor: Ints) -> Ints:
    """Return the point where the pair's next piece begins; NOTHING at the sink, or UNREACHED."""
    following = anchor.copy()
    behind = np.flatnonzero(anchor == BEHIND_EDGE)
    following[behind] = next_point[next_point[behind]]
    return following


def totals(run: Run, piece_m: Floats, length_m: Floats) -> Floats:
    """Add up the pairs of the pieces between each node and the sink; `piece_m` is of its own."""
    n = len(run.anchor)
    total = np.append(piece_m, 0.0)  # the last stands for the sink
    behind = np.flatnonzero(run.anchor == BEHIND_EDGE)
    total[behind] = 2.0 * length_m[run.next_point[behind] - n]
    total[:n][run.anchor == UNREACHED] = np.inf
    following = np.append(np.where(run.following < 0, n, run.following), n)
    while (following < n).any():  # each round doubles the number of pieces added up
        total += total[following]
        following = following[following]
    return total[:n]
