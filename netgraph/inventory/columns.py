"""One table: from cells under headings to typed columns."""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from netgraph.inventory import distinct, values
from netgraph.inventory.coded import Coded, Vocabulary
from netgraph.inventory.geometry import parse_lines, parse_points
from netgraph.inventory.model import Columns, Table
from netgraph.inventory.packed import PackedTexts
from netgraph.inventory.raw import object_array
from netgraph.inventory.rules import make_finding
from netgraph.inventory.schema import GEOMETRY, POINT_COLUMNS, WORD_TYPES
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netgraph.inventory.findings import Finding
    from netgraph.inventory.raw import Cells, RawTable
    from netgraph.inventory.schema import ColumnSpec, TableSpec
    from netgraph.inventory.values import Defect

# A site whose tier cannot be read cannot be judged at all: that stops the run.
_FATAL_COLUMNS = frozenset({"tier"})
_SHOWN_ROWS = 5


def canonical_name(name: object) -> str:
    """Fold a heading, sheet or file name: ``From ID`` is ``from_id``."""
    return re.sub(r"[\s-]+", "_", str(name).strip().strip("\ufeff").lower())


def find_near_miss(name: str, known: Iterable[str]) -> str | None:
    """Find the known name that somebody who wrote `name` may have meant."""
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=0.7)), None)


def empty_table(spec: TableSpec, vocabulary: Vocabulary) -> Table:
    """Make the table that stands for one that the source does not have."""
    columns = {name: _missing(spec, column, 0, vocabulary) for name, column in spec.columns.items()}
    lines = np.zeros(0, dtype=np.int64)
    return Table(spec.name, Columns(columns), lines, frozenset())


def parse_table(
    spec: TableSpec, raw: RawTable, vocabulary: Vocabulary
) -> tuple[Table, list[Finding], list[str]]:
    """Parse one table.

    Parameters
    ----------
    spec
        What the schema says.
    raw
        Cells. Rows without any value are left out silently, rows without an id with a finding.
    vocabulary
        Of the ids of all tables.

    Returns
    -------
    tuple of Table, list of Finding, list of str
        The table, what is wrong with its rows, and what makes it unreadable.
    """
    cells, unknown, problems = _match_columns(spec, raw)
    problems += _check_mandatory_columns(spec, raw, cells)
    keep = _has_values(cells, len(raw.lines))
    parsed: dict[str, NDArray[Any] | Coded] = {}
    defects: list[tuple[ColumnSpec, Defect]] = []
    for column in spec.columns.values():
        if column.name in cells:
            kept = _kept(cells[column.name], keep)
            parsed[column.name], found = _parse_column(spec, column, kept, vocabulary)
            defects += [(column, defect) for defect in found]
        else:
            parsed[column.name] = _missing(spec, column, int(keep.sum()), vocabulary)
    recorded = frozenset(cells)
    table = Table(spec.name, Columns(parsed), raw.lines[keep], recorded, raw.place)
    findings = [_unknown_column_finding(table, spec, name) for name in unknown]
    for column, defect in defects:
        if column.name in _FATAL_COLUMNS:
            problems.append(_fatal_problem(table, column, defect))
        else:
            findings += _defect_findings(table, column, defect)
    findings += _check_mandatory_values(spec, table, defects)
    if not spec.has_id or "id" not in cells:
        return table, findings, problems
    table, dropped = _drop_rows_without_id(table)
    return table, findings + dropped, problems + _check_unique_ids(table)


def _match_columns(spec: TableSpec, raw: RawTable) -> tuple[dict[str, Cells], list[str], list[str]]:
    cells: dict[str, Cells] = {}
    unknown: list[str] = []
    problems: list[str] = []
    for heading, column in raw.columns.items():
        name = canonical_name(heading)
        if name in cells:
            problems.append(
                Message(
                    "{0}: column {1} stands twice in {2}. Keep one.", spec.name, name, raw.place
                )
            )
        elif name in spec.columns:
            cells[name] = column
        elif name and not name.startswith("_"):
            unknown.append(str(heading).strip())
    return cells, unknown, problems


