"""Compiled search for the least distance of routes that are nowhere near each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.geometry.blocks import SCALE
from netgraph.diversity.geometry.closeness import BEST, BEST_AT, Memory, measure_at_end
from netgraph.diversity.geometry.intervals import COLUMNS, FIRST_ROW
from netgraph.diversity.geometry.kernels import box_distance_squared
from netgraph.diversity.geometry.run_kernels import Task, enter_pair

if TYPE_CHECKING:
    from netgraph.diversity.geometry.blocks import Blocks
    from netgraph.diversity.geometry.kernels import Piece
    from netgraph.diversity.geometry.projection import Floats, Integers
    from netgraph.diversity.geometry.routes import Walks

GROUP = 16


@entry
def find_least_distances(task: Task, memory: Memory, pairs: Integers) -> Floats:
    """Least distances of pairs of routes, however far apart.

    Parameters
    ----------
    task
        Its neighbours are not used.
    memory
        From :func:`~netgraph.diversity.geometry.run_kernels.empty_memory`, not used before.
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
    widest = 1.0
    for piece in range(len(blocks.pieces)):
        widest = max(widest, blocks.pieces[piece, SCALE])
    for at in range(len(pairs)):
        enter_pair(task, pairs[at], memory)
        mine = _blocks_of(blocks.line_block, task.first, pairs[at])
        theirs = _blocks_of(blocks.line_block, task.second, pairs[at])
        _search_least(blocks, memory, mine, theirs, widest * widest)
        least[at, 0], least[at, 1] = math.sqrt(memory.here[BEST]), memory.here[BEST_AT]
    return least


@inner
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


@inner
def _search_least(
    blocks: Blocks, memory: Memory, mine: Integers, theirs: Integers, widest_squared: float
) -> None:
    """Lower the best of the memory to the least distance of two lists of blocks."""
    rows, nothing = np.empty((0, COLUMNS)), np.empty(0)
    for first in range(0, len(mine), GROUP):
        box = _box_of(blocks.box, mine, first, min(first + GROUP, len(mine)))
        for second in range(0, len(theirs), GROUP):
            end = min(second + GROUP, len(theirs))
            reach = memory.here[BEST] * widest_squared
            if box_distance_squared(box, _box_of(blocks.box, theirs, second, end)) >= reach:
                continue
            for i in range(first, min(first + GROUP, len(mine))):
                own = _box_of(blocks.box, mine, i, i + 1)
                for j in range(second, end):
                    reach = memory.here[BEST] * widest_squared
                    if box_distance_squared(own, _box_of(blocks.box, theirs, j, j + 1)) < reach:
                        where = (mine[i, 1], mine[i, 0], theirs[j, 0])
                        measure_at_end(blocks, memory, where, nothing, rows, FIRST_ROW)


@inner
def _box_of(boxes: Floats, listed: Integers, first: int, last: int) -> Piece:
    """Lay a box around some blocks of a list."""
    low_x, low_y, high_x, high_y = np.inf, np.inf, -np.inf, -np.inf
    for at in range(first, last):
        block = listed[at, 0]
        low_x, low_y = min(low_x, boxes[block, 0]), min(low_y, boxes[block, 1])
        high_x, high_y = max(high_x, boxes[block, 2]), max(high_y, boxes[block, 3])
    return low_x, low_y, high_x, high_y
