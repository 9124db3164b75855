"""What the routes of each unit lack, and which sections they run through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.diversity.levels import Section
from netgraph.diversity.sharing.alike import equal_rows
from netgraph.topology.csr import Csr, compose, gather
from netgraph.topology.places import STRUCTURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.audit.units import JudgedUnits
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints

_TWO = 2  # routes: of more, each may meet elsewhere what two have in common


@dataclass(frozen=True)
class UnitEvidence:
    """What is known of the routes and of the units.

    Attributes
    ----------
    route_is_carried, route_has_plant, route_is_wired
        The route's links join up and are in service, and so does what carries them; so do its
        cables and spans; no link of it is wireless. Shape (routes,).
    is_single
        There is nothing to switch to; shape (units,), like the rest.
    has_unknown, has_gap_in_plant
        Some route's links (or those that carry them), or its plant, are not known.
    has_wireless, is_surveyed
        Some route has a wireless link; every route is drawn and surveyed.
    sections
        Bit mask of the sections that a route has.
    unknown_in, gaps_in
        Bit mask of the sections in which what is not known of links (or of plant) may be shared,
        beside those in which another route meets it: where a link lacks it, but all sections of
        units in which links themselves are not known, or that have more than two routes.
    """

    route_is_carried: NDArray[np.bool_]
    route_has_plant: NDArray[np.bool_]
    route_is_wired: NDArray[np.bool_]
    is_single: NDArray[np.bool_]
    has_unknown: NDArray[np.bool_]
    has_gap_in_plant: NDArray[np.bool_]
    has_wireless: NDArray[np.bool_]
    is_surveyed: NDArray[np.bool_]
    sections: Ints
    unknown_in: Ints
    gaps_in: Ints


def weigh_units(network: LayeredNetwork, units: JudgedUnits, section: Ints) -> UnitEvidence:
    """Gather the evidence of all units; O(links on all routes).

    Parameters
    ----------
    section
        Section of every link on every route.
    """
    routes = network.circuits.routes
    has_plant = routes.is_known & all_links(network, network.evidence.is_complete)
    # A link below one of which no carrier is recorded may be on the other route, too.
    carried = routes.is_known & all_links(network, network.evidence.is_carried)
    wired = all_links(network, ~network.links.is_wireless)
    surveyed = has_plant & all_links(network, _surveyed_links(network))
    route_sections = np.zeros(len(routes), dtype=np.int64)
    np.bitwise_or.at(route_sections, routes.links.owners, 1 << section)
    n, owner, route = len(units), units.routes.owners, units.routes.indices
    sections = np.zeros(n, dtype=np.int64)
    np.bitwise_or.at(sections, owner, route_sections[route])
    return UnitEvidence(
        route_is_carried=carried,
        route_has_plant=has_plant,
        route_is_wired=wired,
        is_single=_is_single(network, units),
        has_unknown=_any(n, owner, ~carried[route]),
        has_gap_in_plant=_any(n, owner, ~has_plant[route]),
        has_wireless=_any(n, owner, ~wired[route]),
        is_surveyed=~_any(n, owner, ~surveyed[route]),
        sections=sections,
        unknown_in=_sections_with_gaps(network, units, section, network.evidence.is_carried),
        gaps_in=_sections_with_gaps(network, units, section, network.evidence.is_complete),
    )


def _sections_with_gaps(
    network: LayeredNetwork, units: JudgedUnits, section: Ints, is_good: NDArray[np.bool_]
) -> Ints:
    """Find the sections in which units have links that are not good; all of them if in doubt."""
    routes, everywhere = network.circuits.routes, (1 << len(Section)) - 1
    of_route = np.where(routes.is_known, 0, everywhere)
    lacks = ~is_good[routes.links.indices]
    np.bitwise_or.at(of_route, routes.links.owners[lacks], 1 << section[lacks])
    found = np.zeros(len(units), dtype=np.int64)
    np.bitwise_or.at(found, units.routes.owners, of_route[units.routes.indices])
    found[(found != 0) & (units.routes.counts != _TWO)] = everywhere
    return found


def all_links(network: LayeredNetwork, good: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Find the routes whose every link is good."""
    routes = network.circuits.routes
    result = np.ones(len(routes), dtype=bool)
    result[routes.links.owners[~good[routes.links.indices]]] = False
    return result


