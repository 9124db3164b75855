"""Routes that a ring plan hands over, as the pieces that works on the line are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.upgrades.pair_search import RoutePair, arrival
from netgraph.upgrades.second_route import Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netgraph.topology import LayeredNetwork
    from netgraph.upgrades.routing import GuideRoutes, RiddenStep

    #: Site and its B ends (places) to the routes that were planned.
    Guides = dict[tuple[int, tuple[int, ...]], RoutePair]

_TABLES = ("links", "cables", "spans")


def guides_of(network: LayeredNetwork, routes: Iterable[GuideRoutes]) -> Guides:
    """Look planned routes up in the network with the plan built; what is not whole is left out."""
    find = network.places.index.find
    guides: Guides = {}
    for route in routes:
        place, ends = find(route.site_id), [find(name) for name in route.b_ends]
        first, second = (_pieces(network, way) for way in (route.first, route.second))
        if place is None or None in ends or not first or not second:
            continue
        b_ends = tuple(sorted(end for end in ends if end is not None))
        goals = arrival(network, b_ends, first), arrival(network, b_ends, second)
        guides[place, b_ends] = RoutePair(first, second, goals)
    return guides


def _pieces(network: LayeredNetwork, way: Sequence[RiddenStep]) -> tuple[Piece, ...]:
    tables = network.links, network.cables, network.spans
    found = []
    for step in way:
        kind = _TABLES.index(step.table)
        item = tables[kind].index.find(step.id)
        if item is None:
            return ()
        found.append(Piece(kind, item, step.is_reversed))
    return tuple(found)
