"""Ring protection by new plant: the least-cost builds with which sites survive any one risk."""

from __future__ import annotations

from netgraph.upgrades.protection.builds import Builds, candidate_builds
from netgraph.upgrades.protection.plan import ProtectionPlan, plan_protection
from netgraph.upgrades.protection.prices import PlantPrices, plant_prices
from netgraph.upgrades.protection.proposals import Proposal
from netgraph.upgrades.protection.rounds import PlanProgress
from netgraph.upgrades.protection.unprotected import Unprotected

__all__ = [
    "Builds",
    "PlanProgress",
    "PlantPrices",
    "Proposal",
    "ProtectionPlan",
    "Unprotected",
    "candidate_builds",
    "plan_protection",
    "plant_prices",
]
