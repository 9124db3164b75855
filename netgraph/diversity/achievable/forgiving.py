"""What sharing costs a site if what is within its entry tolerance costs a part of what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search.graph import expand_positions
from netgraph.diversity.search.keys import distinct, holds
from netgraph.diversity.search.least_sharing import SharingWeights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.achievable.nearness import Zones

    _Numbers = NDArray[np.int32]

#: What sharing within the tolerance weighs, of what it weighs elsewhere: it comes second.
FORGIVEN = 2.0**-10
_NOTHING = 1e-9


def forgiving_weights(search: LayerSearch, zone: Zones, part: float) -> SharingWeights:
    """Return the weights of a layer for one site.

    O(what is near), but for copying those of the layer.

    Parameters
    ----------
    search
        The layer.
    zone
        What is near the site: one row.
    part
        What sharing something near weighs, of what it weighs elsewhere.
    """
    layer, reduced, costs = search.layer, search.reduced, search.costs
    near = zone.elements.values
    classes = costs.sharing.risk_class.copy()
    classes[_wholly_in(layer, near)] *= part
    edge, node = costs.sharing.edge.copy(), costs.sharing.node.copy()
    at = expand_positions(search.nodes_touching.indptr, near)
    nodes = distinct(search.nodes_touching.values[at])
    reduced.take_off(nodes, edge, node, (1.0 - part) * costs.node[nodes])
    if layer.name == "spans":  # sharing a cable is never forgiven
        first = search.audit.network.elements.offset["spans"]
        edges = np.flatnonzero(np.isin(first + layer.item, near))
        local = reduced.local_edge_of[edges]
        off = (1.0 - part) * costs.edge[edges]
        np.subtract.at(edge, local[local >= 0], off[local >= 0])
    # What is free is exactly nothing, whatever was added up and taken off in between.
    edge, node = (np.where(w > _NOTHING, w, 0.0) for w in (edge, node))
    return SharingWeights(risk_class=classes, edge=edge, node=node)


def _wholly_in(layer: SearchLayer, near: _Numbers) -> _Numbers:
    """Return the risk classes of which everything is among some ascending elements."""
    wanted = near.astype(np.int64)
    risks = np.searchsorted(layer.risk_element, wanted[holds(layer.risk_element, wanted)])
    touched = distinct(layer.risks.class_of[risks])
    touched = touched[touched >= 0]
    members = layer.risks.risks.take(touched.astype(np.int64))
    is_far = ~holds(risks, members.values.astype(np.int64))
    return touched[np.bincount(members.owners[is_far], minlength=len(touched)) == 0]
