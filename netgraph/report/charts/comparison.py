"""One unit beside the average: by category of the scorecard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import PercentFormatter

from netgraph.messages import default_language
from netgraph.report import labels
from netgraph.report.charts.frame import open_chart
from netgraph.report.palette import BLUE, GREY, INK, VERMILION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netgraph.report.charts.model import Profile
    from netgraph.report.labels import Language

_ROW_INCHES, _REST_INCHES = 0.42, 1.7


def draw_comparison(
    unit: Profile, average: Profile, others: Sequence[Profile] = (),
    ax: Axes | Figure | None = None, *, unit_kind: str = "city", lang: Language | None = None,
) -> Axes:  # fmt: skip
    """Draw one unit against the average of all, category by category.

    Parameters
    ----------
    unit
        The unit looked at: a bar, and how many points of a hundred it lies off the average.
    average
        Of all sites: a black line across each bar.
    others
        The other units, small and grey, so that the spread is seen.
    ax
        Axes to draw on, an empty figure to fill, or None for a new one.
    unit_kind
        "city" or "customer": what the units are.

    Returns
    -------
    Axes
    """
    lang = lang or default_language()
    rows = [name for name in average.ratios if name in unit.ratios]
    texts = [unit.name, average.name, *rows]
    with open_chart(ax, texts, _REST_INCHES + _ROW_INCHES * max(2, len(rows))) as frame:
        at = np.arange(len(rows))
        own = np.array([unit.ratios[name] for name in rows])
        mean = np.array([average.ratios[name] for name in rows])
        colours = [BLUE if o >= m else VERMILION for o, m in zip(own, mean, strict=True)]
        frame.ax.barh(at, own, 0.6, color=colours, label=frame.name(unit.name))
        for other in others:
            known = [i for i, name in enumerate(rows) if name in other.ratios]
            points = [other.ratios[rows[i]] for i in known]
            frame.ax.plot(points, known, "o", color=GREY, markersize=3.2, alpha=0.8, zorder=3)
        frame.ax.vlines(mean, at - 0.4, at + 0.4, color=INK, linewidth=2.2, zorder=4)
        for i, (o, m) in enumerate(zip(own, mean, strict=True)):
            text = f"{o:.0%}  ({100 * (o - m):+.0f})"
            frame.ax.text(1.02, i, text, va="center", fontsize=9, color=INK)
        frame.ax.set_yticks(at, [frame.name(name, 40) for name in rows])
        frame.ax.set(xlim=(0, 1.2), ylim=(len(rows) - 0.4, -0.6))
        frame.ax.set_xticks(np.arange(0, 1.01, 0.2))
        frame.ax.xaxis.set_major_formatter(PercentFormatter(1))
        title = labels.text("comparison_chart", lang, unit=frame.name(unit.name))
        frame.title(title, labels.text(f"comparison_note_{unit_kind}", lang))
        frame.bare()
    return frame.ax
