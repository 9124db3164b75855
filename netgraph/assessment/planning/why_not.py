"""Why a site stays below what is asked for, and what nothing leads around."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import Level
from netgraph.upgrades.line_works import NOT_LOOKED_AT
from netgraph.upgrades.model import AS_IS

if TYPE_CHECKING:
    from netgraph.assessment.planning.value import UpgradePlan
    from netgraph.upgrades.model import PlanModel


def find_why_not(plan: UpgradePlan, number: int) -> str | None:
    """Why a site stays below the target grade or its required level; None where it does not."""
    model, site = plan.model, plan.model.sites[number]
    now = model.outcome(number, plan.choice.chosen)
    place = plan.before.network.places.index.find(site.site_id)
    if plan.target:
        if now.steps >= plan.target:
            return None
        return _why_below_target(model, number, plan.target)
    rules, tier = plan.before.options.rules, plan.before.tiers[place] if place is not None else ""
    level = Level(plan.after.levels[site.site_id])
    if not rules.requires_diversity(tier) or rules.meets(level, tier):
        return None
    reaching = [c for c in site.configurations if c.line >= 0 and rules.meets(Level(c.level), tier)]
    if reaching and all(np.isnan(model.cost(model.closure([c.line]))) for c in reaching):
        return "no_price"
    if reaching:
        return "not_worth_it" if plan.options.budget_yuan is None else "not_within_budget"
    return _why_no_work(plan, site.site_id)


def find_bottlenecks(plan: UpgradePlan, site_id: str, why_not: str | None) -> str | None:
    """Name what nothing leads around, where that is why a site stays as it is."""
    rings = plan.proposed.rings
    if rings is None or why_not is None:
        return None
    found = [u.against for u in rings.unprotected if u.site_id == site_id and u.reason == why_not]
    return ";".join("+".join(risk.split()) for risk in found[0]) if found else None


def _why_below_target(model: PlanModel, number: int, target: int) -> str:
    """Why a site stays below a target that as many sites as possible were brought to."""
    every = frozenset(range(len(model.costs)))
    priced = frozenset(action for action in every if not np.isnan(model.costs[action]))
    is_for_want_of_a_price = _most_steps(model, number, priced) < target
    if is_for_want_of_a_price and _most_steps(model, number, every) >= target:
        return "no_price"
    return "out_of_reach"


def _most_steps(model: PlanModel, number: int, works: frozenset[int]) -> int:
    """Thresholds that a site reaches at best with some works, all of them done."""
    lines = frozenset(now.line for now in model.sites[number].configurations)
    able = [line for line in sorted(lines) if line == AS_IS or model.closure([line]) <= works]
    return max(model.outcome(number, works - lines | {line}).steps for line in able)


def _why_no_work(plan: UpgradePlan, site_id: str) -> str:
    """Why no work is proposed that brings a site to the level required."""
    reason = plan.proposed.reasons.get(site_id)
    if reason == NOT_LOOKED_AT:
        return reason
    if site_id in plan.proposed.without_route:
        return "no_route_through_new_plant"
    rings = plan.proposed.rings
    lost = {u.site_id: u.reason for u in rings.unprotected} if rings else {}
    reason = lost.get(site_id) or reason
    return reason or ("needs_new_plant" if rings is None else "no_route_through_new_plant")
