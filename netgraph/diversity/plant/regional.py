"""Regional risk groups of a network of nodes and spans: what one disk can hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.diversity.geometry import regional_risk_groups as find_groups_of_lines
from netgraph.diversity.plant.lines import plant_lines
from netgraph.inventory.model import Inventory
from netgraph.inventory.plant.from_inventory import plant_network_from_inventory

if TYPE_CHECKING:
    from netgraph.inventory.plant.model import PlantNetwork


def regional_risk_groups(
    network: PlantNetwork | Inventory, radius_m: float
) -> frozenset[frozenset[str]]:
    """Find the inclusion-maximal sets of spans that one closed disk of a radius hits.

    Parameters
    ----------
    network
        Nodes and spans, as :func:`netgraph.read_plant_network` reads them, or an inventory, whose
        plant is taken. Spans that are not in service or that repeat another row are left out.
        A span without a drawn line is taken as straight between its nodes; one whose nodes have
        no place is in no group: what is not located cannot be said to be clear of anything.
    radius_m
        Radius of the disk in metres; in the unit of the coordinates when those are planar.

    Returns
    -------
    frozenset of frozenset of str
        Span ids. Exact in the plane up to 1e-9 of the size; on the earth in a local projection
        (:mod:`netgraph.diversity.geometry.regional`). What touches is hit. O(p n^2) for p straight
        pieces with n others within two radii of each.

    Raises
    ------
    UsageError
        The radius is not positive and finite.

    Notes
    -----
    Source: Tapolcai, Ronyai, Vass, Gyimothi, "List of shared risk link groups representing
    regional failures with limited size", IEEE INFOCOM 2017.
    """
    plant = plant_network_from_inventory(network) if isinstance(network, Inventory) else network
    geometry = plant_lines(plant).standing_geometry
    found = find_groups_of_lines(geometry, radius_m, planar=plant.is_planar)
    ids = plant.spans.ids
    return frozenset(frozenset(map(str, ids[list(group)])) for group in found.groups())
