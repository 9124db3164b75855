"""City and county of every place; a point of the plant counts with the nearest office or site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.places import STRUCTURE

if TYPE_CHECKING:
    from netgraph.topology import LayeredNetwork


def areas_of_places(network: LayeredNetwork) -> list[tuple[str, str]]:
    """City and county by place number, empty where none is recorded or near.

    "Nearest" is good enough to count by: degrees of longitude are scaled at the middle latitude.
    """
    places, inventory = network.places, network.inventory
    found = [("", "")] * len(places)
    for table in ("offices", "sites"):
        start = 0 if table == "offices" else len(inventory.table("offices"))
        rows = inventory.table(table)
        names = zip(rows["city"].tolist(), rows["county"].tolist(), strict=True)
        found[start : start + len(rows)] = list(names)
    located = np.isfinite(places.lon) & np.isfinite(places.lat)
    named = np.array([bool(city or county) for city, county in found], dtype=bool) & located
    points = np.flatnonzero((places.kind == STRUCTURE) & located)
    if named.any() and len(points):
        from scipy.spatial import KDTree

        scale = np.cos(np.radians(np.median(places.lat[named]))) if inventory.crs else 1.0
        xy = np.column_stack([places.lon * scale, places.lat])
        homes = np.flatnonzero(named)
        nearest = homes[KDTree(xy[homes]).query(xy[points])[1]]
        for point, home in zip(points.tolist(), nearest.tolist(), strict=True):
            found[point] = found[home]
    return found
