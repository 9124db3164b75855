"""Compiled: what some edges join."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import entry

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints


@entry
def least_joined(n_nodes: int, u: Ints, v: Ints, is_on: NDArray[np.bool_]) -> Ints:
    """Give the least node that each node is joined with, by the edges that are on."""
    root = np.arange(n_nodes)
    for edge in range(len(u)):
        if not is_on[edge]:
            continue
        a, b = u[edge], v[edge]
        while root[a] != a:
            root[a] = root[root[a]]
            a = root[a]
        while root[b] != b:
            root[b] = root[root[b]]
            b = root[b]
        root[max(a, b)] = min(a, b)
    for node in range(n_nodes):  # a root is less than what hangs on it, and is settled before
        root[node] = root[root[node]]
    return root
