"""The frame that all charts have in common: fonts, size, title, grid, small print."""

from __future__ import annotations

import textwrap
from contextlib import contextmanager
from typing import TYPE_CHECKING

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from matplotlib.patheffects import Normal, Stroke
from rich.console import Console
from rich.text import Text

from netgraph.report import labels
from netgraph.report.fonts import drawable, font_families
from netgraph.report.maps.furniture import figure_of
from netgraph.report.maps.sheet import save_png
from netgraph.report.maps.style import GRID, RC
from netgraph.report.palette import INK, MUTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

WIDTH = 8.2  # inches
_TITLE_PT, _NOTE_PT, _TICK_PT = 13, 8.5, 9.5
_MOST_LETTERS = 30  # of a name on an axis
_NOTE_COLUMNS = 112  # Latin letters in a line of the small print; a Chinese one counts twice
# Chinese fonts often have one weight (the one that netgraph ships has), and matplotlib complains of
# a missing bold; a thin outline makes the same bold of every font.
_BOLD = (Stroke(linewidth=0.05 * _TITLE_PT, foreground=INK), Normal())


class Frame:
    """Axes to draw a chart on, and the fonts that can draw its texts."""

    def __init__(self, ax: Axes, families: Sequence[str]) -> None:
        self.ax, self.families = ax, families

    def name(self, text: str, most: int = _MOST_LETTERS) -> str:
        """Return a name as it can be drawn."""
        return drawable(text, self.families, most)

    def lines(self, text: str, most: int, lines: int = 2) -> str:
        """Return a text as it can be drawn, in a few lines of so many letters."""
        whole = self.name(text, most * lines)
        return "\n".join(textwrap.wrap(whole, most, max_lines=lines, placeholder="…"))

    def title(self, text: str, note: str = "") -> None:
        """Write what the chart shows, and the small print below it."""
        lines = Text(note).wrap(Console(), _NOTE_COLUMNS)
        pad = 12 + 12 * max(len(lines), 1)
        self.ax.set_title(text, loc="left", fontsize=_TITLE_PT, path_effects=_BOLD, pad=pad)
        if note:
            small = "\n".join(line.plain.rstrip() for line in lines)
            self.ax.annotate(
                small, (0, 1), (0, 7), xycoords="axes fraction", textcoords="offset points",
                fontsize=_NOTE_PT, color=MUTED, va="bottom",
            )  # fmt: skip

    def bare(self, *, grid: str = "x") -> None:
        """Take away what is not needed to read the chart."""
        for side in ("top", "right", "left" if grid == "x" else "bottom"):
            self.ax.spines[side].set_visible(False)
        self.ax.tick_params(length=0, labelsize=_TICK_PT, labelcolor=INK)
        self.ax.grid(axis="x" if grid == "x" else "y", color=GRID, linewidth=0.8)
        self.ax.set_axisbelow(True)


@contextmanager
def open_chart(ax: Axes | Figure | None, texts: Iterable[str], height: float) -> Iterator[Frame]:
    """Open axes for a chart.

    Parameters
    ----------
    ax
        Axes to draw on, an empty figure to fill (it is resized), or None for one of pyplot.
    texts
        Names that the chart shows: with the labels they decide on the fonts.
    height
        Inches of a figure that is made or filled.
    """
    families = font_families([*texts, *labels.every_text()])
    if ax is None:
        # Loads the backend, which in a notebook must happen outside of the context below.
        plt.draw_if_interactive()  # type: ignore[no-untyped-call]  # untyped in matplotlib
    with mpl.rc_context({**RC, "font.family": families}):
        if ax is None or isinstance(ax, Figure):
            figure = plt.figure() if ax is None else ax
            figure.set_size_inches(WIDTH, height)
            figure.set_layout_engine("constrained")
            ax = figure.add_subplot()
        yield Frame(ax, families)


def write_chart(drawn: Axes, path: Path) -> None:
    """Write the figure of a chart as PNG; the same chart gives the same bytes."""
    save_png(figure_of(drawn), path)
