"""Routes over drawn lines: which lines, in which order, walked in which direction."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.errors import UsageError
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netgraph.diversity.geometry.projection import Booleans, DrawnLines, Floats, Integers


@dataclass(frozen=True)
class Routes:
    """Many routes, each a sequence of lines from its A end to its B end.

    Parameters
    ----------
    start
        Route i owns ``line[start[i]:start[i + 1]]``; shape (n + 1,).
    line
        Indices of lines, in the order in which the route takes them; shape (total,). The
        direction in which a line is drawn does not matter: it is found from the ends.
    part_start, part
        Parts that many routes have in common, for speed only: part i covers
        ``line[part_start[i]:part_start[i + 1]]``, within one route, and carries the number
        ``part[i]``; what has one number should be the same lines in the same order. Each route is
        one part of its own when omitted; shapes (parts + 1,) and (parts,).
    """

    start: Integers
    line: Integers = field(repr=False)
    part_start: Integers | None = field(default=None, repr=False)
    part: Integers | None = field(default=None, repr=False)

    @classmethod
    def from_lists(cls, routes: Iterable[Sequence[int]]) -> Routes:
        """Routes from one sequence of line indices each."""
        rows = [np.asarray(route, dtype=np.int64) for route in routes]
        start = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)
        line = np.concatenate(rows) if rows else np.empty(0, dtype=np.int64)
        return cls(start=start, line=line)

    def __len__(self) -> int:
        """Return the number of routes."""
        return len(self.start) - 1

    def parts(self) -> tuple[Integers, Integers, Integers]:
        """Where each part that holds a line begins and ends in `line`, and its number."""
        if self.part_start is None or self.part is None:
            start, number = self.start, np.arange(len(self))
        else:
            start, number = self.part_start, self.part
        is_held = start[:-1] < start[1:]
        return start[:-1][is_held], start[1:][is_held], number[is_held]


class Walks(NamedTuple):
    """Routes whose lines have a direction, and the parts of them that are near an end.

    Attributes
    ----------
    start, line
        As in :class:`Routes`.
    is_reversed
        Whether the route takes the line against its drawn direction; shape (total,).
    is_mirrored
        Whether positions count from the B end; shape (n,).
    line_length_m
        Metres that each line takes up on a route, drawn or recorded; shape (lines,).
    zones
        Up to the first limit a position is near one end of the route, up to the second in its
        neighbourhood, from the third on in that of the other end, from the fourth on near it;
        shape (n, 4).
    """

    start: Integers
    line: Integers
    is_reversed: Booleans
    is_mirrored: Booleans
    line_length_m: Floats
    zones: Floats


@dataclass(frozen=True)
class PlacedRoutes:
    """Routes that are walked from end to end.

    Attributes
    ----------
    walks
        Directions and end zones.
    length_m
        Metres, lines of unknown length left out; shape (n,).
    ends
        x, y of the A end and x, y of the B end, plane metres, NaN where not drawn; shape (n, 4).
    is_complete
        Whether every line of the route is drawn (and there is one); shape (n,).
    """

    walks: Walks = field(repr=False)
    length_m: Floats
    ends: Floats = field(repr=False)
    is_complete: Booleans

    def turned_like(self, others: PlacedRoutes) -> PlacedRoutes:
        """Turn each route like its fellow, so that positions count from the same end.

        Judged by which ends lie closer together; routes with an end that is not drawn stay.
        """
        straight = _gaps(self.ends, others.ends)
        is_opposed = _gaps(self.ends[:, [2, 3, 0, 1]], others.ends) < straight
        opposed = is_opposed[:, None]
        mirrored_zones = self.length_m[:, None] - self.walks.zones[:, ::-1]
        walks = self.walks._replace(
            is_mirrored=self.walks.is_mirrored ^ is_opposed,
            zones=np.where(opposed, mirrored_zones, self.walks.zones),
        )
        ends = np.where(opposed, self.ends[:, [2, 3, 0, 1]], self.ends)
        return PlacedRoutes(walks, self.length_m, ends, self.is_complete)


def _gaps(ends: Floats, others: Floats) -> Floats:
    """Distance from A to A plus distance from B to B."""
    step = ends - others
    return np.hypot(step[:, 0], step[:, 1]) + np.hypot(step[:, 2], step[:, 3])


def place_routes(
    routes: Routes, lines: DrawnLines, end_exempt_m: float, recorded_m: Floats | None = None
) -> PlacedRoutes:
    """Find the direction of every line of every route, the lengths and the end zones.

    Parameters
    ----------
    routes
        Routes over `lines`.
    lines
        Drawn lines, some maybe not drawn.
    end_exempt_m
        Length of the zone at either end, metres along the route; 0 = none. Its neighbourhood is
        as long again.
    recorded_m
        Recorded lengths, shape (lines,), used for lines that are not drawn; NaN = unknown.
        What lies beyond a line of unknown length is never near the end: its distance from it
        is not known.

    Returns
    -------
    PlacedRoutes
        O(total).

    Raises
    ------
    UsageError
        A route names a line that does not exist, or `end_exempt_m` is negative.
    """
    if not 0 <= end_exempt_m < np.inf:
        message = Message("end_exempt_m must be 0 or more metres, not {0}.", end_exempt_m)
        raise UsageError(message)
    if len(routes.line) and not 0 <= routes.line.min() <= routes.line.max() < len(lines):
        message = Message("A route names a line outside 0..{0}.", len(lines) - 1)
        raise UsageError(message)
    length_m = lines.line_length_m
    if recorded_m is not None:
        length_m = np.where(lines.is_drawn, length_m, recorded_m)
    line_ends = _line_ends(lines)
    is_reversed = find_directions(routes.start, routes.line, line_ends)
    route_m, zones, is_complete = _end_zones(
        routes.start, routes.line, length_m, lines.is_drawn, float(end_exempt_m)
    )
    walks = Walks(
        routes.start,
        routes.line,
        is_reversed,
        np.zeros(len(routes), dtype=np.bool_),
        np.nan_to_num(length_m),
        zones,
    )
    return PlacedRoutes(walks, route_m, _route_ends(walks, line_ends), is_complete)


def _line_ends(lines: DrawnLines) -> Floats:
    """x, y of the start and x, y of the end of each line, NaN where it is not drawn."""
    ends = np.full((len(lines), 4), np.nan)
    drawn = lines.is_drawn
    ends[drawn, :2] = lines.ends[lines.piece_start[:-1][drawn], :2]
    ends[drawn, 2:] = lines.ends[lines.piece_start[1:][drawn] - 1, 2:]
    return ends


def _route_ends(walks: Walks, line_ends: Floats) -> Floats:
    """x, y of the A end and x, y of the B end of each route, NaN where there is none."""
    ends = np.full((len(walks.start) - 1, 4), np.nan)
    taken = np.flatnonzero(np.diff(walks.start))
    first, last = walks.start[:-1][taken], walks.start[1:][taken] - 1
    for place, columns in ((first, slice(0, 2)), (last, slice(2, 4))):
        of_line = line_ends[walks.line[place]]
        turned = walks.is_reversed[place][:, None]
        ends[taken, columns] = np.where(turned, of_line[:, [2, 3, 0, 1]], of_line)[:, columns]
    return ends


@entry
def _end_zones(
    start: Integers, line: Integers, length_m: Floats, is_drawn: Booleans, end_exempt_m: float
) -> tuple[Floats, Floats, Booleans]:
    """Lengths of the routes, limits of their end zones, and whether they are wholly drawn."""
    routes = len(start) - 1
    route_m, zones = np.zeros(routes), np.empty((routes, 4))
    is_complete = np.zeros(routes, dtype=np.bool_)
    for route in range(routes):
        position_m, first_gap_m, last_gap_m = 0.0, np.inf, -np.inf
        is_complete[route] = start[route] < start[route + 1]
        for place in range(start[route], start[route + 1]):
            is_complete[route] &= is_drawn[line[place]]
            line_m = length_m[line[place]]
            if np.isnan(line_m):
                first_gap_m, last_gap_m = min(first_gap_m, position_m), position_m
            else:
                position_m += line_m
        route_m[route] = position_m
        for zone in range(2):
            limit_a_m = min((1 + zone) * end_exempt_m, first_gap_m)
            limit_b_m = max(position_m - (1 + zone) * end_exempt_m, last_gap_m)
            # a zone without length is none: not even its limit is exempt
            zones[route, zone] = limit_a_m if limit_a_m > 0.0 else -np.inf
            zones[route, 3 - zone] = limit_b_m if limit_b_m < position_m else np.inf
    return route_m, zones, is_complete


@entry
def find_directions(start: Integers, line: Integers, line_ends: Floats) -> Booleans:
    """Directions that leave the least total gap between consecutive lines.

    Exact, by dynamic programming over the two directions of each line; O(total). A line that
    is not drawn (NaN ends) leaves no gap. Of two equal choices the drawn direction wins.

    Parameters
    ----------
    start, line
        Routes as in :class:`Routes`.
    line_ends
        x, y of the start and the end of each line, metres; shape (lines, 4).

    Returns
    -------
    ndarray of shape (total,)
        True where the route takes the line backwards.
    """
    is_reversed = np.zeros(len(line), dtype=np.bool_)
    is_turned_before = np.zeros((len(line), 2), dtype=np.bool_)
    for route in range(len(start) - 1):
        if start[route] == start[route + 1]:
            continue
        cost, turned_cost, first = 0.0, 0.0, line[start[route]]
        start_x, start_y = line_ends[first, 0], line_ends[first, 1]
        end_x, end_y = line_ends[first, 2], line_ends[first, 3]
        for place in range(start[route] + 1, start[route + 1]):
            here = line[place]
            x, y, far_x, far_y = (
                line_ends[here, 0], line_ends[here, 1], line_ends[here, 2], line_ends[here, 3],
            )  # fmt: skip
            on, on_turned = cost, turned_cost
            straight = on + _gap(end_x - x, end_y - y)
            turned = on_turned + _gap(start_x - x, start_y - y)
            is_turned_before[place, 0], cost = turned < straight, min(straight, turned)
            straight = on + _gap(end_x - far_x, end_y - far_y)
            turned = on_turned + _gap(start_x - far_x, start_y - far_y)
            is_turned_before[place, 1], turned_cost = turned < straight, min(straight, turned)
            start_x, start_y, end_x, end_y = x, y, far_x, far_y
        is_turned = turned_cost < cost
        for place in range(start[route + 1] - 1, start[route] - 1, -1):
            is_reversed[place] = is_turned
            is_turned = is_turned_before[place, 1 if is_turned else 0]
    return is_reversed


@inner
def _gap(dx: float, dy: float) -> float:
    """Metres between where a route leaves a line and where it enters the next."""
    gap = math.sqrt(dx * dx + dy * dy)
    return 0.0 if math.isnan(gap) else gap
