"""Spans drawn together, and spans shown to be apart.

Both questions are asked of single spans, without routes: which spans are drawn so close for so
long that they may well lie in one trench, and are two spans between the same points drawn on
two ways?
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.geometry.blocks import (
    BLOCK_PIECES,
    LENGTH,
    SCALE,
    find_near_blocks,
    group_in_blocks,
)
from netgraph.diversity.geometry.closeness import add_block, piece_of
from netgraph.diversity.geometry.intervals import (
    COLUMNS,
    END,
    FIRST_ROW,
    JOIN_M,
    LEAST,
    LEVEL,
    SINE,
    START,
    merge_rows,
    room_for,
)
from netgraph.diversity.geometry.kernels import (
    close_interval,
)
from netgraph.diversity.geometry.projection import as_drawn, draw_lines
from netgraph.errors import UsageError
from netgraph.messages import Message

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from netgraph.diversity.geometry.blocks import Blocks, NearBlocks
    from netgraph.diversity.geometry.kernels import Piece
    from netgraph.diversity.geometry.projection import (
        Booleans,
        DrawnLines,
        Floats,
        Geometries,
        Integers,
    )

WITHIN_M = 2.0
MIN_RUN_M = 50.0
SEPARATION_M = 20.0
END_EXEMPT_M = 50.0


@dataclass(frozen=True)
class ParallelSpans:
    """Pairs of spans drawn side by side, by first, then second; arrays of shape (pairs,).

    Attributes
    ----------
    first, second
        Indices of the spans; the first is the smaller.
    run_m
        The longest contiguous run of one of the two within the distance of the other.
    run_span, start_m, end_m
        The span along which that run is measured, and where it lies on it.
    least_m
        Least distance in that run.
    """

    first: Integers = field(repr=False)
    second: Integers = field(repr=False)
    run_m: Floats = field(repr=False)
    run_span: Integers = field(repr=False)
    start_m: Floats = field(repr=False)
    end_m: Floats = field(repr=False)
    least_m: Floats = field(repr=False)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.first)


def find_parallel_spans(
    geometries: Geometries | DrawnLines,
    *,
    within_m: float = WITHIN_M,
    min_run_m: float = MIN_RUN_M,
    planar: bool = False,
) -> ParallelSpans:
    """Find all pairs of spans drawn within a distance of each other for a contiguous run.

    Spans that meet end to end and run on are close to each other for the distance itself, and
    for twice that where they meet at 30 degrees. Those that share an end are therefore listed
    only if the run is also longer than twice the distance: if one folds back along the other.

    Parameters
    ----------
    geometries
        Shapely lines in degrees (metres when `planar`), None = not drawn; or lines that are
        drawn already.
    within_m
        Distance, metres.
    min_run_m
        Runs must be longer than this, metres.
    planar
        Take the coordinates as metres in a plane.

    Returns
    -------
    ParallelSpans
        Exact. About half a second for 126,000 spans of a province.

    Raises
    ------
    UsageError
        `within_m` is not positive or `min_run_m` negative.
    """
    if not (0 < within_m < np.inf and min_run_m >= 0):
        message = Message(
            "within_m must be positive and min_run_m not negative: {0}, {1}.", within_m, min_run_m
        )
        raise UsageError(message)
    lines = as_drawn(geometries, planar=planar)
    blocks = group_in_blocks(lines)
    every = np.ones(len(blocks.box), dtype=np.bool_)
    near = find_near_blocks(blocks, within_m, every, every)
    block_line = np.repeat(np.arange(len(lines)), np.diff(blocks.line_block))
    found = _find_runs(blocks, near, block_line, np.array([within_m]), float(min_run_m))
    found = found[_are_long_enough(lines, found, within_m)]
    return _longest_of_pairs(found)


def _are_long_enough(lines: DrawnLines, found: Floats, within_m: float) -> Booleans:
    """Whether a run is longer than spans that share an end have in common anyway."""
    start, last = lines.piece_start[:-1], lines.piece_start[1:] - 1
    first, second = found[:, 0].astype(np.int64), found[:, 1].astype(np.int64)
    shares_end = np.zeros(len(found), dtype=np.bool_)
    for mine in (lines.ends[start[first], :2], lines.ends[last[first], 2:]):
        for other in (lines.ends[start[second], :2], lines.ends[last[second], 2:]):
            gap_m = np.hypot(*(mine - other).T) / lines.scale[start[first]]
            shares_end |= gap_m <= within_m
    return ~shares_end | (found[:, 3] - found[:, 2] > 2 * within_m)


def _longest_of_pairs(found: Floats) -> ParallelSpans:
    """One row a pair of spans: the longer of the runs along either."""
    run_span, other = found[:, 0].astype(np.int64), found[:, 1].astype(np.int64)
    first, second = np.minimum(run_span, other), np.maximum(run_span, other)
    run_m = found[:, 3] - found[:, 2]
    order = np.lexsort((-run_m, second, first))
    fresh = np.ones(len(order), dtype=np.bool_)
    fresh[1:] = np.diff(first[order]).astype(np.bool_) | np.diff(second[order]).astype(np.bool_)
    kept = order[fresh]
    return ParallelSpans(
        first=first[kept],
        second=second[kept],
        run_m=run_m[kept],
        run_span=run_span[kept],
        start_m=found[kept, 2],
        end_m=found[kept, 3],
        least_m=found[kept, 4],
    )


@entry
def _find_runs(
    blocks: Blocks,
    near: NearBlocks,
    block_line: Integers,
    within_m: Floats,
    min_run_m: float,
) -> Floats:
    """Span, other span, start and end along the first, least distance of the longest runs."""
    found, count = np.empty((256, COLUMNS)), 0
    rows = np.empty((256, COLUMNS))
    for line in range(len(blocks.line_block) - 1):
        used = FIRST_ROW
        for block in range(blocks.line_block[line], blocks.line_block[line + 1]):
            for slot in range(near.start[block], near.start[block + 1]):
                other = near.other[slot]
                if block_line[other] == line:
                    continue
                rows = room_for(rows, used + BLOCK_PIECES * BLOCK_PIECES)
                used = add_block(blocks, (block, other), block_line[other], within_m, rows, used)
        used = merge_rows(rows, FIRST_ROW, used)
        found = room_for(found, count + used)
        count = _keep_longest(line, rows, used, min_run_m, found, count)
    return found[:count]


@inner
def _keep_longest(
    line: int, rows: Floats, used: int, min_run_m: float, found: Floats, count: int
) -> int:
    """Write the longest run along a line beside each other line, if it is long enough."""
    first = 0
    while first < used:
        longest, row = first, first
        while row < used and rows[row, LEVEL] == rows[first, LEVEL]:
            if rows[row, END] - rows[row, START] > rows[longest, END] - rows[longest, START]:
                longest = row
            row += 1
        if rows[longest, END] - rows[longest, START] > max(min_run_m, JOIN_M):
            found[count, 0], found[count, 1] = line, rows[longest, LEVEL]
            found[count, 2], found[count, 3] = rows[longest, START], rows[longest, END]
            found[count, 4] = rows[longest, LEAST]
            count += 1
        first = row
    return count


def is_shown_apart(
    geometry_a: BaseGeometry | None,
    geometry_b: BaseGeometry | None,
    *,
    separation_m: float = SEPARATION_M,
    end_exempt_m: float = END_EXEMPT_M,
    planar: bool = False,
) -> bool:
    """Whether two spans between the same two points are drawn on two ways.

    See :func:`are_shown_apart` for the rule.

    Parameters
    ----------
    geometry_a, geometry_b
        Shapely lines in degrees (metres when `planar`), None = not drawn.
    separation_m, end_exempt_m
        Metres.
    planar
        Take the coordinates as metres in a plane.

    Returns
    -------
    bool
        False also where a line is not drawn: nothing is shown then.
    """
    lines = draw_lines([geometry_a, geometry_b], planar=planar)
    one, two = np.array([0]), np.array([1])
    shown = are_shown_apart(lines, one, two, separation_m=separation_m, end_exempt_m=end_exempt_m)
    return bool(shown[0])


def are_shown_apart(
    lines: DrawnLines,
    first: Integers,
    second: Integers,
    *,
    separation_m: float = SEPARATION_M,
    end_exempt_m: float = END_EXEMPT_M,
) -> Booleans:
    """Whether pairs of spans are drawn on two ways.

    Each line must have a place that is more than `separation_m` from all of the other line, and
    more than `end_exempt_m` (straight) from all four ends. Both must: a line that only makes a
    detour still shares all of the way of the other.

    Parameters
    ----------
    lines
        Drawn lines.
    first, second
        Indices of the lines of each pair; shape (pairs,).
    separation_m, end_exempt_m
        Metres.

    Returns
    -------
    ndarray of shape (pairs,)
        Exact but for a millimetre; O(n m) for lines of n and m pieces. False where a line is
        not drawn.

    Raises
    ------
    UsageError
        `separation_m` is not positive or `end_exempt_m` negative.
    """
    if not (0 < separation_m < np.inf and 0 <= end_exempt_m < np.inf):
        message = Message(
            "separation_m must be positive and end_exempt_m not negative: {0}, {1}.",
            separation_m,
            end_exempt_m,
        )
        raise UsageError(message)
    pieces = group_in_blocks(lines).pieces
    apart = np.zeros(len(first), dtype=np.bool_)
    for pair, (one, two) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        if lines.is_drawn[one] and lines.is_drawn[two]:
            mine, theirs = _pieces_of(lines, one), _pieces_of(lines, two)
            limits = (float(separation_m), float(end_exempt_m))
            apart[pair] = _leaves(pieces, mine, theirs, limits) and _leaves(
                pieces, theirs, mine, limits
            )
    return apart


def _pieces_of(lines: DrawnLines, line: int) -> tuple[int, int]:
    return int(lines.piece_start[line]), int(lines.piece_start[line + 1])


@entry
def _leaves(
    pieces: Floats,
    mine: tuple[int, int],
    theirs: tuple[int, int],
    limits: tuple[float, float],
) -> bool:
    """Whether a line has a place far enough from another and from the ends of both."""
    separation_m, end_exempt_m = limits
    rows = np.empty((4 + theirs[1] - theirs[0], COLUMNS))
    for piece in range(mine[0], mine[1]):
        a, scale, length_m = (
            piece_of(pieces, piece, 1.0),
            pieces[piece, SCALE],
            pieces[piece, LENGTH],
        )
        used = FIRST_ROW
        for first, end in (mine, theirs):
            start_x, start_y = pieces[first, 0], pieces[first, 1]
            end_x, end_y = pieces[end - 1, 2], pieces[end - 1, 3]
            for x, y in ((start_x, start_y), (end_x, end_y)):
                used = _cover(a, (x, y, x, y), end_exempt_m * scale, length_m, rows, used)
        for against in range(theirs[0], theirs[1]):
            b = piece_of(pieces, against, 1.0)
            used = _cover(a, b, separation_m * scale, length_m, rows, used)
        used = merge_rows(rows, FIRST_ROW, used)
        if used == 0 or used > 1:
            uncovered_m = length_m
        else:
            uncovered_m = max(rows[0, START], length_m - rows[0, END])
        if uncovered_m > JOIN_M:
            return True
    return False


@inner
def _cover(a: Piece, b: Piece, radius: float, length_m: float, rows: Floats, used: int) -> int:
    """Add the interval of `a`, `length_m` long, that lies within a radius of `b`."""
    low, high = close_interval(a, b, radius)
    if low <= high:
        rows[used, LEVEL], rows[used, LEAST], rows[used, SINE] = 0.0, 0.0, 0.0
        rows[used, START], rows[used, END] = low * length_m, high * length_m
        used += 1
    return used
