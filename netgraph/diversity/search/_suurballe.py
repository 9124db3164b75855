"""Shortest pairs of arc-disjoint paths from a root to every vertex of a directed graph.

J. W. Suurballe and R. E. Tarjan, "A quick method for finding shortest pairs of disjoint paths",
Networks 14(2), 1984: one shortest-path tree, then one sweep in which every labelled vertex splits
the tree, and an arc counts from the moment when its two ends fall into different parts. All but the
largest part are renamed (found by walking all parts in turn), so that the cost is O(m log n).

The sweep numbers the vertices as a depth-first walk of the tree meets them and keeps what it needs
of a vertex side by side: walking the tree is then walking memory, which is most of the cost.
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


class Tree(NamedTuple):
    """A shortest-path tree from the root."""

    distance_m: Floats
    parent_arc: Ints  # NONE at the root and where nothing arrives


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
    while size > 0:
        v = items[0]
        size = drop_least(keys, items, size)
        if is_settled[v]:
            continue
        is_settled[v] = True
        for k in range(arcs.out_ptr[v], arcs.out_ptr[v + 1]):
            arc = arcs.out_arc[k]
            w = arcs.head[arc]
            reach = distance[v] + arcs.length_m[arc]
            if reach < distance[w]:
                distance[w] = reach
                parent_arc[w] = arc
                size = push(keys, items, size, reach, w)
    return Tree(distance, parent_arc)


# What the sweep keeps of each vertex, side by side.
_PARENT, _CHILD, _SIBLING = 0, 1, 2  # the tree: first child, next child of the same parent
_PART = 3  # the part of the split tree, NONE once the vertex is labelled
_QUEUE, _CAME_FROM, _CURSOR = 4, 5, 6  # walking a part: next vertex, where from, what to look at
_WIDTH = 8
_LOOK_UP = -2  # cursor: look at the parent first, then at the children


class _Others(NamedTuple):
    """The arcs outside the tree by one of their ends, in compressed rows."""

    ptr: Longs
    arc: Ints
    end: Ints  # the other end
    reduced_m: Floats


class _Split(NamedTuple):
    """Working space to walk the parts of a split tree side by side, one tree arc at a time."""

    start: Ints  # first vertex of each part
    finished: Ints  # parts walked to their end
    active: Ints  # parts still being walked
    at: Ints  # the vertex whose tree arcs the part is looking at
    end: Ints  # last vertex of the part's queue


@njit(cache=True)
def sweep(arcs: Arcs, tree: Tree, root: int) -> Labels:
    """Label every vertex that has a pair of arc-disjoint paths from the root."""
    order, rank = _preorder(arcs, tree, root)
    vertices, split = _new_walk(arcs, tree, order, rank)
    leaving, entering = _others(arcs, tree, rank, len(order))
    found = _label_all(vertices, split, leaving, entering)
    n = len(rank)
    labels = Labels(
        np.full(n, np.inf), np.full(n, NONE, dtype=np.int32), np.full(n, NONE, dtype=np.int32)
    )
    for i in range(len(order)):
        v = order[i]
        labels.reduced_m[v] = found.reduced_m[i]
        labels.last_arc[v] = found.last_arc[i]
        if found.through[i] != NONE:
            labels.through[v] = order[found.through[i]]
    return labels


@njit(cache=True)
def _preorder(arcs: Arcs, tree: Tree, root: int) -> tuple[Ints, Ints]:
    """Return the reached vertices, parents first and subtrees together, and their numbers."""
    n = len(tree.parent_arc)
    above = np.full(n, root, dtype=np.int32)
    reached = np.zeros(n, dtype=np.bool_)
    for v in range(n):
        if tree.parent_arc[v] != NONE:
            above[v] = arcs.tail[tree.parent_arc[v]]
            reached[v] = True
    ptr, child = compressed_rows(above, n)
    order = np.empty(n, dtype=np.int32)
    rank = np.full(n, NONE, dtype=np.int32)
    stack = np.empty(n + 1, dtype=np.int32)
    stack[0] = root
    top = 1
    count = 0
    while top > 0:
        top -= 1
        v = stack[top]
        order[count] = v
        rank[v] = count
        count += 1
        for k in range(ptr[v], ptr[v + 1]):
            if reached[child[k]]:
                stack[top] = child[k]
                top += 1
    return order[:count].copy(), rank


@njit(cache=True)
def _new_walk(arcs: Arcs, tree: Tree, order: Ints, rank: Ints) -> tuple[Ints, _Split]:
    """Return the tree in the sweep's numbers, all in part 0, and room for the most parts."""
    n = len(order)
    vertices = np.full((n, _WIDTH), NONE, dtype=np.int32)
    degree = np.ones(n, dtype=np.int32)
    for i in range(n - 1, -1, -1):
        vertices[i, _PART] = 0
        if i > 0:
            above = rank[arcs.tail[tree.parent_arc[order[i]]]]
            vertices[i, _PARENT] = above
            vertices[i, _SIBLING] = vertices[above, _CHILD]
            vertices[above, _CHILD] = i
            degree[above] += 1
    most = degree.max()
    split = _Split(
        np.empty(most, dtype=np.int32),
        np.empty(most, dtype=np.int32),
        np.empty(most, dtype=np.int32),
        np.empty(most, dtype=np.int32),
        np.empty(most, dtype=np.int32),
    )
    return vertices, split


