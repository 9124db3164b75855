"""What may be shared near the site: the audit's entry tolerance, before any route is known."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.verdict_kinds import TOLERABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netgraph.diversity.audit import Audit
    from netgraph.diversity.search_layers import SearchLayer
    from netgraph.upgrades.protection.model import ProtectionModel


def metres_around(audit: Audit, layer: SearchLayer, source: int) -> Mapping[int, float]:
    """Least metres from a node to those within the tolerance, over recorded or drawn lengths."""
    graph, limit = layer.graph, audit.rules.entry_tolerance_m
    spans = audit.network.spans
    metres: dict[int, float] = {}
    heap = [(0.0, source)]
    while heap:
        here, node = heapq.heappop(heap)
        if node in metres:
            continue
        metres[node] = here
        row = slice(graph.indptr[node], graph.indptr[node + 1])
        for edge, far in zip(graph.edge[row].tolist(), graph.neighbour[row].tolist(), strict=True):
            span = layer.item[edge]
            if spans.is_measured[span] and here + graph.length_m[edge] <= limit:
                heapq.heappush(heap, (here + float(graph.length_m[edge]), far))
    return metres


def is_tolerated(model: ProtectionModel, risk: int, metres: Mapping[int, float]) -> bool:
    """Whether all that fails with a risk lies within the tolerance and is of a tolerable kind.

    A span may be tolerated only if it is passed from its near end to its far end within it.
    """
    problem, audit = model.problem, model.audit
    elements = list(model.risk_elements(risk))
    if not elements or not TOLERABLE[audit.kind[elements]].all():
        return False
    limit, spans = audit.rules.entry_tolerance_m, audit.network.spans
    for edge in problem.risk_edges.row(risk).tolist():
        if edge >= model.n_spans:
            continue  # a build beside it; only what is there already can be tolerated
        near = min(metres.get(int(x[edge]), np.inf) for x in (problem.u, problem.v))
        span = model.layer.item[edge]
        length = float(spans.length_m[span]) if spans.is_measured[span] else np.inf
        if near + length > limit:
            return False
    return all(node in metres for node in problem.risk_nodes.row(risk).tolist())
