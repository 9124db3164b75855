"""Many shortest walks at once, as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Walks:
    """Ragged rows of numbers: the values of row i are `values[start[i]:start[i + 1]]`."""

    values: Ints
    start: Ints

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.start) - 1

    @property
    def counts(self) -> Ints:
        """Return the length of every row."""
        return np.diff(self.start)

    @property
    def owners(self) -> Ints:
        """Return the row that each value belongs to."""
        return np.repeat(np.arange(len(self)), self.counts)

    @property
    def places(self) -> Ints:
        """Return the place of each value in its row, from 0."""
        return np.arange(len(self.values)) - np.repeat(self.start[:-1], self.counts)

    def take(self, rows: Ints) -> Walks:
        """Return the rows that are asked for, in that order; a row may occur twice."""
        counts = self.counts[rows]
        start = np.concatenate([[0], np.cumsum(counts)])
        shift = np.repeat(self.start[rows] - start[:-1], counts)
        return Walks(self.values[np.arange(start[-1]) + shift], start)

    def without_ends(self, first: Bools, last: Bools) -> Walks:
        """Return the rows without their first value, or their last one, where that is said."""
        drop = first[self.owners] & (self.places == 0)
        drop |= last[self.owners] & (self.places == self.counts[self.owners] - 1)
        counts = np.bincount(self.owners[~drop], minlength=len(self))
        return Walks(self.values[~drop], np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))

    def reversed(self) -> Walks:
        """Return the rows with their values in the opposite order."""
        last = np.repeat(self.start[1:] - 1, self.counts)
        return Walks(self.values[last - self.places], self.start)


def single(values: Ints) -> Walks:
    """Return rows of one value each."""
    return Walks(values, np.arange(len(values) + 1))


def join(*parts: Walks) -> Walks:
    """Join rows end to end: row i of the result is row i of every part, in order."""
    counts = np.sum([part.counts for part in parts], axis=0)
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    values = np.empty(start[-1], dtype=np.int64)
    offset = start[:-1].copy()
    for part in parts:
        values[np.repeat(offset, part.counts) + part.places] = part.values
        offset += part.counts
    return Walks(values, start)


def stack(*parts: Walks) -> Walks:
    """Put the rows of several values under one another."""
    counts = np.concatenate([part.counts for part in parts])
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Walks(np.concatenate([part.values for part in parts]), start)


@dataclass(frozen=True)
class Net:
    """An undirected graph with lengths, at most one edge between two nodes.

    `ends` has shape (m, 2), `length` shape (m,); nodes are 0 to n - 1.
    """

    n: int
    ends: Ints
    length: Floats

    def matrix(self, length: Floats | None = None) -> csr_matrix:
        """Return the adjacency matrix; other lengths may be given."""
        a, b = self.ends.T
        values = self.length if length is None else length
        return csr_matrix((values, (a, b)), shape=(self.n, self.n))

    def edge(self, a: Ints, b: Ints) -> Ints:
        """Return the number of the edge between nodes, element by element; it must exist."""
        keys, order = self._sorted_keys
        return order[np.searchsorted(keys, np.minimum(a, b) * self.n + np.maximum(a, b))]

    @cached_property
    def _sorted_keys(self) -> tuple[Ints, Ints]:
        keys = self.ends.min(axis=1) * self.n + self.ends.max(axis=1)
        order = np.argsort(keys)
        return keys[order], order

    def forest(self, roots: Ints) -> Forest:
        """Return the shortest way from every node to its nearest root."""
        km, before, root = dijkstra(
            self.matrix(),
            directed=False,
            indices=np.unique(roots),
            return_predecessors=True,
            min_only=True,
        )
        return Forest(self, km, before.astype(np.int64), root.astype(np.int64))

    def tree(self, root: int, length: Floats | None = None) -> Forest:
        """Return the shortest way from every node to one root; other lengths may be given."""
        km, before = dijkstra(
            self.matrix(length),
            directed=False,
            indices=np.array([root]),
            return_predecessors=True,
        )
        return Forest(self, km[0], before[0].astype(np.int64), np.full(self.n, root))

    def detour(self, avoided: Ints, start: int, goal: int, factor: float) -> Ints:
        """Return the edges of a shortest way when the avoided edges are longer by a factor."""
        length = self.length.copy()
        length[avoided] *= factor
        arcs = self.arcs
        # Lengths go in by arc: building a matrix anew for each question would cost more than it.
        matrix = csr_matrix((length[arcs.data - 1], arcs.indices, arcs.indptr), shape=arcs.shape)
        _, before = dijkstra(matrix, indices=np.array([goal]), return_predecessors=True)
        nodes = [start]
        while nodes[-1] != goal:
            nodes.append(int(before[0, nodes[-1]]))
        return self.edge(np.array(nodes[:-1], dtype=np.int64), np.array(nodes[1:], dtype=np.int64))

    @cached_property
    def arcs(self) -> csr_matrix:
        """Both directions of every edge, with the number of the edge plus one as the value."""
        one_way = self.matrix(np.arange(1.0, len(self.ends) + 1.0))
        both: csr_matrix = (one_way + one_way.T).tocsr()
        both.data = both.data.astype(np.int64)
        return both


@dataclass(frozen=True)
class Forest:
    """Shortest ways to roots.

    Attributes
    ----------
    km
        Length of the way from each node; infinite where there is none.
    before
        The next node on the way to the root, negative at a root.
    root
        The root that each node's way leads to.
    """

    net: Net
    km: Floats
    before: Ints
    root: Ints

    def ways(self, starts: Ints) -> Walks:
        """Return the edges from each start to its root, in order."""
        at = starts.copy()
        rows, edges = [], []
        active = np.flatnonzero(self.before[at] >= 0)
        while len(active):
            ahead = self.before[at[active]]
            rows.append(active)
            edges.append(self._edge_before[at[active]])
            at[active] = ahead
            active = active[self.before[ahead] >= 0]
        if not rows:
            return Walks(np.empty(0, dtype=np.int64), np.zeros(len(starts) + 1, dtype=np.int64))
        row, edge = np.concatenate(rows), np.concatenate(edges)
        counts = np.bincount(row, minlength=len(starts))
        # Every step was recorded for all rows at once: a stable sort by row restores the order.
        order = np.argsort(row, kind="stable")
        return Walks(edge[order], np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))

    def used_edges(self) -> Ints:
        """Return the edges of the forest."""
        return np.unique(self._edge_before[self._edge_before >= 0])

    @cached_property
    def _edge_before(self) -> Ints:
        nodes = np.flatnonzero(self.before >= 0)
        edges = np.full(self.net.n, -1)
        edges[nodes] = self.net.edge(nodes, self.before[nodes])
        return edges
