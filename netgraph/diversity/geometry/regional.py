"""Regional risk groups: the largest sets of lines that one disk can hit.

A disk of radius r hits a line where its centre lies within r of it. The centres that hit a
straight piece form a stadium; those that hit a line the union of its pieces' stadia. As the
disk moves, the set of lines it hits changes only where the centre crosses the border of such a
union, so the largest sets are all taken on in finitely many places: where the borders of two
stadia cross, and where the parts of one border join. All those places are tried, those that
lie on no border are dropped, and of the sets found only those remain that no other contains.

Disks are closed: what touches is hit. Distances are compared with a tolerance of 1e-9 of the
radius and of the coordinates' size, so a touch counts however it is rounded.

Source for the method and the bound on the number of groups: Tapolcai, Ronyai, Vass, Gyimothi,
"List of shared risk link groups representing regional failures with limited size", IEEE INFOCOM
2017; there for straight links, here for polylines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.geometry.blocks import find_near_blocks, group_in_blocks
from netgraph.diversity.geometry.disk_kernels import Field, collect_disk_sets, keep_largest
from netgraph.diversity.geometry.projection import MAX_PIECE_M, DrawnLines, draw_lines
from netgraph.errors import UsageError
from netgraph.messages import Message

if TYPE_CHECKING:
    from netgraph.diversity.geometry.projection import Floats, Geometries, Integers

TOLERANCE = 1e-9
EARTH_RADIUS_M = 6_371_000.0
BEND = 1e-3  # a piece leaves its line by less than this part of the radius, at 45 degrees


@dataclass(frozen=True)
class RegionalGroups:
    """Sets of lines that one disk hits.

    Attributes
    ----------
    radius_m
        Radius of the disks.
    start, line
        Group i holds the lines ``line[start[i]:start[i + 1]]``, ascending; groups in
        lexicographic order.
    centre
        Centre of a disk that hits the group, in the coordinates of the input; shape (groups, 2).
    """

    radius_m: float
    start: Integers = field(repr=False)
    line: Integers = field(repr=False)
    centre: Floats = field(repr=False)

    def __len__(self) -> int:
        """Return the number of groups."""
        return len(self.start) - 1

    def groups(self) -> tuple[tuple[int, ...], ...]:
        """List the lines of each group."""
        cuts = np.split(self.line, self.start[1:-1])
        return tuple(tuple(group.tolist()) for group in cuts) if len(self) else ()


def regional_risk_groups(
    geometries: Geometries, radius_m: float, *, planar: bool = False
) -> RegionalGroups:
    """Find the inclusion-maximal sets of lines that one closed disk can hit.

    Parameters
    ----------
    geometries
        Shapely lines in degrees, or in any unit of length when `planar`; None = not drawn: in no
        group.
    radius_m
        Radius of the disk, metres (in the unit of the coordinates when `planar`).
    planar
        Take the coordinates as a plane.

    Returns
    -------
    RegionalGroups
        Exact in the plane, up to the tolerance of the module. On the earth the radius is scaled
        piece by piece; what is left is below ``r x / R**2`` (0.25 % for 100 km at 1,000 km from
        the central meridian). O(p n^2) for p pieces with n pieces within two radii of each: below
        2 s for national networks of some hundred spans, 10 s for 130,000 spans of a province
        with disks of 100 m, a minute and more with 250 m.

    Raises
    ------
    UsageError
        The radius is not positive and finite.
    """
    if not 0 < radius_m < np.inf:
        message = Message(
            "The radius of a regional failure must be a number of metres above 0, not {0:g}.",
            radius_m,
        )
        raise UsageError(message)
    longest_m = max(MAX_PIECE_M, float(np.sqrt(8 * EARTH_RADIUS_M * BEND * radius_m)))
    lines = draw_lines(geometries, planar=planar, max_piece_m=np.inf if planar else longest_m)
    pieces = _field(lines, float(radius_m))
    sets = collect_disk_sets(pieces, len(lines))
    start = sets.start[: sets.known + 1]
    order = np.argsort(-np.diff(start), kind="stable")
    is_largest = keep_largest(start, sets.members, order, len(lines))
    kept = sorted(
        (tuple(sets.members[start[number] : start[number + 1]].tolist()), number)
        for number in np.flatnonzero(is_largest).tolist()
    )
    numbers = np.array([number for _, number in kept], dtype=np.int64)
    sizes = [len(group) for group, _ in kept]
    return RegionalGroups(
        radius_m=float(radius_m),
        start=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
        line=np.array([line for group, _ in kept for line in group], dtype=np.int64),
        centre=lines.plane.unproject(sets.centre[numbers]),
    )


def _field(lines: DrawnLines, radius_m: float) -> Field:
    """Every piece as a block of its own, with the pieces that one disk could hit with it."""
    low = np.minimum(lines.ends[:, :2], lines.ends[:, 2:])
    high = np.maximum(lines.ends[:, :2], lines.ends[:, 2:])
    extent = float((high.max(axis=0) - low.min(axis=0)).max()) if len(low) else 0.0
    tolerance = TOLERANCE * (radius_m + extent)
    blocks = group_in_blocks(lines)._replace(
        block_piece=np.arange(len(low) + 1), box=np.hstack((low, high))
    )
    every = np.ones(len(low), dtype=np.bool_)
    near = find_near_blocks(blocks, 2.0 * (radius_m + tolerance), every, every)
    return Field(blocks.pieces, lines.piece_line, near, radius_m, tolerance)
