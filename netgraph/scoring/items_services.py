"""The item about services that all run through one element or system (UP2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.scoring.ragged import kept, rows_of
from netgraph.scoring.results import FAIL, NOT_APPLICABLE, PASS, UNKNOWN, Judged
from netgraph.topology.csr import Csr, compose, csr_of_pairs, gather, stack, unique_rows
from netgraph.topology.places import OFFICE
from netgraph.topology.routes import WORKING

if TYPE_CHECKING:
    from netgraph.scoring.facts import SiteFacts
    from netgraph.scoring.results import Flags
    from netgraph.scoring.scorecard import Scorecard
    from netgraph.topology import LayeredNetwork


def services_spread(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """UP2: no access or aggregation element, and no system, carries all of the circuits."""
    circuits, load = sites.circuits, _working_load(sites)
    devices, owner = gather(load.devices, np.arange(len(load.devices)))
    spread = unique_rows(csr_of_pairs(circuits.owners[owner], devices, len(sites)))
    found = Judged(
        np.full(len(sites), PASS, dtype=np.int8),
        Csr(spread.indptr, sites.numbers("equipment", spread.indices)),
    )
    is_silent = (load.devices.counts == 0) | (load.systems.counts == 0) | ~load.is_complete
    found = _told(sites, found, UNKNOWN, kept(circuits, is_silent))
    found = _common(sites, found, load)
    return _lone(sites, _without_routes(sites, found))


def _told(sites: SiteFacts, found: Judged, result: int, circuits: Csr) -> Judged:
    """Put another result where there are circuits that tell it."""
    numbers = sites.circuit_numbers(circuits.indices)
    return found.replaced(circuits.counts > 0, result, circuits.owners, numbers)


def _common(sites: SiteFacts, found: Judged, load: _Load) -> Judged:
    """Fail where something carries all of the circuits."""
    parts = [
        (common.owners, sites.numbers(table, common.indices))
        for table, common in (
            ("equipment", _in_all(sites.circuits, load.devices)),
            ("systems", _in_all(sites.circuits, load.systems)),
        )
    ]
    owner, number = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    is_common = np.zeros(len(sites), dtype=bool)
    is_common[owner] = True
    return found.replaced(is_common, FAIL, owner, number)


def _in_all(circuits: Csr, used: Csr) -> Csr:
    """Find what every circuit of a site uses, by site, ascending."""
    width = int(used.indices.max(initial=0)) + 1
    pair, times = np.unique(circuits.owners[used.owners] * width + used.indices, return_counts=True)
    site, value = np.divmod(pair, width)
    everywhere = times == circuits.counts[site]
    return csr_of_pairs(site[everywhere], value[everywhere], len(circuits))


def _without_routes(sites: SiteFacts, found: Judged) -> Judged:
    """Nothing is known where a route is not: the circuits of such routes, or all, tell it."""
    is_open, lost, circuits = ~sites.routes_are_known, sites.unknown_routes, sites.circuits
    found = _told(sites, found, UNKNOWN, kept(circuits, is_open[circuits.owners]))
    has_lost = np.zeros(len(sites), dtype=bool)
    has_lost[lost.owner] = True
    return found.replaced(has_lost, UNKNOWN, lost.owner, lost.row)


def _lone(sites: SiteFacts, found: Judged) -> Judged:
    """One circuit is not asked; but one of the customer's without an A end may be a second."""
    circuits, is_lone = sites.circuits, sites.circuits.counts == 1
    numbers = sites.circuit_numbers(circuits.indices)
    here = is_lone[circuits.owners]
    found = found.replaced(is_lone, NOT_APPLICABLE, circuits.owners[here], numbers[here])
    astray: dict[str, list[int]] = {}
    customer = sites.network.circuits.customer
    for circuit in np.flatnonzero(sites.network.circuits.a < 0).tolist():
        astray.setdefault(customer[circuit], []).append(circuit)
    if not astray:
        return found
    own = sites.base.inventory.table("sites")["customer_id"][sites.rows].tolist()
    pairs = [
        (site, circuit)
        for site in np.flatnonzero(is_lone).tolist()
        for circuit in astray.get(own[site], ())
    ]
    found_by = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    second = csr_of_pairs(found_by[:, 0], found_by[:, 1], len(sites))
    return _told(sites, found, UNKNOWN, second)


@dataclass(frozen=True)
class _Load:
    """Network elements in access and aggregation offices, and their systems; complete or not."""

    devices: Csr
    systems: Csr
    is_complete: Flags


def _working_load(sites: SiteFacts) -> _Load:
    """Load of the working routes of each entry of the sites' circuits."""
    circuits, routes = sites.network.circuits, sites.network.circuits.routes
    own = rows_of(circuits.segments, sites.circuits.indices)
    table = compose(own, circuits.segment_routes)
    links = compose(kept(table, routes.role[table.indices] == WORKING), routes.links)
    of_link = _load_of_links(sites.network)
    is_complete = np.ones(len(links), dtype=bool)
    is_complete[links.owners[~of_link.is_complete[links.indices]]] = False
    return _Load(
        unique_rows(compose(links, of_link.devices)),
        unique_rows(compose(links, of_link.systems)),
        is_complete,
    )


def _load_of_links(network: LayeredNetwork) -> _Load:
    """Find what links add; incomplete where an office, element or system is not recorded."""
    links, equipment, places = network.links, network.equipment, network.places
    n, every = len(links), np.arange(len(links))
    is_below, is_complete = np.zeros(n, dtype=bool), np.ones(n, dtype=bool)
    parts: list[Csr] = []
    for device, place in (
        (links.a_equipment, links.a_place), (links.b_equipment, links.b_place)
    ):  # fmt: skip
        role = places.role[place]
        is_office = (place >= 0) & (places.kind[place] == OFFICE)
        below = is_office & ((role == "access") | (role == "aggregation"))
        is_told = np.where(below, device >= 0, np.where(is_office, role != "", place >= 0))
        is_below |= below
        is_complete &= is_told.astype(bool)
        named = below & (device >= 0)
        parts.append(csr_of_pairs(every[named], device[named], n))
    devices = stack(parts)
    system = equipment.system[devices.indices]
    own = np.flatnonzero(is_below & (links.system >= 0))
    systems = csr_of_pairs(
        np.concatenate([own, devices.owners[system >= 0]]),
        np.concatenate([links.system[own], system[system >= 0]]), n,
    )  # fmt: skip
    is_complete[devices.owners[(system < 0) & (links.system[devices.owners] < 0)]] = False
    return _Load(devices, systems, is_complete)
