"""Routes on a network of which the chains of its reduced one are one number each.

Routes of a province are twice as long edge by edge: they stay folded until somebody asks for one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from netgraph.diversity.search.graph import Rows, ends_of, joined_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.search._types import Flags, Ints, Longs

_Any = TypeVar("_Any", np.bool_, np.int32, np.float64)


@dataclass(frozen=True, eq=False)
class FoldedRoutes(Rows):
    """Routes, one a row: ``values`` holds edge e as e, a whole chain as of :func:`fold_chains`.

    Attributes
    ----------
    chains
        The edges of each chain from its first end to its second.
    number
        What each edge is told as when a route is asked for: itself, if omitted.
    """

    chains: Rows
    number: Ints | None = None

    def __getitem__(self, index: int) -> Ints:
        """Return the edges of one route."""
        edges = self._unfold(super().__getitem__(index))[1]
        return edges if self.number is None else self.number[edges]

    def unfolded(self) -> Rows:
        """Return all routes edge by edge."""
        ends, edges = self._unfold(self.values)
        return Rows(ends[self.indptr], edges)

    def _unfold(self, values: Ints) -> tuple[Longs, Ints]:
        is_chain = values < 0
        chain = ~values[is_chain]
        runs = run_over(self.chains, chain >> 1, (chain & 1).astype(bool))
        return weave(is_chain, runs, values[~is_chain])

    def told_as(self, number: Ints) -> FoldedRoutes:
        """Return the same routes, of other numbers for the edges."""
        return replace(self, number=number)

    def of_values(self, of_chain: NDArray[_Any], of_edge: NDArray[_Any]) -> NDArray[_Any]:
        """Return what belongs to each of the values, by what belongs to chains and to edges."""
        is_chain = self.values < 0
        found = of_chain[np.where(is_chain, ~self.values >> 1, 0)]
        if not is_chain.all():
            found[~is_chain] = of_edge[self.values[~is_chain]]
        return found

    @staticmethod
    def plain(routes: Rows) -> FoldedRoutes:
        """Return routes that are given edge by edge."""
        return FoldedRoutes(routes.indptr, routes.values, joined_rows([]))

    @staticmethod
    def joined(parts: Sequence[FoldedRoutes]) -> FoldedRoutes:
        """Return routes one after the other: folded by the same chains, or plain."""
        rows = joined_rows(parts)
        return FoldedRoutes(rows.indptr, rows.values, max((p.chains for p in parts), key=len))


def are_turned(u: Ints, v: Ints, indptr: Longs, sources: Ints) -> Flags:
    """Return which edges of some routes are run over from their v to their u.

    Parameters
    ----------
    u, v
        The ends of each edge, one route after the other, as of ``indptr``.
    sources
        The node from which each route starts.
    """
    is_turned = np.empty(len(u), dtype=bool)
    # An edge is entered by the end that it has in common with the one before.
    is_turned[1:] = (u[1:] != u[:-1]) & (u[1:] != v[:-1])
    filled = np.flatnonzero(indptr[1:] > indptr[:-1])
    first = indptr[filled]
    is_turned[first] = u[first] != sources[filled]
    return is_turned


def fold_chains(chains: Ints, is_turned: Flags) -> Ints:
    """Return the number of each chain run over from its first end (~2c), or from its second."""
    folded = np.left_shift(chains, 1)
    folded |= is_turned
    return np.invert(folded, out=folded)


def run_over(table: Rows, rows: Ints, is_turned: Flags) -> tuple[Longs, Ints]:
    """Return the sizes of some rows, and their values, those of turned ones from the last on."""
    first, sizes = table.indptr[rows], table.indptr[rows + 1] - table.indptr[rows]
    ends = ends_of(sizes)
    step = np.where(is_turned, -1, 1)
    position = np.repeat(np.where(is_turned, first + sizes - 1, first) - step * ends[:-1], sizes)
    position += np.repeat(step, sizes) * np.arange(len(position))
    return sizes, table.values[position]


def weave(is_run: Flags, runs: tuple[Longs, Ints], others: Ints) -> tuple[Longs, Ints]:
    """Put runs of values, and single ones, in their places; return where each begins, and all."""
    sizes = np.ones(len(is_run), dtype=np.int64)
    sizes[is_run] = runs[0]
    ends = ends_of(sizes)
    if not len(others):
        return ends, runs[1]
    values = np.empty(ends[-1], dtype=np.int32)
    values[ends[:-1][~is_run]] = others
    values[np.repeat(is_run, sizes)] = runs[1]
    return ends, values
