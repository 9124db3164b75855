"""Which risk classes both of two routes use."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.search.heap import place

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Ints, Longs, Members


class Pairs(NamedTuple):
    """Two routes a source, those of source i at 2i and 2i + 1, and classes left out for each."""

    source: Ints
    ptr: Longs
    edge: Ints
    edge_u: Ints  # the ends of every edge
    edge_v: Ints
    exempt_ptr: Longs
    exempt: Ints


@entry
def shared_classes(pairs: Pairs, members: Members, n_classes: int) -> tuple[Longs, Ints]:
    """Return the classes by source, in the order in which the first of its routes meets them."""
    k = len(pairs.source)
    ptr = np.zeros(k + 1, dtype=np.int64)
    shared = np.empty(1024, dtype=np.int32)
    met_by = np.full(n_classes, -1, dtype=np.int32)  # the source whose second route used it last
    for i in range(k):
        _mark_used(pairs, members, met_by, i)
        for j in range(pairs.exempt_ptr[i], pairs.exempt_ptr[i + 1]):
            met_by[pairs.exempt[j]] = -1
        size = ptr[i]
        if size + n_classes > len(shared):
            shared = np.concatenate((shared, np.empty(len(shared) + n_classes, dtype=np.int32)))
        node = np.int64(pairs.source[i])
        for j in range(pairs.ptr[2 * i], pairs.ptr[2 * i + 1]):
            e = np.int64(pairs.edge[j])
            size = _list_marked(members.edge_ptr, members.edge_class, e, i, met_by, (shared, size))
            node = pairs.edge_u[e] + pairs.edge_v[e] - node
            if j + 1 < pairs.ptr[2 * i + 1]:
                size = _list_marked(
                    members.node_ptr, members.node_class, np.int64(node), i, met_by, (shared, size)
                )
        ptr[i + 1] = size
    return ptr, shared[: ptr[k]].copy()


@inner
def _mark_used(pairs: Pairs, members: Members, met_by: Ints, i: int) -> None:
    """Mark what the second route of a source uses; its two ends do not count."""
    node = np.int64(pairs.source[i])
    for j in range(pairs.ptr[2 * i + 1], pairs.ptr[2 * i + 2]):
        e = np.int64(pairs.edge[j])
        for q in range(members.edge_ptr[place(e)], members.edge_ptr[place(e + 1)]):
            met_by[place(members.edge_class[place(q)])] = i
        node = pairs.edge_u[place(e)] + pairs.edge_v[place(e)] - node
        if j + 1 < pairs.ptr[2 * i + 2]:
            for q in range(members.node_ptr[place(node)], members.node_ptr[place(node + 1)]):
                met_by[place(members.node_class[place(q)])] = i


@inner
def _list_marked(
    ptr: Longs, classes: Ints, element: int, i: int, met_by: Ints, found: tuple[Ints, int]
) -> int:
    """Append the element's classes that are marked for the source, each once; return the size."""
    shared, size = found
    for q in range(ptr[place(element)], ptr[place(element + 1)]):
        c = classes[place(q)]
        if met_by[place(c)] == i:
            met_by[place(c)] = -1
            shared[place(size)] = c
            size += 1
    return size
