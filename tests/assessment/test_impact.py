"""What a cut takes down, against a reading of the raw tables, and on networks drawn by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import PlantBuilder
from hypothesis import given, settings
from hypothesis import strategies as st
from random_plants import draw_plant

import netgraph as ng
from netgraph.datasets import example_columns
from netgraph.diversity.failures import build_catalogue, find_single_failures
from netgraph.diversity.impact.elements import FAILING_TABLES
from netgraph.errors import InputError, UsageError
from netgraph.inventory import from_columns
from netgraph.inventory.model import POSSIBLE

TABLES = (
    "spans", "cables", "structures", "offices", "sites", "rooms", "equipment", "links",
    "risk_groups",
)  # fmt: skip


class RawTables:
    """The rows of a plan, read without a line of the product; things may be taken out."""

    def __init__(self, plan, failed):
        self.rows = plan.rows
        self.by_id = {
            (table, row["id"]): row for table in TABLES for row in plan.rows.get(table, ())
        }
        self.gone = set(failed)
        for table, name in failed:
            if table == "risk_groups":
                self.gone |= {
                    (m["table"], m["element_id"])
                    for m in plan.rows["risk_members"]
                    if m["risk_id"] == name
                }

    def place_is_up(self, name):
        for table in ("offices", "sites", "structures"):
            if (table, name) in self.by_id:
                house = self.by_id[table, name].get("building_id")
                return (table, name) not in self.gone and ("buildings", house) not in self.gone
        return True

    def end_is_up(self, name):
        """Whether an end of a link is up: a place, or a device with its room and place."""
        if ("equipment", name) not in self.by_id:
            return self.place_is_up(name)
        row = self.by_id["equipment", name]
        room = row.get("room_id")
        rooms_there = ("rooms", room) in self.by_id
        if ("equipment", name) in self.gone or (rooms_there and ("rooms", room) in self.gone):
            return False
        return self.place_is_up(row["location_id"])

    def span_is_up(self, name):
        row = self.by_id.get(("spans", name))
        if row is None:
            return True  # not recorded: nothing is known to be down
        trench = ("trenches", row.get("trench_id"))
        ends = self.place_is_up(row["from_id"]) and self.place_is_up(row["to_id"])
        return ("spans", name) not in self.gone and trench not in self.gone and ends

    def cable_is_up(self, name):
        row = self.by_id[("cables", name)]
        spans = [r["span_id"] for r in self.rows.get("cable_spans", ()) if r["cable_id"] == name]
        ends = self.place_is_up(row["from_id"]) and self.place_is_up(row["to_id"])
        return ("cables", name) not in self.gone and ends and all(map(self.span_is_up, spans))

    def link_is_up(self, name):
        row = self.by_id.get(("links", name))
        if row is None:
            return True
        ends = self.end_is_up(row["from_id"]) and self.end_is_up(row["to_id"])
        if ("links", name) in self.gone or not ends:
            return False
        legs = {}
        for r in self.rows.get("link_cables", ()):
            if r["link_id"] == name:
                up = self.cable_is_up(r["cable_id"])
                legs.setdefault(r.get("role") == "protect", []).append(up)
        for r in self.rows.get("link_links", ()):
            if r["link_id"] == name:
                legs.setdefault(False, []).append(self.link_is_up(r["carrier_id"]))
        return not legs or any(all(leg) for leg in legs.values())

    def circuit(self, name):
        """Whether the circuit is down, and whether a route of it is."""
        segments = {}
        for r in self.rows.get("circuit_links", ()):
            if r["circuit_id"] == name:
                routes = segments.setdefault(r.get("segment"), {})
                routes.setdefault(r["role"], []).append(self.link_is_up(r["link_id"]))
        alive = [[all(route) for route in routes.values()] for routes in segments.values()]
        is_down = any(not any(routes) for routes in alive)
        return is_down, any(not up for routes in alive for up in routes)


def everything(plan):
    """What can fail in a plan, as (table, id)."""
    found = [(t, row["id"]) for t in TABLES for row in plan.rows.get(t, ())]
    found += [("trenches", n) for n in {r.get("trench_id") for r in plan.rows["spans"]} if n]
    places = [r for t in ("offices", "sites", "structures") for r in plan.rows.get(t, ())]
    found += [("buildings", n) for n in {r.get("building_id") for r in places} if n]
    return sorted(found)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5000), st.data())
def test_a_circuit_is_down_exactly_if_the_raw_tables_no_longer_join_a_route(seed, data):
    plan = draw_plant(2 * seed)
    failed = data.draw(st.lists(st.sampled_from(everything(plan)), min_size=1, max_size=3))
    impact = ng.find_impact(plan.inventory(), [f"{table}:{name}" for table, name in failed])
    raw = RawTables(plan, failed)
    rows = {row.circuit_id: row for row in impact.circuit_rows}
    for circuit in (row["id"] for row in plan.rows.get("circuits", ())):
        is_down, is_hit = raw.circuit(circuit)
        row = rows.get(circuit)
        status, lost = (row.status, row.lost) if row else ("", "")
        assert (lost == "route") == (is_hit and status != "down"), circuit
        if status == "undecidable":  # such as protection without the rows of a protect route
            assert row.missing
            assert row.may_be == "down" or not is_down
        else:
            assert (status == "down") == is_down, circuit


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 5000), st.data())
def test_where_records_are_missing_nothing_that_is_hit_is_said_to_be_up(seed, data):
    plan = draw_plant(2 * seed + 1)
    failed = data.draw(st.lists(st.sampled_from(everything(plan)), min_size=1, max_size=2))
    inventory = plan.inventory()
    impact = ng.find_impact(inventory, [f"{table}:{name}" for table, name in failed])
    rows = {row.circuit_id: row for row in impact.circuit_rows}
    raw = RawTables(plan, failed)
    known = ng.build_network(inventory).circuits
    for number, circuit in enumerate(known.ids):
        is_down, is_hit = raw.circuit(circuit)
        row = rows.get(circuit)
        if is_down:
            assert row.status in {"down", "undecidable"}
            assert row.status == "down" or row.may_be == "down"
        elif is_hit:
            assert row is not None
        if row is None:
            assert known.routes.is_known[known.routes_of(number)].all()


@pytest.mark.parametrize("seed", range(8))
def test_one_failure_is_the_same_here_and_in_the_simulation(seed):
    """The simulation shares nothing with this path but the numbers of the elements."""
    plan = draw_plant(seed)
    for row in plan.rows["risk_members"][seed % 2 :: 2]:
        row["membership"] = POSSIBLE
    inventory = plan.inventory()
    network = ng.build_network(inventory)
    simulated = find_single_failures(build_catalogue(network, ng.load_rules()))
    ids = network.circuits.ids
    for risk, name in enumerate(simulated.catalogue.ids.tolist()):
        if name.partition(":")[0] not in FAILING_TABLES:
            continue
        rows = ng.find_impact(inventory, name).circuit_rows
        down = {row.circuit_id for row in rows if row.status == "down"}
        hit = {row.circuit_id for row in rows if row.lost == "route"}
        assert down == set(ids[simulated.find_down(risk)]), name
        assert hit == set(ids[simulated.find_unprotected(risk)]), name
        may_drop = sum(row.may_be == "down" for row in rows)
        assert may_drop == simulated.circuits_undecidable[risk], name


def test_what_a_possible_member_would_take_down_is_undecidable_and_named():
    plan = (
        PlantBuilder().site("S").office("K").way("n", "S m K").way("q", "S x K")
        .circuit("C", "S", "K", "n", "q").risk("flood", "structures:m", "structures:x")
    )  # fmt: skip
    assert statuses(ng.find_impact(plan.inventory(), ["risk_groups:flood"])) == {"C": "down"}
    plan.rows["risk_members"][-1]["membership"] = POSSIBLE
    (row,) = ng.find_impact(plan.inventory(), ["risk_groups:flood"]).circuit_rows
    assert (row.status, row.may_be, row.missing) == ("undecidable", "down", "membership of x")
    plan.rows["risk_members"][0]["membership"] = POSSIBLE
    (row,) = ng.find_impact(plan.inventory(), ["risk_groups:flood"]).circuit_rows
    assert (row.status, row.may_be) == ("undecidable", "down"), "not left out as if it survived"


@pytest.fixture(scope="module")
def twin_ring():
    return from_columns(example_columns("twin_ring"))


def statuses(impact):
    return {row.circuit_id: row.status for row in impact.circuit_rows}


def test_the_manhole_of_both_cables_takes_its_site_down(twin_ring):
    """The drawing is in netgraph/datasets/twin_ring.py: S3 has both its cables in manhole X."""
    impact = ng.find_impact(twin_ring, ["structures:X"])
    assert list(impact.down["circuit_id"]) == ["L4"]
    (row,) = impact.down.itertuples()
    assert (row.site_id, row.tier, row.repair_limit_h, row.routes_hit) == (
        "S3", "diamond", 4.0, "working;protect",
    )  # fmt: skip
    assert row.is_cut_off is True
    assert impact.summary.sites_cut_off == 1


def test_an_office_of_both_rings_leaves_the_rest_unprotected(twin_ring):
    impact = ng.find_impact(twin_ring, ["offices:J1"])
    assert statuses(impact) == {
        "L5": "down", "L1": "unprotected", "L2": "unprotected", "L3": "unprotected",
        "L4": "unprotected", "L6": "undecidable",
    }  # fmt: skip
    assert list(impact.circuits["rank"]) == list(range(1, 7))
    assert list(impact.contacts["customer_id"]) == ["POWER", "BANK"], "the one that is down first"


def test_a_flood_takes_both_cables_at_once_and_one_of_them_only_protection(twin_ring):
    assert statuses(ng.find_impact(twin_ring, ["risk_groups:RG-FLOOD"]))["L7"] == "down"
    assert statuses(ng.find_impact(twin_ring, ["cables:C-S6-W1"]))["L7"] == "unprotected"
    both = ng.find_impact(twin_ring, ["cables:C-S6-W1", "cables:C-S6-W2"])
    assert statuses(both)["L7"] == "down"
    row = next(row for row in both.circuit_rows if row.circuit_id == "L7")
    assert row.hit_by == "cables:C-S6-W1;cables:C-S6-W2"


def test_a_circuit_whose_route_is_not_recorded_is_never_said_to_survive(twin_ring):
    """The second cable of S5 has no spans on record: any manhole may be on it."""
    impact = ng.find_impact(twin_ring, ["structures:M9"])
    row = next(row for row in impact.circuit_rows if row.circuit_id == "L6")
    assert (row.status, row.may_be) == ("undecidable", "unprotected")
    impact = ng.find_impact(twin_ring, ["cables:C-S5-J1"])
    (row,) = impact.circuit_rows
    assert (row.status, row.lost, row.may_be) == ("undecidable", "route", "down")
    assert "cable_spans of cable C-S5-E1" in row.missing


@pytest.fixture
def two_legs():
    r"""A link with two legs between two offices, and a site on each side.

    ::

               ___ c1 (M1) ___
        S --- O               K        O-K is one link (MSP 1+1) over c1 and c2
               ‾‾‾ c2 (M2) ‾‾‾
    """
    plan = PlantBuilder().office("O", "access").office("K").site("S")
    plan.way("a", "S M0 O").way("c1", "O M1 K").way("c2", "O M2 K")
    plan.link("msp", "O", "K", ["c1"], protect=["c2"])
    return plan.circuit("X", "S", "K", "a msp", protection="none")


def test_a_link_with_two_legs_is_down_only_by_both(two_legs):
    inventory = two_legs.inventory()
    one = ng.find_impact(inventory, ["structures:M1"])
    assert [(row.status, row.lost) for row in one.circuit_rows] == [("unprotected", "leg")]
    both = ng.find_impact(inventory, ["structures:M1", "structures:M2"])
    assert statuses(both) == {"X": "down"}


def test_a_link_over_one_with_two_legs_loses_a_leg_with_it(two_legs):
    two_legs.link("up", "O", "K", carriers=["msp"])
    two_legs.circuit("Y", "S", "K", "a up", protection="none")
    one = ng.find_impact(two_legs.inventory(), ["spans:c1-1"])
    assert {row.circuit_id: row.lost for row in one.circuit_rows} == {"X": "leg", "Y": "leg"}
    two = ng.find_impact(two_legs.inventory(), ["spans:c1-1", "spans:c2-2"])
    assert statuses(two) == {"X": "down", "Y": "down"}


@pytest.fixture
def pair():
    r"""Two circuits of one group, each on one route; and two circuits protected by segment.

    ::

              __ w (M1) __
        S ---              K      G1: X on w, Y on p (they back each other up)
              ‾‾ p (M2) ‾‾

        T === t1/t2 === O === o1/o2 === K      Z: two segments, protected each
    """
    plan = PlantBuilder().office("O", "access").office("K").site("S").site("T", customer_id="R")
    plan.way("w", "S M1 K").way("p", "S M2 K")
    plan.way("t1", "T M3 O").way("t2", "T M4 O").way("o1", "O M5 K").way("o2", "O M6 K")
    for name, link in (("X", "w"), ("Y", "p")):
        plan.circuit(name, "S", "K", link, group_id="G1", protection="none", repair_limit_h=4)
    plan.circuit("Z", "T", "K", customer_id="R", tier="gold")
    for segment, pair_of in (("s1", "t1 t2"), ("s2", "o1 o2")):
        for role, link in zip(("working", "protect"), pair_of.split(), strict=True):
            plan.route("Z", role, link, segment=segment)
    return plan


def test_a_circuit_that_is_down_names_what_still_backs_it_up(pair):
    impact = ng.find_impact(pair.inventory(), ["structures:M1"])
    x, y = impact.circuit_rows
    assert (x.circuit_id, x.status, x.is_cut_off, x.backed_up_by) == ("X", "down", False, "Y")
    assert (y.circuit_id, y.status, y.lost) == ("Y", "unprotected", "backup")
    assert impact.summary.sites_cut_off == 0


def test_segments_switch_each_on_its_own(pair):
    inventory = pair.inventory()
    two = ng.find_impact(inventory, ["links:t1", "links:o2"])
    assert [(row.circuit_id, row.status, row.routes_hit) for row in two.circuit_rows] == [
        ("Z", "unprotected", "working;protect")
    ]
    assert statuses(ng.find_impact(inventory, ["links:t1", "links:t2"])) == {"Z": "down"}


def test_the_first_to_call_is_the_highest_tier_then_the_larger_customer(pair):
    impact = ng.find_impact(pair.inventory(), ["offices:K"])
    assert list(impact.circuits["circuit_id"]) == ["X", "Y", "Z"], "diamond before gold"
    pair.change("circuits", "Z", tier="diamond")
    impact = ng.find_impact(pair.inventory(), ["offices:K"])
    assert list(impact.circuits["circuit_id"]) == ["X", "Y", "Z"], "customer Q has two circuits"
    pair.change("sites", "T", importance="province")
    impact = ng.find_impact(pair.inventory(), ["offices:K"])
    assert list(impact.circuits["circuit_id"]) == ["Z", "X", "Y"], "importance goes before size"
    contacts = impact.contacts
    assert list(contacts["customer_id"]) == ["R", "Q"]
    assert list(contacts["circuits_down"]) == [1, 2]


def test_a_system_and_a_whole_cable_stand_for_their_parts(pair):
    pair.ring("RING", "t1 t2")
    pair.change("cables", "w", parent_id="WHOLE").change("cables", "p", parent_id="WHOLE")
    inventory = pair.inventory()
    assert statuses(ng.find_impact(inventory, ["systems:RING"])) == {"Z": "down"}
    assert statuses(ng.find_impact(inventory, "cables:WHOLE")) == {"X": "down", "Y": "down"}
    assert statuses(ng.find_impact(inventory, ["M1"])) == {"X": "down", "Y": "unprotected"}


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("structures:m11", "nearest are: structures:M1"),
        ("cables:M1", "nearest are: structures:M1"),
        ("span:w-1", "Is spans meant"),
        ("offices:", "There is no 'offices:'"),
        ("w", r"may mean several things: write one of cables:w, links:w"),
        ("nothing", "There is no 'nothing' in a table"),
        ("", "There is no ''"),
    ],
)
def test_an_unknown_element_is_told_with_what_is_near(pair, wanted, told):
    with pytest.raises(UsageError, match=told):
        ng.find_impact(pair.inventory(), [wanted])


def test_all_unknown_elements_are_told_at_once(pair):
    with pytest.raises(UsageError) as raised:
        ng.find_impact(pair.inventory(), ["links:a9", "offices:Q7"])
    assert len(str(raised.value).splitlines()) == 2
    with pytest.raises(UsageError, match="at least one element"):
        ng.find_impact(pair.inventory())


def plan_file(tmp_path, *rows, heading="circuit_id,role,segment,seq,link_id"):
    path = tmp_path / "order.csv"
    path.write_text("\n".join([heading, *rows]) + "\n", "utf-8")
    return path


def test_a_work_order_that_puts_both_routes_into_one_cable_is_stopped(pair, tmp_path):
    """Y moves from p to w: the group, diverse before, is on one link afterwards."""
    order = plan_file(tmp_path, "Y,working,,1,w")
    impact = ng.find_impact(pair.inventory(), ["structures:M2"], order)
    assert impact.breaks_diversity
    (row,) = impact.violations.itertuples()
    assert (row.scope, row.unit_id, row.circuit_ids) == ("group", "G1", "X;Y")
    assert (row.level_before, row.level_after) == ("diverse", "single_route")
    assert (row.meets_before, row.meets_after, row.required_level) == (True, False, "diverse")
    assert impact.circuits.empty, "what fails, fails in the network with the new routes"
    assert statuses(ng.find_impact(pair.inventory(), ["structures:M1"], order)) == {
        "X": "down", "Y": "down",
    }  # fmt: skip


def test_a_work_order_names_where_the_routes_meet_now(pair, tmp_path):
    """V's protect route moves from p onto a cable through the manhole of its working route."""
    pair.circuit("V", "S", "K", "w", "p").way("r", "S M8 M1 M9 K")
    order = plan_file(tmp_path, "V,protect,,2,r", "V,working,,1,w")
    impact = ng.find_impact(pair.inventory(), [], order)
    (row,) = impact.violations.itertuples()
    assert (row.level_before, row.level_after) == ("diverse", "same_structure")
    assert row.newly_shared == "structures:M1"
    assert row.stops_being_diverse
    assert impact.breaks_diversity
    assert "M1" in row.reason


