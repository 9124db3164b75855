"""The best pair of routes for many sites with the same B ends, on one layer.

Best is least shared, then shortest in total. One pass gives every site its shortest pair that is
node-disjoint but for its single points; where that pair also shares no risk group that could be
avoided, nothing better exists. The others are left open, to be searched one by one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.judgement import PairJudgement
from netgraph.diversity.levels import Level
from netgraph.diversity.search.disjoint_pairs import (
    distance_bounds,
    find_disjoint_pairs,
    find_pairs_near,
)
from netgraph.diversity.search.graph import Rows, sink_mask
from netgraph.diversity.search.risks import cutting_risks, may_cut
from netgraph.diversity.search.single_points import find_single_points
from netgraph.topology.csr import csr_of_pairs, gather

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.proof import SearchProof
    from netgraph.diversity.search.graph import ArrayGraph, Routes
    from netgraph.diversity.search.single_points import SinglePoints
    from netgraph.topology.csr import Ints

    _Numbers = NDArray[np.int32]

#: With more sources than this, one pass for all nodes costs less than looking around each.
_FEW = 40
_NO_EDGES = np.empty(0, dtype=np.int32)
_NOTHING = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class OpenPair:
    """What a search needs of a site whose pair may share something avoidable.

    Attributes
    ----------
    points
        The single points, in the network without the site's own edges where `own` holds some.
    source, cutting
        The site's reduced node, and the risk classes that alone cut it off.
    own
        Edges that only the site may use besides; they change no single point.
    network
        The network to be searched.
    """

    points: SinglePoints
    source: int
    cutting: _Numbers
    own: Ints
    network: ArrayGraph


@dataclass(frozen=True, eq=False)
class _Doubt:
    """What the plant with missing records could change.

    Attributes
    ----------
    is_connecting, is_avoiding
        It could connect the site, or spare it a single point.
    implied
        What goes with the single points that would be left; None if they stay the same.
    """

    is_connecting: bool = False
    is_avoiding: bool = False
    implied: frozenset[int] | None = None


@dataclass(frozen=True, eq=False)
class BestPair:
    """The best pair of one site.

    Attributes
    ----------
    routes
        Edges of the two routes, from the site; empty when not connected.
    judgement
        What the pair shares.
    unavoidable
        One element (audit numbering) for each single point of failure, the nearest to the site
        first, risk groups last; what lies within the tolerance is left out.
    is_proven
        No pair shares less.
    open
        What is left to be searched; None where the pair is known to be the best.
    search
        How the search for it ended, where there was one.
    """

    is_connected: bool
    routes: tuple[_Numbers, _Numbers] = (_NO_EDGES, _NO_EDGES)
    judgement: PairJudgement | None = None
    unavoidable: tuple[int, ...] = ()
    is_proven: bool = True
    open: OpenPair | None = None
    search: SearchProof | None = None
    doubt: _Doubt | None = None

    @property
    def is_doubtful(self) -> bool:
        """Whether plant that a missing record keeps out could give a better pair."""
        doubt, judged = self.doubt, self.judgement
        if doubt is None:
            return False
        if doubt.is_connecting or doubt.is_avoiding or judged is None:
            return True
        if doubt.implied is None:
            return judged.is_avoidable
        return bool(set(judged.shared) - doubt.implied)


@dataclass(frozen=True, eq=False)
class _Pass:
    """What one pass found for some sites of a demand on one network."""

    rows: list[int]  # the sites, by position in the demand
    nodes: _Numbers
    points: SinglePoints
    cutting: Rows
    chains: Rows
    pairs: list[BestPair]


def find_best_pairs(
    search: LayerSearch, b_ends: tuple[int, ...], sites: tuple[int, ...]
) -> list[BestPair]:
    """Find the best pair of every site, as far as that takes no search.

    Parameters
    ----------
    search
        The layer.
    b_ends, sites
        Places.

    Returns
    -------
    list of BestPair
        One a site, in order; exact, or `open`.
    """
    return _Demand(search, b_ends, sites).find()


class _Demand:
    """The sites of one demand at work."""

    def __init__(
        self, search: LayerSearch, b_ends: tuple[int, ...], sites: tuple[int, ...]
    ) -> None:
        self._search = search
        self._sources = search.nodes(sites).astype(np.int32)
        self._sinks = np.unique(search.nodes(b_ends))
        self._is_sink = sink_mask(search.complete, self._sinks)
        self._own = [search.own.row(place) for place in sites]
        graph, private = search.complete, search.private
        u, v = graph.edge_u[private], graph.edge_v[private]
        premises = np.where(graph.is_transit[u], v, u)
        self._shut = private[self._is_sink[premises]]
        self._bound_m: NDArray[np.float64] | None = None

    def find(self) -> list[BestPair]:
        """Run one pass for all sites, then one for each set of own edges that could help."""
        first = self._run(self._open(self._search.usable), list(range(len(self._sources))))
        found = first.pairs
        groups = self._by_own(self._not_settled(first))
        others = [self._run(self._open(self._search.with_own(own)), rows) for own, rows in groups]
        for done in others:
            for i, pair in zip(done.rows, done.pairs, strict=True):
                found[i] = pair
        if self._search.has_doubtful:
            moved = {i for done in others for i in done.rows}
            self._doubt(first, found, [i for i in first.rows if i not in moved])
            for done in others:
                self._doubt(done, found, done.rows)
        return found

    def _open(self, graph: ArrayGraph) -> ArrayGraph:
        """Return a network without the edges that only the places at the sink may use."""
        return graph.without(edges=self._shut) if len(self._shut) else graph

    def _by_own(self, rows: list[int]) -> list[tuple[Ints, list[int]]]:
        """Group sites by the edges that only they may use."""
        groups: dict[bytes, list[int]] = defaultdict(list)
        for i in rows:
            groups[self._own[i].tobytes()].append(i)
        return [(self._own[group[0]], group) for group in groups.values()]

    def _run(self, graph: ArrayGraph, rows: list[int]) -> _Pass:
        """One pass for all sources with the same network."""
        search, nodes = self._search, self._sources[rows]
        points = find_single_points(graph, self._sinks)
        routes = self._routes(points, nodes)
        cutting = cutting_risks(
            graph, self._sinks, search.risks, nodes,
            candidates=may_cut(graph, search.risks, nodes, routes),
        )  # fmt: skip
        chains = search.reduced.expand_points(nodes, points.chains(nodes))
        whole = search.reduced.expand_routes(np.repeat(nodes, 2), routes)
        homes = search.reduced.node_of[nodes]
        judged, is_new = search.judge.judge(homes, whole, chains, cutting)
        names = self._names(homes, chains, cutting, is_new)
        pairs = [
            self._pair(points, node, cutting[k], (whole[2 * k], whole[2 * k + 1]), shared, named)
            for k, (node, shared, named) in enumerate(
                zip(nodes.tolist(), judged, names, strict=True)
            )
        ]
        return _Pass(rows, nodes, points, cutting, chains, pairs)

    def _routes(self, points: SinglePoints, nodes: _Numbers) -> Routes:
        if len(nodes) > _FEW:
            return find_disjoint_pairs(points.graph, self._sinks, points=points).find_routes(nodes)
        if self._bound_m is None:
            # For all sites at once: passes with own edges can use the same bounds.
            graph = self._search.complete
            self._bound_m = distance_bounds(graph, self._is_sink, self._sources)
        return find_pairs_near(points, nodes, bound_m=self._bound_m)

    @staticmethod
    def _pair(
        points: SinglePoints,
        node: int,
        cutting: _Numbers,
        routes: tuple[_Numbers, _Numbers],
        judged: PairJudgement,
        names: tuple[int, ...],
    ) -> BestPair:
        if points.is_sink[node]:  # the site is in the centre's building
            nothing = PairJudgement(Level.DIVERSE, (), ())
            return BestPair(is_connected=True, judgement=nothing)
        if not points.is_connected[node]:
            return BestPair(is_connected=False)
        tolerated = set(judged.tolerated)
        return BestPair(
            is_connected=True,
            routes=routes,
            judgement=judged,
            unavoidable=tuple(x for x in names if x not in tolerated),
            is_proven=not judged.is_avoidable,
            open=OpenPair(points, node, cutting, _NOTHING, points.graph)
            if judged.is_avoidable
            else None,
        )

    def _names(
        self, homes: _Numbers, chains: Rows, cutting: Rows, is_new: NDArray[np.bool_]
    ) -> list[tuple[int, ...]]:
        """Name the single points of each source, less what stands in one's own buildings."""
        judge, home = self._search.judge, self._search.audit.network.elements.home
        owners = np.concatenate([
            np.repeat(np.arange(len(homes)), np.diff(chains.indptr)),
            np.repeat(np.arange(len(homes)), np.diff(cutting.indptr))[is_new],
        ])  # fmt: skip
        firsts = np.concatenate([
            judge.points.indices[judge.points.indptr[chains.values]],
            judge.members.indices[judge.members.indptr[cutting.values[is_new]]],
        ])  # fmt: skip
        at = np.append(home, -1)[np.minimum(firsts, len(home))]  # a risk group stands nowhere
        building = self._search.layer.home
        ends = building[self._search.reduced.node_of[self._sinks]]
        is_own = (at >= 0) & (np.isin(at, ends) | (at == building[homes][owners]))
        named = csr_of_pairs(owners[~is_own], firsts[~is_own], len(homes))
        ptr, values = named.indptr.tolist(), named.indices.tolist()
        return [tuple(values[a:b]) for a, b in pairwise(ptr)]

    def _not_settled(self, first: _Pass) -> list[int]:
        """Sites that their own cores or bores could help.

        If a site's single points stay the same with every own edge open, its own edges change none
        of them, and a pair that shares nothing else shares as little as any.
        """
        wanted = [i for i in first.rows if len(self._own[i]) and not _is_diverse(first.pairs[i])]
        linked = [i for i in wanted if first.pairs[i].is_connected]
        same = self._keep_points(first, linked, self._open(self._search.widest))
        settled = {i for i, is_same in zip(linked, same, strict=True) if is_same}
        for i in settled:
            pair = first.pairs[i]
            if pair.open is not None:  # to be searched with them
                own = self._own[i]
                network = self._open(self._search.with_own(own))
                opened = replace(pair.open, own=own, network=network)
                first.pairs[i] = replace(pair, open=opened)
        return [i for i in wanted if i not in settled]

    def _keep_points(self, done: _Pass, at: list[int], graph: ArrayGraph) -> list[bool]:
        """Whether sites (by position in a pass) keep all their single points with more edges."""
        if not at:
            return []
        nodes = done.nodes[at]
        points, cutting = self._fewer_points(done, at, graph)
        was = done.points.n_cutting_nodes[nodes] + done.points.n_cutting_edges[nodes]
        now = points.n_cutting_nodes[nodes] + points.n_cutting_edges[nodes]
        return ((was == now) & (done.cutting.sizes[at] == cutting.sizes)).tolist()

    def _fewer_points(
        self, done: _Pass, at: list[int], graph: ArrayGraph
    ) -> tuple[SinglePoints, Rows]:
        """Find the single points on a network with more edges: none that was not one before."""
        points = find_single_points(graph, self._sinks)
        before = np.unique(np.concatenate([done.cutting[k] for k in at]))
        cutting = cutting_risks(
            graph, self._sinks, self._search.risks, done.nodes[at], candidates=before
        )
        return points, cutting

    def _doubt(self, done: _Pass, found: list[BestPair], rows: list[int]) -> None:
        """Mark the sites that plant with missing records could serve better."""
        place = {row: k for k, row in enumerate(done.rows)}
        rows = [i for i in rows if not _is_diverse(found[i])]
        linked = [i for i in rows if found[i].is_connected]
        same = self._keep_points(
            done, [place[i] for i in linked], self._open(self._search.complete)
        )
        is_same = dict(zip(linked, same, strict=True))
        for i in rows:
            doubt = _Doubt() if is_same.get(i) else _Doubt(is_connecting=i not in is_same)
            found[i] = replace(found[i], doubt=doubt)
        for own, group in self._by_own([i for i in linked if not is_same[i]]):
            graph = self._open(self._search.with_own(own, is_doubtful=True))
            at = [place[i] for i in group]
            points, cutting = self._fewer_points(done, at, graph)
            chains = self._search.reduced.expand_points(
                done.nodes[at], points.chains(done.nodes[at])
            )
            for n, (i, k) in enumerate(zip(group, at, strict=True)):
                was = self._implied(done.chains[k], done.cutting[k])
                now = self._implied(chains[n], cutting[n])
                doubt = _Doubt(is_avoiding=not was <= now, implied=now)
                found[i] = replace(found[i], doubt=doubt)

    def _implied(self, chain: _Numbers, cutting: _Numbers) -> frozenset[int]:
        """Everything that goes with a site's single points."""
        judge = self._search.judge
        points, _ = gather(judge.points, chain.astype(np.int64))
        members, _ = gather(judge.members, cutting.astype(np.int64))
        return frozenset(points.tolist()) | frozenset(members.tolist())


def _is_diverse(pair: BestPair) -> bool:
    return pair.judgement is not None and pair.judgement.level is Level.DIVERSE
