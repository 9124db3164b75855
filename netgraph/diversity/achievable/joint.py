"""Groups of circuits with three or more routes: as many of which all together share the least.

A protected circuit has two of them, and the group is down when all of its routes are. What only
some of the routes share takes none of the others down: three routes may survive every failure
although every two of them share something. Where two routes share nothing that could be avoided, no
further route makes it better, and nothing is searched.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.answers import answer_site
from netgraph.diversity.achievable.apart import part_ends
from netgraph.diversity.achievable.best_pair import BestPair, Doubt
from netgraph.diversity.achievable.demand_net import Ask, DemandNet
from netgraph.diversity.achievable.demands import Demand, find_joint_demands, find_sites_of_more
from netgraph.diversity.achievable.forgiving import FORGIVEN, forgiving_weights
from netgraph.diversity.achievable.judgement import PairJudgement, Unavoidable
from netgraph.diversity.achievable.nearness import Nearness
from netgraph.diversity.achievable.parts import Part, cost_of, find_parts
from netgraph.diversity.achievable.proof import search_proof
from netgraph.diversity.compiled import search_clock
from netgraph.diversity.levels import PASSING, Level, worst
from netgraph.diversity.search.graph import route_nodes, rows_of
from netgraph.diversity.search.joint_routes import find_joint_routes
from netgraph.diversity.search.near import OwnEdges, find_own_cuts, find_own_pairs
from netgraph.diversity.search.risks import shared_risks
from netgraph.diversity.search.single_points import find_single_points
from netgraph.diversity.verdict_kinds import LEVEL_OF_KIND

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.demands import JointDemand
    from netgraph.diversity.achievable.layer_answers import LayerAnswer, LayerAnswers
    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.achievable.nearness import Zones
    from netgraph.diversity.audit.basis import AuditBasis
    from netgraph.diversity.search.graph import Rows
    from netgraph.diversity.search.joint_routes import JointRoutes
    from netgraph.diversity.search.single_points import SinglePoints

    _Numbers = NDArray[np.int32]

#: The part of the time for searches that is kept for such groups, where there are any: two routes
#: prove nothing against three.
KEPT = 0.2
_SAME = 1e-6
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
    sites = find_sites_of_more(audit)
    demands = find_joint_demands(audit, answers.sites_that_share(sites)) if sites else []
    pairs = {demand: _of_pair(answers[demand.site], demand) for demand in demands}
    asked = [demand for demand, pair in pairs.items() if pair.could_share_less]
    asked.sort(key=lambda demand: pairs[demand].is_disjoint_otherwise is not False)
    search = prepare(layer) if asked else None
    found: dict[JointDemand, LayerAnswer] = {}
    for n_left, demand in zip(range(len(asked), 0, -1), asked, strict=True):
        assert search is not None  # noqa: S101 -- there is something to search
        now, pair = search_clock(), pairs[demand]
        if now >= deadline and pair.is_disjoint_otherwise is not False:
            break  # what is told of the pair holds, or is called unproven
        share = now + max(0.0, deadline - now) / n_left
        told = search_group(audit, search, demand, pair, share)
        found[demand] = replace(told, routes_to=demand.routes_to)
    for demand in [demand for demand in demands if demand in found]:
        of_site = answers[demand.site]
        position = next((k for k, one in enumerate(of_site) if _asks(one, demand)), None)
        if demand.replaces and position is not None:
            answers.put(demand.site, position, found[demand])
        else:
            answers.insert(demand.site, 0, found[demand])


def _asks(answer: LayerAnswer, demand: JointDemand) -> bool:
    """Whether an answer is that of two routes to the ends of a group."""
    asked = answer.b_ends, answer.parted, answer.routes_to
    return asked == (demand.b_ends, demand.parted, ())


def _of_pair(answers: Sequence[LayerAnswer], demand: JointDemand) -> LayerAnswer:
    return next(answer for answer in answers if _asks(answer, demand))


def search_group(
    audit: AuditBasis, search: LayerSearch, demand: JointDemand, pair: LayerAnswer, deadline: float
) -> LayerAnswer:
    """Search the routes of one group, part by part; what is known of it stays where that fails."""
    asked = Demand(demand.b_ends, demand.parted, (demand.site,))
    parts = _of_all_ends(search, asked, [part for part in find_parts(search, asked) if part.sites])
    found = []
    for left, part in zip(range(len(parts), 0, -1), parts, strict=True):
        now = search_clock()
        share = now + max(0.0, deadline - now) / left
        found.append((part, _of_part(part, demand, share)))
    answer = answer_site(audit, search.layer, asked, found)
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
    closed = _closed_ends(part, demand)
    asked = _Asked(part, demand.site)
    first = asked.solve(closed, deadline)
    if not first.routes and first.is_proven:  # not one for each circuit: records must be missing
        return BestPair(is_connected=False)
    if not first.routes:
        return replace(pair, is_proven=False, is_shortest=False, open=None)
    found = asked.settle(first, closed, deadline)
    judged = found.judged
    proof = search_proof(found.weight, found.lower_bound, None, part.search.objective)
    if not found.is_proven and len(judged.shared) > len(pair.judgement.shared):
        return replace(pair, is_proven=False, is_shortest=False, search=proof, open=None)
    return replace(
        pair, routes=found.routes, judgement=judged, is_proven=found.is_proven,
        is_shortest=found.is_shortest, search=proof, open=None,
        unavoidable=part.search.judge.name_unavoidable(found.singles, judged),
    )  # fmt: skip


def _closed_ends(part: Part, demand: JointDemand) -> list[_Numbers]:
    """Return the edges to ends that each route may not take; none if all may go to one end."""
    search, graph = part.search, part.search.complete
    ends = np.arange(graph.n_edges - search.n_parted, graph.n_edges)
    return [
        ends[~np.isin(graph.edge_u[ends], search.nodes(b_ends))].astype(np.int32)
        for b_ends in demand.routes_to
    ]


@dataclass(frozen=True, eq=False)
class _Found:
    """Routes of a site on the whole layer, judged; the rest as of :class:`JointRoutes`."""

    routes: tuple[_Numbers, ...]
    judged: PairJudgement
    singles: Unavoidable
    is_proven: bool
    is_shortest: bool
    weight: float
    lower_bound: float


class _Asked:
    """One site with the ends of one part: its network, what cuts it off, what is near it."""

    def __init__(self, part: Part, site: int) -> None:
        self._search = search = part.search
        self._net = DemandNet(search, Ask(part.b_ends, (site,)))
        self._points = self._net.find_points_with(self._net.own[0])()
        self._source = self._net.sources
        self._node = search.reduced.node_of[self._source]
        graph = self._points.graph
        self._cutting = self._cut_off_without(_NO_EDGES)
        self._chain = search.reduced.expand_points(self._source, self._points.chains(self._source))
        self._nearness = Nearness(search, graph.is_edge_enabled)
        self._zone: Zones = self._nearness.around(self._node, _NO_EDGES, self._chain)

    def solve(self, closed: Sequence[_Numbers], deadline: float) -> JointRoutes:
        """Find the routes that share least: as many as there are lists of edges closed to them.

        What is near the site costs next to nothing.
        """
        return self._solve(self._points, closed, deadline)

    def settle(self, first: JointRoutes, closed: Sequence[_Numbers], deadline: float) -> _Found:
        """Judge routes; where they share something near beyond the tolerance, look for others.

        Without detours there, as for pairs.
        """
        known = self._judged(first)
        if not known.is_proven or not self._near(known):
            return known
        near = self._zone.near(rows_of([known.judged.shared]))
        bent = self._nearness.out_of_the_way(self._zone, near).values
        graph = self._points.graph.without(edges=bent)
        points = find_single_points(graph, self._net.sinks)
        is_lacking = self._net.lack_end(points.chains(self._source))
        other = None
        if points.is_connected[self._source[0]] and not is_lacking.any():
            cutting = self._cut_off_without(rows_of([bent]))
            routes = self._solve(points, closed, deadline, cutting[0])
            other = self._judged(routes) if routes.routes else None
        if other is not None and not self._near(other) and self._is_as_light(other, known):
            return replace(other, is_proven=True, is_shortest=False)
        return replace(known, is_proven=False, is_shortest=False)

    def _cut_off_without(self, closed: Rows) -> Rows:
        """Find the risk classes that alone cut the site off where some edges are closed."""
        graph, risks = self._points.graph, self._search.risks
        asked = OwnEdges(
            graph, self._net.is_sink, graph.is_edge_enabled, self._source, _NO_EDGES,
            self._net.bound_m, closed,
        )  # fmt: skip
        candidates = shared_risks(graph, risks, self._source, find_own_pairs(asked).routes)
        return find_own_cuts(asked, risks, candidates)

    def _solve(
        self, points: SinglePoints, closed: Sequence[_Numbers], deadline: float,
        left_out: _Numbers | None = None,
    ) -> JointRoutes:  # fmt: skip
        search = self._search
        is_near = len(self._zone.elements.values) > 0
        weights = forgiving_weights(search, self._zone, FORGIVEN) if is_near else None
        return find_joint_routes(
            points, search.risks, int(self._source[0]), len(closed),
            weights=search.costs.sharing if weights is None else weights,
            left_out=self._cutting[0] if left_out is None else left_out,
            closed=closed if search.n_parted else (), last=search.premises, deadline=deadline,
        )  # fmt: skip

    def _judged(self, found: JointRoutes) -> _Found:
        """Judge routes."""
        search = self._search
        sources = np.repeat(self._source, len(found.routes))
        whole = search.reduced.expand_routes(sources, rows_of(found.routes))
        routes = tuple(whole[k] for k in range(len(whole)))
        judged, singles = self._judge(routes)
        at_ends = self._net.at_ends
        return _Found(
            routes, judged, singles,
            (found.is_proven and at_ends.isdisjoint(judged.shared)) or not judged.shared,
            found.is_shortest, found.weight, found.lower_bound,
        )  # fmt: skip

    def _near(self, found: _Found) -> bool:
        """Whether routes share something near the site beyond the tolerance."""
        return len(self._zone.near(rows_of([found.judged.shared])).values) > 0

    def _is_as_light(self, other: _Found, known: _Found) -> bool:
        """Whether what counts among other routes weighs no more than the best could."""
        return other.weight <= known.weight + _SAME and len(other.judged.shared) <= len(
            known.judged.shared
        )

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
