"""Files, folders and pairs of files: what they are is seen from the content."""

from __future__ import annotations

import json

import numpy as np
import pytest

from netgraph.errors import InputError
from netgraph.inventory.plant import read_plant_network


@pytest.fixture
def geojson(triangle):
    """The triangle as two feature collections: nodes and spans."""

    def feature(item, shape, **more):
        properties = {key: value for key, value in item.items() if key != shape} | more
        geometry = item.get(shape)
        return {"type": "Feature", "geometry": geometry, "properties": properties}

    by_id = {node["id"]: node for node in triangle["nodes"]}
    nodes = [feature(node, "location", featureType="node") for node in triangle["nodes"]]
    spans = [
        feature(span, "route", start=by_id[span["start"]], end=by_id[span["end"]])
        for span in triangle["spans"]
    ]
    return [{"type": "FeatureCollection", "features": features} for features in (nodes, spans)]


def _write(path, value, encoding="utf-8"):
    path.write_text(json.dumps(value, ensure_ascii=False), encoding=encoding)
    return path


def _problems(path):
    with pytest.raises(InputError) as caught:
        read_plant_network(path)
    assert all(str(path) in problem for problem in caught.value.problems)
    return caught.value.problems


@pytest.mark.parametrize("given", ["x_Nodes.geojson", "x_spans.geojson", ""])
def test_either_file_of_a_geojson_pair_or_its_folder_gives_the_network(
    tmp_path, geojson, read, triangle, given
):
    _write(tmp_path / "x_Nodes.geojson", geojson[0])
    _write(tmp_path / "x_spans.geojson", geojson[1])

    network = read_plant_network(tmp_path / given)

    (tmp_path / "x_Nodes.geojson").unlink()
    (tmp_path / "x_spans.geojson").unlink()
    expected = read(triangle)
    assert network.findings == expected.findings
    assert network.spans.from_nodes.tolist() == expected.spans.from_nodes.tolist()
    assert network.spans.geometry.tolist() == expected.spans.geometry.tolist()
    assert len(network.sources) == 2


def test_one_collection_may_hold_both_kinds(tmp_path, geojson):
    both = {"type": "FeatureCollection", "features": geojson[1]["features"]}
    both["features"] = geojson[0]["features"] + geojson[1]["features"]

    network = read_plant_network(_write(tmp_path / "network.geojson", both))

    assert (len(network.nodes), len(network.spans)) == (3, 3)


def test_a_projected_system_that_the_file_names_is_converted(tmp_path, geojson):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    metres = 111_319.490793
    for collection in geojson:
        collection["crs"] = crs
        for feature in collection["features"]:
            points = np.array(feature["geometry"]["coordinates"])
            feature["geometry"]["coordinates"] = (points * metres).tolist()
    _write(tmp_path / "nodes.geojson", geojson[0])

    network = read_plant_network(_write(tmp_path / "spans.geojson", geojson[1]))

    assert network.crs == "EPSG:4326"
    assert network.nodes.lon.tolist() == pytest.approx([0.0, 1.0, 0.0], abs=1e-6)
    assert not network.is_planar
    assert {finding.rule for finding in network.findings} == {"ND957"}


def test_a_lone_file_of_nodes_says_what_is_missing(tmp_path, geojson):
    (problem,) = _problems(_write(tmp_path / "x_nodes.geojson", geojson[0]))

    assert "there are nodes (3) but no spans" in problem


def test_a_page_of_an_answer_says_that_there_are_more(tmp_path, geojson):
    geojson[0]["links"] = {"next": "http://example.org/nodes?cursor=100"}

    (problem,) = _problems(_write(tmp_path / "answer.geojson", geojson[0]))

    assert "fetch the other pages" in problem


def test_a_document_goes_before_its_geojson_edition_in_the_same_folder(tmp_path, geojson, triangle):
    triangle["name"] = "The document"
    _write(tmp_path / "x_nodes.geojson", geojson[0])
    _write(tmp_path / "x_spans.geojson", geojson[1])
    _write(tmp_path / "x.json", {"networks": [triangle]})

    assert read_plant_network(tmp_path).name == "The document"


def test_a_folder_of_several_networks_asks_for_one_file(tmp_path, triangle):
    for name in ("one.json", "two.json"):
        _write(tmp_path / name, {"networks": [triangle]})

    (problem,) = _problems(tmp_path)

    assert "one.json, two.json" in problem


def test_a_network_alone_is_read_like_a_package(tmp_path, triangle):
    network = read_plant_network(_write(tmp_path / "network.json", triangle))

    assert network.nodes.ids.tolist() == ["A", "B", "C"]


def test_networks_that_use_the_same_ids_are_kept_apart(read, triangle, rules):
    other = json.loads(json.dumps(triangle)) | {"id": "N2"}
    other["spans"][0]["end"] = "Z"

    network = read(triangle, other)

    assert network.nodes.ids.tolist() == ["N1/A", "N1/B", "N1/C", "N2/A", "N2/B", "N2/C"]
    assert rules(network)["ND973"] == [""]
    assert rules(network)["ND951"] == ["N2/AB"]


