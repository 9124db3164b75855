"""What pairs of routes share at least if what is near their site is to be forgiven.

A pair that shares something near the site beyond the entry tolerance might share it within: that
takes routes which touch it near the site only. If every two of those share so much else that the
pair is no worse, it is the best after all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.nearness import Zone

    _Numbers = NDArray[np.int32]


class Inevitable(NamedTuple):
    """What cuts a site off: its single points on the whole layer, and risk classes."""

    chain: _Numbers  # node v as v, edge e as n + e
    cutting: _Numbers


class Floors:
    """Weighs what cannot be avoided on one layer."""

    def __init__(self, search: LayerSearch, at_ends: Collection[int]) -> None:
        """Prepare for a layer and what stands at one of several centres."""
        self._search = search
        home, n_all = search.audit.network.elements.home, len(search.audit.kind)
        self._is_outside = np.append(home, np.full(n_all - len(home), -1)) < 0
        self._is_outside[list(at_ends)] = False

    def due(self, zone: Zone, shared: Iterable[int], known: Inevitable) -> float:
        """Weigh what counts, at most, because a pair shares it near the site beyond the tolerance.

        Parameters
        ----------
        zone
            What is near the site.
        shared
            What counts as shared; all of it goes with what cuts the site off.
        known
            What cuts the site off.
        """
        near = zone.elements.intersection(shared)
        return sum(cost for held, cost in self._items(known) if not near.isdisjoint(held))

    def more(self, zone: Zone, known: Inevitable, part: Inevitable) -> float:
        """Weigh what surely counts of all that cuts a site off on a part of its network only.

        What might be forgiven is left out, and what stands in buildings or at one of the centres.
        """
        new = Inevitable(*(np.setdiff1d(b, a) for a, b in zip(known, part, strict=True)))
        return sum(
            cost
            for held, cost in self._items(new)
            if any(self._is_outside[x] and x not in zone.elements for x in held)
        )

    def _items(self, known: Inevitable) -> Iterator[tuple[list[int], float]]:
        """Yield the elements that stand for each single point or class, and what it costs."""
        search, layer = self._search, self._search.layer
        first, n = search.audit.network.elements.offset[layer.name], layer.graph.n_nodes
        n_elements = len(search.audit.network.elements)
        for point in known.chain.tolist():
            if point >= n:
                edge = point - n
                yield [first + int(layer.item[edge])], float(search.costs.edge[edge])
            else:  # its risk groups are classes
                held = [x for x in layer.node_elements.row(point).tolist() if x < n_elements]
                yield held, float(search.costs.node[point])
        for risk_class in known.cutting.tolist():
            held = layer.risk_element[layer.risks.risks[risk_class]].tolist()
            yield held, float(search.costs.sharing.risk_class[risk_class])
