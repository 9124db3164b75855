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
from netgraph.diversity.search.heap import EMPTY, TAKEN, drop_taken, place, put

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
    keys[0], items[0], size = 0.0, root, np.int64(1)
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
    """The arcs outside the tree by one of their ends, in compressed rows; a record of 16 bytes."""

    ptr: Ints
    arc: Ints  # the other end and the number of each arc, then its reduced length
    arc_m: Floats  # the same


_END_OF, _NUMBER = 0, 1
_ARC, _ARC_M, _REDUCED_M = 4, 2, 1  # columns, as int32 and as float64, and where the length is

# What the walk of each part keeps; the numbers of finished and of active parts stand beside it.
_START, _AT, _END = 0, 1, 2  # first vertex; the one being looked at; last of the queue
_FINISHED, _ACTIVE = 3, 4  # lists of parts


@entry
def sweep(arcs: Arcs, tree: Tree, root: int) -> tuple[Labels, Ints]:
    """Label every vertex that has a pair of arc-disjoint paths from the root.

    Returned with the reached vertices as a depth-first walk of the tree meets them.
    """
    n = len(tree.parent_arc)
    labels = Labels(np.full(n, np.inf), np.full(n, NONE, dtype=np.int32),
                    np.full(n, NONE, dtype=np.int32))  # fmt: skip
    order, rank = _preorder(arcs, tree, root)
    vertices, n_most = _new_walk(arcs, tree, order, rank)
    leaving = _others(arcs, tree, rank, len(order), arcs.tail, arcs.head)
    entering = _others(arcs, tree, rank, len(order), arcs.head, arcs.tail)
    found = Labels(np.full(len(order), np.inf), np.full(len(order), NONE, dtype=np.int32),
                   np.full(len(order), NONE, dtype=np.int32))  # fmt: skip
    found.reduced_m[0] = 0.0
    n_arcs = leaving.ptr[len(order)] + 1
    heap = np.empty(n_arcs), np.empty(n_arcs, dtype=np.int64)
    _label(vertices, np.empty((5, n_most), dtype=np.int32), found, (leaving, entering), heap)
    for i in range(len(order)):
        v = order[i]
        labels.reduced_m[v] = found.reduced_m[i]
        labels.last_arc[v] = found.last_arc[i]
        if found.through[i] != NONE:
            labels.through[v] = order[found.through[i]]
    return labels, order


@inner
def _preorder(arcs: Arcs, tree: Tree, root: int) -> tuple[Ints, Ints]:
    """Return the reached vertices, parents first and subtrees together, and their numbers."""
    n, parent_arc = len(tree.parent_arc), tree.parent_arc
    order, stack = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    rank = np.full(n, NONE, dtype=np.int32)
    child, sibling = np.full(n, NONE, dtype=np.int32), np.empty(n, dtype=np.int32)
    for v in range(n - 1, -1, -1):
        if parent_arc[v] != NONE:
            above = arcs.tail[parent_arc[v]]
            sibling[v], child[above] = child[above], v
    count, top = 0, 1
    stack[0] = root
    while top > 0:
        top -= 1
        v = stack[top]
        order[count] = v
        rank[v] = count
        count += 1
        x = child[v]
        while x != NONE:
            stack[top] = x
            top += 1
            x = sibling[x]
    return order[:count].copy(), rank


@inner
def _new_walk(arcs: Arcs, tree: Tree, order: Ints, rank: Ints) -> tuple[Ints, int]:
    """Return the tree in the sweep's numbers, all in part 0, and the most parts of one split."""
    n = len(order)
    vertices = np.full(_WIDTH * n, NONE, dtype=np.int32)
    n_children, n_most = np.zeros(n, dtype=np.int32), 0
    for i in range(n - 1, -1, -1):
        vertices[_WIDTH * i + _PART] = 0
        if i > 0:
            above = np.int64(rank[arcs.tail[tree.parent_arc[order[i]]]])
            vertices[_WIDTH * i + _PARENT] = above
            vertices[_WIDTH * i + _SIBLING] = vertices[_WIDTH * above + _CHILD]
            vertices[_WIDTH * above + _CHILD] = i
            n_children[above] += 1
            n_most = max(n_most, n_children[above])
    return vertices, n_most + 1


@inner
def _others(arcs: Arcs, tree: Tree, rank: Ints, n: int, near: Ints, far: Ints) -> _Others:
    """Return the arcs outside the tree that can be reached, in rows by their near end."""
    ptr = np.zeros(n + 2, dtype=np.int32)
    for a in range(len(near)):
        if rank[arcs.tail[a]] != NONE and tree.parent_arc[arcs.head[a]] != a:
            ptr[rank[near[a]] + 2] += 1
    for i in range(n + 1):
        ptr[i + 1] += ptr[i]
    arc = np.empty(_ARC * np.int64(ptr[n + 1]), dtype=np.int32)
    arc_m = arc.view(np.float64)
    for a in range(len(near)):
        u, v = arcs.tail[a], arcs.head[a]
        if rank[u] != NONE and tree.parent_arc[v] != a:
            k = np.int64(ptr[rank[near[a]] + 1])
            ptr[rank[near[a]] + 1] += 1
            arc[_ARC * k + _END_OF], arc[_ARC * k + _NUMBER] = rank[far[a]], a
            reduced_m = arcs.length_m[a] - tree.distance_m[v] + tree.distance_m[u]
            arc_m[_ARC_M * k + _REDUCED_M] = reduced_m
    return _Others(ptr, arc, arc_m)