def _check_mandatory_columns(spec: TableSpec, raw: RawTable, cells: dict[str, Cells]) -> list[str]:
    problems: list[str] = []
    for column in spec.columns.values():
        is_position = column.name in POINT_COLUMNS and GEOMETRY in cells
        if not column.required or column.name in cells or is_position:
            continue
        headings = [canonical_name(heading) for heading in raw.columns]
        spare = [heading for heading in headings if heading not in spec.columns]
        near = find_near_miss(column.name, spare)
        cure = Message("Is it the column {0!r}? Rename it.", near) if near else Message("Add it.")
        problems.append(
            Message(
                "{0}: column {1} is missing in {2}. {3}", spec.name, column.name, raw.place, cure
            )
        )
    return problems


def _has_values(cells: dict[str, Cells], count: int) -> NDArray[np.bool_]:
    """Tell rows with any value from blank ones; stops at the first column without gaps."""
    filled = np.zeros(count, dtype=bool)
    # Where texts stand in one piece the answer costs next to nothing.
    for column in sorted(cells.values(), key=lambda each: not isinstance(each, PackedTexts)):
        filled |= _is_filled(column)
        if filled.all():
            break
    return filled


def _is_filled(cells: Cells) -> NDArray[np.bool_]:
    if isinstance(cells, PackedTexts):
        return cells.is_filled
    if cells.ndim > 1:
        return np.asarray(~np.isnan(cells).all(axis=1))
    present = ~distinct.is_missing(cells)
    if cells.dtype == object:
        present &= cells != ""
    return present


def _kept(cells: Cells, keep: NDArray[np.bool_]) -> Cells:
    if isinstance(cells, PackedTexts):
        return cells.take(keep)
    return cells if keep.all() else cells[keep]


def _parse_column(
    spec: TableSpec, column: ColumnSpec, cells: Cells, vocabulary: Vocabulary
) -> tuple[NDArray[Any] | Coded, list[Defect]]:
    parsed: tuple[NDArray[Any] | Coded, list[Defect]]
    match column.type:
        case "id" | "ref":
            parsed = values.parse_ids(cells, vocabulary)
        case "enum":
            parsed = values.parse_enums(cells, column.allowed, column.default)
        case "bool":
            parsed = values.parse_booleans(cells)
        case "float" | "int":
            bound = next(iter(column.allowed), "")
            exact = column.name in POINT_COLUMNS
            parsed = values.parse_numbers(cells, bound, whole=column.type == "int", exact=exact)
        case "date" | "datetime":
            parsed = values.parse_dates(cells, minutes=column.type == "datetime")
        case "geometry":
            shapes = object_array(cells.texts()) if isinstance(cells, PackedTexts) else cells
            parsed = (parse_points if spec.has_points else parse_lines)(shapes)
        case "text":
            parsed = values.parse_texts(cells)
    return parsed


def _missing(
    spec: TableSpec, column: ColumnSpec, count: int, vocabulary: Vocabulary
) -> NDArray[Any] | Coded:
    """Make the column that stands for one that the source does not have."""
    if column.type in {"float", "int"}:
        return np.full(count, np.nan)
    if column.type == "bool":
        return np.full(count, -1, dtype=np.int8)
    if column.type == "date":
        return np.full(count, "NaT", dtype="datetime64[D]")
    if column.type == "datetime":
        return np.full(count, "NaT", dtype="datetime64[m]")
    if column.type == "geometry":
        return np.full((count, 2), np.nan) if spec.has_points else np.full(count, None, object)
    is_id = column.type in {"id", "ref"}
    return Coded.of_one(column.default, count, vocabulary if is_id else Vocabulary())


