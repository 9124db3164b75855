"""The GeoPackage, read back by pyogrio, and its styles by an XML parser."""

from __future__ import annotations

import sqlite3
from xml.etree import ElementTree as ET

import numpy as np
import pyogrio
import pytest
import shapely
from handed_over import HOSTILE, hostile_assessment, small_assessment

from netgraph.assessment.handover import geopackage
from netgraph.assessment.handover.geopackage import geopackage_layers
from netgraph.assessment.handover.route_lines import route_lines
from netgraph.report.geopackage import write_layers
from netgraph.report.palette import GRADE_COLOURS
from netgraph.topology.paths import walk_route

LAYERS = {
    "hazards": "Point", "sites": "Point", "causes": "Point", "risks": "Point",
    "findings": "Point", "circuits": "MultiLineString", "offices": "Point",
    "structures": "Point", "plant": "LineString",
}  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("gpkg") / "assessment.gpkg"
    write_layers(geopackage_layers(small_assessment("en")), path)
    return path


def rows_of(path, query):
    database = sqlite3.connect(path)
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def test_every_layer_is_there_with_its_geometry_and_reference_system(written):
    listed = dict(pyogrio.list_layers(written).tolist())

    assert {name: kind for name, kind in listed.items() if name != "layer_styles"} == LAYERS
    for name in LAYERS:
        assert pyogrio.read_info(written, layer=name)["crs"] == "EPSG:4326"


def test_the_file_says_of_itself_what_the_standard_asks_for(written):
    """As version 1.2, which programs of some years ago read without a warning."""
    (((application,),), ((version,),)) = (
        rows_of(written, f"PRAGMA {name}") for name in ("application_id", "user_version")
    )
    assert (application.to_bytes(4), version) == (b"GPKG", 10200)
    assert rows_of(written, "PRAGMA integrity_check") == [("ok",)]
    assert rows_of(written, "PRAGMA foreign_key_check") == []
    contents = rows_of(written, "SELECT table_name, data_type, srs_id FROM gpkg_contents")
    assert set(contents) == {
        *((name, "features", 4326) for name in LAYERS), ("layer_styles", "attributes", 0),
    }  # fmt: skip
    columns = "SELECT table_name, geometry_type_name, srs_id, z, m FROM gpkg_geometry_columns"
    assert set(rows_of(written, columns)) == {
        (name, kind.upper(), 4326, 0, 0) for name, kind in LAYERS.items()
    }


def test_layers_have_the_rows_and_columns_of_the_tables(written):
    assessment = small_assessment("en")
    for name in ("sites", "hazards", "causes"):
        frame = pyogrio.read_dataframe(written, layer=name)
        expected = assessment._frame(name)
        assert len(frame) == len(expected)
        assert set(expected.columns) <= set(frame.columns)
    sites = pyogrio.read_dataframe(written, layer="sites").set_index("site_id")
    for site_id, row in assessment.sites.set_index("site_id").iterrows():
        assert sites.loc[site_id, "grade"] == row["grade"]
        assert sites.loc[site_id, "geometry"].equals(row["geometry"])


def test_a_route_runs_from_its_site_piece_by_piece_to_its_centre():
    """Held against the walk along each route."""
    audit = small_assessment("en").audit
    network = audit.network
    routes, places = network.circuits.routes, network.places
    lines = route_lines(audit, np.arange(len(routes)))
    for route, line in enumerate(lines):
        a = int(network.circuits.a[routes.circuit[route]])
        walk = walk_route(network, audit.paths, route, int(places.home[a]))
        if line is None:
            assert not np.isfinite(places.lon[walk.entry]).any()
            continue
        points = shapely.get_coordinates(line)
        assert points[0] == pytest.approx((places.lon[walk.entry[0]], places.lat[walk.entry[0]]))
        assert points[-1] == pytest.approx((places.lon[walk.exit_[-1]], places.lat[walk.exit_[-1]]))
        for place in walk.exit_:
            assert (np.abs(points - (places.lon[place], places.lat[place])).sum(1) < 1e-9).any()


def test_a_coarse_line_stays_near_the_exact_one():
    audit = small_assessment("en").audit
    numbers = np.arange(len(audit.network.circuits.routes))
    exact, coarse = (route_lines(audit, numbers, tolerance=t) for t in (0.0, 1e-3))

    for one, other in zip(exact, coarse, strict=True):
        if one is not None:
            assert shapely.hausdorff_distance(one, other) <= 1e-3 + 1e-9


