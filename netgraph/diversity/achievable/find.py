"""What today's plant could give: the best pair of routes by re-patching, and by a new cable.

Two questions, kept apart: `cables` changes from cable to cable on spare cores, `spans` lays a new
cable through existing spans. The level is judged on the best pair including what it cannot avoid.
A verdict of :data:`UNPROVEN` means that a search stopped at its limit.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.apart import part_ends
from netgraph.diversity.achievable.best_pair import BestPair
from netgraph.diversity.achievable.best_pairs import find_best_pairs
from netgraph.diversity.achievable.layer_search import prepare_layer
from netgraph.diversity.achievable.layers import build_layer
from netgraph.diversity.achievable.less_sharing import Task, search_less_sharing, tasks_of
from netgraph.diversity.achievable.objective import check_objective
from netgraph.diversity.compiled import search_clock
from netgraph.diversity.levels import PASSING, RANK, Level
from netgraph.diversity.verdict_kinds import POSSIBLE
from netgraph.topology.places import OFFICE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.achievable.objective import Objective
    from netgraph.diversity.achievable.proof import SearchProof
    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.availability.rates import Rates

UNPROVEN = "unproven"
_NOTHING = np.empty(0, dtype=np.int32)

if TYPE_CHECKING:
    _Numbers = NDArray[np.int32]


@dataclass(frozen=True)
class LayerAnswer:
    """The best pair of one site on one layer.

    Attributes
    ----------
    level
        A level, or "unproven".
    unavoidable
        Elements that every route uses (audit numbering), beyond the ends and the tolerance.
    shared
        Elements that the best pair shares.
    possible
        Groups of which both routes touch something that belongs to them or may.
    tolerated
        Elements that it shares within the tolerance at A.
    b_ends
        Places that the routes were asked for.
    is_apart
        The routes were asked for two different ones of them, not for any.
    total_m
        Metres of both routes.
    is_shortest
        Proven: of the pairs that share as little, none is shorter.
    is_disjoint_otherwise
        The pair shares nothing but what cannot be avoided; None where that is not known: the level
        can be known all the same, by what no pair avoids.
    search
        How the search for the pair ended, where there was one.
    ways
        `routes` as arrays: tuples of all routes of a province would fill the memory.
    """

    level: str
    b_ends: tuple[int, ...]
    unavoidable: tuple[int, ...] = ()
    shared: tuple[int, ...] = ()
    possible: tuple[int, ...] = ()
    tolerated: tuple[int, ...] = ()
    total_m: float = float("nan")
    is_shortest: bool = True
    is_apart: bool = False
    is_connected: bool = False
    is_disjoint_otherwise: bool | None = None
    search: SearchProof | None = None
    ways: tuple[_Numbers, _Numbers] = field(default=(_NOTHING, _NOTHING), repr=False, compare=False)

    @property
    def routes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The two routes as spans or cables, from the site."""
        first, second = self.ways
        return tuple(first.tolist()), tuple(second.tolist())


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


@dataclass(frozen=True)
class _Demand:
    """Sites (places) that ask for routes to the same B ends (places), any or two different."""

    b_ends: tuple[int, ...]
    sites: tuple[int, ...]
    is_apart: bool = False


