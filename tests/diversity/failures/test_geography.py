"""Hazard areas and disks: what lies where, and layers that nobody should trust."""

from __future__ import annotations

import json

import geopandas
import numpy as np
import pytest
import shapely
from builders import PlantBuilder
from shapely import LineString, Point, Polygon, box

from netgraph.diversity.failures import build_catalogue, find_single_failures
from netgraph.diversity.rules import load_rules
from netgraph.errors import InputError, UsageError
from netgraph.inventory.datum import wgs84_to_gcj02
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


def frame_of(*shapes, **columns):
    return geopandas.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:4326")


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


def test_what_stands_there_instead_of_polygons_is_named_row_by_row(tmp_path):
    flat = Polygon([(LON, LAT), (LON + 1, LAT), (LON, LAT)])
    with pytest.raises(InputError) as error:
        layer(tmp_path, Point(LON, LAT), flat, Polygon())
    (problem,) = error.value.problems
    assert "row 1: This is no area but a Point." in problem
    assert "row 2: The polygon encloses nothing" in problem
    assert "row 3: The area is empty." in problem


def test_a_layer_without_rows_is_refused(tmp_path):
    (tmp_path / "areas.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(InputError, match="no polygon"):
        read_hazard_areas(tmp_path / "areas.geojson")


def geojson(tmp_path, **shape):
    feature = {"type": "Feature", "properties": {"id": "a"}, "geometry": shape}
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return read_hazard_areas(path)


def test_a_ring_that_is_not_closed_is_closed_and_reported(tmp_path):
    whole = area(1.5, 1, 2.5, 3)
    ring = shapely.get_coordinates(whole).tolist()
    areas = geojson(tmp_path, type="Polygon", coordinates=[ring[:-1]])
    assert areas.geometries[0].equals(whole)
    (finding,) = areas.findings
    assert (finding.rule, finding.row_id) == ("ND988", "a")
    assert "not closed" in finding.message


def test_of_a_collection_the_polygons_count(tmp_path):
    """They used to be left out with it: routes that both cross one looked apart."""
    whole = area(1.5, 1, 2.5, 3)
    parts = [shapely.geometry.mapping(whole), {"type": "Point", "coordinates": [LON, LAT]}]
    areas = geojson(tmp_path, type="GeometryCollection", geometries=parts)
    assert areas.geometries[0].equals(whole)
    assert [f.rule for f in areas.findings] == ["ND988"]


def test_all_layers_that_cannot_be_used_are_named(tmp_path):
    far = frame_of(box(500_000, 4_000_000, 500_100, 4_000_100))
    far.to_file(tmp_path / "areas.gpkg", layer="one")
    far.to_file(tmp_path / "areas.gpkg", layer="two")
    with pytest.raises(InputError) as error:
        read_hazard_areas(tmp_path / "areas.gpkg")
    assert ["layer one" in error.value.problems[0], "layer two" in error.value.problems[1]] == [
        True, True,
    ]  # fmt: skip


def test_an_area_drawn_on_a_web_map_is_moved_and_an_unknown_datum_refused(tmp_path):
    whole = area(1.5, 1, 2.5, 3)
    lon, lat = wgs84_to_gcj02(*shapely.get_coordinates(whole).T)
    drawn = Polygon(np.column_stack([lon, lat]))
    assert drawn.hausdorff_distance(whole) > 0.003
    areas = layer(tmp_path, drawn, whole, datum=["GCJ02", None], id=["a", "b"])
    assert areas.geometries[0].hausdorff_distance(whole) < 1e-8
    assert areas.geometries[1].equals(whole)
    with pytest.raises(InputError, match="no datum 'wgs72'; write one of wgs84, cgcs2000, gcj02"):
        layer(tmp_path, drawn, datum=["wgs72"], file="other.gpkg")


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_a_shapefile_without_a_code_page_is_read_as_csv_files_are(tmp_path, encoding):
    frame = frame_of(area(1, 1, 2, 2), id=["甲"], kind=["洪水"])
    frame.to_file(tmp_path / "areas.shp", encoding=encoding)
    (tmp_path / "areas.cpg").unlink(missing_ok=True)
    areas = read_hazard_areas(tmp_path / "areas.shp")
    assert (areas.ids, areas.kinds) == (("甲",), ("洪水",))


def test_the_hash_of_a_shapefile_tells_its_reference_system_too(tmp_path):
    frame = frame_of(area(1, 1, 2, 2), id=["a"])
    frame.to_file(tmp_path / "areas.shp")
    before = read_hazard_areas(tmp_path / "areas.shp").source.sha256
    frame.set_crs("EPSG:4490", allow_override=True).to_file(tmp_path / "other.shp")
    (tmp_path / "other.prj").replace(tmp_path / "areas.prj")
    assert read_hazard_areas(tmp_path / "areas.shp").source.sha256 != before


def test_a_folder_may_be_a_geodatabase_and_one_that_is_none_is_refused(tmp_path):
    frame_of(area(1, 1, 2, 2), id=["a"]).to_file(tmp_path / "areas.gdb", driver="OpenFileGDB")
    assert read_hazard_areas(tmp_path / "areas.gdb").ids == ("a",)
    (tmp_path / "nothing").mkdir()
    with pytest.raises(InputError, match=r"nothing: not a readable GIS layer \(its format"):
        read_hazard_areas(tmp_path / "nothing")


def test_a_single_area_without_a_name_is_told_by_its_shape(tmp_path):
    first, second = (
        layer(tmp_path, area(west, 1, 5, 2), file=f"{west}.gpkg").ids[0] for west in (1, 2)
    )
    assert first
    assert second
    assert first != second


def test_a_layer_that_lies_elsewhere_as_a_whole_is_a_warning(tmp_path, plan):
    """Degrees that are called metres lie within a stone's throw of (0, 0)."""
    away = layer(tmp_path, area(1.5, 1, 2.5, 3), crs="EPSG:3857", id=["a"])
    one_off = layer(
        tmp_path, area(1.5, 1, 2.5, 3), area(90, 90, 91, 91), file="b.gpkg", id=["b", "c"]
    )
    inventory = with_hazard_areas(plan.inventory(), (away, one_off), load_rules().reach)
    found = [f for f in inventory.findings if f.rule == "ND984"]
    assert sorted((f.severity, f.row_id) for f in found) == [
        ("info", "hazard-c"), ("warning", str(tmp_path / "areas.gpkg")),
    ]  # fmt: skip


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


def test_a_disk_at_the_end_of_a_span_that_is_not_drawn_hits_it(plan):
    """m1 ends two spans without lines, and a drawn one that no circuit uses."""
    line = LineString([(LON + 0.01, LAT + south) for south in (0.02, -0.02)])
    plan.span("x", "m1", "m3", geometry=line.wkt)
    plan.change("spans", "N-1", geometry=None).change("spans", "N-2", geometry=None)
    plan.circuit("Y", "S", "K", "N", protection="none")
    catalogue, singles = simulate(plan, radius_m=10.0)
    (disk,) = (
        i for i, kind in enumerate(catalogue.kinds)
        if kind == "disk" and "structures:m1" in catalogue.members(i)
    )  # fmt: skip
    assert set(catalogue.members(disk)) == {"spans:x", "structures:m1"}
    assert singles.circuits_down[singles.class_of_risk[disk]] == 1, "proven, not undecidable"


def test_the_largest_disk_hits_everything(plan):
    catalogue, singles = simulate(plan, radius_m=5_000.0)
    (disk,) = np.flatnonzero(catalogue.kinds == "disk")
    assert len(catalogue.members(disk)) == 8
    assert singles.circuits_down[singles.class_of_risk[disk]] == 1


@pytest.mark.parametrize("radius_m", [0.0, -1.0, np.nan, np.inf])
def test_a_radius_that_is_not_positive_is_refused(plan, radius_m):
    with pytest.raises(UsageError, match="metres above 0"):
        simulate(plan, radius_m=radius_m)


def test_disks_that_would_take_minutes_are_refused_with_advice(plan, monkeypatch):
    monkeypatch.setattr("netgraph.diversity.failures.disks.MOST_TRIPLES", 10.0)
    with pytest.raises(UsageError, match=r"smaller radius.*--hazard"):
        simulate(plan, radius_m=5_000.0)
