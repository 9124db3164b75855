"""What is shared where: stretches and points along working routes, as columns and as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import Section
from netgraph.diversity.views import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netgraph.topology.csr import Csr, Ints

    Floats = NDArray[np.float64]


#: Kinds of run; those of stretches come first, in the order of their codes in the kernel.
RUN_KINDS = (
    "link", "cable", "trench", "structure", "risk_group", "equipment", "office", "single_route",
    "radio_backup", "undecidable",
)  # fmt: skip
KIND_CODE = {kind: code for code, kind in enumerate(RUN_KINDS)}
#: Names of the sections by code; the last one is for what lies in none (-1).
SECTION_NAMES = (*(section.value for section in Section), "")


@dataclass(frozen=True, slots=True)
class SharedRun:
    """One contiguous shared stretch of a working route, or one shared point.

    Attributes
    ----------
    kind
        link, cable, trench, structure, risk_group, equipment, office, single_route, radio_backup
        or undecidable.
    from_place, to_place
        First and last lasting point (office, site, cabinet, manhole) of the stretch; -1 unknown.
    elements
        Ids of the shared elements (of the missing records, when undecidable), in order.
    length_m, distance_from_a_m
        Length of the stretch, and where it begins along the working route: infinite for a point
        behind a gap in the records, at a distance that is not known.
    """

    kind: str
    from_place: int
    to_place: int
    elements: tuple[str, ...]
    length_m: float
    distance_from_a_m: float
    section: str


@dataclass(frozen=True, slots=True)
class SharedPositions:
    """Positions of all that a unit shares, along the working route of its first circuit."""

    runs: tuple[SharedRun, ...]
    shared_length_m: float
    single_route_m: float

    @property
    def first(self) -> SharedRun | None:
        """The shared stretch or point nearest to A."""
        return min(self.runs, key=lambda run: run.distance_from_a_m, default=None)


@dataclass(frozen=True, eq=False)
class RunNames:
    """Names behind the numbers of what runs share: elements, then risk groups, then words."""

    tables: tuple[NDArray[np.object_], ...]

    def of(self, numbers: NDArray[np.int32]) -> tuple[str, ...]:
        """Names of some numbers, in order, each once."""
        names: dict[str, None] = {}
        for number in numbers.tolist():
            names[self._name(number)] = None
        return tuple(names)

    def of_rows(self, rows: Csr) -> list[tuple[str, ...]]:
        """Names of the numbers in many rows, of each row as :meth:`of` gives them."""
        named, first = np.empty(len(rows.indices), dtype=object), 0
        for table in self.tables:
            here = (rows.indices >= first) & (rows.indices < first + len(table))
            named[here] = table[rows.indices[here] - first]
            first += len(table)
        names = list(map(str, named.tolist()))
        bounds = pairwise(rows.indptr.tolist())
        return [tuple(dict.fromkeys(names[low:high])) for low, high in bounds]

    def _name(self, number: int) -> str:
        for table in self.tables:
            if number < len(table):
                break
            number -= len(table)
        return str(table[number])


@dataclass(frozen=True, eq=False)
class RunTable(View[SharedRun]):
    """Shared runs as columns; a run becomes a value when it is asked for.

    Attributes
    ----------
    kind, section
        Positions in RUN_KINDS and SECTION_NAMES (-1 for no section).
    from_place, to_place, length_m, start_m
        As in :class:`SharedRun`.
    low, high
        Where its numbers begin and end in `member`.
    member
        Numbers of what is shared, for `names`.
    """

    kind: NDArray[np.int8]
    from_place: NDArray[np.int32]
    to_place: NDArray[np.int32]
    section: NDArray[np.int8]
    length_m: Floats
    start_m: Floats
    low: NDArray[np.int32]
    high: NDArray[np.int32]
    member: NDArray[np.int32]
    names: RunNames

    def __len__(self) -> int:
        """Count the runs."""
        return len(self.kind)

    def _one(self, at: int) -> SharedRun:
        return SharedRun(
            RUN_KINDS[self.kind[at]],
            int(self.from_place[at]),
            int(self.to_place[at]),
            self.elements(at),
            float(self.length_m[at]),
            float(self.start_m[at]),
            SECTION_NAMES[self.section[at]],
        )

    def elements(self, at: int) -> tuple[str, ...]:
        """Ids of what a run shares."""
        return self.names.of(self.member[self.low[at] : self.high[at]])

    def taken(self, order: Ints) -> RunTable:
        """Give some of the runs, in some order."""
        return RunTable(
            kind=self.kind[order],
            from_place=self.from_place[order],
            to_place=self.to_place[order],
            section=self.section[order],
            length_m=self.length_m[order],
            start_m=self.start_m[order],
            low=self.low[order],
            high=self.high[order],
            member=self.member,
            names=self.names,
        )


@dataclass(frozen=True, eq=False)
class LocatedUnits(View[SharedPositions]):
    """What each of many units shares where; units that are alike have one row.

    Attributes
    ----------
    row
        Row of each unit; shape (units,).
    ptr
        Row to runs: ``runs[ptr[row]:ptr[row + 1]]``, from A.
    runs
        Of all rows.
    shared_length_m, single_route_m
        Of each row.
    """

    row: NDArray[np.int32]
    ptr: Ints
    runs: RunTable
    shared_length_m: Floats
    single_route_m: Floats

    def __len__(self) -> int:
        """Count the units."""
        return len(self.row)

    def __iter__(self) -> Iterator[SharedPositions]:
        """Go through the units."""
        return iter(self[:])

    def _one(self, at: int) -> SharedPositions:
        return self._of_row(int(self.row[at]))

    def _some(self, at: range) -> tuple[SharedPositions, ...]:
        """Units that are alike share one value."""
        rows = self.row[np.arange(at.start, at.stop, at.step)].tolist()
        made = {row: self._of_row(row) for row in dict.fromkeys(rows)}
        return tuple([made[row] for row in rows])

    def _of_row(self, row: int) -> SharedPositions:
        return SharedPositions(
            self.runs[int(self.ptr[row]) : int(self.ptr[row + 1])],
            float(self.shared_length_m[row]),
            float(self.single_route_m[row]),
        )

    def __eq__(self, other: object) -> bool:
        """Whether units share the same in the same places."""
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]
