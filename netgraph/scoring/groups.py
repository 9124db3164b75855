"""What the items ask of the groups of circuits, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import Section
from netgraph.scoring.results import FAILS, HOLDS, OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.audit.run import Audit
    from netgraph.scoring.results import Flags, Values
    from netgraph.topology.csr import Ints

#: No route of the group has the section.
ABSENT = -2
_CODES = {True: HOLDS, False: FAILS, None: OPEN}
COLUMN_OF = {section: i for i, section in enumerate(Section)}


@dataclass(frozen=True)
class GroupColumns:
    """Verdicts of groups; arrays of shape (groups,), or (groups, sections) in their order.

    `plant` and `logical` hold ABSENT for a section that no route has.
    """

    is_single: Flags
    plant: NDArray[np.int8]
    logical: NDArray[np.int8]
    is_wireless: Flags
    access_b_plant: Values

    def diverse(self, rows: Ints, sections: Sequence[Section], aspect: str) -> Values:
        """Tell whether groups are diverse in some sections; without a second route they are not.

        A wireless second route is no pass. A section that no route has is unknown.

        Parameters
        ----------
        rows
            Positions of the groups.
        aspect
            plant or logical.
        """
        columns = [COLUMN_OF[section] for section in sections]
        found = getattr(self, aspect)[rows][:, columns]
        is_open = (found == OPEN).any(axis=1) | (found == ABSENT).all(axis=1)
        value = np.where((found == FAILS).any(axis=1), FAILS, np.where(is_open, OPEN, HOLDS))
        value[(value == HOLDS) & self.is_wireless[rows][:, columns].any(axis=1)] = FAILS
        value[self.is_single[rows]] = FAILS
        return value.astype(np.int8)

    def has(self, rows: Ints, section: Section) -> Flags:
        """Tell which groups have a route with a section."""
        found: Flags = self.plant[rows, COLUMN_OF[section]] != ABSENT
        return found


def group_columns(audit: Audit, units: Ints) -> GroupColumns:
    """Gather the verdicts of some units."""
    n, n_sections = len(units), len(COLUMN_OF)
    plant = np.full((n, n_sections), ABSENT, dtype=np.int8)
    logical = plant.copy()
    wireless = np.zeros((n, n_sections), dtype=bool)
    verdicts = [audit.verdicts[unit] for unit in units.tolist()]
    for row, verdict in enumerate(verdicts):
        _put(plant[row], verdict.section_plant)
        _put(logical[row], verdict.section_logical)
        _flag(wireless[row], verdict.wireless_sections)
    return GroupColumns(
        np.array([verdict.is_single for verdict in verdicts], dtype=bool),
        plant, logical, wireless,
        np.array([_CODES[verdict.access_b_plant] for verdict in verdicts], dtype=np.int8),
    )  # fmt: skip


def _put(row: Values, found: Mapping[Section, bool | None]) -> None:
    for section, value in found.items():
        row[COLUMN_OF[section]] = _CODES[value]


def _flag(row: Flags, sections: Iterable[Section]) -> None:
    for section in sections:
        row[COLUMN_OF[section]] = True
