"""Blocks of a sheet that is read, not filtered: titled tables, notes, a list of the sheets."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from netgraph.report import labels
from netgraph.report.workbook.cells import clean, grade_text
from netgraph.report.workbook.specs import sheet_specs
from netgraph.report.workbook.tables import columns_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.worksheet import Worksheet

    from netgraph.report.labels import Language
    from netgraph.report.workbook.formats import Formats
    from netgraph.report.workbook.model import Sheet, SheetNote

_WIDTHS = (26, 30, 14, 16, 12, 20, 12, 12, 12, 12)
_NOTE_COLUMNS = 8  # over which a note is written
_LINE_HEIGHT = 15  # points
_LOOK_HEIGHTS = {"title": 27, "figure": 20}  # points: of a line with larger letters
_PAPER_A4, _SCALE_PERCENT = 9, 70  # all columns beside one another, in wider letters too
_MARGINS_INCHES = {"left": 0.4, "right": 0.4, "top": 0.6, "bottom": 0.6}
_PAGE_HEIGHT = 690  # points of lines on a page at that scale, and some to spare
_KINDS = {"ratio": "ratio", "share": "ratio", "metres": "metres"}


class Blocks:
    """Writes block below block, and remembers where the next begins."""

    def __init__(self, page: Worksheet, formats: Formats, lang: Language) -> None:
        self.page, self.formats, self.lang, self.line = page, formats, lang, 0
        self._starts: list[int] = []  # lines at which blocks begin
        self._heights: dict[int, float] = {}  # of the lines that are higher than others
        for place, width in enumerate(_WIDTHS):
            page.set_column(place, place, width)

    def text(self, text: str, look: str, place: int = 0) -> None:
        """Write one text in the current line."""
        self.page.write_string(self.line, place, clean(text), self.formats.text(look))
        if look in _LOOK_HEIGHTS:
            self._heights[self.line] = _LOOK_HEIGHTS[look]

    def figures(self, figures: Sequence[tuple[str, float]]) -> None:
        """Write figures beside one another in large letters, each under its name."""
        form = self.formats.text("figure")
        for place, (name, value) in enumerate(figures):
            self.text(labels.label("column", name, self.lang), "note", place)
            self.page.write_number(self.line + 1, place, value, form)
        self._heights[self.line + 1] = _LOOK_HEIGHTS["figure"]
        self.line += 2

    def block(self, title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Write a titled table; nothing without rows."""
        if not rows:
            return
        self._starts.append(self.line)
        for place in range(len(headings)):
            self.page.write_blank(self.line, place, None, self.formats.text("section"))
        self.text(labels.text(title, self.lang), "section")
        self.line += 1
        texts = [_heading(heading, self.lang) for heading in headings]
        lines = max(_lines(t, width) for t, width in zip(texts, _WIDTHS, strict=False))
        if lines > 1:
            self._set_height(lines)
        for place, text in enumerate(texts):
            self.page.write_string(self.line, place, text, self.formats.heading())
        for row in rows:
            self.line += 1
            for place, (heading, value) in enumerate(zip(headings, row, strict=True)):
                self._cell(place, heading, value)
        self.line += 2

    def _cell(self, place: int, heading: str, value: object) -> None:
        formats = self.formats
        if value is None or value == "":
            return
        if heading in {"grade", "severity"}:
            word = str(value)
            text = (
                grade_text(word, self.lang) if heading == "grade"
                else labels.label("severity", word, self.lang)
            )  # fmt: skip
            form = formats.coloured(heading, word.partition("~")[0])
            self.page.write_string(self.line, place, text, form)
        elif isinstance(value, (int, float)):
            kind = _KINDS.get(heading, "count" if isinstance(value, int) else "decimal")
            self.page.write_number(self.line, place, value, formats.centred(kind))
        else:
            form = formats.middle() if heading == "dual_route_ratio" else formats.cell("text")
            self.page.write_string(self.line, place, clean(value), form)

    def contents(self, sheets: Sequence[Sheet]) -> None:
        """List the sheets with their rows; a click leads there."""
        self._starts.append(self.line)
        self.text(labels.text("contents", self.lang), "section")
        self.page.write_blank(self.line, 1, None, self.formats.text("section"))
        for sheet in sheets:
            self.line += 1
            title = sheet_specs()[sheet.name].title(self.lang)
            form = self.formats.text("link")
            self.page.write_url(self.line, 0, f"internal:'{title}'!A1", form, title)
            self.page.write_number(self.line, 1, len(sheet.rows), self.formats.cell("count"))
            if sheet.left_out:
                more = labels.text("left_out", self.lang, count=sheet.left_out)
                self.page.write_string(self.line, 2, more, self.formats.cell("text"))
        self.line += 2

    def notes(self, notes: Sequence[SheetNote]) -> None:
        """Write the small print, on the page of the block before; what is strong is told above."""
        self.text(labels.text("notes", self.lang), "section")
        self.line += 1
        for note in notes:
            if not note.is_strong:
                self.note(note.text, "note")

    def note(self, text: str, look: str) -> None:
        """Write over several columns, wrapped; merged cells do not find their own height."""
        room = sum(_WIDTHS[:_NOTE_COLUMNS]) * 0.9
        lines = -(-columns_of(clean(text)) // int(room))
        form = self.formats.text(look)
        self.page.merge_range(self.line, 0, self.line, _NOTE_COLUMNS - 1, "", form)
        self.page.write_string(self.line, 0, clean(text), form)
        self._set_height(max(1, lines))
        self.line += 1

    def set_up_print(self) -> None:
        """Print on A4: a block that would not fit on what is left of a page begins the next one.

        By scale and not by "fit to width": with that Excel ignores breaks between pages.
        """
        page = self.page
        page.set_landscape()
        page.set_paper(_PAPER_A4)
        page.set_margins(**_MARGINS_INCHES)
        page.set_print_scale(_SCALE_PERCENT)
        page.set_h_pagebreaks(self._breaks())
        page.set_footer("&C&P / &N")

    def _breaks(self) -> list[int]:
        """Lines at which pages begin; a block longer than a page begins one and runs on."""
        breaks: list[int] = []
        top = 0.0
        for begin, end in zip(self._starts, [*self._starts[1:], self.line], strict=True):
            above, block = self._height(0, begin) - top, self._height(begin, end)
            if above > 0 and above + block > _PAGE_HEIGHT:
                breaks.append(begin)
                top += above
        return breaks

    def _height(self, begin: int, end: int) -> float:
        return sum(self._heights.get(line, _LINE_HEIGHT) for line in range(begin, end))

    def _set_height(self, lines: int) -> None:
        self._heights[self.line] = lines * _LINE_HEIGHT
        self.page.set_row(self.line, lines * _LINE_HEIGHT)


def _lines(heading: str, width: int) -> int:
    """Count the lines of a heading: it breaks between words, between any Chinese letters."""
    room = width - 1
    words = textwrap.wrap(heading, room, break_long_words=False)
    return max(len(words), -(-columns_of(heading) // room))


def _heading(name: str, lang: Language) -> str:
    grade = name.removeprefix("grade_")
    if grade != name:
        return grade_text(grade, lang)
    word = labels.label("column", name, lang)
    if name.endswith("_counted"):
        word = labels.text(name, lang)
    return word[:1].upper() + word[1:]
