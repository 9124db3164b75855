"""What is to be computed: one row for every circuit and group, then one for every site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.availability.formulas import MOST_ATOMS, all_of, any_of, in_order
from netgraph.diversity.availability.rates import SECTIONS
from netgraph.diversity.hazards import TIER_RANK
from netgraph.diversity.levels import Section
from netgraph.topology.csr import csr_of_pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.availability.formulas import Formula, Ordered
    from netgraph.diversity.availability.rates import Rates
    from netgraph.diversity.availability.structure import Structure
    from netgraph.topology.csr import Csr, Ints

#: Name in the rates of each section of a route, in the order of the sections.
_RATE_SECTION = {
    Section.ACCESS_A: "access", Section.UPLINK: "uplink", Section.INTRA: "intra_province",
    Section.INTER: "inter_province", Section.ACCESS_B: "access",
}  # fmt: skip


class Drafts:
    """Rows to compute.

    Attributes
    ----------
    formulas, hours
        When each row is up (a position in `ordered`), and its hours to repair (a position in
        `profiles`, which give hours by section).
    target_minutes
        What the tier allows a year.
    is_bound
        Rows that are simplified: their figures are upper bounds.
    missing
        Rows without a figure, and the records that are missing.
    sums
        Rows that are computed as the sum of other rows.
    ordered
        The distinct formulas.
    """

    def __init__(self, audit: Audit, structure: Structure, rates: Rates) -> None:
        self.formulas: list[int] = []
        self.hours: list[int] = []
        self.target_minutes: list[float] = []
        self.is_bound: list[bool] = []
        self.missing: dict[int, tuple[str, ...]] = {}
        self.sums: dict[int, list[int]] = {}
        self._number = {formula: i for i, formula in enumerate(structure.formulas)}
        self._distinct = list(structure.formulas)
        self.ordered: list[Ordered] = [in_order(formula) for formula in structure.formulas]
        self._of_circuit = structure.circuits
        self._is_simplified = structure.is_simplified
        self._units = audit.units
        # What is not drawn matters only where it may fail with something that has a rate.
        verdicts = audit.verdicts
        self._missing = {
            unit: tuple(dict.fromkeys(n for n in names if n not in verdicts.undrawn.get(unit, ())))
            for unit, names in verdicts.lacking.items()
        }
        self._profiles = _Profiles(audit, rates)
        self._places = _circuits_of_places(audit)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.formulas)

    @property
    def profiles(self) -> list[tuple[float, ...]]:
        """Hours to repair by section that rows have."""
        return self._profiles.hours

    def add_units(self) -> None:
        """Add a row for every circuit and group."""
        self._add_lone_circuits()
        for unit in range(len(self), len(self._units)):
            group = self._units.circuits.row(unit).tolist()
            formula, is_cut = self._group(group)
            self._add(group, formula, [unit], is_bound=is_cut)

    def _add_lone_circuits(self) -> None:
        """Add a row for every circuit by itself: units are numbered from these on."""
        self.formulas += self._of_circuit
        self.is_bound += self._is_simplified
        hours, targets = self._profiles.of_each()
        self.hours += hours
        self.target_minutes += targets
        circuits = range(len(self._of_circuit))
        self.missing |= {c: self._missing[c] for c in circuits if self._missing.get(c)}

    def add_sites(self) -> Ints:
        """Add a row for every site with circuits; return their places."""
        places, members = self._places
        unit_of = self._units.group_of_circuit.tolist()
        for row in range(len(places)):
            circuits = members.row(row).tolist()
            units = list(dict.fromkeys([unit_of[circuit] for circuit in circuits]))
            if len(units) == 1 and self.ordered[self.formulas[units[0]]].size <= MOST_ATOMS:
                self._add_again(units[0])
                continue
            groups = [self._group(self._units.circuits.row(unit).tolist()) for unit in units]
            whole = self._joined(all_of, [formula for formula, _ in groups])
            is_too_large = self.ordered[whole].size > MOST_ATOMS
            if is_too_large:
                self.sums[len(self)] = units
                whole = groups[0][0]  # stands in; the sum is what counts
            everything = [c for unit in units for c in self._units.circuits.row(unit).tolist()]
            is_bound = is_too_large or any(is_cut for _, is_cut in groups)
            self._add(everything, whole, units, is_bound=is_bound)
        return places

    def _add_again(self, row: int) -> None:
        """Add what stands in a row once more."""
        if row in self.missing:
            self.missing[len(self)] = self.missing[row]
        self.hours.append(self.hours[row])
        self.target_minutes.append(self.target_minutes[row])
        self.is_bound.append(self.is_bound[row])
        self.formulas.append(self.formulas[row])

    def _add(self, circuits: list[int], formula: int, units: list[int], *, is_bound: bool) -> None:
        """Add a row over some circuits, which are judged together as some units."""
        judged = [*circuits, *units]
        missing = dict.fromkeys(text for unit in judged for text in self._missing.get(unit, ()))
        if missing:
            self.missing[len(self)] = tuple(missing)
        hours, target = self._profiles.of_circuits(circuits)
        self.hours.append(hours)
        self.target_minutes.append(target)
        self.is_bound.append(is_bound or any(self._is_simplified[c] for c in circuits))
        self.formulas.append(formula)

    def _group(self, group: list[int]) -> tuple[int, bool]:
        """Give a group's formula, over as many circuits as can be computed exactly together."""
        if len(group) == 1:
            return self._of_circuit[group[0]], False
        distinct = list(dict.fromkeys(self._of_circuit[c] for c in group))
        whole = self._joined(any_of, distinct)
        for kept in range(len(distinct) - 1, 0, -1):
            if self.ordered[whole].size <= MOST_ATOMS:
                return whole, kept + 1 < len(distinct)
            whole = self._joined(any_of, distinct[:kept])  # one circuit fewer is never better
        return whole, len(distinct) > 1

    def _joined(self, join: Callable[[list[Formula]], Formula], parts: list[int]) -> int:
        """Position of the series or parallel of formulas."""
        if len(set(parts)) == 1:
            return parts[0]
        formula = join([self._distinct[part] for part in parts])
        number = self._number.setdefault(formula, len(self._distinct))
        if number == len(self._distinct):
            self._distinct.append(formula)
            self.ordered.append(in_order(formula))
        return number


