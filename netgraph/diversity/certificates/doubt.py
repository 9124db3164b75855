"""Which missing records could make a difference: a way that they would open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.run import Audit
    from netgraph.topology.csr import Ints


def find_way_round(
    audit: Audit, layer: SearchLayer, place: int, b_ends: tuple[int, ...], risk: int
) -> tuple[str, ...] | None:
    """Find a way from a site to its B ends that only missing records keep closed.

    Parameters
    ----------
    risk
        Element that the way must avoid; -1 for none.

    Returns
    -------
    tuple of str or None
        Names of the records that are missing on the shortest such way (in hops); None if there
        is none. Breadth first, O(edges).
    """
    start = int(layer.node_of_place[place])
    goals = set(layer.node_of_place[list(b_ends)].tolist())
    is_open = (layer.is_usable | layer.is_doubtful) & ~_edges_with(layer, risk, {start, *goals})
    graph, came_by = layer.graph, {start: -1}
    queue = [start]
    for node in queue:
        if node in goals:
            return _missing(audit, layer, _edges_back(layer, came_by, node))
        if node != start and not graph.is_transit[node]:
            continue
        for k in range(int(graph.indptr[node]), int(graph.indptr[node + 1])):
            other, edge = int(graph.neighbour[k]), int(graph.edge[k])
            if is_open[edge] and other not in came_by:
                came_by[other] = edge
                queue.append(other)
    return None


def _edges_with(layer: SearchLayer, risk: int, exempt: set[int]) -> Ints:
    """Edges that a risk takes along; its own two ends never fail."""
    mask = np.zeros(layer.graph.n_edges, dtype=bool)
    if risk >= 0:
        mask[layer.elements.owners[layer.elements.indices == risk]] = True
        nodes = layer.node_elements.owners[layer.node_elements.indices == risk]
        nodes = nodes[~np.isin(nodes, list(exempt))]
        mask |= np.isin(layer.graph.edge_u, nodes) | np.isin(layer.graph.edge_v, nodes)
    return mask


def _edges_back(layer: SearchLayer, came_by: dict[int, int], node: int) -> list[int]:
    graph, edges = layer.graph, []
    while came_by[node] >= 0:
        edge = came_by[node]
        edges.append(edge)
        node = int(graph.edge_u[edge]) + int(graph.edge_v[edge]) - node
    return edges


def _missing(audit: Audit, layer: SearchLayer, edges: list[int]) -> tuple[str, ...]:
    """Name the records without which the edges of a way are closed; spans lack none."""
    if layer.name == "spans":
        return ()
    cables, found = audit.network.cables, set()
    for edge in edges:
        cable, id_ = layer.item[edge], audit.network.cables.ids[layer.item[edge]]
        if not layer.is_usable[edge] and np.isnan(cables.spare_cores[cable]):
            found.add(f"cores of cables:{id_}")
        if not layer.is_usable[edge] and not cables.is_complete[cable]:
            found.add(f"cable_spans:{id_}")
    return tuple(sorted(found))
