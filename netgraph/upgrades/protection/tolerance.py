"""What may be shared near the site: the audit's entry tolerance, before any route is known."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.verdict_kinds import TOLERABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netgraph.upgrades.protection.model import ProtectionModel


def metres_around(model: ProtectionModel, demand: int) -> Mapping[int, float]:
    """Least metres from a site to the nodes within the tolerance, over plant that it may use."""
    graph, problem = model.layer.graph, model.problem
    limit, spans = model.audit.rules.entry_tolerance_m, model.audit.network.spans
    own, source = set(problem.own.row(demand).tolist()), int(problem.source[demand])
    metres: dict[int, float] = {}
    heap = [(0.0, source)]
    while heap:
        here, node = heapq.heappop(heap)
        if node in metres:
            continue
        metres[node] = here
        if node != source and not problem.is_transit[node]:
            continue
        row = slice(graph.indptr[node], graph.indptr[node + 1])
        for edge, far in zip(graph.edge[row].tolist(), graph.neighbour[row].tolist(), strict=True):
            is_open = problem.is_free[edge] or edge in own or np.isfinite(problem.cost_yuan[edge])
            ahead = here + float(graph.length_m[edge])
            if is_open and spans.is_measured[model.layer.item[edge]] and ahead <= limit:
                heapq.heappush(heap, (ahead, far))
    return metres


def is_tolerated(model: ProtectionModel, risk: int, metres: Mapping[int, float]) -> bool:
    """Whether all that fails with a risk lies within the tolerance and is of a tolerable kind.

    A span may be tolerated only if it is passed from its near end to its far end within it.
    """
    problem, audit = model.problem, model.audit
    if not is_tolerable(model, risk):
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


def is_tolerable(model: ProtectionModel, risk: int) -> bool:
    """Whether everything that a risk stands for is of a kind that may be tolerated."""
    elements = list(model.risk_elements(risk))
    return bool(elements) and bool(TOLERABLE[model.audit.kind[elements]].all())
