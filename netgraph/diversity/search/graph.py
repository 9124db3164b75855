"""Networks as arrays: what every search runs on.

Nodes are 0..n-1 and edges 0..m-1, undirected, with parallel edges and self-loops. The *sinks* of
a search (the B ends of one demand) count as one point: a route ends at the first sink that it
meets. A node that is not *transit* (another customer's site) may end a route, never carry one.

Lengths are rounded once to a grid of about 2**-50 of their sum (far below a micrometre for a
country), so that every sum of lengths is exact in floating point whatever the order of its terms:
ties are real ties, bounds meet their totals, and the same network gives the same answer everywhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search._types import Adjacency
from netgraph.errors import UsageError
from netgraph.messages import Message
from netgraph.topology.csr import stable_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Self

    from numpy.typing import ArrayLike, NDArray

    from netgraph.diversity.search._types import Flags, Ints, Longs

# Bits of a double's mantissa, less three: the searches add at most four routes and one potential.
_LENGTH_BITS = 50
_AT_ONCE = 512  # routes that are looked at together
_LONG = 32  # rows of more values are copied one by one


@dataclass(frozen=True, eq=False)
class ArrayGraph:
    """An undirected multigraph in arrays; build it with :func:`build_graph`.

    Attributes
    ----------
    n_nodes
        Number of nodes n.
    edge_u, edge_v
        End nodes of each edge, int32, shape (m,).
    length_m
        Length of each edge in metres, float64, shape (m,), on the exact grid.
    is_transit
        Whether a route may run through the node, bool, shape (n,).
    is_node_enabled, is_edge_enabled
        What is in use at all, bool, shapes (n,) and (m,).
    indptr, neighbour, edge
        Adjacency in compressed rows: int64 (n + 1,), int32 and int32 of equal length; a row is
        sorted by edge. Self-loops, disabled edges and edges at disabled nodes are left out.
    """

    n_nodes: int
    edge_u: NDArray[np.int32]
    edge_v: NDArray[np.int32]
    length_m: NDArray[np.float64]
    is_transit: NDArray[np.bool_]
    is_node_enabled: NDArray[np.bool_]
    is_edge_enabled: NDArray[np.bool_]
    indptr: NDArray[np.int64]
    neighbour: NDArray[np.int32]
    edge: NDArray[np.int32]

    @property
    def n_edges(self) -> int:
        """Number of edges m, disabled ones included."""
        return len(self.edge_u)

    def without(self, *, nodes: ArrayLike = (), edges: ArrayLike = ()) -> ArrayGraph:
        """Return the same graph, same numbers, with these nodes and edges taken out of use."""
        is_node_enabled = self.is_node_enabled.copy()
        is_edge_enabled = self.is_edge_enabled.copy()
        is_node_enabled[np.asarray(nodes, dtype=np.int64)] = False
        is_edge_enabled[np.asarray(edges, dtype=np.int64)] = False
        is_kept = (is_edge_enabled & is_node_enabled[self.edge_u] & is_node_enabled[self.edge_v])[
            self.edge
        ]
        before = np.append(np.int64(0), np.cumsum(is_kept))
        indptr: Longs = before[self.indptr].astype(np.int64)
        neighbour, edge = self.neighbour[is_kept], self.edge[is_kept]
        return replace(
            self,
            is_node_enabled=is_node_enabled,
            is_edge_enabled=is_edge_enabled,
            indptr=indptr,
            neighbour=neighbour,
            edge=edge,
        )


@dataclass(frozen=True, eq=False)
class Rows:
    """Lists of numbers in compressed rows.

    Attributes
    ----------
    indptr
        Row i is ``values[indptr[i]:indptr[i + 1]]``, int64.
    values
        The rows one after the other, int32.
    """

    indptr: NDArray[np.int64]
    values: NDArray[np.int32]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.indptr) - 1

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Number of values of each row."""
        return np.diff(self.indptr)

    @property
    def owners(self) -> NDArray[np.int64]:
        """Row of each value."""
        return np.repeat(np.arange(len(self)), self.sizes)

    @property
    def keys(self) -> NDArray[np.int64]:
        """Row and value of each value as one number, to look for values in the same row of others.

        Values must not be negative.
        """
        return self.owners << 32 | self.values

    def __getitem__(self, index: int) -> NDArray[np.int32]:
        """Return one row."""
        return self.values[self.indptr[index] : self.indptr[index + 1]]

    def take(self, rows: Longs) -> Self:
        """Return some rows, in the order asked for."""
        first = self.indptr[rows]
        indptr = ends_of(self.indptr[rows + 1] - first)
        if indptr[-1] > _LONG * len(rows):
            pieces = zip(first.tolist(), (first + np.diff(indptr)).tolist(), strict=True)
            values = np.concatenate([self.values[begin:end] for begin, end in pieces])
        else:
            values = self.values[_positions(first, indptr)]
        return replace(self, indptr=indptr, values=values)

    def where(self, is_kept: Flags) -> Self:
        """Return the same rows with some of their values only."""
        if is_kept.all():
            return self
        before = np.zeros(len(is_kept) + 1, dtype=np.int32)
        np.cumsum(is_kept, out=before[1:])
        indptr = before[self.indptr].astype(np.int64)
        return replace(self, indptr=indptr, values=self.values[is_kept])

    def only(self, is_kept: Flags) -> Self:
        """Return the same rows, some of them empty."""
        if is_kept.all():
            return self
        return self.where(np.repeat(is_kept, self.sizes))

    def some(self, first: int, end: int) -> Self:
        """Return the rows from one to before another."""
        indptr = self.indptr[first : end + 1]
        return replace(self, indptr=indptr - indptr[0], values=self.values[indptr[0] : indptr[-1]])


