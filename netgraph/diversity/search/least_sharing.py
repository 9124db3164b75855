"""The pair of routes that shares the least risk, for one source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import search_clock
from netgraph.diversity.search._core import SINK
from netgraph.diversity.search._flow import find_flow
from netgraph.diversity.search._least_sharing import (
    NEARBY,
    LeastSharing,
    nothing_to_share,
    search_least_sharing,
)
from netgraph.diversity.search._question import open_book
from netgraph.diversity.search.graph import as_nodes, route_nodes, rows_of
from netgraph.diversity.search.limits import NODE_LIMIT, Limits
from netgraph.diversity.search.milp import RouteModel
from netgraph.diversity.search.risk_pairs import in_order
from netgraph.diversity.search.risks import cutting_risks, shared_risks
from netgraph.diversity.search.single_points import find_single_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from netgraph.diversity.search._core import Core
    from netgraph.diversity.search._question import Question
    from netgraph.diversity.search._types import Floats, Ints
    from netgraph.diversity.search.graph import ArrayGraph
    from netgraph.diversity.search.risks import RiskIndex
    from netgraph.diversity.search.single_points import SinglePoints

_PROGRAM_S = 5.0  # what the integer program takes at least for what branching leaves open


@dataclass(frozen=True, eq=False)
class SharingWeights:
    """What it costs that both routes use something; exempt and unavoidable things cost nothing.

    Attributes
    ----------
    risk_class
        Cost of each risk class, shape (n_classes,): numbers of risks, metres, expected outage.
    edge, node
        Cost of each edge, and of each node on the way, beyond its risks, shapes (m,) and (n,).
    """

    risk_class: Floats
    edge: Floats
    node: Floats

    def less(self, others: SharingWeights) -> SharingWeights:
        """Return what it costs more than by other weights."""
        return SharingWeights(
            self.risk_class - others.risk_class, self.edge - others.edge, self.node - others.node
        )


@dataclass(frozen=True, eq=False)
class LeastSharingPair:
    """The pair of one source whose shared risks weigh least, then the shortest of those.

    Attributes
    ----------
    is_connected
        Whether there is any route.
    is_proven
        Whether no pair shares less; false if a limit ended the search.
    is_shortest
        Whether, besides, no pair that shares as little is shorter.
    weight, lower_bound
        Weight of what both routes use (unavoidable and exempt things left out), and what any pair
        shares at least.
    total_m
        Length of both routes in metres.
    routes
        Edges of the two routes from the source, the shorter first.
    shared_risks
        Classes that both routes use, exempt and unavoidable ones left out, in order.
    unavoidable_risks
        Classes that alone cut the source off, exempt ones left out, ascending.
    """

    is_connected: bool
    is_proven: bool
    is_shortest: bool
    weight: float
    lower_bound: float
    total_m: float
    routes: tuple[Ints, Ints]
    shared_risks: Ints
    unavoidable_risks: Ints


def find_least_sharing_pair(  # noqa: PLR0913 -- keywords, each a fact about the demand
    graph: ArrayGraph,
    source: int,
    sinks: ArrayLike,
    risks: RiskIndex,
    *,
    weights: SharingWeights | None = None,
    exempt: ArrayLike = (),
    seconds: float = 0.0,
    node_limit: int = NODE_LIMIT,
) -> LeastSharingPair:
    """Find the pair of routes whose shared risks weigh least, and of those the shortest.

    Exact if it ends within its limits: what is unavoidable is taken out, then sets of risks that
    may be shared are tried from the lightest upwards (implicit hitting sets), each with the exact
    search of ``risk_pairs``; HiGHS solves the integer program if that takes too many rounds.

    Parameters
    ----------
    graph
        The network.
    source
        Node.
    sinks
        Nodes that count as one sink.
    risks
        The risks; those of the two ends' own nodes do not count.
    weights
        What sharing costs; default: 1 a risk, nothing else.
    exempt
        Risk classes that cost nothing.
    seconds
        Time limit; 0 is unlimited.
    node_limit
        Largest tree of one search.

    Returns
    -------
    LeastSharingPair

    Raises
    ------
    UsageError
        If a source or sink is no node of the graph.
    """
    deadline = search_clock() + seconds if seconds > 0.0 else np.inf
    nodes = as_nodes(graph, [source])
    points = find_single_points(graph, sinks)
    left_out = np.asarray(exempt, dtype=np.int32).ravel()
    cutting = cutting_risks(graph, sinks, risks, nodes, rows_of([left_out]))[0]
    if not points.is_connected[source] or points.is_sink[source]:
        return _without_search(bool(points.is_connected[source]), cutting)
    weights = default_weights(graph, risks) if weights is None else weights
    left_out = np.concatenate((left_out, cutting))
    class_weight = weights.risk_class.copy()
    class_weight[left_out] = 0.0
    book = open_book(points, risks, nodes, weights.edge, weights.node)
    question = book.ask(source, class_weight)
    found = answer_least_sharing(book.core, question, Limits(deadline, node_limit))
    routes = in_order(graph, book.full_pair(question, found.routes))
    return LeastSharingPair(
        is_connected=True,
        is_proven=found.is_proven,
        is_shortest=found.is_shortest,
        weight=found.weight,
        lower_bound=found.lower_bound,
        total_m=found.total_m + 2.0 * float(graph.length_m[question.lead].sum()),
        routes=routes,
        shared_risks=shared_by(graph, risks, source, routes, left_out),
        unavoidable_risks=cutting,
    )


def _without_search(is_connected: bool, cutting: Ints) -> LeastSharingPair:  # noqa: FBT001 -- one caller
    """Return the pair of no length of a sink, or none where there is no route."""
    nothing = np.empty(0, dtype=np.int32)
    return LeastSharingPair(
        is_connected=is_connected,
        is_proven=True,
        is_shortest=True,
        weight=0.0,
        lower_bound=0.0,
        total_m=0.0 if is_connected else np.inf,
        routes=(nothing, nothing),
        shared_risks=nothing,
        unavoidable_risks=cutting,
    )


def default_weights(graph: ArrayGraph, risks: RiskIndex) -> SharingWeights:
    """Return weights that count risks and nothing else."""
    return SharingWeights(
        risks.weights(np.ones(len(risks.class_of))),
        np.zeros(graph.n_edges),
        np.zeros(graph.n_nodes),
    )


def answer_least_sharing(
    core: Core, question: Question, limits: Limits, *,
    takes_program: bool = True, takes_shortest: bool = True,
) -> LeastSharing:  # fmt: skip
    """Search a question's least-sharing pair; the integer program takes what is left open.

    Unless there is so little time that it would hardly begin: it hears of the end of it late.
    """
    if question.start == SINK:
        return nothing_to_share()
    found = search_least_sharing(
        core, question.start, question.weight, limits, _first_pair(core, question),
        takes_shortest=takes_shortest, nearby=NEARBY if takes_program else (),
    )  # fmt: skip
    is_enough = found.is_shortest if takes_shortest else found.is_proven
    if is_enough or not takes_program or limits.deadline - search_clock() < _PROGRAM_S:
        return found
    model = RouteModel(core, question.start, 2, question.is_free, question.weight)
    if not found.is_proven:
        solved = model.find_least_sharing(limits.deadline)
        found = _better(core, question, found, solved.routes)
        bound = found.weight if solved.is_proven else max(found.lower_bound, solved.lower_bound)
        found = replace(found, is_proven=solved.is_proven, lower_bound=min(bound, found.weight))
    if takes_shortest and found.is_proven and not limits.is_over():
        solved = model.find_shortest_within(found.weight, limits.deadline)
        found = _better(core, question, found, solved.routes)
        found = replace(found, is_shortest=solved.is_proven)
    return found


def shared_by(
    graph: ArrayGraph,
    risks: RiskIndex,
    source: int,
    routes: tuple[Ints, Ints],
    left_out: Ints,
) -> Ints:
    """Return the classes that both routes of a source use, some left out, in order."""
    return shared_risks(graph, risks, [source], rows_of(routes), rows_of([left_out]))[0]


def shared_weight(
    points: SinglePoints,
    risks: RiskIndex,
    source: int,
    routes: Sequence[Ints],
    left_out: Ints,
    weights: SharingWeights,
    *,
    frees_unavoidable: bool = True,
) -> float:
    """Weigh what all of some routes share, risks left out; what cuts off may cost nothing."""
    graph, n = points.graph, points.graph.n_nodes
    free = points.chain(source) if frees_unavoidable else np.empty(0, dtype=np.int32)
    edges = np.setdiff1d(reduce(np.intersect1d, routes), free[free >= n] - n)
    passed = (route_nodes(graph, source, route)[1:-1] for route in routes)
    nodes = np.setdiff1d(reduce(np.intersect1d, passed), free[free < n])
    first, *others = routes
    by_two = (shared_by(graph, risks, source, (first, other), left_out) for other in others)
    classes = reduce(np.intersect1d, by_two)
    parts = weights.edge[edges], weights.node[nodes], weights.risk_class[classes]
    return float(sum(part.sum() for part in parts))


def _first_pair(core: Core, question: Question) -> tuple[Ints, Ints]:
    """Return the shortest pair that shares no element, or one that shares all."""
    is_free = question.is_free[: core.n_edges + core.n_nodes].copy()
    for is_free_now in (np.zeros_like(is_free), is_free, np.ones_like(is_free)):
        flow = find_flow(core.arrays, question.start, 2, is_free_now)
        if flow.n_routes == 2:
            break
    cut = int(flow.route_ptr[1])
    return flow.route_edges[:cut], flow.route_edges[cut:]


def _better(
    core: Core, question: Question, found: LeastSharing, routes: tuple[Ints, ...]
) -> LeastSharing:
    """Take the solver's routes if they share less, or as much and are shorter."""
    if len(routes) != 2:
        return found
    first, second = routes
    items = np.intersect1d(core.items(question.start, first), core.items(question.start, second))
    weight = float(question.weight[items].sum())
    total_m = core.length_m(first) + core.length_m(second)
    if (weight, total_m) < (found.weight, found.total_m):
        return replace(found, weight=weight, total_m=total_m, routes=(first, second))
    return found
