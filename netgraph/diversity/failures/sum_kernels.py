"""Compiled loops that add up what each class of risks takes down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import entry
from netgraph.diversity.failures.kernels import IS_DOWN, IS_HIT, IS_OPEN, N_EVIDENCE, Cells, Rows

if TYPE_CHECKING:
    from netgraph.diversity.failures.kernels import Ints


@entry
def add_up(cells: Cells, weight: Ints, tier: Ints, n_classes: int) -> Ints:
    """Sum the circuits over the cells of each class.

    Parameters
    ----------
    weight, tier
        Circuits of each unit, and the rank of the highest tier among them.

    Returns
    -------
    ndarray of shape (3 + N_EVIDENCE, n_classes)
        Circuits down, circuits unprotected, least rank of a tier that is down, and by kind of
        evidence the circuits that are not proven down but may be.
    """
    sums = np.zeros((3 + N_EVIDENCE, n_classes), np.int64)
    for c in range(n_classes):
        sums[2, c] = 1 << 30
    untouched = np.zeros(N_EVIDENCE, np.int64)  # circuits that may be down without being touched
    for unit in range(len(cells.ptr) - 1):
        first, w = cells.ptr[unit], weight[unit]
        for evidence in range(N_EVIDENCE):
            if cells.state[first] & (IS_OPEN << evidence):
                untouched[evidence] += w
        for cell in range(first, cells.ptr[unit + 1]):
            state = cells.state[cell]
            for k in range(cells.classes.ptr[cell], cells.classes.ptr[cell + 1]):
                c = cells.classes.idx[k]
                if state & IS_DOWN:
                    sums[0, c] += w
                    sums[2, c] = min(sums[2, c], tier[unit])
                elif state & IS_HIT:
                    sums[1, c] += w
                for evidence in range(N_EVIDENCE):
                    bit = IS_OPEN << evidence
                    here = (state & bit) and not (state & IS_DOWN)
                    before = cells.state[first] & bit
                    sums[3 + evidence, c] += w * (int(bool(here)) - int(bool(before)))
    for evidence in range(N_EVIDENCE):
        for c in range(n_classes):
            sums[3 + evidence, c] += untouched[evidence]
    return sums


@entry
def count_whole(groups: Rows, cells: Cells, order: Ints, n_classes: int) -> tuple[Ints, Ints, Ints]:
    """Count the groups of circuits of which a class takes down every one.

    Parameters
    ----------
    groups
        Group to the units of its circuits, one entry a circuit.
    order
        Rank of each class, for the worst class of a group: of those that take down most of its
        circuits, the least in rank.

    Returns
    -------
    whole, worst, most
        By class the groups wholly down; by group its worst class (-1 without any) and how many
        of its circuits that takes down. O(entries of the cells of the circuits).
    """
    n_groups = len(groups.ptr) - 1
    whole, count = np.zeros(n_classes, np.int64), np.zeros(n_classes, np.int64)
    worst, most = np.full(n_groups, -1, np.int64), np.zeros(n_groups, np.int64)
    touched = np.empty(n_classes, np.int64)
    for group in range(n_groups):
        n_touched, size = 0, groups.ptr[group + 1] - groups.ptr[group]
        for k in range(groups.ptr[group], groups.ptr[group + 1]):
            unit = groups.idx[k]
            for cell in range(cells.ptr[unit], cells.ptr[unit + 1]):
                if not cells.state[cell] & IS_DOWN:
                    continue
                for j in range(cells.classes.ptr[cell], cells.classes.ptr[cell + 1]):
                    c = cells.classes.idx[j]
                    if count[c] == 0:
                        touched[n_touched] = c
                        n_touched += 1
                    count[c] += 1
        for i in range(n_touched):
            c = touched[i]
            if count[c] == size:
                whole[c] += 1
            if count[c] > most[group] or (
                count[c] == most[group] and order[c] < order[worst[group]]
            ):
                worst[group], most[group] = c, count[c]
            count[c] = 0
    return whole, worst, most
