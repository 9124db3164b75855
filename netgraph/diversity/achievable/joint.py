"""Groups of circuits with three or more routes: as many of which all together share the least.

A protected circuit has two of them, and the group is down when all of its routes are. What only
some of the routes share takes none of the others down: three routes may survive every failure
although every two of them share something. Where two routes share nothing that could be avoided, no
further route makes it better, and nothing is searched.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.answers import Answering
from netgraph.diversity.achievable.apart import part_ends
from netgraph.diversity.achievable.best_pair import BestPair, Doubt
from netgraph.diversity.achievable.demand_net import Ask, DemandNet
from netgraph.diversity.achievable.demands import Demand, find_joint_demands, find_sites_of_more
from netgraph.diversity.achievable.judgement import NOTHING_SHARED, PairJudgement, Unavoidable
from netgraph.diversity.achievable.near_site import NearSite, Surroundings
from netgraph.diversity.achievable.parts import Part, cost_of, find_parts
from netgraph.diversity.achievable.proof import search_proof
from netgraph.diversity.achievable.short_spans import find_near
from netgraph.diversity.achievable.tolerance import Known, settle, settle_straight
from netgraph.diversity.compiled import search_clock
from netgraph.diversity.levels import PASSING, Level, worst
from netgraph.diversity.search.graph import route_nodes, rows_of
from netgraph.diversity.search.joint_routes import AskedRoutes, JointSearch
from netgraph.diversity.search.limits import Limits
from netgraph.diversity.search.near import OwnEdges, find_own_cuts, find_own_pairs
from netgraph.diversity.search.risks import shared_risks
from netgraph.diversity.verdict_kinds import LEVEL_OF_KIND

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.demands import JointDemand
    from netgraph.diversity.achievable.layer_answers import LayerAnswer, LayerAnswers
    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.achievable.near_site import PartOfNetwork
    from netgraph.diversity.audit.basis import AuditBasis
    from netgraph.diversity.search.graph import Rows
    from netgraph.diversity.search.joint_routes import JointRoutes
    from netgraph.diversity.search.least_sharing import SharingWeights

    _Numbers = NDArray[np.int32]

#: The part of the time for searches that is kept for such groups, where there are any: two routes
#: prove nothing against three.
KEPT = 0.2
_FOR_LENGTH = 10  # the part of a group's time that its length may take: one in so many
_NO_EDGES = rows_of([()])


def answer_joint(
    audit: AuditBasis, layer: SearchLayer, answers: LayerAnswers,
    prepare: Callable[[SearchLayer], LayerSearch], deadline: float,
) -> None:  # fmt: skip
    """Answer groups of three or more routes of which two share more than they have to.

    Exact when proven, as the pairs are; each has an equal share of the time that is left. Where two
    routes do as well as any could, they stay the answer.

    Parameters
    ----------
    answers
        Of the pairs; an answer that something else at the site asks for as well stays beside it.
    prepare
        Makes a layer ready to be searched; called where something is to be searched at all.
    deadline
        When the time is over (`compiled.search_clock`; infinite is never).
    """
    sites = [site for site in find_sites_of_more(audit) if site in answers]
    could_tolerate = _could_tolerate(audit, answers, sites)
    asking = {*answers.sites_that_share(sites), *could_tolerate}
    demands = find_joint_demands(audit, asking) if asking else []
    pairs = {demand: _of_pair(answers[demand.site], demand) for demand in demands}
    asked = [
        demand for demand, pair in pairs.items()
        if pair.could_share_less
        or (pair.is_disjoint_otherwise and demand.site in could_tolerate)
    ]  # fmt: skip
    # First those of which what is told of the pair would be wrong.
    asked.sort(key=lambda demand: pairs[demand].is_disjoint_otherwise is None)
    search, answering = prepare(layer) if asked else None, Answering(audit, layer)
    found: dict[JointDemand, LayerAnswer] = {}
    for n_left, demand in zip(range(len(asked), 0, -1), asked, strict=True):
        assert search is not None  # noqa: S101 -- there is something to search
        now, pair = search_clock(), pairs[demand]
        if now >= deadline and pair.is_disjoint_otherwise is None:
            break  # what is told of the pair holds, or is called unproven
        share = now + max(0.0, deadline - now) / n_left
        told = search_group(answering, search, demand, pair, share)
        found[demand] = replace(told, routes_to=demand.routes_to)
    for demand in [demand for demand in demands if demand in found]:
        of_site = answers[demand.site]
        position = next((k for k, one in enumerate(of_site) if _asks(one, demand)), None)
        if demand.replaces and position is not None:
            answers.put(demand.site, position, found[demand])
        else:
            answers.insert(demand.site, 0, found[demand])


def _could_tolerate(
    audit: AuditBasis, answers: LayerAnswers, sites: Sequence[int]
) -> frozenset[int]:
    """Find the sites of which a pair was searched, and shares something that may be near them.

    More routes could spare it: three that overlap two by two may all come to it by the shortest
    way, where of two that overlap nowhere one comes to it a long way round. Where no search was
    needed, what all routes share proves the pair, and holds for more of them.
    """
    near = find_near(audit, sites) if sites else rows_of([])
    return frozenset(answers.searched_sites_that_share(sites, near))


def _asks(answer: LayerAnswer, demand: JointDemand) -> bool:
    """Whether an answer is that of two routes to the ends of a group."""
    asked = answer.b_ends, answer.parted, answer.routes_to
    return asked == (demand.b_ends, demand.parted, ())


def _of_pair(answers: Sequence[LayerAnswer], demand: JointDemand) -> LayerAnswer:
    return next(answer for answer in answers if _asks(answer, demand))


def search_group(
    answering: Answering, search: LayerSearch, demand: JointDemand, pair: LayerAnswer,
    deadline: float,
) -> LayerAnswer:  # fmt: skip
    """Search the routes of one group, part by part; what is known of it stays where that fails."""
    asked = Demand(demand.b_ends, demand.parted, (demand.site,))
    parts = _of_all_ends(search, asked, [part for part in find_parts(search, asked) if part.sites])
    found = []
    for left, part in zip(range(len(parts), 0, -1), parts, strict=True):
        now = search_clock()
        share = now + max(0.0, deadline - now) / left
        found.append((part, _of_part(part, demand, share)))
    answer = answering.answer(asked, demand.site, found)
    is_proven = answer.level in PASSING or all(best.is_proven for _, best in found)
    if is_proven or len(answer.shared) <= len(pair.shared):
        return answer
    # What is proven of two routes bounds more of them only where no route avoids it.
    return replace(pair, level=answer.level, is_disjoint_otherwise=None, is_shortest=False)


def _of_all_ends(search: LayerSearch, asked: Demand, parts: list[Part]) -> list[Part]:
    """Put one part in the place of those that take the ends two by two: routes to any of them."""
    twos = [part for part in parts if part.search.n_parted]
    if len(twos) < 2:
        return parts
    (site,) = asked.sites
    best = min(twos, key=lambda part: cost_of(part.search, site, part.pairs[0])).pairs
    is_doubtful = any(part.pairs[0].doubt is not None for part in twos)
    best[0] = replace(  # of two ends: to all of them there may be better ones
        best[0], is_proven=False, certain=frozenset(),
        doubt=Doubt(is_avoiding=True) if is_doubtful else None,
    )  # fmt: skip
    whole = Part(part_ends(search, asked.b_ends), asked.b_ends, asked.sites, best)
    return [*(part for part in parts if not part.search.n_parted), whole]


def _of_part(part: Part, demand: JointDemand, deadline: float) -> BestPair:
    """Find the routes of a part, or leave its pair as it is where that is as good."""
    pair = part.pairs[0]
    if pair.judgement is None or (pair.is_proven and not pair.judgement.is_avoidable):
        return pair
    group = _Group(part, demand)
    found = group.find(Limits(deadline))
    if found is None:  # not one for each circuit: records must be missing
        return BestPair(is_connected=False)
    if not found.routes:
        return replace(pair, is_proven=False, is_shortest=False, open=None)
    search, judged = found.found, found.judged
    is_proven = (search.is_proven and group.at_ends.isdisjoint(judged.shared)) or not judged.shared
    proof = search_proof(search.weight, search.lower_bound, None, part.search.objective)
    if not is_proven and len(judged.shared) > len(pair.judgement.shared):
        return replace(pair, is_proven=False, is_shortest=False, search=proof, open=None)
    return replace(
        pair, routes=found.routes, judgement=judged, is_proven=is_proven,
        is_shortest=is_proven and search.is_shortest, search=proof, open=None,
        unavoidable=part.search.judge.name_unavoidable(group.singles(found), judged),
    )  # fmt: skip


def _closed_ends(part: Part, demand: JointDemand) -> list[_Numbers]:
    """Return the edges to ends that each route may not take; none if all may go to one end."""
    search, graph = part.search, part.search.complete
    ends = np.arange(graph.n_edges - search.n_parted, graph.n_edges)
    return [
        ends[~np.isin(graph.edge_u[ends], search.nodes(b_ends))].astype(np.int32)
        for b_ends in demand.routes_to
    ]


class _Group:
    """The routes of one site to the ends of one part: its network, what cuts it off, what is near.

    Attributes
    ----------
    at_ends
        Elements that stand at one of several ends.
    """

    def __init__(self, part: Part, demand: JointDemand) -> None:
        self._search = search = part.search
        self._closed = _closed_ends(part, demand)
        self._net = net = DemandNet(search, Ask(part.b_ends, (demand.site,)))
        self.at_ends = net.at_ends
        self._points = net.find_points_with(net.own[0])()
        self._source = net.sources
        self._node = search.reduced.node_of[self._source]
        self._cutting = self._find_cutting()
        self._chain = search.reduced.expand_points(self._source, self._points.chains(self._source))
        around, source = (
            Surroundings(search, self._points, lambda: net.bound_m),
            int(net.sources[0]),
        )
        self._site = NearSite(around, source, self._cutting[0], around.around(source))

    def near(self, judged: PairJudgement) -> list[int]:
        """Return what of the shared elements is near the site, beyond the tolerance."""
        return self._site.near(judged)

    def find(self, limits: Limits) -> Known[JointRoutes] | None:
        """Find the routes that share least: as many as there are lists of edges closed to them.

        What is near the site costs next to nothing; where routes share some of it beyond the
        tolerance, it is settled as for pairs. None if there are no such routes.
        """
        search = self._ask(None, self._site.weights())
        found = search.find_least(limits.deadline)
        if not found.routes:
            return None if found.is_proven else Known(found, NOTHING_SHARED, ())
        known = self.judge(found)
        if not found.is_proven or not self.near(known.judged):
            # No level hangs on the length: most of the time is left to the groups that follow.
            return self.judge(search.find_shortest(limits.share(_FOR_LENGTH).deadline))
        for look in (settle_straight, settle):
            settled = look(self._site, self, known, limits)
            if settled is not None:
                return settled
        return known._replace(found=replace(found, is_proven=False, is_shortest=False))

    def search(
        self, part: PartOfNetwork | None, weights: SharingWeights, limits: Limits,
        barred: Sequence[_Numbers] = (),
    ) -> tuple[JointRoutes | None, bool]:  # fmt: skip
        """Search a part of the network, or all of it; what all routes share there is free."""
        found = self._ask(part, weights, barred).find_least(limits.deadline)
        return found if found.routes else None, found.is_proven

    def _ask(
        self, part: PartOfNetwork | None, weights: SharingWeights, barred: Sequence[_Numbers] = ()
    ) -> JointSearch:
        search, points, left_out = self._search, self._points, self._cutting[0]
        if part is not None:
            points, left_out = part.points, part.cutting
        asked = AskedRoutes(
            len(self._closed), weights, left_out, self._closed if search.n_parted else (),
            search.premises, barred,
        )  # fmt: skip
        return JointSearch(points, search.risks, int(self._source[0]), asked)

    def judge(self, found: JointRoutes) -> Known[JointRoutes]:
        """Judge routes by what the site cannot avoid."""
        sources = np.repeat(self._source, len(found.routes))
        whole = self._search.reduced.expand_routes(sources, rows_of(found.routes))
        routes = tuple(whole[k] for k in range(len(whole)))
        return Known(found, self._judge(routes)[0], routes)

    def singles(self, known: Known[JointRoutes]) -> Unavoidable:
        """Name what cuts the site off."""
        return self._judge(known.routes)[1]

    def _find_cutting(self) -> Rows:
        """Find the risk classes that alone cut the site off."""
        graph, risks = self._points.graph, self._search.risks
        asked = OwnEdges(
            graph, self._net.is_sink, graph.is_edge_enabled, self._source, _NO_EDGES,
            self._net.bound_m,
        )  # fmt: skip
        candidates = shared_risks(graph, risks, self._source, find_own_pairs(asked).routes)
        return find_own_cuts(asked, risks, candidates)

    def _judge(self, routes: tuple[_Numbers, ...]) -> tuple[PairJudgement, Unavoidable]:
        """Judge what all routes share, two by two: what is on all is on every two.

        Where they reach different ends, only two of different ends are held against each other: the
        end of two routes is no end of the others.
        """
        search, layer = self._search, self._search.layer
        node = int(self._node[0])
        ends = [int(route_nodes(layer.graph, node, route)[-1]) for route in routes]
        both = [
            (i, j) for i, j in combinations(range(len(routes)), 2)
            if len(set(ends)) == 1 or ends[i] != ends[j]
        ]  # fmt: skip
        pairs = rows_of([routes[k] for two in both for k in two])
        at = np.zeros(len(both), dtype=np.int64)
        judged, is_new = search.judge.judge(
            np.repeat(self._node, len(both)), pairs, self._chain.take(at), self._cutting.take(at)
        )
        every = [judged[k] for k in range(len(judged))]
        common = reduce(set.intersection, ({*each.shared, *each.tolerated} for each in every))
        tolerated = reduce(set.intersection, (set(each.tolerated) for each in every))
        counted = common - tolerated
        implied = self._implied()
        level = worst(LEVEL_OF_KIND[k] for k in set(search.audit.kind[list(counted)].tolist()))
        of_all = PairJudgement(
            level or Level.DIVERSE, tuple(sorted(counted)), tuple(sorted(tolerated)),
            is_avoidable=not counted <= implied, is_forgiven=not tolerated <= implied,
        )  # fmt: skip
        return of_all, self._singles(is_new[: len(self._cutting.values)])

    def _implied(self) -> set[int]:
        """Everything that goes with what cuts the site off."""
        judge = self._search.judge
        rows = [judge.points.row(point) for point in self._chain.values.tolist()]
        rows += [judge.members.row(risk_class) for risk_class in self._cutting.values.tolist()]
        return {x for row in rows for x in row.tolist()}

    def _singles(self, is_new: NDArray[np.bool_]) -> Unavoidable:
        """Name what cuts the site off, less what stands in the buildings of all ends."""
        search = self._search
        judge, home = search.judge, search.audit.network.elements.home
        own = {int(search.layer.home[self._node[0]]), *self._net.end_homes.tolist()} - {-1}
        points = [(judge.points.row(key), key) for key in self._chain.values.tolist()]
        points += [(judge.members.row(c), ~c) for c in self._cutting.values[is_new].tolist()]
        firsts = [(int(row[0]), key) for row, key in points if len(row)]
        kept = [(e, key) for e, key in firsts if e >= len(home) or int(home[e]) not in own]
        return Unavoidable(tuple(e for e, _ in kept), tuple(key for _, key in kept))
