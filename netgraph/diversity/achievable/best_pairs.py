"""The best pair of routes for the sites of many demands, on one layer.

Best is least shared, of those least shared within the entry tolerance, of those the shortest in
total. Every site gets its shortest pair that is node-disjoint but for its single points, or one
that looks past the risks which that pair shares; where the pair shares nothing else that could be
avoided, nothing better exists. The others are left open, to be searched one by one.
"""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import pairwise
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.achievable.best_pair import OpenPair
from netgraph.diversity.achievable.certain import certain_elements
from netgraph.diversity.achievable.demand_net import Ask, DemandNet, find_in_passes
from netgraph.diversity.achievable.demand_sites import DemandSites, Pass
from netgraph.diversity.achievable.detours import Straight, straighten
from netgraph.diversity.achievable.doubts import find_doubts
from netgraph.diversity.achievable.judgement import Singles
from netgraph.diversity.achievable.pair_columns import PairColumns, Pairs
from netgraph.diversity.search.graph import Rows
from netgraph.diversity.search.keys import rows_of_keys
from netgraph.diversity.search.near import NearPairs, find_own_pairs
from netgraph.diversity.search.risks import shared_risks
from netgraph.diversity.threads import in_threads
from netgraph.topology.csr import csr_of_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.demand_net import Passed
    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.search.near import OwnEdges
    from netgraph.diversity.search.single_points import SinglePoints
    from netgraph.topology.csr import Ints

    _Numbers = NDArray[np.int32]

#: With more sites than this in one demand, one pass over the network costs less than looking around
#: each.
_FEW = 80
#: Risk classes are tried one by one as long as all nodes, once for each, are no more than this: few
#: of them cut, and of the others most tries end after tens of nodes. A pass over all classes costs
#: less than more.
_MANY_STEPS = 20_000_000
#: Sites, and demands, that are looked at together: more fill the memory, fewer cost the calls.
_SITES, _DEMANDS = 600, 8
#: As many batches of all layers together as there are cores: each holds working space of its own.
_AT_WORK = BoundedSemaphore(max(1, os.cpu_count() or 1))


def find_best_pairs(
    search: LayerSearch, asked: Sequence[Ask], tell: Callable[[int], None] | None = None
) -> list[Pairs]:
    """Find the best pair of every site of some demands, as far as that takes no search.

    Parameters
    ----------
    search
        The layer; from :func:`part_ends` if the routes are to reach two different ends.
    asked
        The demands. One after the other on as many cores as there are.
    tell
        Called from time to time with how many more sites are settled.

    Returns
    -------
    list of Pairs
        Those of each demand, one a site, in order; exact, or `open`.
    """
    large = [k for k, ask in enumerate(asked) if len(ask.sites) > min(_FEW, _SITES)]

    def look_far(k: int) -> tuple[DemandNet, Passed]:
        with _AT_WORK:
            return _look_far(search, asked[k])

    found = in_threads(look_far, large)
    known = dict(zip(large, found, strict=True))

    def look(batch: list[_Stretch]) -> list[PairColumns]:
        with _AT_WORK:
            columns = _Batch(search, asked, batch, known).find()
        if tell is not None:
            tell(sum(len(one) - len(one.opened) for one in columns))
        return columns

    batches = _batches(asked)
    parts: dict[int, list[PairColumns]] = {}
    for batch, columns in zip(batches, in_threads(look, batches), strict=True):
        for stretch, one in zip(batch, columns, strict=True):
            parts.setdefault(stretch.demand, []).append(one)
    joined = (parts.get(k) or [PairColumns.of([])] for k in range(len(asked)))
    return [Pairs(some[0] if len(some) == 1 else PairColumns.joined(some)) for some in joined]


class _Stretch(NamedTuple):
    """Sites of a demand, by position."""

    demand: int
    first: int
    end: int


