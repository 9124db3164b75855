"""Sheets and columns of the workbook, read from the two tables beside this module."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netgraph.report.labels import Language

#: Sheets that end in the same columns: counts of sites.
_UNIT_SHEETS = ("cities", "counties", "customers")
_UNIT_COLUMNS = "units"


@dataclass(frozen=True)
class SheetColumn:
    """One column: its kind decides how a cell is written, `words` where its text is looked up."""

    name: str
    kind: str
    words: str
    zh: str
    en: str

    def heading(self, lang: Language) -> str:
        """Heading in a language."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True)
class SheetSpec:
    """One sheet: its title in both languages, its family (for the colour of the tab), columns.

    `books` names the workbooks that have it: assessment, plan or both, joined by ";".
    """

    name: str
    zh: str
    en: str
    tab: str
    empty_zh: str
    empty_en: str
    books: str
    columns: tuple[SheetColumn, ...]

    def title(self, lang: Language) -> str:
        """Name on the tab."""
        return self.zh if lang == "zh" else self.en

    def empty(self, lang: Language) -> str:
        """Say that there are no rows, and why."""
        return self.empty_zh if lang == "zh" else self.empty_en


@functools.cache
def sheet_specs() -> Mapping[str, SheetSpec]:
    """Sheets by name, in the order of the workbook."""
    columns: dict[str, list[SheetColumn]] = {}
    for row in _rows("columns.csv"):
        columns.setdefault(row.pop("sheet"), []).append(SheetColumn(row.pop("column"), **row))
    shared = columns.pop(_UNIT_COLUMNS)
    for name in _UNIT_SHEETS:
        columns[name] += shared
    found = {}
    for row in _rows("sheets.csv"):
        name = row.pop("sheet")
        found[name] = SheetSpec(name=name, columns=tuple(columns[name]), **row)
    return found


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = resources.files("netgraph.report.workbook").joinpath(name).read_text("utf-8")
    return csv.DictReader(text.splitlines())
