"""Sums inside compiled loops, and of many ranges, that come out as numpy's do, to the last bit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import inner

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints

    Floats = NDArray[np.float64]

#: numpy's way to sum: blocks of 128, and halves of what is longer; 2**40 pieces at most.
_BLOCK, _DEPTH = 128, 128
#: So many numpy sums one after the other.
_SHORT = 7


@inner
def _sum_block(values: Floats, low: int, high: int) -> float:
    total = 0.0
    if high - low < 8:
        for i in range(low, high):
            total += values[i]
        return total
    part = np.empty(8)
    for j in range(8):
        part[j] = values[low + j]
    i = low + 8
    while i + 8 <= high:
        for j in range(8):
            part[j] += values[i + j]
        i += 8
    total = ((part[0] + part[1]) + (part[2] + part[3])) + (
        (part[4] + part[5]) + (part[6] + part[7])
    )
    while i < high:
        total += values[i]
        i += 1
    return total


@inner
def sum_pairwise(values: Floats, low: int, high: int) -> float:
    """Sum pairwise, exactly as numpy does: long routes keep their centimetres.

    Halves wait on a stack: a compiled function that calls itself does not survive being cached.
    """
    task = np.empty((_DEPTH, 2), np.int64)
    total = np.empty(_DEPTH)
    task[0, 0], task[0, 1] = low, high
    tasks, totals = 1, 0
    while tasks:
        tasks -= 1
        first, end = task[tasks, 0], task[tasks, 1]
        if end < 0:  # both halves are summed
            totals -= 1
            total[totals - 1] += total[totals]
        elif end - first > _BLOCK:
            middle = first + (end - first) // 16 * 8
            task[tasks, 1] = -1
            task[tasks + 1, 0], task[tasks + 1, 1] = middle, end
            task[tasks + 2, 0], task[tasks + 2, 1] = first, middle
            tasks += 3
        else:
            total[totals] = _sum_block(values, first, end)
            totals += 1
    return total[0]


def sums_of_ranges(values: Floats, low: Ints, high: Ints) -> Floats:
    """Sum many ranges of values, each as numpy sums it by itself: the short ones all at once."""
    sizes = high - low
    total = np.zeros(len(low))
    for k in range(min(int(sizes.max(initial=0)), _SHORT)):
        some = np.flatnonzero((sizes > k) & (sizes <= _SHORT))
        total[some] += values[low[some] + k]
    for i in np.flatnonzero(sizes > _SHORT).tolist():
        total[i] = values[low[i] : high[i]].sum()
    return total
