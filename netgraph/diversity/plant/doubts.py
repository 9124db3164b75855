"""Members of risk groups that the records do not know, and routes that are clear of them.

A lost member may be any one node or span. A route that meets a known member of its group may so
share the group with every other route; two routes that meet none share it in no case, for the lost
member is on one of them at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search.graph import build_graph, route_nodes

if TYPE_CHECKING:
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
    is_everywhere
        Whether any two routes may share a risk.
    """

    arrays: ArrayGraph
    is_open_node: Flags
    is_open_edge: Flags
    is_everywhere: bool

    def concerns(self, source: int, route: NDArray[np.int32]) -> bool:
        """Whether a route may share a risk with whatever else there is."""
        if self.is_everywhere:
            return True
        if self.is_open_edge[route].any():
            return True
        passed = route_nodes(self.arrays, source, route)[1:-1]
        return bool(self.is_open_node[passed].any())

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
    return PlantDoubt(graph.arrays, is_open_node, is_open_edge, doubt.is_everywhere)


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
