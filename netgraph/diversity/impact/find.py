"""What one given set of failures takes down: exact, three-valued, by plain sets.

Links first (a link is down if something that alone takes it down fails, or if each of its legs is
hit), then routes, segments and circuits. For many failures at once see the simulation; this path
shares nothing with it but the element numbering, so that the two can be held against each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.elements import BUILDING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Csr

    Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Outage:
    """What is down when some elements fail; arrays of flags.

    Attributes
    ----------
    link_is_down, link_lost_leg
        The link is down; it is up, but it (or what carries it) has lost one of two legs.
        Shape (links,).
    is_possible
        Elements that may have failed, but are not known to; shape (elements,).
    route_is_hit, route_is_open
        A link of the route is down; it may be hit for all that is known, because a record of it is
        missing or by what may have failed. Shape (routes,).
    is_down
        Every route of some segment is hit. Shape (circuits,), like the rest.
    may_drop
        Not known to be down, but down if every route that lacks records were hit.
    is_hit
        Some route is hit.
    may_be_hit
        No route is known to be hit, but one may be.
    has_lost_leg
        A link on some route has lost a leg.
    """

    is_possible: Flags = field(repr=False)
    link_is_down: Flags = field(repr=False)
    link_lost_leg: Flags = field(repr=False)
    route_is_hit: Flags = field(repr=False)
    route_is_open: Flags = field(repr=False)
    is_down: Flags = field(repr=False)
    may_drop: Flags = field(repr=False)
    is_hit: Flags = field(repr=False)
    may_be_hit: Flags = field(repr=False)
    has_lost_leg: Flags = field(repr=False)


def find_outage(
    network: LayeredNetwork, failed: Iterable[int], possible: Iterable[int] = ()
) -> Outage:
    """Find what is down when some elements fail together.

    Parameters
    ----------
    network
        The layered network.
    failed, possible
        Numbers of the elements that fail, and of those that may fail with them.

    Returns
    -------
    Outage
        Exact on the records. Where a record is missing, nothing is said to survive: `may_drop`
        and `may_be_hit` say so. O(entries of the element table) for each layer of carriers.
    """
    elements, circuits = network.elements, network.circuits
    is_failed = np.zeros(len(elements), dtype=bool)
    is_failed[list(failed)] = True
    is_possible = np.zeros(len(elements), dtype=bool)
    is_possible[list(possible)] = True
    is_possible &= ~is_failed
    down, lost_leg = _links(network, is_failed)
    may_be_down, may_lose_leg = _links(network, is_failed | is_possible)
    routes = circuits.routes
    runs = ~routes.is_stale  # where a stale route runs today is not known
    hit = _any_of(routes.links, down) & runs
    is_open = _open_routes(network, houses=bool((elements.kind[is_failed] == BUILDING).any()))
    is_open |= _any_of(routes.links, may_be_down) & runs
    of_segment, of_circuit = circuits.segment_routes, circuits.segments
    is_down = _any_of(of_circuit, _all_of(of_segment, hit))
    may_drop = _any_of(of_circuit, _all_of(of_segment, hit | is_open)) & ~is_down
    is_hit = _any_of(of_circuit, _any_of(of_segment, hit))
    may_lose = is_open | (_any_of(routes.links, may_lose_leg) & runs)
    may_be_hit = _any_of(of_circuit, _any_of(of_segment, may_lose)) & ~is_hit
    on_route = _any_of(routes.links, lost_leg) & runs
    return Outage(
        is_possible=is_possible,
        link_is_down=down,
        link_lost_leg=lost_leg,
        route_is_hit=hit,
        route_is_open=is_open,
        is_down=is_down,
        may_drop=may_drop,
        is_hit=is_hit,
        may_be_hit=may_be_hit,
        has_lost_leg=_any_of(of_circuit, _any_of(of_segment, on_route)),
    )


def _any_of(table: Csr, flags: Flags) -> Flags:
    """Rows of which some entry is flagged."""
    result = np.zeros(len(table), dtype=bool)
    result[table.owners[flags[table.indices]]] = True
    return result


def _all_of(table: Csr, flags: Flags) -> Flags:
    """Rows that have entries, all of them flagged."""
    result = table.counts > 0
    result[table.owners[~flags[table.indices]]] = False
    return result


def _links(network: LayeredNetwork, is_failed: Flags) -> tuple[Flags, Flags]:
    """Links that are down, and links that are up without one of their legs."""
    elements, links = network.elements, network.links
    down = _any_of(elements.of_link, is_failed)
    cut = _any_of(links.leg_cables, _any_of(elements.of_cable, is_failed))
    size = -1
    while size != int(down.sum()):  # a round a layer of carriers
        size = int(down.sum())
        leg_is_down = cut | _any_of(links.leg_carriers, down)
        down |= _all_of(links.legs, leg_is_down)
    lost = _any_of(links.legs, leg_is_down)
    size = -1
    while size != int(lost.sum()):
        size = int(lost.sum())
        lost |= _any_of(links.carriers, lost & ~down)
    return down, lost & ~down


def _open_routes(network: LayeredNetwork, *, houses: bool) -> Flags:
    """Routes that lack a record; with `houses`, also the building of an office on them."""
    routes, evidence = network.circuits.routes, network.evidence
    lacks = ~evidence.is_complete
    if houses:
        lacks = lacks | (evidence.unhoused.counts > 0)
    return ~routes.is_known | _any_of(routes.links, lacks)
