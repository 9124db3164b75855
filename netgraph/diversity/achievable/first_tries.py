"""Other pairs for the sites whose shortest node-disjoint pair shares a risk that it might avoid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search.graph import both_of, joined_rows
from netgraph.diversity.search.keys import holds
from netgraph.diversity.search.pairs_apart import Beginnings, find_pairs_apart

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.search.graph import Rows
    from netgraph.diversity.search.near import OwnEdges

    _Flags = NDArray[np.bool_]
    _Longs = NDArray[np.int64]


def try_apart(
    search: LayerSearch, asked: OwnEdges, known: Beginnings, shared: Rows
) -> tuple[Rows, _Flags]:
    """Put a pair that shares only what cuts the site off in the place of one that shares more.

    Parameters
    ----------
    search
        The layer.
    asked
        The sites and what is open to them.
    known
        A pair of each, and what it cannot avoid.
    shared
        The risk classes that both routes of each pair use.

    Returns
    -------
    routes
        The pairs; those found here share less, but need not be the shortest that do.
    is_other
        Which ones were found here, by site.
    """
    at = _sharing(search, known, shared)
    is_other = np.zeros(len(asked.sources), dtype=bool)
    if not len(at):
        return known.routes, is_other
    chosen = Beginnings(
        known.routes.take(both_of(at)),
        known.points.take(at),
        known.cutting.take(at),
    )
    found = find_pairs_apart(asked.take(at), search.joint, chosen)
    is_other[at[found.sizes[::2] > 0]] = True
    both = joined_rows([known.routes, found])
    source = np.arange(len(known.routes))
    place = np.full(len(is_other), -1)
    place[at] = np.arange(len(at))
    put = np.repeat(is_other, 2)
    source[put] = len(known.routes) + 2 * np.repeat(place, 2)[put] + source[put] % 2
    return both.take(source), is_other


def _sharing(search: LayerSearch, known: Beginnings, shared: Rows) -> _Longs:
    """Return the sites whose pair shares a risk that might be avoided.

    What is inside buildings only is left out: most of it belongs to the ends of the routes.
    """
    is_avoidable = (search.joint.joint_of >= 0) & ~search.is_housed
    shared = shared.where(is_avoidable[shared.values])
    shared = shared.where(~holds(known.cutting.keys, shared.keys))
    return np.flatnonzero(shared.sizes)
