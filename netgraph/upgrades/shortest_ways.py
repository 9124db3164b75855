"""Shortest ways from one node to any of a few, without looking at all of a large plant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from netgraph.topology.csr import Ints

#: How far is looked, in yuan or metres, before it is looked farther.
_REACH = (1e4, 1e5, np.inf)


def shortest_ways(graph: csr_array, source: int, sinks: Ints) -> tuple[NDArray[np.float64], Ints]:
    """Give the lengths of the ways from a node, and the node before each, as far as a sink.

    Parameters
    ----------
    graph
        Lengths of undirected edges; shape (nodes, nodes), each edge once.

    Returns
    -------
    lengths, before
        Exact up to the nearest sink; infinite, and negative, for some of what lies farther off and
        for what is not reached. O(edges within ten times that length).
    """
    for reach in _REACH:
        lengths, before = dijkstra(
            graph, directed=False, indices=source, return_predecessors=True, limit=reach
        )
        if np.isfinite(lengths[sinks]).any():
            break
    return lengths, before.astype(np.int64)
