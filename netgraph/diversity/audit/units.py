"""What is judged together: each circuit by itself, and each group of circuits of one site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.sharing.sets import Units
from netgraph.topology.csr import Csr, compose, csr_of_lists

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints


@dataclass(frozen=True)
class JudgedUnits:
    """Units in one numbering: unit i is circuit i; the groups of several circuits follow.

    Attributes
    ----------
    circuits
        Unit to circuits.
    group_of_circuit
        Unit that judges each circuit's group (the circuit itself without one).
    routes
        Unit to routes.
    exempt
        Unit to homes that are an end of every route of the unit.
    names
        Group id of each group, circuit id of each circuit; shape (units,).
    has_unsure_end
        A route that is not known may end elsewhere than where the exempt end is: then that end may
        be a place like any other, through which all routes run; not where A alone is exempt. Shape
        (units,).
    """

    circuits: Csr
    group_of_circuit: Ints
    routes: Csr
    exempt: Csr
    names: NDArray[np.object_]
    has_unsure_end: NDArray[np.bool_]

    def __len__(self) -> int:
        """Count the units."""
        return len(self.circuits)

    def subset(
        self, network: LayeredNetwork, section_ends: Ints, keep_route: NDArray[np.bool_],
        judge: NDArray[np.bool_],
    ) -> Units:  # fmt: skip
        """Units over some of the routes only, for the kernel."""
        circuits = network.circuits
        table = circuits.segment_routes
        keep = keep_route[table.indices]
        counts = np.bincount(table.owners[keep], minlength=len(table))
        kept = Csr(np.concatenate([[0], np.cumsum(counts)]), table.indices[keep])
        return Units(self.circuits, circuits.segments, kept, self.exempt, judge, section_ends)


def build_units(network: LayeredNetwork) -> JudgedUnits:
    """Give the units numbers; circuits of a group with different A ends are judged apart."""
    circuits = network.circuits
    n = len(circuits)
    members: dict[tuple[str, int], list[int]] = {}
    keys = zip(circuits.group.tolist(), circuits.a.tolist(), strict=True)
    for circuit, key in enumerate(keys):
        if key[0] and key[1] >= 0:
            members.setdefault(key, []).append(circuit)
    several = {key: rows for key, rows in members.items() if len(rows) > 1}
    group_of = np.arange(n, dtype=np.int64)
    for unit, rows in enumerate(several.values(), start=n):
        group_of[rows] = unit
    joint = csr_of_lists(list(several.values()))
    table = Csr(
        np.concatenate([np.arange(n), n + joint.indptr]),
        np.concatenate([np.arange(n), joint.indices]),
    )
    names = np.concatenate([
        circuits.ids, np.array([key[0] for key in several], dtype=object)
    ])  # fmt: skip
    lone = {rows[0]: key[0] for key, rows in members.items() if len(rows) == 1}
    for circuit, group in lone.items():
        names[circuit] = group
    routes = compose(table, compose(circuits.segments, circuits.segment_routes))
    is_last = _are_in_last_segments(network)
    exempt = _exempt(network, table, routes, is_last)
    a_is_home = network.places.padded_home[circuits.a[table.indices[table.indptr[:-1]]]] >= 0
    unsure = _have_unsure_ends(network, routes, is_last) & (exempt.counts > a_is_home)
    return JudgedUnits(table, group_of, routes, exempt, names, unsure)


def _are_in_last_segments(network: LayeredNetwork) -> NDArray[np.bool_]:
    """Find the routes of the last segments, which end at the centre."""
    circuits, routes = network.circuits, network.circuits.routes
    last_segment = np.full(len(circuits), -1, dtype=np.int64)
    last_segment[circuits.segments.owners] = circuits.segments.indices
    return np.asarray(routes.segment == last_segment[routes.circuit])


def _exempt(
    network: LayeredNetwork, circuits_of: Csr, routes_of: Csr, is_last: NDArray[np.bool_]
) -> Csr:
    """Homes of A and of the centre, as far as every route of the unit ends there.

    A centre that only some routes end at is a place like any other for the rest of them. Where
    an end is not known, and so no route, the places at which routes begin and end may be it.
    """
    circuits, routes = network.circuits, network.circuits.routes
    home, route = network.places.padded_home, routes_of.indices
    reached = home[routes.end_place]
    a_home = home[circuits.a[circuits_of.indices[circuits_of.indptr[:-1]]]]
    end = _common_value(
        routes_of.owners[is_last[route]], reached[route[is_last[route]]], len(a_home)
    )
    own = np.sort(np.column_stack([a_home, end]), axis=1)
    is_kept = own >= 0
    is_kept[:, 1] &= own[:, 0] != own[:, 1]
    exempt = Csr(np.append(0, np.cumsum(is_kept.sum(axis=1))), own[is_kept])
    is_open = (circuits.a < 0) | (circuits.b < 0)
    odd = np.zeros(len(circuits_of), dtype=bool)  # whose ends are not all known
    odd[circuits_of.owners[is_open[circuits_of.indices]]] = True
    odd[routes_of.owners[(is_last & ~routes.is_known)[route]]] = True
    if not odd.any():
        return exempt
    rows = [exempt.row(unit).tolist() for unit in range(len(exempt))]
    ends = _last_homes(network, is_last)
    for unit in np.flatnonzero(odd).tolist():
        members, own_routes = circuits_of.row(unit), routes_of.row(unit)
        homes = {int(a_home[unit])}
        if is_open[members].any() and not routes.is_known[own_routes].any():
            homes |= {int(home[place]) for r in own_routes for place in _stops(network, int(r))}
        last = [ends[r] for r in own_routes.tolist() if ends[r]]
        homes |= set(last[0]).intersection(*last[1:]) if last else set()
        rows[unit] = sorted(homes - {-1})
    return csr_of_lists(rows)


def _have_unsure_ends(
    network: LayeredNetwork, routes_of: Csr, is_last: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Find the units with a route of which nobody knows at which of several ends it arrives."""
    circuits, routes = network.circuits, network.circuits.routes
    home = network.places.padded_home
    first, second = home[circuits.b], home[circuits.b2]
    has_second = network.inventory.table("circuits")["b2_id"][circuits.rows] != ""
    may_differ = (first < 0) | (has_second & (second != first))
    is_unsure = is_last & ~routes.is_known & may_differ[routes.circuit]
    result = np.zeros(len(routes_of), dtype=bool)
    result[routes_of.owners[is_unsure[routes_of.indices]]] = True
    return result


