"""Write tables as CSV and values as JSON, the same bytes on every machine and every run.

Rules: UTF-8 with BOM (so that Excel opens Chinese text), line feeds alone, true and false, missing
values empty, lon and lat with 7 decimals, metres with 1, ratios with 4, modelled figures with two
significant digits. Text is written as it is: an id must read back unchanged, also one that begins
with "=".
"""

from __future__ import annotations

import codecs
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.errors import OutputError
from netgraph.messages import Message
from netgraph.report.cell_bytes import csv_blocks, text_cells
from netgraph.report.cells import (
    Coded,
    by_value,
    column_cells,
    column_texts,
    columns_of_rows,
    number_formatter,
    plain_values,
    strict_formatter,
    taken_cells,
)
from netgraph.report.contract import table_specs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from netgraph.report.cell_bytes import CellBytes
    from netgraph.report.cells import Cells
    from netgraph.report.contract import Column, TableSpec
    from netgraph.topology.csr import Ints

_JSON_INDENT = 2


def write_table(folder: Path, table: str, rows: Iterable[Sequence[object]]) -> Path:
    """Write one table of the output contract, sorted by its key as plain strings.

    A table without a key (a list to go through in its order) keeps the order of its rows.

    Parameters
    ----------
    folder
        Where `<table>.csv` goes; it must exist.
    table
        A name of the contract, such as "sites".
    rows
        One sequence a row, values in the order of the contract. None and NaN are missing.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OutputError
        If a row does not match the contract (a mistake of the caller, not of the user's data).
    """
    return write_columns(folder, table, _columns(table_specs()[table], rows))


def write_columns(folder: Path, table: str, columns: Sequence[Cells]) -> Path:
    """Write one table as :func:`write_table` does, given its columns.

    Parameters
    ----------
    columns
        The columns in the order of the contract, all of one length.
    """
    spec = table_specs()[table]
    path = folder / f"{table}.csv"
    _write_blocks(path, csv_blocks(spec.names, _sorted_cells(spec, columns)))
    return path


@dataclass(frozen=True, eq=False)
class TableDraft:
    """A table that waits for some of its columns; the others are formatted, their rows in order.

    Attributes
    ----------
    spec, order
        The table, and the rows that its lines show.
    cells
        The columns; None for each that is still to come.
    """

    spec: TableSpec
    order: Ints
    cells: tuple[CellBytes | None, ...]

    def write(self, folder: Path, others: Sequence[Cells]) -> Path:
        """Write it with the columns that it waits for, in their order."""
        path, rest = folder / f"{self.spec.name}.csv", iter(others)
        cells = [
            column_cells(column, taken_cells(next(rest), self.order)) if made is None else made
            for column, made in zip(self.spec.columns, self.cells, strict=True)
        ]
        _write_blocks(path, csv_blocks(self.spec.names, cells))
        return path


def draft_table(table: str, columns: Sequence[Cells | None]) -> TableDraft:
    """Begin a table as :func:`write_columns` would write it; columns that are to come are None.

    The key is no such column.
    """
    spec = table_specs()[table]
    order = _order_of_rows(spec, columns)
    return TableDraft(spec, order, tuple([
        None if cells is None else column_cells(column, taken_cells(cells, order))
        for column, cells in zip(spec.columns, columns, strict=True)
    ]))  # fmt: skip


def table_csv(table: str, rows: Iterable[Sequence[object]]) -> str:
    """Return what :func:`write_table` would write, without the byte order mark."""
    spec = table_specs()[table]
    cells = _sorted_cells(spec, _columns(spec, rows))
    return b"".join(csv_blocks(spec.names, cells)).decode("utf-8")


def check_rows(table: str, rows: Iterable[Sequence[object]]) -> tuple[str, ...]:
    """Return what is wrong with rows by the contract, one sentence each; empty when all is well."""
    spec = table_specs()[table]
    problems: list[str] = []
    text: list[Sequence[str]] = []
    for row in rows:
        try:
            text += _format_row_by_row(spec, [row])
        except OutputError as error:
            problems += error.problems
    keys = [[row[i] for row in text] for i in spec.sort_positions]
    return (*problems, *_find_repeated_keys(spec, keys))


def write_csv(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    kinds: Mapping[str, str] | None = None,
) -> None:
    """Write any table by the rules of this module, in the order given.

    Parameters
    ----------
    path
        The file to write.
    columns
        The heading.
    rows
        One sequence a row. None and NaN are missing.
    kinds
        Column -> metres, degrees, ratio or number; by default read off the name (see `kind_of`).
    """
    chosen = [(kinds or {}).get(name) or kind_of(name) for name in columns]
    write = [by_value if kind == "" else number_formatter(kind) for kind in chosen]
    text = [[f(value) for f, value in zip(write, row, strict=True)] for row in rows]
    cells = map(text_cells, columns_of_rows(text, len(columns)))
    _write_blocks(path, csv_blocks(columns, list(cells)))


