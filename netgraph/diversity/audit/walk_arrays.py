"""What the loops of the audit walk over: routes, classes of elements, and pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.audit.piece_arrays import piece_arrays
from netgraph.diversity.sharing.classes import Pieces, build_classes, pieces_near_ends
from netgraph.diversity.sharing.places import (
    ACCESS_B,
    ContentArrays,
    RouteArrays,
    WalkArrays,
)
from netgraph.topology.csr import Csr, flip_rows, gather, one_below_the_other

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.risks import RiskTable
    from netgraph.diversity.sharing.classes import ElementClasses
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints
    from netgraph.topology.paths import Paths


def classes_of(
    network: LayeredNetwork, paths: Paths, risks: RiskTable, section: Ints, near_m: float
) -> ElementClasses:
    """Put the elements into classes; those near an end of a route stay by themselves.

    Parameters
    ----------
    section
        Section of every link on every route.
    near_m
        How far from an end distances matter.
    """
    elements, routes = network.elements, network.circuits.routes
    pieces = _pieces(network, paths)
    there = Csr(routes.links.indptr, 2 * routes.links.indices + routes.is_reversed)
    ends_in_access = np.zeros(len(there), dtype=bool)
    ends_in_access[there.owners[_is_last(there) & (section == ACCESS_B)]] = True
    back = Csr(there.indptr, there.indices[flip_rows(there, ends_in_access)] ^ 1)
    from_b, owner = gather(back, np.flatnonzero(ends_in_access))
    ptr = np.searchsorted(owner, np.arange(np.count_nonzero(ends_in_access) + 1))
    alone = np.zeros(len(elements), dtype=bool)
    for starts in (there, Csr(ptr, from_b)):
        piece = pieces_near_ends(pieces, starts, near_m)
        span = piece[piece < paths.n_spans]
        alone[elements.number("spans", span)] = True
        alone[elements.number("trenches", network.spans.trench[span])] = True
        for end in (paths.a[piece], paths.b[piece]):
            alone[elements.number("places", end)] = True
    return build_classes(elements, risks.of_element, len(risks), alone)


def _is_last(table: Csr) -> NDArray[np.bool_]:
    """Entries at the end of their row."""
    result = np.zeros(len(table.indices), dtype=bool)
    result[table.indptr[1:][table.counts > 0] - 1] = True
    return result


def walk_arrays(
    network: LayeredNetwork, paths: Paths, classes: ElementClasses, section: Ints, near_m: float
) -> WalkArrays:
    """Lay out what the kernels walk over; a route that is not in service is left empty."""
    circuits, routes = network.circuits, network.circuits.routes
    keep = ~routes.is_stale[routes.links.owners]
    counts = np.bincount(routes.links.owners[keep], minlength=len(routes))
    return WalkArrays(
        RouteArrays(
            ptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            link=routes.links.indices[keep],
            row=(2 * routes.links.indices + routes.is_reversed)[keep],
            section=section[keep],
            start=circuits.a[routes.circuit],
            end=np.where(routes.is_known, routes.end_place, -1),
        ),
        ContentArrays(
            e_ptr=classes.of_link.indptr,
            e_idx=classes.of_link.indices,
            risk_ptr=classes.risks.indptr,
            risk_idx=classes.risks.indices,
            n_risks=classes.n_risks,
            home=classes.home,
        ),
        piece_arrays(network, paths, classes),
        near_m,
    )


def _both_legs(paths: Paths) -> Csr:
    """Rows of the first legs, then those of the second."""
    return one_below_the_other([paths.of_link, paths.other_leg])


def _pieces(network: LayeredNetwork, paths: Paths) -> Pieces:
    home = network.places.padded_home
    indoors = (home[paths.a] == home[paths.b]) & (home[paths.a] >= 0)
    metres = np.where(indoors, 0.0, np.where(paths.is_measured, paths.length_m, np.inf))
    return Pieces(_both_legs(paths), len(paths.of_link), metres)
