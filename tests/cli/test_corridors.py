"""`netgraph corridors` end to end, and groups that one disk hits, at the public names."""

from __future__ import annotations

import json
from itertools import combinations, permutations

import networkx as nx
import numpy as np
import pytest
import shapely
from commands import SHARED, read_rows, write_rows
from pyproj import Proj
from shapely import LineString

import netgraph as ng
from netgraph.errors import InputError, UsageError

KENYA = SHARED / "ofds_networks" / "Kenya"
OPERATORS = ("BCS", "JTL", "Liquid_Intelligent_Technologies", "NOFBI")
REGIONAL = SHARED / "srlg_regional"
COLUMNS = ["span_id", "length_m", "shared_m", "other_span_ids", "geometry", "left_out"]
published = pytest.mark.skipif(not KENYA.exists(), reason="the published networks are not here")
lists = pytest.mark.skipif(not REGIONAL.exists(), reason="the published lists are not here")
KM = 0.01  # of a degree at the equator: 1,113 m of longitude


def ofds(path, name, places, spans):
    """Write an invented network: places by name, spans as (id, from, to, line or None, status)."""
    rows = []
    for identifier, start, end, line, status in spans:
        row = {"id": identifier, "start": start, "end": end, "status": status}
        if line is not None:
            row["route"] = {"type": "LineString", "coordinates": line}
        rows.append(row)
    nodes = [
        {"id": k, "name": k, "location": {"type": "Point", "coordinates": list(place)}}
        for k, place in places.items()
    ]
    network = {"id": name, "name": name, "nodes": nodes, "spans": rows}
    path.write_text(json.dumps({"networks": [network]}), "utf-8")
    return path


@pytest.fixture
def two(tmp_path):
    r"""Two invented networks on the equator, one unit 1.1 km; the second 22 m north of the first.

    ::

        first    A ===a1=== B ---a2--- C ...a3... D     a3 has no line, a4 is only planned
        second        P=====b1=====Q                    above a1 and part of a2, 22 m away
                                              R         b2 crosses a3
                                              S
    """
    places = {"A": (0, 0), "B": (2 * KM, 0), "C": (4 * KM, 0), "D": (6 * KM, 0)}
    spans = [
        ("a1", "A", "B", [[0, 0], [2 * KM, 0]], "operational"),
        ("a2", "B", "C", [[2 * KM, 0], [4 * KM, 0]], "operational"),
        ("a3", "C", "D", None, "operational"),
        ("a4", "A", "D", [[0, 0], [6 * KM, 0]], "proposed"),
    ]
    first = ofds(tmp_path / "first.json", "first", places, spans)
    north = 0.0002
    places = {
        "P": (KM, north), "Q": (3 * KM, north), "R": (5 * KM, KM), "S": (5 * KM, -KM),
    }  # fmt: skip
    spans = [
        ("b1", "P", "Q", [[KM, north], [3 * KM, north]], "operational"),
        ("b2", "R", "S", [[5 * KM, KM], [5 * KM, -KM]], "operational"),
    ]
    return first, ofds(tmp_path / "second.json", "second", places, spans)


def test_every_span_says_how_much_of_it_is_shared_with_whom(netgraph, two, tmp_path):
    out = tmp_path / "out"

    outcome = netgraph("corridors", *two, "--within", 25, "-o", out)

    assert outcome.code == 0
    rows = read_rows(out / "tables" / "corridors.csv")
    assert list(rows[0]) == COLUMNS
    a1, a2, a3, a4 = rows
    unit_m = 1113.195  # of 0.01 degrees on the equator (WGS 84)
    assert float(a1["length_m"]) == pytest.approx(2 * unit_m, abs=0.5)
    along_m = (25.0**2 - (0.0002 * 110_574) ** 2) ** 0.5  # beyond the end of the other line
    assert float(a1["shared_m"]) == pytest.approx(unit_m + along_m, abs=0.5)
    assert float(a2["shared_m"]) == pytest.approx(unit_m + along_m, abs=0.5)
    assert (a1["other_span_ids"], a3["other_span_ids"]) == ("b1", "b2")
    assert [row["geometry"] for row in rows[:3]] == ["recorded", "recorded", "assumed"]
    assert float(a3["shared_m"]) == pytest.approx(50.0, abs=0.1)
    assert (a4["length_m"], a4["shared_m"]) == ("", "")
    assert "proposed" in a4["left_out"]
    assert "of the shared metres on assumed straight lines" in outcome.out


