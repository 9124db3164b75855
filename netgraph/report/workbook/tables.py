"""The tables of the workbook: heading, filter, widths, bars and print set-up."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from netgraph.report import labels
from netgraph.report.palette import AMBER, BLUE, GREEN, GREY, VERMILION
from netgraph.report.workbook.bulk import BulkSheet
from netgraph.report.workbook.cells import NUMBERS, clean, grade_text, shower, shows_of
from netgraph.report.workbook.columns import ValueColumn, columns_of_rows
from netgraph.report.workbook.specs import SheetSpec, sheet_specs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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
_LINE_HEIGHT = 14.0
_MOST_LINES, _MOST_LINES_OF_MANY, _MANY_ROWS = 8, 5, 500  # long tables stay easy to leaf through
_NARROWEST, _WIDEST = 7, 40
_WIDEST_LAST = 100  # the last column is mostly a sentence, and has room to the right on a screen
_PADDING, _MARGIN = 2, 3  # columns of a cell that text does not fill; of one that is wrapped
_PAPER_A3, _PAPER_A4 = 8, 9
_PORTRAIT_WIDTH, _A4_WIDTH, _ONE_PAGE_WIDTH = 95, 170, 420  # columns of text
_ONE_LINE = NUMBERS | {"grade", "severity", "finding", "bool", "word"}  # kinds of columns
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
    columns = columns_of_rows(rows) if rows else [ValueColumn(()) for _ in spec.columns]
    sizes = _sizes(spec, columns, lang)
    widths = _set_widths(page, spec, sizes, lang)
    page.set_row(0, _HEADING_HEIGHT)
    for place, column in enumerate(spec.columns):
        page.write_string(0, place, column.heading(lang), formats.heading())
    lines = _lines(spec, sizes, widths)
    _set_heights(page, len(rows), [columns[place].spread(of) for place, of in lines.items()])
    if rows:
        shows = [
            shows_of(column, formats, lang, wraps=place in lines)
            for place, column in enumerate(spec.columns)
        ]
        page.write_table(1, len(rows), columns, shows)
    else:
        page.write_string(1, 0, spec.empty(lang), formats.cell("text"))
    _finish(page, spec, len(rows))
    title = _BOOK_TITLES.get(spec.books, "assessment")
    right = labels.text(title, lang) if title else ""
    _set_up_print(page, (spec.title(lang), right), sum(widths))
    return page


def _sizes(
    spec: SheetSpec, columns: Sequence[ValueColumn], lang: Language
) -> list[Mapping[object, int]]:
    """Columns of text that each value takes, for each column of the sheet."""
    return [
        values.each(_size_of(column, lang))
        for column, values in zip(spec.columns, columns, strict=True)
    ]


def _lines(
    spec: SheetSpec, sizes: Sequence[Mapping[object, int]], widths: Sequence[float]
) -> dict[int, dict[object, int]]:
    """Lines that the texts of a column take, for each column (its place) where one is too long."""
    found = {}
    for place, column in enumerate(spec.columns):
        width, longest = widths[place], max(sizes[place].values(), default=0)
        if column.kind not in _ONE_LINE and longest + _PADDING > width:
            found[place] = {
                value: 1 if size + _PADDING <= width else math.ceil(size / (width - _MARGIN))
                for value, size in sizes[place].items()
            }
    return found


def _set_heights(page: Worksheet, rows: int, lines: Sequence[Sequence[int]]) -> None:
    """Give the rows whose text is wrapped the height that it needs."""
    allowed = _MOST_LINES if rows <= _MANY_ROWS else _MOST_LINES_OF_MANY
    for number, most in enumerate(map(max, zip(*lines, strict=True)), start=1):
        if most > 1:
            page.set_row(number, _LINE_HEIGHT * min(most, allowed))


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
    page: Worksheet, spec: SheetSpec, sizes: Sequence[Mapping[object, int]], lang: Language
) -> list[float]:
    """Fit the columns to what stands in them; return their widths."""
    widths, last = [], len(spec.columns) - 1
    for place, column in enumerate(spec.columns):
        # A heading may take two lines; the filter's button covers two characters of it. Chinese
        # may be broken anywhere, a word may not.
        heading = column.heading(lang)
        words = (len(word) + _PADDING for word in heading.split() if word.isascii())
        longest = max(sizes[place].values(), default=0) + _PADDING
        narrowest = max(_NARROWEST, columns_of(heading) / 2 + 3, *words)
        width = float(min(max(longest, narrowest), _WIDEST_LAST if place == last else _WIDEST))
        page.set_column(place, place, width)
        widths.append(width)
    return widths


def _shows_as(column: SheetColumn, lang: Language) -> Callable[[object], str]:
    """Return what tells about how wide a value is shown."""
    if column.kind in NUMBERS:
        return lambda value: f"{value:,.2f}" if isinstance(value, float) else ""
    if column.kind == "grade":
        return lambda value: grade_text(str(value), lang) if value else ""
    return clean if column.kind in {"severity", "finding"} else shower(column, lang)


def _size_of(column: SheetColumn, lang: Language) -> Callable[[object], int]:
    show = _shows_as(column, lang)
    return lambda value: columns_of(show(value))


def columns_of(text: str) -> int:
    """Width in columns, or a little more: a Chinese character takes two.

    >>> columns_of("网点 1")
    6
    """
    if text.isascii():
        return len(text)
    # Characters that take two columns take three or four bytes; a dash takes three, too.
    return (len(text.encode()) + len(text)) // 2
