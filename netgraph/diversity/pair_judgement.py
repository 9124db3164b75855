"""Judge a pair of routes that a search found, by the same rules as recorded routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import Level, worst
from netgraph.diversity.search.graph import route_nodes
from netgraph.diversity.verdict_kinds import LEVEL_OF_KIND, TOLERABLE
from netgraph.topology.csr import csr_of_pairs, gather

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.audit import Audit
    from netgraph.diversity.search_layers import SearchLayer
    from netgraph.topology.csr import Csr, Ints


@dataclass(frozen=True)
class PairJudgement:
    """What a pair of routes shares: the level, and the elements that count (audit numbering)."""

    level: Level
    shared: tuple[int, ...]
    tolerated: tuple[int, ...]


def judge_pair(
    audit: Audit, layer: SearchLayer, source: int, first: Ints, second: Ints
) -> PairJudgement:
    """Judge two routes of one layer from a node.

    Exact: every element of both routes is compared; what lies wholly within the tolerance along
    both routes, and the buildings that both routes begin or end in, are left out.

    Parameters
    ----------
    source
        Node of the site.
    first, second
        Edges from the source to a sink.

    Returns
    -------
    PairJudgement
        Cost O(elements of the routes).
    """
    one, two = _far(audit, layer, source, first), _far(audit, layer, source, second)
    shared = np.intersect1d(one.elements, two.elements, assume_unique=True)
    ends = {source} | ({one.end} & {two.end})
    own = np.concatenate([layer.node_elements.row(node) for node in ends])
    shared = shared[~np.isin(shared, own)]
    far = np.maximum(one.far_of(shared), two.far_of(shared))
    tolerated = TOLERABLE[audit.kind[shared]] & (far <= audit.rules.entry_tolerance_m)
    counted = shared[~tolerated]
    level = worst(LEVEL_OF_KIND[k] for k in set(audit.kind[counted].tolist()))
    return PairJudgement(
        level or Level.DIVERSE, tuple(counted.tolist()), tuple(shared[tolerated].tolist())
    )


@dataclass(frozen=True)
class _Reach:
    """Elements of one route (sorted) and how far from the source each reaches."""

    elements: Ints
    far_m: NDArray[np.float64]
    end: int

    def far_of(self, elements: Ints) -> NDArray[np.float64]:
        return self.far_m[np.searchsorted(self.elements, elements)]


def _far(audit: Audit, layer: SearchLayer, source: int, route: Ints) -> _Reach:
    if len(route) == 0:
        return _Reach(np.empty(0, dtype=np.int64), np.empty(0), source)
    nodes = route_nodes(layer.graph, source, route.astype(np.int32))[1:].astype(np.int64)
    if layer.name == "spans":
        known = audit.network.spans.is_measured[layer.item[route]]
        at = np.cumsum(np.where(known, layer.graph.length_m[route], np.inf))
    else:
        at = np.full(len(route), np.inf)
    on_edges, edge_of = gather(layer.elements, route)
    far_edges = at[edge_of]
    if layer.name == "cables":
        first = _along_cable(audit, layer, int(route[0]), source)
        far_edges[: len(first)] = first
    on_nodes, node_of = gather(layer.node_elements, nodes)
    elements, inverse = np.unique(np.concatenate([on_edges, on_nodes]), return_inverse=True)
    far = np.zeros(len(elements))
    np.maximum.at(far, inverse, np.concatenate([far_edges, at[node_of]]))
    return _Reach(elements, far, int(nodes[-1]))


def reach_along(
    audit: Audit, layer: SearchLayer, edge: int, node: int
) -> tuple[Ints, NDArray[np.float64]]:
    """Elements of one edge, and how far from a node each reaches along it.

    Infinite where a length is neither recorded nor drawn, and for the cable itself.
    """
    row = layer.elements.row(edge)
    if layer.name == "cables":
        return row, _along_cable(audit, layer, edge, node)
    known = bool(audit.network.spans.is_measured[layer.item[edge]])
    return row, np.full(len(row), float(layer.graph.length_m[edge]) if known else np.inf)


def _along_cable(audit: Audit, layer: SearchLayer, edge: int, node: int) -> NDArray[np.float64]:
    """How far along the cable each of its elements reaches; infinite where a length is unknown."""
    network, cable = audit.network, int(layer.item[edge])
    cables, spans, elements = network.cables, network.spans, network.elements
    order = cables.spans.row(cable)
    if cables.walk.is_backwards[cable]:
        order = order[::-1]
    if layer.node_of_place[cables.a[cable]] != node:
        order = order[::-1]
    home = network.places.padded_home
    indoors = (home[spans.a[order]] == home[spans.b[order]]) & (home[spans.a[order]] >= 0)
    length = np.where(spans.is_measured[order], spans.length_m[order], np.inf)
    ends = np.cumsum(np.where(indoors, 0.0, length))
    values, owners = gather(_with_risks(audit, elements.of_span, order), np.arange(len(order)))
    row = layer.elements.row(edge)
    far = np.full(len(row), -1.0)
    position = np.searchsorted(row, values)
    hit = (position < len(row)) & (row[np.minimum(position, len(row) - 1)] == values)
    np.maximum.at(far, position[hit], ends[owners[hit]])
    return np.where(far < 0, np.inf, far)


def _with_risks(audit: Audit, of_span: Csr, order: Ints) -> Csr:
    values, owners = gather(of_span, order)
    groups, rows = gather(audit.risks.of_element, values)
    return csr_of_pairs(
        np.concatenate([owners, owners[rows]]),
        np.concatenate([values, groups + len(audit.network.elements)]),
        len(order),
    )
