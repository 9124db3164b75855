"""The verdict on the recorded routes of one circuit or group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netgraph.diversity.levels import Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netgraph.diversity.levels import Section


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
    shared
        Shared elements (numbers; risk groups after the elements) that count.
    possible
        Groups (numbered likewise) of which all routes touch something that belongs to them or may.
    tolerated
        Shared elements at the A building that do not.
    missing
        Records that are missing, in words; `undrawn`: those of them that would tell whether the
        routes meet in a group of `possible`.
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
    shared: tuple[int, ...]
    possible: tuple[int, ...]
    tolerated: tuple[int, ...]
    missing: tuple[str, ...]
    undrawn: tuple[str, ...]
    is_single: bool
    is_unconfirmed: bool
    is_derived: bool
    is_suspected: bool
    is_surveyed: bool

    @property
    def confidence(self) -> str:
        """Confirmed (surveyed), by_records or undecidable."""
        if self.level is Level.UNDECIDABLE:
            return "undecidable"
        return "confirmed" if self.is_surveyed else "by_records"
