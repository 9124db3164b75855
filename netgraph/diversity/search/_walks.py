"""The two routes of a pair, put together from the labels of the sweep.

Every piece gives two walks to its anchor (Suurballe and Tarjan's marking); an edge that they use in
opposite directions is cancelled, and what is left is walked twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.search._pieces import BEHIND_EDGE, Run
from netgraph.diversity.search._steps import (
    EDGE,
    THROUGH,
    TURN_EDGE,
    TURN_KEY,
    TURN_TO,
    UP,
    Steps,
)
from netgraph.diversity.search._suurballe import NONE
from netgraph.diversity.search.heap import place
from netgraph.diversity.search.single_points import NOTHING, UNREACHED

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Floats, Ints, Longs


class Ends(NamedTuple):
    u: Ints
    v: Ints
    length_m: Floats


# Columns of the steps that were taken: the slot reached, the number and key of the edge, the next
# step out of the same slot.
_TO, _EDGE, _KEY, _NEXT = range(4)


class _Walk(NamedTuple):
    """Working space to put one piece's two routes together."""

    turn: Longs  # one number, counted up for every piece
    marked: Ints  # by slot: the piece in which a walk turns off there
    met: Ints  # by slot: the piece in which a walk came there
    times: Ints  # by key of an edge: how often the two labelled walks use it
    first: Ints  # by slot: first unused step out of it
    place: Ints  # by slot: where the route being walked met it
    taken: Ints
    taken_m: Floats


@entry
def recover(nodes: Ints, length_m: Floats, run: Run) -> tuple[Longs, Ints]:
    """Walk the pairs of many nodes, piece by piece."""
    n, n_slots = len(run.anchor), len(run.steps.step)
    walk = _Walk(
        np.zeros(1, dtype=np.int64),
        np.zeros(n_slots, dtype=np.int32),
        np.zeros(n_slots, dtype=np.int32),
        np.zeros(n_slots + len(length_m), dtype=np.int32),
        np.full(n_slots, NONE, dtype=np.int32),
        np.full(n_slots, NONE, dtype=np.int32),
        np.empty((4 * n_slots + 8, 4), dtype=np.int32),
        np.empty(4 * n_slots + 8),
    )
    route = np.empty((2, n + 1), dtype=np.int32)
    indptr = np.zeros(2 * len(nodes) + 1, dtype=np.int64)
    edges = np.empty(1024, dtype=np.int32)
    for i in range(len(nodes)):
        at = nodes[i]
        size_a = size_b = np.int64(0)
        length_a = length_b = 0.0
        while at != NOTHING and run.anchor[at] != UNREACHED:
            source = run.steps.slot[at]
            if run.anchor[at] == BEHIND_EDGE:
                edge = run.next_point[at] - n
                route[0, size_a] = route[1, size_b] = edge
                size_a += 1
                size_b += 1
                length_a += length_m[edge]
                length_b += length_m[edge]
            elif source != NONE:
                _mark_turns(walk, run.steps, source)
                end_a, a_m = _walk_apart(walk, run.steps, source, route[0], size_a)
                end_b, b_m = np.int64(NONE), 0.0
                if end_a != NONE:
                    end_b, b_m = _walk_apart(walk, run.steps, source, route[1], size_b)
                if end_b == NONE:
                    count = _collect(walk, run.steps, source)
                    end_a, a_m = _walk_route(walk, source, route[0], size_a)
                    end_b, b_m = _walk_route(walk, source, route[1], size_b)
                    _tidy(walk, count, source)
                size_a, size_b = end_a, end_b
                length_a += a_m
                length_b += b_m
            at = run.following[at]
        while indptr[2 * i] + size_a + size_b > len(edges):
            edges = np.concatenate((edges, np.empty_like(edges)))
        sizes = (size_a, size_b)
        first = 1 if is_before(route[1, :size_b], length_b, route[0, :size_a], length_a) else 0
        for turn in range(2):
            which = first ^ turn
            begin = indptr[2 * i + turn]
            for k in range(sizes[which]):
                edges[begin + k] = route[which, k]
            indptr[2 * i + turn + 1] = begin + sizes[which]
    return indptr, edges[: indptr[-1]].copy()


