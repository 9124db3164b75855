"""Write the workbook: the same rows give the same bytes."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import xlsxwriter

from netgraph.report import labels
from netgraph.report.workbook.formats import FONT, Formats
from netgraph.report.workbook.model import PlanBook
from netgraph.report.workbook.plan_sheet import draw_frontier_chart, write_plan_sheet
from netgraph.report.workbook.summary_sheet import write_summary_sheet
from netgraph.report.workbook.tables import write_rows_sheet, write_table_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from netgraph.report.labels import Language
    from netgraph.report.workbook.model import Book
    from netgraph.report.workbook.specs import SheetSpec

_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)  # a file must bear some date; today's would differ
_OPTIONS = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}  # fmt: skip


def write_book(book: Book | PlanBook, path: Path) -> None:
    """Write an Excel workbook: of an assessment, or of a plan of works.

    Parameters
    ----------
    book
        What it holds. Text that begins like a formula stays text; text longer than a cell holds
        ends in "…".
    path
        Made here.
    """
    with _without_collection(), xlsxwriter.Workbook(str(path), _OPTIONS) as target:
        target.set_properties(_properties(book))
        target.formats[0].set_font_name(FONT)
        target.formats[0].set_font_size(10)
        formats = Formats(target)
        if isinstance(book, PlanBook):
            write_plan_sheet(target, book, formats)
        else:
            write_summary_sheet(target, book, formats)
        for sheet in book.sheets:
            page = write_table_sheet(target, sheet, formats, book.lang)
            if sheet.name == "frontier" and sheet.rows:
                draw_frontier_chart(target, page, sheet, book.lang)


def write_sheets(
    sheets: Sequence[tuple[SheetSpec, Sequence[Sequence[object]]]],
    path: Path,
    *,
    title: str,
    day: date | None,
    lang: Language,
) -> None:
    """Write a workbook of tables alone, without a summary.

    Parameters
    ----------
    sheets
        How the columns of each are shown, and its rows.
    day
        Date of the file, so that the same rows give the same bytes.
    """
    with _without_collection(), xlsxwriter.Workbook(str(path), _OPTIONS) as target:
        target.set_properties(_dated(title, day))
        target.formats[0].set_font_name(FONT)
        target.formats[0].set_font_size(10)
        formats = Formats(target)
        for sheet in sheets:
            write_rows_sheet(target, sheet, formats, lang)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Pause the search for garbage: a million cells hold no cycles, and it takes a quarter more."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _properties(book: Book | PlanBook) -> dict[str, object]:
    is_plan = isinstance(book, PlanBook)
    name = book.name if isinstance(book, PlanBook) else book.summary.name
    what = labels.text("works_title" if is_plan else "assessment", book.lang)
    return _dated(f"{what} {name}".strip(), book.snapshot_date)


def _dated(title: str, day: date | None) -> dict[str, object]:
    made = datetime.combine(day, time(), tzinfo=UTC) if day else _UNDATED
    return {"title": title[:255], "author": "netgraph", "created": made.replace(tzinfo=None)}
