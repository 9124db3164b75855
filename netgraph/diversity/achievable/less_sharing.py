"""Search the pairs that share the least, where a site's shortest disjoint pair shares more.

The only part that may take exponential time. Every question gets a short try before any is searched
far, and equal questions of one demand are answered once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.forgiving import FORGIVEN, forgiving_weights
from netgraph.diversity.achievable.nearness import Nearness
from netgraph.diversity.achievable.proof import search_proof
from netgraph.diversity.compiled import search_clock
from netgraph.diversity.search.graph import rows_of
from netgraph.diversity.search.least_sharing import shared_weight
from netgraph.diversity.search.question_sheet import Found, QuestionSheet
from netgraph.diversity.search.risks import cutting_risks
from netgraph.diversity.search.single_points import find_single_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.achievable.best_pair import BestPair, OpenPair
    from netgraph.diversity.achievable.judgement import PairJudgement
    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.nearness import Zones
    from netgraph.diversity.achievable.pair_columns import Pairs
    from netgraph.diversity.search.graph import Rows
    from netgraph.diversity.search.least_sharing import SharingWeights

    _Numbers = NDArray[np.int32]
    Pair = tuple[_Numbers, _Numbers]
    _Judged = tuple[Found, PairJudgement, Pair]

_SAME = 1e-6
_NO_EDGES = rows_of([()])


class Urgency(IntEnum):
    """What hangs on an open pair, the weightiest first."""

    LEVEL = 0  # the level that is told
    SHARING = 1  # what is shared; the level is known
    LENGTH = 2  # the length; nothing shares less


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
    urgency
        What hangs on them.
    """

    search: LayerSearch
    pairs: Pairs
    rows: list[int]
    urgency: Urgency


def tasks_of(search: LayerSearch, pairs: Pairs, urgency: Urgency) -> list[Task]:
    """Group those open pairs of a demand on which so much hangs by the network they may use."""
    groups: dict[int, list[int]] = {}
    columns = pairs.columns
    is_known = columns.have_certain_level(search.audit.kind)
    of_open = np.where(is_known, Urgency.SHARING, Urgency.LEVEL)
    is_asked = np.where(columns.is_open, of_open, Urgency.LENGTH) == urgency
    is_asked &= ~columns.is_shortest
    for row, left in sorted(columns.opened.items()):
        if is_asked[row]:
            groups.setdefault(id(left.find_points), []).append(row)
    return [Task(search, pairs, rows, urgency) for rows in groups.values()]


