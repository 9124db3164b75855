"""What routes of one site share, where what is near it may be tolerated.

Routes weigh what all of them use. What cannot be avoided is free, and what is near the site costs
next to nothing as far as all of them touch it within the entry tolerance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.forgiving import FORGIVEN, forgiving_weights
from netgraph.diversity.achievable.nearness import Nearness
from netgraph.diversity.search.graph import rows_of
from netgraph.diversity.search.least_sharing import shared_weight
from netgraph.diversity.search.near import OwnEdges, find_own_cuts, find_own_pairs
from netgraph.diversity.search.risks import shared_risks
from netgraph.diversity.search.single_points import find_single_points

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.judgement import PairJudgement
    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.nearness import Zones
    from netgraph.diversity.search.least_sharing import SharingWeights
    from netgraph.diversity.search.single_points import SinglePoints

    _Numbers = NDArray[np.int32]
    _Routes = Sequence[_Numbers]

_NO_EDGES = rows_of([()])


@dataclass(frozen=True, eq=False)
class PartOfNetwork:
    """A site's network without some edges.

    Attributes
    ----------
    points, cutting
        The single points of the part, and the risk classes that alone cut the site off there.
    forced_edges, forced_nodes, forced_classes
        What all routes of the part share, and not all of the whole network.
    """

    points: SinglePoints
    cutting: _Numbers
    forced_edges: _Numbers
    forced_nodes: _Numbers
    forced_classes: _Numbers

    def weigh_forced(self, weights: SharingWeights) -> float:
        """Weigh what all routes of the part share, and not all of the whole network."""
        parts = (
            weights.edge[self.forced_edges],
            weights.node[self.forced_nodes],
            weights.risk_class[self.forced_classes],
        )
        return float(sum(part.sum() for part in parts))


class Surroundings:
    """Looks around the sites that may use one network.

    Parameters
    ----------
    search
        The layer.
    points
        The single points of the network.
    find_bound_m
        Finds lower bounds on the distance to the sinks; called where they are needed.
    """

    def __init__(
        self, search: LayerSearch, points: SinglePoints,
        find_bound_m: Callable[[], NDArray[np.float64]],
    ) -> None:  # fmt: skip
        self.search, self.points, self.find_bound_m = search, points, find_bound_m
        self.nearness = Nearness(search, points.graph.is_edge_enabled)

    def around(self, source: int) -> Zones:
        """Look around a site: a reduced node."""
        search, sources = self.search, np.array([source], dtype=np.int32)
        chain = search.reduced.expand_points(sources, self.points.chains(sources))
        return self.nearness.around(search.reduced.node_of[sources], _NO_EDGES, chain)


class NearSite:
    """One site, and what is near it.

    Parameters
    ----------
    surroundings
        Of the network that it may use.
    source
        Its reduced node.
    cutting
        The risk classes that alone cut it off.
    zone
        What is near it: one row.
    """

    def __init__(
        self, surroundings: Surroundings, source: int, cutting: _Numbers, zone: Zones
    ) -> None:
        self._surroundings, self.source, self.cutting = surroundings, source, cutting
        self._search, self._points, self.zone = surroundings.search, surroundings.points, zone
        self._weights: dict[tuple[frozenset[int], float], SharingWeights] = {}
        self._last_part: tuple[bytes, PartOfNetwork | None] | None = None

    def near(self, judged: PairJudgement) -> list[int]:
        """Return what of the shared elements is near the site, beyond the tolerance."""
        return self.zone.near(rows_of([judged.shared])).values.tolist()

    def weights(self, counted: Iterable[int] = (), part: float = FORGIVEN) -> SharingWeights:
        """Return the weights if what is near the site, but for some of it, costs a part."""
        if not len(self.zone.elements.values):
            return self._search.costs.sharing
        key = frozenset(counted), part
        if key not in self._weights:
            is_left = ~np.isin(self.zone.elements.values, list(key[0]))
            near = replace(self.zone, elements=self.zone.elements.where(is_left))
            self._weights[key] = forgiving_weights(self._search, near, part)
        return self._weights[key]

    def weigh(self, routes: _Routes, weights: SharingWeights) -> float:
        """Weigh what routes share and could avoid."""
        return shared_weight(
            self._points, self._search.risks, self.source, routes, self.cutting, weights
        )

    def shared_weight(self, routes: _Routes, judged: PairJudgement) -> float:
        """Weigh what routes share: what is tolerated at a part of its weight.

        What cannot be avoided costs nothing, but for what near the site is beyond the tolerance.
        """
        tolerant = self.weights()
        more = self.weights(self.near(judged)).less(tolerant)
        none, risks = _NO_EDGES[0], self._search.risks
        return self.weigh(routes, tolerant) + shared_weight(
            self._points, risks, self.source, routes, none, more, frees_unavoidable=False
        )

    def due(self, weights: SharingWeights) -> float:
        """Weigh what of things near the site, which weights do not forgive, cannot be avoided."""
        n, more = self._points.graph.n_nodes, weights.less(self.weights())
        points = self._points.chain(self.source)
        parts = more.edge[points[points >= n] - n], more.node[points[points < n]]
        return float(sum(part.sum() for part in (*parts, more.risk_class[self.cutting])))

    def late_ways(self, routes: _Routes, near: Iterable[int]) -> list[_Numbers]:
        """Return the beginning of each route that touches some things beyond the tolerance.

        As far as the edge with which it does: no route that begins so touches them within only.
        """
        search, found, wanted = self._search, [], set(near)
        for route in routes:
            ways = [route[:n] for n in range(1, len(route) + 1)]
            sources = np.full(len(ways), self.source, dtype=np.int32)
            both = search.reduced.expand_routes(
                sources.repeat(2), rows_of([way for way in ways for _ in range(2)])
            )
            none = rows_of([()] * len(ways))
            judged, _ = search.judge.judge(search.reduced.node_of[sources], both, none, none)
            late = (k for k in range(len(ways)) if not wanted.isdisjoint(judged.shared[k].tolist()))
            found += [ways[k] for k in islice(late, 1)]
        return found

    def without_detours(self, near: Sequence[int]) -> PartOfNetwork | None:
        """Return the network on which routes touch what is near within the tolerance only."""
        bent = self._surroundings.nearness.out_of_the_way(self.zone, rows_of([near]))
        return self._part_without(bent.values)

    def within(self, near: Iterable[int]) -> PartOfNetwork | None:
        """Return the network without what touches some things near beyond the tolerance.

        Whatever way a route takes it. None if the site has no route there.
        """
        at, rows = np.zeros(1, dtype=np.int64), rows_of([sorted(near)])
        return self._part_without(self._surroundings.nearness.beyond(self.zone, at, rows).values)

    def _part_without(self, closed: _Numbers) -> PartOfNetwork | None:
        """Return the network without some edges; None if the site has no route there.

        The last one is kept: what leads a long way round is often all that comes too late.
        """
        key = closed.tobytes()
        if self._last_part is None or self._last_part[0] != key:
            self._last_part = key, self._find_part(closed)
        return self._last_part[1]

    def _find_part(self, closed: _Numbers) -> PartOfNetwork | None:
        graph, is_sink = self._points.graph, self._points.is_sink
        risks, source = self._search.risks, np.array([self.source], dtype=np.int32)
        asked = OwnEdges(
            graph, is_sink, graph.is_edge_enabled, source, _NO_EDGES,
            self._surroundings.find_bound_m(), rows_of([closed]),
        )  # fmt: skip
        pairs = find_own_pairs(asked)
        if not pairs.is_connected[0]:
            return None
        candidates = shared_risks(graph, risks, source, pairs.routes)
        cutting = find_own_cuts(asked, risks, candidates)[0]
        points = find_single_points(graph.without(edges=closed), np.flatnonzero(is_sink))
        whole, n = self._points.chain(self.source), graph.n_nodes
        forced = np.setdiff1d(points.chain(self.source), whole)
        return PartOfNetwork(
            points, cutting, forced[forced >= n] - n, forced[forced < n],
            np.setdiff1d(cutting, self.cutting),
        )  # fmt: skip
