"""The protection problem in numbers: edges with costs, risks, and sites that must survive them.

Every edge is free to all (existing plant with room), free to some (a site's own cable runs there),
or an option that costs money (a build, or a new cable in existing plant). A plan is a set of
options. It is feasible if, whatever single risk fails, every demand still reaches one of its sinks
over what is left of the free edges, its own edges and the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Csr, Ints


@dataclass(frozen=True, eq=False)
class ProtectionProblem:
    """Edges, risks and demands; arrays of shape (edges,), (nodes,), (risks,) and (demands,).

    Attributes
    ----------
    n_nodes
        Number of nodes.
    u, v
        Ends of each edge.
    cost_yuan
        Price of each edge as an option; infinite for one that cannot be chosen.
    is_free
        Edges that every route may use without paying.
    is_transit
        Nodes that a route may run through; at others it can only begin or end.
    risk_edges, risk_nodes
        Risk to the edges and nodes that fail with it. The ends of a demand never fail for it.
    source, sinks
        Node of each demand, and demand to the nodes that count as its centre.
    own
        Demand to the edges that it may use without paying, besides the free ones.
    risks
        Demand to the risks that it should survive.
    """

    n_nodes: int
    u: Ints
    v: Ints
    cost_yuan: NDArray[np.float64]
    is_free: NDArray[np.bool_]
    is_transit: NDArray[np.bool_]
    risk_edges: Csr
    risk_nodes: Csr
    source: Ints
    sinks: Csr
    own: Csr
    risks: Csr

    @property
    def is_option(self) -> NDArray[np.bool_]:
        """Edges that a plan may choose; shape (edges,)."""
        return ~self.is_free & np.isfinite(self.cost_yuan)

    def plan_cost_yuan(self, chosen: Ints) -> float:
        """Add up a plan, every option once."""
        return float(self.cost_yuan[np.unique(chosen)].sum())
