"""Tables of intervals: rows of level, start, end, least distance and sine of a meeting angle.

A level is the number of a distance in an ascending list; positions and distances are in metres. A
table is an array with room to spare and a count of the rows in use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import inner

if TYPE_CHECKING:
    from netgraph.diversity.geometry.projection import Floats

JOIN_M = 1e-3
"""Intervals less than a millimetre apart are one; shorter ones are no run."""

# The first row, to be handed on: numba compiles one more version for every number written out.
FIRST_ROW = np.int64(0)

LEVEL, START, END, LEAST, SINE = 0, 1, 2, 3, 4
COLUMNS = 5


@inner
def room_for(table: Floats, rows: int) -> Floats:
    """Give the table itself, or a copy of twice the size if it has fewer than `rows` rows."""
    if rows <= len(table):
        return table
    longer = np.empty((2 * rows, table.shape[1]))
    for row in range(len(table)):
        for column in range(table.shape[1]):
            longer[row, column] = table[row, column]
    return longer


@inner
def sort_rows(table: Floats, first: int, last: int) -> None:
    """Sort rows by level, then start: Shell's method, in place."""
    gap = 1
    while gap < (last - first) // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for at in range(first + gap, last):
            spot = at
            while spot - gap >= first and _is_before(table, spot, spot - gap):
                for column in range(COLUMNS):
                    value = table[spot, column]
                    table[spot, column] = table[spot - gap, column]
                    table[spot - gap, column] = value
                spot -= gap
        gap //= 3


@inner
def _is_before(table: Floats, row: int, other: int) -> bool:
    if table[row, LEVEL] != table[other, LEVEL]:
        return table[row, LEVEL] < table[other, LEVEL]
    return table[row, START] < table[other, START]


@inner
def merge_rows(table: Floats, first: int, last: int) -> int:
    """Sort rows and merge those of a level that overlap or touch; returns the new end."""
    if last - first <= 1:
        return last
    sort_rows(table, first, last)
    kept = first
    for row in range(first + 1, last):
        is_same = table[row, LEVEL] == table[kept, LEVEL]
        if is_same and table[row, START] <= table[kept, END] + JOIN_M:
            table[kept, END] = max(table[kept, END], table[row, END])
            table[kept, LEAST] = min(table[kept, LEAST], table[row, LEAST])
            table[kept, SINE] = max(table[kept, SINE], table[row, SINE])
            continue
        kept += 1
        for column in range(COLUMNS):
            table[kept, column] = table[row, column]
    return kept + 1


@inner
def merge_into_runs(
    owner: tuple[int, float], table: Floats, rows: int, pending: Floats, runs: Floats, count: int
) -> int:
    """Merge the intervals of a block into the open runs, one a level; `owner` as in `close_run`."""
    sort_rows(table, FIRST_ROW, rows)
    for row in range(rows):
        level = int(table[row, LEVEL])
        if table[row, START] <= pending[level, END] + JOIN_M and pending[level, END] >= 0.0:
            pending[level, END] = max(pending[level, END], table[row, END])
            pending[level, LEAST] = min(pending[level, LEAST], table[row, LEAST])
            pending[level, SINE] = max(pending[level, SINE], table[row, SINE])
            continue
        count = close_run(owner, pending, level, runs, count)
        for column in range(COLUMNS):
            pending[level, column] = table[row, column]
    return count


@inner
def close_run(
    owner: tuple[int, float], pending: Floats, level: int, runs: Floats, count: int
) -> int:
    """Close a finished run, and write it if it is longer than asked; `owner`: pair, metres."""
    if pending[level, END] - pending[level, START] > owner[1]:
        runs[count, 0] = owner[0]
        for column in range(COLUMNS):
            runs[count, 1 + column] = pending[level, column]
        count += 1
    pending[level, START], pending[level, END] = 0.0, -1.0
    return count