def find_achievable(
    audit: Audit,
    *,
    seconds: float = 3.0,
    progress: Callable[[int, int], None] | None = None,
    sites: Collection[int] | None = None,
    objective: Objective = "risks",
    rates: Rates | None = None,
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

    Returns
    -------
    Achievable
        Exact, or `unproven`. One pass a distinct set of B ends and layer, and one search for
        every site whose shortest node-disjoint pair shares a risk that it might avoid.
    """
    check_objective(objective)
    demands = _demands(audit, sites)
    layers = {name: build_layer(audit, name) for name in ("cables", "spans")}
    places = {place for demand in demands for place in (*demand.b_ends, *demand.sites)}
    tell = _Progress(progress, 2 * sum(len(demand.sites) for demand in demands))
    pairs: dict[str, list[list[BestPair]]] = {}
    tasks: list[Task] = []
    for name, layer in layers.items():
        search = prepare_layer(audit, layer, places, objective, rates)
        pairs[name] = []
        for demand in demands:
            parted = part_ends(search, demand.b_ends) if demand.is_apart else search
            if parted is None:  # an end inside premises: not searched
                no_pair = BestPair(is_connected=False, is_proven=False)
                of_sites = [no_pair] * len(demand.sites)
            else:
                of_sites = find_best_pairs(parted, demand.b_ends, demand.sites)
                tasks += tasks_of(parted, of_sites)
            pairs[name].append(of_sites)
            tell.done(sum(pair.open is None for pair in of_sites))
    _search_all(tasks, seconds, tell)
    found = {name: _answers(audit, layer, demands, pairs[name]) for name, layer in layers.items()}
    unreached = [
        demand.b_ends
        for demand, of_sites in zip(demands, pairs["spans"], strict=True)
        if not any(pair.is_connected for pair in of_sites)
    ]
    by_place = {
        place: SiteAchievable(_worst(found["cables"][place]), _worst(found["spans"][place]))
        for place in sorted(found["spans"])
    }
    unproven = sum(
        (site.cables.level == UNPROVEN) + (site.spans.level == UNPROVEN)
        for site in by_place.values()
    )
    return Achievable(by_place, found, unproven, tuple(unreached), layers)


class _Progress:
    """How many answers are known, of how many."""

    def __init__(self, tell: Callable[[int, int], None] | None, whole: int) -> None:
        self._tell, self._whole, self._done = tell, whole, 0

    def done(self, count: int) -> None:
        """Count some more answers."""
        self._done += count
        if self._tell is not None:
            self._tell(self._done, self._whole)


def _search_all(tasks: list[Task], seconds: float, tell: _Progress) -> None:
    """Search what is open, each task with its share of the time that is left.

    First what could share less, then what could only be shorter. Of these the tasks of many sites
    come first: what is prepared for one is shared by all its sites.
    """
    deadline = search_clock() + seconds if seconds else math.inf
    for only_length in (False, True):
        some = [task for task in tasks if task.only_length is only_length]
        left = sum(len(task.rows) for task in some)
        for task in sorted(some, key=lambda task: -len(task.rows)):
            now = search_clock()
            search_less_sharing(task, now + max(0.0, deadline - now) * len(task.rows) / left)
            left -= len(task.rows)
            tell.done(len(task.rows))


def _answers(
    audit: Audit, layer: SearchLayer, demands: list[_Demand], pairs: list[list[BestPair]]
) -> dict[int, list[LayerAnswer]]:
    answers: dict[int, list[LayerAnswer]] = defaultdict(list)
    unhoused = _unhoused_nodes(audit, layer)
    first_possible = int((audit.kind != POSSIBLE).sum())
    for demand, found in zip(demands, pairs, strict=True):
        ends = set(layer.node_of_place[list(demand.b_ends)].tolist())
        for place, pair in zip(demand.sites, found, strict=True):
            between = unhoused - ends - {int(layer.node_of_place[place])}
            answer = _answer(audit, layer, demand.b_ends, pair, between)
            answer = replace(answer, is_apart=demand.is_apart)
            answers[place].append(_told_apart(answer, first_possible))
    return answers


def _unhoused_nodes(audit: Audit, layer: SearchLayer) -> frozenset[int]:
    """Nodes of offices whose building is not recorded: it might house the other route, too."""
    places = audit.network.places
    open_ones = (places.kind == OFFICE) & (places.building < 0)
    return frozenset(layer.node_of_place[open_ones].tolist())


def _demands(audit: Audit, wanted: Collection[int] | None) -> list[_Demand]:
    """Sites (the wanted ones) by the B ends of their circuits, in order of the ends.

    A group whose circuits end at different centres asks for one route to each of two of them.
    """
    circuits = audit.network.circuits
    sites: dict[tuple[tuple[int, ...], bool], dict[int, None]] = {}
    for unit in sorted(set(audit.units.group_of_circuit.tolist())):
        members = audit.units.circuits.row(unit)
        place = int(circuits.a[members[0]])
        if place < 0 or (wanted is not None and place not in wanted):
            continue
        apart = _ends_apart(audit, members)
        for ends in [apart] if apart else _ends_of_each(audit, members):
            sites.setdefault((ends, bool(apart)), {})[place] = None
    return [
        _Demand(ends, tuple(sorted(places)), is_apart)
        for (ends, is_apart), places in sorted(sites.items())
    ]


def _ends_of_each(audit: Audit, members: NDArray[np.int64]) -> list[tuple[int, ...]]:
    circuits = audit.network.circuits
    both = zip(circuits.b[members].tolist(), circuits.b2[members].tolist(), strict=True)
    return [tuple(sorted(set(ends) - {-1})) for ends in both]


def _ends_apart(audit: Audit, members: NDArray[np.int64]) -> tuple[int, ...]:
    """B ends of circuits that ask for routes to two different ones of them; empty otherwise.

    So do the circuits of a group with one known B end each in different buildings; and, if the
    rules require two centres, a lone circuit with two. The site itself must stand in none of them.
    """
    circuits, home = audit.network.circuits, audit.network.places.home
    ends = _ends_of_each(audit, members)
    together = tuple(sorted(set().union(*ends)))
    is_group = len(members) > 1 and all(len(each) == 1 for each in ends)
    is_dual = len(members) == 1 and audit.rules.require_two_centres
    homes = {int(home[place]) if home[place] >= 0 else ~place for place in together}
    own = int(home[circuits.a[members[0]]])
    return together if (is_group or is_dual) and len(homes) > 1 and own not in homes else ()


def _passes(layer: SearchLayer, routes: Iterable[NDArray[np.int32]], nodes: frozenset[int]) -> bool:
    """Whether one of the routes runs through one of the nodes."""
    graph = layer.graph
    return any(
        not nodes.isdisjoint(ends[route].tolist())
        for route in routes
        for ends in (graph.edge_u, graph.edge_v)
    )


def _answer(
    audit: Audit,
    layer: SearchLayer,
    b_ends: tuple[int, ...],
    pair: BestPair,
    unhoused: frozenset[int],
) -> LayerAnswer:
    judged = pair.judgement
    if judged is None and not pair.is_proven:
        return LayerAnswer(UNPROVEN, b_ends)
    if judged is None:
        # A site in service has a route; if the records show none, they are incomplete.
        return LayerAnswer(Level.UNDECIDABLE.value, b_ends)
    first, second = pair.routes
    level = judged.level.value
    is_passing = judged.level in PASSING
    if pair.has_certain_level(audit.kind):
        pass  # whatever a search would find, and whatever the missing records hold
    elif not pair.is_proven:
        level = UNPROVEN
    elif _passes(layer, pair.routes, unhoused) if is_passing else pair.is_doubtful:
        level = Level.UNDECIDABLE.value
    return LayerAnswer(
        level=level,
        b_ends=b_ends,
        unavoidable=pair.unavoidable,
        is_disjoint_otherwise=not judged.is_avoidable if pair.is_proven else None,
        shared=judged.shared,
        tolerated=judged.tolerated,
        ways=(layer.item[first].astype(np.int32), layer.item[second].astype(np.int32)),
        total_m=float(layer.graph.length_m[np.concatenate([first, second])].sum()),
        is_shortest=pair.is_shortest,
        is_connected=True,
        search=pair.search,
    )


def _told_apart(answer: LayerAnswer, first_possible: int) -> LayerAnswer:
    """Tell what is shared from what may be; the groups that may be shared are numbered last."""
    if all(x < first_possible for x in (*answer.shared, *answer.unavoidable)):
        return answer
    return replace(
        answer,
        shared=tuple(x for x in answer.shared if x < first_possible),
        possible=tuple(x for x in answer.shared if x >= first_possible),
        unavoidable=tuple(x for x in answer.unavoidable if x < first_possible),
    )


def _worst(answers: list[LayerAnswer]) -> LayerAnswer:
    def key(answer: LayerAnswer) -> tuple[int, int]:
        if answer.level == UNPROVEN:
            return RANK[Level.UNDECIDABLE], 0
        return RANK[Level(answer.level)], 1

    return min(answers, key=key)
