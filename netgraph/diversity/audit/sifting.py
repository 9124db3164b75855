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
    from netgraph.diversity.sharing.classes import ElementClasses
    from netgraph.diversity.sharing.sets import SharedSets
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints

    Flags = NDArray[np.bool_]


def _bits(kinds: Flags) -> int:
    return sum(1 << int(kind) for kind in np.flatnonzero(kinds))


_BLOCK = 1 << 18

#: Masks of the kinds that weigh on each aspect.
PLANT_BITS, LOGICAL_BITS, INDOOR_BITS = _bits(PLANT), _bits(LOGICAL), _bits(INDOOR)
TOLERABLE_BITS = _bits(TOLERABLE)
#: A common element of these kinds, or of these or a group that it may be in, leaves plant open.
OPEN_BITS = PLANT_BITS | 1 << POSSIBLE
KIND_BITS = (1 << POSSIBLE + 1) - 1
#: Beside its kind: a device that is known to have no hot standby, or of which that is not known.
NO_STANDBY_BIT, UNKNOWN_STANDBY_BIT = 1 << POSSIBLE + 1, 1 << POSSIBLE + 2


@dataclass(frozen=True)
class Ground:
    """What sifting looks at, by class of elements or, after these, risk group.

    Attributes
    ----------
    bits
        What a class adds to a mask: the bits of its elements.
    is_tolerable
        Classes of nothing but plant that is tolerated near an end.
    home
        Building that a class stands in, -1 outside.
    numbers
        Class to its elements; a risk group to itself, as it is numbered after the elements.
    section_ends
        Buildings at the ends of each section on every route of a unit, -1 for none; shape
        (units, sections, 2).
    tolerance_m
        How far from an end plant is tolerated.
    """

    bits: NDArray[np.int32]
    is_tolerable: Flags
    home: Ints
    numbers: Csr
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
    network: LayeredNetwork, kind: Ints, classes: ElementClasses, section_ends: Ints,
    tolerance_m: float,
) -> Ground:  # fmt: skip
    """Look up once what is asked of every class and risk group."""
    elements, standby = network.elements, network.equipment.hot_standby
    bits = np.left_shift(1, kind)
    first = elements.offset["equipment"]
    device = bits[first : first + len(standby)]
    device[standby == 0] |= NO_STANDBY_BIT
    device[standby < 0] |= UNKNOWN_STANDBY_BIT
    risks = np.arange(len(elements), len(kind))
    numbers = Csr(
        np.append(classes.members.indptr, len(elements) + 1 + np.arange(len(risks))),
        np.append(classes.members.indices, risks),
    )
    joined = np.bitwise_or.reduceat(bits[numbers.indices], numbers.indptr[:-1])
    return Ground(
        bits=joined.astype(np.int32),
        is_tolerable=joined & ~TOLERABLE_BITS == 0,
        home=np.append(classes.home, np.full(len(risks), -1)),
        numbers=numbers,
        section_ends=section_ends,
        tolerance_m=tolerance_m,
    )


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
    has_section = (homes[:, :, 0] >= 0) | (homes[:, :, 1] >= 0)
    result = np.full((len(units), *section_homes.shape[1:]), -1, dtype=np.int64)
    for section in range(section_homes.shape[1]):
        rows = np.flatnonzero(has_section[:, section])[::-1]
        unit, ends = owner[rows], homes[rows, section]
        # The last of repeated assignments stands: that of the unit's first route.
        result[unit, section] = ends
        first = result[unit, section]
        is_lost = (first != ends) & (first != ends[:, ::-1])
        for end in range(2):
            result[unit[is_lost[:, end]], section, end] = -1
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
    item, sections = sets.item[entries], sets.sections[entries]
    tolerable = ground.is_tolerable[item]
    counts = ~sets.is_own_end[entries]
    counts &= ~(tolerable & (sets.from_a_m[entries] <= ground.tolerance_m))
    near_b = tolerable & (sets.from_b_m[entries] <= ground.tolerance_m)
    bits = ground.bits[item]
    bits *= counts
    found.kinds[low:high] = _joined(bits, sets.indptr[low : high + 1])
    home = ground.home[item]
    housed = np.flatnonzero(home >= 0)  # few: most stand in no building
    owner = low + np.searchsorted(
        sets.indptr[low + 1 : high + 1], housed + sets.indptr[low], side="right"
    )
    at_end = home[housed][:, None] == ground.section_ends[sets.example[owner]].transpose(1, 0, 2)
    for section, bit in SECTION_BIT.items():
        here = bits * (sections >> bit & 1)
        here[housed[at_end[bit].any(axis=1)]] = 0
        found.in_section[low:high, bit] = _joined(here, sets.indptr[low : high + 1])
        if section is Section.ACCESS_B:
            here[near_b] = 0
            found.access_at_b[low:high] = _joined(here, sets.indptr[low : high + 1])


def _joined(bits: NDArray[np.int32], indptr: Ints) -> NDArray[np.int32]:
    """Join the bits of each row; 0 for an empty one."""
    result = np.zeros(len(indptr) - 1, dtype=np.int32)
    some = np.flatnonzero(np.diff(indptr))
    if len(some):
        result[some] = np.bitwise_or.reduceat(bits, indptr[some] - indptr[0])
    return result


def split_tolerated(sets: SharedSets, ground: Ground) -> tuple[Csr, Csr]:
    """Tell what counts in each row from what is tolerated at A; both ascending."""
    n_bits, n_rows = len(ground.home).bit_length(), len(sets.indptr) - 1
    keys = np.repeat(np.arange(n_rows) << n_bits, np.diff(sets.indptr))
    keys |= sets.item
    tolerated = ground.is_tolerable[sets.item] & (sets.from_a_m <= ground.tolerance_m)
    found = []
    for keep in (~(sets.is_own_end | tolerated), tolerated & ~sets.is_own_end):
        kept = keys[keep]
        kept.sort()
        ptr = np.searchsorted(kept, np.arange(n_rows + 1) << n_bits)
        kept &= (1 << n_bits) - 1
        found.append(Csr(ptr, kept))
    return found[0], found[1]


def _blocks(sets: SharedSets) -> Iterator[tuple[int, int]]:
    """First and end of some rows at a time: what is laid beside their entries is large."""
    n_rows, low = len(sets.indptr) - 1, 0
    while low < n_rows:
        room = sets.indptr[low] + _BLOCK
        high = max(low + 1, int(np.searchsorted(sets.indptr, room, side="right")) - 1)
        yield low, high
        low = high
