"""The verdict on the recorded routes of one circuit or group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import Level
from netgraph.topology.csr import gather

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netgraph.diversity.levels import Section
    from netgraph.topology.csr import Csr, Ints


@dataclass(frozen=True, eq=False)
class SharedRows:
    """Rows of elements and risk groups, kept as classes of such that lie on the same links.

    Attributes
    ----------
    classes
        Row to classes, ascending.
    numbers
        Class to elements (numbers; risk groups after the elements), ascending.
    """

    classes: Csr
    numbers: Csr

    def row(self, i: int) -> Ints:
        """Elements and risk groups of one row, ascending."""
        return np.sort(gather(self.numbers, self.classes.row(i))[0])


@dataclass(frozen=True, eq=False)
class CommonTables:
    """What the routes of many units have in common; units that are alike have one row.

    See :class:`Verdict` for what the tables hold.
    """

    shared: SharedRows
    possible: Csr
    tolerated: SharedRows


class Common:
    """What the routes of one unit have in common: a row of the tables, read when asked for.

    A province shares millions of elements, and hardly anybody looks at them all.
    """

    __slots__ = ("row", "tables")

    def __init__(self, tables: CommonTables, row: int) -> None:
        self.tables = tables
        self.row = row

    @property
    def shared(self) -> tuple[int, ...]:
        """Elements that count."""
        return tuple(self.tables.shared.row(self.row).tolist())

    @property
    def possible(self) -> tuple[int, ...]:
        """Groups that may count."""
        return tuple(self.tables.possible.row(self.row).tolist())

    @property
    def tolerated(self) -> tuple[int, ...]:
        """Elements that do not count."""
        return tuple(self.tables.tolerated.row(self.row).tolist())

    def _told(self) -> tuple[tuple[int, ...], ...]:
        return self.shared, self.possible, self.tolerated

    def __eq__(self, other: object) -> bool:
        """Whether the same is in common, whatever the tables."""
        return isinstance(other, Common) and self._told() == other._told()

    def __hash__(self) -> int:
        """Hash what is in common."""
        return hash(self._told())

    def __repr__(self) -> str:
        """Show what is in common."""
        return f"Common{self._told()}"


@dataclass(frozen=True)
class Verdict:
    """What the routes of one unit share.

    Attributes
    ----------
    unit, name, circuits
        The unit, its group or circuit id, and its circuits.
    level
        See :class:`Level`; the worst proven sharing.
    is_complete
        No record is missing that could make the level worse.
    logical_diverse, plant_diverse, physical_diverse
        True, False, or None where a missing record decides.
    section_levels, section_plant, section_logical
        The same by section, for sections that a route of the unit has; the buildings at the two
        ends of a section are exempt.
    wireless_sections
        Sections that would share plant, a link or a device without their wireless routes.
    access_b_plant
        Plant diversity of the access section at B with the entry tolerance at B (item LN2).
    common
        What all routes touch: `shared`, `possible` and `tolerated` elements.
    missing
        Records that are missing, in words; `undrawn`: those of them that would tell whether the
        routes meet in a group of `possible`.
    roleless
        Roles of offices, in words, without which nobody knows where its sections end: so none of
        these is diverse. The level of the whole does not rest on them.
    is_single
        There is no second route; `is_unconfirmed`: nothing is recorded about one.
    is_surveyed
        Every route is drawn and surveyed throughout.
    """

    unit: int
    name: str
    circuits: tuple[int, ...]
    level: Level
    is_complete: bool
    logical_diverse: bool | None
    plant_diverse: bool | None
    physical_diverse: bool | None
    section_levels: Mapping[Section, Level]
    section_plant: Mapping[Section, bool | None]
    section_logical: Mapping[Section, bool | None]
    wireless_sections: frozenset[Section]
    access_b_plant: bool | None
    common: Common
    missing: tuple[str, ...]
    undrawn: tuple[str, ...]
    roleless: tuple[str, ...]
    is_single: bool
    is_unconfirmed: bool
    is_derived: bool
    is_suspected: bool
    is_surveyed: bool

    @property
    def shared(self) -> tuple[int, ...]:
        """Shared elements (numbers; risk groups after the elements) that count."""
        return self.common.shared

    @property
    def possible(self) -> tuple[int, ...]:
        """Groups (numbered likewise) of which all routes touch something that may belong to them.

        Or that does, where another route only may.
        """
        return self.common.possible

    @property
    def tolerated(self) -> tuple[int, ...]:
        """Shared elements at the A building that do not count."""
        return self.common.tolerated

    @property
    def confidence(self) -> str:
        """Confirmed (surveyed), by_records or undecidable."""
        if self.level is Level.UNDECIDABLE:
            return "undecidable"
        return "confirmed" if self.is_surveyed else "by_records"
