"""Works on the line: a second route by re-patching, or with new cable in existing spans.

One recorded route of the site stays if that is possible; the other becomes the cheapest second
route that keeps off it (see :mod:`netgraph.upgrades.route_pairs`). What several sites share, a new
link between two offices, is a work of its own: done, and paid for, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.hazards import stable_id
from netgraph.diversity.levels import RANK, Level
from netgraph.upgrades.action import Action, Addition, Kind, Reason, Survey
from netgraph.upgrades.hops import StopBook
from netgraph.upgrades.new_links import LinkMaker, add_up
from netgraph.upgrades.route_pairs import RouteFinder
from netgraph.upgrades.route_rows import circuit_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from netgraph.diversity.achievable.find import Achievable, LayerAnswer
    from netgraph.diversity.audit.run import Audit
    from netgraph.upgrades.new_links import NewLink
    from netgraph.upgrades.prices import Prices
    from netgraph.upgrades.route_pairs import RoutePair
    from netgraph.upgrades.routing import RingWork
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


class PlantRows(NamedTuple):
    """New plant: the rows of its spans, metres by price name, cost, what must be surveyed."""

    additions: tuple[Addition, ...]
    metres: Mapping[str, float]
    cost_yuan: float | None
    survey: tuple[Survey, ...]


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
        self._prices = prices
        self.routes = RouteFinder(audit, achievable, prices)
        self._survey = (Survey.DEFAULT_PRICE,) if prices.is_default else ()
        self._stops = StopBook(audit.network)
        self._maker = LinkMaker(audit.network, prices, settings)
        self._sites: list[Action] = []
        self._shared: dict[str, tuple[Kind, NewLink, set[str]]] = {}

    def add_site(self, kind: Kind, place: int, answer: LayerAnswer, reason: Reason) -> bool:
        """Draw up the works of one site; False if there is no second route beside a recorded one.

        What no pair of routes can avoid is shared again; everything else is kept apart.
        """
        found = self.routes.find(place, answer, with_spans=kind is not Kind.RE_PATCH)
        if found is None:
            return False
        self._sites.append(self._action(kind, place, found, reason))
        return True

    def _action(self, kind: Kind, place: int, found: RoutePair, reason: Reason) -> Action:
        site = str(self._network.places.ids[place])
        links, private, shared = self._made(kind, place, found)
        for work in shared:
            self._shared[work][2].add(site)
        quantities = add_up(private)
        # The circuits are cross-connected anew, whatever is built.
        quantities["patching"] = quantities.get("patching", 0.0) + 1
        rows = circuit_rows(self._network, place, links)
        survey = dict.fromkeys((*self._survey, *(s for made in private for s in made.survey)))
        return Action(
            id=stable_id("W", kind, site, *links[0], "|", *links[1]),
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
            to_id=str(self._network.places.ids[found.goals[1]]),
            cores=max((made.cores for made in private if made.cores), default=None),
            geometry=tuple(line for made in private for line in made.geometry),
        )

    def _made(
        self, kind: Kind, place: int, found: RoutePair
    ) -> tuple[tuple[list[str], list[str]], list[NewLink], list[str]]:
        """Links of both routes; new ones of the site's own; works for new shared ones."""
        links: tuple[list[str], list[str]] = ([], [])
        private: list[NewLink] = []
        shared: list[str] = []
        taken = np.empty(0, dtype=np.int64)
        for way, pieces in enumerate((found.first, found.second)):
            hops = self._stops.hops(pieces, place, found.goals[way], taken)
            for position, hop in enumerate(hops):
                made = None if hop.link_id else self._maker.make(hop)
                links[way].append(made.link_id if made else hop.link_id)
                if made and position == 0:
                    private.append(made)
                elif made:
                    work = stable_id("W", kind, made.link_id)
                    self._shared.setdefault(work, (kind, made, set()))
                    shared.append(work)
            ends = [end for hop in hops for end in (hop.from_end, hop.to_end)]
            stops = self._network.equipment.index.positions(np.array(ends, dtype=object))
            taken = stops[stops >= 0]
        return links, private, shared

    def add_ring(
        self, ring: RingWork, seconds: Sequence[tuple[int, RoutePair]], plant: PlantRows
    ) -> None:
        """Draw up new plant together with the routes of the sites that it protects."""
        ids = self._network.places.ids
        sites = tuple(str(ids[place]) for place, _ in seconds)
        private: list[NewLink] = []
        requires: dict[str, None] = {}
        rows = []
        for place, found in seconds:
            links, own, shared = self._made(Kind.NEW_PLANT, place, found)
            for work in shared:
                self._shared[work][2].add(str(ids[place]))
            private += own
            requires |= dict.fromkeys(shared)
            rows.append(circuit_rows(self._network, place, links))
        quantities = add_up(private)
        quantities["patching"] = quantities.get("patching", 0.0) + len(seconds)
        laid = self._prices.cost_of(**quantities)
        cost = None if laid is None or plant.cost_yuan is None else laid + plant.cost_yuan
        survey = dict.fromkeys((*plant.survey, *self._survey))
        survey |= dict.fromkeys(s for made in private for s in made.survey)
        self._sites.append(
            Action(
                id=stable_id("W", Kind.NEW_PLANT, *sorted(s.id for s in ring.spans), *sites),
                kind=Kind.NEW_PLANT,
                title=" - ".join(ring.ring) or ", ".join(sites),
                quantities={**quantities, **plant.metres},
                cost_yuan=None if cost is None else round(cost, 2),
                sites=sites,
                changes=tuple(change for r in rows for change in r.changes),
                increases=tuple(i for made in private for i in made.increases),
                additions=(
                    *plant.additions,
                    *(row for made in private for row in made.additions),
                    *(row for r in rows for row in r.additions),
                ),
                removals=tuple(removal for r in rows for removal in r.removals),
                requires=tuple(requires),
                evidence=tuple(row for r in rows for row in r.evidence),
                survey_reasons=tuple(survey),
                reason=Reason.NOT_IN_EXISTING_SPANS,
                routed_sites=sites,
                from_id=ring.spans[0].from_id if ring.spans else "",
                to_id=ring.spans[-1].to_id if ring.spans else "",
                cores=max((made.cores for made in private if made.cores), default=None),
                constraints=ring.notes,
                ring=ring.ring,
                geometry=tuple(s.geometry for s in ring.spans if s.geometry is not None),
            )
        )

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