@njit(cache=True)
def _others(arcs: Arcs, tree: Tree, rank: Ints, n: int) -> tuple[_Others, _Others]:
    """Return the arcs outside the tree by tail and by head, with reduced lengths."""
    chosen = np.empty(len(arcs.tail), dtype=np.int32)
    count = 0
    for arc in range(len(arcs.tail)):
        if rank[arcs.tail[arc]] != NONE and tree.parent_arc[arcs.head[arc]] != arc:
            chosen[count] = arc
            count += 1
    chosen = chosen[:count]
    reduced = np.empty(count)
    for i in range(count):
        tail, head = arcs.tail[chosen[i]], arcs.head[chosen[i]]
        reduced[i] = arcs.length_m[chosen[i]] - tree.distance_m[head] + tree.distance_m[tail]
    tails, heads = rank[arcs.tail[chosen]], rank[arcs.head[chosen]]
    out_ptr, out = compressed_rows(tails, n)
    in_ptr, into = compressed_rows(heads, n)
    return (
        _Others(out_ptr, chosen[out], heads[out], reduced[out]),
        _Others(in_ptr, chosen[into], tails[into], reduced[into]),
    )


@njit(cache=True)
def _label_all(vertices: Ints, split: _Split, leaving: _Others, entering: _Others) -> Labels:
    """Label the vertices in order of reduced length, splitting the tree at each."""
    n = len(vertices)
    labels = Labels(
        np.full(n, np.inf), np.full(n, NONE, dtype=np.int32), np.full(n, NONE, dtype=np.int32)
    )
    n_parts = 1
    keys = np.empty(len(leaving.arc) + 1)
    items = np.empty(len(leaving.arc) + 1, dtype=np.int32)
    labels.reduced_m[0] = 0.0
    size = push(keys, items, 0, 0.0, 0)
    while size > 0:
        v = items[0]
        size = drop_least(keys, items, size)
        if vertices[v, _PART] == NONE:
            continue
        old, first_new = vertices[v, _PART], n_parts
        vertices[v, _PART] = NONE
        n_finished = _split_tree(vertices, split, v)
        for i in range(n_finished):
            x = split.start[split.finished[i]]
            while x != NONE:
                vertices[x, _PART] = n_parts
                x = vertices[x, _QUEUE]
            n_parts += 1
        for k in range(leaving.ptr[v], leaving.ptr[v + 1]):
            part = vertices[leaving.end[k], _PART]
            if part == old or part >= first_new:
                size = _relax(labels, leaving, k, leaving.end[k], v, (keys, items, size))
        for i in range(n_finished):
            x = split.start[split.finished[i]]
            while x != NONE:
                size = _relax_at(
                    vertices, labels, leaving, entering, x, v, (old, first_new), (keys, items, size)
                )
                x = vertices[x, _QUEUE]
    return labels


