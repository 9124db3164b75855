"""More than two routes on a network of nodes and spans: up to four from a node to the centres.

Three or four routes are asked for where a customer must survive two failures at once, or where
several circuits must not fail together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from netgraph.diversity.compiled import search_clock
from netgraph.diversity.plant.doubts import find_plant_doubt
from netgraph.diversity.plant.risks import SECONDS, build_plant_risks
from netgraph.diversity.search.k_disjoint import find_disjoint_routes, find_risk_disjoint_routes
from netgraph.errors import UsageError
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from netgraph.diversity.plant.assess import Disjointness, PlantDiversity
    from netgraph.diversity.plant.doubts import PlantDoubt
    from netgraph.diversity.plant.graph import PlantRoute
    from netgraph.diversity.search.graph import ArrayGraph
    from netgraph.diversity.search.k_disjoint import DisjointRoutes
    from netgraph.diversity.search.risks import RiskIndex

RiskRoutesVerdict = Literal["routes", "none", "unproven"]
MOST_ROUTES = 4
_NO_TIME = 1e-9


@dataclass(frozen=True)
class ManyRoutesRow:
    """How many routes a node has, up to the number asked for.

    Attributes
    ----------
    node_id
        The node; centres and nodes that reach no centre have no row.
    routes_asked
        The number k asked for.
    link_disjoint_up_to_k, node_disjoint_up_to_k
        How many routes without a common span (nor a common node on the way) there are; k for k or
        more.
    k_node_routes_m
        Length of all k node-disjoint routes of least total length; None if there are fewer, or if
        a length is not known.
    k_risk_verdict
        ``routes``: there are k routes of which no two share a span, a node or a risk; ``none``:
        there are not; ``unproven``: members of risk groups are not known, or the time ended
        first; None if no risks are recorded.
    k_risk_routes_m
        Length of the shortest such routes together; None without them.
    """

    node_id: str
    routes_asked: int
    link_disjoint_up_to_k: int
    node_disjoint_up_to_k: int
    k_node_routes_m: float | None
    k_risk_verdict: RiskRoutesVerdict | None
    k_risk_routes_m: float | None


def many_routes_rows(
    diversity: PlantDiversity,
    k: int,
    *,
    seconds: float = SECONDS,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[ManyRoutesRow, ...]:
    """Count the disjoint routes of every node that reaches a centre, up to k.

    Exact: cheapest flows for spans and nodes, the integer program for risks (``unproven`` where
    its time ended). One flow a node that has two routes: O(n k (n + m) log n) for n nodes.

    Parameters
    ----------
    diversity
        The answer to the plant-only question.
    k
        From 2 to 4.
    seconds
        Time for the risk searches of all nodes together; 0 is unlimited.
    progress
        Called with the number of nodes done and in all.

    Returns
    -------
    tuple of ManyRoutesRow
        Sorted by id.

    Raises
    ------
    UsageError
        If k is not from 2 to 4.
    """
    _require_count(k)
    deadline = search_clock() + seconds if seconds > 0 else math.inf
    basis = _risk_basis(diversity) if diversity.network.has_risk_records else None
    asked = diversity.link_pairs.points.is_connected.copy()
    asked[diversity.centres] = False
    sources = np.flatnonzero(asked).tolist()
    rows = []
    for done, source in enumerate(sources, start=1):
        rows.append(_row(diversity, source, k, basis, deadline))
        if progress:
            progress(done, len(sources))
    return tuple(sorted(rows, key=lambda row: row.node_id))


def many_routes_of(
    diversity: PlantDiversity, node_id: str, k: int, disjoint: Disjointness = "node"
) -> tuple[PlantRoute, ...]:
    """List up to k disjoint routes of least total length from a node, the shortest first.

    Exact. If the node has fewer than k such routes, all that there are.

    Parameters
    ----------
    diversity
        The answer to the plant-only question.
    node_id
        Id of a node.
    k
        From 2 to 4.
    disjoint
        ``link``: no common span; ``node``: nor a common node on the way.

    Raises
    ------
    UsageError
        If there is no such node, or k is not from 2 to 4.
    """
    _require_count(k)
    rows = np.flatnonzero(diversity.network.nodes.ids == node_id)
    if len(rows) == 0:
        message = Message("there is no node {0!r} in the network", node_id)
        raise UsageError(message)
    source, graph = int(rows[0]), diversity.graph
    found = find_disjoint_routes(graph.arrays, source, diversity.centres, k, disjoint)
    return tuple(graph.route(source, edges) for edges in found.routes)


@dataclass(frozen=True, eq=False)
class _RiskBasis:
    """The risks, what is open about them, and both without what that concerns."""

    risks: RiskIndex
    doubt: PlantDoubt
    clear: ArrayGraph
    clear_risks: RiskIndex


def _risk_basis(diversity: PlantDiversity) -> _RiskBasis:
    doubt = find_plant_doubt(diversity)
    apart = build_plant_risks(diversity, doubt.open_ends.tolist())
    return _RiskBasis(build_plant_risks(diversity), doubt, doubt.clear_of(), apart)


def _require_count(k: int) -> None:
    if not 2 <= k <= MOST_ROUTES:
        message = Message("{0} routes: ask for 2 to {1}", k, MOST_ROUTES)
        raise UsageError(message)


def _row(
    diversity: PlantDiversity, source: int, k: int, basis: _RiskBasis | None, deadline: float
) -> ManyRoutesRow:
    link = _count(diversity, source, k, "link")
    node, total_m = _node_routes(diversity, source, k)
    verdict, risk_m = None, None
    if basis is not None:
        verdict, risk_m = _risk_routes(diversity, source, k, basis, deadline)
    node_id = str(diversity.network.nodes.ids[source])
    return ManyRoutesRow(node_id, k, link, node, total_m, verdict, risk_m)


def _count(diversity: PlantDiversity, source: int, k: int, disjoint: Disjointness) -> int:
    pairs = diversity.link_pairs if disjoint == "link" else diversity.node_pairs
    if k == 2 or not pairs.is_disjoint[source]:
        return 1 + int(pairs.is_disjoint[source])
    graph = diversity.graph.arrays
    return len(find_disjoint_routes(graph, source, diversity.centres, k, disjoint).routes)


def _node_routes(diversity: PlantDiversity, source: int, k: int) -> tuple[int, float | None]:
    """Count the node-disjoint routes, and measure k of them."""
    if not diversity.node_pairs.is_disjoint[source]:
        return 1, None
    graph = diversity.graph
    found = find_disjoint_routes(graph.arrays, source, diversity.centres, k, "node")
    if len(found.routes) < k:
        return len(found.routes), None
    return k, _known_m(float(sum(graph.length_m[route].sum() for route in found.routes)))


def _risk_routes(
    diversity: PlantDiversity, source: int, k: int, basis: _RiskBasis, deadline: float
) -> tuple[RiskRoutesVerdict, float | None]:
    graph = diversity.graph
    found = _find_apart(graph.arrays, diversity, source, k, basis.risks, deadline)
    if found.status != "routes":
        return found.status, None
    if basis.doubt.concerns(source, found.routes):
        if basis.doubt.is_everywhere:
            return "unproven", None
        found = _find_apart(basis.clear, diversity, source, k, basis.clear_risks, deadline)
        if found.status != "routes":
            return "unproven", None
    return "routes", _known_m(float(sum(graph.length_m[route].sum() for route in found.routes)))


def _find_apart(
    arrays: ArrayGraph, diversity: PlantDiversity, source: int, k: int, risks: RiskIndex,
    deadline: float,
) -> DisjointRoutes:  # fmt: skip
    seconds = max(deadline - search_clock(), _NO_TIME) if math.isfinite(deadline) else 0.0
    return find_risk_disjoint_routes(arrays, source, diversity.centres, risks, k, seconds=seconds)


def _known_m(total_m: float) -> float | None:
    return total_m if math.isfinite(total_m) else None
