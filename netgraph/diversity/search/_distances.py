"""Lower bounds on the distance to the sinks, as far as some nodes want them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import entry
from netgraph.diversity.search.heap import EMPTY, drop_least, push

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Adjacency, Flags, Floats


@entry
def distances_near(rows: Adjacency, length_m: Floats, is_wanted: Flags) -> Floats:
    """Return lower bounds on each node's distance to the sink, exact for the wanted nodes.

    Dijkstra from the sinks until every wanted node is settled; what lies further gets the distance
    of the last one, what was found out of reach infinity. Such bounds are consistent.
    """
    n = len(rows.is_sink)
    distance = np.full(n, np.inf)
    is_settled = np.zeros(n, dtype=np.bool_)
    keys = np.empty(len(rows.edge) + n + 1)
    items = np.empty(len(rows.edge) + n + 1, dtype=np.int64)
    size = EMPTY
    n_left = 0
    for v in range(n):
        n_left += is_wanted[v]
        if rows.is_sink[v]:
            distance[v] = 0.0
            size = push(keys, items, size, 0.0, np.int64(v))
    while size > 0 and n_left > 0:
        v = items[0]
        size = drop_least(keys, items, size)
        if is_settled[v]:
            continue
        is_settled[v] = True
        if is_wanted[v]:
            n_left -= 1
            if n_left == 0:
                for w in range(n):
                    distance[w] = min(distance[w], distance[v])
        if not (rows.is_transit[v] or rows.is_sink[v]):
            continue
        for k in range(rows.indptr[v], rows.indptr[v + 1]):
            w = rows.neighbour[k]
            reach = distance[v] + length_m[rows.edge[k]]
            if reach < distance[w]:
                distance[w] = reach
                size = push(keys, items, size, reach, np.int64(w))
    return distance
