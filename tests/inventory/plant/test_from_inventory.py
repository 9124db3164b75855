"""The plant of an inventory as nodes and spans."""

from __future__ import annotations

import pytest

from netgraph.inventory import from_columns
from netgraph.inventory.plant import plant_network_from_inventory, read_plant_network
from netgraph.inventory.write import write_inventory


@pytest.fixture
def columns():
    """An office, two manholes and a site in a plane, in metres; invented.

    ::

        O1 ==T1== M1 --- M2 --- S1        == two spans of trench T1
    """
    return {
        "inventory": {"snapshot_date": ["2026-06-30"], "crs": ["planar"], "name": ["Lane"]},
        "offices": {"id": ["O1"], "name": ["Office"], "role": ["core"], "lon": [0], "lat": [0]},
        "sites": {
            "id": ["S1"],
            "customer_id": ["C1"],
            "name": ["Shop"],
            "lon": [300.0],
            "lat": [0.0],
        },
        "customers": {"id": ["C1"], "name": ["Shops"]},
        "structures": {
            "id": ["M1", "M2"],
            "kind": ["manhole", "manhole"],
            "lon": [100.0, 200.0],
            "lat": [0.0, 0.0],
        },
        "spans": {
            "id": ["a", "b", "c", "d", "e"],
            "from_id": ["O1", "O1", "M1", "M2", "M2"],
            "to_id": ["M1", "M1", "M2", "S1", "Q"],
            "medium": ["duct"] * 5,
            "trench_id": ["T1", "T1", "", "", ""],
            "status": ["", "in_service", "planned", "in_service", "in_service"],
        },
        "risk_groups": {"id": ["R1"], "kind": ["flood_zone"], "name": ["River"]},
        "risk_members": {
            "risk_id": ["R1", "R1"],
            "table": ["spans", "structures"],
            "element_id": ["d", "M1"],
        },
    }


def test_places_are_nodes_and_only_spans_in_service_are_used(columns):
    network = plant_network_from_inventory(from_columns(columns))

    assert network.nodes.ids.tolist() == ["M1", "M2", "O1", "S1"]
    assert network.nodes.tables.tolist() == ["structures", "structures", "offices", "sites"]
    assert network.nodes.names.tolist() == ["", "", "Office", "Shop"]
    assert network.spans.used.tolist() == [True, True, False, True, False]
    assert network.spans.dangling.tolist() == [False] * 4 + [True]
    assert network.spans.unused_reasons[2] == "status planned"
    assert network.is_planar
    assert network.name == "Lane"


def test_risk_groups_and_trenches_are_carried_over(columns):
    network = plant_network_from_inventory(from_columns(columns))

    explicit, trench = network.risk_groups
    assert (explicit.id, explicit.kind, explicit.nodes, explicit.spans) == (
        "R1",
        "flood_zone",
        (0,),
        (3,),
    )
    assert (trench.id, trench.kind, trench.spans) == ("T1", "trench", (0, 1))
    assert network.has_risk_records


def test_an_id_in_two_tables_of_places_stays_visible_under_its_table(columns):
    columns["sites"]["id"] = ["O1"]
    columns["spans"]["to_id"][3] = "O1"

    network = plant_network_from_inventory(from_columns(columns))

    assert network.nodes.ids.tolist() == ["M1", "M2", "O1", "sites/O1"]
    assert "ND979" in {finding.rule for finding in network.findings}


@pytest.mark.parametrize("form", ["csv", "xlsx", "gpkg"])
def test_an_inventory_on_disk_is_told_from_other_networks(columns, tmp_path, form):
    path = tmp_path / ("lane" if form == "csv" else f"lane.{form}")
    inventory = from_columns(columns)
    write_inventory(inventory, path, format=form)

    network = read_plant_network(path)

    assert network.spans.ids.tolist() == ["a", "b", "c", "d", "e"]
    assert network.findings == plant_network_from_inventory(inventory).findings


def test_defects_of_the_plant_are_named(columns, rules):
    columns["spans"]["to_id"][0] = "O1"

    found = rules(plant_network_from_inventory(from_columns(columns)))

    assert found["ND951"] == ["e"]
    assert found["ND952"] == ["a"]
    assert found["ND958"] == ["c"]
    assert "ND962" not in found


def test_findings_say_where_the_row_is(columns, tmp_path):
    write_inventory(from_columns(columns), tmp_path / "lane", format="csv")

    network = read_plant_network(tmp_path / "lane")

    (finding,) = (f for f in network.findings if f.rule == "ND951")
    assert finding.place == "spans.csv row 6"
