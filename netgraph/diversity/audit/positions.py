"""Where along its working route a unit shares what: runs and points, with metres and places."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.audit.walked_units import things_of, walked_units, ways_of
from netgraph.diversity.levels import PASSING, RANK, Level
from netgraph.diversity.sharing.alike import equal_columns, equal_rows, equal_rows_at
from netgraph.diversity.sharing.cutting import cut_stretches
from netgraph.diversity.sharing.points import PointRuns, find_points
from netgraph.diversity.sharing.runs import (
    KIND_CODE,
    RUN_KINDS,
    LocatedUnits,
    RunNames,
    RunTable,
    SharedPositions,
    SharedRun,
)
from netgraph.diversity.sharing.walked import (
    END_MEMBER,
    FIRST_MEMBER,
    FROM_PLACE,
    KIND,
    LENGTH_M,
    SECTION,
    SHARED_M,
    START_M,
    TO_PLACE,
    TOTAL_M,
    UNIT,
    UNPROTECTED_M,
    WalkedUnits,
)
from netgraph.topology.csr import Csr, gather

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.sharing.cutting import Stretches
    from netgraph.diversity.verdict import Verdict
    from netgraph.topology.csr import Ints

    Floats = NDArray[np.float64]

__all__ = ["LocatedUnits", "SharedPositions", "SharedRun", "locate_all", "locate_shared"]

_APART = np.array([level in PASSING for level in Level])
_OPEN = {RANK[level]: KIND_CODE[level.value] for level in (Level.UNDECIDABLE, Level.RADIO_BACKUP)}
#: Place of each kind of run in the alphabet, by which runs at one place are sorted.
_ALPHABETICAL = np.argsort(np.argsort(RUN_KINDS))


class _Asked(NamedTuple):
    """What the positions of units depend on, beside their routes; arrays of shape (units,)."""

    unit: Ints
    circuit: Ints
    common: Ints
    level: Ints
    is_single: NDArray[np.bool_]
    missing: tuple[tuple[str, ...], ...]

    def taken(self, at: Ints) -> _Asked:
        """Give some of the units."""
        return _Asked(
            unit=self.unit[at],
            circuit=self.circuit[at],
            common=self.common[at],
            level=self.level[at],
            is_single=self.is_single[at],
            missing=tuple([self.missing[i] for i in at.tolist()]),
        )


def locate_shared(audit: Audit, verdict: Verdict) -> SharedPositions:
    """Locate what one unit shares: see :func:`locate_all`."""
    return locate_all(audit, (verdict,))[0]


def locate_all(audit: Audit, verdicts: Sequence[Verdict]) -> LocatedUnits:
    """Walk the units' working routes and cut what is shared into stretches and points.

    Only the strongest kind is listed (link over cable over trench over structure); a risk group
    whose members on the route are all listed already is left out. A stretch ends where the kind,
    the shared cable or the shared link changes, and at every building: so a cable that many sites
    share is one place for all of them, wherever their own begins.

    Parameters
    ----------
    audit, verdicts
        The audit and some of its verdicts.

    Returns
    -------
    LocatedUnits
        One value a verdict; units with the same routes, ends and shared set are walked once. Cost
        O(pieces of the working routes).
    """
    asked = _asked(audit, verdicts)
    first, row = _alike(audit, asked)
    several = asked.taken(first)
    units = walked_units(audit, several.circuit, several.common)
    ways = ways_of(audit)
    found = cut_stretches(units, ways, things_of(audit))
    found = found._replace(open=found.open[~several.is_single[found.open[:, 0]]])
    shares_nothing = units.shared_ptr[:-1] == units.shared_ptr[1:]
    is_apart = _APART[several.level] & ~several.is_single & shares_nothing
    points = find_points(audit, several.unit, units, ways, found)
    wholes = _wholes(audit, several, units, found.unit_m[:, TOTAL_M], is_apart)
    unit, runs = _sorted_runs(
        [_stretches(audit, found), _points(points), wholes[0]],
        RunNames((audit.network.elements.ids, audit.risks.ids, wholes[1])),
        np.flatnonzero(several.is_single | is_apart),
    )
    shared_m = np.where(several.is_single | is_apart, 0.0, found.unit_m[:, SHARED_M])
    single_m = np.where(
        several.is_single, found.unit_m[:, TOTAL_M],
        np.where(is_apart, 0.0, found.unit_m[:, UNPROTECTED_M]),
    )  # fmt: skip
    ptr = np.searchsorted(unit, np.arange(len(several.unit) + 1))
    return LocatedUnits(row.astype(np.int32), ptr, runs, shared_m, single_m)


def _asked(audit: Audit, verdicts: Sequence[Verdict]) -> _Asked:
    every = audit.verdicts
    unit = np.arange(len(every))
    if verdicts is not every:
        unit = np.array([verdict.unit for verdict in verdicts], dtype=np.int64)
    missing: list[tuple[str, ...]] = [()] * len(unit)
    for at in np.flatnonzero(every.has_missing[unit]).tolist():
        missing[at] = every.missing(int(unit[at]))
    return _Asked(
        unit=unit,
        circuit=every.circuits.indices[every.circuits.indptr[unit]],
        common=every.common_row[unit].astype(np.int64),
        level=every.level[unit].astype(np.int64),
        is_single=every.is_single[unit],
        missing=tuple(missing),
    )


def _alike(audit: Audit, asked: _Asked) -> tuple[Ints, Ints]:
    """Return one of each kind of unit, and for every unit the position of its kind's."""
    circuits = audit.network.circuits
    number: dict[tuple[str, ...], int] = {(): 0}
    missing = np.array([number.setdefault(names, len(number)) for names in asked.missing])
    columns: list[Ints] = [
        _walked(audit, asked.circuit), circuits.a[asked.circuit], circuits.b[asked.circuit],
        equal_rows_at(audit.common.shared.classes, asked.common),
        equal_rows_at(audit.units.exempt, asked.unit),
        asked.level, asked.is_single.astype(np.int64), missing,
    ]  # fmt: skip
    first, row = np.unique(equal_columns(*columns), return_inverse=True)
    return first, row


