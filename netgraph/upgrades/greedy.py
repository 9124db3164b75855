"""The list by value per cost that a planner would draw up: the best bundle first, then the next.

A baseline beside the optimum, never called one. After every pick the value of what is left is
reckoned anew, since what two bundles share is paid for, and cured, once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netgraph.upgrades.model import AS_IS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from netgraph.upgrades.model import Configuration, Cure, PlanModel


@dataclass(frozen=True)
class Pick:
    """One pick: the actions that it adds, and the totals with it."""

    actions: tuple[int, ...]
    cost: float
    benefit: float


def pick_greedily(model: PlanModel, budget: float = math.inf) -> list[Pick]:
    """Pick bundles by benefit per cost until nothing that fits adds anything.

    Bundles are the cheapest cures of one item, of all items, and of the next grade of one site, on
    each of its routes. O(picks x bundles of the sites that a pick touches).
    """
    bundles = sorted({b for b in _bundles(model) if b}, key=sorted)
    touching: dict[int, list[int]] = {}
    for number, bundle in enumerate(bundles):
        for site in _sites(model, bundle):
            touching.setdefault(site, []).append(number)
    chosen: frozenset[int] = frozenset()
    value = [_value(model, chosen, bundle) for bundle in bundles]
    alive = [ratio > 0 for ratio, _, _ in value]
    picks: list[Pick] = []
    cost = benefit = 0.0
    while True:
        best = max(
            (n for n, ok in enumerate(alive) if ok), key=lambda n: (value[n][0], -n), default=None
        )
        if best is None:
            return picks
        _, more_cost, more_benefit = value[best]
        wanted = chosen | bundles[best]
        if cost + more_cost > budget or not model.is_feasible(wanted):
            alive[best] = False
            continue
        added = tuple(sorted(wanted - chosen))
        chosen, cost, benefit = wanted, round(cost + more_cost, 2), benefit + more_benefit
        picks.append(Pick(added, cost, benefit))
        for number in {
            n for site in _sites(model, frozenset(added)) for n in touching.get(site, ())
        }:
            value[number] = _value(model, chosen, bundles[number])
            alive[number] &= value[number][0] > 0
        alive[best] = False


def _sites(model: PlanModel, actions: frozenset[int]) -> set[int]:
    return {site for action in actions for site in model.sites_of_action[action]}


def _value(
    model: PlanModel, chosen: frozenset[int], bundle: frozenset[int]
) -> tuple[float, float, float]:
    """Benefit per yuan, cost and benefit of what a bundle adds; nothing if it adds no benefit."""
    added = bundle - chosen
    if not added:
        return 0.0, 0.0, 0.0
    wanted = chosen | bundle
    sites = sorted(_sites(model, added))
    gained = sum(
        model.outcome(site, wanted).benefit - model.outcome(site, chosen).benefit for site in sites
    )
    cost = model.cost(added)
    if gained <= 1e-9 or math.isnan(cost):
        return 0.0, 0.0, 0.0
    return gained / max(cost, 1e-6), cost, gained


def _bundles(model: PlanModel) -> Iterator[frozenset[int]]:
    for site in model.sites:
        for now in site.configurations:
            line = [] if now.line == AS_IS else [now.line]
            cures = [(cure, cheapest) for cure in now.cures if (cheapest := _cheapest(model, cure))]
            if line:
                yield model.closure(line)
            for _, actions in cures:
                yield model.closure([*line, *actions])
            yield model.closure([*line, *(a for _, actions in cures for a in actions)])
            for pct in model.grades:
                yield model.closure([*line, *_for_grade(model, now, cures, pct)])


def _cheapest(model: PlanModel, cure: Cure) -> frozenset[int]:
    """Cheapest action of each row; nothing if a row has none with a price."""
    found = set()
    for row in cure.rows:
        priced = [a for a in row if not math.isnan(model.costs[a])]
        if not priced:
            return frozenset()
        found.add(min(priced, key=lambda a: (model.costs[a], a)))
    return frozenset(found)


def _for_grade(
    model: PlanModel, now: Configuration, cures: Sequence[tuple[Cure, frozenset[int]]], pct: int
) -> frozenset[int]:
    """Add cures by points per cost until a grade is reached."""
    raw, taken = now.raw, frozenset[int]()
    order = sorted(cures, key=lambda c: (-c[0].points / max(model.cost(c[1]), 1.0), c[0].item))
    for cure, actions in order:
        if raw * 100 >= pct * now.applicable:
            break
        raw, taken = raw + cure.points, taken | actions
    return taken