class Routes(Rows):
    """Rows of edges, each in the order of travel from a source towards the sink."""


def rows_of(lists: Sequence[ArrayLike]) -> Rows:
    """Return lists of numbers in compressed rows."""
    arrays = [np.asarray(row, dtype=np.int32).ravel() for row in lists]
    sizes = np.array([len(row) for row in arrays], dtype=np.int64)
    values = np.concatenate(arrays) if arrays else np.empty(0, dtype=np.int32)
    return Rows(ends_of(sizes), values)


def joined_rows(parts: Sequence[Rows]) -> Rows:
    """Return rows one after the other."""
    if not parts:
        return rows_of([])
    sizes = np.concatenate([rows.sizes for rows in parts])
    return Rows(ends_of(sizes), np.concatenate([rows.values for rows in parts]))


def both_of(rows: Longs) -> Longs:
    """Return the numbers of both routes of some sources: 2i and 2i + 1 of source i."""
    return np.repeat(2 * rows, 2) + np.arange(2 * len(rows)) % 2


def portions(n: int) -> list[tuple[int, int]]:
    """Split the numbers below n: what is made of thousands of routes at once fills the memory."""
    return [(first, min(first + _AT_ONCE, n)) for first in range(0, n, _AT_ONCE)]


def ends_of(sizes: Longs) -> Longs:
    """Return where rows of some sizes begin, and the last ends."""
    indptr = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=indptr[1:])
    return indptr


def _positions(first: Longs, indptr: Longs) -> Longs:
    """Return positions one after the other: rows that begin there, of the sizes of new ones."""
    positions = np.repeat(first - indptr[:-1], np.diff(indptr))
    positions += np.arange(len(positions))
    return positions


def build_graph(
    n_nodes: int,
    edge_u: ArrayLike,
    edge_v: ArrayLike,
    length_m: ArrayLike,
    *,
    is_transit: ArrayLike | None = None,
    is_node_enabled: ArrayLike | None = None,
    is_edge_enabled: ArrayLike | None = None,
) -> ArrayGraph:
    """Build the arrays once; O(n + m).

    Parameters
    ----------
    n_nodes
        Number of nodes n.
    edge_u, edge_v
        End nodes of each edge, shape (m,).
    length_m
        Lengths in metres, finite and not negative, shape (m,).
    is_transit
        Whether a route may run through a node, shape (n,); default: every node.
    is_node_enabled, is_edge_enabled
        What is in use, shapes (n,) and (m,); default: everything.

    Raises
    ------
    UsageError
        If shapes differ, an end is no node, or a length is negative or missing.
    """
    ends_u = np.ascontiguousarray(edge_u, dtype=np.int32)
    ends_v = np.ascontiguousarray(edge_v, dtype=np.int32)
    lengths = np.ascontiguousarray(length_m, dtype=np.float64)
    _check(n_nodes, ends_u, ends_v, lengths)
    transit = _mask(is_transit, n_nodes)
    nodes_on = _mask(is_node_enabled, n_nodes)
    edges_on = _mask(is_edge_enabled, len(ends_u))
    rows = _adjacency(n_nodes, ends_u, ends_v, nodes_on, edges_on)
    return ArrayGraph(
        n_nodes, ends_u, ends_v, exact_lengths(lengths), transit, nodes_on, edges_on, *rows
    )


