"""From longitude and latitude to metres in a plane, and lines as short straight pieces there.

One transverse Mercator projection is laid through the middle of the data. It is conformal: around
any point it keeps shapes and stretches all directions by one factor, the scale, which is 1 on the
central meridian, 1.0005 at 200 km and 1.05 at 2,000 km from it. Every piece of a line carries the
scale at its middle, and the measurements divide by it, so that lengths, and distances of up to a
few kilometres, are right to better than 0.01 % up to 45 degrees from the meridian, not only near
the middle.

A line between two vertices is straight in longitude and latitude, as RFC 7946 (GeoJSON) section
3.1.1 has it, and that is no straight line in the projection. Pieces of at most `max_piece_m`
metres follow it to ``max_piece_m**2 * tan(latitude) / (8 * R)``: 4 mm for the default of 500 m at
40 degrees. Planar coordinates are taken as metres and pass through with scale 1.

Sources: PROJ, "tmerc" (Poder/Engsager; good to nanometres within 3,900 km of the meridian), and
beyond 500 km the scale that it computes; nearer the scale of the sphere, cosh(x/R), with the
Gaussian radius of the place, after Snyder, "Map projections: a working manual" (USGS 1395, 1987),
section 8, which is 1e-7 off at 560 km and was 1e-4 off at 3,500 km.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import shapely
from pyproj import Proj
from shapely import LineString

from netgraph.errors import InputError, UsageError
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

Floats: TypeAlias = "NDArray[np.float64]"
Integers: TypeAlias = "NDArray[np.int64]"
Booleans: TypeAlias = "NDArray[np.bool_]"
Geometries: TypeAlias = "Sequence[BaseGeometry | None] | NDArray[np.object_]"

SEMI_MAJOR_M = 6_378_137.0  # WGS 84
ECCENTRICITY_SQUARED = 0.006_694_379_990_141_3  # WGS 84
MAX_PIECE_M = 500.0
NEAR_M = 500_000.0  # up to here from the meridian a short formula gives the scale
MAX_FROM_MERIDIAN_DEG = 80.0  # beyond, a transverse Mercator plane is of no use


@dataclass(frozen=True)
class LocalPlane:
    """A transverse Mercator plane around a central meridian, or the plane of the input itself.

    Parameters
    ----------
    lon_0, lat_0
        Degrees (WGS 84) of the origin.
    planar
        The input is in metres already: nothing is projected.
    """

    lon_0: float = 0.0
    lat_0: float = 0.0
    planar: bool = False

    @property
    def definition(self) -> str:
        """The projection as a PROJ string; empty for planar input."""
        if self.planar:
            return ""
        return f"+proj=tmerc +lon_0={self.lon_0!r} +lat_0={self.lat_0!r} +k=1 +ellps=WGS84 +units=m"

    def project(self, coordinates: Floats) -> Floats:
        """Plane coordinates in metres of lon/lat (or planar) coordinates; shape (n, 2)."""
        if self.planar:
            return coordinates
        x, y = Proj(self.definition)(coordinates[:, 0], coordinates[:, 1])
        return np.column_stack((x, y))

    def unproject(self, coordinates: Floats) -> Floats:
        """Lon/lat (or planar) coordinates of plane coordinates in metres; shape (n, 2)."""
        if self.planar:
            return coordinates
        lon, lat = Proj(self.definition)(coordinates[:, 0], coordinates[:, 1], inverse=True)
        return np.column_stack((lon, lat))

    def scale(self, x: Floats, coordinates: Floats) -> Floats:
        """Plane metres per true metre at plane abscissae `x` (m) and lon/lat of shape (n, 2).

        Right to 1e-7 within `NEAR_M` of the meridian, and to PROJ's own 1e-9 beyond.
        """
        if self.planar:
            return np.ones(len(x))
        bend = 1.0 - ECCENTRICITY_SQUARED * np.sin(np.radians(coordinates[:, 1])) ** 2
        gaussian_radius_m = SEMI_MAJOR_M * np.sqrt(1.0 - ECCENTRICITY_SQUARED) / bend
        scale: Floats = np.cosh(x / gaussian_radius_m)
        far = np.flatnonzero(np.abs(x) > NEAR_M)
        if len(far):
            factors = Proj(self.definition).get_factors(*coordinates[far].T)
            scale[far] = factors.meridional_scale
        return scale


def local_plane(lon: Floats, lat: Floats) -> LocalPlane:
    """Lay a plane through the middle of some points, the shorter way round the earth.

    Parameters
    ----------
    lon, lat
        Degrees; shape (n,). Empty gives the plane at 0, 0.

    Returns
    -------
    LocalPlane

    Raises
    ------
    InputError
        Coordinates that are not finite or no longitudes and latitudes, or that reach more than
        80 degrees of longitude from their middle.
    """
    if len(lon) == 0:
        return LocalPlane()
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        raise InputError(
            [Message("A line has a coordinate that is not a number. Correct the geometry.")]
        )
    if np.abs(lat).max() > 90 or np.abs(lon).max() > 360:
        problem = Message(
            "A line has coordinates that are no longitude and latitude in degrees. "
            "Reproject the layer to EPSG:4326, or say that the coordinates are planar"
            " metres."
        )
        raise InputError([problem])
    ordered = np.unique(np.mod(lon, 360.0))
    gaps = np.diff(np.append(ordered, ordered[0] + 360.0))
    widest = int(np.argmax(gaps))
    half_width = (360.0 - gaps[widest]) / 2
    if half_width > MAX_FROM_MERIDIAN_DEG:
        problem = Message(
            "The lines span {0:.0f} degrees of longitude; at most {1:.0f} can be "
            "measured at once. Split the network.",
            2 * half_width,
            2 * MAX_FROM_MERIDIAN_DEG,
        )
        raise InputError([problem])
    first = ordered[(widest + 1) % len(ordered)]
    lon_0 = float(np.mod(first + half_width + 180.0, 360.0) - 180.0)
    return LocalPlane(round(lon_0, 6), round(float(lat.min() + lat.max()) / 2, 6))


@dataclass(frozen=True)
class DrawnLines:
    """Lines cut into short straight pieces in a plane, ready for the kernels.

    Pieces of one line are consecutive and in its direction. A line without geometry has no
    pieces and `is_drawn` False: what is not drawn is never measured.

    Attributes
    ----------
    piece_start
        Line i owns the pieces ``piece_start[i]:piece_start[i + 1]``; shape (n + 1,).
    ends
        x, y of the start and x, y of the end of each piece, plane metres; shape (p, 4).
    source
        The same ends in the coordinates of the input; shape (p, 4).
    scale
        Plane metres per true metre at each piece; shape (p,).
    position_m, length_m
        True metres from the start of the line to the start of each piece, and the length of the
        piece; shape (p,).
    line_length_m
        True metres of each line, NaN where it is not drawn; shape (n,).
    is_drawn
        Shape (n,).
    """

    plane: LocalPlane
    piece_start: Integers
    ends: Floats = field(repr=False)
    source: Floats = field(repr=False)
    scale: Floats = field(repr=False)
    position_m: Floats = field(repr=False)
    length_m: Floats = field(repr=False)
    line_length_m: Floats = field(repr=False)
    is_drawn: Booleans = field(repr=False)

    def __len__(self) -> int:
        """Return the number of lines, drawn or not."""
        return len(self.is_drawn)

    @property
    def piece_line(self) -> Integers:
        """The line of each piece; shape (p,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.piece_start))

    def point_at(self, line: int, position_m: float) -> tuple[float, float]:
        """Point of a line at true metres from its start, in the coordinates of the input."""
        x, y = self._points(line, np.array([position_m]))[0]
        return float(x), float(y)

    def cut(self, line: int, start_m: float, end_m: float) -> LineString:
        """Part of a line between two positions (true metres), in the coordinates of the input."""
        pieces = slice(self.piece_start[line], self.piece_start[line + 1])
        inner = self.position_m[pieces]
        inner = inner[(inner > start_m) & (inner < end_m)]
        return LineString(self._points(line, np.concatenate(([start_m], inner, [end_m]))))

    def _points(self, line: int, positions_m: Floats) -> Floats:
        first, last = self.piece_start[line], self.piece_start[line + 1]
        if first == last:
            message = Message("Line {0} is not drawn: there is no point on it.", line)
            raise UsageError(message)
        found = np.searchsorted(self.position_m[first:last], positions_m, side="right") - 1
        piece = first + np.clip(found, 0, last - first - 1)
        length_m = np.where(self.length_m[piece] > 0, self.length_m[piece], 1.0)
        along = np.clip((positions_m - self.position_m[piece]) / length_m, 0.0, 1.0)[:, None]
        return self.source[piece, :2] * (1 - along) + self.source[piece, 2:] * along


