"""Chains: the trees that hang on the rings of a layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import csr_of_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.rings.layers import Layer
    from netgraph.topology.csr import Csr, Ints


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
    bridges = np.flatnonzero(layer.is_bridge)
    ends = np.concatenate([layer.u[bridges], layer.v[bridges]])
    nodes, ends = np.unique(ends, return_inverse=True)  # nothing else is peeled, or has it hung on
    parent, edge, order = _peel(layer, nodes, csr_of_pairs(ends, np.tile(bridges, 2), len(nodes)))
    n = len(nodes)
    height, far = [0] * n, list(range(n))
    for node in order:  # children before their parent
        above = parent[node]
        if height[node] + 1 > height[above]:
            height[above], far[above] = height[node] + 1, far[node]
    is_peeled = np.zeros(n, dtype=bool)
    is_peeled[order] = True
    peeled, parents = np.array(order, dtype=np.int64), np.array(parent, dtype=np.int64)
    top = peeled[~is_peeled[parents[peeled]]]
    chain_of = [-1] * n
    for chain, node in enumerate(top.tolist()):
        chain_of[node] = chain
    for node in reversed(order):
        if chain_of[node] < 0:
            chain_of[node] = chain_of[parent[node]]
    of_node = np.full(layer.n_nodes, -1, dtype=np.int64)
    of_node[nodes] = chain_of
    first_edge, hops, far_end = (
        np.array(values, dtype=np.int64)[top] for values in (edge, height, far)
    )
    return Chains(of_node, nodes[parents[top]], first_edge, hops + 1, nodes[far_end])


def _peel(layer: Layer, nodes: Ints, edges_of: Csr) -> tuple[list[int], list[int], list[int]]:
    """Take off nodes of one edge until none is left; return parents, edges and the order.

    All edges of a node that goes are bridges.

    Parameters
    ----------
    nodes
        Ends of bridges, ascending. What is returned are positions in these.
    edges_of
        Such a node to its bridges.
    """
    ptr, edges = edges_of.indptr.tolist(), edges_of.indices.tolist()
    across = (layer.u + layer.v)[edges_of.indices] - nodes[edges_of.owners]
    others = np.searchsorted(nodes, across).tolist()
    n_edges = np.bincount(np.concatenate([layer.u, layer.v]), minlength=layer.n_nodes)[nodes]
    is_root = _is_root(layer)[nodes]
    order: list[int] = np.flatnonzero((n_edges == 1) & ~is_root).tolist()
    degree, is_fixed = n_edges.tolist(), is_root.tolist()
    gone, parent, way = ([value] * len(nodes) for value in (False, -1, -1))
    for node in order:  # grows while it is walked
        gone[node] = True
        for k in range(ptr[node], ptr[node + 1]):
            other = others[k]
            if gone[other]:
                continue
            parent[node], way[node] = other, edges[k]
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
