"""What lies within the entry tolerance of a site: shared there, it need not count."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.achievable._vicinity import Desk, Plant, Views, look_around, reach_of
from netgraph.diversity.search.graph import Rows, expand, expand_positions
from netgraph.diversity.search.keys import distinct, holds, rows_of_keys
from netgraph.diversity.threads import Spare
from netgraph.diversity.verdict_kinds import TOLERABLE
from netgraph.topology.csr import gather

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.achievable._judging_layout import Layout
    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.topology.csr import Ints

_SAME_M = 1e-6


@dataclass(frozen=True, eq=False)
class Zones:
    """What can be reached from some nodes of a layer within the tolerance, one row a node.

    Attributes
    ----------
    elements
        Elements that may be tolerated, wholly within it by the shortest way, ascending. A route
        that comes round another way may touch them beyond it.
    nodes, edges
        Nodes of the layer in it, the node itself first, and edges wholly in it.
    metres, came_by
        How far each of `nodes` is, and the edge by which the shortest way comes to it (-1 for the
        node itself).
    """

    elements: Rows
    nodes: Rows
    edges: Rows
    metres: NDArray[np.float64]
    came_by: NDArray[np.int32]

    def take(self, rows: Ints) -> Zones:
        """Return some of the zones."""
        at = expand_positions(self.nodes.indptr, rows)
        return Zones(
            self.elements.take(rows), self.nodes.take(rows), self.edges.take(rows),
            self.metres[at], self.came_by[at],
        )  # fmt: skip

    def near(self, shared: Rows) -> Rows:
        """Return which of some ascending elements, row by row, are in the zone."""
        return shared.where(holds(self.elements.keys, shared.keys))

    def metres_to(self, rows: Ints, nodes: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return how far some nodes are in some zones, infinite where they are in none."""
        keys, order = self._sorted
        wanted = rows << 32 | nodes
        at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        return np.where(keys[at] == wanted, self.metres[order][at], np.inf)

    @cached_property
    def _sorted(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.nodes.keys)
        return self.nodes.keys[order], order


class Vicinity(NamedTuple):
    """A layer laid out for looking around its nodes."""

    plant: Plant
    desks: Spare[Desk]


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
    graph = layer.graph
    plant = Plant(
        layout.steps, layout.things, layout.element_of, TOLERABLE[kind],
        layer.elements.indptr, layer.elements.indices,
        layer.node_elements.indptr, layer.node_elements.indices,
        graph.indptr, graph.edge, graph.neighbour, graph.is_transit, is_short, local_edge_of,
    )  # fmt: skip
    return Vicinity(plant, Spare(partial(_new_desk, len(kind), graph.n_nodes, graph.n_edges)))


def _new_desk(n_elements: int, n_nodes: int, n_edges: int) -> Desk:
    return Desk(
        turn=np.zeros(1, dtype=np.int64),
        reach=np.zeros(n_elements + 1, dtype=np.int32),
        reach_m=np.empty(n_elements),
        listed=np.zeros(n_elements, dtype=np.int32),
        dropped=np.zeros(n_elements, dtype=np.int32),
        met=np.zeros(n_nodes, dtype=np.int32),
        metres=np.empty(n_nodes),
        came_by=np.empty(n_nodes, dtype=np.int32),
        inside=np.zeros(n_edges, dtype=np.int32),
    )