def draw_lines(
    geometries: Geometries, *, planar: bool = False, max_piece_m: float = MAX_PIECE_M
) -> DrawnLines:
    """Project lines to a local plane and cut them into short straight pieces.

    Parameters
    ----------
    geometries
        LineStrings or MultiLineStrings (parts follow each other), in degrees (EPSG:4326; metres
        when `planar`); None or empty = not drawn. Never pass a straight line that was only
        assumed: it would measure as if it had been surveyed.
    planar
        Take the coordinates as metres in a plane.
    max_piece_m
        Longest piece, in metres.

    Returns
    -------
    DrawnLines
        Cost: one projection a vertex, about 0.6 s for a million.

    Raises
    ------
    InputError
        A geometry is no line, or its coordinates are no longitudes and latitudes.
    UsageError
        `max_piece_m` is not positive.
    """
    if not max_piece_m > 0:
        message = Message("max_piece_m must be positive, not {0}.", max_piece_m)
        raise UsageError(message)
    shapes = np.empty(len(geometries), dtype=object)
    shapes[:] = list(geometries)
    is_drawn = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    _check_lines(shapes[is_drawn])
    drawn = np.flatnonzero(is_drawn)
    parts, part_line = shapes[drawn], np.arange(len(drawn))
    if (shapely.get_type_id(parts) == shapely.GeometryType.MULTILINESTRING).any():
        parts, part_line = shapely.get_parts(parts, return_index=True)
    coordinates, part = shapely.get_coordinates(parts, return_index=True)
    plane = LocalPlane(planar=True) if planar else local_plane(coordinates[:, 0], coordinates[:, 1])
    if planar and not np.isfinite(coordinates).all():
        raise InputError(
            [Message("A line has a coordinate that is not a number. Correct the geometry.")]
        )
    if not planar:
        coordinates[:, 0] = _unwrap(coordinates[:, 0], plane.lon_0)
    joined = part[1:] == part[:-1]
    source = np.hstack((coordinates[:-1][joined], coordinates[1:][joined]))
    owner = drawn[part_line[part[1:][joined]]]
    projected = plane.project(coordinates)
    ends = np.hstack((projected[:-1][joined], projected[1:][joined]))
    pieces = _measured(plane, source, ends)
    if len(pieces.length_m) and pieces.length_m.max() > max_piece_m:
        source, owner = _split(source, owner, pieces.length_m, max_piece_m)
        ends = np.hstack((plane.project(source[:, :2]), plane.project(source[:, 2:])))
        pieces = _measured(plane, source, ends)
    return _assemble(plane, pieces, owner, is_drawn)


