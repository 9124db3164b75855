"""Sum a plan up: totals by kind, works on records and works to be surveyed apart."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from netgraph.report.contract import table_specs
from netgraph.report.works import KindTotal, PlanSummary, RingTotal
from netgraph.upgrades.action import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.assessment.planning.value import UpgradePlan
    from netgraph.upgrades.action import Action


def summarise_plan(plan: UpgradePlan) -> PlanSummary:
    """Count works and money by kind, sites by grade before and after, and what is proven."""
    model, chosen = plan.model, plan.choice.chosen
    card = plan.before.options.card
    sites = range(len(model.sites))
    before = Counter(card.grade_of(o.raw, o.applicable) for o in model.first)
    after = Counter(plan.after.site_scores[model.sites[n].site_id][2] for n in sites)
    picks = plan.greedy_picks
    unpriced = [action for action in plan.proposed.actions if action.cost_yuan is None]
    certain = [action for action in plan.chosen if not action.needs_survey]
    doubtful = [action for action in plan.chosen if action.needs_survey]
    names, told = table_specs()["upgrade_sites"].names, plan.rows("upgrade_sites")
    why_not, stuck_at = names.index("why_not"), names.index("bottlenecks")
    reasons = Counter(str(row[why_not]) for row in told if row[why_not])
    stuck = Counter(point for row in told for point in str(row[stuck_at] or "").split(";") if point)
    return PlanSummary(
        sites=len(model.sites),
        proposed=len(plan.proposed.actions),
        chosen=len(chosen),
        cost_yuan=plan.choice.cost,
        price_level=plan.options.prices.price_level,
        budget_yuan=plan.options.budget_yuan,
        target=plan.options.target,
        benefit=plan.choice.benefit,
        bound=plan.choice.bound,
        gap=plan.choice.gap,
        is_proven=plan.choice.is_proven,
        greedy_cost_yuan=picks[-1].cost if picks else 0.0,
        greedy_benefit=picks[-1].benefit if picks else 0.0,
        records_cost_yuan=_total(certain),
        survey_cost_yuan=_total(doubtful),
        kinds=tuple(_kinds(plan.chosen, plan.proposed.actions)),
        grades_before={grade.id: before[grade.id] for grade in card.grades},
        grades_after={grade.id: after[grade.id] for grade in card.grades},
        circuit_minutes_avoided=sum(
            model.outcome(n, chosen).circuit_minutes_avoided for n in sites
        ),
        unpriced=len(unpriced),
        missing_prices=_missing_prices(plan, unpriced),
        mismatches=len(plan.mismatches),
        reasons=dict(sorted(reasons.items())),
        bottlenecks=dict(sorted(stuck.items(), key=lambda entry: (-entry[1], entry[0]))),
        rings=_rings(plan),
        is_stopped=plan.is_stopped,
        cheapest_yuan=_cheapest(plan),
    )


def _cheapest(plan: UpgradePlan) -> float | None:
    model = plan.model
    costs = [model.cost(model.closure([number])) for number in range(len(model.costs))]
    return min((cost for cost in costs if not np.isnan(cost)), default=None)


def _missing_prices(plan: UpgradePlan, unpriced: Iterable[Action]) -> tuple[str, ...]:
    """Names of prices that works would need; a medium of its own stands for a corridor's cost."""
    known = plan.options.prices.yuan
    needed = (name for action in unpriced for name, much in action.quantities.items() if much)
    return tuple(sorted({name for name in needed if name not in known}))


def _rings(plan: UpgradePlan) -> RingTotal | None:
    """Add up what ring protection costs as it was drawn up; None where none was, or has a price.

    What is planned for sites that get no work protects them by itself: without these sites the
    bound is less by no more than that.
    """
    model, rings = plan.model, plan.proposed.rings
    routed = [
        number
        for number, action in enumerate(plan.proposed.actions)
        if action.kind in {Kind.NEW_PLANT, Kind.SECOND_ENTRANCE}
        and action.routed_sites
        and not np.isnan(model.cost(model.closure([number])))
    ]
    if rings is None or not routed:
        return None
    works = [plan.proposed.actions[number] for number in sorted(model.closure(routed))]
    sites = {site for number in routed for site in plan.proposed.actions[number].routed_sites}
    others = sum(ring.alone_yuan for ring in rings.proposals if not sites.issuperset(ring.sites))
    bound = max(rings.lower_bound_yuan - others, 0.0)
    return RingTotal(len(routed), len(sites), _total(works), round(bound, 2))


def _total(actions: Iterable[Action]) -> float:
    return round(sum(action.cost_yuan or 0.0 for action in actions), 2)


def _kinds(chosen: Iterable[Action], proposed: Iterable[Action]) -> Iterable[KindTotal]:
    works, every = list(chosen), list(proposed)
    for kind in Kind:
        mine = [action for action in works if action.kind is kind]
        count = sum(action.kind is kind for action in every)
        if count:
            sites = {site for action in mine for site in action.sites}
            yield KindTotal(kind.value, len(mine), count, len(sites), _total(mine))