def _batches(asked: Sequence[Ask]) -> list[list[_Stretch]]:
    """Split the sites into batches: those of large demands, and of several small ones.

    What stands at one of several ends counts for one demand only: such a demand stays alone.
    """
    batches: list[list[_Stretch]] = []
    open_: list[_Stretch] = []
    for k, ask in enumerate(asked):
        n_parts = max(1, round(len(ask.sites) / _SITES))
        cuts = np.linspace(0, len(ask.sites), n_parts + 1).astype(int).tolist()
        stretches = [_Stretch(k, *some) for some in pairwise(cuts)]
        if n_parts > 1 or len(ask.b_ends) > 1:
            batches += [[stretch] for stretch in stretches]
            continue
        n_sites = sum(stretch.end - stretch.first for stretch in open_)
        if open_ and (n_sites + len(ask.sites) > _SITES or len(open_) == _DEMANDS):
            batches.append(open_)
            open_ = []
        open_ += stretches
    return [*batches, open_] if open_ else batches


def _look_far(search: LayerSearch, ask: Ask) -> tuple[DemandNet, Passed]:
    """Prepare a demand of many sites, and find what pairs can be found for all at once."""
    net = DemandNet(search, ask)
    _ = net.bound_m, net.points  # for all threads
    return net, find_in_passes(net, _FEW)


