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
    """Leave out what stands at the ends of each unit and what is tolerated; O(entries)."""
    n_rows = len(sets.indptr) - 1
    found = Sifted(
        np.zeros(n_rows, dtype=np.int64),
        np.zeros((n_rows, len(Section)), dtype=np.int64),
        np.zeros(n_rows, dtype=np.int64),
    )
    for low, high in _blocks(sets):
        _sift_block(sets, low, high, ground, found)
    row = sets.row_of_unit
    return Sifted(found.kinds[row], found.in_section[row], found.access_at_b[row])


def _sift_block(sets: SharedSets, low: int, high: int, ground: Ground, found: Sifted) -> None:
    entries = slice(sets.indptr[low], sets.indptr[high])
    element, sections = sets.element[entries], sets.sections[entries]
    tolerable = TOLERABLE[ground.kind[element]]
    counts = ~sets.is_own_end[entries]
    counts &= ~(tolerable & (sets.from_a_m[entries] <= ground.tolerance_m))
    near_b = tolerable & (sets.from_b_m[entries] <= ground.tolerance_m)
    bits = np.where(counts, ground.bits[element], 0)
    found.kinds[low:high] = _joined(bits, sets.indptr[low : high + 1])
    home = ground.home[element]
    housed = np.flatnonzero(home >= 0)  # few: most stand in no building
    owner = low + np.searchsorted(
        sets.indptr[low + 1 : high + 1], housed + sets.indptr[low], side="right"
    )
    at_end = home[housed][:, None] == ground.section_ends[sets.example[owner]].transpose(1, 0, 2)
    for section, bit in SECTION_BIT.items():
        here = np.where(sections >> bit & 1, bits, 0)
        here[housed[at_end[bit].any(axis=1)]] = 0
        found.in_section[low:high, bit] = _joined(here, sets.indptr[low : high + 1])
        if section is Section.ACCESS_B:
            here[near_b] = 0
            found.access_at_b[low:high] = _joined(here, sets.indptr[low : high + 1])


def _joined(bits: Ints, indptr: Ints) -> Ints:
    """Join the bits of each row; 0 for an empty one."""
    result = np.zeros(len(indptr) - 1, dtype=np.int64)
    some = np.flatnonzero(np.diff(indptr))
    if len(some):
        result[some] = np.bitwise_or.reduceat(bits, indptr[some] - indptr[0])
    return result


def split_tolerated(sets: SharedSets, ground: Ground) -> tuple[Csr, Csr]:
    """Tell the elements of each row that count from those tolerated at A; both ascending."""
    width, n_rows = len(ground.kind), len(sets.indptr) - 1
    found = np.empty((2, len(sets.element)), dtype=np.int32)  # millions, and kept
    sizes = np.zeros((2, n_rows), dtype=np.int64)
    at = [0, 0]
    for low, high in _blocks(sets):
        entries = slice(sets.indptr[low], sets.indptr[high])
        element, is_own = sets.element[entries], sets.is_own_end[entries]
        owner = np.repeat(np.arange(high - low), np.diff(sets.indptr[low : high + 1]))
        tolerated = TOLERABLE[ground.kind[element]] & ~is_own
        tolerated &= sets.from_a_m[entries] <= ground.tolerance_m
        for i, keep in enumerate((~is_own & ~tolerated, tolerated)):
            part = np.sort(owner[keep] * width + element[keep]) % width
            found[i, at[i] : at[i] + len(part)] = part
            sizes[i, low:high] = np.bincount(owner[keep], minlength=high - low)
            at[i] += len(part)
    counted, tolerable = (
        Csr(np.append(0, np.cumsum(size)), row[:n].copy())  # type: ignore[arg-type]  # half as wide
        for size, row, n in zip(sizes, found, at, strict=True)
    )
    return counted, tolerable


def _blocks(sets: SharedSets) -> Iterator[tuple[int, int]]:
    """First and end of some rows at a time: what is laid beside their entries is large."""
    n_rows, low = len(sets.indptr) - 1, 0
    while low < n_rows:
        room = sets.indptr[low] + _BLOCK
        high = max(low + 1, int(np.searchsorted(sets.indptr, room, side="right")) - 1)
        yield low, high
        low = high
