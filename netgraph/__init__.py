"""Route diversity, shared risk and scores for leased circuits.

>>> import netgraph as ng
>>> inventory = ng.read_inventory("bank")  # doctest: +SKIP
>>> assessment = ng.assess(inventory)  # doctest: +SKIP
>>> assessment.sites  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netgraph.assessment import Assessment as Assessment
    from netgraph.assessment import Options as Options
    from netgraph.assessment import assess as assess
    from netgraph.assessment import write_assessment as write_assessment
    from netgraph.assessment.comparison import compare_runs as compare_runs
    from netgraph.assessment.comparison import write_comparison as write_comparison
    from netgraph.assessment.corridors.find import shared_corridors as shared_corridors
    from netgraph.assessment.corridors.write import write_corridors as write_corridors
    from netgraph.assessment.impact.find import find_impact as find_impact
    from netgraph.assessment.impact.routes import read_planned_routes as read_planned_routes
    from netgraph.assessment.impact.write import write_impact as write_impact
    from netgraph.assessment.planning.bundle import choose_within as choose_within
    from netgraph.assessment.planning.bundle import choose_works as choose_works
    from netgraph.assessment.planning.run import UpgradeOptions as UpgradeOptions
    from netgraph.assessment.planning.run import plan_upgrades as plan_upgrades
    from netgraph.assessment.planning.value import UpgradePlan as UpgradePlan
    from netgraph.assessment.planning.write import write_upgrades as write_upgrades
    from netgraph.assessment.simulation.run import SimulationOptions as SimulationOptions
    from netgraph.assessment.simulation.run import simulate as simulate
    from netgraph.assessment.simulation.value import Simulation as Simulation
    from netgraph.assessment.simulation.write import write_simulation as write_simulation
    from netgraph.assessment.tracing.build import trace as trace
    from netgraph.assessment.tracing.write import write_trace as write_trace
    from netgraph.diversity.plant.assess import assess_plant as assess_plant
    from netgraph.diversity.plant.regional import regional_risk_groups as regional_risk_groups
    from netgraph.diversity.rules import load_rules as load_rules
    from netgraph.inventory import Inventory as Inventory
    from netgraph.inventory import check_inventory as check_inventory
    from netgraph.inventory import from_columns as from_columns
    from netgraph.inventory import read_inventory as read_inventory
    from netgraph.inventory import write_inventory as write_inventory
    from netgraph.inventory.hazard_areas import read_hazard_areas as read_hazard_areas
    from netgraph.inventory.plant import read_plant_network as read_plant_network
    from netgraph.report.trace.sheet import Trace as Trace
    from netgraph.scoring import load_scorecard as load_scorecard
    from netgraph.topology import LayeredNetwork as LayeredNetwork
    from netgraph.topology import build_network as build_network
    from netgraph.upgrades.prices import load_prices as load_prices
    from netgraph.verify import Verification as Verification
    from netgraph.verify import verify_certificates as verify_certificates
    from netgraph.works import WorksRegister as WorksRegister
    from netgraph.works.verifying import verify_works as verify_works

#: Where each public name lives; loaded when first used, so that `import netgraph` stays quick.
_HOMES = {
    "Assessment": "netgraph.assessment",
    "Inventory": "netgraph.inventory",
    "LayeredNetwork": "netgraph.topology",
    "Options": "netgraph.assessment",
    "Simulation": "netgraph.assessment.simulation.value",
    "SimulationOptions": "netgraph.assessment.simulation.run",
    "Trace": "netgraph.report.trace.sheet",
    "UpgradeOptions": "netgraph.assessment.planning.run",
    "UpgradePlan": "netgraph.assessment.planning.value",
    "Verification": "netgraph.verify",
    "WorksRegister": "netgraph.works",
    "assess": "netgraph.assessment",
    "assess_plant": "netgraph.diversity.plant.assess",
    "build_network": "netgraph.topology",
    "choose_within": "netgraph.assessment.planning.bundle",
    "choose_works": "netgraph.assessment.planning.bundle",
    "check_inventory": "netgraph.inventory",
    "compare_runs": "netgraph.assessment.comparison",
    "find_impact": "netgraph.assessment.impact.find",
    "from_columns": "netgraph.inventory",
    "load_rules": "netgraph.diversity.rules",
    "load_scorecard": "netgraph.scoring",
    "load_prices": "netgraph.upgrades.prices",
    "plan_upgrades": "netgraph.assessment.planning.run",
    "read_hazard_areas": "netgraph.inventory.hazard_areas",
    "read_inventory": "netgraph.inventory",
    "read_planned_routes": "netgraph.assessment.impact.routes",
    "read_plant_network": "netgraph.inventory.plant",
    "regional_risk_groups": "netgraph.diversity.plant.regional",
    "shared_corridors": "netgraph.assessment.corridors.find",
    "simulate": "netgraph.assessment.simulation.run",
    "trace": "netgraph.assessment.tracing.build",
    "verify_certificates": "netgraph.verify",
    "verify_works": "netgraph.works.verifying",
    "write_assessment": "netgraph.assessment",
    "write_comparison": "netgraph.assessment.comparison",
    "write_corridors": "netgraph.assessment.corridors.write",
    "write_impact": "netgraph.assessment.impact.write",
    "write_inventory": "netgraph.inventory",
    "write_simulation": "netgraph.assessment.simulation.write",
    "write_trace": "netgraph.assessment.tracing.write",
    "write_upgrades": "netgraph.assessment.planning.write",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605 - a list of names, computed once from one place


def __getattr__(name: str) -> object:
    """Load a public name from where it lives."""
    if name not in _HOMES:
        message = f"module 'netgraph' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