class _Batch:
    """Some sites of some demands at work."""

    def __init__(
        self, search: LayerSearch, asked: Sequence[Ask], batch: Sequence[_Stretch],
        known: dict[int, tuple[DemandNet, Passed]],
    ) -> None:  # fmt: skip
        self._search = search
        nets = [
            known[one.demand][0] if one.demand in known else DemandNet(search, asked[one.demand])
            for one in batch
        ]
        self._sites = DemandSites(nets, [slice(one.first, one.end) for one in batch])
        self._passed = [known[one.demand][1] if one.demand in known else None for one in batch]

    def find(self) -> list[PairColumns]:
        """Return the pairs of each stretch."""
        sites = self._sites
        done = self._look()
        pairs = self._straightened(done)
        if self._search.has_doubtful:
            pairs = replace(pairs, doubts=find_doubts(sites, pairs, done, _MANY_STEPS))
        if len(sites.nets) == 1:
            return [pairs]
        ends = np.searchsorted(sites.target, np.arange(len(sites.nets) + 1))
        return [pairs.some(*some) for some in pairwise(ends.tolist())]

    def _look(self) -> Pass:
        """Find the pairs of all sites, and judge them after looking past what they share."""
        search, sites = self._search, self._sites
        everybody = np.arange(len(sites))
        asked, nodes = sites.asked(everybody), sites.sources
        near = self._near(asked)
        shared = shared_risks(asked.graph, search.risks, nodes, near.routes)
        cutting = sites.cuts(asked, near.points, shared, _MANY_STEPS)
        chains = search.reduced.expand_points(nodes, near.points)
        homes = search.reduced.node_of[nodes]
        whole, is_tried = sites.past_risks(asked, near, shared, cutting)
        judged, is_new = search.judge.judge(homes, whole, chains, cutting)
        singles = self._singles(chains, cutting, is_new)
        done = Pass(nodes, near.is_connected, near.points, cutting, chains, singles)
        found = Straight(everybody, whole, judged)
        return replace(done, pairs=self._weighed(done, found, ~is_tried))

    def _near(self, asked: OwnEdges) -> NearPairs:
        """Return the pairs that passes found, and look around the other sites."""
        rows: list[Ints] = []
        parts: list[NearPairs] = []
        is_left = np.ones(len(self._sites), dtype=bool)
        for t, (passed, some) in enumerate(zip(self._passed, self._sites.stretches, strict=True)):
            if passed is not None:
                at = passed.at[some]
                here = np.flatnonzero(self._sites.target == t)[at >= 0]
                rows.append(here)
                parts.append(passed.near.take(at[at >= 0]))
                is_left[here] = False
        if not rows:
            return find_own_pairs(asked)
        rows.append(np.flatnonzero(is_left))
        parts.append(find_own_pairs(asked.take(rows[-1])))
        return NearPairs.joined(parts).take(np.argsort(np.concatenate(rows)))

    def _weighed(self, done: Pass, found: Straight, is_shortest: NDArray[np.bool_]) -> PairColumns:
        """Say what some pairs are worth, and what is left to be searched."""
        search, at, judged = self._search, found.at, found.judged
        is_home = self._sites.is_sink[at]  # the site is in the centre's building
        has_pair = done.is_connected[at] & ~self._sites.lack_end(done.points.take(at)) & ~is_home
        judged = judged.where(has_pair)
        is_best = ~(judged.is_avoidable | judged.is_forgiven)
        # What stands at a centre is no fault of a pair that ends there, but of others: two routes
        # to one centre might share less than this pair, and the search cannot tell.
        is_at_end = np.isin(judged.shared.values, list(self._sites.at_ends))
        is_sure = np.bincount(judged.shared.owners[is_at_end], minlength=len(at)) == 0
        is_sharing = np.flatnonzero(judged.shared.sizes)
        certain = certain_elements(search, done.chains.take(at[is_sharing]), self._sites.at_ends)
        is_left = np.flatnonzero(has_pair & ~(is_best & is_shortest))
        singles, is_least = done.singles.take(at), is_best & is_sure
        return PairColumns(
            has_pair | is_home,
            ~judged.is_avoidable & is_sure,
            is_best & is_sure & (is_shortest | ~has_pair),
            found.routes.only(np.repeat(has_pair, 2)),
            judged,
            search.judge.name_all(singles.where(has_pair), judged),
            rows_of_keys(is_sharing[certain.owners] << 32 | certain.values, len(at)),
            self._open(done, is_left, at[is_left], is_least[is_left]),
        )

    def _straightened(self, done: Pass) -> PairColumns:
        """Put better pairs in the place of those that come round a detour near the site."""
        found = straighten(self._sites, done)
        pairs = done.pairs
        for better in found.better:
            weighed = self._weighed(done, better, np.ones(len(better.at), dtype=bool))
            pairs = pairs.put(better.at, weighed)
        is_proven, is_shortest = pairs.is_proven.copy(), pairs.is_shortest.copy()
        is_proven[found.left] = False
        changed = np.concatenate([*(better.at for better in found.better), found.dear, found.left])
        is_shortest[changed] = False
        opened = dict(pairs.opened)
        for k in changed.tolist():
            opened.pop(k, None)
        again = np.concatenate([found.dear, found.left])
        again = again[~is_proven[again]]
        opened |= self._open(done, again, again, np.zeros(len(again), dtype=bool))
        return replace(pairs, is_proven=is_proven, is_shortest=is_shortest, opened=opened)

    def _open(
        self, done: Pass, keys: Ints, at: Ints, is_least_shared: NDArray[np.bool_]
    ) -> dict[int, OpenPair]:
        """Return, under some keys, what a search needs to know of some sites."""
        sites = self._sites
        of_network: dict[int, Callable[[], SinglePoints]] = {}
        found = {}
        numbers, nodes = sites.networks[at].tolist(), done.nodes[at].tolist()
        for key, k, number, node, is_least in zip(
            keys.tolist(), at.tolist(), numbers, nodes, is_least_shared.tolist(), strict=True
        ):
            find_points = of_network.get(number)
            if find_points is None:
                net = sites.nets[sites.target[k]]
                of_network[number] = find_points = net.find_points_with(sites.own[k])
            cutting = done.cutting[k].copy()  # the searches keep it, and nothing else
            found[key] = OpenPair(
                find_points, node, cutting, done.singles.of(k), sites.at_ends, is_least
            )
        return found

    def _singles(self, chains: Rows, cutting: Rows, is_new: NDArray[np.bool_]) -> Singles:
        """Give the single points of each source, less what stands in one's own buildings."""
        judge, home = self._search.judge, self._search.audit.network.elements.home
        owners = np.concatenate([chains.owners, cutting.owners[is_new]])
        classes = cutting.values[is_new]
        firsts = np.concatenate([
            judge.points.indices[judge.points.indptr[chains.values]],
            judge.members.indices[judge.members.indptr[classes]],
        ])  # fmt: skip
        keys = np.concatenate([chains.values, ~classes])
        at = np.append(home, -1)[np.minimum(firsts, len(home))]  # a risk group stands nowhere
        is_own = self._sites.is_home(owners, at)
        named, at_row = (
            csr_of_pairs(owners[~is_own], x[~is_own], len(self._sites)) for x in (firsts, keys)
        )
        return Singles(*(
            Rows(table.indptr, table.indices.astype(np.int32)) for table in (named, at_row)
        ))  # fmt: skip
