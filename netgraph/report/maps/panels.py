"""Two maps of one extent on one sheet: side by side, or of a wide network one above the other."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import matplotlib as mpl
import matplotlib.pyplot as plt

from netgraph.errors import UsageError
from netgraph.messages import Message
from netgraph.report import labels
from netgraph.report.fonts import font_families
from netgraph.report.maps.furniture import (
    arrow_share,
    draw_head_and_foot,
    draw_legend,
    draw_north_arrow,
    draw_scale_bar,
    figure_of,
    scale_bar_share,
)
from netgraph.report.maps.parts import Extent, draw_frame, find_extent
from netgraph.report.maps.sheet import Page, drawable_sheet
from netgraph.report.maps.style import RC
from netgraph.report.palette import INK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from netgraph.report.maps.drawings import Sheet

    Pair = tuple[Axes, Axes]

_WIDE = 1.3  # width over height from which on the panels stand one above the other
_MOST_WIDTH, _MOST_HEIGHT = 6.0, 8.0  # inches of a panel
_LEAST_SHAPE, _MOST_SHAPE = 0.55, 2.6
_LEFT, _RIGHT, _TOP, _BOTTOM, _EDGE, _GAP = 0.62, 2.9, 1.2, 0.85, 0.3, 0.55
_TITLE_PT = 12.0
_MARGIN = 0.09  # of the extent: sites that would hide one another are drawn side by side
_ABOVE_PT = 22.0  # the head of the sheet, over the titles of the panels


@contextmanager
def open_panels(
    sheet: Sheet,
    points: tuple[NDArray[np.float64], NDArray[np.float64]],
    texts: Iterable[str],
    target: Pair | Figure | None,
) -> Iterator[tuple[Page, Page]]:
    """Open a sheet for two maps, let the caller draw, then add what stands on every map.

    Parameters
    ----------
    sheet
        Title, date, CRS, language.
    points
        All coordinates drawn (x, y): they set the extent that both panels have in common.
    texts
        Every name that the caller draws.
    target
        Two Axes, an empty figure to fill (it is resized), or None for a new one of pyplot.

    Yields
    ------
    tuple of Page
        The legend is that of the second.
    """
    own = (sheet.title, sheet.subtitle, sheet.attribution)
    families = font_families([*texts, *own, *labels.every_text()])
    sheet = drawable_sheet(sheet, families)
    extent, outside = find_extent(*points, is_planar=sheet.is_planar, margin=_MARGIN)
    if target is None:
        # Loads the backend, which in a notebook must happen outside of the context below.
        plt.draw_if_interactive()  # type: ignore[no-untyped-call]  # untyped in matplotlib
    with mpl.rc_context({**RC, "font.family": families}):
        axes, extent = _axes(target, extent)
        for ax in axes:
            draw_frame(ax, sheet, extent)
        first, second = (Page(ax, extent, families) for ax in axes)
        if outside:
            second.notes.append(labels.text("outside", sheet.lang, count=outside))
        yield first, second
        _finish((first, second), sheet, points)
        if not isinstance(target, tuple):
            _fit_width(axes)


def name_panel(page: Page, title: str) -> None:
    """Write what a panel shows above it."""
    page.ax.set_title(title, loc="left", fontsize=_TITLE_PT, color=INK, pad=6)


def _axes(target: Pair | Figure | None, extent: Extent) -> tuple[Pair, Extent]:
    """Return two axes, and the extent that fills each."""
    if isinstance(target, tuple):
        if len(target) != 2:
            message = Message("give two Axes, not {0}", len(target))
            raise UsageError(message)
        return target, extent
    shape = min(max(extent.shape, _LEAST_SHAPE), _MOST_SHAPE)
    is_wide = shape > _WIDE
    most_height = _MOST_HEIGHT / (1.6 if is_wide else 1)
    width = min(_MOST_WIDTH * (1.5 if is_wide else 1), most_height * shape)
    height = width / shape
    columns, rows = (1, 2) if is_wide else (2, 1)
    gap_up = _GAP + _TITLE_PT / 72
    whole = (
        _LEFT + columns * width + (columns - 1) * _GAP + _RIGHT,
        _TOP + rows * height + (rows - 1) * gap_up + _BOTTOM,
    )
    figure = plt.figure() if target is None else target
    figure.set_size_inches(whole)
    across, down = ((0, width + _GAP), (0, 0)) if not is_wide else ((0, 0), (0, height + gap_up))
    top = whole[1] - _TOP - height
    made = [
        figure.add_axes((
            (_LEFT + x) / whole[0], (top - y) / whole[1], width / whole[0], height / whole[1],
        ))
        for x, y in zip(across, down, strict=True)
    ]  # fmt: skip
    return (made[0], made[1]), extent.widened(shape)


def _finish(
    pages: Sequence[Page], sheet: Sheet, points: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> None:
    first, last = pages
    for page in pages:
        draw_scale_bar(
            page.ax, page.extent, sheet, page.take_corner(points, scale_bar_share(page.ax))
        )
        draw_north_arrow(page.ax, sheet, page.take_corner(points, arrow_share(page.ax)))
        page.draw_names()
    # Beside the upper right panel, whichever it is.
    is_stacked = first.ax.get_position().y0 > last.ax.get_position().y0
    draw_legend(first.ax if is_stacked else last.ax, last.sections)
    draw_head_and_foot(
        first.ax, sheet, [*first.notes, *last.notes], above_pt=_ABOVE_PT,
        foot=last.ax if is_stacked else first.ax,
    )  # fmt: skip


def _fit_width(axes: Pair) -> None:
    """Make the figure as wide as what is on it, the axes keeping their size on paper."""
    figure = figure_of(axes[0])
    width, height = figure.get_size_inches()
    found = [box for ax in axes if (box := ax.get_tightbbox()) is not None]
    right = max(box.x1 for box in found) / figure.dpi + _EDGE
    places = [ax.get_position() for ax in axes]
    figure.set_size_inches(right, height)
    for ax, box in zip(axes, places, strict=True):
        ax.set_position((box.x0 * width / right, box.y0, box.width * width / right, box.height))
