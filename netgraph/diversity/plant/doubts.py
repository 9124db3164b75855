"""Members of risk groups that the records do not know, and routes that are clear of them.

A lost member may be any one node or span. A route that meets a known member of its group may so
share the group with every other route; two routes that meet none share it in no case, for the lost
member is on one of them at most. Only where both end at one of several centres, which counts for
their risks, it may be that centre, if the row does not say that it is no place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search.graph import build_graph, route_nodes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.plant.assess import PlantDiversity
    from netgraph.diversity.search.graph import ArrayGraph

    Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class PlantDoubt:
    """What `risk_members` leaves open, on the graph of the searches.

    Attributes
    ----------
    arrays
        The graph.
    is_open_node, is_open_edge
        What may share a risk with any one other thing, shapes (nodes,) and (edges,).
    open_ends
        Centres that may be at a risk that nobody knows, none where there is only one centre.
    is_everywhere
        Whether any two routes may share a risk.
    """

    arrays: ArrayGraph
    is_open_node: Flags
    is_open_edge: Flags
    open_ends: NDArray[np.int64]
    is_everywhere: bool

    def concerns(self, source: int, routes: Sequence[NDArray[np.int32]]) -> bool:
        """Whether some two of the routes of a node may share a risk that nobody knows of."""
        if self.is_everywhere:
            return True
        return any(self._is_met(source, route) for route in routes) or self._have_one_end(routes)

    def _is_met(self, source: int, route: NDArray[np.int32]) -> bool:
        if self.is_open_edge[route].any():
            return True
        if not self.is_open_node.any():
            return False
        passed = route_nodes(self.arrays, source, route)[1:-1]
        return bool(self.is_open_node[passed].any())

    def _have_one_end(self, routes: Sequence[NDArray[np.int32]]) -> bool:
        """Whether some two routes end at one open centre; a route passes no centre on its way."""
        if len(self.open_ends) == 0:
            return False
        last = np.array([route[-1] for route in routes if len(route)], dtype=np.int64)
        ends = np.concatenate([self.arrays.edge_u[last], self.arrays.edge_v[last]])
        ends = ends[np.isin(ends, self.open_ends)]
        return len(np.unique(ends)) < len(ends)

    def clear_of(self) -> ArrayGraph:
        """Give the graph, with the same numbers, of the routes that this does not concern."""
        arrays = self.arrays
        return build_graph(
            arrays.n_nodes,
            arrays.edge_u,
            arrays.edge_v,
            arrays.length_m,
            is_transit=arrays.is_transit & ~self.is_open_node,
            is_node_enabled=arrays.is_node_enabled,
            is_edge_enabled=arrays.is_edge_enabled & ~self.is_open_edge,
        )


def find_plant_doubt(diversity: PlantDiversity) -> PlantDoubt:
    """Lay what is open about the risk groups of a network on its graph; O(nodes + edges)."""
    graph, doubt = diversity.graph, diversity.network.risk_doubt
    is_open_node = np.zeros(graph.arrays.n_nodes, dtype=np.bool_)
    is_open_node[list(doubt.nodes)] = True
    is_open_edge = np.zeros(graph.arrays.n_edges, dtype=np.bool_)
    edges = [graph.edge_of_span[span] for span in doubt.spans if span in graph.edge_of_span]
    is_open_edge[edges] = True
    to_centre = edges_to_centres(diversity)
    for node in doubt.nodes:
        is_open_edge[to_centre.get(node, [])] = True
    is_open_end = doubt.has_lost_place and len(diversity.centres) > 1
    open_ends = diversity.centres if is_open_end else diversity.centres[:0]
    return PlantDoubt(graph.arrays, is_open_node, is_open_edge, open_ends, doubt.is_everywhere)


def edges_to_centres(diversity: PlantDiversity) -> dict[int, list[int]]:
    """List the edges that lead to each of several centres.

    A route over one of them ends at that centre. A single centre has none: it is the end of every
    route, and what it shares with them is left out.
    """
    if len(diversity.centres) < 2:
        return {}
    arrays = diversity.graph.arrays
    return {
        centre: arrays.edge[arrays.indptr[centre] : arrays.indptr[centre + 1]].tolist()
        for centre in diversity.centres.tolist()
    }