def test_the_summary_adds_the_rows_up(netgraph, two, tmp_path):
    out = tmp_path / "out"
    netgraph("corridors", *two, "--within", 25, "-o", out)

    summary = json.loads((out / "summary.json").read_text("utf-8"))
    rows = read_rows(out / "tables" / "corridors.csv")
    for figure, column in (("total_m", "length_m"), ("shared_m", "shared_m")):
        assert summary[figure] == pytest.approx(sum(float(r[column] or 0) for r in rows), abs=0.2)
    assert summary["assumed_shared_m"] == pytest.approx(50.0, abs=0.1)
    assert (summary["spans"], summary["spans_measured"], summary["spans_shared"]) == (4, 3, 3)
    assert (out / "maps" / "corridors.png").read_bytes().startswith(b"\x89PNG")
    assert (out / "tables" / "findings.csv").exists()
    run = json.loads((out / "run.json").read_text("utf-8"))
    assert (len(run["inputs"]), run["options"]) == (2, {"within_m": 25.0})


def test_a_second_run_writes_the_same_bytes_and_the_map_in_chinese(netgraph, two, tmp_path):
    for name in ("one", "two"):
        outcome = netgraph("corridors", *two, "--within", 25, "-o", tmp_path / name, "--lang", "zh")
        assert "同走廊" in outcome.out
    for file in ("tables/corridors.csv", "summary.json", "maps/corridors.png"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_an_inventory_may_be_one_of_the_networks(netgraph, twin_ring, two, tmp_path):
    outcome = netgraph("corridors", twin_ring, twin_ring, "--within", 5, "-o", tmp_path / "out")
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert outcome.code == 0
    assert summary["shared_m"] == summary["total_m"] > 0, "a network shares all with itself"

    outcome = netgraph("corridors", two[0], twin_ring, "--within", 5, "-o", tmp_path / "far")
    assert outcome.code == 0
    summary = json.loads((tmp_path / "far" / "summary.json").read_text("utf-8"))
    assert summary["shared_m"] == 0.0
    assert summary["total_m"] == pytest.approx(6 * 1113.195, abs=0.5), "not bent by what is far"


def test_a_network_without_any_place_shares_nothing_that_could_be_told(
    netgraph, two, twin_ring, tmp_path
):
    for table, columns in (
        ("spans", ["geometry"]), ("structures", ["lon", "lat"]),
        ("sites", ["lon", "lat"]), ("offices", ["lon", "lat"]),
    ):  # fmt: skip
        rows = read_rows(twin_ring / f"{table}.csv")
        write_rows(twin_ring / f"{table}.csv", [row | dict.fromkeys(columns, "") for row in rows])
    outcome = netgraph("corridors", twin_ring, two[0], "--within", 50, "-o", tmp_path / "out")

    assert outcome.code == 0
    assert "shared (within 50 m): undecidable" in outcome.out
    assert "%" not in outcome.out
    rows = read_rows(tmp_path / "out" / "tables" / "corridors.csv")
    assert {row["shared_m"] for row in rows} == {""}


@pytest.mark.parametrize(
    ("within", "told"), [("0", "above 0"), ("-3", "above 0"), ("nan", "above 0")]
)
def test_a_distance_that_is_none_is_refused(netgraph, two, tmp_path, within, told):
    outcome = netgraph("corridors", *two, "--within", within, "-o", tmp_path / "out")

    assert outcome.code == 2
    assert told in outcome.err
    assert not (tmp_path / "out").exists()


def test_a_plane_and_the_earth_cannot_be_compared(netgraph, two, tmp_path):
    nodes = "  node [ id 1 x 9000.0 y 9000.0 ]\n  node [ id 2 x 9900.0 y 9000.0 ]\n"
    flat = tmp_path / "flat.gml"
    flat.write_text(f"graph [\n{nodes}  edge [ source 1 target 2 ]\n]\n", "utf-8")

    outcome = netgraph("corridors", two[0], flat, "--within", 5, "-o", tmp_path / "out")

    assert outcome.code == 2
    assert "plane coordinates" in outcome.err


def metres_after_shapely(line, others, within_m):
    """Shared metres of a line after buffers, some kilometres at a time in a plane of their own."""
    corners = shapely.get_coordinates(shapely.segmentize(line, 0.01))
    total_m = 0.0
    for first in range(0, len(corners) - 1, 8):
        stretch = LineString(corners[first : first + 9])
        box = shapely.box(*stretch.bounds).buffer(0.003)
        near = shapely.intersection(shapely.union_all(others), box)
        if near.is_empty:
            continue
        plane = Proj(f"+proj=laea +lon_0={stretch.centroid.x} +lat_0={stretch.centroid.y}")
        flat = [
            shapely.transform(
                shapely.segmentize(part, 0.001), lambda p, q=plane: np.column_stack(q(*p.T))
            )
            for part in (stretch, near)
        ]
        total_m += flat[0].intersection(flat[1].buffer(within_m, 64)).length
    return total_m


@published
def test_kenyas_operators_share_what_buffers_find(netgraph, tmp_path):
    ours, theirs = (ng.read_plant_network(KENYA / name) for name in ("BCS", "JTL"))
    out = tmp_path / "out"
    netgraph("corridors", KENYA / "BCS", KENYA / "JTL", "--within", 50, "-o", out)
    lines = dict(zip(ours.spans.ids, ours.spans.geometry, strict=True))
    rows = read_rows(out / "tables" / "corridors.csv")
    assert len(rows) == len(lines)
    for row in rows:
        expected_m = metres_after_shapely(lines[row["span_id"]], theirs.spans.geometry, 50.0)
        assert float(row["shared_m"]) == pytest.approx(expected_m, abs=0.5)


@published
def test_all_pairs_of_kenyas_operators_agree_on_whom_they_meet():
    networks = {name: ng.read_plant_network(KENYA / name) for name in OPERATORS}
    found = {
        pair: ng.shared_corridors(networks[pair[0]], networks[pair[1]], 50.0)
        for pair in permutations(OPERATORS, 2)
    }
    for (a, b), answer in found.items():
        back = found[b, a]
        there = {(r.span_id, o) for r in answer.rows for o in r.other_span_ids.split(";") if o}
        again = {(o, r.span_id) for r in back.rows for o in r.other_span_ids.split(";") if o}
        assert there == again
        assert there
        assert all(
            row.shared_m is None or 0.0 <= row.shared_m <= row.length_m + 1e-6
            for row in answer.rows
        )
        assert "km within 50 m" in answer._repr_html_()
        table = answer.corridors
        assert table["shared_m"].is_monotonic_decreasing or table["shared_m"].isna().any()


@lists
@pytest.mark.parametrize("path", sorted(REGIONAL.glob("*.lgf")), ids=lambda path: path.stem)
def test_regional_groups_are_the_published_lists(path):
    """Computed from the nodes and straight links alone; Tapolcai et al., INFOCOM 2017."""
    network = ng.read_plant_network(path)
    ids = network.spans.ids
    expected = {frozenset(ids[list(group.spans)]) for group in network.risk_groups}
    radius = int(path.stem.partition("_")[0][1:])

    assert ng.regional_risk_groups(network, radius) == expected


@lists
@pytest.mark.parametrize("radius", [50, 100, 200])
def test_pairs_that_no_published_disk_cuts_share_no_group(netgraph, tmp_path, radius):
    """The risk verdict of `diversity` on a published list, checked route by route."""
    path = REGIONAL / f"r{radius}_16_optic_pan_eu.lgf"
    network = ng.read_plant_network(path)
    out = tmp_path / "out"

    outcome = netgraph("diversity", path, "--centre", "0", "-o", out)

    assert outcome.code == 0
    rows = {row["node_id"]: row for row in read_rows(out / "tables" / "nodes.csv")}
    verdicts = {node: row["risk_verdict"] for node, row in rows.items() if row["risk_verdict"]}
    assert set(verdicts) == set(network.nodes.ids) - {"0"}
    assert set(verdicts.values()) <= {"pair", "none"}, "networks so small are decided"
    for node, verdict in verdicts.items():
        assert verdict == ("pair" if has_pair(network, node, "0") else "none"), node


def has_pair(network, source, target):
    """Whether two routes have no span, inner node or group in common; by listing all routes."""
    spans, ids = network.spans, network.nodes.ids
    graph = nx.MultiGraph()
    for row, span in enumerate(spans.ids):
        ends = ids[spans.from_nodes[row]], ids[spans.to_nodes[row]]
        graph.add_edge(*ends, key=row, span=span)
    groups = {row: set() for row in range(len(spans))}
    for number, group in enumerate(network.risk_groups):
        for row in group.spans:
            groups[row].add(("group", number))
    used = []
    for edges in nx.all_simple_edge_paths(graph, source, target):
        parts = {("span", row) for _, _, row in edges}
        parts |= {("node", node) for edge in edges for node in edge[:2]} - {
            ("node", source), ("node", target),
        }  # fmt: skip
        used.append(parts.union(*(groups[row] for _, _, row in edges)))
    return any(a.isdisjoint(b) for a, b in combinations(used, 2))


def test_a_disk_hits_what_it_touches_and_spans_without_lines_run_straight(two):
    first = ng.read_plant_network(two[0])
    assert ng.regional_risk_groups(first, 600.0) == {
        frozenset({"a1", "a2"}), frozenset({"a2", "a3"}),
    }  # fmt: skip
    assert ng.regional_risk_groups(first, 1200.0) == {frozenset({"a1", "a2", "a3"})}


def test_the_plant_of_an_inventory_has_regional_groups_too(twin_ring):
    inventory = ng.read_inventory(twin_ring)
    groups = ng.regional_risk_groups(inventory, 100.0)
    spans = set(inventory.table("spans")["id"])
    assert set().union(*groups) == spans
    assert not any(a < b for a in groups for b in groups)


@pytest.mark.parametrize("radius", [0, -1.0, float("nan"), float("inf")])
def test_a_disk_without_a_radius_is_refused(two, radius):
    with pytest.raises(UsageError, match="radius"):
        ng.regional_risk_groups(ng.read_plant_network(two[0]), radius)


def test_a_lemon_graph_names_its_line_when_something_is_wrong(tmp_path):
    path = tmp_path / "net.lgf"
    head = "@nodes\nlabel coords\n0 (0,0)\n1 (300,400)\n@edges\n label\n0 1 7\n"
    path.write_text(head + "@srlgs\n7\n7 8\n", "utf-8")
    with pytest.raises(InputError, match=r"net\.lgf: line 10: no edge has the label 8"):
        ng.read_plant_network(path)
    path.write_text(head, "utf-8")
    network = ng.read_plant_network(path)
    assert network.is_planar
    assert (network.has_risk_records, list(network.spans.ids)) == (False, ["7"])
    path.write_text("@edges\n label\n0 1 7\n", "utf-8")
    with pytest.raises(InputError, match="@nodes is missing"):
        ng.read_plant_network(path)
