"""Pairs that share something near their site which the entry tolerance could forgive.

What no route avoids is met within the tolerance by the shortest way, but beyond it where a route
comes round another way: without such detours, the pair shares less that counts, or something else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.achievable.cutting_classes import find_cutting
from netgraph.diversity.achievable.floors import Floors, Inevitable
from netgraph.diversity.search.folding import FoldedRoutes
from netgraph.diversity.search.graph import Rows, both_of, rows_of
from netgraph.diversity.search.keys import holds
from netgraph.diversity.search.near import find_own_cuts
from netgraph.diversity.verdict_kinds import TOLERABLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.achievable.demand_sites import DemandSites, Pass
    from netgraph.diversity.achievable.judgement import Judged
    from netgraph.diversity.achievable.nearness import Zones
    from netgraph.diversity.search.graph import ArrayGraph
    from netgraph.topology.csr import Ints

    _Numbers = NDArray[np.int32]


class Straight(NamedTuple):
    """Pairs of some sites: positions in a pass, two routes a site, and what they share."""

    at: Ints
    routes: FoldedRoutes
    judged: Judged

    def take(self, rows: Ints) -> Straight:
        """Return some of the pairs."""
        return Straight(self.at[rows], self.routes.take(both_of(rows)), self.judged.take(rows))


class Straightened(NamedTuple):
    """The sites whose pair shares something near that could be forgiven, by position in a pass.

    Attributes
    ----------
    better
        Pairs that are forgiven all of it, and share nothing else that could be avoided.
    dear
        Those of which no pair is forgiven any of it without sharing as much more.
    left
        Those of which neither is known.
    """

    better: list[Straight]
    dear: Ints
    left: Ints


def straighten(sites: DemandSites, done: Pass) -> Straightened:
    """Look for another way out of the sites whose pair comes round a detour.

    Exact as far as it goes: a pair for all sites at once that touches what is near within the
    tolerance only, and what all routes share that might do so. O(edges near the sites).
    """
    left = _find_bent(sites, done)
    if left is None:
        nobody = np.empty(0, dtype=np.int64)
        return Straightened([], nobody, nobody)
    better: list[Straight] = []
    for look in (_without_detours, _shortened):
        better.append(look(sites, done, left))
        left = left.less(better[-1].at)
    is_cheap = _cheap(sites, done, left)
    return Straightened(better, left.at[~is_cheap], left.at[is_cheap])


class _Bent(NamedTuple):
    """The sites whose pair shares something near: positions in the pass, and what is near."""

    at: Ints
    zones: Zones
    near: Rows  # what of it is shared, ascending

    def take(self, rows: Ints) -> _Bent:
        return _Bent(self.at[rows], self.zones.take(rows), self.near.take(rows))

    def less(self, others: Ints) -> _Bent:
        return self.take(np.flatnonzero(~np.isin(self.at, others)))


def _find_bent(sites: DemandSites, done: Pass) -> _Bent | None:
    """Return what is near the sites whose pair shares some of it; None if there are none."""
    shared = done.pairs.judged.shared
    is_tolerable = TOLERABLE[sites.search.audit.kind[shared.values]]
    is_asked = np.bincount(shared.owners[is_tolerable], minlength=len(shared)) > 0
    at = np.flatnonzero(is_asked & ~done.pairs.is_open)
    if not len(at):
        return None
    zones = sites.zones(at, done.chains.take(at))
    bent = _Bent(at, zones, zones.near(shared.take(at)))
    is_bent = np.flatnonzero(bent.near.sizes)
    return bent.take(is_bent) if len(is_bent) else None


def _without_detours(sites: DemandSites, done: Pass, bent: _Bent) -> Straight:
    """Return pairs that touch what is near within the tolerance only, and share nothing more."""
    search, known = sites.search, done.inevitable.take(bent.at)
    closed = sites.nearness.out_of_the_way(bent.zones, bent.near)
    asked, near, risks = sites.look_around(bent.at, closed)
    whole, _ = sites.past_risks(asked, near, risks, known.cutting)
    judged, _ = search.judge.judge(search.reduced.node_of[asked.sources], whole, *known)
    has_pair = near.is_connected & ~sites.lack_end(near.points)
    return Straight(bent.at, whole, judged).take(
        np.flatnonzero(has_pair & _is_better(judged, bent))
    )


def _is_better(judged: Judged, bent: _Bent) -> NDArray[np.bool_]:
    """Whether other pairs of bent sites share nothing near that counts, nor more elsewhere."""
    is_near = holds(bent.zones.elements.keys, judged.shared.keys)
    shares_near = np.bincount(judged.shared.owners[is_near], minlength=len(judged)) > 0
    return ~(judged.is_avoidable | shares_near)


def _shortened(sites: DemandSites, done: Pass, bent: _Bent) -> Straight:
    """Return pairs that go the same shortest way to the last point near that both pass anyway.

    Sharing that way is forgiven, other than coming to the point by two ways of which one is long.
    """
    search, graph = sites.search, sites.search.layer.graph
    chains = done.chains.take(bent.at)
    passed = chains.where(holds(np.sort(bent.zones.nodes.keys), chains.keys))
    some = np.flatnonzero(passed.sizes)
    routes: list[_Numbers] = []
    homes = search.reduced.node_of[done.nodes[bent.at[some]]]
    for n, home in zip(some.tolist(), homes.tolist(), strict=True):
        k, last = int(bent.at[n]), int(passed[n][-1])
        way = sites.nearness.shortest_way(bent.zones, n, last)
        both = done.pairs.routes[2 * k], done.pairs.routes[2 * k + 1]
        routes += [np.concatenate([way, _after(graph, home, route, last)]) for route in both]
    again, whole = bent.take(some), FoldedRoutes.plain(rows_of(routes))
    judged, _ = search.judge.judge(homes, whole, *done.inevitable.take(again.at))
    return Straight(again.at, whole, judged).take(np.flatnonzero(_is_better(judged, again)))


def _after(graph: ArrayGraph, node: int, route: _Numbers, point: int) -> _Numbers:
    """Return what a route from a node runs over after one of its nodes."""
    for k, edge in enumerate(route.tolist()):
        if node == point:
            return route[k:]
        node = int(graph.edge_u[edge]) + int(graph.edge_v[edge]) - node
    return route[len(route) :]


def _cheap(sites: DemandSites, done: Pass, bent: _Bent) -> NDArray[np.bool_]:
    """Return which sites may have a pair that is forgiven something near, and shares less for it.

    For each thing near a site that its pair shares beyond the tolerance: what all routes share
    that might touch it within.
    """
    is_cheap = np.zeros(len(bent.at), dtype=bool)
    if not len(bent.at):
        return is_cheap
    search, owners = sites.search, bent.near.owners
    each = Rows(np.arange(len(owners) + 1), bent.near.values)
    beyond = sites.nearness.beyond(bent.zones, owners, each)
    different = {(n, beyond[j].tobytes()): j for j, n in enumerate(owners.tolist())}
    chosen = np.sort(np.fromiter(different.values(), dtype=np.int64))
    at = owners[chosen]
    floors, known = Floors(search, sites.at_ends), done.inevitable.take(bent.at)
    due = floors.due(bent.near, known)[at]
    asked, found, tried = sites.look_around(bent.at[at], beyond.take(chosen))
    zones, known = bent.zones.elements.take(at), known.take(at)
    chains = search.reduced.expand_points(asked.sources, found.points)
    part = Inevitable(chains, tried.where(np.zeros(len(tried.values), dtype=bool)))
    has_pair = found.is_connected & ~sites.lack_end(found.points)
    # What cuts off costs the most to find: it is asked for where the single points do not settle.
    left = np.flatnonzero(has_pair & (floors.more(zones, known, part) < due))
    known, tried = known.take(left), tried.take(left)
    tried = tried.where(~holds(known.cutting.keys, tried.keys))
    cutting = find_cutting(
        search, found.points.take(left), tried,
        lambda few: find_own_cuts(asked.take(left), search.risks, few),
    )  # fmt: skip
    part = Inevitable(chains.take(left), cutting)
    more = floors.more(zones.take(left), known, part)
    is_cheap[at[left[more < due[left]]]] = True
    return is_cheap
