"""`netgraph diversity` end to end, on files made here and on published networks."""

from __future__ import annotations

import json

import networkx as nx
import pytest
from commands import SHARED, read_rows

from netgraph.assessment import plant
from netgraph.diversity.plant.routes import many_routes_rows
from netgraph.inventory.plant import read_plant_network

COLUMNS = (
    "node_id,name,routes_link_disjoint,routes_node_disjoint,single_points,shortest_m,"
    "link_pair_m,node_pair_m"
)
COUNTS = {
    "nodes", "spans", "spans_used", "components", "bridges", "articulation_points", "isolated",
    "self_loops", "dangling", "duplicates", "nodes_below_2_link_disjoint",
    "nodes_below_2_node_disjoint", "nodes_without_centre", "risk_verdicts",
}  # fmt: skip


def read_nodes(out):
    return read_rows(out / "tables" / "nodes.csv")


@pytest.fixture
def ofds(tmp_path):
    """An invented network in the Open Fibre Data Standard.

    ::

        A ---- B ---- D ---- E          F (isolated)
         \\    /              \\
          \\  /                X?  (a span to a node that is not there)
           C

    A is the centre; B and C lie on a ring with it, D and E hang on the bridge B-D.
    """
    places = {"A": (0, 0), "B": (1, 0), "C": (0.5, 1), "D": (2, 0), "E": (3, 0), "F": (5, 5)}
    nodes = [
        {"id": name, "name": f"Node {name}", "location": {"type": "Point", "coordinates": place}}
        for name, place in places.items()
    ]
    spans = [
        {"id": f"s-{a}{b}", "start": a, "end": b} for a, b in ("AB", "BC", "AC", "BD", "DE", "EX")
    ]
    file = tmp_path / "network.json"
    network = {"id": "n1", "name": "invented", "nodes": nodes, "spans": spans}
    file.write_text(json.dumps({"networks": [network]}), "utf-8")
    return file