def test_a_work_order_after_which_nobody_can_tell_is_stopped_too(pair, tmp_path):
    pair.add("cables", id="dark", from_id="S", to_id="K").link("dark", "S", "K", ["dark"])
    impact = ng.find_impact(pair.inventory(), [], plan_file(tmp_path, "Y,working,,1,dark"))
    (row,) = impact.violations.itertuples()
    assert (row.level_before, row.level_after) == ("diverse", "undecidable")
    assert impact.breaks_diversity


def test_a_work_order_that_changes_nothing_for_the_worse_passes(pair, tmp_path):
    pair.way("q", "S M9 K")
    impact = ng.find_impact(pair.inventory(), [], plan_file(tmp_path, "Y,working,,1,q"))
    assert not impact.breaks_diversity
    assert impact.violations.empty
    levels = impact.regrooming.set_index("unit_id")["level_after"]
    assert levels.to_dict() == {"G1": "diverse", "Y": "single_route"}


def test_what_was_bad_already_may_stay_so(pair, tmp_path):
    order = plan_file(tmp_path, "X,working,,1,w", "Y,working,,1,w")
    both = replace(ng.read_planned_routes(order))
    today = pair.copy()
    today.rows["circuit_links"] = [
        {**row, "link_id": "w"} if row["circuit_id"] == "Y" else row
        for row in today.rows["circuit_links"]
    ]
    assert not ng.find_impact(today.inventory(), [], both).breaks_diversity


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["Q,working,,1,w"], r"order\.csv row 2: circuit_id 'Q' is not in the table circuits"),
        (["X,working,,1,w", "X,protect,,1,zz"], r"row 3: link_id 'zz' is not in the table links"),
        (["X,both,,1,w"], "role is 'both'"),
        (["X,working,,1,"], "link_id is missing"),
        ([], "no row below the headings"),
    ],
)
def test_a_work_order_that_names_what_is_not_there_is_refused(pair, tmp_path, rows, told):
    with pytest.raises(InputError, match=told):
        ng.find_impact(pair.inventory(), [], plan_file(tmp_path, *rows))


def test_a_work_order_over_a_retired_link_is_refused(pair, tmp_path):
    pair.change("links", "p", status="retired")
    with pytest.raises(InputError, match="is retired, not in service"):
        ng.find_impact(pair.inventory(), [], plan_file(tmp_path, "X,working,,1,p"))


def test_a_file_without_the_columns_is_refused(pair, tmp_path):
    order = plan_file(tmp_path, "X,w", heading="circuit_id,link_id")
    with pytest.raises(InputError, match="column role is missing"):
        ng.find_impact(pair.inventory(), [], order)


def test_an_impact_shows_itself_in_a_notebook(pair):
    impact = ng.find_impact(pair.inventory(), ["offices:K"])
    assert "3 circuits down" in impact._repr_html_()
    assert list(impact.elements["id"]) == ["K"]
    assert impact.undecidable.empty
