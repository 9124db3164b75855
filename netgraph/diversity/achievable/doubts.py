"""What plant with missing records could change about the best pairs of a demand's sites."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.best_pair import Doubt
from netgraph.diversity.levels import RANK, Level
from netgraph.diversity.search.keys import distinct
from netgraph.diversity.search.risks import cutting_risks
from netgraph.diversity.search.single_points import find_single_points
from netgraph.topology.csr import gather

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.pair_columns import PairColumns
    from netgraph.diversity.search.graph import Rows
    from netgraph.diversity.search.single_points import SinglePoints
    from netgraph.topology.csr import Ints

    _Numbers = NDArray[np.int32]


_CONNECTING = Doubt(is_connecting=True)


@dataclass(frozen=True, eq=False)
class Known:
    """Some sites: reduced nodes, single points (reduced and whole) and risk classes that cut."""

    nodes: _Numbers
    points: Rows
    chains: Rows
    cutting: Rows


class Doubts:
    """Holds the sites of one demand against the network with the doubtful plant."""

    def __init__(self, search: LayerSearch, sinks: Ints, shut: Ints) -> None:
        self._search, self._sinks, self._shut = search, sinks, shut

    def find(self, pairs: PairColumns, known: Known, own: Rows) -> dict[int, Doubt]:
        """Return what the doubtful plant could change, by row, of those for whom it could."""
        is_diverse = pairs.is_connected & (pairs.judged.rank == RANK[Level.DIVERSE])
        linked = np.flatnonzero(~is_diverse & pairs.is_connected)
        doubts = dict.fromkeys(linked.tolist(), Doubt())
        doubts |= dict.fromkeys(np.flatnonzero(~pairs.is_connected).tolist(), _CONNECTING)
        moved: dict[bytes, list[int]] = defaultdict(list)
        for k in self._losing(linked, known).tolist():
            moved[own[k].tobytes()].append(k)
        for some in moved.values():
            of_some = self._without(np.array(some), known, own[some[0]])
            doubts.update(zip(some, of_some, strict=True))
        return doubts

    @cached_property
    def _complete(self) -> SinglePoints:
        """The single points with everything open that is to anybody or might be."""
        graph = self._search.complete
        graph = graph.without(edges=self._shut) if len(self._shut) else graph
        return find_single_points(graph, self._sinks)

    def _losing(self, at: Ints, known: Known) -> Ints:
        """Return the sites that might lose a single point if every edge were open."""
        if not len(at):
            return at
        nodes = known.nodes[at]
        points, cutting = self._complete, self._cutting(self._complete, at, known)
        now = points.n_cutting_nodes[nodes] + points.n_cutting_edges[nodes]
        is_same = (known.points.sizes[at] == now) & (known.cutting.sizes[at] == cutting.sizes)
        return at[~is_same]

    def _cutting(self, points: SinglePoints, at: Ints, known: Known) -> Rows:
        """Return what cuts the sites off with more edges: nothing that did not before."""
        before = distinct(known.cutting.take(at).values)
        return cutting_risks(
            points.graph, self._sinks, self._search.risks, known.nodes[at], candidates=before
        )

    def _without(self, at: Ints, known: Known, own: _Numbers) -> list[Doubt]:
        """Return what is left of the single points of sites with the same own edges."""
        graph = self._search.with_own(own, self._shut, is_doubtful=True)
        points = find_single_points(graph, self._sinks)
        cutting = self._cutting(points, at, known)
        nodes = known.nodes[at]
        chains = self._search.reduced.expand_points(nodes, points.chains(nodes))
        doubts = []
        for n, k in enumerate(at.tolist()):
            was = self._implied(known.chains[k], known.cutting[k])
            now = self._implied(chains[n], cutting[n])
            doubts.append(Doubt(is_avoiding=not was <= now, implied=now))
        return doubts

    def _implied(self, chain: _Numbers, cutting: _Numbers) -> frozenset[int]:
        """Everything that goes with a site's single points."""
        judge = self._search.judge
        points, _ = gather(judge.points, chain.astype(np.int64))
        members, _ = gather(judge.members, cutting.astype(np.int64))
        return frozenset(points.tolist()) | frozenset(members.tolist())