def test_an_empty_network_in_a_package_is_a_finding(read, triangle, rules):
    assert rules(read(triangle, {"id": "N2", "nodes": []}))["ND974"] == [""]


@pytest.mark.parametrize("kind", ["File", "API"])
def test_nodes_and_spans_elsewhere_are_refused_with_their_addresses(tmp_path, kind):
    links = [
        {
            "href": f"http://example.org/{table}",
            "rel": f"tag:opentelecomdata.net,2022:{table}{kind}",
        }
        for table in ("nodes", "spans")
    ]

    problems = _problems(_write(tmp_path / "n.json", {"networks": [{"id": "1", "links": links}]}))

    assert "its nodes are not here but at http://example.org/nodes" in problems[0]
    assert "its spans are not here but at http://example.org/spans" in problems[1]


def test_repeated_ids_are_all_listed(tmp_path, triangle):
    triangle["nodes"].append({"id": "A"})
    triangle["spans"].append({"id": "AB"})

    problems = _problems(_write(tmp_path / "network.json", triangle))

    assert "nodes: 2 rows have the id 'A'" in problems[0]
    assert "spans: 2 rows have the id 'AB'" in problems[1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"networks": [', "line 1 column 15"),
        (b'{"networks": 7}', "networks is 7; a list was expected"),
        (b'{"networks": []}', "there is no network in it"),
        (b'{"networks": ["one"]}', "network 1 is 'one'"),
        (b'{"networks": [{"id": "1", "nodes": 3}]}', "nodes is 3; a list was expected"),
        (b'{"networks": [{"id": "1", "nodes": [3]}]}', r"nodes\[0\] is 3; an object"),
        (b'{"nodes": [{"id": "1"}]}', "a page of nodes without spans"),
        (b'{"spans": [{"id": "1"}]}', "a page of spans without nodes"),
        (b'{"codelist": []}', "is JSON, but not a network"),
        (b"[" * 100_000, "not valid JSON|nested too deeply"),
        (b'{"type": "FeatureCollection", "features": []}', "there are no features"),
        (b'{"type": "FeatureCollection", "features": [1]}', "a feature is 1"),
        (b"PK\x03\x04\xff\xff\xfe\xfd", "neither UTF-8 nor GB 18030|not a network"),
        (b"a;b;c\n", "is not a network that can be read"),
        (b"", "not valid JSON|is not a network that can be read"),
    ],
)
@pytest.mark.parametrize("name", ["network.json", "network"])
def test_what_is_no_network_is_refused_in_one_sentence(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    if name == "network.json" and content.startswith((b"a;", b"PK")):
        message = "not valid JSON|neither UTF-8"

    with pytest.raises(InputError, match=message):
        read_plant_network(path)


def test_a_missing_file_is_refused(tmp_path):
    (problem,) = _problems(tmp_path / "nowhere.json")

    assert "no such file or folder" in problem


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_names_are_read_in_the_encodings_that_occur(tmp_path, triangle, encoding):
    triangle["nodes"][0]["name"] = "太原市中心局"

    network = read_plant_network(_write(tmp_path / "network.json", triangle, encoding))

    assert network.nodes.names[0] == "太原市中心局"
    assert network.sources[0].encoding == ("utf-8-sig" if encoding == "utf-8" else encoding)


def test_an_unknown_reference_system_is_refused(tmp_path, triangle):
    triangle["crs"] = {"name": "the local one"}

    (problem,) = _problems(_write(tmp_path / "network.json", triangle))

    assert "the local one" in problem


def test_csv_files_with_paths_for_columns_are_read(tmp_path):
    (tmp_path / "nodes.csv").write_text(
        "id,nodes/0/id,nodes/0/name,nodes/0/location\n"
        "N,1,Accra,POINT (-0.174 5.625)\nN,2,Kumasi,POINT (-1.628 6.711)\n",
        encoding="utf-8",
    )
    (tmp_path / "spans.csv").write_text(
        "id,spans/0/id,spans/0/start,spans/0/end,spans/0/route,spans/0/fibreLength\n"
        'N,1,1,2,"LINESTRING (-0.174 5.625, -1.628 6.711)",276000\n',
        encoding="utf-8",
    )

    network = read_plant_network(tmp_path)

    assert network.nodes.names.tolist() == ["Accra", "Kumasi"]
    assert network.spans.length_m.tolist() == [276_000.0]
    assert network.spans.used.all()


def test_a_first_page_of_a_network_is_read_with_a_warning(tmp_path, triangle, rules):
    document = {"networks": [triangle], "links": {"next": "http://example.org/?cursor=100"}}

    network = read_plant_network(_write(tmp_path / "network.json", document))

    assert rules(network)["ND974"] == [""]
    assert len(network.nodes) == 3
