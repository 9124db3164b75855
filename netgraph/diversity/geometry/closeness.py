"""How close the pieces of two blocks of lines come, and along which positions.

A block reads its pieces from an array of seven columns: x, y of the start, x, y of the end, scale,
position and length (:class:`~netgraph.diversity.geometry.blocks.Blocks`). A base is a pair of
numbers: a position on the route is the base plus turn times that on the line.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.geometry.blocks import BLOCK_PIECES, LENGTH, POSITION, SCALE
from netgraph.diversity.geometry.intervals import (
    END,
    LEAST,
    LEVEL,
    SINE,
    START,
    merge_rows,
    room_for,
)
from netgraph.diversity.geometry.kernels import (
    NOTHING,
    clip,
    close_interval,
    closest_fraction,
    compiled,
    piece_distance_squared,
    sine_between,
)

if TYPE_CHECKING:
    from netgraph.diversity.geometry.blocks import Blocks
    from netgraph.diversity.geometry.kernels import Piece
    from netgraph.diversity.geometry.projection import Floats, Integers

MEET_M = 0.01
"""Lines within a centimetre meet: seven decimals of a degree are no finer than that."""

LEAST_CROSSING_SINE = 0.5  # 30 degrees

# columns of the row before the intervals that two blocks share; SINE as in the intervals
ROWS, COVERED, SQUARED, AT = 0, 1, 2, 3


class Memory(NamedTuple):
    """What a pass along the first route of a pair remembers.

    Attributes
    ----------
    stamp, newest
        Pair whose second route last took each block, and its newest entry then; shape (blocks,).
    entries
        Place of each entry on the second route, and the entry of the same block
        before it (-1 = none); shape (entries, 2).
    known
        Row of the store where what a block shares with each of its neighbours begins, -1 = not
        worked out yet; shape (near,).
    best
        Squared least distance of the pair at hand, and its position; shape (2,).
    zones
        Limits of the end zones of the first, then of the second route at hand; shape (4,).
    base, other_base
        Base and turn of each line of the first and the second route at hand: a position on the
        route is the base plus turn times that on the line, turn being -1 where the route takes
        the line backwards; shape (longest route, 2).
    """

    stamp: Integers
    newest: Integers
    entries: Integers
    known: Integers
    best: Floats
    zones: Floats
    base: Floats
    other_base: Floats


@compiled
def add_close(
    a: Piece,
    b: Piece,
    frame: tuple[float, float, float],
    within_m: Floats,
    rows: Floats,
    used: int,
) -> tuple[int, float]:
    """Add the interval of each distance at which piece `a` is close to piece `b`.

    Parameters
    ----------
    a, b
        Pieces, plane metres.
    frame
        Plane metres per true metre; position of the start of `a`, and its length, true metres.
    within_m
        Distances in true metres, ascending.
    rows, used
        Where to write (it has room), and how many rows it holds.

    Returns
    -------
    used, squared
        How many rows it holds now; the squared distance of the pieces.
    """
    scale, start_m, length_m = frame
    squared = piece_distance_squared(a, b) / (scale * scale)
    sine = 0.0
    if squared <= MEET_M * MEET_M:
        sine = _meeting_sine(a, b, scale, length_m)
    for level in range(len(within_m) - 1, -1, -1):
        if squared > within_m[level] * within_m[level]:
            break
        low, high = close_interval(a, b, within_m[level] * scale)
        if low <= high:
            rows[used, LEVEL] = level
            rows[used, START] = start_m + low * length_m
            rows[used, END] = start_m + high * length_m
            rows[used, LEAST], rows[used, SINE] = math.sqrt(squared), sine
            used += 1
    return used, squared


@compiled
def _meeting_sine(a: Piece, b: Piece, scale: float, length_m: float) -> float:
    """Sine of the angle at which two pieces meet, inf where they coincide, 0 if it says nothing."""
    sine = sine_between(a, b)
    if sine >= LEAST_CROSSING_SINE:
        return sine
    low, high = close_interval(a, b, MEET_M * scale)
    # end to end and straight on, pieces are this close for a centimetre; at 30 degrees for two
    return math.inf if (high - low) * length_m > 2.0 * MEET_M else 0.0


@compiled
def piece_of(pieces: Floats, piece: int, turn: float) -> Piece:
    """Give a piece in the drawn direction, or (turn -1) against it."""
    if turn < 0.0:
        return pieces[piece, 2], pieces[piece, 3], pieces[piece, 0], pieces[piece, 1]
    return pieces[piece, 0], pieces[piece, 1], pieces[piece, 2], pieces[piece, 3]


@compiled
def share_blocks(
    blocks: Blocks, pair: tuple[int, int], within_m: Floats, store: Floats, stored: int
) -> tuple[Floats, int]:
    """Work out what two blocks share, in metres of the first one's line, and store it."""
    pieces, levels, (block, other) = blocks.pieces, len(within_m), pair
    store = room_for(store, stored + 1 + levels * BLOCK_PIECES * BLOCK_PIECES)
    low, last = blocks.block_piece[block], blocks.block_piece[block + 1] - 1
    end, squared, at_m, sine = stored + 1, np.inf, np.nan, 0.0
    for piece in range(low, last + 1):
        a = piece_of(pieces, piece, 1.0)
        start_m, length_m = pieces[piece, POSITION], pieces[piece, LENGTH]
        for against in range(blocks.block_piece[other], blocks.block_piece[other + 1]):
            b = piece_of(pieces, against, 1.0)
            scale = (pieces[piece, SCALE] + pieces[against, SCALE]) / 2
            before = end
            end, found = add_close(a, b, (scale, start_m, length_m), within_m, store, end)
            if found < squared:
                squared, at_m = found, start_m + closest_fraction(a, b) * length_m
            if end > before:
                sine = max(sine, store[before, SINE])
    end = merge_rows(store, stored + 1, end)
    start_m, end_m = pieces[low, POSITION], pieces[last, POSITION] + pieces[last, LENGTH]
    store[stored, COVERED] = levels
    for row in range(end - 1, stored, -1):
        if store[row, START] <= start_m and store[row, END] >= end_m:
            store[stored, COVERED] = store[row, LEVEL]
    store[stored, ROWS], store[stored, SQUARED] = end - stored - 1, squared
    store[stored, AT], store[stored, SINE] = at_m, sine
    return store, end


