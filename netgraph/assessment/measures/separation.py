"""How far apart the routes of every protected circuit and group run: one row a pair and distance.

Measured on drawn geometry only: an assumed straight line would measure as if it had been surveyed.
Where a route is not wholly drawn, what is found to be close is close, but nothing is separate.
"""

from __future__ import annotations

import tomllib
from dataclasses import astuple, dataclass, field, fields
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netgraph.diversity.geometry import Routes, draw_lines, separation_profiles
from netgraph.diversity.geometry.routes import place_routes
from netgraph.report.tables import write_csv
from netgraph.topology.csr import Csr, gather, gather_positions
from netgraph.topology.routes import PROTECT, WORKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.geometry import DrawnLines, SeparationProfiles
    from netgraph.topology.csr import Ints

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

SIDE_BY_SIDE, SEPARATE, UNDECIDABLE = "side_by_side", "separate", "undecidable"


@dataclass(frozen=True)
class SeparationRow:
    """One pair of routes at one distance; columns of separation.csv.

    Attributes
    ----------
    unit_id
        Circuit whose two routes these are, or group whose circuits back each other up.
    first_route, second_route
        ``circuit:role`` (and ``:segment number`` where a circuit has several).
    threshold_m
        Distance up to which the routes count as side by side.
    runs, metres, longest_m
        Runs of the first route within that distance of the second outside the ends, their metres
        and those of the longest.
    start_lon, start_lat, end_lon, end_lat
        Where the longest run begins and ends, seen from A; None without one.
    least_distance_m
        Least distance outside the ends; where not all is drawn, only if some run is found (it may
        be less in truth), else None.
    crossings
        Places within the distance where the routes merely cross; not in `metres`.
    verdict
        ``side_by_side`` (a run longer than ``run_m`` of the rules), ``separate`` (both routes
        wholly drawn, and no such run), ``undecidable``.
    """

    unit_id: str
    first_route: str
    second_route: str
    threshold_m: float
    runs: int
    metres: float
    longest_m: float
    start_lon: float | None
    start_lat: float | None
    end_lon: float | None
    end_lat: float | None
    least_distance_m: float | None
    crossings: int
    verdict: str


_COLUMNS = tuple(one.name for one in fields(SeparationRow))


@cache
def default_thresholds_m() -> tuple[float, ...]:
    """Distances of the shipped configuration, metres, ascending."""
    text = files("netgraph.assessment.measures").joinpath("separation.toml").read_text("utf-8")
    return tuple(sorted(float(value) for value in tomllib.loads(text)["thresholds_m"]))


def separation_rows(
    audit: Audit, thresholds_m: Sequence[float] | None = None
) -> tuple[SeparationRow, ...]:
    """Profile the separation of the routes of every protected circuit and group.

    The two routes of each segment of a circuit are a pair; in a group so are the working routes of
    every two circuits that have no protect route of their own.

    Parameters
    ----------
    audit
        The network, its routes and the rules (`entry_tolerance_m` at both ends is exempt).
    thresholds_m
        Distances in metres; those of the shipped configuration when omitted.

    Returns
    -------
    tuple of SeparationRow
        By pair and distance. Exact on the drawn geometry. Time as in
        :func:`~netgraph.diversity.geometry.separation_profiles`.
    """
    pairs = list(find_pairs(audit))
    if not pairs:
        return ()
    table = _measure(audit, pairs, thresholds_m or default_thresholds_m())
    names = [route_name(audit, route) for pair in pairs for route in (pair.first, pair.second)]
    return tuple(
        row for k, pair in enumerate(pairs) for row in table.rows(k, pair, names[2 * k : 2 * k + 2])
    )


def separation_frame(audit: Audit) -> pd.DataFrame:
    """Give the rows as a table."""
    return pd.DataFrame([astuple(row) for row in separation_rows(audit)], columns=list(_COLUMNS))


def write_separation(audit: Audit, folder: Path) -> Path:
    """Write separation.csv into a folder; the rows are those of :func:`separation_rows`."""
    path = folder / "separation.csv"
    kinds = {name: "degrees" for name in _COLUMNS if name.endswith(("_lon", "_lat"))}
    kinds["threshold_m"] = "number"
    write_csv(path, _COLUMNS, [astuple(row) for row in separation_rows(audit)], kinds=kinds)
    return path


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
    role = circuits.routes.role
    single = []
    for circuit, name in enumerate(circuits.ids):
        alone = True
        for segment in circuits.segments.row(circuit).tolist():
            rows = circuits.segment_routes.row(segment)
            working, protect = rows[role[rows] == WORKING], rows[role[rows] == PROTECT]
            if len(working) and len(protect):
                alone = False
                yield RoutePair(circuit, str(name), int(working[0]), int(protect[0]))
        single.append(alone and len(circuits.segments.row(circuit)) == 1)
    for unit in range(len(circuits), len(units)):
        members = [c for c in units.circuits.row(unit).tolist() if single[c]]
        for one, other in combinations(members, 2):
            first, second = (int(circuits.routes_of(c)[0]) for c in (one, other))
            yield RoutePair(unit, str(units.names[unit]), first, second)


