"""Compiled heart of the separation profiles: one pass along the first route of every pair.

What two blocks of lines have in common (which positions lie within each distance, how close they
come, at which angle they meet) is worked out once, when a pair of routes first needs it, and
kept; all further pairs of routes compose it. Where both routes are near an end, parts of the
pieces are exempt and are worked out afresh. Neighbours come nearest first, so that the pass can
leave a block as soon as nothing farther away could change a run or a least distance.

The arrays are few and wide, and the innermost loops call nothing that takes many of them: every
array handed to a compiled function costs two atomic operations.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.geometry.closeness import (
    AT,
    BASE,
    BEST,
    BEST_AT,
    COVERED,
    MEET_M,
    NEWEST,
    OTHER_BASE,
    OTHER_ZONES,
    PAIR,
    ROWS,
    SQUARED,
    TURN,
    ZONES,
    Memory,
    measure_at_end,
    share_blocks,
    stretch_of,
)
from netgraph.diversity.geometry.intervals import (
    COLUMNS,
    END,
    FIRST_ROW,
    LEAST,
    LEVEL,
    SINE,
    START,
    close_run,
    merge_into_runs,
    room_for,
)

if TYPE_CHECKING:
    from netgraph.diversity.geometry.blocks import Blocks, NearBlocks
    from netgraph.diversity.geometry.projection import Floats, Integers
    from netgraph.diversity.geometry.routes import Walks


class Task(NamedTuple):
    """What is asked.

    `near` holds the neighbours of the blocks of the first routes among those of the second, at
    least as far as ``within_m[-1]``; route i of `first` and route i of `second` are a pair;
    `within_m` are distances in metres, ascending.
    """

    blocks: Blocks
    near: NearBlocks
    first: Walks
    second: Walks
    within_m: Floats


class Tables(NamedTuple):
    """Growing tables: what blocks share, the intervals of one block, the runs found so far."""

    store: Floats
    stored: int
    rows: Floats
    runs: Floats
    found: int


@entry
def profile_routes(task: Task, memory: Memory) -> tuple[Floats, Floats]:
    """Find the runs and the least distances of pairs of routes.

    Parameters
    ----------
    task
        What is asked.
    memory
        From :func:`empty_memory`.

    Returns
    -------
    least
        Least distance and its position on the first route, metres; shape (pairs, 2). Exact where
        it is at most ``within_m[-1]``; otherwise an upper bound (inf, NaN if nothing was near).
    runs
        pair, level, start, end, least distance, greatest sine of a meeting angle (inf where
        the routes coincide); shape (runs, 6).
    """
    pairs = len(task.first.start) - 1
    least = np.empty((pairs, 2))
    tables = Tables(
        np.empty((4096, COLUMNS)), 0, np.empty((256, COLUMNS)), np.empty((1024, COLUMNS + 1)), 0
    )
    for pair in range(pairs):
        enter_pair(task, pair, memory)
        tables = _pass_route(task, pair, memory, tables)
        least[pair, 0], least[pair, 1] = math.sqrt(memory.here[BEST]), memory.here[BEST_AT]
    return least, tables.runs[: tables.found]


def empty_memory(task: Task) -> Memory:
    """Arrays large enough for the greatest of the routes."""
    blocks, first, second = task.blocks, task.first, task.second
    entries = _most_blocks(blocks.line_block, second.start, second.line)
    longest = int(max(np.diff(walks.start).max(initial=0) for walks in (first, second)))
    return Memory(
        np.full((len(blocks.box), 2), -1, dtype=np.int32),
        np.empty((entries, 2), dtype=np.int32),
        np.full(len(task.near.other), -1, dtype=np.int64),
        np.empty(10),
        np.empty((longest, 4)),
    )


@entry
def _most_blocks(line_block: Integers, start: Integers, line: Integers) -> int:
    most = 0
    for route in range(len(start) - 1):
        blocks = 0
        for place in range(start[route], start[route + 1]):
            blocks += line_block[line[place] + 1] - line_block[line[place]]
        most = max(most, blocks)
    return most


@inner
def _find_bases(walks: Walks, route: int, bases: Floats, base: int) -> None:
    """Fill in the bases and turns of a route, in two columns from `base` on."""
    first, last, position_m = walks.start[route], walks.start[route + 1], 0.0
    for place in range(first, last):
        length_m = walks.line_length_m[walks.line[place]]
        is_reversed = walks.is_reversed[place]
        bases[place - first, base] = position_m + (length_m if is_reversed else 0.0)
        bases[place - first, base + 1] = -1.0 if is_reversed else 1.0
        position_m += length_m
    if walks.is_mirrored[route]:
        for place in range(last - first):
            bases[place, base] = position_m - bases[place, base]
            bases[place, base + 1] = -bases[place, base + 1]


@inner
def enter_pair(task: Task, pair: int, memory: Memory) -> None:
    """Place the two routes of a pair, and stamp the blocks of the second."""
    line_block, second, entry = task.blocks.line_block, task.second, 0
    marks, entries, here = memory.marks, memory.entries, memory.here
    _find_bases(task.first, pair, memory.bases, BASE)
    _find_bases(second, pair, memory.bases, OTHER_BASE)
    here[BEST], here[BEST_AT] = np.inf, np.nan
    for limit in range(4):
        here[ZONES + limit] = task.first.zones[pair, limit]
        here[OTHER_ZONES + limit] = second.zones[pair, limit]
    for place in range(second.start[pair + 1] - second.start[pair]):
        line = second.line[second.start[pair] + place]
        for block in range(line_block[line], line_block[line + 1]):
            before = marks[block, NEWEST] if marks[block, PAIR] == pair else -1
            entries[entry, 0], entries[entry, 1] = place, before
            marks[block, PAIR], marks[block, NEWEST] = pair, entry
            entry += 1


@inner
def _pass_route(task: Task, pair: int, memory: Memory, tables: Tables) -> Tables:
    """Measure the blocks of the first route of a pair, one after the other.

    One long function, because the loop over the neighbours runs some 10 million times.
    """
    blocks, first, within_m, levels = task.blocks, task.first, task.within_m, len(task.within_m)
    line_block, block_piece, pieces = blocks.line_block, blocks.block_piece, blocks.pieces
    near_start, near_other, squares = task.near.start, task.near.other, task.near.squared_m2
    marks, known, here, bases = memory.marks, memory.known, memory.here, memory.bases
    store, stored, rows, runs, count = tables
    pending = np.zeros((levels, COLUMNS))
    pending[:, END] = -1.0
    limits = within_m * within_m
    for place in range(first.start[pair + 1] - first.start[pair]):
        line = first.line[first.start[pair] + place]
        base_m, turn = bases[place, BASE], bases[place, TURN]
        low_block, steps = line_block[line], line_block[line + 1] - line_block[line]
        for step in range(steps):
            block = low_block + (step if turn > 0.0 else steps - 1 - step)
            start_m, end_m = stretch_of(pieces, block_piece, block, (base_m, turn))
            is_near_end = start_m <= here[ZONES + 1] or end_m >= here[ZONES + 2]
            used, depth, least, coincides = FIRST_ROW, levels, np.inf, False
            for slot in range(near_start[block], near_start[block + 1]):
                if marks[near_other[slot], PAIR] != pair:
                    continue
                squared = squares[slot]
                if not (
                    (depth > 0 and squared <= limits[depth - 1])
                    or squared < here[BEST]
                    or (depth < levels and squared < least)
                    or (squared <= MEET_M * MEET_M and not coincides)
                ):
                    break  # neither this nor anything farther away matters
                if is_near_end:
                    where = (place, block, near_other[slot])
                    rows, used = measure_at_end(blocks, memory, where, within_m, rows, used)
                    continue
                if known[slot] < 0:
                    known[slot] = stored
                    store, stored = share_blocks(
                        blocks, (block, near_other[slot]), within_m, store, stored
                    )
                head = known[slot]
                is_news = store[head, SQUARED] < least or store[head, SINE] > 0.0
                if store[head, SQUARED] < here[BEST]:
                    here[BEST] = store[head, SQUARED]
                    here[BEST_AT] = base_m + turn * store[head, AT]
                rows = room_for(rows, used + int(store[head, ROWS]))
                wanted = levels if is_news else depth
                used = _compose(store, head, (base_m, turn, wanted), rows, used)
                depth = min(depth, int(store[head, COVERED]))
                least = min(least, store[head, SQUARED])
                coincides |= store[head, SINE] == np.inf
            if used:
                runs = room_for(runs, count + used)
                count = merge_into_runs(pair, rows, used, pending, runs, count)
    runs = room_for(runs, count + levels)
    for level in range(levels):
        count = close_run(pair, pending, level, runs, count)
    return Tables(store, stored, rows, runs, count)


@inner
def _compose(
    store: Floats, head: int, how: tuple[float, float, int], rows: Floats, used: int
) -> int:
    """Copy what two blocks share to positions on the route, up to the level that is wanted."""
    base_m, turn, wanted = how
    for row in range(head + 1, head + 1 + int(store[head, ROWS])):
        if store[row, LEVEL] >= wanted:
            break
        low, high = base_m + turn * store[row, START], base_m + turn * store[row, END]
        rows[used, LEVEL] = store[row, LEVEL]
        rows[used, START], rows[used, END] = min(low, high), max(low, high)
        rows[used, LEAST], rows[used, SINE] = store[row, LEAST], store[row, SINE]
        used += 1
    return used
