"""The works register as a workbook: works, rates, history, a sheet each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.report import labels
from netgraph.report.contract import table_specs
from netgraph.report.workbook.specs import SheetColumn, SheetSpec
from netgraph.report.workbook.write import write_sheets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from netgraph.report.contract import Column
    from netgraph.report.labels import Language

    Rows = Sequence[Sequence[object]]

_SHEETS = {"works": "lists", "works_rates": "areas", "works_history": "data"}
#: Columns of the list that is handed over, in their order; the others have all of theirs.
_COLUMNS = {
    "works": (
        "work_id", "state", "kind", "subject", "sites", "cities", "responsible", "verifier",
        "due", "is_overdue", "lacking", "remark", "done_on", "proven_on", "rests_on", "priority",
        "cost_yuan", "price_level", "reopenings", "recurrences",
    ),
}  # fmt: skip
#: Kinds of the contract that the workbook writes in its own way; the others it writes as text.
_KINDS = {"enum": "word", "bool": "bool", "count": "count", "number": "number", "ratio": "ratio"}


def write_register_book(
    tables: Mapping[str, Rows], path: Path, *, as_of: date | None, lang: Language
) -> None:
    """Write an Excel workbook of rows of `works`, `works_rates` and `works_history`.

    Parameters
    ----------
    as_of
        Date of the file, so that the same rows give the same bytes.
    """
    sheets = [(_spec(name, tab), _picked(name, tables[name])) for name, tab in _SHEETS.items()]
    title = labels.label("works_sheet", "works", lang)
    write_sheets(sheets, path, title=title, day=as_of, lang=lang)


def _picked(name: str, rows: Rows) -> Rows:
    """Take the columns that the sheet has."""
    all_ = table_specs()[name].names
    places = [all_.index(column) for column in _COLUMNS.get(name, all_)]
    return [[row[place] for place in places] for row in rows]


def _spec(name: str, tab: str) -> SheetSpec:
    columns = {column.name: column for column in table_specs()[name].columns}
    shown = [columns[each] for each in _COLUMNS.get(name, tuple(columns))]
    return SheetSpec(
        name=name, zh=labels.label("works_sheet", name, "zh"),
        en=labels.label("works_sheet", name, "en"), tab=tab, books="register",
        empty_zh=labels.text("register_none", "zh"), empty_en=labels.text("register_none", "en"),
        columns=tuple(map(_column, shown)),
    )  # fmt: skip


def _column(column: Column) -> SheetColumn:
    headings = [labels.label("works_column", column.name, each) for each in ("zh", "en")]
    if column.name == "price_level":
        return SheetColumn(column.name, "word", "price_level", *headings)
    return SheetColumn(column.name, _KINDS.get(column.kind, "text"), column.allowed, *headings)
