"""Coordinates to longitude and latitude on WGS 84: reference systems and the datums of web maps.

The obfuscated datums GCJ-02 and BD-09 shift points in China by some 100 to 700 m, enough to make
one trench look like two; they cannot be told from the numbers, so the inventory must name them.
The formulas are the public ones, as in github.com/wandergis/coordtransform, whose printed examples
the tests repeat; the inverse is a fixed-point iteration to below 1e-9 degrees (0.1 mm), where the
usual single step is metres off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from netgraph.errors import InputError
from netgraph.messages import Message
from netgraph.units import GEOGRAPHIC_CRS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PLANAR_NAMES = frozenset({"planar", "plane", "local"})
# CGCS2000 differs from WGS 84 by less than a metre; PROJ knows the pair as a ballpark only.
_SAME_AS_WGS84 = frozenset({4326, 4490, 4480, 4979})
# Beijing 1954, New Beijing and Xian 1980: what PROJ has for them is rough or for one region only.
_REFUSED = frozenset({4214, 4555, 4610})
_KRASOVSKY_A = 6378245.0
_KRASOVSKY_EE = 0.00669342162296594323
_BD_PI = np.pi * 3000.0 / 180.0
_CHINA = (72.004, 137.8347, 0.8293, 55.8271)


def find_transformer(crs: str) -> Transformer | None:
    """Find the way from a reference system to longitude and latitude.

    Parameters
    ----------
    crs
        Anything that PROJ understands, or a PROJ pipeline that yields degrees.

    Returns
    -------
    Transformer or None
        None where nothing needs to be done.

    Raises
    ------
    InputError
        If the system is unknown, or PROJ has no transformation for its datum (Xian 1980 and
        Beijing 1954 for instance): then it would return coordinates that are 10 to 100 m wrong.
    """
    try:
        if "+proj=pipeline" in crs:
            return Transformer.from_pipeline(crs)
        system = CRS.from_user_input(crs)
        geodetic = system.geodetic_crs
        base = None if geodetic is None else geodetic.to_epsg()
        if base in _SAME_AS_WGS84 and system.is_geographic:
            return None
        if base not in _REFUSED:
            rough = base in _SAME_AS_WGS84
            return Transformer.from_crs(
                system, GEOGRAPHIC_CRS, always_xy=True, allow_ballpark=rough
            )
    except CRSError as error:
        problem = Message("inventory: crs {0!r} is not a reference system that PROJ knows", crs)
        raise InputError([Message("{0}. Write it as EPSG:4547, say.", problem)]) from error
    except ProjError as error:
        raise InputError([_refusal(crs)]) from error
    raise InputError([_refusal(crs)])


def _refusal(crs: str) -> str:
    problem = Message(
        "inventory: there is no accurate transformation from crs {0!r} to WGS 84", crs
    )
    return Message(
        "{0}. Convert the coordinates, or write a PROJ pipeline for your region as crs.", problem
    )


def area_of_use(crs: str) -> tuple[float, float, float, float]:
    """Bounds (west, south, east, north) in degrees within which a system makes sense."""
    area = None if "+proj=pipeline" in crs else CRS.from_user_input(crs).area_of_use
    if area is None or area.west > area.east:
        return (-180.0, -90.0, 180.0, 90.0)
    margin = 2.0
    return (area.west - margin, area.south - margin, area.east + margin, area.north + margin)


def to_wgs84(lon: Floats, lat: Floats, datum: str) -> tuple[Floats, Floats]:
    """Convert web-map coordinates to WGS 84.

    Parameters
    ----------
    lon, lat
        Degrees, shape (n,).
    datum
        ``gcj02`` or ``bd09``; anything else is returned as it is.

    Returns
    -------
    tuple of two ndarrays of shape (n,)
        Degrees, to within 1e-9.
    """
    if datum == "bd09":
        lon, lat = _bd09_to_gcj02(lon, lat)
    if datum not in {"bd09", "gcj02"}:
        return lon, lat
    wgs_lon, wgs_lat = lon, lat
    for _ in range(30):
        shifted_lon, shifted_lat = wgs84_to_gcj02(wgs_lon, wgs_lat)
        step_lon, step_lat = lon - shifted_lon, lat - shifted_lat
        wgs_lon, wgs_lat = wgs_lon + step_lon, wgs_lat + step_lat
        steps = np.abs(np.concatenate([step_lon, step_lat]))
        if not (steps[np.isfinite(steps)] > 1e-11).any():
            break
    return wgs_lon, wgs_lat


def wgs84_to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Shift WGS 84 to GCJ-02; shape (n,), degrees; outside China nothing is shifted."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (waves + 20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (waves + 20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    radians = np.radians(lat)
    magic = 1.0 - _KRASOVSKY_EE * np.sin(radians) ** 2
    meridian = _KRASOVSKY_A * (1.0 - _KRASOVSKY_EE) / (magic * np.sqrt(magic)) * np.pi / 180.0
    parallel = _KRASOVSKY_A / np.sqrt(magic) * np.cos(radians) * np.pi / 180.0
    west, east_end, south, north_end = _CHINA
    inside = (lon >= west) & (lon <= east_end) & (lat >= south) & (lat <= north_end)
    shift_lon, shift_lat = np.where(inside, [east / parallel, north / meridian], 0.0)
    return lon + shift_lon, lat + shift_lat


def gcj02_to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Shift GCJ-02 to BD-09; shape (n,), degrees."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_PI)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _bd09_to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    gcj_lon, gcj_lat = lon - 0.0065, lat - 0.006
    for _ in range(30):
        shifted_lon, shifted_lat = gcj02_to_bd09(gcj_lon, gcj_lat)
        step_lon, step_lat = lon - shifted_lon, lat - shifted_lat
        gcj_lon, gcj_lat = gcj_lon + step_lon, gcj_lat + step_lat
        steps = np.abs(np.concatenate([step_lon, step_lat]))
        if not (steps[np.isfinite(steps)] > 1e-11).any():
            break
    return gcj_lon, gcj_lat
