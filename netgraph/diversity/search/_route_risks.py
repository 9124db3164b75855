"""Which risk classes routes use, and which two of them have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import entry, inner

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Ints, Longs, Members


@entry
def used_classes(
    sources: Ints,
    indptr: Longs,
    edges: Ints,
    edge_u: Ints,
    edge_v: Ints,
    members: Members,
    n_classes: int,
) -> tuple[Longs, Ints]:
    out_ptr = np.zeros(len(sources) + 1, dtype=np.int64)
    out = np.empty(1024, dtype=np.int32)
    met_by = np.full(n_classes, -1, dtype=np.int32)
    size = np.int64(0)
    for i in range(len(sources)):
        node = np.int64(sources[i])
        if size + n_classes > len(out):
            out = np.concatenate((out, np.empty(len(out) + n_classes, dtype=np.int32)))
        for k in range(indptr[i], indptr[i + 1]):
            e = np.int64(edges[k])
            size = _meet(members.edge_ptr, members.edge_class, np.int64(e), i, met_by, (out, size))
            node = edge_u[e] + edge_v[e] - node
            if k + 1 < indptr[i + 1]:
                size = _meet(
                    members.node_ptr, members.node_class, np.int64(node), i, met_by, (out, size)
                )
        out_ptr[i + 1] = size
    return out_ptr, out[:size].copy()


@inner
def _meet(
    ptr: Longs, classes: Ints, element: int, route: int, met_by: Ints, found: tuple[Ints, int]
) -> int:
    """Append the element's classes that the route has not met; return the new size."""
    out, size = found
    for k in range(ptr[element], ptr[element + 1]):
        if met_by[classes[k]] != route:
            met_by[classes[k]] = route
            out[size] = classes[k]
            size += 1
    return size


@entry
def common_classes(
    a_ptr: Longs, a: Ints, b_ptr: Longs, b: Ints, exempt_ptr: Longs, exempt: Ints, n_classes: int
) -> tuple[Longs, Ints]:
    holds = np.full(n_classes, -1, dtype=np.int64)
    out_ptr = np.zeros(len(a_ptr), dtype=np.int64)
    out = np.empty(len(a), dtype=np.int32)
    size = 0
    for i in range(len(a_ptr) - 1):
        for k in range(b_ptr[i], b_ptr[i + 1]):
            holds[b[k]] = i
        for k in range(exempt_ptr[i], exempt_ptr[i + 1]):
            holds[exempt[k]] = -1
        for k in range(a_ptr[i], a_ptr[i + 1]):
            if holds[a[k]] == i:
                out[size] = a[k]
                size += 1
        out_ptr[i + 1] = size
    return out_ptr, out[:size].copy()