def test_a_fibre_network_is_answered_node_by_node(netgraph, ofds, tmp_path):
    out = tmp_path / "out"

    outcome = netgraph("diversity", ofds, "--centre", "Node A", "-o", out)

    assert outcome.code == 0
    heading = (out / "tables" / "nodes.csv").read_bytes().split(b"\n")[0]
    assert heading == b"\xef\xbb\xbf" + COLUMNS.encode()
    routes = {
        row["node_id"]: (row["routes_link_disjoint"], row["routes_node_disjoint"])
        for row in read_nodes(out)
    }
    two, one, none = ("2", "2"), ("1", "1"), ("0", "0")
    assert routes == {"A": two, "B": two, "C": two, "D": one, "E": one, "F": none}
    findings = read_rows(out / "tables" / "findings.csv")
    assert "s-EX" in {row["row_id"] for row in findings}
    assert "F" in {row["row_id"] for row in findings}
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert summary.keys() == COUNTS
    assert (summary["nodes"], summary["bridges"], summary["isolated"]) == (6, 2, 1)
    assert summary["nodes_below_2_link_disjoint"] == 2
    assert summary["nodes_without_centre"] == 1
    assert summary["risk_verdicts"] is None, "no risks are recorded"
    assert (out / "maps" / "plant.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((out / "run.json").read_text("utf-8"))["options"]["centres"] == ["A"]


def test_two_centres_count_as_one_end(netgraph, ofds, tmp_path):
    netgraph("diversity", ofds, "--centre", "A", "--centre", "E", "-o", tmp_path / "out")

    rows = {row["node_id"]: row for row in read_nodes(tmp_path / "out")}
    assert rows["D"]["routes_node_disjoint"] == "2"


def test_a_gml_topology_is_answered_too(netgraph, tmp_path):
    """A square of towns, and a fifth that hangs on one of them."""
    graph = nx.cycle_graph([f"Town {number}" for number in range(4)])
    graph.add_edge("Town 3", "Town 4")
    for number, town in enumerate(graph):
        graph.nodes[town].update(Longitude=float(number), Latitude=1.0)
    file, out = tmp_path / "net.gml", tmp_path / "out"
    nx.write_gml(graph, file)

    outcome = netgraph("diversity", file, "--centre", "town 0", "-o", out)

    assert outcome.code == 0
    routes = {row["name"]: row["routes_link_disjoint"] for row in read_nodes(out)}
    assert (routes["Town 2"], routes["Town 4"]) == ("2", "1")


def test_the_spans_of_an_inventory_are_answered_by_the_same_rule(netgraph, twin_ring, tmp_path):
    outcome = netgraph("diversity", twin_ring, "--centre", "K", "-o", tmp_path / "out")

    rows = {row["node_id"]: row for row in read_nodes(tmp_path / "out")}
    assert outcome.code == 0
    assert rows["S1"]["routes_node_disjoint"] == "2"
    assert rows["S3"]["routes_link_disjoint"] == "2"
    assert rows["S3"]["routes_node_disjoint"] == "1", "both ways pass the manhole X"


def test_a_second_run_writes_the_same_bytes(netgraph, ofds, tmp_path):
    for name in ("one", "two"):
        netgraph("diversity", ofds, "--centre", "A", "-o", tmp_path / name)

    for file in ("tables/nodes.csv", "tables/findings.csv", "summary.json", "maps/plant.png"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_an_unknown_centre_is_told_with_names_that_are_near(netgraph, ofds, tmp_path):
    outcome = netgraph("diversity", ofds, "--centre", "Noode B", "-o", tmp_path / "out")

    assert outcome.code == 2
    assert "near to it: Node B" in outcome.err
    assert not (tmp_path / "out").exists()


def test_where_no_name_is_near_the_centre_that_was_meant_ids_show_how_they_are_written(
    netgraph, ofds, tmp_path
):
    outcome = netgraph("diversity", ofds, "--centre", "####", "-o", tmp_path / "out")

    assert outcome.code == 2
    assert "'####'; ids look like A, B" in outcome.err


@pytest.mark.skipif(not SHARED.exists(), reason="the published networks are not beside the project")
@pytest.mark.parametrize(
    "name",
    [
        "ofds_networks/Kenya/BCS",
        "ofds_standard/examples/json/network-package.json",
        "topology_zoo/Sago.gml",
    ],
)
def test_a_published_network_of_each_kind_is_answered(netgraph, tmp_path, name):
    network = read_plant_network(SHARED / name)
    centre = str(network.nodes.ids[network.spans.from_nodes[network.spans.used][0]])

    outcome = netgraph("diversity", SHARED / name, "--centre", centre, "-o", tmp_path / "out")

    assert outcome.code == 0
    rows = read_nodes(tmp_path / "out")
    assert len(rows) == len(network.nodes.ids)
    assert {row["routes_link_disjoint"] for row in rows} <= {"0", "1", "2"}


def test_up_to_four_routes_are_counted_when_asked_for(netgraph, tmp_path):
    netgraph("example", "twin_ring", tmp_path / "ring")
    centre = read_rows(tmp_path / "ring" / "offices.csv")[0]["id"]

    out = tmp_path / "out"
    found = netgraph("diversity", tmp_path / "ring", "--centre", centre, "-o", out, "--routes", "3")

    assert found.code == 0, found.err
    counted = [row for row in read_nodes(out) if row["routes_asked"]]
    assert counted
    for row in counted:
        assert row["routes_asked"] == "3"
        assert min(int(row["link_disjoint_up_to_k"]), 2) == int(row["routes_link_disjoint"])
        assert (row["k_node_routes_m"] != "") == (row["node_disjoint_up_to_k"] == "3")


@pytest.fixture
def river(tmp_path):
    """Four ways from A to K; the upper two cross the river R, the lower ones are longer.

    ::

           B ---- C
          /   R    \\
        A -- D -- E -- K
        | \\        /  |
        |  F ---- G   |
        H ----------- I
    """
    folder = tmp_path / "plant"
    folder.mkdir()
    places = {"A": (0, 0), "B": (1, 1), "C": (2, 1), "D": (1, 0), "E": (2, 0), "F": (1, -3)}
    places |= {"G": (2, -3), "H": (0, -5), "I": (3, -5), "K": (3, 0)}
    ends = ("AB", "BC", "CK", "AD", "DE", "EK", "AF", "FG", "GK", "AH", "HI", "IK")
    tables = {
        "inventory": ["snapshot_date", "2026-01-01"],
        "structures": ["id,kind,lon,lat"]
        + [f"{name},manhole,{x / 100},{y / 100}" for name, (x, y) in places.items()],
        "spans": ["id,from_id,to_id,medium"] + [f"{ab},{ab[0]},{ab[1]},duct" for ab in ends],
        "risk_groups": ["id,kind", "R,river"],
        "risk_members": ["risk_id,table,element_id", "R,spans,BC", "R,spans,DE"],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(("seconds", "of_a"), [("0.000000001", "unproven"), ("0", "pair")])
def test_the_verdicts_about_risks_are_counted_and_the_time_for_them_is_asked_for(
    netgraph, river, tmp_path, seconds, of_a
):
    out = tmp_path / "out"

    outcome = netgraph("diversity", river, "--centre", "K", "-o", out, "--search-seconds", seconds)

    verdicts = {row["node_id"]: row["risk_verdict"] for row in read_nodes(out)}
    assert verdicts["A"] == of_a
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    counts = {verdict: list(verdicts.values()).count(verdict) for verdict in ("pair", "none")}
    counts["unproven"] = len(verdicts) - 1 - sum(counts.values())
    assert summary["risk_verdicts"] == counts
    told = next(line for line in outcome.out.splitlines() if "shared risk" in line)
    assert all(f"{verdict} {count}" in told for verdict, count in counts.items() if count)
    run = json.loads((out / "run.json").read_text("utf-8"))
    assert run["options"]["search_seconds"] == float(seconds)


def test_the_time_for_risks_holds_for_more_routes_too(netgraph, river, tmp_path, monkeypatch):
    given = []

    def listen(answer, k, *, seconds):
        given.append((k, seconds))
        return many_routes_rows(answer, k, seconds=seconds)

    monkeypatch.setattr(plant, "many_routes_rows", listen)
    options = ("--routes", "3", "--search-seconds", "77")
    netgraph("diversity", river, "--centre", "K", "-o", tmp_path / "out", *options)

    assert given == [(3, 77.0)]
    rows = {row["node_id"]: row for row in read_nodes(tmp_path / "out")}
    assert rows["A"]["k_risk_verdict"] == "routes"


def test_a_centre_that_no_span_reaches_still_gives_a_table_with_every_column(netgraph, tmp_path):
    """A -- B   K: risk groups are recorded, and no node has a route to K."""
    folder = tmp_path / "plant"
    folder.mkdir()
    tables = {
        "inventory": "snapshot_date\n2026-01-01\n",
        "structures": "id,kind,lon,lat\nA,manhole,0,0\nB,manhole,0.01,0\nK,manhole,0.02,0\n",
        "spans": "id,from_id,to_id,medium,length_m\nAB,A,B,duct,1200\n",
        "risk_groups": "id,kind\nR,bridge\n",
        "risk_members": "risk_id,table,element_id\nR,spans,AB\n",
    }
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")

    outcome = netgraph(
        "diversity", folder, "--centre", "K", "-o", tmp_path / "out", "--routes", "3"
    )

    assert outcome.code == 0
    rows = {row["node_id"]: row for row in read_rows(tmp_path / "out" / "tables" / "nodes.csv")}
    assert [rows[node]["risk_verdict"] for node in "ABK"] == ["none", "none", ""]
    assert "ND982 structures K" in outcome.err
    assert "Nodes that reach no centre: 2" in outcome.out
    assert rows["A"]["unavoidable_risks"] == rows["A"]["risk_pair_m"] == ""
