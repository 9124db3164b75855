"""Blocks of pieces, and which blocks of some lines lie near which blocks of others.

A block is up to `BLOCK_PIECES` consecutive pieces of one line. A uniform grid, whose cells are at
least as wide as the greatest distance asked for, finds the blocks whose boxes come that close.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.geometry.projection import Booleans, DrawnLines, Floats, Integers

BLOCK_PIECES = 8
LEAST_CELL_M = 100.0
SCALE_MARGIN = 1.002  # the scale varies by less within a block and its neighbours

ROUNDED_DOWN = 1.0 - 1e-6  # more than half precision can round up

# columns of the pieces, after x, y, x, y
SCALE, POSITION, LENGTH = 4, 5, 6


class Blocks(NamedTuple):
    """Pieces of lines, grouped in blocks.

    Attributes
    ----------
    pieces
        x, y of the start, x, y of the end (plane metres), scale (plane metres per true metre),
        position on the line and length (true metres) of each piece; shape (p, 7).
    line_block
        Line i owns the blocks ``line_block[i]:line_block[i + 1]``; shape (n + 1,).
    block_piece
        Block b owns the pieces ``block_piece[b]:block_piece[b + 1]``; shape (blocks + 1,).
    box
        Least x, least y, greatest x, greatest y of each block, plane metres; shape (blocks, 4).
    """

    pieces: Floats
    line_block: Integers
    block_piece: Integers
    box: Floats


class NearBlocks(NamedTuple):
    """The blocks near each block, the nearest box first.

    Attributes
    ----------
    start
        Block b has ``other[start[b]:start[b + 1]]``; shape (blocks + 1,).
    other
        Blocks; shape (near,).
    squared_m2
        Squared distance of the boxes in square metres, rounded down; shape (near,).
    """

    start: Integers
    other: NDArray[np.int32]
    squared_m2: NDArray[np.float32]


def group_in_blocks(lines: DrawnLines) -> Blocks:
    """Group the pieces of lines in blocks; O(p) for p pieces."""
    counts = np.diff(lines.piece_start)
    line_block = np.concatenate(([0], np.cumsum(-(-counts // BLOCK_PIECES))))
    block_line = np.repeat(np.arange(len(lines)), np.diff(line_block))
    step = np.arange(len(block_line)) - line_block[block_line]
    firsts = lines.piece_start[block_line] + BLOCK_PIECES * step
    block_piece = np.append(firsts, lines.piece_start[-1])
    first = block_piece[:-1]
    box = np.empty((len(first), 4))
    if len(first):
        low = np.minimum(lines.ends[:, :2], lines.ends[:, 2:])
        high = np.maximum(lines.ends[:, :2], lines.ends[:, 2:])
        box[:, :2] = np.minimum.reduceat(low, first, axis=0)
        box[:, 2:] = np.maximum.reduceat(high, first, axis=0)
    return Blocks(
        np.column_stack((lines.ends, lines.scale, lines.position_m, lines.length_m)),
        line_block,
        block_piece,
        box,
    )


def find_near_blocks(
    blocks: Blocks, reach_m: float, is_first: Booleans, is_second: Booleans
) -> NearBlocks:
    """Find the blocks of a second choice whose boxes lie near the blocks of a first.

    Parameters
    ----------
    blocks
        Blocks of lines.
    reach_m
        Greatest distance of two boxes, metres.
    is_first, is_second
        Which blocks to find neighbours for, and which may be neighbours; shape (blocks,).

    Returns
    -------
    NearBlocks
        Exact. O(near) for boxes of about the size of a cell.
    """
    boxes = blocks.box
    scale = blocks.pieces[blocks.block_piece[:-1], SCALE] * SCALE_MARGIN
    reach = reach_m * float(scale.max(initial=1.0))
    typical = 2.0 * float((boxes[:, 2:] - boxes[:, :2]).mean()) if len(boxes) else 0.0
    width = max(reach, LEAST_CELL_M, typical)
    origin = boxes[:, :2].min(axis=0) if len(boxes) else np.zeros(2)
    cells = np.floor((boxes - np.tile(origin, 2)) / width).astype(np.int64) + 1
    rows = int(cells[:, 3].max(initial=0)) + 2
    keys, members = _cells_of_boxes(cells, is_second, rows)
    order = np.argsort(keys, kind="stable")
    used, first = np.unique(keys[order], return_index=True)
    cell_start = np.append(first, len(keys)).astype(np.int64)
    grid = (used, cell_start, members[order])
    frame = (float(origin[0]), float(origin[1]), width, rows)
    near = _collect_near(boxes, is_first, grid, reach, frame)
    squared_m2 = near.squared_m2 / np.repeat(scale.astype(np.float32) ** 2, np.diff(near.start))
    return near._replace(squared_m2=squared_m2)


def _cells_of_boxes(cells: Integers, is_member: Booleans, rows: int) -> tuple[Integers, Integers]:
    """Every (cell, box) where a member's box covers a cell."""
    box = np.flatnonzero(is_member)
    low, size = cells[box, :2], cells[box, 2:] - cells[box, :2] + 1
    each = size[:, 0] * size[:, 1]
    member = np.repeat(np.arange(len(box)), each)
    step = np.arange(len(member)) - np.repeat(np.cumsum(each) - each, each)
    across, up = np.divmod(step, size[member, 1])
    return (low[member, 0] + across) * rows + low[member, 1] + up, box[member]


