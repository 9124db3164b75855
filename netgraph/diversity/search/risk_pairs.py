"""The shortest pair of routes that share no risk, for one source.

Finding out whether such a pair exists is NP-hard once risks overlap freely (Hu, IEEE Trans. Commun.
51(3), 2003; Bermond, Coudert, D'Angelo and Moataz, Theor. Comput. Sci. 579, 2015). The search is
exact if it ends; it says ``unproven`` if a limit ends it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from netgraph.diversity.compiled import search_clock
from netgraph.diversity.search._pair_search import answer_pair
from netgraph.diversity.search._question import open_book
from netgraph.diversity.search.graph import Rows, as_nodes
from netgraph.diversity.search.limits import NODE_LIMIT, Limits
from netgraph.diversity.search.risks import cutting_risks
from netgraph.diversity.search.single_points import SinglePoints, find_single_points

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from netgraph.diversity.search._types import Floats, Ints
    from netgraph.diversity.search.graph import ArrayGraph
    from netgraph.diversity.search.risks import RiskIndex

Disjointness = Literal["risk", "link", "node"]
Status = Literal["pair", "none", "unproven"]


@dataclass(frozen=True, eq=False)
class RiskPair:
    """The shortest pair of one source, or the proof that there is none.

    Attributes
    ----------
    status
        "pair": ``routes`` are proven the shortest. "none": proven that no pair exists. "unproven":
        a limit ended the search; ``routes`` may hold a pair that need not be the shortest.
    total_m
        Length of both routes in metres, infinite without a pair.
    lower_bound_m
        Proven: no pair is shorter.
    tree_size
        Nodes of the search tree; 0 where no search was needed.
    routes
        Edges of the two routes from the source, the shorter first; empty without a pair.
    unavoidable_risks, unavoidable_edges, unavoidable_nodes
        What every route uses, so that it alone cuts the source off; edges and nodes in order from
        the source, risk classes ascending, exempt ones left out.
    """

    status: Status
    total_m: float
    lower_bound_m: float
    tree_size: int
    routes: tuple[Ints, Ints]
    unavoidable_risks: Ints
    unavoidable_edges: Ints
    unavoidable_nodes: Ints

    @property
    def has_pair(self) -> bool:
        """Whether ``routes`` are a pair, proven the shortest or not."""
        return bool(np.isfinite(self.total_m))


def find_risk_disjoint_pair(  # noqa: PLR0913 -- keywords, each a fact about the demand
    graph: ArrayGraph,
    source: int,
    sinks: ArrayLike,
    risks: RiskIndex,
    *,
    exempt: ArrayLike = (),
    disjoint: Disjointness = "node",
    otherwise: bool = False,
    seconds: float = 0.0,
    node_limit: int = NODE_LIMIT,
) -> RiskPair:
    """Find the shortest pair of routes that share no risk, or prove that there is none.

    Exact when it ends within its limits. The network is reduced to what matters; the cheapest
    element-disjoint pair gives prices, bounds and a first pair; a tree of conflicts is searched
    best bound first; beyond `node_limit` HiGHS solves the integer program. Exponential in the worst
    case, milliseconds on access networks.

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
    exempt
        Risk classes that both routes may use.
    disjoint
        What else the routes may not share: "node" edges and nodes on the way, "link" edges, "risk"
        nothing.
    otherwise
        Take what no route can avoid out of the question, and find the pair that shares nothing
        else.
    seconds
        Time limit; 0 is unlimited.
    node_limit
        Nodes of the tree after which the integer program takes over.

    Returns
    -------
    RiskPair
        Of status "none", with no search, if something is unavoidable and not `otherwise`; likewise
        if the source is not connected. A source that is a sink has a pair of no length.

    Raises
    ------
    UsageError
        If a source or sink is no node of the graph.
    """
    deadline = search_clock() + seconds if seconds > 0.0 else np.inf
    nodes = as_nodes(graph, [source])
    points = find_single_points(graph, sinks)
    exempt_classes = np.asarray(exempt, dtype=np.int32).ravel()
    exempt_rows = Rows(np.array([0, len(exempt_classes)]), exempt_classes)
    cutting = cutting_risks(graph, sinks, risks, nodes, exempt_rows)[0]
    edges, passed = unavoidable_elements(points, source, disjoint)
    if not points.is_connected[source]:
        return _without_search(np.inf, cutting, edges, passed)
    if not otherwise and (len(cutting) or len(edges) or len(passed)):
        return _without_search(np.inf, cutting, edges, passed)
    if points.is_sink[source]:
        return _without_search(0.0, cutting, edges, passed)
    book = open_book(points, risks, nodes, *element_weights(graph, disjoint))
    class_weight = np.ones(risks.n_classes)
    class_weight[np.concatenate((exempt_classes, cutting))] = 0.0
    question = book.ask(source, class_weight)
    found = answer_pair(book.core, question.start, question.is_free, Limits(deadline, node_limit))
    lead_m = 2.0 * float(graph.length_m[question.lead].sum())
    routes = book.full_pair(question, found.routes)
    status: Status = "unproven"
    if found.is_proven:
        status = "pair" if routes else "none"
    return RiskPair(
        status,
        lead_m + found.total_m,
        lead_m + found.lower_bound_m,
        found.n_nodes,
        in_order(graph, routes),
        cutting,
        edges,
        passed,
    )


def element_weights(graph: ArrayGraph, disjoint: Disjointness) -> tuple[Floats, Floats]:
    """Return a weight for each edge and node: 1 if routes may not share it, else 0."""
    return (
        np.full(graph.n_edges, float(disjoint != "risk")),
        np.full(graph.n_nodes, float(disjoint == "node")),
    )


def unavoidable_elements(
    points: SinglePoints, source: int, disjoint: Disjointness
) -> tuple[Ints, Ints]:
    """Return the edges and nodes that alone cut a source off, as far as they may not be shared."""
    nothing = np.empty(0, dtype=np.int32)
    edges = points.cutting_edges(source) if disjoint != "risk" else nothing
    nodes = points.cutting_nodes(source) if disjoint == "node" else nothing
    return edges, nodes


def in_order(graph: ArrayGraph, routes: tuple[Ints, Ints] | None) -> tuple[Ints, Ints]:
    """Return the two routes, the shorter first, then the one of lesser edges."""
    if routes is None:
        return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32)
    first, second = sorted(routes, key=lambda r: (float(graph.length_m[r].sum()), r.tolist()))
    return first, second


def _without_search(total_m: float, cutting: Ints, edges: Ints, nodes: Ints) -> RiskPair:
    nothing = np.empty(0, dtype=np.int32)
    status: Status = "none" if np.isinf(total_m) else "pair"
    routes = (nothing, nothing)
    return RiskPair(status, total_m, total_m, 0, routes, cutting, edges, nodes)
