"""What a new cable in existing plant costs, charged where plans come to use it.

Were every span without spare cores an option from the start, a province would be too large. So all
of them are free at first, which makes the answer a bound; those that the routes of its plan run in,
and those around them, are options from then on, and the plan is made again. A plan that uses
nothing that is not charged is an optimum of the whole problem; until then it is the best plan, with
everything charged that it uses, beside the bound.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.upgrades.protection.duties import find_duties
from netgraph.upgrades.protection.lead_ins import buildings_cut_at_the_door, lead_ins
from netgraph.upgrades.protection.model import build_model
from netgraph.upgrades.protection.rounds import settle

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.run import Audit
    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.builds import Builds
    from netgraph.upgrades.protection.model import ProtectionModel
    from netgraph.upgrades.protection.prices import PlantPrices
    from netgraph.upgrades.protection.rounds import Limits, Settled
    from netgraph.upgrades.protection.solve import Solution

_ROUNDS = 12
#: Spans so many steps from a used one are charged with it, so that fewer rounds are needed.
_STEPS = 3


def plan_with_prices(
    audit: Audit, layer: SearchLayer, builds: Builds, sites: Collection[int],
    prices: PlantPrices, limits: Limits, *, price_existing: bool,
) -> Settled:  # fmt: skip
    """Plan with lead-ins where nothing else helps, and with the price of cable in existing plant.

    Returns
    -------
    Settled
        The cheapest plan found, everything charged, with a bound of the whole problem. Each round
        costs one set of duties and one program.
    """
    wanted = prices if price_existing else None
    is_priced = np.full(layer.graph.n_edges, limits.budget_yuan is not None)
    best: Settled | None = None
    bound, has_lead_ins = 0.0, False
    for _ in range(_ROUNDS):
        start = time.monotonic()
        model = build_model(audit, layer, builds, sites, wanted, is_priced=is_priced)
        model = replace(model, entrance_yuan=prices.entrance_yuan)
        duties = find_duties(model.problem, limits.count_risks)
        if duties.unavoidable and not has_lead_ins:
            has_lead_ins = True
            at = buildings_cut_at_the_door(model, duties.unavoidable)
            more = lead_ins(audit.network, prices, at, builds)
            if len(more):
                builds = builds.joined(more)
                continue
        settled = settle(model, duties, limits)
        bound = max(bound, settled.plain_bound_yuan)
        unpaid = _unpaid(settled)
        settled = _charged(settled, unpaid)
        if (
            best is None or settled.rank <= best.rank
        ):  # of equal plans the later has the better bound
            best = settled
        took = time.monotonic() - start
        is_over = (
            settled.choice.solution.is_interrupted or time.monotonic() + took > limits.deadline
        )
        if len(unpaid) == 0 or is_over or _bounded(best, bound).is_proven:
            break
        is_priced |= _around(model, unpaid)
    assert best is not None  # noqa: S101 -- the first round at the latest gives a plan
    return replace(best, choice=replace(best.choice, solution=_bounded(best, bound)))


def _bounded(best: Settled, bound: float) -> Solution:
    """Set the best bound beside a plan: its own, or that of any round before it was repaired."""
    solution = best.choice.solution
    return solution.with_bound(max(bound, solution.lower_bound_yuan))


def _unpaid(settled: Settled) -> Ints:
    """Spans in which routes need a new cable that is not paid for in the plan."""
    model, problem = settled.model, settled.model.problem
    costs = np.append(model.span_yuan, np.zeros(len(problem.u) - model.n_spans))
    used: set[int] = set()
    for demand, pair in settled.pairs.items():
        if int(model.site[demand]) in settled.choice.left_out:
            continue
        own = set(problem.own.row(demand).tolist())
        ways = pair.second if pair.keeps_route else np.append(pair.first, pair.second)
        used |= set(ways.tolist()) - own
    used -= set(settled.choice.solution.chosen.tolist())
    return np.array(sorted(e for e in used if 0 < costs[e] < np.inf), dtype=np.int64)


def _charged(settled: Settled, unpaid: Ints) -> Settled:
    """Buy these spans as well, with the plan as it is."""
    if len(unpaid) == 0:
        return settled
    model, solution = settled.model, settled.choice.solution
    cost, free = model.problem.cost_yuan.copy(), model.problem.is_free.copy()
    cost[unpaid], free[unpaid] = model.span_yuan[unpaid], False
    problem = replace(model.problem, cost_yuan=cost, is_free=free)
    chosen = np.union1d(solution.chosen, unpaid)
    dearer = replace(solution, chosen=chosen, cost_yuan=problem.plan_cost_yuan(chosen)).with_bound(
        solution.lower_bound_yuan
    )
    return replace(
        settled, model=replace(model, problem=problem),
        choice=replace(settled.choice, solution=dearer),
    )  # fmt: skip


def _around(model: ProtectionModel, edges: Ints) -> NDArray[np.bool_]:
    """Mark spans a few steps around some; shape (edges of the layer,)."""
    problem, n = model.problem, model.n_spans
    u, v = problem.u[:n], problem.v[:n]
    near = np.zeros(problem.n_nodes, dtype=bool)
    near[u[edges]] = near[v[edges]] = True
    for _ in range(_STEPS):
        touched = near[u] | near[v]
        near[u[touched]] = near[v[touched]] = True
    result: NDArray[np.bool_] = near[u] & near[v]
    return result
