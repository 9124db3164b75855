"""The places around a ring in order, told by the routes that its sites get."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.places import OFFICE, SITE
from netgraph.upgrades.protection.ring_size import divide_ring
from netgraph.upgrades.second_route import CABLE, LINK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netgraph.diversity.rules import Rules
    from netgraph.topology import LayeredNetwork
    from netgraph.upgrades.line_drafts import UnitRoutes
    from netgraph.upgrades.routing import RingWork
    from netgraph.upgrades.second_route import Piece

    #: Sites (places) and the routes of their units.
    Seconds = Sequence[tuple[int, Sequence[UnitRoutes]]]


def in_order(network: LayeredNetwork, ring: RingWork, seconds: Seconds, rules: Rules) -> RingWork:
    """Name the places around a ring as its sites are routed; divided where it is too large.

    Parameters
    ----------
    network
        With the plant of the ring built.
    """
    index, ids = network.places.index, network.places.ids
    ends = {index.find(name) for span in ring.spans for name in (span.from_id, span.to_id)}
    order = ring_of(network, seconds, {end for end in ends if end is not None})
    divided = divide_ring(order, network.places, rules)
    return replace(
        ring, ring=tuple(str(ids[place]) for place in order), notes=divided.notes,
        rings=tuple(tuple(str(ids[place]) for place in one) for one in divided.rings),
    )  # fmt: skip


def ring_of(network: LayeredNetwork, seconds: Seconds, ends: set[int]) -> list[int]:
    """Offices, sites and ends of new plant (places) around the ring.

    It runs from the first office on one route of a site over the site to the first office on the
    other: of all sites the one with the most places between. Another site stands where its own
    routes leave that ring, and not on it if neither meets it.
    """
    walk = _Walk(network)
    arcs = [(site, walk.arc(site, routes)) for site, found in seconds for routes in found]
    if not arcs:
        return []
    longest = max(range(len(arcs)), key=lambda number: (len(arcs[number][1]), -number))
    ring = list(arcs[longest][1])
    for site, arc in arcs:
        if site in ring:
            continue
        here = arc.index(site)
        sides = (reversed(arc[:here]), arc[here + 1 :])
        met = [place for side in sides for place in _first_in(side, ring)]
        if met:
            # Between the two; beside the only one, and never beyond the offices at the ends.
            before = min(ring.index(place) for place in met)
            ring.insert(max(1, min(before + 1, len(ring) - 1)), site)
    kind = network.places.kind
    return [place for place in ring if kind[place] in {OFFICE, SITE} or place in ends]


def _first_in(side: Iterable[int], ring: Sequence[int]) -> list[int]:
    """First place of an arc that is on the ring, if there is one."""
    return next(([place] for place in side if place in ring), [])


class _Walk:
    """Follows routes from place to place."""

    def __init__(self, network: LayeredNetwork) -> None:
        self._network, places = network, network.places
        offices = np.flatnonzero(places.kind == OFFICE)[::-1].tolist()
        #: Building to the first office in it.
        self._office_in = {int(places.home[office]): office for office in offices}
        self._office_in.pop(-1, None)

    def arc(self, site: int, routes: UnitRoutes) -> list[int]:
        """Places from the first office on the first route over the site to that on the second."""
        pair = routes.pair
        return [*reversed(self._to_office(pair.first)), site, *self._to_office(pair.second)]

    def _to_office(self, way: Sequence[Piece]) -> list[int]:
        """Places of a route from the site to the first office, or to its end."""
        places, found = self._network.places, []
        for piece in way:
            place = self._far_place(piece)
            place = self._office_in.get(int(places.home[place]), place)
            found.append(place)
            if places.kind[place] == OFFICE:
                break
        return found

    def _far_place(self, piece: Piece) -> int:
        if piece.kind == LINK:
            ends = self._network.links.a_place, self._network.links.b_place
        else:
            table = self._network.cables if piece.kind == CABLE else self._network.spans
            ends = table.a, table.b
        return int(ends[0 if piece.is_reversed else 1][piece.item])
