"""Shortest link-disjoint and node-disjoint pairs of routes from every node to the sink.

One run of Suurballe and Tarjan's method from the sink serves all nodes. The single points of a node
are taken out of the question first: the network is cut there into pieces, each piece hangs on its
upper point, and the pieces are laid side by side around one root. So a node behind a bridge has
its pair too: *disjoint otherwise*, both routes using what nothing can avoid. A node without single
points has a pair that is disjoint altogether.

Exact: each pair has the least total length of all pairs that share nothing but single points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numba import njit

from netgraph.diversity.search import _suurballe
from netgraph.diversity.search._suurballe import Arcs, Labels, Tree, compressed_rows
from netgraph.diversity.search.graph import ArrayGraph, Routes, as_nodes
from netgraph.diversity.search.single_points import (
    NOTHING,
    UNREACHED,
    SinglePoints,
    find_single_points,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from netgraph.diversity.search._types import Flags, Floats, Ints, Longs

Disjointness = Literal["link", "node"]

_BEHIND_EDGE = -3  # the anchor of a node whose next single point is an edge: both routes take it
_NONE = -1


class _Layout(NamedTuple):
    """Pieces of the network side by side around one root.

    Position p stands for node ``member[p]`` in the piece that hangs on ``anchor[p]``; node v is
    answered at ``position[v]``. Vertices: p itself, or 2p (in) and 2p + 1 (out) for node-disjoint.
    """

    member: Ints
    anchor: Ints
    position: Ints


@dataclass(frozen=True, eq=False)
class DisjointPairs:
    """Shortest pairs of routes from every node, disjoint but for the node's single points.

    Attributes
    ----------
    points
        The single points of the network.
    disjoint
        "link": no common edge; "node": no common edge and no common node on the way.
    is_disjoint
        Whether the node has two routes that share nothing of that kind at all, bool, shape (n,).
    total_m
        Length of both routes together in metres, infinite where the node is not connected,
        float64, shape (n,).
    """

    points: SinglePoints
    disjoint: Disjointness
    is_disjoint: Flags
    total_m: Floats
    _anchor: Ints
    _layout: _Layout
    _arcs: Arcs
    _arc_edge: Ints
    _tree: Tree
    _labels: Labels

    def find_routes(self, sources: ArrayLike) -> Routes:
        """Return two routes a source, the shorter first (then the one of lesser edges).

        Parameters
        ----------
        sources
            Nodes, shape (k,).

        Returns
        -------
        Routes
            2k routes, those of source i at 2i and 2i + 1; empty for a sink and for a node without
            connection. O(length of the routes) a source.
        """
        nodes = as_nodes(self.points.graph, sources)
        graph = self.points.graph
        indptr, edges = _recover(
            nodes,
            _Ends(graph.edge_u, graph.edge_v, graph.length_m),
            self.points.next_point,
            self._anchor,
            self._layout.position,
            self._arcs,
            self._arc_edge,
            self._tree,
            self._labels,
            self.disjoint == "node",
        )
        return Routes(indptr, edges)


def find_disjoint_pairs(
    graph: ArrayGraph,
    sinks: ArrayLike,
    disjoint: Disjointness = "node",
    *,
    points: SinglePoints | None = None,
) -> DisjointPairs:
    """Find the shortest disjoint pair of every node at once.

    Exact, in O((n + m) log n) for all nodes together; ties are settled by number.

    Parameters
    ----------
    graph
        The network.
    sinks
        Nodes that count as one sink: both routes may end at one of them.
    disjoint
        "link": routes without a common edge; "node": nor a common node between their ends.
    points
        The single points, if known already.

    Returns
    -------
    DisjointPairs

    Raises
    ------
    UsageError
        If a sink is no node of the graph.
    """
    points = find_single_points(graph, sinks) if points is None else points
    by_node = disjoint == "node"
    n = graph.n_nodes
    anchor = _anchors(points.next_point, n, by_node)
    layout = _Layout(
        *_lay_out(
            graph.indptr,
            graph.neighbour,
            points.next_point,
            anchor,
            points.is_sink,
            graph.is_transit,
        )
    )
    tail, head, arc_edge = _build_arcs(
        graph.indptr,
        graph.neighbour,
        graph.edge,
        layout,
        points.is_sink,
        graph.is_transit,
        by_node,
    )
    root = len(layout.member) * (2 if by_node else 1)
    length_m = np.where(arc_edge >= 0, graph.length_m[arc_edge], 0.0)
    arcs = Arcs(
        tail, head, length_m, *compressed_rows(tail, root + 1), *compressed_rows(head, root + 1)
    )
    tree = _suurballe.shortest_path_tree(arcs, root)
    labels = _suurballe.sweep(arcs, tree, root)
    total_m = _totals(
        points.next_point, anchor, layout.position, graph.length_m, tree, labels, by_node
    )
    cuts = points.n_cutting_edges + points.n_cutting_nodes if by_node else points.n_cutting_edges
    is_disjoint = points.is_connected & (cuts == 0)
    return DisjointPairs(
        points, disjoint, is_disjoint, total_m, anchor, layout, arcs, arc_edge, tree, labels
    )


@njit(cache=True)
def _anchors(next_point: Ints, n: int, by_node: bool) -> Ints:  # noqa: FBT001 -- kernels take no keywords
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
                anchor[at] = _BEHIND_EDGE
            elif point == NOTHING or by_node:
                anchor[at] = point
            else:
                path[size] = at
                size += 1
                at = point
        above = at if anchor[at] == _BEHIND_EDGE else anchor[at]
        for i in range(size):
            anchor[path[i]] = above
    return anchor


@njit(cache=True)
def _lay_out(
    indptr: Longs,
    neighbour: Ints,
    next_point: Ints,
    anchor: Ints,
    is_sink: Flags,
    is_transit: Flags,
) -> tuple[Ints, Ints, Ints]:
    """Return the members of all pieces, the anchor of each, and where each node is answered.

    Row a + 1 of the grouping belongs to anchor a, row 0 to the sink. A node that carries no routes
    may join places that lie in different pieces; the piece on which it hangs then takes in
    everything below its anchor.
    """
    n = len(anchor)
    owner = np.full(n, _NONE, dtype=np.int32)
    takes_all = np.zeros(n + 1, dtype=np.bool_)
    for v in range(n):
        if is_sink[v] or anchor[v] < NOTHING:
            continue
        owner[v] = anchor[v] + 1
        if not is_transit[v] and _joins_pieces(indptr, neighbour, anchor, is_sink, is_transit, v):
            takes_all[anchor[v] + 1] = True
    first, following = _children(next_point, n)
    chosen = np.flatnonzero(owner >= 0).astype(np.int32)
    row_ptr, rows = compressed_rows(owner[chosen], n + 1)
    position = np.full(n, _NONE, dtype=np.int32)
    member = np.empty(max(16, n), dtype=np.int32)
    hangs_on = np.empty(max(16, n), dtype=np.int32)
    stack = np.empty(len(next_point) + 1, dtype=np.int32)
    size = 0
    for row in range(n + 1):
        if row_ptr[row] == row_ptr[row + 1]:
            continue
        if takes_all[row]:
            below = _all_below(row, first, following, is_transit, is_sink, anchor, stack)
        else:
            below = chosen[rows[row_ptr[row] : row_ptr[row + 1]]]
        while size + len(below) > len(member):
            member = np.concatenate((member, np.empty_like(member)))
            hangs_on = np.concatenate((hangs_on, np.empty_like(hangs_on)))
        for v in below:
            if owner[v] == row:
                position[v] = size
            member[size] = v
            hangs_on[size] = row - 1
            size += 1
    return member[:size].copy(), hangs_on[:size].copy(), position


@njit(cache=True)
def _joins_pieces(
    indptr: Longs, neighbour: Ints, anchor: Ints, is_sink: Flags, is_transit: Flags, v: int
) -> bool:
    for k in range(indptr[v], indptr[v + 1]):
        w = neighbour[k]
        if is_sink[w] or not is_transit[w] or anchor[w] == UNREACHED:
            continue
        if w != anchor[v] and anchor[w] != anchor[v]:
            return True
    return False


@njit(cache=True)
def _children(next_point: Ints, n: int) -> tuple[Ints, Ints]:
    """Return the elements below each element (row 0: the sink) as linked lists."""
    first = np.full(len(next_point) + 1, _NONE, dtype=np.int32)
    following = np.full(len(next_point), _NONE, dtype=np.int32)
    for i in range(len(next_point)):
        element = len(next_point) - 1 - i
        if next_point[element] != UNREACHED:
            following[element] = first[next_point[element] + 1]
            first[next_point[element] + 1] = element
    return first, following


@njit(cache=True)
def _all_below(
    row: int,
    first: Ints,
    following: Ints,
    is_transit: Flags,
    is_sink: Flags,
    anchor: Ints,
    stack: Ints,
) -> Ints:
    """Return the nodes below an anchor that carry routes, and those that hang on it directly."""
    n = len(anchor)
    below = []
    size = 0
    element = first[row]
    while element != _NONE or size > 0:
        if element == _NONE:
            size -= 1
            element = stack[size]
            continue
        if element < n and not is_sink[element]:
            if is_transit[element] or anchor[element] == row - 1:
                below.append(np.int32(element))
        stack[size] = following[element]
        size += 1
        element = first[element + 1]
    return np.array(below, dtype=np.int32)


@njit(cache=True)
def _build_arcs(
    indptr: Longs,
    neighbour: Ints,
    edge: Ints,
    layout: _Layout,
    is_sink: Flags,
    is_transit: Flags,
    by_node: bool,  # noqa: FBT001 -- kernels take no keywords
) -> tuple[Ints, Ints, Ints]:
    """Return tail, head and edge (_NONE inside a node) of the arcs that lead away from the root."""
    member, anchor, _ = layout
    size = len(member)
    width = 2 if by_node else 1
    room = size
    for p in range(size):
        room += indptr[member[p] + 1] - indptr[member[p]]
    tail = np.empty(room, dtype=np.int32)
    head = np.empty(room, dtype=np.int32)
    arc_edge = np.empty(room, dtype=np.int32)
    here = np.full(len(is_sink), _NONE, dtype=np.int32)  # position of a node in this piece
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
                tail[count], head[count], arc_edge[count] = 2 * p, 2 * p + 1, _NONE
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
def _totals(
    next_point: Ints,
    anchor: Ints,
    position: Ints,
    length_m: Floats,
    tree: Tree,
    labels: Labels,
    by_node: bool,  # noqa: FBT001 -- kernels take no keywords
) -> Floats:
    """Add up the pairs of the pieces between each node and the sink."""
    n = len(anchor)
    total = np.full(n, np.inf)
    path = np.empty(n + 1, dtype=np.int32)
    for v in range(n):
        size = 0
        at = v
        while at != NOTHING and total[at] == np.inf and next_point[at] != UNREACHED:
            path[size] = at
            size += 1
            at = _next_anchor(next_point, anchor, at)
        above = 0.0 if at == NOTHING else total[at]
        for i in range(size - 1, -1, -1):
            at = path[i]
            if anchor[at] == _BEHIND_EDGE:
                above += 2.0 * length_m[next_point[at] - n]
            elif position[at] != _NONE:  # a sink stands nowhere and adds nothing
                vertex = 2 * position[at] if by_node else position[at]
                above += 2.0 * tree.distance_m[vertex] + labels.reduced_m[vertex]
            total[at] = above
    return total


@njit(cache=True)
def _next_anchor(next_point: Ints, anchor: Ints, v: int) -> int:
    """Return the point where the pair's next piece begins, NOTHING at the sink."""
    if anchor[v] == _BEHIND_EDGE:
        return next_point[next_point[v]]
    return anchor[v]


