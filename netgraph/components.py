"""What hangs together: the connected components of a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


def find_components(n: int, u: Ints, v: Ints) -> Ints:
    """Find the connected components of a graph, numbered in the order of their first nodes.

    As quick as SciPy's on a province, whose own loading takes ten times as long.

    Parameters
    ----------
    n
        Number of nodes.
    u, v
        Nodes that each edge joins; shape (m,). Loops and parallel edges do no harm.

    Returns
    -------
    ndarray of shape (n,)
        Component of each node. Exact; O((n + m) log n).
    """
    first = np.arange(n)  # a node of the same component that comes earlier, in the end the first
    while len(u):
        one, other = first[u], first[v]
        np.minimum.at(first, np.maximum(one, other), np.minimum(one, other))
        while ((further := first[first]) != first).any():
            first = further
        apart = first[u] != first[v]
        u, v = u[apart], v[apart]
    return np.asarray((np.cumsum(first == np.arange(n)) - 1)[first])