def is_missing(column: ColumnSpec, table: Table) -> NDArray[np.bool_]:
    """Tell the missing values of a typed column; shape (n,)."""
    if column.type in WORD_TYPES:
        return table.coded(column.name).equals("")
    cells = table[column.name]
    if column.type == "bool":
        missing = cells < 0
    elif column.type == "geometry":
        missing = shapely.is_missing(cells) if cells.ndim == 1 else np.isnan(cells[:, 0])
    else:
        missing = distinct.is_missing(cells)
    return np.asarray(missing, dtype=bool)


def rename_hint(near: str | None) -> Message:
    """Say what to do about an unknown name that is near a known one, or near none."""
    if near:
        return Message("If {0} is meant, rename it.", near)
    return Message("Leave it: it does no harm.")


def _unknown_column_finding(table: Table, spec: TableSpec, name: str) -> Finding:
    near = find_near_miss(canonical_name(name), set(spec.columns) - table.recorded)
    hint = rename_hint(near)
    message = Message("column {0!r} is not in the schema and was not read", name)
    return make_finding("ND901", table, None, message, hint)


def _fatal_problem(table: Table, column: ColumnSpec, defect: Defect) -> str:
    rows = [f"{table.row_id(row)} ({table.where(row)})" for row in defect.rows[:_SHOWN_ROWS]]
    more = len(defect.rows) - len(rows)
    shown: str = ", ".join(rows)
    if more:
        shown = Message("{0} and {1} more", shown, more)
    return Message(
        "{0}: {1} {2}: {3}. {4}", table.name, column.name, defect.message, shown, defect.hint
    )


def _defect_findings(table: Table, column: ColumnSpec, defect: Defect) -> list[Finding]:
    message = Message("{0} {1}", column.name, defect.message)
    return [make_finding(defect.rule, table, row, message, defect.hint) for row in defect.rows]


def _check_mandatory_values(
    spec: TableSpec, table: Table, defects: list[tuple[ColumnSpec, Defect]]
) -> list[Finding]:
    """Find rows without a mandatory value; ids and positions are looked at elsewhere.

    A wrong value is missing as well, but one finding about it is enough.
    """
    findings = []
    wrong = {(column.name, row) for column, defect in defects for row in defect.rows}
    for column in spec.columns.values():
        is_elsewhere = column.type == "id" or column.name in POINT_COLUMNS or column.default
        if not column.required or is_elsewhere:
            continue
        for row in np.flatnonzero(is_missing(column, table)):
            if (column.name, row) in wrong:
                continue
            message, hint = (
                Message("{0} is missing", column.name),
                Message("Enter it: the row counts as incomplete."),
            )
            findings.append(make_finding("ND903", table, row, message, hint))
    return findings


def _drop_rows_without_id(table: Table) -> tuple[Table, list[Finding]]:
    """Leave out what nothing can refer to, and say so."""
    named = ~table.coded("id").equals("")
    if named.all():
        return table, []
    dropped = np.flatnonzero(~named)
    message = Message("{0} rows have no id and were left out", len(dropped))
    finding = make_finding(
        "ND903", table, None, message, Message("Give every row an id of its own.")
    )
    places = ", ".join(str(line) for line in table.lines[dropped[:_SHOWN_ROWS]])
    return table.select(named), [
        replace(finding, place=Message("{0} rows {1}", table.place, places))
    ]


def _check_unique_ids(table: Table) -> list[str]:
    codes = np.sort(table.coded("id").codes)
    if not (codes[1:] == codes[:-1]).any():
        return []
    ids = table["id"].tolist()
    rows_of: dict[str, list[int]] = {}
    for row, identifier in enumerate(ids):
        rows_of.setdefault(identifier, []).append(row)
    problems: list[str] = []
    for identifier, rows in rows_of.items():
        if len(rows) == 1:
            continue
        lines = ", ".join(str(table.lines[row]) for row in rows[:_SHOWN_ROWS])
        problem = Message("{0}: id {1!r} stands {2} times", table.name, identifier, len(rows))
        problems.append(
            Message("{0} ({1} rows {2}). Give every row its own id.", problem, table.place, lines)
        )
    return problems
