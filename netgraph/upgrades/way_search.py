"""Cheapest ways from one node to some sinks, asked again and again with other things barred.

What one question has shown often answers the next: with more barred no way gets cheaper, and a way
that is not barred stays the cheapest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.topology.csr import entries_of
from netgraph.upgrades._cheapest import cheapest_way, is_answered, open_edges, shut_edges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.second_route import Piece, WorksGraph

_SHUNNED_YUAN = 1e7  # more than any detour
_MANY_NODES = 1000  # reached: what took less is sooner asked again than remembered


class _Shown(NamedTuple):
    """With these edges shut no way costs less than `yuan`, which the way costs if there is one.

    `probe` is one of them.
    """

    shut: Ints
    yuan: float
    way: Ints
    probe: int | None


class WaySearch:
    """Ways from a node to the nearest of some sinks, as long as nothing more is laid.

    Parameters
    ----------
    source, sinks
        Nodes.
    barred
        Elements that no way touches.
    """

    def __init__(
        self, graph: WorksGraph, source: int, sinks: Ints, barred: Sequence[int] = ()
    ) -> None:
        self._graph, self._start = graph, np.array([source], dtype=np.int64)
        self._is_closed = graph.shut_at(source, sinks)
        self._is_closed[entries_of(graph.edges_of, np.array(barred, dtype=np.int64))] = True
        self._is_shut = self._is_closed.copy()
        self._is_sink = np.zeros(graph.n_nodes, dtype=bool)
        self._is_sink[sinks] = True
        self._ahead = graph.yuan_ahead(sinks)
        self._spent = np.full(graph.n_nodes, np.inf)
        self._shown: list[_Shown] = []

    def find(
        self, barred: Ints, *, most: float = np.inf, shut: Ints | None = None
    ) -> tuple[Piece, ...]:
        """Find the cheapest way that touches nothing barred; empty if it costs as much as `most`.

        Exact; one A* at most, towards what is ahead if nothing is barred.

        Parameters
        ----------
        barred
            Elements and risk groups.
        shut
            Edges that it keeps off besides.
        """
        edges = self._graph.edges_of
        shut_edges(edges.indptr, edges.indices, barred, self._is_shut)
        if shut is not None:
            self._is_shut[shut] = True
        way = self._known(most)
        if way is None:
            way, n_reached = self._cheapest(most)
            if n_reached > _MANY_NODES:
                yuan = float(self._graph.yuan[way].sum()) if len(way) else most
                taken = entries_of(edges, barred)
                taken = taken if shut is None else np.append(taken, shut)
                probe = int(taken[len(taken) // 2]) if len(taken) else None
                self._shown.append(_Shown(taken, yuan, way, probe))
        open_edges(edges.indptr, edges.indices, barred, self._is_closed, self._is_shut)
        if shut is not None:
            self._is_shut[shut] = self._is_closed[shut]
        return self._graph.pieces(int(self._start[0]), way)

    def find_around(self, shunned: Ints) -> tuple[Piece, ...]:
        """Find a way that touches as little as can be of some elements, and is then cheap."""
        yuan, edges = self._graph.yuan, np.unique(entries_of(self._graph.edges_of, shunned))
        before = yuan[edges]
        yuan[edges] += _SHUNNED_YUAN
        way, _ = self._cheapest(np.inf)
        yuan[edges] = before
        return self._graph.pieces(int(self._start[0]), way)

    def _known(self, most: float) -> Ints | None:
        """Give the answer where an earlier one holds it; None where it must be looked for."""
        for shown in self._shown:
            # Mostly one look is enough.
            if shown.probe is not None and not self._is_shut[shown.probe]:
                continue
            if is_answered(self._is_shut, shown.shut, shown.way, shown.yuan, most):
                return shown.way if shown.yuan < most else shown.way[:0]
        return None

    def _cheapest(self, most: float) -> tuple[Ints, int]:
        self._spent[self._start] = 0.0
        way, reached = cheapest_way(
            self._graph.ways, self._is_shut, self._start, self._spent, self._ahead,
            self._is_sink, most,
        )  # fmt: skip
        self._spent[reached] = np.inf
        return way, len(reached)