@njit(cache=True)
def _relax_at(  # noqa: PLR0913, PLR0917 -- a kernel
    vertices: Ints,
    labels: Labels,
    leaving: _Others,
    entering: _Others,
    x: int,
    v: int,
    parts: tuple[int, int],
    heap: tuple[Floats, Ints, int],
) -> int:
    """Let the arcs count that join x to another part of the tree that v has split."""
    keys, items, size = heap
    old, first_new = parts
    mine = vertices[x, _PART]
    for k in range(leaving.ptr[x], leaving.ptr[x + 1]):
        part = vertices[leaving.end[k], _PART]
        if part != mine and (part == old or part >= first_new):
            size = _relax(labels, leaving, k, leaving.end[k], v, (keys, items, size))
    for k in range(entering.ptr[x], entering.ptr[x + 1]):
        # An arc between two renamed parts is met from its tail.
        if vertices[entering.end[k], _PART] == old:
            size = _relax(labels, entering, k, x, v, (keys, items, size))
    return size


@njit(cache=True)
def _relax(
    labels: Labels, others: _Others, k: int, w: int, v: int, heap: tuple[Floats, Ints, int]
) -> int:
    """Offer the pair that enters w by arc k; return the size of the heap."""
    keys, items, size = heap
    reach = labels.reduced_m[v] + others.reduced_m[k]
    if reach < labels.reduced_m[w]:
        labels.reduced_m[w] = reach
        labels.last_arc[w] = others.arc[k]
        labels.through[w] = v
        size = push(keys, items, size, reach, w)
    return size


@njit(cache=True)
def _split_tree(vertices: Ints, split: _Split, v: int) -> int:
    """Walk the parts left by removing v until one is left; return how many were finished."""
    n_active = 0
    x = vertices[v, _CHILD]
    while x != NONE:
        if vertices[x, _PART] != NONE:
            n_active = _start_part(vertices, split, n_active, x, v)
        x = vertices[x, _SIBLING]
    x = vertices[v, _PARENT]
    if x != NONE and vertices[x, _PART] != NONE:
        n_active = _start_part(vertices, split, n_active, x, v)
    n_finished = 0
    while n_active > 1:
        kept = 0
        for k in range(n_active):
            i = split.active[k]
            if _step(vertices, split, i):
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
def _start_part(vertices: Ints, split: _Split, i: int, x: int, v: int) -> int:
    split.start[i] = split.at[i] = split.end[i] = x
    split.active[i] = i
    vertices[x, _QUEUE] = NONE
    vertices[x, _CAME_FROM] = v
    vertices[x, _CURSOR] = _LOOK_UP
    return i + 1


@njit(cache=True)
def _step(vertices: Ints, split: _Split, i: int) -> bool:
    """Look at one more tree arc of part i; return False when the part has been walked."""
    x = split.at[i]
    cursor = vertices[x, _CURSOR]
    if cursor == _LOOK_UP:
        vertices[x, _CURSOR] = vertices[x, _CHILD]
        y = vertices[x, _PARENT]
    elif cursor != NONE:
        y = cursor
        vertices[x, _CURSOR] = vertices[y, _SIBLING]
    else:
        split.at[i] = vertices[x, _QUEUE]
        return bool(split.at[i] != NONE)
    if y != NONE and y != vertices[x, _CAME_FROM] and vertices[y, _PART] != NONE:
        vertices[split.end[i], _QUEUE] = y
        split.end[i] = y
        vertices[y, _QUEUE] = NONE
        vertices[y, _CAME_FROM] = x
        vertices[y, _CURSOR] = _LOOK_UP
    return True
