"""The searches as integer programs for HiGHS: for what branching leaves open.

One binary a route and arc, and for every class that may not be shared freely a number in [0, 1] a
route that is 1 if the route uses it (the usual model of shared-risk-disjoint routing: Hu, "Diverse
routing in optical mesh networks", IEEE Trans. Commun. 51(3), 2003).

No program gets more than a minute, whatever the limit: the search says then, as it does at a limit,
that it has proven nothing, and goes on. An optimum is proven to the solver's tolerance (1e-6 of the
objective's scale); the totals that are returned are added up anew from the edges.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import search_clock
from netgraph.diversity.integer_programs import Program, solve, sparse_rows
from netgraph.diversity.search._core import SINK
from netgraph.diversity.search.graph import expand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.diversity.integer_programs import SparseRows
    from netgraph.diversity.search._core import CoreGraph
    from netgraph.diversity.search._types import Flags, Floats, Ints, Longs

_TOLERANCE = 1e-6
_SHORTEST_S = 0.01  # the least limit that the solver understands
_LONGEST_S = 60.0  # of one program where time is limited: others want some of it, too


@dataclass(frozen=True, eq=False)
class Solution:
    """What the solver found.

    Attributes
    ----------
    is_proven
        Whether it closed the gap: the routes are optimal, or there are none.
    lower_bound
        Proven bound of the objective (metres or weight), infinite if there is no solution.
    routes
        The routes as core edges from the start, or none.
    """

    is_proven: bool
    lower_bound: float
    routes: tuple[Ints, ...]


class RouteModel:
    """Routes from one start to the sink of a core that share nothing, or pay for it.

    Columns: for each route its 2E arcs, then for each route the classes that are not free, then for
    each item that is not free whether more routes use it than may (fixed at 0 unless paid for).

    Parameters
    ----------
    core
        The reduced network.
    start
        Core node.
    n_routes
        How many routes.
    is_free
        Items that all routes may use, shape (E + N + C,).
    weight
        The price of sharing each item, shape (E + N + C,); None: no item may be shared.
    n_allowed
        So many routes may use an item that is not free without paying for it.
    """

    def __init__(
        self,
        core: CoreGraph,
        start: int,
        n_routes: int,
        is_free: Flags,
        weight: Floats | None = None,
        n_allowed: int = 1,
    ) -> None:
        self._core, self._start, self._n_routes = core, start, n_routes
        self._n_allowed = n_allowed
        n_elements = core.n_edges + core.n_nodes
        is_scarce = ~is_free
        is_scarce[[core.n_edges + SINK, core.n_edges + start]] = False
        self._scarce = np.flatnonzero(is_scarce)
        self._classes = self._scarce[self._scarce >= n_elements] - n_elements
        self._n_arcs = 2 * core.n_edges
        n_columns = n_routes * (self._n_arcs + len(self._classes)) + len(self._scarce)
        self._upper = np.ones(n_columns)
        self._upper[n_columns - len(self._scarce) :] = 0.0 if weight is None else 1.0
        self._weight = np.zeros(n_columns)
        if weight is not None:
            self._weight[n_columns - len(self._scarce) :] = weight[self._scarce]
        self._length = np.zeros(n_columns)
        self._length[: n_routes * self._n_arcs] = np.tile(
            np.repeat(core.arrays.length_m, 2), n_routes
        )
        self._close_arcs()
        self._rows = self._build_rows()

    def close(self, route: int, edges: Ints) -> None:
        """Close core edges to one of the routes."""
        first = route * self._n_arcs
        self._upper[first + 2 * edges] = self._upper[first + 2 * edges + 1] = 0.0

    def keep_off(self, route: int, item: int) -> None:
        """Close all arcs that use an item to one of the routes.

        Where no item may be shared, one of two routes keeps off it, and they have no order: this
        leaves half as much to be searched.
        """
        arrays, n_elements = self._core.arrays, self._core.n_edges + self._core.n_nodes
        elements = np.array([item])
        if item >= n_elements:
            low, high = arrays.class_ptr[item - n_elements : item - n_elements + 2]
            elements = arrays.class_element[low:high]
        _, arcs = self._arcs_of(elements)
        self._upper[route * self._n_arcs + arcs] = 0.0

    def end_behind(self, nodes: Ints, is_direct: Flags) -> None:
        """Close all arcs that lead on from some core nodes, but those of one edge to the sink."""
        ends = self._core.arrays.u, self._core.arrays.v
        for side, tail in enumerate(ends):
            onwards = np.flatnonzero(np.isin(tail, nodes) & ~is_direct)
            for k in range(self._n_routes):
                self._upper[k * self._n_arcs + 2 * onwards + side] = 0.0

    def bar(self, ways: Sequence[Ints]) -> None:
        """Let no route begin with all core edges of some way from the start, one after another."""
        matrix, lower, upper = self._rows
        for k, way in product(range(self._n_routes), ways):
            arcs = k * self._n_arcs + self._arcs(way)
            matrix = matrix.with_row(np.sort(arcs), np.ones(len(arcs)))
            lower, upper = np.append(lower, -np.inf), np.append(upper, len(arcs) - 1.0)
        self._rows = matrix, lower, upper

    def _arcs(self, way: Ints) -> Ints:
        """Return the arcs of a way from the start."""
        arrays, node, arcs = self._core.arrays, self._start, []
        for edge in way.tolist():
            is_turned = int(arrays.u[edge]) != node
            arcs.append(2 * edge + is_turned)
            node = int(arrays.u[edge]) + int(arrays.v[edge]) - node
        return np.array(arcs, dtype=np.int32)

    def find_shortest(self, deadline: float) -> Solution:
        """Find the routes of least total length that pay for no shared item."""
        return self._solve(self._length, self._rows, deadline)

    def find_least_sharing(self, deadline: float) -> Solution:
        """Find the routes whose shared items weigh least; the bound is a weight."""
        return self._solve(self._weight, self._rows, deadline)

    def find_shortest_within(self, weight: float, deadline: float) -> Solution:
        """Find the routes of least total length whose shared items weigh no more than this."""
        slack = _TOLERANCE * float(self._weight.max(initial=0.0))
        matrix, lower, upper = self._rows
        paid = np.flatnonzero(self._weight)
        rows = (
            matrix.with_row(paid, self._weight[paid]),
            np.append(lower, -np.inf),
            np.append(upper, weight + slack),
        )
        return self._solve(self._length, rows, deadline)

    def _close_arcs(self) -> None:
        """Close the arcs that no route can take: back to the start, on from the sink."""
        arrays = self._core.arrays
        ends = ((arrays.u, arrays.v), (arrays.v, arrays.u))
        for side, (tail, head) in enumerate(ends):
            closed = (head == self._start) | (tail == SINK) | ~arrays.is_transit[head]
            closed |= ~arrays.is_transit[tail] & (tail != self._start)
            for k in range(self._n_routes):
                self._upper[k * self._n_arcs + 2 * np.flatnonzero(closed) + side] = 0.0

    def _build_rows(self) -> tuple[SparseRows, Floats, Floats]:
        """Return matrix, lower and upper sides of: flow, use of classes, sharing.

        A route takes one arc more out of its start than into it, of the other nodes as many (the
        sink, node 0, follows from the others). It uses a class if it uses an element of it. More
        than the allowed number of routes on an item has to be paid for.
        """
        core, n_routes = self._core, self._n_routes
        n_classes, n_scarce = len(self._classes), len(self._scarce)
        tail, head = self._arc_ends()
        position, owner = expand(core.arrays.class_ptr, self._classes)
        of_pair, used = self._arcs_of(core.arrays.class_element[position])
        of_scarce, shared = self._arcs_of(self._scarce[: n_scarce - n_classes])
        n_flow, n_used, arcs = core.n_nodes - 1, len(owner), np.arange(self._n_arcs)
        first_class = n_routes * self._n_arcs
        first_used, first_shared = n_routes * n_flow, n_routes * (n_flow + n_used)
        is_out, is_in = tail != SINK, head != SINK
        parts = []
        for k in range(n_routes):
            at, to = k * n_flow - 1, k * self._n_arcs
            used_row, class_column = first_used + k * n_used, first_class + k * n_classes
            parts += [
                (at + tail[is_out], to + arcs[is_out], 1.0),
                (at + head[is_in], to + arcs[is_in], -1.0),
                (used_row + of_pair, to + used, 1.0),
                (used_row + np.arange(n_used), class_column + owner, -1.0),
                (first_shared + of_scarce, to + shared, 1.0),
                (first_shared + np.arange(n_scarce - n_classes, n_scarce),
                 class_column + np.arange(n_classes), 1.0),
            ]  # fmt: skip
        first_paid = first_class + n_routes * n_classes
        scarce, more = np.arange(n_scarce), float(self._n_allowed - n_routes)
        parts.append((first_shared + scarce, first_paid + scarce, more))
        row, column = (np.concatenate([part[side] for part in parts]) for side in (0, 1))
        data = np.concatenate([np.full(len(part[0]), part[2]) for part in parts])
        supplies = np.zeros(n_routes * n_flow)
        supplies[self._start - 1 :: n_flow] = 1.0
        lower = np.concatenate((supplies, np.full(n_routes * n_used + n_scarce, -np.inf)))
        most = np.full(n_scarce, float(self._n_allowed))
        upper = np.concatenate((supplies, np.zeros(n_routes * n_used), most))
        shape = len(lower), first_paid + n_scarce
        return sparse_rows(row, column, data, shape), lower, upper

    def _arc_ends(self) -> tuple[Ints, Ints]:
        """Return the node that each arc leaves, and the one that it enters."""
        u, v = self._core.arrays.u, self._core.arrays.v
        return np.stack((u, v), axis=1).ravel(), np.stack((v, u), axis=1).ravel()

    def _arcs_of(self, elements: Ints | Longs) -> tuple[Longs, Longs]:
        """Return the arcs that use some elements (an edge, or a node entered): position and arc."""
        core = self._core
        of_arc = np.concatenate((np.arange(self._n_arcs) // 2, core.n_edges + self._arc_ends()[1]))
        order = np.argsort(of_arc, kind="stable")
        ptr = np.searchsorted(of_arc[order], np.arange(core.n_edges + core.n_nodes + 1))
        at, position = expand(ptr, elements)
        return position, order[at] % self._n_arcs

    def _solve(
        self, cost: Floats, rows: tuple[SparseRows, Floats, Floats], deadline: float
    ) -> Solution:
        scale = float(cost.max(initial=0.0)) or 1.0
        left = deadline - search_clock()
        seconds = left if left == np.inf else min(_LONGEST_S, max(_SHORTEST_S, left))
        is_whole = np.arange(len(cost)) < self._n_routes * self._n_arcs
        found = solve(Program(cost / scale, *rows, self._upper, is_whole), seconds)
        if found.is_infeasible:
            return Solution(is_proven=True, lower_bound=np.inf, routes=())
        bound = max(0.0, scale * found.bound) if np.isfinite(found.bound) else 0.0
        if found.x is None:
            return Solution(is_proven=False, lower_bound=bound, routes=())
        taken = found.x > 0.5
        routes = tuple(self._walk(taken[k * self._n_arcs :]) for k in range(self._n_routes))
        return Solution(found.is_optimal, bound, routes)

    def _walk(self, taken: Flags) -> Ints:
        """Follow the arcs taken from the start to the sink; a loop, of no length, is undone."""
        arrays = self._core.arrays
        left = set(np.flatnonzero(taken[: self._n_arcs]).tolist())
        route: list[int] = []
        nodes = [self._start]
        while nodes[-1] != SINK:
            node = nodes[-1]
            row = arrays.edge[arrays.indptr[node] : arrays.indptr[node + 1]]
            arc = next(a for a in (2 * row + (arrays.u[row] != node)).tolist() if a in left)
            left.remove(arc)
            route.append(arc // 2)
            nodes.append(int(arrays.v[arc // 2] if arc % 2 == 0 else arrays.u[arc // 2]))
            first = nodes.index(nodes[-1])
            del nodes[first + 1 :], route[first:]
        return np.array(route, dtype=np.int32)
