"""Judge pairs of routes that a search found, by the same rules as recorded routes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable._judging import Asked, Known, judge_all
from netgraph.diversity.achievable._judging_layout import Layout, lay_out
from netgraph.diversity.levels import RANK, Level
from netgraph.diversity.verdict_kinds import LEVEL_OF_KIND
from netgraph.topology.csr import Csr, gather

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.search.graph import Rows
    from netgraph.topology.csr import Ints

    _Numbers = NDArray[np.int32]

_LEVELS = tuple(Level)
_RANK_OF_KIND = np.array([RANK[LEVEL_OF_KIND[k]] for k in range(len(LEVEL_OF_KIND))])


@dataclass(frozen=True)
class PairJudgement:
    """What a pair of routes shares: the level, and the elements that count (audit numbering).

    Attributes
    ----------
    is_avoidable
        Whether something that counts goes with none of the single points given.
    is_forgiven
        Whether something that is tolerated goes with none of them.
    """

    level: Level
    shared: tuple[int, ...]
    tolerated: tuple[int, ...]
    is_avoidable: bool = False
    is_forgiven: bool = False


@dataclass(frozen=True, eq=False)
class Judge:
    """Judges pairs of routes on one layer; build it once with :func:`build_judge`.

    Attributes
    ----------
    points
        Elements and risk groups of every node v as v and of every edge e as n + e.
    members
        Elements and risk groups behind each risk class.
    """

    _kind: Ints
    _layout: Layout
    _point_numbers: _Numbers
    _member_numbers: _Numbers
    points: Csr
    members: Csr

    def judge(
        self, sources: Ints | _Numbers, routes: Rows, points: Rows, cutting: Rows
    ) -> tuple[list[PairJudgement], NDArray[np.bool_]]:
        """Judge many pairs at once.

        Exact: every element that both routes touch is compared, as on recorded routes. What stands
        in the buildings that both routes begin or end in is left out (the risk groups of the rest
        are not), and what lies wholly within the tolerance along both routes.

        Parameters
        ----------
        sources
            Nodes of the layer, shape (k,).
        routes
            2k routes as edges of the layer, from their source to a sink: 2i and 2i + 1 of source i.
        points, cutting
            The single points of each source (node v as v, edge e as n + e), and the risk classes
            that alone cut it off.

        Returns
        -------
        judgements
            One a source.
        is_new
            For each entry of `cutting`, whether nothing in it goes with an earlier one or a point.
            Cost O(elements of the routes).
        """
        layout = self._layout
        known = Known(
            points.indptr, points.values, self.points.indptr, self._point_numbers,
            cutting.indptr, cutting.values,
            self.members.indptr, self._member_numbers,
        )  # fmt: skip
        asked = Asked(sources.astype(np.int32), layout.home, routes.indptr, routes.values)
        found = judge_all(layout.steps, layout.brief, layout.things, layout.marks, asked, known)
        counted = _sorted_rows(found.counted_ptr, layout.element_of[found.counted])
        tolerated = _sorted_rows(found.tolerated_ptr, layout.element_of[found.tolerated])
        ranks = _RANK_OF_KIND[self._kind[counted]]
        best = np.full(len(sources), RANK[Level.DIVERSE])
        np.minimum.at(best, np.repeat(np.arange(len(sources)), np.diff(found.counted_ptr)), ranks)
        lists = (_tuples(found.counted_ptr, counted), _tuples(found.tolerated_ptr, tolerated))
        judgements = [
            PairJudgement(_LEVELS[rank], *shared, *avoidable)
            for rank, shared, avoidable in zip(
                best.tolist(), zip(*lists, strict=True), found.is_avoidable.T.tolist(), strict=True
            )
        ]
        return judgements, found.is_new


def build_judge(audit: Audit, layer: SearchLayer) -> Judge:
    """Lay out what a layer's routes touch; O(elements of all spans and cables)."""
    risks, nodes, edges = layer.risks.risks, layer.node_elements, layer.elements
    points = Csr(
        np.concatenate([nodes.indptr, nodes.indptr[-1] + edges.indptr[1:]]),
        np.concatenate([nodes.indices, edges.indices]),
    )
    members = Csr(risks.indptr, layer.risk_element[risks.values])
    layout = lay_out(audit, layer)
    numbers = layout.number_of[points.indices], layout.number_of[members.indices]
    return Judge(audit.kind, layout, *numbers, points, members)


def _sorted_rows(ptr: Ints, values: _Numbers) -> _Numbers:
    """Sort the values of each row."""
    rows = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))
    return (np.sort(rows << 32 | values) & 0xFFFFFFFF).astype(np.int32)


def _tuples(ptr: Ints, values: _Numbers) -> list[tuple[int, ...]]:
    ends, numbers = ptr.tolist(), values.tolist()
    return [tuple(numbers[a:b]) for a, b in pairwise(ends)]


def reach_along(
    audit: Audit, layer: SearchLayer, edge: int, node: int
) -> tuple[Ints, NDArray[np.float64], float]:
    """Elements of one edge, how far from a node each reaches along it, and how far the edge does.

    Infinite where a length is neither recorded nor drawn, and for the cable itself.
    """
    row = layer.elements.row(edge)
    if layer.name == "cables":
        return row, *_along_cable(audit, layer, edge, node)
    known = bool(audit.network.spans.is_measured[layer.item[edge]])
    end_m = float(layer.graph.length_m[edge]) if known else np.inf
    return row, np.full(len(row), end_m), end_m


def _along_cable(
    audit: Audit, layer: SearchLayer, edge: int, node: int
) -> tuple[NDArray[np.float64], float]:
    """How far along the cable each of its elements, and its end, is; infinite if unknown.

    A place is as far as the span that ends there, not as the one that goes on from it.
    """
    network, cable = audit.network, int(layer.item[edge])
    cables, spans, elements = network.cables, network.spans, network.elements
    position = np.arange(cables.spans.indptr[cable], cables.spans.indptr[cable + 1])
    if cables.walk.is_backwards[cable]:
        position = position[::-1]
    order, sides = cables.spans.indices[position], (cables.walk.entry, cables.walk.exit_)
    entry, exit_ = (side[position] for side in sides)
    if layer.node_of_place[cables.a[cable]] != node:
        order, entry, exit_ = order[::-1], exit_[::-1], entry[::-1]
    home = network.places.padded_home
    indoors = (home[spans.a[order]] == home[spans.b[order]]) & (home[spans.a[order]] >= 0)
    length = np.where(spans.is_measured[order], spans.length_m[order], np.inf)
    ends = np.cumsum(np.where(indoors, 0.0, length))
    values, owners = gather(elements.of_span, order)
    first = elements.offset["places"]
    is_span = (values < first) | (values >= first + len(network.places))
    stops = np.concatenate([entry, exit_])
    stops_m = np.concatenate([np.append(0.0, ends[:-1])[: len(ends)], ends])
    values = np.concatenate([values[is_span], first + stops[stops >= 0]])
    at_m = np.concatenate([ends[owners[is_span]], stops_m[stops >= 0]])
    groups, rows = gather(audit.risks.of_element, values)
    values = np.concatenate([values, groups + len(elements)])
    at_m = np.concatenate([at_m, at_m[rows]])
    row = layer.elements.row(edge)
    far = np.full(len(row), -1.0)
    place = np.searchsorted(row, values)
    hit = (place < len(row)) & (row[np.minimum(place, len(row) - 1)] == values)
    np.maximum.at(far, place[hit], at_m[hit])
    return np.where(far < 0, np.inf, far), float(ends[-1]) if len(ends) else np.inf
