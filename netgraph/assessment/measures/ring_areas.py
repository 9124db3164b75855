"""City and county of every place; a point of the plant counts with the nearest office or site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.geometry.nearest import find_nearest
from netgraph.topology.places import STRUCTURE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints


@dataclass(frozen=True, eq=False)
class PlaceAreas:
    """Areas, and the one that each place lies in.

    Attributes
    ----------
    names
        City and county, empty where none is known.
    number
        Area of each place; shape (places,).
    """

    names: Sequence[tuple[str, str]]
    number: Ints

    def __getitem__(self, place: int) -> tuple[str, str]:
        """City and county of a place."""
        return self.names[int(self.number[place])]


def areas_of_places(network: LayeredNetwork) -> PlaceAreas:
    """City and county by place number, empty where none is recorded or near.

    "Nearest" is good enough to count by: degrees of longitude are scaled at the middle latitude.
    """
    places, inventory = network.places, network.inventory
    number_of: dict[tuple[str, str], int] = {("", ""): 0}
    number = np.zeros(len(places), dtype=np.int64)
    start = 0
    for table in ("offices", "sites"):
        rows = inventory.table(table)
        areas = zip(rows["city"].tolist(), rows["county"].tolist(), strict=True)
        number[start : start + len(rows)] = [
            number_of.setdefault(area, len(number_of)) for area in areas
        ]
        start += len(rows)
    located = np.isfinite(places.lon) & np.isfinite(places.lat)
    named = (number > 0) & located
    points = np.flatnonzero((places.kind == STRUCTURE) & located)
    if named.any() and len(points):
        scale = np.cos(np.radians(np.median(places.lat[named]))) if inventory.crs else 1.0
        xy = np.column_stack([places.lon * scale, places.lat])
        homes = np.flatnonzero(named)
        number[points] = number[homes[find_nearest(xy[points], xy[homes])]]
    return PlaceAreas(tuple(number_of), number)
