"""Compiled loops of the failure simulation: what they exchange, and classes of risks.

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
        most = used
        for k in range(outer.ptr[row], outer.ptr[row + 1]):
            most += middle.ptr[outer.idx[k] + 1] - middle.ptr[outer.idx[k]]
        idx = room_for(idx, min(most, used + n_classes))
        for k in range(outer.ptr[row], outer.ptr[row + 1]):
            part = outer.idx[k]
            for j in range(middle.ptr[part], middle.ptr[part + 1]):
                found = class_of[middle.idx[j]]
                if found >= 0 and stamp[found] != row:
                    stamp[found] = row
                    idx[used] = found
                    used += 1
        ptr[row + 1] = used
    return Rows(ptr, idx[:used])


@inner
def room_for(values: Ints, needed: int) -> Ints:
    """Have room for so many values; to be asked once a row: a call costs more than an entry."""
    if needed <= len(values):
        return values
    larger = np.empty(max(needed, 2 * len(values)), np.int64)
    for i in range(len(values)):
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
