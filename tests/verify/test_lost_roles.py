"""Offices whose role is not recorded: the checker leaves the same sections and items open."""

from __future__ import annotations

import csv
import io

import pytest
from certified_runs import assessed

from netgraph.datasets import example_columns
from netgraph.inventory import from_columns, write_inventory


@pytest.fixture(params=["K", "W1", "J1", "all"])
def run(request, tmp_path):
    """The twin rings, with the role of one office, or of all, taken out."""
    columns = example_columns("twin_ring")
    offices = columns["offices"]
    for row, name in enumerate(offices["id"]):
        if request.param in {name, "all"}:
            offices["role"][row] = None
    folder = write_inventory(from_columns(columns), tmp_path / "in")
    return assessed(folder, tmp_path / "out")


def test_a_run_over_offices_without_a_role_is_borne_out(run):
    assert run.verify().refused == ()


def test_sections_that_are_said_to_be_diverse_without_a_role_are_refused(run):
    path = run.out / "tables" / "circuits.csv"
    text = path.read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    bare = [row for row in rows if "role of office" in row["missing_records"]]
    assert all("undecidable" in row.values() for row in bare)
    for row in bare:
        row.update({name: "diverse" for name in row if row[name] == "undecidable"})
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    named = {said.split(",")[1] for said in run.verify().refused if "column level_" in said}
    assert named == {f" row {row['circuit_id']}" for row in bare}
