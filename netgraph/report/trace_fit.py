"""How much of the lanes is told in full, so that a sheet fits on one page of paper."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.cells import cell_len

from netgraph.report import trace_facts, trace_text
from netgraph.report.trace_layout import DETAILS, lay_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.report.trace import Cell, Trace, UnitTrace
    from netgraph.report.trace_layout import Row

# Lines of a page of A4, and what stands on it besides lanes; measured on the printed page.
_PAGE, _RESERVE = 80.9, 2.0
_HEAD, _UNIT_HEAD, _PANEL_HEAD, _LEGEND, _FOOT = 6.5, 3.7, 1.2, 1.3, 1.6
_STRIP = {False: 4.4, True: 7.4}  # by whether there are two lanes
_LANE_COLUMNS = 50  # characters of a cell
_PAGE_COLUMNS = 150
_SIDE_COLUMNS = 68  # characters of a column beside the other answers
_TABLE_COLUMNS = 40  # characters of the hazards' last column
MOST_HAZARDS, MOST_ITEMS, MOST_POINTS = 7, 6, 8
_LINE_MM = 3.45
_PICTURE_WIDTH_MM = 92.0
PICTURE_MM = (76, 66, 56)  # heights of the map to choose from
_PNG_HEAD = 24  # bytes up to width and height


@dataclass(frozen=True)
class Fit:
    """One unit with the rows of its panels, and how high its map may be."""

    unit: UnitTrace
    rows: tuple[tuple[Row, ...], ...]
    picture_mm: int = 0


@dataclass(frozen=True)
class Fitted:
    """The units whose lanes are shown, and those that are only named."""

    units: tuple[Fit, ...]
    left_out: tuple[UnitTrace, ...]


def fit_units(trace: Trace, image: bytes = b"") -> Fitted:
    """Choose how much of each unit is told; the first one is always shown.

    Lines are estimated from the lengths of the texts and the shape of the map (a PNG).
    """
    free = _PAGE - _RESERVE - _around(trace)
    first, *others = trace.units
    chosen, taken = _fit_first(trace, first, image, free)
    free -= taken
    units, left_out = [chosen], []
    for unit in others:
        frame = _frame(trace, unit) + _tables(trace, unit)
        sizes = ((_fit(unit, detail), _size(trace, unit, detail)) for detail in DETAILS)
        found = next(((fit, size) for fit, size in sizes if size + frame <= free), None)
        if found is None:
            left_out.append(unit)
            free -= 2
            continue
        units.append(found[0])
        free -= found[1] + frame
    return Fitted(tuple(units), tuple(left_out))


def _fit_first(trace: Trace, unit: UnitTrace, image: bytes, free: float) -> tuple[Fit, float]:
    """Fit the first unit, which has the map beside it: rather a smaller map than fewer cells."""
    beside = _tables(trace, unit) + _unavoidable(trace)
    fit, taken = _fit(unit, DETAILS[-1]), 0.0
    for detail in DETAILS:
        fit, size = _fit(unit, detail), _size(trace, unit, detail)
        for height in PICTURE_MM:
            taken = _frame(trace, unit) + size + max(beside, _picture_lines(image, height))
            if taken <= free:
                return replace(fit, picture_mm=height), taken
    return replace(fit, picture_mm=PICTURE_MM[-1]), taken


def _fit(unit: UnitTrace, detail: int) -> Fit:
    return Fit(unit, tuple(lay_out(panel, detail) for panel in unit.panels))


def _size(trace: Trace, unit: UnitTrace, detail: int) -> float:
    return sum(_lines(trace, rows) for rows in _fit(unit, detail).rows)


def _around(trace: Trace) -> float:
    """Lines of what stands around the units."""
    foot = _FOOT * _wrapped(trace.attribution, _PAGE_COLUMNS)
    return _HEAD + _LEGEND + foot + _answers(trace) + _score(trace)


def _frame(trace: Trace, unit: UnitTrace) -> float:
    """Lines around the lanes of a unit."""
    panels = sum(_STRIP[panel.right is not None] + _PANEL_HEAD for panel in unit.panels)
    notes = trace_facts.unit_notes(unit, trace.lang)
    return _UNIT_HEAD + panels + sum(_wrapped(note, _PAGE_COLUMNS) for note in notes)


def _picture_lines(image: bytes, height_mm: float) -> float:
    """Lines that the map takes at most so high; its shape stands in the head of the PNG."""
    if len(image) < _PNG_HEAD:
        return 0.0
    width, height = struct.unpack(">II", image[16:_PNG_HEAD])
    return float(min(height_mm, _PICTURE_WIDTH_MM * height / width)) / _LINE_MM


def _lines(trace: Trace, rows: Sequence[Row]) -> float:
    """Estimate the lines that rows take: each as many as the fuller of its cells."""
    tellings = (trace_text.Telling(trace.lang), trace_text.Telling(trace.lang))
    total = 0.0
    for row in rows:
        sides = ((row.left, row.left_again), (row.right, row.right_again))
        total += max(
            _cell_lines(trace, cell, telling, again)
            for (cell, again), telling in zip(sides, tellings, strict=True)
        )
    return total


def _cell_lines(
    trace: Trace,
    cell: Cell | None,
    telling: trace_text.Telling,
    again: tuple[float, float] | None,
) -> float:
    told = telling.tell(cell)
    if cell is None:
        return 0.0
    words = trace_text.content(cell, trace_text.end_letter(trace, cell), trace.lang, again)
    lines = _wrapped(f"{trace_text.sign(cell)} {words}", _LANE_COLUMNS) + 0.12
    return lines + (0.9 * _wrapped(told.carrier, _LANE_COLUMNS) if told.carrier else 0.0)


def _wrapped(words: str, columns: int) -> int:
    return max(1, math.ceil(cell_len(words) / columns))


def _tables(trace: Trace, unit: UnitTrace) -> float:
    """Lines of the hazards and sections of a unit."""
    total = 3.2 + len(unit.sections) * 1.13
    for hazard in unit.hazards[:MOST_HAZARDS]:
        facts = trace_facts.hazard_facts(hazard, trace.lang)
        total += _wrapped(f"{facts[3]} {facts[4]} {hazard.hazard_id}", _TABLE_COLUMNS) + 0.13
    return total + (len(unit.hazards) > MOST_HAZARDS)


def _unavoidable(trace: Trace) -> float:
    if not trace.alternatives:
        return 0.0
    count = len(trace.alternatives[-1].unavoidable)
    return 1.6 + max(1, min(count, MOST_POINTS)) + (count > MOST_POINTS)


def _answers(trace: Trace) -> float:
    columns = [0.0]
    for answer in trace.alternatives:
        facts = trace_facts.alternative_facts(answer, trace.lang)
        routes = [
            trace_facts.best_route(route, n, answer.layer, trace.lang)
            for n, route in enumerate(answer.routes, start=1)
        ]
        columns.append(3.7 + sum(_wrapped(words, _SIDE_COLUMNS) for words in (*facts, *routes)))
    return max(columns)


def _score(trace: Trace) -> float:
    if trace.score is None:
        return 0.0
    return 3.9 + 1.15 * min(len(trace.score.items), MOST_ITEMS + 1)
