"""What stands on a map beside its data: title, footer, legend, scale bar, north arrow."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.legend import Legend
from matplotlib.patches import Polygon, Rectangle
from matplotlib.patheffects import withStroke
from rich.cells import cell_len

from netgraph.errors import UsageError
from netgraph.messages import Message
from netgraph.report import labels
from netgraph.report.palette import INK, MUTED, PAPER
from netgraph.units import M_PER_KM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from netgraph.report.maps.drawings import Sheet
    from netgraph.report.maps.parts import Extent

_CORNERS = {
    "lower right": (1, 0),
    "upper right": (1, 1),
    "lower left": (0, 0),
    "upper left": (0, 1),
}
_DENSE, _STEPS = 200_000, 12  # vertices that need none between them; points on each segment
_BAR_SHARE, _BAR_PT = 0.36, 44  # of the width of the map; high
_ROOM_FOR_THREE_PT = 46  # a shorter scale bar has numbers at its ends only
_ARROW_PT = (46, 84)  # wide and high
_POINTS_PER_INCH = 72
_FOOT_COLUMNS = 110  # Latin letters in a line of the footer; a Chinese one counts twice
_DOT = "  ·  "
_EDGE_PT = 16  # between furniture and the frame
_ZORDER = 9


@dataclass(frozen=True)
class LegendSection:
    """One block of the legend: a heading, and handles with their text."""

    heading: str
    handles: Sequence[Artist | tuple[Artist, ...]]
    texts: Sequence[str]


def emptiest_corners(
    ax: Axes, x: NDArray[np.float64], y: NDArray[np.float64], share: tuple[float, float]
) -> list[str]:
    """Return the corners of the map, the one with the least data first (ties: fixed order).

    Parameters
    ----------
    ax
        Map axes.
    x, y
        Points and paths in map coordinates, NaN between paths.
    share
        Width and height of the corner to keep free, as shares of the map.
    """
    x, y = _with_points_between(x, y)
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    across, up = (x - west) / (east - west), (y - south) / (north - south)
    inside = (across >= 0) & (across <= 1) & (up >= 0) & (up <= 1)
    across, up = across[inside], up[inside]

    def crowd(corner: str) -> int:
        right, top = _CORNERS[corner]
        near_x = across > 1 - share[0] if right else across < share[0]
        near_y = up > 1 - share[1] if top else up < share[1]
        return int((near_x & near_y).sum())

    return sorted(_CORNERS, key=crowd)


def corner_box(ax: Axes, corner: str, share: tuple[float, float]) -> NDArray[np.float64]:
    """Return a corner of the map in pixels: west, south, east, north."""
    west, south, east, north = ax.get_window_extent().extents
    right, top = _CORNERS[corner]
    wide, high = (east - west) * share[0], (north - south) * share[1]
    left, low = (east - wide if right else west), (north - high if top else south)
    return np.array([left, low, left + wide, low + high])


def _with_points_between(
    x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Add points along the segments: a long one may cross a corner without a vertex in it."""
    if not 1 < len(x) < _DENSE:
        return x, y
    steps = np.linspace(0, 1, _STEPS, endpoint=False)[:, None]
    between = [(v[:-1] + (v[1:] - v[:-1]) * steps).ravel() for v in (x, y)]
    return np.append(between[0], x), np.append(between[1], y)


def scale_bar_share(ax: Axes) -> tuple[float, float]:
    """Return the shares of width and height that a scale bar may cover."""
    return _BAR_SHARE, _BAR_PT / size_pt(ax)[1]


def arrow_share(ax: Axes) -> tuple[float, float]:
    """Return the shares of width and height that a north arrow covers."""
    width, height = size_pt(ax)
    return _ARROW_PT[0] / width, _ARROW_PT[1] / height


def draw_scale_bar(
    ax: Axes, extent: Extent, sheet: Sheet, corner: str, *, share: float = 0.25
) -> float:
    """Draw a scale bar of a round length, at most `share` of the width; return its metres.

    The length holds at the middle of the map. The bar is drawn in map units across, so that it
    stays right when the view is zoomed.
    """
    per_unit = extent.metres_per_unit()
    width = extent.east - extent.west
    metres = _round_length(width * per_unit * share)
    half = metres / per_unit / 2
    right, top = _CORNERS[corner]
    start = extent.east - 0.05 * width - 2 * half if right else extent.west + 0.05 * width
    height_pt = size_pt(ax)[1]
    base = 1 - 34 / height_pt if top else _EDGE_PT / height_pt
    across = ax.get_xaxis_transform()  # x in map units, y in shares of the height
    for part, colour in enumerate((INK, PAPER)):
        bar = Rectangle((start + part * half, base), half, 4 / height_pt, transform=across)
        bar.set(facecolor=colour, edgecolor=INK, linewidth=0.8, zorder=_ZORDER)
        ax.add_patch(bar)
    texts = _bar_texts(metres, sheet)
    if 2 * half / width * size_pt(ax)[0] < _ROOM_FOR_THREE_PT:
        texts[1] = ""
    for part, text in enumerate(texts):
        written = ax.text(start + part * half, base + 6 / height_pt, text, transform=across)
        written.set(fontsize=8, ha="center", va="bottom", zorder=_ZORDER, path_effects=[halo()])
    return metres


