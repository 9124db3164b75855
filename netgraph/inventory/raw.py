"""What a reader hands over: cells as they stand in the file, column by column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from netgraph.inventory.findings import Finding
    from netgraph.inventory.model import Source
    from netgraph.inventory.packed import PackedTexts

    Cells = NDArray[Any] | PackedTexts


@dataclass(frozen=True, eq=False)
class RawTable:
    """One table as read.

    Parameters
    ----------
    name
        Name as the source spells it.
    columns
        By name as the source spells it; shape (n,). Object arrays of str, int, float, bool, date,
        datetime, shapely geometry or None, numeric arrays, texts as bytes, or points of shape
        (n, 2).
    lines
        Row numbers for a person, shape (n,).
    place
        What the row numbers count in: ``spans.csv``, ``sheet spans``, ``layer spans``.
    crs
        Reference system that the source itself states for the geometries.
    """

    name: str
    columns: Mapping[str, Cells]
    lines: NDArray[np.int64]
    place: str
    crs: str = ""

    def where(self, row: int) -> str:
        """Name the place of one row, given its position."""
        return Message("{0} row {1}", self.place, self.lines[row])

    def loaded(self) -> RawTable:
        """Give the table with its cells; a reader may leave them on disk until they are wanted."""
        return self


@dataclass(frozen=True, eq=False)
class RawInventory:
    """All tables as read, with what went wrong so far.

    Parameters
    ----------
    tables
        In the order of the source.
    sources
        Files.
    findings
        About reading, such as an encoding.
    problems
        What makes the input unreadable, one sentence each.
    """

    tables: tuple[RawTable, ...]
    sources: tuple[Source, ...] = ()
    findings: tuple[Finding, ...] = ()
    problems: tuple[str, ...] = field(default=())


def unique_headings(headings: Sequence[object]) -> list[str]:
    """Make headings keys of a mapping: repeated ones get spaces behind, so that none is lost.

    Matching ignores the spaces and therefore finds, and refuses, a column that stands twice.
    """
    names: list[str] = []
    for heading in headings:
        name = "" if heading is None else str(heading)
        while name in names:
            name += " "
        names.append(name)
    return names


def object_array(cells: Sequence[object]) -> NDArray[np.object_]:
    """Put cells into an object array of shape (n,), whatever they are."""
    array = np.empty(len(cells), dtype=object)
    array[:] = cells if isinstance(cells, list) else list(cells)
    return array