def _any(n: int, owner: Ints, flag: NDArray[np.bool_]) -> NDArray[np.bool_]:
    result = np.zeros(n, dtype=bool)
    result[owner[flag]] = True
    return result


def _is_single(network: LayeredNetwork, units: JudgedUnits) -> NDArray[np.bool_]:
    """Units whose routes are all one and the same: there is nothing to switch to."""
    way, first = _only_ways(network)[units.circuits.indices], units.circuits.indptr[:-1]
    least = np.minimum.reduceat(way, first)
    return np.asarray((least >= 0) & (least == np.maximum.reduceat(way, first)))


def _only_ways(network: LayeredNetwork) -> Ints:
    """Give the one way that each circuit has a number, by its links; -1 if it may have two."""
    circuits, links = network.circuits, network.circuits.routes.links
    has_one, table = _segments_with_one_way(network), circuits.segment_routes
    way = _sorted_rows(compose(circuits.segments, _first_of(table)), links)
    result = equal_rows(way)
    result[circuits.segments.owners[~has_one[circuits.segments.indices]]] = -1
    return result


def _segments_with_one_way(network: LayeredNetwork) -> NDArray[np.bool_]:
    """Segments of which all routes, as far as is known, run over the same links."""
    routes, table = network.circuits.routes, network.circuits.segment_routes
    way = equal_rows(_sorted_rows(Csr(np.arange(len(routes) + 1), np.arange(len(routes))),
                                  routes.links))  # fmt: skip
    first, route = _first_of(table).indices, table.indices
    has_one = routes.links.counts[first] > 0
    # Links that are not known may differ.
    is_unsure = ~routes.is_known[route] & (table.counts > 1)[table.owners]
    is_other = way[route] != way[first][table.owners]
    has_one[table.owners[is_unsure | is_other | routes.is_stale[route]]] = False
    return has_one


def _first_of(table: Csr) -> Csr:
    """First entry of each row; none is empty."""
    return Csr(np.arange(len(table) + 1), table.indices[table.indptr[:-1]])


def _sorted_rows(rows: Csr, second: Csr) -> Csr:
    """Rows of `rows`, each entry replaced by its row in `second`, ascending."""
    values, owners = gather(second, rows.indices)
    owner = rows.owners[owners]
    bits = int(values.max(initial=0)).bit_length()
    ptr = np.searchsorted(owner, np.arange(len(rows) + 1))
    owner <<= bits
    owner |= values
    owner.sort()
    owner &= (1 << bits) - 1
    return Csr(ptr, owner)


def _surveyed_links(network: LayeredNetwork) -> NDArray[np.bool_]:
    """Links whose spans are all drawn between surveyed structures (or indoors)."""
    spans, places, links = network.spans, network.places, network.links
    firm = np.append(places.is_surveyed | (places.kind != STRUCTURE), False)
    good = ~shapely.is_missing(spans.geometry) & firm[spans.a] & firm[spans.b]
    values, owners = gather(network.cables.spans, links.leg_cables.indices)
    bad_leg = np.zeros(len(links.leg_cables), dtype=bool)
    bad_leg[links.leg_cables.owners[owners[~good[values]]]] = True
    result = network.evidence.is_complete & (links.legs.counts > 0)
    result[links.legs.owners[bad_leg[links.legs.indices]]] = False
    if len(links.leg_carriers.indices):
        for link in links.carriers_first[0]:
            result[link] &= result[links.carriers.row(link)].all()
    return result
