"""Lengths on the earth and in the plane, and the few unit constants.

Everything inside netgraph is in metres, degrees (WGS 84) and minutes. Lengths of geographic
coordinates are geodesic (Karney's algorithm, as PROJ implements it), never in degrees.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Geod

if TYPE_CHECKING:
    from numpy.typing import NDArray

M_PER_KM = 1000.0
MINUTES_PER_YEAR = 365.25 * 24 * 60
GEOGRAPHIC_CRS = "EPSG:4326"
_M_PER_DEGREE_AT_MOST = 111_700.0  # of latitude, at a pole


@functools.cache
def _geod() -> Geod:
    return Geod(ellps="WGS84")


def segment_lengths_m(
    lon_a: NDArray[np.float64],
    lat_a: NDArray[np.float64],
    lon_b: NDArray[np.float64],
    lat_b: NDArray[np.float64],
    *,
    planar: bool = False,
) -> NDArray[np.float64]:
    """Lengths of straight segments, element by element.

    Parameters
    ----------
    lon_a, lat_a, lon_b, lat_b
        Coordinates in degrees, or in metres when `planar`; shape (n,). NaN gives NaN.
    planar
        Take the coordinates as metres in a plane.

    Returns
    -------
    ndarray of shape (n,)
        Metres.
    """
    if planar:
        return np.hypot(lon_b - lon_a, lat_b - lat_a)
    known = np.isfinite(lon_a) & np.isfinite(lat_a) & np.isfinite(lon_b) & np.isfinite(lat_b)
    lengths = np.where(known, 0.0, np.nan)
    known &= (lon_a != lon_b) | (lat_a != lat_b)
    _, _, metres = _geod().inv(lon_a[known], lat_a[known], lon_b[known], lat_b[known])
    lengths[known] = metres
    return lengths


def segment_lengths_at_most_m(
    lon_a: NDArray[np.float64],
    lat_a: NDArray[np.float64],
    lon_b: NDArray[np.float64],
    lat_b: NDArray[np.float64],
    *,
    planar: bool = False,
) -> NDArray[np.float64]:
    """Bound the lengths of straight segments from above, in a tenth of the time.

    A geodesic is no longer than the way that is straight in degrees, nor that than if all of it
    lay where a degree of longitude is longest. Within a province the bound is 1 % too long.

    Parameters
    ----------
    lon_a, lat_a, lon_b, lat_b, planar
        As for :func:`segment_lengths_m`.

    Returns
    -------
    ndarray of shape (n,)
        Metres.
    """
    wide, high = lon_a - lon_b, lat_a - lat_b
    if not planar:
        nearest = np.where(lat_a * lat_b > 0, np.fmin(np.abs(lat_a), np.abs(lat_b)), 0.0)
        wide = wide * np.cos(np.radians(nearest)) * _M_PER_DEGREE_AT_MOST
        high = high * _M_PER_DEGREE_AT_MOST
    return np.asarray(np.hypot(wide, high))


def line_lengths_m(lines: NDArray[np.object_], *, planar: bool = False) -> NDArray[np.float64]:
    """Lengths of polylines; a missing line gives NaN.

    Parameters
    ----------
    lines
        Shapely geometries or None, in degrees (in metres when `planar`); shape (n,).
    planar
        Take the coordinates as metres in a plane.

    Returns
    -------
    ndarray of shape (n,)
        Metres. The cost is one geodesic a vertex.
    """
    lengths = np.full(len(lines), np.nan)
    present = np.flatnonzero(~shapely.is_missing(lines))
    coordinates, owner = shapely.get_coordinates(lines[present], return_index=True)
    if len(coordinates) == 0:
        return lengths
    same = owner[1:] == owner[:-1]
    start, end = coordinates[:-1][same], coordinates[1:][same]
    metres = segment_lengths_m(start[:, 0], start[:, 1], end[:, 0], end[:, 1], planar=planar)
    lengths[present] = np.bincount(owner[1:][same], weights=metres, minlength=len(present))
    return lengths
