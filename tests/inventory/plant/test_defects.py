"""Every defect that published networks contain is named, and no row is lost over it."""

from __future__ import annotations

import copy
import math

import pytest

from netgraph.inventory.plant import PLANT_RULES


def test_a_sound_network_has_only_the_finding_that_one_line_is_drawn_backwards(
    read, rules, triangle
):
    network = read(triangle)

    assert rules(network) == {"ND957": ["CB"]}
    assert network.spans.used.all()
    assert network.crs == "EPSG:4326"
    assert network.name == "Triangle"


def test_every_span_stored_twice_counts_once(read, rules, triangle):
    copies = [{**span, "id": f"{span['id']}-copy"} for span in triangle["spans"]]
    copies[0]["start"], copies[0]["end"] = "B", "A"
    copies[0]["route"]["coordinates"].reverse()
    triangle["spans"] = copy.deepcopy(triangle["spans"]) + copies

    network = read(triangle)

    assert rules(network)["ND953"] == ["AB-copy", "AC-copy", "CB-copy"]
    assert rules(network)["ND954"] == ["AB-copy"]
    assert network.spans.used.tolist() == [True] * 3 + [False] * 3
    assert network.spans.unused_reasons[3] == "repeats span AB"
    assert network.spans.duplicate_of.tolist() == [-1, -1, -1, 0, 1, 2]


def test_a_self_loop_is_kept_and_named_but_carries_no_route(read, rules, triangle):
    triangle["spans"][0]["end"] = "A"

    network = read(triangle)

    assert rules(network)["ND952"] == ["AB"]
    assert network.spans.self_loops.tolist() == [True, False, False]
    assert network.spans.used.tolist() == [False, True, True]
    assert len(network.spans) == 3


@pytest.mark.parametrize("end", ["Z", None])
def test_a_dangling_end_is_kept_and_named(read, rules, triangle, end):
    triangle["spans"][0]["end"] = end

    network = read(triangle)

    assert rules(network)["ND951"] == ["AB"]
    assert network.spans.to_nodes[0] == -1
    assert network.spans.to_ids[0] == (end or "")
    assert network.spans.unused_reasons[0] == "an end is no known node"


def test_a_line_that_ends_far_from_its_node_is_not_believed_but_the_ids_are(read, rules, triangle):
    triangle["spans"][0]["route"]["coordinates"] = [[0, 0], [1, 0.2]]

    network = read(triangle)

    assert rules(network)["ND956"] == ["AB"]
    assert network.spans.is_geometry_sound.tolist() == [False, True, True]
    assert network.spans.end_gap_m[0] == pytest.approx(22_115, abs=10)
    assert network.spans.used.all()


def test_a_line_that_ends_within_five_percent_of_its_length_is_believed(read, rules, triangle):
    triangle["spans"][0]["route"]["coordinates"] = [[0, 0], [1, 0.04]]

    assert "ND956" not in rules(read(triangle))


def test_proposed_spans_among_operational_ones_are_not_used(read, rules, triangle):
    triangle["spans"][0]["status"] = "proposed"
    triangle["spans"][1]["status"] = "Under construction"

    network = read(triangle)

    assert rules(network)["ND958"] == ["AB", "CB"]
    assert network.spans.used.tolist() == [False, False, True]
    assert network.spans.unused_reasons[0] == "status proposed"


def test_status_missing_altogether_is_one_finding_about_the_table(read, rules, triangle):
    for span in triangle["spans"]:
        del span["status"]

    network = read(triangle)

    assert rules(network)["ND959"] == [""]
    assert network.spans.used.all()


def test_a_status_missing_on_one_row_is_named_there(read, rules, triangle):
    del triangle["spans"][2]["status"]

    assert rules(read(triangle))["ND960"] == ["AC"]


def test_a_status_that_nobody_defined_is_no_evidence_of_a_route(read, rules, triangle):
    triangle["spans"][0]["status"] = "open"

    network = read(triangle)

    assert rules(network)["ND961"] == ["AB"]
    assert not network.spans.used[0]


