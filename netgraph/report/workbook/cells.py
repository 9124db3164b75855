"""One cell: the value that Excel gets, by the kind of its column. Text is never a formula."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from netgraph.report import labels
from netgraph.report.figures import round_modelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from netgraph.report.labels import Language
    from netgraph.report.workbook.bulk import Cell, Shows
    from netgraph.report.workbook.formats import Formats
    from netgraph.report.workbook.specs import SheetColumn

NUMBERS = frozenset({"count", "number", "metres", "km", "ratio", "modelled"})
LONGEST_CELL = 32_767
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def shows_of(
    column: SheetColumn, formats: Formats, lang: Language, *, wraps: bool = False
) -> Shows:
    """Return what the cells of a column show of a value; text may go on in a further line."""
    if column.kind in NUMBERS:
        return _number_shows(column, formats)
    if column.kind in {"grade", "severity", "finding"}:
        return _coloured_shows(column, formats, lang)
    plain, literal = formats.prose(wraps=wraps), formats.prose(wraps=wraps, is_literal=True)
    show = shower(column, lang)

    def shows(value: object) -> Cell:
        text = show(value)
        if not text:
            return None
        return text, literal if text.startswith(_FORMULA_SIGNS) else plain

    return shows


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


def _number_shows(column: SheetColumn, formats: Formats) -> Shows:
    form, is_modelled = formats.cell(column.kind), column.kind == "modelled"
    # A format of as many decimals as there are leaves a bare point behind a whole number.
    broken = formats.cell("decimal" if column.kind == "number" else column.kind)

    def shows(value: object) -> Cell:
        if isinstance(value, (int, float)):
            if not math.isfinite(value):
                return None
            value = round_modelled(value) if is_modelled else value
            return value, form if value == int(value) else broken
        if value is not None and hasattr(value, "item"):  # a number of numpy
            return shows(value.item())
        return None

    return shows


def _coloured_shows(column: SheetColumn, formats: Formats, lang: Language) -> Shows:
    def shows(value: object) -> Cell:
        if not value:
            return None
        word = str(value)
        is_grade = column.kind == "grade"
        text = grade_text(word, lang) if is_grade else labels.label(column.words, word, lang)
        return clean(text), formats.coloured(column.kind, word.partition("~")[0])

    return shows
