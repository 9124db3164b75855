"""The best pair of routes for many sites with the same B ends, on one layer.

Best is least shared, of those least shared within the entry tolerance, of those the shortest in
total. Every site gets its shortest pair that is node-disjoint but for its single points, or one
that looks past the risks which that pair shares; where the pair shares nothing else that could be
avoided, nothing better exists. The others are left open, to be searched one by one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.best_pair import OpenPair
from netgraph.diversity.achievable.certain import certain_elements
from netgraph.diversity.achievable.demand_sites import DemandSites, Pass
from netgraph.diversity.achievable.detours import Straight, straighten
from netgraph.diversity.achievable.doubts import Doubts, Known
from netgraph.diversity.achievable.judgement import Singles
from netgraph.diversity.achievable.pair_columns import PairColumns, Pairs
from netgraph.diversity.search.disjoint_pairs import find_disjoint_pairs
from netgraph.diversity.search.graph import Rows, joined_rows
from netgraph.diversity.search.keys import distinct, rows_of_keys
from netgraph.diversity.search.near import NearPairs, find_own_cuts
from netgraph.diversity.search.risks import cutting_risks, may_cut
from netgraph.topology.csr import csr_of_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.search.near import OwnEdges
    from netgraph.topology.csr import Ints

    _Numbers = NDArray[np.int32]

#: With more sources than this in one network, one pass for all nodes costs less than looking around
#: each.
_FEW = 40
#: So many risk classes are tried one by one as cost as much as one pass over all of them.
_MANY_CLASSES = 150


def find_best_pairs(search: LayerSearch, b_ends: tuple[int, ...], sites: tuple[int, ...]) -> Pairs:
    """Find the best pair of every site, as far as that takes no search.

    Parameters
    ----------
    search
        The layer; from :func:`part_ends` if the routes are to reach two different ends.
    b_ends, sites
        Places.

    Returns
    -------
    Pairs
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

    def find(self) -> Pairs:
        """Run one pass for all sites with the same own edges, or look around each if few have."""
        groups = self._sites.by_own(np.arange(len(self._sites.sources)))
        passes = [self._run(rows) for rows in groups if len(rows) > _FEW]
        few = [rows for rows in groups if len(rows) <= _FEW]
        if few:
            passes.append(self._look_around(np.sort(np.concatenate(few))))
        found = [self._straightened(done) for done in passes]
        if self._search.has_doubtful:
            doubts = Doubts(self._search, self._sites.sinks, self._sites.shut)
            for k, done in enumerate(passes):
                known = Known(done.nodes, done.points, done.chains, done.cutting)
                of_pass = doubts.find(found[k], known, self._sites.own.take(done.rows))
                found[k] = replace(found[k], doubts=of_pass)
        if len(found) == 1:  # of all sites, in their order
            return Pairs(found[0])
        order = np.argsort(np.concatenate([done.rows for done in passes]))
        return Pairs(PairColumns.joined(found).take(order))

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
            candidates=distinct(shared.values),
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
        done = Pass(rows, nodes, near.is_connected, near.points, cutting, chains, singles)
        found = Straight(np.arange(len(rows)), whole, judged)
        return replace(done, pairs=self._weighed(done, found, ~is_tried))

    def _weighed(self, done: Pass, found: Straight, is_shortest: NDArray[np.bool_]) -> PairColumns:
        """Say what some pairs are worth, and what is left to be searched."""
        search, at, judged = self._search, found.at, found.judged
        is_home = self._sites.is_sink[done.nodes[at]]  # the site is in the centre's building
        has_pair = done.is_connected[at] & ~self._sites.lack_end(done.points.take(at)) & ~is_home
        judged = judged.where(has_pair)
        is_best = ~(judged.is_avoidable | judged.is_forgiven)
        # What stands at a centre is no fault of a pair that ends there, but of others: two routes
        # to one centre might share less than this pair, and the search cannot tell.
        is_at_end = np.isin(judged.shared.values, list(self._sites.at_ends))
        is_sure = np.bincount(judged.shared.owners[is_at_end], minlength=len(at)) == 0
        is_sharing = np.flatnonzero(judged.shared.sizes)
        certain = certain_elements(search, done.chains.take(at[is_sharing]), self._sites.at_ends)
        is_left = has_pair & ~(is_best & is_shortest)
        singles = done.singles.take(at)
        return PairColumns(
            has_pair | is_home,
            ~judged.is_avoidable & is_sure,
            is_best & is_sure & (is_shortest | ~has_pair),
            found.routes.where(np.repeat(np.repeat(has_pair, 2), found.routes.sizes)),
            judged,
            search.judge.name_all(singles.where(has_pair), judged),
            rows_of_keys(is_sharing[certain.owners] << 32 | certain.values, len(at)),
            {
                k: replace(
                    self._open(done, int(at[k])), is_least_shared=bool((is_best & is_sure)[k])
                )
                for k in np.flatnonzero(is_left).tolist()
            },
        )

    def _straightened(self, done: Pass) -> PairColumns:
        """Put better pairs in the place of those that come round a detour near the site."""
        found = straighten(self._sites, done)
        pairs = done.pairs
        for better in found.better:
            weighed = self._weighed(done, better, np.ones(len(better.at), dtype=bool))
            pairs = pairs.put(better.at, weighed)
        is_proven, is_shortest = pairs.is_proven.copy(), pairs.is_shortest.copy()
        opened = dict(pairs.opened)
        is_proven[found.left] = False
        for k in (
            *(k for better in found.better for k in better.at.tolist()),
            *found.dear,
            *found.left,
        ):
            is_shortest[k] = False
            opened.pop(k, None)
        for k in (*found.dear, *found.left):
            if not is_proven[k]:
                opened[k] = self._open(done, k)
        return replace(pairs, is_proven=is_proven, is_shortest=is_shortest, opened=opened)

    def _open(self, done: Pass, k: int) -> OpenPair:
        """Return what a search needs to know of a site."""
        find_points, node = self._sites.network_of(int(done.rows[k])), int(done.nodes[k])
        cutting = done.cutting[k].copy()  # the searches keep it, and nothing else of the demand
        return OpenPair(find_points, node, cutting, done.singles.of(k), self._sites.at_ends)

    def _singles(
        self, homes: _Numbers, chains: Rows, cutting: Rows, is_new: NDArray[np.bool_]
    ) -> Singles:
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
        return Singles(*(
            Rows(table.indptr, table.indices.astype(np.int32)) for table in (named, at_row)
        ))  # fmt: skip
