"""What a workbook holds, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from netgraph.report.labels import Language
    from netgraph.report.summary import Summary
    from netgraph.report.works import PlanSummary


@dataclass(frozen=True)
class SheetNote:
    """One line of small print on the summary sheet; what must not be overlooked is strong."""

    text: str
    is_strong: bool = False


@dataclass(frozen=True)
class Sheet:
    """One table of the workbook.

    Attributes
    ----------
    name
        A name of `sheets.csv`.
    rows
        One sequence a row, values in the order of `columns.csv`; None and NaN are empty. Words
        are ids of :mod:`netgraph.report.labels`, several of them joined by ";".
    left_out
        Rows that were not listed, for lack of room.
    columns
        Names of the columns that the rows have; all of them when empty.
    """

    name: str
    rows: Sequence[Sequence[object]]
    left_out: int = 0
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Book:
    """A whole workbook.

    Attributes
    ----------
    summary
        Figures of the first sheet.
    sheets
        The others, in order.
    notes
        Small print under the figures.
    snapshot_date
        Date of the data; it is also the date of the file, so that the same data gives the same
        bytes.
    """

    summary: Summary
    sheets: Sequence[Sheet]
    notes: Sequence[SheetNote] = ()
    snapshot_date: date | None = None
    lang: Language = "en"


@dataclass(frozen=True)
class PlanBook:
    """The workbook of a plan of works: money and grades first, then the lists."""

    name: str
    summary: PlanSummary
    sheets: Sequence[Sheet]
    notes: Sequence[SheetNote] = ()
    snapshot_date: date | None = None
    lang: Language = "en"
