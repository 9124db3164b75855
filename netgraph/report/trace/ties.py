"""Which cells of two lanes are one and the same thing: what the drawings of both lanes join."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.report.trace.sheet import Cell, Lane

#: Places that a lane names: buildings, not what a route passes outside.
STATIONS = frozenset({"core", "aggregation", "access", "external", "office", "site"})
_JOINED = frozenset({"shared", "circuit", "tolerated"})


def tied_cells(left: Lane, right: Lane) -> Iterator[tuple[Cell, Cell]]:
    """Yield the cells that stand for the same on both lanes, in whatever order they come.

    Of several, those with the number of the same hazard.
    """
    for one in _joined(left):
        same = [
            two
            for two in _joined(right)
            if one.keys & two.keys and (one.kind == "place") == (two.kind == "place")
        ]
        for two in [two for two in same if two.number == one.number] or same:
            yield one, two


def _joined(lane: Lane) -> list[Cell]:
    return [cell for cell in lane.cells if cell.mark in _JOINED and cell.leg == 1]
