"""Which shared elements count, for all units at once: kinds as bit masks, whole and by section."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.audit.sections import SECTION_BIT
from netgraph.diversity.levels import Section
from netgraph.diversity.verdict_kinds import INDOOR, LOGICAL, PLANT, POSSIBLE, TOLERABLE
from netgraph.topology.csr import Csr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netgraph.diversity.audit.units import JudgedUnits
    from netgraph.diversity.sharing.sets import SharedSets
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints

    Flags = NDArray[np.bool_]


def _bits(kinds: Flags) -> int:
    return sum(1 << int(kind) for kind in np.flatnonzero(kinds))


_BLOCK = 1 << 18

#: Masks of the kinds that weigh on each aspect.
PLANT_BITS, LOGICAL_BITS, INDOOR_BITS = _bits(PLANT), _bits(LOGICAL), _bits(INDOOR)
#: A common element of these kinds, or of these or a group that it may be in, leaves plant open.
OPEN_BITS = PLANT_BITS | 1 << POSSIBLE
KIND_BITS = (1 << POSSIBLE + 1) - 1
#: Beside its kind: a device that is known to have no hot standby, or of which that is not known.
NO_STANDBY_BIT, UNKNOWN_STANDBY_BIT = 1 << POSSIBLE + 1, 1 << POSSIBLE + 2


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
    n_units = len(sets.indptr) - 1
    found = Sifted(
        np.zeros(n_units, dtype=np.int64),
        np.zeros((n_units, len(Section)), dtype=np.int64),
        np.zeros(n_units, dtype=np.int64),
    )
    for rows, owner in _blocks(sets):
        _sift_block(sets, rows, owner, ground, found)
    return found


def _sift_block(sets: SharedSets, rows: slice, owner: Ints, ground: Ground, found: Sifted) -> None:
    element, is_own = sets.element[rows], sets.is_own_end[rows]
    tolerable = TOLERABLE[ground.kind[element]]
    bits, home = ground.bits[element], ground.home[element]
    counts = ~is_own & ~(tolerable & (sets.from_a_m[rows] <= ground.tolerance_m))
    near_b = tolerable & (sets.from_b_m[rows] <= ground.tolerance_m)
    np.bitwise_or.at(found.kinds, owner[counts], bits[counts])
    for section, bit in SECTION_BIT.items():
        here = np.flatnonzero(counts & (sets.sections[rows] >> bit & 1 == 1))
        ends = ground.section_ends[owner[here], bit]
        here = here[~((ends == home[here][:, None]) & (ends >= 0)).any(axis=1)]
        np.bitwise_or.at(found.in_section[:, bit], owner[here], bits[here])
        if section is Section.ACCESS_B:
            here = here[~near_b[here]]
            np.bitwise_or.at(found.access_at_b, owner[here], bits[here])


def split_tolerated(sets: SharedSets, ground: Ground) -> tuple[Csr, Csr]:
    """Tell the elements of each unit that count from those tolerated at A; both ascending."""
    width, n_units = len(ground.kind), len(sets.indptr) - 1
    found = np.empty((2, len(sets.element)), dtype=np.int64)
    sizes = np.zeros((2, n_units), dtype=np.int64)
    at = [0, 0]
    for rows, owner in _blocks(sets):
        element, is_own = sets.element[rows], sets.is_own_end[rows]
        tolerated = TOLERABLE[ground.kind[element]] & ~is_own
        tolerated &= sets.from_a_m[rows] <= ground.tolerance_m
        for i, keep in enumerate((~is_own & ~tolerated, tolerated)):
            part = np.sort(owner[keep] * width + element[keep]) % width
            found[i, at[i] : at[i] + len(part)] = part
            sizes[i] += np.bincount(owner[keep], minlength=n_units)
            at[i] += len(part)
    counted, tolerable = (
        Csr(np.append(0, np.cumsum(size)), row[:n])
        for size, row, n in zip(sizes, found, at, strict=True)
    )
    return counted, tolerable


def _blocks(sets: SharedSets) -> Iterator[tuple[slice, Ints]]:
    """Entries of some units at a time, with the unit of each: what is laid beside them is large."""
    n_units, low = len(sets.indptr) - 1, 0
    while low < n_units:
        room = sets.indptr[low] + _BLOCK
        high = max(low + 1, int(np.searchsorted(sets.indptr, room, side="right")) - 1)
        counts = np.diff(sets.indptr[low : high + 1])
        owner = np.repeat(np.arange(low, high), counts)
        yield slice(int(sets.indptr[low]), int(sets.indptr[high])), owner
        low = high
