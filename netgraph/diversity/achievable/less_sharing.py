"""Search the pairs that share the least, where a site's shortest disjoint pair shares more.

The only part that may take exponential time. Every question gets a short try before any is searched
far, and equal questions of one demand are answered once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.achievable.near_site import NearSite, Surroundings
from netgraph.diversity.achievable.proof import search_proof
from netgraph.diversity.achievable.tolerance import Known, settle, settle_straight
from netgraph.diversity.search.disjoint_pairs import distance_bounds
from netgraph.diversity.search.graph import rows_of
from netgraph.diversity.search.joint_routes import AskedRoutes, JointSearch
from netgraph.diversity.search.question_sheet import Found, QuestionSheet
from netgraph.diversity.search.risk_pairs import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.best_pair import BestPair, OpenPair
    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.near_site import PartOfNetwork
    from netgraph.diversity.achievable.nearness import Zones
    from netgraph.diversity.achievable.pair_columns import Pairs
    from netgraph.diversity.search.least_sharing import SharingWeights
    from netgraph.diversity.search.limits import Limits


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
    is_known = pairs.have_certain_level(search.audit.kind)
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
        self._last: tuple[int, NearSite] | None = None
        search = task.search
        nodes = np.array([self._open(row).source for row in task.rows], dtype=np.int32)
        self._points = self._open(task.rows[0]).find_points()
        self._surroundings = Surroundings(search, self._points, self._find_bound_m)
        self.sheet = QuestionSheet(
            self._points, search.risks, nodes, search.costs.sharing,
            takes_shortest=task.urgency is Urgency.LENGTH,
        )  # fmt: skip

    def _open(self, row: int) -> OpenPair:
        found = self._task.pairs.find_open(row)
        assert found is not None  # noqa: S101 -- the rows of a task are open
        return found

    def _find_bound_m(self) -> NDArray[np.float64]:
        return self._bound_m

    @cached_property
    def _bound_m(self) -> NDArray[np.float64]:
        sources = np.array([self._open(row).source for row in self._task.rows], dtype=np.int32)
        return distance_bounds(self._points.graph, self._points.is_sink, sources)

    def _site(self, row: int) -> NearSite:
        """Return a site with what is near it; the last is kept, all would fill the memory."""
        if self._last is None or self._last[0] != row:
            pair, zone = self._open(row), self._zones[row]
            self._last = row, NearSite(self._surroundings, pair.source, pair.cutting, zone)
        return self._last[1]

    def ask(self, row: int, limits: Limits) -> None:
        """Put the question of one site, and try it briefly."""
        pair = self._open(row)
        zone = self._zones[row] = self._surroundings.around(pair.source)
        weights = self._site(row).weights() if len(zone.elements.values) else None
        self.sheet.ask(row, pair.source, pair.cutting, weights)
        self.sheet.try_last(limits)

    def take(self, found: list[Found], limits: Limits) -> None:
        """Judge what was found and put it in the place of what was known."""
        pairs = self._task.pairs
        for known in self.judge_all(found):
            row, best = known.found.key, known
            if known.found.is_proven and self._site(row).near(known.judged):
                best = self._settled(known, limits)
            pairs[row] = _better(self._task.search, pairs[row], best)

    def _settled(self, known: Known[Found], limits: Limits) -> Known[Found]:
        """Prove that a pair which shares something near beyond the tolerance is the best, or not.

        It shares more than the search counted, and what the search proved is a bound only.
        """
        row = known.found.key
        site, searching = self._site(row), _Pair(self, row)
        best = settle_straight(site, searching, known, limits)
        if best is None and self._task.urgency is not Urgency.LENGTH:
            best = settle(site, searching, known, limits)
        if best is not None:
            return best
        return known._replace(found=replace(known.found, is_proven=False, is_shortest=False))

    def judge_all(self, found: list[Found]) -> list[Known[Found]]:
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
        return [
            Known(one, judged[k], (whole[2 * k], whole[2 * k + 1])) for k, one in enumerate(found)
        ]

    def search(
        self, row: int, part: PartOfNetwork | None, weights: SharingWeights, limits: Limits
    ) -> Found:
        """Search the pair of a site that shares least on a part of the network, or on all of it."""
        pair = self._open(row)
        if part is None:
            return self.sheet.search_alone(row, pair.source, pair.cutting, weights, limits)
        source = np.array([pair.source], dtype=np.int32)
        sheet = QuestionSheet(
            part.points, self._task.search.risks, source, weights, takes_shortest=False
        )
        return sheet.search_alone(row, pair.source, part.cutting, weights, limits)

    def search_barred(
        self, row: int, part: PartOfNetwork | None, asked: AskedRoutes, limits: Limits
    ) -> tuple[Found | None, bool]:
        """Search it where some ways are barred: what is left is a small part of a network."""
        pair, search = self._open(row), self._task.search
        points, left_out = self._points, pair.cutting
        if part is not None:
            points, left_out = part.points, part.cutting
        asked = replace(asked, left_out=left_out)
        found = JointSearch(points, search.risks, pair.source, asked).find_least(limits.deadline)
        if not found.routes:
            return None, found.is_proven
        one, two = found.routes
        return Found(
            row, in_order(points.graph, (one, two)), found.is_proven, is_shortest=False,
            weight=found.weight, lower_bound=found.lower_bound, n_nodes=0,
        ), found.is_proven  # fmt: skip


class _Pair(NamedTuple):
    """Searches the pair of one site."""

    sites: TaskSites
    row: int

    def search(
        self, part: PartOfNetwork | None, weights: SharingWeights, limits: Limits,
        barred: Sequence[NDArray[np.int32]] = (),
    ) -> tuple[Found | None, bool]:  # fmt: skip
        if barred:
            asked = AskedRoutes(2, weights, barred=barred)
            return self.sites.search_barred(self.row, part, asked, limits)
        found = self.sites.search(self.row, part, weights, limits)
        return found, found.is_proven

    def judge(self, found: Found) -> Known[Found]:
        (known,) = self.sites.judge_all([found])
        return known


def _better(search: LayerSearch, pair: BestPair, known: Known[Found]) -> BestPair:
    """Take what a search found, unless the pair known before shares less."""
    found, judged, routes = known
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
