"""What counts in every pair of routes of a site: it may settle the level before any search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search.keys import distinct, rows_of_keys
from netgraph.diversity.verdict_kinds import TOLERABLE
from netgraph.topology.csr import gather

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.basis import AuditBasis
    from netgraph.diversity.search.graph import Rows


def certain_elements(search: LayerSearch, chains: Rows, at_ends: Collection[int]) -> Rows:
    """Return elements that count as shared in every pair of each site.

    All routes run over the single points in their order, so that each point is at least as far from
    the site as the spans before it are long: what is then beyond the tolerance, or of a kind that
    is never tolerated, no pair can do without.

    Parameters
    ----------
    search
        The layer.
    chains
        The single points of each site on it (node v as v, edge e as n + e), in order from the site.
    at_ends
        Elements that stand at one of several centres: they count in some pairs only.

    Returns
    -------
    Rows
        Ascending, audit numbering. What stands in the site's own building is among them, if a point
        does; it counts in no pair, so hold them against what a pair shares. O(the points'
        elements).
    """
    layer, n, points = search.layer, search.layer.graph.n_nodes, chains.values
    is_edge, owners = points >= n, chains.owners
    edge = points[is_edge] - n
    step_m = np.zeros((len(chains), int(chains.sizes.max(initial=0))))
    at = np.arange(len(points)) - chains.indptr[owners]
    step_m[owners[is_edge], at[is_edge]] = search.known_m[edge]
    far_m = np.cumsum(step_m, axis=1)[owners, at]
    at_node, owner = gather(layer.node_elements, points[~is_edge].astype(np.int64))
    first = search.audit.network.elements.offset[layer.name]
    element = np.concatenate([at_node, first + layer.item[edge]])
    point = np.concatenate([np.flatnonzero(~is_edge)[owner], np.flatnonzero(is_edge)])
    limit_m = search.audit.rules.entry_tolerance_m
    counts = (far_m[point] > limit_m) | ~TOLERABLE[search.audit.kind[element]]
    if at_ends:
        counts &= ~np.isin(element, list(at_ends))
    keys = owners[point[counts]] << 32 | element[counts]
    return rows_of_keys(distinct(keys), len(chains))


def known_lengths(audit: AuditBasis, layer: SearchLayer) -> NDArray[np.float64]:
    """Metres of each edge outside buildings that are known to be there, from end to end."""
    network, spans = audit.network, audit.network.spans
    home = network.places.padded_home
    outside = (home[spans.a] != home[spans.b]) | (home[spans.a] < 0)
    known_m = np.where(outside & spans.is_measured, spans.length_m, 0.0)
    if layer.name == "spans":
        return known_m[layer.item]
    of_cable = network.cables.spans
    metres = np.bincount(of_cable.owners, known_m[of_cable.indices], len(of_cable))
    return metres.astype(np.float64)[layer.item]
