"""Diverse routes that run side by side for long: one digger, one fire or one flood meets both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.assessment.measures.pairs import PointsOnRoutes, find_pairs, profile_pairs
from netgraph.diversity.hazard_runs import JudgedRuns, runs_of_located
from netgraph.diversity.hazard_values import PROXIMITY, REGION, ParallelRun
from netgraph.diversity.levels import RANK, Level, Section
from netgraph.topology.paths import walk_route

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from netgraph.assessment.measures.pairs import PairProfiles, RoutePair
    from netgraph.diversity.audit.positions import LocatedUnits
    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.rules import Rules
    from netgraph.topology.paths import RouteWalk

    Ints = NDArray[np.int64]

_SECTIONS = tuple(Section)
_SLACK_M = 0.01  # of rounding, where a run begins or ends at a place


@dataclass(frozen=True)
class Nearness:
    """When routes count as near each other.

    Attributes
    ----------
    kind
        Kind of the runs.
    levels
        Levels of the units to look at.
    within_m, end_exempt_m
        Distance of the routes; how far from the common ends they may be as near, along each.
    longer_than_m
        Shorter runs are left out.
    with_crossings
        Count places where the routes merely cross.
    """

    kind: str
    levels: frozenset[Level]
    within_m: float
    end_exempt_m: float
    longer_than_m: float
    with_crossings: bool


def side_by_side(rules: Rules) -> Nearness:
    """Routes in one street, by the rules."""
    return Nearness(
        PROXIMITY, frozenset({Level.DIVERSE}), rules.separation_m, rules.entry_tolerance_m,
        rules.run_m, with_crossings=False,
    )  # fmt: skip


def in_one_disk(radius_m: float) -> Nearness:
    """Routes that one disk can hit: nowhere farther apart than its diameter.

    Near its ends every pair is. As far as the diameter along each route is left out: routes that
    part at 60 degrees or more are as far apart where that ends.
    """
    wide_m = 2.0 * radius_m
    return Nearness(
        REGION, frozenset({Level.DIVERSE, Level.SEPARATED}), wide_m, wide_m, 0.0,
        with_crossings=True,
    )  # fmt: skip


def located_with_parallels(
    audit: Audit, located: LocatedUnits, units: Sequence[int], radius_m: float | None = None
) -> JudgedRuns:
    """Give the runs of some units, in columns: what each shares where, and what runs in parallel.

    With a radius, stretches that one disk can hit come too.
    """
    found = [find_parallel_runs(audit, units, side_by_side(audit.rules))]
    if radius_m is not None:
        found.append(find_parallel_runs(audit, units, in_one_disk(radius_m)))
    more: dict[int, list[ParallelRun]] = {}
    for runs in found:
        for unit, several in runs.items():
            more.setdefault(unit, []).extend(several)
    return runs_of_located(located, units, more)


def find_parallel_runs(
    audit: Audit, units: Iterable[int], nearness: Nearness | None = None
) -> dict[int, tuple[ParallelRun, ...]]:
    """Find where the routes of diverse units run close to each other, by the rules or as asked.

    Of a group of several circuits every pair of routes must do so (then they need not do it in
    one place), and the pair that does it for the fewest metres is given.

    Parameters
    ----------
    units
        Units to look at; those that are not `diverse` are left out.
    nearness
        How close counts; closer than `separation_m` for over `run_m` when omitted.

    Returns
    -------
    dict of int to tuple of ParallelRun
        Unit to its runs, from A, positions along the working route. Exact on the drawn geometry;
        what is not drawn is not known to run beside anything.
    """
    near = nearness or side_by_side(audit.rules)
    unit_of = _unit_of_pairs(audit, units, near.levels)
    pairs = [pair for pair in find_pairs(audit) if pair.unit in unit_of]
    if not pairs or not shapely.is_geometry(audit.network.spans.geometry).any():
        return {}
    found = profile_pairs(
        audit, pairs, (near.within_m,), end_exempt_m=near.end_exempt_m, measures_far=False
    )
    profiles = found.profiles
    length_m = profiles.run_end_m - profiles.run_start_m
    is_long = (length_m > near.longer_than_m) & (near.with_crossings | ~profiles.run_is_crossing)
    metres = np.zeros(len(profiles))
    np.add.at(metres, profiles.run_pair[is_long], length_m[is_long])
    chosen = _choose(audit, pairs, unit_of, metres[found.of_pair])
    where, runs = PointsOnRoutes(found), np.flatnonzero(is_long)
    start = np.searchsorted(profiles.run_pair[runs], np.arange(len(profiles) + 1))
    return {
        unit: tuple(
            run
            for k in rows
            for run in _runs_of(
                audit,
                pairs[k],
                found,
                where,
                found.of_pair[k],
                runs[start[found.of_pair[k]] : start[found.of_pair[k] + 1]],
                near.kind,
            )
        )
        for unit, rows in chosen.items()
    }


def _unit_of_pairs(audit: Audit, units: Iterable[int], levels: frozenset[Level]) -> dict[int, int]:
    """Circuits and groups whose pairs count, and the unit for which they do."""
    every = np.array(list(units), dtype=np.int64)
    ranks = [RANK[level] for level in levels]
    diverse = every[np.isin(audit.verdicts.level[every], ranks)].tolist()
    members = {int(c): unit for unit in diverse for c in audit.units.circuits.row(unit)}
    return members | {unit: unit for unit in diverse}


def _choose(
    audit: Audit, pairs: list[RoutePair], unit_of: dict[int, int], metres: NDArray[np.float64]
) -> dict[int, list[int]]:
    """Pairs to report by unit: of a circuit all that run side by side, of a group the least."""
    by_unit: dict[int, list[int]] = {}
    for k, pair in enumerate(pairs):
        by_unit.setdefault(unit_of[pair.unit], []).append(k)
    chosen = {}
    for unit, rows in by_unit.items():
        if len(audit.units.circuits.row(unit)) == 1:
            chosen[unit] = [k for k in rows if metres[k] > 0]
        else:
            chosen[unit] = [min(rows, key=metres.__getitem__)] if metres[rows].all() else []
    return {unit: rows for unit, rows in chosen.items() if rows}


def _runs_of(
    audit: Audit, pair: RoutePair, found: PairProfiles, where: PointsOnRoutes, k: int, runs: Ints,
    kind: str,
) -> Iterable[ParallelRun]:  # fmt: skip
    network, profiles = audit.network, found.profiles
    walk = walk_route(network, audit.paths, pair.first, -1)
    outside = _outside(audit, walk)
    ends_m = np.cumsum(where.pieces_m(k))
    starts_m = ends_m - where.pieces_m(k)
    places = np.append(walk.entry[outside[:1]], walk.exit_[outside])
    lasting = np.append(network.places.is_lasting, False)[places]
    at_m = np.concatenate([[0.0], ends_m])
    start_m, end_m = profiles.run_start_m[runs], profiles.run_end_m[runs]
    points = where.points(np.full(len(runs), k), (start_m + end_m) / 2)
    for start, end, (lon, lat) in zip(
        start_m.tolist(), end_m.tolist(), points.tolist(), strict=True
    ):
        inside = np.flatnonzero((starts_m < end) & (ends_m > start))
        spans = walk.span[outside[inside]]
        before = np.flatnonzero(lasting & (at_m <= start + _SLACK_M))
        after = np.flatnonzero(lasting & (at_m >= end - _SLACK_M))
        section = _SECTIONS[audit.entry_section[walk.link_entry[outside[inside[0]]]]]
        yield ParallelRun(
            kind=kind,
            from_place=int(places[before[-1]]) if len(before) else -1,
            to_place=int(places[after[0]]) if len(after) else -1,
            elements=tuple(dict.fromkeys(network.spans.ids[spans[spans >= 0]].tolist())),
            length_m=end - start, distance_from_a_m=start, section=section.value,
            lon=lon, lat=lat,
        )  # fmt: skip


def _outside(audit: Audit, walk: RouteWalk) -> Ints:
    """Pieces of a walk that do not lie within one building."""
    home = audit.network.places.padded_home
    in_a, in_b = home[walk.entry], home[walk.exit_]
    return np.flatnonzero((in_a != in_b) | (in_a < 0))
