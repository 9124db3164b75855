"""What fails by itself: one component a physical cause, with its failures a year.

A digger cuts a trench with every duct and cable in it: the trench is the component, not the cables.
Spans that nothing shows to lie apart share a component as long as the shorter of the two. A
building, a room, a network element, a manhole or pole, a wireless hop, an explicit risk group and a
hazard area whose kind has a rate are components of their own. Cables and links fail with these and
have no rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import Csr, compose, csr_of_lists, csr_of_pairs, stack
from netgraph.topology.ids import codes_of
from netgraph.topology.places import OFFICE, SITE, STRUCTURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.availability.rates import Rates
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints
    from netgraph.topology.transport import Links

    Floats = NDArray[np.float64]

#: Which rate a plant component has: by the sections in which a route meets it.
ACCESS, BACKBONE, BOTH = range(3)


@dataclass(frozen=True, eq=False)
class Components:
    """Components and where they are met.

    Attributes
    ----------
    rate
        Failures a year, met on access, on backbone, on both kinds of section (the higher of the
        two). Shape (3, components).
    of_way
        Way to components, some more than once. Way i < links is link i: what alone takes it down.
        The ways after them are the two legs of each link with two.
    legs
        Link to its two leg ways; empty for a link without a second leg.
    is_assumed, is_unknown
        Ways with a length that is a stretched straight line, or that is not known at all; shape
        (ways,).
    is_open
        Ways with something that may belong to a group that fails, or may not.
    """

    rate: Floats
    of_way: Csr
    legs: Csr
    is_assumed: NDArray[np.bool_]
    is_unknown: NDArray[np.bool_]
    is_open: NDArray[np.bool_]


def build_components(audit: Audit, rates: Rates) -> Components:
    """Give the components numbers; cost linear in the entries of the links."""
    network = audit.network
    draft = _Draft(network, rates)
    draft.add_plant(audit)
    draft.add_points()
    draft.add_devices()
    draft.add_wireless()
    draft.add_risks(audit)
    ways, legs = _ways(network)
    bare = _bare_ends(network)
    ends = bare.indices + draft.n_components
    of_element = draft.of_element()
    padding = Csr(
        np.concatenate([bare.indptr, np.full(len(ways) - len(bare), bare.indptr[-1])]), ends
    )
    of_way = compose(ways, of_element)
    draft.add_rate(np.full(len(network.places), rates.per_year["device"]))
    return Components(
        rate=np.concatenate(draft.rate, axis=1),
        of_way=stack([of_way, padding]) if len(ends) else of_way,
        legs=legs,
        is_assumed=_with_span(network, ways, ~network.spans.is_measured),
        is_unknown=_with_span(network, ways, np.isnan(_kilometres(network, rates))),
        is_open=_with_element(ways, _may_fail_with(network, rates)),
    )


class _Draft:
    """Components as they are added, and the pairs of element and component."""

    def __init__(self, network: LayeredNetwork, rates: Rates) -> None:
        self.n_components = 0
        self.rate: list[Floats] = []
        self._network = network
        self._rates = rates
        self._pairs: list[tuple[Ints, Ints]] = []

    def add_rate(self, *levels: Floats) -> int:
        """Add components of one rate, or of one each on access and on backbone."""
        access, backbone = levels if len(levels) > 1 else levels * 2
        self.rate.append(np.array([access, backbone, np.maximum(access, backbone)]))
        first = self.n_components
        self.n_components += len(access)
        return first

    def _join(self, elements: Ints, components: Ints) -> None:
        self._pairs.append((elements, components))

    def of_element(self) -> Csr:
        """Element to components."""
        elements = np.concatenate([pair[0] for pair in self._pairs])
        components = np.concatenate([pair[1] for pair in self._pairs])
        return csr_of_pairs(elements, components, len(self._network.elements))

    def add_plant(self, audit: Audit) -> None:
        """Trenches, the spans that are their own trench, and what two of them may share."""
        spans, start = self._network.spans, self._network.elements.offset["spans"]
        n_trenches = len(spans.trench_ids)
        alone = n_trenches + np.arange(len(spans))
        trench = np.where(spans.trench >= 0, spans.trench, alone)
        km = np.nan_to_num(_kilometres(self._network, self._rates))
        medium, media = codes_of(np.where(spans.medium == "", "unknown", spans.medium))
        levels = []
        for by_medium in (self._rates.access_per_km_year, self._rates.backbone_per_km_year):
            per_km = np.array([by_medium[name] for name in media], dtype=np.float64)[medium]
            whole = np.zeros(n_trenches + len(spans))
            # Spans of a trench lie side by side: the longest is the trench.
            np.maximum.at(whole, trench, per_km * km)
            levels.append(whole)
        pairs = _suspected_pairs(audit, trench)
        shared = [np.minimum(*whole[pairs.T]) for whole in levels]
        for whole, common in zip(levels, shared, strict=True):
            rest = whole.copy()
            np.subtract.at(rest, pairs.reshape(-1), np.repeat(common, 2))
            whole[:] = np.maximum(rest, 0.0)
        first = self.add_rate(*levels)
        self._join(np.arange(len(spans)) + start, trench + first)
        first = self.add_rate(*shared)
        of_trench = csr_of_pairs(
            pairs.reshape(-1), np.repeat(np.arange(len(pairs)), 2), n_trenches + len(spans)
        )
        both = compose(Csr(np.arange(len(spans) + 1), trench), of_trench)
        self._join(both.owners + start, both.indices + first)

    def add_points(self) -> None:
        """Structures, rooms and buildings; a place without a building is one of its own."""
        network, rates = self._network, self._rates.per_year
        places, offset = network.places, network.elements.offset
        points = np.flatnonzero(places.kind == STRUCTURE)
        first = self.add_rate(np.full(len(points), rates["structure"]))
        self._join(points + offset["places"], first + np.arange(len(points)))
        n_buildings = len(places.building_ids)
        kind = np.full(n_buildings + len(places), STRUCTURE)
        for code in (SITE, OFFICE):  # a building with an office in it is the operator's
            kind[places.home[(places.kind == code)]] = code
        per_home = np.where(kind == SITE, rates["site"], rates["building"])
        first = self.add_rate(per_home)
        housed = np.flatnonzero(places.kind != STRUCTURE)
        self._join(housed + offset["places"], first + places.home[housed])
        self._join(np.arange(n_buildings) + offset["buildings"], first + np.arange(n_buildings))
        n_rooms = len(network.equipment.room_ids)
        first = self.add_rate(np.full(n_rooms, rates["room"]))
        self._join(np.arange(n_rooms) + offset["rooms"], first + np.arange(n_rooms))

    def add_devices(self) -> None:
        """Network elements; hot standby counts where it is recorded."""
        equipment, rates = self._network.equipment, self._rates.per_year
        rate = np.where(equipment.hot_standby == 1, rates["device_hot_standby"], rates["device"])
        first = self.add_rate(rate)
        itself = np.arange(len(equipment))
        self._join(itself + self._network.elements.offset["equipment"], first + itself)

    def add_wireless(self) -> None:
        """Hops over the air, by medium."""
        links = self._network.links
        hops = np.flatnonzero(links.is_wireless)
        rate = np.array([self._rates.per_year[medium] for medium in links.medium[hops]])
        first = self.add_rate(rate.astype(np.float64))
        self._join(hops + self._network.elements.offset["links"], first + np.arange(len(hops)))

    def add_risks(self, audit: Audit) -> None:
        """Explicit risk groups, each once however many of its members a route meets."""
        risks = audit.risks
        explicit = np.flatnonzero(risks.is_recorded)
        named = zip(risks.kinds[explicit], risks.ids[explicit], strict=True)
        rate = np.array([self._rates.risk_rate(kind, group) for kind, group in named])
        first = self.add_rate(rate.astype(np.float64))
        number = np.full(len(risks), -1, dtype=np.int64)
        number[explicit] = np.arange(len(explicit)) + first
        component = number[risks.of_element.indices]
        self._join(risks.of_element.owners[component >= 0], component[component >= 0])


def _suspected_pairs(audit: Audit, trench: Ints) -> Ints:
    """Pairs of trenches that nothing shows to lie apart; shape (pairs, 2)."""
    suspects = np.flatnonzero(audit.risks.is_suspect)
    start = audit.network.elements.offset["spans"]
    members = [audit.risk_members.row(int(risk)) - start for risk in suspects]
    pairs = np.sort(trench[np.array(members, dtype=np.int64).reshape(-1, 2)], axis=1)
    return np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)


def _ways(network: LayeredNetwork) -> tuple[Csr, Csr]:
    """Way to elements, and link to leg ways: every link, then each leg of a link with two."""
    links, elements = network.links, network.elements
    two = np.flatnonzero(links.legs.counts > 1)
    if len(two) == 0:
        return elements.of_link, _no_entries(len(links))
    rows: list[Ints] = []
    legs: list[list[int]] = [[] for _ in range(len(links))]
    first: dict[int, Ints] = {}
    for link in links.carriers_first[0]:
        contents = [_of_leg(network, int(leg), first) for leg in links.legs.row(link)]
        first[link] = np.concatenate([elements.of_link.row(link), *contents[:1]])
        if len(contents) > 1:
            legs[link] = [len(links) + len(rows), len(links) + len(rows) + 1]
            rows += contents[:2]
    more = csr_of_lists(rows)
    table = elements.of_link
    joined = Csr(
        np.concatenate([table.indptr, table.indptr[-1] + more.indptr[1:]]),
        np.concatenate([table.indices, more.indices]),
    )
    return joined, csr_of_lists(legs)


def _no_entries(n_rows: int) -> Csr:
    return Csr(np.zeros(n_rows + 1, dtype=np.int64), np.empty(0, dtype=np.int64))


def _of_leg(network: LayeredNetwork, leg: int, first: dict[int, Ints]) -> Ints:
    """Elements of one leg; a carrier with two legs of its own counts with its first alone."""
    links, of_cable = network.links, network.elements.of_cable
    parts = [of_cable.row(int(cable)) for cable in links.leg_cables.row(leg)]
    parts += [first[int(carrier)] for carrier in links.leg_carriers.row(leg) if carrier in first]
    return np.concatenate([*parts, np.empty(0, dtype=np.int64)]).astype(np.int64)


def _bare_ends(network: LayeredNetwork) -> Csr:
    """Places at which a link ends without a recorded network element: one is assumed there."""
    links = network.links
    itself = np.arange(len(links))
    ends = ((links.a_equipment, links.a_place), (links.b_equipment, links.b_place))
    found = [np.flatnonzero((device < 0) & (place >= 0)) for device, place in ends]
    own = csr_of_pairs(
        np.concatenate([itself[rows] for rows in found]),
        np.concatenate([place[rows] for rows, (_, place) in zip(found, ends, strict=True)]),
        len(links),
    )
    if len(own.indices) == 0 or len(links.leg_carriers.indices) == 0:
        return own
    rows = [own.row(link).tolist() for link in range(len(links))]
    for link in links.carriers_first[0]:
        below = (place for carrier in links.carriers.row(link).tolist() for place in rows[carrier])
        rows[link] = list(dict.fromkeys([*rows[link], *below]))
    return csr_of_lists(rows)


def _kilometres(network: LayeredNetwork, rates: Rates) -> Floats:
    """Length of each span, a straight line stretched; NaN where none is known."""
    spans = network.spans
    factor = rates.straight_line_factor or np.nan
    km: Floats = np.where(spans.is_measured, spans.length_m, spans.length_m * factor) / 1000.0
    return km


def _with_span(
    network: LayeredNetwork, ways: Csr, is_marked: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Ways over a marked span."""
    mark = np.zeros(len(network.elements), dtype=bool)
    start = network.elements.offset["spans"]
    mark[start : start + len(network.spans)] = is_marked
    return _with_element(ways, mark)


