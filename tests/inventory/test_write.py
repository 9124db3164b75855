from __future__ import annotations

import zipfile

import pytest

from netgraph.errors import OutputError, UsageError
from netgraph.inventory import (
    from_columns,
    load_schema,
    read_inventory,
    write,
    write_inventory,
    write_template,
)

NAMES = {"csv": "inventory", "xlsx": "inventory.xlsx", "gpkg": "inventory.gpkg"}


@pytest.fixture
def inventory(diamond):
    return from_columns(diamond)


@pytest.fixture
def smaller(diamond):
    """The diamond network without its faults and records."""
    return from_columns(
        {name: diamond[name] for name in diamond if name not in {"faults", "records"}}
    )


@pytest.mark.parametrize("kind", NAMES)
def test_an_earlier_inventory_is_replaced_as_a_whole(inventory, smaller, tmp_path, kind):
    path = tmp_path / NAMES[kind]
    write_inventory(inventory, path)

    assert write_inventory(smaller, path, format=kind) == path

    assert not read_inventory(path).table("faults").is_recorded
    assert list(tmp_path.iterdir()) == [path]


def test_an_empty_folder_is_filled(inventory, tmp_path):
    (tmp_path / "inventory").mkdir()

    write_inventory(inventory, tmp_path / "inventory")

    assert len(read_inventory(tmp_path / "inventory").table("spans")) == 4


def test_a_folder_with_anything_else_is_left_alone(inventory, tmp_path):
    write_inventory(inventory, tmp_path / "inventory")
    (tmp_path / "inventory" / "thesis.docx").write_text("years of work")

    with pytest.raises(OutputError, match="exists and is no inventory"):
        write_inventory(inventory, tmp_path / "inventory")

    assert (tmp_path / "inventory" / "thesis.docx").read_text() == "years of work"


def test_a_folder_with_another_csv_file_is_left_alone(inventory, tmp_path):
    (tmp_path / "prices.csv").write_text("a\n")

    with pytest.raises(OutputError, match="exists and is no inventory"):
        write_inventory(inventory, tmp_path)

    assert (tmp_path / "prices.csv").exists()


@pytest.mark.parametrize("name", ["inventory.xlsx", "inventory.gpkg"])
def test_a_file_that_is_no_inventory_is_left_alone(inventory, tmp_path, name):
    (tmp_path / name).write_text("something else")

    with pytest.raises(OutputError, match="exists and is no inventory"):
        write_inventory(inventory, tmp_path / name)

    assert (tmp_path / name).read_text() == "something else"


def test_a_file_where_a_folder_should_be_is_left_alone(inventory, tmp_path):
    (tmp_path / "inventory").write_text("something else")

    with pytest.raises(OutputError, match="exists and is no inventory"):
        write_inventory(inventory, tmp_path / "inventory")


def test_anything_is_replaced_on_request(inventory, tmp_path):
    (tmp_path / "inventory.xlsx").write_text("something else")

    write_inventory(inventory, tmp_path / "inventory.xlsx", overwrite=True)

    assert len(read_inventory(tmp_path / "inventory.xlsx").table("spans")) == 4


@pytest.mark.parametrize("kind", NAMES)
def test_a_failure_half_way_leaves_the_old_and_nothing_else(inventory, tmp_path, kind, monkeypatch):
    path = tmp_path / NAMES[kind]
    write_inventory(inventory, path)
    before = read_inventory(path).sources
    writer = write._write

    def fail(*given):
        writer(*given)
        message = "no space left on device"
        raise OSError(message)

    monkeypatch.setattr(write, "_write", fail)

    with pytest.raises(OutputError, match="cannot be written: no space left on device"):
        write_inventory(inventory, path)

    assert list(tmp_path.iterdir()) == [path]
    assert read_inventory(path).sources == before


def test_a_missing_folder_above_is_an_output_error(inventory, tmp_path):
    with pytest.raises(OutputError, match="cannot be written: "):
        write_inventory(inventory, tmp_path / "nowhere" / "inventory.xlsx")


def test_a_text_too_long_for_a_cell_is_an_output_error_and_leaves_nothing(diamond, tmp_path):
    diamond["inventory"]["notes"] = ["x" * 40_000]
    inventory = from_columns(diamond)

    with pytest.raises(OutputError, match="notes is longer than the 32767 characters"):
        write_inventory(inventory, tmp_path / "inventory.xlsx")

    assert list(tmp_path.iterdir()) == []
    write_inventory(inventory, tmp_path / "inventory")
    assert len(read_inventory(tmp_path / "inventory").table("inventory")["notes"][0]) == 40_000


def test_an_unknown_format_is_misuse(inventory, tmp_path):
    with pytest.raises(UsageError, match="'ods' is not known; there are csv, xlsx, gpkg"):
        write_inventory(inventory, tmp_path / "a.ods", format="ods")


@pytest.mark.parametrize(("name", "kind"), [("a.xlsx", "csv"), ("a", "xlsx"), ("a.gpkg", "xlsx")])
def test_a_format_that_contradicts_the_suffix_is_misuse(inventory, tmp_path, name, kind):
    with pytest.raises(UsageError, match=f"an inventory in the format {kind} has"):
        write_inventory(inventory, tmp_path / name, format=kind)


def test_the_template_is_an_empty_inventory_with_every_table_and_column(tmp_path):
    inventory = read_inventory(write_template(tmp_path / "template.xlsx"))

    assert inventory.findings == ()
    for name, spec in load_schema().items():
        expected = set(spec.columns) - ({"geometry"} if spec.has_points else set())
        assert len(inventory.table(name)) == 0
        assert inventory.table(name).recorded >= expected


def test_the_template_offers_lists_and_explains_its_headings(tmp_path):
    with zipfile.ZipFile(write_template(tmp_path / "template.xlsx")) as archive:
        sheets = {name: archive.read(name).decode() for name in archive.namelist() if "xl/" in name}

    assert any(
        'type="list"' in text and "diamond,gold,silver,standard" in text for text in sheets.values()
    )
    assert any("Longitude (WGS 84)" in text for name, text in sheets.items() if "comments" in name)


def test_the_template_explains_itself_in_chinese_and_stays_the_same_inventory(tmp_path):
    path = write_template(tmp_path / "template.xlsx", lang="zh")
    with zipfile.ZipFile(path) as archive:
        comments = [archive.read(n).decode() for n in archive.namelist() if "comments" in n]

    assert len(comments) == len(load_schema())
    assert any("可填：diamond（钻石级）、gold（金牌级）" in text for text in comments)
    assert not any("Identifier" in text for text in comments)
    assert read_inventory(path).findings == ()


def test_every_table_and_column_is_explained_in_both_languages():
    for table in load_schema().values():
        told = [(table.description, table.description_zh), (table.needed_for, table.needed_for_zh)]
        told += [(column.description, column.description_zh) for column in table.columns.values()]
        for english, chinese in told:
            assert bool(english) == bool(chinese)
            assert not chinese or any("\u4e00" <= letter <= "\u9fff" for letter in chinese)


def test_the_template_replaces_nothing_unasked(tmp_path):
    (tmp_path / "template.xlsx").write_text("something else")

    with pytest.raises(OutputError, match="exists"):
        write_template(tmp_path / "template.xlsx")

    write_template(tmp_path / "template.xlsx", overwrite=True)
    assert read_inventory(tmp_path / "template.xlsx").findings == ()


def test_the_template_is_a_workbook(tmp_path):
    with pytest.raises(UsageError, match=r"give it the suffix \.xlsx"):
        write_template(tmp_path / "template.csv")
