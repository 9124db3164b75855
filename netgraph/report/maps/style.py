"""Shapes, widths and dashes of every map, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.transforms import Affine2D

from netgraph.report.palette import AMBER, BLUE, GREEN, GREY, INK, PAPER, VERMILION, YELLOW

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path
    from matplotlib.typing import RcKeyType
    from numpy.typing import NDArray

GRID, FRAME, LAND, BORDER = "#E9ECEF", "#ADB5BD", "#F8F9FA", "#CED4DA"
PLANT, SLATE, PALE_GREEN = "#7D8A99", "#4B5563", "#7CC9B2"
_LEAST_LEGEND_WIDTH, _LARGEST_IN_LEGEND = 1.1, 1.3
# Agg moves upright outlines to whole pixels, which eats the bars of a small letter such as 中; it
# leaves them alone when they are turned ever so little.
_UNSNAPPED = Affine2D().rotate_deg(0.5)

# The user's settings must not leak into a map, nor the map's into the user's session.
RC: dict[RcKeyType, object] = {
    "axes.axisbelow": True,
    "axes.labelweight": "normal",
    "axes.titleweight": "normal",
    "figure.facecolor": PAPER,
    "font.weight": "normal",  # the only one of many Chinese fonts
    "savefig.facecolor": PAPER,
    "text.color": INK,
    "text.parse_math": False,  # a name may hold dollar signs
    "text.usetex": False,
}


@dataclass(frozen=True)
class Stroke:
    """A line: colour, width in points, dash pattern (on and off, in widths), place in the stack."""

    colour: str
    width: float
    dash: tuple[float, ...] = ()
    order: float = 2.0

    @property
    def pattern(self) -> Literal["-"] | tuple[float, tuple[float, ...]]:
        """The dash pattern as matplotlib takes it."""
        return (0.0, self.dash) if self.dash else "-"

    def draw(self, ax: Axes, x: NDArray[np.float64], y: NDArray[np.float64], name: str) -> None:
        """Draw a path as pixels even in PDF: 100,000 vector lines make a file no viewer opens."""
        ax.plot(
            x,
            y,
            color=self.colour,
            linewidth=self.width,
            linestyle=self.pattern,
            zorder=self.order,
            solid_capstyle="round",
            dash_capstyle="butt",
            rasterized=True,
            label=f"_{name}",
        )

    def handle(self) -> Line2D:
        """Return what stands for it in a legend."""
        width = max(self.width, _LEAST_LEGEND_WIDTH)
        return Line2D([], [], color=self.colour, linewidth=width, linestyle=self.pattern)


@dataclass(frozen=True)
class Marker:
    """A symbol: its shape (a letter of matplotlib or an outline), size and edge in points."""

    shape: str | Path
    size: float
    face: str
    edge: str = PAPER
    edge_width: float = 0.6
    order: float = 5.0

    def draw(self, ax: Axes, x: NDArray[np.float64], y: NDArray[np.float64], name: str) -> None:
        """Draw the symbol at points."""
        ax.add_line(self._line(x, y, name))

    def handle(self) -> Line2D:
        """Return what stands for it in a legend."""
        return self._line(np.empty(0), np.empty(0), "legend")

    def _line(self, x: NDArray[np.float64], y: NDArray[np.float64], name: str) -> Line2D:
        return Line2D(
            x,
            y,
            linestyle="none",
            marker=MarkerStyle(self.shape, transform=_UNSNAPPED),
            markersize=self.size,
            markerfacecolor=self.face,
            markeredgecolor=self.edge,
            markeredgewidth=self.edge_width,
            zorder=self.order,
            label=f"_{name}",
        )


@dataclass(frozen=True)
class Symbol:
    """The shape of a word, and its size relative to a circle of the same weight."""

    shape: str
    scale: float

    def marker(self, size: float, face: str, order: float = 5.0) -> Marker:
        """Return the symbol at a size: filled, with a thin white edge."""
        return Marker(self.shape, size * self.scale, face, order=order)

    def hollow(self, size: float) -> Marker:
        """Return its outline: a shape without the meaning of a colour."""
        return Marker(self.shape, size * min(self.scale, _LARGEST_IN_LEGEND), PAPER, INK, 0.9)


TIER_SYMBOLS = {
    "diamond": Symbol("D", 0.86),
    "gold": Symbol("*", 1.7),
    "silver": Symbol("o", 0.95),
    "standard": Symbol("o", 0.5),
    "": Symbol("o", 0.5),
}
# Size falls with severity, and the shape changes: a grey print must still tell them apart.
SEVERITY_MARKERS = {
    "red": Marker("X", 8.0, VERMILION, INK, 0.7, order=6.5),
    "orange": Marker("v", 7.5, AMBER, INK, 0.7, order=6.4),
    "yellow": Marker("h", 6.5, YELLOW, INK, 0.7, order=6.3),
}
SEVERITY_STROKES = {
    "yellow": Stroke(YELLOW, 2.4, order=3.4),
    "orange": Stroke(AMBER, 3.2, order=3.5),
    "red": Stroke(VERMILION, 4.2, order=3.6),
}
MEDIUM_STROKES = {
    "duct": Stroke(PLANT, 0.7),
    "pole_line": Stroke(PLANT, 0.7, (8, 2, 1.5, 2)),
    "buried": Stroke(PLANT, 0.8, (1, 1.6)),
    "tunnel": Stroke(PLANT, 1.6),
    "bridge": Stroke(PLANT, 1.6, (2, 1)),
    "indoor": Stroke("#C3CAD2", 0.6),
    "submarine": Stroke(PLANT, 0.8, (8, 3)),
    "unknown": Stroke("#AAB4BF", 0.7),
}
# Drawn in this order: what both routes share lies on top, and thick.
ROUTE_STROKES = {
    "undecidable": Stroke(GREY, 2.0, (2, 1.5), 3.0),
    "protect": Stroke(AMBER, 2.4, (), 3.1),
    "working": Stroke(BLUE, 2.4, (), 3.2),
    "tolerated": Stroke(VERMILION, 2.4, (1.2, 1.0), 3.3),
    "shared": Stroke(VERMILION, 5.0, (), 3.4),
}
# What is new is thick, what is only designed is dashed.
WORK_STROKES = {
    "re_patch": Stroke(GREEN, 1.3, (1.0, 1.4), 3.1),
    "new_cable": Stroke(GREEN, 1.9, (5, 2), 3.2),
    "duct": Stroke(GREEN, 4.2, (1.5, 0.7), 3.5),
    "pole_line": Stroke(GREEN, 4.2, (2.2, 0.6, 0.5, 0.6), 3.5),
    "buried": Stroke(GREEN, 4.2, (0.7, 0.7), 3.5),
    "other_plant": Stroke(GREEN, 4.2, (2.5, 1.2), 3.5),
}
SPAN_STROKES = {
    "span": Stroke("#77838F", 1.1, (), 2.0),
    "bridge": Stroke(VERMILION, 2.8, (), 2.2),
}
ROUTE_COUNT_SYMBOLS = {"two": Symbol("o", 0.8), "one": Symbol("^", 1.0), "none": Symbol("X", 1.1)}
ROUTE_COUNT_COLOURS = {"two": GREEN, "one": AMBER, "none": VERMILION}
OFFICE_SIZES = {"core": 9.0, "aggregation": 6.0, "access": 3.4, "external": 4.0}
FADED_STROKES = {"plant": Stroke("#D5DAE0", 0.8, order=1.5)}
MARK_SYMBOLS = {
    "first_common": Marker("o", 13, "none", VERMILION, 2.0, order=7.5),
    "unavoidable": Marker("X", 9, VERMILION, INK, 0.7, order=7.4),
}
