"""What is to be computed: one row for every circuit and group, then one for every site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.availability.formulas import MOST_ATOMS
from netgraph.diversity.availability.rates import SECTIONS
from netgraph.diversity.hazards import TIER_RANK
from netgraph.diversity.levels import Section
from netgraph.diversity.sharing.alike import first_of
from netgraph.topology.csr import Csr, compose, csr_of_pairs, one_below_the_other

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.availability.formulas import Formula
    from netgraph.diversity.availability.rates import Rates
    from netgraph.diversity.availability.structure import Structure
    from netgraph.topology.csr import Ints

    Floats = NDArray[np.float64]

#: Name in the rates of each section of a route, in the order of the sections.
_RATE_SECTION = {
    Section.ACCESS_A: "access", Section.UPLINK: "uplink", Section.INTRA: "intra_province",
    Section.INTER: "inter_province", Section.ACCESS_B: "access",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Drafts:
    """Rows to compute: the circuits, the groups, then the sites; arrays of shape (rows,).

    Attributes
    ----------
    n_units, places
        How many rows are circuits and groups; and the places of the sites that follow.
    formula, hours
        When each row is up (a position in `formulas`), and its hours to repair (a position in
        `profiles`, which give hours by section).
    target_minutes
        What the tier allows a year.
    is_bound
        Rows that are simplified: their figures are upper bounds.
    missing
        Rows without a figure, and the records that are missing.
    sums
        Rows that are computed as the sum of other rows.
    formulas, profiles
        The distinct ones.
    """

    n_units: int
    places: Ints
    formula: Ints
    hours: Ints
    target_minutes: Floats
    is_bound: NDArray[np.bool_]
    missing: dict[int, tuple[str, ...]]
    sums: dict[int, list[int]]
    formulas: list[Formula]
    profiles: list[tuple[float, ...]]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.formula)


def draft_rows(audit: Audit, structure: Structure, rates: Rates) -> Drafts:
    """Say of every circuit, group and site when it is up; O(circuits)."""
    units, n = audit.units, len(audit.units)
    places, of_place = _circuits_of_places(audit)
    sites = _distinct_in_order(of_place, units.group_of_circuit)
    judged_as = one_below_the_other([Csr(np.arange(n + 1), np.arange(n)), sites])
    circuits = compose(judged_as, units.circuits)
    joining = _Joining(structure)
    of_unit, is_cut = joining.units(units.circuits)
    of_site, is_summed = joining.sites(sites, of_unit)
    is_bound = _any(judged_as, is_cut) | _any(circuits, structure.is_simplified)
    is_bound[n:] |= is_summed
    hours, profiles, target = _profiles(audit, rates, circuits)
    return Drafts(
        n_units=n,
        places=places,
        formula=np.concatenate([of_unit, of_site]),
        hours=hours,
        target_minutes=target,
        is_bound=is_bound,
        missing=_missing(audit, judged_as, circuits),
        sums={n + i: sites.row(i).tolist() for i in np.flatnonzero(is_summed).tolist()},
        formulas=joining.formulas,
        profiles=profiles,
    )


class _Joining:
    """Formulas of what consists of several circuits."""

    def __init__(self, structure: Structure) -> None:
        self._shapes = structure.shapes
        self._of_circuit = structure.circuits
        self.formulas = list(structure.formulas)
        self._number = {formula: i for i, formula in enumerate(self.formulas)}

    def units(self, circuits_of: Csr) -> tuple[Ints, NDArray[np.bool_]]:
        """Formulas of circuits and groups; of a group, over as many circuits as can be computed.

        Exactly together, that is; the others are told.
        """
        first = self._of_circuit[circuits_of.indices[circuits_of.indptr[:-1]]]
        is_cut = np.zeros(len(circuits_of), dtype=bool)
        for unit in np.flatnonzero(circuits_of.counts > 1).tolist():
            group = self._of_circuit[circuits_of.row(unit)].tolist()
            first[unit], is_cut[unit] = self._group(list(dict.fromkeys(group)))
        return first, is_cut

    def _group(self, distinct: list[int]) -> tuple[int, bool]:
        any_of = self._shapes.any_of
        whole = self._joined(any_of, distinct)
        for kept in range(len(distinct) - 1, 0, -1):
            if self._size(whole) <= MOST_ATOMS:
                return whole, kept + 1 < len(distinct)
            whole = self._joined(any_of, distinct[:kept])  # one circuit fewer is never better
        return whole, len(distinct) > 1

    def sites(self, units_of: Csr, of_unit: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """Formulas of sites, which need all of their groups.

        Some have too many parts for one figure: the figures of their groups are added up.
        """
        formula = of_unit[units_of.indices[units_of.indptr[:-1]]]
        for site in np.flatnonzero(units_of.counts > 1).tolist():
            groups = of_unit[units_of.row(site)].tolist()
            formula[site] = self._joined(self._shapes.all_of, list(dict.fromkeys(groups)))
        size_of_shape = np.array(self._shapes.sizes, dtype=np.int64)
        shape = np.array([each.shape for each in self.formulas], dtype=np.int64)
        is_summed = size_of_shape[shape[formula]] > MOST_ATOMS
        formula[is_summed] = of_unit[units_of.indices[units_of.indptr[:-1]]][is_summed]
        return formula, is_summed

    def _size(self, number: int) -> int:
        return self._shapes.sizes[self.formulas[number].shape]

    def _joined(self, join: Callable[[list[Formula]], Formula], distinct: list[int]) -> int:
        """Position of the series or parallel of formulas."""
        if len(distinct) == 1:
            return distinct[0]
        formula = join([self.formulas[part] for part in distinct])
        number = self._number.setdefault(formula, len(self.formulas))
        if number == len(self.formulas):
            self.formulas.append(formula)
        return number


def _any(table: Csr, mark: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows with a marked entry."""
    result = np.zeros(len(table), dtype=bool)
    result[table.owners[mark[table.indices]]] = True
    return result


