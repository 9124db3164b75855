"""`netgraph example`, `check` and `template` end to end."""

from __future__ import annotations

import pytest
from commands import everything_in, read_rows

from netgraph.inventory import load_schema, read_inventory


@pytest.mark.parametrize("name", ["twin_ring", "bank"])
def test_an_example_is_written_as_a_folder_that_can_be_read(netgraph, tmp_path, name):
    folder = tmp_path / "not" / "there" / "yet"

    outcome = netgraph("example", name, folder)

    assert outcome.code == 0
    assert f"Written to {folder}: " in outcome.out
    assert "invented" in outcome.out
    (row,) = read_rows(folder / "inventory.csv")
    assert "INVENTED" in row["notes"]
    assert not [f for f in read_inventory(folder).findings if f.severity == "error"]


@pytest.mark.parametrize("form", ["xlsx", "gpkg"])
def test_an_example_in_one_file_goes_into_the_folder_or_to_the_name_given(netgraph, tmp_path, form):
    netgraph("example", "twin_ring", tmp_path / "new" / "folder", "--format", form)
    netgraph("example", "twin_ring", tmp_path / f"own.{form}", "--format", form)

    assert (tmp_path / "new" / "folder" / f"twin_ring.{form}").stat().st_size
    assert (tmp_path / f"own.{form}").stat().st_size


def test_the_province_is_the_same_for_a_seed_and_another_for_another(netgraph, tmp_path):
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        netgraph("example", "province", tmp_path / name, "--seed", seed, "--scale", 0.01)

    assert everything_in(tmp_path / "one") == everything_in(tmp_path / "again")
    assert everything_in(tmp_path / "one") != everything_in(tmp_path / "other")


@pytest.mark.parametrize("form", ["xlsx", "gpkg"])
def test_the_ending_of_the_name_tells_the_format(netgraph, tmp_path, form):
    assert netgraph("example", "twin_ring", tmp_path / f"own.{form}").code == 0
    assert (tmp_path / f"own.{form}").is_file()


def test_an_earlier_example_is_replaced_and_other_files_never(netgraph, tmp_path):
    folder = tmp_path / "ex"
    folder.mkdir()
    assert netgraph("example", "twin_ring", folder).code == 0
    assert netgraph("example", "twin_ring", folder).code == 0
    (folder / "notes.txt").write_text("mine")

    outcome = netgraph("example", "twin_ring", folder)

    assert outcome.code == 2
    assert "no inventory" in outcome.err
    assert (folder / "notes.txt").read_text() == "mine"


def test_check_lists_every_finding_with_its_place_and_cure(netgraph, twin_ring):
    rows = read_rows(twin_ring / "structures.csv")
    text = (twin_ring / "structures.csv").read_text("utf-8-sig")
    (twin_ring / "structures.csv").write_text(text.replace("manhole", "hole"), "utf-8")
    wrong = sum(row["kind"] == "manhole" for row in rows)

    outcome = netgraph("check", twin_ring)

    assert outcome.code == 1
    assert outcome.out.count("error ND902 structures ") == wrong
    assert "(structures.csv row 2)" in outcome.out
    assert "Write one of the allowed values." in outcome.out
    assert outcome.out.endswith(f"283 rows read, {wrong + 1} findings.\n")
    assert not outcome.err


def test_the_template_has_every_table_and_can_be_checked_as_it_is(netgraph, tmp_path):
    assert netgraph("template", tmp_path / "inventory.xlsx").code == 0

    outcome = netgraph("check", tmp_path / "inventory.xlsx")

    assert outcome.code == 0
    assert outcome.out.startswith("0 rows read")
    recorded = read_inventory(tmp_path / "inventory.xlsx").tables
    assert {name for name, table in recorded.items() if table.recorded} == set(load_schema())
    assert netgraph("template", tmp_path / "inventory.xlsx").code == 2, "it may be filled in"
