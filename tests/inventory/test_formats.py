"""The three formats of one inventory say the same, down to the last digit and finding."""

from __future__ import annotations

import hashlib
import itertools
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import python_calamine
import shapely
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netgraph.errors import InputError
from netgraph.inventory import from_columns, read_inventory, write_inventory
from netgraph.inventory.read import start_reading

NAMES = {"csv": "inventory", "xlsx": "inventory.xlsx", "gpkg": "inventory.gpkg"}


@pytest.fixture
def nasty(diamond):
    """The diamond network with everything that formats like to spoil."""
    steps = (step * 3e-6 + 1e-9 for step in range(2000))
    vertices = ", ".join(f"{112.5 - step:.9f} {37.82 - step:.9f}" for step in steps)
    diamond["inventory"]["notes"] = ["=SUM(A1:A9)"]
    diamond["offices"] = {
        "id": ["O1", "007", "-1", "+86", "@x", "1e5", "中心,局"],
        "name": ["a\r\nb", "=1+1", "'quoted", '"double"', "_x0041_", "\U0001f600", "tab\there"],
        "role": ["core", "接入", "Access", "汇聚", "external", "core", "core"],
        "building_id": ["B1", "1001.0", None, "true", "", "2026-03-01", "0"],
        "lon": [112.5, 112.123456789012, None, 112.5, 0.1, 1 / 3, 112.5],
        "lat": [37.82, 37.123456789012, None, 37.82, 0.1, 2 / 3, 37.82],
        "battery_hours": [0.1, 1 / 3, 1e-7, 123456789.123456, 0, None, 8],
        "power_feeds": [1, 2, None, 0, 3, 1, 1],
        "generator": ["是", None, "no", 1, 0, True, False],
        "status": ["", "planned", "broken", None, "retired", "在用", "in_service"],
    }
    diamond["spans"]["geometry"][1] = f"LINESTRING ({vertices})"
    diamond["equipment"]["installed"] = ["1899-12-31", "2020-02-29"]
    diamond["risk_groups"] = {"id": [], "kind": []}
    return from_columns(diamond)


@pytest.mark.parametrize("formats", list(itertools.permutations(NAMES)))
def test_a_nasty_inventory_survives_any_way_through_the_formats(
    nasty, formats, tmp_path, assert_same
):
    current, findings = nasty, None
    for step, kind in enumerate((*formats, formats[0])):
        folder = tmp_path / str(step)
        folder.mkdir()
        current = read_inventory(write_inventory(current, folder / NAMES[kind]))

        assert_same(nasty, current)
        findings = findings or current.findings
        assert current.findings == findings
    assert [finding.row_id for finding in findings] == ["-1", "-1"]


def test_every_recorded_value_is_written_even_where_excel_would_guess(nasty, tmp_path):
    write_inventory(nasty, tmp_path / "inventory")

    text = (tmp_path / "inventory" / "offices.csv").read_bytes().decode("utf-8")

    assert text.startswith("\ufeffid,name,role,")
    assert "\r" not in text
    assert "\n007,=1+1,access,1001," in text
    assert ",112.123456789,37.123456789," in text
    assert "risk_groups.csv" in {path.name for path in (tmp_path / "inventory").iterdir()}


def test_a_geometry_too_long_for_a_cell_goes_to_a_sheet_of_its_own(nasty, tmp_path):
    write_inventory(nasty, tmp_path / "inventory.xlsx")

    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "inventory.xlsx"))
    rows = book.get_sheet_by_name("geometries").to_python()
    assert rows[0] == ["table", "id", "part", "wkt"]
    assert [row[:3] for row in rows[1:]] == [["spans", "P2", 1.0], ["spans", "P2", 2.0]]
    assert all(len(row[3]) <= 32_767 for row in rows)


def test_a_table_too_long_for_a_sheet_goes_on_in_the_next(
    diamond, tmp_path, monkeypatch, assert_same
):
    monkeypatch.setattr("netgraph.inventory.write_workbook._ROWS_PER_SHEET", 3)
    inventory = from_columns(diamond)

    write_inventory(inventory, tmp_path / "inventory.xlsx")

    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "inventory.xlsx"))
    assert "cable_spans (2)" in book.sheet_names
    again = read_inventory(tmp_path / "inventory.xlsx")
    assert_same(inventory, again)
    assert again.table("spans").lines.tolist() == [2, 3, 4, 5]
    write_inventory(inventory, tmp_path / "inventory.xlsx")


