"""Pairs of routes that must not fail together, and how far apart they run as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.geometry import Routes, draw_lines, separation_profiles
from netgraph.topology.csr import Csr, gather, gather_positions
from netgraph.topology.routes import PROTECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.geometry import DrawnLines, SeparationProfiles
    from netgraph.topology.csr import Ints

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class RoutePair:
    """Two routes that must not fail together, and the circuit or group whose routes they are."""

    unit: int
    unit_id: str
    first: int
    second: int


def find_pairs(audit: Audit) -> Iterator[RoutePair]:
    """List the two routes of each segment of every circuit, then those of the groups.

    In a group they are the working routes of every two circuits without a protect route.
    """
    circuits, units = audit.network.circuits, audit.units
    of_segment = circuits.segment_routes  # the working route first, then the protect route if any
    low = of_segment.indptr[:-1][of_segment.counts > 1]
    firsts, seconds = of_segment.indices[low], of_segment.indices[low + 1]
    owners = circuits.routes.circuit[firsts]
    single = circuits.segments.counts == 1
    single[owners] = False
    for owner, name, first, second in zip(
        owners.tolist(), circuits.ids[owners].tolist(), firsts.tolist(), seconds.tolist(),
        strict=True,
    ):  # fmt: skip
        yield RoutePair(owner, name, first, second)
    for unit in range(len(circuits), len(units)):
        members = [c for c in units.circuits.row(unit).tolist() if single[c]]
        for one, other in combinations(members, 2):
            first, second = (int(circuits.routes_of(c)[0]) for c in (one, other))
            yield RoutePair(unit, str(units.names[unit]), first, second)


def name_routes(audit: Audit, chosen: Sequence[int]) -> list[str]:
    """Name routes: ``circuit:role``, and the number of the segment where there are several."""
    circuits = audit.network.circuits
    routes = circuits.routes
    owners = routes.circuit[chosen]
    is_protect = (routes.role[chosen] == PROTECT).tolist()
    number = routes.segment[chosen] - circuits.segments.indptr[owners] + 1
    several = (circuits.segments.counts[owners] > 1).tolist()
    return [
        f"{name}:{'protect' if protect else 'working'}" + (f":{place}" if is_one_of_several else "")
        for name, protect, place, is_one_of_several in zip(
            circuits.ids[owners].tolist(), is_protect, number.tolist(), several, strict=True
        )
    ]


@dataclass(frozen=True, eq=False)
class PairProfiles:
    """Separation profiles of pairs of routes, and the lines that they were measured on.

    Attributes
    ----------
    of_pair
        The profile of each pair: pairs of routes over the same links have one in common.
    profiles
        One for every pair of ways that differs from the others.
    lines
        Lines of the spans that the routes use outside the buildings.
    """

    of_pair: Ints = field(repr=False)
    profiles: SeparationProfiles
    lines: DrawnLines = field(repr=False)


def profile_pairs(
    audit: Audit,
    pairs: Sequence[RoutePair],
    thresholds_m: Sequence[float],
    *,
    end_exempt_m: float | None = None,
    measures_far: bool = True,
) -> PairProfiles:
    """Measure how far apart the routes of some pairs run; exact on the drawn geometry.

    `end_exempt_m` is `entry_tolerance_m` of the rules when omitted; `measures_far` as in
    :func:`~netgraph.diversity.geometry.runs.separation_profiles`.
    """
    network, rules = audit.network, audit.rules
    exempt_m = rules.entry_tolerance_m if end_exempt_m is None else end_exempt_m
    of_pair, chosen = _same_ways(audit, pairs)
    both = [
        _outside_buildings(audit, np.array([getattr(pair, side) for pair in chosen]))
        for side in ("first", "second")
    ]
    n_spans = len(network.spans)
    is_used = np.zeros(n_spans + 1, dtype=bool)
    for routes in both:
        is_used[routes.line] = True
    used, place = np.flatnonzero(is_used), np.cumsum(is_used) - 1
    geometry = np.full(n_spans + 1, None, dtype=object)  # the last stands for what has no span
    geometry[:n_spans] = network.spans.geometry
    lines = draw_lines(geometry[used], planar=network.inventory.crs == "")
    first, second = (replace(routes, line=place[routes.line]) for routes in both)
    profiles = separation_profiles(
        lines, first, second, within_m=thresholds_m, end_exempt_m=exempt_m,
        recorded_m=np.append(network.spans.length_m, np.nan)[used], measures_far=measures_far,
    )  # fmt: skip
    return PairProfiles(of_pair, profiles, lines)


def _same_ways(audit: Audit, pairs: Sequence[RoutePair]) -> tuple[Ints, list[RoutePair]]:
    """Give equal pairs of ways over links one number, and a pair for each number."""
    routes = audit.network.circuits.routes
    links, rows = routes.links, 2 * routes.links.indices + routes.is_reversed
    ways = rows.tobytes()
    at = (rows.itemsize * links.indptr).tolist()
    number: dict[tuple[bytes, bytes], int] = {}
    chosen: list[RoutePair] = []
    of_pair = np.empty(len(pairs), dtype=np.int64)
    for k, pair in enumerate(pairs):
        first, second = (ways[at[route] : at[route + 1]] for route in (pair.first, pair.second))
        of_pair[k] = number.setdefault((first, second), len(number))
        if len(number) > len(chosen):
            chosen.append(pair)
    return of_pair, chosen


def _outside_buildings(audit: Audit, routes: Ints) -> Routes:
    """Spans of some routes outside the buildings, from A; each way along a link is a part.

    The number after the last span stands for a cable or link of which no span is recorded.
    """
    network, paths = audit.network, audit.paths
    table = network.circuits.routes
    entries, owner = gather_positions(table.links, routes)
    ways = 2 * table.links.indices[entries] + table.is_reversed[entries]
    home = network.places.padded_home
    in_a, in_b = home[paths.a], home[paths.b]
    number = np.minimum(np.arange(len(paths.a)), paths.n_spans)
    is_outside = (in_a != in_b) | (in_a < 0)
    # What each way takes outside is looked up once, and copied for each route.
    piece = paths.of_link.indices // 2
    kept = is_outside[piece]
    way = Csr(np.append(0, np.cumsum(kept))[paths.of_link.indptr], number[piece[kept]])
    line, _ = gather(way, ways)
    part_start = np.append(0, np.cumsum(way.counts[ways]))
    start = part_start[np.searchsorted(owner, np.arange(len(routes) + 1))]
    return Routes(start, line, part_start, ways)


def is_wholly_recorded(audit: Audit) -> Flags:
    """Find the routes whose records are complete, with one way along every link."""
    network = audit.network
    routes, links = network.circuits.routes, network.links
    bad = ~network.evidence.is_complete | audit.paths.is_opaque | (links.legs.counts > 1)
    known = routes.is_known.copy()
    known[routes.links.owners[bad[routes.links.indices]]] = False
    return known


class PointsOnRoutes:
    """Points of the first routes of pairs by their distance from A."""

    def __init__(self, found: PairProfiles) -> None:
        lines, walks = found.lines, found.profiles.walks
        self._lines, self._walks = lines, walks
        passed_m = np.concatenate([[0.0], np.cumsum(walks.line_length_m[walks.line])])
        self._from_m, self._base_m = passed_m[:-1], passed_m[walks.start[:-1]]
        drawn_m = np.concatenate([[0.0], np.cumsum(lines.length_m)])
        self._piece_m = drawn_m[:-1]
        self._line_m = drawn_m[lines.piece_start[:-1]]

    def pieces_m(self, route: int) -> Floats:
        """Metres of each piece of a route outside the buildings, from A."""
        walks = self._walks
        low, high = walks.start[route], walks.start[route + 1]
        metres: Floats = walks.line_length_m[walks.line[low:high]]
        return metres

    def points(self, routes: Ints, positions_m: Floats) -> Floats:
        """Coordinates of positions (metres from A) on drawn lines; shape (n, 2)."""
        lines, walks = self._lines, self._walks
        target_m = self._base_m[routes] + positions_m
        entry = np.searchsorted(self._from_m, target_m, side="right") - 1
        entry = np.clip(entry, walks.start[routes], walks.start[routes + 1] - 1)
        line = walks.line[entry]
        along_m = target_m - self._from_m[entry]
        along_m = np.where(walks.is_reversed[entry], walks.line_length_m[line] - along_m, along_m)
        piece = np.searchsorted(self._piece_m, self._line_m[line] + along_m, side="right") - 1
        piece = np.clip(piece, lines.piece_start[line], lines.piece_start[line + 1] - 1)
        length_m = np.where(lines.length_m[piece] > 0, lines.length_m[piece], 1.0)
        part = np.clip((along_m - lines.position_m[piece]) / length_m, 0.0, 1.0)[:, None]
        points: Floats = lines.source[piece, :2] * (1 - part) + lines.source[piece, 2:] * part
        return points
