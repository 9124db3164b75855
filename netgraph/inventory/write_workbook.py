"""Write an inventory as an Excel workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from netgraph.errors import OutputError
from netgraph.inventory.schema import load_schema
from netgraph.inventory.workbook import GEOMETRIES_COLUMNS, GEOMETRIES_SHEET
from netgraph.inventory.write_csv import recorded_columns, texts_of, with_none, wkt_texts, words_of
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from netgraph.inventory.model import Inventory, Table
    from netgraph.inventory.schema import ColumnSpec

_LONGEST_CELL = 32_767
_ROWS_PER_SHEET = 1_048_575
_OLDEST_DAY = np.datetime64("1900-03-01")
_DATE_FORMATS = {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm"}


@dataclass(frozen=True)
class _LongGeometry:
    """A geometry that does not fit into one cell."""

    table: str
    row_id: str
    wkt: str


def write_workbook(inventory: Inventory, path: Path) -> None:
    """Write one sheet a table, with real numbers and dates, frozen headings and filters.

    Parameters
    ----------
    inventory
        What to write. A geometry that is too long for a cell goes to the sheet ``geometries``; a
        table that is too long for a sheet goes on in ``spans (2)`` and so on.
    path
        Made here.

    Raises
    ------
    OutputError
        If a text is too long for a cell.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    geometries: list[_LongGeometry] = []
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), options) as book:
        bold = book.add_format({"bold": True})
        formats = {
            kind: book.add_format({"num_format": _DATE_FORMATS[kind]}) for kind in _DATE_FORMATS
        }
        for name in load_schema():
            table = inventory.table(name)
            if table.is_recorded:
                geometries += _write_table(book, table, bold, formats)
        if geometries:
            _write_geometries(book, geometries, bold)


def _write_table(
    book: xlsxwriter.Workbook, table: Table, bold: Format, formats: dict[str, Format]
) -> list[_LongGeometry]:
    """Write one table; hand back the geometries that did not fit."""
    columns = [load_schema()[table.name].columns[name] for name in recorded_columns(table)]
    cells, long = {}, []
    for column in columns:
        cells[column.name] = _cells_of(column, table)
        if column.type == "geometry":
            long += _take_long_geometries(table, cells[column.name])
    for part, start in enumerate(range(0, max(len(table), 1), _ROWS_PER_SHEET)):
        sheet = book.add_worksheet(f"{table.name} ({part + 1})" if part else table.name)
        sheet.freeze_panes(1, 0)
        writers = [_cell_writer(sheet, column, formats) for column in columns]
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.name, bold)
        rows = range(start, min(start + _ROWS_PER_SHEET, len(table)))
        for line, row in enumerate(rows, start=1):
            for place, (column, write) in enumerate(zip(columns, writers, strict=True)):
                cell = cells[column.name][row]
                if cell is not None and write(line, place, cell):
                    raise OutputError(_too_long(table, row, column))
    return long


def _cell_writer(
    sheet: Worksheet, column: ColumnSpec, formats: dict[str, Format]
) -> Callable[[int, int, Any], int]:
    """Choose how a cell of one type is written; the function returns 0 unless Excel refuses."""
    match column.type:
        case "float" | "int":
            write: Callable[[int, int, Any], int] = sheet.write_number
        case "bool":
            write = sheet.write_boolean
        case "date" | "datetime":
            form = formats[column.type]

            def write(line: int, place: int, cell: datetime | str) -> int:
                if isinstance(cell, str):
                    return int(sheet.write_string(line, place, cell))
                return int(sheet.write_datetime(line, place, cell, form))
        case _:
            write = sheet.write_string
    return write


def _cells_of(column: ColumnSpec, table: Table) -> list[Any]:
    """Turn one column into what Excel holds; None for an empty cell."""
    cells = table[column.name]
    match column.type:
        case "float" | "int":
            found = with_none(cells, np.isnan(cells))
        case "bool":
            found = np.array([False, True, None], dtype=object)[cells]
        case "date" | "datetime":
            # Excel counts days from 1900, and wrongly until March of that year.
            old = cells < _OLDEST_DAY
            found = with_none(cells.astype("datetime64[s]"), np.isnat(cells))
            found[old] = texts_of(column, table)[old]
        case "geometry":
            texts = wkt_texts(cells)
            found = with_none(texts, texts == "")
        case _:
            words = words_of(column, cells)
            found = with_none(words, words == "")
    return list(found)


def _take_long_geometries(table: Table, texts: list[Any]) -> list[_LongGeometry]:
    long = []
    for row, text in enumerate(texts):
        if text is not None and len(text) > _LONGEST_CELL:
            long.append(_LongGeometry(table.name, table.row_id(row), text))
            texts[row] = None
    return long


def _write_geometries(
    book: xlsxwriter.Workbook, geometries: list[_LongGeometry], bold: Format
) -> None:
    sheet = book.add_worksheet(GEOMETRIES_SHEET)
    for place, heading in enumerate(GEOMETRIES_COLUMNS):
        sheet.write_string(0, place, heading, bold)
    for line, (geometry, part, wkt) in enumerate(_parts_of(geometries), start=1):
        sheet.write_string(line, 0, geometry.table)
        sheet.write_string(line, 1, geometry.row_id)
        sheet.write_number(line, 2, part)
        sheet.write_string(line, 3, wkt)


def _parts_of(geometries: list[_LongGeometry]) -> Iterator[tuple[_LongGeometry, int, str]]:
    """Cut well-known text behind commas, since cells are trimmed when they are read."""
    for geometry in geometries:
        start, part = 0, 1
        while start < len(geometry.wkt):
            end = min(start + _LONGEST_CELL, len(geometry.wkt))
            if end < len(geometry.wkt):
                end = geometry.wkt.rindex(",", start, end) + 1
            yield geometry, part, geometry.wkt[start:end]
            start, part = end, part + 1


def _too_long(table: Table, row: int, column: ColumnSpec) -> str:
    return Message(
        "{0} {1}: {2} is longer than the {3} characters that a cell of a workbook "
        "holds; write CSV files or a GeoPackage",
        table.name,
        table.row_id(row),
        column.name,
        _LONGEST_CELL,
    )
