"""One cell: the value that Excel gets, by the kind of its column. Text is never a formula."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from netgraph.report import labels

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsxwriter.worksheet import Worksheet

    from netgraph.report.labels import Language
    from netgraph.report.workbook.formats import Formats
    from netgraph.report.workbook.specs import SheetColumn

    #: Writes a value into (row, column).
    Writer = Callable[[int, int, object], None]

NUMBERS = frozenset({"count", "number", "metres", "km", "ratio", "minutes"})
LONGEST_CELL = 32_767
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def writer_of(sheet: Worksheet, column: SheetColumn, formats: Formats, lang: Language) -> Writer:
    """Choose how the cells of a column are written."""
    if column.kind in NUMBERS:
        return _number_writer(sheet, column, formats)
    if column.kind in {"grade", "severity", "finding"}:
        return _coloured_writer(sheet, column, formats, lang)
    plain, literal = formats.cell(column.kind), formats.literal()
    show = shower(column, lang)

    def write(row: int, place: int, value: object) -> None:
        text = show(value)
        if text:
            form = literal if text.startswith(_FORMULA_SIGNS) else plain
            sheet.write_string(row, place, text, form)

    return write


def shower(column: SheetColumn, lang: Language) -> Callable[[object], str]:
    """Return what turns a value of a column into the text that a person reads."""
    if column.kind == "bool":
        yes, no = (labels.label("trace", word, lang) for word in ("yes", "no"))
        return lambda value: "" if value is None else (yes if value else no)
    if column.words:
        return _word_shower(column, lang)
    return clean


def _word_shower(column: SheetColumn, lang: Language) -> Callable[[object], str]:
    known: dict[object, str] = {None: "", "": ""}
    group, gap = column.words, "、" if lang == "zh" else "; "

    def show(value: object) -> str:
        if value not in known:
            words = str(value).split(";") if column.kind == "words" else [str(value)]
            known[value] = clean(gap.join(labels.label(group, word, lang) for word in words))
        return known[value]

    return show


def grade_text(value: str, lang: Language) -> str:
    """Letter and word of a grade; of two grades joined by "~", their letters.

    >>> grade_text("poor", "en"), grade_text("poor~excellent", "zh")
    ('D Poor', '差~优')
    """
    grades = value.split("~")
    letters = [labels.label("grade_letter", grade, lang) for grade in grades]
    if len(grades) > 1 or lang == "zh":
        return "~".join(letters)
    return f"{letters[0]} {labels.label('grade', value, lang)}"


def clean(value: object) -> str:
    """Return text that a cell can hold: not too long, no lone surrogates (broken input)."""
    if value is None:
        return ""
    text = str(value)
    if not text.isascii():
        text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def _number_writer(sheet: Worksheet, column: SheetColumn, formats: Formats) -> Writer:
    form = formats.cell(column.kind)

    def write(row: int, place: int, value: object) -> None:
        if isinstance(value, (int, float)) and math.isfinite(value):
            sheet.write_number(row, place, value, form)
        elif value is not None and hasattr(value, "item"):  # a number of numpy
            write(row, place, value.item())

    return write


def _coloured_writer(
    sheet: Worksheet, column: SheetColumn, formats: Formats, lang: Language
) -> Writer:
    def write(row: int, place: int, value: object) -> None:
        if not value:
            return
        word = str(value)
        is_grade = column.kind == "grade"
        text = grade_text(word, lang) if is_grade else labels.label(column.words, word, lang)
        form = formats.coloured(column.kind, word.partition("~")[0])
        sheet.write_string(row, place, clean(text), form)

    return write
