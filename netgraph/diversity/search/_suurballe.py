"""Shortest pairs of arc-disjoint paths from a root to every vertex of a directed graph.

J. W. Suurballe and R. E. Tarjan, "A quick method for finding shortest pairs of disjoint paths",
Networks 14(2), 1984: one shortest-path tree, then one sweep in which every labelled vertex splits
the tree, and an arc counts from the moment when its two ends fall into different parts. All but the
largest part are renamed (found by walking all parts in turn), so that the cost is O(m log n).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from netgraph.diversity.search._heap import drop_least, push

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Floats, Ints, Longs

NONE = -1


class Arcs(NamedTuple):
    """A directed graph; vertices 0..n-1, arc a from tail[a] to head[a]."""

    tail: Ints
    head: Ints
    length_m: Floats
    out_ptr: Longs  # arcs by tail, in compressed rows
    out_arc: Ints
    in_ptr: Longs  # arcs by head, in compressed rows
    in_arc: Ints


class Tree(NamedTuple):
    """A shortest-path tree from the root."""

    distance_m: Floats
    parent_arc: Ints  # NONE at the root and where nothing arrives
    first_child: Ints
    next_sibling: Ints


class Labels(NamedTuple):
    """What the sweep leaves: the reduced length of the pair and how to walk it."""

    reduced_m: Floats
    last_arc: Ints  # the arc outside the tree by which the pair enters the vertex
    through: Ints  # the vertex whose labelling made that arc count


@njit(cache=True)
def compressed_rows(keys: Ints, n_rows: int) -> tuple[Longs, Ints]:
    """Return rows of positions by key, each in ascending order."""
    indptr = np.zeros(n_rows + 1, dtype=np.int64)
    for key in keys:
        indptr[key + 1] += 1
    for row in range(n_rows):
        indptr[row + 1] += indptr[row]
    fill = indptr[:-1].copy()
    rows = np.empty(len(keys), dtype=np.int32)
    for i in range(len(keys)):
        rows[fill[keys[i]]] = i
        fill[keys[i]] += 1
    return indptr, rows


@njit(cache=True)
def shortest_path_tree(arcs: Arcs, root: int) -> Tree:
    """Dijkstra's tree; among equal distances the least vertex is settled first."""
    n = len(arcs.out_ptr) - 1
    distance = np.full(n, np.inf)
    parent_arc = np.full(n, NONE, dtype=np.int32)
    is_settled = np.zeros(n, dtype=np.bool_)
    keys = np.empty(len(arcs.tail) + 1)
    items = np.empty(len(arcs.tail) + 1, dtype=np.int32)
    distance[root] = 0.0
    size = push(keys, items, 0, 0.0, root)
    first_child = np.full(n, NONE, dtype=np.int32)
    next_sibling = np.full(n, NONE, dtype=np.int32)
    while size > 0:
        v = items[0]
        size = drop_least(keys, items, size)
        if is_settled[v]:
            continue
        is_settled[v] = True
        if parent_arc[v] != NONE:
            above = arcs.tail[parent_arc[v]]
            next_sibling[v] = first_child[above]
            first_child[above] = v
        for k in range(arcs.out_ptr[v], arcs.out_ptr[v + 1]):
            arc = arcs.out_arc[k]
            w = arcs.head[arc]
            reach = distance[v] + arcs.length_m[arc]
            if reach < distance[w]:
                distance[w] = reach
                parent_arc[w] = arc
                size = push(keys, items, size, reach, w)
    return Tree(distance, parent_arc, first_child, next_sibling)


@njit(cache=True)
def sweep(arcs: Arcs, tree: Tree, root: int) -> Labels:
    """Label every vertex that has a pair of arc-disjoint paths from the root."""
    n = len(tree.parent_arc)
    labels = Labels(
        np.full(n, np.inf), np.full(n, NONE, dtype=np.int32), np.full(n, NONE, dtype=np.int32)
    )
    part = np.zeros(n, dtype=np.int32)  # NONE once the vertex is labelled
    n_parts = 1
    keys = np.empty(2 * len(arcs.tail) + 1)
    items = np.empty(2 * len(arcs.tail) + 1, dtype=np.int32)
    split = _new_split(tree)
    labels.reduced_m[root] = 0.0
    size = push(keys, items, 0, 0.0, root)
    while size > 0:
        v = items[0]
        size = drop_least(keys, items, size)
        if part[v] == NONE:
            continue
        old = part[v]
        part[v] = NONE
        n_finished = _split_tree(arcs, tree, part, split, v)
        first_new = n_parts
        for i in range(n_finished):
            x = split.start[split.finished[i]]
            while x != NONE:
                part[x] = n_parts
                x = split.queue[x]
            n_parts += 1
        for k in range(arcs.out_ptr[v], arcs.out_ptr[v + 1]):
            arc = arcs.out_arc[k]
            w_part = part[arcs.head[arc]]
            if w_part == old or w_part >= first_new:
                size = _relax(arcs, tree, labels, arc, v, keys, items, size)
        for i in range(n_finished):
            x = split.start[split.finished[i]]
            while x != NONE:
                for k in range(arcs.out_ptr[x], arcs.out_ptr[x + 1]):
                    arc = arcs.out_arc[k]
                    w_part = part[arcs.head[arc]]
                    if w_part != part[x] and (w_part == old or w_part >= first_new):
                        size = _relax(arcs, tree, labels, arc, v, keys, items, size)
                for k in range(arcs.in_ptr[x], arcs.in_ptr[x + 1]):
                    arc = arcs.in_arc[k]
                    # An arc between two renamed parts was met from its tail already.
                    if part[arcs.tail[arc]] == old:
                        size = _relax(arcs, tree, labels, arc, v, keys, items, size)
                x = split.queue[x]
    return labels


