"""The entry tolerance at the centre, which serves one scoring item only (LN2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import Section
from netgraph.diversity.sections import SECTION_BIT
from netgraph.diversity.verdict_kinds import PLANT, TOLERABLE
from netgraph.topology.csr import gather
from netgraph.topology.paths import RouteWalk, walk_route

if TYPE_CHECKING:
    from netgraph.diversity.audit import Audit
    from netgraph.diversity.verdict import Verdict
    from netgraph.topology.csr import Ints


def is_tolerated_at_b(audit: Audit, verdict: Verdict) -> bool:
    """Whether all plant that a unit shares in its access section at B lies within the tolerance.

    Measured from the B building along every route of the unit; a cable or a recorded risk group
    is never tolerated, nor is anything beyond a length that is not recorded or drawn.
    """
    routes = audit.network.circuits.routes
    held = [e for e in verdict.shared if PLANT[audit.kind[e]] and _is_met_at_b(audit, verdict, e)]
    if not held or not TOLERABLE[audit.kind[held]].all():
        return False
    limit = audit.rules.entry_tolerance_m
    return all(
        _far_from_b(audit, int(route), np.array(held)) <= limit
        for route in audit.units.routes.row(verdict.unit)
        if routes.is_known[route]
    )


def _is_met_at_b(audit: Audit, verdict: Verdict, element: int) -> bool:
    routes, elements = audit.network.circuits.routes, audit.network.elements
    for route in audit.units.routes.row(verdict.unit):
        rows = slice(routes.links.indptr[route], routes.links.indptr[route + 1])
        at_b = audit.entry_section[rows] == SECTION_BIT[Section.ACCESS_B]
        values, _ = gather(elements.of_link, routes.links.indices[rows][at_b])
        if element in values or element in _groups_of(audit, values):
            return True
    return False


def _groups_of(audit: Audit, values: Ints) -> Ints:
    groups, _ = gather(audit.risks.of_element, values)
    return groups + len(audit.network.elements)


def _far_from_b(audit: Audit, route: int, held: Ints) -> float:
    """Greatest distance from B to the far end of a piece that touches one of the elements."""
    network, offset = audit.network, audit.network.elements.offset
    b_home = int(network.places.padded_home[network.circuits.routes.end_place[route]])
    walk: RouteWalk = walk_route(network, audit.paths, route, b_home)
    known = np.where(walk.span >= 0, network.spans.is_measured[walk.span], False)  # noqa: FBT003 - value
    indoors = walk.end_m == walk.start_m
    lengths = np.where(indoors, 0.0, np.where(known, walk.length_m, np.inf))
    from_b = np.cumsum(lengths[::-1])[::-1]
    touches = np.isin(walk.span + offset["spans"], held)
    trench = np.where(walk.span >= 0, network.spans.trench[walk.span], -1)
    touches |= (trench >= 0) & np.isin(trench + offset["trenches"], held)
    for ends in (walk.entry, walk.exit_):
        touches |= np.isin(ends + offset["places"], held)
    members = np.concatenate(
        [audit.risk_members.row(e - len(audit.network.elements)) for e in held.tolist()
         if e >= len(audit.network.elements)] or [np.empty(0, dtype=np.int64)]
    )  # fmt: skip
    touches |= np.isin(walk.span + offset["spans"], members)
    return float(from_b[touches].max(initial=0.0))
