"""The three-grid chart: sites by their share of full marks, right to left good to improve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from netgraph.messages import default_language
from netgraph.report import labels
from netgraph.report.charts.frame import open_chart
from netgraph.report.palette import GRADE_COLOURS, INK, MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from netgraph.report.charts.frame import Frame
    from netgraph.report.charts.model import ThreeGrid
    from netgraph.report.labels import Language

    Floats = NDArray[np.float64]

_HEIGHT = 4.0  # inches
_BANDS = {"to_improve": "#FBEDE3", "middle": "#F1F3F5", "good": "#E3F4EE"}


def draw_three_grid(
    grid: ThreeGrid, ax: Axes | Figure | None = None, *, lang: Language | None = None
) -> Axes:
    """Draw every site as a bar, the best at the right, in three grids 2:6:2.

    The position is relative: the last fifth may hold sites with a fair or good grade, which the
    colours (and the letters of the legend) still show.

    Parameters
    ----------
    grid
        As of :func:`split_three`.
    ax
        Axes to draw on, an empty figure to fill, or None for a new one.

    Returns
    -------
    Axes
    """
    lang = lang or default_language()
    parts = {"to_improve": grid.to_improve, "middle": grid.middle, "good": grid.good}
    sites = [site for part in parts.values() for site in part]
    with open_chart(ax, (), _HEIGHT) as frame:
        ratios = np.array([float(site.ratio) for site in sites])
        grades = np.array([site.grade for site in sites], dtype=object)
        x = np.arange(len(sites), dtype=np.float64)
        for grade in (*labels.identifiers("grade"), ""):
            chosen = grades == grade
            if chosen.any():
                frame.ax.add_collection(_bars(x[chosen], ratios[chosen], GRADE_COLOURS[grade]))
        _draw_bands(frame, {name: len(part) for name, part in parts.items()}, lang)
        frame.ax.set(xlim=(-0.5, len(sites) - 0.5), ylim=(0, 1.16), xticks=[])
        frame.ax.set_yticks(np.arange(0, 1.01, 0.2))
        frame.ax.yaxis.set_major_formatter(PercentFormatter(1))
        note = labels.text("three_grid_note", lang)
        frame.title(labels.text("three_grid", lang, sites=f"{len(sites):,}"), note)
        _legend(frame, set(grades.tolist()), lang)
        frame.bare(grid="y")
    return frame.ax


def _bars(x: Floats, height: Floats, colour: str) -> PolyCollection:
    """Make bars one wide as one artist: thousands of patches would take seconds."""
    sides = np.stack([x - 0.5, x - 0.5, x + 0.5, x + 0.5], axis=1)
    ends = np.stack([np.zeros_like(height), height, height, np.zeros_like(height)], axis=1)
    corners = np.stack([sides, ends], axis=2)
    return PolyCollection(list(corners), facecolors=colour, edgecolors=colour, linewidths=0.1)


def _draw_bands(frame: Frame, sizes: dict[str, int], lang: Language) -> None:
    low = -0.5
    for name, size in sizes.items():
        frame.ax.axvspan(low, low + size, color=_BANDS[name], zorder=0, linewidth=0)
        frame.ax.axvline(low + size, color=MUTED, linewidth=1.0)
        text = f"{labels.text(f'grid_{name}', lang)} {size:,}"
        frame.ax.text(low + size / 2, 1.08, text, ha="center", va="center", color=INK, fontsize=10)
        low += size


def _legend(frame: Frame, grades: set[str], lang: Language) -> None:
    handles = []
    for grade in labels.identifiers("grade"):
        if grade in grades:
            letter, name = (labels.label(g, grade, lang) for g in ("grade_letter", "grade"))
            text = name if lang == "zh" else f"{letter} {name}"
            handles.append(Patch(color=GRADE_COLOURS[grade], label=text))
    frame.ax.legend(
        handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.02), ncols=4, frameon=False,
        fontsize=9, handlelength=1.2,
    )  # fmt: skip
