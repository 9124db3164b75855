"""Where along its working route a unit shares what: runs and points, with metres and places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import PASSING, Level, Section
from netgraph.diversity.sharing.cutting import Stretches, cut_stretches
from netgraph.diversity.sharing.points import find_points
from netgraph.diversity.sharing.runs import SharedPositions, SharedRun
from netgraph.diversity.sharing.stretches import Things, WalkedUnits, Ways
from netgraph.topology.csr import gather
from netgraph.topology.places import STRUCTURE

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.verdict import Verdict
    from netgraph.topology.csr import Csr

__all__ = ["SharedPositions", "SharedRun", "locate_all", "locate_shared"]

_SECTIONS = tuple(Section)
_RUN_NAMES = ("link", "cable", "trench")


def locate_shared(audit: Audit, verdict: Verdict) -> SharedPositions:
    """Locate what one unit shares: see :func:`locate_all`."""
    return locate_all(audit, (verdict,))[0]


def locate_all(audit: Audit, verdicts: Sequence[Verdict]) -> tuple[SharedPositions, ...]:
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
    tuple of SharedPositions
        One a verdict; units with the same routes, ends and shared set are walked once. Cost
        O(pieces of the working routes).
    """
    if not verdicts:
        return ()
    first: dict[Hashable, int] = {}
    number = [first.setdefault(key, len(first)) for key in _keys(audit, verdicts)]
    at = dict(zip(reversed(number), reversed(verdicts), strict=True))
    several = [at[i] for i in range(len(first))]
    units = _walked_units(audit, several)
    stretches = cut_stretches(units, _ways_of(audit), _things_of(audit))
    runs = _stretches(audit, stretches)
    has_more = stretches.has_more & ~np.array([v.is_single for v in several], dtype=bool)
    for i, found in find_points(audit, several, units, np.flatnonzero(has_more)):
        runs[i] += found
    wholes = _Wholes(audit, units)
    located = [
        _located(verdict, runs[i], wholes, i, metres)
        for i, (verdict, metres) in enumerate(zip(several, stretches.unit_m.tolist(), strict=True))
    ]
    return tuple([located[i] for i in number])


def _keys(audit: Audit, verdicts: Sequence[Verdict]) -> Iterator[Hashable]:
    """Everything that the positions of each unit depend on."""
    circuits, exempt = audit.network.circuits, audit.units.exempt
    of_circuit = [verdict.circuits[0] for verdict in verdicts]
    walked = _walked(audit, of_circuit)
    shared = _first_equal(verdicts[0].common.tables.shared, {v.common.row for v in verdicts})
    own = _first_equal(exempt, {verdict.unit for verdict in verdicts})
    ends = zip(circuits.a[of_circuit].tolist(), circuits.b[of_circuit].tolist(), strict=True)
    return (
        (
            walked[circuit], *stops, shared[verdict.common.row], own[verdict.unit],
            verdict.level, verdict.is_single, verdict.missing,
        )
        for verdict, circuit, stops in zip(verdicts, of_circuit, ends, strict=True)
    )  # fmt: skip


def _first_equal(table: Csr, rows: set[int]) -> dict[int, int]:
    """Return for each of some rows one that holds the same."""
    made: dict[bytes, int] = {}
    return {row: made.setdefault(table.row(row).tobytes(), row) for row in rows}


def _walked(audit: Audit, of_circuit: Iterable[int]) -> dict[int, Hashable]:
    """Tell what the working routes of some circuits run over, and whether they are protected."""
    circuits, routes = audit.network.circuits, audit.network.circuits.routes
    table, ptr = circuits.segment_routes, routes.links.indptr
    steps = 2 * routes.links.indices + routes.is_reversed
    found: dict[int, Hashable] = {}
    for circuit in of_circuit:
        if circuit in found:
            continue
        parts: list[Hashable] = []
        for segment in circuits.segments.row(circuit).tolist():
            low, high = table.indptr[segment : segment + 2].tolist()
            route = table.indices[low]
            at = slice(ptr[route], ptr[route + 1])
            parts += [steps[at].tobytes(), audit.entry_section[at].tobytes(), high - low > 1]
        found[circuit] = tuple(parts)
    return found


def _walked_units(audit: Audit, verdicts: Sequence[Verdict]) -> WalkedUnits:
    circuits, home = audit.network.circuits, audit.network.places.padded_home
    table, common = circuits.segment_routes, verdicts[0].common.tables.shared
    owner = np.array([verdict.circuits[0] for verdict in verdicts], dtype=np.int64)
    segments, of_unit = gather(circuits.segments, owner)
    shared, of_row = gather(common, np.array([v.common.row for v in verdicts], dtype=np.int64))
    every = np.arange(len(verdicts) + 1)
    return WalkedUnits(
        ptr=np.searchsorted(of_unit, every),
        route=table.indices[table.indptr[segments]],
        is_protected=table.counts[segments] > 1,
        a_home=home[circuits.a[owner]],
        shared_ptr=np.searchsorted(of_row, every),
        shared=shared,
    )


