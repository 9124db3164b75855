"""Which kinds of element weigh on which aspect of diversity, and the level that each yields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import Level
from netgraph.topology.elements import (
    BUILDING,
    CABLE,
    DEVICE,
    LINK,
    LOCATION,
    POINT,
    ROOM,
    SPAN,
    TRENCH,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Kinds that a shared risk group gets, after the element kinds: the last for a group of which it is
#: not known whether all that touch it belong to it.
RISK_GROUP, SUSPECT, POSSIBLE = 9, 10, 11

LEVEL_OF_KIND = {
    LINK: Level.SAME_LINK, CABLE: Level.SAME_CABLE, SPAN: Level.SAME_TRENCH,
    TRENCH: Level.SAME_TRENCH, SUSPECT: Level.SAME_TRENCH, POINT: Level.SAME_STRUCTURE,
    RISK_GROUP: Level.SAME_RISK_GROUP, DEVICE: Level.SAME_DEVICE, ROOM: Level.SAME_OFFICE,
    LOCATION: Level.SAME_OFFICE, BUILDING: Level.SAME_OFFICE, POSSIBLE: Level.UNDECIDABLE,
}  # fmt: skip


def _kinds(*kinds: int) -> NDArray[np.bool_]:
    """Which kinds belong to a class, as a table to look kinds up in."""
    table = np.zeros(POSSIBLE + 1, dtype=bool)
    table[list(kinds)] = True
    return table


PLANT = _kinds(CABLE, SPAN, TRENCH, SUSPECT, POINT, RISK_GROUP)
LOGICAL = _kinds(LINK, DEVICE)
INDOOR = _kinds(DEVICE, ROOM, LOCATION, BUILDING)
TOLERABLE = _kinds(SPAN, TRENCH, SUSPECT, POINT)