class Nearness:
    """Looks around nodes on one network of a layer."""

    def __init__(self, search: LayerSearch, is_enabled: NDArray[np.bool_]) -> None:
        """Prepare for a network of the layer: by reduced edge, whether it is open."""
        self._search, self._is_enabled = search, is_enabled.copy()  # a walk opens some for a while
        self._limit_m = search.audit.rules.entry_tolerance_m

    def around(self, sources: NDArray[np.int32], own: Rows, chains: Rows) -> Zones:
        """Look around nodes of the layer; O(edges within the tolerance).

        Parameters
        ----------
        sources
            Nodes of the layer, shape (k,).
        own
            Reduced edges that are open to each of them besides.
        chains
            Their single points (node v as v, edge e as n + e): what they touch further away, no
            route leaves to the tolerance.
        """
        own = own.where(~self._is_enabled[own.values])
        views = Views(sources, own.indptr, own.values, chains.indptr, chains.values)
        plant, desks = self._search.vicinity
        with desks.taken() as desk:
            found = look_around(plant, desk, self._is_enabled, views)
        elements = Rows(found.element_ptr, found.element)
        return Zones(
            rows_of_keys(np.sort(elements.keys), len(elements)),
            Rows(found.node_ptr, found.node),
            Rows(found.edge_ptr, found.edge),
            found.metres,
            found.came_by,
        )

    def out_of_the_way(self, zones: Zones, near: Rows) -> Rows:
        """Reduced edges without which routes touch what is near within the tolerance only.

        Those inside the zone that are on no shortest way, and :meth:`beyond`.

        Parameters
        ----------
        near
            What of each zone is shared.
        """
        graph, at, edges = self._search.layer.graph, zones.edges.owners, zones.edges.values
        u, v = (zones.metres_to(at, ends[edges]) for ends in (graph.edge_u, graph.edge_v))
        with np.errstate(invalid="ignore"):  # neither end near: no shortest way runs over it
            is_straight = np.abs(np.abs(u - v) - graph.length_m[edges]) <= _SAME_M
        bent = self._reduced(at[~is_straight], edges[~is_straight])
        beyond = self.beyond(zones, np.arange(len(near)), near)
        return rows_of_keys(distinct(np.concatenate([bent, beyond.keys])), len(near))

    def beyond(self, zones: Zones, at: Ints, near: Rows) -> Rows:
        """Reduced edges that no route takes which touches some of what is near only near the site.

        Whichever way it takes them, it touches one of the shared elements that are near beyond the
        tolerance. What is left may still hold such routes, which come there by a longer way.

        Parameters
        ----------
        zones
            What is near some sites.
        at
            The zone that is asked about, shape (k,), as often as is wanted.
        near
            Elements of it that are shared, k rows.
        """
        search, graph = self._search, self._search.layer.graph
        row, edge = self._touching(search.edges_touching, near)
        is_far = ~self._may_be_near(zones, at, near, (row, edge))
        node_row, node = self._touching(search.nodes_touching, near)
        is_left = graph.is_transit[node] & np.isinf(zones.metres_to(at[node_row], node))
        arcs, owner = expand(graph.indptr, node[is_left])
        keys = np.concatenate([
            self._reduced(row[is_far], edge[is_far]),
            self._reduced(node_row[is_left][owner], graph.edge[arcs]),
        ])  # fmt: skip
        return rows_of_keys(distinct(keys), len(near))

    def shortest_way(self, zones: Zones, k: int, node: int) -> NDArray[np.int32]:
        """Return the edges of a shortest way from a site to a node near it."""
        graph, way = self._search.layer.graph, list[int]()
        some = slice(zones.nodes.indptr[k], zones.nodes.indptr[k + 1])
        came_by = dict(zip(zones.nodes[k].tolist(), zones.came_by[some].tolist(), strict=True))
        while (edge := came_by.get(node, -1)) >= 0:
            way.append(edge)
            node = int(graph.edge_u[edge]) + int(graph.edge_v[edge]) - node
        return np.array(way[::-1], dtype=np.int32)

    @staticmethod
    def _touching(table: Rows, near: Rows) -> tuple[Ints, NDArray[np.int32]]:
        """Return what touches some of the elements of each row, as rows and numbers."""
        position, owner = expand(table.indptr, near.values)
        keys = distinct(near.owners[owner] << 32 | table.values[position])
        return keys >> 32, (keys & 0xFFFFFFFF).astype(np.int32)

    def _may_be_near(
        self, zones: Zones, at: Ints, near: Rows, touching: tuple[Ints, NDArray[np.int32]]
    ) -> NDArray[np.bool_]:
        """Whether a route over an edge, one way or the other, touches near things near the site."""
        (row, edge), graph = touching, self._search.layer.graph
        result = np.zeros(len(edge), dtype=bool)
        plant, desks = self._search.vicinity
        for ends in (graph.edge_u, graph.edge_v):
            end = ends[edge]
            metres = zones.metres_to(at[row], end)
            some = np.flatnonzero(np.isfinite(metres))
            with desks.taken() as desk:
                far_m = reach_of(
                    plant, desk, edge[some].astype(np.int64), end[some].astype(np.int64)
                )
            x, owner = gather(self._search.layer.elements, edge[some].astype(np.int64))
            is_near = holds(near.keys, row[some][owner] << 32 | x)
            fails = is_near & ~(far_m + metres[some][owner] <= self._limit_m)
            result[some] |= np.bincount(owner[fails], minlength=len(some)) == 0
        return result

    def _reduced(self, rows: Ints, edges: NDArray[np.int32]) -> Ints:
        """Return keys of rows and reduced edges."""
        local = self._search.reduced.local_edge_of[edges]
        return rows[local >= 0] << 32 | local[local >= 0]
