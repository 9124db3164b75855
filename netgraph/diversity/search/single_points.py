"""What alone cuts a node off from the sink: spans and structures, for every node in one pass.

Depth-first search with low points from the sink (Tarjan, SIAM J. Comput. 1(2), 1972; Hopcroft and
Tarjan, Commun. ACM 16(6), 1973). The edge by which a node was entered is skipped by its number, not
by its other end, so that parallel edges protect each other. Exact; O(n + m) for all nodes.

The single points of a node form a chain from the node to the sink, and the chains form a tree:
every element (node v as v, edge e as n + e) knows the next one towards the sink.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.search.graph import ArrayGraph, Rows, adjacency, as_nodes, sink_mask

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from netgraph.diversity.search._types import Adjacency, Flags, Ints, Longs

NOTHING = -1  # nothing further cuts the element off: the sink is next
UNREACHED = -2  # the node has no route to the sink, or the edge alone cuts nobody off


@dataclass(frozen=True, eq=False)
class SinglePoints:
    """The single points of failure between every node and the sink.

    Attributes
    ----------
    graph
        The network.
    is_sink
        Whether the node is a sink, bool, shape (n,).
    is_connected
        Whether the node has a route to the sink, bool, shape (n,); a sink has one of no edges.
    next_point
        For node v at v and for edge e at n + e: the nearest element on the way to the sink that
        alone cuts it off (again v or n + e), NOTHING or UNREACHED; int32, shape (n + m,).
    n_cutting_nodes, n_cutting_edges
        How many other nodes, and how many edges, alone cut the node off; int32, shape (n,).
    """

    graph: ArrayGraph
    is_sink: Flags
    is_connected: Flags
    next_point: Ints
    n_cutting_nodes: Ints
    n_cutting_edges: Ints

    def chain(self, node: int) -> Ints:
        """Return all single points of a node in order from it (node v as v, edge e as n + e)."""
        return self.chains([node])[0]

    def cutting_edges(self, node: int) -> Ints:
        """Return the edges that alone cut the node off, in order from the node."""
        chain = self.chain(node)
        return chain[chain >= self.graph.n_nodes] - np.int32(self.graph.n_nodes)

    def cutting_nodes(self, node: int) -> Ints:
        """Return the other nodes that alone cut the node off, in order from it."""
        chain = self.chain(node)
        return chain[chain < self.graph.n_nodes]

    def chains(self, nodes: ArrayLike) -> Rows:
        """Return the chains of many nodes, one row each."""
        return Rows(*_chains(self.next_point, as_nodes(self.graph, nodes)))


def find_single_points(graph: ArrayGraph, sinks: ArrayLike) -> SinglePoints:
    """Find, for every node, all edges and nodes that alone cut it off from the sinks.

    Exact, in O(n + m) for all nodes together; a node that may not carry routes adds the length of
    its neighbours' chains.

    Parameters
    ----------
    graph
        The network.
    sinks
        Nodes that count as one sink.

    Returns
    -------
    SinglePoints

    Raises
    ------
    UsageError
        If a sink is no node of the graph.
    """
    is_sink = sink_mask(graph, sinks)
    next_point, depth = _next_points(adjacency(graph, is_sink), graph.n_edges)
    n = graph.n_nodes
    is_connected = next_point[:n] != UNREACHED
    return SinglePoints(
        graph, is_sink, is_connected, next_point, depth[0, :n].copy(), depth[1, :n].copy()
    )


@entry
def _next_points(rows: Adjacency, n_edges: int) -> tuple[Ints, Ints]:
    """Return the next point of each element and how many nodes and edges each chain holds."""
    is_sink = rows.is_sink
    n = len(is_sink)
    next_point = np.full(n + n_edges, UNREACHED, dtype=np.int32)
    depth = np.zeros((2, n + n_edges), dtype=np.int32)
    order, parent, entered_by, seen, low = _depth_first(rows)
    for v in range(n):
        if is_sink[v]:
            next_point[v] = NOTHING
    for v in order:
        p, e = parent[v], n + entered_by[v]
        if low[v] > seen[p]:
            _set_next(next_point, depth, e, NOTHING if is_sink[p] else p, n)
            _set_next(next_point, depth, v, e, n)
        elif is_sink[p]:
            next_point[v] = NOTHING
        elif low[v] >= seen[p]:
            _set_next(next_point, depth, v, p, n)
        else:
            _set_next(next_point, depth, v, next_point[p], n)
    _join_ends(rows, next_point, depth)
    return next_point, depth


@inner
def _depth_first(rows: Adjacency) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Search from all sinks as one root through the nodes that may carry routes.

    Returns the other nodes in order of discovery, and for each node its parent, the edge that
    entered it, its number (sinks 0) and the least number that its subtree reaches otherwise.
    """
    indptr, neighbour, edge, is_transit, is_sink = rows
    n = len(is_sink)
    seen = np.full(n, -1, dtype=np.int32)
    low = np.zeros(n, dtype=np.int32)
    parent = np.full(n, -1, dtype=np.int32)
    entered_by = np.full(n, -1, dtype=np.int32)
    cursor = indptr[:-1].copy()
    order = np.empty(n, dtype=np.int32)
    stack = np.empty(n + 1, dtype=np.int32)
    count = 0
    for v in range(n):
        if is_sink[v]:
            seen[v] = 0
    for sink in range(n):
        if not is_sink[sink]:
            continue
        stack[0] = sink
        top = 0
        while top >= 0:
            v = stack[top]
            if cursor[v] == indptr[v + 1]:
                top -= 1
                if top >= 0:
                    low[stack[top]] = min(low[stack[top]], low[v])
                continue
            w, e = neighbour[cursor[v]], edge[cursor[v]]
            cursor[v] += 1
            if e == entered_by[v] or not (is_transit[w] or is_sink[w]):
                continue
            if seen[w] >= 0:
                low[v] = min(low[v], seen[w])
                continue
            parent[w], entered_by[w] = v, e
            order[count] = w
            count += 1
            seen[w] = low[w] = count
            top += 1
            stack[top] = w
    return order[:count], parent, entered_by, seen, low


