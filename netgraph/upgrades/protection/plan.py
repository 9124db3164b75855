"""The plan of ring protection for a set of sites: from the records to proposals with a bound."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from netgraph.diversity.achievable.layers import build_layer
from netgraph.upgrades.protection.builds import candidate_builds
from netgraph.upgrades.protection.entrances import plan_with_entrances
from netgraph.upgrades.protection.proposals import make_proposals
from netgraph.upgrades.protection.refining import refined_plan
from netgraph.upgrades.protection.rounds import Limits
from netgraph.upgrades.protection.unprotected import UNPROVEN, Unprotected, list_unprotected
from netgraph.upgrades.stopping import StoppedError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from netgraph.diversity.audit.run import Audit
    from netgraph.inventory.findings import Finding
    from netgraph.topology import LayeredNetwork
    from netgraph.upgrades.protection.builds import Builds
    from netgraph.upgrades.protection.prices import PlantPrices
    from netgraph.upgrades.protection.proposals import Proposal
    from netgraph.upgrades.protection.rounds import PlanProgress, Settled
    from netgraph.upgrades.routing import RingWork

#: Of the time, for a plan on spans that only shows what there is to survive.
_DRAFT_SHARE = 0.4


@dataclass(frozen=True)
class ProtectionPlan:
    """The least-cost builds for a set of sites, or the best found with a bound.

    Attributes
    ----------
    proposals
        Builds that belong together, with the sites that they serve.
    cost_yuan
        New plant with the cable in it, and new cable in existing plant wherever the routes ride on
        no link or spare cable (nothing for the latter if it was not to be priced).
    lower_bound_yuan
        No plan that protects the same sites against the same risks costs less: a bound of the
        whole problem, new cable in existing plant included.
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
    price_existing: bool = True,
    progress: Callable[[PlanProgress], None] | None = None,
) -> ProtectionPlan:
    """Find the cheapest new plant that lets each site survive the failure of any one thing.

    A proven optimum, or the best plan found with a bound that holds for the whole problem; also
    where somebody asks to stop. As long as it is not known what cuts the sites off, that is a plan
    of nothing, with every site unproven.

    Parameters
    ----------
    sites
        Places of the sites.
    budget_yuan
        If given: protect sites of the greatest total weight for no more than that.
    weights
        Weight of each place; 1 where it has none.
    seconds
        Time limit of solving and checking; where new cable is priced, two fifths of it on spans,
        the rest on links, cables and spans. Finding what cuts the sites off comes before each.
    max_corridor_m
        Longest generated build; corridors on record are taken as they are.
    price_existing
        Count new cable in existing plant.
    progress
        Called from time to time with how far it is.

    Returns
    -------
    ProtectionPlan
    """
    builds = candidate_builds(network, prices, sites, max_corridor_m=max_corridor_m)
    drafting = _DRAFT_SHARE * seconds if price_existing else seconds
    limits = Limits(drafting, budget_yuan=budget_yuan, weights=weights or {}, progress=progress)
    try:
        settled = plan_with_entrances(
            audit, build_layer(audit, "spans"), builds, sites, prices, limits,
            price_existing=price_existing,
        )  # fmt: skip
        if price_existing:
            settled = refined_plan(settled, prices, replace(limits, seconds=seconds - drafting))
    except StoppedError:
        return _nothing(network, builds, sites)
    return _plan(settled, sites)


def _nothing(network: LayeredNetwork, builds: Builds, sites: Collection[int]) -> ProtectionPlan:
    """Give the plan that was stopped before there was any."""
    ids = network.places.ids
    unproven = tuple(Unprotected(str(ids[place]), UNPROVEN) for place in sorted(sites))
    return ProtectionPlan(
        (), 0.0, 0.0, 0.0, is_proven=False, protected=(), needs_nothing=(), unprotected=unproven,
        unpriced=builds.unpriced, findings=builds.findings,
    )  # fmt: skip


def _plan(settled: Settled, sites: Collection[int]) -> ProtectionPlan:
    model, choice, duties = settled.model, settled.choice, settled.duties
    solution, ids = choice.solution, model.audit.network.places.ids
    proposals = make_proposals(
        model, choice.duties, solution.chosen, settled.pairs, settled.refined
    )
    unprotected = list_unprotected(
        model, duties, settled.pairs, sites, choice.left_out, proposals
    )  # fmt: skip
    lost = {entry.site_id for entry in unprotected}
    protected = [str(ids[p]) for p in sorted(set(model.site.tolist())) if str(ids[p]) not in lost]
    served = {site for proposal in proposals for site in proposal.sites}
    return ProtectionPlan(
        proposals=proposals,
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
