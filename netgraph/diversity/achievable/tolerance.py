"""Routes that share least where what is near the site counts or is tolerated as the routes run.

The search for them takes for tolerated whatever may be. Where its routes come to such a thing by a
long way after all, all other ones either share that thing within the tolerance, and then keep clear
of all edges that come to it too late; or it counts. Both cases are searched, case by case the one
that may hold the best routes, until some share no more than any case allows. Where the edges that
are left still come to it too late, by a long way to the first of them, that way is barred.

Two routes of a site, or as many as a group of circuits has: what counts is what all of them share,
and it is tolerated if all of them touch it within the tolerance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from netgraph.diversity.search.joint_routes import JointRoutes
from netgraph.diversity.search.question_sheet import Found

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from netgraph.diversity.achievable.judgement import PairJudgement
    from netgraph.diversity.achievable.near_site import NearSite, PartOfNetwork
    from netgraph.diversity.search.least_sharing import SharingWeights
    from netgraph.diversity.search.limits import Limits

_SAME = 1e-6
_MOST_CASES = 24

#: What a search found: of two routes, or of more.
Routes = TypeVar("Routes", Found, JointRoutes)


class Known(NamedTuple, Generic[Routes]):
    """What a search found, what the routes share, and the routes on the layer."""

    found: Routes
    judged: PairJudgement
    routes: tuple[NDArray[np.int32], ...]


class Searching(Protocol[Routes]):
    """Searches the routes of one site that share least, and judges them."""

    def search(
        self, part: PartOfNetwork | None, weights: SharingWeights, limits: Limits,
        barred: Sequence[NDArray[np.int32]] = (),
    ) -> tuple[Routes | None, bool]:  # fmt: skip
        """Search a part of the network, or all of it; what all routes share there is free.

        Returns
        -------
        What was found, None where nothing was, and whether it is proven.
        """
        ...

    def judge(self, found: Routes) -> Known[Routes]:
        """Judge routes by what the site cannot avoid."""
        ...


@dataclass(frozen=True, eq=False)
class _Case(Generic[Routes]):
    """Routes that share some things near the site only within the tolerance, and pay for others.

    Attributes
    ----------
    bound
        What they share at least, apart from those that share some of what is tolerated beyond the
        tolerance, or some of what counts within.
    known
        Those that share least as far as the search can tell; None where none were found in time.
    barred
        Ways from the site that come to what is tolerated beyond the tolerance.
    """

    bound: float
    known: Known[Routes] | None
    tolerated: frozenset[int] = frozenset()
    counted: frozenset[int] = frozenset()
    barred: tuple[NDArray[np.int32], ...] = ()


def settle_straight(
    site: NearSite, searching: Searching[Routes], known: Known[Routes], limits: Limits
) -> Known[Routes] | None:
    """Look for routes that share no more, and nothing near beyond the tolerance.

    Without detours near the site. They are the best, though maybe not of those that share as much
    that is tolerated; parameters as of :func:`settle`.
    """
    if limits.is_over():
        return None
    part, free = site.without_detours(site.near(known.judged)), site.weights(part=0.0)
    least = site.weigh(known.found.routes, free) + _SAME
    if part is None or part.weigh_forced(free) > least:
        return None
    found, _ = searching.search(part, site.weights(), limits)
    if found is None or site.weigh(found.routes, free) > least:
        return None
    other = searching.judge(found)
    if site.near(other.judged):
        return None
    return other._replace(found=replace(found, is_proven=True, is_shortest=False))


def settle(
    site: NearSite, searching: Searching[Routes], known: Known[Routes], limits: Limits
) -> Known[Routes] | None:
    """Find the routes of a site that share least, what is near it judged as the routes run.

    Exact if it is proven.

    Parameters
    ----------
    site
        The site.
    searching
        Searches its routes.
    known
        Routes that share something near beyond the tolerance, and least of all if that is taken
        for tolerated.
    limits
        When to stop.

    Returns
    -------
    Known or None
        None where it stays open.
    """
    best, best_weight = known, site.shared_weight(known.found.routes, known.judged)
    cases = [_Case(known.found.weight, known)]
    for _ in range(_MOST_CASES):
        case = min(cases, key=lambda case: case.bound)
        if case.bound >= best_weight - _SAME:
            return _proven(best, best_weight)
        if case.known is None or limits.is_over():
            return None
        cases.remove(case)
        for narrowed in _split(site, case, case.known):
            found = _least(site, searching, narrowed, best_weight, limits)
            if found is None:
                continue
            cases.append(found)
            if found.known is not None:
                weight = site.shared_weight(found.known.found.routes, found.known.judged)
                if weight < best_weight - _SAME:
                    best, best_weight = found.known, weight
        if not cases:
            return _proven(best, best_weight)
    return None


def _split(site: NearSite, case: _Case[Routes], known: Known[Routes]) -> Iterator[_Case[Routes]]:
    """Split a case by what its routes share near the site beyond the tolerance."""
    near = site.near(known.judged)
    asked = [x for x in near if x not in case.tolerated | case.counted][:1]
    if asked:
        yield replace(case, counted=case.counted.union(asked))
        yield replace(case, tolerated=case.tolerated.union(asked))
        return
    late: list[NDArray[np.int32]] = site.late_ways(
        known.found.routes, case.tolerated.intersection(near)
    )
    yield replace(case, barred=(*case.barred, *late))


def _least(
    site: NearSite, searching: Searching[Routes], case: _Case[Routes], at_most: float,
    limits: Limits,
) -> _Case[Routes] | None:  # fmt: skip
    """Find the routes of a case that share least; None if there are none that share less."""
    weights = site.weights(case.counted)
    due, part = site.due(weights), None
    if case.tolerated:
        part = site.within(case.tolerated)
        if part is None or due + part.weigh_forced(weights) >= at_most - _SAME:
            return None
    found, is_proven = searching.search(part, weights, limits, case.barred)
    if found is None:
        return None if is_proven else replace(case, known=None)
    bound = site.weigh(found.routes, weights) + due if is_proven else 0.0
    return replace(case, bound=max(bound, case.bound), known=searching.judge(found))


def _proven(best: Known[Routes], weight: float) -> Known[Routes]:
    return best._replace(
        found=replace(
            best.found, is_proven=True, is_shortest=False, weight=weight, lower_bound=weight
        )
    )
