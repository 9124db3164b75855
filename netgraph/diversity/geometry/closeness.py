"""How close the pieces of two blocks of lines come, and along which positions.

A block reads its pieces from an array of seven columns: x, y of the start, x, y of the end, scale,
position and length (:class:`~netgraph.diversity.geometry.blocks.Blocks`). A base is a pair of
numbers: a position on the route is the base plus turn times that on the line.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import inner
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
    piece_distance_squared,
    sine_between,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.geometry.blocks import Blocks
    from netgraph.diversity.geometry.kernels import Piece
    from netgraph.diversity.geometry.projection import Floats, Integers

MEET_M = 0.01
"""Lines within a centimetre meet: seven decimals of a degree are no finer than that."""

LEAST_CROSSING_SINE = 0.5  # 30 degrees

# columns of the row before the intervals that two blocks share; SINE as in the intervals
ROWS, COVERED, SQUARED, AT = 0, 1, 2, 3
PARTS = 5  # of a piece cut at the four limits of the end zones
EXEMPT = 3  # sum of the ranks: near the end, and at least in the neighbourhood of it

# columns of what is remembered
PAIR, NEWEST = 0, 1
BEST, BEST_AT, ZONES, OTHER_ZONES = 0, 1, 2, 6
BASE, TURN, OTHER_BASE, OTHER_TURN = 0, 1, 2, 3


class Memory(NamedTuple):
    """What a pass along the first route of a pair remembers; few arrays, for they are handed on.

    Attributes
    ----------
    marks
        Pair whose second route last took each block, and its newest entry then; (blocks, 2).
    entries
        Place of each entry on the second route, and the entry of the same block before it (-1 =
        none); shape (entries, 2).
    known
        Row of the store where what a block shares with each of its neighbours begins, -1 = not
        worked out yet; shape (near,).
    here
        Of the pair at hand: squared least distance and its position, the four limits of the end
        zones of the first, then of the second route; shape (10,).
    bases
        Of the pair at hand: base and turn of each line of the first route, then of the second. A
        position on the route is the base plus turn times that on the line, turn being -1 where
        the route takes the line backwards; shape (longest route, 4).
    """

    marks: NDArray[np.int32]
    entries: NDArray[np.int32]
    known: Integers
    here: Floats
    bases: Floats


@inner
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


@inner
def _meeting_sine(a: Piece, b: Piece, scale: float, length_m: float) -> float:
    """Sine of the angle at which two pieces meet, inf where they coincide, 0 if it says nothing."""
    sine = sine_between(a, b)
    if sine >= LEAST_CROSSING_SINE:
        return sine
    low, high = close_interval(a, b, MEET_M * scale)
    # end to end and straight on, pieces are this close for a centimetre; at 30 degrees for two
    return math.inf if (high - low) * length_m > 2.0 * MEET_M else 0.0


@inner
def piece_of(pieces: Floats, piece: int, turn: float) -> Piece:
    """Give a piece in the drawn direction, or (turn -1) against it."""
    if turn < 0.0:
        return pieces[piece, 2], pieces[piece, 3], pieces[piece, 0], pieces[piece, 1]
    return pieces[piece, 0], pieces[piece, 1], pieces[piece, 2], pieces[piece, 3]


@inner
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


@inner
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


@inner
def measure_at_end(
    blocks: Blocks,
    memory: Memory,
    where: tuple[int, int, int],
    within_m: Floats,
    rows: Floats,
    used: int,
) -> tuple[Floats, int]:
    """Intervals of two blocks, less what is exempt near the ends.

    Exempt are places of which one is near an end and the other at least in the neighbourhood of
    the same end.

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
    pieces, block_piece, bases, here = blocks.pieces, blocks.block_piece, memory.bases, memory.here
    entry, mine = memory.marks[other, NEWEST], (bases[place, BASE], bases[place, TURN])
    while entry >= 0:
        there = memory.entries[entry, 0]
        theirs = (bases[there, OTHER_BASE], bases[there, OTHER_TURN])
        entry = memory.entries[entry, 1]
        if _is_exempt(pieces, block_piece, (block, other), (mine, theirs), here):
            continue
        for piece in range(block_piece[block], block_piece[block + 1]):
            for against in range(block_piece[other], block_piece[other + 1]):
                rows = room_for(rows, used + PARTS * PARTS * len(within_m))
                pair = (piece, against)
                used = _measure_pieces(pieces, pair, (mine, theirs), here, within_m, rows, used)
    return rows, used


