"""The two layers that a search may use: cables to re-patch, and spans for a new cable.

A building is one node, whatever stands in it; every outside structure is a node of its own.
Everything that can fail on a layer is a risk with the edges and nodes that it takes along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search.graph import ArrayGraph, build_graph
from netgraph.diversity.search.risks import RiskIndex, build_risks
from netgraph.topology.csr import Csr, csr_of_pairs, gather, stack, unique_rows
from netgraph.topology.places import OFFICE, SITE, STRUCTURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.audit.basis import AuditBasis
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints

#: Structures at which a re-patch may change from one cable to another.
_PATCH_POINTS = ("cabinet", "splice")


@dataclass(frozen=True, eq=False)
class SearchLayer:
    """One layer as a graph with risks.

    Attributes
    ----------
    name
        "cables" or "spans".
    node_of_place
        Node of each place.
    home
        Building (home) that each node stands for, -1 outside.
    graph
        Every edge of the layer; searches take out what is not usable. A length that is not known
        counts as 0 there, so that metres are never less than a search reckons.
    length_m
        Metres of each edge, NaN where they are not known; shape (edges,).
    item
        Cable or span of each edge of the graph; shape (edges,).
    elements
        Edge to elements and risk groups (numbered as in the audit) besides its two ends.
    node_elements
        Node to the elements and risk groups of what stands there.
    risks, risk_element
        The risks that take along more than one edge or node, and the element behind each.
    is_usable
        Edges that anybody may use; the others only a site's own routes may (their cores or bores
        are its own).
    is_doubtful
        Edges that a missing record keeps out: they could make a difference.
    is_admitted
        Edges of the operator's own plant, or of any if foreign plant is admitted.
    """

    name: str
    node_of_place: Ints
    home: Ints
    graph: ArrayGraph
    length_m: NDArray[np.float64]
    item: Ints
    elements: Csr
    node_elements: Csr
    risks: RiskIndex
    risk_element: Ints
    is_usable: NDArray[np.bool_]
    is_doubtful: NDArray[np.bool_]
    is_admitted: NDArray[np.bool_]


def build_layer(audit: AuditBasis, name: str, apart: Ints | None = None) -> SearchLayer:
    """Build the layer "cables" or "spans"; O(elements of all cables).

    Parameters
    ----------
    apart
        Nodes of buildings in which only those routes touch a place that come to it: what stands
        there belongs to the edges. Elsewhere it belongs to the node, whoever comes to it.
    """
    network = audit.network
    nodes, node_of_place = _nodes(network)
    a, b, length, item, usable, doubtful = (
        _cable_edges(audit) if name == "cables" else _span_edges(audit)
    )
    u, v = node_of_place[a], node_of_place[b]
    keep = u != v
    u, v, length, item = u[keep], v[keep], length[keep], item[keep]
    usable, doubtful = usable[keep], doubtful[keep]
    foreign = (network.cables if name == "cables" else network.spans).is_foreign
    admitted = audit.rules.admit_foreign | ~foreign[item]
    is_apart = np.zeros(nodes, dtype=bool)
    is_apart[[] if apart is None else apart] = True
    at_node = np.where(is_apart[node_of_place], -1, node_of_place)
    elements = _edge_elements(audit, name, item, u, v, at_node, node_of_place)
    node_elements = _node_elements(audit, node_of_place, nodes, ~is_apart)
    graph = build_graph(
        nodes, u, v, np.where(np.isfinite(length), length, 0.0),
        is_transit=_transit(network, name, node_of_place, nodes),
    )  # fmt: skip
    risks, risk_element = _risks(graph, elements, node_elements, len(audit.kind))
    home = np.full(nodes, -1, dtype=np.int64)
    home[node_of_place] = network.places.home
    return SearchLayer(
        name, node_of_place, home, graph, length, item, elements, node_elements, risks,
        risk_element, usable, doubtful, admitted,
    )  # fmt: skip


def _nodes(network: LayeredNetwork) -> tuple[int, Ints]:
    places = network.places
    outside = int(places.home.max(initial=-1)) + 1 + np.arange(len(places))
    _, node = np.unique(np.where(places.home >= 0, places.home, outside), return_inverse=True)
    return int(node.max(initial=-1)) + 1, node.astype(np.int64)


def _transit(
    network: LayeredNetwork, name: str, node_of_place: Ints, nodes: int
) -> NDArray[np.bool_]:
    """Nodes that a route may run through: never another customer's premises."""
    places = network.places

    def holds(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        result = np.zeros(nodes, dtype=bool)
        result[node_of_place[mask]] = True
        return result

    has_office = holds((places.kind == OFFICE) & places.is_in_service)
    if name == "spans":
        return has_office | ~holds(places.kind == SITE)
    patch = np.isin(places.structure_kind.astype(str), _PATCH_POINTS) & places.is_in_service
    return has_office | (holds(patch & (places.kind == STRUCTURE)) & ~holds(places.kind == SITE))


def _cable_edges(
    audit: AuditBasis,
) -> tuple[Ints, Ints, NDArray[np.float64], Ints, NDArray[np.bool_], NDArray[np.bool_]]:
    cables, rules = audit.network.cables, audit.rules
    item = np.flatnonzero(_cables_in_service(audit.network))
    spare = cables.spare_cores[item]
    complete = cables.is_complete[item]
    admitted = rules.admit_foreign | ~cables.is_foreign[item]
    usable = complete & (spare >= rules.spare_cores) & admitted
    doubtful = ~usable & admitted & (np.isnan(spare) | ((spare >= rules.spare_cores) & ~complete))
    return cables.a[item], cables.b[item], cables.length_m[item], item, usable, doubtful


def _span_edges(
    audit: AuditBasis,
) -> tuple[Ints, Ints, NDArray[np.float64], Ints, NDArray[np.bool_], NDArray[np.bool_]]:
    spans, rules = audit.network.spans, audit.rules
    item = np.flatnonzero(_spans_in_service(audit.network))
    free = spans.free_bores[item]
    usable = rules.admit_foreign | ~spans.is_foreign[item]
    if rules.require_free_bore:
        usable &= np.isnan(free) | (free > 0)
    return (
        spans.a[item], spans.b[item], spans.length_m[item], item, usable,
        np.zeros(len(item), dtype=bool),
    )  # fmt: skip


def _spans_in_service(network: LayeredNetwork) -> NDArray[np.bool_]:
    """Spans with both ends known that are in service, they and their ends."""
    spans = network.spans
    stands = np.append(network.places.is_in_service, False)
    return spans.is_in_service & stands[spans.a] & stands[spans.b]


def _cables_in_service(network: LayeredNetwork) -> NDArray[np.bool_]:
    """Cables with both ends known that are in service, with their ends and every span of theirs."""
    cables, places = network.cables, network.places
    stands = np.append(places.is_in_service, False)
    alive = cables.is_in_service & stands[cables.a] & stands[cables.b]
    # A span whose end is not known is a missing record, not one out of service.
    spans = network.spans
    known = np.append(places.is_in_service, True)
    dead = ~(spans.is_in_service & known[spans.a] & known[spans.b])
    alive[cables.spans.owners[dead[cables.spans.indices]]] = False
    return alive


def _with_groups(audit: AuditBasis, table: Csr) -> Csr:
    """Rows of elements, joined by the risk groups of those elements."""
    groups, owners = gather(audit.risks.of_element, table.indices)
    rows = table.owners[owners]
    more = csr_of_pairs(rows, groups + len(audit.network.elements), len(table))
    return unique_rows(stack([table, more]))


def _edge_elements(
    audit: AuditBasis, name: str, item: Ints, u: Ints, v: Ints, at_node: Ints, node_of_place: Ints
) -> Csr:  # fmt: skip
    elements, places = audit.network.elements, audit.network.places
    source = elements.of_cable if name == "cables" else elements.of_span
    values, rows = gather(source, item)
    # What stands at the two ends belongs to the nodes, not to the edge.
    node = np.full(len(elements), -1, dtype=np.int64)
    start = elements.offset["places"]
    node[start : start + len(places)] = at_node
    for place in np.flatnonzero(places.building >= 0):
        node[elements.offset["buildings"] + places.building[place]] = node_of_place[place]
    at = node[values]
    keep = (at < 0) | ((at != u[rows]) & (at != v[rows]))
    return _with_groups(audit, csr_of_pairs(rows[keep], values[keep], len(item)))


def _node_elements(
    audit: AuditBasis, node_of_place: Ints, nodes: int, holds_places: NDArray[np.bool_]
) -> Csr:
    elements, places = audit.network.elements, audit.network.places
    here = np.flatnonzero(holds_places[node_of_place])
    housed = places.building >= 0
    rows = np.concatenate([node_of_place[here], node_of_place[housed]])
    values = np.concatenate([
        here + elements.offset["places"], places.building[housed] + elements.offset["buildings"]
    ])  # fmt: skip
    return _with_groups(audit, unique_rows(csr_of_pairs(rows, values, nodes)))


def _risks(
    graph: ArrayGraph, elements: Csr, node_elements: Csr, n_kinds: int
) -> tuple[RiskIndex, Ints]:
    """Keep the risks that hold more than one edge or node; the rest are edges and nodes anyway."""
    size = np.bincount(elements.indices, minlength=n_kinds)
    size += np.bincount(node_elements.indices, minlength=n_kinds)
    risk_element = np.flatnonzero(size > 1)
    number = np.full(n_kinds, -1, dtype=np.int64)
    number[risk_element] = np.arange(len(risk_element))

    def pairs(table: Csr) -> tuple[Ints, Ints]:
        risk = number[table.indices]
        return risk[risk >= 0], table.owners[risk >= 0]

    return (
        build_risks(graph, len(risk_element), pairs(elements), pairs(node_elements)),
        risk_element,
    )
