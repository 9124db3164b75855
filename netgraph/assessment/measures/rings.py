"""Ring metrics as rows: by layer for the network, its cities and counties."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.assessment.results import Results
    from netgraph.topology.csr import Ints

    Row = tuple[object, ...]
    Key = tuple[str, str, str]  # scope, city, county


def ring_rows(results: Results) -> list[Row]:
    """Rows of rings.csv: each layer as a whole, by city and by county."""
    counter = _Counter(results)
    return [row for name in counter.layers for row in counter.rows(name)]


class _Counter:
    """Counts one layer after the other."""

    def __init__(self, results: Results) -> None:
        self._audit = results.rings_found
        self._areas = results.area_of_place
        self._cut_off: dict[str, set[int]] = defaultdict(set)  # places, by layer
        self._places_of: dict[tuple[str, str], list[int]] = defaultdict(list)  # by layer and kind
        for told in results.ring_findings_found:
            for one in told.each():
                self._places_of[one.layer, one.kind].append(one.places[0])
                if one.nodes:
                    self._cut_off[one.layer].update(one.places)
        self.layers = tuple(self._audit.layers)

    def rows(self, name: str) -> Iterator[Row]:
        layer, chains = self._audit.layers[name], self._audit.chains[name]
        nodes = self._counted(layer.place)
        on_ring = self._counted(layer.place[layer.is_on_ring])
        hung = self._counted(layer.place[chains.hung_on])
        longest = self._longest(layer.place[chains.hung_on], chains.hops)
        bridges = self._counted(layer.place[layer.u[layer.is_bridge]])
        nodes_cut = self._counted(list(self._cut_off[name]))
        counts = {kind: self._counted(self._places_of[name, kind]) for kind in _FINDING_KINDS}
        for key in sorted(nodes):
            yield (
                key[0], name, key[1], key[2], nodes[key], on_ring[key], on_ring[key] / nodes[key],
                bridges[key], hung[key], longest.get(key, 0),
                *(counts[kind][key] for kind in _FINDING_KINDS), nodes_cut[key],
            )  # fmt: skip

    def _counted(self, places: Ints | list[int]) -> Counter[Key]:
        counts: Counter[Key] = Counter()
        by_area = np.bincount(self._areas.number[places], minlength=len(self._areas.names))
        for area in np.flatnonzero(by_area).tolist():
            for key in _keys_of_area(self._areas.names[area]):
                counts[key] += int(by_area[area])
        return counts

    def _longest(self, places: Ints, hops: Ints) -> dict[Key, int]:
        longest: dict[Key, int] = {}
        by_area = np.zeros(len(self._areas.names), dtype=np.int64)
        np.maximum.at(by_area, self._areas.number[places], hops)
        for area, most in zip(self._areas.names, by_area.tolist(), strict=True):
            for key in _keys_of_area(area):
                longest[key] = max(longest.get(key, 0), most)
        return longest


def _keys_of_area(area: tuple[str, str]) -> tuple[Key, Key, Key]:
    city, county = area
    return ("network", "", ""), ("city", city, ""), ("county", city, county)


_FINDING_KINDS = ("chain", "false_ring", "oversize_ring", "rings_meet_once")
