"""Units over a series of assessments: which of them fall."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator, PercentFormatter

from netgraph.messages import default_language
from netgraph.report import labels
from netgraph.report.charts.frame import open_chart
from netgraph.report.palette import GREY, INK, VERMILION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from netgraph.report.labels import Language

_HEIGHT_INCHES = 4.6
_MOST_UNITS = 12
_LEAST_SHIFT = 0.0005  # of full marks: less reads as no change
_NAME_GAP = 0.058  # of the height, between names at the right


@dataclass(frozen=True)
class UnitSeries:
    """Mean share of full marks of one unit, run by run; NaN where it has none.

    An empty name stands for all units together.
    """

    name: str
    ratios: Sequence[float]

    @property
    def shift(self) -> float:
        """From the run before the last to the last; 0 where one is not known."""
        shift = self.ratios[-1] - self.ratios[-2]
        return 0.0 if np.isnan(shift) else shift


def draw_series(
    units: Sequence[UnitSeries], runs: Sequence[str], ax: Axes | Figure | None = None,
    *, lang: Language | None = None,
) -> Axes:  # fmt: skip
    """Draw the share of full marks of units, run by run.

    Parameters
    ----------
    units
        The whole (an empty name), drawn thick, and units: the 12 are drawn that fell most last.
    runs
        What stands below each run: its date.
    ax
        Axes to draw on, an empty figure to fill, or None for a new one.

    Returns
    -------
    Axes
    """
    lang = lang or default_language()
    whole = [unit for unit in units if not unit.name]
    others = sorted((u for u in units if u.name), key=lambda u: (u.shift, u.name))[:_MOST_UNITS]
    shown = [*others, *whole]
    names = [unit.name or labels.text("all_units", lang) for unit in shown]
    with open_chart(ax, [*names, *runs], _HEIGHT_INCHES) as frame:
        drawn, at = frame.ax, np.arange(len(runs))
        ratios = np.array([unit.ratios for unit in shown], dtype=float)
        gap = _NAME_GAP * max(np.nanmax(ratios) - np.nanmin(ratios), 0.02)
        ends = _spread(ratios[:, -1], gap)
        for unit, name, end in zip(shown, names, ends.tolist(), strict=True):
            falls = unit.shift <= -_LEAST_SHIFT
            colour = INK if not unit.name else VERMILION if falls else GREY
            drawn.plot(
                at, unit.ratios, "-o" if unit.name else "-s", color=colour, markersize=4,
                linewidth=1.4 if unit.name else 3, zorder=3 if falls else 2,
            )  # fmt: skip
            if np.isfinite(end):
                sign = "▼ " if falls else ""
                text = f"{sign}{frame.name(name)} {unit.ratios[-1]:.0%}"
                drawn.annotate(
                    text, (at[-1], unit.ratios[-1]), (1.03, end),
                    textcoords=drawn.get_yaxis_transform(), va="center", fontsize=9,
                    color=INK if colour == GREY else colour, annotation_clip=False,
                    arrowprops={
                        "arrowstyle": "-", "color": colour, "linewidth": 0.6,
                        "relpos": (0, 0.5), "shrinkA": 2, "shrinkB": 3,
                    },
                )  # fmt: skip
        drawn.set_xticks(at, [frame.name(run) for run in runs])
        drawn.set_xlim(-0.1, len(runs) - 1)
        drawn.yaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 5, 10]))
        drawn.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        frame.title(labels.text("series_chart", lang), labels.text("series_chart_note", lang))
        frame.bare(grid="y")
    return drawn


def _spread(heights: NDArray[np.float64], gap: float) -> NDArray[np.float64]:
    """Move heights `gap` apart, so that names beside them can be read; NaN stays."""
    known = np.flatnonzero(np.isfinite(heights))
    order = known[np.argsort(heights[known], kind="stable")]
    placed = heights.copy()
    for before, after in pairwise(order.tolist()):
        placed[after] = max(placed[after], placed[before] + gap)
    if len(order):
        placed -= placed[order].mean() - heights[order].mean()
    return placed
