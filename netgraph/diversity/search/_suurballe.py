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

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.search.graph import compressed_rows
from netgraph.diversity.search.heap import EMPTY, TAKEN, drop_taken, place, push, put

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


@entry
def shortest_path_tree(arcs: Arcs, root: int) -> Tree:
    """Dijkstra's tree; among equal distances the least vertex is settled first."""
    n = len(arcs.out_ptr) - 1
    distance = np.full(n, np.inf)
    parent_arc = np.full(n, NONE, dtype=np.int32)
    keys = np.empty(len(arcs.tail) + 1)
    items = np.empty(len(arcs.tail) + 1, dtype=np.int64)
    distance[root] = 0.0
    size = push(keys, items, EMPTY, 0.0, root)
    while True:
        size = drop_taken(keys, items, size)
        if size == 0:
            break
        here_m, v = keys[0], items[0]
        keys[0] = TAKEN
        if here_m > distance[place(v)]:
            continue
        for k in range(arcs.out_ptr[place(v)], arcs.out_ptr[place(v + 1)]):
            arc = arcs.out_arc[place(k)]
            w = arcs.head[place(arc)]
            reach_m = here_m + arcs.length_m[place(arc)]
            if reach_m < distance[place(w)]:
                distance[place(w)] = reach_m
                parent_arc[place(w)] = arc
                size = put(keys, items, size, reach_m, np.int64(w))
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


# What the walk of each part keeps; the numbers of finished and of active parts stand beside it.
_START, _AT, _END = 0, 1, 2  # first vertex; the one being looked at; last of the queue
_FINISHED, _ACTIVE = 3, 4  # lists of parts


def sweep(arcs: Arcs, tree: Tree, root: int) -> tuple[Labels, Ints]:
    """Label every vertex that has a pair of arc-disjoint paths from the root.

    Returned with the reached vertices as a depth-first walk of the tree meets them.
    """
    n = len(tree.parent_arc)
    hung = np.flatnonzero(tree.parent_arc != NONE).astype(np.int32)
    above = np.full(n, NONE, dtype=np.int32)
    above[hung] = arcs.tail[tree.parent_arc[hung]]
    ptr, position = compressed_rows(above[hung], n)
    order, rank = _preorder(ptr, hung[position], root)
    vertices, n_parts = _new_walk(order, rank, above)
    is_other = np.isfinite(tree.distance_m[arcs.tail])
    is_other[tree.parent_arc[hung]] = False
    other = np.flatnonzero(is_other).astype(np.int32)
    tail, head = arcs.tail[other], arcs.head[other]
    reduced = arcs.length_m[other] - tree.distance_m[head] + tree.distance_m[tail]
    leaving = _others(rank[tail], rank[head], other, reduced, len(order))
    entering = _others(rank[head], rank[tail], other, reduced, len(order))
    found = _label_all(vertices, n_parts, leaving, entering)
    labels = Labels(np.full(n, np.inf), *np.full((2, n), NONE, dtype=np.int32))
    labels.reduced_m[order] = found.reduced_m
    labels.last_arc[order] = found.last_arc
    labels.through[order] = np.where(found.through != NONE, order[found.through], NONE)
    return labels, order


@entry
def _preorder(ptr: Longs, child: Ints, root: int) -> tuple[Ints, Ints]:
    """Return the reached vertices, parents first and subtrees together, and their numbers."""
    n = len(ptr) - 1
    order = np.empty(len(child) + 1, dtype=np.int32)
    rank = np.empty(n, dtype=np.int32)
    stack = np.empty(n + 1, dtype=np.int32)
    for v in range(n):
        rank[v] = NONE
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
            stack[top] = child[k]
            top += 1
    return order, rank


def _new_walk(order: Ints, rank: Ints, above: Ints) -> tuple[Ints, int]:
    """Return the tree in the sweep's numbers, all in part 0, and the most parts of one split."""
    n = len(order)
    vertices = np.full((n, _WIDTH), NONE, dtype=np.int32)
    vertices[:, _PART] = 0
    parent = rank[above[order[1:]]]
    vertices[1:, _PARENT] = parent
    ptr, position = compressed_rows(parent, n)
    children = position + np.int32(1)
    has_children = np.flatnonzero(ptr[1:] > ptr[:-1])
    vertices[has_children, _CHILD] = children[ptr[has_children]]
    is_followed = parent[position[:-1]] == parent[position[1:]]
    vertices[children[:-1][is_followed], _SIBLING] = children[1:][is_followed]
    return vertices, 1 + int(np.diff(ptr).max())


def _others(near: Ints, far: Ints, arc: Ints, reduced_m: Floats, n: int) -> _Others:
    """Return the arcs outside the tree in rows by their near end."""
    ptr, position = compressed_rows(near, n)
    return _Others(ptr, arc[position], far[position], reduced_m[position])


