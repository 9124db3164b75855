"""Which risk classes alone cut sites off, of some that might: few have to be tried.

A class that one of a site's single points belongs to cuts it off; of classes that hold the same of
the reduced network, one tells of all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search.graph import Rows, expand
from netgraph.diversity.search.keys import distinct, holds, rows_of_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layer_search import LayerSearch


def find_cutting(
    search: LayerSearch, points: Rows, tried: Rows, find: Callable[[Rows], Rows]
) -> Rows:
    """Return those of some risk classes that alone cut each site off, ascending.

    Parameters
    ----------
    search
        The layer.
    points
        All single points of each site on the network that is asked about (node v as v, edge e as
        n + e).
    tried
        The classes to try for each site.
    find
        Called with those that have to be looked at; returns those that cut, ascending.
    """
    is_sure = _are_points_in(search, points, tried)
    left, joint = tried.where(~is_sure), search.joint
    equal = joint.joint_of[left.values].astype(np.int64)
    equal = np.where(equal >= 0, equal, len(joint.edges) + left.values)
    keys, at, group = np.unique(left.owners << 32 | equal, return_index=True, return_inverse=True)
    one_of_each = Rows(rows_of_keys(keys, len(tried)).indptr, left.values[at])
    is_cut = holds(find(one_of_each).keys, one_of_each.keys)[group]
    return rows_of_keys(
        np.sort(np.concatenate([tried.keys[is_sure], left.keys[is_cut]])), len(tried)
    )


def _are_points_in(search: LayerSearch, points: Rows, tried: Rows) -> NDArray[np.bool_]:
    """Whether a single point of its site belongs to each class."""
    risks, n = search.risks, search.complete.n_nodes
    owners, is_edge = points.owners, points.values >= n
    keys = []
    for table, some, first in ((risks.node_classes, ~is_edge, 0), (risks.edge_classes, is_edge, n)):
        position, owner = expand(table.indptr, points.values[some] - np.int32(first))
        keys.append(owners[some][owner] << 32 | table.values[position])
    return holds(distinct(np.concatenate(keys)), tried.keys)
