"""The first sheet: figures, the worst sites and causes, what the sheets hold, the small print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.report import labels
from netgraph.report.workbook.cells import clean, grade_text
from netgraph.report.workbook.specs import sheet_specs
from netgraph.report.workbook.tables import columns_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

    from netgraph.report.labels import Language
    from netgraph.report.summary import Summary, UnitCount
    from netgraph.report.workbook.formats import Formats
    from netgraph.report.workbook.model import Book

_WIDTHS = (26, 30, 14, 16, 12, 20, 12, 12, 12, 12)
_NOTE_COLUMNS = 8  # over which a note is written
_MOST_CITIES, _MOST_CAUSES = 15, 10
_LINE_HEIGHT = 15  # points
_PAPER_A4 = 9


def write_summary_sheet(book: xlsxwriter.Workbook, content: Book, formats: Formats) -> Worksheet:
    """Write the summary: it is read, not filtered, and so has blocks instead of one heading."""
    page = book.add_worksheet(labels.text("summary", content.lang))
    page.hide_gridlines(2)
    page.set_first_sheet()
    page.activate()
    for place, width in enumerate(_WIDTHS):
        page.set_column(place, place, width)
    writer = _Blocks(page, formats, content.lang)
    _write_head(writer, content)
    writer.block("worst_sites", _SITE_HEADINGS, content.worst_sites)
    _write_grades(writer, content.summary)
    for heading, key, units in _unit_blocks(content.summary):
        writer.block(heading, _unit_headings(key), _unit_rows(units, key, content.lang))
    writer.block("worst_causes", _CAUSE_HEADINGS, _cause_rows(content))
    _write_contents(writer, content)
    _write_notes(writer, content)
    page.set_landscape()
    page.set_paper(_PAPER_A4)
    page.fit_to_pages(1, 0)
    page.set_footer("&C&P / &N")
    return page


_SITE_HEADINGS = (
    "site_id", "name", "city", "tier", "severity", "recorded_level", "score", "ratio", "grade",
)  # fmt: skip
_KINDS = {"ratio": "ratio", "share": "ratio", "metres": "metres"}
_CAUSE_HEADINGS = ("kind", "place", "severity", "metres", "circuits", "sites", "worst_tier")


class _Blocks:
    """Writes block below block, and remembers where the next begins."""

    def __init__(self, page: Worksheet, formats: Formats, lang: Language) -> None:
        self.page, self.formats, self.lang, self.line = page, formats, lang, 0

    def text(self, text: str, look: str, place: int = 0) -> None:
        """Write one text in the current line."""
        self.page.write_string(self.line, place, clean(text), self.formats.text(look))

    def block(self, title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Write a titled table; nothing without rows."""
        if not rows:
            return
        for place in range(len(headings)):
            self.page.write_blank(self.line, place, None, self.formats.text("section"))
        self.text(labels.text(title, self.lang), "section")
        self.line += 1
        for place, heading in enumerate(headings):
            text = _heading(heading, self.lang)
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
            kind = _KINDS.get(heading, "count" if isinstance(value, int) else "number")
            self.page.write_number(self.line, place, value, formats.centred(kind))
        else:
            self.page.write_string(self.line, place, clean(value), formats.cell("text"))


def _heading(name: str, lang: Language) -> str:
    grade = name.removeprefix("grade_")
    if grade != name:
        return grade_text(grade, lang)
    word = labels.label("column", name, lang)
    return word[:1].upper() + word[1:]


def _write_head(writer: _Blocks, content: Book) -> None:
    summary, lang = content.summary, writer.lang
    writer.text(summary.name or labels.text("assessment", lang), "title")
    writer.line += 1
    date = summary.snapshot_date
    snapshot = labels.text("snapshot", lang, date=date) if date else ""
    writer.text(snapshot or labels.text("snapshot_unknown", lang), "note")
    writer.line += 1
    for place, name in enumerate(("sites", "circuits", "customers")):
        writer.text(labels.label("column", name, lang), "note", place)
        page, form = writer.page, writer.formats.text("figure")
        page.write_number(writer.line + 1, place, getattr(summary, name), form)
    writer.line += 2
    for note in content.notes:
        if note.is_strong:
            _write_note(writer, note.text, "strong")
    writer.line += 1


def _write_grades(writer: _Blocks, summary: Summary) -> None:
    total = sum(summary.grades.values())
    rows = [
        (grade, count, count / total if total else None, summary.grades_best.get(grade, 0))
        for grade, count in summary.grades.items()
    ]
    writer.block("grades", ("grade", "sites", "share", "grades_best"), rows)


def _unit_blocks(summary: Summary) -> tuple[tuple[str, str, Sequence[UnitCount]], ...]:
    return (
        ("by_tier", "tier", summary.by_tier),
        ("by_city", "city", summary.by_city[:_MOST_CITIES]),
    )


def _unit_headings(key: str) -> tuple[str, ...]:
    grades = tuple(f"grade_{grade}" for grade in labels.identifiers("grade"))
    return (key, "sites", "circuits", *grades, "provisional", "dual_route_ratio")


def _unit_rows(units: Sequence[UnitCount], key: str, lang: Language) -> list[tuple[object, ...]]:
    return [
        (
            labels.label("tier", unit.name, lang) if key == "tier" else unit.name or "—",
            unit.sites, unit.circuits,
            *(unit.grades.get(grade, 0) for grade in labels.identifiers("grade")),
            unit.provisional,
            f"{unit.dual_proven} / {unit.dual_required}",
        )
        for unit in units
    ]  # fmt: skip


def _cause_rows(content: Book) -> list[tuple[object, ...]]:
    lang = content.lang
    return [
        (
            labels.label("kind", cause.kind, lang), cause.place, cause.severity, cause.metres,
            cause.circuits, cause.sites, labels.label("tier", cause.worst_tier, lang),
        )
        for cause in content.summary.causes[:_MOST_CAUSES]
    ]  # fmt: skip


def _write_contents(writer: _Blocks, content: Book) -> None:
    """List the sheets with their rows; a click leads there."""
    lang = content.lang
    writer.text(labels.text("contents", lang), "section")
    writer.page.write_blank(writer.line, 1, None, writer.formats.text("section"))
    for sheet in content.sheets:
        writer.line += 1
        title = sheet_specs()[sheet.name].title(lang)
        form = writer.formats.text("link")
        writer.page.write_url(writer.line, 0, f"internal:'{title}'!A1", form, title)
        writer.page.write_number(writer.line, 1, len(sheet.rows), writer.formats.cell("count"))
        if sheet.left_out:
            more = labels.text("left_out", lang, count=sheet.left_out)
            writer.page.write_string(writer.line, 2, more, writer.formats.cell("text"))
    writer.line += 2


def _write_notes(writer: _Blocks, content: Book) -> None:
    writer.text(labels.text("notes", writer.lang), "section")
    writer.line += 1
    for note in content.notes:
        if not note.is_strong:
            _write_note(writer, note.text, "note")


def _write_note(writer: _Blocks, text: str, look: str) -> None:
    """Write over several columns, wrapped; merged cells do not find their own height."""
    room = sum(_WIDTHS[:_NOTE_COLUMNS]) * 0.9
    lines = -(-columns_of(clean(text)) // int(room))
    form = writer.formats.text(look)
    writer.page.merge_range(writer.line, 0, writer.line, _NOTE_COLUMNS - 1, "", form)
    writer.page.write_string(writer.line, 0, clean(text), form)
    writer.page.set_row(writer.line, _LINE_HEIGHT * max(1, lines))
    writer.line += 1