@inner
def _label(
    vertices: Ints,
    split: Ints,
    labels: Labels,
    others: tuple[_Others, _Others],
    heap: tuple[Floats, Longs],
) -> None:
    """Label the vertices in order of reduced length, splitting the tree at each."""
    leaving, entering = others
    keys, items = heap
    n_parts = np.int64(1)
    keys[0], items[0], size = 0.0, EMPTY, np.int64(1)
    while True:
        size = drop_taken(keys, items, size)
        if size == 0:
            break
        v = items[0]
        keys[0] = TAKEN
        old, first_new = np.int64(vertices[place(_WIDTH * v + _PART)]), n_parts
        if old == NONE:
            continue
        vertices[place(_WIDTH * v + _PART)] = NONE
        n_finished = _split_tree(vertices, split, v)
        for i in range(n_finished):
            x = np.int64(split[_START, split[_FINISHED, i]])
            while x != NONE:
                vertices[place(_WIDTH * x + _PART)] = n_parts
                x = np.int64(vertices[place(_WIDTH * x + _QUEUE)])
            n_parts += 1
        for k in range(leaving.ptr[place(v)], leaving.ptr[place(v + 1)]):
            w = np.int64(leaving.arc[place(_ARC * k)])
            part = vertices[place(_WIDTH * w + _PART)]
            if part == old or part >= first_new:
                size = _relax(labels, leaving, k, w, v, (keys, items, size))
        for i in range(n_finished):
            x = np.int64(split[_START, split[_FINISHED, i]])
            while x != NONE:
                size = _relax_at(
                    vertices, labels, leaving, entering, x, v, (old, first_new), (keys, items, size)
                )
                x = np.int64(vertices[place(_WIDTH * x + _QUEUE)])


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
    mine = vertices[place(_WIDTH * x + _PART)]
    for k in range(leaving.ptr[place(x)], leaving.ptr[place(x + 1)]):
        w = np.int64(leaving.arc[place(_ARC * k)])
        part = vertices[place(_WIDTH * w + _PART)]
        if part != mine and (part == old or part >= first_new):
            size = _relax(labels, leaving, k, w, v, (keys, items, size))
    for k in range(entering.ptr[place(x)], entering.ptr[place(x + 1)]):
        # An arc between two renamed parts is met from its tail.
        if vertices[place(_WIDTH * np.int64(entering.arc[place(_ARC * k)]) + _PART)] == old:
            size = _relax(labels, entering, k, x, v, (keys, items, size))
    return size


@inner
def _relax(
    labels: Labels, others: _Others, k: int, w: int, v: int, heap: tuple[Floats, Longs, int]
) -> int:
    """Offer the pair that enters w by arc k; return the size of the heap."""
    keys, items, size = heap
    reach = labels.reduced_m[place(v)] + others.arc_m[place(_ARC_M * k + _REDUCED_M)]
    if reach < labels.reduced_m[place(w)]:
        labels.reduced_m[place(w)] = reach
        labels.last_arc[place(w)] = others.arc[place(_ARC * k + _NUMBER)]
        labels.through[place(w)] = v
        size = put(keys, items, size, reach, np.int64(w))
    return size


@inner
def _split_tree(vertices: Ints, split: Ints, v: int) -> int:
    """Walk the parts left by removing v until one is left; return how many were finished."""
    n_active = int(EMPTY)
    x = np.int64(vertices[place(_WIDTH * v + _CHILD)])
    while x != NONE:
        if vertices[place(_WIDTH * x + _PART)] != NONE:
            n_active = _start_part(vertices, split, n_active, x, v)
        x = np.int64(vertices[place(_WIDTH * x + _SIBLING)])
    x = np.int64(vertices[place(_WIDTH * v + _PARENT)])
    if x != NONE and vertices[place(_WIDTH * x + _PART)] != NONE:
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
    vertices[place(_WIDTH * x + _QUEUE)] = NONE
    vertices[place(_WIDTH * x + _CAME_FROM)] = v
    vertices[place(_WIDTH * x + _CURSOR)] = _LOOK_UP
    return i + 1


@inner
def _step(vertices: Ints, split: Ints, i: int) -> bool:
    """Look at one more tree arc of part i; return False when the part has been walked."""
    x = np.int64(split[_AT, i])
    at = _WIDTH * x
    cursor = vertices[place(at + _CURSOR)]
    if cursor == _LOOK_UP:
        vertices[place(at + _CURSOR)] = vertices[place(at + _CHILD)]
        y = np.int64(vertices[place(at + _PARENT)])
    elif cursor != NONE:
        y = np.int64(cursor)
        vertices[place(at + _CURSOR)] = vertices[place(_WIDTH * y + _SIBLING)]
    else:
        split[_AT, i] = vertices[place(at + _QUEUE)]
        return bool(split[_AT, i] != NONE)
    to = _WIDTH * y
    if y != NONE and y != vertices[place(at + _CAME_FROM)] and vertices[place(to + _PART)] != NONE:
        vertices[place(_WIDTH * np.int64(split[_END, i]) + _QUEUE)] = y
        split[_END, i] = y
        vertices[place(to + _QUEUE)] = NONE
        vertices[place(to + _CAME_FROM)] = x
        vertices[place(to + _CURSOR)] = _LOOK_UP
    return True