def write_json(path: Path, value: object) -> None:
    """Write JSON in UTF-8, keys in their order, Chinese readable, a newline at the end.

    NaN has no place in JSON and raises ValueError; numpy numbers are written as numbers.
    """
    text = json.dumps(
        value, ensure_ascii=False, indent=_JSON_INDENT, allow_nan=False, default=_plain
    )
    path.write_text(text + "\n", encoding="utf-8", errors="backslashreplace", newline="\n")


def kind_of(column: str) -> str:
    """Return the kind that a column's name tells: degrees, metres, ratio, or "" for no number."""
    if column in {"lon", "lat"} or column.endswith(("_lon", "_lat")):
        return "degrees"
    if column == "metres" or column.endswith("_m"):
        return "metres"
    if column == "ratio" or column.endswith("_ratio"):
        return "ratio"
    return ""


def _write_blocks(path: Path, blocks: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.write(codecs.BOM_UTF8)
        file.writelines(blocks)


def _columns(spec: TableSpec, rows: Iterable[Sequence[object]]) -> Sequence[Cells]:
    """Turn rows into columns; a row that has too many or too few cells is told apart."""
    gathered = list(rows)
    if set(map(len, gathered)) - {len(spec.columns)}:
        _format_row_by_row(spec, gathered)
    return columns_of_rows(gathered, len(spec.columns))


def _sorted_cells(spec: TableSpec, columns: Sequence[Cells]) -> list[CellBytes]:
    try:
        return _cells_in_order(spec, columns)
    except (TypeError, ValueError):  # the rows, one by one, tell which is wrong
        _format_row_by_row(spec, list(zip(*map(plain_values, columns), strict=True)))
        raise


def _cells_in_order(spec: TableSpec, columns: Sequence[Cells]) -> list[CellBytes]:
    if spec.sort_positions:
        order = _order_of_rows(spec, columns)
        columns = [taken_cells(cells, order) for cells in columns]
    return [
        column_cells(column, cells) for column, cells in zip(spec.columns, columns, strict=True)
    ]


def _order_of_rows(spec: TableSpec, columns: Sequence[Cells | None]) -> Ints:
    """Sort rows by the key; refuse a key that occurs again."""
    keys = [
        (spec.columns[i], cells) for i in spec.sort_positions if (cells := columns[i]) is not None
    ]
    order, is_unique = _order(keys)
    if spec.is_unique and not is_unique:
        raise OutputError(_find_repeated_keys(spec, [_texts(*key) for key in keys]))
    return order


def _order(keys: Sequence[tuple[Column, Cells]]) -> tuple[Ints, bool]:
    """Give the order of rows by columns of text, as plain strings, and whether no two are alike."""
    ranks = np.stack([_ranks(column, cells) for column, cells in keys])
    found = np.lexsort(ranks[::-1])
    alike = (np.diff(ranks[:, found], axis=1) == 0).all(axis=0)
    return found, not alike.any()


def _ranks(column: Column, cells: Cells) -> Ints:
    """Give the place of each text among the distinct ones."""
    if isinstance(cells, Coded):
        found: Ints = _ranks(column, cells.values)[cells.codes]
        return found
    texts = column_texts(column, cells)
    number = {text: rank for rank, text in enumerate(sorted(set(texts)))}
    return np.array(list(map(number.__getitem__, texts)), dtype=np.int64)


def _texts(column: Column, cells: Cells) -> list[str]:
    """Return the text of every row of a column."""
    if isinstance(cells, Coded):
        of_code = column_texts(column, cells.values)
        return list(map(of_code.__getitem__, cells.codes.tolist()))
    return column_texts(column, cells)


def _format_row_by_row(spec: TableSpec, rows: Sequence[Sequence[object]]) -> list[Sequence[str]]:
    write = [strict_formatter(column) for column in spec.columns]
    text: list[Sequence[str]] = []
    for row in rows:
        try:
            text.append([f(value) for f, value in zip(write, row, strict=True)])
        except (TypeError, ValueError) as error:
            message = Message("table {0}, row {1}: {2}", spec.name, row[0] if row else "", error)
            raise OutputError(message) from error
    return text


def _find_repeated_keys(spec: TableSpec, keys: Sequence[Sequence[str]]) -> list[str]:
    """Tell which keys occur more than once, given the columns that they stand in."""
    if not spec.is_unique:
        return []
    return [
        f"table {spec.name}: {'/'.join(key)} occurs {times} times"
        for key, times in Counter(zip(*keys, strict=True)).items()
        if times > 1
    ]


def _plain(value: object) -> object:
    """Turn a numpy scalar into a plain number; anything else is a mistake of the caller."""
    if isinstance(value, np.generic):
        return value.item()
    message = f"{type(value).__name__} has no place in JSON"
    raise TypeError(message)
