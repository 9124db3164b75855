"""Hazard areas and disks: what lies where, and layers that nobody should trust."""

from __future__ import annotations

import geopandas
import numpy as np
import pytest
import shapely
from builders import PlantBuilder
from shapely import LineString, Point, Polygon, box

from netgraph.diversity.failures import build_catalogue, find_single_failures
from netgraph.diversity.rules import load_rules
from netgraph.errors import InputError, UsageError
from netgraph.inventory.hazard_areas import read_hazard_areas
from netgraph.inventory.hazard_groups import points_in_areas, with_hazard_areas
from netgraph.topology import build_network

LON, LAT = 112.0, 37.0


@pytest.fixture
def plan():
    """X runs north of a river and south of it; one step is 0.01 degrees, about 1 km.

    ::

          2        m1 ---- m2
                  /          \\
          0      S            K
                  \\          /
         -2        m3 ---- m4
                 0  1      3  4
    """
    plan = PlantBuilder()
    places = {"S": (0, 0), "K": (4, 0), "m1": (1, 2), "m2": (3, 2), "m3": (1, -2), "m4": (3, -2)}
    degrees = {name: (LON + x / 100, LAT + y / 100) for name, (x, y) in places.items()}
    plan.site("S").office("K").way("N", "S m1 m2 K").way("Q", "S m3 m4 K")
    for table in ("sites", "offices", "structures"):
        for row in plan.rows[table]:
            row["lon"], row["lat"] = degrees[row["id"]]
    for row in plan.rows["spans"]:
        line = LineString([degrees[row["from_id"]], degrees[row["to_id"]]])
        row.update(geometry=line.wkt, length_m=None)
    return plan.circuit("X", "S", "K", "N", "Q")


def area(x1, y1, x2, y2):
    return box(LON + x1 / 100, LAT + y1 / 100, LON + x2 / 100, LAT + y2 / 100)


def layer(tmp_path, *shapes, crs="EPSG:4326", file="areas.gpkg", **columns):
    frame = geopandas.GeoDataFrame(columns, geometry=list(shapes), crs=crs)
    frame.to_file(tmp_path / file)
    return read_hazard_areas(tmp_path / file)


def simulate(plan, *areas, radius_m=None):
    rules = load_rules()
    inventory = with_hazard_areas(plan.inventory(), areas, rules.reach)
    catalogue = build_catalogue(
        build_network(inventory), rules, radius_m=radius_m,
        places=points_in_areas(inventory, areas),
    )  # fmt: skip
    return catalogue, find_single_failures(catalogue)


def row_of(catalogue, singles, name):
    """Members, circuits down and unprotected, circuits undecidable."""
    risk = catalogue.ids.tolist().index(name)
    number = singles.class_of_risk[risk]
    counts = (0, 0) if number < 0 else (
        int(singles.circuits_down[number]), int(singles.circuits_unprotected[number]),
    )  # fmt: skip
    return set(catalogue.members(risk)), *counts, int(singles.circuits_undecidable[risk])


def test_all_that_an_area_holds_or_that_crosses_it_fails_together(tmp_path, plan):
    shapes = area(1.5, 1, 2.5, 3), area(1.5, -3, 2.5, 3), area(0.9, 1.9, 1.1, 2.1)
    areas = layer(tmp_path, *shapes, id=["north", "both", "corner"])
    catalogue, singles = simulate(plan, areas)
    assert row_of(catalogue, singles, "risk_groups:hazard-north") == ({"spans:N-2"}, 0, 1, 0)
    assert row_of(catalogue, singles, "risk_groups:hazard-both") == (
        {"spans:N-2", "spans:Q-2"},
        1,
        0,
        0,
    )
    members = {"spans:N-1", "spans:N-2", "structures:m1"}
    assert row_of(catalogue, singles, "risk_groups:hazard-corner") == (members, 0, 1, 0)


def test_touching_the_border_is_crossing_it(tmp_path, plan):
    catalogue, singles = simulate(plan, layer(tmp_path, area(2, 2, 2.5, 3), id=["edge"]))
    assert row_of(catalogue, singles, "risk_groups:hazard-edge")[0] == {"spans:N-2"}


def test_an_area_lies_at_a_point_inside_it(tmp_path, plan):
    shape = area(1.5, 1, 2.5, 3)
    catalogue, _ = simulate(plan, layer(tmp_path, shape, id=["north"]))
    assert shape.contains(
        Point(catalogue.places[catalogue.ids.tolist().index("risk_groups:hazard-north")])
    )


def test_a_span_that_is_not_drawn_leaves_its_circuit_undecidable(tmp_path, plan):
    plan.change("spans", "Q-2", geometry=None)
    catalogue, singles = simulate(plan, layer(tmp_path, area(1.5, -3, 2.5, 3), id=["both"]))
    assert row_of(catalogue, singles, "risk_groups:hazard-both") == ({"spans:N-2"}, 0, 1, 1)
    assert row_of(catalogue, singles, "spans:N-2") == ({"spans:N-2"}, 0, 1, 0), "a cut is certain"


def test_an_area_in_another_reference_system_is_reprojected(tmp_path, plan):
    frame = geopandas.GeoSeries([area(1.5, 1, 2.5, 3)], crs="EPSG:4326").to_crs("EPSG:32649")
    areas = layer(tmp_path, frame[0], crs="EPSG:32649", id=[7.0])
    assert areas.ids == ("7",)
    assert areas.geometries[0].hausdorff_distance(area(1.5, 1, 2.5, 3)) < 1e-6
    catalogue, singles = simulate(plan, areas)
    assert row_of(catalogue, singles, "risk_groups:hazard-7")[0] == {"spans:N-2"}


