"""What today's plant could give: the best pair of routes by re-patching, and by a new cable.

Two questions, kept apart: `cables` changes from cable to cable on spare cores, `spans` lays a new
cable through existing spans. The level is judged on the best pair including what it cannot avoid.
A verdict of :data:`UNPROVEN` means that a search stopped at its limit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from netgraph.diversity.achievable.answers import answer_all
from netgraph.diversity.achievable.demands import find_demands, find_sites_of_more
from netgraph.diversity.achievable.doors import prefer_other_doors
from netgraph.diversity.achievable.joint import KEPT, answer_joint
from netgraph.diversity.achievable.layer_answers import UNPROVEN, LayerAnswer
from netgraph.diversity.achievable.layer_search import prepare_layer
from netgraph.diversity.achievable.layers import build_layer
from netgraph.diversity.achievable.less_sharing import (
    Task,
    Urgency,
    search_less_sharing,
    tasks_of,
)
from netgraph.diversity.achievable.objective import check_objective
from netgraph.diversity.achievable.parts import find_all_parts
from netgraph.diversity.achievable.sure_pairs import prefer_sure_pairs
from netgraph.diversity.compiled import search_clock
from netgraph.diversity.levels import RANK, Level
from netgraph.diversity.search.limits import NODE_LIMIT, Limits
from netgraph.diversity.threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from netgraph.diversity.achievable.layer_answers import LayerAnswers
    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.achievable.objective import Objective
    from netgraph.diversity.achievable.parts import Part
    from netgraph.diversity.audit.basis import AuditBasis
    from netgraph.diversity.availability.rates import Rates

_LENGTHS_PER_SECOND = 200  # more of them are never searched within a limit
_NODES_PER_SECOND = 300  # of the tree of one search that no level hangs on

__all__ = ["UNPROVEN", "Achievable", "LayerAnswer", "SiteAchievable", "find_achievable"]


@dataclass(frozen=True)
class SiteAchievable:
    """Both answers for one site; the worst where its circuits have several demands."""

    cables: LayerAnswer
    spans: LayerAnswer

    @property
    def on_cables(self) -> str:
        """Level by re-patching."""
        return self.cables.level

    @property
    def on_spans(self) -> str:
        """Level with a new cable through existing spans."""
        return self.spans.level

    @property
    def disjoint_otherwise(self) -> bool | None:
        """On spans."""
        return self.spans.is_disjoint_otherwise

    @property
    def single_points(self) -> int | None:
        """Single points of failure on spans; None where the plant records show no route."""
        return len(self.spans.unavoidable) if self.spans.is_connected else None


@dataclass(frozen=True)
class Achievable:
    """Answers by place number of the site, and how many verdicts stayed unproven.

    `unreached` names the B ends (place numbers) that no site reaches on the recorded spans;
    `answers` has, by layer and place, the answer to each demand of the site's circuits.
    """

    by_place: Mapping[int, SiteAchievable]
    answers: Mapping[str, Mapping[int, Sequence[LayerAnswer]]] = field(repr=False)
    unproven: int
    unreached: tuple[tuple[int, ...], ...]
    layers: Mapping[str, SearchLayer] = field(repr=False)

    @staticmethod
    def of_nothing() -> Achievable:
        """Where nothing was searched for."""
        return Achievable({}, {"cables": {}, "spans": {}}, 0, (), {})


def find_achievable(
    audit: AuditBasis,
    *,
    seconds: float = 3.0,
    progress: Callable[[int, int], None] | None = None,
    sites: Collection[int] | None = None,
    objective: Objective = "risks",
    rates: Rates | None = None,
    passed: Callable[[], None] | None = None,
) -> Achievable:
    """Find the best pair on cables and on spans for every site with circuits.

    Parameters
    ----------
    seconds
        Time for the searches that may be exponential, both layers together; 0 is unlimited.
    progress
        Called from time to time with (done, all).
    sites
        Places to search for; every site with circuits when omitted.
    objective
        What a pair that must share something shares least of: `risks`, their number; `metres`,
        metres of trench; `outage`, expected outage minutes a year by the `rates` (the shipped ones
        when omitted).
    passed
        Called when the passes for all sites are over and what is left is searched one by one.

    Returns
    -------
    Achievable
        Exact, or `unproven`. One pass a distinct set of B ends and layer (both layers side by
        side), and one search for every site that no pair without an avoidable risk was found for.
    """
    check_objective(objective)
    demands = find_demands(audit, sites)
    names = ("cables", "spans")
    built = in_threads(lambda name: build_layer(audit, name), names)
    layers = dict(zip(names, built, strict=True))
    places = {place for demand in demands for place in (*demand.b_ends, *demand.sites)}
    tell = _Progress(progress, 2 * sum(len(demand.sites) for demand in demands))

    def prepare(layer: SearchLayer) -> LayerSearch:
        return prepare_layer(audit, layer, places, objective, rates)

    ready: dict[str, LayerSearch] = {}

    def look_for_pairs(layer: SearchLayer) -> list[list[Part]]:
        ready[layer.name] = prepare(layer)
        return find_all_parts(ready[layer.name], demands, tell.done)

    parts = dict(zip(layers, in_threads(look_for_pairs, list(layers.values())), strict=True))
    if passed is not None:
        passed()
    unreached = [
        demand.b_ends
        for demand, of_demand in zip(demands, parts["spans"], strict=True)
        if not any(part.pairs.columns.is_connected.any() for part in of_demand)
    ]
    searching = _Searching(parts, seconds, tell)

    def prepared(layer: SearchLayer) -> LayerSearch:
        known = ready.get(layer.name)  # a layer that was changed has the same name
        return known if known is not None and known.layer is layer else prepare(layer)

    def answer(name: str) -> LayerAnswers:
        found = answer_all(audit, layers[name], demands, _handed_over(parts.pop(name)))
        prefer_sure_pairs(audit, layers[name], demands, found, prepared)
        return found

    closed = [name for name in layers if not searching.is_open(name)]
    for name in closed:  # seldom needed again, and large
        del ready[name]
    done = {name: answer(name) for name in closed}
    limits = Limits(search_clock() + seconds if seconds else math.inf)
    kept = KEPT * seconds if find_sites_of_more(audit) else 0.0
    searching.search_all(limits.deadline - kept)
    found = {name: done[name] if name in done else answer(name) for name in layers}
    for n_left, (name, layer) in zip(range(len(layers), 0, -1), layers.items(), strict=True):
        until = limits.share(n_left).deadline
        answer_joint(audit, layer, found[name], prepared, until)
        prefer_other_doors(audit, layer, found[name], prepared, until)
    unproven = sum(
        _is_worst_unproven(answers.levels(place)) for answers in found.values() for place in answers
    )
    by_place = _BySite(found["cables"], found["spans"])
    return Achievable(by_place, found, unproven, tuple(unreached), layers)


class _BySite(Mapping[int, SiteAchievable]):
    """Both answers by the place of the site, ascending."""

    def __init__(self, cables: LayerAnswers, spans: LayerAnswers) -> None:
        self._cables, self._spans = cables, spans
        self._places = sorted(spans)

    def __getitem__(self, place: int) -> SiteAchievable:
        return SiteAchievable(_worst(self._cables[place]), _worst(self._spans[place]))

    def __iter__(self) -> Iterator[int]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _is_worst_unproven(levels: list[str]) -> bool:
    """Whether the worst of a site's answers is one that is not proven; see :func:`_worst`."""
    if UNPROVEN not in levels:
        return False
    return all(
        level == UNPROVEN or RANK[Level(level)] >= RANK[Level.UNDECIDABLE] for level in levels
    )


