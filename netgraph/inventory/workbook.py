"""Read an Excel workbook, a sheet a table."""

from __future__ import annotations

import hashlib
import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import python_calamine as calamine

from netgraph.errors import InputError
from netgraph.inventory.columns import canonical_name
from netgraph.inventory.findings import ERROR, Finding
from netgraph.inventory.model import Source
from netgraph.inventory.raw import RawInventory, RawTable, object_array, unique_headings
from netgraph.inventory.schema import GEOMETRY, load_schema
from netgraph.inventory.values import text_of
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

GEOMETRIES_SHEET = "geometries"
GEOMETRIES_COLUMNS = ("table", "id", "part", "wkt")
# A table longer than a sheet goes on in "cable_spans (2)", "cable_spans (3)" and so on.
_CONTINUED = re.compile(r"(.+?) \(([0-9]+)\)")


def read_workbook(path: Path) -> RawInventory:
    """Read every sheet that is named after a table; headings stand in its first filled row.

    Parameters
    ----------
    path
        Workbook.

    Returns
    -------
    RawInventory
        Cells as Excel holds them: text, numbers, booleans and dates.

    Raises
    ------
    InputError
        If the file is no workbook.
    """
    content = path.read_bytes()
    with _refusing_damage(path):
        sheets = _read_sheets(path)
    geometries = sheets.pop(GEOMETRIES_SHEET, None)
    tables = {}
    for name in sheets:
        match = _CONTINUED.fullmatch(name)
        if match is None or match[1] not in sheets:
            tables[canonical_name(name)] = _table_of(name, _parts_of(name, sheets))
    findings: list[Finding] = []
    if geometries is not None:
        findings = _fill_geometries(tables, geometries)
    source = Source(str(path), hashlib.sha256(content).hexdigest())
    return RawInventory(tuple(tables.values()), (source,), tuple(findings))


def read_sheet_names(path: Path) -> list[str]:
    """List the sheets of a workbook.

    Raises
    ------
    InputError
        If the file is no workbook.
    """
    with _refusing_damage(path), calamine.CalamineWorkbook.from_path(str(path)) as book:
        return list(book.sheet_names)


@contextmanager
def _refusing_damage(path: Path) -> Iterator[None]:
    try:
        yield
    except (calamine.CalamineError, OSError) as error:
        problem = Message("{0}: this is not a readable Excel workbook ({1})", path, error)
        cure = Message("Save it as .xlsx again, without a password.")
        raise InputError([Message("{0}. {1}", problem, cure)]) from error


@dataclass(frozen=True)
class _Sheet:
    """The rows of a sheet from the headings on, and the Excel number of the heading row."""

    first: int
    rows: Sequence[Sequence[object]]


def _read_sheets(path: Path) -> dict[str, _Sheet]:
    sheets = {}
    with calamine.CalamineWorkbook.from_path(str(path)) as book:
        for metadata in book.sheets_metadata:
            is_table = metadata.typ == calamine.SheetTypeEnum.WorkSheet
            if not is_table or metadata.name.startswith("_"):
                continue
            rows = book.get_sheet_by_name(metadata.name).to_python(skip_empty_area=False)
            filled = (n for n, row in enumerate(rows) if any(cell != "" for cell in row))
            first = next(filled, None)
            if first is not None:
                sheets[metadata.name] = _Sheet(first + 1, rows[first:])
    return sheets


def _parts_of(name: str, sheets: Mapping[str, _Sheet]) -> list[_Sheet]:
    """List a sheet and those that continue it, in order."""
    parts = {1: sheets[name]}
    for other, sheet in sheets.items():
        match = _CONTINUED.fullmatch(other)
        if match is not None and match[1] == name:
            parts[int(match[2])] = sheet
    return [parts[number] for number in sorted(parts)]


def _table_of(name: str, parts: list[_Sheet]) -> RawTable:
    spec = load_schema().get(canonical_name(name))
    pieces = [_columns_of(part, None if spec is None else set(spec.columns)) for part in parts]
    headings = dict.fromkeys(heading for piece in pieces for heading in piece)
    columns = {
        heading: np.concatenate(
            [
                piece.get(heading, np.full(len(part.rows) - 1, "", dtype=object))
                for piece, part in zip(pieces, parts, strict=True)
            ]
        )
        for heading in headings
    }
    count = sum(len(part.rows) - 1 for part in parts)
    lines = np.arange(count, dtype=np.int64) + parts[0].first + 1
    return RawTable(name, columns, lines, Message("sheet {0}", name))


def _columns_of(sheet: _Sheet, wanted: set[str] | None) -> dict[str, NDArray[np.object_]]:
    headings = unique_headings(sheet.rows[0])
    columns = {}
    cells = list(zip(*sheet.rows[1:], strict=True)) or [()] * len(headings)
    for heading, column in zip(headings, cells, strict=True):
        if not heading.strip():
            continue
        is_wanted = wanted is not None and canonical_name(heading) in wanted
        columns[heading] = object_array(column if is_wanted else [""] * len(column))
    return columns


def _fill_geometries(tables: dict[str, RawTable], sheet: _Sheet) -> list[Finding]:
    """Put the long geometries, part by part, where the tables have none."""
    wanted = set(GEOMETRIES_COLUMNS)
    cells = {canonical_name(name): column for name, column in _columns_of(sheet, wanted).items()}
    if not wanted <= set(cells):
        message = Message("it needs the columns {0}", ", ".join(GEOMETRIES_COLUMNS))
        return [_geometries_finding("", message)]
    keys = zip(*(cells[name] for name in GEOMETRIES_COLUMNS), strict=True)
    texts: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for table, identifier, part, wkt in keys:
        number = text_of(part)
        place = int(number) if number.isdecimal() else 0
        texts.setdefault((canonical_name(table), text_of(identifier)), []).append((place, wkt))
    findings = []
    for (name, identifier), parts in texts.items():
        wkt = "".join(text for _, text in sorted(parts))
        if name not in tables or not _set_geometry(tables, name, identifier, wkt):
            message = Message(
                "a geometry belongs to {0!r} of {1!r}, which does not exist", identifier, name
            )
            findings.append(_geometries_finding(identifier, message))
    return findings


def _set_geometry(tables: dict[str, RawTable], name: str, identifier: str, wkt: str) -> bool:
    raw = tables[name]
    columns = {
        canonical_name(heading): column
        for heading, column in raw.columns.items()
        if isinstance(column, np.ndarray)  # as all columns of a workbook are
    }
    if "id" not in columns:
        return False
    if GEOMETRY not in columns:
        column = np.full(len(raw.lines), "", dtype=object)
        tables[name] = replace(raw, columns={**raw.columns, GEOMETRY: column})
        return _set_geometry(tables, name, identifier, wkt)
    rows = [row for row, cell in enumerate(columns["id"]) if text_of(cell) == identifier]
    for row in rows:
        columns[GEOMETRY][row] = wkt
    return bool(rows)


def _geometries_finding(identifier: str, message: Message) -> Finding:
    hint = Message("Correct the sheet geometries, or remove it.")
    place = Message("sheet {0}", GEOMETRIES_SHEET)
    return Finding("ND920", ERROR, GEOMETRIES_SHEET, identifier, message, hint, place)