def _distinct_in_order(table: Csr, number: Ints) -> Csr:
    """Rows of the distinct numbers of entries, as they come."""
    owner = table.owners
    first = np.unique(first_of(owner * (int(number.max(initial=0)) + 1) + number[table.indices]))
    return Csr(
        np.searchsorted(owner[first], np.arange(len(table) + 1)), number[table.indices[first]]
    )


def _missing(audit: Audit, judged_as: Csr, circuits: Csr) -> dict[int, tuple[str, ...]]:
    """Name the records that rows lack, by their circuits or as what these are judged as."""
    # What is not drawn matters only where it may fail with something that has a rate.
    verdicts = audit.verdicts
    lacking = {
        unit: tuple(dict.fromkeys(n for n in names if n not in verdicts.undrawn.get(unit, ())))
        for unit, names in verdicts.lacking.items()
    }
    mark = np.zeros(len(audit.units), dtype=bool)
    mark[[unit for unit, names in lacking.items() if names]] = True
    found = {}
    for row in np.flatnonzero(_any(judged_as, mark) | _any(circuits, mark)).tolist():
        judged = [*circuits.row(row).tolist(), *judged_as.row(row).tolist()]
        found[row] = tuple(dict.fromkeys(text for u in judged for text in lacking.get(u, ())))
    return found


def _profiles(
    audit: Audit, rates: Rates, circuits: Csr
) -> tuple[Ints, list[tuple[float, ...]], Floats]:
    """Longest hours of the circuits of each row, and the target of their highest tier.

    Returns
    -------
    hours, profiles
        Position of each row's hours in the distinct ones.
    target
        Minutes a year; shape (rows,).
    """
    code, tiers = _tiers(audit)
    number: dict[tuple[float, ...], int] = {}
    of_circuit = _repair_hours(audit, rates, code, tiers, number)
    profiles = np.array(list(number), dtype=np.float64).reshape(-1, len(Section))
    starts, of_row = circuits.indptr[:-1], of_circuit[circuits.indices]
    least, most = (ufunc.reduceat(of_row, starts) for ufunc in (np.minimum, np.maximum))
    longest = np.maximum.reduceat(profiles[of_row], starts)
    several = np.flatnonzero(least != most)
    told = map(tuple, longest[several].tolist())
    least[several] = [number.setdefault(hours, len(number)) for hours in told]
    rank = np.array([TIER_RANK.get(tier, len(TIER_RANK)) for tier in tiers], dtype=np.int64)[code]
    targets = np.array([rates.target_minutes_year(tier) for tier in (*TIER_RANK, "")], dtype=float)
    highest = np.minimum.reduceat(rank[circuits.indices], starts)
    return least, list(number), targets[highest]


def _circuits_of_places(audit: Audit) -> tuple[Ints, Csr]:
    """Places at which circuits start, and the circuits of each."""
    a = audit.network.circuits.a
    known = np.flatnonzero(a >= 0)
    places, row = np.unique(a[known], return_inverse=True)
    return places, csr_of_pairs(row.reshape(-1), known, len(places))


def _tiers(audit: Audit) -> tuple[Ints, list[str]]:
    """Tier of each circuit (its own, else its site's), as a position in the distinct ones."""
    network, number = audit.network, dict[str, int]()
    circuits, table = network.circuits, network.inventory.table("sites")["tier"]
    code = np.array([number.setdefault(t, len(number)) for t in circuits.tier], dtype=np.int64)
    site = circuits.a - len(network.inventory.table("offices"))
    bare = np.flatnonzero((code == number.get("", -1)) & (site >= 0) & (site < len(table)))
    code[bare] = [number.setdefault(str(t), len(number)) for t in table[site[bare]]]
    return code, list(number)


def _repair_hours(
    audit: Audit, rates: Rates, tier: Ints, tiers: list[str], number: dict[tuple[float, ...], int]
) -> Ints:
    """Hours to repair of each circuit, one for each section of a route; numbered in `number`."""
    circuits = audit.network.circuits
    limits = audit.network.inventory.table("circuits")["repair_limit_h"][circuits.rows]
    of_tier = []
    for name in tiers:
        hours = {section: rates.repair_hours(name, section) for section in SECTIONS}
        told = tuple(hours[_RATE_SECTION[section]] for section in Section)
        of_tier.append(number.setdefault(told, len(number)))
    found = np.array(of_tier, dtype=np.int64)[tier]
    limited = np.flatnonzero(~np.isnan(limits))
    n_sections = len(Section)  # enumerations are slow to count
    told_limits = ((limit,) * n_sections for limit in limits[limited].tolist())
    found[limited] = [number.setdefault(hours, len(number)) for hours in told_limits]
    return found
