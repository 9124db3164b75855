"""Runs of the groups that are judged, as columns, and the spots at which they lie."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.hazard_values import HAZARD_KINDS, ParallelRun, stable_id
from netgraph.diversity.sharing.runs import KIND_CODE, SECTION_NAMES, SharedRun
from netgraph.diversity.views import View
from netgraph.topology.csr import Csr, gather_positions

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.sharing.runs import LocatedUnits, RunTable, SharedPositions
    from netgraph.diversity.verdict import Verdict
    from netgraph.topology.csr import Ints
    from netgraph.topology.places import Places

    Floats = NDArray[np.float64]

_CODE = {kind: code for code, kind in enumerate(HAZARD_KINDS)}
_GROUP = KIND_CODE["risk_group"]
#: Findings about a whole route, marked at its beginning.
_WHOLE = [KIND_CODE[kind] for kind in ("single_route", "undecidable", "radio_backup")]
_SEVERAL = 1 << 32  # first number of lists of several; single elements keep their own


@dataclass(frozen=True, eq=False)
class JudgedRuns:
    """Runs of units, unit by unit; arrays of shape (runs,).

    Attributes
    ----------
    unit, kind, from_place, to_place, length_m
        Unit, position in HAZARD_KINDS, ends and length.
    extra
        Number of what tells a spot from others of its kind between the same ends (a point without
        a lasting place, or a missing record, is told apart by its name); -1 for nothing.
    runs
        The runs themselves.
    """

    unit: Ints
    kind: Ints
    from_place: Ints
    to_place: Ints
    length_m: Floats
    extra: Ints
    runs: Sequence[SharedRun]

    def __len__(self) -> int:
        """Count the runs."""
        return len(self.unit)


def runs_of_pairs(positions: Iterable[tuple[Verdict, SharedPositions]]) -> JudgedRuns:
    """Put the runs of some units into columns."""
    pairs = [(verdict.unit, run) for verdict, located in positions for run in located.runs]
    runs = [run for _, run in pairs]
    return JudgedRuns(
        np.array([unit for unit, _ in pairs], dtype=np.int64),
        np.array([_CODE[run.kind] for run in runs], dtype=np.int64),
        np.array([run.from_place for run in runs], dtype=np.int64),
        np.array([run.to_place for run in runs], dtype=np.int64),
        np.array([run.length_m for run in runs], dtype=np.float64),
        _extra_of_values(runs),
        runs,
    )


def runs_of_located(
    located: LocatedUnits, units: Sequence[int], more: Mapping[int, Sequence[ParallelRun]]
) -> JudgedRuns:
    """Take the runs of some units, and after those of each the ones that run beside another."""
    unit, table = np.array(units, dtype=np.int64), located.runs
    at, owner = gather_positions(Csr(located.ptr, table.start_m), located.row[unit])  # type: ignore[arg-type]
    beside = list(chain.from_iterable(more.get(u, ()) for u in units))
    of_beside = np.repeat(np.arange(len(units)), [len(more.get(u, ())) for u in units])
    owner = np.concatenate([owner, of_beside])
    order = np.argsort(owner, kind="stable")
    own, shift = np.concatenate([at, len(table) + np.arange(len(beside))])[order], len(table)
    columns = (
        np.concatenate([table.kind, [_CODE[run.kind] for run in beside]]),
        np.concatenate([table.from_place, [run.from_place for run in beside]]),
        np.concatenate([table.to_place, [run.to_place for run in beside]]),
        np.concatenate([_extra_of_table(table), 2 * _SEVERAL + _extra_of_values(beside)]),
    )
    kind, start, stop, extra = (column.astype(np.int64)[own] for column in columns)
    length_m = np.concatenate([table.length_m, [run.length_m for run in beside]])[own]
    runs = _Joined(table, beside, own.astype(np.int32), shift)
    return JudgedRuns(unit[owner[order]], kind, start, stop, length_m, extra, runs)


def _extra_of_values(runs: Sequence[SharedRun]) -> Ints:
    number: dict[Hashable, int] = {((), None): -1}
    found = []
    for run in runs:
        is_bare = run.from_place == run.to_place or run.kind == "risk_group"
        at = (run.lon, run.lat) if isinstance(run, ParallelRun) else None
        key = (run.elements if is_bare else (), at)
        found.append(number.setdefault(key, len(number)))
    return np.array(found, dtype=np.int64)


def _extra_of_table(table: RunTable) -> Ints:
    extra = np.full(len(table), -1)
    is_bare = (table.from_place == table.to_place) | (table.kind == _GROUP)
    sizes = table.high - table.low
    one = np.flatnonzero(is_bare & (sizes == 1))
    extra[one] = table.member[table.low[one]]
    number: dict[bytes, int] = {}
    for i in np.flatnonzero(is_bare & (sizes > 1)).tolist():
        key = table.member[table.low[i] : table.high[i]].tobytes()
        extra[i] = _SEVERAL + number.setdefault(key, len(number))
    return extra


@dataclass(frozen=True, eq=False)
class _Joined(View[SharedRun]):
    """Runs of a table and others, in some order."""

    table: RunTable
    others: Sequence[SharedRun]
    number: NDArray[np.int32]
    shift: int

    def __len__(self) -> int:
        return len(self.number)

    def _one(self, at: int) -> SharedRun:
        number = int(self.number[at])
        return self.table[number] if number < self.shift else self.others[number - self.shift]


class RunParts(NamedTuple):
    """What runs share, and where, in columns.

    Attributes
    ----------
    section
        Position of each section in SECTION_NAMES; -1 for none.
    start_m
        Where each run begins along the working route.
    listed, lists
        Position of each run's elements in `lists`, and the distinct lists of elements.
    """

    section: Ints
    start_m: Floats
    listed: Ints
    lists: list[tuple[str, ...]]


def parts_of_runs(runs: Sequence[SharedRun], order: Ints) -> RunParts:
    """Take runs apart, in some order, without making each a value."""
    if not isinstance(runs, _Joined):
        return _parts_of_values([runs[at] for at in order.tolist()])
    number, table = runs.number[order].astype(np.int64), runs.table
    is_own = number < runs.shift
    own, others = number[is_own], number[~is_own] - runs.shift
    data, step = table.member.tobytes(), table.member.itemsize
    bounds = (step * table.low[own].astype(np.int64), step * table.high[own].astype(np.int64))
    found: dict[bytes, int] = {}
    listed = [
        found.setdefault(data[low:high], len(found))
        for low, high in zip(*(bound.tolist() for bound in bounds), strict=True)
    ]
    _, first = np.unique(listed, return_index=True)
    low, high = (bound[own[first]].astype(np.int64) for bound in (table.low, table.high))
    indptr = np.append(0, np.cumsum(high - low))
    at = np.arange(indptr[-1]) + np.repeat(low - indptr[:-1], high - low)
    lists = table.names.of_rows(Csr(indptr, table.member[at].astype(np.int64)))
    beside = _parts_of_values([runs.others[at] for at in others.tolist()])
    parts = RunParts(
        np.empty(len(number), dtype=np.int64),
        np.empty(len(number)),
        np.empty(len(number), dtype=np.int64),
        [*lists, *beside.lists],
    )
    parts.section[is_own], parts.section[~is_own] = table.section[own], beside.section
    parts.start_m[is_own], parts.start_m[~is_own] = table.start_m[own], beside.start_m
    parts.listed[is_own], parts.listed[~is_own] = listed, beside.listed + len(lists)
    return parts


def _parts_of_values(runs: Sequence[SharedRun]) -> RunParts:
    lists: dict[tuple[str, ...], int] = {}
    listed = [lists.setdefault(run.elements, len(lists)) for run in runs]
    return RunParts(
        np.array([SECTION_NAMES.index(run.section) for run in runs], dtype=np.int64),
        np.array([run.distance_from_a_m for run in runs], dtype=np.float64),
        np.array(listed, dtype=np.int64),
        list(lists),
    )


class Spots(NamedTuple):
    """Where runs lie: the spot of each run, and of each spot what it is named by and its mark.

    Attributes
    ----------
    of_run
        Spot of each run.
    told
        What a spot adds to the name of a hazard.
    cause_id
        Id of the place with all its hazards.
    lon, lat
        Where to put the mark.
    """

    of_run: Ints
    told: list[bytes]
    cause_id: list[str]
    lon: Floats
    lat: Floats


def find_spots(runs: JudgedRuns, places: Places) -> Spots:
    """Find where runs lie; many lie at one place."""
    width = len(places) + 1
    ends = (runs.kind * width + runs.from_place + 1) * width + runs.to_place + 1
    extra = np.unique(runs.extra, return_inverse=True)[1]
    _, like = np.unique(ends, return_inverse=True)
    _, first, of_run = np.unique(
        like * (int(extra.max(initial=0)) + 1) + extra, return_index=True, return_inverse=True
    )
    ids = [*map(str, places.ids.tolist()), ""]  # the last one is for no place
    told, cause_id = [], []
    lon, lat = _middles(runs, first, places)
    columns = (first, runs.kind[first], runs.from_place[first], runs.to_place[first])
    is_told = runs.extra[first] >= 0
    rows = zip(*(column.tolist() for column in (*columns, is_told)), strict=True)
    for spot, (i, code, start, stop, is_extra) in enumerate(rows):
        kind, between = HAZARD_KINDS[code], (ids[start], ids[stop])
        run = runs.runs[i] if is_extra else None
        is_bare = start == stop or kind == "risk_group"
        names = run.elements if run is not None and is_bare else ()
        told.append("\x1f".join((kind, *between, *names)).encode("utf-8"))
        cause_id.append(stable_id("C", kind, *sorted(between), *names))
        if isinstance(run, ParallelRun):
            lon[spot], lat[spot] = run.lon, run.lat
    return Spots(of_run, told, cause_id, lon, lat)


def _middles(runs: JudgedRuns, at: Ints, places: Places) -> tuple[Floats, Floats]:
    """Where to put marks: the middle of the two ends, or the beginning of a whole route."""
    start, stop = runs.from_place[at], runs.to_place[at]
    first = np.where(start >= 0, start, stop)
    has_two = (start >= 0) & (stop >= 0) & ~np.isin(runs.kind[at], _WHOLE)
    found = []
    for values in (places.lon, places.lat):
        padded = np.append(values, np.nan)
        found.append(np.where(has_two, (padded[start] + padded[stop]) / 2, padded[first]))
    return found[0], found[1]