def _walked(audit: Audit, circuit: Ints) -> Ints:
    """Tell apart what working routes of circuits run over, and whether they are protected."""
    circuits, routes = audit.network.circuits, audit.network.circuits.routes
    table = circuits.segment_routes
    segment, owner = gather(circuits.segments, circuit)
    route = table.indices[table.indptr[segment]]
    steps = (2 * routes.links.indices + routes.is_reversed) << 3 | audit.entry_section
    like = equal_rows_at(Csr(routes.links.indptr, steps), route)
    ptr = np.searchsorted(owner, np.arange(len(circuit) + 1))
    return equal_rows(Csr(ptr, 2 * like + (table.counts[segment] > 1)))


class _Runs(NamedTuple):
    """Runs as columns with the unit of each, and rows of what they share."""

    unit: Ints
    kind: Ints
    from_place: Ints
    to_place: Ints
    section: Ints
    length_m: Floats
    start_m: Floats
    member_ptr: Ints
    member: Ints


def _stretches(audit: Audit, found: Stretches) -> _Runs:
    """Shared stretches of every unit, in the order of the routes."""
    record, offset = found.record, audit.network.elements.offset
    first = np.array([offset["links"], offset["cables"], offset["spans"]])
    sizes = record[:, END_MEMBER] - record[:, FIRST_MEMBER]
    member = found.member + np.repeat(first[record[:, KIND]], sizes)
    return _Runs(
        record[:, UNIT], record[:, KIND], record[:, FROM_PLACE], record[:, TO_PLACE],
        record[:, SECTION], found.metres[:, LENGTH_M], found.metres[:, START_M],
        np.append(0, record[:, END_MEMBER]), member,
    )  # fmt: skip


