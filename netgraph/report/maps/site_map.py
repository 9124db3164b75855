"""The map of one site: both routes to the centre, what they share, and a close-up of the A end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.report import labels
from netgraph.report.maps.drawings import Places
from netgraph.report.maps.furniture import LegendSection, draw_scale_bar, size_pt
from netgraph.report.maps.layers import (
    END_SIZE,
    TAG_SIZE,
    draw_ends,
    draw_offices,
    draw_route_tags,
    draw_strokes,
)
from netgraph.report.maps.parts import Extent, all_coordinates, draw_lines, find_extent
from netgraph.report.maps.sheet import open_page
from netgraph.report.maps.style import FADED_STROKES, LAND, MARK_SYMBOLS, ROUTE_STROKES
from netgraph.report.palette import MUTED

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netgraph.report.maps.drawings import Points, SiteDrawing
    from netgraph.report.maps.sheet import Page

_CLOSE_PARTS = ("shared", "tolerated")  # what a close-up is for
_CLOSE_SHARE = 0.2  # of the map: what is smaller than this needs a close-up
_INSET_PT, _INSET_GAP_PT = 160.0, 18.0  # side of the close-up; between it and the map
_LEAST_HEIGHT = 6.3  # inches: legend and close-up above one another
_OFFICE_GAP = 7.0  # points between an office and its name


def draw_site_map(
    drawing: SiteDrawing, ax: Axes | None = None, *, figure: Figure | None = None
) -> Axes:
    """Draw the routes of one site: working blue, protect orange, what both share thick red.

    Shared stretches and marks that are small beside the whole are shown again, enlarged, to the
    right. Parameters and result as in :func:`netgraph.report.maps.draw.draw_map`.
    """
    layers = (drawing.a_end, drawing.b_ends, drawing.offices, drawing.marks)
    points = all_coordinates((drawing.routes,), layers)
    names = [name for layer in layers for name in layer.names]
    target = ax or figure
    with open_page(
        drawing.sheet, "site_map_title", points, names, target, least_height=_LEAST_HEIGHT
    ) as page:
        page.sections += _draw_routes(page.ax, page, drawing)
        close = _find_close_up(drawing, page.extent)
        if close is not None and size_pt(page.ax)[1] >= 2 * _INSET_PT:
            _draw_close_up(page, drawing, close)
        _name(page, page.ax, drawing, outside=close)
    return page.ax


def _draw_routes(ax: Axes, page: Page, drawing: SiteDrawing) -> list[LegendSection]:
    lang = drawing.sheet.lang
    draw_lines(ax, drawing.plant, FADED_STROKES)
    texts = {part: labels.label("part", part, lang) for part in ROUTE_STROKES}
    routes = draw_strokes(
        ax, drawing.routes, ROUTE_STROKES, labels.text("legend_route", lang), texts
    )
    offices = draw_offices(ax, drawing.offices, lang, scale=1.3)
    ends: list[tuple[Artist, ...]] = []
    for letter, points in (("B", drawing.b_ends), ("A", drawing.a_end)):
        ends.insert(0, draw_ends(ax, points, letter, page.families))
        page.discs.append((ax, points, END_SIZE))
    tags = draw_route_tags(ax, drawing.routes, page.families, lang)
    page.discs.append((ax, tags, TAG_SIZE))
    marks = _draw_marks(ax, drawing.marks)
    return [
        replace(routes, handles=routes.handles[::-1], texts=routes.texts[::-1]),
        LegendSection("", ends, [labels.text("a_end", lang), labels.text("b_end", lang)]),
        LegendSection("", list(marks.values()), [labels.label("part", m, lang) for m in marks]),
        offices,
    ]


def _draw_marks(ax: Axes, marks: Points) -> dict[str, Artist]:
    words = np.array(marks.words, dtype=object)
    handles: dict[str, Artist] = {}
    for word, marker in MARK_SYMBOLS.items():
        chosen = words == word
        if chosen.any():
            marker.draw(ax, marks.x[chosen], marks.y[chosen], "marks")
            handles[word] = marker.handle()
    return handles


def _find_close_up(drawing: SiteDrawing, extent: Extent) -> Extent | None:
    """Return the extent of the A end with what is shared near it, if the map shows it too small."""
    if len(drawing.a_end) == 0:
        return None
    x, y = drawing.a_end.x[0], drawing.a_end.y[0]
    reach_x = _CLOSE_SHARE * (extent.east - extent.west)
    reach_y = _CLOSE_SHARE * (extent.north - extent.south)
    window = Extent(x - reach_x, y - reach_y, x + reach_x, y + reach_y, extent.is_planar)
    is_shared = np.array([word in _CLOSE_PARTS for word in drawing.routes.words], dtype=bool)
    lines = drawing.routes.geometries[is_shared]
    marks = np.column_stack((drawing.marks.x, drawing.marks.y) * 2)
    bounds = np.concatenate((shapely.bounds(lines), marks))
    near = [box for box in bounds if window.holds(*box[:2]) and window.holds(*box[2:])]
    if not near:
        return None
    corners = np.append(np.concatenate(near), (x, y)).reshape(-1, 2)
    close, _ = find_extent(*corners.T, is_planar=extent.is_planar, margin=0.25)
    close = close.widened(1.0)
    return close if close.east - close.west < reach_x else None


def _draw_close_up(page: Page, drawing: SiteDrawing, close: Extent) -> None:
    """Draw the close-up to the right of the map, below the legend, where it covers nothing."""
    width, height = size_pt(page.ax)
    box = (1 + _INSET_GAP_PT / width, 0, _INSET_PT / width, _INSET_PT / height)
    inset = page.ax.inset_axes(box, zorder=10)
    inset.set(xlim=(close.west, close.east), ylim=(close.south, close.north))
    inset.set(xticks=[], yticks=[], aspect=close.aspect, facecolor=LAND)
    for spine in inset.spines.values():
        spine.set_color(MUTED)
    _draw_routes(inset, page, drawing)
    around = page.ax.indicate_inset_zoom(inset, edgecolor=MUTED, alpha=0.9)
    for connector in around.connectors or ():
        connector.set_visible(False)  # it would run across the routes
    draw_scale_bar(inset, close, drawing.sheet, "lower left", share=0.4)
    title = inset.text(0, 1 + 4 / _INSET_PT, labels.text("zoom", drawing.sheet.lang))
    title.set(transform=inset.transAxes, va="bottom", fontsize=9.5, color=MUTED)
    _name(page, inset, drawing, outside=None)


def _name(page: Page, ax: Axes, drawing: SiteDrawing, *, outside: Extent | None) -> None:
    """Name the ends, the marks and the offices, but not what a close-up names."""
    end_gap = END_SIZE / 2 + 3
    ranked = (
        (drawing.a_end, 1, end_gap),
        (drawing.b_ends, 1, end_gap),
        (drawing.marks, 1, end_gap),
        (drawing.offices, 2, _OFFICE_GAP),
    )
    chosen: dict[tuple[str, float, float], tuple[int, float]] = {}
    for layer, rank, gap in ranked:
        for name, *place in zip(layer.names, layer.x.tolist(), layer.y.tolist(), strict=False):
            named_in_close_up = outside is not None and outside.holds(*place)
            if layer is drawing.a_end or not named_in_close_up:
                chosen.setdefault((name, *place), (rank, gap))  # a mark may bear its office's name
    names, x_y = [name for name, _, _ in chosen], np.array([place[1:] for place in chosen])
    ranks, gaps = [rank for rank, _ in chosen.values()], [gap for _, gap in chosen.values()]
    x, y = x_y.reshape(-1, 2).T
    layers = [layer for layer, _, _ in ranked]
    page.names.append((ax, Places(x, y, (), names, ranks, gaps), layers))
