"""Which records are missing on the routes of a unit, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from netgraph.diversity.audit.evidence import UnitEvidence
    from netgraph.diversity.audit.units import JudgedUnits
    from netgraph.topology import LayeredNetwork


def find_unhoused(network: LayeredNetwork, units: JudgedUnits) -> dict[int, list[int]]:
    """Find the intermediate offices of each unit whose building is not recorded."""
    routes, table = network.circuits.routes, network.evidence.unhoused
    if len(table.indices) == 0:
        return {}
    on_route = np.zeros(len(routes), dtype=bool)
    on_route[routes.links.owners[table.counts[routes.links.indices] > 0]] = True
    concerned = np.unique(units.routes.owners[on_route[units.routes.indices]]).tolist()
    found = {unit: _unhoused(network, units, unit) for unit in concerned}
    return {unit: places for unit, places in found.items() if places}


def _unhoused(network: LayeredNetwork, units: JudgedUnits, unit: int) -> list[int]:
    circuits, routes = network.circuits, network.circuits.routes
    table = network.evidence.unhoused
    found: set[int] = set()
    for route in units.routes.row(unit):
        c = routes.circuit[route]
        ends = {int(circuits.b[c]), int(circuits.b2[c])}
        if routes.is_known[route]:
            ends &= {int(routes.end_place[route])}
        on_route = {int(p) for link in routes.links.row(int(route)) for p in table.row(link)}
        found |= on_route - ends - {int(circuits.a[c])}
    return sorted(found)


def find_missing(
    network: LayeredNetwork,
    units: JudgedUnits,
    evidence: UnitEvidence,
    unhoused: dict[int, list[int]],
) -> dict[int, tuple[str, ...]]:
    """Name the records that each unit lacks; units that lack none are left out."""
    doubtful = np.flatnonzero(evidence.has_unknown | evidence.has_gap_in_plant).tolist()
    return {
        unit: _missing(network, units, evidence, unit, unhoused.get(unit, []))
        for unit in sorted({*doubtful, *unhoused})
    }


def _missing(
    network: LayeredNetwork,
    units: JudgedUnits,
    evidence: UnitEvidence,
    unit: int,
    unhoused: list[int],
) -> tuple[str, ...]:
    routes, links = network.circuits.routes, network.evidence
    found: dict[str, None] = {}
    for route in units.routes.row(unit).tolist():
        if route in routes.problem:
            found[routes.problem[route]] = None
        if not evidence.has_gap_in_plant[unit]:
            continue
        for link in routes.links.row(route).tolist():
            found |= dict.fromkeys(links.missing.get(link, ()))
    places = network.places
    found |= dict.fromkeys(f"building of office {places.ids[p]}" for p in unhoused)
    return tuple(found)