def _common_value(owner: Ints, value: Ints, n: int) -> Ints:
    """Value that all entries of each owner have; -1 where they differ, or there are none."""
    low, high = np.full(n, np.iinfo(np.int64).max), np.full(n, -1)
    np.minimum.at(low, owner, value)
    np.maximum.at(high, owner, value)
    return np.where(low == high, high, -1)


def _stops(network: LayeredNetwork, route: int) -> list[int]:
    """Places at which a route begins and ends."""
    routes = network.circuits.routes
    low, high = routes.links.indptr[route], routes.links.indptr[route + 1]
    return [int(routes.entry[low]), int(routes.exit_[high - 1])] if low < high else []


def _last_homes(network: LayeredNetwork, is_last: NDArray[np.bool_]) -> list[tuple[int, ...]]:
    """Homes at which each route of a last segment may end; none for the other routes."""
    circuits, routes = network.circuits, network.circuits.routes
    home = network.places.padded_home
    reached = home[routes.end_place].tolist()
    b, b2 = home[circuits.b][routes.circuit].tolist(), home[circuits.b2][routes.circuit].tolist()
    return [
        () if not last else (reached[i],) if known else (b[i], b2[i])
        for i, (last, known) in enumerate(
            zip(is_last.tolist(), routes.is_known.tolist(), strict=True)
        )
    ]
