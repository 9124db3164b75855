"""The verdicts of all units, as columns: one becomes a value when somebody asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, overload

import numpy as np

from netgraph.diversity.levels import PASSING, RANK, Level, Section
from netgraph.diversity.verdict import Common, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netgraph.diversity.verdict import CommonTables
    from netgraph.topology.csr import Csr

    Flags = NDArray[np.bool_]
    #: 1, 0 or -1 for true, false and undecided.
    Trits = NDArray[np.int8]

_LEVELS = tuple(Level)
_SECTIONS = tuple(Section)
_VALUE = {1: True, 0: False, -1: None}
_IS_PASSING = np.array([level in PASSING for level in Level])


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


@dataclass(frozen=True, eq=False)
class Verdicts(Sequence[Verdict]):
    """Verdicts by unit; arrays of shape (units,).

    Attributes
    ----------
    names, circuits
        Group or circuit id of each unit, and its circuits.
    level
        Rank of the level, worst first.
    logical, plant, physical, access_b_plant
        Aspects, as trits.
    section_row, sections
        Sections by row, and the row of each unit.
    common_row, tables
        What the routes have in common by row, and the row of each unit.
    is_single, is_unconfirmed, is_derived, is_suspected, is_surveyed
        As in :class:`Verdict`.
    lacking, undrawn
        Unit to the records that are missing, and to those that would tell whether its routes meet
        in a group of `possible`; units that miss none are left out.
    roleless
        Unit to the roles of offices on which its sections rest, that are missing.
    """

    names: NDArray[np.object_]
    circuits: Csr
    level: NDArray[np.int8]
    logical: Trits
    plant: Trits
    physical: Trits
    access_b_plant: Trits
    section_row: NDArray[np.int32]
    sections: tuple[SectionsOfUnit, ...]
    common_row: NDArray[np.int32]
    tables: CommonTables
    is_single: Flags
    is_unconfirmed: Flags
    is_derived: Flags
    is_suspected: Flags
    is_surveyed: Flags
    lacking: Mapping[int, tuple[str, ...]]
    undrawn: Mapping[int, tuple[str, ...]]
    roleless: Mapping[int, tuple[str, ...]]
    _made: dict[int, Verdict] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        """Count the units."""
        return len(self.level)

    @overload
    def __getitem__(self, at: int) -> Verdict: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Verdict, ...]: ...
    def __getitem__(self, at: int | slice) -> Verdict | tuple[Verdict, ...]:
        """Give the verdict on one unit, or on several; the same object whenever it is asked for."""
        if isinstance(at, slice):
            return tuple([self[i] for i in range(*at.indices(len(self)))])
        unit = int(at)
        unit += len(self) if unit < 0 else 0
        made = self._made.get(unit)
        if made is None:
            made = self._made[unit] = self._verdict(unit)
        return made

    def __eq__(self, other: object) -> bool:
        """Whether the verdicts are equal, one by one."""
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def missing(self, unit: int) -> tuple[str, ...]:
        """Name the records that a unit lacks."""
        return (*self.lacking.get(unit, ()), *self.undrawn.get(unit, ()))

    @property
    def has_missing(self) -> Flags:
        """Units that lack a record."""
        result = np.zeros(len(self), dtype=bool)
        result[[unit for unit in {**self.lacking, **self.undrawn} if self.missing(unit)]] = True
        return result

    @property
    def is_complete(self) -> Flags:
        """Units for which no record is missing that could make the level worse."""
        is_open = (self.level == RANK[Level.UNDECIDABLE]) | self.has_missing
        return np.asarray(self.is_single | _IS_PASSING[self.level] | ~is_open)

    def _verdict(self, unit: int) -> Verdict:
        if not 0 <= unit < len(self):
            msg = f"there is no unit {unit}"
            raise IndexError(msg)
        level, missing = _LEVELS[self.level[unit]], self.missing(unit)
        sections, is_single = self.sections[self.section_row[unit]], bool(self.is_single[unit])
        return Verdict(
            unit=unit,
            name=self.names[unit],
            circuits=tuple(self.circuits.row(unit).tolist()),
            level=level,
            is_complete=is_single or level in PASSING or (
                level is not Level.UNDECIDABLE and not missing
            ),
            logical_diverse=_VALUE[int(self.logical[unit])],
            plant_diverse=_VALUE[int(self.plant[unit])],
            physical_diverse=_VALUE[int(self.physical[unit])],
            section_levels=sections.levels,
            section_plant=sections.plant,
            section_logical=sections.logical,
            wireless_sections=sections.wireless,
            access_b_plant=_VALUE[int(self.access_b_plant[unit])],
            common=Common(self.tables, int(self.common_row[unit])),
            missing=missing,
            undrawn=self.undrawn.get(unit, ()),
            roleless=self.roleless.get(unit, ()),
            is_single=is_single,
            is_unconfirmed=bool(self.is_unconfirmed[unit]),
            is_derived=bool(self.is_derived[unit]),
            is_suspected=bool(self.is_suspected[unit]),
            is_surveyed=bool(self.is_surveyed[unit]),
        )  # fmt: skip
