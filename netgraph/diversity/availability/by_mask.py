"""Which atoms of a case each class of components is on: the one loop over routes, compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints

    Floats = NDArray[np.float64]


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
    log_up, log_calm
        Logarithm of being up, and of not being in the first hours of a fault; shape (hours,
        levels, classes).
    rate
        Failures a year; shape (levels, classes).
    rate_calm
        Failures a year while nothing is in the rest of a repair; shape as log_up.
    """

    hours: Ints
    level: Ints
    log_up: Floats
    log_calm: Floats
    rate: Floats
    rate_calm: Floats


def sum_by_mask(cases: CaseArrays, ways: WayArrays, terms: TermArrays) -> Floats:
    """Sum what the classes of each case add, by the mask of the atoms that each is on.

    Returns
    -------
    ndarray of shape (4, sum of 2 ** atoms over the cases)
        Sums of log_up, log_calm, rate and rate_calm; O(classes on the atoms of the cases).
    """
    return _sum(cases, ways, terms)


@entry
def _sum(cases: CaseArrays, ways: WayArrays, terms: TermArrays) -> Floats:
    n_classes = terms.rate.shape[1]
    on = np.zeros(n_classes, np.int64)
    met = np.zeros(n_classes, np.int64)
    seen = np.empty(n_classes, np.int64)
    sums = np.zeros((4, cases.start[-1]))
    for case in range(len(cases.profile)):
        count = 0
        for a in range(cases.ptr[case], cases.ptr[case + 1]):
            atom, bit = cases.atom[a], 1 << (a - cases.ptr[case])
            for w in range(ways.atom_ptr[atom], ways.atom_ptr[atom + 1]):
                way, section = ways.way[w], 1 << ways.section[w]
                for k in range(ways.class_ptr[way], ways.class_ptr[way + 1]):
                    c = ways.class_[k]
                    if on[c] == 0:
                        seen[count] = c
                        count += 1
                    on[c] |= bit
                    met[c] |= section
        for i in range(count):
            c = seen[i]
            hours, level = terms.hours[cases.profile[case], met[c]], terms.level[met[c]]
            at = cases.start[case] + on[c]
            sums[0, at] += terms.log_up[hours, level, c]
            sums[1, at] += terms.log_calm[hours, level, c]
            sums[2, at] += terms.rate[level, c]
            sums[3, at] += terms.rate_calm[hours, level, c]
            on[c], met[c] = 0, 0
    return sums