def test_a_layer_without_a_reference_system_is_refused_with_the_cure(tmp_path):
    with pytest.warns(UserWarning, match="crs"), pytest.raises(InputError) as error:
        layer(tmp_path, area(0, 0, 1, 1), crs=None, file="areas.shp")
    (problem,) = error.value.problems
    assert "areas.shp" in problem
    assert "no coordinate reference system" in problem
    assert "Set CRS" in problem


def test_a_datum_without_an_accurate_transformation_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"areas.gpkg.*no accurate way"):
        layer(tmp_path, area(0, 0, 1, 1), crs="EPSG:4610")


def test_numbers_that_are_no_degrees_are_refused(tmp_path):
    with pytest.raises(InputError, match="outside of longitude and latitude"):
        layer(tmp_path, box(500_000, 4_000_000, 500_100, 4_000_100))


def test_empty_invalid_and_other_shapes_are_repaired_or_left_out_and_reported(tmp_path, plan):
    """A bow tie over both routes, an empty polygon, a point, a line."""
    xs, ys = LON + np.array([1.5, 2.5, 1.5, 2.5]) / 100, LAT + np.array([-3, -3, 3, 3]) / 100
    bow_tie = Polygon(list(zip(xs, ys, strict=True)))
    assert not bow_tie.is_valid
    shapes = [bow_tie, Polygon(), Point(LON, LAT), LineString([(LON, LAT), (LON + 1, LAT)]), None]
    areas = layer(tmp_path, *shapes, id=["tie", "none", "dot", "line", "nil"])
    assert areas.ids == ("tie",)
    assert areas.geometries[0].is_valid
    assert areas.geometries[0].area == pytest.approx(shapely.make_valid(bow_tie).area)
    assert [(f.rule, f.row_id) for f in areas.findings] == [
        ("ND986", "nil"), ("ND986", "none"), ("ND987", "dot"), ("ND987", "line"), ("ND988", "tie"),
    ]  # fmt: skip
    catalogue, singles = simulate(plan, areas)
    assert row_of(catalogue, singles, "risk_groups:hazard-tie")[0] == {"spans:N-2", "spans:Q-2"}


def test_a_layer_without_any_polygon_is_refused(tmp_path):
    with pytest.raises(InputError, match="no polygon"):
        layer(tmp_path, Point(LON, LAT))


@pytest.mark.parametrize("content", [b"", b"no layer at all"])
def test_what_is_no_layer_is_refused_by_name(tmp_path, content):
    (tmp_path / "areas.gpkg").write_bytes(content)
    with pytest.raises(InputError, match=r"areas.gpkg"):
        read_hazard_areas(tmp_path / "areas.gpkg")
    with pytest.raises(InputError, match=r"absent.gpkg"):
        read_hazard_areas(tmp_path / "absent.gpkg")


def test_areas_are_named_by_id_by_name_or_by_their_shape(tmp_path):
    one, two, three, four = (area(i, 0, i + 0.5, 1) for i in range(4))
    areas = layer(tmp_path, one, two, three, four, id=["a", "a", None, None],
                  name=["x", "y", "z", None])  # fmt: skip
    assert areas.names == ("x", "y", "z", "")
    assert areas.ids[2] == "z"
    assert areas.ids[0].startswith("a-")
    assert areas.ids[1].startswith("a-")
    assert len(set(areas.ids)) == 4
    turned = layer(tmp_path, four, one, file="turned.gpkg", id=[None, "b"])
    assert turned.ids[0] == areas.ids[3], "the hash does not depend on the row"


def test_areas_cannot_be_laid_over_planar_coordinates(tmp_path, plan):
    areas = layer(tmp_path, area(0, 0, 1, 1))
    plan.rows["inventory"][0]["crs"] = "planar"
    with pytest.raises(UsageError, match=r"inventory.crs"):
        simulate(plan, areas)


def test_the_spans_that_meet_in_a_point_fail_together_under_a_small_disk(plan):
    catalogue, singles = simulate(plan, radius_m=10.0)
    disks = {
        catalogue.members(i): int(singles.circuits_down[singles.class_of_risk[i]])
        for i, kind in enumerate(catalogue.kinds) if kind == "disk"
    }  # fmt: skip
    assert disks == {
        ("sites:S", "spans:N-1", "spans:Q-1"): 1,
        ("offices:K", "spans:N-3", "spans:Q-3"): 1,
        ("spans:N-1", "spans:N-2"): 0,
        ("spans:N-2", "spans:N-3"): 0,
        ("spans:Q-1", "spans:Q-2"): 0,
        ("spans:Q-2", "spans:Q-3"): 0,
    }


def test_the_largest_disk_hits_everything(plan):
    catalogue, singles = simulate(plan, radius_m=5_000.0)
    (disk,) = np.flatnonzero(catalogue.kinds == "disk")
    assert len(catalogue.members(disk)) == 8
    assert singles.circuits_down[singles.class_of_risk[disk]] == 1


@pytest.mark.parametrize("radius_m", [0.0, -1.0, np.nan, np.inf])
def test_a_radius_that_is_not_positive_is_refused(plan, radius_m):
    with pytest.raises(UsageError, match="must be positive"):
        simulate(plan, radius_m=radius_m)


def test_disks_that_would_take_minutes_are_refused_with_advice(plan, monkeypatch):
    monkeypatch.setattr("netgraph.diversity.failures.disks.MOST_TRIPLES", 10.0)
    with pytest.raises(UsageError, match=r"smaller radius.*--hazard"):
        simulate(plan, radius_m=5_000.0)