def _points(points: PointRuns) -> _Runs:
    return _Runs(
        points.unit, points.kind, points.from_place, points.to_place, points.section,
        points.length_m, points.start_m, np.arange(len(points.unit) + 1), points.element,
    )  # fmt: skip


def _wholes(
    audit: Audit, asked: _Asked, units: WalkedUnits, total_m: Floats, is_apart: NDArray[np.bool_]
) -> tuple[_Runs, NDArray[np.object_]]:
    """Make findings about whole working routes: of their links, or of what is missing on them.

    With the words that the numbers of the missing records stand for.
    """
    network = audit.network
    circuits, links = network.circuits, network.circuits.routes.links
    kind = np.full(len(asked.unit), -1)
    for level, code in _OPEN.items():
        kind[asked.level == level] = code
    kind[asked.is_single] = KIND_CODE["single_route"]
    kind[is_apart] = -1
    rows = np.flatnonzero(kind >= 0)
    routes, owner = gather(Csr(units.ptr, units.route), rows)
    section = np.full(len(rows), -1)
    some = np.flatnonzero(links.counts[routes] > 0)[::-1]
    # The last of repeated assignments stands: that of the first route with links.
    section[owner[some]] = audit.entry_section[links.indptr[routes[some]]]
    single = asked.is_single[rows]
    link, of_route = gather(links, routes[single[owner]])
    of_row = owner[single[owner]][of_route]
    words = [asked.missing[row] if kind[row] in _OPEN.values() else () for row in rows.tolist()]
    flat = np.array([word for several in words for word in several], dtype=object)
    of_word = np.repeat(np.arange(len(rows)), [len(several) for several in words])
    first_word = len(network.elements) + len(audit.risks)
    member_of = np.concatenate([of_row, of_word])
    member = np.concatenate([
        link + network.elements.offset["links"], first_word + np.arange(len(flat))
    ])  # fmt: skip
    order = np.argsort(member_of, kind="stable")
    runs = _Runs(
        rows, kind[rows], circuits.a[asked.circuit[rows]], circuits.b[asked.circuit[rows]],
        section, total_m[rows], np.zeros(len(rows)),
        np.searchsorted(member_of[order], np.arange(len(rows) + 1)), member[order],
    )  # fmt: skip
    return runs, flat


def _sorted_runs(parts: list[_Runs], names: RunNames, without: Ints) -> tuple[Ints, RunTable]:
    """Put the runs of each unit in order from A, then by kind and by what they share.

    Units that are single or wholly apart (`without`) keep nothing but what is said of the whole.
    """
    shift = np.cumsum([0, *(len(part.member) for part in parts)])
    low = np.concatenate([p.member_ptr[:-1] + s for p, s in zip(parts, shift[:-1], strict=True)])
    high = np.concatenate([p.member_ptr[1:] + s for p, s in zip(parts, shift[:-1], strict=True)])
    unit, kind, start, stop, section, length_m, start_m, _, member = (
        np.concatenate(columns) for columns in zip(*parts, strict=True)
    )
    table = RunTable(
        kind.astype(np.int8), start.astype(np.int32), stop.astype(np.int32),
        section.astype(np.int8), length_m, start_m, low.astype(np.int32), high.astype(np.int32),
        member.astype(np.int32), names,
    )  # fmt: skip
    rank = _ALPHABETICAL[kind]
    order = np.lexsort((rank, start_m, unit))
    is_left_out = np.isin(unit, without) & (np.arange(len(unit)) < len(unit) - len(parts[-1].unit))
    order = order[~is_left_out[order]]
    same = (np.diff(unit[order]) == 0) & (start_m[order][1:] == start_m[order][:-1])
    same &= np.diff(rank[order]) == 0
    edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
    for first, last in edges.reshape(-1, 2).tolist():
        tied = order[first : last + 1].tolist()
        order[first : last + 1] = sorted(tied, key=table.elements)
    return unit[order], table.taken(order)
