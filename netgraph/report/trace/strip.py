"""Both lanes as an inline SVG: bars from A to B, joined in red where they share."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from rich.cells import cell_len

from netgraph.report import labels
from netgraph.report.palette import AMBER, BLUE, GREY, INK, MUTED, VERMILION
from netgraph.report.trace import text as trace_text
from netgraph.report.trace.course import course_of, stations
from netgraph.report.trace.words import length

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from netgraph.report.labels import Language
    from netgraph.report.trace.course import Drawn
    from netgraph.report.trace.sheet import Lane, Panel

# Units of the drawing; the page scales it to its own width.
_WIDTH, _LEFT, _RIGHT = 760.0, 26.0, 14.0
_BAR, _TOP_Y, _BOTTOM_Y = 9.0, 28.0, 66.0
_LEAST = 3.0  # width of something too short to be seen
_CHARACTER = 4.6  # width of a letter of the names
_SIGN = 15.0  # width of a sign with its number
_STROKES = {"shared": VERMILION, "circuit": AMBER, "tolerated": VERMILION}
_LANES = {"working": BLUE, "protect": AMBER}
_Line = tuple[str, float, str]  # words, size, colour


def strip(panel: Panel, lang: Language) -> str:
    """Return the lanes of a panel as an SVG of about 760 by 100 units."""
    course = course_of(panel)
    drawing = _Strip(lang)
    height = 99.0 if panel.right is not None else 50.0
    parts = [_PATTERN]
    parts += (drawing.tie(one, two) for one, two in course.ties())
    said: set[int] = set()
    parts += drawing.lane(panel.left, course.left, _TOP_Y, said)
    if panel.right is not None:
        parts += drawing.lane(panel.right, course.right, _BOTTOM_Y, said)
    label = escape(labels.label("trace", "scale", lang), quote=True)
    head = f'<svg viewBox="0 0 {_WIDTH:g} {height:g}" role="img" aria-label="{label}">'
    return head + "".join(parts) + "</svg>"


_PATTERN = (
    '<defs><pattern id="gap" width="5" height="5" patternUnits="userSpaceOnUse" '
    f'patternTransform="rotate(45)"><rect width="2" height="5" fill="{GREY}"/></pattern></defs>'
)


class _Strip:
    """Draws lanes whose cells are placed already."""

    def __init__(self, lang: Language) -> None:
        self._lang = lang

    def lane(self, lane: Lane, drawn: Sequence[Drawn], y: float, said: set[int]) -> Iterator[str]:
        """Yield the bar of a lane with its marks, stations and letter.

        Numbers of hazards that are said already are not written again.
        """
        role = lane.routes[0][1]
        colour = _LANES.get(role, BLUE)
        start, end = _x(drawn[0].begin), _x(drawn[-1].end)
        yield _rect(start, y, end - start, _BAR, fill=colour, opacity="0.55")
        yield _text(start - 6, y + _BAR - 1, labels.label("part_letter", role, self._lang), "end",
                    size=9, fill=colour, weight="bold")  # fmt: skip
        free = float("-inf")
        for one in drawn:
            if not one.cell.mark:
                continue
            yield from _mark(one, y)
            number, middle = one.cell.number, _x(one.middle)
            if (one.cell.mark == "missing" or number not in {0, *said}) and middle >= free:
                said.add(number)
                free = middle + _SIGN
                yield _sign(one, y)
        if not lane.is_unknown:
            yield from self._stations(stations(drawn), y)

    def _stations(self, drawn: Sequence[Drawn], y: float) -> Iterator[str]:
        """Yield a tick for every building; its name and metres as far as there is room for them."""
        taken = float("-inf")
        at = (y - 14, y - 5) if y == _TOP_Y else (y + _BAR + 19, y + _BAR + 11)
        for one in drawn:
            yield _rect(_x(one.middle) - 1, y - 3, 2, _BAR + 6, fill=INK)
        rooms = [self._room(one) for one in drawn]
        for one, (left, right, words) in zip(drawn, rooms, strict=True):
            is_last = one is drawn[-1]
            if left <= taken + 6 or (not is_last and right > rooms[-1][0] - 8):
                continue
            for line, (text, size, fill) in zip(at, words, strict=True):
                yield _text((left + right) / 2, line, text, "middle", size=size, fill=fill)
            taken = right

    def _room(self, one: Drawn) -> tuple[float, float, tuple[_Line, _Line]]:
        """Return where the words of a station begin and end, and its two lines."""
        name = one.cell.start.name or one.cell.start.id
        metres = length(one.cell.from_m, self._lang) + ("" if one.cell.is_measured else "*")
        half = max(cell_len(name), 0.9 * cell_len(metres)) * _CHARACTER / 2
        middle = min(max(_x(one.middle), _LEFT - 20 + half), _WIDTH - half)
        return middle - half, middle + half, ((name, 8, INK), (metres, 7, MUTED))

    def tie(self, one: Drawn, two: Drawn) -> str:
        """Return what joins the two lanes where they share something."""
        (a, wide_a), (b, wide_b) = _span(one), _span(two)
        top, bottom = _TOP_Y + _BAR, _BOTTOM_Y
        points = f"{a:.1f},{top} {a + wide_a:.1f},{top} {b + wide_b:.1f},{bottom} {b:.1f},{bottom}"
        mark = one.cell.mark
        opacity = "0.4" if mark == "shared" else "0.12"
        return f'<polygon points="{points}" fill="{_STROKES[mark]}" fill-opacity="{opacity}"/>'


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _span(one: Drawn) -> tuple[float, float]:
    """Return left edge and width of a marked cell, wide enough to be seen."""
    left, right = _x(one.begin), _x(one.end)
    if right - left >= _LEAST:
        return left, right - left
    return (left + right - _LEAST) / 2, _LEAST


def _mark(one: Drawn, y: float) -> Iterator[str]:
    (x, width), mark = _span(one), one.cell.mark
    if mark == "missing":
        yield _rect(x, y - 1, width, _BAR + 2, fill="#fff", stroke=GREY)
        yield _rect(x, y - 1, width, _BAR + 2, fill="url(#gap)")
    elif mark == "shared":
        yield _rect(x, y - 2, width, _BAR + 4, fill=VERMILION)
    else:
        yield _rect(x, y - 1, width, _BAR + 2, fill="#fff", stroke=_STROKES[mark], dash="3 2")


def _sign(one: Drawn, y: float) -> str:
    fill = MUTED if one.cell.mark == "missing" else "#b34f00"
    at = y + _BAR + 11 if y == _TOP_Y else y - 5
    sign = trace_text.sign(one.cell)
    return _text(_x(one.middle), at, sign, "middle", size=9, fill=fill, weight="bold")


def _rect(x: float, y: float, width: float, height: float, **style: str) -> str:
    names = {"dash": "stroke-dasharray"}
    looks = "".join(f' {names.get(key, key)}="{value}"' for key, value in style.items())
    box = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}"'
    return f"<rect {box}{looks}/>"


def _text(
    x: float, y: float, words: str, anchor: str, *, size: float, fill: str, weight: str = "normal"
) -> str:
    looks = f'text-anchor="{anchor}" font-size="{size:g}" fill="{fill}" font-weight="{weight}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {looks}>{escape(words)}</text>'
