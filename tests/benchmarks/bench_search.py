"""Single points, risk classes and shortest disjoint pairs of all sites, on the seeded province."""

from __future__ import annotations

from typing import NamedTuple

import igraph
import networkx as nx
import numpy as np

from netgraph.diversity.search.disjoint_pairs import find_disjoint_pairs
from netgraph.diversity.search.graph import build_graph
from netgraph.diversity.search.risks import cutting_risks
from netgraph.diversity.search.single_points import find_single_points
from tests.benchmarks.table import Question, Timing, median_seconds, timed

_SITES, _COUNTED_SITES, _CLASSES = 2, 20, 20
_SIDE_BY_SIDE = 10


class _Case(NamedTuple):
    """A layer as arrays, as a graph of NetworkX with the sink "T", and as one of igraph."""

    graph: object
    sinks: object
    sources: object
    user: nx.MultiGraph
    peer: igraph.Graph
    risks: object


def questions(province):
    """Measure; what is too slow to be run for all sites is sampled and says so."""
    case = _case(province, province.spans)
    classes = _classes(_case(province, province.cables))
    return [_single(case), classes, _pairs(case), *_ten(case)]


def _case(province, layer):
    circuits = province.network.circuits
    graph = layer.graph
    sinks = np.unique(layer.node_of_place[circuits.b[:1]])
    sources = np.unique(layer.node_of_place[circuits.a])
    sources = sources[~np.isin(sources, sinks)]
    sources = sources[find_single_points(graph, sinks).is_connected[sources]]
    ends = list(zip(graph.edge_u.tolist(), graph.edge_v.tolist(), strict=True))
    user = nx.MultiGraph()
    user.add_edges_from(ends)
    user.add_edges_from(("T", int(s)) for s in sinks)
    peer = igraph.Graph(n=graph.n_nodes + 1, edges=ends)
    peer.add_edges([(graph.n_nodes, int(s)) for s in sinks])
    return _Case(graph, sinks, sources, user, peer, layer.risks)


def _single(case):
    simple = nx.Graph(case.user)
    return Question(
        f"single points (spans and structures) of {len(case.sources):,} sites",
        (
            Timing("netgraph", median_seconds(lambda: find_single_points(case.graph, case.sinks)),
                   "for each site, in order from it"),
            Timing("NetworkX articulation_points + bridges",
                   timed(lambda: (list(nx.articulation_points(simple)),
                                  list(nx.bridges(case.user)))),
                   "the elements only, not which site each cuts off"),
            Timing("igraph articulation_points + bridges",
                   median_seconds(lambda: (case.peer.articulation_points(),
                                           case.peer.bridges())),
                   "the elements only, not which site each cuts off"),
        ),
    )  # fmt: skip


def _classes(case):
    graph, risks = case.graph, case.risks
    n_drawn = min(_CLASSES, risks.n_classes)
    drawn = np.random.default_rng(1).choice(risks.n_classes, n_drawn, replace=False)
    edges, nodes = _members(risks, drawn)
    whole = risks.n_classes / n_drawn

    def with_networkx():
        for cut_edges, cut_nodes in zip(edges, nodes, strict=True):
            rest = case.user.copy()
            rest.remove_edges_from((int(graph.edge_u[e]), int(graph.edge_v[e])) for e in cut_edges)
            rest.remove_nodes_from(cut_nodes)
            nx.node_connected_component(rest, "T")

    def with_igraph():
        for cut_edges, cut_nodes in zip(edges, nodes, strict=True):
            rest = case.peer.copy()
            rest.delete_edges([*cut_edges, *(e for v in cut_nodes for e in rest.incident(v))])
            rest.subcomponent(graph.n_nodes)

    note = f"{n_drawn} classes, extrapolated"
    return Question(
        f"which of {risks.n_classes:,} risk classes cut which of {len(case.sources):,} sites off",
        (
            Timing("netgraph", median_seconds(
                lambda: cutting_risks(graph, case.sinks, risks, case.sources)
            )),
            Timing("NetworkX, a component without each class", timed(with_networkx) * whole, note),
            Timing("igraph, a component without each class", timed(with_igraph) * whole, note),
        ),
    )  # fmt: skip


def _members(risks, classes):
    """Edges and nodes of some risk classes."""
    by_class = [[np.empty(0, dtype=int)] * 2 for _ in classes]
    for k, rows in enumerate((risks.edge_classes, risks.node_classes)):
        owner = np.repeat(np.arange(len(rows)), np.diff(rows.indptr))
        for i, number in enumerate(classes):
            by_class[i][k] = owner[rows.values == number]
    return [m[0].tolist() for m in by_class], [m[1].tolist() for m in by_class]


def _pairs(case):
    points = find_single_points(case.graph, case.sinks)
    simple, sources = nx.Graph(case.user), case.sources
    few = sources[:: max(1, len(sources) // _SITES)][:_SITES].tolist()
    some = sources[:: max(1, len(sources) // _COUNTED_SITES)][:_COUNTED_SITES].tolist()

    def with_networkx():
        for source in few:
            list(nx.node_disjoint_paths(simple, source, "T", cutoff=2))

    def with_igraph():
        for source in some:
            case.peer.vertex_connectivity(source, case.graph.n_nodes, neighbors="ignore")

    return Question(
        f"shortest node-disjoint pairs with paths, {len(sources):,} sites",
        (
            Timing("netgraph", median_seconds(lambda: _find_pairs(case.graph, case.sinks, sources,
                                                                  points)),
                   "beyond what no pair can avoid; single points known"),
            Timing("NetworkX node_disjoint_paths", timed(with_networkx) / len(few) * len(sources),
                   f"{len(few)} sites, extrapolated; not the shortest pair"),
            Timing("igraph vertex_connectivity", timed(with_igraph) / len(some) * len(sources),
                   f"{len(some)} sites, extrapolated; how many, without paths"),
        ),
    )  # fmt: skip


def _find_pairs(graph, sinks, sources, points):
    return find_disjoint_pairs(graph, sinks, "node", points=points).find_routes(sources)


def _ten(case):
    """Copies of the province side by side, their centres joined in one sink."""
    graph, times = case.graph, _SIDE_BY_SIDE
    shift = np.repeat(np.arange(times) * graph.n_nodes, graph.n_edges)
    ten = build_graph(
        times * graph.n_nodes,
        np.tile(graph.edge_u, times) + shift,
        np.tile(graph.edge_v, times) + shift,
        np.tile(graph.length_m, times),
        is_transit=np.tile(graph.is_transit, times),
    )
    one = build_graph(
        graph.n_nodes, graph.edge_u, graph.edge_v, graph.length_m, is_transit=graph.is_transit
    )
    sinks, sources = (
        (np.arange(times)[:, None] * graph.n_nodes + nodes).ravel()
        for nodes in (case.sinks, case.sources)
    )
    yield _against_one(
        "single points",
        lambda: find_single_points(ten, sinks),
        lambda: find_single_points(one, case.sinks),
    )
    points, points_of_one = find_single_points(ten, sinks), find_single_points(one, case.sinks)
    yield _against_one(
        "shortest node-disjoint pairs with paths",
        lambda: _find_pairs(ten, sinks, sources, points),
        lambda: _find_pairs(one, case.sinks, case.sources, points_of_one),
    )


def _against_one(name, ten, one):
    seconds, single = median_seconds(ten), median_seconds(one)
    note = f"{seconds / single:.1f} times one province"
    return Question(
        f"{_SIDE_BY_SIDE} provinces side by side: {name}", (Timing("netgraph", seconds, note),)
    )
