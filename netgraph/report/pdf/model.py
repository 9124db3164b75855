"""What a printed report holds, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from netgraph.report.labels import Language


@dataclass(frozen=True)
class Cell:
    """A tinted cell: a grade or a severity, with its letter or word."""

    text: str
    fill: str


@dataclass(frozen=True)
class Paragraph:
    """Running text; `look` is "" (plain), "strong", "small" or "note"."""

    text: str
    look: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    items: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A table that may run over several pages, its heading on each.

    Attributes
    ----------
    widths
        One a column: 0 for as wide as its text, else the share of what remains.
    numbers
        Positions of the columns that are set flush right.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str | Cell]]
    widths: Sequence[int]
    numbers: Sequence[int] = ()
    caption: str = ""


@dataclass(frozen=True)
class Figure:
    """A picture (PNG), its width as a share of the text's, at most so high in centimetres."""

    path: Path
    caption: str = ""
    width: float = 1.0
    most_cm: float = 19.0


Block = Paragraph | Bullets | Table | Figure


@dataclass(frozen=True)
class Section:
    """A chapter: its title and its blocks, on a page of its own or after the one before."""

    title: str
    blocks: Sequence[Block]
    on_new_page: bool = True


@dataclass(frozen=True)
class Report:
    """A whole report.

    Attributes
    ----------
    title, subtitle, notice
        Of the cover; the notice (that data is invented, say) is printed in bold.
    figures
        Number and what it counts, for the cover.
    bar
        Count, words and colour of the parts of the cover's strip (the grades).
    header
        Running header of every page but the cover.
    snapshot_date
        The date that the file bears.
    has_cover
        Whether it begins with a cover and a table of contents, or is a sheet of a page or two.
    """

    title: str
    subtitle: str
    header: str
    sections: Sequence[Section]
    notice: str = ""
    figures: Sequence[tuple[str, str]] = ()
    bar: Sequence[tuple[int, str, str]] = ()
    small_print: Sequence[str] = field(default=())
    contents_title: str = ""
    snapshot_date: date | None = None
    lang: Language = "en"
    has_cover: bool = True
