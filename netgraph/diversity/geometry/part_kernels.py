"""What every two parts of routes have in common that some pair of routes holds: compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, in_threads, inner
from netgraph.diversity.geometry.closeness import (
    BEST,
    BEST_AT,
    COLUMNS_HERE,
    begin_block,
    matters,
    rows_at_most,
    share_blocks,
    take_shared,
)
from netgraph.diversity.geometry.intervals import (
    COLUMNS,
    END,
    FIRST_ROW,
    close_run,
    merge_into_runs,
    room_for,
)
from netgraph.diversity.geometry.parts import Task  # noqa: TC001 -- a kernel is stale when it changes

if TYPE_CHECKING:
    from netgraph.diversity.geometry.projection import Floats, Integers

EVERY_RUN_M = -1.0  # of a run to be composed even a touch is kept

# columns of the meetings of a part: other part, place on the part, block, slot of its neighbours,
# and the next meeting with the same part (-1 = none)
OTHER, PLACE, BLOCK, SLOT, NEXT = 0, 1, 2, 3, 4

# what is counted of the tables that grow
STORE, RUNS, FACTS = 0, 1, 2


class Known(NamedTuple):
    """What parts have in common.

    Attributes
    ----------
    start, other
        Part p of the first routes comes close to the parts ``other[start[p]:start[p + 1]]`` of
        the second ones: as rows of what follows.
    row_start, rows
        Intervals of each row: its number, then as in
        :mod:`~netgraph.diversity.geometry.intervals`, positions from the beginning of the part.
    squared, at_m
        Squared least distance of each row and its position.
    """

    start: Integers
    other: Integers
    row_start: Integers
    rows: Floats
    squared: Floats
    at_m: Floats


def measure_parts(task: Task, held_start: Integers, held: Integers) -> Known:
    """Measure each part of the first routes against the parts of the second ones near it.

    Parameters
    ----------
    task
        What is asked.
    held_start, held
        Part i lies on the first routes of the pairs ``held[held_start[i]:held_start[i + 1]]``.

    Returns
    -------
    Known
        Exact as far as ``within_m[-1]``. Every two parts that a pair holds are measured once.
    """
    found = in_threads(
        lambda low, high: _measure_some(task, held_start, held, (low, high)),
        len(task.my_parts.length_m),
    )
    facts = np.cumsum([0, *(len(one.other) for one in found)])
    rows = np.cumsum([0, *(len(one.rows) for one in found)])
    return Known(
        np.concatenate([[0], *(one.start[1:] + n for one, n in zip(found, facts, strict=False))]),
        np.concatenate([one.other for one in found]),
        np.concatenate(
            [[0], *(one.row_start[1:] + n for one, n in zip(found, rows, strict=False))]
        ),
        np.concatenate([one.rows for one in found]),
        np.concatenate([one.squared for one in found]),
        np.concatenate([one.at_m for one in found]),
    )


class _Tables(NamedTuple):
    """What is filled while parts are measured; a loop asks for room before it, not within.

    Attributes
    ----------
    meetings, newest, room
        Where a part is near those asked for; of each other part its newest meeting, -1 = none, and
        how many intervals all its meetings can come to.
    known
        Row of the store where what a block shares with each of its neighbours begins, or -1.
    store, rows, runs
        What blocks share; the intervals of one block; the runs found so far.
    other, facts
        Other part of each fact; squared least distance and its position.
    used
        Rows in use of the store, the runs and the facts; shape (3,).
    here, pending
        See :mod:`~netgraph.diversity.geometry.closeness`; open runs, one a level.
    """

    meetings: Integers
    newest: Integers
    room: Integers
    known: Integers
    store: Floats
    rows: Floats
    runs: Floats
    other: Integers
    facts: Floats
    used: Integers
    here: Floats
    pending: Floats


@inner
def _first_tables(task: Task) -> _Tables:
    n_others, levels = len(task.their_parts.length_m), len(task.within_m)
    pending = np.zeros((levels, COLUMNS))
    for level in range(levels):
        pending[level, END] = -1.0
    return _Tables(
        np.empty((1024, NEXT + 1), dtype=np.int64),
        np.full(n_others, -1),
        np.zeros(n_others, dtype=np.int64),
        np.full(len(task.near.other), -1, dtype=np.int64),
        np.empty((4096, COLUMNS)),
        np.empty((256, COLUMNS)),
        np.empty((4096, COLUMNS + 1)),
        np.empty(1024, dtype=np.int64),
        np.empty((1024, 2)),
        np.zeros(3, dtype=np.int64),
        np.empty(COLUMNS_HERE),
        pending,
    )


@entry
def _measure_some(
    task: Task, held_start: Integers, held: Integers, chosen: tuple[int, int]
) -> Known:
    """Measure the parts from one number to before another."""
    first, parts = chosen[0], chosen[1] - chosen[0]
    start, asked = np.zeros(parts + 1, dtype=np.int64), np.full(len(task.their_parts.length_m), -1)
    tables = _first_tables(task)
    for part in range(first, chosen[1]):
        for at in range(held_start[part], held_start[part + 1]):
            pair = held[at]
            for cut in range(task.their_cuts.start[pair], task.their_cuts.start[pair + 1]):
                asked[task.their_cuts.part[cut]] = part
        tables, met = _collect_meetings(task, part, asked, tables)
        head = _measure_others(task, (0, met), tables)
        while head < met:
            tables = _make_room(task, head, tables)
            head = _measure_others(task, (head, met), tables)
        start[part - first + 1] = tables.used[FACTS]
    found, count = tables.used[RUNS], tables.used[FACTS]
    row_start = _starts(tables.runs, found, count)
    facts = tables.facts
    return Known(
        start, tables.other[:count], row_start, tables.runs[:found], facts[:count, 0],
        facts[:count, 1],
    )  # fmt: skip


@inner
def _has_room(task: Task, other: int, tables: _Tables) -> bool:
    """Whether the tables have room for all that a part can have in common with another."""
    room, levels, used = tables.room[other], len(task.within_m), tables.used
    return (
        used[STORE] + 2 * room <= len(tables.store)  # each pair of blocks has a row of its own
        and room <= len(tables.rows)
        and used[RUNS] + room + levels <= len(tables.runs)
        and used[FACTS] < len(tables.other)
    )


@inner
def _make_room(task: Task, head: int, tables: _Tables) -> _Tables:
    meetings, newest, room, known, store, rows, runs, other, facts, used, here, pending = tables
    more, levels = room[meetings[head, OTHER]], len(task.within_m)
    return _Tables(
        meetings, newest, room, known,
        room_for(store, used[STORE] + 2 * more),
        room_for(rows, more),
        room_for(runs, used[RUNS] + more + levels),
        _longer_numbers(other, used[FACTS] + 1),
        room_for(facts, used[FACTS] + 1),
        used, here, pending,
    )  # fmt: skip


@inner
def _measure_others(task: Task, heads: tuple[int, int], tables: _Tables) -> int:
    """Measure a part against the others that it meets; stops where there is no room, and says so.

    Returns the first meeting that was not dealt with.
    """
    meetings, newest, used = tables.meetings, tables.newest, tables.used
    for head in range(heads[0], heads[1]):
        other = meetings[head, OTHER]
        if newest[other] < 0:
            continue  # has been done together with an earlier meeting
        if not _has_room(task, other, tables):
            return head
        newest[other] = -1
        _measure_other(task, head, tables)
        at = used[FACTS]
        tables.other[at], tables.facts[at, 0], tables.facts[at, 1] = (
            other, tables.here[BEST], tables.here[BEST_AT],
        )  # fmt: skip
        used[FACTS] = at + 1
    return heads[1]


@inner
def _measure_other(task: Task, head: int, tables: _Tables) -> None:
    """Measure what a part has in common with one other, block by block."""
    here, within_m, known, store = tables.here, task.within_m, tables.known, tables.store
    meetings, rows, runs, used = tables.meetings, tables.rows, tables.runs, tables.used
    squares, near_other = task.near.squared_m2, task.near.other
    owner, levels, at = (used[FACTS], EVERY_RUN_M), len(within_m), head
    found, stored = used[RUNS], used[STORE]
    here[BEST], here[BEST_AT] = np.inf, np.nan
    while at >= 0:
        place, block, is_done = meetings[at, PLACE], meetings[at, BLOCK], False
        base, n_rows = _base_on_part(task, place), FIRST_ROW
        begin_block(here, levels)
        while at >= 0 and meetings[at, PLACE] == place and meetings[at, BLOCK] == block:
            slot, at = meetings[at, SLOT], meetings[at, NEXT]
            is_done = is_done or not matters(squares[slot], here, within_m)
            if is_done:
                continue
            if known[slot] < 0:
                known[slot] = stored
                stored = share_blocks(
                    task.blocks, (block, near_other[slot]), within_m, store, stored
                )
            n_rows = take_shared(store, known[slot], base, here, rows, n_rows)
        found = merge_into_runs(owner, rows, n_rows, tables.pending, runs, found)
    for level in range(levels):
        found = close_run(owner, tables.pending, level, runs, found)
    used[RUNS], used[STORE] = found, stored


@inner
def _starts(runs: Floats, found: int, count: int) -> Integers:
    """First row of each number of the first column, which ascends."""
    start, row = np.zeros(count + 1, dtype=np.int64), 0
    for number in range(count):
        while row < found and runs[row, 0] <= number:
            row += 1
        start[number + 1] = row
    return start


@inner
def _collect_meetings(
    task: Task, part: int, asked: Integers, tables: _Tables
) -> tuple[_Tables, int]:
    """List where blocks of a part are near blocks of the parts asked for, in order."""
    parts, line_block, met = task.my_parts, task.blocks.line_block, 0
    for place in range(parts.start[part], parts.start[part + 1]):
        line = parts.line[place]
        low, steps = line_block[line], line_block[line + 1] - line_block[line]
        for step in range(steps):
            block = low + (steps - 1 - step if parts.is_reversed[place] else step)
            most = met + _most_meetings(task, block)
            if most > len(tables.meetings):
                tables = _with_longer_meetings(tables, most)
            met = _meet_block(task, (part, place, block), asked, tables, met)
    return tables, met


@inner
def _most_meetings(task: Task, block: int) -> int:
    on_lines, most = task.on_lines.start, 0
    for slot in range(task.near.start[block], task.near.start[block + 1]):
        line = task.block_line[task.near.other[slot]]
        most += on_lines[line + 1] - on_lines[line]
    return most


@inner
def _meet_block(
    task: Task, where: tuple[int, int, int], asked: Integers, tables: _Tables, met: int
) -> int:
    """Add the meetings of one block; there is room for them."""
    (part, place, block), levels = where, len(task.within_m)
    meetings, newest, room = tables.meetings, tables.newest, tables.room
    on_lines, near_other = task.on_lines, task.near.other
    for slot in range(task.near.start[block], task.near.start[block + 1]):
        other_line, last = task.block_line[near_other[slot]], -1
        for at in range(on_lines.start[other_line], on_lines.start[other_line + 1]):
            other = on_lines.part[at]
            if asked[other] != part or other == last:
                continue
            if newest[other] >= 0:
                meetings[newest[other], NEXT] = met
            else:
                room[other] = 0
            room[other] += rows_at_most(task.blocks, (block, near_other[slot]), levels)
            meetings[met, OTHER], meetings[met, PLACE], meetings[met, NEXT] = other, place, -1
            meetings[met, BLOCK], meetings[met, SLOT] = block, slot
            newest[other], last, met = met, other, met + 1
    return met


@inner
def _with_longer_meetings(tables: _Tables, needed: int) -> _Tables:
    old, newest, room, known, store, rows, runs, other, facts, used, here, pending = tables
    meetings = np.empty((2 * needed, old.shape[1]), dtype=np.int64)
    for row in range(len(old)):
        for column in range(old.shape[1]):
            meetings[row, column] = old[row, column]
    return _Tables(
        meetings, newest, room, known, store, rows, runs, other, facts, used, here, pending
    )


@inner
def _base_on_part(task: Task, place: int) -> tuple[float, float]:
    """Give base and turn of a line of a part."""
    parts = task.my_parts
    if parts.is_reversed[place]:
        return parts.from_m[place] + task.first.line_length_m[parts.line[place]], -1.0
    return parts.from_m[place], 1.0


@inner
def _longer_numbers(numbers: Integers, needed: int) -> Integers:
    """Give the numbers themselves, or a longer copy if there are fewer than needed."""
    if needed <= len(numbers):
        return numbers
    longer = np.empty(2 * needed, dtype=np.int64)
    for at in range(len(numbers)):
        longer[at] = numbers[at]
    return longer
