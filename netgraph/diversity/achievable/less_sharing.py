"""Search the pairs that share the least, where a site's shortest disjoint pair shares more.

The only part that may take exponential time. Every question gets a short try before any is searched
far, and equal questions of one demand are answered once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.forgiving import FORGIVEN, forgiving_weights
from netgraph.diversity.achievable.nearness import Nearness
from netgraph.diversity.achievable.proof import search_proof
from netgraph.diversity.achievable.tolerance import PartOfNetwork, settle
from netgraph.diversity.search.disjoint_pairs import distance_bounds
from netgraph.diversity.search.graph import rows_of
from netgraph.diversity.search.least_sharing import shared_weight
from netgraph.diversity.search.near import OwnEdges, find_own_cuts, find_own_pairs
from netgraph.diversity.search.question_sheet import Found, QuestionSheet
from netgraph.diversity.search.risks import shared_risks
from netgraph.diversity.search.single_points import find_single_points

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.best_pair import BestPair, OpenPair
    from netgraph.diversity.achievable.judgement import PairJudgement
    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.nearness import Zones
    from netgraph.diversity.achievable.pair_columns import Pairs
    from netgraph.diversity.achievable.tolerance import Case
    from netgraph.diversity.search.least_sharing import SharingWeights
    from netgraph.diversity.search.limits import Limits

    _Numbers = NDArray[np.int32]
    Pair = tuple[_Numbers, _Numbers]
    #: What a search found, what the pair shares, and its routes on the layer.
    Known = tuple[Found, PairJudgement, Pair]

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


def tasks_of(search: LayerSearch, pairs: Pairs) -> list[Task]:
    """Group the open pairs of a demand by what hangs on them, and by the network they may use."""
    columns = pairs.columns
    if not columns.opened:
        return []
    groups: dict[tuple[Urgency, int], list[int]] = {}
    is_known = columns.have_certain_level(search.audit.kind)
    of_open = np.where(is_known, Urgency.SHARING, Urgency.LEVEL)
    urgency = np.where(columns.is_open, of_open, Urgency.LENGTH).tolist()
    for row, left in sorted(columns.opened.items()):
        if not columns.is_shortest[row]:
            groups.setdefault((Urgency(urgency[row]), id(left.find_points)), []).append(row)
    return [Task(search, pairs, rows, urgency) for (urgency, _), rows in groups.items()]


def search_less_sharing(task: Task, limits: Limits) -> None:
    """Search the open pairs of a task and put in their place what is found within limits.

    Exact when proven: no pair shares fewer spans or cables, points and risk groups, and, of those
    that share as few, groups that something only may belong to. What lies within the entry
    tolerance by the shortest way costs next to nothing in the search. If the pair found shares such
    a thing beyond the tolerance after all, another is looked for without detours near the site;
    where that shares more, the answer is not called proven.

    Parameters
    ----------
    limits
        When to stop, and how large a tree of one search may grow.
    """
    if limits.is_over():
        return
    asking = TaskSites(task)
    for row in task.rows:
        if limits.is_over():
            break
        asking.ask(row, limits)
    asking.sheet.search(limits)
    asking.take(list(asking.sheet.found()), limits)


class TaskSites:
    """The sites of one task with their questions."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._zones: dict[int, Zones] = {}
        self._forgiving: dict[tuple[frozenset[int], float], SharingWeights] = {}
        self._forgiving_of = -1
        self._last_part: tuple[tuple[int, bytes], PartOfNetwork | None] | None = None
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
        found = self._task.pairs.find_open(row)
        assert found is not None  # noqa: S101 -- the rows of a task are open
        return found

    def ask(self, row: int, limits: Limits) -> None:
        """Put the question of one site, and try it briefly."""
        search, pair = self._task.search, self._open(row)
        source = np.array([pair.source], dtype=np.int32)
        chain = search.reduced.expand_points(source, self._points.chains(source))
        zone = self._nearness.around(search.reduced.node_of[source], _NO_EDGES, chain)
        self._zones[row] = zone
        weights = self.forgiving(row, ()) if len(zone.elements.values) else None
        self.sheet.ask(row, pair.source, pair.cutting, weights)
        self.sheet.try_last(limits)

    def take(self, found: list[Found], limits: Limits) -> None:
        """Judge what was found and put it in the place of what was known."""
        pairs = self._task.pairs
        for known in self._judged(found):
            one, judged, _ = known
            best = known
            if one.is_proven and len(self.near(one.key, judged)):
                best = self._straightened(known, limits)
            pairs[one.key] = _better(self._task.search, pairs[one.key], *best)

    def _straightened(self, known: Known, limits: Limits) -> Known:
        """Prove that a pair which shares something near beyond the tolerance is the best, or not.

        It shares more than the search counted, and what the search proved is a bound only.
        """
        found = self._without_detours(known, limits)
        if found is None and self._task.urgency is not Urgency.LENGTH:
            found = settle(self, known, limits)
        if found is None:
            return replace(known[0], is_proven=False, is_shortest=False), *known[1:]
        return found

    def _judged(self, found: list[Found]) -> list[Known]:
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

    def _without_detours(self, known: Known, limits: Limits) -> Known | None:
        """Look for a pair that shares no more, and nothing near beyond the tolerance."""
        one, judged, _ = known
        if limits.is_over():
            return None
        zone, near = self._zones[one.key], rows_of([self.near(one.key, judged)])
        closed = self._nearness.out_of_the_way(zone, near).values
        weights, least = self.forgiving(one.key, ()), self._counted(one) + _SAME
        part = self._part_without(closed, one.key)
        if part is None or part.weigh_forced(self.forgiving(one.key, (), 0.0)) > least:
            return None
        other = part.search(one.key, weights, limits)
        ((_, again, ways),) = self._judged([other])
        is_apart = not len(self.near(one.key, again))
        if is_apart and self._counted(other) <= least:
            return replace(other, is_proven=True, is_shortest=False), again, ways
        return None

    def least(
        self, row: int, case: Case, at_most: float, limits: Limits
    ) -> tuple[Known, float] | None:
        """Find the pair that shares least if some things near are tolerated and others are not.

        Parameters
        ----------
        at_most
            Pairs that share as much are of no use.

        Returns
        -------
        known
            The pair.
        bound
            What pairs share at least, apart from those that share some of what is tolerated beyond
            the tolerance, or some of what counts within. None if no others are of use.
        """
        weights, pair = self.forgiving(row, case.counted), self._open(row)
        due = self._due(row, weights)
        if case.tolerated:
            near = rows_of([sorted(case.tolerated)])
            closed = self._nearness.beyond(self._zones[row], np.zeros(1, dtype=np.int64), near)
            part = self._part_without(closed.values, row)
            if part is None or due + part.weigh_forced(weights) >= at_most - _SAME:
                return None
            found = part.search(row, weights, limits)
        else:
            found = self.sheet.search_alone(row, pair.source, pair.cutting, weights, limits)
        bound = self._weigh(found, weights) + due if found.is_proven else 0.0
        return self._judged([found])[0], bound

    def _part_without(self, closed: _Numbers, row: int) -> PartOfNetwork | None:
        """Return the network without some edges; None if the site has no route there.

        The last one is kept: what leads a long way round is often all that comes too late.
        """
        key = row, closed.tobytes()
        if self._last_part is None or self._last_part[0] != key:
            self._last_part = key, self._find_part(closed, row)
        return self._last_part[1]

    def _find_part(self, closed: _Numbers, row: int) -> PartOfNetwork | None:
        pair, graph, risks = self._open(row), self._points.graph, self._task.search.risks
        source, is_sink = np.array([pair.source], dtype=np.int32), self._points.is_sink
        asked = OwnEdges(
            graph, is_sink, graph.is_edge_enabled, source, _NO_EDGES, self._bound_m,
            rows_of([closed]),
        )  # fmt: skip
        near = find_own_pairs(asked)
        if not near.is_connected[0]:
            return None
        candidates = shared_risks(graph, risks, source, near.routes)
        points = find_single_points(graph.without(edges=closed), np.flatnonzero(is_sink))
        cutting = find_own_cuts(asked, risks, candidates)[0]
        return PartOfNetwork(risks, pair, self._points.chain(pair.source), points, cutting)

    @cached_property
    def _bound_m(self) -> NDArray[np.float64]:
        sources = np.array([self._open(row).source for row in self._task.rows], dtype=np.int32)
        return distance_bounds(self._points.graph, self._points.is_sink, sources)

    def near(self, row: int, judged: PairJudgement) -> _Numbers:
        """Return what a pair shares near its site, beyond the tolerance."""
        return self._zones[row].near(rows_of([judged.shared]))[0]

    def shared_weight(self, known: Known) -> float:
        """Weigh what a pair shares: what is tolerated at a part of its weight.

        What cannot be avoided costs nothing, but for what near the site is beyond the tolerance.
        """
        one, judged, _ = known
        tolerant = self.forgiving(one.key, ())
        more = self.forgiving(one.key, self.near(one.key, judged)).less(tolerant)
        none, pair, risks = _NO_EDGES[0], self._open(one.key), self._task.search.risks
        return self._weigh(one, tolerant) + shared_weight(
            self._points, risks, pair.source, one.routes, none, more, frees_unavoidable=False
        )

    def _due(self, row: int, weights: SharingWeights) -> float:
        """Weigh what of things near a site, which weights do not forgive, cannot be avoided."""
        pair, n = self._open(row), self._points.graph.n_nodes
        more = weights.less(self.forgiving(row, ()))
        points = self._points.chain(pair.source)
        parts = more.edge[points[points >= n] - n], more.node[points[points < n]]
        return float(sum(part.sum() for part in (*parts, more.risk_class[pair.cutting])))

    def _counted(self, found: Found) -> float:
        """Weigh what a pair shares and could avoid, nothing near the site."""
        return self._weigh(found, self.forgiving(found.key, (), 0.0))

    def _weigh(self, found: Found, weights: SharingWeights) -> float:
        pair, search = self._open(found.key), self._task.search
        return shared_weight(
            self._points, search.risks, pair.source, found.routes, pair.cutting, weights
        )

    def forgiving(self, row: int, counted: Iterable[int], part: float = FORGIVEN) -> SharingWeights:
        """Return the weights if what is near a site, but for some of it, costs a part."""
        if self._forgiving_of != row:  # those of all sites would fill the memory
            self._forgiving_of, self._forgiving = row, {}
        zone, key = self._zones[row], (frozenset(counted), part)
        if key not in self._forgiving:
            is_left = ~np.isin(zone.elements.values, list(key[0]))
            near = replace(zone, elements=zone.elements.where(is_left))
            self._forgiving[key] = forgiving_weights(self._task.search, near, part)
        return self._forgiving[key]


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
