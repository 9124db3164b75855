"""What the items ask of the groups of circuits, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import Section
from netgraph.scoring.results import FAILS, HOLDS, OPEN

if TYPE_CHECKING:
    from collections.abc import Sequence

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

    `plant` and `logical` hold ABSENT for a section that no route has. Of a roleless group nobody
    knows where its sections end, nor whether a route has others.
    """

    is_single: Flags
    plant: NDArray[np.int8]
    logical: NDArray[np.int8]
    is_wireless: Flags
    access_b_plant: Values
    is_roleless: Flags

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
    verdicts = audit.verdicts
    n_rows, n_sections = len(verdicts.sections), len(COLUMN_OF)
    plant = np.full((n_rows, n_sections), ABSENT, dtype=np.int8)
    logical, wireless = plant.copy(), np.zeros((n_rows, n_sections), dtype=bool)
    for row, found in enumerate(verdicts.sections):  # most units are like another one
        for section in found.plant:
            column = COLUMN_OF[section]
            plant[row, column] = _CODES[found.plant[section]]
            logical[row, column] = _CODES[found.logical[section]]
            wireless[row, column] = section in found.wireless
    rows, is_roleless = verdicts.section_row[units], np.zeros(len(verdicts), dtype=bool)
    is_roleless[list(verdicts.roleless)] = True
    return GroupColumns(
        verdicts.is_single[units], plant[rows], logical[rows], wireless[rows],
        verdicts.access_b_plant[units], is_roleless[units],
    )  # fmt: skip
