"""Compiled loops of the failure simulation: risk classes, cells, sums, pairs.

Risks of which exactly the same parts of routes consist are one class; classes that hit a circuit
in the same way are one cell of it. A mask has a bit for each atom of a circuit (see
:mod:`netgraph.diversity.failures.formulas`), in as many 64-bit words as the longest needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from netgraph.diversity.compiled import entry, inner

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.int64]
    Words: TypeAlias = NDArray[np.uint64]

#: Bits of a cell's state: the circuit drops; a route of it is hit; it may drop for all that is
#: recorded (one bit for each kind of evidence, from IS_OPEN on).
IS_DOWN, IS_HIT, IS_OPEN = 1, 2, 4
N_EVIDENCE = 3


class Rows(NamedTuple):
    """Rows of whole numbers: row i is ``idx[ptr[i]:ptr[i + 1]]``."""

    ptr: Ints
    idx: Ints


class Terms(NamedTuple):
    """Terms of each unit: unit i has the masks ``words[ptr[i]:ptr[i + 1]]``, shape (terms, w)."""

    ptr: Ints
    words: Words


class UnitForms(NamedTuple):
    """Distinct circuits: their atoms, the terms that take them down or hit a route, what is open.

    `open` has shape (N_EVIDENCE, units, w): atoms of which not everything is recorded.
    """

    atoms: Rows
    down: Terms
    hit: Terms
    open: Words


class Cells(NamedTuple):
    """What happens to each unit, by cell: unit i owns the cells ``ptr[i]:ptr[i + 1]``.

    `state` and `mask` by cell; `classes` are the rows of risk classes of each cell.
    """

    ptr: Ints
    state: Ints
    mask: Words
    classes: Rows


@entry
def split_into_classes(outer: Rows, middle: Rows, n_items: int) -> tuple[Ints, int]:
    """Give each item the number of its class: items in exactly the same outer rows are one class.

    An outer row holds the items of the middle rows that it names. Items in no row get -1.
    Partition refinement, exact, O(entries): each row splits the classes that it cuts in two.
    """
    class_of, stamp = np.zeros(n_items, np.int64), np.full(n_items, -1, np.int64)
    size, half = np.zeros(n_items + 2, np.int64), np.zeros(n_items + 2, np.int64)
    cut_by = np.zeros(n_items + 2, np.int64)
    free = np.arange(n_items + 1, 0, -1)  # numbers to give, the next one last
    n_free = len(free)
    size[0] = n_items + 1  # the class of what no row has touched is never given up
    for row in range(len(outer.ptr) - 1):
        for k in range(outer.ptr[row], outer.ptr[row + 1]):
            part = outer.idx[k]
            for j in range(middle.ptr[part], middle.ptr[part + 1]):
                item = middle.idx[j]
                if stamp[item] == row:
                    continue
                stamp[item] = row
                old = class_of[item]
                if cut_by[old] != row + 1:
                    cut_by[old] = row + 1
                    n_free -= 1
                    half[old] = free[n_free]
                new = half[old]
                cut_by[new] = 0
                class_of[item] = new
                size[new] += 1
                size[old] -= 1
                if size[old] == 0:
                    free[n_free] = old
                    n_free += 1
    number, known = np.full(n_items + 2, -1, np.int64), 0
    for item in range(n_items):
        old = class_of[item]
        if old and number[old] < 0:
            number[old] = known
            known += 1
        class_of[item] = number[old] if old else -1
    return class_of, known


@entry
def gather_classes(outer: Rows, middle: Rows, class_of: Ints, n_classes: int) -> Rows:
    """Classes of the items of each outer row, each once; class -1 is left out."""
    ptr = np.zeros(len(outer.ptr), np.int64)
    idx, used = np.empty(1024, np.int64), 0
    stamp = np.full(n_classes, -1, np.int64)
    for row in range(len(outer.ptr) - 1):
        for k in range(outer.ptr[row], outer.ptr[row + 1]):
            part = outer.idx[k]
            for j in range(middle.ptr[part], middle.ptr[part + 1]):
                found = class_of[middle.idx[j]]
                if found < 0 or stamp[found] == row:
                    continue
                stamp[found] = row
                idx = _room(idx, used)
                idx[used] = found
                used += 1
        ptr[row + 1] = used
    return Rows(ptr, idx[:used])


@inner
def _room(values: Ints, used: int) -> Ints:
    if used < len(values):
        return values
    larger = np.empty(2 * len(values), np.int64)
    for i in range(used):
        larger[i] = values[i]
    return larger


@entry
def turn(rows: Rows, n_columns: int) -> Rows:
    """For each column, the rows that hold it, ascending; O(entries)."""
    ptr = np.zeros(n_columns + 1, np.int64)
    for k in range(len(rows.idx)):
        ptr[rows.idx[k] + 1] += 1
    for column in range(n_columns):
        ptr[column + 1] += ptr[column]
    at, idx = ptr.copy(), np.empty(len(rows.idx), np.int64)
    for row in range(len(rows.ptr) - 1):
        for k in range(rows.ptr[row], rows.ptr[row + 1]):
            column = rows.idx[k]
            idx[at[column]] = row
            at[column] += 1
    return Rows(ptr, idx)


@inner
def is_met(unit: int, mask: Words, also: Words, terms: Terms) -> bool:
    """Whether two masks together hold every atom of some term of the unit."""
    for t in range(terms.ptr[unit], terms.ptr[unit + 1]):
        inside = True
        for w in range(len(mask)):
            if terms.words[t, w] & ~(mask[w] | also[w]):
                inside = False
                break
        if inside:
            return True
    return False


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
def _find_cell(mask: Words, row: int, masks: Words, cells: tuple[int, int, int]) -> int:
    """Find the cell of a row of masks, the likeliest first, then from the first to before the last.

    Rows are named, not cut out: an array more or less costs more here than the comparison.
    """
    likeliest, first, last = cells
    for cell in range(first - 1, last):
        tried = likeliest if cell < first else cell
        same = tried >= first
        for w in range(mask.shape[1]):
            if same and masks[tried, w] != mask[row, w]:
                same = False
        if same:
            return tried
    return -1


@inner
def _more_masks(masks: Words, used: int) -> Words:
    if used < len(masks):
        return masks
    larger = np.zeros((2 * len(masks), masks.shape[1]), np.uint64)
    for i in range(used):
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
    idx, used, n_cells = np.empty(1024, np.int64), 0, 0
    for unit in range(n_units):
        count = _touch_classes(unit, forms, atoms, stamp, mask, touched)
        first, cell = n_cells, -1
        for i in range(-1, count):
            row = n_classes if i < 0 else touched[i]
            # Classes of one link come one after the other, and most lie on no other link.
            cell = _find_cell(mask, row, masks, (cell, first, n_cells))
            if cell < 0:
                cell = n_cells
                masks, state = _more_masks(masks, cell), _room(state, cell)
                size, start = _room(size, cell), _room(start, cell + 1)
                for w in range(n_words):
                    masks[cell, w] = mask[row, w]
                state[cell], size[cell] = _state(unit, mask[row], forms), 0
                n_cells += 1
            if i >= 0:
                cell_of[i] = cell
                size[cell] += 1
        for cell in range(first, n_cells):
            start[cell] = used
            used += size[cell]
            size[cell] = start[cell]  # from here on where the next entry goes
        while len(idx) < used:
            idx = _room(idx, len(idx))
        for i in range(count):
            idx[size[cell_of[i]]] = touched[i]
            size[cell_of[i]] += 1
        start[n_cells] = used
        ptr[unit + 1] = n_cells
    return Cells(ptr, state[:n_cells], masks[:n_cells], Rows(start[: n_cells + 1], idx[:used]))


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
