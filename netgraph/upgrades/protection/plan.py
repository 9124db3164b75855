"""The plan of ring protection for a set of sites: from the records to proposals with a bound."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.layers import build_layer
from netgraph.topology.places import OFFICE
from netgraph.upgrades.protection.budget import solve_budget
from netgraph.upgrades.protection.builds import candidate_builds
from netgraph.upgrades.protection.duties import find_duties
from netgraph.upgrades.protection.model import build_model
from netgraph.upgrades.protection.pairs import find_planned_pairs
from netgraph.upgrades.protection.proposals import make_proposals
from netgraph.upgrades.protection.solve import solve

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from netgraph.diversity.audit.run import Audit
    from netgraph.inventory.findings import Finding
    from netgraph.topology import LayeredNetwork
    from netgraph.upgrades.protection.duties import Duties, Duty
    from netgraph.upgrades.protection.model import ProtectionModel
    from netgraph.upgrades.protection.pairs import PlannedPair
    from netgraph.upgrades.protection.prices import PlantPrices
    from netgraph.upgrades.protection.proposals import Proposal
    from netgraph.upgrades.protection.solve import Solution
    from netgraph.upgrades.routing import RingWork

#: Why a site is not, or not wholly, protected.
NO_ROUTE = "no_route_in_plant"
NO_CANDIDATE = "no_candidate_avoids"
NO_PAIR = "no_disjoint_pair"
UNPROVEN = "unproven"
OVER_BUDGET = "over_budget"
NO_CIRCUIT = "no_circuit"
MISSING_RECORD = "missing_record"

#: How often a plan is made again with risks that turned out not to be tolerable.
_ROUNDS = 4


@dataclass(frozen=True)
class Unprotected:
    """A site that the plan leaves with a risk, and why.

    Attributes
    ----------
    reason
        `no_route_in_plant`: the recorded plant joins it to no centre. `no_candidate_avoids`: it is
        protected against everything but `against`. `no_disjoint_pair`: it survives any one risk,
        but no two routes are without a common one. `unproven`: the search for two such routes ran
        out of time or was interrupted. `missing_record`: it has two routes, but the building of an
        office on them is not recorded. `over_budget`; `no_circuit`.
    against
        Ids of what cuts it off whatever is built (the whole of a risk in one entry), or of the
        offices whose building is missing.
    """

    site_id: str
    reason: str
    against: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlanProgress:
    """How far a plan is.

    Attributes
    ----------
    step
        What is being done.
    done, whole
        Risks looked at, of how many; 0 in later steps.
    cost_yuan, lower_bound_yuan
        Cost of the best plan so far, and what every plan costs at least; None before there is one.
    """

    step: str
    done: int = 0
    whole: int = 0
    cost_yuan: float | None = None
    lower_bound_yuan: float | None = None


@dataclass(frozen=True)
class ProtectionPlan:
    """The least-cost builds for a set of sites, or the best found with a bound.

    Attributes
    ----------
    proposals
        Builds that belong together, with the sites that they serve.
    cost_yuan
        New plant with the cable in it. A cable through existing plant costs nothing here, unless
        it was asked for; it is paid where the routes are drawn up.
    lower_bound_yuan
        No plan that protects the same sites against the same risks costs less.
    gap
        Part of the cost that is not proven to be needed; 0 for an optimum.
    protected
        Sites with two routes that share nothing but what nothing avoids.
    needs_nothing
        Those of them that need no new plant.
    unprotected
        Sites that keep a risk, and why.
    unpriced
        Candidates without a price: never chosen.
    findings
        Corridors that could not be used.
    weight, weight_bound
        With a budget: weight of the sites that it protects (the bound of the cost is for these
        sites), and what no plan within it exceeds; else None.
    """

    proposals: tuple[Proposal, ...]
    cost_yuan: float
    lower_bound_yuan: float
    gap: float
    is_proven: bool
    protected: tuple[str, ...]
    needs_nothing: tuple[str, ...]
    unprotected: tuple[Unprotected, ...]
    unpriced: tuple[str, ...]
    findings: tuple[Finding, ...]
    weight: float | None = None
    weight_bound: float | None = None

    @property
    def works(self) -> tuple[RingWork, ...]:
        """What works on the line are drawn up from, one a proposal."""
        return tuple(proposal.work for proposal in self.proposals)


def plan_protection(  # noqa: PLR0913 -- keywords, each a choice of the planner
    network: LayeredNetwork,
    audit: Audit,
    sites: Collection[int],
    prices: PlantPrices,
    *,
    budget_yuan: float | None = None,
    weights: Mapping[int, float] | None = None,
    seconds: float = 300.0,
    max_corridor_m: float = 1000.0,
    price_existing: bool = False,
    progress: Callable[[PlanProgress], None] | None = None,
) -> ProtectionPlan:
    """Find the cheapest new plant that lets each site survive the failure of any one thing.

    A proven optimum, or the best plan found with a bound that holds for the whole problem. An
    interrupt from the keyboard keeps the best plan so far.

    Parameters
    ----------
    sites
        Places of the sites.
    budget_yuan
        If given: protect sites of the greatest total weight for no more than that.
    weights
        Weight of each place; 1 where it has none.
    seconds
        Time limit.
    max_corridor_m
        Longest generated build; corridors on record are taken as they are.
    price_existing
        Count a new cable in existing plant without spare cores (for small networks: it makes the
        problem much larger).
    progress
        Called from time to time with how far it is.

    Returns
    -------
    ProtectionPlan
    """
    deadline = time.monotonic() + seconds
    builds = candidate_builds(network, prices, sites, max_corridor_m=max_corridor_m)
    layer = build_layer(audit, "spans")
    model = build_model(audit, layer, builds, sites, prices if price_existing else None)
    for _ in range(_ROUNDS):
        duties = find_duties(model.problem, _counting(progress))
        left_s = 0.9 * max(deadline - time.monotonic(), 1.0)
        if budget_yuan is None:
            solution = solve(
                duties.duties, model.problem.cost_yuan, seconds=left_s,
                progress=_costing(progress),
            )  # fmt: skip
            choice = _Choice(solution, duties.duties, frozenset())
        else:
            choice = _choose(model, duties, budget_yuan, weights or {}, left_s)
        everybody = np.setdiff1d(np.arange(len(model.site)), duties.unconnected)
        pairs = find_planned_pairs(
            model, choice.solution.chosen, everybody, duties.unavoidable,
            seconds=max(deadline - time.monotonic(), 5.0),
        )  # fmt: skip
        more = {d: pair.beyond_tolerance for d, pair in pairs.items() if pair.beyond_tolerance}
        more = {d: risks for d, risks in more.items() if model.site[d] not in choice.left_out}
        if not more or deadline <= time.monotonic():
            break
        # What looked tolerable is not, on the routes of this plan: it must be survived as well.
        model = model.surviving(more)
    return _plan(model, duties, choice, pairs, sites)


@dataclass(frozen=True, eq=False)
class _Choice:
    """A solution, the duties that it meets, and the places that the budget leaves out."""

    solution: Solution
    duties: tuple[Duty, ...]
    left_out: frozenset[int]
    weight: float | None = None
    weight_bound: float | None = None


def _choose(
    model: ProtectionModel, duties: Duties, budget_yuan: float, weights: Mapping[int, float],
    seconds: float,
) -> _Choice:  # fmt: skip
    """Choose the sites that a budget protects."""
    places, site_of_demand = np.unique(model.site, return_inverse=True)
    weight = np.array([weights.get(place, 1.0) for place in places.tolist()], dtype=float)
    bought = solve_budget(
        duties.duties, model.problem.cost_yuan, site_of_demand, weight, budget_yuan,
        seconds=seconds,
    )  # fmt: skip
    left_out = frozenset(places[~bought.is_protected].tolist())
    met = tuple(
        duty for duty in duties.duties
        if not left_out.issuperset(model.site[list(duty.demands)].tolist())
    )  # fmt: skip
    return _Choice(bought.plan, met, left_out, bought.weight, bought.weight_bound)


def _plan(
    model: ProtectionModel, duties: Duties, choice: _Choice, pairs: Mapping[int, PlannedPair],
    sites: Collection[int],
) -> ProtectionPlan:  # fmt: skip
    solution, ids = choice.solution, model.audit.network.places.ids
    unprotected = _unprotected(model, duties, choice, pairs, sites)
    lost = {entry.site_id for entry in unprotected}
    protected = [str(ids[p]) for p in sorted(set(model.site.tolist())) if str(ids[p]) not in lost]
    served = {str(ids[model.site[d]]) for duty in choice.duties for d in duty.demands}
    return ProtectionPlan(
        proposals=make_proposals(model, choice.duties, solution.chosen, pairs),
        cost_yuan=solution.cost_yuan,
        lower_bound_yuan=solution.lower_bound_yuan,
        gap=solution.gap,
        is_proven=solution.is_proven,
        protected=tuple(protected),
        needs_nothing=tuple(site for site in protected if site not in served),
        unprotected=unprotected,
        unpriced=model.unpriced,
        findings=model.builds.findings,
        weight=choice.weight,
        weight_bound=choice.weight_bound,
    )


def _counting(
    progress: Callable[[PlanProgress], None] | None,
) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    return lambda done, whole: progress(PlanProgress("risks", done, whole))


def _costing(
    progress: Callable[[PlanProgress], None] | None,
) -> Callable[[str, float, float], None] | None:
    if progress is None:
        return None
    return lambda step, cost, bound: progress(
        PlanProgress(step, cost_yuan=cost, lower_bound_yuan=bound)
    )


def _unprotected(
    model: ProtectionModel, duties: Duties, choice: _Choice, pairs: Mapping[int, PlannedPair],
    sites: Collection[int],
) -> tuple[Unprotected, ...]:  # fmt: skip
    """Say of every site that keeps a risk why it does."""
    ids = model.audit.network.places.ids
    found: dict[int, Unprotected] = {
        place: Unprotected(str(ids[place]), NO_CIRCUIT)
        for place in sorted(set(sites) - set(model.site.tolist()))
    }
    for demand, place in enumerate(model.site.tolist()):
        name = str(ids[place])
        if demand in duties.unconnected:
            found[place] = Unprotected(name, NO_ROUTE)
        elif place in choice.left_out:
            found[place] = Unprotected(name, OVER_BUDGET)
        elif demand in duties.unavoidable:
            risks = duties.unavoidable[demand]
            against = tuple(dict.fromkeys(_names(model, risk) for risk in risks))
            found.setdefault(place, Unprotected(name, NO_CANDIDATE, against))
        elif demand not in pairs or pairs[demand].status == "unproven":
            found.setdefault(place, Unprotected(name, UNPROVEN))
        elif pairs[demand].status == "none":
            found.setdefault(place, Unprotected(name, NO_PAIR))
        elif lacking := _offices_without_building(model, demand, pairs[demand]):
            found.setdefault(place, Unprotected(name, MISSING_RECORD, lacking))
    return tuple(found[place] for place in sorted(found))


def _names(model: ProtectionModel, risk: int) -> str:
    """Ids of what a risk is."""
    audit = model.audit
    n = len(audit.network.elements)
    names = [
        str(audit.network.elements.ids[e] if e < n else audit.risks.ids[e - n])
        for e in model.risk_elements(risk)
    ]
    return " ".join(dict.fromkeys(names))


def _offices_without_building(
    model: ProtectionModel, demand: int, pair: PlannedPair
) -> tuple[str, ...]:
    """Ids of the offices on the way whose building is not recorded: nothing is proven there."""
    problem, places = model.problem, model.audit.network.places
    route = np.append(pair.first, pair.second)
    ends = [int(problem.source[demand]), *problem.sinks.row(demand).tolist()]
    nodes = np.setdiff1d(np.append(problem.u[route], problem.v[route]), ends)
    bare = (places.kind == OFFICE) & (places.building < 0)
    bare &= np.isin(model.layer.node_of_place, nodes)
    return tuple(str(name) for name in places.ids[bare])