def _handed_over(parts: list[list[Part]]) -> Iterator[list[Part]]:
    """Give the parts of one demand after the other, and keep none: their routes are many."""
    parts.reverse()
    while parts:
        yield parts.pop()


class _Progress:
    """How many answers are known, of how many."""

    def __init__(self, tell: Callable[[int, int], None] | None, whole: int) -> None:
        self._tell, self._whole, self._done = tell, whole, 0
        self._lock = Lock()  # both layers count here

    def done(self, count: int) -> None:
        """Count some more answers."""
        with self._lock:
            self._done = min(self._done + count, self._whole)
            if self._tell is not None:
                self._tell(self._done, self._whole)


class _Searching:
    """What the passes left open, searched task by task, each with its share of the time left.

    First where a level hangs on it, then what could share less, then what could only be shorter.
    Of these the tasks of many sites come first: what is prepared for one is shared by all.

    What hangs on the time is different on another machine, and so are the tables. Where the level
    is known, trees are therefore limited by their size, and lengths are left where there are far
    more than the time is enough for.
    """

    def __init__(
        self, parts: Mapping[str, list[list[Part]]], seconds: float, tell: _Progress
    ) -> None:
        self._parts = {name: [p for some in of for p in some] for name, of in parts.items()}
        self._seconds, self._tell = seconds, tell
        tasks = {name: self._of_layer(name) for name in parts}
        lengths = [task for of in tasks.values() for task in of if task.urgency is Urgency.LENGTH]
        self._has_lengths = not self._are_too_many(lengths)
        for name, of in tasks.items():
            if not any(self._has_lengths or task.urgency < Urgency.LENGTH for task in of):
                tell.done(sum(len(task.rows) for task in of))
                del self._parts[name]  # what is answered is not to be held on to

    def is_open(self, name: str) -> bool:
        """Whether anything on a layer is to be searched."""
        return name in self._parts

    def search_all(self, deadline: float) -> None:
        """Search until the time is up, and hold on to nothing."""
        seconds, tell = self._seconds, self._tell
        for urgency in Urgency:
            some = self._tasks(urgency)
            left = sum(len(task.rows) for task in some)
            is_left = not self._has_lengths or self._are_too_many(some)
            if urgency is Urgency.LENGTH and is_left:
                tell.done(left)
                break
            most = NODE_LIMIT
            if urgency is Urgency.SHARING and seconds:
                most = min(NODE_LIMIT, math.ceil(_NODES_PER_SECOND * seconds))
            for task in sorted(some, key=lambda task: -len(task.rows)):
                now = search_clock()
                share = max(0.0, deadline - now) * len(task.rows) / left
                search_less_sharing(task, Limits(now + share, most))
                left -= len(task.rows)
                tell.done(len(task.rows))
        self._parts.clear()

    def _are_too_many(self, lengths: list[Task]) -> bool:
        n_left = sum(len(task.rows) for task in lengths)
        return 0.0 < _LENGTHS_PER_SECOND * self._seconds < n_left

    def _tasks(self, urgency: Urgency) -> list[Task]:
        """List the tasks that are left; where a search of others ended, there may be more."""
        tasks = [task for name in self._parts for task in self._of_layer(name)]
        return [task for task in tasks if task.urgency is urgency]

    def _of_layer(self, name: str) -> list[Task]:
        return [task for part in self._parts[name] for task in tasks_of(part.search, part.pairs)]


def _worst(answers: list[LayerAnswer]) -> LayerAnswer:
    """Pick the worst answer; of one level, whatever the order of rows, the one that shares most."""

    def key(answer: LayerAnswer) -> tuple[float, ...]:
        is_told = answer.level != UNPROVEN
        return (
            RANK[Level(answer.level)] if is_told else RANK[Level.UNDECIDABLE],
            is_told,
            -len(answer.unavoidable),
            -len(answer.shared),
            (-math.inf if math.isnan(answer.total_m) else -answer.total_m)
            if answer.is_connected
            else 0.0,
            answer.is_shortest,
        )

    return min(answers, key=key)
