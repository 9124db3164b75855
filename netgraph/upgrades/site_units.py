"""Which circuits of a site are judged together, and to which B ends they run.

Circuits that back each other up may end at one centre, or at several: then each needs only one
route, but the routes to the different centres must be apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import RANK, Level

if TYPE_CHECKING:
    from netgraph.diversity.audit.run import Audit


@dataclass(frozen=True)
class Unit:
    """Circuits of one site (positions) whose routes must be apart.

    Attributes
    ----------
    ends
        The different sets of B ends (places) of its circuits, ascending.
    level
        Worst recorded level.
    """

    circuits: tuple[int, ...]
    ends: tuple[tuple[int, ...], ...]
    level: Level

    @property
    def is_split(self) -> bool:
        """Whether its circuits end at different centres: one route to each is wanted then."""
        return len(self.ends) > 1


def recorded_level(audit: Audit, place: int) -> Level:
    """Worst level of the groups of a site (place number)."""
    circuits = np.flatnonzero(audit.network.circuits.a == place).tolist()
    levels = [audit.of_group(circuit).level for circuit in circuits]
    return min(levels, key=RANK.__getitem__, default=Level.UNDECIDABLE)


def ends_of(audit: Audit, circuit: int) -> tuple[int, ...]:
    """B ends of a circuit (places), ascending."""
    circuits = audit.network.circuits
    return tuple(sorted({int(circuits.b[circuit]), int(circuits.b2[circuit])} - {-1}))


def site_units(audit: Audit, place: int) -> list[Unit]:
    """List the units of a site; circuits and groups with one and the same set of B ends are one."""
    groups: dict[int, list[int]] = {}
    for circuit in np.flatnonzero(audit.network.circuits.a == place).tolist():
        groups.setdefault(audit.of_group(circuit).unit, []).append(circuit)
    plain: dict[tuple[int, ...], tuple[list[int], list[Level]]] = {}
    found = []
    for circuits in groups.values():
        ends = tuple(sorted({ends_of(audit, circuit) for circuit in circuits}))
        level = audit.of_group(circuits[0]).level
        if len(ends) > 1:
            found.append(Unit(tuple(circuits), ends, level))
            continue
        members, levels = plain.setdefault(ends[0], ([], []))
        members += circuits
        levels.append(level)
    for only, (members, levels) in plain.items():
        worst = min(levels, key=RANK.__getitem__)
        found.append(Unit(tuple(sorted(members)), (only,), worst))
    return sorted(found, key=lambda unit: unit.circuits)


def needy_units(audit: Audit, place: int, tier: str) -> list[Unit]:
    """Units of a site below the level that its tier requires, or not decided."""
    return [unit for unit in site_units(audit, place) if not audit.rules.meets(unit.level, tier)]
