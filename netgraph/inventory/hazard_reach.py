"""How far a span that is not drawn can reach: which hazard areas it may cross unseen.

A span of recorded length L between two known ends stays within the points P with
|AP| + |PB| <= L, an ellipse. With one end known it stays within L of it; without a length it is
held to a multiple of the straight line; with neither it may be anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Objects = NDArray[np.object_]

#: Corners of the outline of an ellipse, which runs around it and never through it.
_CORNERS = 24
#: Metres of one degree of latitude where it is shortest: outlines in degrees come out too large.
_DEGREE_M = 110_500.0
#: An ellipse is never flatter than this, so that one without any slack still has an inside.
_LEAST_M = 1.0
_HALF_TURN = 180.0
_ELLIPSOID = pyproj.Geod(ellps="WGS84")


@dataclass(frozen=True)
class Reach:
    """How far plant that is not drawn is held to reach.

    Attributes
    ----------
    length_margin
        A span is no longer than so many times its recorded length.
    undrawn_detour
        A span without a length is no longer than so many times the straight line.
    """

    length_margin: float
    undrawn_detour: float


def find_reachable(
    areas: Objects, ends: Floats, length_m: Floats, reach: Reach
) -> tuple[Ints, Ints]:
    """Pairs of an area and a span that may run through it.

    Parameters
    ----------
    areas
        Valid polygons in longitude and latitude.
    ends
        Longitude and latitude of both ends, NaN where not known; shape (spans, 2, 2).
    length_m
        Recorded lengths, NaN where there is none; shape (spans,).
    reach
        See there.

    Returns
    -------
    area, span
        Never leaves out a pair within the reach; an outline is up to 2 % too large. A span with
        no known end, or with one and no length, may run through every area.
    """
    known = np.isfinite(ends[:, :, 0]) & np.isfinite(ends[:, :, 1])
    both, one = known[:, 0] & known[:, 1], known[:, 0] ^ known[:, 1]
    # Across the date line a degree is no measure of nearness: such a span is held to be anywhere.
    both &= ~(np.abs(ends[:, 0, 0] - ends[:, 1, 0]) > _HALF_TURN)
    longest = length_m * reach.length_margin
    bounded = np.flatnonzero(both | (one & np.isfinite(longest)))
    unbounded = np.setdiff1d(np.arange(len(ends)), bounded)
    first = np.where(known[:, :1], ends[:, 0], ends[:, 1])
    second = np.where(known[:, 1:], ends[:, 1], ends[:, 0])
    straight = np.zeros(len(ends))
    straight[both] = _ELLIPSOID.inv(*first[both].T, *second[both].T)[2]
    longest = np.where(np.isnan(longest), straight * reach.undrawn_detour, longest)
    # From one end alone the whole length may lie to any side of it.
    longest = np.maximum(np.where(both, longest, 2 * longest), straight)
    outlines = _outlines(first[bounded], second[bounded], longest[bounded])
    area, position = shapely.STRtree(outlines).query(areas, predicate="intersects")
    everywhere = np.repeat(np.arange(len(areas)), len(unbounded))
    return (
        np.concatenate([area, everywhere]).astype(np.int64),
        np.concatenate([bounded[position], np.tile(unbounded, len(areas))]).astype(np.int64),
    )


def _outlines(first: Floats, second: Floats, longest_m: Floats) -> Objects:
    """Outlines around the ellipses with the given foci, in degrees.

    In a plane whose degrees are as short as they get anywhere in the ellipse, no two points lie
    farther apart than on the ground: what is within the length there is within it here.
    """
    middle, half_m = (first + second) / 2, longest_m / 2
    north = np.minimum(np.abs(middle[:, 1]) + half_m / _DEGREE_M, 89.0)
    metres = np.column_stack([np.cos(np.radians(north)), np.ones(len(north))]) * _DEGREE_M
    along = (second - first) * metres
    apart_m = np.hypot(*along.T)
    is_one = apart_m < _LEAST_M
    along = np.where(is_one[:, None], [1.0, 0.0], along / np.maximum(apart_m, _LEAST_M)[:, None])
    across = np.column_stack([-along[:, 1], along[:, 0]])
    around = 1.0 / np.cos(np.pi / _CORNERS)
    high_m = np.sqrt(np.maximum(half_m**2 - (apart_m / 2) ** 2, _LEAST_M**2)) * around
    wide_m = np.maximum(half_m * around, high_m)
    turn = 2 * np.pi * np.arange(_CORNERS) / _CORNERS
    corners = (
        np.cos(turn)[None, :, None] * (along * wide_m[:, None])[:, None, :]
        + np.sin(turn)[None, :, None] * (across * high_m[:, None])[:, None, :]
    )
    outlines: Objects = shapely.polygons(middle[:, None, :] + corners / metres[:, None, :])
    return outlines
