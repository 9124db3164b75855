"""The surroundings of a start as a small network of its own, with the sink right behind them.

Routes to the sink, cut off where they first leave the surroundings, are routes to that nearer sink
and use no more than they did. What must be shared there must be shared in the whole network, and
most of what cannot be kept apart lies near the start: proofs of it are short there, where the rest
of the network, with all its ways round, is out of sight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search._core import SINK, CoreGraph, lay_out_core
from netgraph.diversity.search.graph import compressed_rows

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Longs


@dataclass(frozen=True, eq=False)
class Surroundings:
    """Part of a core, or all of it.

    Attributes
    ----------
    core, start
        The part as a core, and the start there.
    items
        The item of the whole core that each of its items is, ascending in edges, nodes and classes;
        the nearer sink passes for the sink.
    """

    core: CoreGraph
    start: int
    items: Longs


def whole_of(core: CoreGraph, start: int) -> Surroundings:
    """Return all of a core."""
    n_items = core.n_edges + core.n_nodes + len(core.arrays.class_ptr) - 1
    return Surroundings(core, start, np.arange(n_items))


def surroundings_of(core: CoreGraph, start: int, most: int) -> Surroundings:
    """Return the nodes nearest to a start, by number of edges, with all that begins there.

    Parameters
    ----------
    core, start
        The core and the core node.
    most
        How many nodes at most.
    """
    arrays, n_edges, n_nodes = core.arrays, core.n_edges, core.n_nodes
    near = np.array(sorted(_nearest(core, start, most)))
    local = np.full(n_nodes, SINK, dtype=np.int32)
    local[near] = 1 + np.arange(len(near), dtype=np.int32)
    u, v = local[arrays.u], local[arrays.v]
    is_way = arrays.is_transit | (local != SINK)  # no route leads on from other premises
    edges = np.flatnonzero((u != v) & is_way[arrays.u] & is_way[arrays.v])
    n_near_edges, n_near_nodes = len(edges), len(near) + 1
    element = np.full(n_edges + n_nodes, -1, dtype=np.int64)
    element[edges] = np.arange(n_near_edges)
    element[n_edges + near] = n_near_edges + local[near]
    member = element[arrays.class_element]
    class_ = np.repeat(np.arange(len(arrays.class_ptr) - 1), np.diff(arrays.class_ptr))
    classes, name = np.unique(class_[member >= 0], return_inverse=True)
    member = member[member >= 0]
    class_ptr, _ = compressed_rows(name, len(classes))
    element_ptr, by_element = compressed_rows(member, n_near_edges + n_near_nodes)
    is_transit = np.append(True, arrays.is_transit[near])
    found = lay_out_core(
        np.stack((u[edges], v[edges])), arrays.length_m[edges], is_transit,
        (element_ptr, name[by_element].astype(np.int32)), (class_ptr, member.astype(np.int32)),
    )  # fmt: skip
    whole = np.concatenate((edges, n_edges + np.append(SINK, near), n_edges + n_nodes + classes))
    return Surroundings(CoreGraph(found), int(local[start]), whole)


def _nearest(core: CoreGraph, start: int, most: int) -> list[int]:
    """List nodes breadth first, the sink left out."""
    found, seen, neighbours = [start], {start, SINK}, core.transit_neighbours
    for node in found:
        for other in neighbours[node]:
            if len(found) >= most:
                return found
            if other not in seen:
                seen.add(other)
                found.append(other)
    return found
