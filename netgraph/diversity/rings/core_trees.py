"""A spanning tree of every two-edge-connected core, and a vector an edge that tells cuts.

A set of edges contains a cut exactly if the vectors of its edges over the cycles are linearly
dependent (over the field of two elements). Random vectors stand in for them: XOR sums over a
spanning tree (Pritchard and Thurimella, ACM Trans. Algorithms 7(4), 2011).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import csr_of_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.rings.layers import Layer
    from netgraph.topology.csr import Csr, Ints

    Vectors = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class CoreTrees:
    """Depth-first trees of the cores; n nodes, m edges.

    Attributes
    ----------
    layer
        The graph.
    edges_of
        Node to its edges on rings; each edge stands at both ends.
    order
        Nodes in order of discovery, one core after the other; shape (n,).
    first, last
        What hangs below a node, itself included, is ``order[first[node]:last[node]]``.
    root
        Root of the core of each node; shape (n,).
    below
        Of an edge of a tree the end away from the root, -1 of any other edge; shape (m,).
    """

    layer: Layer
    edges_of: Csr
    order: Ints
    first: Ints
    last: Ints
    root: Ints
    below: Ints

    def draw_vectors(self, seed: int) -> Vectors:
        """Draw a vector a cycle (64 random bits); give each edge the sum of its cycles'."""
        layer, is_tree = self.layer, self.below >= 0
        draw = np.random.default_rng(seed)  # no secret: what it suggests is checked
        vectors = draw.integers(1, 2**64, len(layer.u), dtype=np.uint64, endpoint=False)
        vectors[is_tree | layer.is_bridge] = 0
        at_node = np.zeros(layer.n_nodes, dtype=np.uint64)
        np.bitwise_xor.at(at_node, layer.u, vectors)
        np.bitwise_xor.at(at_node, layer.v, vectors)
        until = np.zeros(layer.n_nodes + 1, dtype=np.uint64)
        np.bitwise_xor.accumulate(at_node[self.order], out=until[1:])
        below = self.below[is_tree]
        vectors[is_tree] = until[self.last[below]] ^ until[self.first[below]]
        return vectors


def grow_core_trees(layer: Layer) -> CoreTrees:
    """Search every core of a layer depth first; O(n + m)."""
    n, m = layer.n_nodes, len(layer.u)
    on_ring = np.flatnonzero(~layer.is_bridge)
    ends = np.concatenate([layer.u[on_ring], layer.v[on_ring]])
    edges_of = csr_of_pairs(ends, np.tile(on_ring, 2), n)
    across = (layer.u + layer.v)[edges_of.indices] - edges_of.owners
    bounds, edges, others = edges_of.indptr.tolist(), edges_of.indices.tolist(), across.tolist()
    is_seen = [False] * n
    order: list[int] = []
    below, root_of = [-1] * m, [0] * n
    size, parent = [1] * n, [-1] * n
    for root in range(n):
        waiting = [] if is_seen[root] else [(root, -1, -1)]
        while waiting:
            node, edge, above = waiting.pop()
            if is_seen[node]:
                continue
            is_seen[node], root_of[node], parent[node] = True, root, above
            order.append(node)
            if edge >= 0:
                below[edge] = node
            low, high = bounds[node], bounds[node + 1]
            waiting += [
                (other, e, node)
                for other, e in zip(others[low:high], edges[low:high], strict=True)
                if not is_seen[other]
            ]
    for node in reversed(order):
        if parent[node] >= 0:
            size[parent[node]] += size[node]
    found, first = np.array(order, dtype=np.int64), np.empty(n, dtype=np.int64)
    first[found] = np.arange(n)
    return CoreTrees(
        layer, edges_of, found, first, first + np.array(size, dtype=np.int64),
        np.array(root_of, dtype=np.int64), np.array(below, dtype=np.int64),
    )  # fmt: skip


def find_blocks(trees: CoreTrees) -> Csr:
    """Group the edges on rings by the two-connected block that they lie in; O(n + m).

    By the low points of the trees (Hopcroft and Tarjan, Commun. ACM 16(6), 1973): what hangs below
    a node begins a block if no edge leads from it past the node above.
    """
    layer, first = trees.layer, trees.first
    edges = np.flatnonzero(~layer.is_bridge)
    u, v = layer.u[edges], layer.v[edges]
    deeper, upper = np.where(first[u] > first[v], (u, v), (v, u))
    is_tree = trees.below[edges] >= 0
    low_points = first.copy()
    np.minimum.at(low_points, deeper[~is_tree], first[upper[~is_tree]])
    above = np.full(layer.n_nodes, -1, dtype=np.int64)
    above[deeper[is_tree]] = upper[is_tree]
    low, parent, order = low_points.tolist(), above.tolist(), trees.order.tolist()
    for node in reversed(order):
        if parent[node] >= 0:
            low[parent[node]] = min(low[parent[node]], low[node])
    begins = (above >= 0) & (np.array(low, dtype=np.int64) >= first[above])
    n_blocks, block = 0, [-1] * layer.n_nodes
    for node, is_first in zip(order, begins[trees.order].tolist(), strict=True):
        if is_first:
            block[node] = n_blocks
            n_blocks += 1
        elif parent[node] >= 0:
            block[node] = block[parent[node]]
    return csr_of_pairs(np.array(block, dtype=np.int64)[deeper], edges, n_blocks)