def route_name(audit: Audit, route: int) -> str:
    """Name a route: ``circuit:role``, and the number of its segment where there are several."""
    circuits = audit.network.circuits
    routes = circuits.routes
    circuit = int(routes.circuit[route])
    role = "protect" if routes.role[route] == PROTECT else "working"
    segments = circuits.segments.row(circuit).tolist()
    name = f"{circuits.ids[circuit]}:{role}"
    if len(segments) == 1:
        return name
    return f"{name}:{segments.index(int(routes.segment[route])) + 1}"


@dataclass(frozen=True, eq=False)
class _Measured:
    """Profiles summed up by distance; arrays of shape (profiles, levels).

    `of_pair` is the profile of each pair, `is_complete` says of which pairs all is recorded.
    """

    of_pair: Ints
    profiles: SeparationProfiles
    is_complete: Flags
    run_m: float
    runs: Ints = field(repr=False)
    crossings: Ints = field(repr=False)
    metres: Floats = field(repr=False)
    longest_m: Floats = field(repr=False)
    ends: Floats = field(repr=False)

    def rows(self, k: int, pair: RoutePair, names: Sequence[str]) -> Iterator[SeparationRow]:
        """Rows of one pair, the least distance first."""
        is_complete, k = bool(self.is_complete[k]), int(self.of_pair[k])
        least_m = float(self.profiles.least_m[k])
        # Between a few drawn pieces the least distance would say nothing.
        is_told = np.isfinite(least_m) and (is_complete or self.runs[k].any())
        least = least_m if is_told else None
        columns = (self.runs, self.metres, self.longest_m, self.ends, self.crossings)
        for threshold_m, runs, metres, longest_m, ends, crossings in zip(
            self.profiles.within_m.tolist(), *(column[k].tolist() for column in columns),
            strict=True,
        ):  # fmt: skip
            verdict = SEPARATE if is_complete else UNDECIDABLE
            if longest_m > self.run_m:
                verdict = SIDE_BY_SIDE
            start_lon, start_lat, end_lon, end_lat = ends if longest_m > 0 else (None,) * 4
            yield SeparationRow(
                pair.unit_id, names[0], names[1], threshold_m, runs, metres, longest_m,
                start_lon, start_lat, end_lon, end_lat, least, crossings, verdict,
            )  # fmt: skip


@dataclass(frozen=True, eq=False)
class PairProfiles:
    """Separation profiles of pairs of routes, and the lines that they were measured on.

    Attributes
    ----------
    of_pair
        The profile of each pair: pairs of routes over the same links have one in common.
    profiles
        One for every pair of ways that differs from the others.
    first, recorded_m
        The first route of each profile as lines outside the buildings, and the recorded length
        of each line, NaN for none.
    """

    of_pair: Ints = field(repr=False)
    profiles: SeparationProfiles
    lines: DrawnLines = field(repr=False)
    first: Routes = field(repr=False)
    recorded_m: Floats = field(repr=False)


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
    both = [np.array([getattr(p, side) for p in chosen]) for side in ("first", "second")]
    spans = [_spans_of(audit, routes) for routes in both]
    n_spans = len(network.spans)
    is_used = np.zeros(n_spans + 1, dtype=bool)
    for numbers, _ in spans:
        is_used[numbers] = True
    used, place = np.flatnonzero(is_used), np.cumsum(is_used) - 1
    geometry = np.full(n_spans + 1, None, dtype=object)  # the last stands for what has no span
    geometry[:n_spans] = network.spans.geometry
    lines = draw_lines(geometry[used], planar=network.inventory.crs == "")
    recorded_m = np.append(network.spans.length_m, np.nan)[used]
    first, second = (Routes(start, place[numbers]) for numbers, start in spans)
    profiles = separation_profiles(
        lines, first, second, within_m=thresholds_m,
        end_exempt_m=exempt_m, recorded_m=recorded_m, measures_far=measures_far,
    )  # fmt: skip
    return PairProfiles(of_pair, profiles, lines, first, recorded_m)


