"""Maps: a network with its graded sites, one site with its routes, a plant without circuits.

Every function takes and returns matplotlib Axes and leaves the user's rcParams alone. Metres are
equal in both directions (a degree of longitude is shortened by the cosine of the middle latitude).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from netgraph.report import labels
from netgraph.report.maps.areas import draw_areas
from netgraph.report.maps.drawings import MapDrawing, Places, SiteDrawing
from netgraph.report.maps.layers import (
    draw_centres,
    draw_hazards,
    draw_nodes,
    draw_offices,
    draw_sites,
    draw_strokes,
    hazard_sizes,
    place_side_by_side,
)
from netgraph.report.maps.parts import all_coordinates
from netgraph.report.maps.sheet import open_page, save_pdf, save_png
from netgraph.report.maps.site_map import draw_site_map
from netgraph.report.maps.style import MEDIUM_STROKES, ROUTE_STROKES, SPAN_STROKES

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    from netgraph.report.labels import Language
    from netgraph.report.maps.drawings import Lines, PlantDrawing, Points
    from netgraph.report.maps.furniture import LegendSection
    from netgraph.report.maps.sheet import Page

__all__ = ["draw_map", "draw_plant_map", "draw_site_map", "save_pdf", "save_png", "write_map"]

_MOST_NAMES = 150  # of nodes; more would be a grey carpet


def draw_map(drawing: MapDrawing, ax: Axes | None = None, *, figure: Figure | None = None) -> Axes:
    """Draw a network with its sites by tier (shape) and grade (colour and letter).

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
        Of the map. One path a medium: 100,000 lines take under a second.
    """
    lang = drawing.sheet.lang
    offices, hazards, places = drawing.offices, drawing.hazards, drawing.places
    lines = (drawing.plant, drawing.routes)
    points = all_coordinates(lines, (drawing.sites, offices, hazards, places))
    with open_page(drawing.sheet, "map_title", points, places.names, ax or figure) as page:
        areas = draw_areas(page.ax, drawing.areas, lang)
        plant = _draw_plant(page, drawing.plant, lang)
        routes = _draw_routes(page, drawing.routes, lang)
        sites, moved = place_side_by_side(page.ax, drawing.sites, hazards)
        if moved:
            page.notes.append(labels.text("moved", lang, count=moved))
        page.sections += draw_sites(page.ax, sites, page.families, lang)
        page.sections.append(routes)
        page.sections.append(draw_hazards(page.ax, hazards, lang))
        page.large.append((page.ax, hazards, hazard_sizes(hazards)))
        page.sections.append(areas)
        page.sections.append(draw_offices(page.ax, offices, lang))
        page.sections.append(plant)
        page.names.append((page.ax, places, (sites, offices, hazards)))
    return page.ax


def draw_plant_map(
    drawing: PlantDrawing, ax: Axes | None = None, *, figure: Figure | None = None
) -> Axes:
    """Draw nodes by their disjoint routes to the centres, bridges thick red, centres starred.

    Parameters and result as in :func:`draw_map`.
    """
    lang = drawing.sheet.lang
    nodes, centres = drawing.nodes, drawing.centres
    points = all_coordinates((drawing.spans,), (nodes, centres))
    names = [*nodes.names, *centres.names]
    texts = {word: labels.text(word, lang) for word in SPAN_STROKES}
    with open_page(drawing.sheet, "plant_map_title", points, names, ax or figure) as page:
        heading = labels.text("legend_plant", lang)
        spans = draw_strokes(page.ax, drawing.spans, SPAN_STROKES, heading, texts)
        page.sections.append(draw_nodes(page.ax, nodes, lang))
        page.sections.append(draw_centres(page.ax, centres, lang))
        page.sections.append(spans)
        page.names.append((page.ax, _node_names(nodes, centres), (nodes, centres)))
    return page.ax


def _node_names(nodes: Points, centres: Points) -> Places:
    """Name the centres first, then the nodes with the fewest routes; at most so many."""
    ranks = [{"none": 2, "one": 3}.get(word, 4) for word in nodes.words]
    kept = sorted(range(len(nodes.names)), key=lambda i: (ranks[i], nodes.names[i]))[:_MOST_NAMES]
    return Places(
        x=np.concatenate((centres.x, nodes.x[kept])),
        y=np.concatenate((centres.y, nodes.y[kept])),
        names=[*centres.names, *(nodes.names[i] for i in kept)],
        ranks=[1] * len(centres.names) + [ranks[i] for i in kept],
    )


def _draw_plant(page: Page, plant: Lines, lang: Language) -> LegendSection:
    texts = {word: labels.label("medium", word, lang) for word in MEDIUM_STROKES}
    heading = labels.text("legend_plant", lang)
    return draw_strokes(page.ax, plant, MEDIUM_STROKES, heading, texts)


def _draw_routes(page: Page, routes: Lines, lang: Language) -> LegendSection:
    texts = {part: labels.label("part", part, lang) for part in ROUTE_STROKES}
    drawn = draw_strokes(page.ax, routes, ROUTE_STROKES, labels.text("legend_route", lang), texts)
    return replace(drawn, handles=drawn.handles[::-1], texts=drawn.texts[::-1])


def write_map(drawing: MapDrawing | SiteDrawing | PlantDrawing, path: Path) -> None:
    """Draw on a figure of its own (no window, no pyplot) and write PNG, or PDF by the suffix."""
    figure = Figure()
    if isinstance(drawing, MapDrawing):
        ax = draw_map(drawing, figure=figure)
    elif isinstance(drawing, SiteDrawing):
        ax = draw_site_map(drawing, figure=figure)
    else:
        ax = draw_plant_map(drawing, figure=figure)
    (save_pdf if path.suffix.lower() == ".pdf" else save_png)(ax, path)
