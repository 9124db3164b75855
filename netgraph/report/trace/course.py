"""Where the cells of both lanes stand in a drawing: abreast where both routes share something.

Metres alone would not do: what two routes of 400 km share is often the first kilometre, which is
then too thin to be seen. Each row of the lanes has a width of its own here, long ones a wider
one, and what is shared or missing enough to be seen. So a drawing is not to scale, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netgraph.report.trace.layout import lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from netgraph.report.trace.layout import Row
    from netgraph.report.trace.sheet import Cell, Panel

#: Places that a lane names: buildings, not what a route passes outside.
STATIONS = frozenset({"core", "aggregation", "access", "external", "office", "site"})
_JOINED = frozenset({"shared", "circuit", "tolerated"})
# Least share of the width: of a marked stretch, a stretch, a marked point. All least widths
# together leave this share to the lengths.
_MARKED, _RUN, _POINT, _FOR_LENGTHS = 0.07, 0.02, 0.016, 0.4


@dataclass(frozen=True)
class Drawn:
    """A cell of a lane and where it stands, from 0 (A) to 1 (B)."""

    cell: Cell
    begin: float
    end: float

    @property
    def middle(self) -> float:
        """Middle of the cell."""
        return (self.begin + self.end) / 2


@dataclass(frozen=True)
class Course:
    """The cells of both lanes in their order, second legs left out; `right` may be empty."""

    left: tuple[Drawn, ...]
    right: tuple[Drawn, ...]

    def ties(self) -> Iterator[tuple[Drawn, Drawn]]:
        """Yield the cells that stand for the same on both lanes, in whatever order they come.

        Of several, those with the number of the same hazard.
        """
        for one in _joined(self.left):
            same = [two for two in _joined(self.right) if _is_same(one.cell, two.cell)]
            of_number = [two for two in same if two.cell.number == one.cell.number]
            for two in of_number or same:
                yield one, two


def course_of(panel: Panel) -> Course:
    """Place the cells of a panel; O(cells of the left lane times cells of the right one)."""
    blocks = list(_blocks(lay_out(panel)))
    whole = max(*(lane.length_m for lane in (panel.left, panel.right) if lane), 1.0, 1.0)
    leasts = [max(_least(left), _least(right)) for left, right in blocks]
    shrink = min(1.0, (1 - _FOR_LENGTHS) / max(sum(leasts), 1e-9))
    widths = [
        shrink * least + _FOR_LENGTHS * max(_metres(left), _metres(right)) / whole
        for least, (left, right) in zip(leasts, blocks, strict=True)
    ]
    total = sum(widths) or 1.0
    lanes: tuple[list[Drawn], list[Drawn]] = ([], [])
    at = 0.0
    for width, block in zip(widths, blocks, strict=True):
        for lane, cells in zip(lanes, block, strict=True):
            lane.extend(_spread(cells, at, at + width / total, whole))
        at += width / total
    return Course(tuple(lanes[0]), tuple(lanes[1]))


def stations(lane: Sequence[Drawn]) -> list[Drawn]:
    """Return the buildings on a lane."""
    return [d for d in lane if d.cell.kind == "place" and d.cell.start.kind in STATIONS]


def _blocks(rows: Sequence[Row]) -> Iterator[tuple[list[Cell], list[Cell]]]:
    """Yield the cells between two that are joined, and those two."""
    left: list[Cell] = []
    right: list[Cell] = []
    for row in rows:
        if row.is_joined:
            yield left, right
            left, right = [], []
        left += [row.left] if row.left and row.left.leg == 1 else []
        right += [row.right] if row.right and row.right.leg == 1 else []
        if row.is_joined:
            yield left, right
            left, right = [], []
    yield left, right


def _spread(cells: Sequence[Cell], begin: float, end: float, whole: float) -> Iterator[Drawn]:
    """Share the width of a block among its cells; those without any stand at its end."""
    weights = [_least([cell]) + _FOR_LENGTHS * _metres([cell]) / whole for cell in cells]
    total = sum(weights)
    at = begin if total else end
    for cell, weight in zip(cells, weights, strict=True):
        width = (end - begin) * weight / total if total else 0.0
        yield Drawn(cell, at, at + width)
        at += width


def _least(cells: Sequence[Cell]) -> float:
    return sum(
        (_POINT if cell.mark else 0.0)
        if cell.kind == "place"
        else _MARKED if cell.mark else _RUN
        for cell in cells
    )  # fmt: skip


def _metres(cells: Sequence[Cell]) -> float:
    return sum(max(cell.to_m - cell.from_m, 0.0) for cell in cells)


def _joined(lane: Sequence[Drawn]) -> list[Drawn]:
    return [drawn for drawn in lane if drawn.cell.mark in _JOINED]


def _is_same(one: Cell, two: Cell) -> bool:
    return bool(one.keys & two.keys) and (one.kind == "place") == (two.kind == "place")
