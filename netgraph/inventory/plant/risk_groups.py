"""The risk groups of an inventory as the plant has them, and what `risk_members` leaves open.

A row of `risk_members` whose element is in no table is a lost member: something fails together with
its group, but nobody knows what. It may be any one node or span. So what is known to belong to the
group may share it with all else, and two lost members of one group may be on any two routes. A row
about a group that is not recorded leaves open what its element fails together with.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from netgraph.inventory.plant.model import PlantRiskDoubt, PlantRiskGroup
from netgraph.inventory.plant.resolve import rows_of_ids

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from netgraph.inventory.checks.lookup import Lookup
    from netgraph.inventory.model import Table
    from netgraph.inventory.plant.model import PlantSpans

    Rows = NDArray[np.int64]


class PlantMembers:
    """Rows of `risk_members` with the nodes and spans that they name, -1 for another thing.

    Parameters
    ----------
    lookup
        The inventory.
    node_tables
        Tables of the nodes, in the order in which these are numbered.
    """

    def __init__(self, lookup: Lookup, node_tables: Sequence[str]) -> None:
        self.rows = lookup.table("risk_members")
        self.node = np.full(len(self.rows), -1, dtype=np.int64)
        first = 0
        for name in node_tables:
            mine, found = self._named(lookup.table(name))
            self.node[mine] = np.where(found >= 0, found + first, -1)
            first += len(lookup.table(name))
        self.span = np.full(len(self.rows), -1, dtype=np.int64)
        mine, found = self._named(lookup.table("spans"))
        self.span[mine] = found
        self.is_lost = _is_lost(lookup, self.rows)
        # A row of another table means no place, unless its id is one: then the table may be wrong.
        ids = np.concatenate([lookup.table(name)["id"] for name in node_tables])
        self.may_be_place = np.isin(self.rows["table"].astype(str), [*node_tables, ""])
        self.may_be_place |= rows_of_ids(ids, self.rows["element_id"]) >= 0
        self.has_group = lookup.references("risk_members", "risk_id", "risk_groups") >= 0
        self.groups = lookup.table("risk_groups")

    def _named(self, table: Table) -> tuple[Rows, Rows]:
        mine = np.flatnonzero(self.rows["table"] == table.name)
        return mine, rows_of_ids(table["id"], self.rows["element_id"][mine])


def _is_lost(lookup: Lookup, rows: Table) -> NDArray[np.bool_]:
    """Whether a row names nothing: no such element, or no such table; shape (rows,)."""
    elements = rows.coded("element_id")
    is_lost: NDArray[np.bool_] = (rows["element_id"] == "") | (rows["table"] == "")
    for name in sorted(set(rows["table"]) - {""}):
        mine = np.flatnonzero(rows["table"] == name)
        is_lost[mine] |= ~lookup.is_known((name,), elements.take(mine))
    return is_lost


def explicit_groups(members: PlantMembers) -> Iterator[PlantRiskGroup]:
    """Risk groups with at least one member in the plant, sorted by id."""
    groups = members.groups
    described = {
        identifier: (kind, name)
        for identifier, kind, name in zip(groups["id"], groups["kind"], groups["name"], strict=True)
    }
    nodes, spans = (_by_group(members, found) for found in (members.node, members.span))
    for identifier in sorted({*nodes, *spans}):
        kind, name = described.get(identifier, ("", ""))
        yield PlantRiskGroup(
            identifier,
            kind,
            name,
            nodes=tuple(sorted(nodes.get(identifier, ()))),
            spans=tuple(sorted(spans.get(identifier, ()))),
        )


def _by_group(members: PlantMembers, found: Rows) -> dict[str, set[int]]:
    groups: dict[str, set[int]] = defaultdict(set)
    for row in np.flatnonzero(found >= 0).tolist():
        groups[members.rows["risk_id"][row]].add(int(found[row]))
    return groups


def trenches(spans: PlantSpans) -> Iterator[PlantRiskGroup]:
    """Trenches with several spans, sorted by id: what digs up one digs up all."""
    groups: dict[str, list[int]] = defaultdict(list)
    for row in np.flatnonzero(spans.trench_ids != "").tolist():
        groups[spans.trench_ids[row]].append(row)
    for identifier, rows in sorted(groups.items()):
        if len(rows) > 1:
            yield PlantRiskGroup(identifier, "trench", "", nodes=(), spans=tuple(rows))


def membership_doubt(members: PlantMembers) -> PlantRiskDoubt:
    """Gather what lost members and groups that are not recorded leave open."""
    lost: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in np.flatnonzero(members.is_lost & (members.rows["risk_id"] != "")).tolist():
        element = members.rows["table"][row], members.rows["element_id"][row]
        lost[members.rows["risk_id"][row]].add(element)  # two rows about one thing are one member
    is_open = np.array([risk in lost for risk in members.rows["risk_id"]], dtype=bool)
    is_open |= ~members.has_group
    nodes, spans = (np.unique(found[is_open]) for found in (members.node, members.span))
    return PlantRiskDoubt(
        nodes=tuple(nodes[nodes >= 0].tolist()),
        spans=tuple(spans[spans >= 0].tolist()),
        has_lost_place=bool(
            np.any(members.is_lost & members.may_be_place & (members.rows["risk_id"] != ""))
        ),
        is_everywhere=any(len(elements) > 1 for elements in lost.values()),
    )
