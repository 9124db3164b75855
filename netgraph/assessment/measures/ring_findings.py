"""What is wrong with rings and chains, as a list for planners: worst first, told once each.

A cable, span or trench that cuts several nodes off their ring is a finding of its own. Where it
cuts off one office or one site (all that this has on rings runs through one cable or duct), those
of a county are told in one, each with what cuts it: nearly every site has such a cut of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.hazards import stable_id
from netgraph.diversity.levels import SEVERITY_RANK, Severity
from netgraph.report import labels
from netgraph.topology.csr import (
    Csr,
    compose,
    csr_of_lists,
    csr_of_unique_pairs,
    gather,
    transpose,
)
from netgraph.topology.elements import CABLE, KIND_NAMES
from netgraph.topology.places import PLACE_TABLES, SITE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from netgraph.assessment.measures.ring_areas import PlaceAreas
    from netgraph.assessment.results import Results
    from netgraph.diversity.rings import CommonCut, Meeting, Ring, RingAudit
    from netgraph.diversity.rings.layers import Layer
    from netgraph.diversity.rules import Rules
    from netgraph.topology import LayeredNetwork

    Row = tuple[object, ...]

#: Chains of these layers are findings; in the ducts every access cable is a chain of manholes.
_CHAIN_LAYERS = ("cables", "links")
_TABLE_OF_KIND = {"cable": "cables", "span": "spans", "trench": "trenches"}
_MOST_ELEMENTS = 50
_ORDER = (
    "false_ring", "office_one_exit", "site_one_exit", "chain", "oversize_ring", "rings_meet_once",
)  # fmt: skip


@dataclass(frozen=True)
class RingFinding:
    """Something wrong with a ring or a chain.

    `places` are the places that it is about (the first says where it is counted), `size` is hops,
    nodes or metres as its kind says. Of a false ring, `rings` are the rings that the first of the
    elements alone cuts, and `nodes` the nodes that it cuts off in all; `links` go down with it. A
    finding that tells several others in one has these as `parts`, which have no id and no sentence
    of their own.
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
    links: tuple[int, ...] = ()
    parts: tuple[RingFinding, ...] = ()

    def each(self) -> tuple[RingFinding, ...]:
        """Give what it tells, one by one."""
        return self.parts or (self,)


def find_ring_findings(
    network: LayeredNetwork, rings: RingAudit, areas: PlaceAreas, rules: Rules,
    lang: str,
) -> tuple[RingFinding, ...]:  # fmt: skip
    """List what is wrong with the rings, worst first.

    Parameters
    ----------
    areas
        City and county by place number.
    rules
        How long a chain and how large a ring may be.
    lang
        Language of the sentences, "en" or "zh".
    """
    maker = _Maker(network, rings, rules, "zh" if lang == "zh" else "en")
    carried = Carried(network)
    several, lone = maker.false_rings()
    most_first = np.argsort(-np.array(carried.circuits(lone), dtype=np.int64), kind="stable")
    found = told_apart([
        *several, *maker.one_exits([lone[i] for i in most_first.tolist()], areas),
        *maker.chains(), *maker.oversize(), *maker.meetings(),
    ])  # fmt: skip
    keys = [
        (
            SEVERITY_RANK[f.severity], _ORDER.index(f.kind), -circuits, -(f.nodes or 0), -f.size,
            f.finding_id,
        )
        for f, circuits in zip(found, carried.circuits(found), strict=True)
    ]  # fmt: skip
    return tuple([found[i] for i in sorted(range(len(found)), key=keys.__getitem__)])


