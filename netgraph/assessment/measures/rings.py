"""Ring metrics as rows: by layer for the network, its cities and counties, and what is wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.measures.ring_areas import areas_of_places
from netgraph.diversity.hazards import stable_id
from netgraph.diversity.levels import SEVERITY_RANK, Severity
from netgraph.report import labels
from netgraph.topology.elements import CABLE, KIND_NAMES
from netgraph.topology.places import PLACE_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from netgraph.assessment.results import Results
    from netgraph.diversity.rings import CommonCut, Meeting, Ring, RingAudit
    from netgraph.diversity.rules import Rules
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints

    Row = tuple[object, ...]
    Key = tuple[str, str, str]  # scope, city, county

#: Chains of these layers are findings; in the ducts every access cable is a chain of manholes.
_CHAIN_LAYERS = ("cables", "links")
_TABLE_OF_KIND = {"cable": "cables", "span": "spans", "trench": "trenches"}
_MOST_ELEMENTS = 50


@dataclass(frozen=True)
class RingFinding:
    """Something wrong with a ring or a chain.

    `places` are the places that it is about (the first says where it is counted), `size` is hops,
    nodes or metres as its kind says. Of a false ring, `rings` are the rings that the first of the
    elements alone cuts, and `nodes` the nodes that it cuts off in all.
    """

    finding_id: str
    kind: str
    layer: str
    severity: Severity
    elements: tuple[str, ...]
    places: tuple[int, ...]
    size: float
    description: str
    rings: int | None = None
    nodes: int | None = None


def find_ring_findings(
    network: LayeredNetwork, rings: RingAudit, rules: Rules, lang: str
) -> tuple[RingFinding, ...]:
    """List what is wrong with the rings, worst first.

    Parameters
    ----------
    rules
        How long a chain and how large a ring may be.
    lang
        Language of the sentences, "en" or "zh".
    """
    maker = _Maker(network, rings, rules, "zh" if lang == "zh" else "en")
    found = told_apart([
        *maker.false_rings(), *maker.chains(), *maker.oversize(), *maker.meetings(),
    ])  # fmt: skip
    order = ("false_ring", "chain", "oversize_ring", "rings_meet_once")
    return tuple(
        sorted(
            found,
            key=lambda f: (
                SEVERITY_RANK[f.severity],
                order.index(f.kind),
                -(f.nodes or 0),
                -f.size,
                f.finding_id,
            ),
        )
    )


def told_apart(found: list[RingFinding]) -> list[RingFinding]:
    """Give findings of the same id, which cut off the same places, one each by what cuts."""
    times = Counter(one.finding_id for one in found)
    return [
        replace(one, finding_id=stable_id("R", one.finding_id, *one.elements))
        if times[one.finding_id] > 1
        else one
        for one in found
    ]


class _Maker:
    """Turns what was found into sentences and ids."""

    def __init__(
        self, network: LayeredNetwork, rings: RingAudit, rules: Rules, lang: labels.Language
    ) -> None:
        self._network = network
        self._rules = rules
        self._audit = rings
        self._lang = lang

    def _place(self, place: int) -> str:
        places = self._network.places
        return f"{PLACE_TABLES[places.kind[place]]}:{places.ids[place]}"

    def _say(self, text: str, **values: object) -> str:
        return labels.text(text, self._lang, **values)

    def _finding(
        self, kind: str, layer: str, severity: Severity, elements: Iterable[str],
        places: Iterable[int], size: float, description: str,
    ) -> RingFinding:  # fmt: skip
        named, where = tuple(elements), tuple(places)
        parts = sorted(self._place(place) for place in where)
        # Cables and spans are renamed and split; what is cut off, and from where, stays.
        extra = () if kind == "false_ring" else sorted(named)
        return RingFinding(
            stable_id("R", kind, layer, *parts, *extra),
            kind, layer, severity, named, where, size, description,
        )  # fmt: skip

    def false_rings(self) -> Iterator[RingFinding]:
        layer = self._audit.layers["links"]
        for cut in self._audit.cuts:
            places = [int(layer.place[node]) for node in cut.nodes]
            bridge, *also = self._elements(cut)
            is_cable = bridge.startswith("cables:")
            words = "ring_false" if len(cut.rings) == 1 else "rings_false"
            found = self._finding(
                "false_ring",
                "cables" if is_cable else "spans",
                Severity.RED if is_cable else Severity.ORANGE,
                [bridge, *also[: _MOST_ELEMENTS - 1]],
                places,
                cut.length_m,
                self._say(
                    words, first=self._network.places.label(places[0]), nodes=len(places),
                    rings=len(cut.rings), bridge=bridge, metres=f"{cut.length_m:,.0f}",
                ),
            )  # fmt: skip
            yield replace(found, rings=len(cut.rings), nodes=len(places))

    def _elements(self, cut: CommonCut) -> list[str]:
        """Name what cuts, then what else alone cuts all of it, cables first."""
        elements = self._network.elements
        also = sorted(cut.also, key=lambda e: (elements.kind[e] != CABLE, e))
        return [
            f"{_TABLE_OF_KIND[KIND_NAMES[elements.kind[e]]]}:{elements.ids[e]}"
            for e in (cut.element, *also)
        ]

    def chains(self) -> Iterator[RingFinding]:
        rules = self._rules
        for name in _CHAIN_LAYERS:
            layer, chains = self._audit.layers[name], self._audit.chains[name]
            ids = getattr(self._network, name).ids
            for i in np.flatnonzero(chains.hops >= rules.chain_warn_hops).tolist():
                hops = int(chains.hops[i])
                top, end = (int(layer.place[n[i]]) for n in (chains.hung_on, chains.far_end))
                first = f"{name}:{ids[layer.row[chains.first_edge[i]]]}"
                yield self._finding(
                    "chain", name,
                    Severity.ORANGE if hops >= rules.chain_fail_hops else Severity.YELLOW,
                    [first, self._place(top), self._place(end)], [end, top], hops,
                    self._say(
                        "ring_chain", hops=hops, end=self._network.places.label(end),
                        top=self._network.places.label(top), edge=first,
                    ),
                )  # fmt: skip

    def oversize(self) -> Iterator[RingFinding]:
        rules, links = self._rules, self._network.links.ids
        for ring in self._audit.rings:
            if ring.size <= rules.ring_warn_nodes:
                continue
            named = [f"systems:{ring.system}"] if ring.system else []
            yield self._finding(
                "oversize_ring", "links",
                Severity.ORANGE if ring.size > rules.ring_fail_nodes else Severity.YELLOW,
                [*named, *(f"links:{links[link]}" for link in ring.links)], ring.places, ring.size,
                self._say("ring_oversize", nodes=ring.size, ring=self._ring_name(ring)),
            )  # fmt: skip

    def _ring_name(self, ring: Ring) -> str:
        return ring.system or self._network.places.label(ring.places[0])

    def meetings(self) -> Iterator[RingFinding]:
        for meeting in self._audit.meetings:
            yield self._finding(
                "rings_meet_once", "links", Severity.YELLOW,
                [self._place(meeting.place), *(f"systems:{name}" for name in meeting.systems)],
                [meeting.place], meeting.parts, self._meeting(meeting),
            )  # fmt: skip

    def _meeting(self, meeting: Meeting) -> str:
        place = self._network.places.label(meeting.place)
        if meeting.systems:
            return self._say("ring_systems_meet", place=place, rings=", ".join(meeting.systems))
        return self._say("ring_blocks_meet", place=place, parts=meeting.parts)


def ring_finding_rows(results: Results) -> list[Row]:
    """Rows of ring_findings.csv."""
    areas = areas_of_places(results.network)
    return [
        (
            f.finding_id, f.kind, f.layer, f.severity, *areas[f.places[0]],
            ";".join(f.elements), f.size, f.description, rank, f.rings, f.nodes,
        )
        for rank, f in enumerate(results.ring_findings_found, start=1)
    ]  # fmt: skip


def ring_rows(results: Results) -> list[Row]:
    """Rows of rings.csv: each layer as a whole, by city and by county."""
    counter = _Counter(results)
    return [row for name in counter.layers for row in counter.rows(name)]


class _Counter:
    """Counts one layer after the other."""

    def __init__(self, results: Results) -> None:
        self._audit = results.rings_found
        self._areas = areas_of_places(results.network)
        self._findings = results.ring_findings_found
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
