"""Two straight pieces in a plane: their distance, and where one runs close to the other.

The points of a piece that lie within d of another piece form one interval, because the distance
to a convex set is convex along a line. Its ends are solved in closed form: the points within d of
a segment are two discs and a rectangle, each of which a line meets in one interval, and as their
union is convex the interval from the least to the greatest end is exactly the union.

Every function here is compiled, works on plain numbers, and is exact up to rounding (about a
nanometre for coordinates of some hundred kilometres).
"""

from __future__ import annotations

import math
from typing import TypeAlias

from netgraph.diversity.compiled import inner

Piece: TypeAlias = tuple[float, float, float, float]
"""x, y of the start and x, y of the end."""

NOTHING = 2.0
"""Start of an empty interval of fractions (they end at 1)."""


@inner
def point_distance_squared(x: float, y: float, piece: Piece) -> float:
    """Squared distance of a point from a piece."""
    ax, ay, bx, by = piece
    dx, dy = bx - ax, by - ay
    length_squared = dx * dx + dy * dy
    px, py = x - ax, y - ay
    if length_squared > 0.0:
        along = (px * dx + py * dy) / length_squared
        along = min(1.0, max(0.0, along))
        px -= along * dx
        py -= along * dy
    return px * px + py * py


@inner
def is_crossing_properly(a: Piece, b: Piece) -> bool:
    """Whether two pieces cross in a point inside both."""
    ax, ay, bx, by = a
    cx, cy, dx, dy = b
    c_side = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    d_side = (bx - ax) * (dy - ay) - (by - ay) * (dx - ax)
    if c_side * d_side >= 0.0:
        return False
    a_side = (dx - cx) * (ay - cy) - (dy - cy) * (ax - cx)
    b_side = (dx - cx) * (by - cy) - (dy - cy) * (bx - cx)
    return a_side * b_side < 0.0


@inner
def piece_distance_squared(a: Piece, b: Piece) -> float:
    """Squared distance of two pieces; 0 where they cross."""
    if is_crossing_properly(a, b):
        return 0.0
    return min(
        point_distance_squared(a[0], a[1], b),
        point_distance_squared(a[2], a[3], b),
        point_distance_squared(b[0], b[1], a),
        point_distance_squared(b[2], b[3], a),
    )


@inner
def closest_fraction(a: Piece, b: Piece) -> float:
    """Where along `a` (0..1) it comes closest to `b`."""
    ax, ay = a[2] - a[0], a[3] - a[1]
    bx, by = b[2] - b[0], b[3] - b[1]
    if is_crossing_properly(a, b):
        return ((b[0] - a[0]) * by - (b[1] - a[1]) * bx) / (ax * by - ay * bx)
    best = point_distance_squared(a[0], a[1], b)
    fraction = 0.0
    if point_distance_squared(a[2], a[3], b) < best:
        best = point_distance_squared(a[2], a[3], b)
        fraction = 1.0
    length_squared = ax * ax + ay * ay
    for x, y in ((b[0], b[1]), (b[2], b[3])):
        if length_squared > 0.0 and point_distance_squared(x, y, a) < best:
            best = point_distance_squared(x, y, a)
            along = ((x - a[0]) * ax + (y - a[1]) * ay) / length_squared
            fraction = min(1.0, max(0.0, along))
    return fraction


@inner
def box_distance_squared(a: Piece, b: Piece) -> float:
    """Squared distance of two boxes (least x, least y, greatest x, greatest y)."""
    dx = max(0.0, a[0] - b[2], b[0] - a[2])
    dy = max(0.0, a[1] - b[3], b[1] - a[3])
    return dx * dx + dy * dy


@inner
def _disc_interval(x: float, y: float, dx: float, dy: float, radius: float) -> tuple[float, float]:
    """Fractions t where the point (x, y) + t (dx, dy) lies in a disc around the origin."""
    length_squared = dx * dx + dy * dy
    half = -(x * dx + y * dy) / length_squared
    off = (x * dy - y * dx) ** 2 / length_squared
    if off > radius * radius:
        return NOTHING, -NOTHING
    reach = math.sqrt((radius * radius - off) / length_squared)
    return half - reach, half + reach


