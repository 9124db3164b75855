"""Where along its working route a unit shares what: runs and points, with metres and places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import PASSING, Level, Section
from netgraph.diversity.sharing.cutting import Stretches, cut_stretches
from netgraph.diversity.sharing.points import find_points
from netgraph.diversity.sharing.runs import SharedPositions, SharedRun
from netgraph.diversity.sharing.stretches import Things, WalkedUnits, Ways
from netgraph.topology.csr import csr_of_lists, gather, gather_positions
from netgraph.topology.places import STRUCTURE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.verdict import Verdict

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
    ways = _number_ways(audit, verdicts)
    keys = [_key(audit, verdict, ways) for verdict in verdicts]
    first = dict(zip(reversed(keys), reversed(verdicts), strict=True))
    several = list(first.values())
    stretches = cut_stretches(_walked_units(audit, several), _ways_of(audit), _things_of(audit))
    runs = _stretches(audit, stretches)
    located = dict(zip(first, (
        _located(audit, verdict, stretches, i, runs[i]) for i, verdict in enumerate(several)
    ), strict=True))  # fmt: skip
    return tuple(located[key] for key in keys)


def _number_ways(audit: Audit, verdicts: Sequence[Verdict]) -> dict[int, bytes]:
    """Route to what it runs over, for the working routes of some units."""
    circuits, routes = audit.network.circuits, audit.network.circuits.routes
    entries = np.column_stack([
        2 * routes.links.indices + routes.is_reversed, audit.entry_section
    ])  # fmt: skip
    indptr = routes.links.indptr.tolist()
    found = {}
    for verdict in verdicts:
        for segment in circuits.segments.row(verdict.circuits[0]).tolist():
            route = int(circuits.segment_routes.indices[circuits.segment_routes.indptr[segment]])
            if route not in found:
                found[route] = entries[indptr[route] : indptr[route + 1]].tobytes()
    return found


def _key(audit: Audit, verdict: Verdict, ways: Mapping[int, bytes]) -> tuple[object, ...]:
    """Everything that the positions of a unit depend on."""
    circuit, circuits = verdict.circuits[0], audit.network.circuits
    table = circuits.segment_routes
    walked = tuple(
        (ways[int(table.indices[table.indptr[s]])], int(table.indptr[s + 1] - table.indptr[s]) > 1)
        for s in circuits.segments.row(circuit).tolist()
    )
    return (
        walked, int(circuits.a[circuit]), int(circuits.b[circuit]), verdict.shared, verdict.level,
        verdict.is_single, verdict.missing, audit.units.exempt.row(verdict.unit).tobytes(),
    )  # fmt: skip


def _walked_units(audit: Audit, verdicts: Sequence[Verdict]) -> WalkedUnits:
    circuits, home = audit.network.circuits, audit.network.places.padded_home
    table = circuits.segment_routes
    owner = np.array([verdict.circuits[0] for verdict in verdicts], dtype=np.int64)
    segments, of_unit = gather(circuits.segments, owner)
    shared = csr_of_lists([verdict.shared for verdict in verdicts])
    return WalkedUnits(
        ptr=np.searchsorted(of_unit, np.arange(len(verdicts) + 1)),
        route=table.indices[table.indptr[segments]],
        is_protected=table.counts[segments] > 1,
        a_home=home[circuits.a[owner]],
        shared_ptr=shared.indptr,
        shared=shared.indices,
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
    audit: Audit, verdict: Verdict, stretches: Stretches, i: int, runs: list[SharedRun]
) -> SharedPositions:
    """Add to a unit's stretches what it shares beside them."""
    if not verdict.shared and not verdict.is_single and verdict.level in PASSING:
        return SharedPositions((), 0.0, 0.0)
    total_m, unprotected_m, shared_m = stretches.unit_m[i].tolist()
    if verdict.is_single:
        whole = _whole(audit, verdict, total_m, "single_route", None)
        return SharedPositions((whole,), 0.0, total_m)
    if stretches.has_more[i]:
        runs += find_points(audit, verdict)
    if verdict.level in (Level.UNDECIDABLE, Level.RADIO_BACKUP):
        runs.append(_whole(audit, verdict, total_m, verdict.level.value, verdict.missing))
    order = sorted(runs, key=lambda run: (run.distance_from_a_m, run.kind, run.elements))
    return SharedPositions(tuple(order), shared_m, unprotected_m)


def _stretches(audit: Audit, found: Stretches) -> list[list[SharedRun]]:
    """Shared stretches of every unit, from A."""
    network = audit.network
    ids = [table.ids.tolist() for table in (network.links, network.cables, network.spans)]
    sections = [section.value for section in _SECTIONS]
    member = found.member.tolist()
    runs: list[list[SharedRun]] = [[] for _ in range(len(found.unit_m))]
    for (unit, kind, start, stop, section, low, high), (length_m, start_m) in zip(
        found.record.tolist(), found.metres.tolist(), strict=True
    ):
        names = ids[kind]
        elements = tuple(dict.fromkeys([names[m] for m in member[low:high]]))
        runs[unit].append(
            SharedRun(_RUN_NAMES[kind], start, stop, elements, length_m, start_m, sections[section])
        )
    return runs


def _whole(
    audit: Audit, verdict: Verdict, total_m: float, kind: str, missing: tuple[str, ...] | None
) -> SharedRun:
    """Make a finding about the whole route from A to B, of its links or of what is missing."""
    circuit = verdict.circuits[0]
    circuits = audit.network.circuits
    table, routes = circuits.segment_routes, circuits.routes
    working = table.indices[table.indptr[circuits.segments.row(circuit)]]
    entries, _ = gather_positions(routes.links, working)
    links = audit.network.links.ids[routes.links.indices[entries]]
    section = _SECTIONS[audit.entry_section[entries[0]]].value if len(entries) else ""
    return SharedRun(
        kind=kind,
        from_place=int(circuits.a[circuit]),
        to_place=int(circuits.b[circuit]),
        elements=tuple(dict.fromkeys(links.tolist())) if missing is None else missing,
        length_m=total_m,
        distance_from_a_m=0.0,
        section=section,
    )
