"""Judge a pair of routes that a search found, by the same rules as recorded routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import Level, worst
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

    Exact: every element that both routes touch is compared, as on recorded routes. What stands in
    the buildings that both routes begin or end in is left out (the risk groups of the rest are
    not), and what lies wholly within the tolerance along both routes.

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
    one, two = (_walk(audit, layer, source, route) for route in (first, second))
    own = layer.home[[source, *({one.end} & {two.end})]]
    own = own[own >= 0]
    reached = _reach(audit, one, own), _reach(audit, two, own)
    shared = np.intersect1d(reached[0][0], reached[1][0], assume_unique=True)
    far = np.maximum(*(metres[np.searchsorted(found, shared)] for found, metres in reached))
    tolerated = TOLERABLE[audit.kind[shared]] & (far <= audit.rules.entry_tolerance_m)
    counted = shared[~tolerated]
    level = worst(LEVEL_OF_KIND[k] for k in set(audit.kind[counted].tolist()))
    return PairJudgement(
        level or Level.DIVERSE, tuple(counted.tolist()), tuple(shared[tolerated].tolist())
    )


@dataclass(frozen=True)
class _Walk:
    """Spans of a route from the source with the places between them, its cables, its last node."""

    spans: Ints
    entry: Ints
    exit_: Ints
    cables: Ints
    end: int


def _walk(audit: Audit, layer: SearchLayer, source: int, route: Ints) -> _Walk:
    network, node = audit.network, layer.node_of_place
    table = network.cables if layer.name == "cables" else network.spans
    nothing = np.empty(0, dtype=np.int64)
    spans, entry, exit_ = [nothing], [nothing], [nothing]
    for item in layer.item[route].tolist():
        is_turned = bool(node[table.a[item]] != source)
        piece = (np.array([item]), table.a[[item]], table.b[[item]])
        if layer.name == "cables":
            piece = _along_spans(audit, item)
        turn = -1 if is_turned else 1
        spans.append(piece[0][::turn])
        entry.append(piece[1 + is_turned][::turn])
        exit_.append(piece[2 - is_turned][::turn])
        source = int(node[table.a[item] if is_turned else table.b[item]])
    cables = layer.item[route] if layer.name == "cables" else nothing
    return _Walk(
        np.concatenate(spans), np.concatenate(entry), np.concatenate(exit_), cables, source
    )


def _along_spans(audit: Audit, cable: int) -> tuple[Ints, Ints, Ints]:
    """Spans of a cable from its first end to its second, with the places between them."""
    cables = audit.network.cables
    rows = slice(cables.spans.indptr[cable], cables.spans.indptr[cable + 1])
    turn = -1 if cables.walk.is_backwards[cable] else 1
    walk = cables.walk
    return cables.spans.indices[rows][::turn], walk.entry[rows][::turn], walk.exit_[rows][::turn]


def _reach(audit: Audit, walk: _Walk, own: Ints) -> tuple[Ints, NDArray[np.float64]]:
    """Elements of a route outside its own ends, and how far from its start each reaches at most.

    Infinite from where a length is neither recorded nor drawn, and for a cable.
    """
    network, elements = audit.network, audit.network.elements
    spans, home = network.spans, network.places.padded_home
    length = np.where(spans.is_measured[walk.spans], spans.length_m[walk.spans], np.inf)
    at_start = np.logical_and.accumulate(home[walk.entry] == home[walk.exit_])
    length[at_start & (home[walk.entry] >= 0)] = 0.0
    after = np.cumsum(length)
    before = np.concatenate([[0.0], after[:-1]])[: len(after)]
    first = elements.offset["places"]
    near, step = gather(elements.of_span, walk.spans)
    is_place = (near >= first) & (near < first + len(network.places))
    more = _of_cables(audit, walk)
    found = np.concatenate([near[~is_place], walk.entry + first, walk.exit_ + first, more])
    far = np.concatenate([after[step[~is_place]], before, after, np.full(len(more), np.inf)])
    outside = ~np.isin(elements.home[found], own)
    found, far = found[outside], far[outside]
    groups, rows = gather(audit.risks.of_element, found)
    values, place = np.unique(np.concatenate([found, groups + len(elements)]), return_inverse=True)
    greatest = np.zeros(len(values))
    np.maximum.at(greatest, place, np.concatenate([far, far[rows]]))
    return values, greatest


def _of_cables(audit: Audit, walk: _Walk) -> Ints:
    """Cables of a route, and places in which they end a few rooms away from their last span."""
    network, offset = audit.network, audit.network.elements.offset
    ends = np.concatenate([network.cables.a[walk.cables], network.cables.b[walk.cables]])
    apart = np.setdiff1d(ends, np.concatenate([walk.entry, walk.exit_]))
    houses = network.places.building[apart]
    return np.concatenate([
        walk.cables + offset["cables"],
        apart + offset["places"],
        houses[houses >= 0] + offset["buildings"],
    ])  # fmt: skip


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