class _Profiles:
    """Hours to repair and targets of the circuits, each distinct one once."""

    def __init__(self, audit: Audit, rates: Rates) -> None:
        tiers = _tiers(audit)
        self._number: dict[tuple[float, ...], int] = {}
        self.hours: list[tuple[float, ...]] = []
        self._of_circuit = [self._add(hours) for hours in _repair_hours(audit, rates, tiers)]
        self._rank = [TIER_RANK.get(tier, len(TIER_RANK)) for tier in tiers]
        self._target = [rates.target_minutes_year(tier) for tier in (*TIER_RANK, "")]

    def _add(self, hours: tuple[float, ...]) -> int:
        number = self._number.setdefault(hours, len(self.hours))
        if number == len(self.hours):
            self.hours.append(hours)
        return number

    def of_each(self) -> tuple[list[int], list[float]]:
        """Hours and target of each circuit by itself."""
        return self._of_circuit, [self._target[rank] for rank in self._rank]

    def of_circuits(self, circuits: list[int]) -> tuple[int, float]:
        """Longest hours of some circuits, and the target of their highest tier."""
        target = self._target[min(self._rank[c] for c in circuits)]
        numbers = {self._of_circuit[c] for c in circuits}
        if len(numbers) == 1:
            return self._of_circuit[circuits[0]], target
        several = (self.hours[number] for number in numbers)
        return self._add(tuple(max(hours) for hours in zip(*several, strict=True))), target


def _circuits_of_places(audit: Audit) -> tuple[Ints, Csr]:
    """Places at which circuits start, and the circuits of each."""
    a = audit.network.circuits.a
    known = np.flatnonzero(a >= 0)
    places, row = np.unique(a[known], return_inverse=True)
    return places, csr_of_pairs(row.reshape(-1), known, len(places))


def _tiers(audit: Audit) -> list[str]:
    """Tier of each circuit: its own, else its site's."""
    network = audit.network
    table = network.inventory.table("sites")["tier"]
    n_offices = len(network.inventory.table("offices"))
    return [
        tier or (str(table[place - n_offices]) if 0 <= place - n_offices < len(table) else "")
        for tier, place in zip(
            network.circuits.tier.tolist(), network.circuits.a.tolist(), strict=True
        )
    ]


def _repair_hours(audit: Audit, rates: Rates, tiers: list[str]) -> list[tuple[float, ...]]:
    """Hours to repair of each circuit, one for each section of a route."""
    circuits = audit.network.circuits
    limits = audit.network.inventory.table("circuits")["repair_limit_h"][circuits.rows]
    names = {tier: {s: rates.repair_hours(tier, s) for s in SECTIONS} for tier in set(tiers)}
    of_tier = {
        tier: tuple(hours[_RATE_SECTION[section]] for section in Section)
        for tier, hours in names.items()
    }
    n_sections = len(Section)  # enumerations are slow to count
    return [
        of_tier[tier] if np.isnan(limit) else (limit,) * n_sections
        for tier, limit in zip(tiers, limits.tolist(), strict=True)
    ]