@njit(cache=True)
def _relax(  # noqa: PLR0913 -- the heap is three arrays
    arcs: Arcs,
    tree: Tree,
    labels: Labels,
    arc: int,
    v: int,
    keys: Floats,
    items: Ints,
    size: int,
) -> int:
    """Offer the pair that enters the arc's head by this arc; return the size of the heap."""
    w = arcs.head[arc]
    if tree.parent_arc[w] == arc:
        return size
    reduced = arcs.length_m[arc] - tree.distance_m[w] + tree.distance_m[arcs.tail[arc]]
    reach = labels.reduced_m[v] + reduced
    if reach < labels.reduced_m[w]:
        labels.reduced_m[w] = reach
        labels.last_arc[w] = arc
        labels.through[w] = v
        size = push(keys, items, size, reach, w)
    return size


class _Split(NamedTuple):
    """Working space to walk the parts of a split tree side by side, one arc at a time."""

    start: Ints  # first vertex of each part
    finished: Ints  # parts walked to their end
    active: Ints  # parts still being walked
    at: Ints  # the vertex whose tree arcs the part is looking at
    end: Ints  # last vertex of the part's queue
    queue: Ints  # next vertex of the same part, by vertex
    came_from: Ints  # by vertex
    cursor: Ints  # next child to look at, by vertex; _PARENT first


_PARENT = -2


@njit(cache=True)
def _new_split(tree: Tree) -> _Split:
    n = len(tree.parent_arc)
    most = 0
    for v in range(n):
        degree = 1
        child = tree.first_child[v]
        while child != NONE:
            degree += 1
            child = tree.next_sibling[child]
        most = max(most, degree)
    return _Split(
        np.empty(most, dtype=np.int32),
        np.empty(most, dtype=np.int32),
        np.empty(most, dtype=np.int32),
        np.empty(most, dtype=np.int32),
        np.empty(most, dtype=np.int32),
        np.empty(n, dtype=np.int32),
        np.empty(n, dtype=np.int32),
        np.empty(n, dtype=np.int32),
    )


@njit(cache=True)
def _split_tree(arcs: Arcs, tree: Tree, part: Ints, split: _Split, v: int) -> int:
    """Walk the parts left by removing v until one is left; return how many were finished."""
    n_active = 0
    child = tree.first_child[v]
    while child != NONE:
        if part[child] != NONE:
            n_active = _start_part(split, n_active, child, v)
        child = tree.next_sibling[child]
    if tree.parent_arc[v] != NONE:
        above = arcs.tail[tree.parent_arc[v]]
        if part[above] != NONE:
            n_active = _start_part(split, n_active, above, v)
    n_finished = 0
    while n_active > 1:
        kept = 0
        for k in range(n_active):
            i = split.active[k]
            if _step(arcs, tree, part, split, i):
                split.active[kept] = i
                kept += 1
            else:
                split.finished[n_finished] = i
                n_finished += 1
        if kept == 0:  # all ended in one round: the last of them keeps the old name
            n_finished -= 1
        n_active = kept
    return n_finished


@njit(cache=True)
def _start_part(split: _Split, i: int, x: int, v: int) -> int:
    split.start[i] = split.at[i] = split.end[i] = x
    split.active[i] = i
    split.queue[x] = NONE
    split.came_from[x] = v
    split.cursor[x] = _PARENT
    return i + 1


@njit(cache=True)
def _step(arcs: Arcs, tree: Tree, part: Ints, split: _Split, i: int) -> bool:
    """Look at one more tree arc of part i; return False when the part has been walked."""
    x = split.at[i]
    if split.cursor[x] == _PARENT:
        split.cursor[x] = tree.first_child[x]
        y = arcs.tail[tree.parent_arc[x]] if tree.parent_arc[x] != NONE else NONE
    elif split.cursor[x] != NONE:
        y = split.cursor[x]
        split.cursor[x] = tree.next_sibling[y]
    else:
        split.at[i] = split.queue[x]
        return bool(split.at[i] != NONE)
    if y != NONE and y != split.came_from[x] and part[y] != NONE:
        split.queue[split.end[i]] = y
        split.end[i] = y
        split.queue[y] = NONE
        split.came_from[y] = x
        split.cursor[y] = _PARENT
    return True
