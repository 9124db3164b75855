"""GML topologies, with the defects that stop other readers."""

from __future__ import annotations

import networkx as nx
import pytest

from netgraph.errors import InputError
from netgraph.inventory.plant import read_plant_network
from netgraph.inventory.plant.gml_text import parse_gml

RING = """
Creator "by hand"   # a comment
graph [
  label "Ring &amp; spur"
  node [ id 0 label "Xi'an" Longitude 108.9 Latitude 34.3 ]
  node [ id 1 label "Xi'an" Longitude -1.5e2 Latitude 35.0 type "Blue" ]
  node [ id 2 label "None" hyperedge 1 ]
  node [ id 3 label "Caf&#233;" Longitude 110.0 Latitude 35.0 ]
  edge [ source 0 target 1 LinkLabel "a" ]
  edge [ source 0 target 1 LinkLabel "b" ]
  edge [ source 1 target 2 LinkStatus "Planned" LinkType "Microwave" ]
  edge [ source 3 target 9 ]
]
"""


@pytest.fixture
def ring(tmp_path):
    path = tmp_path / "ring.gml"
    path.write_text(RING, encoding="utf-8")
    return read_plant_network(path)


def test_nodes_are_known_by_id_and_labels_may_repeat(ring):
    assert ring.name == "Ring & spur"
    assert ring.nodes.ids.tolist() == ["0", "1", "2", "3"]
    assert ring.nodes.names.tolist() == ["Xi'an", "Xi'an", "", "Café"]
    assert ring.nodes.lon[:2].tolist() == [108.9, -150.0]


def test_parallel_links_are_kept_with_ids_of_their_own(ring):
    assert ring.spans.ids.tolist() == ["0-1", "0-1#2", "1-2", "3-9"]
    assert ring.spans.used.tolist() == [True, True, False, False]
    assert ring.spans.media[2] == "Microwave"


def test_the_defects_of_the_topology_are_named(ring, rules):
    found = rules(ring)

    assert found["ND951"] == ["3-9"]
    assert found["ND958"] == ["1-2"]
    assert found["ND960"] == [""]
    assert found["ND963"] == ["2"]
    assert found["ND966"] == ["2"]
    assert found["ND967"] == ["0", "1"]
    assert found["ND977"] == ["2"]


def test_x_and_y_are_plane_coordinates(tmp_path, rules):
    path = tmp_path / "plane.gml"
    path.write_text(
        "graph [ node [ id 1 x 0 y 0 ] node [ id 2 x 3 y 4 ] edge [ source 1 target 2 ] ]"
    )

    network = read_plant_network(path)

    assert network.is_planar
    assert rules(network)["ND964"] == [""]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("graph [\n node [ id 0 ]", "line 2: the file ends within a list"),
        ("graph [\n node [ id ] ]", r"line 2: '\]' where a value"),
        ("graph [ [ ] ]", r"'\[' without a key"),
        ("graph [ node [ id 0 ] ] ]", r"'\]' where"),
        ("graph [ node [ id @ ] ]", "cannot read '@"),
        ("graph [ 7 ]", "'7' without a key"),
        ("graph [ ]", "the graph has no nodes"),
        ('graph [ node [ label "a" ] ]', "none of the nodes has an id"),
        ("graph [ node [ id 1 ] node [ id 1 ] ]", "2 rows have the id '1'"),
        ("graph [ node [ id 1 ] ] graph [ node [ id 1 ] ]", "there are 2 graphs"),
        ("graph " + "[ a " * 1000, "without a key"),
    ],
)
def test_what_is_no_gml_is_refused_with_its_line(tmp_path, text, message):
    path = tmp_path / "broken.gml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match=message) as caught:
        read_plant_network(path)

    assert str(path) in str(caught.value)


def test_the_parser_agrees_with_an_independent_one_on_every_published_topology(shared_data):
    for path in sorted((shared_data / "topology_zoo").glob("*.gml")):
        text = path.read_text(encoding="utf-8")
        flagged = text.replace("graph [", "graph [\n  multigraph 1", 1)
        expected = nx.parse_gml(flagged, label="id")

        (graph,) = (value for key, value in parse_gml(text) if key == "graph")
        nodes = [dict(value) for key, value in graph if key == "node"]
        links = [dict(value) for key, value in graph if key == "edge"]

        assert {node["id"]: node.get("label") for node in nodes} == dict(
            expected.nodes(data="label")
        )
        assert sorted(sorted((link["source"], link["target"])) for link in links) == sorted(
            sorted(ends) for ends in expected.edges()
        )
