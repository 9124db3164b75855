"""Pairs, single points and cuts of sources that each have edges of their own in one network.

A pass for all nodes needs one network. Where a few edges are open to single sources only (a site's
own cores), looking around each source costs less than a pass for every set of such edges.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search._cuts_near import Classes, cuts_near
from netgraph.diversity.search._near_pairs import pairs_near
from netgraph.diversity.search._open_edges import Network, Sources, Targets
from netgraph.diversity.search._walks import Ends
from netgraph.diversity.search.graph import Routes, Rows, adjacency, both_of, joined_rows
from netgraph.diversity.search.keys import rows_of_keys
from netgraph.diversity.search.single_points import find_single_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.diversity.search._types import Flags, Floats, Ints, Longs
    from netgraph.diversity.search.graph import ArrayGraph
    from netgraph.diversity.search.risks import RiskIndex


@dataclass(frozen=True, eq=False)
class OwnEdges:
    """Sources in one network, of which some edges are open to single sources only.

    Attributes
    ----------
    graph, is_sink
        The network with every edge that is open to anybody, and its sinks, bool, shape (n,); or
        several sets of them, shape (t, n).
    is_open
        Whether an edge is open to everybody, bool, shape (m,).
    sources
        Nodes, int32, shape (k,).
    own
        Edges that are open to each source besides, one row a source.
    bound_m
        Lower bounds on the distance to the sinks: `disjoint_pairs.distance_bounds` on `graph`, of
        the shape of `is_sink`.
    closed
        Edges that are closed to each source, one row a source; nothing if omitted.
    target
        The set of sinks that each source asks for, ascending, int32, shape (k,); the first if
        omitted.
    next_point
        The single points of `graph` by set of sinks, shape (t, n + m); found when omitted.
    """

    graph: ArrayGraph
    is_sink: Flags
    is_open: Flags
    sources: Ints
    own: Rows
    bound_m: Floats
    closed: Rows | None = None
    target: Ints | None = None
    next_point: Ints | None = None

    def take(self, chosen: Longs) -> OwnEdges:
        """Return some of the sources, as often as they are chosen; best with ascending sinks."""
        closed = None if self.closed is None else self.closed.take(chosen)
        target = None if self.target is None else self.target[chosen]
        return replace(
            self, sources=self.sources[chosen], own=self.own.take(chosen), closed=closed,
            target=target,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class NearPairs:
    """The shortest node-disjoint pair of each source of :class:`OwnEdges`.

    Attributes
    ----------
    routes
        Those of source i at 2i and 2i + 1, the shorter first; they share single points only.
    points
        The single points of each source in order from it (node v as v, edge e as n + e).
    is_connected
        Whether the source has a route at all, bool, shape (k,).
    """

    routes: Routes
    points: Rows
    is_connected: Flags

    def take(self, chosen: Longs) -> NearPairs:
        """Return the pairs of some sources, in the order asked for."""
        return NearPairs(
            self.routes.take(both_of(chosen)), self.points.take(chosen), self.is_connected[chosen]
        )

    @staticmethod
    def joined(parts: Sequence[NearPairs]) -> NearPairs:
        """Return pairs one after the other."""
        routes = joined_rows([part.routes for part in parts])
        return NearPairs(
            Routes(routes.indptr, routes.values),
            joined_rows([part.points for part in parts]),
            np.concatenate([part.is_connected for part in parts]),
        )


def find_own_pairs(asked: OwnEdges) -> NearPairs:
    """Find the shortest node-disjoint pair of each source on what is open to it.

    Exact. One pass for the single points that all share, then a look around each source as far as
    its detour is long, or as what its first single point that the others do not have cuts off.
    """
    near = pairs_near(_network(asked), targets_of(asked, _next_points(asked)), sources_of(asked))
    return NearPairs(
        Routes(near.route_ptr, near.route), Rows(near.point_ptr, near.point), near.is_connected
    )


def find_own_cuts(asked: OwnEdges, risks: RiskIndex, candidates: Rows) -> Rows:
    """Return those of some risk classes that alone cut each source off, ascending; exact.

    For every candidate of every source one search from both ends, which costs what the class
    leaves on the smaller side.
    """
    classes = Classes(
        candidates.indptr, candidates.values,
        risks.edges.indptr, risks.edges.values, risks.nodes.indptr, risks.nodes.values,
    )  # fmt: skip
    is_cut = cuts_near(_network(asked), targets_of(asked), sources_of(asked), classes)
    return rows_of_keys(np.sort(candidates.keys[is_cut]), len(candidates))


def _network(asked: OwnEdges) -> Network:
    """Return the network without what belongs to any sinks: see :func:`targets_of`."""
    graph = asked.graph
    no_target = targets_of(asked)
    return Network(
        adjacency(graph, no_target.is_sink[0]),
        Ends(graph.edge_u, graph.edge_v, graph.length_m),
        no_target.next_point[0],
        no_target.bound_m[0],
        asked.is_open.copy(),
    )


def _next_points(asked: OwnEdges) -> Ints:
    """Return the single points of the network with all edges that any source may use."""
    if asked.next_point is not None:
        return asked.next_point
    is_wide = asked.is_open.copy()
    is_wide[asked.own.values] = True
    wide = asked.graph.without(edges=np.flatnonzero(~is_wide))
    return np.stack([
        find_single_points(wide, np.flatnonzero(is_sink)).next_point
        for is_sink in np.atleast_2d(asked.is_sink)
    ])  # fmt: skip


def targets_of(asked: OwnEdges, next_point: Ints | None = None) -> Targets:
    """Return what belongs to each set of sinks, and maybe their single points."""
    is_sink = np.atleast_2d(asked.is_sink)
    if next_point is None:
        next_point = np.empty((len(is_sink), 0), dtype=np.int32)
    return Targets(is_sink, next_point, np.atleast_2d(asked.bound_m))


def sources_of(asked: OwnEdges) -> Sources:
    """Return the sources with what is open, and what is closed, to each and not to everybody."""
    own, closed = asked.own, asked.closed
    own = own.where(~asked.is_open[own.values])
    if closed is None:
        closed = Rows(np.zeros(len(own) + 1, dtype=np.int64), np.empty(0, dtype=np.int32))
    else:
        own = own.where(~np.isin(own.keys, closed.keys))
        closed = closed.where(asked.is_open[closed.values])
    target = asked.target
    if target is None:
        target = np.zeros(len(own), dtype=np.int32)
    return Sources(asked.sources, target, own.indptr, own.values, closed.indptr, closed.values)
