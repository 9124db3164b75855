"""The plant of an inventory as a network of nodes and spans.

Structures, offices and sites are the nodes. Risk groups are the explicit ones with members among
them and the spans, and every trench that holds several spans
(:mod:`netgraph.inventory.plant.risk_groups`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.inventory.checks.lookup import Lookup
from netgraph.inventory.checks.references import check_references, check_risk_members
from netgraph.inventory.plant.checks_nodes import check_isolated
from netgraph.inventory.plant.checks_spans import (
    check_dangling,
    check_lines,
    check_not_in_service,
    check_topology,
)
from netgraph.inventory.plant.model import PlantNetwork, PlantNodes, PlantSpans
from netgraph.inventory.plant.resolve import compare_ends, judge_use, rows_of_ids
from netgraph.inventory.plant.risk_groups import (
    PlantMembers,
    explicit_groups,
    membership_doubt,
    trenches,
)
from netgraph.inventory.plant.rules import plant_finding, with_places
from netgraph.messages import Message

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.inventory.findings import Finding
    from netgraph.inventory.model import Inventory
    from netgraph.inventory.plant.resolve import LineEnds

    Objects = NDArray[np.object_]

# Where an id stands in several tables, the first of these has it for its spans.
NODE_TABLES = ("structures", "offices", "sites")


def plant_network_from_inventory(inventory: Inventory) -> PlantNetwork:
    """Take nodes, spans and risk groups from an inventory.

    Parameters
    ----------
    inventory
        Any inventory; plane coordinates will do.

    Returns
    -------
    PlantNetwork
        Only spans in service between places in service are used. The findings are those of
        reading the inventory and those about its plant.
    """
    nodes, node_findings = _nodes(inventory)
    spans, ends = _spans(inventory, nodes)
    lookup = Lookup(inventory)
    members = PlantMembers(lookup, NODE_TABLES)
    findings = [
        *inventory.findings,
        *check_risk_members(lookup),
        *check_references(lookup, ("risk_members",)),
        *node_findings,
        *check_isolated(nodes, spans),
        *check_dangling(spans),
        *check_topology(spans),
        *check_lines(spans, ends),
        *check_not_in_service(spans, inventory.table("spans")["status"]),
    ]
    return PlantNetwork(
        name=_name(inventory),
        nodes=nodes,
        spans=spans,
        risk_groups=(*explicit_groups(members), *trenches(spans)),
        has_risk_records=inventory.table("risk_members").is_recorded,
        risk_doubt=membership_doubt(members),
        crs=inventory.crs,
        findings=tuple(sorted(with_places(findings, _places(inventory, findings)))),
        sources=inventory.sources,
    )


def _places(inventory: Inventory, findings: list[Finding]) -> dict[tuple[str, str], str]:
    """Where the rows of some findings are, by table and id."""
    wanted = {(finding.table, finding.row_id) for finding in findings}
    return {
        (name, identifier): table.where(row)
        for name, table in ((name, inventory.table(name)) for name in (*NODE_TABLES, "spans"))
        for row, identifier in enumerate(table["id"])
        if (name, identifier) in wanted
    }


def _name(inventory: Inventory) -> str:
    table = inventory.table("inventory")
    return str(table["name"][0]) if len(table) else ""


def _nodes(inventory: Inventory) -> tuple[PlantNodes, list[Finding]]:
    tables = [inventory.table(name) for name in NODE_TABLES]
    names = [table["name"] if "name" in table.columns else _blank(len(table)) for table in tables]
    kinds = [table["kind"] if "kind" in table.columns else _blank(len(table)) for table in tables]
    ids = np.concatenate([table["id"] for table in tables])
    table_names = np.repeat(np.array(NODE_TABLES, dtype=object), [len(table) for table in tables])
    repeated = _is_repeated(ids)
    findings = [
        plant_finding(
            "ND979",
            table_names[row],
            ids[row],
            Message(
                "Another table of places has the same id: the node is written with its table "
                "in front."
            ),
        )
        for row in np.flatnonzero(repeated)
    ]
    ids[repeated] = table_names[repeated] + "/" + ids[repeated]
    nodes = PlantNodes(
        ids=ids,
        names=np.concatenate(names),
        tables=table_names,
        kinds=np.concatenate(kinds),
        statuses=np.concatenate([table["status"] for table in tables]),
        lon=np.concatenate([table["lon"] for table in tables]),
        lat=np.concatenate([table["lat"] for table in tables]),
    )
    return nodes, findings


def _is_repeated(ids: Objects) -> NDArray[np.bool_]:
    """Whether an earlier row has the same id, shape (n,)."""
    seen: set[str] = set()
    repeated = np.zeros(len(ids), dtype=bool)
    for row, identifier in enumerate(ids):
        repeated[row] = identifier in seen
        seen.add(identifier)
    return repeated


def _spans(inventory: Inventory, nodes: PlantNodes) -> tuple[PlantSpans, LineEnds]:
    table = inventory.table("spans")
    from_nodes = rows_of_ids(nodes.ids, table["from_id"])
    to_nodes = rows_of_ids(nodes.ids, table["to_id"])
    ends = compare_ends(nodes, from_nodes, to_nodes, table["geometry"], planar=inventory.crs == "")
    blank = _blank(len(table))
    spans = PlantSpans(
        ids=table["id"],
        names=blank,
        from_ids=table["from_id"],
        to_ids=table["to_id"],
        from_nodes=from_nodes,
        to_nodes=to_nodes,
        statuses=table["status"],
        length_m=table["length_m"],
        geometry=table["geometry"],
        end_gap_m=ends.gap_m,
        is_geometry_sound=ends.is_sound,
        trench_ids=table["trench_id"],
        media=table["medium"],
        owners=table["owner"],
        used=blank == "",
        unused_reasons=blank,
        duplicate_of=np.full(len(table), -1, dtype=np.int64),
    )
    return judge_use(nodes, spans, table["status"]), ends


def _blank(size: int) -> Objects:
    return np.full(size, "", dtype=object)
