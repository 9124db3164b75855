"""Plan with second entrances and longer ways among the candidates, where nothing else helps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netgraph.upgrades.protection.drafting import build_model
from netgraph.upgrades.protection.duties import find_duties
from netgraph.upgrades.protection.far_builds import far_builds
from netgraph.upgrades.protection.lead_ins import buildings_cut_at_the_door, lead_ins
from netgraph.upgrades.protection.rounds import settle

if TYPE_CHECKING:
    from collections.abc import Collection

    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.run import Audit
    from netgraph.upgrades.protection.builds import Builds
    from netgraph.upgrades.protection.prices import PlantPrices
    from netgraph.upgrades.protection.rounds import Limits, Settled


def plan_with_entrances(
    audit: Audit, layer: SearchLayer, builds: Builds, sites: Collection[int],
    prices: PlantPrices, limits: Limits, *, price_existing: bool,
) -> Settled:  # fmt: skip
    """Bring the problem to rest, with lead-ins to the buildings that are cut off at their door.

    Where ways are generated at all, longer ones lead around what nothing else avoids.
    """
    wanted = prices if price_existing else None
    model = build_model(audit, layer, builds, sites, wanted)
    duties = find_duties(model.problem, limits.count_risks)
    if duties.unavoidable:
        at = buildings_cut_at_the_door(model, duties.unavoidable)
        more = lead_ins(audit.network, prices, at, builds)
        if not len(audit.network.inventory.table("corridors")):
            more = more.joined(far_builds(model, prices, duties.unavoidable, builds.joined(more)))
        if len(more):
            joined = builds.joined(more)
            model = build_model(audit, layer, joined, sites, wanted, risks=duties.cutting)
            duties = find_duties(model.problem, limits.count_risks)
    return settle(replace(model, entrance_yuan=prices.entrance_yuan), duties, limits)
