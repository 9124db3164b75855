"""The ground of every map: its extent and aspect, its frame and graticule, its lines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.ticker import Formatter, MaxNLocator

from netgraph.report.maps.style import BORDER, FRAME, GRID, LAND
from netgraph.report.palette import MUTED, PAPER
from netgraph.units import segment_lengths_m

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from netgraph.report.maps.drawings import Lines, Points, Sheet
    from netgraph.report.maps.style import Stroke

_MOST_DECIMALS = 4  # of a degree: about 10 m
_LAST_LATITUDE = 85.0
_MARGIN = 0.04  # of the extent, on each side
_OUTLIER_FACTOR = 4.0  # an extent this much wider than 98 % of the points hides them


@dataclass(frozen=True)
class Extent:
    """The part of the earth or plane that a map shows."""

    west: float
    south: float
    east: float
    north: float
    is_planar: bool

    @property
    def aspect(self) -> float:
        """Length on paper of a unit of y for one of x: equal metres in both directions."""
        if self.is_planar:
            return 1.0
        return 1 / math.cos(math.radians(self._middle_latitude))

    @property
    def _middle_latitude(self) -> float:
        # Swapped or projected coordinates lie off the globe; they still get a map to be seen on.
        middle = (self.south + self.north) / 2
        return min(max(middle, -_LAST_LATITUDE), _LAST_LATITUDE)

    @property
    def shape(self) -> float:
        """Width over height on paper."""
        return (self.east - self.west) / ((self.north - self.south) * self.aspect)

    def metres_per_unit(self) -> float:
        """Metres of one unit of x at the middle of the map (geodesic in degrees)."""
        if self.is_planar:
            return 1.0
        x, y = (self.west + self.east) / 2, self._middle_latitude
        step = 1e-3  # short enough for the parallel and the geodesic to be one
        metres = segment_lengths_m(*(np.array([v]) for v in (x, y, x + step, y)))
        return float(metres[0]) / step

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point lies inside."""
        return self.west <= x <= self.east and self.south <= y <= self.north

    def widened(self, shape: float) -> Extent:
        """Return the smallest extent of a given width over height that holds this one."""
        x, y = (self.west + self.east) / 2, (self.south + self.north) / 2
        half_x, half_y = (self.east - self.west) / 2, (self.north - self.south) / 2
        if shape > self.shape:
            half_x = half_y * self.aspect * shape
        else:
            half_y = half_x / (shape * self.aspect)
        return Extent(x - half_x, y - half_y, x + half_x, y + half_y, self.is_planar)


def find_extent(
    x: NDArray[np.float64], y: NDArray[np.float64], *, is_planar: bool, margin: float = _MARGIN
) -> tuple[Extent, int]:
    """Return the extent of points with a margin, and how many lie outside of it.

    A few points far away (a site at 0°, 0°) would shrink everything else to a dot: then the
    extent is that of the middle 98 %, and the far ones are counted.
    """
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return Extent(0.0, 0.0, 1.0, 1.0, is_planar=is_planar), 0
    west, east = _middle(x[known])
    south, north = _middle(y[known])
    least = 200.0 if is_planar else 0.002  # one point still gets a neighbourhood
    half_x, half_y = (max(b - a, least) * (0.5 + margin) for a, b in ((west, east), (south, north)))
    mid_x, mid_y = (west + east) / 2, (south + north) / 2
    extent = Extent(mid_x - half_x, mid_y - half_y, mid_x + half_x, mid_y + half_y, is_planar)
    outside = (np.abs(x[known] - mid_x) > half_x) | (np.abs(y[known] - mid_y) > half_y)
    return extent, int(outside.sum())


def _middle(values: NDArray[np.float64]) -> tuple[float, float]:
    low, inner_low, inner_high, high = np.percentile(values, [0, 1, 99, 100])
    if high - low > _OUTLIER_FACTOR * (inner_high - inner_low) > 0:
        return float(inner_low), float(inner_high)
    return float(low), float(high)


