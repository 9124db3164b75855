"""Both lanes true to scale, as an inline SVG: bars from A to B, joined in red where they share."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from rich.cells import cell_len

from netgraph.report import labels
from netgraph.report.palette import AMBER, BLUE, GREY, INK, MUTED, VERMILION
from netgraph.report.trace import text as trace_text
from netgraph.report.trace.ties import STATIONS, tied_cells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.report.labels import Language
    from netgraph.report.trace.sheet import Cell, Lane, Panel

# Units of the drawing; the page scales it to its own width.
_WIDTH, _LEFT, _RIGHT = 760.0, 26.0, 14.0
_BAR, _TOP_Y, _BOTTOM_Y = 9.0, 24.0, 62.0
_LEAST = 3.0  # width of something too short to be seen
_CHARACTER = 4.6  # width of a letter of the names
_SIGN = 15.0  # width of a sign with its number
_STEPS = (1, 2, 5)
_STROKES = {"shared": VERMILION, "circuit": AMBER, "tolerated": VERMILION}
_LANES = {"working": BLUE, "protect": AMBER}


def strip(panel: Panel, lang: Language) -> str:
    """Return the lanes of a panel as an SVG of about 760 by 100 units."""
    lanes = [lane for lane in (panel.left, panel.right) if lane is not None]
    begin = min(lane.cells[0].from_m for lane in lanes)
    whole = max(max(lane.length_m for lane in lanes) - begin, 1.0)
    scale = (_WIDTH - _LEFT - _RIGHT) / whole
    drawing = _Strip(begin, whole, scale, lang)
    height = 99.0 if len(lanes) > 1 else 58.0
    parts = [_PATTERN]
    if panel.right is not None:
        parts += drawing.ties(panel.left, panel.right)
    said: set[int] = set()
    for lane, y in zip(lanes, (_TOP_Y, _BOTTOM_Y), strict=False):
        parts += drawing.lane(lane, y, said, names_above=y == _TOP_Y)
        said |= {cell.number for cell in lane.cells if cell.mark == "shared"}
    parts += drawing.axis(height)
    label = escape(labels.label("trace", "scale", lang), quote=True)
    head = f'<svg viewBox="0 0 {_WIDTH:g} {height:g}" role="img" aria-label="{label}">'
    return head + "".join(parts) + "</svg>"


_PATTERN = (
    '<defs><pattern id="gap" width="5" height="5" patternUnits="userSpaceOnUse" '
    f'patternTransform="rotate(45)"><rect width="2" height="5" fill="{GREY}"/></pattern></defs>'
)


class _Strip:
    """Draws to one scale."""

    def __init__(self, begin_m: float, whole_m: float, scale: float, lang: Language) -> None:
        self._begin, self._whole, self._scale, self._lang = begin_m, whole_m, scale, lang

    def _x(self, metres: float) -> float:
        return _LEFT + (metres - self._begin) * self._scale

    def _span(self, cell: Cell) -> tuple[float, float]:
        """Return left edge and width of a cell, wide enough to be seen."""
        left, right = self._x(cell.from_m), self._x(cell.to_m)
        if right - left >= _LEAST or not cell.mark:
            return left, right - left
        return (left + right - _LEAST) / 2, _LEAST

    def lane(self, lane: Lane, y: float, said: set[int], *, names_above: bool) -> Iterator[str]:
        """Yield the bar of a lane with its marks, stations and letter.

        Numbers of hazards that are said already are not written again.
        """
        role = lane.routes[0][1]
        colour = _LANES.get(role, BLUE)
        start, end = self._x(lane.cells[0].from_m), self._x(lane.length_m)
        if lane.is_unknown:
            yield from self._mark(replace(lane.cells[1], to_m=self._begin + self._whole), y)
        yield _rect(start, y, end - start, _BAR, fill=colour, opacity="0.55")
        yield _text(start - 6, y + _BAR - 1, labels.label("part_letter", role, self._lang), "end",
                    size=9, fill=colour, weight="bold")  # fmt: skip
        free = float("-inf")
        for cell in lane.cells:
            if cell.leg == 1 and cell.mark:
                yield from self._mark(cell, y)
                is_news = cell.mark == "missing" or (cell.number and cell.number not in said)
                left, width = self._span(cell)
                middle = left + width / 2
                if is_news and middle >= free:
                    free = middle + _SIGN
                    yield self._sign(cell, y, names_above=names_above)
        yield from self._stations(lane, y, names_above=names_above)

    def _mark(self, cell: Cell, y: float) -> Iterator[str]:
        x, width = self._span(cell)
        if cell.mark == "missing":
            yield _rect(x, y - 1, width, _BAR + 2, fill="#fff", stroke=GREY)
            yield _rect(x, y - 1, width, _BAR + 2, fill="url(#gap)")
        elif cell.mark == "shared":
            yield _rect(x, y - 2, width, _BAR + 4, fill=VERMILION)
        else:
            stroke = _STROKES[cell.mark]
            yield _rect(x, y - 1, width, _BAR + 2, fill="#fff", stroke=stroke, dash="3 2")

    def _sign(self, cell: Cell, y: float, *, names_above: bool) -> str:
        x, width = self._span(cell)
        fill = MUTED if cell.mark == "missing" else "#b34f00"
        at = y + _BAR + 11 if names_above else y - 5
        sign = trace_text.sign(cell)
        return _text(x + width / 2, at, sign, "middle", size=9, fill=fill, weight="bold")

    def _stations(self, lane: Lane, y: float, *, names_above: bool) -> Iterator[str]:
        """Yield a tick and the name of every building, as far as there is room for names."""
        taken = float("-inf")
        at = y - 6 if names_above else y + _BAR + 11
        if lane.is_unknown:
            return
        places = [
            cell for cell in lane.cells if cell.kind == "place" and cell.start.kind in STATIONS
        ]
        last = places[-1:] or lane.cells[-1:]
        for cell in places:
            x = self._x(cell.from_m)
            yield _rect(x - 1, y - 3, 2, _BAR + 6, fill=INK)
            name = cell.start.name or cell.start.id
            half = cell_len(name) * _CHARACTER / 2
            middle = min(max(x, _LEFT - 20 + half), _WIDTH - half)
            end = last[0].start.name or last[0].start.id
            limit = _WIDTH - cell_len(end) * _CHARACTER - 8 if cell is not last[0] else _WIDTH
            if middle - half > taken + 6 and middle + half <= limit:
                yield _text(middle, at, name, "middle", size=8, fill=INK)
                taken = middle + half

    def ties(self, left: Lane, right: Lane) -> Iterator[str]:
        """Yield what joins the two lanes wherever they share something, in whatever order."""
        for one, two in tied_cells(left, right):
            yield self._tie(one, two)

    def _tie(self, one: Cell, two: Cell) -> str:
        (a, wide_a), (b, wide_b) = self._span(one), self._span(two)
        top, bottom = _TOP_Y + _BAR, _BOTTOM_Y
        points = f"{a:.1f},{top} {a + wide_a:.1f},{top} {b + wide_b:.1f},{bottom} {b:.1f},{bottom}"
        opacity = "0.3" if one.mark == "shared" else "0.12"
        return f'<polygon points="{points}" fill="{_STROKES[one.mark]}" fill-opacity="{opacity}"/>'

    def axis(self, height: float) -> Iterator[str]:
        """Yield a scale in kilometres from A."""
        step = _step(self._whole)
        yield _rect(self._x(self._begin), height - 12, self._whole * self._scale, 0.6, fill=MUTED)
        count = int(self._whole / step)
        for k in range(count + 1):
            x = self._x(self._begin + k * step)
            yield _rect(x - 0.3, height - 12, 0.6, 3, fill=MUTED)
            words = f"{(self._begin + k * step) / 1000:g}"
            if k == count:
                words += f" {labels.text('kilometres', self._lang)}"
            yield _text(x, height - 2, words, "middle" if k else "start", size=7, fill=MUTED)


def _step(whole_m: float) -> float:
    """Return a round step that divides a length into four to ten."""
    power = 1.0
    while power * 10 <= whole_m / 4:
        power *= 10
    return max(power * s for s in _STEPS if power * s <= max(whole_m / 4, 1.0))


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
