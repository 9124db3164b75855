"""Ring metrics as rows: by layer for the network, its cities and counties."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from netgraph.assessment.results import Results

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
        self._findings = [one for told in results.ring_findings_found for one in told.each()]
        self.layers = tuple(self._audit.layers)

    def _keys(self, place: int) -> tuple[Key, Key, Key]:
        return _keys_of_area(self._areas[place])

    def rows(self, name: str) -> Iterator[Row]:
        layer, chains = self._audit.layers[name], self._audit.chains[name]
        nodes = self._counted(layer.place.tolist())
        on_ring = self._counted(layer.place[layer.is_on_ring].tolist())
        hung: dict[Key, list[int]] = defaultdict(list)
        tops = layer.place[chains.hung_on].tolist()
        for top, hops in zip(tops, chains.hops.tolist(), strict=True):
            for key in self._keys(top):
                hung[key].append(hops)
        bridges = self._counted(layer.place[layer.u[layer.is_bridge]].tolist())
        cut_off = {p for f in self._findings if f.nodes and f.layer == name for p in f.places}
        nodes_cut = self._counted(cut_off)
        counts = {kind: self._of_kind(kind, name) for kind in _FINDING_KINDS}
        for key in sorted(nodes):
            yield (
                key[0], name, key[1], key[2], nodes[key], on_ring[key], on_ring[key] / nodes[key],
                bridges[key], len(hung[key]), max(hung[key], default=0),
                *(counts[kind][key] for kind in _FINDING_KINDS), nodes_cut[key],
            )  # fmt: skip

    def _counted(self, places: Iterable[int]) -> Counter[Key]:
        counts: Counter[Key] = Counter()
        for area, count in Counter(map(self._areas.__getitem__, places)).items():
            for key in _keys_of_area(area):
                counts[key] += count
        return counts

    def _of_kind(self, kind: str, layer: str) -> Counter[Key]:
        return self._counted(
            f.places[0] for f in self._findings if f.kind == kind and f.layer == layer
        )


def _keys_of_area(area: tuple[str, str]) -> tuple[Key, Key, Key]:
    city, county = area
    return ("network", "", ""), ("city", city, ""), ("county", city, county)


_FINDING_KINDS = ("chain", "false_ring", "oversize_ring", "rings_meet_once")
