"""A layer made ready for many demands: reduced once, with what the searches need beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable._judging_layout import lay_out
from netgraph.diversity.achievable.certain import known_lengths
from netgraph.diversity.achievable.judgement import Judge, build_judge
from netgraph.diversity.achievable.nearness import Vicinity, lay_vicinity
from netgraph.diversity.achievable.objective import LayerCosts, layer_costs
from netgraph.diversity.search.contraction import Contraction, contract, contract_risks
from netgraph.diversity.search.graph import Rows
from netgraph.diversity.search.pairs_apart import JointRisks, join_risks
from netgraph.topology.csr import Csr, compose, csr_of_pairs, transpose, unique_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.achievable.objective import Objective
    from netgraph.diversity.audit.basis import AuditBasis
    from netgraph.diversity.availability.rates import Rates
    from netgraph.diversity.search.graph import ArrayGraph
    from netgraph.diversity.search.risks import RiskIndex
    from netgraph.topology.csr import Ints


@dataclass(frozen=True, eq=False)
class LayerSearch:
    """One layer, reduced for the routes between some places; build it with :func:`prepare_layer`.

    Attributes
    ----------
    audit, layer
        What is searched.
    reduced
        The layer's network reduced, with every edge that some site may use and every doubtful one.
    risks
        The layer's risk classes over the reduced network.
    judge
        Judges routes on the layer.
    own
        Reduced edges that only the circuits of a place may use, by place, less the `private` ones.
    private
        Reduced edges into premises that only the places there may use, and all of these: open to
        everybody in `usable` (nobody passes through premises) but to routes that end there.
    has_doubtful
        Whether a missing record keeps any edge out.
    complete
        The reduced network with what anybody may use, all own edges and the doubtful ones.
    is_usable, is_doubtful
        Which reduced edges anybody may use, and which a missing record keeps out.
    costs, objective
        What sharing costs, and what it is counted in.
    joint
        The risk classes that routes without a common edge or node can share.
    is_housed
        Whether all that a risk class stands for is inside buildings: of no account to the routes
        that begin or end there.
    known_m
        Metres of each edge of the layer outside buildings that are known to be there.
    n_parted, premises
        Edges, the last ones, that lead from parted ends to the sink behind them; and nodes of those
        ends that lie in premises.
    vicinity
        The layer laid out for looking around its nodes.
    """

    audit: AuditBasis
    layer: SearchLayer
    reduced: Contraction
    risks: RiskIndex
    judge: Judge
    own: Csr
    private: Ints
    has_doubtful: bool
    complete: ArrayGraph
    is_usable: NDArray[np.bool_]
    is_doubtful: NDArray[np.bool_]
    costs: LayerCosts
    joint: JointRisks
    is_housed: NDArray[np.bool_]
    vicinity: Vicinity
    known_m: NDArray[np.float64]
    objective: Objective = "risks"
    n_parted: int = 0
    premises: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @cached_property
    def edges_touching(self) -> Rows:
        """Edges of the layer that touch each element."""
        return _turned(self.layer.elements, len(self.audit.kind))

    @cached_property
    def nodes_touching(self) -> Rows:
        """Nodes of the layer at which each element stands, or is."""
        return _turned(self.layer.node_elements, len(self.audit.kind))

    def nodes(self, places: Iterable[int]) -> Ints:
        """Return the reduced nodes of some places."""
        return self.reduced.local_of[self.layer.node_of_place[list(places)]].astype(np.int64)

    def with_own(
        self, own: NDArray[np.int32], shut: Ints, *, is_doubtful: bool = False
    ) -> ArrayGraph:
        """Return the usable network with some own edges, and maybe doubtful ones, less others."""
        is_open = self.is_usable | self.is_doubtful if is_doubtful else self.is_usable.copy()
        is_open[own] = True
        is_open[shut] = False
        return self.complete.without(edges=np.flatnonzero(~is_open))


def prepare_layer(
    audit: AuditBasis, layer: SearchLayer, places: Collection[int],
    objective: Objective = "risks", rates: Rates | None = None,
) -> LayerSearch:  # fmt: skip
    """Reduce a layer for the routes between some places; O(its elements)."""
    graph = layer.graph
    by_place = own_edges(audit, layer)
    is_own = np.zeros(graph.n_edges, dtype=bool)
    is_own[by_place.indices] = True
    is_known = layer.is_usable | layer.is_doubtful | is_own
    is_terminal = np.zeros(graph.n_nodes, dtype=bool)
    is_terminal[layer.node_of_place[list(places)]] = True
    kept = np.flatnonzero(is_known & ~layer.is_usable)
    is_terminal[graph.edge_u[kept]] = is_terminal[graph.edge_v[kept]] = True
    reduced = contract(graph.without(edges=np.flatnonzero(~is_known)), is_terminal)
    is_usable, is_doubtful = (_mask(reduced, mask) for mask in (layer.is_usable, layer.is_doubtful))
    private = reduced.local_edge_of[_private_edges(layer, by_place, places)].astype(np.int64)
    is_usable[private] = True
    local = reduced.local_edge_of[by_place.indices].astype(np.int64)
    others = ~np.isin(local, private)
    own = unique_rows(csr_of_pairs(by_place.owners[others], local[others], len(by_place)))
    risks = contract_risks(reduced, layer.risks)
    layout = lay_out(audit, layer, reduced)
    vicinity = lay_vicinity(
        layer, layout, audit.kind, reduced.local_edge_of, _short_edges(audit, layer)
    )
    return LayerSearch(
        audit, layer, reduced, risks, build_judge(audit, layer, layout),
        own, private, bool(is_doubtful.any()), reduced.graph, is_usable, is_doubtful,
        layer_costs(audit, layer, reduced, risks, objective, rates),
        join_risks(risks), _housed(audit, layer), vicinity, known_lengths(audit, layer),
        objective,
    )  # fmt: skip


def _turned(table: Csr, n_columns: int) -> Rows:
    """For each column, the rows that hold it, ascending."""
    turned = transpose(table, n_columns)
    return Rows(turned.indptr, turned.indices.astype(np.int32))


def _housed(audit: AuditBasis, layer: SearchLayer) -> NDArray[np.bool_]:
    """Return which risk classes stand for nothing but things inside buildings."""
    home = audit.network.elements.home
    outside = np.append(home, -1)[np.minimum(layer.risk_element, len(home))] < 0
    result = np.ones(layer.risks.n_classes, dtype=bool)
    classes = layer.risks.class_of[outside]
    result[classes[classes >= 0]] = False
    return result


def _short_edges(audit: AuditBasis, layer: SearchLayer) -> NDArray[np.bool_]:
    """Edges of which some span ends within the tolerance, if a route begins with it."""
    network, limit_m = audit.network, audit.rules.entry_tolerance_m
    is_short = network.spans.is_measured & (network.spans.length_m <= limit_m)
    if layer.name == "spans":
        return is_short[layer.item]
    spans = network.cables.spans
    holds = np.zeros(len(spans), dtype=bool)
    holds[spans.owners[is_short[spans.indices]]] = True
    return holds[layer.item]


def _private_edges(layer: SearchLayer, by_place: Csr, places: Collection[int]) -> Ints:
    """Edges into premises that all the places there own and no other: nobody else has any use."""
    graph, node = layer.graph, layer.node_of_place
    n_asking = np.bincount(node[list(places)], minlength=graph.n_nodes)
    owner, edge = node[by_place.owners], by_place.indices
    into = (graph.edge_u[edge] == owner) | (graph.edge_v[edge] == owner)
    # An edge between two premises could serve routes from one to the other.
    into &= ~graph.is_transit[owner]
    into &= graph.is_transit[graph.edge_u[edge]] | graph.is_transit[graph.edge_v[edge]]
    pairs, n_owners = np.unique(np.stack([owner[into], edge[into]]), axis=1, return_counts=True)
    n_all = np.bincount(edge, minlength=graph.n_edges)
    is_theirs = (n_owners == n_asking[pairs[0]]) & (n_owners == n_all[pairs[1]])
    return np.unique(pairs[1][is_theirs])


def _mask(reduced: Contraction, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which reduced edges stand for some of the marked edges."""
    result = np.zeros(reduced.graph.n_edges, dtype=bool)
    local = reduced.local_edge_of[mask]
    result[local[local >= 0]] = True
    return result


