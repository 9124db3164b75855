"""One test for each way in which input can be unreadable, and for all of them at once."""

from __future__ import annotations

import pytest
import xlsxwriter

from netgraph.errors import InputError, UsageError
from netgraph.inventory import from_columns, read_inventory


def _problems(path, **options):
    with pytest.raises(InputError) as caught:
        read_inventory(path, **options)
    return list(caught.value.problems)


def test_a_missing_path_is_named_with_near_names(tmp_path):
    (tmp_path / "shanxi_2026").mkdir()

    (problem,) = _problems(tmp_path / "shanxi_2025")

    assert "there is no such file or folder. Near names there: shanxi_2026." in problem


def test_a_missing_folder_above_is_named(tmp_path):
    (problem,) = _problems(tmp_path / "nowhere" / "a.xlsx")

    assert f"The folder {tmp_path / 'nowhere'} does not exist either." in problem


def test_an_empty_folder_is_refused(tmp_path):
    (problem,) = _problems(tmp_path)

    assert "no table of an inventory was found, but no CSV file" in problem
    assert "Tables are named inventory, offices" in problem


def test_a_folder_with_only_a_workbook_is_refused_with_its_name(tmp_path):
    (tmp_path / "plant.xlsx").touch()

    assert "was found, but plant.xlsx" in _problems(tmp_path)[0]


def test_a_folder_with_other_tables_only_is_refused(tmp_path):
    (tmp_path / "ducts.csv").write_text("id\n1\n")

    assert "was found, but ducts" in _problems(tmp_path)[0]


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("spans.csv", "Give the folder that holds the CSV files."),
        ("plant.xls", "Save it as .xlsx."),
        ("plant.zip", "Unpack it and give the folder."),
        ("plant.shp", "Give a folder of CSV files, an .xlsx workbook or a .gpkg GeoPackage."),
        ("plant", "Give a folder of CSV files, an .xlsx workbook or a .gpkg GeoPackage."),
    ],
)
def test_another_format_is_refused_with_a_cure(tmp_path, name, cure):
    (tmp_path / name).write_text("x")

    assert _problems(tmp_path / name)[0].endswith(cure)


def test_a_damaged_workbook_is_refused(tmp_path):
    (tmp_path / "plant.xlsx").write_bytes(b"PK\x03\x04 not a workbook")

    assert "not a readable Excel workbook" in _problems(tmp_path / "plant.xlsx")[0]


def test_a_damaged_geopackage_is_refused(tmp_path):
    (tmp_path / "plant.gpkg").write_bytes(b"SQLite format 3\x00 and nothing else")

    assert "not a readable GeoPackage" in _problems(tmp_path / "plant.gpkg")[0]


def test_a_workbook_without_any_table_is_refused(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "plant.xlsx")) as book:
        book.add_worksheet("Sheet1").write_string(0, 0, "id")

    assert "no table of an inventory was found, but Sheet1" in _problems(tmp_path / "plant.xlsx")[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty. Write the headings, or remove the file."),
        (b"\xef\xbb\xbf\r\n\r\n", "is empty."),
        (b'id,name\n1,"open\n2,b\n', "a quotation mark is opened and never closed"),
        (b"id,name\n1,a\n2,b,c\n", "has more cells than its 2 headings in 1 rows (3)"),
        (b"id,name\n1,a,b,c,d\n", "has a row with far more cells than its 2 headings"),
        (b"id,name\n1,\x00\n", "is not text"),
        (b"id,name\n1,\x81\xff\xff\n", "is not text in this encoding"),
    ],
)
def test_an_unparsable_file_is_named(tmp_path, content, message):
    (tmp_path / "customers.csv").write_bytes(content)

    (problem,) = _problems(tmp_path)

    assert problem.startswith("customers: customers.csv ")
    assert message in problem


def test_text_in_another_encoding_than_the_given_one_is_refused(write_csv, diamond):
    folder = write_csv(diamond, encoding="gb18030")

    assert (
        "is not text in this encoding. Give its encoding" in _problems(folder, encoding="utf-8")[0]
    )


def test_an_encoding_that_does_not_exist_is_misuse(write_csv, diamond):
    with pytest.raises(UsageError, match="'gbk2000' is not known"):
        read_inventory(write_csv(diamond), encoding="gbk2000")


@pytest.mark.parametrize(
    ("table", "column"),
    [("spans", "from_id"), ("sites", "customer_id"), ("offices", "lat"), ("circuits", "id")],
)
def test_a_missing_mandatory_column_is_named(diamond, table, column):
    del diamond[table][column]

    with pytest.raises(InputError) as caught:
        from_columns(diamond)

    assert caught.value.problems == (f"{table}: column {column} is missing in {table}. Add it.",)


def test_a_misspelt_mandatory_column_is_recognised(diamond):
    diamond["spans"]["form_id"] = diamond["spans"].pop("from_id")

    with pytest.raises(InputError, match=r"column from_id is missing .* the column 'form_id'"):
        from_columns(diamond)


def test_headings_may_differ_in_case_and_spaces(diamond):
    diamond["spans"][" From ID"] = diamond["spans"].pop("from_id")

    assert from_columns(diamond).table("spans")["from_id"].tolist() == ["O1", "O1", "M1", "M2"]


