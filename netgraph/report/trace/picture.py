"""The sheet as one picture on A4: both lanes true to scale, what they share, the map, in words."""

from __future__ import annotations

from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.patches import Polygon, Rectangle
from rich.console import Console
from rich.text import Text

from netgraph.report import labels
from netgraph.report.fonts import LATIN_FAMILY, drawable, font_families
from netgraph.report.maps.furniture import figure_of
from netgraph.report.palette import (
    AMBER,
    BLUE,
    GREY,
    INK,
    MUTED,
    PAPER,
    SEVERITY_COLOURS,
    VERMILION,
)
from netgraph.report.trace import facts as trace_facts
from netgraph.report.trace import text as trace_text
from netgraph.report.trace import words as trace_words
from netgraph.report.trace.ties import STATIONS, tied_cells
from netgraph.report.trace.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from netgraph.report.labels import Language
    from netgraph.report.trace.sheet import Cell, Lane, Panel, Trace

_PAGE_PT, _MARGIN_PT, _DPI = (595.0, 842.0), 36.0, 160
_LANES_PT = {False: 52.0, True: 92.0}
_LEAST_MAP_PT, _MOST_MAP_PT = 150.0, 300.0
_COLUMNS = 132  # of a line of the smallest letters
_MOST, _MOST_LINES, _MOST_LETTERS = 6, 3, 24  # rows of a list, lines of a row, letters of a name
_TOP, _BOTTOM, _HALF = 1.0, 0.0, 0.09  # middles of the lanes, half their height
_LANE_COLOURS = {"working": BLUE, "protect": AMBER}
_MARK_COLOURS = {"shared": VERMILION, "circuit": AMBER, "tolerated": VERMILION, "missing": GREY}
_SIGN_LETTER, _POINTS_PER_INCH = 5.0, 72  # width of a letter of a hazard's sign, points
_LEAST_SHARE = 0.006  # of the length: what is shorter cannot be seen


def write_picture(trace: Trace, path: Path, image: bytes) -> None:
    """Write the sheet as a PNG of one A4 page.

    Parameters
    ----------
    path
        File to write.
    image
        The small map, a PNG.
    """
    page = _Page(trace)
    page.write(image)
    page.figure.savefig(path, dpi=_DPI, facecolor=PAPER, metadata={"Software": None})


def draw_lanes(
    panel: Panel, lang: Language, ax: Axes, families: Sequence[str] = (LATIN_FAMILY,)
) -> Axes:
    """Draw the lanes of a panel as bars from A to B, joined in red where they share.

    Returns
    -------
    Axes
        As given; metres from A to the right.
    """
    lanes = [lane for lane in (panel.left, panel.right) if lane is not None]
    begin = min(lane.cells[0].from_m for lane in lanes)
    end = max(*(lane.length_m for lane in lanes), begin + 1.0)
    least = _LEAST_SHARE * (end - begin)
    if panel.right is not None:
        _draw_ties(panel.left, panel.right, ax, least)
    said: set[int] = set()
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_xlim(begin - 0.035 * (end - begin), end + 0.01 * (end - begin))
    for lane, y in zip(lanes, (_TOP, _BOTTOM), strict=False):
        _draw_lane(lane, y, ax, least, families, lang, said)
    ax.set_ylim(-0.55 if len(lanes) > 1 else 0.45, 1.5)
    ax.set_yticks([])
    ax.tick_params(axis="x", labelsize=6, colors=MUTED, length=2)
    kilometres = labels.text("kilometres", lang)
    ax.xaxis.set_major_formatter(lambda x, _: f"{x / 1000:g} {kilometres}")
    for tick in ax.get_xticklabels():
        tick.set_fontfamily(list(families))
    return ax


def _bounds(cell: Cell, least: float) -> tuple[float, float]:
    middle, half = (cell.from_m + cell.to_m) / 2, max(cell.to_m - cell.from_m, least) / 2
    return middle - half, middle + half


def _draw_ties(left: Lane, right: Lane, ax: Axes, least: float) -> None:
    """Join the two lanes wherever they share something, in whatever order."""
    for one, two in tied_cells(left, right):
        (a, b), (c, d) = _bounds(one, least), _bounds(two, least)
        corners = [(a, _TOP - _HALF), (b, _TOP - _HALF), (d, _HALF), (c, _HALF)]
        strength = 0.3 if one.mark == "shared" else 0.12
        ax.add_patch(Polygon(corners, color=_MARK_COLOURS[one.mark], alpha=strength, lw=0))


