"""The searches as integer programs for HiGHS (through SciPy): for what branching leaves open.

One binary a route and arc, and for every class that may not be shared freely a number in [0, 1] a
route that is 1 if the route uses it (the usual model of shared-risk-disjoint routing: Hu, "Diverse
routing in optical mesh networks", IEEE Trans. Commun. 51(3), 2003).

No program gets more than a minute, whatever the limit: the search says then, as it does at a limit,
that it has proven nothing, and goes on. An optimum is proven to the solver's tolerance (1e-6 of the
objective's scale); the totals that are returned are added up anew from the edges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import search_clock
from netgraph.diversity.integer_programs import milp
from netgraph.diversity.search._core import SINK
from netgraph.diversity.search.graph import expand

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from netgraph.diversity.search._core import Core
    from netgraph.diversity.search._types import Flags, Floats, Ints

_TOLERANCE = 1e-6
_SHORTEST_S = 0.01  # the least limit that the solver understands
_LONGEST_S = 60.0  # of one program: what it leaves open by then, it may leave open for days
_OPTIMAL, _INFEASIBLE = 0, 2  # what SciPy calls them


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
        core: Core,
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

    def end_behind(self, nodes: Ints) -> None:
        """Close all arcs that lead on from some core nodes, but those of one edge to the sink."""
        ends = self._core.arrays.u, self._core.arrays.v
        for side, tail in enumerate(ends):
            onwards = np.flatnonzero(np.isin(tail, nodes) & ~self._core.is_direct)
            for k in range(self._n_routes):
                self._upper[k * self._n_arcs + 2 * onwards + side] = 0.0

    def find_shortest(self, deadline: float) -> Solution:
        """Find the routes of least total length that pay for no shared item."""
        return self._solve(self._length, self._rows, deadline)

    def find_least_sharing(self, deadline: float) -> Solution:
        """Find the routes whose shared items weigh least; the bound is a weight."""
        return self._solve(self._weight, self._rows, deadline)

    def find_shortest_within(self, weight: float, deadline: float) -> Solution:
        """Find the routes of least total length whose shared items weigh no more than this."""
        from scipy.sparse import csr_array, vstack

        row = csr_array(self._weight[np.newaxis, :])
        slack = _TOLERANCE * float(self._weight.max(initial=0.0))
        matrix, lower, upper = self._rows
        rows = (
            csr_array(vstack((matrix, row))),
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

    def _incidence(self) -> tuple[csr_array, csr_array]:
        """Return which arcs use which element (edge, node entered), and which leave which node."""
        from scipy.sparse import csr_array

        core, arcs = self._core, np.arange(self._n_arcs)
        u, v = core.arrays.u[arcs // 2], core.arrays.v[arcs // 2]
        tail, head = np.where(arcs % 2 == 0, (u, v), (v, u))
        element = np.concatenate((arcs // 2, core.n_edges + head))
        use = (np.ones(2 * len(arcs)), (element, np.tile(arcs, 2)))
        leave = (np.ones(len(arcs)), (tail, arcs))
        return (
            csr_array(use, shape=(core.n_edges + core.n_nodes, len(arcs))),
            csr_array(leave, shape=(core.n_nodes, len(arcs))),
        )

    def _build_rows(self) -> tuple[csr_array, Floats, Floats]:
        """Return matrix, lower and upper sides of: flow, use of classes, sharing."""
        from scipy.sparse import block_array, csr_array, eye_array, kron

        core, n_routes = self._core, self._n_routes
        n_classes, n_scarce = len(self._classes), len(self._scarce)
        use, leave = self._incidence()
        flow = (leave - use[core.n_edges :])[1:]  # the sink, node 0, follows from the others
        position, owner = expand(core.arrays.class_ptr, self._classes)
        element = core.arrays.class_element[position]
        pick = csr_array(
            (np.ones(len(owner)), (np.arange(len(owner)), owner)), shape=(len(owner), n_classes)
        )
        each, together = eye_array(n_routes), np.ones((1, n_routes))
        scarce = self._scarce[: n_scarce - n_classes]
        more = (self._n_allowed - float(n_routes)) * eye_array(n_scarce, format="csr")
        matrix = block_array(
            [
                [kron(each, flow), None, None],
                [kron(each, use[element]), -kron(each, pick), None],
                [kron(together, use[scarce]), None, more[: len(scarce)]],
                [None, kron(together, eye_array(n_classes)), more[len(scarce) :]],
            ],
            format="csr",
        )
        supply = np.zeros(core.n_nodes - 1)
        supply[self._start - 1] = 1.0
        supplies = np.tile(supply, n_routes)
        n_used = n_routes * len(owner)
        lower = np.concatenate((supplies, np.full(n_used + n_scarce, -np.inf)))
        most = np.full(n_scarce, float(self._n_allowed))
        upper = np.concatenate((supplies, np.zeros(n_used), most))
        return matrix, lower, upper

    def _solve(
        self, cost: Floats, rows: tuple[csr_array, Floats, Floats], deadline: float
    ) -> Solution:
        from scipy.optimize import Bounds, LinearConstraint

        scale = float(cost.max(initial=0.0)) or 1.0
        seconds = min(_LONGEST_S, max(_SHORTEST_S, deadline - search_clock()))
        found = milp(
            cost / scale,
            integrality=(np.arange(len(cost)) < self._n_routes * self._n_arcs).astype(np.int8),
            bounds=Bounds(0.0, self._upper),
            constraints=LinearConstraint(*rows),
            options={"mip_rel_gap": 0.0, "time_limit": seconds},
        )
        if found.status == _INFEASIBLE:
            return Solution(is_proven=True, lower_bound=np.inf, routes=())
        bound = max(0.0, scale * (found.mip_dual_bound or 0.0))
        if found.x is None:
            return Solution(is_proven=False, lower_bound=bound, routes=())
        taken = found.x > 0.5
        routes = tuple(self._walk(taken[k * self._n_arcs :]) for k in range(self._n_routes))
        return Solution(found.status == _OPTIMAL, bound, routes)

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
