"""Cost against benefit: the proven frontier, the list by value per cost, the chosen plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.messages import default_language
from netgraph.report import labels
from netgraph.report.charts.frame import open_chart
from netgraph.report.maps.furniture import halo
from netgraph.report.palette import AMBER, BLUE, GREEN, INK, MUTED, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netgraph.report.charts.frame import Frame
    from netgraph.report.labels import Language
    from netgraph.report.plan.model import PlannedWorks

_HEIGHT = 5.0  # inches
_YUAN = 10_000.0  # of the axis
_MOST_LETTERS = 260  # of the small print
_LEAST_GAIN = 0.0005  # of the optimum over the list, to be written
_LEAST_DECADES = 10.0  # dearest over cheapest from which on the axis of cost is logarithmic


def draw_frontier(
    works: PlannedWorks, ax: Axes | Figure | None = None, *, lang: Language | None = None
) -> Axes:
    """Draw what each budget can buy at best, beside the list by value per cost and the plan.

    Parameters
    ----------
    works
        A plan with its frontier; a plan without one shows the list and itself.
    ax
        Axes to draw on, an empty figure to fill, or None for a new one.

    Returns
    -------
    Axes
        Filled marks are proven optima; a hollow one has a bound above it, drawn as a thin line.
    """
    lang = lang or default_language()
    summary = works.summary
    level = labels.label("price_level", summary.price_level, lang)
    with open_chart(ax, [level], _HEIGHT) as frame:
        _draw_greedy(frame, works, lang)
        _draw_points(frame, works, lang)
        if summary.chosen:
            frame.ax.plot(
                summary.cost_yuan / _YUAN, summary.benefit, marker="*", markersize=17,
                color=GREEN, markeredgecolor=INK, linestyle="none", zorder=5,
                label=labels.text("frontier_plan", lang, cost=f"{summary.cost_yuan / _YUAN:,.1f}"),
            )  # fmt: skip
        _set_axes(frame, works, lang)
        note = labels.text("frontier_note", lang, level=level)
        frame.title(labels.text("frontier_title", lang), frame.name(note, _MOST_LETTERS))
        frame.bare(grid="y")
        frame.ax.legend(loc="upper left", frameon=False, fontsize=9)
    return frame.ax


def _draw_greedy(frame: Frame, works: PlannedWorks, lang: Language) -> None:
    """Draw the list by value per cost as it grows, and beyond it at the budgets of the frontier."""
    last = works.greedy[-1][0] if works.greedy else 0.0
    beyond = {
        (point.greedy_cost_yuan, point.greedy_benefit)
        for point in works.frontier
        if point.greedy_cost_yuan > last
    }
    path = [*works.greedy, *sorted(beyond)]
    if path:
        cost, benefit = np.array(path).T
        frame.ax.step(  # between two steps more money buys nothing
            cost / _YUAN, benefit, where="post", color=AMBER, linewidth=1.6,
            linestyle=(0, (4, 2)), zorder=2, label=labels.text("frontier_greedy", lang),
        )  # fmt: skip


def _draw_points(frame: Frame, works: PlannedWorks, lang: Language) -> None:
    points = works.frontier
    if not points:
        return
    cost = np.array([point.cost_yuan for point in points]) / _YUAN
    benefit = np.array([point.benefit for point in points])
    proven = np.array([point.is_proven for point in points], dtype=bool)
    # Not joined: what lies between two budgets is not known.
    for is_proven, face, name in (
        (True, BLUE, "frontier_proven"), (False, PAPER, "frontier_unproven"),
    ):  # fmt: skip
        chosen = proven == is_proven
        if chosen.any():
            frame.ax.plot(
                cost[chosen], benefit[chosen], linestyle="none", marker="o", markersize=6.5,
                markerfacecolor=face, markeredgecolor=BLUE, zorder=4,
                label=labels.text(name, lang),
            )  # fmt: skip
    for point, at in zip(points, cost.tolist(), strict=True):
        if not point.is_proven and point.bound is not None:
            frame.ax.plot([at, at], [point.benefit, point.bound], color=BLUE, linewidth=1, zorder=3)
        gain = point.benefit / point.greedy_benefit - 1 if point.greedy_benefit > 0 else 0.0
        if gain >= _LEAST_GAIN:
            frame.ax.annotate(
                f"+{gain:.1%}", (at, point.benefit), (0, 9), textcoords="offset points",
                ha="center", fontsize=8.5, color=BLUE, zorder=6, path_effects=[halo()],
            )  # fmt: skip


def _set_axes(frame: Frame, works: PlannedWorks, lang: Language) -> None:
    ax = frame.ax
    costs = [point.cost_yuan for point in works.frontier if point.cost_yuan > 0]
    if costs and max(costs) > _LEAST_DECADES * min(costs):
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
        ax.xaxis.set_minor_formatter(lambda _value, _: "")
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    ax.set_ylim(bottom=0)
    ax.set_xlabel(labels.text("frontier_cost", lang), fontsize=9.5, color=MUTED)
    ax.set_ylabel(labels.text("frontier_benefit", lang), fontsize=9.5, color=MUTED)
    budget = works.summary.budget_yuan
    if budget:
        ax.axvline(budget / _YUAN, color=MUTED, linewidth=1, linestyle=(0, (1, 2)), zorder=1)
        ax.annotate(
            labels.text("frontier_budget", lang), (budget / _YUAN, 0), (4, 5),
            xycoords=ax.get_xaxis_transform(), textcoords="offset points", fontsize=8.5,
            color=MUTED,
        )  # fmt: skip
