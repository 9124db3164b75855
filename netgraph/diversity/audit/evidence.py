"""What the routes of each unit lack, and which sections they run through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import Section
from netgraph.topology.csr import gather
from netgraph.topology.places import STRUCTURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.audit.units import JudgedUnits
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints


@dataclass(frozen=True)
class UnitEvidence:
    """What is known of the routes and of the units.

    Attributes
    ----------
    route_is_known, route_has_plant, route_is_wired
        The route's links join up and are in service; so do its cables and spans; no link of it
        is wireless. Shape (routes,).
    is_single
        There is nothing to switch to; shape (units,), like the rest.
    has_unknown, has_gap_in_plant
        Some route's links, or its plant, are not known.
    has_wireless, is_surveyed
        Some route has a wireless link; every route is drawn and surveyed.
    sections, gap_sections
        Bit masks of the sections that a route has, and of those with a record missing.
    """

    route_is_known: NDArray[np.bool_]
    route_has_plant: NDArray[np.bool_]
    route_is_wired: NDArray[np.bool_]
    is_single: NDArray[np.bool_]
    has_unknown: NDArray[np.bool_]
    has_gap_in_plant: NDArray[np.bool_]
    has_wireless: NDArray[np.bool_]
    is_surveyed: NDArray[np.bool_]
    sections: Ints
    gap_sections: Ints


def weigh_units(network: LayeredNetwork, units: JudgedUnits, section: Ints) -> UnitEvidence:
    """Gather the evidence of all units; O(links on all routes).

    Parameters
    ----------
    section
        Section of every link on every route.
    """
    routes = network.circuits.routes
    has_plant = routes.is_known & all_links(network, network.evidence.is_complete)
    wired = all_links(network, ~network.links.is_wireless)
    surveyed = has_plant & all_links(network, _surveyed_links(network))
    route_sections = np.zeros(len(routes), dtype=np.int64)
    np.bitwise_or.at(route_sections, routes.links.owners, 1 << section)
    n, owner, route = len(units), units.routes.owners, units.routes.indices
    sections, gaps = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    np.bitwise_or.at(sections, owner, route_sections[route])
    np.bitwise_or.at(gaps, owner, _gap_sections(network, section)[route])
    return UnitEvidence(
        route_is_known=routes.is_known,
        route_has_plant=has_plant,
        route_is_wired=wired,
        is_single=_is_single(network, units),
        has_unknown=_any(n, owner, ~routes.is_known[route]),
        has_gap_in_plant=_any(n, owner, ~has_plant[route]),
        has_wireless=_any(n, owner, ~wired[route]),
        is_surveyed=~_any(n, owner, ~surveyed[route]),
        sections=sections,
        gap_sections=gaps,
    )


def all_links(network: LayeredNetwork, good: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Find the routes whose every link is good."""
    routes = network.circuits.routes
    result = np.ones(len(routes), dtype=bool)
    result[routes.links.owners[~good[routes.links.indices]]] = False
    return result


def _gap_sections(network: LayeredNetwork, section: Ints) -> Ints:
    """Sections of each route with a record missing in them; all of them if it is not known."""
    routes = network.circuits.routes
    result = np.where(routes.is_known, 0, (1 << len(Section)) - 1)
    lacks = ~network.evidence.is_complete[routes.links.indices]
    np.bitwise_or.at(result, routes.links.owners[lacks], 1 << section[lacks])
    return result


def _any(n: int, owner: Ints, flag: NDArray[np.bool_]) -> NDArray[np.bool_]:
    result = np.zeros(n, dtype=bool)
    result[owner[flag]] = True
    return result


def _is_single(network: LayeredNetwork, units: JudgedUnits) -> NDArray[np.bool_]:
    """Units whose routes are all one and the same: there is nothing to switch to."""
    ways = [_only_way(network, circuit) for circuit in range(len(network.circuits))]
    result = np.zeros(len(units), dtype=bool)
    for unit in range(len(units)):
        distinct = {ways[c] for c in units.circuits.row(unit)}
        result[unit] = len(distinct) == 1 and None not in distinct
    return result


def _only_way(network: LayeredNetwork, circuit: int) -> tuple[int, ...] | None:
    """Links of the one way that a circuit has; None if it has two, or may have."""
    circuits, routes = network.circuits, network.circuits.routes
    way: list[int] = []
    for segment in circuits.segments.row(circuit):
        rows = circuits.segment_routes.row(int(segment))
        first, *others = (sorted(routes.links.row(int(r)).tolist()) for r in rows)
        if not first or routes.is_stale[rows].any() or any(other != first for other in others):
            return None
        if others and not routes.is_known[rows].all():  # links that are not known may differ
            return None
        way += first
    return tuple(sorted(way))


def _surveyed_links(network: LayeredNetwork) -> NDArray[np.bool_]:
    """Links whose spans are all drawn between surveyed structures (or indoors)."""
    spans, places, links = network.spans, network.places, network.links
    firm = np.append(places.is_surveyed | (places.kind != STRUCTURE), False)
    drawn = np.array([g is not None for g in spans.geometry], dtype=bool)
    good = drawn & firm[spans.a] & firm[spans.b]
    values, owners = gather(network.cables.spans, links.leg_cables.indices)
    bad_leg = np.zeros(len(links.leg_cables), dtype=bool)
    bad_leg[links.leg_cables.owners[owners[~good[values]]]] = True
    result = network.evidence.is_complete & (links.legs.counts > 0)
    result[links.legs.owners[bad_leg[links.legs.indices]]] = False
    if len(links.leg_carriers.indices):
        for link in links.carriers_first[0]:
            result[link] &= result[links.carriers.row(link)].all()
    return result
