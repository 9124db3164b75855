"""What is judged together: each circuit by itself, and each group of circuits of one site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.shared_sets import Units
from netgraph.topology.csr import Csr, csr_of_lists

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
    """

    circuits: Csr
    group_of_circuit: Ints
    routes: Csr
    exempt: Csr
    names: NDArray[np.object_]

    def __len__(self) -> int:
        """Count the units."""
        return len(self.circuits)

    def subset(
        self, network: LayeredNetwork, keep_route: NDArray[np.bool_], judge: NDArray[np.bool_]
    ) -> Units:
        """Units over some of the routes only, for the kernel."""
        circuits = network.circuits
        table = circuits.segment_routes
        keep = keep_route[table.indices]
        counts = np.bincount(table.owners[keep], minlength=len(table))
        kept = Csr(np.concatenate([[0], np.cumsum(counts)]), table.indices[keep])
        return Units(self.circuits, circuits.segments, kept, self.exempt, judge)


def build_units(network: LayeredNetwork) -> JudgedUnits:
    """Give the units numbers; circuits of a group with different A ends are judged apart."""
    circuits = network.circuits
    n = len(circuits)
    members: dict[tuple[str, int], list[int]] = {}
    for circuit in range(n):
        key = (circuits.group[circuit], int(circuits.a[circuit]))
        if key[0] and key[1] >= 0:
            members.setdefault(key, []).append(circuit)
    several = {key: rows for key, rows in members.items() if len(rows) > 1}
    group_of = np.arange(n, dtype=np.int64)
    for unit, rows in enumerate(several.values(), start=n):
        group_of[rows] = unit
    table = csr_of_lists([[i] for i in range(n)] + list(several.values()))
    names = np.concatenate([
        circuits.ids, np.array([key[0] for key in several], dtype=object)
    ])  # fmt: skip
    lone = {rows[0]: key[0] for key, rows in members.items() if len(rows) == 1}
    for circuit, group in lone.items():
        names[circuit] = group
    routes = csr_of_lists([
        np.concatenate([circuits.routes_of(int(c)) for c in table.row(unit)])
        for unit in range(len(table))
    ])  # fmt: skip
    return JudgedUnits(table, group_of, routes, _exempt(network, table, routes), names)


def _exempt(network: LayeredNetwork, circuits_of: Csr, routes_of: Csr) -> Csr:
    """Homes of A and of the centre, as far as every route of the unit ends there.

    A centre that only some routes end at is a place like any other for the rest of them. Where
    an end is not known, and so no route, the places at which routes begin and end may be it.
    """
    circuits, routes = network.circuits, network.circuits.routes
    home = network.places.padded_home
    last_segment = np.array(
        [row[-1] if len(row := circuits.segments.row(c)) else -1 for c in range(len(circuits))],
        dtype=np.int64,
    )

    def stops(route: int) -> list[int]:
        low, high = routes.links.indptr[route], routes.links.indptr[route + 1]
        return [int(routes.entry[low]), int(routes.exit_[high - 1])] if low < high else []

    rows = []
    for unit in range(len(circuits_of)):
        members = circuits_of.row(unit)
        own = {int(home[circuits.a[c]]) for c in members}
        is_open = (circuits.a[members] < 0).any() or (circuits.b[members] < 0).any()
        if is_open and not routes.is_known[routes_of.row(unit)].any():
            own |= {int(home[place]) for route in routes_of.row(unit) for place in stops(route)}
        ends: set[int] | None = None
        for route in routes_of.row(unit):
            circuit = routes.circuit[route]
            if routes.segment[route] != last_segment[circuit]:
                continue
            either = (circuits.b[circuit], circuits.b2[circuit])
            places = (routes.end_place[route],) if routes.is_known[route] else either
            end = {int(home[place]) for place in places}
            ends = end if ends is None else ends & end
        rows.append(sorted((own | (ends or set())) - {-1}))
    return csr_of_lists(rows)
