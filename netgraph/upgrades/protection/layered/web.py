"""A graph with demands in it, and one who walks it while something is out."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import csr_of_pairs
from netgraph.upgrades.protection.layered import _kernels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netgraph.topology.csr import Csr, Ints

#: A flow may be short by so much before it counts as a cut.
_SLACK = 1e-3


@dataclass(frozen=True, eq=False)
class Web:
    """Nodes, edges and demands.

    Attributes
    ----------
    u, v
        Ends of each edge; shape (edges,).
    is_closed
        Nodes that a route only begins or ends at; shape (nodes,).
    is_private
        Edges that only the demands use that own them; shape (edges,).
    source, sinks, own
        Node of each demand, the nodes that count as its centre, its private edges.
    """

    u: Ints
    v: Ints
    is_closed: NDArray[np.bool_]
    is_private: NDArray[np.bool_]
    source: Ints
    sinks: Csr
    own: Csr

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.is_closed)

    @cached_property
    def edges(self) -> _kernels.Edges:
        """The edges as the kernels want them."""
        ends, numbers = np.append(self.u, self.v), np.tile(np.arange(len(self.u)), 2)
        at = csr_of_pairs(ends, numbers, self.n_nodes)
        far = self.u[at.indices] + self.v[at.indices] - at.owners
        return _kernels.Edges(at.indptr, at.indices, far, self.u, self.is_closed)


class Walker:
    """Finds the ways of one demand after another; edges can be taken out for a while."""

    def __init__(self, web: Web) -> None:
        self._web, n = web, web.n_nodes
        self._is_sink = np.zeros(n, dtype=bool)
        self._trail = _kernels.Trail(
            np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64),
            np.zeros(n + 1, dtype=np.int64), np.zeros(1, dtype=np.int64),
            np.zeros(len(web.u), dtype=np.int64),
        )  # fmt: skip
        #: Nothing, and what flows in a search for a cut.
        self._still, self._amount = np.zeros(len(web.u)), np.zeros(len(web.u))
        self._is_on = ~web.is_private

    def route(self, demand: int, is_on: NDArray[np.float64], out: Ints) -> Ints | None:
        """Give the edges of a route of few steps over edges that are on (1); None without one."""
        with self._walking(demand, out) as ends:
            flow = _kernels.Flow(is_on, self._still)
            goal = _kernels.reach(self._web.edges, self._is_on, flow, *ends, self._trail)
        return self._traced(demand, goal)

    def cheapest(self, demand: int, cost: NDArray[np.float64], out: Ints) -> Ints | None:
        """Give the edges of the cheapest route; None without one."""
        with self._walking(demand, out) as ends:
            goal = _kernels.cheapest(self._web.edges, self._is_on, cost, *ends, self._trail)
        return self._traced(demand, goal)

    def least_cut(self, demand: int, capacity: NDArray[np.float64], out: Ints) -> Ints | None:
        """Give the edges of the least cut that is nearest to the site, if it is less than one.

        What no way can use is not among them.
        """
        web, flow = self._web, _kernels.Flow(capacity, self._amount)
        with self._walking(demand, out) as ends:
            total = _kernels.flow_to(web.edges, self._is_on, flow, *ends, self._trail)
            if total >= 1.0 - _SLACK:
                return None
            return _kernels.leaving(web.edges, web.v, self._is_on, *ends, self._trail)

    @contextmanager
    def _walking(self, demand: int, out: Ints) -> Iterator[tuple[int, NDArray[np.bool_]]]:
        """Let a demand use its own edges, and nobody some others; its source and its sinks."""
        web, sinks = self._web, self._web.sinks.row(demand)
        own = web.own.row(demand)
        self._is_on[own], self._is_sink[sinks] = True, True
        self._is_on[out] = False
        yield int(web.source[demand]), self._is_sink
        self._is_on[out] = ~web.is_private[out]
        self._is_on[own], self._is_sink[sinks] = False, False

    def _traced(self, demand: int, goal: int) -> Ints | None:
        if goal < 0:
            return None
        node, source, trail = goal, int(self._web.source[demand]), self._trail
        route = []
        while node != source:
            route.append(int(trail.by_edge[node]))
            node = int(trail.from_node[node])
        return np.array(route[::-1], dtype=np.int64)
