"""The tables of the workbook: heading, filter, widths, bars and print set-up."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from netgraph.report import labels
from netgraph.report.palette import AMBER, BLUE, GREEN, GREY, VERMILION
from netgraph.report.workbook.bulk import BulkSheet
from netgraph.report.workbook.cells import NUMBERS, clean, grade_text, shower, shows_of
from netgraph.report.workbook.specs import SheetSpec, sheet_specs

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

    from netgraph.report.labels import Language
    from netgraph.report.workbook.formats import Formats
    from netgraph.report.workbook.model import Sheet
    from netgraph.report.workbook.specs import SheetColumn

TAB_COLOURS = {
    "sites": BLUE, "lists": VERMILION, "works": GREEN, "areas": AMBER, "data": GREY,
}  # fmt: skip
# Running head by the books that have a sheet; one of two books, and the register, bear none.
_BOOK_TITLES = {"register": "", "assessment;plan": "", "plan": "works_title"}
ROWS_PER_SHEET = 1_048_575
_BAR_COLOUR = "#9CC3DD"
_HEADING_HEIGHT = 32  # points: two lines
_LINE_HEIGHT, _MOST_LINES = 14.0, 12
_SAMPLED = 200  # rows that a width is fitted to
_NARROWEST, _WIDEST = 7, 40
_PAPER_A3, _PAPER_A4 = 8, 9
_PORTRAIT_WIDTH, _A4_WIDTH, _ONE_PAGE_WIDTH = 95, 170, 420  # columns of text
_FROZEN = {
    "sites": 3, "circuits": 1, "single_routes": 0, "hazards": 1, "ring_works": 1,
    "equipment_works": 1, "site_changes": 2, "left_below": 2,
    "works": 1, "works_rates": 2, "works_history": 2,
}  # fmt: skip


def write_table_sheet(
    book: xlsxwriter.Workbook, sheet: Sheet, formats: Formats, lang: Language
) -> Worksheet:
    """Write one table: the heading in the first row, so that filters and pivot tables work."""
    return write_rows_sheet(book, (_spec_of(sheet), sheet.rows), formats, lang)


def write_rows_sheet(
    book: xlsxwriter.Workbook,
    sheet: tuple[SheetSpec, Sequence[Sequence[object]]],
    formats: Formats,
    lang: Language,
) -> Worksheet:
    """Write one table of any sort: how its columns are shown, and its rows."""
    spec, whole = sheet
    page = book.add_worksheet(spec.title(lang), worksheet_class=BulkSheet)
    page.set_tab_color(TAB_COLOURS[spec.tab])
    rows = whole[:ROWS_PER_SHEET]
    width = _set_widths(page, spec, rows, lang)
    page.set_row(0, _HEADING_HEIGHT)
    for place, column in enumerate(spec.columns):
        page.write_string(0, place, column.heading(lang), formats.heading())
    long = [place for place, column in enumerate(spec.columns) if column.kind == "long"]
    for line, row in enumerate(rows if long else (), start=1):
        page.set_row(line, _height([row[place] for place in long]))
    if rows:
        page.write_table(1, rows, [shows_of(column, formats, lang) for column in spec.columns])
    else:
        page.write_string(1, 0, spec.empty(lang), formats.cell("text"))
    _finish(page, spec, len(rows))
    title = _BOOK_TITLES.get(spec.books, "assessment")
    right = labels.text(title, lang) if title else ""
    _set_up_print(page, (spec.title(lang), right), width)
    return page


def _height(values: Sequence[object]) -> float:
    """Height in points of a row whose longest text is wrapped in a column of full width."""
    longest = max(columns_of(clean(value)) for value in values)
    return _LINE_HEIGHT * min(max(1, math.ceil(longest / (_WIDEST - 1))), _MOST_LINES)


def _spec_of(sheet: Sheet) -> SheetSpec:
    """Return the columns that a sheet has."""
    spec = sheet_specs()[sheet.name]
    if not sheet.columns:
        return spec
    by_name = {column.name: column for column in spec.columns}
    return replace(spec, columns=tuple(by_name[name] for name in sheet.columns))


def _finish(page: Worksheet, spec: SheetSpec, count: int) -> None:
    last = len(spec.columns) - 1
    page.freeze_panes(1, _FROZEN.get(spec.name, 0))
    if count:
        page.autofilter(0, 0, count, last)
        for place, column in enumerate(spec.columns):
            if column.kind == "ratio":
                page.conditional_format(1, place, count, place, _bar())


def _set_up_print(page: Worksheet, titles: tuple[str, str], width: float) -> None:
    """One page wide, the heading on every page; wide tables on larger paper, the widest on two."""
    if width > _PORTRAIT_WIDTH:
        page.set_landscape()
    page.set_paper(_PAPER_A3 if width > _A4_WIDTH else _PAPER_A4)
    page.repeat_rows(0)
    page.fit_to_pages(1 if width <= _ONE_PAGE_WIDTH else 2, 0)
    if width > _ONE_PAGE_WIDTH:
        page.repeat_columns(0)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.set_header(f"&L{titles[0]}&R{titles[1]}")
    page.set_footer("&C&P / &N")


def _bar() -> dict[str, object]:
    return {
        "type": "data_bar", "bar_solid": True, "bar_color": _BAR_COLOUR, "min_type": "num",
        "min_value": 0, "max_type": "num", "max_value": 1, "data_bar_2010": True,
    }  # fmt: skip


def _set_widths(
    page: Worksheet, spec: SheetSpec, rows: Sequence[Sequence[object]], lang: Language
) -> float:
    """Fit the columns to what stands in them; return the width of all."""
    sample, whole = list(islice(rows, _SAMPLED)), 0.0
    for place, column in enumerate(spec.columns):
        texts = _shown(column, [row[place] for row in sample], lang)
        # A heading may take two lines; the filter's button covers two characters of it.
        heading = columns_of(column.heading(lang)) / 2 + 3
        longest = max([heading, *(columns_of(text) + 2 for text in texts)])
        width = min(max(longest, _NARROWEST), _WIDEST)
        page.set_column(place, place, width)
        whole += width
    return whole


def _shown(column: SheetColumn, values: list[object], lang: Language) -> list[str]:
    if column.kind in NUMBERS:
        return [f"{value:,.2f}" for value in values if isinstance(value, float)]
    if column.kind == "grade":
        return [grade_text(str(value), lang) for value in values if value]
    show = clean if column.kind in {"severity", "finding"} else shower(column, lang)
    return [show(value) for value in values]


def columns_of(text: str) -> int:
    """Width in columns: a Chinese character takes two.

    >>> columns_of("网点 1")
    6
    """
    if text.isascii():
        return len(text)
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)
