"""Which risks each demand should survive."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order

from netgraph.diversity.search.risks import cutting_risks
from netgraph.diversity.search.single_points import find_single_points
from netgraph.topology.csr import csr_of_lists
from netgraph.upgrades.protection.tolerance import is_tolerated, metres_around

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.model import ProtectionModel
    from netgraph.upgrades.protection.problem import ProtectionProblem


def with_risks(model: ProtectionModel) -> ProtectionModel:
    """Give each demand the risks that it should survive, but for those tolerated at the site.

    These are the risks that cut it off on the free plant; for a demand that needs edges of its own
    to be connected, all risks on one of its routes. Edges of its own may make some harmless.
    """
    problem = model.problem
    rows, unconnected = _cutting(model)
    edges_between: dict[tuple[int, int], list[int]] = {}
    for demand in unconnected:
        edges_between = edges_between or _edges_between(problem)
        rows[demand] = _on_one_route(model, demand, edges_between)
    for demand in range(len(problem.source)):
        metres = metres_around(model, demand)
        rows[demand] = [r for r in rows[demand] if not is_tolerated(model, r, metres)]
    return replace(model, problem=replace(problem, risks=csr_of_lists(rows)))


def _cutting(model: ProtectionModel) -> tuple[list[list[int]], list[int]]:
    """Risks that cut each demand off on the free plant, and the demands without a route on it."""
    problem, layer = model.problem, model.layer
    graph = layer.graph.without(edges=np.flatnonzero(~problem.is_free[: model.n_spans]))
    by_centre: dict[tuple[int, ...], list[int]] = {}
    for demand in range(len(problem.source)):
        by_centre.setdefault(tuple(problem.sinks.row(demand).tolist()), []).append(demand)
    rows: list[list[int]] = [[] for _ in range(len(problem.source))]
    unconnected = []
    for sinks, demands in by_centre.items():
        sources = problem.source[demands]
        single = find_single_points(graph, sinks)
        chains = single.chains(sources)
        classes = cutting_risks(graph, sinks, layer.risks, sources)
        for i, demand in enumerate(demands):
            rows[demand] = cut_numbers(model, chains[i])
            rows[demand] += (classes[i] + problem.n_nodes).tolist()
            if not single.is_connected[sources[i]]:
                unconnected.append(demand)
    return rows, unconnected


def cut_numbers(model: ProtectionModel, chain: NDArray[np.int32]) -> list[int]:
    """Risk numbers of single points: a chain counts edges from the number of nodes on."""
    points = chain.astype(np.int64)
    points[points >= model.problem.n_nodes] += model.layer.risks.n_classes
    numbers: list[int] = points.tolist()
    return numbers


def _on_one_route(
    model: ProtectionModel, demand: int, edges_between: dict[tuple[int, int], list[int]]
) -> list[int]:
    problem, layer = model.problem, model.layer
    route = _one_route(problem, demand, edges_between)
    mine = [int(problem.source[demand]), *problem.sinks.row(demand).tolist()]
    nodes = np.setdiff1d(np.concatenate([problem.u[route], problem.v[route]]), mine)
    classes = [layer.risks.edge_classes[e] for e in route.tolist()]
    classes += [layer.risks.node_classes[x] for x in nodes.tolist()]
    found = np.unique(np.concatenate([*classes, np.empty(0, dtype=np.int32)])).astype(np.int64)
    edges = route + problem.n_nodes + layer.risks.n_classes
    return [*nodes.tolist(), *(found + problem.n_nodes).tolist(), *edges.tolist()]


def _edges_between(problem: ProtectionProblem) -> dict[tuple[int, int], list[int]]:
    result: dict[tuple[int, int], list[int]] = {}
    low, high = np.minimum(problem.u, problem.v), np.maximum(problem.u, problem.v)
    for edge, ends in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
        result.setdefault(ends, []).append(edge)
    return result


def _one_route(
    problem: ProtectionProblem, demand: int, edges_between: dict[tuple[int, int], list[int]]
) -> Ints:
    """Edges of one route over free and own edges, of few steps; empty without one."""
    source, sinks = int(problem.source[demand]), problem.sinks.row(demand)
    usable = problem.is_free.copy()
    usable[problem.own.row(demand)] = True
    passes = problem.is_transit.copy()
    passes[source] = passes[sinks] = True
    edges = np.flatnonzero(usable & passes[problem.u] & passes[problem.v])
    shape = (problem.n_nodes, problem.n_nodes)
    ends = problem.u[edges], problem.v[edges]
    graph = coo_array((np.ones(len(edges), dtype=np.int8), ends), shape=shape).tocsr()
    before = breadth_first_order(graph, source, directed=False)[1]
    node = next((s for s in sinks.tolist() if before[s] >= 0), source)
    route = []
    while node != source:
        ahead = int(before[node])
        between = edges_between[min(node, ahead), max(node, ahead)]
        route.append(next(e for e in between if usable[e]))
        node = ahead
    return np.array(route[::-1], dtype=np.int64)