class _Ends(NamedTuple):
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


@njit(cache=True)
def _recover(  # noqa: PLR0913 -- a kernel
    nodes: Ints,
    ends: _Ends,
    next_point: Ints,
    anchor: Ints,
    position: Ints,
    arcs: Arcs,
    arc_edge: Ints,
    tree: Tree,
    labels: Labels,
    by_node: bool,  # noqa: FBT001 -- kernels take no keywords
) -> tuple[Longs, Ints]:
    """Walk the pairs of many nodes, piece by piece."""
    n = len(anchor)
    walk = _Walk(
        np.zeros(len(tree.parent_arc), dtype=np.bool_),
        np.zeros(len(ends.u), dtype=np.int32),
        np.full(n, _NONE, dtype=np.int32),
        np.full(n, _NONE, dtype=np.int32),
        np.empty(4 * n + 8, dtype=np.int32),
        np.empty(4 * n + 8, dtype=np.int32),
        np.empty(4 * n + 8, dtype=np.int32),
    )
    route = np.empty((2, n + 1), dtype=np.int32)
    indptr = np.zeros(2 * len(nodes) + 1, dtype=np.int64)
    edges = np.empty(1024, dtype=np.int32)
    for i in range(len(nodes)):
        at = nodes[i]
        size_a = size_b = 0
        while at != NOTHING and anchor[at] != UNREACHED:
            if anchor[at] == _BEHIND_EDGE:
                route[0, size_a] = route[1, size_b] = next_point[at] - n
                size_a += 1
                size_b += 1
            elif position[at] != _NONE:
                count = _collect(ends, walk, at, position, arcs, arc_edge, tree, labels, by_node)
                size_a = _walk_route(walk, at, route[0], size_a)
                size_b = _walk_route(walk, at, route[1], size_b)
                _tidy(walk, count, at)
            at = _next_anchor(next_point, anchor, at)
        while indptr[2 * i] + size_a + size_b > len(edges):
            edges = np.concatenate((edges, np.empty_like(edges)))
        first = 1 if _is_before(ends, route[1, :size_b], route[0, :size_a]) else 0
        sizes = (size_a, size_b)
        for turn in range(2):
            which = first ^ turn
            begin = indptr[2 * i + turn]
            edges[begin : begin + sizes[which]] = route[which, : sizes[which]]
            indptr[2 * i + turn + 1] = begin + sizes[which]
    return indptr, edges[: indptr[-1]].copy()


