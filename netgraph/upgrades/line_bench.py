"""Draws up works on the line from found routes; what several sites share is a work of its own."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.hazards import stable_id
from netgraph.upgrades.action import Action, Addition, Kind, Reason, Survey
from netgraph.upgrades.hops import StopBook
from netgraph.upgrades.new_links import LinkMaker, add_up
from netgraph.upgrades.route_pairs import RouteFinder
from netgraph.upgrades.route_rows import circuit_rows, join_rows, moved_rows
from netgraph.upgrades.site_units import ends_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netgraph.diversity.achievable.find import Achievable
    from netgraph.diversity.audit.run import Audit
    from netgraph.upgrades.new_links import NewLink
    from netgraph.upgrades.prices import Prices
    from netgraph.upgrades.route_pairs import RoutePair
    from netgraph.upgrades.route_rows import CircuitRows
    from netgraph.upgrades.routing import RingWork
    from netgraph.upgrades.settings import Settings
    from netgraph.upgrades.site_units import Unit


class PlantRows(NamedTuple):
    """New plant: its rows, quantities by price name, cost, what must be surveyed."""

    additions: tuple[Addition, ...]
    quantities: Mapping[str, float]
    cost_yuan: float | None
    survey: tuple[Survey, ...]


@dataclass(frozen=True)
class UnitRoutes:
    """Two routes found for one unit of a site.

    `circuits` are those on the first and on the second route where the unit is split; where it is
    not, all of them take both.
    """

    unit: Unit
    pair: RoutePair
    circuits: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())

    def rows(
        self, audit: Audit, links: tuple[Sequence[str], Sequence[str]], second_home: str
    ) -> CircuitRows:
        """Rows that put the circuits on these links; a route that stays changes no row."""
        if not self.unit.is_split:
            return circuit_rows(audit.network, self.unit.circuits, links, second_home)
        moved = zip(self.circuits, links, strict=True)
        parts = [moved_rows(audit.network, who, way) for who, way in moved]
        return join_rows(parts[1:] if self.pair.is_first_kept else parts)


class LineOrder(NamedTuple):
    """What kind of work is drawn up, why not a cheaper one, and the second home that it gives."""

    kind: Kind
    reason: Reason
    second_home: str = ""


class _Made(NamedTuple):
    """Links that routes need: rows of the circuits, new links of the site's own, shared works."""

    rows: CircuitRows
    private: list[NewLink]
    shared: list[str]