def test_spans_at_a_node_out_of_service_are_not_used(read, rules, triangle):
    triangle["nodes"][0]["status"] = "decommissioned"

    network = read(triangle)

    assert rules(network)["ND978"] == ["A"]
    assert network.spans.used.tolist() == [False, True, False]
    assert network.spans.unused_reasons[0] == "its end A is not in service"


def test_isolated_nodes_are_named_with_the_reason(read, triangle):
    triangle["nodes"].append({**triangle["nodes"][0], "id": "D", "name": "Place D"})
    triangle["spans"] = triangle["spans"][:1]
    triangle["spans"].append({"id": "CC", "start": "C", "end": "C", "status": "operational"})

    messages = {f.row_id: f.message for f in read(triangle).findings if f.rule == "ND962"}

    assert messages == {
        "C": "None of the spans here is in use.",
        "D": "No span ends here.",
    }


def test_a_node_without_coordinates_keeps_its_spans(read, rules, triangle):
    del triangle["nodes"][0]["location"]

    network = read(triangle)

    assert rules(network)["ND963"] == ["A"]
    assert math.isnan(network.nodes.lon[0])
    assert network.spans.used.all()


def test_both_directions_of_an_undrawn_link_are_named(read, rules, triangle):
    del triangle["spans"][0]["route"]
    triangle["spans"].append({"id": "BA", "start": "B", "end": "A", "status": "operational"})

    assert rules(read(triangle))["ND954"] == ["BA"]


def test_two_different_lines_in_opposite_directions_are_two_spans(read, rules, triangle):
    detour = [[1, 0], [0.5, 0.5], [0, 0]]
    route = {"type": "LineString", "coordinates": detour}
    triangle["spans"].append({**triangle["spans"][0], "id": "BA", "route": route})
    triangle["spans"][-1].update(start="B", end="A")

    found = rules(read(triangle))

    assert "ND953" not in found
    assert "ND954" not in found


def test_plane_coordinates_are_taken_as_metres(read, rules, triangle):
    for node in triangle["nodes"]:
        node["location"]["coordinates"] = [
            500_000 + 1000 * value for value in node["location"]["coordinates"]
        ]
    for span in triangle["spans"]:
        points = span["route"]["coordinates"]
        span["route"]["coordinates"] = [[500_000 + 1000 * v for v in point] for point in points]

    network = read(triangle)

    assert network.crs == ""
    assert network.is_planar
    assert rules(network)["ND964"] == [""]
    assert "ND956" not in rules(network)


def test_swapped_coordinates_are_named_and_set_aside(read, rules, triangle):
    for node in triangle["nodes"]:
        lon, lat = node["location"]["coordinates"]
        node["location"]["coordinates"] = [37.8 + lat, 112.5 + lon]

    network = read(triangle)

    assert rules(network)["ND965"] == [""]
    assert network.crs == "EPSG:4326"
    assert not (network.nodes.lon > -1000).any()


def test_one_impossible_position_is_set_aside_alone(read, rules, triangle):
    triangle["nodes"][1]["location"]["coordinates"] = [1.0, 950.0]
    triangle["spans"][0]["route"]["coordinates"][1] = [1.0, 950.0]

    network = read(triangle)

    assert rules(network)["ND965"] == ["B", "AB"]
    assert network.spans.geometry[0] is None
    assert (network.nodes.lat[0], network.nodes.lat[2]) == (0.0, 1.0)


@pytest.mark.parametrize(
    "name", ["fork", "network fork", "[1]", "17", "tmp", "Auto generated missing node", ""]
)
def test_names_of_junctions_are_told_from_places(read, rules, triangle, name):
    triangle["nodes"][2]["name"] = name

    assert rules(read(triangle))["ND966"] == ["C"]