def as_drawn(geometries: Geometries | DrawnLines, *, planar: bool = False) -> DrawnLines:
    """Draw lines, unless they are drawn already."""
    if isinstance(geometries, DrawnLines):
        return geometries
    return draw_lines(geometries, planar=planar)


def _check_lines(shapes: NDArray[np.object_]) -> None:
    line_types = (
        shapely.GeometryType.LINESTRING,
        shapely.GeometryType.LINEARRING,
        shapely.GeometryType.MULTILINESTRING,
    )
    wrong = ~np.isin(shapely.get_type_id(shapes), line_types)
    if wrong.any():
        kinds = ", ".join(sorted({shape.geom_type for shape in shapes[wrong]}))
        raise InputError(
            [Message("{0} geometries are no lines but {1}. Correct them.", int(wrong.sum()), kinds)]
        )


def _unwrap(lon: Floats, lon_0: float) -> Floats:
    """Longitudes within 180 degrees of the central meridian: no jump at the date line."""
    return lon + np.where(lon < lon_0 - 180.0, 360.0, np.where(lon > lon_0 + 180.0, -360.0, 0.0))


class _Pieces(NamedTuple):
    """Straight pieces: ends in the coordinates of the input and in the plane, scale, length."""

    source: Floats
    ends: Floats
    scale: Floats
    length_m: Floats


def _measured(plane: LocalPlane, source: Floats, ends: Floats) -> _Pieces:
    scale = plane.scale((ends[:, 0] + ends[:, 2]) / 2, (source[:, :2] + source[:, 2:]) / 2)
    length_m = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]) / scale
    return _Pieces(source, ends, scale, length_m)


def _split(
    source: Floats, owner: Integers, length_m: Floats, max_piece_m: float
) -> tuple[Floats, Integers]:
    """Cut the pieces that are too long into equal parts, straight in the input's coordinates."""
    parts = np.maximum(1, np.ceil(length_m / max_piece_m)).astype(np.int64)
    row = np.repeat(np.arange(len(parts)), parts)
    step = np.arange(len(row)) - np.repeat(np.cumsum(parts) - parts, parts)
    fractions = np.column_stack((step, step + 1)) / parts[row][:, None]
    before, after = source[row, :2], source[row, 2:]
    # the ends must stay bit for bit what they were, so that spans that meet still do
    starts = np.where(step[:, None] == 0, before, before + (after - before) * fractions[:, :1])
    last = (step + 1 == parts[row])[:, None]
    ends = np.where(last, after, before + (after - before) * fractions[:, 1:])
    return np.hstack((starts, ends)), owner[row]


def _assemble(
    plane: LocalPlane, pieces: _Pieces, owner: Integers, is_drawn: Booleans
) -> DrawnLines:
    counts = np.bincount(owner, minlength=len(is_drawn))
    piece_start = np.concatenate(([0], np.cumsum(counts)))
    line_lengths_m = np.bincount(owner, weights=pieces.length_m, minlength=len(is_drawn))
    return DrawnLines(
        plane=plane,
        piece_start=piece_start,
        ends=np.ascontiguousarray(pieces.ends),
        source=pieces.source,
        scale=pieces.scale,
        position_m=_positions(pieces.length_m, owner, piece_start),
        length_m=pieces.length_m,
        line_length_m=np.where(is_drawn, line_lengths_m, np.nan),
        is_drawn=is_drawn,
    )


def _positions(lengths_m: Floats, owner: Integers, piece_start: Integers) -> Floats:
    """Start of each piece along its line."""
    total_m = np.concatenate(([0.0], np.cumsum(lengths_m)))[:-1]
    return total_m - total_m[piece_start[owner]]
