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
    from collections.abc import Collection, Iterator

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.certificates.gaps import Gaps
    from netgraph.diversity.certificates.names import Names
    from netgraph.diversity.certificates.ways import Steps
    from netgraph.diversity.verdict import Verdict

_KINDS = {Level.SINGLE_ROUTE: SINGLE_ROUTE, Level.UNDECIDABLE: MISSING}


def certify_recorded(
    audit: Audit, names: Names, steps: Steps, gaps: Gaps, units: Collection[int] | None = None
) -> Iterator[Certificate]:
    """Certify every verdict of an audit, or some; O(elements on the routes of their units)."""
    writer = _Writer(audit, names, steps, gaps)
    for verdict in audit.verdicts if units is None else (audit.verdicts[unit] for unit in units):
        yield writer.certify(verdict)


class _Writer:
    """Writes the certificates of units."""

    def __init__(self, audit: Audit, names: Names, steps: Steps, gaps: Gaps) -> None:
        self._audit, self._names, self._steps, self._gaps = audit, names, steps, gaps
        self._metres = Metres(audit)

    def certify(self, verdict: Verdict) -> Certificate:
        """Certify one circuit or group."""
        audit, names, circuits = self._audit, self._names, self._audit.network.circuits
        is_group = verdict.unit >= len(circuits)
        subject = verdict.name if is_group else circuits.ids[verdict.unit]
        table = audit.network.inventory.table("circuits")
        limit_m = audit.rules.entry_tolerance_m
        return Certificate(
            kind=_KINDS.get(verdict.level, PAIR),
            question="recorded",
            subject=f"groups:{subject}" if is_group else f"circuits:{subject}",
            site=str(table["a_id"][circuits.rows[verdict.circuits[0]]]),
            verdict=verdict.level.value,
            claim=Claim(
                level=verdict.level.value,
                shared=names.elements((*verdict.shared, *verdict.possible)),
                tolerated=claimed(verdict.tolerated, self._far(verdict), names, limit_m),
                own_ends=names.homes(audit.units.exempt.row(verdict.unit)),
                complete=verdict.is_complete,
            ),
            missing=tuple(sorted(self._missing(verdict))),
            routes=tuple(self._routes(verdict)),
        )

    def _far(self, verdict: Verdict) -> Iterator[dict[int, float]]:
        for _, number, route in self._each_route(verdict):
            yield self._metres.of_recorded(route, is_first=number == 1)

    def _each_route(self, verdict: Verdict) -> Iterator[tuple[int, int, int]]:
        """Circuit, number of the segment and route, in order."""
        circuits = self._audit.network.circuits
        for circuit in verdict.circuits:
            for number, segment in enumerate(circuits.segments.row(circuit).tolist(), start=1):
                for route in circuits.segment_routes.row(segment).tolist():
                    yield circuit, number, route

    def _routes(self, verdict: Verdict) -> Iterator[CertifiedRoute]:
        circuits = self._audit.network.circuits
        for circuit, number, route in self._each_route(verdict):
            is_protect = circuits.routes.role[route] == PROTECT
            protect = "derived" if circuits.is_derived[circuit] else "protect"
            yield CertifiedRoute(
                steps=route_steps(self._audit, self._steps, route),
                circuit=str(circuits.ids[circuit]),
                segment=str(number),
                role=protect if is_protect else "working",
            )

    def _missing(self, verdict: Verdict) -> set[str]:
        """Name the records that the routes of a unit lack."""
        network = self._audit.network
        circuits, routes = network.circuits, network.circuits.routes
        found: set[str] = set()
        links: set[int] = set()
        for route in self._audit.units.routes.row(verdict.unit).tolist():
            links.update(routes.links.row(route).tolist())
            if route in routes.problem and not routes.is_stale[route]:
                circuit = circuits.ids[routes.circuit[route]]
                role = "protect" if routes.role[route] == PROTECT else "working"
                found.add(f"circuit_links:{circuit}/{role}")
        found.update(*(self._gaps.of_link(link) for link in links))
        both = (circuits.a, circuits.b, circuits.b2)
        ends = {int(end[c]) for c in verdict.circuits for end in both}
        bare = {int(place) for link in links for place in network.evidence.unhoused.row(link)}
        if verdict.missing and network.elements.doubts:
            words = set(verdict.missing)
            doubts = (doubt for doubt in network.elements.doubts if doubt.words in words)
            found |= {doubt.record for doubt in doubts}
        return found | {f"building of {self._names.place(place)}" for place in bare - ends}