@compiled
def add_block(
    blocks: Blocks,
    pair: tuple[int, int],
    key: int,
    within_m: Floats,
    rows: Floats,
    used: int,
) -> int:
    """Add where one block is close to another, at one distance, with a key instead of a level.

    Parameters
    ----------
    blocks, pair
        The block to walk along and the other one.
    key
        Written in place of the level.
    within_m
        The distance, metres; shape (1,).
    rows, used
        Where to write (it has room), and how many rows it holds.

    Returns
    -------
    used
        How many rows it holds now; positions are metres along the line.
    """
    pieces, before, (block, other) = blocks.pieces, used, pair
    for piece in range(blocks.block_piece[block], blocks.block_piece[block + 1]):
        a = piece_of(pieces, piece, 1.0)
        for against in range(blocks.block_piece[other], blocks.block_piece[other + 1]):
            scale = (pieces[piece, SCALE] + pieces[against, SCALE]) / 2
            frame = (scale, pieces[piece, POSITION], pieces[piece, LENGTH])
            b = piece_of(pieces, against, 1.0)
            used, _ = add_close(a, b, frame, within_m, rows, used)
    for row in range(before, used):
        rows[row, LEVEL] = key
    return used


@compiled
def measure_at_end(
    blocks: Blocks,
    memory: Memory,
    where: tuple[int, int, int],
    within_m: Floats,
    rows: Floats,
    used: int,
) -> tuple[Floats, int]:
    """Intervals of two blocks, less what is exempt: where both routes are near the same end.

    Parameters
    ----------
    blocks, memory
        With the pair of routes at hand entered.
    where
        Place on the first route, its block there, and a block of the second route.
    within_m
        Distances, metres, ascending; none to find the least distance alone.
    rows, used
        Table of intervals and how many of its rows are in use.

    Returns
    -------
    rows, used
        The table, maybe a longer one, and how many rows it holds now.
    """
    place, block, other = where
    entry, mine = memory.newest[other], (memory.base[place, 0], memory.base[place, 1])
    while entry >= 0:
        there = memory.entries[entry, 0]
        theirs = (memory.other_base[there, 0], memory.other_base[there, 1])
        entry = memory.entries[entry, 1]
        if _is_exempt(blocks, (block, other), (mine, theirs), memory.zones):
            continue
        for piece in range(blocks.block_piece[block], blocks.block_piece[block + 1]):
            for against in range(blocks.block_piece[other], blocks.block_piece[other + 1]):
                rows = room_for(rows, used + 9 * len(within_m))
                pair = (piece, against)
                used = _measure_pieces(
                    blocks.pieces, pair, (mine, theirs), memory, within_m, rows, used
                )
    return rows, used


@compiled
def _is_exempt(
    blocks: Blocks,
    pair: tuple[int, int],
    bases: tuple[tuple[float, float], tuple[float, float]],
    zones: Floats,
) -> bool:
    """Whether two blocks lie wholly near the same end."""
    start_m, end_m = stretch_of(blocks, pair[0], bases[0][0], bases[0][1])
    other_start_m, other_end_m = stretch_of(blocks, pair[1], bases[1][0], bases[1][1])
    near_a = end_m <= zones[0] and other_end_m <= zones[2]
    return near_a or (start_m >= zones[1] and other_start_m >= zones[3])


