"""Ring metrics as rows: by layer for the network, its cities and counties."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from netgraph.assessment.measures.ring_areas import areas_of_places

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
        self._areas = areas_of_places(results.network)
        self._findings = [one for told in results.ring_findings_found for one in told.each()]
        self.layers = tuple(self._audit.layers)

    def _keys(self, place: int) -> tuple[Key, Key, Key]:
        city, county = self._areas[place]
        return ("network", "", ""), ("city", city, ""), ("county", city, county)

    def rows(self, name: str) -> Iterator[Row]:
        layer, chains = self._audit.layers[name], self._audit.chains[name]
        nodes: Counter[Key] = Counter()
        on_ring: Counter[Key] = Counter()
        for place, is_on_ring in zip(layer.place.tolist(), layer.is_on_ring.tolist(), strict=True):
            for key in self._keys(place):
                nodes[key] += 1
                on_ring[key] += is_on_ring
        hung: dict[Key, list[int]] = defaultdict(list)
        for top, hops in zip(layer.place[chains.hung_on].tolist(), chains.hops, strict=True):
            for key in self._keys(top):
                hung[key].append(int(hops))
        bridges = self._counted(layer.place[layer.u[layer.is_bridge]])
        cut_off = {p for f in self._findings if f.nodes and f.layer == name for p in f.places}
        nodes_cut = Counter(key for place in cut_off for key in self._keys(place))
        counts = {kind: self._of_kind(kind, name) for kind in _FINDING_KINDS}
        for key in sorted(nodes):
            yield (
                key[0], name, key[1], key[2], nodes[key], on_ring[key], on_ring[key] / nodes[key],
                bridges[key], len(hung[key]), max(hung[key], default=0),
                *(counts[kind][key] for kind in _FINDING_KINDS), nodes_cut[key],
            )  # fmt: skip

    def _counted(self, places: Ints) -> Counter[Key]:
        return Counter(key for place in places.tolist() for key in self._keys(place))

    def _of_kind(self, kind: str, layer: str) -> Counter[Key]:
        chosen = (f for f in self._findings if f.kind == kind and f.layer == layer)
        return Counter(key for finding in chosen for key in self._keys(finding.places[0]))


_FINDING_KINDS = ("chain", "false_ring", "oversize_ring", "rings_meet_once")
