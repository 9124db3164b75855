"""The best pair of routes for many sites with the same B ends, on one layer.

Best is least shared, of those least shared within the entry tolerance, of those the shortest in
total. One pass gives every site its shortest pair that is node-disjoint but for its single points;
where that pair also shares nothing else that could be avoided, nothing better exists. The others
are left open, to be searched one by one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.best_pair import BestPair, Doubt, OpenPair
from netgraph.diversity.achievable.certain import certain_elements
from netgraph.diversity.achievable.first_tries import try_apart
from netgraph.diversity.achievable.judgement import PairJudgement
from netgraph.diversity.achievable.nearness import Nearness
from netgraph.diversity.levels import Level
from netgraph.diversity.search.disjoint_pairs import (
    distance_bounds,
    find_disjoint_pairs,
    find_pairs_near,
)
from netgraph.diversity.search.graph import rows_of, sink_mask
from netgraph.diversity.search.pairs_apart import Beginnings
from netgraph.diversity.search.risks import cutting_risks, may_cut
from netgraph.diversity.search.single_points import find_single_points
from netgraph.diversity.verdict_kinds import TOLERABLE
from netgraph.topology.csr import csr_of_pairs, gather

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.search.graph import ArrayGraph, Routes, Rows
    from netgraph.diversity.search.single_points import SinglePoints
    from netgraph.topology.csr import Ints

    _Numbers = NDArray[np.int32]

#: With more sources than this, one pass for all nodes costs less than looking around each.
_FEW = 40


@dataclass(frozen=True, eq=False)
class _Pass:
    """What one pass found for some sites of a demand on one network."""

    rows: list[int]  # the sites, by position in the demand
    nodes: _Numbers
    find_points: Callable[[], SinglePoints]
    points: SinglePoints
    cutting: Rows
    chains: Rows
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
        self._own = [search.own.row(place) for place in sites]
        graph, private = search.complete, search.private
        u, v = graph.edge_u[private], graph.edge_v[private]
        premises = np.where(graph.is_transit[u], v, u)
        self._shut = private[self._is_sink[premises]]
        self._bound_m: NDArray[np.float64] | None = None
        # What stands at one of several centres is an end of some pairs only: see _pair.
        home = search.audit.network.elements.home
        self._end_homes = search.layer.home[search.reduced.node_of[self._sinks]]
        if search.n_parted:  # no end of both routes
            self._end_homes = self._end_homes[:0]
        several = self._end_homes if len(self._sinks) > 1 else self._end_homes[:0]
        self._at_ends = frozenset(np.flatnonzero(np.isin(home, several[several >= 0])).tolist())

    def find(self) -> list[BestPair]:
        """Run one pass for all sites without own edges, one for each set of own edges."""
        search, found = self._search, dict[int, BestPair]()
        passes = [
            self._run(partial(self._find_points, own), rows)
            for own, rows in self._by_own(list(range(len(self._sources))))
        ]
        for done in passes:
            self._straighten(done)
            found.update(zip(done.rows, done.pairs, strict=True))
        if search.has_doubtful:
            for done in passes:
                self._doubt(done, found)
        self._bound_m = None  # what is left open remembers this demand
        return [pair for _, pair in sorted(found.items())]

    def _find_points(self, own: Ints) -> SinglePoints:
        """Find the single points on the network of the sites with some own edges."""
        graph = self._search.with_own(own, self._shut)
        return find_single_points(graph, self._sinks)

    def _open(self, graph: ArrayGraph) -> ArrayGraph:
        """Return a network without the edges that only the places at the sink may use."""
        return graph.without(edges=self._shut) if len(self._shut) else graph

    def _by_own(self, rows: list[int]) -> list[tuple[Ints, list[int]]]:
        """Group sites by the edges that only they may use."""
        groups: dict[bytes, list[int]] = defaultdict(list)
        for i in rows:
            groups[self._own[i].tobytes()].append(i)
        return [(self._own[group[0]], group) for group in groups.values()]

    def _run(self, find_points: Callable[[], SinglePoints], rows: list[int]) -> _Pass:
        """One pass for all sources with the same network."""
        search, nodes = self._search, self._sources[rows]
        points = find_points()
        graph = points.graph
        routes = self._routes(points, nodes)
        shared = may_cut(graph, search.risks, nodes, routes)
        candidates = np.unique(shared.values)
        cutting = cutting_risks(graph, self._sinks, search.risks, nodes, candidates=candidates)
        known = Beginnings(nodes, routes, points.chains(nodes), cutting)
        chains = search.reduced.expand_points(nodes, known.points)
        tried, is_tried = try_apart(search, graph, points.is_sink, self._bounds(), known, shared)
        homes = search.reduced.node_of[nodes]
        whole = search.reduced.expand_routes(np.repeat(nodes, 2), tried)
        judged, is_new = search.judge.judge(homes, whole, chains, cutting)
        names = self._names(homes, chains, cutting, is_new)
        done = _Pass(rows, nodes, find_points, points, cutting, chains, names, [])
        done.pairs.extend(
            self._pair(done, k, (whole[2 * k], whole[2 * k + 1]), judged[k],
                       is_shortest=not is_tried[k])
            for k in range(len(rows))
        )  # fmt: skip
        return done

    def _bounds(self) -> NDArray[np.float64]:
        """Return lower bounds on the distance to the sinks, for every pass of the demand."""
        if self._bound_m is None:
            self._bound_m = distance_bounds(self._search.complete, self._is_sink, self._sources)
        return self._bound_m

    def _routes(self, points: SinglePoints, nodes: _Numbers) -> Routes:
        if len(nodes) > _FEW:
            return find_disjoint_pairs(points.graph, self._sinks, points=points).find_routes(nodes)
        return find_pairs_near(points, nodes, bound_m=self._bounds())

    def _pair(
        self, done: _Pass, k: int, routes: tuple[_Numbers, _Numbers], judged: PairJudgement,
        *, is_shortest: bool = True,
    ) -> BestPair:  # fmt: skip
        search, points, node = self._search, done.points, int(done.nodes[k])
        if points.is_sink[node]:  # the site is in the centre's building
            nothing = PairJudgement(Level.DIVERSE, (), ())
            return BestPair(is_connected=True, judgement=nothing)
        if not points.is_connected[node] or self._lacks_end(points, node):
            return BestPair(is_connected=False)
        tolerated = set(judged.tolerated)
        is_best = not (judged.is_avoidable or judged.is_forgiven)
        # What stands at a centre is no fault of a pair that ends there, but of others: two routes
        # to one centre might share less than this pair, and the search cannot tell.
        is_sure = self._at_ends.isdisjoint(judged.shared)
        left = OpenPair(
            done.find_points, node, done.cutting[k], done.names[k], self._at_ends,
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

    def _lacks_end(self, points: SinglePoints, node: int) -> bool:
        """Whether only one of the ends that the routes should part between can be reached.

        Without passing the other, where that lies in premises.
        """
        search, first = self._search, points.graph.n_edges - self._search.n_parted
        if not search.n_parted:
            return False
        is_behind = np.isin(points.cutting_nodes(node), search.premises).any()
        return bool(is_behind or (points.cutting_edges(node) >= first).any())

    def _straighten(self, done: _Pass) -> None:
        """Look for another way out where the pair shares what the tolerance could forgive.

        What no route avoids is met within the tolerance by the shortest way, but beyond it where
        a route comes round another way: without such detours, the pair shares less that counts.
        """
        search, nearness = self._search, Nearness(self._search, done.points.graph)
        for k, pair in enumerate(done.pairs):
            shared = () if pair.judgement is None or pair.is_open else pair.judgement.shared
            if not TOLERABLE[search.audit.kind[list(shared)]].any():
                continue
            home = search.reduced.node_of[done.nodes[[k]]]
            zone = nearness.around(int(home[0]), done.chains[k].tolist())
            if zone.elements.isdisjoint(shared):
                continue
            closed = nearness.out_of_the_way(zone, shared)
            network = done.points.graph.without(edges=closed)
            find_points = partial(find_single_points, network, self._sinks)
            (other,) = self._run(find_points, [done.rows[k]]).pairs
            chains, cutting = rows_of([done.chains[k]]), rows_of([done.cutting[k]])
            (judged,), _ = search.judge.judge(home, rows_of(other.routes), chains, cutting)
            is_worse = not other.is_connected or judged.is_avoidable
            if is_worse or not zone.elements.isdisjoint(judged.shared):
                done.pairs[k] = _reopened(pair)
            else:
                found = self._pair(done, k, other.routes, judged)
                done.pairs[k] = replace(found, is_shortest=False, open=None)

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

    def _doubt(self, done: _Pass, found: dict[int, BestPair]) -> None:
        """Mark the sites of a pass that plant with missing records could serve better."""
        at = [k for k, i in enumerate(done.rows) if not _is_diverse(found[i])]
        linked = [k for k in at if found[done.rows[k]].is_connected]
        same = self._keep_points(done, linked, self._open(self._search.complete))
        is_same = dict(zip(linked, same, strict=True))
        for k in at:
            doubt = Doubt() if is_same.get(k) else Doubt(is_connecting=k not in is_same)
            found[done.rows[k]] = replace(found[done.rows[k]], doubt=doubt)
        moved = [k for k in linked if not is_same[k]]
        if not moved:
            return
        own = self._own[done.rows[0]]
        graph = self._search.with_own(own, self._shut, is_doubtful=True)
        points, cutting = self._fewer_points(done, moved, graph)
        nodes = done.nodes[moved]
        chains = self._search.reduced.expand_points(nodes, points.chains(nodes))
        for n, k in enumerate(moved):
            was = self._implied(done.chains[k], done.cutting[k])
            now = self._implied(chains[n], cutting[n])
            doubt = Doubt(is_avoiding=not was <= now, implied=now)
            found[done.rows[k]] = replace(found[done.rows[k]], doubt=doubt)

    def _implied(self, chain: _Numbers, cutting: _Numbers) -> frozenset[int]:
        """Everything that goes with a site's single points."""
        judge = self._search.judge
        points, _ = gather(judge.points, chain.astype(np.int64))
        members, _ = gather(judge.members, cutting.astype(np.int64))
        return frozenset(points.tolist()) | frozenset(members.tolist())


def _reopened(pair: BestPair) -> BestPair:
    """Return a pair that shares more than was proven of it."""
    left = None if pair.open is None else replace(pair.open, is_least_shared=False)
    return replace(pair, is_proven=False, is_shortest=False, open=left)


def _is_diverse(pair: BestPair) -> bool:
    return pair.judgement is not None and pair.judgement.level is Level.DIVERSE
