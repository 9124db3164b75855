"""Search the pair that shares the least, where a site's shortest disjoint pair shares more."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.pair_judgement import PairJudgement, judge_pair, reach_along
from netgraph.diversity.search.least_sharing import SharingWeights, find_least_sharing_pair

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.audit import Audit
    from netgraph.diversity.search.graph import ArrayGraph
    from netgraph.diversity.search_layers import SearchLayer
    from netgraph.topology.csr import Csr, Ints

    Couple = tuple[Ints, Ints]


def search_less_sharing(
    audit: Audit,
    layer: SearchLayer,
    graph: ArrayGraph,
    sinks: Ints,
    source: int,
    *,
    known: tuple[Couple, PairJudgement],
    deadline: float | None,
) -> tuple[Couple, PairJudgement, bool]:
    """Find the pair that shares the fewest spans or cables, points and risk groups.

    Parameters
    ----------
    known
        A pair and what it shares, returned if the time is up.
    deadline
        When to stop (`time.monotonic`); None is never.

    Returns
    -------
    couple, judgement, is_proven
        Exact when proven: no pair shares fewer. What lies within the entry tolerance by the
        shortest way costs nothing in the search; if the pair found shares such a thing beyond the
        tolerance after all, the answer is not called proven.
    """
    couple, judged = known
    left = 0.0 if deadline is None else deadline - time.monotonic()
    if deadline is not None and left <= 0:
        return couple, judged, False
    near = _near(audit, layer, graph, source)
    found = find_least_sharing_pair(
        graph, source, sinks, layer.risks, weights=_weights(layer, near), seconds=left
    )
    if not found.is_connected or not len(found.routes[0]):
        return couple, judged, False
    routes = (found.routes[0].astype(np.int64), found.routes[1].astype(np.int64))
    better = judge_pair(audit, layer, source, *routes)
    is_proven = found.is_proven and not near & set(better.shared)
    if not is_proven and len(better.shared) >= len(judged.shared):
        return couple, judged, False
    return routes, better, is_proven


def _weights(layer: SearchLayer, near: frozenset[int]) -> SharingWeights:
    """One for every edge, node and risk class; nothing for what the tolerance may forgive."""
    classes = np.ones(layer.risks.n_classes)
    if near:
        forgiven = np.isin(layer.risk_element, list(near))
        for risk_class in np.unique(layer.risks.class_of[np.flatnonzero(forgiven)]):
            if forgiven[layer.risks.risks[risk_class]].all():
                classes[risk_class] = 0.0
    edges, nodes = np.ones(layer.graph.n_edges), np.ones(layer.graph.n_nodes)
    if near:
        _forgive(nodes, layer.node_elements, near)
        if layer.name == "spans":  # sharing a cable is never forgiven
            _forgive(edges, layer.elements, near)
    return SharingWeights(risk_class=classes, edge=edges, node=nodes)


def _forgive(weight: NDArray[np.float64], table: Csr, near: frozenset[int]) -> None:
    hit = np.isin(table.indices, list(near))
    weight[np.unique(table.owners[hit])] = 0.0


def _near(audit: Audit, layer: SearchLayer, graph: ArrayGraph, source: int) -> frozenset[int]:
    """Elements wholly within the entry tolerance of the site, by the shortest way."""
    limit = audit.rules.entry_tolerance_m
    best = {source: 0.0}
    queue, near = [source], set()
    while queue:
        node = queue.pop(0)
        for k in range(int(graph.indptr[node]), int(graph.indptr[node + 1])):
            edge, other = int(graph.edge[k]), int(graph.neighbour[k])
            elements, far = reach_along(audit, layer, edge, node)
            reach = far + best[node]
            near.update(elements[reach <= limit].tolist())
            end = float(reach.max(initial=0.0))
            if end <= limit and end < best.get(other, np.inf):
                best[other] = end
                near.update(layer.node_elements.row(other).tolist())
                queue.append(other)
    return frozenset(near)
