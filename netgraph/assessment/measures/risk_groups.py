"""Rows of risk_groups.csv: everything that fails together as a group, with a number for others.

Recorded groups, hazard areas, spans suspected to lie in one trench, and with a radius the sets that
one disk hits. Ids and numbers are those of `netgraph simulate`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.diversity.failures.catalogue import recorded_groups
from netgraph.diversity.failures.descriptions import Descriptions
from netgraph.diversity.failures.disks import find_disk_members
from netgraph.diversity.failures.groups import join_groups, places_of_groups
from netgraph.diversity.failures.srlg import srlg_numbers
from netgraph.inventory.hazard_groups import points_in_areas

if TYPE_CHECKING:
    from netgraph.assessment.results import Results
    from netgraph.topology.csr import Csr

    Row = tuple[object, ...]

_MOST_NAMED = 100


def risk_group_rows(results: Results, radius_m: float | None) -> list[Row]:
    """Give one row a group, by id; O(members)."""
    network, described = results.network, Descriptions(results.network)
    inside = points_in_areas(network.inventory, results.areas)
    parts = [recorded_groups(network, results.audit.risks, inside)]
    if radius_m is not None:
        parts.append(find_disk_members(network, radius_m))
    groups = join_groups(parts)
    columns = (
        groups.ids, srlg_numbers(groups.ids).tolist(), groups.kinds, groups.names,
        *places_of_groups(groups, described.places).T.tolist(),
    )  # fmt: skip
    return [
        (*row, *_named(described, groups.members, k), *_named(described, groups.possible, k))
        for k, row in enumerate(zip(*columns, strict=True))
    ]


def _named(described: Descriptions, members: Csr, group: int) -> tuple[int, str]:
    """How many members a group has, and the first of them by id."""
    found = sorted(described.ids_of(members.row(group)))
    more = ";..." if len(found) > _MOST_NAMED else ""
    return len(found), ";".join(found[:_MOST_NAMED]) + more
