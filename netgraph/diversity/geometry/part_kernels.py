"""What every two parts of routes have in common that some pair of routes holds: compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, in_threads, inner
from netgraph.diversity.geometry.closeness import (
    BEST,
    BEST_AT,
    COLUMNS_HERE,
    ROWS,
    begin_block,
    matters,
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


@entry
def _measure_some(
    task: Task, held_start: Integers, held: Integers, chosen: tuple[int, int]
) -> Known:
    """Measure the parts from one number to before another."""
    first, levels = chosen[0], len(task.within_m)
    parts = chosen[1] - first
    squares, near_other = task.near.squared_m2, task.near.other
    start, n_others = np.zeros(parts + 1, dtype=np.int64), len(task.their_parts.length_m)
    asked, newest = np.full(n_others, -1), np.full(n_others, -1)
    others, facts, count = np.empty(1024, dtype=np.int64), np.empty((1024, 2)), 0
    known = np.full(len(task.near.other), -1, dtype=np.int64)
    here, store, stored = np.empty(COLUMNS_HERE), np.empty((4096, COLUMNS)), 0
    rows, runs, found = np.empty((256, COLUMNS)), np.empty((4096, COLUMNS + 1)), 0
    pending = np.zeros((levels, COLUMNS))
    pending[:, END] = -1.0
    meetings = np.empty((1024, NEXT + 1), dtype=np.int64)
    for part in range(first, chosen[1]):
        for at in range(held_start[part], held_start[part + 1]):
            pair = held[at]
            for cut in range(task.their_cuts.start[pair], task.their_cuts.start[pair + 1]):
                asked[task.their_cuts.part[cut]] = part
        meetings, met = _collect_meetings(task, part, asked, newest, meetings)
        for head in range(met):
            other, owner = meetings[head, OTHER], (count, EVERY_RUN_M)
            if newest[other] < 0:
                continue  # has been done together with an earlier meeting
            newest[other] = -1
            here[BEST], here[BEST_AT] = np.inf, np.nan
            at = head
            while at >= 0:
                place, block, is_done = meetings[at, PLACE], meetings[at, BLOCK], False
                base, used = _base_on_part(task, place), FIRST_ROW
                begin_block(here, levels)
                while at >= 0 and meetings[at, PLACE] == place and meetings[at, BLOCK] == block:
                    slot, at = meetings[at, SLOT], meetings[at, NEXT]
                    is_done = is_done or not matters(squares[slot], here, task.within_m)
                    if is_done:
                        continue
                    if known[slot] < 0:
                        known[slot] = stored
                        two = (block, near_other[slot])
                        store, stored = share_blocks(task.blocks, two, task.within_m, store, stored)
                    rows = room_for(rows, used + int(store[known[slot], ROWS]))
                    used = take_shared(store, known[slot], base, here, rows, used)
                runs = room_for(runs, found + used)
                found = merge_into_runs(owner, rows, used, pending, runs, found)
            runs = room_for(runs, found + levels)
            for level in range(levels):
                found = close_run(owner, pending, level, runs, found)
            others, facts = _room(others, count), room_for(facts, count + 1)
            others[count], facts[count, 0], facts[count, 1] = other, here[BEST], here[BEST_AT]
            count += 1
        start[part - first + 1] = count
    row_start = _starts(runs, found, count)
    return Known(start, others[:count], row_start, runs[:found], facts[:count, 0], facts[:count, 1])


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
    task: Task, part: int, asked: Integers, newest: Integers, meetings: Integers
) -> tuple[Integers, int]:
    """List where blocks of a part are near blocks of the parts asked for, in order."""
    parts, line_block, on_lines = task.my_parts, task.blocks.line_block, task.on_lines
    near_start, near_other, met = task.near.start, task.near.other, 0
    for place in range(parts.start[part], parts.start[part + 1]):
        line = parts.line[place]
        low, steps = line_block[line], line_block[line + 1] - line_block[line]
        for step in range(steps):
            block = low + (steps - 1 - step if parts.is_reversed[place] else step)
            for slot in range(near_start[block], near_start[block + 1]):
                other_line, last = task.block_line[near_other[slot]], -1
                for at in range(on_lines.start[other_line], on_lines.start[other_line + 1]):
                    other = on_lines.part[at]
                    if asked[other] != part or other == last:
                        continue
                    if met == len(meetings):
                        meetings = _longer(meetings)
                    meetings[met, OTHER], meetings[met, PLACE], meetings[met, NEXT] = (
                        other,
                        place,
                        -1,
                    )
                    meetings[met, BLOCK], meetings[met, SLOT] = block, slot
                    if newest[other] >= 0:
                        meetings[newest[other], NEXT] = met
                    newest[other], last, met = met, other, met + 1
    return meetings, met


@inner
def _base_on_part(task: Task, place: int) -> tuple[float, float]:
    """Give base and turn of a line of a part."""
    parts = task.my_parts
    if parts.is_reversed[place]:
        return parts.from_m[place] + task.first.line_length_m[parts.line[place]], -1.0
    return parts.from_m[place], 1.0


@inner
def _room(numbers: Integers, used: int) -> Integers:
    """Give the numbers themselves, or a copy of twice the size if they are full."""
    if used < len(numbers):
        return numbers
    longer = np.empty(2 * used, dtype=np.int64)
    for at in range(used):
        longer[at] = numbers[at]
    return longer


@inner
def _longer(meetings: Integers) -> Integers:
    longer = np.empty((2 * len(meetings), meetings.shape[1]), dtype=np.int64)
    for row in range(len(meetings)):
        for column in range(meetings.shape[1]):
            longer[row, column] = meetings[row, column]
    return longer
