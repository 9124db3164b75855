"""The part of a core in which every pair of routes below some length lies, as a core of its own.

With the prices of the cheapest element-disjoint pair (see ``_flow``) each route of a pair is at
least as long as the shortest one there, and both together no longer than the pair and all prices.
That leaves a limit for one route, and what no route within it can touch is left out; so does the
plain length. A pair that is hardly longer than the bound lies in a small part, however large the
network is, and there few chains of elements and very few classes are left to branch on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.search._core import SINK, CoreGraph, contract_chains, lay_out_core
from netgraph.diversity.search._types import Adjacency
from netgraph.diversity.search.equal_sets import group_equal
from netgraph.diversity.search.graph import Rows, compressed_rows, ends_of, expand, expand_positions
from netgraph.diversity.search.heap import EMPTY, drop_least, push
from netgraph.diversity.search.keys import distinct

if TYPE_CHECKING:
    from netgraph.diversity.search._core import CoreArrays
    from netgraph.diversity.search._flow import Flow
    from netgraph.diversity.search._types import Flags, Floats, Ints, Longs


@dataclass(frozen=True, eq=False)
class PartWithinReach:
    """Part of a core, its chains contracted.

    Attributes
    ----------
    core, start
        The part as a core, and the start there.
    is_free
        Which of its items both routes may use.
    items
        An item of the whole core for each of its items: one that routes which share the latter
        share, too, and must not; of several the heaviest, -1 for free ones.
    chains
        The edges of the whole core that each of its edges stands for, from its u to its v.
    """

    core: CoreGraph
    start: int
    is_free: Flags
    items: Longs
    chains: Rows

    def whole_route(self, route: Ints) -> Ints:
        """Return a route on the part as edges of the whole core."""
        ends, node, parts = self.core.arrays, self.start, [np.empty(0, dtype=np.int32)]
        for e in route.tolist():
            is_forward = int(ends.u[e]) == node
            parts.append(self.chains[e] if is_forward else self.chains[e][::-1])
            node = int(ends.u[e]) + int(ends.v[e]) - node
        return np.concatenate(parts)


def part_within_reach(
    core: CoreGraph, start: int, weight: Floats, is_free: Flags, flow: Flow, below_m: float
) -> PartWithinReach | None:
    """Return the part that holds all pairs below a length; None if it holds no route.

    Parameters
    ----------
    core, start
        The core and the core node.
    weight
        What it costs to share each item, shape (E + N + C,); it says which of several items that
        the part has as one stands for them.
    is_free
        Items that both routes may use.
    flow
        The cheapest pair that shares no element but free ones.
    below_m
        What the two routes are long together, at most.
    """
    arrays = core.arrays
    all_prices_m = float(flow.arc_price_m.sum() + flow.node_price_m.sum())
    is_near = np.ones(core.n_edges, dtype=bool)
    no_price = np.zeros(len(flow.arc_price_m) + len(flow.node_price_m))
    price = np.concatenate((flow.arc_price_m, flow.node_price_m))
    for price_m, to_sink_m, all_m in (
        (no_price, arrays.to_sink_m, 0.0), (price, flow.to_sink_m, all_prices_m)
    ):  # fmt: skip
        limit = below_m + all_m - float(to_sink_m[start])
        is_near &= find_edges_within(arrays, start, price_m, to_sink_m, limit, is_near)
    return _contracted(core, start, weight, is_free, np.flatnonzero(is_near).astype(np.int32))


def part_of_routes_below(
    core: CoreGraph, start: int, weight: Floats, is_free: Flags, below_m: float
) -> PartWithinReach | None:
    """Return the part that holds all single routes below a length; None if there are none.

    Parameters as for :func:`part_within_reach`.
    """
    arrays = core.arrays
    no_price = np.zeros(2 * core.n_edges + core.n_nodes)
    is_open = np.ones(core.n_edges, dtype=bool)
    is_near = find_edges_within(arrays, start, no_price, arrays.to_sink_m, below_m, is_open)
    return _contracted(core, start, weight, is_free, np.flatnonzero(is_near).astype(np.int32))


@entry
def find_edges_within(
    core: CoreArrays, start: int, price_m: Floats, to_sink_m: Floats, limit: float, is_open: Flags
) -> Flags:
    """Mark the edges on which some way from the start to the sink is shorter than a limit.

    Parameters
    ----------
    price_m
        What arcs and nodes cost beyond their length, shape (2E + N,).
    to_sink_m
        How far it is from each node to the sink at least.
    is_open
        Edges that may be used.
    """
    n, m = len(core.is_transit), len(core.length_m)
    from_start, left = np.full(n, np.inf), np.full(n, np.inf)
    _spread(core, start, (price_m, to_sink_m), limit, is_open, from_start)
    _gather(core, start, (price_m, from_start), limit, is_open, left)
    is_near = np.zeros(m, dtype=np.bool_)
    for e in range(m):
        if is_open[e]:
            u, v = core.u[e], core.v[e]
            there = from_start[u] + core.length_m[e] + price_m[2 * e] + price_m[2 * m + v] + left[v]
            back = from_start[v] + core.length_m[e] + price_m[2 * e + 1]
            back += price_m[2 * m + u] + left[u]
            is_near[e] = min(there, back) < limit
    return is_near


@inner
def _spread(
    core: CoreArrays, start: int, prices: tuple[Floats, Floats], limit: float, is_open: Flags,
    distance: Floats,
) -> None:  # fmt: skip
    """Find how far it is from the start to each node on the way to the sink within the limit."""
    price_m, to_sink_m = prices
    m = len(core.length_m)
    keys, items = np.empty(2 * m + 2), np.empty(2 * m + 2, dtype=np.int64)
    distance[start] = 0.0
    size = push(keys, items, EMPTY, 0.0, np.int64(start))
    while size > 0:
        reach, v = keys[0], items[0]
        size = drop_least(keys, items, size)
        if reach > distance[v] or v == SINK:
            continue
        for k in range(core.indptr[v], core.indptr[v + 1]):
            w, e = core.neighbour[k], core.edge[k]
            if not is_open[e] or w == start or not core.is_transit[w]:
                continue
            arc = 2 * e + (core.u[e] != v)
            near = reach + core.length_m[e] + price_m[arc] + price_m[2 * m + w]
            if near < distance[w] and near + to_sink_m[w] < limit:
                distance[w] = near
                size = push(keys, items, size, near, np.int64(w))


@inner
def _gather(
    core: CoreArrays, start: int, known: tuple[Floats, Floats], limit: float, is_open: Flags,
    distance: Floats,
) -> None:  # fmt: skip
    """Find how far it is on to the sink from each node that a way within the limit comes to."""
    price_m, from_start = known
    m = len(core.length_m)
    keys, items = np.empty(2 * m + 2), np.empty(2 * m + 2, dtype=np.int64)
    distance[SINK] = 0.0
    size = push(keys, items, EMPTY, 0.0, np.int64(SINK))
    while size > 0:
        reach, w = keys[0], items[0]
        size = drop_least(keys, items, size)
        if reach > distance[w] or w == start:
            continue
        for k in range(core.indptr[w], core.indptr[w + 1]):
            v, e = core.neighbour[k], core.edge[k]
            if not is_open[e] or v == SINK or not (core.is_transit[v] or v == start):
                continue
            arc = 2 * e + (core.u[e] != v)
            near = reach + core.length_m[e] + price_m[arc] + price_m[2 * m + w]
            if near < distance[v] and near + from_start[v] < limit:
                distance[v] = near
                size = push(keys, items, size, near, np.int64(v))


def _contracted(
    core: CoreGraph, start: int, weight: Floats, is_free: Flags, edges: Ints
) -> PartWithinReach | None:
    """Return some edges of a core as a core of its own, with its chains contracted."""
    if not len(edges):
        return None
    arrays, n = core.arrays, core.n_nodes
    ends = np.column_stack((arrays.u[edges], arrays.v[edges]))
    indptr, position = compressed_rows(ends.ravel(), n)
    is_sink, is_start = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    is_sink[SINK] = is_start[start] = True
    rows = Adjacency(
        indptr, ends[:, ::-1].ravel()[position], np.repeat(edges, 2)[position], arrays.is_transit,
        is_sink,
    )  # fmt: skip
    chain_ptr, steps, chain_ends, node_of = contract_chains(rows, is_start, core.n_edges)
    if len(chain_ptr) == 1:
        return None
    local = np.full(core.n_edges + n, -1, dtype=np.int64)
    n_chains, owner = (
        len(chain_ptr) - 1,
        np.repeat(np.arange(len(chain_ptr) - 1), np.diff(chain_ptr)),
    )
    is_inside = np.append(owner[:-1] == owner[1:], False)
    local[steps[0]] = owner
    local[core.n_edges + steps[1][is_inside]] = owner[is_inside]
    local[core.n_edges + node_of[1:]] = n_chains + np.arange(1, len(node_of))
    n_elements = n_chains + len(node_of)
    name, members = _memberships(core, is_free, local)
    ptr = ends_of(np.bincount(name, minlength=len(is_free) - len(local)))
    is_single = np.diff(ptr) == 1
    standing = _Standing(weight, n_elements)
    inside = np.flatnonzero(local >= 0)
    scarce = inside[~is_free[inside]]
    standing.offer(local[scarce], scarce)
    singles = np.flatnonzero(is_single)
    standing.offer(members[ptr[singles]], len(local) + singles)
    classes = np.flatnonzero(np.diff(ptr) > 1)
    held = members[expand_positions(ptr, classes)].astype(np.int32)
    class_ptr = ends_of(np.diff(ptr)[classes])
    group, first = group_equal(class_ptr, held)
    of_group = _Standing(weight, len(first))
    of_group.offer(group, len(local) + classes)
    at, row = expand(class_ptr, first)
    kept = held[at]
    kept_ptr = ends_of(np.diff(class_ptr)[first])
    element_ptr, by_element = compressed_rows(kept, n_elements)
    length_m = np.bincount(owner, arrays.length_m[steps[0]], n_chains).astype(np.float64)
    found = lay_out_core(
        chain_ends, length_m, np.append(True, arrays.is_transit[node_of[1:]]),
        (element_ptr, row[by_element].astype(np.int32)), (kept_ptr, kept),
    )  # fmt: skip
    items = np.concatenate((standing.items, of_group.items))
    at_start = int(np.flatnonzero(node_of == start)[0])
    return PartWithinReach(CoreGraph(found), at_start, items < 0, items, Rows(chain_ptr, steps[0]))


def _memberships(core: CoreGraph, is_free: Flags, local: Longs) -> tuple[Longs, Longs]:
    """Return class and element of the part, sorted, each pair once, of what is not free."""
    arrays = core.arrays
    inside = np.flatnonzero(local >= 0)
    at, row = expand(arrays.element_ptr, inside)
    class_ = arrays.element_class[at]
    is_scarce = ~is_free[len(local) + class_]
    keys = distinct(class_[is_scarce].astype(np.int64) << 32 | local[inside][row][is_scarce])
    return keys >> 32, keys & 0xFFFFFFFF


class _Standing:
    """Which item stands for each of some others: the heaviest, of these the first."""

    def __init__(self, weight: Floats, n_items: int) -> None:
        self.items, self._weight = np.full(n_items, -1, dtype=np.int64), weight

    def offer(self, at: Longs | Ints, items: Longs) -> None:
        """Let items stand at some places where they are heavier than what stands there."""
        known = self.items[at]
        is_better = (known < 0) | (self._weight[items] > self._weight[known])
        at, items = at[is_better], items[is_better]
        order = np.lexsort((items, -self._weight[items], at))
        places, first = np.unique(at[order], return_index=True)
        self.items[places] = items[order][first]