class LineBench:
    """Draws up works on the line; what they share is drawn up once."""

    def __init__(
        self, audit: Audit, achievable: Achievable, prices: Prices, settings: Settings
    ) -> None:
        self._audit, self._network = audit, audit.network
        self._achievable, self._prices = achievable, prices
        self._routes = RouteFinder(audit, achievable, prices)
        self._survey = (Survey.DEFAULT_PRICE,) if prices.is_default else ()
        self._stops = StopBook(audit.network)
        self._maker = LinkMaker(audit.network, prices, settings)
        self._sites: list[Action] = []
        self._shared: dict[str, tuple[Kind, NewLink, set[str]]] = {}

    def find(
        self, place: int, units: Sequence[Unit], layer: str, *, shut: Sequence[int] = ()
    ) -> list[UnitRoutes]:
        """Find two routes for every unit of a site; nothing if one of them has none.

        What no pair of routes can avoid is shared again; everything else is kept apart.

        Parameters
        ----------
        layer
            "cables": existing plant only; "spans": with new cable.
        shut
            Elements that are not used at all.
        """
        with_spans = layer == "spans"
        answers = {a.b_ends: a for a in self._achievable.answers[layer].get(place, ())}
        found = []
        for unit in units:
            # Of circuits that end at different centres the searches may have asked together.
            group = answers.get(tuple(sorted({end for ends in unit.ends for end in ends})))
            known = {ends: answers.get(ends, group) for ends in unit.ends}
            mine = [replace(a, b_ends=ends) for ends, a in known.items() if a is not None]
            if len(mine) < len(unit.ends):
                return []
            if not unit.is_split:
                pair = self._routes.find(place, mine[0], with_spans=with_spans, shut=shut)
                if pair is None:
                    return []
                found.append(UnitRoutes(unit, pair))
                continue
            split = self._routes.find_to_each(place, mine, with_spans=with_spans, shut=shut)
            if split is None:
                return []
            pair, *ends = split
            who = [tuple(c for c in unit.circuits if ends_of(self._audit, c) == e) for e in ends]
            found.append(UnitRoutes(unit, pair, (who[0], who[1])))
        return found

    def add_site(self, order: LineOrder, place: int, found: Sequence[UnitRoutes]) -> Action:
        """Draw up the works of one site."""
        site = str(self._network.places.ids[place])
        made = self._made(order, place, found)
        quantities = add_up(made.private)
        # The circuits are cross-connected anew, whatever is built.
        quantities["patching"] = quantities.get("patching", 0.0) + len(found)
        if order.second_home:
            quantities["rehoming"] = len(made.rows.changes)
        survey = dict.fromkeys((*self._survey, *(s for m in made.private for s in m.survey)))
        links = [str(row.values["link_id"]) for row in made.rows.additions]
        action = Action(
            id=stable_id("W", order.kind, site, order.second_home, *links),
            kind=order.kind,
            title=site,
            quantities=quantities,
            cost_yuan=self._prices.cost_of(**quantities),
            sites=(site,),
            changes=made.rows.changes,
            increases=tuple(i for m in made.private for i in m.increases),
            additions=(*(r for m in made.private for r in m.additions), *made.rows.additions),
            removals=made.rows.removals,
            requires=tuple(made.shared),
            evidence=made.rows.evidence,
            survey_reasons=tuple(survey),
            reason=order.reason,
            routed_sites=(site,),
            from_id=site,
            to_id=order.second_home or str(self._network.places.ids[found[0].pair.goals[1]]),
            cores=max((m.cores for m in made.private if m.cores), default=None),
            geometry=tuple(line for m in made.private for line in m.geometry),
        )
        self._sites.append(action)
        return action

    def add_ring(
        self, order: LineOrder, ring: RingWork,
        seconds: Sequence[tuple[int, Sequence[UnitRoutes]]], plant: PlantRows,
    ) -> None:  # fmt: skip
        """Draw up new plant together with the routes of the sites that it protects."""
        ids = self._network.places.ids
        sites = tuple(str(ids[place]) for place, _ in seconds)
        parts = [self._made(order, place, found) for place, found in seconds]
        private = [link for made in parts for link in made.private]
        rows = join_rows([made.rows for made in parts])
        quantities = add_up(private)
        quantities["patching"] = quantities.get("patching", 0.0) + sum(
            len(found) for _, found in seconds
        )
        laid = self._prices.cost_of(**quantities)
        cost = None if laid is None or plant.cost_yuan is None else laid + plant.cost_yuan
        survey = dict.fromkeys((*plant.survey, *self._survey))
        survey |= dict.fromkeys(s for made in private for s in made.survey)
        self._sites.append(
            Action(
                id=stable_id("W", order.kind, *sorted(s.id for s in ring.spans), *sites),
                kind=order.kind,
                title=" - ".join(ring.ring) or ", ".join(sites),
                quantities={**quantities, **plant.quantities},
                cost_yuan=None if cost is None else round(cost, 2),
                sites=sites,
                changes=rows.changes,
                increases=tuple(i for made in private for i in made.increases),
                additions=(
                    *plant.additions,
                    *(row for made in private for row in made.additions),
                    *rows.additions,
                ),
                removals=rows.removals,
                requires=tuple(dict.fromkeys(work for made in parts for work in made.shared)),
                evidence=rows.evidence,
                survey_reasons=tuple(survey),
                reason=order.reason,
                routed_sites=sites,
                from_id=ring.spans[0].from_id if ring.spans else "",
                to_id=ring.spans[-1].to_id if ring.spans else "",
                cores=max((made.cores for made in private if made.cores), default=None),
                constraints=ring.notes,
                ring=ring.ring,
                rings=ring.rings,
                geometry=tuple(s.geometry for s in ring.spans if s.geometry is not None),
            )
        )

    def priced(self, order: LineOrder, place: int, found: Sequence[UnitRoutes]) -> float:
        """Yuan of the works of a site with the shared ones that it needs; infinite without a price.

        Nothing is drawn up.
        """
        trial = copy(self)
        trial._sites, trial._shared = [], {}  # noqa: SLF001 -- of the same class
        trial.add_site(order, place, found)
        costs = [action.cost_yuan for action in trial.actions()]
        return float(sum(cost for cost in costs if cost is not None)) if None not in costs else inf

    def actions(self) -> list[Action]:
        """All works drawn up, shared ones first."""
        shared = [self._shared_action(work, *entry) for work, entry in sorted(self._shared.items())]
        return [*shared, *self._sites]

    def _made(self, order: LineOrder, place: int, found: Sequence[UnitRoutes]) -> _Made:
        """Links of all routes of a site, each once, and the rows of its circuits."""
        site = str(self._network.places.ids[place])
        private: dict[str, NewLink] = {}
        shared: dict[str, None] = {}
        rows = []
        for routes in found:
            links = self._links(order.kind, place, routes.pair, private, shared)
            rows.append(routes.rows(self._audit, links, order.second_home))
        for work in shared:
            self._shared[work][2].add(site)
        return _Made(join_rows(rows), list(private.values()), list(shared))

    def _links(
        self, kind: Kind, place: int, pair: RoutePair, private: dict[str, NewLink],
        shared: dict[str, None],
    ) -> tuple[list[str], list[str]]:  # fmt: skip
        """Link ids of both routes; new ones of the site's own and shared ones are noted."""
        links: tuple[list[str], list[str]] = ([], [])
        taken = np.empty(0, dtype=np.int64)
        for way, pieces in enumerate((pair.first, pair.second)):
            hops = self._stops.hops(pieces, place, pair.goals[way], taken)
            for position, hop in enumerate(hops):
                made = None if hop.link_id else self._maker.make(hop)
                links[way].append(made.link_id if made else hop.link_id)
                if made and position == 0:
                    private[made.link_id] = made
                elif made:
                    work = stable_id("W", kind, made.link_id)
                    self._shared.setdefault(work, (kind, made, set()))
                    shared[work] = None
            ends = [end for hop in hops for end in (hop.from_end, hop.to_end)]
            stops = self._network.equipment.index.positions(np.array(ends, dtype=object))
            taken = stops[stops >= 0]
        return links

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
