"""The pair that shares least where what is near the site counts or is tolerated as the routes run.

The search for it takes for tolerated whatever may be. Where its pair comes to such a thing by a
long way after all, every other pair either shares that thing within the tolerance, and then keeps
clear of all edges that come to it too late; or it counts. Both cases are searched, case by case the
one that may hold the best pair, until a pair shares no more than any case allows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search.question_sheet import QuestionSheet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.achievable.best_pair import OpenPair
    from netgraph.diversity.achievable.less_sharing import Known, TaskSites
    from netgraph.diversity.search.least_sharing import SharingWeights
    from netgraph.diversity.search.limits import Limits
    from netgraph.diversity.search.question_sheet import Found
    from netgraph.diversity.search.risks import RiskIndex
    from netgraph.diversity.search.single_points import SinglePoints

    _Numbers = NDArray[np.int32]

_SAME = 1e-6
_MOST_CASES = 24


@dataclass(frozen=True, eq=False)
class PartOfNetwork:
    """A site's network without some edges.

    Attributes
    ----------
    risks, pair
        Of the layer, and of the site.
    chain
        Its single points on its whole network.
    points, cutting
        The single points of the part, and the risk classes that alone cut the site off there.
    """

    risks: RiskIndex
    pair: OpenPair
    chain: _Numbers
    points: SinglePoints
    cutting: _Numbers

    def weigh_forced(self, weights: SharingWeights) -> float:
        """Weigh what all pairs of the part share, and not all of the whole network."""
        n = self.points.graph.n_nodes
        forced = np.setdiff1d(self.points.chain(self.pair.source), self.chain)
        classes = np.setdiff1d(self.cutting, self.pair.cutting)
        parts = weights.edge[forced[forced >= n] - n], weights.node[forced[forced < n]]
        return float(sum(part.sum() for part in (*parts, weights.risk_class[classes])))

    def search(self, row: int, weights: SharingWeights, limits: Limits) -> Found:
        """Search the pair that shares least within limits; what all pairs share is free."""
        source = np.array([self.pair.source], dtype=np.int32)
        sheet = QuestionSheet(self.points, self.risks, source, weights, takes_shortest=False)
        return sheet.search_alone(row, self.pair.source, self.cutting, weights, limits)


@dataclass(frozen=True, eq=False)
class Case:
    """Pairs that share some things near the site only within the tolerance, and pay for others.

    Attributes
    ----------
    bound
        What they share at least.
    known
        The one that shares least as far as the search can tell.
    """

    bound: float
    known: Known
    tolerated: frozenset[int] = frozenset()
    counted: frozenset[int] = frozenset()


def settle(sites: TaskSites, known: Known, limits: Limits) -> Known | None:
    """Find the pair of a site that shares least, what is near the site judged as the routes run.

    Exact if it is proven.

    Parameters
    ----------
    sites
        The sites of a task.
    known
        A pair that shares something near beyond the tolerance, and least of all if that is taken
        for tolerated.
    limits
        When to stop.

    Returns
    -------
    Known or None
        None where it stays open.
    """
    row = known[0].key
    best, best_weight = known, sites.shared_weight(known)
    cases = [Case(known[0].weight, known)]
    for _ in range(_MOST_CASES):
        case = min(cases, key=lambda case: case.bound)
        if case.bound >= best_weight - _SAME:
            return _proven(best, best_weight)
        near = sites.near(row, case.known[1]).tolist()
        asked = [x for x in near if x not in case.tolerated | case.counted]
        if not asked or limits.is_over():
            return None
        cases.remove(case)
        for tolerated, counted in (((), asked[:1]), (asked[:1], ())):
            part = replace(
                case,
                tolerated=case.tolerated.union(tolerated),
                counted=case.counted.union(counted),
            )
            found = sites.least(row, part, best_weight, limits)
            if found is None:
                continue
            other, bound = found
            weight = sites.shared_weight(other)
            if weight < best_weight - _SAME:
                best, best_weight = other, weight
            cases.append(replace(part, bound=max(bound, case.bound), known=other))
        if not cases:
            return _proven(best, best_weight)
    return None


def _proven(best: Known, weight: float) -> Known:
    found = replace(best[0], is_proven=True, is_shortest=False, weight=weight, lower_bound=weight)
    return found, *best[1:]
