"""Which shared elements count, for all units at once: kinds as bit masks, whole and by section."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import Section
from netgraph.diversity.sections import SECTION_BIT
from netgraph.diversity.verdict_kinds import INDOOR, LOGICAL, PLANT, SUSPECT, TOLERABLE
from netgraph.topology.csr import Csr, csr_of_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.shared_sets import SharedSets
    from netgraph.diversity.units import JudgedUnits
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints

    Flags = NDArray[np.bool_]


def _bits(kinds: Flags) -> int:
    return sum(1 << int(kind) for kind in np.flatnonzero(kinds))


#: Masks of the kinds that weigh on each aspect.
PLANT_BITS, LOGICAL_BITS, INDOOR_BITS = _bits(PLANT), _bits(LOGICAL), _bits(INDOOR)
KIND_BITS = (1 << SUSPECT + 1) - 1
#: Beside its kind: a device that is known to have no hot standby, or of which that is not known.
NO_STANDBY_BIT, UNKNOWN_STANDBY_BIT = 1 << SUSPECT + 1, 1 << SUSPECT + 2


@dataclass(frozen=True)
class Ground:
    """What sifting looks at, by element or risk group.

    Attributes
    ----------
    kind, bits
        Kind, and the bits that an element adds to a mask.
    home
        Building that it stands in, -1 outside.
    section_ends
        Buildings at the ends of each section on every route of a unit, -1 for none; shape
        (units, sections, 2).
    tolerance_m
        How far from an end plant is tolerated.
    """

    kind: Ints
    bits: Ints
    home: Ints
    section_ends: Ints
    tolerance_m: float


@dataclass(frozen=True)
class Sifted:
    """Kinds of the shared elements that count, as bit masks.

    Attributes
    ----------
    kinds
        Shape (units,).
    in_section
        By section, with the buildings at its two ends exempt; shape (units, sections).
    access_at_b
        In the access section at B, with the tolerance at B; shape (units,).
    """

    kinds: Ints
    in_section: Ints
    access_at_b: Ints


def lay_ground(
    network: LayeredNetwork, kind: Ints, section_ends: Ints, tolerance_m: float
) -> Ground:
    """Look up once what is asked of every element."""
    elements, standby = network.elements, network.equipment.hot_standby
    bits = np.left_shift(1, kind)
    first = elements.offset["equipment"]
    device = bits[first : first + len(standby)]
    device[standby == 0] |= NO_STANDBY_BIT
    device[standby < 0] |= UNKNOWN_STANDBY_BIT
    home = np.full(len(kind), -1, dtype=np.int64)
    home[: len(elements)] = elements.home
    return Ground(kind, bits, home, section_ends, tolerance_m)


def common_section_ends(units: JudgedUnits, section_homes: Ints) -> Ints:
    """Find the buildings that are an end of a section on every route that has it.

    Parameters
    ----------
    section_homes
        Of the routes; shape (routes, sections, 2).

    Returns
    -------
    ndarray of shape (units, sections, 2)
        -1 for none.
    """
    owner, homes = units.routes.owners, section_homes[units.routes.indices]
    has_section = np.asarray((homes >= 0).any(axis=2))
    result = np.full((len(units), *section_homes.shape[1:]), -1, dtype=np.int64)
    for section in range(section_homes.shape[1]):
        rows = np.flatnonzero(has_section[:, section])[::-1]
        # The last of repeated assignments stands: that of the unit's first route.
        result[owner[rows], section] = homes[rows, section]
        candidates = result[owner[rows], section]
        same = candidates[:, :, None] == homes[rows, section][:, None, :]
        found = np.asarray(same.any(axis=2))
        for end in range(2):
            result[owner[rows[~found[:, end]]], section, end] = -1
    return result


def sift(sets: SharedSets, ground: Ground) -> Sifted:
    """Leave out what stands at a unit's own ends and what is tolerated; O(entries)."""
    owner, n_units = _owners(sets), len(sets.indptr) - 1
    near_a, near_b = (m <= ground.tolerance_m for m in (sets.from_a_m, sets.from_b_m))
    tolerable = TOLERABLE[ground.kind[sets.element]]
    bits, home = ground.bits[sets.element], ground.home[sets.element]
    counts = ~sets.is_own_end & ~(tolerable & near_a)
    in_section = np.zeros((n_units, len(Section)), dtype=np.int64)
    at_b = np.zeros(n_units, dtype=np.int64)
    for section, bit in SECTION_BIT.items():
        here = np.flatnonzero((sets.sections >> bit & 1 == 1) & ~sets.is_own_end)
        ends = ground.section_ends[owner[here], bit]
        here = here[~((ends == home[here][:, None]) & (ends >= 0)).any(axis=1)]
        rows = here[counts[here]]
        np.bitwise_or.at(in_section[:, bit], owner[rows], bits[rows])
        if section is Section.ACCESS_B:
            rows = rows[~(tolerable & near_b)[rows]]
            np.bitwise_or.at(at_b, owner[rows], bits[rows])
    return Sifted(_or_by_unit(owner, bits, counts, n_units), in_section, at_b)


def split_tolerated(sets: SharedSets, ground: Ground) -> tuple[Csr, Csr]:
    """Tell the elements of each unit that count from those tolerated at A; both ascending."""
    owner, n_units = _owners(sets), len(sets.indptr) - 1
    tolerated = TOLERABLE[ground.kind[sets.element]] & (sets.from_a_m <= ground.tolerance_m)
    tolerated &= ~sets.is_own_end
    width = len(ground.kind)
    both = []
    for keep in (~sets.is_own_end & ~tolerated, tolerated):
        key = np.sort(owner[keep] * width + sets.element[keep])
        both.append(csr_of_pairs(key // width, key % width, n_units))
    return both[0], both[1]


def _owners(sets: SharedSets) -> Ints:
    return np.repeat(np.arange(len(sets.indptr) - 1), np.diff(sets.indptr))


def _or_by_unit(owner: Ints, bits: Ints, keep: Flags, n_units: int) -> Ints:
    result = np.zeros(n_units, dtype=np.int64)
    np.bitwise_or.at(result, owner[keep], bits[keep])
    return result
