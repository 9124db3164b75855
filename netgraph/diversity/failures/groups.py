"""Risks of several elements, whatever makes them fail together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.failures.descriptions import mean_places
from netgraph.topology.csr import Csr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True)
class RiskGroups:
    """Risks of several elements; arrays of shape (groups,).

    Attributes
    ----------
    ids, kinds, names
        ``risk_groups:R1``, ``suspected:A~B`` or ``disks:`` and a hash.
    members, possible
        Group to elements, ascending: those that belong to it, and those that may, for all that is
        recorded.
    is_geographic
        The members follow from where things lie, so what is not drawn may belong too.
    lon, lat
        Where a group of its own place lies; NaN where its members tell.
    """

    ids: NDArray[np.object_]
    kinds: NDArray[np.object_]
    names: NDArray[np.object_]
    members: Csr
    possible: Csr
    is_geographic: NDArray[np.bool_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]

    def __len__(self) -> int:
        """Count the groups."""
        return len(self.ids)


def places_of_groups(
    groups: RiskGroups, element_places: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Where groups lie: an area at a point of its own, any other amid its members; shape (n, 2).

    The one answer for every table and map.
    """
    own = np.column_stack([groups.lon, groups.lat])
    return np.where(np.isfinite(own), own, mean_places(element_places, groups.members))


def join_groups(parts: Sequence[RiskGroups]) -> RiskGroups:
    """Join tables of groups, one after the other."""

    def joined(name: str) -> NDArray[np.generic]:
        return np.concatenate([getattr(part, name) for part in parts])

    return RiskGroups(
        ids=joined("ids").astype(object),
        kinds=joined("kinds").astype(object),
        names=joined("names").astype(object),
        members=_joined([part.members for part in parts]),
        possible=_joined([part.possible for part in parts]),
        is_geographic=joined("is_geographic").astype(bool),
        lon=joined("lon").astype(np.float64),
        lat=joined("lat").astype(np.float64),
    )


def _joined(tables: Sequence[Csr]) -> Csr:
    counts = np.concatenate([table.counts for table in tables])
    return Csr(
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.concatenate([table.indices for table in tables]),
    )
