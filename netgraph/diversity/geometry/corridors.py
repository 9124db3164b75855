"""Shared corridors: which metres of one network lie close to another one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.geometry.blocks import BLOCK_PIECES, find_near_blocks, group_in_blocks
from netgraph.diversity.geometry.closeness import add_block
from netgraph.diversity.geometry.intervals import (
    COLUMNS,
    END,
    JOIN_M,
    LEVEL,
    START,
    merge_rows,
    room_for,
)
from netgraph.diversity.geometry.projection import draw_lines
from netgraph.errors import UsageError
from netgraph.messages import Message

if TYPE_CHECKING:
    from shapely import LineString

    from netgraph.diversity.geometry.blocks import Blocks, NearBlocks
    from netgraph.diversity.geometry.projection import DrawnLines, Floats, Geometries, Integers


@dataclass(frozen=True)
class SharedCorridors:
    """What the lines of a first network share with those of a second.

    Attributes
    ----------
    within_m
        Distance up to which a corridor is shared.
    lines
        The first network's lines, then the second's, in one plane.
    length_m, shared_m
        Metres of each line of the first network, and those of them within the distance of any
        line of the second; NaN where the line is not drawn; shape (n,).
    stretch_start, stretch_m
        Line i is shared along ``stretch_m[stretch_start[i]:stretch_start[i + 1]]``, start and
        end in metres along it; shapes (n + 1,), (stretches, 2).
    other_start, other
        Line i shares with the lines ``other[other_start[i]:other_start[i + 1]]`` of the second
        network, ascending, for more than a millimetre each.
    """

    within_m: float
    lines: DrawnLines = field(repr=False)
    length_m: Floats = field(repr=False)
    shared_m: Floats = field(repr=False)
    stretch_start: Integers = field(repr=False)
    stretch_m: Floats = field(repr=False)
    other_start: Integers = field(repr=False)
    other: Integers = field(repr=False)

    def __len__(self) -> int:
        """Return the number of lines of the first network."""
        return len(self.length_m)

    @property
    def total_m(self) -> float:
        """Metres of all lines of the first network that are drawn."""
        return float(np.nansum(self.length_m))

    @property
    def total_shared_m(self) -> float:
        """Metres of them that are shared."""
        return float(np.nansum(self.shared_m))

    def others_of(self, line: int) -> tuple[int, ...]:
        """Lines of the second network that a line shares its corridor with."""
        return tuple(self.other[self.other_start[line] : self.other_start[line + 1]].tolist())

    def stretches_of(self, line: int) -> tuple[LineString, ...]:
        """Shared parts of a line, in the coordinates of the input: for a map."""
        rows = self.stretch_m[self.stretch_start[line] : self.stretch_start[line + 1]]
        return tuple(self.lines.cut(line, float(start), float(end)) for start, end in rows)


def shared_corridors(
    lines_a: Geometries, lines_b: Geometries, within_m: float, *, planar: bool = False
) -> SharedCorridors:
    """Measure how much of each line lies within a distance of any line of another network.

    Parameters
    ----------
    lines_a, lines_b
        Shapely lines in degrees (metres when `planar`), None = not drawn.
    within_m
        Distance, metres. Crossings count with the metres that lie within it.
    planar
        Take the coordinates as metres in a plane.

    Returns
    -------
    SharedCorridors
        Exact unions of intervals, each metre once.

    Raises
    ------
    UsageError
        `within_m` is not positive.
    """
    if not 0 < within_m < np.inf:
        message = Message(
            "The distance within which corridors are shared must be a number of metres above 0, "
            "not {0:g}.",
            within_m,
        )
        raise UsageError(message)
    count = len(lines_a)
    lines = draw_lines([*lines_a, *lines_b], planar=planar)
    blocks = group_in_blocks(lines)
    block_line = np.repeat(np.arange(len(lines)), np.diff(blocks.line_block))
    near = find_near_blocks(blocks, within_m, block_line < count, block_line >= count)
    stretches, others = _measure_lines(blocks, near, block_line, np.array([float(within_m)]))
    length_m = lines.line_length_m[:count]
    metres = stretches[:, 2] - stretches[:, 1]
    of_line = stretches[:, 0].astype(np.int64)
    shared_m = np.bincount(of_line, weights=metres, minlength=count)
    return SharedCorridors(
        within_m=float(within_m),
        lines=lines,
        length_m=length_m,
        shared_m=np.where(np.isnan(length_m), np.nan, shared_m),
        stretch_start=np.searchsorted(of_line, np.arange(count + 1)),
        stretch_m=stretches[:, 1:3],
        other_start=np.searchsorted(others[:, 0], np.arange(count + 1)),
        other=others[:, 1].astype(np.int64) - count,
    )


@entry
def _measure_lines(
    blocks: Blocks, near: NearBlocks, block_line: Integers, within_m: Floats
) -> tuple[Floats, Floats]:
    """Line, start and end of every shared stretch; line and other line of every sharing."""
    stretches, others = np.empty((256, 3)), np.empty((256, 2))
    rows, count, pairs = np.empty((256, COLUMNS)), 0, 0
    for line in range(len(blocks.line_block) - 1):
        used = 0
        for block in range(blocks.line_block[line], blocks.line_block[line + 1]):
            for slot in range(near.start[block], near.start[block + 1]):
                other = near.other[slot]
                rows = room_for(rows, used + BLOCK_PIECES * BLOCK_PIECES)
                used = add_block(blocks, (block, other), block_line[other], within_m, rows, used)
        used = merge_rows(rows, 0, used)
        others, pairs = _keep_others(line, rows, used, others, pairs)
        for row in range(used):
            rows[row, LEVEL] = 0.0
        used = merge_rows(rows, 0, used)
        stretches = room_for(stretches, count + used)
        for row in range(used):
            if rows[row, END] - rows[row, START] > JOIN_M:
                stretches[count, 0] = line
                stretches[count, 1], stretches[count, 2] = rows[row, START], rows[row, END]
                count += 1
    return stretches[:count], others[:pairs]


@inner
def _keep_others(
    line: int, rows: Floats, used: int, others: Floats, pairs: int
) -> tuple[Floats, int]:
    """Write the other lines that a line is close to for more than a touch, each once."""
    others = room_for(others, pairs + used)
    last = -1.0
    for row in range(used):
        if rows[row, LEVEL] != last and rows[row, END] - rows[row, START] > JOIN_M:
            others[pairs, 0], others[pairs, 1] = line, rows[row, LEVEL]
            last = rows[row, LEVEL]
            pairs += 1
    return others, pairs
