"""What pairs of routes share at least if what is near their site is to be forgiven.

A pair that shares something near the site beyond the entry tolerance might share it within: that
takes routes which touch it near the site only. If every two of those share so much else that the
pair is no worse, it is the best after all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.nearness import Zone


class Inevitable(NamedTuple):
    """What cuts a site off: its single points on the whole layer, and risk classes."""

    chain: Collection[int]  # node v as v, edge e as n + e
    cutting: Collection[int]


class _Item(NamedTuple):
    """The elements of a single point or risk class, those outside, and what sharing it costs."""

    held: list[int]
    outside: frozenset[int]
    cost: float


class Floors:
    """Weighs what cannot be avoided on one layer."""

    def __init__(self, search: LayerSearch, at_ends: Collection[int]) -> None:
        """Prepare for a layer and what stands at one of several centres."""
        self._search = search
        home, n_all = search.audit.network.elements.home, len(search.audit.kind)
        self._is_outside = np.append(home, np.full(n_all - len(home), -1)) < 0
        self._is_outside[list(at_ends)] = False
        self._points: dict[int, _Item] = {}  # many sites have the same
        self._classes: dict[int, _Item] = {}

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
        return sum(item.cost for item in self._items(known) if not near.isdisjoint(item.held))

    def more(self, zone: Zone, known: Inevitable, part: Inevitable) -> float:
        """Weigh what surely counts of all that cuts a site off on a part of its network only.

        What might be forgiven is left out, and what stands in buildings or at one of the centres.
        """
        new = Inevitable(*(sorted(set(b).difference(a)) for a, b in zip(known, part, strict=True)))
        return sum(
            item.cost for item in self._items(new) if not item.outside.issubset(zone.elements)
        )

    def _items(self, known: Inevitable) -> list[_Item]:
        """Return what stands for each single point and class."""
        for point in known.chain:
            if point not in self._points:
                self._points[point] = self._item(*self._of_point(point))
        for number in known.cutting:
            if number not in self._classes:
                self._classes[number] = self._item(*self._of_class(number))
        found = [self._points[point] for point in known.chain]
        return found + [self._classes[number] for number in known.cutting]

    def _item(self, held: list[int], cost: float) -> _Item:
        return _Item(held, frozenset(x for x in held if self._is_outside[x]), cost)

    def _of_point(self, point: int) -> tuple[list[int], float]:
        search, layer = self._search, self._search.layer
        n = layer.graph.n_nodes
        if point >= n:
            first, edge = search.audit.network.elements.offset[layer.name], point - n
            return [first + int(layer.item[edge])], float(search.costs.edge[edge])
        n_elements = len(search.audit.network.elements)  # its risk groups are classes
        held = [x for x in layer.node_elements.row(point).tolist() if x < n_elements]
        return held, float(search.costs.node[point])

    def _of_class(self, number: int) -> tuple[list[int], float]:
        layer = self._search.layer
        held: list[int] = layer.risk_element[layer.risks.risks[number]].tolist()
        return held, float(self._search.costs.sharing.risk_class[number])
