"""What lies within the entry tolerance of a site: shared there, it need not count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.achievable._vicinity import Desk, Plant, look_around, reach_of
from netgraph.diversity.verdict_kinds import TOLERABLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable._judging_layout import Layout
    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.layers import SearchLayer
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


class Vicinity(NamedTuple):
    """A layer laid out for looking around its nodes; one serves one thread."""

    plant: Plant
    desk: Desk


def lay_vicinity(
    layer: SearchLayer, layout: Layout, kind: Ints, local_edge_of: NDArray[np.int32],
    is_short: NDArray[np.bool_],
) -> Vicinity:  # fmt: skip
    """Lay a layer out for looking around its nodes.

    Parameters
    ----------
    layer, layout
        The layer, and what its edges touch.
    kind
        The kind of each element, as `audit.kind`.
    local_edge_of
        The reduced edge of each edge, -1 for none.
    is_short
        Which edges have a span that ends within the tolerance, if a route begins with it.
    """
    graph, n_elements, n_nodes = layer.graph, len(kind), layer.graph.n_nodes
    plant = Plant(
        layout.steps, layout.things, layout.element_of, TOLERABLE[kind],
        layer.elements.indptr, layer.elements.indices,
        layer.node_elements.indptr, layer.node_elements.indices,
        graph.indptr, graph.edge, graph.neighbour, graph.is_transit, is_short, local_edge_of,
    )  # fmt: skip
    desk = Desk(
        turn=np.zeros(1, dtype=np.int64),
        reach=np.zeros(n_elements + 1, dtype=np.int64),
        reach_m=np.empty(n_elements),
        listed=np.zeros(n_elements, dtype=np.int64),
        dropped=np.zeros(n_elements, dtype=np.int64),
        met=np.zeros(n_nodes, dtype=np.int64),
        metres=np.empty(n_nodes),
        came_by=np.empty(n_nodes, dtype=np.int32),
        inside=np.zeros(graph.n_edges, dtype=np.int64),
    )
    return Vicinity(plant, desk)


class Nearness:
    """Looks around sites on one network of a layer."""

    def __init__(self, search: LayerSearch, is_enabled: NDArray[np.bool_]) -> None:
        """Prepare for a network of the layer: by reduced edge, whether it is open."""
        self._search, self._is_enabled = search, is_enabled
        self._limit_m = search.audit.rules.entry_tolerance_m

    def around(self, source: int, chain: NDArray[np.int32]) -> Zone:
        """Look around a node of the layer; O(edges within the tolerance).

        Parameters
        ----------
        source
            Node of the layer.
        chain
            Its single points (node v as v, edge e as n + e): what they touch further away, no route
            leaves to the tolerance.
        """
        found = look_around(*self._search.vicinity, self._is_enabled, source, chain)
        nodes, came_by = found.node.tolist(), found.came_by.tolist()
        return Zone(
            frozenset(found.element.tolist()),
            dict(zip(nodes, found.metres.tolist(), strict=True)),
            frozenset(found.edge.tolist()),
            dict(zip(nodes[1:], came_by[1:], strict=True)),
        )

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
            touched.issubset(self._within(edge, end, zone.distance_m[end]))
            for end in (int(layer.graph.edge_u[edge]), int(layer.graph.edge_v[edge]))
            if end in zone.distance_m
        )

    def _reduced(self, edges: Sequence[int]) -> Ints:
        local = self._search.reduced.local_edge_of[np.array(edges, dtype=np.int64)]
        return np.unique(local[local >= 0]).astype(np.int64)

    def _within(self, edge: int, node: int, at_m: float) -> list[int]:
        """Elements of an edge that end within the tolerance of a node so far from the site."""
        far_m = reach_of(*self._search.vicinity, edge, node)
        touched: list[int] = self._search.layer.elements.row(edge)[
            far_m + at_m <= self._limit_m
        ].tolist()
        return touched
