"""Judge pairs of routes that a search found, by the same rules as recorded routes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.achievable._judging import Asked, Known, judge_all
from netgraph.diversity.levels import RANK, Level
from netgraph.diversity.verdict_kinds import LEVEL_OF_KIND, RISK_GROUP
from netgraph.topology.csr import Csr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.achievable._judging_layout import Layout
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


class Unavoidable(NamedTuple):
    """Single points of a site: the first element of each, and where the others are.

    Attributes
    ----------
    firsts
        An element (audit numbering) for each.
    keys
        Rows of :attr:`Judge.points`; risk classes c, rows of :attr:`Judge.members`, as ~c.
    """

    firsts: tuple[int, ...]
    keys: tuple[int, ...]


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

    def name_unavoidable(self, single: Unavoidable, judged: PairJudgement) -> tuple[int, ...]:
        """Name single points by what of them counts in a pair, which shares all that does.

        A manhole near the site is tolerated, not the flood zone or the building that it is in; of
        two offices in one building a route may pass the second. What does not count is left out.
        """
        shared = set(judged.shared)
        if shared.issuperset(single.firsts):
            return single.firsts
        told = dict[int, None]()
        for first, key in zip(*single, strict=True):
            row = self.points.row(key) if key >= 0 else self.members.row(~key)
            counted = [x for x in row.tolist() if x in shared]
            is_group = not counted or self._kind[counted[0]] >= RISK_GROUP
            told |= dict.fromkeys(
                [first] if first in shared else counted[: None if is_group else 1]
            )
        return tuple(told)


def build_judge(audit: Audit, layer: SearchLayer, layout: Layout) -> Judge:
    """Make what judges pairs on a layer that is laid out."""
    risks, nodes, edges = layer.risks.risks, layer.node_elements, layer.elements
    points = Csr(
        np.concatenate([nodes.indptr, nodes.indptr[-1] + edges.indptr[1:]]),
        np.concatenate([nodes.indices, edges.indices]),
    )
    members = Csr(risks.indptr, layer.risk_element[risks.values])
    numbers = layout.number_of[points.indices], layout.number_of[members.indices]
    return Judge(audit.kind, layout, *numbers, points, members)


def _sorted_rows(ptr: Ints, values: _Numbers) -> _Numbers:
    """Sort the values of each row."""
    rows = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))
    return (np.sort(rows << 32 | values) & 0xFFFFFFFF).astype(np.int32)


def _tuples(ptr: Ints, values: _Numbers) -> list[tuple[int, ...]]:
    ends, numbers = ptr.tolist(), values.tolist()
    return [tuple(numbers[a:b]) for a, b in pairwise(ends)]
