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

from netgraph.diversity.geometry.blocks import SCALE
from netgraph.diversity.geometry.closeness import (
    AT,
    COVERED,
    MEET_M,
    ROWS,
    SQUARED,
    Memory,
    measure_at_end,
    share_blocks,
    stretch_of,
)
from netgraph.diversity.geometry.intervals import (
    COLUMNS,
    END,
    LEAST,
    LEVEL,
    SINE,
    START,
    close_run,
    merge_into_runs,
    room_for,
)
from netgraph.diversity.geometry.kernels import box_distance_squared, compiled

if TYPE_CHECKING:
    from netgraph.diversity.geometry.blocks import Blocks, NearBlocks
    from netgraph.diversity.geometry.kernels import Piece
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


@compiled
def profile_routes(task: Task) -> tuple[Floats, Floats]:
    """Find the runs and the least distances of pairs of routes.

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
    memory = _empty_memory(task)
    tables = Tables(
        np.empty((4096, COLUMNS)), 0, np.empty((256, COLUMNS)), np.empty((1024, COLUMNS + 1)), 0
    )
    for pair in range(pairs):
        _enter(task, pair, memory)
        tables = _pass_route(task, pair, memory, tables)
        least[pair, 0], least[pair, 1] = math.sqrt(memory.best[0]), memory.best[1]
    return least, tables.runs[: tables.found]


@compiled
def _empty_memory(task: Task) -> Memory:
    """Arrays large enough for the greatest of the second routes."""
    line_block, start, line = task.blocks.line_block, task.second.start, task.second.line
    most = 0
    for route in range(len(start) - 1):
        entries = 0
        for place in range(start[route], start[route + 1]):
            entries += line_block[line[place] + 1] - line_block[line[place]]
        most = max(most, entries)
    return Memory(
        np.full(len(task.blocks.box), -1, dtype=np.int64),
        np.empty(len(task.blocks.box), dtype=np.int64),
        np.empty((most, 2), dtype=np.int64),
        np.full(len(task.near.other), -1, dtype=np.int64),
        np.empty(2),
        np.empty(4),
        np.empty((_longest(task.first.start), 2)),
        np.empty((_longest(task.second.start), 2)),
    )


@compiled
def _longest(start: Integers) -> int:
    longest = 0
    for route in range(len(start) - 1):
        longest = max(longest, start[route + 1] - start[route])
    return longest


@compiled
def _find_bases(walks: Walks, route: int, base: Floats) -> None:
    """Fill in the bases and turns of a route."""
    first, last, position_m = walks.start[route], walks.start[route + 1], 0.0
    for place in range(first, last):
        length_m = walks.line_length_m[walks.line[place]]
        is_reversed = walks.is_reversed[place]
        base[place - first, 0] = position_m + (length_m if is_reversed else 0.0)
        base[place - first, 1] = -1.0 if is_reversed else 1.0
        position_m += length_m
    if walks.is_mirrored[route]:
        for place in range(last - first):
            base[place, 0], base[place, 1] = position_m - base[place, 0], -base[place, 1]


@compiled
def _enter(task: Task, pair: int, memory: Memory) -> None:
    """Place the two routes of a pair, and stamp the blocks of the second."""
    line_block, second, entry = task.blocks.line_block, task.second, 0
    _find_bases(task.first, pair, memory.base)
    _find_bases(second, pair, memory.other_base)
    memory.best[0], memory.best[1] = np.inf, np.nan
    for limit in range(2):
        memory.zones[limit] = task.first.zones[pair, limit]
        memory.zones[2 + limit] = second.zones[pair, limit]
    for place in range(second.start[pair + 1] - second.start[pair]):
        line = second.line[second.start[pair] + place]
        for block in range(line_block[line], line_block[line + 1]):
            is_again = memory.stamp[block] == pair
            memory.entries[entry, 0] = place
            memory.entries[entry, 1] = memory.newest[block] if is_again else -1
            memory.stamp[block], memory.newest[block] = pair, entry
            entry += 1


@compiled
def _pass_route(task: Task, pair: int, memory: Memory, tables: Tables) -> Tables:
    """Measure the blocks of the first route of a pair, one after the other."""
    blocks, near, first, within_m = task.blocks, task.near, task.first, task.within_m
    line_block, near_start, near_other, squares = (
        blocks.line_block,
        near.start,
        near.other,
        near.squared_m2,
    )
    stamp, known, best, levels = memory.stamp, memory.known, memory.best, len(within_m)
    store, stored, rows, runs, count = tables
    pending = np.zeros((levels, COLUMNS))
    pending[:, END] = -1.0
    limits = within_m * within_m
    for place in range(first.start[pair + 1] - first.start[pair]):
        line = first.line[first.start[pair] + place]
        base_m, turn = memory.base[place, 0], memory.base[place, 1]
        low_block, steps = line_block[line], line_block[line + 1] - line_block[line]
        for step in range(steps):
            block = low_block + (step if turn > 0.0 else steps - 1 - step)
            start_m, end_m = stretch_of(blocks, block, base_m, turn)
            is_near_end = start_m <= memory.zones[0] or end_m >= memory.zones[1]
            used, depth, least, coincides = 0, levels, np.inf, False
            for slot in range(near_start[block], near_start[block + 1]):
                squared = squares[slot]
                if not (
                    (depth > 0 and squared <= limits[depth - 1])
                    or squared < best[0]
                    or (depth < levels and squared < least)
                    or (squared <= MEET_M * MEET_M and not coincides)
                ):
                    break  # neither this nor anything farther away matters
                if stamp[near_other[slot]] != pair:
                    continue
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
                if store[head, SQUARED] < best[0]:
                    best[0], best[1] = store[head, SQUARED], base_m + turn * store[head, AT]
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


@compiled
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


GROUP = 16


@compiled
def find_least_distances(task: Task, pairs: Integers) -> Floats:
    """Least distances of pairs of routes, however far apart.

    Parameters
    ----------
    task
        Its neighbours are not used.
    pairs
        The pairs to measure; shape (n,).

    Returns
    -------
    ndarray of shape (n, 2)
        Least distance and its position on the first route, metres; inf, NaN where nothing is
        left to measure. Exact: groups of blocks are left out only where their boxes lie farther
        apart than what was found.
    """
    least, blocks = np.empty((len(pairs), 2)), task.blocks
    memory = _empty_memory(task)
    widest = 1.0
    for piece in range(len(blocks.pieces)):
        widest = max(widest, blocks.pieces[piece, SCALE])
    for at in range(len(pairs)):
        _enter(task, pairs[at], memory)
        mine = _blocks_of(blocks.line_block, task.first, pairs[at])
        theirs = _blocks_of(blocks.line_block, task.second, pairs[at])
        _search_least(blocks, memory, mine, theirs, widest * widest)
        least[at, 0], least[at, 1] = math.sqrt(memory.best[0]), memory.best[1]
    return least


@compiled
def _blocks_of(line_block: Integers, walks: Walks, route: int) -> Integers:
    """Block and place of every block of a route; shape (blocks of the route, 2)."""
    first, last, total = walks.start[route], walks.start[route + 1], 0
    for place in range(first, last):
        total += line_block[walks.line[place] + 1] - line_block[walks.line[place]]
    listed, count = np.empty((total, 2), dtype=np.int64), 0
    for place in range(first, last):
        for block in range(line_block[walks.line[place]], line_block[walks.line[place] + 1]):
            listed[count, 0], listed[count, 1] = block, place - first
            count += 1
    return listed


@compiled
def _search_least(
    blocks: Blocks, memory: Memory, mine: Integers, theirs: Integers, widest_squared: float
) -> None:
    """Lower the best of the memory to the least distance of two lists of blocks."""
    rows, nothing = np.empty((0, COLUMNS)), np.empty(0)
    for first in range(0, len(mine), GROUP):
        box = _box_of(blocks.box, mine, first, min(first + GROUP, len(mine)))
        for second in range(0, len(theirs), GROUP):
            end = min(second + GROUP, len(theirs))
            reach = memory.best[0] * widest_squared
            if box_distance_squared(box, _box_of(blocks.box, theirs, second, end)) >= reach:
                continue
            for i in range(first, min(first + GROUP, len(mine))):
                own = _box_of(blocks.box, mine, i, i + 1)
                for j in range(second, end):
                    reach = memory.best[0] * widest_squared
                    if box_distance_squared(own, _box_of(blocks.box, theirs, j, j + 1)) < reach:
                        where = (mine[i, 1], mine[i, 0], theirs[j, 0])
                        measure_at_end(blocks, memory, where, nothing, rows, 0)


@compiled
def _box_of(boxes: Floats, listed: Integers, first: int, last: int) -> Piece:
    """Lay a box around some blocks of a list."""
    low_x, low_y, high_x, high_y = np.inf, np.inf, -np.inf, -np.inf
    for at in range(first, last):
        block = listed[at, 0]
        low_x, low_y = min(low_x, boxes[block, 0]), min(low_y, boxes[block, 1])
        high_x, high_y = max(high_x, boxes[block, 2]), max(high_y, boxes[block, 3])
    return low_x, low_y, high_x, high_y
