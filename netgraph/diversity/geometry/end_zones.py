"""What two blocks of lines share near the ends of the routes, where parts of them are exempt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import inner
from netgraph.diversity.geometry.blocks import LENGTH, POSITION, SCALE
from netgraph.diversity.geometry.closeness import (
    ASCENDING,
    BEST,
    BEST_AT,
    OTHER_ZONES,
    ZONES,
    add_close,
    piece_of,
    stretch_of,
)
from netgraph.diversity.geometry.intervals import room_for
from netgraph.diversity.geometry.kernels import NOTHING, clip, closest_fraction

if TYPE_CHECKING:
    from netgraph.diversity.geometry.blocks import Blocks
    from netgraph.diversity.geometry.projection import Floats, Integers

PARTS = 5  # of a piece cut at the four limits of the end zones
EXEMPT = 3  # sum of the ranks: near the end, and at least in the neighbourhood of it


@inner
def enter_zones(here: Floats, zones: Floats, other_zones: Floats) -> None:
    """Begin a pair of routes: take the limits of the end zones of both, forget the rest."""
    here[BEST], here[BEST_AT] = np.inf, np.nan
    for limit in range(4):
        here[ZONES + limit], here[OTHER_ZONES + limit] = zones[limit], other_zones[limit]
    for first in (ZONES, OTHER_ZONES):
        for limit in range(4):
            rank = 0  # those of a route shorter than its zones are not ascending
            for other in range(4):
                is_before = here[first + other] < here[first + limit]
                is_equal = here[first + other] == here[first + limit]
                rank += is_before or (is_equal and other < limit)
            here[first + ASCENDING + rank] = here[first + limit]


@inner
def measure_at_end(
    blocks: Blocks,
    pair: tuple[int, int],
    bases: tuple[tuple[float, float], tuple[float, float]],
    here: Floats,
    within_m: Floats,
    rows: Floats,
    used: int,
) -> tuple[Floats, int]:
    """Intervals of two blocks, less what is exempt near the ends.

    Exempt are places of which one is near an end and the other at least in the neighbourhood of
    the same end.

    Parameters
    ----------
    blocks, pair
        A block of the first route and one of the second.
    bases
        Base and turn of the line of either.
    here
        What is remembered of the pair of routes; the best is changed.
    within_m
        Distances, metres, ascending; none to find the least distance alone.
    rows, used
        Table of intervals and how many of its rows are in use.

    Returns
    -------
    rows, used
        The table, maybe a longer one, and how many rows it holds now.
    """
    pieces, block_piece, (block, other) = blocks.pieces, blocks.block_piece, pair
    if _is_exempt(pieces, block_piece, pair, bases, here):
        return rows, used
    for piece in range(block_piece[block], block_piece[block + 1]):
        for against in range(block_piece[other], block_piece[other + 1]):
            rows = room_for(rows, used + PARTS * PARTS * len(within_m))
            two = (piece, against)
            used = _measure_pieces(pieces, two, bases, here, within_m, rows, used)
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

    Part 0 reaches up to the least of them, part 4 from the greatest on.
    """
    if length_m == 0.0:
        return (0.0, 1.0) if part == 0 else (NOTHING, -NOTHING)
    low, high, limits = 0.0, 1.0, zones + ASCENDING
    if part > 0:
        low = min(1.0, max(0.0, (here[limits + part - 1] - start_m) / length_m))
    if part < PARTS - 1:
        high = min(1.0, max(0.0, (here[limits + part] - start_m) / length_m))
    return (low, high) if low < high else (NOTHING, -NOTHING)
