"""Search the pair that shares the least, where a site's shortest disjoint pair shares more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import search_clock
from netgraph.diversity.levels import Level
from netgraph.diversity.pair_judgement import PairJudgement, judge_pair, reach_along
from netgraph.diversity.search.batch import search_all
from netgraph.diversity.search.least_sharing import SharingWeights, find_least_sharing_pair
from netgraph.diversity.search_proof import SearchProof, search_proof

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netgraph.diversity.audit import Audit
    from netgraph.diversity.best_pairs import BestPair
    from netgraph.diversity.search.graph import ArrayGraph
    from netgraph.diversity.search_layers import SearchLayer
    from netgraph.topology.csr import Csr, Ints

    Couple = tuple[Ints, Ints]
    Answer = tuple[Couple, PairJudgement, bool, SearchProof]


def search_less_sharing(
    audit: Audit,
    layer: SearchLayer,
    graph: ArrayGraph,
    sinks: Ints,
    sources: Ints,
    known: Mapping[int, BestPair],
    deadline: float | None,
) -> dict[int, Answer]:
    """Find the pairs that share the fewest spans or cables, points and risk groups.

    Parameters
    ----------
    known
        By position in `sources`, a pair known already; kept if the time is up.
    deadline
        When to stop (`compiled.search_clock`); None is never.

    Returns
    -------
    dict of (couple, judgement, is_proven, proof)
        Exact when proven: no pair shares fewer. What lies within the entry tolerance by the
        shortest way costs nothing in the search; if the pair found shares such a thing beyond the
        tolerance after all, the answer is not called proven. Sites with nothing within the
        tolerance are searched together, the others one by one.
    """
    near = {i: _near(audit, layer, graph, int(sources[i])) for i in known}
    together = [i for i in known if not near[i]]
    answers: dict[int, Answer] = {}
    left = _left(deadline)
    if together and left is not None:
        weights = _weights(layer, frozenset())
        batch = search_all(
            graph, sinks, layer.risks, sources[together], weights=weights, seconds=left
        )
        for k, i in enumerate(together):
            routes = (batch.routes[2 * k], batch.routes[2 * k + 1])
            answer = _judged(
                audit, layer, int(sources[i]), known[i], routes, proven=bool(batch.is_least[k])
            )
            weight, bound = float(batch.shared_weight[k]), float(batch.shared_bound[k])
            answers[i] = (*answer, search_proof(weight, bound, int(batch.tree_size[k])))
    for i in sorted(set(known) - set(together)):
        left = _left(deadline)
        if left is None:
            break
        one = find_least_sharing_pair(
            graph, int(sources[i]), sinks, layer.risks,
            weights=_weights(layer, near[i]), seconds=left,
        )  # fmt: skip
        couple, judged, proven = _judged(
            audit, layer, int(sources[i]), known[i], one.routes, proven=one.is_proven
        )
        proven = proven and not near[i] & set(judged.shared)
        answers[i] = (couple, judged, proven, search_proof(one.weight, one.lower_bound))
    return answers


def _left(deadline: float | None) -> float | None:
    """Seconds left (0 is unlimited), None if the time is up."""
    if deadline is None:
        return 0.0
    left = deadline - search_clock()
    return left if left > 0 else None


def _judged(
    audit: Audit, layer: SearchLayer, source: int, known: BestPair,
    routes: tuple[NDArray[np.int32], NDArray[np.int32]], *, proven: bool,
) -> tuple[Couple, PairJudgement, bool]:  # fmt: skip
    """Judge what a search found; keep the pair known before if that shares less."""
    before = known.judgement
    if before is None or not len(routes[0]):
        return known.routes, before or PairJudgement(Level.DIVERSE, (), ()), False
    couple = (routes[0].astype(np.int64), routes[1].astype(np.int64))
    found = judge_pair(audit, layer, source, *couple)
    if not proven and len(found.shared) >= len(before.shared):
        return known.routes, before, False
    return couple, found, proven or not found.shared


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