class Carried:
    """Circuits and sites with a route over the links that findings are about."""

    def __init__(self, network: LayeredNetwork) -> None:
        routes, places = network.circuits.routes, network.places
        of_link = transpose(routes.links, len(network.links))
        self._of_link = Csr(of_link.indptr, routes.circuit[of_link.indices])
        self._a = network.circuits.a
        self._is_site = np.append(places.kind == SITE, False)

    def circuits(self, findings: Sequence[RingFinding]) -> list[int]:
        """Count the circuits of each finding."""
        counts: list[int] = self._circuits(findings).counts.tolist()
        return counts

    def sites(self, findings: Sequence[RingFinding]) -> list[int]:
        """Count the sites that these circuits begin at."""
        circuits = self._circuits(findings)
        place, finding = self._a[circuits.indices], circuits.owners
        at_site = self._is_site[place]
        places = csr_of_unique_pairs(finding[at_site], place[at_site], len(findings))
        counts: list[int] = places.counts.tolist()
        return counts

    def _circuits(self, findings: Sequence[RingFinding]) -> Csr:
        links = csr_of_lists([
            [link for one in finding.each() for link in one.links] for finding in findings
        ])  # fmt: skip
        every = compose(links, self._of_link)
        return csr_of_unique_pairs(every.owners, every.indices, len(findings))


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
        self._kind = network.elements.kind.tolist()

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
        return RingFinding(
            stable_id("R", kind, layer, *parts, *sorted(named)),
            kind, layer, severity, named, where, size, description,
        )  # fmt: skip

    def false_rings(self) -> tuple[list[RingFinding], list[RingFinding]]:
        """Tell of what cuts off several nodes; and in brief, to be told with others, of one."""
        layer, cuts = self._audit.layers["links"], self._audit.cuts
        place, nodes_of = layer.place.tolist(), [cut.nodes for cut in cuts]
        several: list[RingFinding] = []
        lone: list[RingFinding] = []
        for cut, nodes, links in zip(cuts, nodes_of, _links_out(layer, nodes_of), strict=True):
            is_lone = len(nodes) == 1
            places, named = (
                tuple([place[node] for node in nodes]),
                self._elements(cut, is_lone=is_lone),
            )
            is_cable = self._kind[cut.element] == CABLE
            name = "cables" if is_cable else "spans"
            (lone if is_lone else several).append(
                RingFinding(
                    "" if is_lone else self._id_of_cut(name, places), "false_ring", name,
                    Severity.RED if is_cable else Severity.ORANGE, named, places, cut.length_m,
                    "" if is_lone else self._say_of_cut(cut, places), rings=len(cut.rings),
                    nodes=len(places), links=links,
                )
            )  # fmt: skip
        return several, lone

    def _id_of_cut(self, layer: str, places: Sequence[int]) -> str:
        # Cables and spans are renamed and split; what is cut off, and from where, stays.
        return stable_id("R", "false_ring", layer, *sorted(map(self._place, places)))

    def _say_of_cut(self, cut: CommonCut, places: Sequence[int]) -> str:
        return self._say(
            "ring_false" if len(cut.rings) == 1 else "rings_false",
            first=self._network.places.label(places[0]), nodes=len(places), rings=len(cut.rings),
            bridge=self._name(cut.element), metres=f"{cut.length_m:,.0f}",
        )  # fmt: skip

    def one_exits(self, cuts: list[RingFinding], areas: PlaceAreas) -> Iterator[RingFinding]:
        """Tell the lone offices, and the lone sites, of a county in one: each with what cuts it."""
        grouped: dict[tuple[str, str, str], list[RingFinding]] = defaultdict(list)
        for one in cuts:
            is_site = self._network.places.kind[one.places[0]] == SITE
            kind = "site_one_exit" if is_site else "office_one_exit"
            grouped[kind, *areas[one.places[0]]].append(one)
        for (kind, *area), parts in grouped.items():
            worst = min(parts, key=lambda one: SEVERITY_RANK[one.severity])
            yield RingFinding(
                stable_id("R", kind, *area), kind, worst.layer, worst.severity,
                tuple(one.elements[0] for one in parts[:_MOST_ELEMENTS]),
                tuple(one.places[0] for one in parts), max(one.size for one in parts),
                self._say(
                    kind, nodes=len(parts), county=area[1] or area[0] or "?",
                    each=self._say("one_exit_next").join(map(self._exit, parts[:_MOST_ELEMENTS])),
                ),
                rings=len(parts), nodes=len(parts), parts=tuple(parts),
            )  # fmt: skip

    def _exit(self, one: RingFinding) -> str:
        return self._say(
            "one_exit", place=self._network.places.label(one.places[0]), bridge=one.elements[0],
            metres=f"{one.size:,.0f}",
        )  # fmt: skip

    def _elements(self, cut: CommonCut, *, is_lone: bool) -> tuple[str, ...]:
        """Name what cuts; of one told by itself also what else alone cuts all, cables first."""
        kind, others = self._kind, () if is_lone else cut.also
        also = sorted(others, key=lambda e: (kind[e] != CABLE, e))
        return tuple(map(self._name, (cut.element, *also[: _MOST_ELEMENTS - 1])))

    def _name(self, element: int) -> str:
        table = _TABLE_OF_KIND[KIND_NAMES[self._kind[element]]]
        return f"{table}:{self._network.elements.ids[element]}"

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


def _links_out(layer: Layer, nodes_of: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """For each set of nodes the rows of the edges on rings that lead out of it, ascending."""
    nodes = csr_of_lists(nodes_of)
    edges, at = gather(layer.core_trees.edges_of, nodes.indices)
    pair = np.sort(nodes.owners[at] * len(layer.u) + edges)
    is_first = np.append(True, pair[1:] != pair[:-1])[: len(pair)]
    is_last = np.append(pair[1:] != pair[:-1], True)[: len(pair)]
    # An edge within a set stands there from either of its ends.
    owner, edge = np.divmod(pair[is_first & is_last], len(layer.u) or 1)
    row = layer.row[edge]
    order = np.lexsort((row, owner))
    rows = row[order].tolist()
    bounds = np.searchsorted(owner[order], np.arange(len(nodes_of) + 1)).tolist()
    return [tuple(rows[low:high]) for low, high in pairwise(bounds)]


def ring_finding_rows(results: Results) -> list[Row]:
    """Rows of ring_findings.csv."""
    found, areas = results.ring_findings_found, results.area_of_place
    carried = Carried(results.network)
    counts = zip(carried.sites(found), carried.circuits(found), strict=True)
    return [
        (
            f.finding_id, f.kind, f.layer, f.severity, *areas[f.places[0]],
            ";".join(f.elements), f.size, f.description, rank, f.rings, f.nodes,
            *(sites_and_circuits if f.nodes else (None, None)),
        )
        for rank, (f, sites_and_circuits) in enumerate(zip(found, counts, strict=True), start=1)
    ]  # fmt: skip