@compiled
def stretch_of(blocks: Blocks, block: int, base_m: float, turn: float) -> tuple[float, float]:
    """Where a block begins and ends on a route."""
    pieces, low, last = blocks.pieces, blocks.block_piece[block], blocks.block_piece[block + 1] - 1
    start_m = base_m + turn * pieces[low, POSITION]
    end_m = base_m + turn * (pieces[last, POSITION] + pieces[last, LENGTH])
    return min(start_m, end_m), max(start_m, end_m)


@compiled
def _measure_pieces(
    pieces: Floats,
    pair: tuple[int, int],
    bases: tuple[tuple[float, float], tuple[float, float]],
    memory: Memory,
    within_m: Floats,
    rows: Floats,
    used: int,
) -> int:
    """Intervals of two pieces: at once if nothing is exempt, else level by level."""
    (piece, against), (mine, theirs), zones = pair, bases, memory.zones
    scale = (pieces[piece, SCALE] + pieces[against, SCALE]) / 2
    a, b = piece_of(pieces, piece, mine[1]), piece_of(pieces, against, theirs[1])
    stretch = (_placed(pieces, piece, mine), pieces[piece, LENGTH])
    other = (_placed(pieces, against, theirs), pieces[against, LENGTH])
    levels = len(within_m)
    widest_m = within_m[levels - 1] if levels else 0.0
    near_a = stretch[0] <= zones[0] and other[0] <= zones[2] + widest_m
    near_b = stretch[0] + stretch[1] >= zones[1] and other[0] + other[1] >= zones[3] - widest_m
    if not (near_a or near_b):
        used, squared = add_close(a, b, (scale, stretch[0], stretch[1]), within_m, rows, used)
        if squared < memory.best[0]:
            memory.best[0] = squared
            memory.best[1] = stretch[0] + closest_fraction(a, b) * stretch[1]
        return used
    _add_parts((a, b, scale), (stretch, other), memory, within_m[:0], rows, used)
    for level in range(levels):
        before = used
        of_level = within_m[level : level + 1]
        used = _add_parts((a, b, scale), (stretch, other), memory, of_level, rows, used)
        for row in range(before, used):
            rows[row, LEVEL] = level
    return used


@compiled
def _add_parts(
    pieces: tuple[Piece, Piece, float],
    stretches: tuple[tuple[float, float], tuple[float, float]],
    memory: Memory,
    within_m: Floats,
    rows: Floats,
    used: int,
) -> int:
    """Intervals at one distance, or the least distance if there is none, of what is not exempt."""
    (a, b, scale), (stretch, other), zones = pieces, stretches, memory.zones
    beyond_m = within_m[0] if len(within_m) else 0.0
    other_zones = (zones[2] + beyond_m, zones[3] - beyond_m)
    for part in range(9):
        low, high, is_a, is_b = _zone_part(stretch, (zones[0], zones[1]), part // 3)
        start, end, other_a, other_b = _zone_part(other, other_zones, part % 3)
        if low > high or start > end or (is_a and other_a) or (is_b and other_b):
            continue
        a_part, b_part = clip(a, low, high), clip(b, start, end)
        part_m, part_length_m = stretch[0] + low * stretch[1], (high - low) * stretch[1]
        frame = (scale, part_m, part_length_m)
        used, squared = add_close(a_part, b_part, frame, within_m, rows, used)
        if len(within_m) == 0 and squared < memory.best[0]:
            memory.best[0] = squared
            memory.best[1] = part_m + closest_fraction(a_part, b_part) * part_length_m
    return used


@compiled
def _placed(pieces: Floats, piece: int, base: tuple[float, float]) -> float:
    """Where a piece begins on the route."""
    if base[1] > 0.0:
        return base[0] + pieces[piece, POSITION]
    return base[0] - pieces[piece, POSITION] - pieces[piece, LENGTH]


@compiled
def _zone_part(
    stretch: tuple[float, float], zones: tuple[float, float], part: int
) -> tuple[float, float, bool, bool]:
    """Part 0, 1 or 2 of a piece cut at the zones: fractions, is it in zone A, in zone B."""
    start_m, length_m = stretch
    if length_m == 0.0:
        low, high = (0.0, 1.0) if part == 0 else (NOTHING, -NOTHING)
        return low, high, start_m <= zones[0], start_m >= zones[1]
    first = min(1.0, max(0.0, (min(zones[0], zones[1]) - start_m) / length_m))
    second = min(1.0, max(0.0, (max(zones[0], zones[1]) - start_m) / length_m))
    low = 0.0 if part == 0 else first if part == 1 else second
    high = first if part == 0 else second if part == 1 else 1.0
    if low == high:
        return NOTHING, -NOTHING, False, False
    middle_m = start_m + (low + high) / 2 * length_m
    return low, high, middle_m <= zones[0], middle_m >= zones[1]
