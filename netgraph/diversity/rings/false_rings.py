"""False rings: cycles in the links of which one cable or one trench is a bridge all the same."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.rings.cut_parts import find_cut_parts
from netgraph.diversity.search.equal_sets import group_equal
from netgraph.topology.csr import Csr, compose, csr_of_pairs, gather, transpose, unique_rows
from netgraph.topology.elements import CABLE, SPAN, TRENCH

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.rings.layers import Layer
    from netgraph.topology import LayeredNetwork


@dataclass(frozen=True)
class FalseRing:
    """Nodes that the links put on a ring, and what alone cuts them off.

    Attributes
    ----------
    nodes
        Nodes of the layer that are cut off together.
    elements
        Elements (cables, spans, trenches) each of which alone cuts them off; ascending.
    links
        Rows of the links that go down with some of them.
    length_m
        Metres of the spans among them, each trench once.
    """

    nodes: tuple[int, ...]
    elements: tuple[int, ...]
    links: tuple[int, ...]
    length_m: float


def find_false_rings(
    network: LayeredNetwork, layer: Layer, tolerance_m: float
) -> tuple[FalseRing, ...]:
    """Find the nodes of the links' rings that one cable, span or trench cuts off.

    Parameters
    ----------
    layer
        The links.
    tolerance_m
        Metres of common trench that are let pass where no cable is common, as at a building's
        entrance.

    Returns
    -------
    tuple of FalseRing
        Exact on the records. Links without recorded plant share nothing here. Cost: see
        :func:`find_cut_parts`, for the sets of links that run through one element.
    """
    sets, elements = _sets_of_links(network, layer)
    parts = find_cut_parts(layer, sets)
    number: dict[tuple[int, ...], int] = {}
    part = np.array([number.setdefault(nodes, len(number)) for nodes in _tuples(parts.nodes)])
    cut_by = csr_of_pairs(part.astype(np.int64), parts.owner, len(number))
    cutting = unique_rows(compose(cut_by, elements))
    links, metres = unique_rows(compose(cut_by, sets)), _metres(network, cutting)
    has_cable = np.zeros(len(number), dtype=bool)
    has_cable[cutting.owners[network.elements.kind[cutting.indices] == CABLE]] = True
    members = _tuples(cutting)
    rows = _tuples(Csr(links.indptr, layer.row[links.indices]))
    return tuple(
        FalseRing(nodes, members[i], rows[i], metres[i])
        for nodes, i in sorted(number.items())
        if metres[i] > tolerance_m or has_cable[i]
    )


def _tuples(table: Csr) -> list[tuple[int, ...]]:
    """Give the rows of a ragged table one by one."""
    values = table.indices.tolist()
    return [tuple(values[low:high]) for low, high in pairwise(table.indptr.tolist())]


def _sets_of_links(network: LayeredNetwork, layer: Layer) -> tuple[Csr, Csr]:
    """Gather sets of edges on rings, and the cables, spans, trenches that each runs through."""
    elements = network.elements
    counts = np.isin(elements.kind, (CABLE, SPAN, TRENCH))
    edge_of_row = np.full(len(network.links), -1, dtype=np.int64)
    edge_of_row[layer.row] = np.where(layer.is_bridge, -1, np.arange(len(layer.row)))
    owner = edge_of_row[elements.of_link.owners]
    keep = (owner >= 0) & counts[elements.of_link.indices]
    table = csr_of_pairs(owner[keep], elements.of_link.indices[keep], len(layer.row))
    edges_of = transpose(table, len(elements))
    several = np.flatnonzero(edges_of.counts > 1)
    edges, _ = gather(edges_of, several)
    bounds = np.append(0, np.cumsum(edges_of.counts[several]))
    set_of, first = group_equal(bounds, edges.astype(np.int32))
    one_each, at = gather(edges_of, several[first])
    return (
        csr_of_pairs(at, one_each, len(first)),
        csr_of_pairs(set_of.astype(np.int64), several, len(first)),
    )


def _metres(network: LayeredNetwork, cutting: Csr) -> list[float]:
    """Add up the metres of the spans among elements, row by row, each trench once."""
    spans, offset = network.spans, network.elements.offset
    owner, kind = cutting.owners, network.elements.kind[cutting.indices]
    is_span, is_trench = kind == SPAN, kind == TRENCH
    span = cutting.indices[is_span] - offset["spans"]
    of_span = spans.trench[span]
    alone = csr_of_pairs(owner[is_span][of_span < 0], span[of_span < 0], len(cutting))
    trenches = unique_rows(
        csr_of_pairs(
            np.concatenate([owner[is_span][of_span >= 0], owner[is_trench]]),
            np.concatenate([
                of_span[of_span >= 0], cutting.indices[is_trench] - offset["trenches"]
            ]),
            len(cutting),
        )
    )  # fmt: skip
    own_m = np.nan_to_num(spans.length_m[alone.indices])
    trench_m = _longest_m(network)[trenches.indices].tolist()
    bounds = zip(pairwise(alone.indptr.tolist()), pairwise(trenches.indptr.tolist()), strict=True)
    return [
        (float(own_m[low:high].sum()) if low < high else 0.0) + sum(trench_m[first:last])
        for (low, high), (first, last) in bounds
    ]


def _longest_m(network: LayeredNetwork) -> NDArray[np.float64]:
    """Length of the longest span of each trench."""
    spans = network.spans
    longest_m, in_trench = np.zeros(spans.trench.max(initial=-1) + 1), spans.trench >= 0
    np.fmax.at(longest_m, spans.trench[in_trench], spans.length_m[in_trench])
    return longest_m
