"""What sharing costs a site if what is within its entry tolerance costs a part of what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search.graph import expand
from netgraph.diversity.search.keys import distinct
from netgraph.diversity.search.least_sharing import SharingWeights

if TYPE_CHECKING:
    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.nearness import Zones

#: What sharing within the tolerance weighs, of what it weighs elsewhere: it comes second.
FORGIVEN = 2.0**-10
_NOTHING = 1e-9


def forgiving_weights(search: LayerSearch, zone: Zones, part: float) -> SharingWeights:
    """Return the weights of a layer for one site; O(the layer's edges, nodes and risk classes).

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
    forgiven = np.zeros(len(search.audit.kind), dtype=bool)
    forgiven[zone.elements.values] = True
    classes = costs.sharing.risk_class.copy()
    touched = layer.risks.class_of[forgiven[layer.risk_element]]
    for risk_class in np.unique(touched[touched >= 0]):
        if forgiven[layer.risk_element[layer.risks.risks[risk_class]]].all():
            classes[risk_class] *= part
    edge, node = costs.sharing.edge.copy(), costs.sharing.node.copy()
    at, _ = expand(search.nodes_touching.indptr, zone.elements.values)
    nodes = distinct(search.nodes_touching.values[at])
    reduced.take_off(nodes, edge, node, (1.0 - part) * costs.node[nodes])
    if layer.name == "spans":  # sharing a cable is never forgiven
        first = search.audit.network.elements.offset["spans"]
        edges = np.flatnonzero(forgiven[first + layer.item])
        local = reduced.local_edge_of[edges]
        off = (1.0 - part) * costs.edge[edges]
        np.subtract.at(edge, local[local >= 0], off[local >= 0])
    # What is free is exactly nothing, whatever was added up and taken off in between.
    edge, node = (np.where(w > _NOTHING, w, 0.0) for w in (edge, node))
    return SharingWeights(risk_class=classes, edge=edge, node=node)
