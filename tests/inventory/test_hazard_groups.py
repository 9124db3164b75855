"""Hazard areas laid over an inventory become risk groups of what they are shown to touch."""

from __future__ import annotations

import geopandas
import numpy as np
import pytest
from builders import PlantBuilder
from shapely import box

from netgraph.errors import InputError, UsageError
from netgraph.inventory import check_inventory
from netgraph.inventory.hazard_areas import read_hazard_areas
from netgraph.inventory.hazard_groups import read_all_hazard_areas, with_hazard_areas
from netgraph.inventory.hazard_reach import Reach

REACH = Reach(length_margin=1.05, undrawn_detour=3.0)


@pytest.fixture
def plan():
    """A street from a site to its centre; the middle span is not drawn.

    ::

        S ──a── M1 ┄┄b┄┄ M2 ──c── K          lon 112.00  112.01  112.02  112.03, lat 37.8
    """
    plan = PlantBuilder()
    plan.site("S", lon=112.0).structure("M1", lon=112.01).structure("M2", lon=112.02)
    plan.office("K", lon=112.03)
    line = "LINESTRING ({} 37.8, {} 37.8)"
    plan.span("a", "S", "M1", geometry=line.format(112.0, 112.01))
    plan.span("b", "M1", "M2")
    plan.span("c", "M2", "K", geometry=line.format(112.02, 112.03))
    return plan


@pytest.fixture
def layer(tmp_path):
    def write(*bounds, file="areas.gpkg", **columns):
        shapes = [box(west, 37.79, east, 37.81) for west, east in bounds]
        frame = geopandas.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")
        frame.to_file(tmp_path / file)
        return read_hazard_areas(tmp_path / file)

    return write


def members_of(inventory, group, membership=""):
    table = inventory.table("risk_members")
    rows = np.flatnonzero((table["risk_id"] == group) & (table["membership"] == membership))
    return {f"{table['table'][row]}:{table['element_id'][row]}" for row in rows}


def rules_of(inventory, before):
    return [f.rule for f in inventory.findings if f not in before.findings]


def test_what_lies_inside_or_crosses_is_a_member(plan, layer):
    before = plan.inventory()
    after = with_hazard_areas(before, [layer((111.995, 112.005), id=["F1"], name=["flood"])], REACH)
    assert members_of(after, "hazard-F1") == {"sites:S", "spans:a"}
    groups = after.table("risk_groups")
    assert groups["name"].tolist() == ["flood"]
    assert groups["kind"].tolist() == ["hazard_area"]
    assert len(before.table("risk_groups")) == 0, "the inventory itself stays as it was"
    assert not [f for f in check_inventory(after) if f.table.startswith("risk_")]


def test_a_span_that_is_not_drawn_is_a_member_by_its_ends(plan, layer):
    after = with_hazard_areas(plan.inventory(), [layer((112.018, 112.022), id=["F1"])], REACH)
    assert members_of(after, "hazard-F1") == {"structures:M2", "spans:b", "spans:c"}


def test_a_span_that_may_cross_unseen_is_named_and_a_possible_member(plan, layer):
    before = plan.inventory()
    after = with_hazard_areas(before, [layer((112.013, 112.017), id=["F1"])], REACH)
    assert members_of(after, "hazard-F1") == set()
    assert members_of(after, "hazard-F1", "possible") == {"spans:b"}
    assert rules_of(after, before) == ["ND983", "ND984", "ND985"]
    assert "may lie in the area: spans:b." in after.findings[-1].message


def test_laying_the_same_layer_twice_changes_nothing(plan, layer):
    areas = layer((111.995, 112.005), (112.018, 112.022), id=["F1", "F2"])
    once = with_hazard_areas(plan.inventory(), [areas], REACH)
    twice = with_hazard_areas(once, [areas], REACH)
    for name in ("risk_groups", "risk_members"):
        for column, cells in once.table(name).columns.items():
            assert twice.table(name)[column].tolist() == cells.tolist()
    assert twice.findings == once.findings


def test_plant_that_came_later_becomes_a_member_when_laid_again(plan, layer):
    areas = layer((112.018, 112.022), id=["F1"])
    once = with_hazard_areas(plan.inventory(), [areas], REACH)
    plan.structure("M3", lon=112.021)
    plan.rows["risk_groups"] = [{"id": "hazard-F1", "kind": "hazard_area"}]
    plan.rows["risk_members"] = [
        {"risk_id": "hazard-F1", "table": "structures", "element_id": "M2"}
    ]
    again = with_hazard_areas(plan.inventory(), [areas], REACH)
    assert members_of(again, "hazard-F1") == {*members_of(once, "hazard-F1"), "structures:M3"}


def test_recorded_groups_stay_and_ids_that_are_taken_get_the_shape_in_theirs(plan, layer):
    plan.add("risk_groups", id="hazard-F1", kind="power_feed")
    plan.add("risk_members", risk_id="hazard-F1", table="spans", element_id="c")
    one = layer((111.995, 112.005), id=["F1"])
    other = layer((112.018, 112.022), id=["F1"], file="other.gpkg")
    after = with_hazard_areas(plan.inventory(), [one, other], REACH)
    ids = after.table("risk_groups")["id"].tolist()
    assert ids[0] == "hazard-F1"
    assert len(set(ids)) == 3
    assert members_of(after, "hazard-F1") == {"spans:c"}
    assert (
        with_hazard_areas(plan.inventory(), [other, one], REACH).table("risk_groups")["id"].tolist()
        == ids
    )


def test_without_layers_the_inventory_is_the_same(plan):
    inventory = plan.inventory()
    assert with_hazard_areas(inventory, [], REACH) is inventory


def test_planar_coordinates_are_refused(plan, layer):
    areas = layer((111.995, 112.005), id=["F1"])
    for table in ("sites", "structures", "offices"):
        for row in plan.rows[table]:
            row.update(lon=500_000.0 + row["lon"], lat=4_000_000.0)
    for row in plan.rows["spans"]:
        row.pop("geometry", None)
    inventory = plan.inventory()
    with pytest.raises(UsageError, match=r"inventory\.crs"):
        with_hazard_areas(inventory, [areas], REACH)


def test_what_is_wrong_with_any_layer_is_said_at_once(tmp_path):
    names = [tmp_path / "one.gpkg", tmp_path / "two.gpkg"]
    with pytest.raises(InputError) as error:
        read_all_hazard_areas(names)
    problems = error.value.problems
    assert all(str(name) in text for name, text in zip(names, problems, strict=True))
