"""GeoPackages read as SQLite databases, against what GDAL reads from them."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing, suppress
from datetime import date, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from netgraph.errors import InputError
from netgraph.inventory import geopackage, read_inventory, sqlite_pages
from netgraph.inventory.geopackage import read_geopackage, read_layer_names
from netgraph.inventory.packed import PADDING
from netgraph.inventory.parse import parse_inventory
from netgraph.inventory.raw import RawInventory, RawTable
from netgraph.inventory.schema import GEOMETRY
from netgraph.inventory.sqlite_cells import objects_of
from netgraph.inventory.sqlite_pages import Image

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


@pytest.fixture
def by_library(monkeypatch):
    """Give a way to read a file without a look into its pages."""

    def read(path):
        with monkeypatch.context() as patch:
            patch.setattr(sqlite_pages, "_MAGIC", b"another format")
            return read_inventory(path)

    return read


@pytest.fixture
def off_pages(monkeypatch):
    """Give a way to read a file off its pages alone."""

    def read(path):
        with monkeypatch.context() as patch:
            patch.setattr(geopackage, "_read_columns", None)
            return read_inventory(path)

    return read


def assert_alike(one, other):
    for name, table in one.tables.items():
        for column in table.columns:
            np.testing.assert_array_equal(table[column], other.table(name)[column])
        assert table.lines.tolist() == other.table(name).lines.tolist()
    assert one.findings == other.findings


@pytest.mark.parametrize("declared", ["TEXT", "INTEGER", "BOOLEAN", "DATE", "REAL", "DATETIME", ""])
@pytest.mark.parametrize(
    "cells",
    [
        ODD_CELLS, ODD_CELLS[::-1], [cell for cell in ODD_CELLS if cell != "b\x1fc"], ["d\0"], [],
        [0, 1, -1, 127, -128, 1 << 15, -(1 << 23), 1 << 31, -(1 << 40), 1 << 47, (1 << 63) - 1],
        [None, 0, 1, 300], [None, 10**15], [1.5, None, 2.0, -1e300], [1.5, 2], [b"blob", "text"],
    ],
)  # fmt: skip
def test_cells_taken_off_pages_are_those_that_the_library_gives(
    tmp_path, declared, cells, by_library, off_pages
):
    path = tmp_path / "a.gpkg"
    write_odd_cells(path, declared, cells, first=5)

    assert_alike(off_pages(path), by_library(path))


NUMBERS = st.one_of(st.none(), st.floats(allow_nan=False), st.integers(-(2**63), 2**63 - 1))
NAMES = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=3000))


@given(
    st.lists(st.tuples(NAMES, NUMBERS, NUMBERS, NAMES), max_size=60),
    st.sampled_from([512, 4096, 65536]), st.integers(0, 2**50), st.data(),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_rows_of_any_length_are_found_on_pages_of_any_size(rows, page_bytes, first, data):
    gone = data.draw(st.sets(st.integers(0, max(len(rows) - 1, 0))))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        with closing(sqlite3.connect(path)) as database:
            database.execute(f"PRAGMA page_size = {page_bytes}")
            database.execute(
                "CREATE TABLE cables (fid INTEGER PRIMARY KEY, a TEXT, b REAL, c INT, d)"
            )
            numbered = [(first + 3 * row, *cells) for row, cells in enumerate(rows)]
            database.executemany("INSERT INTO cables VALUES (?, ?, ?, ?, ?)", numbered)
            holes = [(first + 3 * row,) for row in gone]
            database.executemany("DELETE FROM cables WHERE fid = ?", holes)
            database.commit()
            (root,) = database.execute("SELECT rootpage FROM sqlite_master").fetchone()
            kept = database.execute("SELECT fid, a, b, c, d FROM cables").fetchall()
        image = Image.of(np.frombuffer(path.read_bytes() + bytes(PADDING), dtype=np.uint8))

    found = image.read_table(root, 5)

    cells = [
        objects_of(column, is_real=declared == "REAL")
        for column, declared in zip(found.columns[1:], ["TEXT", "REAL", "INT", ""], strict=True)
    ]
    assert list(zip(found.numbers.tolist(), *cells, strict=True)) == kept


def _as_it_is(database):
    """Leave the table as it was written."""


def _with_a_column_more(database):
    database.execute("ALTER TABLE customers ADD COLUMN industry TEXT DEFAULT 'bank'")


def _without_numbers(database):
    database.execute("CREATE TABLE others (id TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID")
    database.execute("INSERT INTO others SELECT id, name FROM customers")
    database.execute("DROP TABLE customers")
    database.execute("ALTER TABLE others RENAME TO customers")


def _as_a_view(database):
    database.execute("ALTER TABLE customers RENAME TO others")
    database.execute("CREATE VIEW customers AS SELECT id, upper(name) AS name FROM others")


def _with_a_number_that_is_none_of_the_rows(database):
    database.execute("CREATE TABLE others (fid INTEGER PRIMARY KEY DESC, id TEXT, name TEXT)")
    database.execute("INSERT INTO others SELECT 70 - fid, id, name FROM customers")
    database.execute("DROP TABLE customers")
    database.execute("ALTER TABLE others RENAME TO customers")


def _with_computed_columns(database):
    database.execute("DROP TABLE customers")
    database.execute(
        "CREATE TABLE customers (fid INTEGER PRIMARY KEY, id TEXT, "
        "loud TEXT GENERATED ALWAYS AS (id || '!') STORED, name TEXT)"
    )
    database.execute("INSERT INTO customers (id, name) VALUES ('K1', 'a'), ('K2', NULL)")


@pytest.mark.parametrize(
    "change",
    [
        _as_it_is, _with_a_column_more, _without_numbers, _as_a_view,
        _with_a_number_that_is_none_of_the_rows, _with_computed_columns,
    ],
)  # fmt: skip
def test_tables_that_are_kept_in_another_way_are_read_alike(tmp_path, change, by_library):
    path = tmp_path / "a.gpkg"
    write_odd_cells(path, "TEXT", ["a", "b"], first=5)
    with closing(sqlite3.connect(path)) as database:
        change(database)
        database.commit()

    assert_alike(read_inventory(path), by_library(path))
    assert len(by_library(path).table("customers")) == 2


@pytest.mark.parametrize("place", ["id", "name"])
def test_bytes_that_are_no_text_are_said_to_be_none(tmp_path, place):
    path = tmp_path / "a.gpkg"
    write_odd_cells(path, "TEXT", ["a", "b"], first=5)
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"UPDATE customers SET {place} = CAST(x'ff41' AS TEXT) WHERE fid = 7")  # noqa: S608
        database.commit()

    with pytest.raises(InputError, match="customers: layer customers holds bytes that are no text"):
        read_inventory(path)


@given(st.lists(st.tuples(st.integers(0, 1 << 30), st.integers(0, 255)), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_is_refused_or_read_and_nothing_else(damaged_base, changes):
    content = bytearray(damaged_base.read_bytes())
    for at, byte in changes:
        content[at % len(content)] = byte
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        path.write_bytes(content)
        with suppress(InputError):
            read_inventory(path)


@pytest.fixture(scope="module")
def damaged_base(tmp_path_factory):
    """Give a database of few and small pages, so that every change hits something."""
    path = tmp_path_factory.mktemp("whole") / "a.gpkg"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA page_size = 512")
        database.execute("CREATE TABLE gpkg_contents (table_name, data_type)")
        database.execute("CREATE TABLE gpkg_geometry_columns (table_name, column_name, srs_id)")
        database.execute(
            "CREATE TABLE gpkg_spatial_ref_sys (srs_id, organization, organization_coordsys_id, "
            "definition)"
        )
        database.execute("INSERT INTO gpkg_contents VALUES ('customers', 'attributes')")
        database.execute("CREATE TABLE customers (fid INTEGER PRIMARY KEY, id TEXT, name TEXT)")
        rows = [(row, f"K{row}", "n" * (row * 37 % 900)) for row in range(40)]
        database.executemany("INSERT INTO customers VALUES (?, ?, ?)", rows)
        database.commit()
    return path
