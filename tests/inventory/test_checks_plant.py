"""Defects of cables and plant, put one by one into the diamond network (see conftest)."""

from __future__ import annotations

import pytest


def test_a_cable_without_spans_is_found_unless_it_is_out_of_service(diamond, add_row, found):
    add_row(diamond["cables"], id="C3", from_id="S1", to_id="O1")
    diamond["cables"]["status"] = ["", "", "planned"]
    assert found(diamond) == []

    diamond["cables"]["status"][2] = "in_service"
    assert found(diamond) == [("ND924", "cables", "C3")]


def test_spans_that_do_not_meet_arefound(diamond, found, message):
    diamond["cable_spans"]["span_id"][1] = "P4"

    assert found(diamond) == [("ND925", "cables", "C1")]
    assert message(diamond, "ND925") == "its spans 'P1' and 'P4' do not meet"


def test_spans_in_the_wrong_order_arefound(diamond, add_row, found):
    """P1 from O1 to M1, Q from M1 to M2, P4 from M2 to S1, recorded as P1, P4, Q."""
    add_row(diamond["spans"], id="Q", from_id="M1", to_id="M2", medium="duct")
    diamond["cable_spans"] = {
        "cable_id": ["C1", "C1", "C1", "C2", "C2"],
        "seq": [1, 3, 2, 1, 2],
        "span_id": ["P1", "Q", "P4", "P2", "P4"],
    }
    assert found(diamond) == [("ND925", "cables", "C1")]

    diamond["cable_spans"]["seq"] = [10, 20, 30, 1, 2]
    assert found(diamond) == []


def test_a_cable_may_be_recorded_from_either_end(diamond, found):
    diamond["cable_spans"]["seq"] = [2, 1, 1, 2]

    assert found(diamond) == []


def test_spans_that_stop_short_of_the_end_arefound(diamond, found, message):
    diamond["cable_spans"] = {
        "cable_id": ["C1", "C2", "C2"],
        "seq": [1, 1, 2],
        "span_id": ["P1", "P2", "P4"],
    }

    assert found(diamond) == [("ND926", "cables", "C1")]
    assert message(diamond, "ND926") == "its spans do not lead from 'O1' to 'S1'"


def test_a_cable_may_end_anywhere_in_the_building_of_its_office(diamond, add_row, found):
    add_row(diamond["structures"], id="V1", kind="vault", lon=112.5, lat=37.82, building_id="B1")
    diamond["spans"]["from_id"][0] = "V1"

    assert found(diamond) == []


def test_a_cable_with_an_unknown_span_is_not_called_broken(diamond, found):
    diamond["cable_spans"]["span_id"][1] = "nobody"

    assert found(diamond) == [("ND920", "cable_spans", "C1/2")]


def test_without_any_span_no_cable_is_called_broken(diamond, found):
    for column in diamond["spans"].values():
        column.clear()
    rules = {rule for rule, _, _ in found(diamond)}
    assert "ND920" in rules  # the cables' spans are unknown
    assert rules.isdisjoint({"ND925", "ND926"})


@pytest.mark.parametrize(("used", "bad", "wrong"), [(24, 0, False), (25, 0, True), (20, 5, True)])
def test_more_cores_in_use_than_there_are_isfound(diamond, used, bad, wrong, found):
    diamond["cables"]["cores_used"][0] = used
    diamond["cables"]["cores_bad"][0] = bad

    assert found(diamond) == ([("ND931", "cables", "C1")] if wrong else [])


def test_more_bores_in_use_than_there_are_isfound(diamond, found):
    diamond["spans"] |= {"bores_total": [2, 2, None, 1], "bores_used": [2, 3, 9, None]}

    assert found(diamond) == [("ND931", "spans", "P2")]


@pytest.mark.parametrize(
    ("table", "row", "place"),
    [
        ("spans", 0, ("ND945", "cable_spans", "C1/1")),
        ("cables", 1, ("ND945", "link_cables", "L2//1")),
        ("links", 0, ("ND945", "circuit_links", "X1/working//1")),
    ],
)
@pytest.mark.parametrize("status", ["planned", "retired"])
def test_what_is_in_use_must_be_in_service(diamond, table, row, place, status, found):
    diamond[table]["status"] = ["in_service"] * len(diamond[table]["id"])
    diamond[table]["status"][row] = status

    assert found(diamond) == [place]


