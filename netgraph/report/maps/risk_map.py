"""Map of the single failures that hurt most: the plant, and the worst numbered by rank."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from netgraph.report import labels
from netgraph.report.maps.areas import draw_areas
from netgraph.report.maps.drawings import Areas, Lines, Places, Points, Sheet
from netgraph.report.maps.furniture import LegendSection, figure_of
from netgraph.report.maps.layers import draw_offices, draw_strokes, letter_path
from netgraph.report.maps.parts import all_coordinates, draw_lines
from netgraph.report.maps.sheet import open_page, save_pdf, save_png
from netgraph.report.maps.spread import spread
from netgraph.report.maps.style import MEDIUM_STROKES, Marker, Stroke
from netgraph.report.palette import PAPER, VERMILION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from netgraph.report.maps.sheet import Page

_SIZE = 15.0  # points of a mark
_DISC = Marker("o", _SIZE, VERMILION, PAPER, 0.9, order=20.0)
_STROKES = {"risk": Stroke(VERMILION, 3.6, order=3.6), "leader": Stroke(VERMILION, 0.9, order=6.9)}
_LONGEST_NAME = 26  # characters in the legend
_POINTS_PER_INCH = 72


@dataclass(frozen=True, eq=False)
class RiskDrawing:
    """The plant, and the risks to number.

    Parameters
    ----------
    sheet
        Title, date, CRS, language.
    plant, offices
        Lines by medium and offices by role.
    risks
        Worst first: where each is, its kind in words and its name.
    lines
        What runs along risks that are no points.
    circuits_down
        Circuits that each risk takes down.
    areas
        Hazard areas, drawn under all else.
    """

    sheet: Sheet = field(default_factory=Sheet)
    plant: Lines = field(default_factory=Lines)
    offices: Points = field(default_factory=Points)
    places: Places = field(default_factory=Places)
    risks: Points = field(default_factory=Points)
    lines: Lines = field(default_factory=Lines)
    circuits_down: Sequence[int] = ()
    areas: Areas = field(default_factory=Areas)


def draw_risk_map(
    drawing: RiskDrawing, ax: Axes | None = None, *, figure: Figure | None = None
) -> Axes:
    """Draw the plant and number the worst risks on it.

    Parameters
    ----------
    drawing
        What to draw.
    ax
        Axes to draw on. Without, a figure of the right shape is made.
    figure
        An empty figure to fill instead of one of pyplot; it is resized.

    Returns
    -------
    Axes
        Of the map. Marks that would hide one another stand beside their places, with a line to
        them.
    """
    lang, risks = drawing.sheet.lang, drawing.risks
    points = all_coordinates((drawing.plant,), (drawing.offices, risks))
    names = [*risks.names, *drawing.places.names]
    with open_page(drawing.sheet, "risk_map_title", points, names, ax or figure) as page:
        texts = {word: labels.label("medium", word, lang) for word in MEDIUM_STROKES}
        heading = labels.text("legend_plant", lang)
        areas = draw_areas(page.ax, drawing.areas, lang)
        plant = draw_strokes(page.ax, drawing.plant, MEDIUM_STROKES, heading, texts)
        draw_lines(page.ax, drawing.lines, _STROKES)
        marks = _draw_marks(page, risks)
        page.sections.append(_legend(drawing, page.families))
        page.sections.append(areas)
        page.sections.append(draw_offices(page.ax, drawing.offices, lang))
        page.sections.append(plant)
        page.names.append((page.ax, drawing.places, (marks, drawing.offices)))
    return page.ax


def _draw_marks(page: Page, risks: Points) -> Points:
    """Draw the marks side by side; return where they stand."""
    ax = page.ax
    wanted = ax.transData.transform(np.column_stack((risks.x, risks.y)))
    pixels = figure_of(ax).dpi / _POINTS_PER_INCH
    placed = spread(wanted, np.empty((0, 2)), _SIZE * 1.1 * pixels)
    marks = ax.transData.inverted().transform(placed)
    for row in range(len(risks) - 1, -1, -1):  # the worst on top
        x, y = marks[row : row + 1].T
        if np.hypot(*(placed[row] - wanted[row])) > pixels:
            line = np.array([risks.x[row], x[0]]), np.array([risks.y[row], y[0]])
            _STROKES["leader"].draw(ax, *line, "leader")
        _DISC.draw(ax, x, y, "risks")
        _number(row + 1, page.families).draw(ax, x, y, "risks")
    return Points(x=marks[:, 0], y=marks[:, 1])


def _number(rank: int, families: Sequence[str]) -> Marker:
    text = str(rank)
    size = _SIZE * (0.5 if len(text) == 1 else 0.62)
    return Marker(letter_path(text, families), size, PAPER, PAPER, 0.0, order=20.1)


def _legend(drawing: RiskDrawing, families: Sequence[str]) -> LegendSection:
    lang, risks = drawing.sheet.lang, drawing.risks
    handles: list[Artist | tuple[Artist, ...]] = [
        (_DISC.handle(), _number(rank, families).handle()) for rank in range(1, len(risks) + 1)
    ]
    texts = [
        labels.text("risk_hits", lang, name=_short(name), kind=kind, circuits=f"{circuits:,}")
        for name, kind, circuits in zip(
            risks.names, risks.words, drawing.circuits_down, strict=True
        )
    ]
    return LegendSection(labels.text("legend_worst_risks", lang), handles, texts)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def write_risk_map(drawing: RiskDrawing, path: Path) -> None:
    """Draw on a figure of its own (no window, no pyplot) and write PNG, or PDF by the suffix."""
    ax = draw_risk_map(drawing, figure=Figure())
    (save_pdf if path.suffix.lower() == ".pdf" else save_png)(ax, path)
