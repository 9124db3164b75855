"""Cut rows: sets of options of which a plan must hold at least one.

Every set of parts that holds the site and not the centre gives one row: the options that leave it.
There are too many to list; those that a fractional plan violates are found by a maximum flow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from netgraph.upgrades.protection.duty import CENTRE, SITE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.duty import Duty

#: Capacities are whole numbers: a full option, and what an unused one still lets through, so that
#: of several least cuts the one with the fewest options is found (rows that bite converge faster).
_FULL, _LEAST = 1_000_000, 20
_SLACK = 1e-3


def first_rows(duty: Duty) -> list[Ints]:
    """Rows that hold before anything is known: what leaves the site's part, or the centre's."""
    rows = [duty.leaving(_one(duty, SITE))]
    if duty.n_parts > 2:
        rows.append(duty.leaving(_one(duty, CENTRE)))
    return rows


def rows_of_parts(duty: Duty, is_chosen: NDArray[np.bool_]) -> list[Ints]:
    """Rows that a plan of whole options misses: around all that it joins to either end."""
    label = duty.parts_joined(is_chosen)
    if label[SITE] == label[CENTRE]:
        return []
    return [duty.leaving(label == label[end]) for end in (SITE, CENTRE)]


def violated_rows(duty: Duty, share: NDArray[np.float64], wanted: float = 1.0) -> list[Ints]:
    """Rows that a fractional plan violates by more than a thousandth; none means none.

    Parameters
    ----------
    share
        How much of each edge is chosen, 0 to 1; shape (edges,).
    wanted
        What a row must hold at least.
    """
    if duty.n_parts == 2:
        total = float(share[duty.option].sum())
        return [] if total >= wanted - _SLACK else first_rows(duty)
    used = share[duty.option]
    capacity = np.round(used * _FULL).astype(np.int32) + _LEAST
    ends = np.concatenate([duty.u, duty.v]), np.concatenate([duty.v, duty.u])
    shape = (duty.n_parts, duty.n_parts)
    graph = coo_array((np.tile(capacity, 2), ends), shape=shape).tocsr()
    flow = maximum_flow(graph, SITE, CENTRE).flow
    left = graph - flow
    left.data[left.data < 0] = 0
    left.eliminate_zeros()
    rows = []
    for residual, end in ((left, SITE), (left.T.tocsr(), CENTRE)):
        inside = np.zeros(duty.n_parts, dtype=bool)
        inside[breadth_first_order(residual, end, return_predecessors=False)] = True
        row = duty.leaving(inside)
        if share[row].sum() < wanted - _SLACK:
            rows.append(row)
    return rows


def _one(duty: Duty, part: int) -> NDArray[np.bool_]:
    inside = np.zeros(duty.n_parts, dtype=bool)
    inside[part] = True
    return inside
