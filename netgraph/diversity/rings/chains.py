"""Chains: the trees that hang on the rings of a layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import csr_of_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.rings.layers import Layer
    from netgraph.topology.csr import Ints


@dataclass(frozen=True, eq=False)
class Chains:
    """Chains of one layer; one entry a tree that hangs on a node of the rest.

    Attributes
    ----------
    of_node
        Chain of each node, -1 for a node on no chain; shape (nodes,).
    hung_on
        Node that each chain hangs on: of the core, or the root of a network without rings.
    first_edge
        Edge by which it hangs there.
    hops
        Edges from there to the farthest end.
    far_end
        A node at that end.
    """

    of_node: Ints
    hung_on: Ints
    first_edge: Ints
    hops: Ints
    far_end: Ints

    def __len__(self) -> int:
        """Count the chains."""
        return len(self.hops)


def find_chains(layer: Layer) -> Chains:
    """Peel the trees off a layer, leaf by leaf; O(nodes and edges).

    What joins two rings is no chain. In a component without a ring the best office stays as the
    root that everything else hangs on.
    """
    n = layer.n_nodes
    parent, edge, order = _peel(layer)
    height = np.zeros(n, dtype=np.int64)
    far = np.arange(n)
    for node in order:  # children before their parent
        above = parent[node]
        if height[node] + 1 > height[above]:
            height[above], far[above] = height[node] + 1, far[node]
    of_node = np.full(n, -1, dtype=np.int64)
    is_peeled = np.zeros(n, dtype=bool)
    is_peeled[order] = True
    tops = [node for node in order if not is_peeled[parent[node]]]
    of_node[tops] = np.arange(len(tops))
    for node in reversed(order):
        if of_node[node] < 0:
            of_node[node] = of_node[parent[node]]
    top = np.array(tops, dtype=np.int64)
    return Chains(of_node, parent[top], edge[top], height[top] + 1, far[top])


def _peel(layer: Layer) -> tuple[Ints, Ints, list[int]]:
    """Take off nodes of one edge until none is left; return parents, edges and the order."""
    n = layer.n_nodes
    both = csr_of_pairs(np.concatenate([layer.u, layer.v]), np.tile(np.arange(len(layer.u)), 2), n)
    degree = both.counts.tolist()
    is_fixed = _is_root(layer).tolist()
    u, v, ptr = layer.u.tolist(), layer.v.tolist(), both.indptr.tolist()
    edges = both.indices.tolist()
    gone = [False] * n
    parent, way = np.full(n, -1, dtype=np.int64), np.full(n, -1, dtype=np.int64)
    order = [node for node in range(n) if degree[node] == 1 and not is_fixed[node]]
    for node in order:  # grows while it is walked
        gone[node] = True
        for e in edges[ptr[node] : ptr[node + 1]]:
            other = u[e] ^ v[e] ^ node
            if gone[other]:
                continue
            parent[node], way[node] = other, e
            degree[other] -= 1
            if degree[other] == 1 and not is_fixed[other]:
                order.append(other)
    return parent, way, order


def _is_root(layer: Layer) -> NDArray[np.bool_]:
    """Nodes that stay: the best office of each component without a ring."""
    result = np.zeros(layer.n_nodes, dtype=bool)
    has_ring = np.zeros(layer.n_nodes, dtype=bool)
    has_ring[layer.component[layer.is_on_ring]] = True
    best = np.lexsort((layer.root_rank, layer.component))
    _, first = np.unique(layer.component[best], return_index=True)
    roots = best[first]
    result[roots[~has_ring[layer.component[roots]]]] = True
    return result
