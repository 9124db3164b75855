"""The sheet for other programs: a record of plain values, and one row a cell of every lane."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.report.trace.sheet import Cell, Lane, Trace

#: The drawing is a picture, and keys join the cells of one drawing only.
_LEFT_OUT = frozenset({"drawing", "keys", "sources"})
CELL_COLUMNS = (
    "unit", "segment", "circuit", "role", "position", "kind", "start", "end", "from_m", "to_m",
    "is_measured", "section", "links", "cables", "mark", "share", "shared", "record",
)  # fmt: skip


def trace_record(trace: Trace) -> object:
    """Return the sheet as dictionaries, lists, words and numbers."""
    return _plain(trace)


def _plain(value: object) -> object:
    if is_dataclass(value):
        named = {f.name: getattr(value, f.name) for f in fields(value) if f.name not in _LEFT_OUT}
        return {name: _plain(each) for name, each in named.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    return value


def cell_rows(trace: Trace) -> Iterator[tuple[object, ...]]:
    """List the cells of every lane from A to B, a row for each route that runs there."""
    for unit in trace.units:
        for panel in unit.panels:
            for lane in filter(None, (panel.left, panel.right)):
                yield from _lane_rows(unit.name, panel.segment, lane)


def _lane_rows(unit: str, segment: int, lane: Lane) -> Iterator[tuple[object, ...]]:
    for circuit, role in lane.routes:
        for position, cell in enumerate(lane.cells, start=1):
            yield (unit, segment, circuit, role, position, *_cell(cell))


def _cell(cell: Cell) -> tuple[object, ...]:
    shared = cell.names if cell.mark else ()
    return (
        cell.kind, cell.start.id, cell.end.id, cell.from_m, cell.to_m, cell.is_measured,
        cell.section, ";".join(cell.links), ";".join(cell.cables), cell.mark, cell.share,
        ";".join(shared), cell.record,
    )  # fmt: skip
