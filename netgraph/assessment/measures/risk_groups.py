"""Rows of risk_groups.csv: everything that fails together as a group, with a number for others.

Recorded groups, hazard areas, spans suspected to lie in one trench, and with a radius the sets that
one disk hits. Ids and numbers are those of `netgraph simulate`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.failures.descriptions import Descriptions, mean_places
from netgraph.diversity.failures.disks import find_disk_members
from netgraph.diversity.failures.srlg import srlg_numbers
from netgraph.topology.csr import Csr, transpose

if TYPE_CHECKING:
    from netgraph.assessment.results import Results

    Row = tuple[object, ...]

_MOST_NAMED = 100


def risk_group_rows(results: Results, radius_m: float | None) -> list[Row]:
    """Give one row a group, by id; O(members)."""
    audit, network = results.audit, results.network
    risks, described = audit.risks, Descriptions(network)
    shown = np.flatnonzero(~risks.is_possible)
    recorded = network.inventory.table("risk_groups")
    names = [*recorded["name"].tolist(), *[""] * (len(shown) - len(recorded))]
    ids = [f"{'suspected' if risks.is_suspect[k] else 'risk_groups'}:{risks.ids[k]}" for k in shown]
    kinds = [str(kind) or "risk_group" for kind in risks.kinds[shown]]
    members = Csr(
        audit.risk_members.indptr[: len(shown) + 1],
        audit.risk_members.indices[: audit.risk_members.indptr[len(shown)]],
    )
    maybe = transpose(network.elements.possible_risks, len(recorded))
    places = mean_places(described.places, members)
    rows = [
        (*columns[:3], *at, *_named(described, members, k), *_named(described, maybe, k))
        for k, (columns, at) in enumerate(
            zip(zip(ids, kinds, names, strict=True), places.tolist(), strict=True)
        )
    ]
    if radius_m is not None:
        disks = find_disk_members(network, radius_m)
        columns = zip(
            disks.ids.tolist(), disks.kinds.tolist(), disks.names.tolist(), disks.lon.tolist(),
            disks.lat.tolist(), strict=True,
        )  # fmt: skip
        rows += [
            (*each, *_named(described, disks.members, k), 0, "") for k, each in enumerate(columns)
        ]
    numbers = srlg_numbers([str(row[0]) for row in rows])
    return [(row[0], int(number), *row[1:]) for row, number in zip(rows, numbers, strict=True)]


def _named(described: Descriptions, members: Csr, group: int) -> tuple[int, str]:
    """How many members a group has, and the first of them by id."""
    row = members.row(group) if group < len(members) else np.empty(0, dtype=np.int64)
    found = sorted(described.ids[row].tolist())
    more = ";..." if len(found) > _MOST_NAMED else ""
    return len(found), ";".join(found[:_MOST_NAMED]) + more