@entry
def _collect_near(
    boxes: Floats,
    is_first: Booleans,
    grid: tuple[Integers, Integers, Integers],
    reach: float,
    frame: tuple[float, float, float, int],
) -> NearBlocks:
    """Collect the neighbours of every chosen block, the nearest first."""
    start = np.zeros(len(boxes) + 1, dtype=np.int64)
    seen = np.full(len(boxes), -1, dtype=np.int64)
    found, squared = np.empty(len(boxes), dtype=np.int32), np.empty(len(boxes), dtype=np.float32)
    others = np.empty(4 * len(boxes) + 1, dtype=np.int32)
    squares = np.empty(len(others), dtype=np.float32)
    for box in range(len(boxes)):
        count, total = 0, start[box]
        if is_first[box]:
            count = _near_box(boxes, box, grid, (reach, *frame), seen, found, squared)
        if total + count > len(others):
            wider, wider_squares = np.empty(2 * (total + count), dtype=np.int32), squares
            squares = np.empty(len(wider), dtype=np.float32)
            for at in range(total):
                wider[at], squares[at] = others[at], wider_squares[at]
            others = wider
        for at in range(count):
            others[total + at], squares[total + at] = found[at], squared[at]
        start[box + 1] = total + count
    return NearBlocks(start, others[: start[-1]], squares[: start[-1]])


@inner
def _near_box(
    boxes: Floats,
    box: int,
    grid: tuple[Integers, Integers, Integers],
    frame: tuple[float, float, float, float, int],
    seen: Integers,
    found: NDArray[np.int32],
    squared: NDArray[np.float32],
) -> int:
    """Find the boxes within reach of one, sorted by distance as they come."""
    used, cell_start, members = grid
    reach, origin_x, origin_y, width, rows = frame
    low_x, low_y = boxes[box, 0] - reach - origin_x, boxes[box, 1] - reach - origin_y
    high_x, high_y = boxes[box, 2] + reach - origin_x, boxes[box, 3] + reach - origin_y
    low_row = max(0, int(low_y // width) + 1)
    high_row = min(rows - 1, int(high_y // width) + 1)
    count = 0
    for column in range(int(low_x // width) + 1, int(high_x // width) + 2):
        cell = _first_from(used, column * rows + low_row)
        while cell < len(used) and used[cell] <= column * rows + high_row:
            for slot in range(cell_start[cell], cell_start[cell + 1]):
                near = members[slot]
                if seen[near] == box:
                    continue
                seen[near] = box
                distance_squared = _box_distance_squared(boxes, box, near)
                if distance_squared <= reach * reach:
                    value, spot = np.float32(distance_squared * ROUNDED_DOWN), count
                    while spot > 0 and squared[spot - 1] > value:
                        squared[spot], found[spot] = squared[spot - 1], found[spot - 1]
                        spot -= 1
                    squared[spot], found[spot] = value, near
                    count += 1
            cell += 1
    return count


@inner
def _first_from(ascending: Integers, least: int) -> int:
    """Find the first number that is no less; numba's own way of it loads half of SciPy."""
    low, high = 0, len(ascending)
    while low < high:
        middle = (low + high) >> 1
        if ascending[middle] < least:
            low = middle + 1
        else:
            high = middle
    return low


@inner
def _box_distance_squared(boxes: Floats, box: int, other: int) -> float:
    dx = max(0.0, boxes[box, 0] - boxes[other, 2], boxes[other, 0] - boxes[box, 2])
    dy = max(0.0, boxes[box, 1] - boxes[other, 3], boxes[other, 1] - boxes[box, 3])
    return dx * dx + dy * dy