def _ways_of(audit: Audit) -> Ways:
    routes, paths = audit.network.circuits.routes, audit.paths
    return Ways(
        route_ptr=routes.links.indptr,
        row=2 * routes.links.indices + routes.is_reversed,
        section=audit.entry_section,
        piece_ptr=paths.of_link.indptr,
        piece=paths.of_link.indices,
        cable=paths.cable,
        a=paths.a,
        b=paths.b,
        length_m=paths.length_m,
        home=audit.network.places.padded_home,
    )


def _things_of(audit: Audit) -> Things:
    network, offset = audit.network, audit.network.elements.offset
    links, cables, spans, trenches, places, devices, _, buildings = offset.values()
    return Things(
        first=(links, cables, spans, trenches, places, devices, buildings),
        kind=audit.kind,
        n_elements=len(network.elements),
        n_spans=len(network.spans),
        trench=network.spans.trench,
        location=network.equipment.location,
        building=network.places.building,
        member_ptr=audit.risk_members.indptr,
        member=audit.risk_members.indices,
        is_building=network.places.kind != STRUCTURE,
        is_lasting=network.places.is_lasting,
    )


def _located(
    verdict: Verdict, runs: list[SharedRun], wholes: _Wholes, i: int, metres: list[float]
) -> SharedPositions:
    """Put together what a unit shares, from A."""
    is_apart = verdict.level in PASSING and not verdict.is_single
    if is_apart and wholes.shares_nothing(i):
        return SharedPositions((), 0.0, 0.0)
    total_m, unprotected_m, shared_m = metres
    if verdict.is_single:
        whole = wholes.run(verdict, i, total_m, "single_route", None)
        return SharedPositions((whole,), 0.0, total_m)
    if verdict.level in (Level.UNDECIDABLE, Level.RADIO_BACKUP):
        runs.append(wholes.run(verdict, i, total_m, verdict.level.value, verdict.missing))
    order = sorted(runs, key=lambda run: (run.distance_from_a_m, run.kind, run.elements))
    return SharedPositions(tuple(order), shared_m, unprotected_m)


def _stretches(audit: Audit, found: Stretches) -> list[list[SharedRun]]:
    """Shared stretches of every unit, from A."""
    network = audit.network
    ids = [table.ids.tolist() for table in (network.links, network.cables, network.spans)]
    sections = [section.value for section in _SECTIONS]
    names: dict[tuple[int, bytes], tuple[str, ...]] = {}  # many units share one stretch
    runs: list[list[SharedRun]] = [[] for _ in range(len(found.unit_m))]
    for (unit, kind, start, stop, section, low, high), (length_m, start_m) in zip(
        found.record.tolist(), found.metres.tolist(), strict=True
    ):
        members = found.member[low:high]
        key = (kind, members.tobytes())
        elements = names.get(key)
        if elements is None:
            of_kind = ids[kind]
            elements = tuple(dict.fromkeys([of_kind[m] for m in members.tolist()]))
            names[key] = elements
        runs[unit].append(
            SharedRun(_RUN_NAMES[kind], start, stop, elements, length_m, start_m, sections[section])
        )
    return runs


class _Wholes:
    """Findings about whole routes from A to B."""

    def __init__(self, audit: Audit, units: WalkedUnits) -> None:
        self._network, self._entry_section = audit.network, audit.entry_section
        self._units = units

    def shares_nothing(self, i: int) -> bool:
        """Whether nothing is common to the routes of a unit."""
        return bool(self._units.shared_ptr[i] == self._units.shared_ptr[i + 1])

    def run(
        self, verdict: Verdict, i: int, total_m: float, kind: str, missing: tuple[str, ...] | None
    ) -> SharedRun:
        """Make a finding about the working route, of its links or of what is missing."""
        circuits, units = self._network.circuits, self._units
        circuit = verdict.circuits[0]
        links: list[str] = []
        section = ""
        for route in units.route[units.ptr[i] : units.ptr[i + 1]].tolist():
            low, high = circuits.routes.links.indptr[route : route + 2].tolist()
            if low < high and not links:
                section = _SECTIONS[self._entry_section[low]].value
            links += self._network.links.ids[circuits.routes.links.indices[low:high]].tolist()
        return SharedRun(
            kind=kind,
            from_place=int(circuits.a[circuit]),
            to_place=int(circuits.b[circuit]),
            elements=tuple(dict.fromkeys(links)) if missing is None else missing,
            length_m=total_m,
            distance_from_a_m=0.0,
            section=section,
        )
