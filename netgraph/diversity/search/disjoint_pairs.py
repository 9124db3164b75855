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
from typing import TYPE_CHECKING, Literal

import numpy as np

from netgraph.diversity.search._distances import distances_near
from netgraph.diversity.search._near_pairs import pairs_near
from netgraph.diversity.search._open_edges import Network, Sources, Targets
from netgraph.diversity.search._pieces import (
    Run,
    build_arcs,
    lay_out,
    link_anchors,
    next_anchors,
    node_anchors,
    totals,
)
from netgraph.diversity.search._steps import lay_steps
from netgraph.diversity.search._suurballe import NONE, Arcs, shortest_path_tree, sweep
from netgraph.diversity.search._walks import Ends, recover
from netgraph.diversity.search.graph import ArrayGraph, Routes, adjacency, as_nodes, compressed_rows
from netgraph.diversity.search.single_points import SinglePoints, find_single_points
from netgraph.diversity.threads import in_threads, ranges

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from netgraph.diversity.search._types import Flags, Floats

_LEAST = 32  # sources worth a thread

Disjointness = Literal["link", "node"]


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
    _run: Run

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
        parts = [nodes[low:high] for low, high in ranges(len(nodes), _LEAST)]
        found = in_threads(lambda part: recover(part, graph.length_m, self._run), parts)
        counts = np.concatenate([np.diff(indptr) for indptr, _ in found])
        indptr = np.concatenate([[0], np.cumsum(counts)])
        return Routes(indptr, np.concatenate([edges for _, edges in found]))


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
    run, piece_m = _sweep_pieces(points, 2 if disjoint == "node" else 1)
    cuts = points.n_cutting_edges + (points.n_cutting_nodes if disjoint == "node" else 0)
    is_disjoint = points.is_connected & (cuts == 0)
    return DisjointPairs(points, disjoint, is_disjoint, totals(run, piece_m, graph.length_m), run)


def find_pairs_near(
    points: SinglePoints, sources: ArrayLike, *, bound_m: Floats | None = None
) -> Routes:
    """Find the shortest node-disjoint pairs of a few sources.

    Exact, and as long as those of :func:`find_disjoint_pairs` (of equal pairs another may be
    found). The cost is that of looking around each source as far as its detour is long: for few
    sources far less than one pass for all nodes.

    Parameters
    ----------
    points
        The single points of the network.
    sources
        Nodes, shape (k,).
    bound_m
        From :func:`distance_bounds` for these sources and sinks, on this network or on one that
        has more edges; computed when omitted.

    Returns
    -------
    Routes
        As :meth:`DisjointPairs.find_routes` gives them.
    """
    graph = points.graph
    nodes = as_nodes(graph, sources)
    bound_m = distance_bounds(graph, points.is_sink, nodes) if bound_m is None else bound_m
    net = Network(
        adjacency(graph, points.is_sink),
        Ends(graph.edge_u, graph.edge_v, graph.length_m),
        points.next_point,
        bound_m,
        np.ones(graph.n_edges, dtype=np.bool_),
    )
    targets = Targets(points.is_sink[None], points.next_point[None], bound_m[None])
    nothing = np.zeros(len(nodes) + 1, dtype=np.int64), np.empty(0, dtype=np.int32)
    first = np.zeros(len(nodes), dtype=np.int32)
    near = pairs_near(net, targets, Sources(nodes, first, *nothing, *nothing))
    return Routes(near.route_ptr, near.route)


def distance_bounds(graph: ArrayGraph, is_sink: Flags, sources: ArrayLike) -> Floats:
    """Return lower bounds on the distance of every node to the sink, exact for the sources.

    Dijkstra from the sink as far as the furthest source; consistent, so that they can lead a
    search on this network or on one with fewer edges.
    """
    is_wanted = np.zeros(graph.n_nodes, dtype=np.bool_)
    is_wanted[as_nodes(graph, sources)] = True
    return distances_near(adjacency(graph, is_sink), graph.length_m, is_wanted)


def _sweep_pieces(points: SinglePoints, width: int) -> tuple[Run, Floats]:
    """Lay the pieces around one root and run the sweep once; with each node's pair in its piece."""
    graph = points.graph
    rows = adjacency(graph, points.is_sink)
    n = graph.n_nodes
    anchor = (node_anchors if width == 2 else link_anchors)(points.next_point, n)
    layout = lay_out(rows, points.next_point, anchor)
    tail, head, arc_edge = build_arcs(rows, layout, width)
    length_m = np.zeros(len(arc_edge))
    length_m[arc_edge >= 0] = graph.length_m[arc_edge[arc_edge >= 0]]
    root = len(layout.member) * width
    arcs = Arcs(tail, head, length_m, *compressed_rows(tail, root + 1))
    tree = shortest_path_tree(arcs, root)
    swept = sweep(arcs, tree, root)
    placed = np.flatnonzero(layout.position != NONE)
    vertex = layout.position[placed] * width
    piece_m = np.zeros(n)
    piece_m[placed] = 2.0 * tree.distance_m[vertex] + swept[0].reduced_m[vertex]
    steps = lay_steps(arcs, arc_edge, tree, swept, layout.position, width)
    return Run(points.next_point, anchor, steps, next_anchors(points.next_point, anchor)), piece_m
