"""Which atoms of a case each class of components is on: the one loop over routes, compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry
from netgraph.diversity.levels import Section
from netgraph.diversity.threads import in_threads, ranges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints

    Floats = NDArray[np.float64]

_LEAST = 256  # cases worth a thread
_N_SECTIONS = len(Section)
_SECTIONS = (1 << _N_SECTIONS) - 1


class CaseArrays(NamedTuple):
    """Case to atoms, its row of hours, and where its sums begin (one for each mask of atoms)."""

    ptr: Ints
    atom: Ints
    profile: Ints
    start: Ints


class WayArrays(NamedTuple):
    """Atom to ways with the section of each, and way to classes."""

    atom_ptr: Ints
    way: Ints
    section: Ints
    class_ptr: Ints
    class_: Ints


class TermArrays(NamedTuple):
    """What a class adds.

    Attributes
    ----------
    hours
        By profile and mask of sections: which hours to repair.
    level
        By mask of sections: which rate.
    adds
        What is added; shape (hours, levels, classes, 4): the logarithm of being up, and of not
        being in the first hours of a fault; failures a year, and those while nothing is in the
        rest of a repair. Side by side, as they are read.
    """

    hours: Ints
    level: Ints
    adds: Floats


def sum_by_mask(cases: CaseArrays, ways: WayArrays, terms: TermArrays) -> Floats:
    """Sum what the classes of each case add, by the mask of the atoms that each is on.

    Returns
    -------
    ndarray of shape (sum of 2 ** atoms over the cases, 4)
        O(classes on the atoms of the cases), on all cores.
    """
    parts = ranges(len(cases.profile), _LEAST)
    found = in_threads(lambda part: _sum(_part_of(cases, *part), ways, terms), parts)
    return np.concatenate(found)


def _part_of(cases: CaseArrays, low: int, high: int) -> CaseArrays:
    """Take some cases in a row."""
    start = cases.start[low : high + 1]
    return CaseArrays(
        cases.ptr[low : high + 1], cases.atom, cases.profile[low:high], start - start[0]
    )


@entry
def _sum(cases: CaseArrays, ways: WayArrays, terms: TermArrays) -> Floats:
    n_classes = terms.adds.shape[2]
    met = np.zeros(n_classes, np.int32)  # mask of sections, and above it that of atoms
    seen = np.empty(n_classes, np.int32)
    sums = np.zeros((cases.start[-1], 4))
    for case in range(len(cases.profile)):
        count = 0
        for a in range(cases.ptr[case], cases.ptr[case + 1]):
            atom, bit = cases.atom[a], 1 << (a - cases.ptr[case])
            for w in range(ways.atom_ptr[atom], ways.atom_ptr[atom + 1]):
                way, bits = ways.way[w], bit << _N_SECTIONS | 1 << ways.section[w]
                for k in range(ways.class_ptr[way], ways.class_ptr[way + 1]):
                    c = ways.class_[k]
                    if met[c] == 0:
                        seen[count] = c
                        count += 1
                    met[c] |= bits
        for i in range(count):
            c = seen[i]
            sections = met[c] & _SECTIONS
            hours, level = terms.hours[cases.profile[case], sections], terms.level[sections]
            at = cases.start[case] + (met[c] >> _N_SECTIONS)
            for k in range(4):
                sums[at, k] += terms.adds[hours, level, c, k]
            met[c] = 0
    return sums
