"""Compiled loop that sorts the classes of risks into the cells of each distinct circuit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.failures.kernels import (
    IS_DOWN,
    IS_HIT,
    IS_OPEN,
    N_EVIDENCE,
    Cells,
    Rows,
    UnitForms,
    is_met,
    room_for,
)

if TYPE_CHECKING:
    from netgraph.diversity.failures.kernels import Ints, Words


@inner
def _state(unit: int, mask: Words, forms: UnitForms) -> int:
    state = 0
    if is_met(unit, mask, mask, forms.down):
        state |= IS_DOWN
    if is_met(unit, mask, mask, forms.hit):
        state |= IS_HIT
    for evidence in range(N_EVIDENCE):
        if is_met(unit, mask, forms.open[evidence, unit], forms.down):
            state |= IS_OPEN << evidence
    return state


@inner
def _find_cell(mask: Words, row: int, masks: Words, first: int, last: int) -> int:
    """Find the cell of a row of masks, from the first to before the last.

    Rows are named, not cut out: an array more or less costs more here than the comparison.
    """
    for cell in range(first, last):
        same = True
        for w in range(mask.shape[1]):
            if same and masks[cell, w] != mask[row, w]:
                same = False
        if same:
            return cell
    return -1


@inner
def _more_masks(masks: Words, needed: int) -> Words:
    if needed <= len(masks):
        return masks
    larger = np.zeros((max(needed, 2 * len(masks)), masks.shape[1]), np.uint64)
    for i in range(len(masks)):
        for w in range(masks.shape[1]):
            larger[i, w] = masks[i, w]
    return larger


@inner
def _touch_classes(
    unit: int, forms: UnitForms, atoms: Rows, stamp: Ints, mask: Words, touched: Ints
) -> int:
    """Note the classes that touch a unit, and the mask of its atoms that each hits."""
    count, low = 0, forms.atoms.ptr[unit]
    for k in range(low, forms.atoms.ptr[unit + 1]):
        word, bit = (k - low) // 64, np.uint64(1) << np.uint64((k - low) % 64)
        atom = forms.atoms.idx[k]
        for j in range(atoms.ptr[atom], atoms.ptr[atom + 1]):
            c = atoms.idx[j]
            if stamp[c] != unit:
                stamp[c] = unit
                touched[count] = c
                count += 1
                for w in range(mask.shape[1]):
                    mask[c, w] = np.uint64(0)
            mask[c, word] |= bit
    return count


@inner
def _sort_touched(
    mask: Words, touched: Ints, count: int, masks: Words, size: Ints, cell_of: Ints, first: int
) -> int:
    """Give each touched class a cell of its mask, from `first` on; return the one after the last.

    Nothing grows in here: an array that may be exchanged is slow to reach in every turn.
    """
    last, cell = first, -1
    for i in range(-1, count):
        row = len(mask) - 1 if i < 0 else touched[i]
        # Classes of one link come one after the other, and most lie on no other link.
        same = cell >= 0
        for w in range(mask.shape[1]):
            if same and masks[cell, w] != mask[row, w]:
                same = False
        if not same:
            cell = _find_cell(mask, row, masks, first, last)
        if cell < 0:
            cell, size[last] = last, 0
            for w in range(mask.shape[1]):
                masks[cell, w] = mask[row, w]
            last += 1
        if i >= 0:
            cell_of[i] = cell
            size[cell] += 1
    return last


@inner
def _list_by_cell(touched: Ints, count: int, cell_of: Ints, at: Ints, idx: Ints) -> None:
    """Write each touched class where its cell stands; `at` moves on."""
    for i in range(count):
        idx[at[cell_of[i]]] = touched[i]
        at[cell_of[i]] += 1


@entry
def find_cells(forms: UnitForms, atoms: Rows, n_classes: int) -> Cells:
    """Sort the classes that touch each unit into cells; O(entries of the units' atoms).

    The first cell of each unit stands for the classes that do not touch it, and lists none.
    """
    n_units, n_words = len(forms.atoms.ptr) - 1, forms.open.shape[2]
    mask = np.zeros((n_classes + 1, n_words), np.uint64)  # the last row is of what is not touched
    stamp, touched = np.full(n_classes, -1, np.int64), np.empty(n_classes, np.int64)
    cell_of, ptr = np.empty(n_classes, np.int64), np.zeros(n_units + 1, np.int64)
    masks = np.zeros((1024, n_words), np.uint64)
    state, size, start = (
        np.empty(1024, np.int64),
        np.empty(1024, np.int64),
        np.zeros(1024, np.int64),
    )
    idx, used = np.empty(1024, np.int64), 0
    for unit in range(n_units):
        count, first = _touch_classes(unit, forms, atoms, stamp, mask, touched), ptr[unit]
        n_atoms = min(forms.atoms.ptr[unit + 1] - forms.atoms.ptr[unit], 60)
        most = first + min(count + 1, 1 << n_atoms)
        masks, state = _more_masks(masks, most), room_for(state, most)
        size, start = room_for(size, most), room_for(start, most + 1)
        n_cells = _sort_touched(mask, touched, count, masks, size, cell_of, first)
        for cell in range(first, n_cells):
            state[cell], start[cell] = _state(unit, masks[cell], forms), used
            used += size[cell]
            size[cell] = start[cell]  # from here on where the next entry goes
        idx = room_for(idx, used)
        _list_by_cell(touched, count, cell_of, size, idx)
        start[n_cells], ptr[unit + 1] = used, n_cells
    n_cells = ptr[n_units]
    return Cells(ptr, state[:n_cells], masks[:n_cells], Rows(start[: n_cells + 1], idx[:used]))
