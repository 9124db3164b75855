"""Compiled search for the least distance of routes that are nowhere near each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.geometry.blocks import SCALE
from netgraph.diversity.geometry.closeness import (
    BEST,
    BEST_AT,
    COLUMNS_HERE,
)
from netgraph.diversity.geometry.end_zones import enter_zones, measure_at_end
from netgraph.diversity.geometry.intervals import COLUMNS, FIRST_ROW
from netgraph.diversity.geometry.kernels import box_distance_squared
from netgraph.diversity.geometry.parts import Task  # noqa: TC001 -- a kernel is stale when it changes

if TYPE_CHECKING:
    from netgraph.diversity.geometry.blocks import Blocks
    from netgraph.diversity.geometry.kernels import Piece
    from netgraph.diversity.geometry.projection import Floats, Integers
    from netgraph.diversity.geometry.routes import Walks

GROUP = 16


@entry
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
    least, blocks, here = np.empty((len(pairs), 2)), task.blocks, np.empty(COLUMNS_HERE)
    widest = 1.0
    for piece in range(len(blocks.pieces)):
        widest = max(widest, blocks.pieces[piece, SCALE])
    for at in range(len(pairs)):
        enter_zones(here, task.first.zones[pairs[at]], task.second.zones[pairs[at]])
        mine = _blocks_of(blocks.line_block, task.first, pairs[at])
        theirs = _blocks_of(blocks.line_block, task.second, pairs[at])
        _search_least(blocks, here, mine, theirs, widest * widest)
        least[at, 0], least[at, 1] = math.sqrt(here[BEST]), here[BEST_AT]
    return least


@inner
def _blocks_of(line_block: Integers, walks: Walks, route: int) -> tuple[Integers, Floats]:
    """Every block of a route, and base and turn of its line on the route."""
    first, last, total = walks.start[route], walks.start[route + 1], 0
    route_m = 0.0
    for place in range(first, last):
        total += line_block[walks.line[place] + 1] - line_block[walks.line[place]]
        route_m += walks.line_length_m[walks.line[place]]
    listed, bases = np.empty(total, dtype=np.int64), np.empty((total, 2))
    count, from_m = 0, 0.0
    for place in range(first, last):
        line, turn = walks.line[place], -1.0 if walks.is_reversed[place] else 1.0
        base_m = from_m + (walks.line_length_m[line] if turn < 0.0 else 0.0)
        from_m += walks.line_length_m[line]
        if walks.is_mirrored[route]:
            base_m, turn = route_m - base_m, -turn
        for block in range(line_block[line], line_block[line + 1]):
            listed[count], bases[count, 0], bases[count, 1] = block, base_m, turn
            count += 1
    return listed, bases


@inner
def _search_least(
    blocks: Blocks,
    here: Floats,
    mine: tuple[Integers, Floats],
    theirs: tuple[Integers, Floats],
    widest_squared: float,
) -> None:
    """Lower the best of what is remembered to the least distance of two lists of blocks."""
    rows, nothing = np.empty((0, COLUMNS)), np.empty(0)
    for first in range(0, len(mine[0]), GROUP):
        box = _box_of(blocks.box, mine[0], first, min(first + GROUP, len(mine[0])))
        for second in range(0, len(theirs[0]), GROUP):
            end = min(second + GROUP, len(theirs[0]))
            reach = here[BEST] * widest_squared
            if box_distance_squared(box, _box_of(blocks.box, theirs[0], second, end)) >= reach:
                continue
            for i in range(first, min(first + GROUP, len(mine[0]))):
                own = _box_of(blocks.box, mine[0], i, i + 1)
                base = (mine[1][i, 0], mine[1][i, 1])
                for j in range(second, end):
                    reach = here[BEST] * widest_squared
                    if box_distance_squared(own, _box_of(blocks.box, theirs[0], j, j + 1)) < reach:
                        two, there = (mine[0][i], theirs[0][j]), (theirs[1][j, 0], theirs[1][j, 1])
                        measure_at_end(blocks, two, (base, there), here, nothing, rows, FIRST_ROW)


@inner
def _box_of(boxes: Floats, listed: Integers, first: int, last: int) -> Piece:
    """Lay a box around some blocks of a list."""
    low_x, low_y, high_x, high_y = np.inf, np.inf, -np.inf, -np.inf
    for at in range(first, last):
        block = listed[at]
        low_x, low_y = min(low_x, boxes[block, 0]), min(low_y, boxes[block, 1])
        high_x, high_y = max(high_x, boxes[block, 2]), max(high_y, boxes[block, 3])
    return low_x, low_y, high_x, high_y