@pytest.mark.parametrize(
    ("table", "users"),
    [("structures", ("spans",)), ("offices", ("spans", "cables", "equipment"))],
)
def test_what_is_in_service_must_not_end_at_what_is_not(diamond, table, users, found):
    """At a retired manhole or office nobody can say whether the rest still stands."""
    gone = diamond[table]["id"][0]
    diamond[table]["status"] = ["retired"] + ["in_service"] * (len(diamond[table]["id"]) - 1)
    at_it = {
        ("ND945", user, row_id)
        for user in users
        for column in ("from_id", "to_id", "location_id")
        for row_id, end in zip(diamond[user]["id"], diamond[user].get(column, ()), strict=False)
        if end == gone
    }

    assert set(found(diamond)) == at_it


def test_a_span_that_ends_where_it_starts_isfound(diamond, add_row, found):
    add_row(diamond["spans"], id="P5", from_id="M1", to_id="M1", medium="duct")

    assert found(diamond) == [("ND938", "spans", "P5")]


def test_one_building_at_two_places_isfound(diamond, found, message):
    diamond["sites"]["building_id"] = ["B1"]

    assert found(diamond) == [("ND923", "sites", "S1")]
    assert message(diamond, "ND923") == "building_id 'B1' is also that of 'O1', 2220 m away"


@pytest.mark.parametrize(
    ("row", "length", "wrong"),
    [
        (0, 1.4, True),
        (0, 1250.0, True),
        (0, 1800.0, False),
        (0, 1900.0, True),
        (1, 1250.0, True),
        (1, 9000.0, False),
    ],
)
def test_a_length_that_contradicts_the_positions_isfound(diamond, row, length, wrong, found):
    """P1 is drawn, 1417 m; P2 is not, and its ends are as far apart."""
    diamond["spans"]["length_m"][row] = length

    wanted = [("ND932", "spans", diamond["spans"]["id"][row])]
    assert found(diamond) == (wanted if wrong else [])


@pytest.mark.parametrize(
    ("corridor", "rule"),
    [
        ({"to_id": "O1"}, "ND938"),
        ({"length_m": 1.4}, "ND932"),
        ({"geometry": "LINESTRING (112.5 37.82, 112.6 37.9)"}, "ND933"),
        ({"to_id": "M77"}, "ND920"),
        ({"length_m": 1500.0}, None),
    ],
)
def test_a_corridor_is_held_to_the_points_that_it_joins(diamond, corridor, rule, found):
    """From O1 to M1 it is 1417 m as the crow flies."""
    row = {"id": "R1", "from_id": "O1", "to_id": "M1", "medium": "duct", **corridor}
    diamond["corridors"] = {name: [value] for name, value in row.items()}

    assert found(diamond) == ([(rule, "corridors", "R1")] if rule else [])


def test_a_line_may_be_drawn_from_end_to_start(diamond, found):
    diamond["spans"]["geometry"][0] = "LINESTRING (112.49 37.81, 112.5 37.82)"

    assert found(diamond) == []


def test_a_line_that_ends_elsewhere_isfound(diamond, found, message):
    diamond["spans"]["geometry"][0] = "LINESTRING (112.5 37.82, 112.491 37.809)"

    assert found(diamond) == [("ND933", "spans", "P1")]
    assert "ends 142 m from the point" in message(diamond, "ND933")


def test_a_span_stored_twice_is_found_whichever_way_it_is_drawn(diamond, add_row, found, message):
    add_row(
        diamond["spans"],
        id="P1b",
        from_id="M1",
        to_id="O1",
        medium="duct",
        geometry="LINESTRING (112.49 37.81, 112.5 37.82)",
    )

    assert found(diamond) == [("ND939", "spans", "P1b")]
    assert message(diamond, "ND939") == "it has the ends and the line of 'P1'"


