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
from netgraph.diversity.search.heap import place

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
    next_point, n_nodes, n_edges = _next_points(adjacency(graph, is_sink), graph.n_edges)
    is_connected = next_point[: graph.n_nodes] != UNREACHED
    return SinglePoints(graph, is_sink, is_connected, next_point, n_nodes, n_edges)


# What the search keeps of each node, side by side: the least number that its subtree reaches
# otherwise, its parent, the edge that entered it, the arc to look at next.
_LOW, _PARENT, _ENTERED_BY, _CURSOR = range(4)
_WIDTH = 4
_UNSEEN, _CLOSED = -1, -2  # numbers of nodes to be discovered, and of those that carry no routes


@entry
def _next_points(rows: Adjacency, n_edges: int) -> tuple[Ints, Ints, Ints]:
    """Return the next point of each element and how many nodes and edges each node's chain holds.

    Most of the cost is waiting for memory: the numbers of the nodes, which are looked at for every
    arc, stand close together, all else of a node side by side.
    """
    n = len(rows.is_sink)
    next_point = np.empty(n + n_edges, dtype=np.int32)
    n_nodes, n_cut = np.zeros(n, dtype=np.int32), np.zeros(n, dtype=np.int32)
    seen = np.empty(n, dtype=np.int32)
    for v in range(n):
        seen[v] = 0 if rows.is_sink[v] else (_UNSEEN if rows.is_transit[v] else _CLOSED)
        next_point[v] = NOTHING if rows.is_sink[v] else UNREACHED
    for e in range(n_edges):
        next_point[n + e] = UNREACHED
    order, known = _depth_first(rows, seen)
    for v in order:
        at = _WIDTH * np.int64(v)
        p, low = known[place(at + _PARENT)], known[place(at + _LOW)]
        point = next_point[place(p)]
        above_nodes, above_edges = n_nodes[place(p)], n_cut[place(p)]
        if low >= seen[place(p)]:
            if seen[place(p)] > 0:
                point = p
                above_nodes += 1
            if low > seen[place(p)]:
                edge = n + known[place(at + _ENTERED_BY)]
                next_point[place(edge)] = point
                point = np.int32(edge)
                above_edges += 1
        next_point[place(v)] = point
        n_nodes[place(v)], n_cut[place(v)] = above_nodes, above_edges
    _join_ends(rows, next_point, n_nodes, n_cut)
    return next_point, n_nodes, n_cut


@inner
def _depth_first(rows: Adjacency, seen: Ints) -> tuple[Ints, Ints]:
    """Search from all sinks as one root through the nodes that may carry routes.

    Numbers the other nodes in order of discovery; returns them in that order, and what is known of
    each. The neighbours of a node are looked at together, not one by one.
    """
    n = len(rows.is_sink)
    order, known = np.empty(n, dtype=np.int32), np.empty(_WIDTH * n, dtype=np.int32)
    count = np.int32(0)
    for sink in range(n):
        if not rows.is_sink[sink]:
            continue
        v, at, entered_by, low = np.int64(sink), rows.indptr[sink], np.int32(-1), np.int32(0)
        while True:
            first = end = rows.indptr[place(v + 1)]
            onward = end
            for k in range(end - 1, at - 1, -1):
                w = rows.neighbour[place(k)]
                there, arcs = seen[place(w)], rows.indptr[place(w)]
                first, onward = (k, arcs) if there == _UNSEEN else (first, onward)
                is_way_round = (there >= 0) & (rows.edge[place(k)] != entered_by)
                low = min(low, there) if is_way_round else low
            here = _WIDTH * v
            known[place(here + _LOW)] = low
            if first < end:
                known[place(here + _CURSOR)] = first + 1
                parent, v = v, np.int64(rows.neighbour[place(first)])
                at, entered_by = onward, rows.edge[place(first)]
                known[place(_WIDTH * v + _PARENT)] = parent
                known[place(_WIDTH * v + _ENTERED_BY)] = entered_by
                order[place(count)] = v
                count += np.int32(1)
                seen[place(v)] = low = count
                continue
            if v == sink:
                break
            v = np.int64(known[place(here + _PARENT)])
            low = min(low, known[place(_WIDTH * v + _LOW)])
            at = np.int64(known[place(_WIDTH * v + _CURSOR)])
            entered_by = known[place(_WIDTH * v + _ENTERED_BY)] if v != sink else np.int32(-1)
    return order[:count], known


@inner
def _join_ends(rows: Adjacency, next_point: Ints, n_nodes: Ints, n_cut: Ints) -> None:
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
                next_point[common] = point
            else:
                if common >= n:  # a second way: the first edge is no single point
                    first = common
                    common = next_point[first]
                    next_point[first] = UNREACHED
                common = _meet(next_point, n_nodes, n_cut, common, point)
        next_point[v] = common
        above = next_point[common] if common >= n else common
        if above >= 0:
            n_nodes[v], n_cut[v] = n_nodes[above] + 1, n_cut[above]
        n_cut[v] += common >= n


@inner
def _meet(next_point: Ints, n_nodes: Ints, n_cut: Ints, a: int, b: int) -> int:
    """Return the nearest element that two elements' chains (themselves included) share."""
    while a != b:
        if a < 0 or b < 0:
            return NOTHING
        depth_a = _depth(next_point, n_nodes, n_cut, a)
        depth_b = _depth(next_point, n_nodes, n_cut, b)
        if depth_a >= depth_b:
            a = next_point[a]
        if depth_b >= depth_a:
            b = next_point[b]
    return a


@inner
def _depth(next_point: Ints, n_nodes: Ints, n_cut: Ints, element: int) -> int:
    """Return how many elements an element's chain holds."""
    n, depth = len(n_nodes), 0
    if element >= n:
        element, depth = next_point[element], 1
    return int(depth + n_nodes[element] + n_cut[element]) if element >= 0 else 0


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
