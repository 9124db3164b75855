"""What plant with missing records could change about the best pairs of some sites."""

from __future__ import annotations

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

    from netgraph.diversity.achievable.demand_sites import DemandSites, Pass
    from netgraph.diversity.achievable.judgement import Judge
    from netgraph.diversity.achievable.pair_columns import PairColumns
    from netgraph.topology.csr import Ints

    _Numbers = NDArray[np.int32]


_CONNECTING = Doubt(is_connecting=True)


def find_doubts(sites: DemandSites, pairs: PairColumns, done: Pass, most: int) -> dict[int, Doubt]:
    """Return what the doubtful plant could change, by site, of those for whom it could.

    Parameters
    ----------
    sites, pairs, done
        The sites, their pairs, and what is known of them.
    most
        As for :meth:`DemandSites.cuts`.
    """
    is_diverse = pairs.is_connected & (pairs.judged.rank == RANK[Level.DIVERSE])
    linked = np.flatnonzero(~is_diverse & pairs.is_connected)
    doubts = dict.fromkeys(linked.tolist(), Doubt())
    doubts |= dict.fromkeys(np.flatnonzero(~pairs.is_connected).tolist(), _CONNECTING)
    losing = _losing(sites, linked, done, most)
    for number in np.unique(sites.networks[losing]).tolist():
        some = losing[sites.networks[losing] == number]
        doubts.update(zip(some.tolist(), _without(sites, some, done), strict=True))
    return doubts


def _losing(sites: DemandSites, at: Ints, done: Pass, most: int) -> Ints:
    """Return the sites that might lose a single point if every edge were open."""
    is_same = done.points.sizes[at] == sites.n_cutting[at]
    some = at[is_same]
    if len(some):  # as many single points are the same ones
        known = done.cutting.take(some)
        cutting = sites.cuts_with_all(some, done.points.take(some), known, most)
        is_same[is_same] = known.sizes == cutting.sizes
    return at[~is_same]


def _without(sites: DemandSites, at: Ints, done: Pass) -> list[Doubt]:
    """Return what is left of the single points of sites with the same network."""
    search, net = sites.search, sites.nets[sites.target[at[0]]]
    graph = search.with_own(sites.own[int(at[0])], net.shut, is_doubtful=True)
    points, nodes = find_single_points(graph, net.sinks), done.nodes[at]
    cutting = cutting_risks(
        graph, net.sinks, search.risks, nodes, candidates=distinct(done.cutting.take(at).values)
    )
    chains = search.reduced.expand_points(nodes, points.chains(nodes))
    doubts = []
    for n, k in enumerate(at.tolist()):
        was = _implied(search.judge, done.chains[k], done.cutting[k])
        now = _implied(search.judge, chains[n], cutting[n])
        doubts.append(Doubt(is_avoiding=not was <= now, implied=now))
    return doubts


def _implied(judge: Judge, chain: _Numbers, cutting: _Numbers) -> frozenset[int]:
    """Everything that goes with a site's single points."""
    points, _ = gather(judge.points, chain.astype(np.int64))
    members, _ = gather(judge.members, cutting.astype(np.int64))
    return frozenset(points.tolist()) | frozenset(members.tolist())