@inner
def _is_exempt(
    pieces: Floats,
    block_piece: Integers,
    pair: tuple[int, int],
    bases: tuple[tuple[float, float], tuple[float, float]],
    here: Floats,
) -> bool:
    """Whether two blocks lie so near the same end that all of their places are exempt."""
    start_m, end_m = stretch_of(pieces, block_piece, pair[0], bases[0])
    other_start_m, other_end_m = stretch_of(pieces, block_piece, pair[1], bases[1])
    near_a = _rank_a(here, ZONES, end_m) + _rank_a(here, OTHER_ZONES, other_end_m)
    near_b = _rank_b(here, ZONES, start_m) + _rank_b(here, OTHER_ZONES, other_start_m)
    return near_a >= EXEMPT or near_b >= EXEMPT


@inner
def _rank_a(here: Floats, zones: int, position_m: float) -> int:
    """2 near the A end, 1 in its neighbourhood, 0 elsewhere."""
    return int(position_m <= here[zones]) + int(position_m <= here[zones + 1])


@inner
def _rank_b(here: Floats, zones: int, position_m: float) -> int:
    """2 near the B end, 1 in its neighbourhood, 0 elsewhere."""
    return int(position_m >= here[zones + 2]) + int(position_m >= here[zones + 3])


@inner
def stretch_of(
    pieces: Floats, block_piece: Integers, block: int, base: tuple[float, float]
) -> tuple[float, float]:
    """Where a block begins and ends on a route."""
    low, last = block_piece[block], block_piece[block + 1] - 1
    start_m = base[0] + base[1] * pieces[low, POSITION]
    end_m = base[0] + base[1] * (pieces[last, POSITION] + pieces[last, LENGTH])
    return min(start_m, end_m), max(start_m, end_m)


@inner
def _measure_pieces(
    pieces: Floats,
    pair: tuple[int, int],
    bases: tuple[tuple[float, float], tuple[float, float]],
    here: Floats,
    within_m: Floats,
    rows: Floats,
    used: int,
) -> int:
    """Intervals of two pieces, cut at the limits of the end zones."""
    (piece, against), (mine, theirs) = pair, bases
    scale = (pieces[piece, SCALE] + pieces[against, SCALE]) / 2
    a, b = piece_of(pieces, piece, mine[1]), piece_of(pieces, against, theirs[1])
    start_m, length_m = _placed(pieces, piece, mine), pieces[piece, LENGTH]
    other_m, other_length_m = _placed(pieces, against, theirs), pieces[against, LENGTH]
    for part in range(PARTS):
        low, high = _part(here, ZONES, start_m, length_m, part)
        if low > high:
            continue
        part_m, part_length_m = start_m + low * length_m, (high - low) * length_m
        middle_m = part_m + part_length_m / 2
        rank_a, rank_b = _rank_a(here, ZONES, middle_m), _rank_b(here, ZONES, middle_m)
        for other_part in range(PARTS):
            start, end = _part(here, OTHER_ZONES, other_m, other_length_m, other_part)
            middle_m = other_m + (start + end) / 2 * other_length_m
            near_a = rank_a + _rank_a(here, OTHER_ZONES, middle_m)
            near_b = rank_b + _rank_b(here, OTHER_ZONES, middle_m)
            if start > end or near_a >= EXEMPT or near_b >= EXEMPT:
                continue
            a_part, b_part = clip(a, low, high), clip(b, start, end)
            frame = (scale, part_m, part_length_m)
            used, squared = add_close(a_part, b_part, frame, within_m, rows, used)
            if squared < here[BEST]:
                here[BEST] = squared
                here[BEST_AT] = part_m + closest_fraction(a_part, b_part) * part_length_m
    return used


@inner
def _placed(pieces: Floats, piece: int, base: tuple[float, float]) -> float:
    """Where a piece begins on the route."""
    if base[1] > 0.0:
        return base[0] + pieces[piece, POSITION]
    return base[0] - pieces[piece, POSITION] - pieces[piece, LENGTH]


@inner
def _part(
    here: Floats, zones: int, start_m: float, length_m: float, part: int
) -> tuple[float, float]:
    """Fractions of a piece between two of the limits of its route, or nothing.

    The limits of a route shorter than its zones are not ascending: part 0 reaches up to the least
    of them, part 4 from the greatest on.
    """
    if length_m == 0.0:
        return (0.0, 1.0) if part == 0 else (NOTHING, -NOTHING)
    low, high = 0.0, 1.0
    for limit in range(zones, zones + PARTS - 1):
        rank = 0  # how many of the limits come before this one
        for other in range(zones, zones + PARTS - 1):
            is_before = here[other] < here[limit]
            rank += is_before or (here[other] == here[limit] and other < limit)
        fraction = min(1.0, max(0.0, (here[limit] - start_m) / length_m))
        if rank == part - 1:
            low = fraction
        if rank == part:
            high = fraction
    return (low, high) if low < high else (NOTHING, -NOTHING)
