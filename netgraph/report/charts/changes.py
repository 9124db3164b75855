"""Units before and after: where the score fell, and where a diverse group was lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import PercentFormatter

from netgraph.messages import default_language
from netgraph.report import labels
from netgraph.report.charts.frame import open_chart
from netgraph.report.palette import GREEN, GREY, INK, PAPER, VERMILION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netgraph.report.labels import Language

_ROW_INCHES, _REST_INCHES = 0.36, 1.7
_MOST_UNITS = 30
_LEAST_SHIFT = 0.0005  # of full marks: less reads as no change


@dataclass(frozen=True)
class UnitShift:
    """One unit: mean share of full marks before and after, and diverse groups lost.

    An empty name stands for all units together.
    """

    name: str
    before: float
    after: float
    groups_lost: int = 0


def draw_changes(
    units: Sequence[UnitShift],
    ax: Axes | Figure | None = None,
    *,
    lang: Language | None = None,
    what: str = "changes_chart",
) -> Axes:
    """Draw each unit's mean share of full marks before (hollow) and after (full).

    Parameters
    ----------
    units
        In the order to draw; at most 30 are drawn.
    ax
        Axes to draw on, an empty figure to fill, or None for a new one.
    what
        The phrase that says what is drawn: `changes_chart` (cities), `changes_customers` or
        `changes_items` (the share of sites that pass each item).

    Returns
    -------
    Axes
    """
    lang = lang or default_language()
    shown = list(units)[:_MOST_UNITS]
    names = [unit.name or labels.text("all_units", lang) for unit in shown]
    with open_chart(ax, names, _REST_INCHES + _ROW_INCHES * max(2, len(shown))) as frame:
        drawn, at = frame.ax, np.arange(len(shown))
        for row, unit in zip(at.tolist(), shown, strict=True):
            shift = unit.after - unit.before
            is_same = abs(shift) < _LEAST_SHIFT
            colour = GREY if is_same else GREEN if shift > 0 else VERMILION
            drawn.plot([unit.before, unit.after], [row, row], color=colour, linewidth=3, zorder=3)
            drawn.plot(
                unit.before, row, "o", markersize=8, color=PAPER, markeredgecolor=INK,
                markeredgewidth=1.2, zorder=4,
            )  # fmt: skip
            drawn.plot(unit.after, row, "o", markersize=8, color=colour, zorder=5)
            sign = "=" if is_same else "▲" if shift > 0 else "▼"
            text = f"{sign} {100 * shift:+.1f}" if not is_same else sign
            if unit.groups_lost:
                text += "   " + labels.text("groups_lost_short", lang, count=unit.groups_lost)
            drawn.text(
                1.01, row, text, va="center", fontsize=9, clip_on=False,
                color=VERMILION if unit.groups_lost or shift <= -_LEAST_SHIFT else INK,
                transform=drawn.get_yaxis_transform(),
            )  # fmt: skip
        drawn.set_yticks(at, [frame.name(name) for name in names])
        drawn.set_ylim(len(shown) - 0.4, -0.6)
        drawn.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        drawn.margins(x=0.08)
        frame.title(labels.text(what, lang), labels.text("changes_chart_note", lang))
        frame.bare()
    return drawn
