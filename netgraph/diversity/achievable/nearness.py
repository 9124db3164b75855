"""What lies within the entry tolerance of a site: shared there, it need not count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.judgement import reach_along
from netgraph.diversity.verdict_kinds import TOLERABLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.topology.csr import Ints

_SAME_M = 1e-6


@dataclass(frozen=True, eq=False)
class Zone:
    """What can be reached from a site within the tolerance.

    Attributes
    ----------
    elements
        Elements that may be tolerated, wholly within it by the shortest way. A route that comes
        round another way may touch them beyond it.
    distance_m
        Metres to each node of the layer in it.
    edges
        Edges of the layer wholly in it.
    came_by
        The edge by which the shortest way comes to each node but the site.
    """

    elements: frozenset[int]
    distance_m: Mapping[int, float]
    edges: frozenset[int]
    came_by: Mapping[int, int]


class Nearness:
    """Looks around sites on one network of a layer."""

    def __init__(self, search: LayerSearch, is_enabled: NDArray[np.bool_]) -> None:
        """Prepare for a network of the layer: by reduced edge, whether it is open."""
        self._search = search
        local = search.reduced.local_edge_of
        self._is_open = (local >= 0) & np.append(is_enabled, False)[local]
        self._limit_m = search.audit.rules.entry_tolerance_m

    def around(self, source: int, chain: Iterable[int]) -> Zone:
        """Look around a node of the layer; O(edges within the tolerance).

        Parameters
        ----------
        source
            Node of the layer.
        chain
            Its single points (node v as v, edge e as n + e): what they touch further away, no route
            leaves to the tolerance.
        """
        layer, graph = self._search.layer, self._search.layer.graph
        distance_m, edges, came_by = {source: 0.0}, set[int](), dict[int, int]()
        if not self._may_begin(source):
            return Zone(frozenset(), distance_m, frozenset(), came_by)
        queue, elements, kind = [source], set[int](), self._search.audit.kind
        for node in queue:
            for edge, other in self._open_edges(node):
                touched, end_m = self._within(edge, node, distance_m[node])
                elements.update(touched)
                if end_m <= self._limit_m:
                    edges.add(edge)
                    if end_m < distance_m.get(other, np.inf):
                        distance_m[other], came_by[other] = end_m, edge
                        elements.update(layer.node_elements.row(other).tolist())
                        queue += [other] if graph.is_transit[other] else []
        elements -= self._far(chain, distance_m)
        near = frozenset(element for element in elements if TOLERABLE[kind[element]])
        return Zone(near, distance_m, frozenset(edges), came_by)

    def out_of_the_way(self, zone: Zone, shared: Iterable[int]) -> Ints:
        """Reduced edges without which routes touch what is near within the tolerance only.

        Those inside the zone that are on no shortest way, and :meth:`beyond`.
        """
        bent = [edge for edge in sorted(zone.edges) if not self._is_straight(zone, edge)]
        return np.union1d(self._reduced(bent), self.beyond(zone, shared))

    def beyond(self, zone: Zone, shared: Iterable[int]) -> Ints:
        """Reduced edges that no route takes which touches some of what is near only near the site.

        Whichever way it takes them, it touches one of the shared elements that are near beyond the
        tolerance. What is left may still hold such routes, which come there by a longer way.
        """
        search, graph = self._search, self._search.layer.graph
        near = zone.elements.intersection(shared)
        touching = {e for x in near for e in search.edges_touching.row(x).tolist()}
        found = [edge for edge in touching if not self._may_be_near(zone, edge, near)]
        for node in {v for x in near for v in search.nodes_touching.row(x).tolist()}:
            if graph.is_transit[node] and node not in zone.distance_m:
                found += graph.edge[graph.indptr[node] : graph.indptr[node + 1]].tolist()
        return self._reduced(found)

    def shortest_way(self, zone: Zone, node: int) -> NDArray[np.int32]:
        """Return the edges of a shortest way from the site to a node near it."""
        graph, way = self._search.layer.graph, list[int]()
        while node in zone.came_by:
            edge = zone.came_by[node]
            way.append(edge)
            node = int(graph.edge_u[edge]) + int(graph.edge_v[edge]) - node
        return np.array(way[::-1], dtype=np.int32)

    def _is_straight(self, zone: Zone, edge: int) -> bool:
        """Whether an edge near the site is on a shortest way."""
        graph = self._search.layer.graph
        a, b = int(graph.edge_u[edge]), int(graph.edge_v[edge])
        step_m = abs(zone.distance_m.get(a, np.inf) - zone.distance_m.get(b, np.inf))
        return abs(step_m - float(graph.length_m[edge])) <= _SAME_M

    def _may_be_near(self, zone: Zone, edge: int, near: Collection[int]) -> bool:
        """Whether a route over an edge, one way or the other, touches near things near the site."""
        layer = self._search.layer
        touched = set(layer.elements.row(edge).tolist()).intersection(near)
        return any(
            touched.issubset(self._within(edge, end, zone.distance_m[end])[0])
            for end in (int(layer.graph.edge_u[edge]), int(layer.graph.edge_v[edge]))
            if end in zone.distance_m
        )

    def _reduced(self, edges: Sequence[int]) -> Ints:
        local = self._search.reduced.local_edge_of[np.array(edges, dtype=np.int64)]
        return np.unique(local[local >= 0]).astype(np.int64)

    def _may_begin(self, source: int) -> bool:
        graph = self._search.layer.graph
        edges = graph.edge[graph.indptr[source] : graph.indptr[source + 1]]
        return bool((self._search.is_short[edges] & self._is_open[edges]).any())

    def _open_edges(self, node: int) -> list[tuple[int, int]]:
        graph = self._search.layer.graph
        rows = slice(int(graph.indptr[node]), int(graph.indptr[node + 1]))
        both = zip(graph.edge[rows].tolist(), graph.neighbour[rows].tolist(), strict=True)
        return [(edge, other) for edge, other in both if self._is_open[edge]]

    def _within(self, edge: int, node: int, at_m: float) -> tuple[list[int], float]:
        """Elements of an edge that end within the tolerance, and how far its end is."""
        key, reach = (edge, node), self._search.reach
        if key not in reach:
            reach[key] = reach_along(self._search.audit, self._search.layer, edge, node)
        touched, along_m, end_m = reach[key]
        return touched[along_m + at_m <= self._limit_m].tolist(), end_m + at_m

    def _far(self, chain: Iterable[int], distance_m: Mapping[int, float]) -> set[int]:
        """Elements that the single points touch beyond the tolerance."""
        layer, graph, far = self._search.layer, self._search.layer.graph, set[int]()
        for point in chain:
            if point < graph.n_nodes:
                if point not in distance_m:
                    far.update(layer.node_elements.row(point).tolist())
                continue
            edge = point - graph.n_nodes
            ends = int(graph.edge_u[edge]), int(graph.edge_v[edge])
            near = [
                self._within(edge, end, distance_m[end])[0] for end in ends if end in distance_m
            ]
            far.update(set(layer.elements.row(edge).tolist()).difference(*near))
        return far
