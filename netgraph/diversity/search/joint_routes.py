"""Three or more routes of one source of which all together share the least, then the shortest.

What only some of the routes share takes none of the others down. Three routes of which every two
share something, but nothing is on all three, survive any one failure although no two of them are
disjoint.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import search_clock
from netgraph.diversity.search._core import SINK
from netgraph.diversity.search._keeping_off import keep_off
from netgraph.diversity.search._pair_search import largest_of_shortest
from netgraph.diversity.search._question import open_book
from netgraph.diversity.search._within_reach import part_of_routes_below
from netgraph.diversity.search.graph import route_nodes
from netgraph.diversity.search.milp import RouteModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from netgraph.diversity.search._core import Core
    from netgraph.diversity.search._question import Question
    from netgraph.diversity.search._types import Flags, Ints
    from netgraph.diversity.search.least_sharing import SharingWeights
    from netgraph.diversity.search.risks import RiskIndex
    from netgraph.diversity.search.single_points import SinglePoints

_LENGTH_S = 20.0  # of an integer program that only proves a length, where time is limited
_ROUNDING = 1e-9  # relative to the sum of all weights: they are sums of the caller's numbers


@dataclass(frozen=True, eq=False)
class JointRoutes:
    """Routes of one source, and how much all of them share.

    Attributes
    ----------
    is_proven
        Whether no routes share less.
    is_shortest
        Whether, besides, no routes that share as little are shorter in total.
    weight, lower_bound
        Weight of what all routes use (unavoidable and exempt things left out), and what all routes
        of any choice share at least.
    routes
        Edges of each route from the source, in the order asked for; none if there are none.
    """

    is_proven: bool
    is_shortest: bool
    weight: float
    lower_bound: float
    routes: tuple[Ints, ...]


_NONE = JointRoutes(is_proven=True, is_shortest=True, weight=np.inf, lower_bound=np.inf, routes=())


@dataclass(frozen=True, eq=False)
class AskedRoutes:
    """What is asked of routes of one source.

    Attributes
    ----------
    n_routes
        How many; two or more.
    weights
        What sharing costs.
    left_out
        Risk classes that cost nothing: exempt ones, and those that alone cut the source off.
    closed
        Edges of the network that each route may not take; none when omitted.
    last
        Nodes from which no route goes on but to a sink.
    barred
        Ways from the source, edge by edge, with which no route may begin.
    """

    n_routes: int
    weights: SharingWeights
    left_out: ArrayLike = ()
    closed: Sequence[Ints] = ()
    last: ArrayLike = ()
    barred: Sequence[Ints] = ()


def find_joint_routes(
    points: SinglePoints,
    risks: RiskIndex,
    source: int,
    asked: AskedRoutes,
    deadline: float = np.inf,
) -> JointRoutes:
    """Find routes of which all together share least, and of those the shortest in total.

    Exact when it ends: where one route after another can keep off what those before it have in
    common until nothing is left, nothing shares less; else the integer program (HiGHS) proves how
    little they share, and how short they can be. Exponential in the worst case.

    Parameters
    ----------
    points
        The single points of the network; they cost nothing to share.
    risks
        The risks.
    source
        A connected node.
    asked
        What is asked of the routes.
    deadline
        When to stop (`compiled.search_clock`; infinite is never).
    """
    search = JointSearch(points, risks, source, asked)
    search.find_least(deadline)
    return search.find_shortest(deadline)


class JointSearch:
    """The same step by step: the least that is shared, then the shortest; parameters as there."""

    def __init__(
        self, points: SinglePoints, risks: RiskIndex, source: int, asked: AskedRoutes
    ) -> None:
        nodes, weights = np.array([source], dtype=np.int32), asked.weights
        book = open_book(points, risks, nodes, weights.edge, weights.node)
        class_weight = weights.risk_class.copy()
        class_weight[np.asarray(asked.left_out, dtype=np.int64)] = 0.0
        self._book = book
        self._question = question = book.ask(source, class_weight)
        led = route_nodes(points.graph, source, question.lead)[1:-1]
        self._search: _Search | None = None
        self._known = _NONE
        barred = [_behind(question.lead, way, book.core) for way in asked.barred]
        if any(way is not None and not len(way) for way in barred):  # all routes begin with it
            return
        if question.start == SINK:  # they never part
            is_open = not any(np.isin(question.lead, edges).any() for edges in asked.closed)
            is_open &= not np.isin(led[:-1], asked.last).any()
            routes = (question.lead,) * asked.n_routes if is_open else ()
            self._known = replace(_NONE, weight=0.0, lower_bound=0.0, routes=routes)
        elif not np.isin(led, asked.last).any():
            local = [book.core.local_edge_of[edges] for edges in asked.closed]
            self._search = _Search(
                book.core, question, asked.n_routes, [edges[edges >= 0] for edges in local],
                book.core.local_of[np.asarray(asked.last, dtype=np.int64)],
                [way for way in barred if way is not None],
            )  # fmt: skip

    def find_least(self, deadline: float) -> JointRoutes:
        """Find routes that share least, whatever their length."""
        if self._search is not None:
            self._search.try_in_turn()
            self._search.prove_least(deadline)
        return self._found()

    def find_shortest(self, deadline: float) -> JointRoutes:
        """Find, where it is proven how little can be shared, the shortest that share as little."""
        if self._search is not None:
            self._search.prove_shortest(deadline)
        return self._found()

    def _found(self) -> JointRoutes:
        search, question = self._search, self._question
        if search is None:
            return self._known
        routes = tuple(self._book.full_route(question, route) for route in search.routes)
        return JointRoutes(
            search.is_proven, search.is_shortest, search.weight, search.lower_bound, routes
        )


def _behind(lead: Ints, way: Ints, core: Core) -> Ints | None:
    """Return the core edges of a way behind the lead; None if it is no way on the core.

    A way that ends on a core edge, which a route takes as a whole, is as long as that.
    """
    local = core.local_edge_of[way[len(lead) :]]
    if not np.array_equal(way[: len(lead)], lead[: len(way)]) or (local < 0).any():
        return None
    return local[np.append(True, local[1:] != local[:-1])[: len(local)]]


class _Search:
    """One question at work: the best routes so far, and what is proven."""

    def __init__(
        self, core: Core, question: Question, n_routes: int, closed: Sequence[Ints], last: Ints,
        barred: Sequence[Ints],
    ) -> None:  # fmt: skip
        self._core, self._question, self._n_routes = core, question, n_routes
        self._closed, self._last, self._barred = closed, last[last >= 0], barred
        self._slack = _ROUNDING * float(question.weight.sum())
        self.routes: tuple[Ints, ...] = ()
        self.weight, self._total_m, self.lower_bound = np.inf, np.inf, 0.0
        self.is_proven = self.is_shortest = False

    def try_in_turn(self) -> None:
        """Let one route after another keep off what those before it have in common."""
        n_items = len(self._question.weight)
        for first in (np.empty(0, dtype=np.int32), np.arange(n_items, dtype=np.int32)):
            routes: list[Ints] = []
            common = first
            for number in range(self._n_routes):
                route = self._keep_off(common, number)
                if len(route) == 0:
                    return
                items = self._core.items(self._question.start, route)
                common = np.intersect1d(common, items) if routes else items
                routes.append(route)
            self._offer(tuple(routes))

    def prove_least(self, deadline: float) -> None:
        """Prove what is shared at least."""
        if self.weight <= self._slack:
            self.is_proven = True
        elif search_clock() < deadline:
            solved = self._model.find_least_sharing(deadline)
            self._offer(solved.routes)
            self.is_proven = solved.is_proven
            self.lower_bound = min(solved.lower_bound, self.weight)
        if self.is_proven:
            self.lower_bound = self.weight

    def prove_shortest(self, deadline: float) -> None:
        """Prove how short the routes that share least can be."""
        if not (self.is_proven and self.routes and search_clock() < deadline):
            return
        if self.weight == 0.0 and not (self._closed or len(self._last) or self._barred):
            self.is_shortest = self._are_shortest_apart(deadline)
            return
        solved = self._model.find_shortest_within(self.weight, deadline)
        self._offer(solved.routes)
        self.is_shortest = solved.is_proven

    def _are_shortest_apart(self, deadline: float) -> bool:
        """Look for shorter routes that all together share nothing; return whether none is left.

        None of them is longer than what the others leave of the length known, if these are the
        shortest: all lie on a part of the network. They have no order, so that the first one keeps
        off something that the shortest route uses: one has to.
        """
        core, question, n_routes = self._core, self._question, self._n_routes
        start, is_free = question.start, question.is_free
        longest_m = self._total_m - (n_routes - 1) * float(core.arrays.to_sink_m[start])
        part = part_of_routes_below(core, start, question.weight, is_free, longest_m)
        if part is None:
            return True
        model = RouteModel(part.core, part.start, n_routes, part.is_free, None, n_routes - 1)
        if (item := largest_of_shortest(part.core, part.start, part.is_free)) is not None:
            model.keep_off(0, item)
        latest = search_clock() + _LENGTH_S
        solved = model.find_shortest(deadline if deadline == np.inf else min(deadline, latest))
        self._offer(tuple(part.whole_route(route) for route in solved.routes))
        return solved.is_proven

    @cached_property
    def _model(self) -> RouteModel:
        question, n = self._question, self._n_routes
        model = RouteModel(
            self._core, question.start, n, question.is_free, question.weight, n - 1
        )  # fmt: skip
        for number, edges in enumerate(self._closed):
            model.close(number, edges)
        model.end_behind(self._last, self._core.is_direct)
        model.bar(self._barred)
        return model

    def _offer(self, routes: tuple[Ints, ...]) -> None:
        """Keep routes if all of them share less than the best so far, or as much and are shorter.

        That they have the ends that they should is up to who found them.
        """
        if len(routes) != self._n_routes or any(self._is_barred(route) for route in routes):
            return
        start = self._question.start
        common = reduce(np.intersect1d, (self._core.items(start, route) for route in routes))
        weight = float(self._question.weight[common].sum())
        total_m = sum(self._core.length_m(route) for route in routes)
        is_lighter = weight < self.weight - self._slack
        if is_lighter or (weight <= self.weight + self._slack and total_m < self._total_m):
            self.weight = weight if is_lighter else min(weight, self.weight)
            self._total_m, self.routes = total_m, routes

    def _is_barred(self, route: Ints) -> bool:
        return any(np.array_equal(route[: len(way)], way) for way in self._barred)

    def _keep_off(self, items: Ints, number: int) -> Ints:
        """Find the route that meets least of some items, then the shortest; of no edge if none."""
        arrays, weight = self._core.arrays, np.zeros(len(self._question.weight))
        weight[items] = self._question.weight[items]
        is_shut = self._is_shut
        if self._closed:
            is_shut = is_shut.copy()
            is_shut[2 * self._closed[number]] = is_shut[2 * self._closed[number] + 1] = True
        return keep_off(arrays, self._question.start, weight, is_shut)

    @cached_property
    def _is_shut(self) -> Flags:
        """Arcs that go on from a last node and do not end there, shape (2E,)."""
        arrays = self._core.arrays
        is_last = np.zeros(self._core.n_nodes, dtype=bool)
        is_last[self._last] = True
        is_shut = np.stack((is_last[arrays.u], is_last[arrays.v]), axis=1)
        is_shut &= ~self._core.is_direct[:, None]
        return is_shut.ravel()
