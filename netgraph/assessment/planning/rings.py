"""Works of new plant: those that can be priced, then those for which a price is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from netgraph.upgrades.protection.plan import plan_protection
from netgraph.upgrades.protection.prices import assumed_prices, is_a_price_missing, plant_prices
from netgraph.upgrades.protection.unprotected import NO_CANDIDATE, NO_PAIR, NO_ROUTE
from netgraph.upgrades.ring_works import RingWorks, propose_ring_works

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netgraph.assessment.planning.run import UpgradeOptions
    from netgraph.assessment.planning.steps import LineSteps
    from netgraph.upgrades.protection import PlanProgress, PlantPrices, ProtectionPlan
    from netgraph.upgrades.routing import RingWork

    Progress = Callable[[str, int, int], None]

#: With more candidates these sites might be protected.
_FOR_LACK_OF_CANDIDATES = frozenset({NO_CANDIDATE, NO_PAIR, NO_ROUTE})


class RingStep(NamedTuple):
    """What came of planning new plant; see :class:`netgraph.assessment.planning.value.Proposed`."""

    plan: ProtectionPlan | None = None
    without_route: tuple[str, ...] = ()


def add_rings(steps: LineSteps, options: UpgradeOptions, say: Progress) -> RingStep:
    """Add works of new plant for the sites that nothing cheaper brings to the required level.

    Sites for which no candidate with a price is enough get works without a cost, if there are some
    that would be: these are listed, and never chosen.
    """
    wanted = steps.wanting()
    if not wanted:
        return RingStep()
    plan = _plan(steps, wanted, plant_prices(options.prices), options, say)
    works = _draw_up(steps, plan.works, options, say)
    ids = steps.scope.audit.network.places.ids
    stuck = {u.site_id for u in plan.unprotected if u.reason in _FOR_LACK_OF_CANDIDATES}
    left = [place for place in wanted if str(ids[place]) in stuck]
    if not left or not (plan.unpriced or is_a_price_missing(options.prices)):
        return RingStep(plan, works.without_route)
    more = _plan(steps, left, assumed_prices(options.prices), options, say)
    unpriced = _draw_up(steps, [_without_cost(ring) for ring in more.works], options, say)
    unprotected = [u for u in plan.unprotected if u.site_id not in stuck]
    merged = sorted([*unprotected, *more.unprotected], key=lambda u: u.site_id)
    return RingStep(
        replace(plan, unprotected=tuple(merged)), (*works.without_route, *unpriced.without_route)
    )


def _draw_up(
    steps: LineSteps, rings: Sequence[RingWork], options: UpgradeOptions, say: Progress
) -> RingWorks:
    results = steps.results
    works = propose_ring_works(
        steps.scope.audit, rings, options.prices, options.settings, results.tiers,
        search_seconds=results.options.search_seconds,
        progress=lambda done, whole: say("propose", done, whole),
    )  # fmt: skip
    steps.add(works.actions)
    return works


def _without_cost(ring: RingWork) -> RingWork:
    """Take the costs off a ring that was found by assumed prices."""
    return replace(
        ring,
        spans=tuple(replace(span, cost_yuan=None) for span in ring.spans),
        entrances=tuple(replace(entrance, cost_yuan=None) for entrance in ring.entrances),
    )


def _plan(
    steps: LineSteps, wanted: Sequence[int], prices: PlantPrices, options: UpgradeOptions,
    say: Progress,
) -> ProtectionPlan:  # fmt: skip
    def tell(progress: PlanProgress) -> None:
        if progress.whole:
            say("cuts", progress.done, progress.whole)
        elif progress.cost_yuan is not None and progress.lower_bound_yuan is not None:
            # How much of the cost is proven to be needed: all of it at the end.
            say("protect", round(progress.lower_bound_yuan), max(round(progress.cost_yuan), 1))

    return plan_protection(
        steps.scope.audit.network, steps.scope.audit, wanted, prices,
        seconds=options.plan_seconds, progress=tell,
    )  # fmt: skip
