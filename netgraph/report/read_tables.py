"""Read tables of the output contract back, as typed values."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from netgraph.errors import InputError
from netgraph.messages import Message
from netgraph.report.contract import table_specs

if TYPE_CHECKING:
    from pathlib import Path

    from netgraph.report.contract import Column

_TEXT = frozenset({"id", "text", "enum"})
_TRUTHS = {"true": True, "false": False, "": None}
_LONGEST_CELL = 1 << 24  # characters: the line of a work that crosses a province


def read_table(folder: Path, table: str) -> list[tuple[object, ...]]:
    """Read one table that :func:`netgraph.report.tables.write_table` wrote.

    Returns
    -------
    list of tuple
        In the order of the contract; an empty cell is None, also of a column that the file lacks.

    Raises
    ------
    InputError
        If the file is missing, is no CSV in UTF-8, lacks the key, or holds what the column's kind
        does not allow: all rows that do, at most ten.
    """
    spec, path = table_specs()[table], folder / f"{table}.csv"
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            heading, found = reader.fieldnames or (), list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError([Message("{0}: cannot be read ({1}).", path, error)]) from error
    finally:
        csv.field_size_limit(before)
    lacking = [c.name for c in spec.columns if c.key and c.name not in heading]
    if lacking:
        raise InputError(
            [Message("{0}: no column {1}: it is no table {2}.", path, ", ".join(lacking), table)]
        )
    rows, problems = [], []
    for line, row in enumerate(found, start=2):
        values = []
        for column in spec.columns:
            text = row.get(column.name) or ""
            try:
                values.append(_value(column, text))
            except (ValueError, KeyError):
                problems.append(
                    Message(
                        "{0}: row {1}, {2}: {3!r} is no {4}.",
                        path,
                        line,
                        column.name,
                        text,
                        column.kind,
                    )
                )
        rows.append(tuple(values))
    if problems:
        raise InputError(problems[:10])
    return rows


def _value(column: Column, text: str) -> object:
    if column.kind in _TEXT:
        words = column.words()
        if text and words and text not in words:
            raise ValueError
        return text or None
    if column.kind == "bool":
        return _TRUTHS[text]
    if not text:
        return None
    return int(text) if column.kind == "count" else float(text)
