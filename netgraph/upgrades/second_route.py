"""The cheapest second route beside one that stays: over links, spare cores and new cable in spans.

One graph holds the existing links (nothing to build), the existing cables with spare cores (to be
patched) and the spans (a new cable to be laid). A building is one node. For one given first route
the answer is exact: no second route that keeps off it costs less. Which route stays is tried out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.topology.csr import Csr, csr_of_pairs, entries_of, gather, transpose
from netgraph.units import M_PER_KM
from netgraph.upgrades._cheapest import Ways, cheapest_way

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.run import Audit
    from netgraph.topology.csr import Ints
    from netgraph.upgrades.prices import Prices

    #: Items of one table, the places at their ends, and what using each costs.
    _Part = tuple[Ints, Ints, Ints, NDArray[np.float64]]

LINK, CABLE, SPAN = 0, 1, 2
#: What is left to pay for new cable where another work lays one [D]: that one may not be chosen.
_LAID_SHARE = 0.2
_TINY = 1e-4  # yuan a metre: of equal costs the shorter
#: Where a price is missing the search still prefers what is less work.
_GUESSED_YUAN_PER_KM, _GUESSED_YUAN = 10_000.0, 500.0


class Piece(NamedTuple):
    """One existing link or cable, or one span for a new cable, in the direction of travel.

    Attributes
    ----------
    kind, item
        LINK, CABLE or SPAN, and the position in that table.
    is_reversed
        Passed from its second end to its first.
    """

    kind: int
    item: int
    is_reversed: bool


class WorksGraph:
    """All that a second route may use, with what it costs.

    Parameters
    ----------
    layers
        The search layers "cables" and "spans".
    with_spans
        Admit a new cable in existing spans.
    """

    def __init__(
        self, audit: Audit, cables: SearchLayer, spans: SearchLayer, prices: Prices, *,
        with_spans: bool,
    ) -> None:  # fmt: skip
        self._audit = audit
        self.has_spans = with_spans
        self.node_of_place = spans.node_of_place
        self.n_nodes = spans.graph.n_nodes
        parts = [_links(audit), _cables(audit, cables, prices)]
        if with_spans:
            parts.append(_spans(audit, spans, prices))
        kind = np.repeat(np.arange(len(parts)), [len(part[0]) for part in parts])
        item, a, b, cost = (np.concatenate([part[i] for part in parts]) for i in range(4))
        u, v = self.node_of_place[a.astype(np.int64)], self.node_of_place[b.astype(np.int64)]
        can_pass = np.where(
            kind[:, np.newaxis] == CABLE,
            np.column_stack([cables.graph.is_transit[u], cables.graph.is_transit[v]]),
            np.column_stack([spans.graph.is_transit[u], spans.graph.is_transit[v]]),
        )
        low, high = np.minimum(u, v), np.maximum(u, v)
        order = np.lexsort((cost, high, low))
        order = order[low[order] != high[order]]
        self._kind, self._item = kind[order], item[order].astype(np.int64)
        self._u, self._v = u[order], v[order]
        self._can_pass_u, self._can_pass_v = can_pass[order, 0], can_pass[order, 1]
        self._is_closed = ~(self._can_pass_u & self._can_pass_v)
        ends = np.append(self._u, self._v).astype(np.int64)
        self._at_node = csr_of_pairs(ends, np.tile(np.arange(len(order)), 2), self.n_nodes)
        edge = self._at_node.indices
        other = self._u[edge] + self._v[edge] - self._at_node.owners
        self.ways = Ways(
            self._at_node.indptr, edge, other.astype(np.int64), cost[order].astype(np.float64)
        )
        self.edges_of = transpose(self._edge_elements(), len(audit.kind))
        #: How many edges each element or risk group takes down.
        self.n_edges_at: Ints = self.edges_of.counts
        keys = zip(self._kind.tolist(), self._item.tolist(), strict=True)
        self._edge_of = {key: edge for edge, key in enumerate(keys)}
        is_span = np.flatnonzero(self._kind == SPAN)
        self._edge_of_span = np.full(len(audit.network.spans), -1, dtype=np.int64)
        self._edge_of_span[self._item[is_span]] = is_span
        self._full_cost = self.ways.cost.copy()
        self._scratch = np.zeros(len(audit.kind), dtype=np.int64)
        self._is_marked = np.zeros(len(audit.kind), dtype=bool)
        #: Sinks to what is ahead of each node, and how often cables had been laid.
        self._ahead: dict[bytes, tuple[NDArray[np.float64], int]] = {}
        self._cheaper: list[Ints] = []

    def _edge_elements(self) -> Csr:
        """Edge to everything that takes it down, risk groups after the elements."""
        elements, risks = self._audit.network.elements, self._audit.risks
        values, owners = [], []
        for kind, table in enumerate((elements.of_link, elements.of_cable, elements.of_span)):
            rows = np.flatnonzero(self._kind == kind)
            found, owner = gather(table, self._item[rows])
            groups, of_found = gather(risks.of_element, found)
            values += [found, groups + len(elements)]
            owners += [rows[owner], rows[owner][of_found]]
        return csr_of_pairs(np.concatenate(owners), np.concatenate(values), len(self._kind))

    def elements_of(self, pieces: Sequence[Piece], own_homes: Ints) -> Ints:
        """List what a second route must keep off: elements and risk groups of a route, each once.

        What stands in the buildings of the circuit's own ends is left out.
        """
        elements, risks = self._audit.network.elements, self._audit.risks
        rows = [self.elements_at(piece) for piece in pieces]
        found = self._distinct(np.concatenate([np.empty(0, dtype=np.int64), *rows]))
        home = elements.home[found]
        is_away = np.ones(len(found), dtype=bool)
        for own in own_homes.tolist():
            if own >= 0:
                is_away &= home != own
        found = found[is_away]
        groups = entries_of(risks.of_element, found)
        return np.concatenate([found, self._distinct(groups + len(elements))])

    def common(self, elements: Ints, others: Ints) -> Ints:
        """Give what is among some elements, each once, and among others; ascending."""
        if len(elements) == 0 or len(others) == 0:
            return elements[:0]
        self._is_marked[others] = True
        found: Ints = elements[self._is_marked[elements]]
        self._is_marked[others] = False
        found.sort()
        return found

    def without(self, elements: Ints, others: Ints) -> Ints:
        """Leave others out of some elements."""
        if len(elements) == 0 or len(others) == 0:
            return elements
        self._is_marked[others] = True
        found: Ints = elements[~self._is_marked[elements]]
        self._is_marked[others] = False
        return found

    def _distinct(self, elements: Ints) -> Ints:
        """Keep the last of equal elements, without sorting."""
        number = np.arange(len(elements))
        self._scratch[elements] = number
        found: Ints = elements[self._scratch[elements] == number]
        return found

    def elements_at(self, piece: Piece) -> Ints:
        """Elements that a link, cable or span takes, risk groups left out."""
        elements = self._audit.network.elements
        return (elements.of_link, elements.of_cable, elements.of_span)[piece.kind].row(piece.item)

    def element_of_span(self, span: int) -> int:
        """Give the number of a span (position) among the elements."""
        return self._audit.network.elements.offset["spans"] + span

    def edges_passing(self, elements: Ints, source: int) -> Ints:
        """Links and cables that touch some elements and do not begin at a node; with repeats."""
        edges: Ints = entries_of(self.edges_of, elements)
        is_own = (self._u[edges] == source) | (self._v[edges] == source)
        passing: Ints = edges[(self._kind[edges] != SPAN) & ~is_own]
        return passing

    def lay(self, spans: Ints) -> None:
        """Let new cable in these spans (positions) cost a fifth: somebody else lays one there."""
        edges = self._edge_of_span[spans] if self.has_spans else spans[:0]
        edges = edges[edges >= 0]
        laid = _LAID_SHARE * self._full_cost[edges]
        self._cheaper.append(edges[laid < self.ways.cost[edges]])
        self.ways.cost[edges] = laid

    @property
    def yuan(self) -> NDArray[np.float64]:
        """What each edge costs now; shape (edges,)."""
        return self.ways.cost

    def yuan_ahead(self, sinks: Ints) -> NDArray[np.float64]:
        """Tell what a way from each node to some sinks costs if nothing is barred; shape (nodes,).

        One Dijkstra for all sites with these sinks; where cables were laid since, it goes on from
        there. At a site through which nothing runs it is infinite: ways only begin there.
        """
        key = sinks.tobytes()
        if key in self._ahead:
            yuan, n_laid = self._ahead[key]
            edges = np.concatenate([sinks[:0], *self._cheaper[n_laid:]])
            starts = np.unique(np.append(self._u[edges], self._v[edges])).astype(np.int64)
            starts = starts[np.isfinite(yuan[starts])]
        else:
            yuan, starts = np.full(self.n_nodes, np.inf), np.unique(sinks).astype(np.int64)
            yuan[starts] = 0.0
        if len(starts):
            is_shut, nothing = self.shut_at(int(sinks[0]), sinks), np.zeros(self.n_nodes)
            cheapest_way(self.ways, is_shut, starts, yuan, nothing, nothing > 0, np.inf)
        self._ahead[key] = yuan, len(self._cheaper)
        return yuan

    def shut_at(self, source: int, sinks: Ints) -> NDArray[np.bool_]:
        """Mark edges that no route between these ends may use."""
        is_shut: NDArray[np.bool_] = self._is_closed.copy()
        is_end = np.zeros(self.n_nodes, dtype=bool)
        is_end[sinks] = is_end[source] = True
        at_ends, _ = gather(self._at_node, np.append(sinks, source))
        passes_u = self._can_pass_u[at_ends] | is_end[self._u[at_ends]]
        passes_v = self._can_pass_v[at_ends] | is_end[self._v[at_ends]]
        is_shut[at_ends] = ~(passes_u & passes_v)
        return is_shut

    def cost(self, pieces: Sequence[Piece]) -> float:
        """Add up what a route costs (yuan, or a guess where prices are missing).

        A link of a recorded route that is open to no other one counts as any other link.
        """
        edges = sorted({self._edge_of.get((piece.kind, piece.item), -1) for piece in pieces})
        known = np.array([edge for edge in edges if edge >= 0], dtype=np.int64)
        n_others = sum((piece.kind, piece.item) not in self._edge_of for piece in pieces)
        return float(self.ways.cost[known].sum() + n_others)

    def has(self, pieces: Sequence[Piece], barred: Ints) -> bool:
        """Whether a route is made of what is here, and of nothing barred."""
        edges = [self._edge_of.get((piece.kind, piece.item), -1) for piece in pieces]
        if -1 in edges:
            return False
        shut, _ = gather(self.edges_of, barred)
        return not np.isin(edges, shut).any()

    def pieces(self, source: int, edges: Ints) -> tuple[Piece, ...]:
        """Tell the edges of a way from a node as links, cables and spans."""
        found: list[Piece] = []
        node = source
        columns = (self._u, self._v, self._kind, self._item)
        for u, v, kind, item in zip(*(column[edges].tolist() for column in columns), strict=True):
            is_reversed = u != node
            node = u if is_reversed else v
            found.append(Piece(kind, item, is_reversed))
        return tuple(found)


def usable_links(audit: Audit) -> Ints:
    """Links (positions) that carry services today and that any route may use."""
    network = audit.network
    links = network.links
    usable = links.is_in_service & ~links.is_foreign & ~links.is_wireless
    usable &= network.evidence.is_complete & (links.legs.counts == 1)
    usable &= (links.a_equipment >= 0) & (links.b_equipment >= 0)
    usable &= (links.a_place >= 0) & (links.b_place >= 0)
    return np.flatnonzero(usable)


def _links(audit: Audit) -> _Part:
    """Links of today: nothing is built to use them."""
    links, item = audit.network.links, usable_links(audit)
    return item, links.a_place[item], links.b_place[item], np.full(len(item), 1.0)


def _cables(audit: Audit, layer: SearchLayer, prices: Prices) -> _Part:
    cables = audit.network.cables
    item = layer.item[layer.is_usable]
    price = prices.cost_of(patching=1)
    yuan = (_GUESSED_YUAN if price is None else price) + 1.0
    length = np.nan_to_num(cables.length_m[item])
    return item, cables.a[item], cables.b[item], yuan + _TINY * length


def _spans(audit: Audit, layer: SearchLayer, prices: Prices) -> _Part:
    spans = audit.network.spans
    item = layer.item[layer.is_usable]
    per_km = [prices.cost_of(**{name: M_PER_KM}) for name in ("cable_in_duct", "cable_aerial")]
    known = [_GUESSED_YUAN_PER_KM if price is None else price for price in per_km]
    rate = np.where(spans.medium[item] == "pole_line", known[1], known[0]) / M_PER_KM + _TINY
    return item, spans.a[item], spans.b[item], 1.0 + rate * np.nan_to_num(spans.length_m[item])
