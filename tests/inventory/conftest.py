from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from netgraph.inventory import check_inventory, from_columns

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def diamond():
    """Columns of a small inventory without any defect.

           O1  core office, device T1
          /  \\
        P1    P2      cable C1 = P1, P3; cable C2 = P2, P4
        /      \\
       M1      M2     manholes, 0.01 degrees apart
        \\      /
        P3    P4
          \\  /
           S1  site of customer K1, device D1

    Circuit X1 leads from S1 to O1: working link L1 in cable C1, protect link L2 in cable C2.
    """
    return {
        "inventory": {"snapshot_date": ["2026-10-01"], "name": ["diamond, invented"]},
        "offices": {
            "id": ["O1"],
            "name": ["中心局"],
            "role": ["core"],
            "building_id": ["B1"],
            "lon": [112.5],
            "lat": [37.82],
        },
        "sites": {
            "id": ["S1"],
            "customer_id": ["K1"],
            "name": ["网点"],
            "tier": ["diamond"],
            "city": ["太原"],
            "lon": [112.5],
            "lat": [37.8],
        },
        "structures": {
            "id": ["M1", "M2"],
            "kind": ["manhole", "manhole"],
            "lon": [112.49, 112.51],
            "lat": [37.81, 37.81],
        },
        "spans": {
            "id": ["P1", "P2", "P3", "P4"],
            "from_id": ["O1", "O1", "M1", "M2"],
            "to_id": ["M1", "M2", "S1", "S1"],
            "medium": ["duct"] * 4,
            "length_m": [1450.0, 1450.0, 1450.0, None],
            "geometry": ["LINESTRING (112.5 37.82, 112.49 37.81)", None, None, None],
        },
        "cables": {
            "id": ["C1", "C2"],
            "from_id": ["O1", "S1"],
            "to_id": ["S1", "O1"],
            "cores_total": [24, 24],
            "cores_used": [4, 4],
            "cores_bad": [0, None],
        },
        "cable_spans": {
            "cable_id": ["C1", "C1", "C2", "C2"],
            "seq": [1, 2, 1, 2],
            "span_id": ["P1", "P3", "P2", "P4"],
        },
        "equipment": {
            "id": ["T1", "D1"],
            "kind": ["transport", "cpe"],
            "location_id": ["O1", "S1"],
            "manageable": [True, False],
            "installed": ["2020-05-01", None],
        },
        "links": {
            "id": ["L1", "L2"],
            "from_id": ["D1", "D1"],
            "to_id": ["T1", "T1"],
            "medium": ["fibre", "fibre"],
        },
        "link_cables": {"link_id": ["L1", "L2"], "seq": [1, 1], "cable_id": ["C1", "C2"]},
        "customers": {"id": ["K1"], "name": ["某银行"]},
        "circuits": {
            "id": ["X1"],
            "customer_id": ["K1"],
            "a_id": ["S1"],
            "b_id": ["O1"],
            "tier": ["diamond"],
            "protection": ["path"],
        },
        "circuit_links": {
            "circuit_id": ["X1", "X1"],
            "role": ["working", "protect"],
            "seq": [1, 1],
            "link_id": ["L1", "L2"],
        },
        "records": {"subject_id": ["太原"], "item_id": ["IN1"], "passed": ["true"]},
        "faults": {
            "id": ["F1"],
            "circuit_id": ["X1"],
            "started": ["2026-09-01 08:30"],
            "restored": ["2026-09-01 12:00"],
        },
    }


@pytest.fixture
def write_csv(tmp_path):
    """Write columns as CSV text, cell by cell as given, without netgraph's own writer."""

    def write(columns, folder: Path | None = None, encoding: str = "utf-8") -> Path:
        folder = folder or tmp_path / "inventory"
        folder.mkdir(exist_ok=True)
        for name, table in columns.items():
            with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
                writer = csv.writer(file)
                writer.writerow(table)
                rows = zip(*table.values(), strict=True)
                writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
        return folder

    return write


@pytest.fixture
def assert_same():
    """Compare two inventories column by column, geometries by their bytes."""

    def check(one, other):
        assert one.crs == other.crs
        assert one.snapshot_date == other.snapshot_date
        for name, table in one.tables.items():
            twin = other.table(name)
            assert table.recorded == twin.recorded, name
            for column, cells in table.columns.items():
                where = f"{name}.{column}"
                assert cells.dtype == twin[column].dtype, where
                if cells.dtype != object:
                    np.testing.assert_array_equal(cells, twin[column], err_msg=where)
                elif column == "geometry":
                    assert shapely.to_wkb(cells).tolist() == shapely.to_wkb(twin[column]).tolist()
                else:
                    assert cells.tolist() == twin[column].tolist(), where

    return check


@pytest.fixture
def add_row():
    """Add a row to a table; columns that it does not name stay empty."""

    def add(table, **row):
        count = len(next(iter(table.values())))
        for name in row:
            table.setdefault(name, [None] * count)
        for name, cells in table.items():
            cells.append(row.get(name))

    return add


@pytest.fixture
def found():
    """List the rule, table and row of every finding about some columns."""

    def find(columns, *, ignore=()):
        findings = check_inventory(from_columns(columns))
        return [(f.rule, f.table, f.row_id) for f in findings if f.rule not in ignore]

    return find


@pytest.fixture
def message():
    """Read the message of the first finding of a rule."""

    def read(columns, rule):
        return next(f.message for f in check_inventory(from_columns(columns)) if f.rule == rule)

    return read
