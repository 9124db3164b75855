"""Routes as sequences of parts that many of them have in common.

Routes of a network run along few links in ever new sequences. Outside the end zones what a part of
one route has in common with a part of another depends on these two parts alone; so it is worked
out once (:mod:`~netgraph.diversity.geometry.part_kernels`) and composed for every pair of routes
that holds both (:mod:`~netgraph.diversity.geometry.run_kernels`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry

if TYPE_CHECKING:
    from netgraph.diversity.geometry.blocks import Blocks, NearBlocks
    from netgraph.diversity.geometry.projection import Booleans, Floats, Integers
    from netgraph.diversity.geometry.routes import Routes, Walks


class Parts(NamedTuple):
    """Different parts of routes.

    Attributes
    ----------
    start
        Part i has the lines ``start[i]:start[i + 1]`` of what follows.
    line, is_reversed, from_m
        Its lines in order, whether it takes them backwards, and where on it they begin, metres.
    length_m
        Metres of each part.
    """

    start: Integers
    line: Integers
    is_reversed: Booleans
    from_m: Floats
    length_m: Floats


class Cuts(NamedTuple):
    """Routes as sequences of parts.

    Attributes
    ----------
    start
        Route i has the cuts ``start[i]:start[i + 1]`` of what follows.
    part
        Part of each; -1 where lines are near an end of the route and belong to no part.
    low, high
        Places of its lines in the table of all routes.
    """

    start: Integers
    part: Integers
    low: Integers
    high: Integers


class OnLines(NamedTuple):
    """Where lines lie on parts: line i has the rows ``start[i]:start[i + 1]``, by part.

    Attributes
    ----------
    start
        Shape (lines + 1,).
    part, entry
        A part, and the row of its line in :class:`Parts`.
    """

    start: Integers
    part: Integers
    entry: Integers


class Task(NamedTuple):
    """What is asked about pairs of routes.

    Attributes
    ----------
    blocks, near
        Blocks of the lines; the neighbours of those of the first routes among those of the
        second, at least as far as ``within_m[-1]``.
    block_line
        Line of each block.
    within_m
        Distances, metres, ascending.
    first, second
        Route i of the one and route i of the other are a pair; the first is not mirrored.
    my_cuts, my_parts, their_cuts, their_parts
        The same routes cut in parts: the first ones between their end zones, the second ones as a
        whole.
    on_lines
        Where lines lie on the parts of the second routes.
    """

    blocks: Blocks
    near: NearBlocks
    block_line: Integers
    within_m: Floats
    first: Walks
    second: Walks
    my_cuts: Cuts
    my_parts: Parts
    their_cuts: Cuts
    their_parts: Parts
    on_lines: OnLines


def build_task(
    blocks: Blocks, near: NearBlocks, within_m: Floats,
    first: tuple[Routes, Walks], second: tuple[Routes, Walks],
) -> Task:  # fmt: skip
    """Cut the routes of all pairs in parts; O(total)."""
    my_cuts, my_parts = _cut(*first, _find_middles(first[1]))
    their_cuts, their_parts = _cut(*second, None)
    n_lines = len(blocks.line_block) - 1
    order = np.argsort(their_parts.line, kind="stable")
    counts = np.bincount(their_parts.line, minlength=n_lines)
    owner = np.repeat(np.arange(len(their_parts.length_m)), np.diff(their_parts.start))
    return Task(
        blocks, near, np.repeat(np.arange(n_lines), np.diff(blocks.line_block)), within_m,
        first[1], second[1], my_cuts, my_parts, their_cuts, their_parts,
        OnLines(np.append(0, np.cumsum(counts)), owner[order], order),
    )  # fmt: skip


def _cut(routes: Routes, walks: Walks, middle: Integers | None) -> tuple[Cuts, Parts]:
    """Cut routes in the parts that they were given with, and at both ends of their middles."""
    low, high, number = routes.parts()
    route = np.searchsorted(walks.start, low, side="right") - 1
    is_middle = np.ones(len(low), dtype=np.bool_)
    if middle is not None:
        first, last = (walks.start[route] + middle[route, side] for side in range(2))
        edges = (low, np.clip(first, low, high), np.clip(last, low, high), high)
        number, route = np.repeat(number, 3), np.repeat(route, 3)
        start = np.repeat(low, 3)
        low, high = (np.column_stack(edges[i : i + 3]).ravel() for i in range(2))
        is_middle = np.tile([False, True, False], len(edges[0]))
    else:
        start = low
    kept = low < high
    low, high, route, is_middle = low[kept], high[kept], route[kept], is_middle[kept]
    chosen = np.flatnonzero(is_middle)
    keys = (number[kept][chosen], (low - start[kept])[chosen], (high - start[kept])[chosen])
    numbers, examples = _number(keys, walks, low[chosen], high[chosen])
    part = np.full(len(low), -1)
    part[chosen] = numbers
    cuts = Cuts(np.searchsorted(route, np.arange(len(walks.start))), part, low, high)
    return cuts, _parts_at(walks, low[chosen][examples], high[chosen][examples])


def _number(
    keys: tuple[Integers, Integers, Integers], walks: Walks, low: Integers, high: Integers
) -> tuple[Integers, Integers]:
    """Give what is the same one number, checked line by line; and an example of each number."""
    width = int(keys[2].max(initial=0)) + 1
    _, number = np.unique(keys[0] * width + keys[1], return_inverse=True)
    _, example, number = np.unique(number * width + keys[2], return_index=True, return_inverse=True)
    other = np.flatnonzero(_differ(walks, low, high, example[number]))
    number[other] = len(example) + np.arange(len(other))
    return number, np.append(example, other)


def _parts_at(walks: Walks, low: Integers, high: Integers) -> Parts:
    count = high - low
    start = np.append(0, np.cumsum(count))
    place = np.arange(start[-1]) + np.repeat(low - start[:-1], count)
    line = walks.line[place]
    passed_m = np.append(0.0, np.cumsum(walks.line_length_m[line]))
    from_m = passed_m[:-1] - np.repeat(passed_m[start[:-1]], count)
    return Parts(start, line, walks.is_reversed[place], from_m, np.diff(passed_m[start]))


@entry
def _find_middles(walks: Walks) -> Integers:
    """First place of each route beyond what is near one end, and first place near the other."""
    middle = np.empty((len(walks.start) - 1, 2), dtype=np.int64)
    for route in range(len(middle)):
        start, end, position_m = walks.start[route], walks.start[route + 1], 0.0
        low, high = 0, end - start
        for place in range(end - start):
            if position_m <= walks.zones[route, 1]:
                low = place + 1
            position_m += walks.line_length_m[walks.line[start + place]]
            if position_m >= walks.zones[route, 2]:
                high = min(high, place)
        middle[route, 0], middle[route, 1] = low, max(low, high)
    return middle


@entry
def _differ(walks: Walks, low: Integers, high: Integers, example: Integers) -> Booleans:
    """Which occurrences hold other lines, or take them in another direction, than the example."""
    differs = np.zeros(len(low), dtype=np.bool_)
    for at in range(len(low)):
        shift = low[example[at]] - low[at]
        for place in range(low[at], high[at]):
            if (
                walks.line[place] != walks.line[place + shift]
                or walks.is_reversed[place] != walks.is_reversed[place + shift]
            ):
                differs[at] = True
                break
    return differs
