"""Networks that have only nodes and spans: readers, defects and the value that they make.

Open Fibre Data Standard (JSON, GeoJSON, CSV), GML topologies, and the plant of an inventory.
"""

from __future__ import annotations

from netgraph.inventory.plant.from_inventory import plant_network_from_inventory
from netgraph.inventory.plant.model import (
    PlantNetwork,
    PlantNodes,
    PlantRiskDoubt,
    PlantRiskGroup,
    PlantSpans,
)
from netgraph.inventory.plant.read import read_plant_network
from netgraph.inventory.plant.rules import PLANT_RULES

__all__ = [
    "PLANT_RULES",
    "PlantNetwork",
    "PlantNodes",
    "PlantRiskDoubt",
    "PlantRiskGroup",
    "PlantSpans",
    "plant_network_from_inventory",
    "read_plant_network",
]
