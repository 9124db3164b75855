"""Compiled: routes, cheapest routes and flows between one demand's site and its centre."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.search.heap import EMPTY, drop_least, push

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]

_NOTHING = 1e-9


class Edges(NamedTuple):
    """A graph: row by row the edges at each node, and the nodes at their other ends.

    `u` is the first end of each edge; nodes in `is_closed` are no way through.
    """

    indptr: Ints
    edge: Ints
    far: Ints
    u: Ints
    is_closed: Flags


class Trail(NamedTuple):
    """Scratch: what was reached, by which edge and from where, a queue; shape (nodes,).

    `n_queued` holds how many of the queue were reached last, `found` edges.
    """

    is_reached: Flags
    by_edge: Ints
    from_node: Ints
    queue: Ints
    n_queued: Ints
    found: Ints


class Flow(NamedTuple):
    """What each edge lets through, and what flows from its first end to its second; (edges,)."""

    capacity: Floats
    amount: Floats


@inner
def _reach(
    edges: Edges, is_on: Flags, flow: Flow, source: int, is_sink: Flags, trail: Trail
) -> int:
    """Go from a node over the edges that let more through, to the first sink; -1 without one."""
    for k in range(trail.n_queued[0]):
        trail.is_reached[trail.queue[k]] = False
    trail.is_reached[source] = True
    trail.queue[0] = source
    head, tail = 0, 1
    trail.n_queued[0] = 1
    while head < tail:
        node = trail.queue[head]
        head += 1
        for k in range(edges.indptr[node], edges.indptr[node + 1]):
            edge, ahead = edges.edge[k], edges.far[k]
            if not is_on[edge] or trail.is_reached[ahead]:
                continue
            if edges.is_closed[ahead] and not is_sink[ahead]:
                continue
            sign = 1.0 if edges.u[edge] == node else -1.0
            if flow.capacity[edge] - sign * flow.amount[edge] <= _NOTHING:
                continue
            trail.is_reached[ahead] = True
            trail.by_edge[ahead] = edge
            trail.from_node[ahead] = node
            trail.queue[tail] = ahead
            tail += 1
            trail.n_queued[0] = tail
            if is_sink[ahead]:
                goal: int = ahead
                return goal
    return -1


@entry
def reach(edges: Edges, is_on: Flags, flow: Flow, source: int, is_sink: Flags, trail: Trail) -> int:
    """Go from a node over the edges that are on, to the first sink; -1 if there is none."""
    return source if is_sink[source] else _reach(edges, is_on, flow, source, is_sink, trail)


@entry
def flow_to(
    edges: Edges, is_on: Flags, flow: Flow, source: int, is_sink: Flags, trail: Trail
) -> float:
    """Give the flow from a node to the sinks, up to 1, along shortest augmenting routes.

    Less than 1 is a maximum: `trail` then marks the least side of a least cut around the source.
    """
    flow.amount.fill(0.0)
    total = 1.0 if is_sink[source] else 0.0
    while total < 1.0 - _NOTHING:
        goal = _reach(edges, is_on, flow, source, is_sink, trail)
        if goal < 0:
            break
        step = 1.0 - total
        node = goal
        while node != source:
            edge = trail.by_edge[node]
            sign = -1.0 if edges.u[edge] == node else 1.0
            step = min(step, flow.capacity[edge] - sign * flow.amount[edge])
            node = trail.from_node[node]
        node = goal
        while node != source:
            edge = trail.by_edge[node]
            flow.amount[edge] += -step if edges.u[edge] == node else step
            node = trail.from_node[node]
        total += step
    return total


@entry
def leaving(edges: Edges, v: Ints, is_on: Flags, source: int, is_sink: Flags, trail: Trail) -> Ints:
    """Give the edges between what is marked in `trail` and what is not, of those that serve."""
    n_found = 0
    for edge in range(len(v)):
        a, b = edges.u[edge], v[edge]
        if not is_on[edge] or trail.is_reached[a] == trail.is_reached[b]:
            continue
        if edges.is_closed[a] and a != source and not is_sink[a]:
            continue
        if edges.is_closed[b] and b != source and not is_sink[b]:
            continue
        trail.found[n_found] = edge
        n_found += 1
    return trail.found[:n_found].copy()


@entry
def cheapest(
    edges: Edges, is_on: Flags, cost: Floats, source: int, is_sink: Flags, trail: Trail
) -> int:
    """Find the cheapest way to a sink, left in `trail`: the sink, -1 if there is none. Dijkstra."""
    n = len(is_sink)
    spent = np.full(n, np.inf)
    keys = np.empty(len(edges.edge) + 1)
    items = np.empty(len(edges.edge) + 1, dtype=np.int64)
    spent[source] = 0.0
    size = push(keys, items, EMPTY, 0.0, np.int64(source))
    while size > 0:
        key, node = keys[0], items[0]
        size = drop_least(keys, items, size)
        if key > spent[node]:
            continue
        if is_sink[node]:
            goal: int = node
            return goal
        for k in range(edges.indptr[node], edges.indptr[node + 1]):
            edge, ahead = edges.edge[k], edges.far[k]
            if not is_on[edge] or (edges.is_closed[ahead] and not is_sink[ahead]):
                continue
            yuan = key + cost[edge]
            if yuan < spent[ahead]:
                spent[ahead] = yuan
                trail.by_edge[ahead] = edge
                trail.from_node[ahead] = node
                size = push(keys, items, size, yuan, np.int64(ahead))
    return -1


class Risks(NamedTuple):
    """What each edge fails with, row by row; numbers below `mark` has room for."""

    indptr: Ints
    risk: Ints
    mark: Ints


class Looking(NamedTuple):
    """A look around: what edges cost, which are on, how many nodes are looked at; scratch.

    The scratch holds what was spent up to each node, the nodes touched, and a heap.
    """

    cost: Floats
    is_on: Flags
    most_nodes: int
    spent: Floats
    touched: Ints
    keys: Floats
    items: Ints


@inner
def _is_covered(risks: Risks, edge: int, turn: int) -> bool:
    """Whether an edge fails with nothing but what is marked."""
    for k in range(risks.indptr[edge], risks.indptr[edge + 1]):
        if risks.mark[risks.risk[k]] != turn:
            return False
    return True


@inner
def _has_detour(
    edges: Edges, goal: int, risks: Risks, looking: Looking, turn: int, tried: int
) -> bool:
    """Tell whether another way to the second end of an edge does as well."""
    cost, is_on = looking.cost, looking.is_on
    source = edges.u[tried]
    spent = looking.spent
    spent[source] = 0.0
    looking.touched[0] = source
    n_touched = 1
    size = push(looking.keys, looking.items, EMPTY, 0.0, np.int64(source))
    looked_at = 0
    is_found = False
    while size > 0 and not is_found and looked_at < looking.most_nodes:
        key, node = looking.keys[0], looking.items[0]
        size = drop_least(looking.keys, looking.items, size)
        if key > spent[node]:
            continue
        looked_at += 1
        for k in range(edges.indptr[node], edges.indptr[node + 1]):
            edge, ahead = edges.edge[k], edges.far[k]
            yuan = key + cost[edge]
            if edge == tried or not is_on[edge] or yuan > cost[tried] or yuan >= spent[ahead]:
                continue
            if (edges.is_closed[ahead] and ahead != goal) or not _is_covered(risks, edge, turn):
                continue
            is_found = is_found or ahead == goal
            if spent[ahead] == np.inf:
                looking.touched[n_touched] = ahead
                n_touched += 1
            spent[ahead] = yuan
            size = push(looking.keys, looking.items, size, yuan, np.int64(ahead))
    for k in range(n_touched):
        spent[looking.touched[k]] = np.inf
    return is_found


@entry
def drop_detours(
    edges: Edges, v: Ints, cost: Floats, risks: Risks, order: Ints, is_on: Flags, most_nodes: int
) -> None:
    """Turn off each edge beside which another way costs no more and fails with nothing else.

    Parameters
    ----------
    v
        Second end of each edge.
    risks
        What each edge fails with; `mark` holds -1 everywhere.
    order
        Edges in the order in which they are tried.
    most_nodes
        Nodes looked at for one edge; where these do not do it stays.
    """
    n = len(edges.indptr) - 1
    looking = Looking(
        cost, is_on, most_nodes, np.full(n, np.inf), np.empty(n, dtype=np.int64),
        np.empty(len(edges.edge) + 1),
        np.empty(len(edges.edge) + 1, dtype=np.int64),
    )  # fmt: skip
    for turn in range(len(order)):
        tried = order[turn]
        for k in range(risks.indptr[tried], risks.indptr[tried + 1]):
            risks.mark[risks.risk[k]] = turn
        if _has_detour(edges, v[tried], risks, looking, turn, tried):
            is_on[tried] = False