@entry
def _label_all(vertices: Ints, n_most: int, leaving: _Others, entering: _Others) -> Labels:
    """Label the vertices in order of reduced length, splitting the tree at each."""
    n = len(vertices)
    labels = Labels(np.empty(n), np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32))
    for v in range(n):
        labels.reduced_m[v] = np.inf
        labels.last_arc[v] = labels.through[v] = NONE
    split = np.empty((5, n_most), dtype=np.int32)
    keys = np.empty(len(leaving.arc) + 1)
    items = np.empty(len(leaving.arc) + 1, dtype=np.int64)
    labels.reduced_m[0] = 0.0
    _label(vertices, split, labels, (leaving, entering), (keys, items))
    return labels


@inner
def _label(
    vertices: Ints,
    split: Ints,
    labels: Labels,
    others: tuple[_Others, _Others],
    heap: tuple[Floats, Longs],
) -> None:
    leaving, entering = others
    keys, items = heap
    n_parts = np.int64(1)
    size = push(keys, items, EMPTY, 0.0, EMPTY)
    while True:
        size = drop_taken(keys, items, size)
        if size == 0:
            break
        v = items[0]
        keys[0] = TAKEN
        if vertices[v, _PART] == NONE:
            continue
        old, first_new = np.int64(vertices[v, _PART]), n_parts
        vertices[v, _PART] = NONE
        n_finished = _split_tree(vertices, split, v)
        for i in range(n_finished):
            x = split[_START, split[_FINISHED, i]]
            while x != NONE:
                vertices[x, _PART] = n_parts
                x = vertices[x, _QUEUE]
            n_parts += 1
        for k in range(leaving.ptr[v], leaving.ptr[v + 1]):
            part = vertices[leaving.end[k], _PART]
            if part == old or part >= first_new:
                size = _relax(labels, leaving, k, leaving.end[k], v, (keys, items, size))
        for i in range(n_finished):
            x = split[_START, split[_FINISHED, i]]
            while x != NONE:
                size = _relax_at(
                    vertices, labels, leaving, entering, x, v, (old, first_new), (keys, items, size)
                )
                x = vertices[x, _QUEUE]


@inner
def _relax_at(  # noqa: PLR0913, PLR0917 -- a kernel
    vertices: Ints,
    labels: Labels,
    leaving: _Others,
    entering: _Others,
    x: int,
    v: int,
    parts: tuple[int, int],
    heap: tuple[Floats, Longs, int],
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


@inner
def _relax(
    labels: Labels, others: _Others, k: int, w: int, v: int, heap: tuple[Floats, Longs, int]
) -> int:
    """Offer the pair that enters w by arc k; return the size of the heap."""
    keys, items, size = heap
    reach = labels.reduced_m[v] + others.reduced_m[k]
    if reach < labels.reduced_m[w]:
        labels.reduced_m[w] = reach
        labels.last_arc[w] = others.arc[k]
        labels.through[w] = v
        size = put(keys, items, size, reach, np.int64(w))
    return size


@inner
def _split_tree(vertices: Ints, split: Ints, v: int) -> int:
    """Walk the parts left by removing v until one is left; return how many were finished."""
    n_active = int(EMPTY)
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
            i = split[_ACTIVE, k]
            if _step(vertices, split, i):
                split[_ACTIVE, kept] = i
                kept += 1
            else:
                split[_FINISHED, n_finished] = i
                n_finished += 1
        if kept == 0:  # all ended in one round: the last of them keeps the old name
            n_finished -= 1
        n_active = kept
    return n_finished


@inner
def _start_part(vertices: Ints, split: Ints, i: int, x: int, v: int) -> int:
    split[_START, i] = split[_AT, i] = split[_END, i] = x
    split[_ACTIVE, i] = i
    vertices[x, _QUEUE] = NONE
    vertices[x, _CAME_FROM] = v
    vertices[x, _CURSOR] = _LOOK_UP
    return i + 1


@inner
def _step(vertices: Ints, split: Ints, i: int) -> bool:
    """Look at one more tree arc of part i; return False when the part has been walked."""
    x = split[_AT, i]
    cursor = vertices[x, _CURSOR]
    if cursor == _LOOK_UP:
        vertices[x, _CURSOR] = vertices[x, _CHILD]
        y = vertices[x, _PARENT]
    elif cursor != NONE:
        y = cursor
        vertices[x, _CURSOR] = vertices[y, _SIBLING]
    else:
        split[_AT, i] = vertices[x, _QUEUE]
        return bool(split[_AT, i] != NONE)
    if y != NONE and y != vertices[x, _CAME_FROM] and vertices[y, _PART] != NONE:
        vertices[split[_END, i], _QUEUE] = y
        split[_END, i] = y
        vertices[y, _QUEUE] = NONE
        vertices[y, _CAME_FROM] = x
        vertices[y, _CURSOR] = _LOOK_UP
    return True
