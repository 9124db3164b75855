"""Map of two networks: each thin in its own colour and dash, what they share thick on top."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from netgraph.report import labels
from netgraph.report.maps.drawings import Lines, Places, Points, Sheet
from netgraph.report.maps.furniture import LegendSection
from netgraph.report.maps.parts import all_coordinates, draw_lines
from netgraph.report.maps.sheet import open_page, save_pdf, save_png
from netgraph.report.maps.style import Marker, Stroke
from netgraph.report.palette import AMBER, BLUE, INK, PAPER, VERMILION
from netgraph.units import M_PER_KM

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_STROKES = {
    "other": Stroke(AMBER, 1.5, (4, 1.6), 2.2),
    "network": Stroke(BLUE, 1.5, (), 2.1),
    "shared": Stroke(VERMILION, 3.8, (), 3.0),
}
_NODE = Marker("o", 3.6, PAPER, INK, 0.7, order=4.0)
_MOST_NAMES = 60  # of nodes; more would be a grey carpet
_LONGEST_NAME = 26  # characters of a network's name in the legend


@dataclass(frozen=True, eq=False)
class CorridorDrawing:
    """Two networks and the stretches that they share.

    Parameters
    ----------
    sheet
        Title, CRS, language.
    network, other, shared
        Lines: of the first network, of the second, and the shared stretches of the first.
    nodes
        Nodes of both, with names.
    names
        Names of the two networks, for the legend.
    within_m, total_m, shared_m
        The distance, and the figures of the first network in metres.
    """

    sheet: Sheet = field(default_factory=Sheet)
    network: Lines = field(default_factory=Lines)
    other: Lines = field(default_factory=Lines)
    shared: Lines = field(default_factory=Lines)
    nodes: Points = field(default_factory=Points)
    names: tuple[str, str] = ("", "")
    within_m: float = 0.0
    total_m: float = 0.0
    shared_m: float = 0.0


def draw_corridor_map(
    drawing: CorridorDrawing, ax: Axes | None = None, *, figure: Figure | None = None
) -> Axes:
    """Draw two networks, the stretches of the first that lie close to the second thick.

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
        Of the map.
    """
    layers = (drawing.network, drawing.other)
    points = all_coordinates(layers, (drawing.nodes,))
    texts = [*drawing.names, *drawing.nodes.names]
    sheet = replace(drawing.sheet, subtitle=drawing.sheet.subtitle or _figures(drawing))
    with open_page(sheet, "corridor_map_title", points, texts, ax or figure) as page:
        for lines in (drawing.other, drawing.network, drawing.shared):
            draw_lines(page.ax, lines, _STROKES)
        _NODE.draw(page.ax, drawing.nodes.x, drawing.nodes.y, "nodes")
        page.sections.append(_legend(drawing))
        page.names.append((page.ax, _places(drawing.nodes), (drawing.nodes,)))
    return page.ax


def _figures(drawing: CorridorDrawing) -> str:
    """Shared and all kilometres of the first network: what the map is about in one line."""
    lang = drawing.sheet.lang
    shared = labels.text("corridor_shared", lang, within=f"{drawing.within_m:g}")
    metres = f"{drawing.shared_m / M_PER_KM:,.1f} / {drawing.total_m / M_PER_KM:,.1f}"
    name = drawing.names[0] or labels.text("corridor_first", lang)
    return f"{name}  ·  {shared} {metres} {labels.text('kilometres', lang)}"


def _legend(drawing: CorridorDrawing) -> LegendSection:
    lang = drawing.sheet.lang
    texts = [
        _short(drawing.names[0]) or labels.text("corridor_first", lang),
        _short(drawing.names[1]) or labels.text("corridor_second", lang),
        labels.text("corridor_shared", lang, within=f"{drawing.within_m:g}"),
    ]
    handles: list[Artist | tuple[Artist, ...]] = [
        _STROKES[word].handle() for word in ("network", "other", "shared")
    ]
    return LegendSection(labels.text("legend_networks", lang), handles, texts)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def _places(nodes: Points) -> Places:
    """Name each place once, though both networks have a node there."""
    seen: dict[str, int] = {}
    for row, name in enumerate(nodes.names):
        if name and len(seen) < _MOST_NAMES:
            seen.setdefault(name.casefold(), row)
    rows = np.array(list(seen.values()), dtype=np.int64)
    return Places(
        x=nodes.x[rows], y=nodes.y[rows],
        names=[nodes.names[row] for row in rows],
        ranks=[3] * len(rows),
    )  # fmt: skip


def write_corridor_map(drawing: CorridorDrawing, path: Path) -> None:
    """Draw on a figure of its own (no window, no pyplot) and write PNG, or PDF by the suffix."""
    ax = draw_corridor_map(drawing, figure=Figure())
    (save_pdf if path.suffix.lower() == ".pdf" else save_png)(ax, path)
