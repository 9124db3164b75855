"""Certificates of recorded routes: one for every circuit and every group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.diversity.certificates.metres import Metres, claimed
from netgraph.diversity.certificates.value import (
    MISSING,
    PAIR,
    SINGLE_ROUTE,
    Certificate,
    CertifiedRoute,
    Claim,
)
from netgraph.diversity.certificates.ways import route_steps
from netgraph.diversity.levels import Level
from netgraph.topology.routes import PROTECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.certificates.gaps import Gaps
    from netgraph.diversity.certificates.names import Names
    from netgraph.diversity.verdict import Verdict

_KINDS = {Level.SINGLE_ROUTE: SINGLE_ROUTE, Level.UNDECIDABLE: MISSING}


def certify_recorded(audit: Audit, names: Names, gaps: Gaps) -> Iterator[Certificate]:
    """Certify every verdict of an audit; O(elements on the routes of all units)."""
    metres = Metres(audit)
    for verdict in audit.verdicts:
        far = _far(audit, metres, verdict)
        tolerated = claimed(verdict.tolerated, far, names, audit.rules.entry_tolerance_m)
        yield _certify(audit, names, gaps, verdict, tolerated)


def _far(audit: Audit, metres: Metres, verdict: Verdict) -> Iterator[dict[int, float]]:
    circuits = audit.network.circuits
    for circuit in verdict.circuits:
        for number, segment in enumerate(circuits.segments.row(circuit).tolist()):
            for route in circuits.segment_routes.row(segment).tolist():
                yield metres.of_recorded(route, is_first=number == 0)


def _certify(
    audit: Audit, names: Names, gaps: Gaps, verdict: Verdict,
    tolerated: tuple[tuple[str, float], ...],
) -> Certificate:  # fmt: skip
    network, circuits = audit.network, audit.network.circuits
    is_group = verdict.unit >= len(circuits)
    table = network.inventory.table("circuits")
    return Certificate(
        kind=_KINDS.get(verdict.level, PAIR),
        question="recorded",
        subject=f"groups:{verdict.name}" if is_group else f"circuits:{circuits.ids[verdict.unit]}",
        site=str(table["a_id"][circuits.rows[verdict.circuits[0]]]),
        verdict=verdict.level.value,
        claim=Claim(
            level=verdict.level.value,
            shared=names.elements((*verdict.shared, *verdict.possible)),
            tolerated=tolerated,
            own_ends=names.homes(audit.units.exempt.row(verdict.unit)),
            complete=verdict.is_complete,
        ),
        missing=tuple(sorted(_gaps(audit, names, gaps, verdict))),
        routes=tuple(_routes(audit, names, verdict)),
    )


def _routes(audit: Audit, names: Names, verdict: Verdict) -> Iterator[CertifiedRoute]:
    circuits = audit.network.circuits
    for circuit in verdict.circuits:
        is_derived = bool(circuits.is_derived[circuit])
        for number, segment in enumerate(circuits.segments.row(circuit).tolist(), start=1):
            for route in circuits.segment_routes.row(segment).tolist():
                is_protect = circuits.routes.role[route] == PROTECT
                protect = "derived" if is_derived else "protect"
                yield CertifiedRoute(
                    steps=route_steps(audit, names, route),
                    circuit=str(circuits.ids[circuit]),
                    segment=str(number),
                    role=protect if is_protect else "working",
                )


def _gaps(audit: Audit, names: Names, gaps: Gaps, verdict: Verdict) -> set[str]:
    """Name the records that the routes of a unit lack."""
    network = audit.network
    circuits, routes = network.circuits, network.circuits.routes
    found: set[str] = set()
    links: set[int] = set()
    for route in audit.units.routes.row(verdict.unit).tolist():
        links.update(routes.links.row(route).tolist())
        if route in routes.problem and not routes.is_stale[route]:
            circuit = circuits.ids[routes.circuit[route]]
            role = "protect" if routes.role[route] == PROTECT else "working"
            found.add(f"circuit_links:{circuit}/{role}")
    found.update(*(gaps.of_link(link) for link in links))
    ends = {int(end[c]) for c in verdict.circuits for end in (circuits.a, circuits.b, circuits.b2)}
    bare = {int(place) for link in links for place in network.evidence.unhoused.row(link)}
    return found | {f"building of {names.place(place)}" for place in bare - ends}
