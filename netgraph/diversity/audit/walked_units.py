"""Lay out what is walked to find what units share where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.sharing.walked import Things, WalkedUnits, Ways
from netgraph.diversity.verdict_kinds import POSSIBLE, SUSPECT
from netgraph.topology.csr import Csr, gather
from netgraph.topology.elements import CABLE, LINK, ROOM, SPAN, TRENCH
from netgraph.topology.places import STRUCTURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.audit.run import Audit
    from netgraph.topology.csr import Ints

_NEVER_OPEN = (LINK, CABLE, SPAN, TRENCH, ROOM, SUSPECT, POSSIBLE)


def walked_units(audit: Audit, circuit: Ints, common: Ints) -> WalkedUnits:
    """Give the working routes of some circuits, with what rows of `audit.common` hold."""
    circuits, home = audit.network.circuits, audit.network.places.padded_home
    table = circuits.segment_routes
    segments, of_unit = gather(circuits.segments, circuit)
    shared, of_row = gather(audit.common.shared.classes, common)
    every = np.arange(len(circuit) + 1)
    return WalkedUnits(
        ptr=np.searchsorted(of_unit, every),
        route=table.indices[table.indptr[segments]],
        is_protected=table.counts[segments] > 1,
        a_home=home[circuits.a[circuit]],
        shared_ptr=np.searchsorted(of_row, every),
        shared=shared,
    )


def ways_of(audit: Audit) -> Ways:
    """Lay out routes and their pieces."""
    routes, paths = audit.network.circuits.routes, audit.paths
    home = audit.network.places.padded_home
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
        inside=np.where(home[paths.a] == home[paths.b], home[paths.a], -1),
    )


def things_of(audit: Audit) -> Things:
    """Look up what elements and places are."""
    network, offset = audit.network, audit.network.elements.offset
    classes, numbers, trench = audit.classes, audit.common.shared.numbers, network.spans.trench
    numbered, n_spans = classes.of_element, len(trench)
    is_touched = np.zeros(len(classes), dtype=bool)
    is_touched[numbered[offset["cables"] : offset["places"]]] = True
    touched = _where(classes.of_link, is_touched[classes.of_link.indices])
    opens = _where(numbers, ~np.isin(audit.kind, _NEVER_OPEN)[numbers.indices])
    return Things(
        first=(offset["places"], offset["equipment"], offset["buildings"]),
        first_span=offset["spans"],
        kind=audit.kind,
        link=numbered[: offset["cables"]],
        cable=numbered[offset["cables"] : offset["spans"]],
        span=numbered[offset["spans"] : offset["spans"] + n_spans],
        trench=np.where(trench >= 0, numbered[offset["trenches"] + trench], -1),
        n_elements=len(network.elements),
        n_classes=len(classes),
        touched_ptr=touched.indptr,
        touched=touched.indices,
        open_ptr=opens.indptr,
        open_member=opens.indices,
        location=network.equipment.location,
        building=network.places.building,
        member_ptr=audit.risk_members.indptr,
        member=audit.risk_members.indices,
        is_building=network.places.kind != STRUCTURE,
        is_lasting=network.places.is_lasting,
    )


def _where(table: Csr, keep: NDArray[np.bool_]) -> Csr:
    """Rows of a table, less some entries."""
    return Csr(np.append(0, np.cumsum(keep))[table.indptr], table.indices[keep])
