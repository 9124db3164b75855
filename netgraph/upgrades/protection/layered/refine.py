"""Plan the rings again on the layered plant: what to build and lay, for whom, and the bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import search_clock
from netgraph.upgrades.protection.layered.buying import Bought, Buyer
from netgraph.upgrades.protection.layered.contraction import contracted
from netgraph.upgrades.protection.layered.pairs import PairFinder
from netgraph.upgrades.protection.layered.plans import Planner
from netgraph.upgrades.protection.layered.plant import layered_plant
from netgraph.upgrades.protection.layered.reduction import reduce_plant
from netgraph.upgrades.protection.layered.relaxation import TOLERANCE, Relaxation
from netgraph.upgrades.protection.layered.survival import find_survival
from netgraph.upgrades.stopping import is_stop_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.layered.reduction import ReducedPlant
    from netgraph.upgrades.protection.model import ProtectionModel
    from netgraph.upgrades.protection.prices import PlantPrices
    from netgraph.upgrades.protection.rounds import Limits

_CHOOSE_SHARE = 0.3  # of the time, for choosing sites within a budget
_RELAX_SHARE, _PROVE_SHARE = 0.4, 0.5  # of what is left; the rest is for the pairs
_PLAN_SHARE, _LONG_S = 0.3, 2.0  # of the time of the relaxation, where plans take longer than that


class Step(NamedTuple):
    """One piece of a route: kind and position in its table, and whether it is passed backwards."""

    kind: int
    item: int
    is_reversed: bool


@dataclass(frozen=True, eq=False)
class Refined:
    """What is to be built and laid so that every demand has what it needs.

    Attributes
    ----------
    yuan
        Price of each edge of the model: a cable in a span, new plant.
    needs
        Demand to the edges of the model that cost money and that it needs.
    routes
        Demand to its two routes, where a pair without a common risk was found.
    lower_bound_yuan
        No plan with which these demands survive what could be survived costs less.
    left_out, weight_bound
        With a budget: places that it is not enough for, and what no plan within it weighs more
        than.
    """

    yuan: NDArray[np.float64]
    needs: Mapping[int, Ints] = field(default_factory=dict)
    routes: Mapping[int, tuple[tuple[Step, ...], tuple[Step, ...]]] = field(default_factory=dict)
    lower_bound_yuan: float = 0.0
    n_rows: int = 0
    left_out: frozenset[int] = frozenset()
    weight_bound: float = np.inf

    def cost_yuan(self, edges: Ints) -> float:
        """Add up edges of the model, every one once."""
        return float(self.yuan[np.unique(edges)].sum())


def refine(model: ProtectionModel, prices: PlantPrices, limits: Limits) -> Refined:
    """Find the least new cable and plant for all demands, with a bound of the whole problem.

    The bound is that of the survival of any one failure, proven; the plan is the best that was
    found in which every demand has two routes without a common risk.

    Raises
    ------
    StoppedError
        If somebody asks to stop before there is a plan.
    """
    whole = layered_plant(model, prices)
    plant = reduce_plant(whole, find_survival(whole, limits.count_risks), limits.count_risks)
    yuan = np.full(len(model.problem.u), np.inf)
    options = np.flatnonzero(whole.is_option)
    yuan[whole.edges_of(options)] = whole.cost_yuan[options]
    if not plant.pairs:
        return Refined(yuan)
    start, n = search_clock(), plant.n_options
    buyer = None if limits.budget_yuan is None else Buyer(plant, model.site, limits)
    if buyer:
        buyer.choose(start + _CHOOSE_SHARE * limits.seconds)
    part = buyer.plant if buyer else plant
    search = _Search(part, limits.tell_costs)
    begun = search_clock()
    left_s = max(start + limits.seconds - begun, 0.0)
    search.relax(begun + _RELAX_SHARE * left_s)
    search.prove(begun + _PROVE_SHARE * left_s)
    found = dict(PairFinder(part).find(search.plan, start + limits.seconds))
    used = search.planner.needs(search.plan)
    bought = Bought({d: found[d].options(n) if d in found else o for d, o in used.items()}, found)
    relaxation = search.relaxation
    if buyer and buyer.settle(bought, start + limits.seconds):
        # A bound for other sites than these is none for them.
        relaxation = Relaxation(buyer.plant)
        for _ in relaxation.solve(search_clock() + _CHOOSE_SHARE * limits.seconds):
            limits.count_risks(0, 1)
    return Refined(
        yuan,
        {d: plant.options_of(options) for d, options in bought.needs.items()},
        {d: (_steps(plant, d, pair.first), _steps(plant, d, pair.second))
         for d, pair in bought.routes.items()},
        relaxation.bound, relaxation.n_rows,
        frozenset() if buyer is None else buyer.left_out,
        np.inf if buyer is None else buyer.weight_bound,
    )  # fmt: skip


class _Search:
    """The best plan so far that survives everything, and the relaxation that bounds it."""

    def __init__(self, plant: ReducedPlant, tell: Callable[[str, float, float], None]) -> None:
        plant = contracted(plant)
        self._tell, self.planner = tell, Planner(plant)
        self.relaxation = Relaxation(plant)
        start = search_clock()
        self.plan = self.planner.around(self.relaxation.share)
        self._planned_s = search_clock() - start
        self.tell("first plan")

    def relax(self, deadline: float) -> None:
        """Solve the relaxation, and make plans near its solutions.

        Where one takes long, plans get no more than a third of the time: the bound needs the rest.
        """
        begun = search_clock()
        for step, _ in enumerate(self.relaxation.solve(deadline)):
            start = search_clock()
            is_long = self._planned_s > _LONG_S
            is_dear = is_long and self._planned_s > _PLAN_SHARE * (start - begun)
            if step % 4 == 0 and not is_dear:
                self._take(self.planner.around(self.relaxation.share))
                self._planned_s += search_clock() - start
            self.tell("relaxation")
        self._take(self.planner.around(self.relaxation.share))

    def prove(self, deadline: float) -> None:
        """Solve for whole options, until the plan misses no row."""
        while self.relaxation.is_settled and not self._is_over(deadline):
            cost = self.planner.cost_yuan(self.plan)
            whole = self.relaxation.prove(cost, deadline)
            self.tell("integer program")
            if whole is None or self._is_over(deadline):
                return
            plan = whole > 0.5
            is_missing = self.relaxation.add_missed(plan, deadline)
            self._take(self.planner.pruned(self.planner.completed(plan, self.planner.costs)))
            if not is_missing:
                return

    def _is_over(self, deadline: float) -> bool:
        cost = self.planner.cost_yuan(self.plan)
        is_proven = self.relaxation.bound >= cost - TOLERANCE * max(1.0, cost)
        return is_proven or search_clock() >= deadline or is_stop_asked()

    def _take(self, plan: NDArray[np.bool_]) -> None:
        if self.planner.cost_yuan(plan) < self.planner.cost_yuan(self.plan):
            self.plan = plan

    def tell(self, step: str) -> None:
        """Tell how far it is."""
        self._tell(step, self.planner.cost_yuan(self.plan), self.relaxation.bound)


def _steps(plant: ReducedPlant, demand: int, route: Ints) -> tuple[Step, ...]:
    """Take a route apart into links, cables, spans and builds, from the site."""
    layered, web = plant.plant, plant.plant.web
    node, here = int(web.source[demand]), int(plant.web.source[demand])
    found = []
    for edge in route.tolist():
        is_turned = int(plant.web.u[edge]) != here
        here = int(plant.web.u[edge] if is_turned else plant.web.v[edge])
        parts = plant.parts.row(edge)
        for part in (parts[::-1] if is_turned else parts).tolist():
            is_reversed = int(web.u[part]) != node
            node = int(web.u[part] if is_reversed else web.v[part])
            found.append(Step(int(layered.kind[part]), int(layered.item[part]), is_reversed))
    return tuple(found)
