"""Works on the line as drafts, and what becomes of them once all of them are known.

New cables of several drafts that run side by side are one cable, and so is a link between offices:
what more than one work needs is a work of its own, done, and paid for, once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from netgraph.diversity.hazards import stable_id
from netgraph.upgrades.action import Action, Addition, Kind, Reason, Survey
from netgraph.upgrades.new_links import NewCable, add_up
from netgraph.upgrades.route_rows import circuit_rows, join_rows, moved_rows
from netgraph.upgrades.shared_cables import SharedCables, most_links

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from netgraph.diversity.audit.run import Audit
    from netgraph.upgrades.hops import Hop
    from netgraph.upgrades.new_links import LinkMaker, NewLink
    from netgraph.upgrades.pair_search import RoutePair
    from netgraph.upgrades.prices import Prices
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


class Draft(NamedTuple):
    """What is to be drawn up as one work: sites with their routes, and the ring that they are on.

    `hops` are those of both routes of every unit of every site, in that order.
    """

    order: LineOrder
    seconds: tuple[tuple[int, tuple[UnitRoutes, ...]], ...]
    hops: tuple[tuple[tuple[tuple[Hop, ...], tuple[Hop, ...]], ...], ...]
    ring: RingWork | None = None
    plant: PlantRows | None = None

    def new_hops(self) -> Iterator[tuple[Hop, bool]]:
        """Hops that a link must be made on, in order, and whether they begin at the site."""
        for site in self.hops:
            for unit in site:
                for way in unit:
                    for position, hop in enumerate(way):
                        if not hop.link_id:
                            yield hop.in_order, position == 0

    def hops_apart(self) -> Iterator[tuple[Hop, Hop]]:
        """Hops of the two routes of one unit: what is tolerated of a trench is not of a cable."""
        for site in self.hops:
            for first, second in site:
                new = ([hop.in_order for hop in way if not hop.link_id] for way in (first, second))
                yield from product(*new)


class Made(NamedTuple):
    """Parts of one work: rows of circuits, links and cables of its own, works that it requires."""

    rows: CircuitRows
    links: list[NewLink]
    cables: list[NewCable]
    requires: list[str]

    @property
    def parts(self) -> list[NewLink | NewCable]:
        """Links, then cables."""
        return [*self.links, *self.cables]


class DraftedWorks:
    """Turns drafts into works."""

    def __init__(
        self, audit: Audit, maker: LinkMaker, prices: Prices, settings: Settings,
        drafts: Sequence[Draft],
    ) -> None:  # fmt: skip
        self._audit, self._ids = audit, audit.network.places.ids
        self._maker, self._prices, self._drafts = maker, prices, drafts
        self._survey = (Survey.DEFAULT_PRICE,) if prices.is_default else ()
        hops: dict[Kind, list[Hop]] = defaultdict(list)
        apart: dict[Kind, set[tuple[Hop, Hop]]] = defaultdict(set)
        for draft in drafts:
            hops[draft.order.kind] += (hop for hop, _ in draft.new_hops())
            apart[draft.order.kind].update(draft.hops_apart())
        most = most_links(settings.new_cable_cores, settings.cores_per_link)
        self._cables = {
            kind: SharedCables(wanted, apart[kind], most) for kind, wanted in hops.items()
        }
        self._links: dict[tuple[Kind, Hop], NewLink] = {}
        #: Work to what it is: links between offices, and cables that more than one work needs.
        self._shared_links: dict[str, tuple[Kind, NewLink]] = {}
        self._shared_cables: dict[str, tuple[Kind, NewCable]] = {}
        self._sites_of: dict[str, set[str]] = defaultdict(set)
        self._evidence_of: dict[str, set[str]] = defaultdict(set)
        self._find_shared()

    def actions(self) -> list[Action]:
        """Give all works, shared ones first."""
        works = [self._work(draft) for draft in self._drafts]
        cables = [
            self._cable_work(name, kind, cable)
            for name, (kind, cable) in sorted(self._shared_cables.items())
        ]
        links = [
            self._link_work(name, kind, link)
            for name, (kind, link) in sorted(self._shared_links.items())
        ]
        return [*cables, *links, *works]

    def _find_shared(self) -> None:
        """Tell links between offices, and the cables that more than one work runs in."""
        owners: dict[tuple[Kind, str], set[object]] = defaultdict(set)
        cables: dict[tuple[Kind, str], NewCable] = {}
        for number, draft in enumerate(self._drafts):
            kind = draft.order.kind
            for hop, is_own in draft.new_hops():
                link = self._link(kind, hop)
                name = stable_id("W", kind, link.link_id)
                if not is_own:
                    self._shared_links[name] = kind, link
                for cable in link.cables:
                    owners[kind, cable.cable_id].add(number if is_own else name)
                    cables[kind, cable.cable_id] = cable
        for key, who in owners.items():
            if len(who) > 1:
                kind, cable = key[0], cables[key]
                self._shared_cables[stable_id("W", kind, cable.cable_id)] = kind, cable

    def _link(self, kind: Kind, hop: Hop) -> NewLink:
        if (kind, hop) not in self._links:
            self._links[kind, hop] = self._maker.make(hop, self._cables[kind])
        return self._links[kind, hop]

    def _made(self, draft: Draft) -> Made:
        """Put together the parts of one work, each link and cable once."""
        kind = draft.order.kind
        links: dict[str, NewLink] = {}
        requires: dict[str, None] = {}
        for hop, is_own in draft.new_hops():
            link = self._link(kind, hop)
            if is_own:
                links[link.link_id] = link
            else:
                requires[stable_id("W", kind, link.link_id)] = None
        cables, shared = self._own_cables(kind, links.values())
        requires |= dict.fromkeys(shared)
        rows = join_rows([
            routes.rows(self._audit, self._ids_of(kind, ways), draft.order.second_home)
            for (_, found), site in zip(draft.seconds, draft.hops, strict=True)
            for routes, ways in zip(found, site, strict=True)
        ])  # fmt: skip
        sites = [str(self._ids[place]) for place, _ in draft.seconds]
        for work in self._with_cables(kind, requires):
            self._sites_of[work].update(sites)
            self._evidence_of[work].update(rows.evidence)
        return Made(rows, list(links.values()), cables, list(requires))

    def _with_cables(self, kind: Kind, shared: Iterable[str]) -> set[str]:
        """Shared works, and the shared cables that those among them which are links run in."""
        links = [self._shared_links[work][1] for work in shared if work in self._shared_links]
        return {*shared, *self._own_cables(kind, links)[1]}

    def _own_cables(self, kind: Kind, links: Iterable[NewLink]) -> tuple[list[NewCable], list[str]]:
        """Part the cables of some links: those of a work's own, and works for the shared ones."""
        own: dict[str, NewCable] = {}
        shared: dict[str, None] = {}
        for link in links:
            for cable in link.cables:
                work = stable_id("W", kind, cable.cable_id)
                if work in self._shared_cables:
                    shared[work] = None
                else:
                    own[cable.cable_id] = cable
        return list(own.values()), list(shared)

    def _ids_of(
        self, kind: Kind, ways: tuple[Sequence[Hop], Sequence[Hop]]
    ) -> tuple[list[str], list[str]]:
        first, second = (
            [hop.link_id or self._link(kind, hop.in_order).link_id for hop in way] for way in ways
        )
        return first, second

    def _work(self, draft: Draft) -> Action:
        made, order, ring, plant = self._made(draft), draft.order, draft.ring, draft.plant
        sites = tuple(str(self._ids[place]) for place, _ in draft.seconds)
        units = [routes for _, found in draft.seconds for routes in found]
        quantities = add_up(made.parts)
        # The circuits are cross-connected anew, whatever is built.
        quantities["patching"] = quantities.get("patching", 0.0) + len(units)
        if order.second_home:
            quantities["rehoming"] = len(made.rows.changes)
        cost = self._prices.cost_of(**quantities)
        survey = dict.fromkeys((*self._survey, *(s for part in made.parts for s in part.survey)))
        own = Action(
            id="",
            kind=order.kind,
            title=sites[0],
            quantities=quantities,
            cost_yuan=cost,
            sites=sites,
            changes=made.rows.changes,
            increases=tuple(i for part in made.parts for i in part.increases),
            additions=(
                *(row for cable in made.cables for row in cable.additions),
                *(row for link in made.links for row in link.additions),
                *made.rows.additions,
            ),
            removals=made.rows.removals,
            requires=tuple(made.requires),
            evidence=made.rows.evidence,
            survey_reasons=tuple(survey),
            reason=order.reason,
            routed_sites=sites,
            from_id=sites[0],
            to_id=order.second_home or str(self._ids[units[0].pair.goals[1]]),
            cores=max((cable.cores for cable in made.cables), default=None),
            geometry=tuple(line for cable in made.cables for line in cable.geometry),
        )
        if ring is not None and plant is not None:
            return _with_ring(own, ring, plant)
        links = [
            hop.link_id or self._link(order.kind, hop.in_order).called
            for site in draft.hops for unit in site for way in unit for hop in way
        ]  # fmt: skip
        return replace(own, id=stable_id("W", order.kind, sites[0], order.second_home, *links))

    def _link_work(self, work: str, kind: Kind, link: NewLink) -> Action:
        cables, requires = self._own_cables(kind, [link])
        parts: list[NewLink | NewCable] = [link, *cables]
        return self._shared_work(work, kind, parts, link.ends, requires)

    def _cable_work(self, work: str, kind: Kind, cable: NewCable) -> Action:
        return self._shared_work(work, kind, [cable], cable.ends, [])

    def _shared_work(
        self, work: str, kind: Kind, parts: Sequence[NewLink | NewCable], ends: tuple[str, str],
        requires: Sequence[str],
    ) -> Action:  # fmt: skip
        quantities = add_up(parts)
        cables = [part for part in parts if isinstance(part, NewCable)]
        return Action(
            id=work,
            kind=kind,
            title=" - ".join(ends),
            quantities=quantities,
            cost_yuan=self._prices.cost_of(**quantities),
            sites=tuple(sorted(self._sites_of[work])),
            increases=tuple(i for part in parts for i in part.increases),
            additions=tuple(row for part in reversed(parts) for row in part.additions),
            requires=tuple(requires),
            evidence=tuple(sorted(self._evidence_of[work])),
            survey_reasons=tuple(dict.fromkeys(s for part in parts for s in part.survey)),
            reason=Reason.SHARED_SECTION,
            from_id=ends[0],
            to_id=ends[1],
            cores=max((cable.cores for cable in cables), default=None),
            geometry=tuple(line for cable in cables for line in cable.geometry),
        )


def _with_ring(work: Action, ring: RingWork, plant: PlantRows) -> Action:
    """Join the plant of a ring to the work on the routes of its sites."""
    laid = work.cost_yuan
    cost = None if laid is None or plant.cost_yuan is None else round(laid + plant.cost_yuan, 2)
    return replace(
        work,
        id=stable_id("W", work.kind, *sorted(s.id for s in ring.spans), *work.sites),
        title=" - ".join(ring.ring) or ", ".join(work.sites),
        quantities={**work.quantities, **plant.quantities},
        cost_yuan=cost,
        additions=(*plant.additions, *work.additions),
        survey_reasons=tuple(dict.fromkeys((*plant.survey, *work.survey_reasons))),
        from_id=ring.spans[0].from_id if ring.spans else "",
        to_id=ring.spans[-1].to_id if ring.spans else "",
        constraints=ring.notes,
        ring=ring.ring,
        rings=ring.rings,
        geometry=tuple(s.geometry for s in ring.spans if s.geometry is not None),
    )
