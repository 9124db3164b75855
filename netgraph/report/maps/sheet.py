"""Open a sheet for a map, and finish it when its layers are drawn."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from netgraph.report import labels
from netgraph.report.fonts import drawable, font_families
from netgraph.report.maps.furniture import (
    LegendSection,
    arrow_share,
    corner_box,
    draw_head_and_foot,
    draw_legend,
    draw_north_arrow,
    draw_scale_bar,
    emptiest_corners,
    figure_of,
    scale_bar_share,
)
from netgraph.report.maps.names import draw_names, symbol_boxes
from netgraph.report.maps.parts import Extent, draw_frame, find_extent
from netgraph.report.maps.style import RC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from netgraph.report.maps.drawings import Places, Points, Sheet

# Inches of a sheet: what a map takes at least, and what stands around it.
_LEAST_SIDE = 4.6
_LEFT, _RIGHT, _TOP, _BOTTOM, _EDGE = 0.62, 2.6, 0.95, 0.8, 0.3
_MOST_CHARACTERS = (48, 120, 240)  # of title, subtitle and attribution
_PNG_DPI, _PDF_DPI = 150, 300


@dataclass
class Page:
    """An open sheet: draw on `ax`, and add blocks of the legend to `sections`."""

    ax: Axes
    extent: Extent
    families: Sequence[str]
    sections: list[LegendSection] = field(default_factory=list)
    names: list[tuple[Axes, Places, Sequence[Points]]] = field(default_factory=list)
    discs: list[tuple[Axes, Points, float]] = field(default_factory=list)
    large: list[tuple[Axes, Points, NDArray[np.float64]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    taken_corners: list[str] = field(default_factory=list)
    taken_boxes: list[NDArray[np.float64]] = field(default_factory=list)

    def take_corner(
        self, points: tuple[NDArray[np.float64], NDArray[np.float64]], share: tuple[float, float]
    ) -> str:
        """Return the emptiest corner that is not taken, and take it."""
        corners = emptiest_corners(self.ax, *points, share)
        corner = next(corner for corner in corners if corner not in self.taken_corners)
        self.taken_corners.append(corner)
        self.taken_boxes.append(corner_box(self.ax, corner, share))
        return corner

    def draw_names(self) -> None:
        """Write the names that were added, clear of symbols and of what stands in the corners."""
        for ax, places, symbols in self.names:
            obstacles = np.concatenate([np.column_stack((s.x, s.y)) for s in symbols])
            names = [drawable(name, self.families) for name in places.names]
            taken = self.taken_boxes if ax is self.ax else []
            discs = [
                box for on, points, size in self.discs if on is ax
                for box in symbol_boxes(ax, points, size)
            ]  # fmt: skip
            large = [
                box for on, points, sizes in self.large if on is ax
                for box in symbol_boxes(ax, points, sizes)
            ]  # fmt: skip
            draw_names(ax, replace(places, names=names), obstacles, [*taken, *discs], large)


@contextmanager
def open_page(
    sheet: Sheet,
    title: str,
    points: tuple[NDArray[np.float64], NDArray[np.float64]],
    texts: Iterable[str],
    target: Axes | Figure | None,
    *,
    least_height: float = _LEAST_SIDE,
) -> Iterator[Page]:
    """Open a sheet around points, let the caller draw, then add what stands on every map.

    Parameters
    ----------
    sheet
        Title, date, CRS, language.
    title
        Phrase of the labels for a sheet that has no title of its own.
    points
        All coordinates drawn (x, y): they set the extent and tell which corners are empty.
    texts
        Every name that the caller draws: with the labels they decide on the fonts.
    target
        Axes to draw on, an empty figure to fill (it is resized), or None for a new figure of
        pyplot.
    least_height
        Inches that the map must be high to leave room beside it.
    """
    sheet = replace(sheet, title=sheet.title or labels.text(title, sheet.lang))
    own = (sheet.title, sheet.subtitle, sheet.attribution)
    families = font_families([*texts, *own, *labels.every_text()])
    sheet = drawable_sheet(sheet, families)
    extent, outside = find_extent(*points, is_planar=sheet.is_planar)
    if target is None:
        # Loads the backend, which in a notebook turns interactive drawing on for good: inside the
        # context below that would be undone, and no later figure of the user's would show.
        plt.draw_if_interactive()  # type: ignore[no-untyped-call]  # untyped in matplotlib
    with mpl.rc_context({**RC, "font.family": families}):
        ax, extent = _axes(target, extent, least_height, sheet.most_inches)
        draw_frame(ax, sheet, extent)
        page = Page(ax, extent, families)
        if outside:
            page.notes.append(labels.text("outside", sheet.lang, count=outside))
        yield page
        _finish(page, sheet, points)
        if not isinstance(target, Axes):
            _fit(ax)


def drawable_sheet(sheet: Sheet, families: Sequence[str]) -> Sheet:
    """Return the sheet with texts that the fonts can draw and that leave room for the map."""
    own = (sheet.title, sheet.subtitle, sheet.attribution)
    title, subtitle, attribution = (
        drawable(text, families, most) for text, most in zip(own, _MOST_CHARACTERS, strict=True)
    )
    return replace(sheet, title=title, subtitle=subtitle, attribution=attribution)


def _finish(
    page: Page, sheet: Sheet, points: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> None:
    """Add what stands on every map: scale bar, north arrow, legend, names, head and foot."""
    ax = page.ax
    bar = page.take_corner(points, scale_bar_share(ax))
    draw_scale_bar(ax, page.extent, sheet, bar)
    draw_north_arrow(ax, sheet, page.take_corner(points, arrow_share(ax)))
    draw_legend(ax, page.sections)
    page.draw_names()
    draw_head_and_foot(ax, sheet, page.notes)


def _axes(
    target: Axes | Figure | None,
    extent: Extent,
    least_height: float,
    most: tuple[float, float],
) -> tuple[Axes, Extent]:
    """Return axes to draw on, and the extent that fills them."""
    if isinstance(target, Axes):
        return target, extent
    narrowest, lowest = min(_LEAST_SIDE, most[0] / 2), min(least_height, most[1])
    shape = min(max(extent.shape, narrowest / most[1]), most[0] / lowest)
    width = min(most[0], most[1] * shape)
    height = width / shape
    whole = (width + _LEFT + _RIGHT, height + _TOP + _BOTTOM)
    figure = plt.figure() if target is None else target
    figure.set_size_inches(whole)
    box = (_LEFT / whole[0], _BOTTOM / whole[1], width / whole[0], height / whole[1])
    return figure.add_axes(box), extent.widened(shape)


def _fit(ax: Axes) -> None:
    """Make the figure as wide and high as what is on it, the axes keeping their size on paper."""
    figure = figure_of(ax)
    width, height = figure.get_size_inches()
    box, everything = ax.get_position(), ax.get_tightbbox()
    if everything is None:
        return
    right = everything.x1 / figure.dpi + _EDGE
    top = min(height, everything.y1 / figure.dpi + _EDGE)
    figure.set_size_inches(right, top)
    ax.set_position((
        box.x0 * width / right, box.y0 * height / top,
        box.width * width / right, box.height * height / top,
    ))  # fmt: skip


def save_png(drawn: Axes | Figure, path: Path, *, dpi: int = _PNG_DPI) -> None:
    """Write the figure as PNG: the same bytes from the same drawing, no version or date inside."""
    figure = drawn if isinstance(drawn, Figure) else figure_of(drawn)
    figure.savefig(path, format="png", dpi=dpi, metadata={"Software": None})


def save_pdf(drawn: Axes | Figure, path: Path, *, dpi: int = _PDF_DPI) -> None:
    """Write the figure as PDF with embedded fonts; plant lines become pixels of that density."""
    figure = drawn if isinstance(drawn, Figure) else figure_of(drawn)
    nothing = dict.fromkeys(("Creator", "Producer", "CreationDate"))
    figure.savefig(path, format="pdf", dpi=dpi, metadata=nothing)
