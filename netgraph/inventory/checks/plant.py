"""Where the plant lies, against what is recorded about it.

Thresholds are sanity limits for records, not verdicts on routes; those that no rule of the trade
gives are our own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.inventory.coded import joined
from netgraph.inventory.distinct import first_alike
from netgraph.inventory.rules import make_finding
from netgraph.messages import Message
from netgraph.units import (
    M_PER_KM,
    line_lengths_m,
    segment_lengths_at_most_m,
    segment_lengths_m,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netgraph.inventory.checks.lookup import Lookup
    from netgraph.inventory.findings import Finding
    from netgraph.inventory.model import Table

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]

BUILDING_M = 200.0
_TABLES_OF_LINES = ("spans", "corridors")
LENGTH_RATIOS = (0.9, 1.3)  # slack and reserve loops make a cable longer than its trench
LENGTH_SLACK_M = 20.0
END_GAP_M = 50.0
TRENCH_GAP_M = 25.0
# Longest reach of access cables: GB 51158-2015.
ACCESS_REACH_M = 50 * M_PER_KM
_M_PER_DEGREE = 111_319.49


def check_buildings(lookup: Lookup) -> list[Finding]:
    """Find buildings whose parts lie far apart: one number for two buildings."""
    tables = [lookup.table(name) for name in ("offices", "sites", "structures")]
    buildings = joined([table.coded("building_id") for table in tables])
    lon, lat = (np.concatenate([table[column] for table in tables]) for column in ("lon", "lat"))
    rows = np.flatnonzero(~buildings.equals("") & np.isfinite(lon))
    first = rows[first_alike(buildings.codes[rows])]
    apart = np.zeros(len(rows))
    other = np.flatnonzero((lon[rows] != lon[first]) | (lat[rows] != lat[first]))
    ends = (lon[first[other]], lat[first[other]], lon[rows[other]], lat[rows[other]])
    apart[other] = segment_lengths_m(*ends, planar=lookup.is_planar)
    starts = np.cumsum([0, *map(len, tables)])
    findings = []
    for place in np.flatnonzero(apart > BUILDING_M):
        (table, row), (same, one) = (_table_row(tables, starts, at[place]) for at in (rows, first))
        message = Message(
            "building_id {0!r} is also that of {1!r}, {2:.0f} m away",
            table["building_id"][row],
            same["id"][one],
            apart[place],
        )
        hint = Message("Give the two buildings different ids, or correct a position.")
        findings.append(make_finding("ND923", table, row, message, hint))
    return findings


def _table_row(tables: Sequence[Table], starts: Ints, place: int) -> tuple[Table, int]:
    """Find a row of tables that stand one after the other."""
    at = int(np.searchsorted(starts, place, side="right")) - 1
    return tables[at], int(place - starts[at])


def _ends_of(lookup: Lookup, table: Table) -> tuple[Ints, Ints]:
    return lookup.ends(table.name, "from_id"), lookup.ends(table.name, "to_id")


def _straight_m(lookup: Lookup, near: Ints, far: Ints) -> Floats:
    """Straight distance between places, NaN where one has no position; shape (n,)."""
    return segment_lengths_m(*_pairs(lookup, near, far), planar=lookup.is_planar)


def _pairs(lookup: Lookup, near: Ints, far: Ints) -> tuple[Floats, Floats, Floats, Floats]:
    lon, lat = np.append(lookup.places.lon, np.nan), np.append(lookup.places.lat, np.nan)
    return lon[near], lat[near], lon[far], lat[far]


def check_lengths(lookup: Lookup) -> list[Finding]:
    """Find recorded lengths that contradict the drawn line, or the distance of the ends."""
    return [f for name in _TABLES_OF_LINES for f in _check_lengths(lookup, lookup.table(name))]


def _check_lengths(lookup: Lookup, table: Table) -> list[Finding]:
    low, high = LENGTH_RATIOS
    recorded = table["length_m"]
    drawn = line_lengths_m(table["geometry"], planar=lookup.is_planar)
    near, far = _ends_of(lookup, table)
    at_most = segment_lengths_at_most_m(*_pairs(lookup, near, far), planar=lookup.is_planar)
    doubtful = np.flatnonzero(recorded < low * np.fmax(drawn, at_most) - LENGTH_SLACK_M)
    straight = np.full(len(table), np.nan)
    straight[doubtful] = _straight_m(lookup, near[doubtful], far[doubtful])
    short = recorded < low * np.fmax(drawn, straight) - LENGTH_SLACK_M
    wrong = short | (recorded > high * drawn + LENGTH_SLACK_M)
    findings = []
    for row in np.flatnonzero(wrong):
        line, apart = Message("the drawn line has"), Message("its ends are apart")
        what = line if np.isfinite(drawn[row]) else apart
        metres = drawn[row] if np.isfinite(drawn[row]) else straight[row]
        message = Message("length_m is {0:.10g}, but {1} {2:.1f} m", recorded[row], what, metres)
        hint = Message("Correct the length (is it in km?) or the position.")
        findings.append(make_finding("ND932", table, row, message, hint))
    return findings


def check_unknown_lengths(lookup: Lookup) -> list[Finding]:
    """Find spans whose length nothing tells: metres over them are a lower bound, or not told."""
    spans = lookup.table("spans")
    near, far = _ends_of(lookup, spans)
    is_open = spans.coded("status").equals("in_service") & (near >= 0) & (far >= 0)
    is_open &= np.isnan(spans["length_m"])
    is_open &= ~np.isfinite(line_lengths_m(spans["geometry"], planar=lookup.is_planar))
    rows = np.flatnonzero(is_open)
    rows = rows[np.isnan(_straight_m(lookup, near[rows], far[rows]))]
    message = Message("the length is neither recorded nor drawn, and an end has no coordinates")
    hint = Message("Record length_m, or the coordinates of both ends: metres are not told without.")
    return [make_finding("ND994", spans, row, message, hint) for row in rows]


def check_line_ends(lookup: Lookup) -> list[Finding]:
    """Find drawn lines that end away from the points that they join, in either direction."""
    return [f for name in _TABLES_OF_LINES for f in _check_line_ends(lookup, lookup.table(name))]


def _check_line_ends(lookup: Lookup, table: Table) -> list[Finding]:
    drawn = np.flatnonzero(~shapely.is_missing(table["geometry"]))
    near, far = (end[drawn] for end in _ends_of(lookup, table))
    lon, lat = np.append(lookup.places.lon, np.nan), np.append(lookup.places.lat, np.nan)
    starts, stops = (shapely.get_point(table["geometry"][drawn], place) for place in (0, -1))

    def gap(rows: Ints, points: NDArray[np.object_]) -> Floats:
        x, y = shapely.get_x(points), shapely.get_y(points)
        return segment_lengths_m(lon[rows], lat[rows], x, y, planar=lookup.is_planar)

    along = np.fmax(gap(near, starts), gap(far, stops))
    against = np.fmax(gap(near, stops), gap(far, starts))
    apart = np.fmin(along, against)
    hint = Message("Correct from_id and to_id, or the line.")
    return [
        make_finding(
            "ND933",
            table,
            drawn[row],
            Message("the drawn line ends {0:.0f} m from the point that it should join", apart[row]),
            hint,
        )
        for row in np.flatnonzero(apart > END_GAP_M)
    ]


def check_duplicate_spans(lookup: Lookup) -> list[Finding]:
    """Find spans with the ends and the line of another: a published network stored twice."""
    spans = lookup.table("spans")
    drawn = np.flatnonzero(~shapely.is_missing(spans["geometry"]))
    lines = shapely.to_wkb(shapely.normalize(spans["geometry"][drawn]))
    ends = np.sort(np.array(_ends_of(lookup, spans))[:, drawn], axis=0)
    first = first_alike(*ends, lines)
    again = np.flatnonzero((first != np.arange(len(first))) & (ends[0] >= 0))
    hint = Message("Remove one: it is no second route and counts once.")
    return [
        make_finding(
            "ND939",
            spans,
            drawn[row],
            Message("it has the ends and the line of {0!r}", spans["id"][drawn[same]]),
            hint,
        )
        for row, same in zip(again, first[again], strict=True)
    ]


def check_access_reach(lookup: Lookup) -> list[Finding]:
    """Find access links longer than access cables reach, even in a straight line."""
    links = lookup.table("links")
    near, far = lookup.stops("links", "from_id"), lookup.stops("links", "to_id")
    is_site = lookup.is_known(("sites",), lookup.places.ids)
    at_site = np.append(is_site, [False])
    section, medium = links.coded("section"), links.coded("medium")
    access = section.equals("access") | (section.equals("") & (at_site[near] | at_site[far]))
    rows = np.flatnonzero(access & (medium.equals("") | medium.equals("fibre")))
    apart = np.zeros(len(links))
    apart[rows] = _straight_m(lookup, near[rows], far[rows])
    hint = Message("Check the positions and the ends.")
    return [
        make_finding(
            "ND934",
            links,
            row,
            Message("the ends of the access link are {0:.1f} km apart", apart[row] / M_PER_KM),
            hint,
        )
        for row in np.flatnonzero(apart > ACCESS_REACH_M)
    ]


def check_trenches(lookup: Lookup) -> list[Finding]:
    """Find spans that cannot lie side by side with the longest span of their trench.

    A trench is one cross-section. A span runs with the longest one if all of it lies within 25 m
    of it. Where one of the two is not drawn, a straight line stands for it and only the ends of
    the span are judged; between the same two points they run together. Spans without positions
    are not judged.
    """
    spans = lookup.table("spans")
    codes = spans.coded("trench_id").codes
    rows = np.flatnonzero((np.bincount(codes) > 1)[codes] & ~spans.coded("trench_id").equals(""))
    if len(rows) == 0:
        return []
    near, far = (ends[rows] for ends in _ends_of(lookup, spans))
    lines = _straight_where_undrawn(lookup, spans["geometry"][rows], near, far)
    longest = _longest_of(codes[rows], line_lengths_m(lines, planar=lookup.is_planar))
    ends = np.sort([near, far], axis=0)
    drawn = ~shapely.is_missing(spans["geometry"][rows])
    both = drawn & drawn[longest]
    same_ends = (ends == ends[:, longest]).all(axis=0) & ~both
    judged = np.where(both, lines, _ends_only(lines))
    apart = _farthest_point_m(judged, lines[longest], planar=lookup.is_planar)
    findings = []
    for place in np.flatnonzero((apart > TRENCH_GAP_M) & ~same_ends):
        row, other = rows[place], rows[longest[place]]
        trench, name = spans["trench_id"][row], spans["id"][other]
        message = Message(
            "trench_id {0!r} is that of {1!r}, which lies {2:.0f} m off", trench, name, apart[place]
        )
        hint = Message("Give the span a trench of its own, or correct its position.")
        findings.append(make_finding("ND937", spans, row, message, hint))
    return findings


def _straight_where_undrawn(
    lookup: Lookup, shapes: NDArray[np.object_], near: Ints, far: Ints
) -> NDArray[np.object_]:
    """Take a straight line where none is drawn; None without positions; shape (n,)."""
    lon, lat = np.append(lookup.places.lon, np.nan), np.append(lookup.places.lat, np.nan)
    lines = shapes.copy()
    bare = np.flatnonzero(shapely.is_missing(shapes))
    pairs = np.array([[lon[near], lat[near]], [lon[far], lat[far]]])[:, :, bare]
    placed = np.isfinite(pairs).all(axis=(0, 1))
    lines[bare[placed]] = shapely.linestrings(pairs.transpose(2, 0, 1)[placed])
    return lines


def _ends_only(lines: NDArray[np.object_]) -> NDArray[np.object_]:
    """Keep the first and the last point of each line; shape (n,)."""
    ends = np.column_stack([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    return np.asarray(shapely.multipoints(ends))


def _longest_of(groups: NDArray[np.int32], lengths_m: Floats) -> Ints:
    """Position of the longest of the group of each; of equals the first; shape (n,)."""
    order = np.lexsort((np.arange(len(groups)), -np.nan_to_num(lengths_m, nan=-1.0), groups))
    first = np.unique(groups[order], return_index=True)[1]
    best = np.zeros(int(groups.max()) + 1, dtype=np.intp)
    best[groups[order[first]]] = order[first]
    return best[groups]


def _farthest_point_m(
    lines: NDArray[np.object_], longest: NDArray[np.object_], *, planar: bool
) -> Floats:
    """Metres from the farthest point of each line to another line; 0 where one is missing.

    Points are taken every 25 m at most. Degrees are projected about the first vertex of the other
    line (equirectangular: good to a metre over the length of a trench).
    """
    origin = np.zeros((len(lines), 2))
    scale = np.ones((len(lines), 2))
    if not planar:
        starts = shapely.get_point(longest, 0)
        origin = np.column_stack([shapely.get_x(starts), shapely.get_y(starts)])
        narrow = np.cos(np.radians(origin[:, 1]))
        scale = _M_PER_DEGREE * np.column_stack([narrow, np.ones(len(lines))])
    flat, other = (_moved(shapes, origin, scale) for shapes in (lines, longest))
    flat = shapely.segmentize(flat, TRENCH_GAP_M)
    points, owner = shapely.get_coordinates(flat, return_index=True)
    apart = np.nan_to_num(shapely.distance(shapely.points(points), other[owner]))
    farthest = np.zeros(len(lines))
    np.maximum.at(farthest, owner, apart)
    return farthest


def _moved(shapes: NDArray[np.object_], origin: Floats, scale: Floats) -> NDArray[np.object_]:
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    moved = (coordinates - origin[owner]) * scale[owner]
    return np.asarray(shapely.set_coordinates(shapes.copy(), moved))
