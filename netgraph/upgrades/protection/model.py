"""The protection problem of some sites, and what its numbers stand for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from netgraph.topology.csr import csr_of_lists

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.run import Audit
    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.builds import Builds
    from netgraph.upgrades.protection.problem import ProtectionProblem


@dataclass(frozen=True, eq=False)
class ProtectionModel:
    """The problem, and what its numbers stand for.

    Attributes
    ----------
    site, b_ends
        Place of each demand, and the places of its centre.
    n_spans
        Edges below are spans (`layer.item`), from here on builds.
    doubles
        Pairs of edges that nothing shows to lie apart, of which one is a build.
    span_yuan
        Price of a new cable in each span; 0 where a cable has spare cores, or nothing is priced.
    entrance_yuan
        Price of an entrance; None without one.
    unpriced
        Ids of all candidates without a price.
    """

    audit: Audit
    layer: SearchLayer
    builds: Builds
    problem: ProtectionProblem
    site: Ints
    b_ends: tuple[tuple[int, ...], ...]
    n_spans: int
    doubles: tuple[Ints, Ints]
    span_yuan: NDArray[np.float64]
    entrance_yuan: float | None = None
    unpriced: tuple[str, ...] = ()

    def surviving(self, more: Mapping[int, Collection[int]]) -> ProtectionModel:
        """Let some demands survive further risks."""
        rows = [
            sorted({*self.problem.risks.row(d).tolist(), *more.get(d, ())})
            for d in range(len(self.site))
        ]
        return replace(self, problem=replace(self.problem, risks=csr_of_lists(rows)))

    def edge_risk(self, edge: int) -> int:
        """Give the number of the risk that is an edge by itself."""
        return self.problem.n_nodes + self.layer.risks.n_classes + edge

    def risk_elements(self, risk: int) -> tuple[int, ...]:
        """Elements of a risk (audit numbering), the most telling first."""
        layer, risk_class = self.layer, risk - self.problem.n_nodes
        if risk_class < 0:
            return tuple(layer.node_elements.row(risk).tolist())
        if risk_class < layer.risks.n_classes:
            return tuple(layer.risk_element[layer.risks.risks[risk_class]].tolist())
        span = risk_class - layer.risks.n_classes
        return tuple(layer.elements.row(span).tolist()) if span < self.n_spans else ()
