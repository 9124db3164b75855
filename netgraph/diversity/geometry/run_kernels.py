"""Compiled heart of the separation profiles: one pass along the first route of every pair.

What parts of routes have in common between the ends is known beforehand
(:mod:`~netgraph.diversity.geometry.part_kernels`) and only composed here. Near the ends of the
first route, where places of both may be exempt, its lines are measured block by block. Neighbours
come nearest first, so that the pass can leave a block as soon as nothing farther away could change
a run or a least distance.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, in_threads, inner
from netgraph.diversity.geometry.closeness import (
    BEST,
    BEST_AT,
    COINCIDES,
    COLUMNS_HERE,
    DEPTH,
    NEAREST,
    ROWS,
    ZONES,
    begin_block,
    matters,
    rows_at_most,
    share_blocks,
    stretch_of,
    take_shared,
)
from netgraph.diversity.geometry.end_zones import enter_zones, measure_at_end
from netgraph.diversity.geometry.intervals import (
    COLUMNS,
    END,
    FIRST_ROW,
    JOIN_M,
    LEAST,
    LEVEL,
    SINE,
    START,
    close_run,
    merge_into_runs,
    merge_rows,
    room_for,
)
from netgraph.diversity.geometry.part_kernels import Known  # noqa: TC001 -- a kernel is stale when it changes
from netgraph.diversity.geometry.parts import Task  # noqa: TC001 -- a kernel is stale when it changes

if TYPE_CHECKING:
    from netgraph.diversity.geometry.projection import Floats, Integers

# columns of where the second route of the pair at hand has a part: pair, newest cut with it
PAIR, NEWEST = 0, 1


class Memory(NamedTuple):
    """What a pass remembers of the pair of routes at hand.

    Attributes
    ----------
    here
        See :mod:`~netgraph.diversity.geometry.closeness`.
    marks
        Pair whose second route last had each part, and its newest cut with that part then.
    before
        The cut before it with the same part, -1 = none; shape (cuts of the second routes,).
    from_m
        Where each of these cuts begins on its route.
    other_m
        Metres of the second route; shape (1,).
    known
        Row of the store where what a block shares with each of its neighbours begins, or -1.
    """

    here: Floats
    marks: Integers
    before: Integers
    from_m: Floats
    other_m: Floats
    known: Integers


class Tables(NamedTuple):
    """Growing tables: what blocks share, the intervals of one block, the runs found so far."""

    store: Floats
    stored: int
    rows: Floats
    runs: Floats
    found: int


def profile_routes(task: Task, known: Known) -> tuple[Floats, Floats]:
    """Find the runs and the least distances of pairs of routes.

    Parameters
    ----------
    task
        What is asked.
    known
        What their parts have in common.

    Returns
    -------
    least
        Least distance and its position on the first route, metres; shape (pairs, 2). Exact where
        it is at most ``within_m[-1]``; otherwise an upper bound (inf, NaN if nothing was near).
    runs
        pair, level, start, end, least distance, greatest sine of a meeting angle (inf where
        the routes coincide); shape (runs, 6).
    """
    found = in_threads(
        lambda low, high: _profile_some(task, known, (low, high)), len(task.first.start) - 1
    )
    least, runs = (np.concatenate(each) for each in zip(*found, strict=True))
    return least, runs


@entry
def _profile_some(task: Task, known: Known, chosen: tuple[int, int]) -> tuple[Floats, Floats]:
    """Profile the pairs from one number to before another."""
    first, levels, cuts = chosen[0], len(task.within_m), task.my_cuts
    pairs = chosen[1] - first
    least, pending = np.empty((pairs, 2)), np.zeros((levels, COLUMNS))
    pending[:, END] = -1.0
    memory = Memory(
        np.empty(COLUMNS_HERE),
        np.full((len(task.their_parts.length_m), 2), -1),
        np.empty(len(task.their_cuts.part), dtype=np.int64),
        np.empty(len(task.their_cuts.part)),
        np.empty(1),
        np.full(len(task.near.other), -1),
    )
    tables = Tables(
        np.empty((4096, COLUMNS)), 0, np.empty((256, COLUMNS)), np.empty((1024, COLUMNS + 1)), 0
    )
    for pair in range(first, chosen[1]):
        _enter_pair(task, pair, memory)
        from_m = 0.0
        for cut in range(cuts.start[pair], cuts.start[pair + 1]):
            where = (pair, cut, from_m)
            if cuts.part[cut] >= 0:
                tables = _add_part(task, where, known, memory, pending, tables)
                from_m += task.my_parts.length_m[cuts.part[cut]]
            else:
                tables = _pass_places(task, where, memory, pending, tables)
                for place in range(cuts.low[cut], cuts.high[cut]):
                    from_m += task.first.line_length_m[task.first.line[place]]
        store, stored, rows, runs, count = tables
        runs = room_for(runs, count + levels)
        for level in range(levels):
            count = close_run((pair, JOIN_M), pending, level, runs, count)
        tables = Tables(store, stored, rows, runs, count)
        least[pair - first, 0], least[pair - first, 1] = (
            math.sqrt(memory.here[BEST]),
            memory.here[BEST_AT],
        )
    return least, tables.runs[: tables.found]


@inner
def _enter_pair(task: Task, pair: int, memory: Memory) -> None:
    """Take the end zones of a pair of routes, and place the parts of the second."""
    cuts, marks, from_m = task.their_cuts, memory.marks, 0.0
    enter_zones(memory.here, task.first.zones[pair], task.second.zones[pair])
    for cut in range(cuts.start[pair], cuts.start[pair + 1]):
        part = cuts.part[cut]
        memory.before[cut] = marks[part, NEWEST] if marks[part, PAIR] == pair else -1
        marks[part, PAIR], marks[part, NEWEST] = pair, cut
        memory.from_m[cut] = from_m
        from_m += task.their_parts.length_m[part]
    memory.other_m[0] = from_m


@inner
def _add_part(
    task: Task, where: tuple[int, int, float], known: Known, memory: Memory, pending: Floats,
    tables: Tables,
) -> Tables:  # fmt: skip
    """Compose what a part of the first route has in common with the parts of the second."""
    store, stored, rows, runs, count = tables
    most, part = 0, task.my_cuts.part[where[1]]
    for fact in range(known.start[part], known.start[part + 1]):
        if memory.marks[known.other[fact], PAIR] == where[0]:
            most += known.row_start[fact + 1] - known.row_start[fact]
    rows, runs = room_for(rows, most), room_for(runs, count + most)
    used = _compose(task, where, known, memory, rows)
    count = merge_into_runs((where[0], JOIN_M), rows, used, pending, runs, count)
    return Tables(store, stored, rows, runs, count)


@inner
def _compose(
    task: Task, where: tuple[int, int, float], known: Known, memory: Memory, rows: Floats
) -> int:
    """Gather the intervals and the least distance of a part; returns how many intervals."""
    (pair, cut, from_m), here, used = where, memory.here, 0
    part = task.my_cuts.part[cut]
    for fact in range(known.start[part], known.start[part + 1]):
        if memory.marks[known.other[fact], PAIR] != pair:
            continue
        for row in range(known.row_start[fact], known.row_start[fact + 1]):
            for column in range(COLUMNS):
                rows[used, column] = known.rows[row, 1 + column]
            rows[used, START] += from_m
            rows[used, END] += from_m
            used += 1
        squared, at_m = known.squared[fact], from_m + known.at_m[fact]
        if squared < here[BEST] or (squared == here[BEST] and at_m < here[BEST_AT]):
            here[BEST], here[BEST_AT] = squared, at_m
    return used


@inner
def _pass_places(
    task: Task, where: tuple[int, int, float], memory: Memory, pending: Floats, tables: Tables
) -> Tables:
    """Measure the blocks of lines near an end of the first route, one after the other."""
    blocks, walks, within_m, here = task.blocks, task.first, task.within_m, memory.here
    squares, others = task.near.squared_m2, task.near.other
    store, stored, rows, runs, count = tables
    pair, cut, from_m = where
    for place in range(task.my_cuts.low[cut], task.my_cuts.high[cut]):
        line, is_reversed = walks.line[place], walks.is_reversed[place]
        base = _base(from_m, walks.line_length_m[line], is_reversed)
        from_m += walks.line_length_m[line]
        low, steps = blocks.line_block[line], blocks.line_block[line + 1] - blocks.line_block[line]
        for step in range(steps):
            block, used = low + (steps - 1 - step if is_reversed else step), FIRST_ROW
            start_m, end_m = stretch_of(blocks.pieces, blocks.block_piece, block, base)
            is_near_end = start_m <= here[ZONES + 1] or end_m >= here[ZONES + 2]
            begin_block(here, len(within_m))
            for slot in range(task.near.start[block], task.near.start[block + 1]):
                if not _is_on_second(task, pair, task.block_line[others[slot]], memory):
                    continue
                if not matters(squares[slot], here, within_m):
                    break
                two = (block, others[slot])
                if is_near_end:
                    rows, used = _add_at_end(task, (pair, *two), base, memory, rows, used)
                    used = merge_rows(rows, FIRST_ROW, used)
                    _note_cover(here, (start_m, end_m), rows, used)
                    continue
                if memory.known[slot] < 0:
                    memory.known[slot] = stored
                    room = rows_at_most(blocks, two, len(within_m))
                    store = room_for(store, stored + 1 + room)
                    stored = share_blocks(blocks, two, within_m, store, stored)
                rows = room_for(rows, used + int(store[memory.known[slot], ROWS]))
                used = take_shared(store, memory.known[slot], base, here, rows, used)
            runs = room_for(runs, count + used)
            count = merge_into_runs((pair, JOIN_M), rows, used, pending, runs, count)
    return Tables(store, stored, rows, runs, count)


@inner
def _note_cover(here: Floats, stretch: tuple[float, float], rows: Floats, used: int) -> None:
    """Remember the least level at which merged intervals cover a block, and what they say of it."""
    for row in range(used):
        if rows[row, START] <= stretch[0] and rows[row, END] >= stretch[1]:
            here[DEPTH], here[NEAREST] = rows[row, LEVEL], rows[row, LEAST] ** 2
            here[COINCIDES] = 1.0 if rows[row, SINE] == np.inf else 0.0
            return


@inner
def _is_on_second(task: Task, pair: int, line: int, memory: Memory) -> bool:
    """Whether the second route of a pair takes a line."""
    for at in range(task.on_lines.start[line], task.on_lines.start[line + 1]):
        if memory.marks[task.on_lines.part[at], PAIR] == pair:
            return True
    return False


@inner
def _add_at_end(
    task: Task,
    what: tuple[int, int, int],
    base: tuple[float, float],
    memory: Memory,
    rows: Floats,
    used: int,
) -> tuple[Floats, int]:
    """Add the intervals of two blocks, wherever the second route takes the other one."""
    (pair, block, other), on_lines, parts = what, task.on_lines, task.their_parts
    line = task.block_line[other]
    for at in range(on_lines.start[line], on_lines.start[line + 1]):
        part, row = on_lines.part[at], on_lines.entry[at]
        cut = memory.marks[part, NEWEST] if memory.marks[part, PAIR] == pair else -1
        while cut >= 0:
            from_m = memory.from_m[cut] + parts.from_m[row]
            cut = memory.before[cut]
            theirs = _base(from_m, task.second.line_length_m[line], parts.is_reversed[row])
            if task.second.is_mirrored[pair]:
                theirs = (memory.other_m[0] - theirs[0], -theirs[1])
            rows, used = measure_at_end(
                task.blocks, (block, other), (base, theirs), memory.here, task.within_m, rows, used
            )
    return rows, used


@inner
def _base(from_m: float, length_m: float, is_reversed: bool) -> tuple[float, float]:  # noqa: FBT001
    """Give base and turn: a position on the route is base plus turn times that on the line."""
    return (from_m + length_m, -1.0) if is_reversed else (from_m, 1.0)