def test_every_layer_has_a_default_style_of_valid_xml_in_the_table_of_qgis(written):
    columns = [row[1] for row in rows_of(written, "PRAGMA table_info(layer_styles)")]
    assert columns == [
        "id", "f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column",
        "styleName", "styleQML", "styleSLD", "useAsDefault", "description", "owner", "ui",
        "update_time",
    ]  # fmt: skip
    styles = rows_of(
        written,
        "SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles",
    )
    assert {name for name, *_ in styles} == set(LAYERS)
    geometry = dict(rows_of(written, "SELECT table_name, column_name FROM gpkg_geometry_columns"))
    for name, column, qml, is_default in styles:
        assert is_default == 1
        assert geometry[name] == column
        root = ET.fromstring(qml)  # noqa: S314 - written by us a moment ago
        renderer = root.find("renderer-v2")
        symbols = {symbol.get("name") for symbol in renderer.findall("symbols/symbol")}
        used = {category.get("symbol") for category in renderer.findall("categories/category")}
        assert used == symbols
        assert renderer.get("attr") in pyogrio.read_info(written, layer=name)["fields"]
    registered = rows_of(
        written, "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'"
    )
    assert registered == [("attributes",)]


def test_sites_are_coloured_by_grade_and_shaped_by_tier(written):
    ((qml,),) = rows_of(written, "SELECT styleQML FROM layer_styles WHERE f_table_name = 'sites'")
    for grade, colour in GRADE_COLOURS.items():
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        assert f'value="{grade}"' in qml
        assert f"{red},{green},{blue},255" in qml
    root = ET.fromstring(qml)  # noqa: S314 - written by us a moment ago
    shape = root.find(".//Option[@name='expression']").get("value")
    assert "\"tier\"='diamond'" in shape


def test_every_value_that_is_drawn_by_category_has_its_category(written):
    for name in ("hazards", "causes", "circuits", "offices", "plant", "structures", "findings"):
        ((qml,),) = rows_of(
            written, f"SELECT styleQML FROM layer_styles WHERE f_table_name = '{name}'"  # noqa: S608 - our own names
        )  # fmt: skip
        renderer = ET.fromstring(qml).find("renderer-v2")  # noqa: S314 - as above
        values = {category.get("value") for category in renderer.findall("categories/category")}
        frame = pyogrio.read_dataframe(written, layer=name)
        assert set(frame[renderer.get("attr")].dropna()) <= values


def test_lengths_are_metres(written):
    plant = pyogrio.read_dataframe(written, layer="plant").set_index("span_id")
    table = small_assessment("en").network.inventory.table("spans")
    recorded = dict(zip(table["id"], table["length_m"], strict=True))
    for span, metres in plant["length_m"].items():
        if np.isfinite(recorded[span]):
            assert metres == recorded[span]


def test_the_same_assessment_gives_the_same_bytes(tmp_path):
    for name in ("1.gpkg", "2.gpkg"):
        write_layers(geopackage_layers(small_assessment("zh")), tmp_path / name)

    assert (tmp_path / "1.gpkg").read_bytes() == (tmp_path / "2.gpkg").read_bytes()


def test_hostile_names_come_back_as_they_went_in(tmp_path):
    write_layers(geopackage_layers(hostile_assessment()), tmp_path / "h.gpkg")
    names = set(pyogrio.read_dataframe(tmp_path / "h.gpkg", layer="sites")["name"])

    assert names == {HOSTILE[i % len(HOSTILE)] for i in range(6)}


def test_of_very_many_routes_only_those_with_a_hazard_are_drawn(monkeypatch):
    monkeypatch.setattr(geopackage, "ROUTES_DRAWN_EXACTLY", 0)
    (layer,) = [la for la in geopackage_layers(small_assessment("en")) if la.name == "circuits"]
    fields = {field.name: field.values for field in layer.fields}

    assert len(layer) == len(small_assessment("en").network.circuits.routes)
    drawn = ~shapely.is_missing(layer.shapes)
    assert drawn.any()
    assert (fields["severity"][drawn] != "info").all()