def exact_lengths(length_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round lengths to a power-of-two grid on which all their sums are exact.

    Parameters
    ----------
    length_m
        Lengths in metres, shape (m,).

    Returns
    -------
    ndarray of shape (m,)
        Lengths at most 2**-50 of the total away from the given ones.
    """
    total = float(length_m.sum())
    if total <= 0.0:
        return length_m.copy()
    _, exponent = math.frexp(total)
    shift = _LENGTH_BITS - exponent
    return np.ldexp(np.round(np.ldexp(length_m, shift)), -shift)


def sink_mask(graph: ArrayGraph, sinks: ArrayLike) -> NDArray[np.bool_]:
    """Mark the sinks that are in use.

    Parameters
    ----------
    graph
        The network.
    sinks
        Node numbers.

    Returns
    -------
    ndarray of bool, shape (n,)

    Raises
    ------
    UsageError
        If a sink is no node of the graph.
    """
    is_sink = np.zeros(graph.n_nodes, dtype=np.bool_)
    is_sink[as_nodes(graph, sinks)] = True
    return is_sink & graph.is_node_enabled


def adjacency(graph: ArrayGraph, is_sink: NDArray[np.bool_]) -> Adjacency:
    """Return what the kernels need of a graph and its sink."""
    return Adjacency(graph.indptr, graph.neighbour, graph.edge, graph.is_transit, is_sink)


def as_nodes(graph: ArrayGraph, nodes: ArrayLike | Iterable[int]) -> NDArray[np.int32]:
    """Return node numbers as int32, or say which is no node of the graph."""
    numbers = np.atleast_1d(np.ascontiguousarray(nodes, dtype=np.int32))
    wrong = numbers[(numbers < 0) | (numbers >= graph.n_nodes)]
    if len(wrong):
        message = Message("node {0} is not in a graph of {1} nodes", wrong[0], graph.n_nodes)
        raise UsageError(message)
    return numbers


def route_nodes(graph: ArrayGraph, source: int, edges: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the nodes of a route, from its source to its end, shape (len(edges) + 1,)."""
    nodes = np.empty(len(edges) + 1, dtype=np.int32)
    nodes[0] = source
    for i, edge in enumerate(edges):
        # The two ends differ: a route never uses a self-loop.
        nodes[i + 1] = graph.edge_u[edge] + graph.edge_v[edge] - nodes[i]
    return nodes


def _mask(values: ArrayLike | None, size: int) -> NDArray[np.bool_]:
    if values is None:
        return np.ones(size, dtype=np.bool_)
    mask = np.ascontiguousarray(values, dtype=np.bool_)
    if mask.shape != (size,):
        message = Message("a mask of shape {0} does not fit {1} elements", mask.shape, size)
        raise UsageError(message)
    return mask


def _check(
    n_nodes: int,
    edge_u: NDArray[np.int32],
    edge_v: NDArray[np.int32],
    length_m: NDArray[np.float64],
) -> None:
    if not (edge_u.ndim == 1 and edge_u.shape == edge_v.shape == length_m.shape):
        message = Message("edge_u, edge_v and length_m must be of one shape (m,)")
        raise UsageError(message)
    if len(edge_u) and (
        min(edge_u.min(), edge_v.min()) < 0 or max(edge_u.max(), edge_v.max()) >= n_nodes
    ):
        message = Message("an edge ends at a node outside 0..{0}", n_nodes - 1)
        raise UsageError(message)
    if not (np.isfinite(length_m).all() and (length_m >= 0.0).all()):
        message = Message(
            "lengths must be finite and not negative; give unknown ones a value first"
        )
        raise UsageError(message)


def _adjacency(
    n_nodes: int, edge_u: Ints, edge_v: Ints, is_node_enabled: Flags, is_edge_enabled: Flags
) -> tuple[Longs, Ints, Ints]:
    """Return compressed rows; the ends of an edge stand together, so each row is by edge."""
    usable = is_edge_enabled & (edge_u != edge_v) & is_node_enabled[edge_u]
    edges = np.flatnonzero(usable & is_node_enabled[edge_v]).astype(np.int32)
    ends = np.column_stack((edge_u[edges], edge_v[edges]))
    indptr, position = compressed_rows(ends.ravel(), n_nodes)
    return indptr, ends[:, ::-1].ravel()[position], np.repeat(edges, 2)[position]


def compressed_rows(keys: Ints | Longs, n_rows: int) -> tuple[Longs, Ints]:
    """Return rows of positions by key, each row ascending, as (indptr, positions)."""
    indptr = np.zeros(n_rows + 1, dtype=np.int64)
    np.cumsum(np.bincount(keys, minlength=n_rows), out=indptr[1:])
    return indptr, stable_order(keys).astype(np.int32)


def expand(indptr: Longs, rows: Ints | Longs) -> tuple[Longs, Longs]:
    """Return the positions that some compressed rows hold, and which of these rows holds each."""
    first = indptr[rows]
    sizes = indptr[rows + 1] - first
    return _positions(first, ends_of(sizes)), np.repeat(np.arange(len(rows)), sizes)


def expand_positions(indptr: Longs, rows: Ints | Longs) -> Longs:
    """Return the positions that some compressed rows hold, one row after the other."""
    first = indptr[rows]
    return _positions(first, ends_of(indptr[rows + 1] - first))