def test_dates_are_dates_and_numbers_are_numbers_in_a_workbook(diamond, tmp_path):
    write_inventory(from_columns(diamond), tmp_path / "inventory.xlsx")

    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "inventory.xlsx"))
    rows = book.get_sheet_by_name("equipment").to_python()
    assert dict(zip(rows[0], rows[1], strict=True)) == {
        "id": "T1",
        "kind": "transport",
        "location_id": "O1",
        "manageable": True,
        "installed": date(2020, 5, 1),
    }


def test_a_geopackage_has_points_lines_and_typed_fields(diamond, tmp_path):
    write_inventory(from_columns(diamond), tmp_path / "inventory.gpkg")

    offices = gpd.read_file(tmp_path / "inventory.gpkg", layer="offices")
    assert offices.crs == "EPSG:4326"
    assert offices.geometry.iloc[0] == shapely.Point(112.5, 37.82)
    spans = gpd.read_file(tmp_path / "inventory.gpkg", layer="spans")
    assert spans.geometry.iloc[0].geom_type == "LineString"
    assert spans["length_m"].dtype == np.float64
    cables = gpd.read_file(tmp_path / "inventory.gpkg", layer="cables")
    assert cables["cores_bad"].isna().tolist() == [False, True]


def _raw(kind, folder, columns):
    """Write cells as they are, each with the usual library of its format."""
    path = folder / NAMES[kind]
    if kind == "csv":
        path.mkdir()
        for name, table in columns.items():
            pd.DataFrame(table).to_csv(path / f"{name}.csv", index=False)
    elif kind == "xlsx":
        with xlsxwriter.Workbook(str(path)) as book:
            for name, table in columns.items():
                sheet = book.add_worksheet(name)
                for place, (heading, cells) in enumerate(table.items()):
                    sheet.write_column(0, place, [heading, *cells])
    else:
        for name, table in columns.items():
            frame = pd.DataFrame(table)
            if "geometry" in table:
                shapes = gpd.GeoSeries.from_wkt(frame["geometry"], crs=4326)
                frame = gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes)
            else:
                frame = gpd.GeoDataFrame(frame, geometry=[None] * len(frame), crs=4326)
            frame.to_file(path, layer=name, driver="GPKG")
    return read_inventory(path)


def test_wrong_values_give_the_same_findings_from_every_format(tmp_path, assert_same):
    columns = {
        "structures": {
            "id": [1001, 1002, 1003],
            "kind": ["manhole", "手井", "well"],
            "lon": [112.5, 0.0, 37.8],
            "lat": [37.8, 0.0, 112.5],
        },
        "spans": {
            "id": ["a", "b", "c"],
            "from_id": [1001, 1002, 9],
            "to_id": [1002, 1003, 1001],
            "medium": ["duct", "管道", "canal"],
            "length_m": [12.5, -5.0, 0.0],
            "geometry": ["LINESTRING (112.5 37.8, 112.6 37.9)", "POINT (112.5 37.8)", None],
        },
    }

    inventories = [_raw(kind, tmp_path, columns) for kind in NAMES]

    for inventory in inventories[1:]:
        assert inventory.findings == inventories[0].findings
        assert_same(inventories[0], inventory)
    assert sorted(finding.rule for finding in inventories[0].findings) == [
        *["ND902"] * 4,
        *["ND906"] * 2,
        "ND913",
    ]


