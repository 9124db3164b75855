"""Works on the line: a second route by re-patching, or with new cable in existing spans.

One recorded route of the site stays; the other becomes the cheapest second route that keeps off
it (see :mod:`netgraph.upgrades.second_route`). What several sites share, a new link between two
offices, is a work of its own: done, and paid for, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.hazards import stable_id
from netgraph.diversity.levels import RANK, Level
from netgraph.upgrades.action import Action, Kind, Reason, Survey
from netgraph.upgrades.hops import StopBook
from netgraph.upgrades.new_links import LinkMaker, add_up
from netgraph.upgrades.route_rows import circuit_rows
from netgraph.upgrades.second_route import CABLE, SPAN, WorksGraph

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from netgraph.diversity.achievable import Achievable, LayerAnswer
    from netgraph.diversity.audit import Audit
    from netgraph.topology.csr import Ints
    from netgraph.upgrades.new_links import NewLink
    from netgraph.upgrades.prices import Prices
    from netgraph.upgrades.second_route import Piece
    from netgraph.upgrades.settings import Settings

_OPEN = frozenset({"unproven", Level.UNDECIDABLE.value})


@dataclass(frozen=True)
class LineWorks:
    """Proposed works, and why some sites get none.

    Attributes
    ----------
    actions
        Works of the sites, and the shared works that they require.
    reasons
        Site id to why nothing is proposed.
    """

    actions: tuple[Action, ...]
    reasons: Mapping[str, str]


class Second(NamedTuple):
    """A route that stays, and the cheapest second one beside it."""

    kept: tuple[int, ...]
    pieces: tuple[Piece, ...]
    goal: int


def recorded_level(audit: Audit, place: int) -> Level:
    """Worst level of the groups of a site (place number)."""
    circuits = np.flatnonzero(audit.network.circuits.a == place).tolist()
    levels = [audit.of_group(circuit).level for circuit in circuits]
    return min(levels, key=RANK.__getitem__, default=Level.UNDECIDABLE)


def propose_line_works(
    audit: Audit, achievable: Achievable, places: Collection[int], prices: Prices,
    settings: Settings, tiers: Sequence[str],
) -> LineWorks:  # fmt: skip
    """Propose a second route for every site below the level that its tier requires.

    Re-patching where the searches say that it is better than what is recorded; new cable in
    existing spans only where that is better still, and re-patching does not reach the requirement.

    Parameters
    ----------
    places
        Sites (place numbers).
    tiers
        Tier of each place.
    """
    bench = LineBench(audit, achievable, prices, settings)
    reasons: dict[str, str] = {}
    for place in sorted(places):
        reason = _why_not(audit, achievable, place, tiers[place])
        if reason:
            reasons[str(audit.network.places.ids[place])] = reason
            continue
        is_done = False
        for kind, answer, why in _wanted(audit, achievable, place, tiers[place]):
            is_done |= bench.add_site(kind, place, answer, why)
        if not is_done:
            reasons[str(audit.network.places.ids[place])] = "needs_new_plant"
    return LineWorks(tuple(bench.actions()), reasons)


def _why_not(audit: Audit, achievable: Achievable, place: int, tier: str) -> str:
    """Why no second route is looked for; "" where one is."""
    recorded = recorded_level(audit, place)
    if not audit.rules.requires_diversity(tier):
        return "no_diversity_required"
    if audit.rules.meets(recorded, tier):
        return "requirement_met"
    answers = {name: achievable.answers[name].get(place, ()) for name in ("cables", "spans")}
    if any(len(found) != 1 for found in answers.values()):
        return "several_demands"
    levels = {found[0].level for found in answers.values()}
    better = any(level not in _OPEN and RANK[Level(level)] > RANK[recorded] for level in levels)
    if not better and levels & _OPEN:
        return "not_decided"
    return "" if better else "needs_new_plant"


def _wanted(
    audit: Audit, achievable: Achievable, place: int, tier: str
) -> Iterator[tuple[Kind, LayerAnswer, Reason]]:
    """Kinds of work that make a site better, the cheaper first."""
    cables, spans = (achievable.answers[name][place][0] for name in ("cables", "spans"))
    reached = RANK[recorded_level(audit, place)]
    if cables.level not in _OPEN and RANK[Level(cables.level)] > reached:
        yield Kind.RE_PATCH, cables, Reason.CHEAPEST
        if audit.rules.meets(Level(cables.level), tier):
            return
        reached = RANK[Level(cables.level)]
    if spans.level not in _OPEN and RANK[Level(spans.level)] > reached:
        yield Kind.NEW_CABLE, spans, Reason.NOT_BY_RE_PATCHING


class LineBench:
    """Draws up works on the line; what they share is drawn up once."""

    def __init__(
        self, audit: Audit, achievable: Achievable, prices: Prices, settings: Settings
    ) -> None:
        self._audit, self._network = audit, audit.network
        self._prices, self._layers = prices, achievable.layers
        self._survey = (Survey.DEFAULT_PRICE,) if prices.is_default else ()
        self._graphs: dict[bool, WorksGraph] = {}
        self._stops = StopBook(audit.network)
        self._maker = LinkMaker(audit.network, prices, settings)
        self._sites: list[Action] = []
        self._shared: dict[str, tuple[Kind, NewLink, set[str]]] = {}

    def add_site(self, kind: Kind, place: int, answer: LayerAnswer, reason: Reason) -> bool:
        """Draw up the works of one site; False if there is no second route beside a recorded one.

        What no pair of routes can avoid is shared again; everything else is kept apart.
        """
        found = self.find_second(place, answer, with_spans=kind is not Kind.RE_PATCH)
        if found is None:
            return False
        self._sites.append(self._action(kind, place, found, reason))
        return True

    def find_second(self, place: int, answer: LayerAnswer, *, with_spans: bool) -> Second | None:
        """Find the cheapest second route beside any recorded one, strictly apart if possible.

        Exact for every recorded route that may stay; pairs of two new routes are not looked at.
        """
        graph = self._graph(with_spans=with_spans)
        node, home = graph.node_of_place, self._network.places.home
        sinks = np.unique(node[list(answer.b_ends)])
        forgiven = [*answer.tolerated, *answer.unavoidable, *answer.shared]
        best: tuple[float, Second] | None = None
        for links, end in self._recorded(place).items():
            barred = graph.elements_of(np.array(links), home[[place, end]])
            for _ in range(2):
                pieces = graph.find(int(node[place]), sinks, barred)
                if pieces is not None or not barred[forgiven].any():
                    break
                barred[forgiven] = False
            if pieces:
                goal = self._goal(answer.b_ends, pieces[-1])
                found = Second(links, tuple(pieces), goal)
                cost = graph.cost(pieces)
                if best is None or cost < best[0]:
                    best = cost, found
        return best[1] if best else None

    def _graph(self, *, with_spans: bool) -> WorksGraph:
        if with_spans not in self._graphs:
            self._graphs[with_spans] = WorksGraph(
                self._audit, self._layers["cables"], self._layers["spans"], self._prices,
                with_spans=with_spans,
            )  # fmt: skip
        return self._graphs[with_spans]

    def _recorded(self, place: int) -> dict[tuple[int, ...], int]:
        """List the routes that are known from end to end: their links, and the place reached."""
        circuits, routes = self._network.circuits, self._network.circuits.routes
        found: dict[tuple[int, ...], int] = {}
        for circuit in np.flatnonzero(circuits.a == place).tolist():
            if len(circuits.segments.row(circuit)) != 1:
                continue
            for route in circuits.routes_of(circuit).tolist():
                links = routes.links.row(route)
                is_whole = self._network.evidence.is_complete[links].all()
                if routes.is_known[route] and is_whole and not self._is_wireless(links):
                    found[tuple(links.tolist())] = int(routes.end_place[route])
        return found

    def _is_wireless(self, links: Ints) -> bool:
        return bool(self._network.links.is_wireless[links].any())

    def _goal(self, b_ends: Sequence[int], last: Piece) -> int:
        """B end (place) that a route arrives at."""
        network = self._network
        if last.kind in {CABLE, SPAN}:
            table = network.cables if last.kind == CABLE else network.spans
            ends = table.a, table.b
        else:
            ends = network.links.a_place, network.links.b_place
        arrived = int(ends[0 if last.is_reversed else 1][last.item])
        home = network.places.home
        return next((b for b in b_ends if b == arrived or home[b] == home[arrived]), b_ends[0])

    def _action(self, kind: Kind, place: int, found: Second, reason: Reason) -> Action:
        site = str(self._network.places.ids[place])
        kept = [str(self._network.links.ids[i]) for i in found.kept]
        links, private, shared = self._made(kind, place, found)
        for work in shared:
            self._shared[work][2].add(site)
        quantities = add_up(private)
        # The circuits are cross-connected anew, whatever is built.
        quantities["patching"] = quantities.get("patching", 0.0) + 1
        rows = circuit_rows(self._network, place, (kept, links))
        survey = dict.fromkeys((*self._survey, *(s for made in private for s in made.survey)))
        return Action(
            id=stable_id("W", kind, site, *links),
            kind=kind,
            title=site,
            quantities=quantities,
            cost_yuan=self._prices.cost_of(**quantities),
            sites=(site,),
            changes=rows.changes,
            increases=tuple(i for made in private for i in made.increases),
            additions=(*(r for made in private for r in made.additions), *rows.additions),
            removals=rows.removals,
            requires=tuple(shared),
            evidence=rows.evidence,
            survey_reasons=tuple(survey),
            reason=reason,
            routed_sites=(site,),
            from_id=site,
            to_id=str(self._network.places.ids[found.goal]),
            cores=max((made.cores for made in private if made.cores), default=None),
            geometry=tuple(line for made in private for line in made.geometry),
        )

    def _made(
        self, kind: Kind, place: int, found: Second
    ) -> tuple[list[str], list[NewLink], list[str]]:
        """Links of the second route; new ones of the site's own; works for new shared ones."""
        table = self._network.links
        kept = np.array(found.kept)
        stops = np.concatenate([table.a_equipment[kept], table.b_equipment[kept]])
        hops = self._stops.hops(found.pieces, place, found.goal, stops[stops >= 0])
        links: list[str] = []
        private: list[NewLink] = []
        shared: list[str] = []
        for position, hop in enumerate(hops):
            if hop.link_id:
                links.append(hop.link_id)
                continue
            made = self._maker.make(hop)
            links.append(made.link_id)
            if position == 0:
                private.append(made)
                continue
            work = stable_id("W", kind, made.link_id)
            self._shared.setdefault(work, (kind, made, set()))
            shared.append(work)
        return links, private, shared

    def actions(self) -> list[Action]:
        """All works drawn up, shared ones first."""
        shared = [self._shared_action(work, *entry) for work, entry in sorted(self._shared.items())]
        return [*shared, *self._sites]

    def _shared_action(self, work: str, kind: Kind, made: NewLink, sites: set[str]) -> Action:
        return Action(
            id=work,
            kind=kind,
            title=" - ".join(made.ends),
            quantities=made.quantities,
            cost_yuan=self._prices.cost_of(**made.quantities),
            sites=tuple(sorted(sites)),
            increases=made.increases,
            additions=made.additions,
            survey_reasons=made.survey,
            reason=Reason.SHARED_SECTION,
            from_id=made.ends[0],
            to_id=made.ends[1],
            cores=made.cores,
            geometry=made.geometry,
        )