def test_parallel_spans_drawn_apart_or_not_at_all_are_no_duplicates(diamond, add_row, found):
    add_row(
        diamond["spans"],
        id="P1b",
        from_id="O1",
        to_id="M1",
        medium="duct",
        geometry="LINESTRING (112.5 37.82, 112.49 37.82, 112.49 37.81)",
    )
    add_row(diamond["spans"], id="P2b", from_id="O1", to_id="M2", medium="duct")

    assert found(diamond) == []


def test_spans_side_by_side_may_share_a_trench(diamond, add_row, found):
    """P1 and P1b join the same points, P1c is half of them: O1, then a point half-way."""
    add_row(diamond["spans"], id="P1b", from_id="O1", to_id="M1", medium="duct")
    add_row(diamond["structures"], id="M3", kind="handhole", lon=112.495, lat=37.815)
    add_row(diamond["spans"], id="P1c", from_id="O1", to_id="M3", medium="duct")
    diamond["spans"]["trench_id"] = ["T", None, None, None, "T", "T"]

    assert found(diamond) == []


def test_spans_one_after_the_other_may_not_share_a_trench(diamond, found, message):
    diamond["spans"]["trench_id"] = ["T", None, "T", None]

    assert found(diamond) == [("ND937", "spans", "P1")]
    assert "trench_id 'T' is that of 'P3', which lies" in message(diamond, "ND937")


def test_spans_drawn_apart_may_not_share_a_trench(diamond, add_row, found):
    add_row(
        diamond["spans"],
        id="P1b",
        from_id="O1",
        to_id="M1",
        medium="duct",
        geometry="LINESTRING (112.5 37.82, 112.499 37.8185, 112.49 37.81)",
    )
    diamond["spans"]["trench_id"] = ["T", None, None, None, "T"]
    assert found(diamond) == [("ND937", "spans", "P1")]

    diamond["spans"]["geometry"][4] = "LINESTRING (112.5 37.82, 112.499 37.8191, 112.49 37.81)"
    assert found(diamond) == []


def test_an_undrawn_span_may_lie_along_a_bend_of_a_drawn_one(diamond, add_row, found):
    """P1 bends by 300 m; P1c, not drawn, joins two points on it."""
    diamond["spans"]["geometry"][0] = "LINESTRING (112.5 37.82, 112.498 37.815, 112.49 37.81)"
    diamond["spans"]["length_m"][0] = None
    add_row(diamond["structures"], id="M3", kind="handhole", lon=112.498, lat=37.815)
    add_row(diamond["spans"], id="P1c", from_id="M3", to_id="M1", medium="duct")
    add_row(diamond["spans"], id="P1d", from_id="O1", to_id="M1", medium="duct")
    diamond["spans"]["trench_id"] = ["T", None, None, None, "T", "T"]

    assert found(diamond) == []


def test_spans_without_positions_are_not_judged(diamond, found):
    for name in ("structures", "offices", "sites"):
        diamond[name]["lon"] = [None] * len(diamond[name]["id"])
    diamond["spans"]["geometry"] = [None] * 4
    diamond["spans"]["trench_id"] = ["T"] * 4

    assert found(diamond, ignore={"ND907"}) == [("ND994", "spans", "P4")]  # it has no length


def test_a_plane_network_is_checked_in_metres(diamond, found):
    for name in ("structures", "offices", "sites"):
        diamond[name]["lon"] = [(lon - 112.5) * 1e5 for lon in diamond[name]["lon"]]
        diamond[name]["lat"] = [(lat - 37.8) * 1e5 + 4e6 for lat in diamond[name]["lat"]]
    diamond["spans"]["geometry"] = ["LINESTRING (0 4002000, -1000 4001000)", None, None, None]
    diamond["spans"]["trench_id"] = ["T", None, "T", None]
    diamond["spans"]["length_m"] = [1450, 1450, 100, None]

    assert found(diamond, ignore={"ND910"}) == [("ND932", "spans", "P3"), ("ND937", "spans", "P3")]


def test_an_access_link_longer_than_access_cables_reach_isfound(diamond, found, message):
    diamond["sites"]["lat"] = [37.3]

    assert ("ND934", "links", "L1") in found(diamond)
    assert "57." in message(diamond, "ND934")

    diamond["links"]["medium"] = ["radio", "radio"]
    assert "ND934" not in {rule for rule, _, _ in found(diamond)}