def _may_fail_with(network: LayeredNetwork, rates: Rates) -> NDArray[np.bool_]:
    """Elements that may belong to a group with a rate: how often they fail is not known."""
    elements, table = network.elements, network.elements.possible_risks
    named = zip(elements.risk_kinds, elements.risk_ids, strict=True)
    fails = np.array([rates.risk_rate(kind, group) > 0 for kind, group in named], dtype=bool)
    mark = np.zeros(len(elements), dtype=bool)
    mark[table.owners[fails[table.indices]]] = True
    return mark


def _with_element(ways: Csr, mark: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Ways with a marked element."""
    result = np.zeros(len(ways), dtype=bool)
    if mark.any():
        result[ways.owners[mark[ways.indices]]] = True
    return result


def two_leg_links(links: Links) -> tuple[tuple[int, ...], ...]:
    """For each link, the links with two legs that it rests on (itself, or its carriers)."""
    found: list[tuple[int, ...]] = [()] * len(links)
    if not len(links) or links.legs.counts.max(initial=0) < 2:
        return tuple(found)
    for link in links.carriers_first[0]:
        if len(links.legs.row(link)) > 1:
            found[link] = (link,)
        else:
            below = (two for c in links.carriers.row(link).tolist() for two in found[c])
            found[link] = tuple(dict.fromkeys(below))
    return tuple(found)
