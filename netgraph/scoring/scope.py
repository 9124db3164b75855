"""What the circuits of every site use, for all sites at once: routes, links, devices, offices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.audit.sections import SECTION_BIT
from netgraph.diversity.levels import Section
from netgraph.scoring.ragged import kept
from netgraph.topology.csr import Csr, compose, csr_of_pairs, stack, unique_rows
from netgraph.topology.places import OFFICE, SITE

if TYPE_CHECKING:
    from netgraph.diversity.audit.run import Audit
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints


@dataclass(frozen=True)
class Scope:
    """By place of the A end; numbers are positions in their tables (offices, sites: places).

    Attributes
    ----------
    circuits, routes, links
        Circuits in service, all of their routes, and the links on these.
    links_and_carriers
        The links, and the lower links that carry them.
    devices, named_devices
        Network elements at the ends of the links, with and without those of the carriers.
    offices, access_offices
        Offices on the links and carriers, the centre included; the first office of each route.
    access_links, access_cables, access_sites
        Links of the access section at A and their carriers; their cables, and the sites on them.
    """

    circuits: Csr
    routes: Csr
    links: Csr
    links_and_carriers: Csr
    devices: Csr
    named_devices: Csr
    offices: Csr
    access_offices: Csr
    access_links: Csr
    access_cables: Csr
    access_sites: Csr


def build_scope(audit: Audit) -> Scope:
    """Gather what every site uses; O(links on all routes)."""
    network = audit.network
    circuits, links = network.circuits, network.links
    known = np.flatnonzero(circuits.a >= 0)
    of_place = csr_of_pairs(circuits.a[known], known, len(network.places))
    routes = compose(of_place, compose(circuits.segments, circuits.segment_routes))
    used = unique_rows(compose(routes, circuits.routes.links))
    with_carriers = _with_carriers(used, links.carriers)
    at_a = audit.entry_section == SECTION_BIT[Section.ACCESS_A]
    access = unique_rows(compose(routes, kept(circuits.routes.links, at_a)))
    access = _with_carriers(access, links.carriers)
    ends = _ends(links.a_equipment, links.b_equipment)
    cables = compose(links.legs, links.leg_cables)
    return Scope(
        circuits=of_place,
        routes=routes,
        links=used,
        links_and_carriers=with_carriers,
        devices=unique_rows(compose(with_carriers, ends)),
        named_devices=unique_rows(compose(used, ends)),
        offices=unique_rows(compose(with_carriers, _places_on(network, cables, OFFICE))),
        access_offices=unique_rows(compose(routes, _first_offices(network))),
        access_links=access,
        access_cables=unique_rows(compose(access, cables)),
        access_sites=unique_rows(compose(access, _places_on(network, cables, SITE))),
    )


def _with_carriers(links: Csr, carriers: Csr) -> Csr:
    """Add the lower links that carry some links, down to the lowest."""
    if len(carriers.indices) == 0:
        return links
    while True:
        more = unique_rows(stack((links, compose(links, carriers))))
        if len(more.indices) == len(links.indices):
            return more
        links = more


def _ends(a: Ints, b: Ints) -> Csr:
    """Row to its two ends, as far as they are known."""
    rows = np.tile(np.arange(len(a)), 2)
    ends = np.concatenate([a, b])
    return csr_of_pairs(rows[ends >= 0], ends[ends >= 0], len(a))


def _places_on(network: LayeredNetwork, cables: Csr, kind: int) -> Csr:
    """Places of a kind that each link ends at or runs through, on all of its legs."""
    links, table, first = network.links, network.elements.of_cable, network.elements.offset
    place = table.indices - first["places"]
    is_place = (place >= 0) & (place < len(network.places))
    is_place[is_place] = network.places.kind[place[is_place]] == kind
    inside = csr_of_pairs(table.owners[is_place], place[is_place], len(table))
    ends = _ends(links.a_place, links.b_place)
    ends = kept(ends, network.places.kind[ends.indices] == kind)
    return unique_rows(stack((ends, compose(cables, inside))))


def _first_offices(network: LayeredNetwork) -> Csr:
    """Route to the first office on it."""
    routes = network.circuits.routes
    is_office = np.append(network.places.kind == OFFICE, False)
    entries = np.flatnonzero(is_office[routes.exit_])
    owners, first = np.unique(routes.links.owners[entries], return_index=True)
    return csr_of_pairs(owners, routes.exit_[entries[first]], len(routes))
