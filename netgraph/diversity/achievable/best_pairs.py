"""The best pair of routes for many sites with the same B ends, on one layer.

Best is least shared, of those least shared within the entry tolerance, of those the shortest in
total. Every site gets its shortest pair that is node-disjoint but for its single points, or one
that looks past the risks which that pair shares; where the pair shares nothing else that could be
avoided, nothing better exists. The others are left open, to be searched one by one.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.best_pair import BestPair, OpenPair
from netgraph.diversity.achievable.certain import certain_elements
from netgraph.diversity.achievable.demand_sites import DemandSites, Pass
from netgraph.diversity.achievable.detours import straighten
from netgraph.diversity.achievable.doubts import Doubts, Known
from netgraph.diversity.achievable.judgement import PairJudgement, Unavoidable
from netgraph.diversity.levels import Level
from netgraph.diversity.search.disjoint_pairs import find_disjoint_pairs
from netgraph.diversity.search.graph import joined_rows
from netgraph.diversity.search.keys import distinct
from netgraph.diversity.search.near import NearPairs, find_own_cuts
from netgraph.diversity.search.risks import cutting_risks, may_cut
from netgraph.topology.csr import csr_of_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.search.graph import Rows
    from netgraph.diversity.search.near import OwnEdges
    from netgraph.topology.csr import Ints

    _Numbers = NDArray[np.int32]

#: With more sources than this in one network, one pass for all nodes costs less than looking around
#: each.
_FEW = 40
#: So many risk classes are tried one by one as cost as much as one pass over all of them.
_MANY_CLASSES = 150


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
        self._sites = DemandSites(search, b_ends, sites)

    def find(self) -> list[BestPair]:
        """Run one pass for all sites with the same own edges, or look around each if few have."""
        groups = self._sites.by_own(np.arange(len(self._sites.sources)))
        passes = [self._run(rows) for rows in groups if len(rows) > _FEW]
        few = [rows for rows in groups if len(rows) <= _FEW]
        if few:
            passes.append(self._look_around(np.sort(np.concatenate(few))))
        found: dict[int, BestPair] = {}
        for done in passes:
            self._straighten(done)
            found.update(zip(done.rows.tolist(), done.pairs, strict=True))
        if self._search.has_doubtful:
            doubts = Doubts(self._search, self._sites.sinks, self._sites.shut)
            for done in passes:
                known = Known(done.nodes, done.points, done.chains, done.cutting)
                own = [self._sites.own[i] for i in done.rows]
                of_pass = doubts.find([found[i] for i in done.rows.tolist()], known, own)
                for i, doubt in zip(done.rows.tolist(), of_pass, strict=True):
                    found[i] = replace(found[i], doubt=doubt)
        return [pair for _, pair in sorted(found.items())]

    def _run(self, rows: Ints) -> Pass:
        """One pass for all nodes of the network that some sites have in common."""
        search, nodes = self._search, self._sites.sources[rows]
        points = self._sites.find_points(self._sites.own[int(rows[0])])
        routes = find_disjoint_pairs(points.graph, self._sites.sinks, points=points).find_routes(
            nodes
        )
        shared = may_cut(points.graph, search.risks, nodes, routes)
        cutting = cutting_risks(
            points.graph,
            self._sites.sinks,
            search.risks,
            nodes,
            candidates=np.unique(shared.values),
        )
        near = NearPairs(routes, points.chains(nodes), points.is_connected[nodes])
        return self._judge(rows, self._sites.asked(rows), near, shared, cutting)

    def _look_around(self, rows: Ints) -> Pass:
        """Look around each of some sites, each with what is open to it."""
        search, (asked, near, shared) = self._search, self._sites.look_around(rows)
        groups = self._sites.by_own(rows)
        if len(shared.values) <= _MANY_CLASSES * len(groups):
            cutting = find_own_cuts(asked, search.risks, shared)
        else:
            cuts = []
            for some in groups:
                graph = self._sites.network(self._sites.own[int(some[0])])
                candidates = distinct(shared.take(np.searchsorted(rows, some)).values)
                nodes = self._sites.sources[some]
                cuts.append(
                    cutting_risks(
                        graph, self._sites.sinks, search.risks, nodes, candidates=candidates
                    )
                )
            cutting = joined_rows(cuts).take(np.argsort(np.concatenate(groups)))
        return self._judge(rows, asked, near, shared, cutting)

    def _judge(
        self, rows: Ints, asked: OwnEdges, near: NearPairs, shared: Rows, cutting: Rows
    ) -> Pass:
        """Judge the pairs of some sites, after looking past what they share."""
        search, nodes = self._search, asked.sources
        chains = search.reduced.expand_points(nodes, near.points)
        homes = search.reduced.node_of[nodes]
        whole, is_tried = self._sites.past_risks(asked, near, shared, cutting)
        judged, is_new = search.judge.judge(homes, whole, chains, cutting)
        singles = self._singles(homes, chains, cutting, is_new)
        done = Pass(rows, nodes, near.is_connected, near.points, cutting, chains, singles, [])
        done.pairs.extend(
            self._pair(done, k, (whole[2 * k], whole[2 * k + 1]), judged[k],
                       is_shortest=not is_tried[k])
            for k in range(len(rows))
        )  # fmt: skip
        return done

    def _pair(
        self, done: Pass, k: int, routes: tuple[_Numbers, _Numbers], judged: PairJudgement,
        *, is_shortest: bool = True,
    ) -> BestPair:  # fmt: skip
        search, node = self._search, int(done.nodes[k])
        if self._sites.is_sink[node]:  # the site is in the centre's building
            nothing = PairJudgement(Level.DIVERSE, (), ())
            return BestPair(is_connected=True, judgement=nothing)
        if not done.is_connected[k] or self._sites.lacks_end(done.points[k]):
            return BestPair(is_connected=False)
        is_best = not (judged.is_avoidable or judged.is_forgiven)
        # What stands at a centre is no fault of a pair that ends there, but of others: two routes
        # to one centre might share less than this pair, and the search cannot tell.
        is_sure = self._sites.at_ends.isdisjoint(judged.shared)
        left = replace(self._open(done, k), is_least_shared=is_best and is_sure)
        certain = frozenset[int]()
        if judged.shared:
            certain = certain_elements(search, done.chains[k].tolist(), self._sites.at_ends)
        return BestPair(
            is_connected=True,
            routes=routes,
            judgement=judged,
            unavoidable=search.judge.name_unavoidable(done.singles[k], judged),
            is_proven=not judged.is_avoidable and is_sure,
            is_shortest=is_best and is_sure and is_shortest,
            certain=certain,
            open=None if is_best and is_shortest else left,
        )

    def _straighten(self, done: Pass) -> None:
        """Put better pairs in the place of those that come round a detour near the site."""
        found = straighten(self._sites, done)
        for k, (routes, judged) in found.better.items():
            better = self._pair(done, k, routes, judged)
            done.pairs[k] = replace(better, is_shortest=False, open=None)
        for k in found.dear | found.left:
            is_proven = k in found.dear and done.pairs[k].is_proven
            left = None if is_proven else self._open(done, k)
            done.pairs[k] = replace(
                done.pairs[k], is_proven=is_proven, is_shortest=False, open=left
            )

    def _open(self, done: Pass, k: int) -> OpenPair:
        """Return what a search needs to know of a site."""
        find_points, node = self._sites.network_of(int(done.rows[k])), int(done.nodes[k])
        return OpenPair(find_points, node, done.cutting[k], done.singles[k], self._sites.at_ends)

    def _singles(
        self, homes: _Numbers, chains: Rows, cutting: Rows, is_new: NDArray[np.bool_]
    ) -> list[Unavoidable]:
        """Give the single points of each source, less what stands in one's own buildings."""
        judge, home = self._search.judge, self._search.audit.network.elements.home
        owners = np.concatenate([
            np.repeat(np.arange(len(homes)), np.diff(chains.indptr)),
            np.repeat(np.arange(len(homes)), np.diff(cutting.indptr))[is_new],
        ])  # fmt: skip
        classes = cutting.values[is_new]
        firsts = np.concatenate([
            judge.points.indices[judge.points.indptr[chains.values]],
            judge.members.indices[judge.members.indptr[classes]],
        ])  # fmt: skip
        keys = np.concatenate([chains.values, ~classes])
        at = np.append(home, -1)[np.minimum(firsts, len(home))]  # a risk group stands nowhere
        own = self._search.layer.home[homes][owners]
        is_own = (at >= 0) & (np.isin(at, self._sites.end_homes) | (at == own))
        named, at_row = (
            csr_of_pairs(owners[~is_own], x[~is_own], len(homes)) for x in (firsts, keys)
        )
        values, rows = named.indices.tolist(), at_row.indices.tolist()
        return [
            Unavoidable(tuple(values[a:b]), tuple(rows[a:b]))
            for a, b in pairwise(named.indptr.tolist())
        ]