def _bar_texts(metres: float, sheet: Sheet) -> list[str]:
    unit, factor = ("kilometres", M_PER_KM) if metres >= M_PER_KM else ("metres", 1.0)
    texts = [f"{share * metres / factor:g}" for share in (0, 0.5, 1)]
    return [*texts[:-1], f"{texts[-1]} {labels.text(unit, sheet.lang)}"]


def _round_length(metres: float) -> float:
    power = 10.0 ** math.floor(math.log10(metres))
    return max(step * power for step in (1, 2, 5) if step * power <= metres)


def draw_north_arrow(ax: Axes, sheet: Sheet, corner: str) -> None:
    """Draw an arrow to the north, half dark and half light, with its letter above."""
    right, top = _CORNERS[corner]
    width_pt, height_pt = size_pt(ax)
    x = (1 - 22 / width_pt) if right else 22 / width_pt
    y = (1 - 54 / height_pt) if top else 44 / height_pt
    half, tall = 6.5 / width_pt, 27 / height_pt
    for side, colour in ((-1, INK), (1, PAPER)):
        outline = [(x, y + tall), (x + side * half, y), (x, y + tall / 4)]
        arrow = Polygon(outline, closed=True, transform=ax.transAxes)
        arrow.set(facecolor=colour, edgecolor=INK, linewidth=0.8, zorder=_ZORDER)
        ax.add_patch(arrow)
    letter = ax.text(x, y + tall * 1.1, labels.text("north", sheet.lang), transform=ax.transAxes)
    letter.set(ha="center", va="bottom", fontsize=10, zorder=_ZORDER, path_effects=[halo()])


def draw_legend(ax: Axes, sections: Sequence[LegendSection]) -> None:
    """Stack the sections of a legend to the right of the map; empty ones are left out."""
    top = 1.0
    for section in sections:
        if not section.handles:
            continue
        legend = Legend(
            ax,
            list(section.handles),
            list(section.texts),
            title=section.heading,
            loc="upper left",
            bbox_to_anchor=(1.0, top),
            alignment="left",
            frameon=False,
            fontsize=8.5,
            title_fontsize=9.5,
            labelspacing=0.65,
            handlelength=1.9,
            borderpad=0.2,
            borderaxespad=0.7,
        )
        legend.get_title().set_color(MUTED)
        ax.add_artist(legend)
        legend.set_clip_on(False)  # it stands outside of the axes
        height = legend.get_window_extent().height / ax.get_window_extent().height
        top -= height + 7 / size_pt(ax)[1]


def draw_head_and_foot(
    ax: Axes, sheet: Sheet, notes: Sequence[str], *, above_pt: float = 0.0, foot: Axes | None = None
) -> None:
    """Write the title and subtitle above the map; date, CRS, notes and attribution below it.

    Of several maps on one sheet the head stands `above_pt` higher, over their own titles, and the
    foot under another one.
    """
    height_pt = size_pt(ax)[1]
    lift = (24 if sheet.subtitle else 8) + above_pt
    head = ax.text(0, 1 + lift / height_pt, sheet.title, transform=ax.transAxes)
    head.set(fontsize=16, va="bottom", color=INK)
    if sheet.subtitle:
        lift = 8 + above_pt
        below = ax.text(0, 1 + lift / height_pt, sheet.subtitle, transform=ax.transAxes)
        below.set(fontsize=9.5, va="bottom", color=MUTED)
    under = foot or ax
    drop, text = 20 / size_pt(under)[1], "\n".join(_footer(sheet, notes))
    small = under.text(0, -drop, text, transform=under.transAxes)
    small.set(fontsize=7.5, va="top", color=MUTED, linespacing=1.5)


def _footer(sheet: Sheet, notes: Sequence[str]) -> list[str]:
    """Return the lines below the map; a long attribution gets two of its own."""
    lang = sheet.lang
    if sheet.snapshot_date:
        parts = [labels.text("snapshot", lang, date=sheet.snapshot_date.isoformat())]
    else:
        parts = [labels.text("snapshot_unknown", lang)]
    parts += [sheet.crs or labels.text("planar", lang), *notes]
    if not sheet.attribution:
        return [_DOT.join(parts)]
    source = labels.text("attribution", lang, source=sheet.attribution)
    columns = _FOOT_COLUMNS * len(source) // cell_len(source)
    if len(source) < columns // 2:
        return [_DOT.join([*parts, source])]
    return [_DOT.join(parts), *textwrap.wrap(source, columns, max_lines=2, placeholder=" …")]


def halo(width: float = 2.4) -> withStroke:
    """Return a white outline that keeps a text readable on lines."""
    return withStroke(linewidth=width, foreground=PAPER)


def size_pt(ax: Axes) -> tuple[float, float]:
    """Return width and height of axes in points."""
    box = ax.get_window_extent()
    scale = _POINTS_PER_INCH / figure_of(ax).dpi
    return box.width * scale, box.height * scale


def figure_of(ax: Axes) -> Figure:
    """Return the figure that axes belong to."""
    figure = ax.get_figure(root=True)
    if figure is None:
        message = Message("the axes belong to no figure any more")
        raise UsageError(message)
    return figure
