"""On published networks the cuts and parts equal those of two independent libraries."""

from __future__ import annotations

import itertools
from pathlib import Path

import igraph
import networkx as nx
import pytest

from netgraph.diversity.plant.assess import assess_plant
from netgraph.diversity.plant.summary import find_cuts, plant_node_rows, plant_summary
from netgraph.errors import InputError
from netgraph.inventory.plant import read_plant_network

# Counted with another library after parallel spans were collapsed:
# nodes, spans, bridges, articulation points, components
KNOWN = {
    "Tanzania/NICTBB": (115, 134, 33, 29, 1),
    "South_Africa/BroadbandInfraco": (123, 134, 20, 22, 1),
    "Brazil/Eletronet": (162, 169, 7, 7, 1),
    "New_Zealand/Chorus": (45, 56, 3, 4, 2),
    "Angola/Angola_Telecom": (33, 40, 7, 6, 2),
    "Kenya/NOFBI": (102, 112, 57, 45, 1),
    "Kenya/JTL": (28, 27, 22, 19, 2),
    "Kenya/Liquid_Intelligent_Technologies": (18, 21, 4, 5, 1),
    "Kenya/BCS": (12, 11, 11, 9, 1),
    "Rwanda/Rwanda_National_Backbone": (52, 68, 40, 28, 12),
}
TOPOLOGIES = 29


@pytest.fixture(scope="module")
def networks(shared_data):
    folders = [shared_data / "ofds_networks" / name for name in KNOWN]
    files = sorted((shared_data / "topology_zoo").glob("*.gml"))
    assert len(files) == TOPOLOGIES
    return {path.name: read_plant_network(path) for path in (*folders, *files)}


def _busiest(network):
    ends = [*network.spans.from_nodes[network.spans.used]]
    return network.nodes.ids[max(set(ends), key=lambda row: (ends.count(row), row))]


@pytest.mark.parametrize("folder", KNOWN)
def test_known_figures_are_met(shared_data, folder):
    network = read_plant_network(shared_data / "ofds_networks" / folder)

    summary = plant_summary(assess_plant(network, [_busiest(network)]))

    assert (
        summary.nodes,
        summary.spans,
        summary.bridges,
        summary.articulation_points,
        summary.components,
    ) == KNOWN[folder]


def test_cuts_and_components_equal_those_of_networkx_and_igraph(networks):
    for name, network in networks.items():
        arrays = assess_plant(network, [_busiest(network)]).graph.arrays
        ends = list(zip(arrays.edge_u.tolist(), arrays.edge_v.tolist(), strict=True))
        subdivided = nx.Graph()
        subdivided.add_nodes_from(range(arrays.n_nodes))
        for edge, (a, b) in enumerate(ends):
            nx.add_path(subdivided, [a, ("span", edge), b])
        cuts = set(nx.articulation_points(subdivided))
        other = igraph.Graph(n=arrays.n_nodes, edges=ends)

        bridges, cut_nodes = find_cuts(arrays)

        assert {("span", edge) for edge in bridges} | set(cut_nodes) == cuts, name
        assert bridges.tolist() == sorted(other.bridges()), name
        assert cut_nodes.tolist() == sorted(other.articulation_points()), name
        summary = plant_summary(assess_plant(network, [_busiest(network)]))
        assert summary.components == len(other.connected_components()), name
        assert summary.bridges == len(other.bridges()), name


def test_routes_equal_maximum_flows(networks):
    operators = [Path(folder).name for folder in KNOWN]
    for name in (*operators, "Chinanet.gml", "Surfnet.gml"):
        network = networks[name]
        result = assess_plant(network, [_busiest(network)])
        centre = int(result.centres[0])
        arrays = result.graph.arrays
        n, ends = arrays.n_nodes, list(zip(arrays.edge_u, arrays.edge_v, strict=True))
        graph = igraph.Graph(n=n, edges=ends)
        # Every node as an edge from its entry to its exit, so that one route may pass it.
        through = [(node, n + node) for node in range(n)]
        along = [step for a, b in ends for step in ((n + a, b), (n + b, a))]
        split = igraph.Graph(n=2 * n, edges=through + along, directed=True)

        for row in range(arrays.n_nodes):
            if row == centre:
                continue
            flow = graph.edge_connectivity(source=row, target=centre)
            assert result.routes_link_disjoint[row] == min(2, flow), (name, row)
            apart = split.maxflow_value(n + row, centre)
            assert result.routes_node_disjoint[row] == min(2, apart), (name, row)


def test_no_row_is_lost_and_rows_are_sorted(networks):
    for network in networks.values():
        result = assess_plant(network, [_busiest(network)])
        rows = plant_node_rows(result)

        ids = [row.node_id for row in rows]
        assert ids == sorted(network.nodes.ids)
        spans = list(itertools.chain(*result.graph.span_rows))
        assert sorted(spans) == [row for row, used in enumerate(network.spans.used) if used]


def test_parallel_spans_of_angola_are_shown_apart_by_their_lines(networks):
    result = assess_plant(networks["Angola_Telecom"], [_busiest(networks["Angola_Telecom"])])

    assert all(len(rows) == 1 for rows in result.graph.span_rows)
    assert "ND955" not in {finding.rule for finding in result.findings}


def test_parallel_links_without_lines_are_one_route(networks):
    result = assess_plant(networks["Deltacom.gml"], [_busiest(networks["Deltacom.gml"])])

    assert sum(len(rows) - 1 for rows in result.graph.span_rows) == 22
    assert sum(finding.rule == "ND955" for finding in result.findings) == 22


def test_every_readable_example_is_answered_whatever_its_defects(shared_data):
    answered = 0
    for folder in ("ofds_standard/examples", "ofds_fixtures", "ofds_consolidation"):
        for path in sorted((shared_data / folder).rglob("*.*json")):
            try:
                network = read_plant_network(path)
            except InputError:
                continue
            result = assess_plant(network, [network.nodes.ids[0]])
            assert len(plant_node_rows(result)) == plant_summary(result).nodes
            answered += 1

    assert answered >= 60