def _draw_lane(
    lane: Lane, y: float, ax: Axes, least: float, families: Sequence[str], lang: Language,
    said: set[int],
) -> None:  # fmt: skip
    role = lane.routes[0][1]
    colour, start = _LANE_COLOURS.get(role, BLUE), lane.cells[0].from_m
    ax.add_patch(
        Rectangle((start, y - _HALF), lane.length_m - start, 2 * _HALF, color=colour, alpha=0.55)
    )
    letter = labels.label("part_letter", role, lang)
    ax.annotate(letter, (start, y), (-5, 0), textcoords="offset points", ha="right", va="center",
                size=8, color=colour, weight="bold", family=list(families),
                parse_math=False)  # fmt: skip
    dot, free = _POINTS_PER_INCH / figure_of(ax).dpi, float("-inf")  # signs side by side
    for cell in lane.cells:
        if cell.leg == 1 and cell.mark in _MARK_COLOURS:
            a, b = _bounds(cell, least)
            is_hatched = cell.mark in {"missing", "tolerated", "circuit"}
            ax.add_patch(Rectangle(
                (a, y - 1.3 * _HALF), b - a, 2.6 * _HALF, facecolor=PAPER if is_hatched else
                VERMILION, edgecolor=_MARK_COLOURS[cell.mark], lw=0.8 if is_hatched else 0,
                hatch="////" if cell.mark == "missing" else None,
            ))  # fmt: skip
            if cell.number and cell.number not in said:
                said.add(cell.number)
                sign = trace_text.sign(cell)
                at = ax.transData.transform(((a + b) / 2, y))[0] * dot
                shift, half = max(free - at, 0.0), len(sign) * _SIGN_LETTER / 2
                free = at + shift + 2 * half + 1
                ax.annotate(sign, ((a + b) / 2, y), (shift, -13 if y == _TOP else 13),
                            textcoords="offset points", ha="center", va="center", size=7,
                            color="#b34f00", weight="bold", family=list(families),
                            parse_math=False)  # fmt: skip
    _draw_stations(lane, y, ax, families)


def _draw_stations(lane: Lane, y: float, ax: Axes, families: Sequence[str]) -> None:
    """Draw a tick for every building, and names as far as they have room."""
    if lane.is_unknown:
        return
    places = [c for c in lane.cells if c.kind == "place" and c.start.kind in STATIONS]
    ax.vlines([c.from_m for c in places], y - 1.6 * _HALF, y + 1.6 * _HALF, color=INK, lw=1.2)
    low, high = ax.get_xlim()
    whole = high - low
    above = (9, "bottom") if y == _TOP else (-9, "top")
    taken, last = float("-inf"), places[-1] if places else None
    room_last = 1.05 * _room(last, whole, families) if last else 0.0
    for cell in places:
        room = _room(cell, whole, families)
        is_first, is_last = cell is places[0], cell is last
        left = cell.from_m - (0 if is_first else room if is_last else room / 2)
        limit = float("inf") if is_last or last is None else last.from_m - room_last
        if left < taken or left + room > limit:
            continue
        taken = left + 1.05 * room
        side = "left" if is_first else "right" if is_last else "center"
        ax.annotate(_name(cell, families), (cell.from_m, y), (0, above[0]),
                    textcoords="offset points", ha=side, va=above[1], size=6.5, color=INK,
                    family=list(families), parse_math=False)  # fmt: skip


def _name(cell: Cell, families: Sequence[str]) -> str:
    return drawable(cell.start.name or cell.start.id, families, _MOST_LETTERS)


def _room(cell: Cell, whole: float, families: Sequence[str]) -> float:
    """Return how many metres the name of a station takes."""
    letters = Text(_name(cell, families)).cell_len
    return whole * (letters * 3.4 + 6) / (_PAGE_PT[0] - 2 * _MARGIN_PT)


