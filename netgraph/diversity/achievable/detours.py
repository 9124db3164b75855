"""Pairs that share something near their site which the entry tolerance could forgive.

What no route avoids is met within the tolerance by the shortest way, but beyond it where a route
comes round another way: without such detours, the pair shares less that counts, or something else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.achievable.floors import Floors, Inevitable
from netgraph.diversity.search.graph import Rows, rows_of
from netgraph.diversity.search.keys import holds
from netgraph.diversity.search.near import find_own_cuts
from netgraph.diversity.verdict_kinds import TOLERABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.best_pair import BestPair
    from netgraph.diversity.achievable.demand_sites import DemandSites, Pass
    from netgraph.diversity.achievable.judgement import PairJudgement
    from netgraph.diversity.achievable.nearness import Zones
    from netgraph.diversity.search.graph import ArrayGraph
    from netgraph.topology.csr import Ints

    _Numbers = NDArray[np.int32]
    _Straight = tuple[tuple[_Numbers, _Numbers], PairJudgement]


class Straightened(NamedTuple):
    """The sites whose pair shares something near that could be forgiven, by position in a pass.

    Attributes
    ----------
    better
        A pair that is forgiven all of it, and shares nothing else that could be avoided.
    dear
        Those of which no pair is forgiven any of it without sharing as much more.
    left
        Those of which neither is known.
    """

    better: Mapping[int, _Straight]
    dear: set[int]
    left: set[int]


def straighten(sites: DemandSites, done: Pass) -> Straightened:
    """Look for another way out of the sites whose pair comes round a detour.

    Exact as far as it goes: a pair for all sites at once that touches what is near within the
    tolerance only, and what all routes share that might do so. O(edges near the sites).
    """
    bent = _find_bent(sites, done)
    if bent is None:
        return Straightened({}, set(), set())
    better = _without_detours(sites, done, bent)
    better |= _shortened(sites, done, bent.less(better))
    dear = _dear(sites, done, bent.less(better))
    return Straightened(better, dear, set(bent.at.tolist()).difference(better, dear))


class _Bent(NamedTuple):
    """The sites whose pair shares something near: positions in the pass, and what is near."""

    at: Ints
    zones: Zones
    near: Rows  # what of it is shared, ascending

    def take(self, rows: Ints) -> _Bent:
        return _Bent(self.at[rows], self.zones.take(rows), self.near.take(rows))

    def less(self, others: Iterable[int]) -> _Bent:
        return self.take(np.flatnonzero(~np.isin(self.at, list(others))))


def _find_bent(sites: DemandSites, done: Pass) -> _Bent | None:
    """Return what is near the sites whose pair shares some of it."""
    pairs = [(k, _shared(pair)) for k, pair in enumerate(done.pairs) if not pair.is_open]
    shared = rows_of([elements for _, elements in pairs])
    is_tolerable = TOLERABLE[sites.search.audit.kind[shared.values]]
    some = np.flatnonzero(np.bincount(shared.owners[is_tolerable], minlength=len(pairs)))
    if not len(some):
        return None
    at = np.array([k for k, _ in pairs], dtype=np.int64)[some]
    homes = sites.search.reduced.node_of[done.nodes[at]]
    own = sites.own.take(np.array(done.rows, dtype=np.int64)[at])
    zones = sites.nearness.around(homes, own, done.chains.take(at))
    bent = _Bent(at, zones, zones.near(shared.take(some)))
    is_bent = np.flatnonzero(bent.near.sizes)
    return bent.take(is_bent) if len(is_bent) else None


def _without_detours(sites: DemandSites, done: Pass, bent: _Bent) -> dict[int, _Straight]:
    """Return pairs that touch what is near within the tolerance only, and share nothing more."""
    search, known = sites.search, done.inevitable.take(bent.at)
    closed = sites.nearness.out_of_the_way(bent.zones, bent.near)
    rows = np.array(done.rows, dtype=np.int64)[bent.at]
    asked, near, risks = sites.look_around(rows, closed)
    whole, _ = sites.past_risks(asked, near, risks, known.cutting)
    judged, _ = search.judge.judge(search.reduced.node_of[asked.sources], whole, *known)
    return {
        k: ((whole[2 * n], whole[2 * n + 1]), judged[n])
        for n, k in enumerate(bent.at.tolist())
        if near.is_connected[n] and not sites.lacks_end(near.points[n])
        if _is_better(judged[n], bent, n)
    }


def _is_better(judged: PairJudgement, bent: _Bent, n: int) -> bool:
    """Whether another pair of a bent site shares nothing near that counts, nor more elsewhere."""
    return not (judged.is_avoidable or np.isin(judged.shared, bent.zones.elements[n]).any())


def _shortened(sites: DemandSites, done: Pass, bent: _Bent) -> dict[int, _Straight]:
    """Return pairs that go the same shortest way to the last point near that both pass anyway.

    Sharing that way is forgiven, other than coming to the point by two ways of which one is long.
    """
    search = sites.search
    chains = done.chains.take(bent.at)
    is_near = holds(np.sort(bent.zones.nodes.keys), chains.keys)
    found: dict[int, tuple[_Numbers, _Numbers]] = {}
    passed = chains.where(is_near)
    for n in np.flatnonzero(passed.sizes).tolist():
        k, last = int(bent.at[n]), int(passed[n][-1])
        way, home = (
            sites.nearness.shortest_way(bent.zones, n, last),
            search.reduced.node_of[done.nodes[k]],
        )
        first, second = (
            np.concatenate([way, _after(search.layer.graph, int(home), route, last)])
            for route in done.pairs[k].routes
        )
        found[n] = first, second
    if not found:
        return {}
    some = bent.take(np.array(list(found)))
    whole = rows_of([route for pair in found.values() for route in pair])
    homes, known = search.reduced.node_of[done.nodes[some.at]], done.inevitable.take(some.at)
    judged, _ = search.judge.judge(homes, whole, *known)
    return {
        k: (pair, judged[n])
        for n, (k, pair) in enumerate(zip(some.at.tolist(), found.values(), strict=True))
        if _is_better(judged[n], some, n)
    }


def _after(graph: ArrayGraph, node: int, route: _Numbers, point: int) -> _Numbers:
    """Return what a route from a node runs over after one of its nodes."""
    for k, edge in enumerate(route.tolist()):
        if node == point:
            return route[k:]
        node = int(graph.edge_u[edge]) + int(graph.edge_v[edge]) - node
    return route[len(route) :]


def _dear(sites: DemandSites, done: Pass, bent: _Bent) -> set[int]:
    """Return the sites of which no pair is forgiven anything near without sharing as much more.

    For each thing near a site that its pair shares beyond the tolerance: what all routes share
    that might touch it within.
    """
    if not len(bent.at):
        return set()
    search, owners = sites.search, bent.near.owners
    each = Rows(np.arange(len(owners) + 1), bent.near.values)
    beyond = sites.nearness.beyond(bent.zones, owners, each)
    different = {(n, beyond[j].tobytes()): j for j, n in enumerate(owners.tolist())}
    chosen = np.sort(np.fromiter(different.values(), dtype=np.int64))
    at = owners[chosen]
    rows = np.array(done.rows, dtype=np.int64)[bent.at[at]]
    asked, found, candidates = sites.look_around(rows, beyond.take(chosen))
    part = Inevitable(
        search.reduced.expand_points(asked.sources, found.points),
        find_own_cuts(asked, search.risks, candidates),
    )
    floors, known = Floors(search, sites.at_ends), done.inevitable.take(bent.at)
    due = floors.due(bent.near, known)[at]
    more = floors.more(bent.zones.elements.take(at), known.take(at), part)
    is_cheap = found.is_connected & (more < due)
    cheap = {
        int(bent.at[at[j]])
        for j in np.flatnonzero(is_cheap).tolist()
        if not sites.lacks_end(found.points[j])
    }
    return set(bent.at.tolist()) - cheap


def _shared(pair: BestPair) -> tuple[int, ...]:
    return () if pair.judgement is None else pair.judgement.shared
