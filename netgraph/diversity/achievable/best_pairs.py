"""The best pair of routes for many sites with the same B ends, on one layer.

Best is least shared, of those least shared within the entry tolerance, of those the shortest in
total. Every site gets its shortest pair that is node-disjoint but for its single points, or one
that looks past the risks which that pair shares; where the pair shares nothing else that could be
avoided, nothing better exists. The others are left open, to be searched one by one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.best_pair import BestPair, OpenPair
from netgraph.diversity.achievable.certain import certain_elements
from netgraph.diversity.achievable.doubts import Doubts, Known
from netgraph.diversity.achievable.first_tries import try_apart
from netgraph.diversity.achievable.judgement import PairJudgement
from netgraph.diversity.achievable.nearness import Nearness
from netgraph.diversity.levels import Level
from netgraph.diversity.search.disjoint_pairs import distance_bounds, find_disjoint_pairs
from netgraph.diversity.search.graph import rows_of, sink_mask
from netgraph.diversity.search.near import NearPairs, OwnEdges, find_own_cuts, find_own_pairs
from netgraph.diversity.search.pairs_apart import Beginnings
from netgraph.diversity.search.risks import cutting_risks, may_cut
from netgraph.diversity.search.single_points import find_single_points
from netgraph.diversity.verdict_kinds import TOLERABLE
from netgraph.topology.csr import csr_of_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.nearness import Zone
    from netgraph.diversity.search.graph import Rows
    from netgraph.diversity.search.single_points import SinglePoints
    from netgraph.topology.csr import Ints

    _Numbers = NDArray[np.int32]
    _Straight = tuple[int, tuple[_Numbers, _Numbers], PairJudgement | None]

#: With more sources than this in one network, one pass for all nodes costs less than looking around
#: each.
_FEW = 40
#: So many risk classes are tried one by one as cost as much as one pass over all of them.
_MANY_CLASSES = 150


@dataclass(frozen=True, eq=False)
class _Pass:
    """What is known of some sites of a demand after looking for their pairs."""

    rows: list[int]  # the sites, by position in the demand
    nodes: _Numbers
    is_connected: NDArray[np.bool_]
    points: Rows
    cutting: Rows
    chains: Rows  # the single points on the whole layer
    names: list[tuple[int, ...]]  # of the single points of each site
    pairs: list[BestPair]


def find_best_pairs(
    search: LayerSearch, b_ends: tuple[int, ...], sites: tuple[int, ...]
) -> list[BestPair]:
    """Find the best pair of every site, as far as that takes no search.

    Parameters
    ----------
    search
        The layer; from :func:`part_ends` if the routes are to reach two different ends.
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
        if search.n_parted:
            self._sinks = np.array([search.complete.n_nodes - 1])
        self._is_sink = sink_mask(search.complete, self._sinks)
        graph, private = search.complete, search.private
        u, v = graph.edge_u[private], graph.edge_v[private]
        premises = np.where(graph.is_transit[u], v, u)
        self._shut = private[self._is_sink[premises]]
        self._own = [np.setdiff1d(search.own.row(place), self._shut) for place in sites]
        self._bound_m = distance_bounds(graph, self._is_sink, self._sources)
        self._networks: dict[bytes, Callable[[], SinglePoints]] = {}
        self._nearness: dict[bytes, Nearness] = {}
        # What stands at one of several centres is an end of some pairs only: see _pair.
        home = search.audit.network.elements.home
        self._end_homes = search.layer.home[search.reduced.node_of[self._sinks]]
        if search.n_parted:  # no end of both routes
            self._end_homes = self._end_homes[:0]
        several = self._end_homes if len(self._sinks) > 1 else self._end_homes[:0]
        self._at_ends = frozenset(np.flatnonzero(np.isin(home, several[several >= 0])).tolist())

    def find(self) -> list[BestPair]:
        """Run one pass for all sites with the same own edges, or look around each if few have."""
        passes, few = [], list[int]()
        for rows in self._by_own(range(len(self._sources))):
            if len(rows) > _FEW:
                passes.append(self._run(rows))
            else:
                few += rows
        if few:
            passes.append(self._look_around(sorted(few)))
        found: dict[int, BestPair] = {}
        for done in passes:
            self._straighten(done)
            found.update(zip(done.rows, done.pairs, strict=True))
        if self._search.has_doubtful:
            doubts = Doubts(self._search, self._sinks, self._shut)
            for done in passes:
                known = Known(done.nodes, done.points, done.chains, done.cutting)
                own = [self._own[i] for i in done.rows]
                of_pass = doubts.find([found[i] for i in done.rows], known, own)
                for i, doubt in zip(done.rows, of_pass, strict=True):
                    found[i] = replace(found[i], doubt=doubt)
        return [pair for _, pair in sorted(found.items())]

    def _by_own(self, rows: range | list[int]) -> list[list[int]]:
        """Group sites by the edges that only they may use."""
        groups: dict[bytes, list[int]] = defaultdict(list)
        for i in rows:
            groups[self._own[i].tobytes()].append(i)
        return list(groups.values())

    def _find_points(self, own: Ints) -> SinglePoints:
        """Find the single points on the network of the sites with some own edges."""
        return find_single_points(self._search.with_own(own, self._shut), self._sinks)

    def _network_of(self, row: int) -> Callable[[], SinglePoints]:
        """Return what finds a site's single points: the same for sites with the same network."""
        own = self._own[row]
        return self._networks.setdefault(own.tobytes(), partial(self._find_points, own))

    def _asked(self, rows: list[int], closed: Sequence[Ints] = ()) -> OwnEdges:
        """Return some sites with what is open to them, maybe less some edges of each."""
        search = self._search
        is_open = search.is_usable.copy()
        is_open[self._shut] = False
        return OwnEdges(
            search.complete, self._is_sink, is_open, self._sources[rows],
            [self._own[i] for i in rows], self._bound_m, closed,
        )  # fmt: skip

    def _run(self, rows: list[int]) -> _Pass:
        """One pass for all nodes of the network that some sites have in common."""
        search, nodes = self._search, self._sources[rows]
        points = self._find_points(self._own[rows[0]])
        routes = find_disjoint_pairs(points.graph, self._sinks, points=points).find_routes(nodes)
        shared = may_cut(points.graph, search.risks, nodes, routes)
        cutting = cutting_risks(
            points.graph, self._sinks, search.risks, nodes, candidates=np.unique(shared.values)
        )
        near = NearPairs(routes, points.chains(nodes), points.is_connected[nodes])
        return self._judge(rows, self._asked(rows), near, shared, cutting)

    def _look_around(self, rows: list[int]) -> _Pass:
        """Look around each of some sites, each with what is open to it."""
        search, asked = self._search, self._asked(rows)
        near = find_own_pairs(asked)
        shared = may_cut(search.complete, search.risks, asked.sources, near.routes)
        groups = self._by_own(rows)
        if len(shared.values) <= _MANY_CLASSES * len(groups):
            cutting = find_own_cuts(asked, search.risks, shared)
        else:
            cuts: dict[int, _Numbers] = {}
            at = {row: k for k, row in enumerate(rows)}
            for some in groups:
                graph = self._find_points(self._own[some[0]]).graph
                candidates = np.unique(np.concatenate([shared[at[row]] for row in some]))
                nodes = self._sources[some]
                found = cutting_risks(
                    graph, self._sinks, search.risks, nodes, candidates=candidates
                )
                cuts.update((row, found[k]) for k, row in enumerate(some))
            cutting = rows_of([cuts[row] for row in rows])
        return self._judge(rows, asked, near, shared, cutting)

    def _judge(
        self, rows: list[int], asked: OwnEdges, near: NearPairs, shared: Rows, cutting: Rows
    ) -> _Pass:
        """Judge the pairs of some sites, after looking past what they share."""
        search, nodes = self._search, asked.sources
        chains = search.reduced.expand_points(nodes, near.points)
        homes = search.reduced.node_of[nodes]
        whole, is_tried = self._past_risks(asked, near, shared, cutting)
        judged, is_new = search.judge.judge(homes, whole, chains, cutting)
        names = self._names(homes, chains, cutting, is_new)
        done = _Pass(rows, nodes, near.is_connected, near.points, cutting, chains, names, [])
        done.pairs.extend(
            self._pair(done, k, (whole[2 * k], whole[2 * k + 1]), judged[k],
                       is_shortest=not is_tried[k])
            for k in range(len(rows))
        )  # fmt: skip
        return done

    def _past_risks(
        self, asked: OwnEdges, near: NearPairs, shared: Rows, cutting: Rows
    ) -> tuple[Rows, NDArray[np.bool_]]:
        """Return the pairs on the whole layer, and which of them look past a risk."""
        known = Beginnings(near.routes, near.points, cutting)
        tried, is_tried = try_apart(self._search, asked, known, shared)
        sources = np.repeat(asked.sources, 2)
        return self._search.reduced.expand_routes(sources, tried), is_tried

    def _pair(
        self, done: _Pass, k: int, routes: tuple[_Numbers, _Numbers], judged: PairJudgement,
        *, is_shortest: bool = True,
    ) -> BestPair:  # fmt: skip
        search, node = self._search, int(done.nodes[k])
        if self._is_sink[node]:  # the site is in the centre's building
            nothing = PairJudgement(Level.DIVERSE, (), ())
            return BestPair(is_connected=True, judgement=nothing)
        if not done.is_connected[k] or self._lacks_end(done.points[k]):
            return BestPair(is_connected=False)
        tolerated = set(judged.tolerated)
        is_best = not (judged.is_avoidable or judged.is_forgiven)
        # What stands at a centre is no fault of a pair that ends there, but of others: two routes
        # to one centre might share less than this pair, and the search cannot tell.
        is_sure = self._at_ends.isdisjoint(judged.shared)
        left = OpenPair(
            self._network_of(done.rows[k]), node, done.cutting[k], done.names[k], self._at_ends,
            is_least_shared=is_best and is_sure,
        )  # fmt: skip
        certain = frozenset[int]()
        if judged.shared:
            certain = certain_elements(search, done.chains[k].tolist(), self._at_ends)
        return BestPair(
            is_connected=True,
            routes=routes,
            judgement=judged,
            unavoidable=tuple(x for x in done.names[k] if x not in tolerated),
            is_proven=not judged.is_avoidable and is_sure,
            is_shortest=is_best and is_sure and is_shortest,
            certain=certain,
            open=None if is_best and is_shortest else left,
        )

    def _lacks_end(self, points: _Numbers) -> bool:
        """Whether only one of the ends that the routes should part between can be reached.

        Without passing the other, where that lies in premises.
        """
        search, graph = self._search, self._search.complete
        if not search.n_parted:
            return False
        first = graph.n_nodes + graph.n_edges - search.n_parted
        return bool(np.isin(points, search.premises).any() or (points >= first).any())

    def _straighten(self, done: _Pass) -> None:
        """Look for another way out where the pair shares what the tolerance could forgive.

        What no route avoids is met within the tolerance by the shortest way, but beyond it where
        a route comes round another way: without such detours, the pair shares less that counts.
        """
        bent: dict[int, Zone] = {}
        for k, pair in enumerate(done.pairs):
            shared = () if pair.judgement is None or pair.is_open else pair.judgement.shared
            if TOLERABLE[self._search.audit.kind[list(shared)]].any():
                home = int(self._search.reduced.node_of[done.nodes[k]])
                zone = self._near(done.rows[k]).around(home, done.chains[k].tolist())
                if not zone.elements.isdisjoint(shared):
                    bent[k] = zone
        for k, routes, judged in self._without_detours(done, bent):
            is_worse = judged is None or judged.is_avoidable
            if judged is None or is_worse or not bent[k].elements.isdisjoint(judged.shared):
                done.pairs[k] = _reopened(done.pairs[k])
            else:
                found = self._pair(done, k, routes, judged)
                done.pairs[k] = replace(found, is_shortest=False, open=None)

    def _without_detours(self, done: _Pass, bent: Mapping[int, Zone]) -> Iterator[_Straight]:
        """Look for pairs that touch what is near some sites within the tolerance only."""
        if not bent:
            return
        search, at = self._search, list(bent)
        closed = [
            self._near(done.rows[k]).out_of_the_way(zone, _shared(done.pairs[k]))
            for k, zone in bent.items()
        ]
        asked = self._asked([done.rows[k] for k in at], closed)
        near = find_own_pairs(asked)
        shared = may_cut(search.complete, search.risks, asked.sources, near.routes)
        chains, cutting = (rows_of([rows[k] for k in at]) for rows in (done.chains, done.cutting))
        whole, _ = self._past_risks(asked, near, shared, cutting)
        homes = search.reduced.node_of[asked.sources]
        judged, _ = search.judge.judge(homes, whole, chains, cutting)
        for n, k in enumerate(at):
            is_there = near.is_connected[n] and not self._lacks_end(near.points[n])
            yield k, (whole[2 * n], whole[2 * n + 1]), judged[n] if is_there else None

    def _near(self, row: int) -> Nearness:
        """Return what looks around a site: the same for sites with the same network."""
        own, search = self._own[row], self._search
        key = own.tobytes()
        if key not in self._nearness:
            is_open = search.is_usable.copy()
            is_open[own] = True
            is_open[self._shut] = False
            self._nearness[key] = Nearness(search, is_open)
        return self._nearness[key]

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
        own = self._search.layer.home[homes][owners]
        is_own = (at >= 0) & (np.isin(at, self._end_homes) | (at == own))
        named = csr_of_pairs(owners[~is_own], firsts[~is_own], len(homes))
        ptr, values = named.indptr.tolist(), named.indices.tolist()
        return [tuple(values[a:b]) for a, b in pairwise(ptr)]


def _shared(pair: BestPair) -> tuple[int, ...]:
    return () if pair.judgement is None else pair.judgement.shared


def _reopened(pair: BestPair) -> BestPair:
    """Return a pair that shares more than was proven of it."""
    left = None if pair.open is None else replace(pair.open, is_least_shared=False)
    return replace(pair, is_proven=False, is_shortest=False, open=left)