class _Page:
    """A page that is filled from the top."""

    def __init__(self, trace: Trace) -> None:
        self._trace, self._lang = trace, trace.lang
        width, height = _PAGE_PT
        self.figure = Figure(figsize=(width / 72, height / 72))
        self._listed = [(heading, lines) for heading, lines in self._lists() if lines]
        self._families = font_families([*_texts(trace), *chain(*(x for _, x in self._listed))])
        self._y = height - _MARGIN_PT
        self._console = Console(width=_COLUMNS)

    def write(self, image: bytes) -> None:
        """Write everything."""
        trace, lang = self._trace, self._lang
        standing = trace.standing
        self._say(trace_facts.trace_title(trace), 13, weight="bold")
        self._say(" · ".join(trace_facts.trace_facts(trace)), 7.5, colour=MUTED)
        level = trace_facts.level_words(standing.level, lang, is_complete=standing.is_complete)
        severity = labels.label("severity", standing.severity, lang)
        verdict = " · ".join((f"■ {level} [{severity}]", *trace_facts.requirement(trace)))
        dark = {"yellow": "#8a6d00"}
        colour = dark.get(standing.severity) or SEVERITY_COLOURS[standing.severity]
        self._say(verdict, 9.5, weight="bold", colour=colour)
        unit = trace.units[0]
        self._say(trace_facts.unit_title(unit, lang) + trace_words.colon(lang) + unit.reason, 8.5)
        for note in trace_facts.unit_notes(unit, lang):
            self._say("! " + note, 7.5)
        for panel in unit.panels[:2]:
            self._lanes(panel)
        self._say("   ".join(trace_facts.signs_used(trace)), 6.5, colour=MUTED)
        for heading, lines in self._listed:
            self._y -= 4
            self._say(heading, 8.5, weight="bold")
            for line in lines:
                self._say(line, 7.5)
        if trace.attribution:
            self._y -= 4
            self._say(labels.text("attribution", lang, source=trace.attribution), 6.5, colour=MUTED)
        self._picture(image)

    def _lists(self) -> Iterator[tuple[str, list[str]]]:
        trace, lang = self._trace, self._lang
        hazards = [
            "  ".join(filter(None, trace_facts.hazard_facts(hazard, lang)))
            for hazard in trace.units[0].hazards
        ]
        yield say("hazards", lang), self._most(hazards, "more_hazards")
        if trace.alternatives:
            spans = trace.alternatives[-1]
            points = [trace_facts.unavoidable(point, lang) for point in spans.unavoidable]
            if not points:
                points = [say("no_unavoidable" if spans.is_connected else "not_connected", lang)]
            yield say("unavoidable", lang), self._most(points, "more_hazards")
        better = []
        for answer in trace.alternatives:
            level = labels.label("level", answer.level, lang)
            told = [level, trace_facts.beside_today(answer, trace.standing.level, lang)]
            told += trace_facts.alternative_facts(answer, lang)
            head = say(f"layer_{answer.layer}", lang) + trace_words.colon(lang)
            better.append(head + " · ".join(filter(None, told)))
            better += [
                f"    {trace_facts.best_route(route, number, answer.layer, lang)}"
                for number, route in enumerate(answer.routes, start=1)
            ]
        yield say("better", lang), better
        yield say("certificates", lang), trace_facts.certificate_lines(trace, _MOST)
        if words := trace_facts.score_words(trace):
            yield say("score", lang), [words]

    def _most(self, lines: list[str], more: str) -> list[str]:
        left = len(lines) - _MOST
        return lines if left <= 0 else [*lines[:_MOST], say(more, self._lang, count=left)]

    def _say(self, words: str, size: float, *, weight: str = "normal", colour: str = INK) -> None:
        columns = int(_COLUMNS * 7.5 / size)
        shown = drawable(words, self._families, _MOST_LINES * columns)
        for line in Text(shown).wrap(self._console, columns)[:_MOST_LINES]:
            self._y -= 1.38 * size
            self.figure.text(
                _MARGIN_PT / _PAGE_PT[0], self._y / _PAGE_PT[1], line.plain, size=size,
                weight=weight, color=colour, family=self._families, parse_math=False,
            )  # fmt: skip

    def _lanes(self, panel: Panel) -> None:
        height = _LANES_PT[panel.right is not None]
        self._y -= height + 22
        width, whole = _PAGE_PT
        ax = self.figure.add_axes((
            _MARGIN_PT / width, (self._y + 12) / whole, 1 - 2 * _MARGIN_PT / width, height / whole,
        ))  # fmt: skip
        draw_lanes(panel, self._lang, ax, self._families)

    def _picture(self, image: bytes) -> None:
        """Put the map into what is left of the page, if that is enough to see something."""
        room = min(self._y - _MARGIN_PT - 8, _MOST_MAP_PT)
        if not image or room < _LEAST_MAP_PT:
            return
        pixels = imread(BytesIO(image))
        width, height = _PAGE_PT
        ax = self.figure.add_axes((
            _MARGIN_PT / width, (self._y - 8 - room) / height, 1 - 2 * _MARGIN_PT / width,
            room / height,
        ))  # fmt: skip
        ax.imshow(pixels, interpolation="antialiased")
        ax.set_anchor("NW")
        ax.set_axis_off()


def _texts(trace: Trace) -> list[str]:
    """Gather what stands on the sheet besides the lists."""
    cells = [
        cell.start.name or cell.start.id
        for unit in trace.units for panel in unit.panels
        for lane in (panel.left, panel.right) if lane is not None for cell in lane.cells
    ]  # fmt: skip
    unit = trace.units[0]
    facts = (*trace_facts.trace_facts(trace), *trace_facts.requirement(trace))
    notes = trace_facts.unit_notes(unit, trace.lang)
    signs = trace_facts.signs_used(trace)
    return [trace_facts.trace_title(trace), say("certificates", trace.lang), unit.reason, *signs,
            trace.attribution, *facts, *notes, *cells]  # fmt: skip