@inner
def _slab_interval(start: float, step: float, low: float, high: float) -> tuple[float, float]:
    """Fractions t where low <= start + t step <= high."""
    if step == 0.0:
        if low <= start <= high:
            return -math.inf, math.inf
        return NOTHING, -NOTHING
    first, second = (low - start) / step, (high - start) / step
    return min(first, second), max(first, second)


@inner
def _rectangle_interval(a: Piece, b: Piece, radius: float) -> tuple[float, float]:
    """Fractions of the line of `a` in the rectangle along `b`, `radius` wide on either side."""
    ux, uy = b[2] - b[0], b[3] - b[1]
    length = math.sqrt(ux * ux + uy * uy)
    if length == 0.0:
        return NOTHING, -NOTHING
    ux, uy = ux / length, uy / length
    x, y = a[0] - b[0], a[1] - b[1]
    dx, dy = a[2] - a[0], a[3] - a[1]
    low, high = _slab_interval(x * ux + y * uy, dx * ux + dy * uy, 0.0, length)
    off_low, off_high = _slab_interval(x * uy - y * ux, dx * uy - dy * ux, -radius, radius)
    low, high = max(low, off_low), min(high, off_high)
    if low > high:
        return NOTHING, -NOTHING
    return low, high


@inner
def close_interval(a: Piece, b: Piece, radius: float) -> tuple[float, float]:
    """Fractions 0..1 of `a` whose points lie within `radius` of `b`.

    Parameters
    ----------
    a, b
        Pieces; one without length is a point.
    radius
        In the unit of the coordinates.

    Returns
    -------
    start, end
        ``start > end`` when no point lies that close.
    """
    start_squared = point_distance_squared(a[0], a[1], b)
    return interval_within(a, b, radius, (start_squared, point_distance_squared(a[2], a[3], b)))


@inner
def interval_within(
    a: Piece, b: Piece, radius: float, ends_squared: tuple[float, float]
) -> tuple[float, float]:
    """Solve :func:`close_interval` with the squared distances of the ends of `a` from `b` known."""
    limit = radius * radius
    starts_close, ends_close = ends_squared[0] <= limit, ends_squared[1] <= limit
    if starts_close and ends_close:
        return 0.0, 1.0
    dx, dy = a[2] - a[0], a[3] - a[1]
    if dx == 0.0 and dy == 0.0:
        return NOTHING, -NOTHING
    low, high = _rectangle_interval(a, b, radius)
    for x, y in ((b[0], b[1]), (b[2], b[3])):
        disc_low, disc_high = _disc_interval(a[0] - x, a[1] - y, dx, dy, radius)
        low, high = min(low, disc_low), max(high, disc_high)
    low = 0.0 if starts_close else max(low, 0.0)
    high = 1.0 if ends_close else min(high, 1.0)
    if low > high and (starts_close or ends_close):
        return low, low  # an end just touches
    return low, high


@inner
def sine_between(a: Piece, b: Piece) -> float:
    """Sine of the angle between two pieces, 0..1; 0 where one has no length."""
    ax, ay = a[2] - a[0], a[3] - a[1]
    bx, by = b[2] - b[0], b[3] - b[1]
    norm = math.sqrt((ax * ax + ay * ay) * (bx * bx + by * by))
    if norm == 0.0:
        return 0.0
    return abs(ax * by - ay * bx) / norm


@inner
def clip(piece: Piece, low: float, high: float) -> Piece:
    """Part of a piece between two fractions of it."""
    if low == 0.0 and high == 1.0:
        return piece
    x, y = piece[0], piece[1]
    dx, dy = piece[2] - x, piece[3] - y
    return x + low * dx, y + low * dy, x + high * dx, y + high * dy
