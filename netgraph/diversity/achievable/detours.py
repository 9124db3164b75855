"""Pairs that share something near their site which the entry tolerance could forgive.

What no route avoids is met within the tolerance by the shortest way, but beyond it where a route
comes round another way: without such detours, the pair shares less that counts, or something else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.achievable.floors import Floors, Inevitable
from netgraph.diversity.search.graph import rows_of
from netgraph.diversity.search.near import find_own_cuts
from netgraph.diversity.verdict_kinds import TOLERABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.best_pair import BestPair
    from netgraph.diversity.achievable.demand_sites import DemandSites, Pass
    from netgraph.diversity.achievable.judgement import PairJudgement
    from netgraph.diversity.achievable.nearness import Zone
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
    bent = _bent(sites, done)
    better: dict[int, _Straight] = {}
    dear: set[int] = set()
    if bent:
        better = _without_detours(sites, done, bent)
        better |= _shortened(sites, done, {k: z for k, z in bent.items() if k not in better})
        dear = _dear(sites, done, {k: zone for k, zone in bent.items() if k not in better})
    return Straightened(better, dear, set(bent).difference(better, dear))


def _bent(sites: DemandSites, done: Pass) -> dict[int, Zone]:
    """Return what is near the sites whose pair shares some of it."""
    bent: dict[int, Zone] = {}
    kind, node_of = sites.search.audit.kind, sites.search.reduced.node_of
    for k, pair in enumerate(done.pairs):
        shared = () if pair.is_open else _shared(pair)
        if TOLERABLE[kind[list(shared)]].any():
            home = int(node_of[done.nodes[k]])
            zone = sites.nearness(done.rows[k]).around(home, done.chains[k])
            if not zone.elements.isdisjoint(shared):
                bent[k] = zone
    return bent


def _without_detours(
    sites: DemandSites, done: Pass, bent: Mapping[int, Zone]
) -> dict[int, _Straight]:
    """Return pairs that touch what is near within the tolerance only, and share nothing more."""
    at, search = list(bent), sites.search
    closed = [
        sites.nearness(done.rows[k]).out_of_the_way(zone, _shared(done.pairs[k]))
        for k, zone in bent.items()
    ]
    asked, near, risks = sites.look_around([done.rows[k] for k in at], closed)
    chains, cutting = (rows_of([rows[k] for k in at]) for rows in (done.chains, done.cutting))
    whole, _ = sites.past_risks(asked, near, risks, cutting)
    judged, _ = search.judge.judge(search.reduced.node_of[asked.sources], whole, chains, cutting)
    return {
        k: ((whole[2 * n], whole[2 * n + 1]), judged[n])
        for n, k in enumerate(at)
        if near.is_connected[n] and not sites.lacks_end(near.points[n])
        if not judged[n].is_avoidable and bent[k].elements.isdisjoint(judged[n].shared)
    }


def _shortened(sites: DemandSites, done: Pass, bent: Mapping[int, Zone]) -> dict[int, _Straight]:
    """Return pairs that go the same shortest way to the last point near that both pass anyway.

    Sharing that way is forgiven, other than coming to the point by two ways of which one is long.
    """
    search = sites.search
    found: dict[int, tuple[_Numbers, _Numbers]] = {}
    for k, zone in bent.items():
        near = [point for point in done.chains[k].tolist() if point in zone.distance_m]
        if near:
            way = sites.nearness(done.rows[k]).shortest_way(zone, near[-1])
            home = int(search.reduced.node_of[done.nodes[k]])
            first, second = (
                np.concatenate([way, _after(search.layer.graph, home, route, near[-1])])
                for route in done.pairs[k].routes
            )
            found[k] = first, second
    if not found:
        return {}
    at, whole = list(found), rows_of([route for pair in found.values() for route in pair])
    chains, cutting = (rows_of([rows[k] for k in at]) for rows in (done.chains, done.cutting))
    homes = search.reduced.node_of[done.nodes[at]]
    judged, _ = search.judge.judge(homes, whole, chains, cutting)
    return {
        k: (found[k], judged[n])
        for n, k in enumerate(at)
        if not judged[n].is_avoidable and bent[k].elements.isdisjoint(judged[n].shared)
    }


def _after(graph: ArrayGraph, node: int, route: _Numbers, point: int) -> _Numbers:
    """Return what a route from a node runs over after one of its nodes."""
    for k, edge in enumerate(route.tolist()):
        if node == point:
            return route[k:]
        node = int(graph.edge_u[edge]) + int(graph.edge_v[edge]) - node
    return route[len(route) :]


def _dear(sites: DemandSites, done: Pass, bent: Mapping[int, Zone]) -> set[int]:
    """Return the sites of which no pair is forgiven anything near without sharing as much more.

    For each thing near a site that its pair shares beyond the tolerance: what all routes share
    that might touch it within.
    """
    at: list[int] = []
    closed: list[Ints] = []
    for k, zone in bent.items():
        near = sites.nearness(done.rows[k])
        beyond = [
            near.beyond(zone, [x]) for x in zone.elements.intersection(_shared(done.pairs[k]))
        ]
        different = {edges.tobytes(): edges for edges in beyond}
        at += [k] * len(different)
        closed += different.values()
    if not at:
        return set()
    search = sites.search
    asked, found, candidates = sites.look_around([done.rows[k] for k in at], closed)
    cuts = find_own_cuts(asked, search.risks, candidates)
    chains = search.reduced.expand_points(asked.sources, found.points)
    floors, cheap = Floors(search, sites.at_ends), set[int]()
    for n, k in enumerate(at):
        if found.is_connected[n] and not sites.lacks_end(found.points[n]):
            known = Inevitable(done.chains[k].tolist(), done.cutting[k].tolist())
            part = Inevitable(chains[n].tolist(), cuts[n].tolist())
            due = floors.due(bent[k], _shared(done.pairs[k]), known)
            if floors.more(bent[k], known, part) < due:
                cheap.add(k)
    return set(bent) - cheap


def _shared(pair: BestPair) -> tuple[int, ...]:
    return () if pair.judgement is None else pair.judgement.shared
