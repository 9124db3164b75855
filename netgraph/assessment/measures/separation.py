"""How far apart the routes of every protected circuit and group run: one row a pair and distance.

Measured on drawn geometry only: an assumed straight line would measure as if it had been surveyed.
Where a route is not wholly drawn, what is found to be close is close, but nothing is separate.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.assessment.measures.pairs import (
    PointsOnRoutes,
    find_pairs,
    is_wholly_recorded,
    name_routes,
    profile_pairs,
)
from netgraph.report.tables import write_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from netgraph.assessment.measures.pairs import PairProfiles, RoutePair
    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.geometry import SeparationProfiles
    from netgraph.topology.csr import Ints

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

SIDE_BY_SIDE, SEPARATE, UNDECIDABLE = "side_by_side", "separate", "undecidable"


class SeparationRow(NamedTuple):
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


_COLUMNS = SeparationRow._fields


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
    names = name_routes(audit, [route for pair in pairs for route in (pair.first, pair.second)])
    return tuple(table.rows(pairs, names))


def separation_frame(audit: Audit) -> pd.DataFrame:
    """Give the rows as a table."""
    import pandas as pd

    return pd.DataFrame(separation_rows(audit), columns=list(_COLUMNS))


def write_separation(audit: Audit, folder: Path) -> Path:
    """Write separation.csv into a folder; the rows are those of :func:`separation_rows`."""
    return write_table(folder, "separation", separation_rows(audit))


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

    def rows(self, pairs: Sequence[RoutePair], names: Sequence[str]) -> Iterator[SeparationRow]:
        """Rows of all pairs, the least distance of each first; two names a pair."""
        within_m, of_pair = self.profiles.within_m, self.of_pair
        n, levels = len(pairs), len(within_m)
        least_m = self.profiles.least_m[of_pair]
        # Between a few drawn pieces the least distance would say nothing.
        has_run = self.runs.sum(axis=1) > 0
        least = least_m.astype(object)
        least[~(np.isfinite(least_m) & (self.is_complete | has_run[of_pair]))] = None
        longest_m = self.longest_m[of_pair]
        verdict = np.where(self.is_complete[:, None], SEPARATE, UNDECIDABLE).astype(object)
        verdict = np.where(longest_m > self.run_m, SIDE_BY_SIDE, verdict)
        ends = self.ends[of_pair].astype(object)
        ends[longest_m <= 0] = None
        columns = (
            np.repeat([pair.unit_id for pair in pairs], levels),
            np.repeat(names[::2], levels),
            np.repeat(names[1::2], levels),
            np.tile(within_m, n),
            self.runs[of_pair].ravel(),
            self.metres[of_pair].ravel(),
            longest_m.ravel(),
            *ends.reshape(-1, 4).T,
            np.repeat(least, levels),
            self.crossings[of_pair].ravel(),
            verdict.ravel(),
        )
        return map(SeparationRow._make, zip(*(column.tolist() for column in columns), strict=True))


def _measure(audit: Audit, pairs: Sequence[RoutePair], thresholds_m: Sequence[float]) -> _Measured:
    found, known = profile_pairs(audit, pairs, thresholds_m), is_wholly_recorded(audit)
    both = [known[[getattr(pair, side) for pair in pairs]] for side in ("first", "second")]
    is_complete = found.profiles.is_complete[found.of_pair] & both[0] & both[1]
    return _sum_up(found, is_complete, audit.rules.run_m)


def _sum_up(found: PairProfiles, complete: Flags, run_m: float) -> _Measured:
    profiles = found.profiles
    shape = (len(profiles), len(profiles.within_m))
    cell = profiles.run_pair * shape[1] + profiles.run_level
    length_m = profiles.run_end_m - profiles.run_start_m
    runs = np.flatnonzero(~profiles.run_is_crossing)
    crossings = np.bincount(cell[profiles.run_is_crossing], minlength=shape[0] * shape[1])
    metres = np.zeros(shape[0] * shape[1])
    np.add.at(metres, cell[runs], length_m[runs])
    # Of runs as long to a tenth of a millimetre the first is the longest: rounding has no say.
    order = runs[np.lexsort((-np.round(length_m[runs], 4), cell[runs]))]
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