def search_less_sharing(task: Task, deadline: float) -> None:
    """Search the open pairs of a task and put in their place what is found until a deadline.

    Exact when proven: no pair shares fewer spans or cables, points and risk groups, and, of those
    that share as few, groups that something only may belong to. What lies within the entry
    tolerance by the shortest way costs next to nothing in the search. If the pair found shares such
    a thing beyond the tolerance after all, another is looked for without detours near the site;
    where that shares more, the answer is not called proven.

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
    asking.take(list(asking.sheet.found()), deadline)


class _Asking:
    """The sites of one task with their questions."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._zones: dict[int, Zones] = {}
        search = task.search
        nodes = np.array([self._open(row).source for row in task.rows], dtype=np.int32)
        self._weights = search.costs.sharing
        self._points = self._open(task.rows[0]).find_points()
        self._nearness = Nearness(search, self._points.graph.is_edge_enabled)
        self.sheet = QuestionSheet(
            self._points, search.risks, nodes, self._weights,
            takes_shortest=task.urgency is Urgency.LENGTH,
        )  # fmt: skip

    def _open(self, row: int) -> OpenPair:
        found = self._task.pairs[row].open
        assert found is not None  # noqa: S101 -- the rows of a task are open
        return found

    def ask(self, row: int, deadline: float) -> None:
        """Put the question of one site, and try it briefly."""
        search, pair = self._task.search, self._open(row)
        source = np.array([pair.source], dtype=np.int32)
        chain = search.reduced.expand_points(source, self._points.chains(source))
        zone = self._nearness.around(search.reduced.node_of[source], _NO_EDGES, chain)
        self._zones[row] = zone
        weights = self._forgiving(zone, FORGIVEN) if len(zone.elements.values) else None
        self.sheet.ask(row, pair.source, pair.cutting, weights)
        self.sheet.try_last(deadline)

    def take(self, found: list[Found], deadline: float) -> None:
        """Judge what was found and put it in the place of what was known."""
        pairs = self._task.pairs
        for known in self._judged(found):
            one, judged, _ = known
            is_near = len(self._near(one.key, judged).values) > 0
            best = self._without_detours(*known, deadline) if one.is_proven and is_near else known
            pairs[one.key] = _better(self._task.search, pairs[one.key], *best)

    def _judged(self, found: list[Found]) -> list[_Judged]:
        """Judge pairs by what their sites cannot avoid."""
        if not found:
            return []
        search, opened = self._task.search, [self._open(one.key) for one in found]
        nodes = np.array([pair.source for pair in opened], dtype=np.int32)
        routes = rows_of([route for one in found for route in one.routes])
        whole = search.reduced.expand_routes(np.repeat(nodes, 2), routes)
        chains = search.reduced.expand_points(nodes, self._points.chains(nodes))
        cutting = rows_of([pair.cutting for pair in opened])
        judged, _ = search.judge.judge(search.reduced.node_of[nodes], whole, chains, cutting)
        return [(one, judged[k], (whole[2 * k], whole[2 * k + 1])) for k, one in enumerate(found)]

    def _without_detours(
        self, one: Found, judged: PairJudgement, routes: Pair, deadline: float
    ) -> _Judged:
        """Look for a pair that shares no more, and nothing near beyond the tolerance.

        The pair given shares something near the site beyond the tolerance: it shares more than
        the search counted, and what the search proved is a bound only.
        """
        pair, zone = self._open(one.key), self._zones[one.key]
        if search_clock() >= deadline:
            return replace(one, is_proven=False, is_shortest=False), judged, routes
        closed = self._nearness.out_of_the_way(zone, self._near(one.key, judged)).values
        network = self._points.graph.without(edges=closed)
        sinks = np.flatnonzero(self._points.is_sink)
        points, risks = find_single_points(network, sinks), self._task.search.risks
        source = np.array([pair.source], dtype=np.int32)
        sheet = QuestionSheet(points, risks, source, self._weights, takes_shortest=False)
        if points.is_connected[pair.source]:
            cutting = cutting_risks(network, sinks, risks, source)[0]
            sheet.ask(one.key, pair.source, cutting, self._forgiving(zone, FORGIVEN))
            sheet.search(deadline)
        for other, again, ways in self._judged(list(sheet.found())):
            is_apart = not len(self._near(one.key, again).values)
            if is_apart and self._weight(other, zone) <= self._weight(one, zone) + _SAME:
                return replace(other, is_proven=True, is_shortest=False), again, ways
        return replace(one, is_proven=False, is_shortest=False), judged, routes

    def _near(self, row: int, judged: PairJudgement) -> Rows:
        """Return what a pair shares near its site."""
        return self._zones[row].near(rows_of([judged.shared]))

    def _weight(self, found: Found, zone: Zones) -> float:
        """Weigh what a pair shares and could avoid, nothing near the site."""
        pair, search = self._open(found.key), self._task.search
        return shared_weight(
            self._points, search.risks, pair.source, found.routes, pair.cutting,
            self._forgiving(zone, 0.0),
        )  # fmt: skip

    def _forgiving(self, zone: Zones, part: float) -> SharingWeights:
        """Return the weights if what is within the tolerance costs a part of what it did."""
        return forgiving_weights(self._task.search, zone, part)


def _better(
    search: LayerSearch, pair: BestPair, found: Found, judged: PairJudgement, routes: Pair
) -> BestPair:
    """Take what a search found, unless the pair known before shares less."""
    proof = search_proof(found.weight, found.lower_bound, found.n_nodes, search.objective)
    before = pair.judgement
    assert pair.open is not None  # noqa: S101 -- it was searched
    is_proven = (
        found.is_proven and pair.open.at_ends.isdisjoint(judged.shared)
    ) or not judged.shared
    if before is None or not (len(routes[0]) and len(routes[1])):
        return replace(pair, search=proof)
    if not found.is_proven and (pair.is_proven or len(judged.shared) >= len(before.shared)):
        return replace(pair, search=proof)
    return replace(
        pair, routes=routes, judgement=judged, is_proven=is_proven, search=proof,
        is_shortest=is_proven and found.is_shortest,
        open=replace(pair.open, is_least_shared=is_proven),
        unavoidable=search.judge.name_unavoidable(pair.open.singles, judged),
    )  # fmt: skip
