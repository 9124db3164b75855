"""Bars: grades per unit, the causes that hurt most, one item by unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator, PercentFormatter, StrMethodFormatter

from netgraph.messages import default_language
from netgraph.report import labels
from netgraph.report.charts.frame import open_chart
from netgraph.report.palette import GRADE_COLOURS, INK, MUTED, PAPER, SEVERITY_COLOURS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netgraph.report.charts.frame import Frame
    from netgraph.report.charts.model import UnitRatio
    from netgraph.report.labels import Language
    from netgraph.report.summary import CauseCount, UnitCount

_BAR_INCHES, _REST_INCHES = 0.33, 1.3
_BAR = 0.72  # of the room of a bar
_LEAST_SHARE_FOR_TEXT = 0.045
_MOST_UNITS, _MOST_CAUSES, _MOST_ITEMS = 20, 15, 12
_ITEM_LETTERS = {"zh": 24, "en": 40}  # of a line
_PASS_MARK = 0.6  # of an item looked at by itself: 6 of 10 in the published scheme
_HATCHES = {"excellent": "", "good": "", "fair": "//", "poor": "xx", "": ""}


def draw_grades(
    units: Sequence[UnitCount], ax: Axes | Figure | None = None, *, group: str = "by_city",
    lang: Language | None = None,
) -> Axes:  # fmt: skip
    """Draw the share of each grade in each unit, and how many sites that is.

    Parameters
    ----------
    units
        Cities or tiers, the first on top; of more than 20 the first 20.
    ax
        Axes to draw on, an empty figure to fill, or None for a new one.
    group
        "by_city" or "by_tier": the title, and whether names are looked up.

    Returns
    -------
    Axes
    """
    lang = lang or default_language()
    shown = units[:_MOST_UNITS]
    height = _REST_INCHES + _BAR_INCHES * max(2, len(shown))
    with open_chart(ax, [unit.name for unit in shown], height) as frame:
        left = np.zeros(len(shown))
        for grade in (*labels.identifiers("grade"), ""):
            counts = np.array([unit.grades.get(grade, 0) for unit in shown])
            if counts.any():
                shares = counts / np.array([max(1, unit.sites) for unit in shown])
                _draw_grade(frame, grade, counts, (left, shares), lang)
                left += shares
        names = [labels.label("tier", unit.name, lang) or "—" for unit in shown]
        _name_bars(
            frame, [f"{frame.name(n)}  {u.sites:,}" for n, u in zip(names, shown, strict=True)]
        )
        frame.ax.xaxis.set_major_formatter(PercentFormatter(1))
        frame.ax.set_xlim(0, 1)
        key = labels.label("column", "sites", lang)
        frame.title(f"{labels.text('grades', lang)} · {labels.text(group, lang)}")
        frame.ax.legend(
            loc="upper left", bbox_to_anchor=(0, 1.0), ncols=5, frameon=False, fontsize=9,
            borderaxespad=0, handlelength=1.2, columnspacing=1.2, title=None,
        ).set_loc("lower left")  # fmt: skip
        frame.ax.set_xlabel(key, fontsize=9, color=MUTED)
        frame.bare()
    return frame.ax


def _draw_grade(
    frame: Frame, grade: str, counts: np.ndarray, place: tuple[np.ndarray, np.ndarray],
    lang: Language,
) -> None:  # fmt: skip
    left, shares = place
    name = labels.label("grade", grade, lang) if grade else labels.text("no_grade", lang)
    letter = labels.label("grade_letter", grade, lang)
    label = name if lang == "zh" or not grade else f"{letter} {name}"
    bars = frame.ax.barh(
        np.arange(len(counts)), shares, _BAR, left, color=GRADE_COLOURS[grade],
        edgecolor=PAPER, linewidth=0.6, label=label,
    )  # fmt: skip
    texts = [
        f"{letter if grade else ''} {count:,}".strip() if share >= _LEAST_SHARE_FOR_TEXT else ""
        for count, share in zip(counts.tolist(), shares.tolist(), strict=True)
    ]
    light = PAPER if grade in {"excellent", "good", "poor"} else INK
    frame.ax.bar_label(bars, texts, label_type="center", fontsize=8.5, color=light)


def _name_bars(frame: Frame, names: list[str]) -> None:
    frame.ax.set_yticks(np.arange(len(names)), names)
    frame.ax.set_ylim(len(names) - 0.4, -0.6)


def draw_causes(
    causes: Sequence[CauseCount], ax: Axes | Figure | None = None, *, in_all: int = 0,
    lang: Language | None = None,
) -> Axes:  # fmt: skip
    """Draw the places that hurt most sites as bars, and the running share of all they hit.

    Parameters
    ----------
    causes
        Causes in any order; the 15 that hit most sites are drawn, worst first.
    ax
        As in :func:`draw_grades`.
    in_all
        Site hits of all causes, also those not given: what the running share is of; the given
        ones alone when 0.

    Returns
    -------
    Axes
    """
    lang = lang or default_language()
    ranked = sorted(causes, key=lambda c: (-c.sites, -c.circuits, c.cause_id))
    shown = ranked[:_MOST_CAUSES]
    total = max(in_all, sum(cause.sites for cause in ranked), 1)
    height = _REST_INCHES + 0.4 + _BAR_INCHES * max(2, len(shown))
    with open_chart(ax, [cause.place for cause in shown], height) as frame:
        sites = np.array([cause.sites for cause in shown])
        colours = [SEVERITY_COLOURS.get(cause.severity, MUTED) for cause in shown]
        bars = frame.ax.barh(
            np.arange(len(shown)), sites, _BAR, color=colours, edgecolor=INK, linewidth=0.4
        )
        running = np.cumsum(sites) / total
        texts = [
            f" {n:,}   Σ {share:.0%}" for n, share in zip(sites.tolist(), running, strict=True)
        ]
        frame.ax.bar_label(bars, texts, fontsize=8.5, color=INK)
        _name_bars(frame, [_cause_name(frame, cause, lang) for cause in shown])
        frame.ax.margins(x=0.18)
        frame.ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        frame.ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        frame.title(labels.text("causes_chart", lang), labels.text("causes_chart_note", lang))
        frame.bare()
    return frame.ax


def _cause_name(frame: Frame, cause: CauseCount, lang: Language) -> str:
    kind = labels.label("kind", cause.kind, lang)
    severity = labels.label("severity", cause.severity, lang)
    gap = "" if lang == "zh" else " "
    return f"{frame.name(cause.place, 34)}\n{severity}{gap}·{gap}{kind}"


def draw_shortfalls(
    lost: Mapping[str, float], ax: Axes | Figure | None = None, *, lang: Language | None = None
) -> Axes:
    """Draw the items of the scorecard that cost most marks, and their running share.

    Parameters
    ----------
    lost
        Marks that all sites lose together, by the wording of the item; the 12 largest are drawn.
    ax
        As in :func:`draw_grades`.

    Returns
    -------
    Axes
    """
    lang = lang or default_language()
    ranked = sorted((item for item in lost.items() if item[1] > 0), key=lambda i: (-i[1], i[0]))
    shown, total = ranked[:_MOST_ITEMS], sum(marks for _, marks in ranked) or 1
    height = _REST_INCHES + _BAR_INCHES * max(2, len(shown))
    with open_chart(ax, [name for name, _ in shown], height) as frame:
        marks = np.array([value for _, value in shown])
        bars = frame.ax.barh(np.arange(len(shown)), marks, _BAR, color=GRADE_COLOURS["good"])
        running = (np.cumsum(marks) / total).tolist()
        texts = [f" {n:,.0f}   Σ {s:.0%}" for n, s in zip(marks.tolist(), running, strict=True)]
        frame.ax.bar_label(bars, texts, fontsize=8.5, color=INK)
        _name_bars(frame, [frame.lines(name, _ITEM_LETTERS[lang]) for name, _ in shown])
        frame.ax.margins(x=0.18)
        frame.title(labels.text("items_chart", lang), labels.text("items_chart_note", lang))
        frame.bare()
    return frame.ax


def draw_item_ranking(
    units: Sequence[UnitRatio], item: str, ax: Axes | Figure | None = None, *,
    unit: str = "city", lang: Language | None = None,
) -> Axes:  # fmt: skip
    """Draw one item unit by unit, best on top, with the pass mark of a single item.

    Parameters
    ----------
    units
        Share of the item's marks by unit; of more than 20 the last 20, of equal ones those with
        most sites.
    item
        What the item asks: the title.
    ax
        As in :func:`draw_grades`.
    unit
        "city" or "customer": what the units are called.

    Returns
    -------
    Axes
    """
    lang = lang or default_language()
    ranked = sorted(units, key=lambda u: (-u.ratio, u.sites, u.name))[-_MOST_UNITS:]
    height = _REST_INCHES + _BAR_INCHES * max(2, len(ranked))
    with open_chart(ax, [item, *(each.name for each in ranked)], height) as frame:
        ratios = np.array([each.ratio for each in ranked])
        colours = np.where(ratios >= _PASS_MARK, GRADE_COLOURS["good"], GRADE_COLOURS["poor"])
        bars = frame.ax.barh(np.arange(len(ranked)), ratios, _BAR, color=colours.tolist())
        frame.ax.bar_label(bars, [f" {ratio:.0%}" for ratio in ratios], fontsize=8.5)
        frame.ax.axvline(_PASS_MARK, color=INK, linewidth=1.0, linestyle=(0, (4, 3)))
        _name_bars(frame, [f"{frame.name(each.name) or '—'}  {each.sites:,}" for each in ranked])
        frame.ax.xaxis.set_major_formatter(PercentFormatter(1))
        frame.ax.set_xlim(0, 1.08)
        note = labels.text(f"item_chart_note_{unit}", lang, mark=f"{_PASS_MARK:.0%}")
        if len(units) > len(ranked):
            last = labels.text("item_chart_last", lang, shown=len(ranked), count=len(units))
            note += ("；" if lang == "zh" else "; ") + last
        frame.title(frame.name(item, 60), note)
        frame.bare()
    return frame.ax
