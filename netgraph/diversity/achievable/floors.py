"""What pairs of routes share at least if what is near their site is to be forgiven.

A pair that shares something near the site beyond the entry tolerance might share it within: that
takes routes which touch it near the site only. If every two of those share so much else that the
pair is no worse, it is the best after all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.search.graph import Rows, expand
from netgraph.diversity.search.keys import holds, rows_of_keys
from netgraph.topology.csr import gather

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.topology.csr import Ints

    _Floats = NDArray[np.float64]


class Inevitable(NamedTuple):
    """What cuts sites off, row by row: their single points on the whole layer, and risk classes."""

    chains: Rows  # node v as v, edge e as n + e
    cutting: Rows

    def take(self, rows: Ints) -> Inevitable:
        """Return what cuts some of the sites off."""
        return Inevitable(self.chains.take(rows), self.cutting.take(rows))

    def without(self, known: Inevitable) -> Inevitable:
        """Return what is not known, in ascending order."""
        found = []
        for more, less in zip(self, known, strict=True):
            keys = np.sort(more.keys)
            found.append(rows_of_keys(keys[~np.isin(keys, less.keys)], len(more)))
        return Inevitable(*found)


class _Held(NamedTuple):
    """The elements of single points and risk classes, and what sharing each of these costs."""

    row: Ints  # of each point and class
    cost: _Floats
    element: Ints
    owner: Ints  # the point or class of each element


class Floors:
    """Weighs what cannot be avoided on one layer."""

    def __init__(self, search: LayerSearch, at_ends: Collection[int]) -> None:
        """Prepare for a layer and what stands at one of several centres."""
        self._search = search
        home, n_all = search.audit.network.elements.home, len(search.audit.kind)
        self._is_outside = np.append(home, np.full(n_all - len(home), -1)) < 0
        self._is_outside[list(at_ends)] = False

    def due(self, near: Rows, known: Inevitable) -> _Floats:
        """Weigh what counts, at most, because a pair shares it near its site beyond the tolerance.

        Parameters
        ----------
        near
            What is near each site and counts as shared, ascending; all of it goes with what cuts
            the site off.
        known
            What cuts the site off.
        """
        held = self._held(known)
        is_near = holds(near.keys, held.row[held.owner] << 32 | held.element)
        return _weigh(held, np.bincount(held.owner[is_near], minlength=len(held.row)) > 0, near)

    def more(self, zones: Rows, known: Inevitable, part: Inevitable) -> _Floats:
        """Weigh what surely counts of all that cuts sites off on a part of their network only.

        What might be forgiven (the elements of their zones, ascending) is left out, and what stands
        in buildings or at one of the centres.
        """
        held = self._held(part.without(known))
        is_near = holds(zones.keys, held.row[held.owner] << 32 | held.element)
        counts = self._is_outside[held.element] & ~is_near
        return _weigh(held, np.bincount(held.owner[counts], minlength=len(held.row)) > 0, zones)

    def _held(self, known: Inevitable) -> _Held:
        """Return the elements of all points and classes, a site's points before its classes."""
        search, layer = self._search, self._search.layer
        n, n_elements = layer.graph.n_nodes, len(search.audit.network.elements)
        points, classes = known.chains.values, known.cutting.values
        is_node = points < n
        node, edge = points[is_node], points[~is_node] - n
        at_node, node_owner = gather(layer.node_elements, node.astype(np.int64))
        is_thing = at_node < n_elements  # its risk groups are classes
        position, class_owner = expand(layer.risks.risks.indptr, classes)
        cost = np.empty(len(points))
        cost[is_node], cost[~is_node] = search.costs.node[node], search.costs.edge[edge]
        return _Held(
            np.concatenate([known.chains.owners, known.cutting.owners]),
            np.concatenate([cost, search.costs.sharing.risk_class[classes]]),
            np.concatenate([
                at_node[is_thing],
                search.audit.network.elements.offset[layer.name] + layer.item[edge],
                layer.risk_element[layer.risks.risks.values[position]],
            ]),
            np.concatenate([
                np.flatnonzero(is_node)[node_owner[is_thing]],
                np.flatnonzero(~is_node),
                len(points) + class_owner,
            ]),
        )  # fmt: skip


def _weigh(held: _Held, counts: NDArray[np.bool_], rows: Rows) -> _Floats:
    """Add up, row by row, what some points and classes cost."""
    return np.bincount(held.row[counts], held.cost[counts], len(rows)).astype(np.float64)
