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
    from netgraph.upgrades.protection.layered.refine import Refined
    from netgraph.upgrades.protection.model import ProtectionModel
    from netgraph.upgrades.protection.prices import PlantPrices
    from netgraph.upgrades.protection.rounds import Limits, Settled

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
    refined = _complete(settled, refined)
    nothing = np.empty(0, dtype=np.int64)
    chosen = np.unique(np.concatenate([nothing, *refined.needs.values()]))
    cost = refined.cost_yuan(chosen)
    bound = min(max(refined.lower_bound_yuan, settled.choice.solution.lower_bound_yuan), cost)
    is_proven = bound >= cost - TOLERANCE * max(1.0, cost)
    solution = Solution(chosen, cost, cost if is_proven else bound, is_proven, refined.n_rows)
    everybody = np.setdiff1d(np.arange(len(model.site)), settled.duties.unconnected)
    pairs = find_planned_pairs(
        model, chosen, everybody, settled.duties.unavoidable,
        seconds=_CHECK_SHARE * limits.seconds, tell=limits.count_risks,
    )  # fmt: skip
    choice = replace(settled.choice, solution=solution)
    return replace(settled, choice=choice, pairs=pairs, refined=refined)


def _complete(settled: Settled, refined: Refined) -> Refined:
    """Add what is needed to meet every duty of the plan on spans."""
    model: ProtectionModel = settled.model
    needs = {demand: set(edges.tolist()) for demand, edges in refined.needs.items()}
    plan = np.zeros(len(model.problem.u), dtype=bool)
    plan[[edge for edges in needs.values() for edge in edges]] = True
    yuan = np.where(np.isfinite(refined.yuan), refined.yuan, model.problem.cost_yuan)
    for duty in settled.choice.duties:
        if duty.is_met(plan):
            continue
        way = cheapest_way(duty, np.where(plan, 0.0, yuan))
        plan[way] = True
        for demand in duty.demands:
            needs.setdefault(demand, set()).update(way.tolist())
    rows = {d: np.array(sorted(edges), dtype=np.int64) for d, edges in sorted(needs.items())}
    return replace(refined, needs=rows, yuan=yuan)
