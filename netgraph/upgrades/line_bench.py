"""Finds the routes of works on the line, and has them drawn up together."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from netgraph.upgrades.hops import StopBook
from netgraph.upgrades.line_drafts import Draft, DraftedWorks, UnitRoutes
from netgraph.upgrades.new_links import LinkMaker
from netgraph.upgrades.route_pairs import RouteFinder
from netgraph.upgrades.site_units import ends_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.diversity.achievable.find import Achievable
    from netgraph.diversity.audit.run import Audit
    from netgraph.upgrades.action import Action
    from netgraph.upgrades.guides import Guides
    from netgraph.upgrades.hops import Hop
    from netgraph.upgrades.line_drafts import LineOrder, PlantRows
    from netgraph.upgrades.pair_search import RoutePair
    from netgraph.upgrades.prices import Prices
    from netgraph.upgrades.routing import RingWork
    from netgraph.upgrades.settings import Settings
    from netgraph.upgrades.site_units import Unit


class LineBench:
    """Draws up works on the line; what they share is drawn up once."""

    def __init__(
        self, audit: Audit, achievable: Achievable, prices: Prices, settings: Settings
    ) -> None:
        self._audit, self._network = audit, audit.network
        self._achievable, self._prices = achievable, prices
        self._routes = RouteFinder(audit, achievable, prices)
        self._stops = StopBook(audit.network)
        self._maker = LinkMaker(audit.network, prices, settings)
        self._settings = settings
        self._drafts: list[Draft] = []

    def find(
        self, place: int, units: Sequence[Unit], layer: str, *, shut: Sequence[int] = (),
        guides: Guides | None = None,
    ) -> list[UnitRoutes]:  # fmt: skip
        """Find two routes for every unit of a site; nothing if one of them has none.

        What no pair of routes can avoid is shared again; everything else is kept apart.

        Parameters
        ----------
        layer
            "cables": existing plant only; "spans": with new cable.
        shut
            Elements that are not used at all.
        guides
            Pairs that were planned: taken where they hold here and nothing cheaper is found.
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
                guide = (guides or {}).get((place, mine[0].b_ends))
                pair = self._routes.find(
                    place, mine[0], with_spans=with_spans, shut=shut, guide=guide
                )
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

    def lay(self, span_ids: Sequence[str]) -> None:
        """Let new cable in some spans count as laid."""
        rows = self._network.spans.index.positions(np.array(list(span_ids), dtype=object))
        self._routes.lay(np.unique(rows[rows >= 0]))

    def lay_along(self, found: Sequence[UnitRoutes]) -> None:
        """Let the new cable of some routes count as laid for routes that are found later."""
        self._routes.lay_along([routes.pair for routes in found])

    def add_site(self, order: LineOrder, place: int, found: Sequence[UnitRoutes]) -> None:
        """Have the works of one site drawn up; later ones may use the cables that it lays."""
        self._drafts.append(self._draft(order, [(place, found)]))
        self.lay_along(found)

    def add_ring(
        self, order: LineOrder, ring: RingWork,
        seconds: Sequence[tuple[int, Sequence[UnitRoutes]]], plant: PlantRows,
    ) -> None:  # fmt: skip
        """Have new plant drawn up together with the routes of the sites that it protects."""
        self._drafts.append(self._draft(order, seconds)._replace(ring=ring, plant=plant))

    def priced(self, order: LineOrder, place: int, found: Sequence[UnitRoutes]) -> float:
        """Yuan of the works of a site with the shared ones that it needs; infinite without a price.

        Nothing is drawn up.
        """
        trial = copy(self)
        trial._drafts = [self._draft(order, [(place, found)])]  # noqa: SLF001 -- of the same class
        costs = [action.cost_yuan for action in trial.actions()]
        return float(sum(cost for cost in costs if cost is not None)) if None not in costs else inf

    def actions(self) -> list[Action]:
        """Draw up all works, shared ones first; each new cable and link once."""
        return DraftedWorks(
            self._audit, self._maker, self._prices, self._settings, self._drafts
        ).actions()

    def _draft(
        self, order: LineOrder, seconds: Sequence[tuple[int, Sequence[UnitRoutes]]]
    ) -> Draft:
        hops = tuple(
            tuple(self._hops(place, routes.pair) for routes in found) for place, found in seconds
        )
        return Draft(order, tuple((place, tuple(found)) for place, found in seconds), hops)

    def _hops(self, place: int, pair: RoutePair) -> tuple[tuple[Hop, ...], tuple[Hop, ...]]:
        """Hops of both routes; the second stops at no device of the first."""
        ways = []
        taken = np.empty(0, dtype=np.int64)
        for goal, pieces in zip(pair.goals, (pair.first, pair.second), strict=True):
            hops = self._stops.hops(pieces, place, goal, taken)
            ends = [end for hop in hops for end in (hop.from_end, hop.to_end)]
            stops = self._network.equipment.index.positions(np.array(ends, dtype=object))
            taken = stops[stops >= 0]
            ways.append(tuple(hops))
        return ways[0], ways[1]
