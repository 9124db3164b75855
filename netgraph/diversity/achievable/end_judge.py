"""Judge pairs of routes to two different centres: what stands at each end fails with its route.

A route may reach a centre's building at another place than the centre itself; the circuits that it
carries go on to the centre, and what takes that down takes them down.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.judgement import Judge, Judged, PairJudgement
from netgraph.diversity.levels import worst
from netgraph.diversity.search.graph import route_nodes
from netgraph.diversity.verdict_kinds import LEVEL_OF_KIND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.basis import AuditBasis
    from netgraph.diversity.search.graph import Rows
    from netgraph.topology.csr import Ints

    _Numbers = NDArray[np.int32]


def with_ends(judge: Judge, audit: AuditBasis, layer: SearchLayer, ends: Iterable[int]) -> Judge:
    """Return a judge that adds the centres (places) themselves to routes that end beside them."""
    at: dict[int, frozenset[int]] = {}
    for place in ends:
        node = int(layer.node_of_place[place])
        at[node] = at.get(node, frozenset()) | _with_groups(audit, _elements_of(audit, place))
    several = np.bincount(layer.node_of_place, minlength=layer.graph.n_nodes) > 1
    if not any(several[node] for node in at):
        return judge  # every route that reaches the node reaches the centre
    known = {field.name: getattr(judge, field.name) for field in fields(Judge)}
    return _EndJudge(**known, audit=audit, layer=layer, at=at)


@dataclass(frozen=True, eq=False)
class _EndJudge(Judge):
    """A judge that knows what stands for the centre at each node where routes may end."""

    audit: AuditBasis
    layer: SearchLayer
    at: dict[int, frozenset[int]]

    def judge(
        self, sources: Ints | _Numbers, routes: Rows, points: Rows, cutting: Rows
    ) -> tuple[Judged, NDArray[np.bool_]]:
        """Judge many pairs at once; see :meth:`Judge.judge`."""
        known, is_new = super().judge(sources, routes, points, cutting)
        judged = [known[i] for i in range(len(known))]
        for i, source in enumerate(sources.tolist()):
            pair = routes[2 * i], routes[2 * i + 1]
            ends = [int(route_nodes(self.layer.graph, source, way)[-1]) for way in pair]
            if ends[0] == ends[1] or not all(len(way) for way in pair):
                continue
            implied = {x for point in points[i].tolist() for x in self.points.row(point).tolist()}
            for risk_class in cutting[i].tolist():
                implied.update(self.members.row(risk_class).tolist())
            judged[i] = self._with_ends(judged[i], source, pair, ends, implied)
        return Judged.of(judged), is_new

    def _with_ends(
        self, judged: PairJudgement, source: int, pair: tuple[_Numbers, _Numbers],
        ends: list[int], implied: set[int],
    ) -> PairJudgement:  # fmt: skip
        at = [self.at.get(end, frozenset()) for end in ends]
        touched = [self._touched(way, source) | own for way, own in zip(pair, at, strict=True)]
        more = (at[0] & touched[1] | at[1] & touched[0]) - set(judged.shared)
        if not more:
            return judged
        kinds = set(self.audit.kind[list(more)].tolist())
        level = worst([judged.level, *(LEVEL_OF_KIND[kind] for kind in kinds)])
        return replace(
            judged,
            level=judged.level if level is None else level,
            shared=tuple(sorted({*judged.shared, *more})),
            tolerated=tuple(x for x in judged.tolerated if x not in more),
            is_avoidable=judged.is_avoidable or not more <= implied,
        )

    def _touched(self, way: _Numbers, source: int) -> frozenset[int]:
        """List what a route touches outside the building that it starts from."""
        elements = self.audit.network.elements
        table = elements.of_cable if self.layer.name == "cables" else elements.of_span
        items = self.layer.item[way].tolist()
        own = int(self.layer.home[source])
        found = {x for item in items for x in table.row(item).tolist()}
        return _with_groups(self.audit, (x for x in found if own < 0 or elements.home[x] != own))


def _elements_of(audit: AuditBasis, place: int) -> list[int]:
    offset, building = audit.network.elements.offset, int(audit.network.places.building[place])
    house = [] if building < 0 else [offset["buildings"] + building]
    return [offset["places"] + place, *house]


def _with_groups(audit: AuditBasis, elements: Iterable[int]) -> frozenset[int]:
    """Elements with the risk groups that they belong to."""
    found = set(elements)
    n = len(audit.network.elements)
    return frozenset(found).union(*((audit.risks.of_element.row(x) + n).tolist() for x in found))