@pytest.mark.parametrize(
    ("encoding", "used"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_the_encoding_is_found_out(diamond, write_csv, assert_same, encoding, used):
    inventory = read_inventory(write_csv(diamond, encoding=encoding))

    assert inventory.table("offices")["name"].tolist() == ["中心局"]
    assert_same(inventory, from_columns(diamond))
    office = next(source for source in inventory.sources if source.path.endswith("offices.csv"))
    assert office.encoding == used
    said = [f.message for f in inventory.findings if (f.rule, f.table) == ("ND909", "offices")]
    expected = [] if used.startswith("utf-8") else [f"the text is not UTF-8; it was read as {used}"]
    assert said == expected


def test_short_words_in_gbk_are_not_taken_for_rare_letters(tmp_path):
    """The bytes of 太原 in GBK are by chance UTF-8; the other file tells."""
    (tmp_path / "records.csv").write_bytes("subject_id,item_id,passed\n太原,IN1,是\n".encode("gbk"))
    (tmp_path / "customers.csv").write_bytes("id,name\n联通,中国\n".encode("gbk"))

    inventory = read_inventory(tmp_path)

    assert inventory.table("records")["subject_id"].tolist() == ["太原"]
    assert inventory.table("customers")["id"].tolist() == ["联通"]


def test_accented_letters_in_utf_8_stay_what_they_are(tmp_path):
    (tmp_path / "customers.csv").write_bytes("id,name\nK1,Orl\u00e9ans\n".encode())

    assert read_inventory(tmp_path).table("customers")["name"].tolist() == ["Orl\u00e9ans"]


def test_a_given_encoding_is_taken(tmp_path):
    (tmp_path / "customers.csv").write_bytes("id,name\nK1,\u4e2d\u5fc3\n".encode("big5"))

    inventory = read_inventory(tmp_path, encoding="big5")

    assert inventory.table("customers")["name"].tolist() == ["中心"]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_semicolons_and_tabs_separate_as_well(tmp_path, delimiter):
    text = delimiter.join(["id", "name"]) + "\r\n" + delimiter.join(["K1", "a, b"]) + "\r\n"
    (tmp_path / "customers.csv").write_text(text, newline="")

    assert read_inventory(tmp_path).table("customers")["name"].tolist() == ["a, b"]


def test_empty_cells_beyond_the_headings_do_no_harm(tmp_path):
    (tmp_path / "customers.csv").write_text("id,name\nK1,a,,\nK2\n")

    assert read_inventory(tmp_path).table("customers")["id"].tolist() == ["K1", "K2"]


def test_every_file_that_was_read_is_named_with_its_hash(diamond, write_csv):
    folder = write_csv(diamond)
    (folder / "other.csv").write_text("id\n1\n")

    sources = read_inventory(folder).sources

    assert [source.path for source in sources] == sorted(
        str(folder / f"{name}.csv") for name in diamond
    )
    expected = hashlib.sha256((folder / "cables.csv").read_bytes()).hexdigest()
    assert expected in {source.sha256 for source in sources}


def test_a_sheet_may_begin_below_a_title_and_notes_are_not_read(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet("Customers")
        sheet.write_row(2, 1, ["id", "name"])
        sheet.write_row(3, 1, [1001, "a"])
        sheet.write_row(4, 1, ["", "b"])
        book.add_worksheet("_notes").write_string(0, 0, "whatever")

    inventory = read_inventory(tmp_path / "a.xlsx")

    assert inventory.table("customers")["id"].tolist() == ["1001"]
    assert [finding.place for finding in inventory.findings] == ["sheet Customers rows 5"]


def test_an_id_that_excel_turned_into_a_date_is_reported(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet("customers")
        sheet.write_row(0, 0, ["id", "name"])
        form = book.add_format({"num_format": "d-mmm"})
        sheet.write_datetime(1, 0, date(2026, 3, 1), form)
        sheet.write_string(1, 1, "was 3-1")

    assert [f.rule for f in read_inventory(tmp_path / "a.xlsx").findings] == ["ND905"]


def test_a_geometry_for_nobody_is_reported(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet("customers")
        sheet.write_row(0, 0, ["id", "name"])
        sheet.write_row(1, 0, ["K1", "a"])
        sheet = book.add_worksheet("geometries")
        sheet.write_row(0, 0, ["table", "id", "part", "wkt"])
        sheet.write_row(1, 0, ["spans", "P1", 1, "LINESTRING (0 1, 1 1)"])

    (finding,) = read_inventory(tmp_path / "a.xlsx").findings

    assert finding.message == "a geometry belongs to 'P1' of 'spans', which does not exist"


def test_a_sheet_of_geometries_with_other_columns_is_reported(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        book.add_worksheet("customers").write_row(0, 0, ["id", "name"])
        book.add_worksheet("geometries").write_row(0, 0, ["id", "wkt"])

    (finding,) = read_inventory(tmp_path / "a.xlsx").findings

    assert "it needs the columns table, id, part, wkt" in finding.message


def test_a_layer_in_another_reference_system_is_converted(tmp_path):
    points = gpd.GeoSeries([shapely.Point(112.5, 37.8)], crs=4490).to_crs(4547)
    frame = gpd.GeoDataFrame({"id": ["M1"], "kind": ["pole"]}, geometry=points)
    frame.to_file(tmp_path / "a.gpkg", layer="structures", driver="GPKG")

    table = read_inventory(tmp_path / "a.gpkg").table("structures")

    np.testing.assert_allclose([table["lon"][0], table["lat"][0]], [112.5, 37.8], atol=1e-9)


def test_geometry_of_a_table_that_has_none_is_not_read_and_said_so(tmp_path):
    shapes = [shapely.LineString([(0, 1), (1, 1)])]
    frame = gpd.GeoDataFrame({"id": ["K1"], "name": ["a"]}, geometry=shapes, crs=4326)
    frame.to_file(tmp_path / "a.gpkg", layer="customers", driver="GPKG")
    frame.to_file(tmp_path / "a.gpkg", layer="layer_styles", driver="GPKG")

    (finding,) = read_inventory(tmp_path / "a.gpkg").findings

    assert finding.message == "column 'geometry' is not in the schema and was not read"


def test_plane_coordinates_survive_every_format(tmp_path, assert_same):
    inventory = from_columns(
        {
            "structures": {
                "id": ["M1", "M2"],
                "kind": ["pole", "pole"],
                "lon": [500000.25, 40_500_100.123456],
                "lat": [4_180_000.5, 4_180_000.75],
            },
            "spans": {
                "id": ["P1"],
                "from_id": ["M1"],
                "to_id": ["M2"],
                "medium": ["duct"],
                "geometry": ["LINESTRING (500000.25 4180000.5, 500001.123456 4180000.75)"],
            },
        }
    )

    for name in NAMES.values():
        again = read_inventory(write_inventory(inventory, tmp_path / name))
        assert again.crs == ""
        assert_same(inventory, again)
        assert again.findings == inventory.findings


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.one_of(st.none(), st.floats(0, 1e12, allow_subnormal=False))


@given(
    rows=st.lists(
        st.tuples(WORDS, NUMBERS, st.sampled_from([None, True, False]), st.dates()),
        min_size=1,
        max_size=6,
    )
)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_values_come_back_from_every_format(rows, tmp_path_factory, assert_same):
    words, numbers, flags, days = zip(*rows, strict=True)
    inventory = from_columns(
        {
            "equipment": {
                "id": [f"E{number}" for number in range(len(rows))],
                "kind": ["cpe"] * len(rows),
                "location_id": list(words),
                "model": list(words),
                "manageable": list(flags),
                "installed": [day.isoformat() for day in days],
            },
            "corridors": {
                "id": [f"Q{number}" for number in range(len(rows))],
                "from_id": ["a"] * len(rows),
                "to_id": ["b"] * len(rows),
                "medium": ["duct"] * len(rows),
                "cost": list(numbers),
            },
        }
    )
    folder = tmp_path_factory.mktemp("formats")

    for name in NAMES.values():
        assert_same(inventory, read_inventory(write_inventory(inventory, folder / name)))


@pytest.mark.parametrize("name", ["folder", "a.gpkg"])
def test_what_is_read_in_a_thread_is_what_is_read_at_once(nasty, tmp_path, name, assert_same):
    write_inventory(nasty, tmp_path / name)

    assert_same(start_reading(tmp_path / name).result(), read_inventory(tmp_path / name))


def test_an_error_of_the_thread_is_the_error_of_reading(tmp_path):
    with pytest.raises(InputError, match="there is no such file or folder"):
        start_reading(tmp_path / "nowhere").result()
