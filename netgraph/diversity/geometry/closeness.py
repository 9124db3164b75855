"""How close the pieces of two blocks of lines come, and along which positions.

A block reads its pieces from an array of seven columns: x, y of the start, x, y of the end, scale,
position and length (:class:`~netgraph.diversity.geometry.blocks.Blocks`). A base is a pair of
numbers: a position on the route is the base plus turn times that on the line.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import inner
from netgraph.diversity.geometry.blocks import LENGTH, POSITION, SCALE
from netgraph.diversity.geometry.intervals import (
    END,
    LEAST,
    LEVEL,
    SINE,
    START,
    merge_rows,
)
from netgraph.diversity.geometry.kernels import (
    close_interval,
    closest_fraction,
    interval_within,
    is_crossing_properly,
    point_distance_squared,
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

# What is remembered on the way, in one array: squared least distance and its position; of the block
# at hand the levels that do not cover it yet, its squared least distance, and whether something
# coincides; the limits of the end zones of the first route, then of the second, either four in
# their order of meaning, then the same four ascending.
BEST, BEST_AT, DEPTH, NEAREST, COINCIDES = 0, 1, 2, 3, 4
ZONES, OTHER_ZONES, ASCENDING, COLUMNS_HERE = 5, 13, 4, 21


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
    start_squared = point_distance_squared(a[0], a[1], b)
    ends_squared = (start_squared, point_distance_squared(a[2], a[3], b))
    squared = min(
        ends_squared[0],
        ends_squared[1],
        point_distance_squared(b[0], b[1], a),
        point_distance_squared(b[2], b[3], a),
    )
    if is_crossing_properly(a, b):
        squared = 0.0
    squared /= scale * scale
    sine = 0.0
    if squared <= MEET_M * MEET_M:
        sine = _meeting_sine(a, b, scale, length_m)
    for level in range(len(within_m)):  # in the order in which rows are sorted
        if squared > within_m[level] * within_m[level]:
            continue
        low, high = interval_within(a, b, within_m[level] * scale, ends_squared)
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
) -> int:
    """Work out what two blocks share, in metres of the first one's line, and store it.

    It has room (:func:`rows_at_most`, and one more); returns how many rows it holds now.
    """
    pieces, levels, (block, other) = blocks.pieces, len(within_m), pair
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
    return end


@inner
def rows_at_most(blocks: Blocks, pair: tuple[int, int], levels: int) -> int:
    """How many intervals two blocks can share at that many distances."""
    start, (block, other) = blocks.block_piece, pair
    return levels * (start[block + 1] - start[block]) * (start[other + 1] - start[other])


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
def stretch_of(
    pieces: Floats, block_piece: Integers, block: int, base: tuple[float, float]
) -> tuple[float, float]:
    """Where a block begins and ends on a route."""
    low, last = block_piece[block], block_piece[block + 1] - 1
    start_m = base[0] + base[1] * pieces[low, POSITION]
    end_m = base[0] + base[1] * (pieces[last, POSITION] + pieces[last, LENGTH])
    return min(start_m, end_m), max(start_m, end_m)


@inner
def begin_block(here: Floats, levels: int) -> None:
    """Forget the block before."""
    here[DEPTH], here[NEAREST], here[COINCIDES] = levels, np.inf, 0.0


@inner
def matters(squared: float, here: Floats, within_m: Floats) -> bool:
    """Whether a neighbour at that squared distance, or one farther away, could change anything."""
    depth = int(here[DEPTH])
    return (
        (depth > 0 and squared <= within_m[depth - 1] * within_m[depth - 1])
        or squared < here[BEST]
        or (depth < len(within_m) and squared < here[NEAREST])
        or (squared <= MEET_M * MEET_M and here[COINCIDES] == 0.0)
    )


@inner
def take_shared(
    store: Floats, head: int, base: tuple[float, float], here: Floats, rows: Floats, used: int
) -> int:
    """Copy what two blocks share to positions on the route, as far as it adds something.

    Parameters
    ----------
    store, head
        What blocks share, and the row where that of these two begins.
    base
        Base and turn of the line of the first block.
    here
        What is remembered; changed.
    rows, used
        Where to write (it has room), and how many rows it holds.

    Returns
    -------
    used
        How many rows it holds now.
    """
    squared, sine = store[head, SQUARED], store[head, SINE]
    wanted = np.inf if squared < here[NEAREST] or sine > 0.0 else here[DEPTH]
    if squared < here[BEST]:
        here[BEST], here[BEST_AT] = squared, base[0] + base[1] * store[head, AT]
    here[DEPTH] = min(here[DEPTH], store[head, COVERED])
    here[NEAREST] = min(here[NEAREST], squared)
    if sine == np.inf:
        here[COINCIDES] = 1.0
    for row in range(head + 1, head + 1 + int(store[head, ROWS])):
        if store[row, LEVEL] >= wanted:
            break
        low, high = base[0] + base[1] * store[row, START], base[0] + base[1] * store[row, END]
        rows[used, LEVEL] = store[row, LEVEL]
        rows[used, START], rows[used, END] = min(low, high), max(low, high)
        rows[used, LEAST], rows[used, SINE] = store[row, LEAST], store[row, SINE]
        used += 1
    return used
