"""Lay out what is walked to find what units share where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.sharing.walked import Things, WalkedUnits, Ways
from netgraph.diversity.verdict_kinds import POSSIBLE, SUSPECT
from netgraph.topology.csr import Csr, csr_of_unique_pairs, gather, gather_positions
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
    home, trench = audit.network.places.padded_home, audit.network.spans.trench
    offset, numbered = audit.network.elements.offset, audit.classes.of_element
    none = np.full(len(paths.a) - paths.n_spans, -1)
    piece, is_back = paths.of_link.indices // 2, paths.of_link.indices % 2 == 1
    inside = _of_pieces(np.where(home[paths.a] == home[paths.b], home[paths.a], -1), piece)
    is_indoors = np.zeros(len(paths.of_link), dtype=bool)
    within = np.searchsorted(paths.of_link.indptr, np.flatnonzero(inside >= 0), side="right") - 1
    is_indoors[within] = True
    class_ = numbered[offset["spans"] : offset["spans"] + paths.n_spans]
    of_trench = np.where(trench >= 0, numbered[offset["trenches"] + trench], -1)
    first_link = paths.n_spans + paths.n_cables
    start, stop = _of_pieces(paths.a, piece), _of_pieces(paths.b, piece)
    return Ways(
        route_ptr=routes.links.indptr,
        row=2 * routes.links.indices + routes.is_reversed,
        section=audit.entry_section,
        piece_ptr=paths.of_link.indptr,
        span=_of_pieces(np.append(np.arange(paths.n_spans), none), piece),
        class_=_of_pieces(np.append(class_, none), piece),
        trench=_of_pieces(np.append(of_trench, none), piece),
        cable=paths.cable,
        start=np.where(is_back, stop, start),
        stop=np.where(is_back, start, stop),
        metres=np.nan_to_num(paths.length_m)[piece],
        inside=inside,
        is_indoors=is_indoors,
        link=_of_pieces(np.maximum(np.arange(len(paths.a)) - first_link, -1), piece),
    )


def _of_pieces(values: Ints, piece: Ints) -> NDArray[np.int32]:
    """Spread values of pieces over the entries of the rows."""
    return values.astype(np.int32)[piece]


def things_of(audit: Audit) -> Things:
    """Look up what elements and places are."""
    network, offset = audit.network, audit.network.elements.offset
    classes, numbers = audit.classes, audit.common.shared.numbers
    numbered, n_spans = classes.of_element, len(network.spans)
    touched = _touched(audit)
    opens = _where(numbers, ~np.isin(audit.kind, _NEVER_OPEN)[numbers.indices])
    return Things(
        first=(offset["places"], offset["equipment"], offset["buildings"]),
        first_span=offset["spans"],
        kind=audit.kind,
        link=numbered[: offset["cables"]],
        cable=numbered[offset["cables"] : offset["spans"]],
        span=numbered[offset["spans"] : offset["spans"] + n_spans],
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


def _touched(audit: Audit) -> Csr:
    """List the classes of cables, spans, trenches and bare carriers along each link.

    With two legs, or below it, it is walked along the first one, which alone does not take it down.
    """
    classes, network, offset = audit.classes, audit.network, audit.network.elements.offset
    is_plant = np.zeros(len(classes), dtype=bool)
    is_plant[classes.of_element[offset["cables"] : offset["places"]]] = True
    found = _where(classes.of_link, is_plant[classes.of_link.indices])
    links = network.links
    forked = np.flatnonzero((links.legs.counts > 1) | (links.carriers.counts > 0))
    if len(forked) == 0:
        return found
    paths, trench = audit.paths, np.append(network.spans.trench, -1)
    position, owner = gather_positions(paths.of_link, 2 * forked)
    piece = paths.of_link.indices[position] // 2
    is_span = piece < paths.n_spans
    of_trench = trench[np.where(is_span, piece, -1)]
    along = (  # the first element of a kind, and numbers within it
        ("spans", np.where(is_span, piece, -1)), ("trenches", of_trench),
        ("cables", paths.cable[position]),
        ("links", np.maximum(piece - paths.n_spans - paths.n_cables, -1)),
    )  # fmt: skip
    rows = [found.owners, *(forked[owner[number >= 0]] for _, number in along)]
    elements = [offset[table] + number[number >= 0] for table, number in along]
    columns = [found.indices, *(classes.of_element[each] for each in elements)]
    return csr_of_unique_pairs(np.concatenate(rows), np.concatenate(columns), len(found))


def _where(table: Csr, keep: NDArray[np.bool_]) -> Csr:
    """Rows of a table, less some entries."""
    return Csr(np.append(0, np.cumsum(keep))[table.indptr], table.indices[keep])
