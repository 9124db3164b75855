"""When a search that may take exponential time gives up."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from netgraph.diversity.compiled import search_clock

NODE_LIMIT = 20_000  # nodes of the tree before the integer program takes over


@dataclass(frozen=True)
class Limits:
    """When a search gives up: the search clock, and the size of the tree."""

    deadline: float = np.inf
    n_nodes: int = NODE_LIMIT

    def is_over(self) -> bool:
        """Whether the time is up."""
        return search_clock() >= self.deadline

    def at_most(self, n_nodes: int) -> Limits:
        """Return the same limits with a smaller tree."""
        return replace(self, n_nodes=min(n_nodes, self.n_nodes))

    def share(self, n_left: int) -> Limits:
        """Return the limits of the next of some searches that share the time equally."""
        now = search_clock()
        return replace(self, deadline=now + max(0.0, self.deadline - now) / n_left)
