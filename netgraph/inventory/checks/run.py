"""Run every check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.inventory.checks import cables, circuits, ledgers, likeness, plant, references
from netgraph.inventory.checks.lookup import Lookup
from netgraph.inventory.findings import sort_findings

if TYPE_CHECKING:
    from collections.abc import Callable

    from netgraph.inventory.findings import Finding
    from netgraph.inventory.model import Inventory

CHECKS: tuple[Callable[[Lookup], list[Finding]], ...] = (
    references.check_references,
    references.check_risk_members,
    references.check_record_subjects,
    references.check_ambiguous_ids,
    references.check_needed_tables,
    references.check_orders,
    cables.check_cables_have_spans,
    cables.check_cable_routes,
    cables.check_capacities,
    cables.check_uses,
    cables.check_loops,
    plant.check_buildings,
    plant.check_lengths,
    plant.check_unknown_lengths,
    plant.check_line_ends,
    plant.check_duplicate_spans,
    plant.check_trenches,
    plant.check_access_reach,
    circuits.check_routes_exist,
    circuits.check_route_ends,
    circuits.check_routes_differ,
    circuits.check_sites,
    circuits.check_tiers,
    circuits.check_groups,
    circuits.check_carriers,
    likeness.check_alike_names,
    likeness.check_islands,
    likeness.check_near_points,
    ledgers.check_dates,
    ledgers.check_faults,
    ledgers.check_records,
)


def check_inventory(inventory: Inventory) -> tuple[Finding, ...]:
    """Find everything that is wrong with an inventory.

    Parameters
    ----------
    inventory
        As read.

    Returns
    -------
    tuple of Finding
        What reading found and what the checks find, sorted, each once. No record is changed.
        The cost is near-linear in the rows.
    """
    lookup = Lookup(inventory)
    found = (finding for check in CHECKS for finding in check(lookup))
    return sort_findings((*inventory.findings, *found))
