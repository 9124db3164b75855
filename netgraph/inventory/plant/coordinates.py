"""Coordinates of nodes and lines: degrees on WGS 84, or metres in a plane.

Published files seldom say what their numbers are. They are degrees if most nodes lie within 180
by 90; if most lie outside they are metres in a plane, or degrees with latitude first. Single nodes
outside are mistakes. What is wrong is set aside and becomes a finding, never guessed at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.errors import InputError
from netgraph.inventory.datum import find_transformer
from netgraph.inventory.plant.rules import plant_finding
from netgraph.messages import Message
from netgraph.units import GEOGRAPHIC_CRS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.inventory.findings import Finding
    from netgraph.inventory.plant.rows import PlantRows

    Floats = NDArray[np.float64]

_MAX_LON, _MAX_LAT = 180.0, 90.0


@dataclass(frozen=True, eq=False)
class Coordinates:
    """Settled coordinates.

    Attributes
    ----------
    lon, lat
        Of the nodes, shape (nodes,); degrees, or metres if `crs` is empty; NaN if unusable.
    geometry
        Of the spans, shape (spans,); shapely lines in the same coordinates, or None.
    crs
        ``EPSG:4326`` or empty.
    findings
        What was set aside.
    """

    lon: Floats
    lat: Floats
    geometry: NDArray[np.object_]
    crs: str
    findings: list[Finding]


def settle_coordinates(rows: PlantRows) -> Coordinates:
    """Settle what the numbers of a file mean.

    Parameters
    ----------
    rows
        Rows with coordinates as stated.

    Raises
    ------
    InputError
        If the file names a reference system that cannot be transformed accurately.
    """
    lon = np.array([node.x for node in rows.nodes], dtype=np.float64)
    lat = np.array([node.y for node in rows.nodes], dtype=np.float64)
    geometry = np.full(len(rows.spans), None, dtype=object)
    geometry[:] = [span.geometry for span in rows.spans]
    if rows.crs and not rows.is_planar:
        lon, lat, geometry = _to_degrees(lon, lat, geometry, rows.crs)
    outside = _is_outside(lon, lat)
    located = int((np.isfinite(lon) & np.isfinite(lat)).sum())
    if rows.is_planar or 2 * outside.sum() > located:
        return _settle_planar(lon, lat, geometry, must_be_plane=rows.is_planar)
    return _settle_degrees(rows, lon, lat, geometry)


def _is_outside(x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Whether coordinates cannot be degrees, longitude first."""
    return (np.abs(x) > _MAX_LON) | (np.abs(y) > _MAX_LAT)


def _to_degrees(
    lon: Floats, lat: Floats, geometry: NDArray[np.object_], crs: str
) -> tuple[Floats, Floats, NDArray[np.object_]]:
    transformer = find_transformer(crs)
    if transformer is None:
        return lon, lat, geometry
    known = np.isfinite(lon) & np.isfinite(lat)
    lon[known], lat[known] = transformer.transform(lon[known], lat[known])
    moved = shapely.transform(
        geometry, lambda points: np.column_stack(transformer.transform(points[:, 0], points[:, 1]))
    )
    unusable = ~(np.isfinite(lon) & np.isfinite(lat))
    lon[unusable] = lat[unusable] = np.nan
    return lon, lat, moved


def _settle_planar(
    lon: Floats, lat: Floats, geometry: NDArray[np.object_], *, must_be_plane: bool
) -> Coordinates:
    known = np.isfinite(lon) & np.isfinite(lat)
    swapped = not _is_outside(lat[known], lon[known]).any()
    if swapped and not must_be_plane:
        message = Message("Longitude and latitude look swapped: latitudes reach beyond 90 degrees.")
        findings = [plant_finding("ND965", "nodes", "", message)]
        nothing = np.full(len(lon), np.nan)
        blank = np.full(len(geometry), None, dtype=object)
        return Coordinates(nothing, nothing.copy(), blank, GEOGRAPHIC_CRS, findings)
    message = Message("The coordinates are not degrees: they were taken as metres in a plane.")
    findings = [plant_finding("ND964", "nodes", "", message)]
    return Coordinates(lon, lat, geometry, "", findings)


def _settle_degrees(
    rows: PlantRows, lon: Floats, lat: Floats, geometry: NDArray[np.object_]
) -> Coordinates:
    findings = []
    for row in np.flatnonzero(_is_outside(lon, lat)):
        node = rows.nodes[row]
        message = Message("lon {0:g}, lat {1:g} is no place on earth.", node.x, node.y)
        findings.append(plant_finding("ND965", "nodes", node.id, message, node.place))
        lon[row] = lat[row] = np.nan
    points, owner = shapely.get_coordinates(geometry, return_index=True)
    for row in np.unique(owner[_is_outside(points[:, 0], points[:, 1])]):
        span = rows.spans[row]
        message = Message("The line has a point that is no place on earth.")
        findings.append(plant_finding("ND965", "spans", span.id, message, span.place))
        geometry[row] = None
    return Coordinates(lon, lat, geometry, GEOGRAPHIC_CRS, findings)


def check_crs(crs: str) -> list[str]:
    """Say what is wrong with a named reference system: no sentence, or one."""
    try:
        find_transformer(crs)
    except InputError as error:
        return [problem.removeprefix("inventory: ") for problem in error.problems]
    return []
