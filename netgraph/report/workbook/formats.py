"""Cell formats of the workbook: each made once, asked for by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.report.palette import FINDING_COLOURS, GRADE_COLOURS, INK, MUTED, SEVERITY_COLOURS

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format

FONT = "Microsoft YaHei"  # on every Windows PC that reads Chinese; others fall back to their own
HEADING_FILL, LINE = "#1F3B57", "#D5DAE0"
_TINT = 0.5  # share of white: black letters stay readable on it
_NUMBERS = {
    "count": "#,##0", "number": "#,##0", "decimal": "#,##0.00", "metres": "#,##0.0",
    "km": "#,##0.00",
    "ratio": "0.0%", "modelled": "[>=10]#,##0;[>=1]0.0;0.0#####",  # two digits, as they are rounded
}  # fmt: skip
_COLOURS = {"grade": GRADE_COLOURS, "severity": SEVERITY_COLOURS, "finding": FINDING_COLOURS}


class Formats:
    """The formats of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, str], Format] = {}

    def heading(self) -> Format:
        """White on dark, wrapped: the first row of a table."""
        return self._get(
            ("heading", ""), bold=True, font_color="#FFFFFF", bg_color=HEADING_FILL,
            text_wrap=True, valign="vcenter", align="center", border=1, border_color=LINE,
        )  # fmt: skip

    def cell(self, kind: str) -> Format:
        """Format of a cell by the kind of its column."""
        if kind in _NUMBERS:
            return self._get(
                ("cell", kind), num_format=_NUMBERS[kind], align="right", indent=1, valign="top"
            )
        return self.prose()

    def prose(self, *, wraps: bool = False, is_literal: bool = False) -> Format:
        """Format of text; if it begins like a formula, a prefix keeps it text when it is edited."""
        return self._get(
            ("prose", f"{wraps} {is_literal}"), num_format="@", align="left", indent=1,
            valign="top", text_wrap=wraps, quote_prefix=is_literal,
        )  # fmt: skip

    def centred(self, kind: str) -> Format:
        """Format of a number on the summary sheet, whose columns are wider than its numbers."""
        return self._get(("centred", kind), num_format=_NUMBERS[kind], align="center")

    def middle(self) -> Format:
        """Format of figures that are text, among centred numbers."""
        return self._get(("middle", ""), align="center")

    def coloured(self, kind: str, word: str) -> Format:
        """Tinted cell of a grade, a severity or a data finding."""
        colour = _COLOURS[kind].get(word, "#FFFFFF")
        return self._get(
            (kind, word), bg_color=tint(colour), bold=True, align="center", valign="top"
        )

    def text(self, name: str) -> Format:
        """Format of the summary sheet's text: title, section, note, strong or key."""
        looks: dict[str, dict[str, object]] = {
            "title": {"bold": True, "font_size": 18},
            "section": {"bold": True, "font_size": 12, "bottom": 1, "bottom_color": INK},
            "note": {"font_color": MUTED, "text_wrap": True, "valign": "top"},
            "strong": {"bold": True, "text_wrap": True, "valign": "top"},
            "link": {"font_color": "#0072B2", "underline": 1},
            "figure": {"bold": True, "font_size": 14, "num_format": "#,##0", "align": "left"},
        }
        return self._get(("text", name), **looks[name])

    def _get(self, key: tuple[str, str], **properties: object) -> Format:
        if key not in self._made:
            base: dict[str, object] = {"font_name": FONT, "font_size": 10, "font_color": INK}
            self._made[key] = self._book.add_format({**base, **properties})
        return self._made[key]


def tint(colour: str, white: float = _TINT) -> str:
    """Lighten a colour.

    >>> tint("#000000", 0.5)
    '#808080'
    """
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * white):02X}" for part in parts)