@pytest.mark.parametrize("name", ["Forkhill", "Regen 8", "太原", "São Tomé", "Jointville"])
def test_names_of_places_are_left_alone(read, rules, triangle, name):
    triangle["nodes"][2]["name"] = name

    assert "ND966" not in rules(read(triangle))


def test_names_that_are_not_unique_are_named_on_each_node(read, rules, triangle):
    triangle["nodes"][2]["name"] = "Place A"

    assert rules(read(triangle))["ND967"] == ["A", "C"]


def test_two_nodes_on_one_spot_are_named(read, rules, triangle):
    triangle["nodes"].append({**triangle["nodes"][0], "id": "A2", "name": "Elsewhere"})

    assert rules(read(triangle))["ND968"] == ["A2"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("route", {"type": "Point", "coordinates": [0, 0]}),
        ("route", {"type": "LineString", "coordinates": [0, 0]}),
        ("route", {"type": "LineString", "coordinates": [[0, 0], [0, "north"]]}),
        ("route", "along the river"),
        ("route", {"type": "MultiLineString", "coordinates": [[[0, 0], [0, 1]], [[5, 5], [6, 6]]]}),
    ],
)
def test_an_unusable_line_is_set_aside(read, rules, triangle, column, value):
    triangle["spans"][0][column] = value

    network = read(triangle)

    assert rules(network)["ND969"] == ["AB"]
    assert network.spans.geometry[0] is None
    assert network.spans.used[0]


def test_a_line_in_parts_that_meet_is_one_line(read, rules, triangle):
    parts = [[[0.5, 0], [1, 0]], [[0, 0], [0.5, 0]]]
    triangle["spans"][0]["route"] = {"type": "MultiLineString", "coordinates": parts}

    network = read(triangle)

    assert "ND969" not in rules(network)
    assert network.spans.geometry[0].geom_type == "LineString"


@pytest.mark.parametrize(
    ("stated", "rule", "metres"),
    [
        (120, None, 120_000.0),
        (120_000, "ND970", 120_000.0),
        (3, "ND971", math.nan),
        (-5, "ND972", math.nan),
        ("long", "ND972", math.nan),
    ],
)
def test_a_recorded_length_is_checked_against_the_line(read, rules, triangle, stated, rule, metres):
    triangle["spans"][0]["fibreLength"] = stated

    network = read(triangle)

    assert network.spans.length_m[0] == pytest.approx(metres, nan_ok=True)
    assert {code for code in rules(network) if code != "ND957"} == ({rule} if rule else set())


def test_a_recorded_length_without_anything_to_check_it_is_believed(read, triangle):
    triangle["spans"][0] = {"id": "AB", "start": "A", "end": "B", "fibreLength": 7}
    del triangle["nodes"][0]["location"]

    assert read(triangle).spans.length_m[0] == 7000.0


def test_a_row_without_id_is_kept_under_a_stand_in(read, rules, triangle):
    del triangle["nodes"][1]["id"]

    network = read(triangle)

    assert rules(network)["ND950"] == ["(node 2 without id)"]
    assert len(network.nodes) == 3
    assert rules(network)["ND951"] == ["AB", "CB"]


def test_every_finding_has_the_severity_and_hint_of_its_rule(read, triangle):
    triangle["spans"][0]["end"] = "Z"
    triangle["spans"][1]["status"] = "open"

    for finding in read(triangle).findings:
        rule = PLANT_RULES[finding.rule]
        assert (finding.severity, finding.hint) == (rule.severity, rule.hint)
        assert finding.table in {"nodes", "spans"}


def test_rules_stay_in_their_range():
    assert all(950 <= int(code.removeprefix("ND")) <= 979 for code in PLANT_RULES)
    assert list(PLANT_RULES) == sorted(PLANT_RULES)


def test_findings_say_where_the_row_is(read, triangle):
    triangle["spans"][0]["end"] = "A"

    (finding,) = (f for f in read(triangle).findings if f.rule == "ND952")

    assert finding.place == "spans[0]"