def nan_path(geometries: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return all lines as one path with NaN between them: one artist, however many lines.

    Parameters
    ----------
    geometries
        Shapely lines or None, shape (n,).

    Returns
    -------
    x, y : ndarray of shape (vertices + lines - 1,)
    """
    parts = shapely.get_parts(geometries[~shapely.is_missing(geometries)])
    coordinates, owner = shapely.get_coordinates(parts, return_index=True)
    breaks = np.flatnonzero(np.diff(owner)) + 1
    path = np.insert(coordinates, breaks, np.nan, axis=0)
    return path[:, 0], path[:, 1]


def all_coordinates(
    lines: Iterable[Lines], points: Iterable[Points]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return every coordinate of lines and points, x and y; NaN stands between lines."""
    paths = [nan_path(layer.geometries) for layer in lines]
    paths += [(layer.x, layer.y) for layer in points]
    return np.concatenate([x for x, _ in paths]), np.concatenate([y for _, y in paths])


def draw_lines(ax: Axes, lines: Lines, strokes: Mapping[str, Stroke]) -> list[str]:
    """Draw lines, one artist a style; return the words that occur, in the order of the styles.

    A word without a style of its own gets the last one.
    """
    last = list(strokes)[-1]
    words = np.array([word if word in strokes else last for word in lines.words], dtype=object)
    drawn = []
    for word, stroke in strokes.items():
        x, y = nan_path(lines.geometries[words == word])
        if len(x):
            stroke.draw(ax, x, y, word)
            drawn.append(word)
    return drawn


def draw_frame(ax: Axes, sheet: Sheet, extent: Extent) -> None:
    """Set limits and aspect, and draw the boundary layer, the graticule and its numbers."""
    ax.set_xlim(extent.west, extent.east)
    ax.set_ylim(extent.south, extent.north)
    ax.set_aspect(extent.aspect)
    ax.apply_aspect()  # now, not when drawn: names are placed by the final size
    ax.grid(visible=True, color=GRID, linewidth=0.7)
    ax.set_facecolor(LAND)
    for spine in ax.spines.values():
        spine.set(color=FRAME, linewidth=0.8)
    # Numbers of the axes are made when they are drawn, by then under the settings of the user.
    family = mpl.rcParams["font.family"]
    ax.tick_params(length=0, labelsize=7.5, pad=3, labelcolor=MUTED, labelfontfamily=family)
    for axis, letters in ((ax.xaxis, "EW"), (ax.yaxis, "NS")):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        axis.set_major_formatter(_planar if extent.is_planar else _Degrees(letters))
    if len(sheet.boundary):
        edges = shapely.boundary(sheet.boundary)
        lines = np.where(shapely.get_dimensions(sheet.boundary) == 2, edges, sheet.boundary)
        x, y = nan_path(lines)
        ax.fill(*_rings(sheet.boundary), facecolor=PAPER, edgecolor="none", zorder=0.4)
        ax.plot(x, y, color=BORDER, linewidth=0.8, zorder=0.6, rasterized=True)


def _rings(boundary: NDArray[np.object_]) -> list[NDArray[np.float64]]:
    polygons = shapely.get_parts(boundary[shapely.get_dimensions(boundary) == 2])
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_exterior_ring(polygons)]
    return [column for ring in rings for column in (ring[:, 0], ring[:, 1])]


class _Degrees(Formatter):
    """Degrees with their letter, as many decimals as the finest number on the axis needs."""

    def __init__(self, letters: str) -> None:
        self._letters = letters

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Return the numbers of one axis."""
        exact = [f"{abs(value):.{_MOST_DECIMALS}f}".rstrip("0") for value in values]
        decimals = max((len(text.partition(".")[2]) for text in exact), default=0)
        return [self._write(value, decimals) for value in values]

    def __call__(self, value: float, _: object = None) -> str:
        """Return one number, such as the place of the cursor."""
        return self._write(value, _MOST_DECIMALS)

    def _write(self, value: float, decimals: int) -> str:
        letter = "" if value == 0 else self._letters[int(value < 0)]
        return f"{abs(value):.{decimals}f}°{letter}"


def _planar(value: float, _: object) -> str:
    return f"{value:,.0f}"
