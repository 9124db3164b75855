"""From rows of the judge's arrays to verdicts: the last step, unit by unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netgraph.diversity.levels import PASSING, Level, Section
from netgraph.diversity.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netgraph.diversity.verdict import Common

_LEVELS = tuple(Level)
_SECTIONS = tuple(Section)
_VALUE = {1: True, 0: False, -1: None}


class SectionsOfUnit(NamedTuple):
    """Levels and aspects of the sections that a unit has."""

    levels: Mapping[Section, Level]
    plant: Mapping[Section, bool | None]
    logical: Mapping[Section, bool | None]
    wireless: frozenset[Section]


def sections_of_unit(row: list[int]) -> SectionsOfUnit:
    """Make sense of a row: a mask of the sections there are, then four columns a section."""
    n = len(_SECTIONS)
    present = [(bit, section) for bit, section in enumerate(_SECTIONS) if row[0] >> bit & 1]
    level, plant, logical, wireless = (row[1 + n * i : 1 + n * (i + 1)] for i in range(4))
    return SectionsOfUnit(
        {section: _LEVELS[level[bit]] for bit, section in present},
        {section: _VALUE[plant[bit]] for bit, section in present},
        {section: _VALUE[logical[bit]] for bit, section in present},
        frozenset(section for bit, section in present if wireless[bit]),
    )


class Column(NamedTuple):
    """One unit, as it comes out of the arrays."""

    name: str
    circuits: tuple[int, ...]
    level: int
    logical: int
    plant: int
    physical: int
    sections: SectionsOfUnit
    access_b_plant: int
    common: Common
    is_single: bool
    is_unconfirmed: bool
    is_derived: bool
    is_suspected: bool
    is_surveyed: bool


def verdict_of(
    unit: int, column: Column, lacking: tuple[str, ...], undrawn: tuple[str, ...]
) -> Verdict:
    """Make the verdict; `undrawn` are records that are missing, too."""
    level, sections, missing = _LEVELS[column.level], column.sections, (*lacking, *undrawn)
    return Verdict(
        unit=unit,
        name=column.name,
        circuits=column.circuits,
        level=level,
        is_complete=column.is_single or level in PASSING or (
            level is not Level.UNDECIDABLE and not missing
        ),
        logical_diverse=_VALUE[column.logical],
        plant_diverse=_VALUE[column.plant],
        physical_diverse=_VALUE[column.physical],
        section_levels=sections.levels,
        section_plant=sections.plant,
        section_logical=sections.logical,
        wireless_sections=sections.wireless,
        access_b_plant=_VALUE[column.access_b_plant],
        common=column.common,
        missing=missing,
        undrawn=undrawn,
        is_single=column.is_single,
        is_unconfirmed=column.is_unconfirmed,
        is_derived=column.is_derived,
        is_suspected=column.is_suspected,
        is_surveyed=column.is_surveyed,
    )  # fmt: skip
