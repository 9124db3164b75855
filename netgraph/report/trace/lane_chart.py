"""Both lanes drawn into axes: bars from A to B, joined in red where they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.patches import Polygon, Rectangle
from rich.cells import cell_len

from netgraph.report import labels
from netgraph.report.fonts import LATIN_FAMILY, drawable
from netgraph.report.maps.furniture import figure_of
from netgraph.report.palette import AMBER, BLUE, GREY, INK, MUTED, PAPER, VERMILION
from netgraph.report.trace import text as trace_text
from netgraph.report.trace.course import course_of, stations
from netgraph.report.trace.words import length

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from netgraph.report.labels import Language
    from netgraph.report.trace.course import Drawn
    from netgraph.report.trace.sheet import Lane, Panel

_TOP, _BOTTOM, _HALF = 1.0, 0.0, 0.09  # middles of the lanes, half their height
_ABSENT = 0.5  # middle of the frame of a second lane that is not there
_BEFORE, _AFTER = 0.035, 0.005  # share of the width beside the lanes
_LANE_COLOURS = {"working": BLUE, "protect": AMBER}
_MARK_COLOURS = {"shared": VERMILION, "circuit": AMBER, "tolerated": VERMILION, "missing": GREY}
_LEAST = 0.006  # of the width: what is narrower cannot be seen
_MOST_LETTERS = 24  # of a name
_NAME_SIZE, _METRES_SIZE, _SIGN_SIZE = 6.5, 5.5, 7  # points
_LETTER_PT, _SIGN_LETTER_PT, _POINTS_PER_INCH = 3.5, 5.0, 72


def draw_lanes(
    panel: Panel,
    lang: Language,
    ax: Axes,
    families: Sequence[str] = (LATIN_FAMILY,),
    *,
    absent: str = "",
) -> Axes:
    """Draw the lanes of a panel as bars from A to B, joined in red where they share.

    Parameters
    ----------
    absent
        What stands in the place of the second lane where there is none.

    Returns
    -------
    Axes
        As given; not to scale: A is at 0, B at 1, and what is shared is wide enough to be seen.
    """
    chart = _Chart(ax, lang, families)
    course = course_of(panel)
    for one, two in course.ties():
        chart.tie(one, two)
    said: set[int] = set()
    chart.lane(panel.left, course.left, _TOP, said)
    if panel.right is not None:
        chart.lane(panel.right, course.right, _BOTTOM, said)
    elif absent:
        chart.absent(absent)
    ax.set_ylim(-0.55 if panel.right else _ABSENT - 0.3 if absent else 0.6, 1.55)
    ax.set_axis_off()
    return ax


class _Chart:
    """Draws what is placed already."""

    def __init__(self, ax: Axes, lang: Language, families: Sequence[str]) -> None:
        self._ax, self._lang, self._families = ax, lang, list(families)
        ax.set_xlim(-_BEFORE, 1 + _AFTER)
        figure = figure_of(ax)
        width_pt = figure.get_figwidth() * _POINTS_PER_INCH * ax.get_position().width
        self._point = (1 + _BEFORE + _AFTER) / width_pt  # one point, as a share of the lanes

    def tie(self, one: Drawn, two: Drawn) -> None:
        """Join two cells that stand for the same."""
        (a, b), (c, d) = _bounds(one), _bounds(two)
        corners = [(a, _TOP - _HALF), (b, _TOP - _HALF), (d, _HALF), (c, _HALF)]
        strength = 0.4 if one.cell.mark == "shared" else 0.12
        colour = _MARK_COLOURS[one.cell.mark]
        self._ax.add_patch(Polygon(corners, color=colour, alpha=strength, lw=0))

    def lane(self, lane: Lane, drawn: Sequence[Drawn], y: float, said: set[int]) -> None:
        """Draw the bar of a lane with its marks; numbers that are said already are left out."""
        role = lane.routes[0][1]
        colour = _LANE_COLOURS.get(role, BLUE)
        start, end = drawn[0].begin, drawn[-1].end
        bar = Rectangle((start, y - _HALF), end - start, 2 * _HALF, color=colour, alpha=0.55)
        self._ax.add_patch(bar)
        self._words(labels.label("part_letter", role, self._lang), (start, y), (-5, 0), "right",
                    "center", 8, colour, weight="bold")  # fmt: skip
        free = float("-inf")  # signs side by side
        for one in drawn:
            if one.cell.mark not in _MARK_COLOURS:
                continue
            self._mark(one, y)
            number = one.cell.number
            if number and number not in said:
                said.add(number)
                sign = trace_text.sign(one.cell)
                half = len(sign) * _SIGN_LETTER_PT / 2 * self._point
                at = max(one.middle, free + half)
                free = at + half + self._point
                self._words(sign, (at, y), (0, -13 if y == _TOP else 13), "center", "center",
                            _SIGN_SIZE, "#b34f00", weight="bold")  # fmt: skip
        if not lane.is_unknown:
            self._stations(stations(drawn), y)

    def absent(self, words: str) -> None:
        """Draw the frame of a lane that is not there."""
        half = 1.2 * _HALF
        frame = Rectangle((0, _ABSENT - half), 1, 2 * half, fill=False, ec=VERMILION, ls="--")
        self._ax.add_patch(frame)
        words = drawable(words, self._families)
        self._words(words, (0.5, _ABSENT), (0, 0), "center", "center", _SIGN_SIZE, "#b34f00")

    def _mark(self, one: Drawn, y: float) -> None:
        a, b = _bounds(one)
        mark = one.cell.mark
        is_open = mark != "shared"
        self._ax.add_patch(Rectangle(
            (a, y - 1.3 * _HALF), b - a, 2.6 * _HALF, facecolor=PAPER if is_open else VERMILION,
            edgecolor=_MARK_COLOURS[mark], lw=0.8 if is_open else 0,
            hatch="////" if mark == "missing" else None,
        ))  # fmt: skip

    def _stations(self, drawn: Sequence[Drawn], y: float) -> None:
        """Draw a tick for every building; its name and metres as far as there is room for them."""
        at = [one.middle for one in drawn]
        self._ax.vlines(at, y - 1.6 * _HALF, y + 1.6 * _HALF, color=INK, lw=1.2)
        side = 1 if y == _TOP else -1
        shifts = (16, 9) if side > 0 else (-9, -16)  # of name and metres, points
        rooms = [self._room(one) for one in drawn]
        taken = float("-inf")
        for number, (left, right, name, metres) in enumerate(rooms):
            is_last = number == len(drawn) - 1
            if left < taken or (not is_last and right > rooms[-1][0]):
                continue
            taken = right
            middle, baseline = ((left + right) / 2, y), "bottom" if side > 0 else "top"
            self._words(name, middle, (0, shifts[0]), "center", baseline, _NAME_SIZE, INK)
            self._words(metres, middle, (0, shifts[1]), "center", baseline, _METRES_SIZE, MUTED)

    def _room(self, one: Drawn) -> tuple[float, float, str, str]:
        """Return where the words of a station begin and end, its name and its metres."""
        name = drawable(one.cell.start.name or one.cell.start.id, self._families, _MOST_LETTERS)
        metres = length(one.cell.from_m, self._lang) + ("" if one.cell.is_measured else "*")
        half = (max(cell_len(name), cell_len(metres)) * _LETTER_PT / 2 + 3) * self._point
        middle = min(max(one.middle, half - _BEFORE), 1 + _AFTER - half)
        return middle - half, middle + half, name, metres

    def _words(  # noqa: PLR0913 - the arguments of an annotation
        self, words: str, at: tuple[float, float], shift: tuple[float, float], ha: str, va: str,
        size: float, colour: str, *, weight: str = "normal",
    ) -> None:  # fmt: skip
        self._ax.annotate(
            words, at, shift, textcoords="offset points", ha=ha, va=va, size=size, color=colour,
            weight=weight, family=self._families, parse_math=False,
        )  # fmt: skip


def _bounds(one: Drawn) -> tuple[float, float]:
    half = max(one.end - one.begin, _LEAST) / 2
    return one.middle - half, one.middle + half
