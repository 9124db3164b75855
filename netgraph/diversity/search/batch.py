"""Risk-disjoint pairs for many sources with the same sinks at once.

The shortest element-disjoint pairs come from one pass for all. Where such a pair shares no risk,
nothing shorter exists and nothing is searched. The others are searched on one reduced network;
sources behind the same branching point that put the same question are searched once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from netgraph.diversity.compiled import search_clock
from netgraph.diversity.search._pair_search import answer_pair, search_pair
from netgraph.diversity.search._question import open_book
from netgraph.diversity.search.disjoint_pairs import find_disjoint_pairs
from netgraph.diversity.search.graph import Routes, Rows, as_nodes, rows_of
from netgraph.diversity.search.least_sharing import answer_least_sharing, shared_by
from netgraph.diversity.search.limits import NODE_LIMIT, Limits
from netgraph.diversity.search.risk_pairs import element_weights, in_order
from netgraph.diversity.search.risks import cutting_risks, shared_risks
from netgraph.diversity.search.single_points import SinglePoints, find_single_points

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from netgraph.diversity.search._least_sharing import LeastSharing
    from netgraph.diversity.search._pair_search import Outcome
    from netgraph.diversity.search._question import Question, QuestionBook
    from netgraph.diversity.search._types import Flags, Floats, Ints
    from netgraph.diversity.search.graph import ArrayGraph
    from netgraph.diversity.search.least_sharing import SharingWeights
    from netgraph.diversity.search.risk_pairs import Status
    from netgraph.diversity.search.risks import RiskIndex


_FIRST_TRY = 500  # nodes of each tree before any question is searched further


@dataclass(frozen=True, eq=False)
class BatchResult:
    """What is known of each source; k sources in the order given.

    Every pair is judged apart from what no route can avoid: single points of the network and risks
    that alone cut the source off. Those are listed; a source that has any is never fully diverse.

    Attributes
    ----------
    points
        The single points of the network: ``points.chains(sources)`` lists them in order.
    is_connected
        Whether there is a route at all, shape (k,).
    has_unavoidable
        Whether an edge, a node or a risk that is not exempt alone cuts the source off, shape (k,).
    unavoidable_risks
        Classes that alone cut the source off, exempt ones left out, ascending.
    status
        "pair": ``routes`` share nothing avoidable and are proven the shortest such pair. "none":
        proven that no such pair exists. "unproven": a limit ended the search.
    total_m, lower_bound_m
        Length of the shortest pair known that shares nothing avoidable (infinite if none is known),
        and a proven bound, shape (k,).
    tree_size
        Nodes of the search tree, 0 where no search was needed, shape (k,).
    routes
        Two routes a source: that pair; where none is known, the pair that shares the least (as far
        as searched).
    shared_risks
        Classes that these routes share, exempt and unavoidable ones left out, in order.
    is_least
        Whether no pair shares less by the weights asked for: true for every pair found; for the
        others only if least sharing was asked for and proven, shape (k,).
    shared_weight, shared_bound
        Weight of what the routes share by these weights, and what every pair shares at least; NaN
        where least sharing was not asked for and the routes share something, shape (k,).
    n_searched
        How many different questions had to be searched.
    """

    points: SinglePoints
    is_connected: Flags
    has_unavoidable: Flags
    unavoidable_risks: Rows
    status: tuple[Status, ...]
    total_m: Floats
    lower_bound_m: Floats
    tree_size: Ints
    routes: Routes
    shared_risks: Rows
    is_least: Flags
    shared_weight: Floats
    shared_bound: Floats
    n_searched: int

    def verdict(self, i: int) -> Status:
        """Return whether source i has a pair that shares nothing at all, unavoidable or not."""
        return "none" if self.has_unavoidable[i] else self.status[i]


def search_all(  # noqa: PLR0913 -- keywords, each a fact about the demand
    graph: ArrayGraph,
    sinks: ArrayLike,
    risks: RiskIndex,
    sources: ArrayLike,
    *,
    exempt: Rows | None = None,
    disjoint: Literal["link", "node"] = "node",
    weights: SharingWeights | None = None,
    seconds: float = 0.0,
    node_limit: int = NODE_LIMIT,
    progress: Callable[[int, int], None] | None = None,
) -> BatchResult:
    """Find the shortest risk-disjoint pair of every source, or prove that there is none.

    Exact but for what is ``unproven``; what finished does not depend on the machine or on the
    order of the sources. One pass over the network for all, then one search for each different
    question that is left; see :func:`netgraph.diversity.search.risk_pairs.find_risk_disjoint_pair`.

    Parameters
    ----------
    graph
        The network.
    sinks
        Nodes that count as one sink.
    risks
        The risks.
    sources
        Nodes, shape (k,).
    exempt
        Classes that a source's routes may share, one row a source.
    disjoint
        What else the routes may not share: "node" edges and nodes on the way, "link" edges.
    weights
        If given: where no pair shares nothing, find the pair that shares least by these weights.
    seconds
        Time for all searches together; 0 is unlimited. What it cuts off is ``unproven``.
    node_limit
        Nodes of one tree after which the integer program takes over.
    progress
        Called with the number of questions done and in all.

    Returns
    -------
    BatchResult

    Raises
    ------
    UsageError
        If a source or sink is no node of the graph.
    """
    deadline = search_clock() + seconds if seconds > 0.0 else np.inf
    nodes = as_nodes(graph, sources)
    batch = _Batch(graph, sinks, risks, nodes, exempt, disjoint)
    limits = Limits(deadline, node_limit)
    batch.search_pairs(limits, progress)
    if weights is not None:
        batch.search_least_sharing(weights, limits)
    return batch.result()


class _Batch:
    """One batch at work: what each source has so far."""

    def __init__(
        self,
        graph: ArrayGraph,
        sinks: ArrayLike,
        risks: RiskIndex,
        nodes: Ints,
        exempt: Rows | None,
        disjoint: Literal["link", "node"],
    ) -> None:
        self._graph, self._risks, self._nodes, self._disjoint = graph, risks, nodes, disjoint
        k = len(nodes)
        self._points = find_single_points(graph, sinks)
        self._cutting = cutting_risks(graph, sinks, risks, nodes, exempt)
        self._left_out = _joined(self._cutting, exempt)
        pairs = find_disjoint_pairs(graph, sinks, disjoint, points=self._points)
        routes = pairs.find_routes(nodes)
        self._routes = [(routes[2 * i], routes[2 * i + 1]) for i in range(k)]
        shared = shared_risks(graph, risks, nodes, routes, self._left_out)
        self._is_open = shared.sizes > 0
        is_connected = self._points.is_connected[nodes]
        self._status: list[Status] = ["pair" if c else "none" for c in is_connected]
        self._lower_bound_m = pairs.total_m[nodes].copy()
        self._total_m = np.where(self._is_open, np.inf, self._lower_bound_m)
        self._tree_size = np.zeros(k, dtype=np.int32)
        self._is_least = ~self._is_open
        self._weight = np.where(self._is_open, np.nan, 0.0)
        self._bound = self._weight.copy()
        self._n_searched = 0

    def search_pairs(self, limits: Limits, progress: Callable[[int, int], None] | None) -> None:
        """Search the sources whose element-disjoint pair shares a risk."""
        rows = np.flatnonzero(self._is_open).tolist()
        if len(rows) == 0:
            return
        weights = element_weights(self._graph, self._disjoint)
        book = open_book(self._points, self._risks, self._nodes[rows], *weights)
        questions = [self._ask(book, row, np.ones(self._risks.n_classes)) for row in rows]
        by_key: dict[tuple[int, bytes], Outcome | None] = {q.key: None for q in questions}
        self._n_searched = len(by_key)
        first = {question.key: question for question in reversed(questions)}
        for done, key in enumerate(by_key):
            if limits.is_over():
                break
            question = first[key]
            by_key[key] = search_pair(
                book.core, question.start, question.is_free, limits.at_most(_FIRST_TRY)
            )
            if progress is not None:
                progress(done + 1, len(by_key))
        self._search_on(book, first, by_key, limits)
        for row, question in zip(rows, questions, strict=True):
            self._take_pair(book, row, question, by_key[question.key])

    @staticmethod
    def _search_on(
        book: QuestionBook,
        first: dict[tuple[int, bytes], Question],
        by_key: dict[tuple[int, bytes], Outcome | None],
        limits: Limits,
    ) -> None:
        """Give what the first try left open an equal share each of the time that is left."""
        left = [key for key, found in by_key.items() if found and not found.is_proven]
        for i, key in enumerate(left):
            if limits.is_over():
                return
            question = first[key]
            share = limits.share(len(left) - i)
            by_key[key] = answer_pair(book.core, question.start, question.is_free, share)

    def search_least_sharing(self, weights: SharingWeights, limits: Limits) -> None:
        """Search the pairs that share least for the sources without a pair that shares nothing."""
        rows = np.flatnonzero(np.isinf(self._total_m) & self._is_open)
        if len(rows) == 0:
            return
        book = open_book(self._points, self._risks, self._nodes[rows], weights.edge, weights.node)
        found: dict[tuple[int, bytes], LeastSharing] = {}
        for i, row in enumerate(rows.tolist()):
            question = self._ask(book, row, weights.risk_class)
            if question.key not in found and limits.is_over():
                shared = self._shared_by(row)
                self._weight[row], self._bound[row] = weights.risk_class[shared].sum(), 0.0
                continue
            if question.key not in found:
                share = limits.share(len(rows) - i)
                found[question.key] = answer_least_sharing(book.core, question, share)
            self._take_least(book, row, question, found[question.key])

    def result(self) -> BatchResult:
        """Return what is known now."""
        routes = rows_of([route for pair in self._routes for route in pair])
        points, nodes = self._points, self._nodes
        counts = points.n_cutting_edges + (
            points.n_cutting_nodes if self._disjoint == "node" else 0
        )
        kept = Routes(routes.indptr, routes.values)
        return BatchResult(
            points=points,
            is_connected=points.is_connected[nodes],
            has_unavoidable=(counts[nodes] > 0) | (np.diff(self._cutting.indptr) > 0),
            unavoidable_risks=self._cutting,
            status=tuple(self._status),
            total_m=self._total_m,
            lower_bound_m=self._lower_bound_m,
            tree_size=self._tree_size,
            routes=kept,
            shared_risks=shared_risks(self._graph, self._risks, nodes, kept, self._left_out),
            is_least=self._is_least,
            shared_weight=self._weight,
            shared_bound=self._bound,
            n_searched=self._n_searched,
        )

    def _ask(self, book: QuestionBook, row: int, class_weight: Floats) -> Question:
        weight = class_weight.copy()
        weight[self._left_out[row]] = 0.0
        return book.ask(int(self._nodes[row]), weight)

    def _shared_by(self, row: int) -> Ints:
        source, left_out = int(self._nodes[row]), self._left_out[row]
        return shared_by(self._graph, self._risks, source, self._routes[row], left_out)

    def _take_pair(
        self, book: QuestionBook, row: int, question: Question, found: Outcome | None
    ) -> None:
        self._status[row] = "unproven"
        if found is None:
            return
        lead_m = 2.0 * float(self._graph.length_m[question.lead].sum())
        routes = book.full_pair(question, found.routes)
        if found.is_proven:
            self._status[row] = "pair" if routes else "none"
        self._total_m[row] = lead_m + found.total_m
        self._lower_bound_m[row] = max(self._lower_bound_m[row], lead_m + found.lower_bound_m)
        self._tree_size[row] = found.n_nodes
        if routes is not None:
            self._routes[row] = in_order(self._graph, routes)
            self._is_least[row] = True
            self._weight[row] = self._bound[row] = 0.0

    def _take_least(
        self, book: QuestionBook, row: int, question: Question, found: LeastSharing
    ) -> None:
        routes = book.full_pair(question, found.routes)
        self._routes[row] = in_order(self._graph, routes)
        self._is_least[row] = found.is_proven
        self._weight[row], self._bound[row] = found.weight, found.lower_bound


def _joined(cutting: Rows, exempt: Rows | None) -> Rows:
    """Return the classes of both, row by row."""
    if exempt is None:
        return cutting
    return rows_of([np.concatenate((cutting[i], exempt[i])) for i in range(len(cutting))])
