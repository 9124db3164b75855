"""GeoPackages read as SQLite databases, against what GDAL reads from them."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import date, datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from netgraph.errors import InputError
from netgraph.inventory import geopackage, read_inventory
from netgraph.inventory.geopackage import read_geopackage, read_layer_names
from netgraph.inventory.parse import parse_inventory
from netgraph.inventory.raw import RawInventory, RawTable
from netgraph.inventory.schema import GEOMETRY

SHAPES = [
    shapely.LineString([(112.5, 37.8), (112.6, 37.9)]),
    shapely.MultiLineString([[(112.5, 37.8), (112.6, 37.9)], [(112.6, 37.9), (112.7, 37.9)]]),
    shapely.LineString([(112.5, 37.8, 800.0), (112.6, 37.9, 805.5)]),
    shapely.LineString(),
    None,
]


def read_by_gdal(path):
    """Read the layers as GDAL gives them."""
    tables = []
    for layer in read_layer_names(path):
        meta, rows, shapes, cells = pyogrio.raw.read(path, layer=layer, return_fids=True)
        columns = dict(zip(meta["fields"], cells, strict=True))
        if shapes is not None:
            columns[GEOMETRY] = shapely.from_wkb(shapes, on_invalid="ignore")
        crs = meta["crs"] if shapes is not None and "ndefined" not in (meta["crs"] or "") else ""
        tables.append(RawTable(layer, columns, np.asarray(rows), f"layer {layer}", crs or ""))
    return parse_inventory(RawInventory(tuple(tables)))


def spans_of_many_types():
    return gpd.GeoDataFrame(
        {
            "id": ["D1", "Ｄ2", " D3", "D4", "D5"],
            "from_id": [1, 2, 3, 4, 5],
            "to_id": pd.array([6, None, 8, 9, 10], dtype="Int64"),
            "medium": ["duct", None, "", "管道", "wrong"],
            "length_m": [1.5, None, 1e-7, 123456789.123456, -3.0],
            "bores_total": pd.array([4, None, 2, 3, 4], dtype="Int32"),
            "bores_used": [1, 2, 3, 4, 5],
            "owner": ["a\nb", 'say "so"', "it's", "\u3000", "NULL"],
        },
        geometry=SHAPES, crs=4490,
    )  # fmt: skip


def equipment_of_many_types():
    return pd.DataFrame({
        "id": ["E1", "E2", "E3"],
        "kind": ["otn", "sdh", None],
        "location_id": ["A", "B", "C"],
        "manageable": [True, False, True],
        "hot_standby": pd.array([True, None, False], dtype="boolean"),
        "installed": [date(2020, 2, 29), None, date(1900, 1, 1)],
    })  # fmt: skip


def faults_with_times():
    return pd.DataFrame({
        "id": ["F1", "F2"],
        "circuit_id": ["X", "Y"],
        "started": pd.to_datetime([datetime(2024, 5, 1, 8, 30), datetime(2024, 5, 2)]),  # noqa: DTZ001 - local time
        "restored": pd.to_datetime([datetime(2024, 5, 1, 9, 0, 30), None]),  # noqa: DTZ001
    })  # fmt: skip


@pytest.fixture
def many_types(tmp_path):
    path = tmp_path / "plant # 50%.gpkg"
    spans_of_many_types().to_file(path, layer="spans", driver="GPKG")
    pyogrio.write_dataframe(equipment_of_many_types(), path, layer="equipment")
    pyogrio.write_dataframe(faults_with_times(), path, layer="faults")
    return path


def test_every_type_is_read_as_gdal_reads_it(many_types, assert_same):
    by_gdal, inventory = read_by_gdal(many_types), read_inventory(many_types)

    assert_same(by_gdal, inventory)
    assert inventory.findings == by_gdal.findings
    assert inventory.crs == by_gdal.crs
    for name, table in inventory.tables.items():
        np.testing.assert_array_equal(table.lines, by_gdal.table(name).lines)


def test_a_reference_system_without_a_number_is_taken_from_its_definition(tmp_path):
    local = "+proj=tmerc +lat_0=0 +lon_0=112 +x_0=500000 +ellps=GRS80 +towgs84=0,0,0 +units=m"
    points = gpd.GeoSeries([shapely.Point(112.5, 37.8)], crs=4326).to_crs(local)
    frame = gpd.GeoDataFrame({"id": ["M1"], "kind": ["pole"]}, geometry=points)
    frame.to_file(tmp_path / "a.gpkg", layer="structures", driver="GPKG")

    (table,) = read_geopackage(tmp_path / "a.gpkg").tables

    assert "Transverse_Mercator" in table.loaded().crs


def test_tables_that_nothing_registers_count_where_no_plain_table_is_registered(tmp_path):
    path = tmp_path / "a.gpkg"
    spans_of_many_types().to_file(path, layer="spans", driver="GPKG")
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE customers (id TEXT, name TEXT)")
        database.execute("INSERT INTO customers VALUES ('K1', 'a')")
        database.commit()
    assert read_layer_names(path) == ["spans", "customers"]
    assert [name for name, _ in pyogrio.list_layers(path)] == ["spans", "customers"]
    (customers,) = (t for t in read_geopackage(path).tables if t.name == "customers")
    assert customers.loaded().where(0) == "layer customers row 1"

    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE equipment (id TEXT)")
        columns = "table_name, data_type, identifier"
        values = "'equipment', 'attributes', 'equipment'"
        database.execute(f"INSERT INTO gpkg_contents ({columns}) VALUES ({values})")  # noqa: S608
        database.commit()

    assert read_layer_names(path) == ["spans", "equipment"]
    assert [name for name, _ in pyogrio.list_layers(path)] == ["spans", "equipment"]


def test_changes_that_another_program_has_not_yet_merged_are_read(many_types):
    with closing(sqlite3.connect(many_types)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("UPDATE equipment SET location_id = 'Z' WHERE id = 'E3'")
        other.commit()

        assert read_inventory(many_types).table("equipment")["location_id"][2] == "Z"


def test_reading_leaves_nothing_beside_the_file(many_types):
    read_inventory(many_types)

    assert list(many_types.parent.iterdir()) == [many_types]


def test_a_database_that_is_no_geopackage_is_refused(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.gpkg")) as database:
        database.execute("CREATE TABLE spans (id TEXT)")
        database.commit()

    with pytest.raises(InputError, match="not a readable GeoPackage"):
        read_inventory(tmp_path / "a.gpkg")


# What a database may hold in columns of any type, whatever they were declared as.
ODD_CELLS = ["a", "", None, "b\x1fc", "d\0", "\0", 7, 2.5, 1e20, "1e5", "人井", "7", True, "x" * 99]


def write_odd_cells(path, declared, cells, first):
    customers = pd.DataFrame({"id": ["K1"], "name": ["a"]})
    pyogrio.write_dataframe(customers, path, layer="customers")
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TABLE customers")
        database.execute(
            f"CREATE TABLE customers (fid INTEGER PRIMARY KEY, id TEXT, name {declared})"
        )
        # An index in another order, which the database may prefer to the table.
        database.execute("CREATE INDEX another_order ON customers (name DESC, id)")
        rows = [(first + 2 * row, f"K{row}", cell) for row, cell in enumerate(cells)]
        database.executemany("INSERT INTO customers VALUES (?, ?, ?)", rows)
        database.commit()


@pytest.mark.parametrize("declared", ["TEXT", "INTEGER", "BOOLEAN", "DATE", "REAL"])
@pytest.mark.parametrize(
    "cells",
    [ODD_CELLS, ODD_CELLS[::-1], [cell for cell in ODD_CELLS if cell != "b\x1fc"], ["d\0"], []],
)
def test_columns_joined_by_the_database_hold_what_their_cells_hold(
    tmp_path, declared, cells, monkeypatch
):
    path = tmp_path / "a.gpkg"
    write_odd_cells(path, declared, cells, first=5)
    joined = read_inventory(path)

    monkeypatch.setattr(geopackage, "_PACKED", re.compile("(?!)"))  # cell by cell
    plain = read_inventory(path)

    assert joined.table("customers")["name"].tolist() == plain.table("customers")["name"].tolist()
    assert joined.table("customers").lines.tolist() == plain.table("customers").lines.tolist()
    assert joined.findings == plain.findings
