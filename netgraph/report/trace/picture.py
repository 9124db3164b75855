"""The sheet as one picture on A4: both lanes, what they share, the map, in words."""

from __future__ import annotations

from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.image import imread
from rich.console import Console
from rich.text import Text

from netgraph.report import labels
from netgraph.report.fonts import drawable, font_families
from netgraph.report.palette import INK, MUTED, PAPER, SEVERITY_COLOURS
from netgraph.report.trace import asked
from netgraph.report.trace import facts as trace_facts
from netgraph.report.trace import text as trace_text
from netgraph.report.trace import words as trace_words
from netgraph.report.trace.lane_chart import draw_lanes
from netgraph.report.trace.unavoidable import unavoidable_heading, unavoidable_lines
from netgraph.report.trace.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from netgraph.report.trace.sheet import Panel, Trace, UnitTrace

_PAGE_PT, _MARGIN_PT, _DPI = (595.0, 842.0), 36.0, 160
_LANES_PT = {False: 62.0, True: 100.0}  # by whether there are two
_LEAST_MAP_PT, _MOST_MAP_PT = 150.0, 300.0
_COLUMNS = 132  # of a line of the smallest letters
_MOST, _MOST_LINES = 6, 3  # rows of a list, lines of a row


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
            self._lanes(unit, panel)
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
            _hazard_line(trace_facts.hazard_facts(hazard, lang))
            for hazard in trace.units[0].hazards
        ]
        yield say("hazards", lang), self._most(hazards, "more_hazards")
        if trace.alternatives:
            yield unavoidable_heading(trace), unavoidable_lines(trace, _MOST)
        better = []
        for answer in trace.alternatives:
            level = labels.label("level", answer.level, lang)
            told = [level, trace_facts.beside_today(answer, lang)]
            told += trace_facts.alternative_facts(answer, lang)
            head = asked.layer_heading(trace, answer) + trace_words.colon(lang)
            better.append(head + " · ".join(filter(None, told)))
            better += [
                f"    {trace_facts.best_route(route, number, answer.layer, lang)}"
                for number, route in enumerate(answer.routes, start=1)
            ]
        yield asked.better_heading(trace), better
        yield say("others", lang), asked.other_lines(trace, _MOST)
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

    def _lanes(self, unit: UnitTrace, panel: Panel) -> None:
        """Draw both lanes under their titles."""
        lang = self._lang
        self._y -= 4
        if title := trace_text.panel_title(panel, lang):
            self._say(title, 7.5, colour=MUTED)
        for lane in (panel.left, panel.right):
            if lane is not None:
                letter = labels.label("part_letter", lane.routes[0][1], lang)
                self._say(f"{letter}  {trace_text.lane_title(lane, lang)}", 7.5, colour=MUTED)
        absent = "" if panel.right else trace_text.no_second_route(unit, panel, lang)
        high = _LANES_PT[panel.right is not None]
        self._y -= high + 2
        width, whole = _PAGE_PT
        ax = self.figure.add_axes((
            _MARGIN_PT / width, self._y / whole, 1 - 2 * _MARGIN_PT / width, high / whole,
        ))  # fmt: skip
        draw_lanes(panel, lang, ax, self._families, absent=absent)
        self._say(say("scale", lang), 6.5, colour=MUTED)

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


def _hazard_line(facts: Sequence[str]) -> str:
    """Join the facts of a hazard: its sign, then what it is, where, and how long."""
    sign, *told = facts
    return f"{sign}  {' · '.join(filter(None, told))}"


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
