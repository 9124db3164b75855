"""Lower bounds on the distance to the sinks, as far as some nodes want them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import entry
from netgraph.diversity.search.heap import EMPTY, TAKEN, drop_taken, place, put

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
    keys = np.empty(len(rows.edge) + n + 1)
    items = np.empty(len(rows.edge) + n + 1, dtype=np.int64)
    size = EMPTY
    n_left = 0
    for v in range(n):
        n_left += is_wanted[v]
        if rows.is_sink[v]:
            distance[v] = 0.0
            keys[size], items[size] = 0.0, v  # all equal, by number: a heap
            size += 1
    while n_left > 0:
        size = drop_taken(keys, items, size)
        if size == 0:
            break
        here_m, v = keys[0], items[0]
        keys[0] = TAKEN
        if here_m > distance[place(v)]:
            continue
        if is_wanted[place(v)]:
            n_left -= 1
            if n_left == 0:
                for w in range(n):
                    distance[w] = min(distance[w], here_m)
        if not (rows.is_transit[place(v)] or rows.is_sink[place(v)]):
            continue
        for k in range(rows.indptr[place(v)], rows.indptr[place(v + 1)]):
            w = rows.neighbour[place(k)]
            reach_m = here_m + length_m[place(rows.edge[place(k)])]
            if reach_m < distance[place(w)]:
                distance[place(w)] = reach_m
                if rows.is_transit[place(w)] or is_wanted[place(w)]:
                    size = put(keys, items, size, reach_m, np.int64(w))
    return distance
