"""The network reduced to what the search for risk-disjoint routes has to look at.

Dead ends are cut off, chains of nodes with two edges become one edge with the union of their
risks, the sinks become one node, a risk of one element becomes a property of that element, and
risks with the same elements become one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.search.equal_sets import group_equal
from netgraph.diversity.search.graph import (
    Rows,
    adjacency,
    compressed_rows,
    expand,
    expand_positions,
)
from netgraph.diversity.search.heap import EMPTY, drop_least, push
from netgraph.diversity.search.keys import distinct

if TYPE_CHECKING:
    from netgraph.diversity.search._lumps import Lumps
    from netgraph.diversity.search._types import Adjacency, Flags, Floats, Ints, Longs
    from netgraph.diversity.search.graph import ArrayGraph
    from netgraph.diversity.search.risks import RiskIndex

SINK = 0


class CoreArrays(NamedTuple):
    """What the kernels need of a core; N nodes with the sink at 0, E edges, C classes.

    An element is an edge (as itself) or a node v (as E + v); an arc is 2e along edge e from its u
    to its v, 2e + 1 back.
    """

    indptr: Longs
    neighbour: Ints
    edge: Ints
    u: Ints
    v: Ints
    length_m: Floats
    is_transit: Flags
    to_sink_m: Floats  # exact distance, infinite if there is none
    element_ptr: Longs  # classes of each element
    element_class: Ints
    class_ptr: Longs  # elements of each class
    class_element: Ints


@dataclass(frozen=True, eq=False)
class CoreGraph:
    """What the searches need of a core: `arrays`, which the kernels work on."""

    arrays: CoreArrays

    @property
    def n_edges(self) -> int:
        """Number of core edges E."""
        return len(self.arrays.length_m)

    @property
    def n_nodes(self) -> int:
        """Number of core nodes N, the sink included."""
        return len(self.arrays.is_transit)

    @cached_property
    def transit_neighbours(self) -> list[list[int]]:
        """The neighbours of each core node that carry routes, in the order of its arcs."""
        indptr, neighbour = self.arrays.indptr, self.arrays.neighbour
        is_transit = self.arrays.is_transit[neighbour]
        ends = np.append(0, np.cumsum(is_transit))[indptr].tolist()
        kept = neighbour[is_transit].tolist()
        return [kept[low:high] for low, high in pairwise(ends)]

    def length_m(self, local: Ints) -> float:
        """Return the length of a route given as core edges."""
        return float(self.arrays.length_m[local].sum())

    def items(self, start: int, local: Ints) -> Ints:
        """Return the items that a route from a core node uses, ascending: see ``_branching``."""
        arrays = self.arrays
        nodes = []
        node = start
        for e in local[:-1].tolist():
            node = int(arrays.v[e] if arrays.u[e] == node else arrays.u[e])
            nodes.append(self.n_edges + node)
        elements = np.concatenate((local, np.array(nodes, dtype=np.int32)))
        position = expand_positions(arrays.element_ptr, elements)
        classes = np.unique(arrays.element_class[position])
        n_elements = self.n_edges + self.n_nodes
        return np.concatenate((np.sort(elements), n_elements + classes)).astype(np.int32)


@dataclass(frozen=True, eq=False)
class Core(CoreGraph):
    """A reduced network and how it stands for the whole one.

    Attributes
    ----------
    node_of, local_of
        The node of each core node (-1 for the sink), and the core node of each node (-1 if it has
        none of its own).
    chains, local_edge_of
        The edges of each core edge from its u to its v, and the core edge of each edge (-1).
    inner_nodes
        The node between each edge of a chain and the next, -1 after the last; as chains.values.
    classes
        The risk classes that each core class stands for.
    own_classes
        The risk classes that hold one element of the core and nothing else there, by element.
    """

    node_of: Ints
    local_of: Ints
    chains: Rows
    local_edge_of: Ints
    inner_nodes: Ints
    classes: Rows
    own_classes: Rows

    @property
    def is_direct(self) -> Flags:
        """Whether each core edge is one edge to the sink."""
        is_to_sink = (self.arrays.u == SINK) | (self.arrays.v == SINK)
        return is_to_sink & (self.chains.sizes == 1)

    def route(self, start: int, local: Ints) -> Ints:
        """Return the edges of a route given as core edges from a core node."""
        parts = []
        node = start
        for e in local.tolist():
            forward = self.arrays.u[e] == node
            parts.append(self.chains[e] if forward else self.chains[e][::-1])
            node = self.arrays.v[e] if forward else self.arrays.u[e]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int32)


def build_core(
    graph: ArrayGraph,
    is_sink: Flags,
    risks: RiskIndex,
    starts: Ints,
) -> Core:
    """Reduce the network for searches from some nodes.

    Parameters
    ----------
    graph
        The network.
    is_sink
        Shape (n,).
    risks
        The risks.
    starts
        Nodes from which routes will be searched; they stay nodes of their own.

    Returns
    -------
    Core
    """
    is_start = np.zeros(graph.n_nodes, dtype=np.bool_)
    is_start[starts] = True
    is_start &= ~is_sink
    chain_ptr, steps, ends, node_of = contract_chains(
        adjacency(graph, is_sink), is_start, graph.n_edges
    )
    n_chains, n_nodes = len(chain_ptr) - 1, len(node_of)
    owner = np.repeat(np.arange(n_chains, dtype=np.int32), np.diff(chain_ptr))
    length_m = np.bincount(owner, graph.length_m[steps[0]], n_chains).astype(np.float64, copy=False)
    inner_nodes = np.where(np.append(owner[:-1] == owner[1:], False)[: len(owner)], steps[1], -1)
    pairs = _lump_pairs(risks.lumps, (steps[0], inner_nodes), owner, n_chains, node_of)
    classes, own, element_rows, class_rows = _sort_classes(risks.lumps, pairs, n_chains + n_nodes)
    local_of = np.full(graph.n_nodes, -1, dtype=np.int32)
    local_of[node_of[1:]] = np.arange(1, n_nodes, dtype=np.int32)
    local_of[is_sink] = SINK
    local_edge_of = np.full(graph.n_edges, -1, dtype=np.int32)
    local_edge_of[steps[0]] = owner
    is_transit = np.append(True, graph.is_transit[node_of[1:]])
    arrays = lay_out_core(ends, length_m, is_transit, element_rows, class_rows)
    chains = Rows(chain_ptr, steps[0])
    return Core(arrays, node_of, local_of, chains, local_edge_of, inner_nodes, classes, own)


def lay_out_core(
    ends: Ints, length_m: Floats, is_transit: Flags, element_rows: tuple[Longs, Ints],
    class_rows: tuple[Longs, Ints],
) -> CoreArrays:  # fmt: skip
    """Lay a core out for the kernels: from the ends of its edges, shape (2, E), and its classes."""
    rows = _core_rows(ends, len(is_transit))
    to_sink_m = _to_sink(*rows, length_m, is_transit)
    return CoreArrays(
        *rows, ends[0], ends[1], length_m, is_transit, to_sink_m, *element_rows, *class_rows
    )


def _core_rows(ends: Ints, n_nodes: int) -> tuple[Longs, Ints, Ints]:
    both = np.ascontiguousarray(ends.T)
    indptr, position = compressed_rows(both.ravel(), n_nodes)
    return indptr, both[:, ::-1].ravel()[position], (position // 2).astype(np.int32)


def _lump_pairs(
    lumps: Lumps, steps: tuple[Ints, Ints], owner: Ints, n_chains: int, node_of: Ints
) -> tuple[Longs, Longs]:
    """Return (lump, element) of every membership in the core, sorted, each once."""
    inside = steps[1] >= 0
    by_edge, edge_row = expand(lumps.of_edge.indptr, steps[0])
    by_node, node_row = expand(lumps.of_node.indptr, steps[1][inside])
    by_own, own_row = expand(lumps.of_node.indptr, node_of[1:])
    element: Longs = np.concatenate(
        (owner[edge_row], owner[inside][node_row], n_chains + 1 + own_row)
    ).astype(np.int64)
    lump = np.concatenate((
        lumps.of_edge.values[by_edge], lumps.of_node.values[by_node], lumps.of_node.values[by_own]
    ))  # fmt: skip
    keys = distinct(lump.astype(np.int64) << 32 | element)
    return keys >> 32, keys & 0xFFFFFFFF


def _sort_classes(
    lumps: Lumps, pairs: tuple[Longs, Longs], n_elements: int
) -> tuple[Rows, Rows, tuple[Longs, Ints], tuple[Longs, Ints]]:
    """Set classes of one element apart, and merge equal ones among the others.

    Returns the classes of each core class, the own classes of each element, and the memberships by
    element and by core class.
    """
    lump, element = pairs
    start = np.flatnonzero(np.append(np.ones(1, dtype=bool), lump[1:] != lump[:-1])[: len(lump)])
    size = np.diff(np.append(start, len(lump)))
    is_own = size == 1
    shared = np.repeat(~is_own, size)
    names, kept_element = lump[start], element[shared].astype(np.int32)
    ends = np.append(0, np.cumsum(size[~is_own]))
    group, leader = group_equal(ends, kept_element)
    group_of = np.full(int(lumps.of_class.max(initial=-1)) + 1, -1, dtype=np.int32)
    group_of[names[is_own]] = element[start[is_own]]
    group_of[names[~is_own]] = n_elements + group
    members = lumps.classes(group_of, n_elements + len(leader))
    own = members.some(0, n_elements)
    classes = members.some(n_elements, n_elements + len(leader))
    position, local = expand(ends, leader)
    class_ptr, _ = compressed_rows(local, len(leader))
    live = kept_element[position]
    element_ptr, by_element = compressed_rows(live, n_elements)
    by_element_class = local[by_element].astype(np.int32)
    return classes, own, (element_ptr, by_element_class), (class_ptr, live)


@entry
def contract_chains(
    rows: Adjacency, is_start: Flags, n_edges: int
) -> tuple[Longs, Ints, Ints, Ints]:
    """Strip dead ends and follow chains.

    Returns the chains in compressed rows: edges and the nodes that they lead to, shape (2, k); the
    core nodes at both ends of each chain, shape (2, E); and the node of each core node.
    """
    degree = _degrees(rows, is_start)
    local, node_of = _number(rows, is_start, degree)
    steps = np.empty((2, n_edges), dtype=np.int32)
    ends = np.empty((2, n_edges), dtype=np.int32)
    chain_ptr = np.zeros(n_edges + 1, dtype=np.int64)
    is_walked = np.zeros(n_edges, dtype=np.bool_)
    count = size = 0
    for v in range(len(local)):
        if local[v] < 0:
            continue
        for k in range(rows.indptr[v], rows.indptr[v + 1]):
            at, e, w = np.int32(v), rows.edge[k], rows.neighbour[k]
            if is_walked[e] or not _is_open(rows, local, degree, at, w):
                continue
            begin = size
            while True:
                is_walked[e] = True
                steps[0, size], steps[1, size] = e, w
                size += 1
                if local[w] >= 0:
                    break
                j = rows.indptr[w]
                while rows.edge[j] == e or not _is_open(rows, local, degree, w, rows.neighbour[j]):
                    j += 1
                at, e, w = w, rows.edge[j], rows.neighbour[j]
            if local[w] == local[v]:  # back where it began: no route needs it
                size = begin
                continue
            ends[0, count], ends[1, count] = local[v], local[w]
            count += 1
            chain_ptr[count] = size
    return chain_ptr[: count + 1].copy(), steps[:, :size].copy(), ends[:, :count].copy(), node_of


@inner
def _degrees(rows: Adjacency, is_start: Flags) -> Ints:
    """Return how many edges of each node routes can use, 0 where only dead ends lie beyond."""
    n = len(is_start)
    degree = np.zeros(n, dtype=np.int32)
    queue = np.empty(n, dtype=np.int32)
    end = 0
    for v in range(n):
        if not (rows.is_transit[v] or rows.is_sink[v] or is_start[v]):
            continue
        for k in range(rows.indptr[v], rows.indptr[v + 1]):
            w = rows.neighbour[k]
            if rows.is_transit[w] or rows.is_sink[w] or (is_start[w] and rows.is_transit[v]):
                degree[v] += 1
        if degree[v] == 1 and not (rows.is_sink[v] or is_start[v]):
            queue[end] = v
            end += 1
    at = 0
    while at < end:
        v = queue[at]
        at += 1
        degree[v] = 0
        for k in range(rows.indptr[v], rows.indptr[v + 1]):
            w = rows.neighbour[k]
            if degree[w] > 0 and not (rows.is_sink[w] or is_start[w]):
                degree[w] -= 1
                if degree[w] == 1:
                    queue[end] = w
                    end += 1
    return degree


@inner
def _number(rows: Adjacency, is_start: Flags, degree: Ints) -> tuple[Ints, Ints]:
    """Give numbers to the sink, then to starts and nodes where routes can part."""
    n = len(degree)
    local = np.empty(n, dtype=np.int32)
    node_of = np.empty(n + 1, dtype=np.int32)
    node_of[0] = -1
    count = 1
    for v in range(n):
        local[v] = -1
        if rows.is_sink[v]:
            local[v] = SINK
        elif is_start[v] or (rows.is_transit[v] and degree[v] > 2):
            node_of[count] = v
            local[v] = count
            count += 1
    return local, node_of[:count].copy()


@inner
def _is_open(rows: Adjacency, local: Ints, degree: Ints, v: int, w: int) -> bool:
    """Whether routes can use an edge between v and w."""
    v_stays = local[v] >= 0 or (rows.is_transit[v] and degree[v] > 1)
    w_stays = local[w] >= 0 or (rows.is_transit[w] and degree[w] > 1)
    v_carries = rows.is_transit[v] or rows.is_sink[v]
    w_carries = rows.is_transit[w] or rows.is_sink[w]
    return bool(v_stays and w_stays and (v_carries or w_carries))


@entry
def _to_sink(
    indptr: Longs, neighbour: Ints, edge: Ints, length_m: Floats, is_transit: Flags
) -> Floats:
    """Return the exact distance of every core node to the sink."""
    n = len(indptr) - 1
    distance = np.empty(n)
    for v in range(n):
        distance[v] = np.inf
    keys = np.empty(len(edge) + 1)
    items = np.empty(len(edge) + 1, dtype=np.int64)
    distance[SINK] = 0.0
    size = push(keys, items, EMPTY, 0.0, EMPTY)
    while size > 0:
        v, reach = items[0], keys[0]
        size = drop_least(keys, items, size)
        if reach > distance[v] or not is_transit[v]:
            continue
        for k in range(indptr[v], indptr[v + 1]):
            w = neighbour[k]
            if reach + length_m[edge[k]] < distance[w]:
                distance[w] = reach + length_m[edge[k]]
                size = push(keys, items, size, distance[w], np.int64(w))
    return distance