@inner
def _set_next(next_point: Ints, depth: Ints, element: int, point: int, n: int) -> None:
    """Hang an element below its next point and count the chain."""
    next_point[element] = point
    if point >= 0:
        depth[0, element] = depth[0, point] + (point < n)
        depth[1, element] = depth[1, point] + (point >= n)


@inner
def _join_ends(rows: Adjacency, next_point: Ints, depth: Ints) -> None:
    """Give each node that carries no route what all its edges' chains have in common."""
    indptr, neighbour, edge, is_transit, is_sink = rows
    n = len(is_sink)
    for v in range(n):
        if is_transit[v] or is_sink[v]:
            continue
        common = UNREACHED
        for k in range(indptr[v], indptr[v + 1]):
            w = neighbour[k]
            if is_sink[w]:
                point = NOTHING
            elif is_transit[w] and next_point[w] != UNREACHED:
                point = w
            else:
                continue
            if common == UNREACHED:
                common = n + edge[k]
                _set_next(next_point, depth, common, point, n)
            else:
                if common >= n:  # a second way: the first edge is no single point
                    first = common
                    common = next_point[first]
                    next_point[first] = UNREACHED
                common = _meet(next_point, depth, common, point)
        _set_next(next_point, depth, v, common, n)


@inner
def _meet(next_point: Ints, depth: Ints, a: int, b: int) -> int:
    """Return the nearest element that two elements' chains (themselves included) share."""
    while a != b:
        if a < 0 or b < 0:
            return NOTHING
        depth_a = depth[0, a] + depth[1, a]
        depth_b = depth[0, b] + depth[1, b]
        if depth_a >= depth_b:
            a = next_point[a]
        if depth_b >= depth_a:
            b = next_point[b]
    return a


@entry
def _chains(next_point: Ints, nodes: Ints) -> tuple[Longs, Ints]:
    indptr = np.zeros(len(nodes) + 1, dtype=np.int64)
    for i in range(len(nodes)):
        size = 0
        point = next_point[nodes[i]]
        while point >= 0:
            size += 1
            point = next_point[point]
        indptr[i + 1] = indptr[i] + size
    elements = np.empty(indptr[-1], dtype=np.int32)
    for i in range(len(nodes)):
        at = indptr[i]
        point = next_point[nodes[i]]
        while point >= 0:
            elements[at] = point
            at += 1
            point = next_point[point]
    return indptr, elements
