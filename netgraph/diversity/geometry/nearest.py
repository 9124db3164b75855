"""The nearest of some points to each of many others, over a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import entry

if TYPE_CHECKING:
    from netgraph.diversity.geometry.projection import Floats, Integers

_PER_CELL = 2  # points, if they lay evenly


def find_nearest(points: Floats, others: Floats) -> Integers:
    """Find the nearest other of each point; of equally near ones the first.

    Parameters
    ----------
    points, others
        Shapes (points, 2) and (others, 2), at least one other, in one unit of length.

    Returns
    -------
    Integers
        Position in `others`, exact; shape (points,). O(points) where both lie alike.
    """
    low = others.min(axis=0)
    size = others.max(axis=0) - low
    n_cells = max(1.0, len(others) / _PER_CELL)
    width = max(float(np.sqrt(size[0] * size[1] / n_cells)), float(size.max()) / n_cells, 1e-12)
    columns, rows = (int(extent // width) + 1 for extent in size.tolist())
    column, row = ((others - low) // width).astype(np.int64).T
    cell = column * rows + row
    start = np.searchsorted(np.sort(cell), np.arange(columns * rows + 1))
    grid = (start, np.argsort(cell, kind="stable"))
    frame = (float(low[0]), float(low[1]), width, columns, rows)
    found: Integers = _nearest(points, others, grid, frame)
    return found


@entry
def _nearest(
    points: Floats,
    others: Floats,
    grid: tuple[Integers, Integers],
    frame: tuple[float, float, float, int, int],
) -> Integers:
    """Look in squares of cells around each point, until nothing beyond them can be nearer."""
    start, members = grid
    low_x, low_y, width, columns, rows = frame
    found = np.empty(len(points), dtype=np.int64)
    for point in range(len(points)):
        x, y = points[point, 0] - low_x, points[point, 1] - low_y
        column = min(max(int(x // width), 0), columns - 1)
        row = min(max(int(y // width), 0), rows - 1)
        least, nearest, reach, beyond = np.inf, len(others), 0, 0.0
        while beyond <= least and beyond < np.inf:
            left, right = column - reach, column + reach
            below, above = row - reach, row + reach
            for at in range(max(left, 0), min(right, columns - 1) + 1):
                # Of the columns within, the first and the last row are new.
                step = 1 if at in (left, right) else max(2 * reach, 1)
                for up in range(below, above + 1, step):
                    if up < 0 or up >= rows:
                        continue
                    for slot in range(start[at * rows + up], start[at * rows + up + 1]):
                        other = members[slot]
                        away_x = points[point, 0] - others[other, 0]
                        away_y = points[point, 1] - others[other, 1]
                        away = away_x * away_x + away_y * away_y
                        if away < least or (away == least and other < nearest):
                            least, nearest = away, other
            edge = np.inf  # to the nearest edge of the square, behind which there are cells
            if left > 0:
                edge = min(edge, x - left * width)
            if right < columns - 1:
                edge = min(edge, (right + 1) * width - x)
            if below > 0:
                edge = min(edge, y - below * width)
            if above < rows - 1:
                edge = min(edge, (above + 1) * width - y)
            beyond = edge * edge
            reach += 1
        found[point] = nearest
    return found
