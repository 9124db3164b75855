"""One defect put into the diamond network (see conftest) gives one finding, and no other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraph.inventory import check_inventory, from_columns
from netgraph.inventory.checks.chains import follow_chains
from netgraph.inventory.checks.run import CHECKS
from netgraph.inventory.rules import load_rules


def _add(table, **row):
    """Add a row; columns that it does not name stay empty."""
    count = len(next(iter(table.values())))
    for name in row:
        table.setdefault(name, [None] * count)
    for name, cells in table.items():
        cells.append(row.get(name))


def _found(columns, *, ignore=()):
    findings = check_inventory(from_columns(columns))
    return [(f.rule, f.table, f.row_id) for f in findings if f.rule not in ignore]


def _message(columns, rule):
    return next(f.message for f in check_inventory(from_columns(columns)) if f.rule == rule)


def test_the_diamond_network_has_no_defect(diamond):
    assert _found(diamond) == []


def test_an_empty_inventory_has_no_defect():
    assert check_inventory(from_columns({})) == ()


def test_every_check_says_what_it_finds():
    assert len({check.__name__ for check in CHECKS}) == len(CHECKS)
    assert all(check.__doc__.startswith("Find ") for check in CHECKS)


def test_findings_are_sorted_and_those_of_reading_are_among_them(diamond):
    diamond["spans"]["length_m"][0] = -1
    diamond["spans"]["to_id"][3] = "S9"
    inventory = from_columns(diamond)

    findings = check_inventory(inventory)

    assert [finding.rule for finding in findings] == ["ND902", "ND920"]
    assert list(findings) == sorted(findings)
    assert set(inventory.findings) < set(findings)
    assert all(finding.severity == load_rules()[finding.rule].severity for finding in findings)


# References


@pytest.mark.parametrize(
    ("table", "column", "row_id", "wanted"),
    [
        ("sites", "customer_id", "S1", "customers"),
        ("cables", "to_id", "C1", "structures or offices or sites"),
        ("cable_spans", "span_id", "C1/1", "spans"),
        ("equipment", "location_id", "T1", "offices or sites"),
        ("links", "from_id", "L1", "equipment or offices or sites"),
        ("circuits", "b_id", "X1", "offices or sites"),
        ("circuit_links", "link_id", "X1/working//1", "links"),
        ("faults", "circuit_id", "F1", "circuits"),
    ],
)
def test_an_unknown_id_is_found_and_kept(diamond, table, column, row_id, wanted):
    diamond[table][column][0] = "nobody"

    assert ("ND920", table, row_id) in _found(diamond)
    assert _message(diamond, "ND920") == f"{column} 'nobody' is not in {wanted}"
    assert from_columns(diamond).table(table)[column][0] == "nobody"


@pytest.mark.parametrize(("written", "meant"), [("m1", "M1"), ("M-1", "M1"), ("M01", "M1")])
def test_an_id_that_is_nearly_right_is_suggested(diamond, written, meant):
    diamond["spans"]["from_id"][2] = written

    hints = [finding.hint for finding in check_inventory(from_columns(diamond))]

    assert any(hint.startswith(f"Is {meant!r} meant?") for hint in hints)


def test_leading_zeros_that_excel_ate_are_suggested(diamond):
    diamond["customers"]["id"] = ["007"]
    diamond["sites"]["customer_id"] = [7]
    diamond["circuits"]["customer_id"] = ["007"]

    (finding,) = check_inventory(from_columns(diamond))

    assert finding.hint.startswith("Is '007' meant?")


def test_references_to_an_absent_table_are_one_finding_a_column(diamond):
    del diamond["customers"]

    assert _found(diamond) == [("ND921", "circuits", ""), ("ND921", "sites", "")]


def test_members_of_risk_groups_must_stand_in_their_table(diamond):
    diamond["risk_groups"] = {"id": ["R1"], "kind": ["flood zone"]}
    diamond["risk_members"] = {
        "risk_id": ["R1", "R1"],
        "table": ["spans", "cables"],
        "element_id": ["P1", "P1"],
    }

    assert _found(diamond) == [("ND920", "risk_members", "R1/cables/P1")]


@pytest.mark.parametrize("subject", ["S1", "D1", "O1", "K1", "太原"])
def test_records_may_be_about_things_people_and_places(diamond, subject):
    diamond["records"]["subject_id"] = [subject]

    assert _found(diamond) == []


def test_records_about_nobody_are_found(diamond):
    diamond["records"]["subject_id"] = ["大同"]

    assert _found(diamond) == [("ND920", "records", "大同/IN1")]


def test_an_id_in_two_tables_of_ends_is_found(diamond):
    _add(diamond["structures"], id="O1", kind="pole", lon=112.5, lat=37.82)

    assert _found(diamond) == [("ND922", "structures", "O1")]
    assert _message(diamond, "ND922") == "the id 'O1' is also in offices"


@pytest.mark.parametrize(
    ("table", "rule"),
    [("circuit_links", "ND946"), ("link_cables", "ND946"), ("cable_spans", "ND946")],
)
def test_an_absent_table_that_verdicts_need_is_one_finding(diamond, table, rule):
    del diamond[table]

    assert _found(diamond) == [(rule, table, "")]


def test_two_rows_at_one_place_in_an_order_are_found(diamond):
    diamond["cable_spans"]["seq"][1] = 1

    assert ("ND944", "cable_spans", "C1/1") in _found(diamond)


# Cables


def test_a_cable_without_spans_is_found_unless_it_is_out_of_service(diamond):
    _add(diamond["cables"], id="C3", from_id="S1", to_id="O1")
    diamond["cables"]["status"] = ["", "", "planned"]
    assert _found(diamond) == []

    diamond["cables"]["status"][2] = "in_service"
    assert _found(diamond) == [("ND924", "cables", "C3")]


def test_spans_that_do_not_meet_are_found(diamond):
    diamond["cable_spans"]["span_id"][1] = "P4"

    assert _found(diamond) == [("ND925", "cables", "C1")]
    assert _message(diamond, "ND925") == "its spans 'P1' and 'P4' do not meet"


def test_spans_in_the_wrong_order_are_found(diamond):
    """P1 from O1 to M1, Q from M1 to M2, P4 from M2 to S1, recorded as P1, P4, Q."""
    _add(diamond["spans"], id="Q", from_id="M1", to_id="M2", medium="duct")
    diamond["cable_spans"] = {
        "cable_id": ["C1", "C1", "C1", "C2", "C2"],
        "seq": [1, 3, 2, 1, 2],
        "span_id": ["P1", "Q", "P4", "P2", "P4"],
    }
    assert _found(diamond) == [("ND925", "cables", "C1")]

    diamond["cable_spans"]["seq"] = [10, 20, 30, 1, 2]
    assert _found(diamond) == []


def test_a_cable_may_be_recorded_from_either_end(diamond):
    diamond["cable_spans"]["seq"] = [2, 1, 1, 2]

    assert _found(diamond) == []


def test_spans_that_stop_short_of_the_end_are_found(diamond):
    diamond["cable_spans"] = {
        "cable_id": ["C1", "C2", "C2"],
        "seq": [1, 1, 2],
        "span_id": ["P1", "P2", "P4"],
    }

    assert _found(diamond) == [("ND926", "cables", "C1")]
    assert _message(diamond, "ND926") == "its spans do not lead from 'O1' to 'S1'"


def test_a_cable_may_end_anywhere_in_the_building_of_its_office(diamond):
    _add(diamond["structures"], id="V1", kind="vault", lon=112.5, lat=37.82, building_id="B1")
    diamond["spans"]["from_id"][0] = "V1"

    assert _found(diamond) == []


def test_a_cable_with_an_unknown_span_is_not_called_broken(diamond):
    diamond["cable_spans"]["span_id"][1] = "nobody"

    assert _found(diamond) == [("ND920", "cable_spans", "C1/2")]


@pytest.mark.parametrize(("used", "bad", "wrong"), [(24, 0, False), (25, 0, True), (20, 5, True)])
def test_more_cores_in_use_than_there_are_is_found(diamond, used, bad, wrong):
    diamond["cables"]["cores_used"][0] = used
    diamond["cables"]["cores_bad"][0] = bad

    assert _found(diamond) == ([("ND931", "cables", "C1")] if wrong else [])


def test_more_bores_in_use_than_there_are_is_found(diamond):
    diamond["spans"] |= {"bores_total": [2, 2, None, 1], "bores_used": [2, 3, 9, None]}

    assert _found(diamond) == [("ND931", "spans", "P2")]


@pytest.mark.parametrize(
    ("table", "row", "found"),
    [
        ("spans", 0, ("ND945", "cable_spans", "C1/1")),
        ("cables", 1, ("ND945", "link_cables", "L2//1")),
        ("links", 0, ("ND945", "circuit_links", "X1/working//1")),
    ],
)
@pytest.mark.parametrize("status", ["planned", "retired"])
def test_what_is_in_use_must_be_in_service(diamond, table, row, found, status):
    diamond[table]["status"] = ["in_service"] * len(diamond[table]["id"])
    diamond[table]["status"][row] = status

    assert _found(diamond) == [found]


def test_a_span_that_ends_where_it_starts_is_found(diamond):
    _add(diamond["spans"], id="P5", from_id="M1", to_id="M1", medium="duct")

    assert _found(diamond) == [("ND938", "spans", "P5")]


# Plant


def test_one_building_at_two_places_is_found(diamond):
    diamond["sites"]["building_id"] = ["B1"]

    assert _found(diamond) == [("ND923", "sites", "S1")]
    assert _message(diamond, "ND923") == "building_id 'B1' is also that of 'O1', 2220 m away"


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
def test_a_length_that_contradicts_the_positions_is_found(diamond, row, length, wrong):
    """P1 is drawn, 1417 m; P2 is not, and its ends are as far apart."""
    diamond["spans"]["length_m"][row] = length

    found = [("ND932", "spans", diamond["spans"]["id"][row])]
    assert _found(diamond) == (found if wrong else [])


def test_a_line_may_be_drawn_from_end_to_start(diamond):
    diamond["spans"]["geometry"][0] = "LINESTRING (112.49 37.81, 112.5 37.82)"

    assert _found(diamond) == []


def test_a_line_that_ends_elsewhere_is_found(diamond):
    diamond["spans"]["geometry"][0] = "LINESTRING (112.5 37.82, 112.491 37.809)"

    assert _found(diamond) == [("ND933", "spans", "P1")]
    assert "ends 142 m from the point" in _message(diamond, "ND933")


def test_a_span_stored_twice_is_found_whichever_way_it_is_drawn(diamond):
    _add(
        diamond["spans"],
        id="P1b",
        from_id="M1",
        to_id="O1",
        medium="duct",
        geometry="LINESTRING (112.49 37.81, 112.5 37.82)",
    )

    assert _found(diamond) == [("ND939", "spans", "P1b")]
    assert _message(diamond, "ND939") == "it has the ends and the line of 'P1'"


def test_parallel_spans_drawn_apart_or_not_at_all_are_no_duplicates(diamond):
    _add(
        diamond["spans"],
        id="P1b",
        from_id="O1",
        to_id="M1",
        medium="duct",
        geometry="LINESTRING (112.5 37.82, 112.49 37.82, 112.49 37.81)",
    )
    _add(diamond["spans"], id="P2b", from_id="O1", to_id="M2", medium="duct")

    assert _found(diamond) == []


def test_spans_side_by_side_may_share_a_trench(diamond):
    """P1 and P1b join the same points, P1c is half of them: O1, then a point half-way."""
    _add(diamond["spans"], id="P1b", from_id="O1", to_id="M1", medium="duct")
    _add(diamond["structures"], id="M3", kind="handhole", lon=112.495, lat=37.815)
    _add(diamond["spans"], id="P1c", from_id="O1", to_id="M3", medium="duct")
    diamond["spans"]["trench_id"] = ["T", None, None, None, "T", "T"]

    assert _found(diamond) == []


def test_spans_one_after_the_other_may_not_share_a_trench(diamond):
    diamond["spans"]["trench_id"] = ["T", None, "T", None]

    assert _found(diamond) == [("ND937", "spans", "P1")]
    assert "trench_id 'T' is that of 'P3', which lies" in _message(diamond, "ND937")


def test_spans_drawn_apart_may_not_share_a_trench(diamond):
    _add(
        diamond["spans"],
        id="P1b",
        from_id="O1",
        to_id="M1",
        medium="duct",
        geometry="LINESTRING (112.5 37.82, 112.499 37.8185, 112.49 37.81)",
    )
    diamond["spans"]["trench_id"] = ["T", None, None, None, "T"]
    assert _found(diamond) == [("ND937", "spans", "P1")]

    diamond["spans"]["geometry"][4] = "LINESTRING (112.5 37.82, 112.499 37.8191, 112.49 37.81)"
    assert _found(diamond) == []


def test_an_undrawn_span_may_lie_along_a_bend_of_a_drawn_one(diamond):
    """P1 bends by 300 m; P1c, not drawn, joins two points on it."""
    diamond["spans"]["geometry"][0] = "LINESTRING (112.5 37.82, 112.498 37.815, 112.49 37.81)"
    diamond["spans"]["length_m"][0] = None
    _add(diamond["structures"], id="M3", kind="handhole", lon=112.498, lat=37.815)
    _add(diamond["spans"], id="P1c", from_id="M3", to_id="M1", medium="duct")
    _add(diamond["spans"], id="P1d", from_id="O1", to_id="M1", medium="duct")
    diamond["spans"]["trench_id"] = ["T", None, None, None, "T", "T"]

    assert _found(diamond) == []


def test_spans_without_positions_are_not_judged(diamond):
    for name in ("structures", "offices", "sites"):
        diamond[name]["lon"] = [None] * len(diamond[name]["id"])
    diamond["spans"]["geometry"] = [None] * 4
    diamond["spans"]["trench_id"] = ["T"] * 4

    assert _found(diamond, ignore={"ND907"}) == []


def test_a_plane_network_is_checked_in_metres(diamond):
    for name in ("structures", "offices", "sites"):
        diamond[name]["lon"] = [(lon - 112.5) * 1e5 for lon in diamond[name]["lon"]]
        diamond[name]["lat"] = [(lat - 37.8) * 1e5 + 4e6 for lat in diamond[name]["lat"]]
    diamond["spans"]["geometry"] = ["LINESTRING (0 4002000, -1000 4001000)", None, None, None]
    diamond["spans"]["trench_id"] = ["T", None, "T", None]
    diamond["spans"]["length_m"] = [1450, 1450, 100, None]

    assert _found(diamond, ignore={"ND910"}) == [("ND932", "spans", "P3"), ("ND937", "spans", "P3")]


def test_an_access_link_longer_than_access_cables_reach_is_found(diamond):
    diamond["sites"]["lat"] = [37.3]

    assert ("ND934", "links", "L1") in _found(diamond)
    assert "57." in _message(diamond, "ND934")

    diamond["links"]["medium"] = ["radio", "radio"]
    assert "ND934" not in {rule for rule, _, _ in _found(diamond)}


# Circuits


def test_a_circuit_in_service_without_a_working_route_is_found(diamond):
    diamond["circuit_links"] = {name: cells[1:] for name, cells in diamond["circuit_links"].items()}

    assert _found(diamond) == [("ND927", "circuits", "X1")]

    diamond["circuits"]["status"] = ["planned"]
    assert _found(diamond) == []


def test_a_claimed_protect_route_that_is_not_recorded_is_found(diamond):
    diamond["circuit_links"] = {name: cells[:1] for name, cells in diamond["circuit_links"].items()}
    assert _found(diamond) == [("ND930", "circuits", "X1")]

    diamond["circuits"]["protection"] = ["ring"]
    assert _found(diamond) == []


def test_a_route_that_misses_an_end_is_found(diamond):
    _add(diamond["offices"], id="O2", name="b", role="access", lon=112.6, lat=37.8)
    diamond["links"]["to_id"][1] = "O2"

    assert _found(diamond) == [("ND928", "circuits", "X1")]
    assert _message(diamond, "ND928") == "the protect route does not lead from 'S1' to 'O1'"


def test_a_route_may_end_at_the_second_home(diamond):
    _add(diamond["offices"], id="O2", name="b", role="core", lon=112.6, lat=37.8)
    diamond["links"]["to_id"][1] = "O2"
    diamond["circuits"]["b2_id"] = ["O2"]

    assert _found(diamond) == []


def test_links_that_do_not_meet_are_found(diamond):
    """The protect route takes L2 from S1 to O1, and then L3 between two other offices."""
    _add(diamond["offices"], id="O2", name="b", role="access", lon=112.6, lat=37.8)
    _add(diamond["offices"], id="O3", name="c", role="access", lon=112.6, lat=37.9)
    _add(diamond["links"], id="L3", from_id="O2", to_id="O3")
    diamond["circuit_links"] = {
        "circuit_id": ["X1"] * 3,
        "role": ["working", "protect", "protect"],
        "seq": [1, 1, 2],
        "link_id": ["L1", "L2", "L3"],
    }

    assert _found(diamond) == [("ND928", "circuits", "X1")]
    assert _message(diamond, "ND928") == "the links 'L2' and 'L3' of the protect route do not meet"


def test_segments_are_judged_each_by_itself(diamond):
    """Two segments: S1 to O2 over L3, O2 to O1 over L4; each meets itself, neither both ends."""
    _add(diamond["offices"], id="O2", name="b", role="access", lon=112.51, lat=37.8)
    _add(diamond["links"], id="L3", from_id="D1", to_id="O2")
    _add(diamond["links"], id="L4", from_id="O2", to_id="T1")
    diamond["circuit_links"] = {
        "circuit_id": ["X1"] * 4,
        "role": ["working", "working", "protect", "protect"],
        "segment": ["1", "2", "1", "2"],
        "seq": [1, 1, 1, 1],
        "link_id": ["L3", "L4", "L1", "L2"],
    }

    assert _found(diamond) == []


def test_a_protect_route_that_is_the_working_route_is_found(diamond):
    diamond["circuit_links"]["link_id"] = ["L1", "L1"]

    assert _found(diamond) == [("ND929", "circuits", "X1")]


def test_a_tier_that_is_nowhere_is_found(diamond):
    diamond["circuits"]["tier"] = [None]
    assert _found(diamond) == []

    diamond["sites"]["tier"] = [None]
    assert _found(diamond) == [("ND935", "circuits", "X1")]


def test_a_site_whose_tier_is_not_the_highest_of_its_circuits_is_found(diamond):
    diamond["sites"]["tier"] = ["gold"]

    assert _found(diamond) == [("ND935", "sites", "S1")]
    assert _message(diamond, "ND935") == "tier is gold, but the highest of its circuits is diamond"


def test_a_group_of_circuits_of_two_sites_is_found(diamond):
    diamond["sites"] = {name: cells * 2 for name, cells in diamond["sites"].items()}
    diamond["sites"]["id"] = ["S1", "S2"]
    diamond["circuits"] = {name: cells * 2 for name, cells in diamond["circuits"].items()}
    diamond["circuits"] |= {"id": ["X1", "X2"], "group_id": ["G", "G"], "status": ["", "planned"]}
    assert _found(diamond) == []

    diamond["circuits"]["a_id"] = ["S1", "S2"]
    assert _found(diamond) == [("ND940", "circuits", "X1")]


def test_links_that_carry_each_other_are_found(diamond):
    diamond["link_links"] = {"link_id": ["L1", "L2"], "seq": [1, 1], "carrier_id": ["L2", "L1"]}
    assert _found(diamond) == [("ND941", "links", "L1"), ("ND941", "links", "L2")]

    diamond["link_links"] = {"link_id": ["L1"], "seq": [1], "carrier_id": ["L2"]}
    assert _found(diamond) == []

    diamond["link_links"] = {"link_id": ["L1"], "seq": [1], "carrier_id": ["L1"]}
    assert _found(diamond) == [("ND941", "links", "L1")]


# Dates and records


@pytest.mark.parametrize(
    ("day", "why"),
    [("1900-01-01", "before 1985-01-01"), ("2026-10-02", "after the snapshot of 2026-10-01")],
)
def test_an_implausible_date_is_found(diamond, day, why):
    diamond["equipment"]["installed"][1] = day

    assert _found(diamond) == [("ND936", "equipment", "D1")]
    assert _message(diamond, "ND936") == f"installed is {day}, {why}"


def test_a_fault_that_was_over_before_it_began_is_found(diamond):
    diamond["faults"]["restored"] = ["2026-09-01 08:29"]

    assert _found(diamond) == [("ND942", "faults", "F1")]


def test_records_that_contradict_each_other_are_one_finding(diamond):
    diamond["records"] = {
        "subject_id": ["S1", "S1", "S1", "S1", "O1"],
        "item_id": ["SP1", "SP1", "SP1", "IN1", "SP1"],
        "passed": ["true", "false", "true", "true", None],
    }

    findings = _found(diamond, ignore={"ND903"})

    assert findings == [("ND943", "records", "S1/SP1")]
    assert _message(diamond, "ND943") == "passed is both false and true"


# Chains


@given(st.lists(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=6)))
def test_chains_are_followed_as_by_trying_every_direction(chains):
    starts = np.cumsum([0, *map(len, chains)])
    if len(chains) == 0:
        return
    near, far = np.array([pair for chain in chains for pair in chain]).T

    result = follow_chains(starts, near, far)

    for place, chain in enumerate(chains):
        ways = [way for way in (_walk(chain, 0), _walk(chain, 1)) if way]
        assert (result.broken_at[place] < 0) == bool(ways)
        found = zip(result.first[:, place], result.last[:, place], strict=True)
        assert sorted(way for way in found if way[0] >= 0) == sorted(ways)


def _walk(chain, turned):
    """Walk a chain from one end of its first stretch; its two ends, or None."""
    first, at = chain[0][::-1] if turned else chain[0]
    for one, other in chain[1:]:
        if at not in {one, other}:
            return None
        at = other if at == one else one
    return first, at