def _same_ways(audit: Audit, pairs: Sequence[RoutePair]) -> tuple[Ints, list[RoutePair]]:
    """Give equal pairs of ways over links one number, and a pair for each number."""
    routes = audit.network.circuits.routes
    links, rows = routes.links, 2 * routes.links.indices + routes.is_reversed
    at = links.indptr.tolist()
    number: dict[tuple[bytes, bytes], int] = {}
    chosen: list[RoutePair] = []
    of_pair = np.empty(len(pairs), dtype=np.int64)
    for k, pair in enumerate(pairs):
        first, second = (
            rows[at[route] : at[route + 1]].tobytes() for route in (pair.first, pair.second)
        )
        of_pair[k] = number.setdefault((first, second), len(number))
        if len(number) > len(chosen):
            chosen.append(pair)
    return of_pair, chosen


def _measure(audit: Audit, pairs: Sequence[RoutePair], thresholds_m: Sequence[float]) -> _Measured:
    found, known = profile_pairs(audit, pairs, thresholds_m), is_wholly_recorded(audit)
    both = [known[[getattr(pair, side) for pair in pairs]] for side in ("first", "second")]
    is_complete = found.profiles.is_complete[found.of_pair] & both[0] & both[1]
    return _sum_up(found, is_complete, audit.rules.run_m)


def _spans_of(audit: Audit, routes: Ints) -> tuple[Ints, Ints]:
    """Spans of some routes outside the buildings, from A, and where each route begins.

    The number after the last span stands for a cable or link of which no span is recorded.
    """
    network, paths = audit.network, audit.paths
    table = network.circuits.routes
    entries, owner = gather_positions(table.links, routes)
    rows = 2 * table.links.indices[entries] + table.is_reversed[entries]
    home = network.places.padded_home
    in_a, in_b = home[paths.a], home[paths.b]
    number = np.minimum(np.arange(len(paths.a)), paths.n_spans)
    number[(in_a == in_b) & (in_a >= 0)] = -1  # inside one building
    # The far longest arrays of all follow: one look-up for each piece of each route.
    span, entry = gather(Csr(paths.of_link.indptr, number[paths.of_link.indices // 2]), rows)
    outside = span >= 0
    counts = np.bincount(owner[entry], weights=outside, minlength=len(routes))
    return span[outside], np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def is_wholly_recorded(audit: Audit) -> Flags:
    """Find the routes whose records are complete, with one way along every link."""
    network = audit.network
    routes, links = network.circuits.routes, network.links
    bad = ~network.evidence.is_complete | audit.paths.is_opaque | (links.legs.counts > 1)
    known = routes.is_known.copy()
    known[routes.links.owners[bad[routes.links.indices]]] = False
    return known


def _sum_up(found: PairProfiles, complete: Flags, run_m: float) -> _Measured:
    profiles = found.profiles
    shape = (len(profiles), len(profiles.within_m))
    cell = profiles.run_pair * shape[1] + profiles.run_level
    length_m = profiles.run_end_m - profiles.run_start_m
    runs = np.flatnonzero(~profiles.run_is_crossing)
    crossings = np.bincount(cell[profiles.run_is_crossing], minlength=shape[0] * shape[1])
    metres = np.zeros(shape[0] * shape[1])
    np.add.at(metres, cell[runs], length_m[runs])
    order = runs[np.lexsort((-length_m[runs], cell[runs]))]
    is_longest = np.diff(cell[order], prepend=-1) > 0
    chosen = order[is_longest]
    longest_m, ends = np.zeros(shape[0] * shape[1]), np.full((shape[0] * shape[1], 4), np.nan)
    longest_m[cell[chosen]] = length_m[chosen]
    pair = profiles.run_pair[chosen]
    where = PointsOnRoutes(found)
    ends[cell[chosen], :2] = where.points(pair, profiles.run_start_m[chosen])
    ends[cell[chosen], 2:] = where.points(pair, profiles.run_end_m[chosen])
    counts = np.bincount(cell[runs], minlength=shape[0] * shape[1])
    return _Measured(
        found.of_pair, profiles, complete, run_m, counts.reshape(shape), crossings.reshape(shape),
        metres.reshape(shape), longest_m.reshape(shape), ends.reshape(*shape, 4),
    )  # fmt: skip


class PointsOnRoutes:
    """Points of the first routes of pairs by their distance from A."""

    def __init__(self, found: PairProfiles) -> None:
        lines = found.lines
        walks = place_routes(found.first, lines, 0.0, found.recorded_m).walks
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
