"""What counts in every pair of routes of a site: it may settle the level before any search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.verdict_kinds import TOLERABLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.run import Audit


def certain_elements(
    search: LayerSearch, chain: Iterable[int], at_ends: Collection[int]
) -> frozenset[int]:
    """Return elements that count as shared in every pair of a site.

    All routes run over the single points in their order, so that each point is at least as far from
    the site as the spans before it are long: what is then beyond the tolerance, or of a kind that
    is never tolerated, no pair can do without.

    Parameters
    ----------
    search
        The layer.
    chain
        The site's single points on it (node v as v, edge e as n + e), in order from the site.
    at_ends
        Elements that stand at one of several centres: they count in some pairs only.

    Returns
    -------
    frozenset of int
        Audit numbering. What stands in the site's own building is among them, if a point does; it
        counts in no pair, so hold them against what a pair shares. O(the points' elements).
    """
    layer, n, far_m = search.layer, search.layer.graph.n_nodes, 0.0
    kind, limit_m = search.audit.kind, search.audit.rules.entry_tolerance_m
    first = search.audit.network.elements.offset[layer.name]
    certain: set[int] = set()
    for point in chain:
        if point < n:
            touched = layer.node_elements.row(point).tolist()
        else:
            far_m += float(search.known_m[point - n])
            touched = [first + int(layer.item[point - n])]
        certain.update(x for x in touched if far_m > limit_m or not TOLERABLE[kind[x]])
    return frozenset(certain.difference(at_ends))


def known_lengths(audit: Audit, layer: SearchLayer) -> NDArray[np.float64]:
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
