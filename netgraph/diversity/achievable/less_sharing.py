"""Search the pairs that share the least, where a site's shortest disjoint pair shares more.

The only part that may take exponential time. Every question gets a short try before any is searched
far, and equal questions of one demand are answered once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.judgement import reach_along
from netgraph.diversity.achievable.proof import search_proof
from netgraph.diversity.compiled import search_clock
from netgraph.diversity.search.graph import rows_of
from netgraph.diversity.search.least_sharing import SharingWeights
from netgraph.diversity.search.question_sheet import Found, QuestionSheet
from netgraph.diversity.search.single_points import find_single_points
from netgraph.diversity.verdict_kinds import POSSIBLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.achievable.best_pairs import BestPair, OpenPair
    from netgraph.diversity.achievable.judgement import PairJudgement
    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.run import Audit

    _Numbers = NDArray[np.int32]
    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Task:
    """Sites of one demand that may use the same network, some of them open.

    Attributes
    ----------
    search
        The layer.
    pairs
        The pairs of the demand's sites; what is found is put in their place.
    rows
        The open ones.
    """

    search: LayerSearch
    pairs: list[BestPair]
    rows: list[int]


def tasks_of(search: LayerSearch, pairs: list[BestPair]) -> list[Task]:
    """Group the open pairs of a demand by the network that they may use."""
    groups: dict[tuple[int, bytes], list[int]] = {}
    for row, pair in enumerate(pairs):
        if pair.open is not None:
            key = id(pair.open.points), pair.open.own.tobytes()
            groups.setdefault(key, []).append(row)
    return [Task(search, pairs, rows) for rows in groups.values()]


def search_less_sharing(task: Task, deadline: float) -> None:
    """Search the open pairs of a task and put in their place what is found until a deadline.

    Exact when proven: no pair shares fewer spans or cables, points and risk groups, and, of those
    that share as few, groups that something only may belong to. What lies
    within the entry tolerance by the shortest way costs nothing in the search; if the pair found
    shares such a thing beyond the tolerance after all, the answer is not called proven.

    Parameters
    ----------
    deadline
        When to stop (`compiled.search_clock`); infinite is never.
    """
    if search_clock() >= deadline:
        return
    asking = _Asking(task)
    for row in task.rows:
        if search_clock() >= deadline:
            break
        asking.ask(row, deadline)
    asking.sheet.search(deadline)
    asking.take(list(asking.sheet.found()))


class _Asking:
    """The sites of one task with their questions."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._near: dict[int, frozenset[int]] = {}
        search, reduced = task.search, task.search.reduced
        first = self._open(task.rows[0])
        nodes = np.array([self._open(row).source for row in task.rows], dtype=np.int32)
        self._weights = SharingWeights(
            risk_class=_class_weights(search),
            edge=reduced.chains.sizes.astype(np.float64),  # one for each edge and inner node
            node=np.ones(reduced.graph.n_nodes),
        )
        self._points = first.points
        if len(first.own):
            sinks = np.flatnonzero(first.points.is_sink)
            self._points = find_single_points(first.network, sinks)
        local = reduced.local_edge_of
        self._is_open = search.layer.is_usable | (
            (local >= 0) & self._points.graph.is_edge_enabled[local]
        )
        self.sheet = QuestionSheet(self._points, search.risks, nodes, self._weights)

    def _open(self, row: int) -> OpenPair:
        found = self._task.pairs[row].open
        assert found is not None  # noqa: S101 -- the rows of a task are open
        return found

    def ask(self, row: int, deadline: float) -> None:
        """Put the question of one site, and try it briefly."""
        search, pair = self._task.search, self._open(row)
        source = int(search.reduced.node_of[pair.source])
        near = _near(search.audit, search.layer, source, self._is_open)
        self._near[row] = near
        weights = self._forgiving(near) if near else None
        self.sheet.ask(row, pair.source, pair.cutting, weights)
        self.sheet.try_last(deadline)

    def take(self, found: list[Found]) -> None:
        """Judge what was found and put it in the place of what was known."""
        if not found:
            return
        search, pairs = self._task.search, self._task.pairs
        opened = [self._open(one.key) for one in found]
        nodes = np.array([pair.source for pair in opened], dtype=np.int32)
        routes = rows_of([route for one in found for route in one.routes])
        whole = search.reduced.expand_routes(np.repeat(nodes, 2), routes)
        chains = search.reduced.expand_points(nodes, self._points.chains(nodes))
        cutting = rows_of([pair.cutting for pair in opened])
        judged, _ = search.judge.judge(search.reduced.node_of[nodes], whole, chains, cutting)
        for k, one in enumerate(found):
            couple = (whole[2 * k], whole[2 * k + 1])
            pairs[one.key] = _better(pairs[one.key], self._near[one.key], one, couple, judged[k])

    def _forgiving(self, near: frozenset[int]) -> SharingWeights:
        """Return the weights if what is within the tolerance costs nothing."""
        search = self._task.search
        layer, reduced = search.layer, search.reduced
        forgiven = np.zeros(len(search.audit.kind), dtype=bool)
        forgiven[list(near)] = True
        classes = self._weights.risk_class.copy()
        touched = layer.risks.class_of[forgiven[layer.risk_element]]
        for risk_class in np.unique(touched[touched >= 0]):
            if forgiven[layer.risk_element[layer.risks.risks[risk_class]]].all():
                classes[risk_class] = 0.0
        edge, node = self._weights.edge.copy(), self._weights.node.copy()
        nodes = np.unique(layer.node_elements.owners[forgiven[layer.node_elements.indices]])
        reduced.take_off(nodes, edge, node)
        if layer.name == "spans":  # sharing a cable is never forgiven
            edges = np.unique(layer.elements.owners[forgiven[layer.elements.indices]])
            local = reduced.local_edge_of[edges]
            np.subtract.at(edge, local[local >= 0], 1.0)
        return SharingWeights(risk_class=classes, edge=edge, node=node)


