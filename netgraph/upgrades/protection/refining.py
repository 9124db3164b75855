"""A plan on spans made again on links, cables and spans, where new cable is to be priced."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.upgrades.protection.heuristics import cheapest_way
from netgraph.upgrades.protection.layered.refine import refine
from netgraph.upgrades.protection.pairs import find_planned_pairs
from netgraph.upgrades.protection.search import TOLERANCE
from netgraph.upgrades.protection.solve import Solution
from netgraph.upgrades.stopping import StoppedError, is_stop_asked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.duty import Duty
    from netgraph.upgrades.protection.layered.refine import Refined
    from netgraph.upgrades.protection.model import ProtectionModel
    from netgraph.upgrades.protection.prices import PlantPrices
    from netgraph.upgrades.protection.rounds import Choice, Limits, Settled

_CHECK_SHARE = 0.3  # of the time, for looking for the two routes of every site again


def refined_plan(settled: Settled, prices: PlantPrices, limits: Limits) -> Settled:
    """Plan again on the layered plant; what the plan on spans asks for besides is added.

    The better of both bounds stands: each is of the whole problem. Where somebody asks to stop
    before there is a plan, the one on spans is kept.
    """
    model = settled.model
    if is_stop_asked():
        return settled
    try:
        refined = refine(model, prices, limits)
    except StoppedError:
        return settled
    choice = settled.choice
    if limits.budget_yuan is None:
        refined = _complete(model, choice.duties, refined)
        least = max(refined.lower_bound_yuan, choice.solution.lower_bound_yuan)
    else:
        choice, refined = _within_budget(settled, refined, limits)
        least = refined.lower_bound_yuan
    nothing = np.empty(0, dtype=np.int64)
    chosen = np.unique(np.concatenate([nothing, *refined.needs.values()]))
    cost = refined.cost_yuan(chosen)
    bound = min(least, cost)
    is_proven = bound >= cost - TOLERANCE * max(1.0, cost)
    solution = Solution(chosen, cost, cost if is_proven else bound, is_proven, refined.n_rows)
    everybody = np.setdiff1d(np.arange(len(model.site)), settled.duties.unconnected)
    pairs = find_planned_pairs(
        model, chosen, everybody, settled.duties.unavoidable,
        seconds=_CHECK_SHARE * limits.seconds, tell=limits.count_risks,
    )  # fmt: skip
    choice = replace(choice, solution=solution)
    return replace(settled, choice=choice, pairs=pairs, refined=refined)


def _within_budget(settled: Settled, refined: Refined, limits: Limits) -> tuple[Choice, Refined]:
    """Meet the duties of the sites that were bought; the money must do for that as well."""
    model, before = settled.model, settled.choice
    left_out, site = set(refined.left_out), model.site
    duties = tuple(
        duty for duty in (*settled.duties.duties, *before.duties)
        if not left_out.issuperset(site[list(duty.demands)].tolist())
    )  # fmt: skip
    refined = _complete(model, duties, refined)
    needs, budget = dict(refined.needs), float(limits.budget_yuan or 0.0)
    needs = {d: edges for d, edges in needs.items() if site[d] not in left_out}

    def yuan(rows: Mapping[int, Ints]) -> float:
        return refined.cost_yuan(np.concatenate([np.empty(0, dtype=np.int64), *rows.values()]))

    least = refined.lower_bound_yuan
    while yuan(needs) > budget + TOLERANCE * max(1.0, budget):
        without = {
            place: {d: edges for d, edges in needs.items() if site[d] != place}
            for place in sorted({int(site[d]) for d in needs})
        }
        weights = {place: limits.weights.get(place, 1.0) for place in without}
        # Who leaves most money for its weight goes first.
        place = min(without, key=lambda p: (yuan(without[p]) - yuan(needs)) / max(weights[p], 1e-9))
        needs, least = without[place], 0.0
        left_out.add(place)
    places = sorted(set(site.tolist()) - left_out)
    weight = float(sum(limits.weights.get(place, 1.0) for place in places))
    bounds = refined.weight_bound, np.inf if before.weight_bound is None else before.weight_bound
    choice = replace(
        before, duties=duties, left_out=frozenset(left_out), weight=weight,
        weight_bound=max(weight, min(bounds)),
    )  # fmt: skip
    return choice, replace(refined, needs=needs, lower_bound_yuan=least)


def _complete(model: ProtectionModel, duties: Sequence[Duty], refined: Refined) -> Refined:
    """Add what is needed to meet every duty of the plan on spans."""
    needs = {demand: set(edges.tolist()) for demand, edges in refined.needs.items()}
    plan = np.zeros(len(model.problem.u), dtype=bool)
    plan[[edge for edges in needs.values() for edge in edges]] = True
    yuan = np.where(np.isfinite(refined.yuan), refined.yuan, model.problem.cost_yuan)
    for duty in duties:
        if duty.is_met(plan):
            continue
        way = cheapest_way(duty, np.where(plan, 0.0, yuan))
        plan[way] = True
        for demand in duty.demands:
            needs.setdefault(demand, set()).update(way.tolist())
    rows = {d: np.array(sorted(edges), dtype=np.int64) for d, edges in sorted(needs.items())}
    return replace(refined, needs=rows, yuan=yuan)
