"""The small map that stands on the page of a sheet."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.legend import Legend

from netgraph.report.maps.draw import draw_site_map
from netgraph.report.maps.drawings import Points
from netgraph.report.maps.parts import Extent, all_coordinates
from netgraph.report.palette import PAPER

if TYPE_CHECKING:
    from netgraph.report.maps.drawings import SiteDrawing

_INCHES, _DPI = (4.0, 3.3), 200
_SHAPE = 1.25  # width over height


def small_map(drawing: SiteDrawing) -> bytes:
    """Return the map as a small PNG without a legend: the lanes beside it explain the colours."""
    figure = Figure(figsize=_INCHES)
    ax = figure.add_axes((0.13, 0.09, 0.86, 0.9))
    sheet = replace(drawing.sheet, title=" ", subtitle="", attribution="")
    draw_site_map(replace(_widened(drawing), sheet=sheet), ax)
    for legend in ax.findobj(Legend):
        legend.remove()
    stream = BytesIO()
    figure.savefig(
        stream, format="png", dpi=_DPI, bbox_inches="tight", pad_inches=0.03, facecolor=PAPER,
        metadata={"Software": None},
    )  # fmt: skip
    return stream.getvalue()


def _widened(drawing: SiteDrawing) -> SiteDrawing:
    """Add two corners that are not drawn, so that a long and narrow map gets room around it."""
    layers = (drawing.a_end, drawing.b_ends, drawing.offices, drawing.marks)
    x, y = all_coordinates((drawing.routes,), layers)
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return drawing
    bounds = (x[known].min(), y[known].min(), x[known].max(), y[known].max())
    least = 1e-9  # all in one place: nothing to widen, but nothing to divide by either
    if bounds[2] - bounds[0] < least or bounds[3] - bounds[1] < least:
        return drawing
    west, south, east, north = map(float, bounds)
    extent = Extent(west, south, east, north, drawing.sheet.is_planar).widened(_SHAPE)
    marks = drawing.marks
    corners = Points(
        x=np.append(marks.x, (extent.west, extent.east)),
        y=np.append(marks.y, (extent.south, extent.north)),
        words=[*marks.words, "corner", "corner"],
        names=marks.names,
    )
    return replace(drawing, marks=corners)