@njit(cache=True)
def _collect(  # noqa: PLR0913 -- a kernel
    ends: _Ends,
    walk: _Walk,
    source: int,
    position: Ints,
    arcs: Arcs,
    arc_edge: Ints,
    tree: Tree,
    labels: Labels,
    by_node: bool,  # noqa: FBT001 -- kernels take no keywords
) -> int:
    """Note the steps of both labelled walks, towards the root, less what they use both ways."""
    vertex = 2 * position[source] if by_node else position[source]
    x = vertex
    while labels.last_arc[x] != _NONE:
        walk.is_marked[x] = True
        x = labels.through[x]
    count = 0
    for _ in range(2):
        x, node = vertex, source
        while True:
            if walk.is_marked[x]:
                walk.is_marked[x] = False
                arc = labels.last_arc[x]
            elif tree.parent_arc[x] != _NONE:
                arc = tree.parent_arc[x]
            else:
                break
            e = arc_edge[arc]
            if e != _NONE:
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
            walk.step_next[k] = _NONE
    return count


@njit(cache=True)
def _walk_route(walk: _Walk, source: int, route: Ints, size: int) -> int:
    """Take unused steps to the end of the piece; forget the loops. Return the route's size."""
    begin = size
    node = source
    walk.place[node] = size
    while walk.first[node] != _NONE:
        k = walk.first[node]
        walk.first[node] = walk.step_next[k]
        route[size] = k
        size += 1
        node = walk.step_to[k]
        if walk.place[node] != _NONE:  # a loop, of no length: back to where it began
            for i in range(walk.place[node], size - 1):
                walk.place[walk.step_to[route[i]]] = _NONE
            size = walk.place[node]
        walk.place[node] = size
    walk.place[source] = _NONE
    for i in range(begin, size):
        walk.place[walk.step_to[route[i]]] = _NONE
        route[i] = walk.step_edge[route[i]]
    return size


@njit(cache=True)
def _tidy(walk: _Walk, count: int, source: int) -> None:
    walk.first[source] = _NONE
    for k in range(count):
        walk.times[walk.step_edge[k]] = 0
        walk.first[walk.step_to[k]] = _NONE


@njit(cache=True)
def _is_before(ends: _Ends, a: Ints, b: Ints) -> bool:
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
