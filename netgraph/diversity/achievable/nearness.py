"""What lies within the entry tolerance of a site: shared there, it need not count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.judgement import reach_along
from netgraph.diversity.verdict_kinds import TOLERABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    """

    elements: frozenset[int]
    distance_m: Mapping[int, float]
    edges: frozenset[int]


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
        distance_m, edges = {source: 0.0}, set[int]()
        if not self._may_begin(source):
            return Zone(frozenset(), distance_m, frozenset())
        queue, elements, kind = [source], set[int](), self._search.audit.kind
        for node in queue:
            for edge, other in self._open_edges(node):
                touched, end_m = self._within(edge, node, distance_m[node])
                elements.update(touched)
                if end_m <= self._limit_m:
                    edges.add(edge)
                    if end_m < distance_m.get(other, np.inf):
                        distance_m[other] = end_m
                        elements.update(layer.node_elements.row(other).tolist())
                        queue += [other] if graph.is_transit[other] else []
        elements -= self._far(chain, distance_m)
        near = frozenset(element for element in elements if TOLERABLE[kind[element]])
        return Zone(near, distance_m, frozenset(edges))

    def out_of_the_way(self, zone: Zone, shared: Iterable[int]) -> Ints:
        """Reduced edges without which routes touch what is near within the tolerance only.

        Those inside the zone that are on no shortest way, and those outside that touch the shared
        elements which are near.
        """
        layer, found = self._search.layer, set[int]()
        for edge in zone.edges:
            a, b = int(layer.graph.edge_u[edge]), int(layer.graph.edge_v[edge])
            step_m = abs(zone.distance_m.get(a, np.inf) - zone.distance_m.get(b, np.inf))
            if abs(step_m - float(layer.graph.length_m[edge])) > _SAME_M:
                found.add(edge)
        near = np.array(sorted(zone.elements.intersection(shared)), dtype=np.int64)
        touching = layer.elements.owners[np.isin(layer.elements.indices, near)]
        found |= set(touching.tolist()) - zone.edges
        local = self._search.reduced.local_edge_of[np.array(sorted(found), dtype=np.int64)]
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
        search = self._search
        touched, along_m, end_m = reach_along(search.audit, search.layer, edge, node)
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
