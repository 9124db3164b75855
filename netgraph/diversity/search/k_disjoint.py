"""More than two routes: k disjoint routes of one source, for k from 2 to 4 (or more)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from netgraph.diversity.compiled import search_clock
from netgraph.diversity.search._flow import find_flow
from netgraph.diversity.search._question import open_book
from netgraph.diversity.search.graph import as_nodes
from netgraph.diversity.search.milp import RouteModel
from netgraph.diversity.search.risk_pairs import element_weights
from netgraph.diversity.search.risks import build_risks
from netgraph.diversity.search.single_points import find_single_points

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike

    from netgraph.diversity.search._flow import Flow
    from netgraph.diversity.search._question import Question, QuestionBook
    from netgraph.diversity.search._types import Ints
    from netgraph.diversity.search.graph import ArrayGraph
    from netgraph.diversity.search.risk_pairs import Disjointness
    from netgraph.diversity.search.risks import RiskIndex


@dataclass(frozen=True, eq=False)
class DisjointRoutes:
    """Routes of one source that share nothing.

    Attributes
    ----------
    status
        "routes": as many as asked for, proven of least total length. "none": proven that there are
        not so many; ``routes`` are as many as there are, if that was asked, else empty.
        "unproven": a limit ended the search; ``routes`` may hold what it found.
    total_m
        Length of all routes together in metres, infinite if there are not as many as asked for.
    routes
        Edges of each route from the source, the shortest first.
    """

    status: Literal["routes", "none", "unproven"]
    total_m: float
    routes: tuple[Ints, ...]


def find_disjoint_routes(
    graph: ArrayGraph,
    source: int,
    sinks: ArrayLike,
    k: int,
    disjoint: Literal["link", "node"] = "node",
) -> DisjointRoutes:
    """Find k link-disjoint or node-disjoint routes of least total length.

    Exact: a cheapest flow, in O(k (n + m) log n). If there are fewer than k, all there are.

    Parameters
    ----------
    graph
        The network.
    source
        Node.
    sinks
        Nodes that count as one sink.
    k
        How many routes.
    disjoint
        "link": no common edge; "node": nor a common node between the ends.

    Raises
    ------
    UsageError
        If a source or sink is no node of the graph.
    """
    book, question = _ask(graph, source, sinks, build_risks(graph, 0), (), disjoint)
    if question is None:
        return DisjointRoutes("none", np.inf, ())
    flow = _flow(book, question, k)
    routes = _full(graph, book, question, _split(flow))
    if flow.n_routes < k:
        return DisjointRoutes("none", np.inf, routes)
    return DisjointRoutes("routes", flow.total_m, routes)


def find_risk_disjoint_routes(  # noqa: PLR0913 -- keywords, each a fact about the demand
    graph: ArrayGraph,
    source: int,
    sinks: ArrayLike,
    risks: RiskIndex,
    k: int,
    *,
    exempt: ArrayLike = (),
    disjoint: Disjointness = "node",
    seconds: float = 0.0,
) -> DisjointRoutes:
    """Find k routes of least total length of which no two share a risk.

    Exact when it ends: the cheapest k element-disjoint routes if they share no risk, else the
    integer program (HiGHS). Exponential in the worst case; for two routes prefer
    :func:`netgraph.diversity.search.risk_pairs.find_risk_disjoint_pair`.

    Parameters
    ----------
    graph
        The network.
    source
        Node.
    sinks
        Nodes that count as one sink.
    risks
        The risks.
    k
        How many routes.
    exempt
        Risk classes that all routes may use.
    disjoint
        What else no two routes may share: "node" edges and nodes on the way, "link" edges, "risk"
        nothing.
    seconds
        Time limit; 0 is unlimited.

    Raises
    ------
    UsageError
        If a source or sink is no node of the graph.
    """
    deadline = search_clock() + seconds if seconds > 0.0 else np.inf
    book, question = _ask(graph, source, sinks, risks, exempt, disjoint)
    if question is None:
        return DisjointRoutes("none", np.inf, ())
    flow = _flow(book, question, k)
    if flow.n_routes < k:
        return DisjointRoutes("none", np.inf, ())
    found = _split(flow)
    if _shares_nothing(book, question, found):
        return DisjointRoutes("routes", flow.total_m, _full(graph, book, question, found))
    solved = RouteModel(book.core, question.start, k, question.is_free).find_shortest(deadline)
    routes = solved.routes if _shares_nothing(book, question, solved.routes) else ()
    total_m = sum(book.core.length_m(route) for route in routes) if routes else np.inf
    if not solved.is_proven or (solved.routes and not routes):
        return DisjointRoutes("unproven", total_m, _full(graph, book, question, routes))
    status: Literal["routes", "none"] = "routes" if routes else "none"
    return DisjointRoutes(status, total_m, _full(graph, book, question, routes))


def _ask(
    graph: ArrayGraph,
    source: int,
    sinks: ArrayLike,
    risks: RiskIndex,
    exempt: ArrayLike,
    disjoint: Disjointness,
) -> tuple[QuestionBook, Question | None]:
    """Return the question of one source; none for a sink and where there is no route."""
    nodes = as_nodes(graph, [source])
    points = find_single_points(graph, sinks)
    weights = element_weights(graph, disjoint)
    book = open_book(points, risks, nodes, *weights, frees_unavoidable=False)
    if points.is_sink[source] or not points.is_connected[source]:
        return book, None
    class_weight = np.ones(risks.n_classes)
    class_weight[np.asarray(exempt, dtype=np.int64)] = 0.0
    return book, book.ask(int(source), class_weight)


def _flow(book: QuestionBook, question: Question, k: int) -> Flow:
    is_free = question.is_free[: book.core.n_edges + book.core.n_nodes]
    return find_flow(book.core.arrays, question.start, k, is_free)


def _split(flow: Flow) -> tuple[Ints, ...]:
    return tuple(np.split(flow.route_edges, flow.route_ptr[1:-1])) if flow.n_routes else ()


def _shares_nothing(book: QuestionBook, question: Question, routes: Iterable[Ints]) -> bool:
    """Whether no item that is not free is on two of the routes."""
    is_used = np.zeros(len(question.weight), dtype=np.bool_)
    for route in routes:
        items = book.core.items(question.start, route)
        items = items[~question.is_free[items]]
        if is_used[items].any():
            return False
        is_used[items] = True
    return True


def _full(
    graph: ArrayGraph, book: QuestionBook, question: Question, routes: Iterable[Ints]
) -> tuple[Ints, ...]:
    """Return routes of the network, the shortest first, then by edges."""
    full = [book.full_route(question, route) for route in routes]
    return tuple(sorted(full, key=lambda r: (float(graph.length_m[r].sum()), r.tolist())))
