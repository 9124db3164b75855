"""Two routes to two different ends: a sink of its own behind the ends, one unit to each.

Circuits that back each other up may end at different centres. Their group is as diverse as the best
two routes of which each reaches another centre. A centre is then a place like any other on the way
of the other route; one in a customer's premises lies on no way but of the route that ends there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from netgraph.diversity.achievable.end_judge import with_ends
from netgraph.diversity.search.graph import ArrayGraph, Rows, build_graph
from netgraph.diversity.search.least_sharing import SharingWeights

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.objective import LayerCosts
    from netgraph.diversity.search.pairs_apart import JointRisks
    from netgraph.diversity.search.risks import RiskIndex
    from netgraph.topology.csr import Ints

    _Risks = TypeVar("_Risks", RiskIndex, JointRisks)


def are_passable(search: LayerSearch, ends: Iterable[int]) -> bool:
    """Whether routes may run through all of some ends: none lies in a customer's premises."""
    return bool(search.complete.is_transit[search.nodes(ends)].all())


def part_ends(search: LayerSearch, ends: Collection[int]) -> LayerSearch:
    """Put a sink behind some ends, so that no two routes that are disjoint share an end.

    Parameters
    ----------
    search
        The layer.
    ends
        Places; if one of them lies in premises (see :func:`are_passable`), of two nodes only.
        A pair of routes to these two that has the premises on both routes is no pair: they are no
        node on the way, so that sharing them costs more than all else.

    Returns
    -------
    LayerSearch
        The same layer with one more node, the last, and an edge of no length to it from each end.
    """
    nodes = np.unique(search.nodes(ends))
    premises = nodes[~search.complete.is_transit[nodes]]
    if len(premises):
        search = _with_premises(search, premises)
    search = replace(search, judge=with_ends(search.judge, search.audit, search.layer, ends))
    reduced = search.reduced
    contraction = replace(
        reduced,
        graph=_with_sink(reduced.graph, nodes),
        node_of=np.append(reduced.node_of, np.int32(-1)),
        chains=_with_empty_rows(reduced.chains, len(nodes)),
    )
    return replace(
        search,
        reduced=contraction,
        risks=_risks_with_sink(search.risks, len(nodes)),
        joint=_risks_with_sink(search.joint, len(nodes)),
        complete=_with_sink(search.complete, nodes),
        is_usable=np.append(search.is_usable, np.ones(len(nodes), dtype=bool)),
        is_doubtful=np.append(search.is_doubtful, np.zeros(len(nodes), dtype=bool)),
        costs=_costs_with_sink(search.costs, len(nodes), premises),
        n_parted=len(nodes),
        premises=premises,
    )


def _with_premises(search: LayerSearch, premises: Ints) -> LayerSearch:
    """Let routes run through some premises, but not on the edges that only these own."""
    graph, private = search.complete, search.private
    theirs = private[np.isin(graph.edge_u[private], premises)
                     | np.isin(graph.edge_v[private], premises)]  # fmt: skip
    is_usable = search.is_usable.copy()
    is_usable[theirs] = False
    return replace(
        search,
        reduced=replace(search.reduced, graph=_passable(search.reduced.graph, premises)),
        complete=_passable(search.complete, premises),
        is_usable=is_usable,
    )


def _passable(graph: ArrayGraph, nodes: Ints) -> ArrayGraph:
    is_transit = graph.is_transit.copy()
    is_transit[nodes] = True
    return replace(graph, is_transit=is_transit)


def _with_sink(graph: ArrayGraph, ends: Ints) -> ArrayGraph:
    more = len(ends)
    return build_graph(
        graph.n_nodes + 1,
        np.append(graph.edge_u, ends),
        np.append(graph.edge_v, np.full(more, graph.n_nodes)),
        np.append(graph.length_m, np.zeros(more)),
        is_transit=np.append(graph.is_transit, np.zeros(1, dtype=bool)),
        is_node_enabled=np.append(graph.is_node_enabled, np.ones(1, dtype=bool)),
        is_edge_enabled=np.append(graph.is_edge_enabled, np.ones(more, dtype=bool)),
    )


def _costs_with_sink(costs: LayerCosts, n_ends: int, premises: Ints) -> LayerCosts:
    """Both routes through one end are no pair: that costs more than all else together."""
    known = costs.sharing
    never = 1.0 + float(known.risk_class.sum() + known.edge.sum() + known.node.sum())
    edge, node = np.append(known.edge, np.full(n_ends, never)), np.append(known.node, 0.0)
    node[premises] = never
    return replace(costs, sharing=SharingWeights(known.risk_class, edge, node))


def _with_empty_rows(rows: Rows, more: int) -> Rows:
    return Rows(np.append(rows.indptr, np.full(more, rows.indptr[-1])), rows.values)


def _risks_with_sink(risks: _Risks, n_ends: int) -> _Risks:
    return replace(
        risks,
        edge_classes=_with_empty_rows(risks.edge_classes, n_ends),
        node_classes=_with_empty_rows(risks.node_classes, 1),
    )