def test_a_column_that_stands_twice_is_refused(tmp_path):
    (tmp_path / "customers.csv").write_text("id,name,ID\n1,a,2\n")

    assert _problems(tmp_path) == ["customers: column id stands twice in customers.csv. Keep one."]


def test_a_table_that_stands_twice_is_refused(tmp_path):
    (tmp_path / "customers.csv").write_text("id,name\n1,a\n")
    (tmp_path / "Customers .csv").write_text("id,name\n1,a\n")

    assert "customers: the table stands twice" in _problems(tmp_path)[0]


def test_a_duplicate_id_is_named_with_its_rows(write_csv, diamond):
    diamond["spans"]["id"] = ["P1", "P2", "P1", "P1.0"]

    (problem,) = _problems(write_csv(diamond))

    assert problem == (
        "spans: id 'P1' stands 2 times (spans.csv rows 2, 4). Give every row its own id."
    )


def test_ids_that_differ_only_as_excel_writes_numbers_are_duplicates(diamond):
    diamond["customers"] = {"id": ["1001", 1001.0], "name": ["a", "b"]}

    with pytest.raises(InputError, match="id '1001' stands 2 times"):
        from_columns(diamond)


@pytest.mark.parametrize("table", ["sites", "circuits"])
def test_an_unknown_tier_is_refused_with_the_known_ones(diamond, table):
    diamond[table]["tier"] = ["platinum"]

    with pytest.raises(InputError) as caught:
        from_columns(diamond)

    (problem,) = caught.value.problems
    assert "tier is 'platinum', which is not one of diamond, gold, silver, standard: " in problem
    assert f"({table} row 1). Write one of the allowed values." in problem


def test_columns_of_unequal_length_are_refused(diamond):
    diamond["customers"]["name"].append("b")

    with pytest.raises(InputError, match=r"customers: the columns have \[1, 2\] rows"):
        from_columns(diamond)


def test_everything_that_is_wrong_is_told_at_once(write_csv, diamond):
    del diamond["spans"]["from_id"]
    diamond["spans"]["id"] = ["P1"] * 4
    diamond["circuits"]["tier"] = ["platinum"]
    diamond["inventory"]["crs"] = ["EPSG:4610"]
    folder = write_csv(diamond)
    (folder / "offices.csv").write_bytes(b"")

    problems = _problems(folder)

    assert [problem.split(":")[0] for problem in problems] == [
        "offices",
        "spans",
        "spans",
        "circuits",
        "inventory",
    ]


def test_rows_without_an_id_are_left_out_with_one_finding(write_csv, diamond):
    diamond["customers"] = {"id": ["K1", "", None], "name": ["a", "b", "c"]}

    inventory = read_inventory(write_csv(diamond))

    assert inventory.table("customers")["id"].tolist() == ["K1"]
    (finding,) = inventory.findings
    assert (finding.rule, finding.row_id) == ("ND903", "")
    assert finding.message == "2 rows have no id and were left out"
    assert finding.place == "customers.csv rows 3, 4"


def test_blank_rows_are_skipped_and_row_numbers_stay_right(tmp_path):
    (tmp_path / "customers.csv").write_text("\nid,name\n\nK1,a\n,\nK2,\n")

    inventory = read_inventory(tmp_path)

    assert inventory.table("customers")["id"].tolist() == ["K1", "K2"]
    assert [finding.place for finding in inventory.findings] == ["customers.csv row 6"]


def test_a_missing_mandatory_value_is_a_finding(diamond):
    diamond["spans"]["to_id"][3] = None
    diamond["cable_spans"]["seq"][1] = None

    findings = from_columns(diamond).findings

    assert [(finding.rule, finding.table, finding.row_id) for finding in findings] == [
        ("ND903", "cable_spans", "C1/"),
        ("ND903", "spans", "P4"),
    ]


def test_unknown_tables_and_columns_are_named_with_what_may_be_meant(diamond):
    diamond["structure"] = {"id": ["M1"]}
    diamond["ducts"] = {"id": ["M1"]}
    diamond["_scratch"] = {"id": ["M1"]}
    diamond["spans"]["trench"] = ["T1"] * 4
    diamond["spans"]["colour"] = ["red"] * 4
    del diamond["structures"]

    findings = {finding.message: finding for finding in from_columns(diamond).findings}
    unread = "is not in the schema and was not read"

    assert {message: finding.hint for message, finding in findings.items()} == {
        f"table 'structure' {unread}": "If structures is meant, rename it.",
        f"table 'ducts' {unread}": "Leave it: it does no harm.",
        f"column 'trench' {unread}": "If trench_id is meant, rename it.",
        f"column 'colour' {unread}": "Leave it: it does no harm.",
    }
    assert {finding.severity for finding in findings.values()} == {"info"}


def test_a_finding_names_row_column_value_and_cure_but_the_file_only_as_its_place(
    write_csv, diamond
):
    diamond["spans"]["length_m"][2] = "1.4 km"

    (finding,) = read_inventory(write_csv(diamond)).findings

    assert finding.row_id == "P3"
    assert finding.message == "length_m is '1.4 km', which is not a number"
    assert finding.hint == "Write digits only, in the unit of the column."
    assert finding.place == "spans.csv row 4"