@inner
def _mark_turns(walk: _Walk, steps: Steps, source: int) -> None:
    """Mark, under a new number, where the first walk that comes there leaves the tree."""
    walk.turn[0] += 1
    x = source
    while steps.step[place(x), TURN_EDGE] != NONE:
        walk.marked[place(x)] = walk.turn[0]
        x = steps.step[place(x), THROUGH]
    walk.met[source] = walk.turn[0]


@inner
def _walk_apart(
    walk: _Walk, steps: Steps, source: int, route: Ints, size: int
) -> tuple[int, float]:
    """Follow one labelled walk to the root, if it meets nothing again: it is a route then.

    Most walks do not. Returns the route's size, NONE if it did, and the metres of this piece.
    """
    turn, x, metres = walk.turn[0], np.int64(source), 0.0
    step, length_m = steps.step, steps.length_m
    while True:
        if walk.marked[place(x)] == turn:
            walk.marked[place(x)] = 0
            to, edge = step[place(x), TURN_TO], step[place(x), TURN_EDGE]
            metres += length_m[place(x), 1]
        elif step[place(x), EDGE] != NONE:
            to, edge = step[place(x), UP], step[place(x), EDGE]
            metres += length_m[place(x), 0]
        else:
            return size, metres
        route[place(size)] = edge
        size += 1
        x = np.int64(to)
        if step[place(x), EDGE] != NONE:  # not the root
            if walk.met[place(x)] == turn:
                return NONE, 0.0
            walk.met[place(x)] = turn


@inner
def _collect(walk: _Walk, steps: Steps, source: int) -> int:
    """Note the steps of both labelled walks, towards the root, less what they use both ways."""
    step, taken = steps.step, walk.taken
    _mark_turns(walk, steps, source)
    turn, count = walk.turn[0], 0
    for _ in range(2):
        x = source
        while True:
            if walk.marked[x] == turn:
                walk.marked[x] = 0
                to, edge, key = step[x, TURN_TO], step[x, TURN_EDGE], step[x, TURN_KEY]
                walk.taken_m[count] = steps.length_m[x, 1]
            elif step[x, EDGE] != NONE:
                to, edge, key = step[x, UP], step[x, EDGE], x
                walk.taken_m[count] = steps.length_m[x, 0]
            else:
                break
            taken[count, _TO], taken[count, _EDGE], taken[count, _KEY] = to, edge, key
            taken[count, _NEXT] = x
            walk.times[key] += 1
            count += 1
            x = to
    for k in range(count - 1, -1, -1):
        x = taken[k, _NEXT]
        if walk.times[taken[k, _KEY]] == 1:
            taken[k, _NEXT] = walk.first[x]
            walk.first[x] = k
        else:
            taken[k, _NEXT] = NONE
    return count


@inner
def _walk_route(walk: _Walk, source: int, route: Ints, size: int) -> tuple[int, float]:
    """Take unused steps to the end of the piece; forget the loops.

    Returns the route's size and the metres of this piece.
    """
    begin, taken, metres = size, walk.taken, 0.0
    x = source
    walk.place[x] = size
    while walk.first[x] != NONE:
        k = walk.first[x]
        walk.first[x] = taken[k, _NEXT]
        route[size] = k
        size += 1
        x = taken[k, _TO]
        if walk.place[x] != NONE:  # a loop, of no length: back to where it began
            for i in range(walk.place[x], size - 1):
                walk.place[taken[route[i], _TO]] = NONE
            size = walk.place[x]
        walk.place[x] = size
    walk.place[source] = NONE
    for i in range(begin, size):
        k = route[i]
        walk.place[taken[k, _TO]] = NONE
        route[i] = taken[k, _EDGE]
        metres += walk.taken_m[k]
    return size, metres


@inner
def _tidy(walk: _Walk, count: int, source: int) -> None:
    walk.first[source] = NONE
    for k in range(count):
        walk.times[walk.taken[k, _KEY]] = 0
        walk.first[walk.taken[k, _TO]] = NONE


@inner
def is_before(a: Ints, length_a_m: float, b: Ints, length_b_m: float) -> bool:
    """Whether route a comes first: shorter, or of lesser edges at the first difference."""
    if length_a_m != length_b_m:
        return length_a_m < length_b_m
    for i in range(min(len(a), len(b))):
        if a[i] != b[i]:
            return bool(a[i] < b[i])
    return len(a) < len(b)
