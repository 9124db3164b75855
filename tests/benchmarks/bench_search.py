"""Single points, risk classes and shortest disjoint pairs of all sites, on the seeded province."""

from __future__ import annotations

import igraph
import networkx as nx
import numpy as np

from netgraph.datasets import example_columns
from netgraph.diversity.achievable.layers import build_layer
from netgraph.diversity.audit.run import audit_routes
from netgraph.diversity.rules import load_rules
from netgraph.diversity.search.disjoint_pairs import find_disjoint_pairs
from netgraph.diversity.search.risks import cutting_risks
from netgraph.diversity.search.single_points import find_single_points
from netgraph.inventory import from_columns
from netgraph.topology import build_network
from tests.benchmarks.table import Question, Timing, median_seconds, timed

_SAMPLE = 2


def questions() -> list[Question]:
    """Measure; what a user writes with NetworkX is sampled and says so."""
    network = build_network(from_columns(example_columns("province")))
    layer = build_layer(audit_routes(network, load_rules()), "spans")
    graph, circuits = layer.graph, network.circuits
    sinks = np.unique(layer.node_of_place[circuits.b[:1]])
    sources = np.unique(layer.node_of_place[circuits.a])
    sources = sources[~np.isin(sources, sinks)]
    points = find_single_points(graph, sinks)
    sources = sources[points.is_connected[sources]]
    user = nx.MultiGraph()
    user.add_edges_from(zip(graph.edge_u.tolist(), graph.edge_v.tolist(), strict=True))
    user.add_edges_from(("T", int(s)) for s in sinks)
    library = igraph.Graph(
        n=graph.n_nodes,
        edges=list(zip(graph.edge_u.tolist(), graph.edge_v.tolist(), strict=True)),
    )
    return [
        _single(graph, sinks, user, library),
        Question(
            "all risk classes that cut a site off, all sites",
            (
                Timing(
                    "netgraph",
                    median_seconds(lambda: cutting_risks(graph, sinks, layer.risks, sources)),
                    f"{layer.risks.n_classes:,} classes, {len(sources):,} sites",
                ),
            ),
        ),
        _pairs(graph, sinks, sources, points, user),
    ]


def _single(graph, sinks, user, library):
    simple = nx.Graph(user)
    return Question(
        "single points (spans and structures), all sites",
        (
            Timing("netgraph", median_seconds(lambda: find_single_points(graph, sinks))),
            Timing(
                "NetworkX articulation_points + bridges",
                timed(lambda: (list(nx.articulation_points(simple)), list(nx.bridges(user)))),
                "the elements only, not which site each cuts off",
            ),
            Timing(
                "igraph articulation_points + bridges",
                median_seconds(lambda: (library.articulation_points(), library.bridges())),
                "the elements only, not which site each cuts off",
            ),
        ),
    )


def _pairs(graph, sinks, sources, points, user):
    def ours():
        pairs = find_disjoint_pairs(graph, sinks, "node", points=points)
        return pairs.find_routes(sources)

    simple = nx.Graph(user)
    sample = sources[:: max(1, len(sources) // _SAMPLE)][:_SAMPLE].tolist()

    def theirs():
        for source in sample:
            list(nx.node_disjoint_paths(simple, source, "T", cutoff=2))

    return Question(
        "shortest node-disjoint pairs with paths, all sites",
        (
            Timing("netgraph", median_seconds(ours), f"{len(sources):,} sites"),
            Timing(
                "NetworkX node_disjoint_paths",
                timed(theirs) / len(sample) * len(sources),
                f"{len(sample)} sites, extrapolated; not the shortest pair",
            ),
        ),
    )
