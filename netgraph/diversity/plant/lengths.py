"""Lengths of routes and pairs, only where they are known for certain.

The searches run with length 0 for spans of unknown length, a lower bound. What they find is the
shortest for certain if the search without those spans finds the same length; otherwise an unknown
length could make the difference and the answer is NaN, never a figure that is too small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from netgraph.diversity.search.disjoint_pairs import find_disjoint_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.plant.graph import PlantGraph
    from netgraph.diversity.search.disjoint_pairs import DisjointPairs
    from netgraph.diversity.search.graph import ArrayGraph

    Rows = NDArray[np.int64]
    Floats = NDArray[np.float64]

_SAME_M = 1e-6


def known_shortest_m(graph: PlantGraph, centres: Rows) -> Floats:
    """Length of the shortest route from each node to the nearest centre, shape (nodes,).

    Parameters
    ----------
    graph
        The network.
    centres
        Rows of the centres.

    Returns
    -------
    ndarray
        Metres; NaN where no centre is reached or an unknown length could make the difference.
    """
    lower = _shortest_m(graph.arrays, centres)
    unknown = np.flatnonzero(np.isnan(graph.length_m))
    known = _shortest_m(graph.arrays.without(edges=unknown), centres) if len(unknown) else lower
    return _where_equal(lower, known)


def known_pairs_m(graph: PlantGraph, centres: Rows, pairs: DisjointPairs) -> Floats:
    """Length of both routes of the shortest disjoint pair of each node, shape (nodes,).

    Parameters
    ----------
    graph
        The network.
    centres
        Rows of the centres.
    pairs
        The pairs found with length 0 for unknown lengths.

    Returns
    -------
    ndarray
        Metres; NaN where there is no pair or an unknown length could make the difference.
    """
    lower = np.where(pairs.is_disjoint, pairs.total_m, np.nan)
    unknown = np.flatnonzero(np.isnan(graph.length_m))
    if len(unknown) == 0:
        return lower
    without = find_disjoint_pairs(graph.arrays.without(edges=unknown), centres, pairs.disjoint)
    return _where_equal(lower, np.where(without.is_disjoint, without.total_m, np.nan))


def _where_equal(lower: Floats, known: Floats) -> Floats:
    known = np.where(np.isfinite(known), known, np.nan)
    return np.where(known - lower <= _SAME_M, known, np.nan)


def _shortest_m(arrays: ArrayGraph, centres: Rows) -> Floats:
    """Shortest distances to the nearest centre; infinite where none is reached."""
    n = arrays.n_nodes
    # Rows are made here rather than by a sparse constructor, which would add parallel edges up.
    tail = np.repeat(np.arange(n), np.diff(arrays.indptr))
    order = np.lexsort((arrays.length_m[arrays.edge], arrays.neighbour, tail))
    tail, head = tail[order], arrays.neighbour[order]
    metres = arrays.length_m[arrays.edge][order]
    expands = arrays.is_transit.copy()
    expands[centres] = True
    kept = expands[tail]
    kept[1:] &= (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    tail, head, metres = tail[kept], head[kept], metres[kept]
    indptr = np.concatenate(([0], np.cumsum(np.bincount(tail, minlength=n))))
    matrix = csr_array((metres, head, indptr), shape=(n, n))
    return dijkstra(matrix, indices=centres, min_only=True)
