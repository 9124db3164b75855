"""Which records are missing on the routes of a unit, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import gather
from netgraph.topology.places import OFFICE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.audit.evidence import UnitEvidence
    from netgraph.diversity.audit.units import JudgedUnits
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Csr, Ints
    from netgraph.topology.routes import Routes

#: So many records of one group are named, the others counted.
_MOST_NAMES = 5


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


def find_roleless(
    network: LayeredNetwork,
    units: JudgedUnits,
    evidence: UnitEvidence,
    entry_is_unsure: NDArray[np.bool_],
) -> dict[int, tuple[str, ...]]:
    """Name the roles of offices on which the sections of units rest; O(links on these routes).

    Parameters
    ----------
    entry_is_unsure
        Links on routes whose section rests on such a role; shape (entries of the routes,).
    """
    routes, places = network.circuits.routes, network.places
    is_bare = np.append((places.kind == OFFICE) & (places.role == ""), False)
    on_route = np.zeros(len(routes), dtype=bool)
    on_route[routes.links.owners[entry_is_unsure]] = True
    concerned = np.unique(units.routes.owners[on_route[units.routes.indices]]).tolist()
    found = {}
    for unit in concerned:
        if evidence.is_single[unit]:  # so is every section, wherever it ends
            continue
        of_unit = units.routes.row(unit)
        passed = np.unique(np.concatenate([
            _between(routes, route) for route in of_unit[on_route[of_unit]].tolist()
        ]))  # fmt: skip
        bare = passed[is_bare[passed]].tolist()
        found[unit] = tuple(f"role of office {places.ids[place]}" for place in bare)
    return found


def _between(routes: Routes, route: int) -> Ints:
    """Places at which links of a route begin or end, but the last: no section begins there."""
    low, high = routes.links.indptr[route], routes.links.indptr[route + 1]
    return np.concatenate([routes.entry[low:high], routes.exit_[low : high - 1]])


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


def find_unsure(
    network: LayeredNetwork,
    units: JudgedUnits,
    evidence: UnitEvidence,
    has_common: NDArray[np.bool_],
) -> dict[int, tuple[str, ...]]:
    """Name what `risk_members` leaves open of units that have routes to tell apart.

    A route that belongs to a group with a lost member (:mod:`netgraph.topology.memberships`), by
    what stands outside the unit's own ends, may share the group with every other one; so may one
    that has a gap, by any known member; any two routes may share one with two lost members.
    O(links on the routes concerned).

    Parameters
    ----------
    has_common
        Units whose complete routes have something in common; shape (units,).
    """
    routes, table = network.circuits.routes, network.elements.unsure_of_link
    everywhere, unsure = network.elements.doubts_everywhere, network.elements.unsure.counts > 0
    if not unsure.any() and not everywhere:
        return {}
    in_gap = evidence.has_gap_in_plant & (has_common | _hang_on_one(network, units, evidence))
    anywhere = np.flatnonzero(unsure)
    is_met = (table.counts > 0)[routes.links.indices] & ~routes.is_stale[routes.links.owners]
    on_route = np.zeros(len(routes), dtype=bool)
    on_route[routes.links.owners[is_met]] = True
    of_unit = np.zeros(len(units), dtype=bool)
    of_unit[units.routes.owners[on_route[units.routes.indices]]] = True
    of_unit |= in_gap | bool(everywhere)
    found = {}
    for unit in np.flatnonzero(of_unit & ~evidence.is_single).tolist():
        route = units.routes.row(unit)
        links, _ = gather(routes.links, route[on_route[route]])
        met = anywhere if in_gap[unit] else gather(table, links)[0]
        doubts = doubts_about(network, met, units.exempt.row(unit))
        if doubts:
            found[unit] = tuple(network.elements.doubts[doubt].words for doubt in doubts)
    return found


def _hang_on_one(
    network: LayeredNetwork, units: JudgedUnits, evidence: UnitEvidence
) -> NDArray[np.bool_]:
    """Find the units of which one complete route at most is left to lose.

    Of a circuit that is all routes but one of some segment; of a group, all circuits but one.
    """
    circuits = network.circuits
    table, good = circuits.segment_routes, evidence.route_has_plant
    of_segment = np.bincount(table.owners[good[table.indices]], minlength=len(table))
    of_circuit = np.full(len(circuits), np.iinfo(np.int64).max)
    np.minimum.at(of_circuit, circuits.segments.owners, of_segment[circuits.segments.indices])
    of_unit = np.zeros(len(units), dtype=np.int64)
    np.add.at(of_unit, units.circuits.owners, np.minimum(of_circuit, 2)[units.circuits.indices])
    return np.asarray(of_unit < 2)


def doubts_about(network: LayeredNetwork, met: Ints, own: Ints) -> tuple[int, ...]:
    """Give what is open (numbers) about elements that do not stand in one's own buildings.

    What concerns any two routes is always part of it.
    """
    elements = network.elements
    outside = met[~np.isin(elements.home[met], own[own >= 0])]
    concerned = np.unique(gather(elements.unsure, outside)[0]).tolist()
    return tuple(sorted({*concerned, *elements.doubts_everywhere}))


def find_undrawn(
    network: LayeredNetwork,
    units: JudgedUnits,
    possible: Csr,
    row_of_unit: Ints,
    is_asked: NDArray[np.bool_],
) -> dict[int, tuple[str, ...]]:
    """Name what would tell whether the routes of a unit meet in a risk group.

    Parameters
    ----------
    possible, row_of_unit
        Row to recorded groups that all routes touch or may touch; the row of each unit.
    is_asked
        Units to look at.
    """
    wanted = np.flatnonzero(is_asked & (possible.counts > 0)[row_of_unit]).tolist()
    table = network.elements.possible_risks
    return {
        unit: tuple(
            name
            for group in possible.row(int(row_of_unit[unit])).tolist()
            for name in _undrawn(network, _passed(network, units, unit), group)
        )
        for unit in wanted
        if len(table.indices)
    }


def _passed(network: LayeredNetwork, units: JudgedUnits, unit: int) -> Ints:
    """Elements on the routes of a unit outside its own ends, ascending."""
    links, _ = gather(network.circuits.routes.links, units.routes.row(unit))
    passed = np.unique(gather(network.elements.of_link, np.unique(links))[0])
    return passed[~np.isin(network.elements.home[passed], units.exempt.row(unit))]


def _undrawn(network: LayeredNetwork, passed: Ints, group: int) -> list[str]:
    """Name the elements that may belong to a group, and what is not recorded of them."""
    elements = network.elements
    groups, owner = gather(elements.possible_risks, passed)
    found = passed[owner[groups == group]].tolist()
    about = f"({elements.risk_ids[group]})"
    names = [f"{what_is_missing(network, element)} {about}" for element in found[:_MOST_NAMES]]
    more = len(found) - len(names)
    return [*names, f"membership of {more} more {about}"] if more else names


def what_is_missing(network: LayeredNetwork, element: int) -> str:
    """Name the record that would tell whether an element belongs to a risk group."""
    elements, id_ = network.elements, network.elements.ids[element]
    span, place = (elements.position(block, element) for block in ("spans", "places"))
    if 0 <= span < len(network.spans) and network.spans.geometry[span] is None:
        return f"geometry of span {id_}"
    if 0 <= place < len(network.places) and not np.isfinite(network.places.lon[place]):
        return f"position of {id_}"
    return f"membership of {id_}"
