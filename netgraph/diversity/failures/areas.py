"""What each hazard area takes down: everything inside it or crossing its border."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.diversity.failures.groups import RiskGroups
from netgraph.errors import UsageError
from netgraph.inventory.hazard_groups import find_touching
from netgraph.topology.csr import csr_of_pairs

if TYPE_CHECKING:
    from netgraph.inventory.hazard_areas import HazardAreas
    from netgraph.topology import LayeredNetwork


def find_area_members(network: LayeredNetwork, areas: HazardAreas) -> RiskGroups:
    """Find the spans and places that each area touches; equipment fails with its place.

    Parameters
    ----------
    areas
        Polygons in EPSG:4326, as read.

    Returns
    -------
    RiskGroups
        One an area, maybe without members. Exact on the recorded geometry (straight between the
        vertices in degrees, on both sides alike); a span that is not drawn counts by its ends
        only.

    Raises
    ------
    UsageError
        If the coordinates of the inventory have no reference system: nothing can be said to be
        inside.
    """
    if network.inventory.crs == "":
        message = (
            "The coordinates of the inventory are planar and name no reference system, so hazard "
            "areas cannot be laid over them: fill inventory.crs, EPSG:4547 say."
        )
        raise UsageError(message)
    spans, places, offset = network.spans, network.places, network.elements.offset
    points = np.full(len(places), None, dtype=object)
    placed = np.flatnonzero(np.isfinite(places.lon) & np.isfinite(places.lat))
    points[placed] = shapely.points(places.lon[placed], places.lat[placed])
    in_spans, span = find_touching(areas.geometries, spans.geometry)
    in_places, place = find_touching(areas.geometries, points)
    area = np.concatenate([in_spans, in_places])
    element = np.concatenate([span + offset["spans"], place + offset["places"]])
    order = np.lexsort((element, area))
    members = csr_of_pairs(area[order], element[order], len(areas))
    inside = shapely.point_on_surface(areas.geometries)
    return RiskGroups(
        ids=np.array([f"hazard_areas:{name}" for name in areas.ids], dtype=object),
        kinds=np.array(areas.kinds, dtype=object),
        names=np.array(areas.names, dtype=object),
        members=members,
        is_geographic=np.ones(len(areas), dtype=bool),
        lon=shapely.get_x(inside),
        lat=shapely.get_y(inside),
    )