def _class_weights(search: LayerSearch) -> Floats:
    """One for each class of risks; all that only may be shared weighs less than one together."""
    layer = search.layer
    is_open = search.audit.kind[layer.risk_element] == POSSIBLE
    weights = np.ones(search.risks.n_classes)
    if is_open.any():
        is_sure = np.zeros(search.risks.n_classes, dtype=bool)
        classes = layer.risks.class_of[~is_open]
        is_sure[classes[classes >= 0]] = True
        weights[~is_sure] = 0.5 ** np.ceil(np.log2(2 * (~is_sure).sum() + 1))
    return weights


def _better(
    pair: BestPair,
    near: frozenset[int],
    found: Found,
    routes: tuple[_Numbers, _Numbers],
    judged: PairJudgement,
) -> BestPair:
    """Take what a search found, unless the pair known before shares less."""
    proof = search_proof(found.weight, found.lower_bound, found.n_nodes)
    before = pair.judgement
    is_proven = (found.is_proven and not near & set(judged.shared)) or not judged.shared
    if before is None or not len(routes[0]):
        return replace(pair, search=proof)
    if not found.is_proven and len(judged.shared) >= len(before.shared):
        return replace(pair, search=proof)
    return replace(pair, routes=routes, judgement=judged, is_proven=is_proven, search=proof)


def _near(
    audit: Audit, layer: SearchLayer, source: int, is_open: NDArray[np.bool_]
) -> frozenset[int]:
    """Elements wholly within the entry tolerance of the site, by the shortest way."""
    graph, limit = layer.graph, audit.rules.entry_tolerance_m
    best = {source: 0.0}
    queue, near = [source], set()
    while queue:
        node = queue.pop(0)
        for k in range(int(graph.indptr[node]), int(graph.indptr[node + 1])):
            edge, other = int(graph.edge[k]), int(graph.neighbour[k])
            if not is_open[edge]:
                continue
            elements, far = reach_along(audit, layer, edge, node)
            reach = far + best[node]
            near.update(elements[reach <= limit].tolist())
            end = float(reach.max(initial=0.0))
            if end <= limit and end < best.get(other, np.inf):
                best[other] = end
                near.update(layer.node_elements.row(other).tolist())
                queue.append(other)
    return frozenset(near)
