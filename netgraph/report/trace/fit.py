"""How much of a sheet is told in full, so that it fits on one page of paper.

Nothing is dropped in silence: what has no room is told in fewer words, counted or named.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.cells import cell_len

from netgraph.report.trace import asked
from netgraph.report.trace import facts as trace_facts
from netgraph.report.trace import text as trace_text
from netgraph.report.trace.layout import DETAILS, lay_out
from netgraph.report.trace.unavoidable import unavoidable_heading, unavoidable_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from netgraph.report.trace.layout import Row
    from netgraph.report.trace.sheet import Cell, Trace, UnitTrace

# Lines of a page of A4, and what stands on it besides lanes; measured on the printed page.
_PAGE, _RESERVE = 80.9, 2.5
_HEAD, _UNIT_HEAD, _PANEL_HEAD, _LEGEND, _FOOT = 6.5, 3.7, 1.2, 1.3, 1.6
_STRIP = {False: 3.9, True: 7.4}  # by whether there are two lanes
# Characters of a line: of the page, of a lane, of the hazards' last column, of an answer.
_PAGE_COLUMNS, _LANE_COLUMNS, _TABLE_COLUMNS, _ANSWER_COLUMNS = 150, 54, 40, 66
_POINT_COLUMNS = 66  # of the unavoidable risks
_LINE_MM = 3.45
_BESIDE = 0.6  # above and below the map
_PICTURE_WIDTH_MM = 92.0
PICTURE_MM = (76, 66, 56)  # heights of the map to choose from
_PNG_HEAD = 24  # bytes up to width and height


@dataclass(frozen=True)
class Limits:
    """The most rows of each list; what is left over is counted."""

    hazards: int
    points: int
    items: int


# Rather shorter lists than shared cells folded in.
_CHOICES = (
    (Limits(hazards=7, points=8, items=6), DETAILS[:4]),
    (Limits(hazards=4, points=4, items=3), DETAILS[2:]),
    (Limits(hazards=2, points=2, items=2), DETAILS[4:]),
)


@dataclass(frozen=True)
class Fit:
    """One unit with the rows of its first panels, and how high its map may be."""

    unit: UnitTrace
    rows: tuple[tuple[Row, ...], ...]
    picture_mm: int = 0


@dataclass(frozen=True)
class Fitted:
    """The units whose lanes are shown, those that are only named, and the length of the lists."""

    units: tuple[Fit, ...]
    left_out: tuple[UnitTrace, ...]
    limits: Limits


def fit_units(trace: Trace, image: bytes = b"") -> Fitted:
    """Choose how much of each unit is told; the first one is always shown.

    Lines are estimated from the lengths of the texts and the shape of the map (a PNG).
    """
    others = trace.units[1:]
    for limits, details in _CHOICES:
        free = _PAGE - _RESERVE - _around(trace, limits)
        chosen, taken = _fit_first(trace, image, free, (limits, details))
        if taken <= free:
            break
    free -= taken
    units, left_out = [chosen], []
    for unit in others:
        frame = _frame(trace, unit, len(unit.panels)) + _tables(trace, unit, limits)
        sizes = ((fit, _size(trace, fit)) for fit in _fits(unit))
        found = next(((fit, size) for fit, size in sizes if size + frame <= free), None)
        if found is None:
            left_out.append(unit)
            free -= 2
            continue
        units.append(found[0])
        free -= found[1] + frame
    return Fitted(tuple(units), tuple(left_out), limits)


def _fit_first(
    trace: Trace, image: bytes, free: float, choice: tuple[Limits, range]
) -> tuple[Fit, float]:
    """Fit the first unit, which has the map beside it: rather a smaller map than fewer cells."""
    unit, (limits, details) = trace.units[0], choice
    beside = _tables(trace, unit, limits) + _unavoidable(trace, limits)
    fits = list(_fits(unit, details))
    fits += [replace(fits[-1], rows=fits[-1].rows[:1])] if len(unit.panels) > 1 else []
    fit, height, taken = fits[0], PICTURE_MM[0], 0.0
    for fit in fits:
        lanes = _frame(trace, unit, len(fit.rows)) + _size(trace, fit)
        for height in PICTURE_MM:
            taken = lanes + max(beside, _picture_lines(image, height) + _BESIDE)
            if taken <= free:
                return replace(fit, picture_mm=height), taken
    return replace(fit, picture_mm=height), taken


def _fits(unit: UnitTrace, details: range = DETAILS) -> Iterator[Fit]:
    for detail in details:
        yield Fit(unit, tuple(lay_out(panel, detail) for panel in unit.panels))


def _size(trace: Trace, fit: Fit) -> float:
    return sum(_lines(trace, rows) for rows in fit.rows)


def _around(trace: Trace, limits: Limits) -> float:
    """Lines of what stands around the units."""
    foot = _FOOT * _wrapped(trace.attribution, _PAGE_COLUMNS)
    return (
        _HEAD + _LEGEND + foot + _answers(trace, limits) + _certificates(trace, limits)
        + _score(trace, limits)
    )  # fmt: skip


def _certificates(trace: Trace, limits: Limits) -> float:
    lines = trace_facts.certificate_lines(trace, limits.items)
    return sum(_wrapped(line, _PAGE_COLUMNS) for line in lines) + (2.6 if lines else 0.0)


def _frame(trace: Trace, unit: UnitTrace, panels: int) -> float:
    """Lines around the lanes of a unit of which so many panels are shown."""
    heads = (_STRIP[panel.right is not None] + _PANEL_HEAD for panel in unit.panels[:panels])
    notes = trace_facts.unit_notes(unit, trace.lang)
    left_out = panels < len(unit.panels)
    return _UNIT_HEAD + sum(heads) + left_out + sum(_wrapped(n, _PAGE_COLUMNS) for n in notes)


def _picture_lines(image: bytes, height_mm: float) -> float:
    """Lines that the map takes at most so high; its shape stands in the head of the PNG."""
    if len(image) < _PNG_HEAD:
        return 0.0
    width, height = struct.unpack(">II", image[16:_PNG_HEAD])
    return float(min(height_mm, _PICTURE_WIDTH_MM * height / width)) / _LINE_MM


def _lines(trace: Trace, rows: Sequence[Row]) -> float:
    """Estimate the lines that rows take: between joined ones as many as the fuller side."""
    tellings = (trace_text.Telling(trace.lang), trace_text.Telling(trace.lang))
    total = 0.0
    block = [0.0, 0.0]
    for row in rows:
        sides = ((row.left, row.left_again), (row.right, row.right_again))
        lines = [
            _cell_lines(trace, cell, telling, again)
            for (cell, again), telling in zip(sides, tellings, strict=True)
        ]
        if row.is_joined:
            total += max(block) + max(lines)
            block = [0.0, 0.0]
        else:
            block = [sum(both) for both in zip(block, lines, strict=True)]
    return total + max(block)


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


def _tables(trace: Trace, unit: UnitTrace, limits: Limits) -> float:
    """Lines of the hazards and sections of a unit."""
    total = 3.2 + len(unit.sections) * 1.13
    for hazard in unit.hazards[: limits.hazards]:
        facts = trace_facts.hazard_facts(hazard, trace.lang)
        total += _wrapped(f"{facts[3]} {facts[4]} {hazard.hazard_id}", _TABLE_COLUMNS) + 0.13
    return total + (len(unit.hazards) > limits.hazards)


def _unavoidable(trace: Trace, limits: Limits) -> float:
    """Lines of what cannot be avoided, under its heading."""
    if not trace.alternatives:
        return 0.0
    lines = (unavoidable_heading(trace), *unavoidable_lines(trace, limits.points))
    return 0.6 + sum(_wrapped(line, _POINT_COLUMNS) for line in lines)


def _answers(trace: Trace, limits: Limits) -> float:
    columns = [0.0]
    for answer in trace.alternatives:
        facts = trace_facts.alternative_facts(answer, trace.lang)
        routes = [
            trace_facts.best_route(route, n, answer.layer, trace.lang)
            for n, route in enumerate(answer.routes, start=1)
        ]
        head = asked.layer_heading(trace, answer)
        told = sum(_wrapped(words, _ANSWER_COLUMNS) for words in (head, *facts, *routes))
        columns.append(2.7 + told)
    others = asked.other_lines(trace, limits.points)
    return max(columns) + sum(_wrapped(line, _PAGE_COLUMNS) for line in others) + bool(others) * 1.6


def _score(trace: Trace, limits: Limits) -> float:
    if trace.score is None:
        return 0.0
    return 4.3 + 1.15 * min(len(trace.score.items), limits.items + 1)