def own_edges(audit: AuditBasis, layer: SearchLayer, *, is_complete: bool = True) -> Csr:
    """Edges that only a place's own circuits may use (their cores and bores), by place.

    Parameters
    ----------
    is_complete
        Cables of which the spans are recorded; false: those of which they are not, and which the
        place might use if they were.
    """
    network = audit.network
    circuits, links = network.circuits, network.links
    closed = ~layer.is_usable & layer.is_admitted
    if layer.name == "cables":
        closed &= network.cables.is_complete[layer.item] == is_complete
    elif not is_complete:  # a span is recorded or it is not
        closed[:] = False
    edge = np.flatnonzero(closed)
    if not len(edge):
        return csr_of_pairs(edge, edge, len(network.places))
    table = network.cables if layer.name == "cables" else network.spans
    of_item = csr_of_pairs(layer.item[edge], edge, len(table))
    if layer.name == "spans":
        of_item = compose(network.cables.spans, of_item)
    of_link = compose(links.legs, compose(links.leg_cables, of_item))
    of_route = compose(circuits.routes.links, of_link)
    place = circuits.a[circuits.routes.circuit[of_route.owners]]
    known = place >= 0
    pairs = csr_of_pairs(place[known], of_route.indices[known], len(network.places))
    return unique_rows(pairs)
