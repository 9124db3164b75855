"""What belongs to the explicit risk groups, and which rows about it name nothing.

A row of `risk_members` whose element is not in the inventory is a lost member: something fails
together with the group, but nobody knows what. It is taken for one place that may be anywhere. So
what is known to belong to the group may share it with every other route. Of two routes without a
known member of the group one lost member meets one at most: they are not in doubt, or one wrong row
would leave a whole province undecided. But a route with a gap may pass any known member in it, the
lost one lie on the other route. Nothing else in a gap counts: what no row names is no member. Two
lost members of one group may lie on any two routes, one on each: that leaves every pair open, until
the rows are put right. A row about a group that is not in the inventory likewise leaves open what
its element fails together with; so does, where systems (rooms) are members, the system (room) of a
device or link that is not in the inventory.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.inventory.model import POSSIBLE
from netgraph.topology.csr import Csr, csr_of_unique_pairs
from netgraph.topology.ids import IdIndex

if TYPE_CHECKING:
    from netgraph.inventory import Inventory
    from netgraph.inventory.model import Table
    from netgraph.topology.csr import Ints

_MOST_NAMES = 5  # of the lost members of one group: each alone says that it is not known
_PLACE_TABLES = ("offices", "sites", "structures")  # in the order in which places are numbered


class MembershipDoubt(NamedTuple):
    """A record about a risk group that is lacking, as certificates name it; and in words."""

    record: str
    words: str


class Memberships(NamedTuple):
    """Element to the groups that it belongs to, or may, and to the doubts that concern it.

    `everywhere` are the doubts (numbers) that concern any two routes.
    """

    certain: Csr
    possible: Csr
    unsure: Csr
    doubts: tuple[MembershipDoubt, ...]
    everywhere: tuple[int, ...]


class _Members(NamedTuple):
    """Elements that rows name, each with its row and group (-1: there is no such group).

    `lost` are the rows that name nothing.
    """

    element: Ints
    row: Ints
    group: Ints
    lost: Ints


def find_memberships(inventory: Inventory, offset: dict[str, int], n_elements: int) -> Memberships:
    """Join the rows of `risk_members` with groups and elements; O(rows).

    Parameters
    ----------
    offset
        First element number of each block.
    n_elements
        Number of elements.
    """
    groups, rows = inventory.table("risk_groups"), inventory.table("risk_members")
    group = IdIndex(groups.coded("id")).positions(rows.coded("risk_id"))
    members = _find_members(inventory, group, offset)
    known = members.group >= 0
    element, owner = members.element[known], members.group[known]
    keys = element * max(len(groups), 1) + owner
    maybe = (rows["membership"] == POSSIBLE)[members.row[known]]
    certain = ~maybe
    maybe &= ~np.isin(keys, keys[certain])  # a row that is certain outweighs one that is not
    doubts = _find_doubts(rows, group, members)
    for table, blocks in (("systems", ("equipment", "links")), ("rooms", ("equipment",))):
        if len(inventory.table(table)) and (rows["table"] == table).any():
            for block in blocks:
                doubts |= _find_outsiders(inventory, table, block, offset[block])
    everywhere = _find_everywhere(rows, members.lost)
    nothing = np.empty(0, dtype=np.int64)
    doubts |= {doubt: nothing for doubt in everywhere if doubt not in doubts}
    numbers = {doubt: number for number, doubt in enumerate(doubts)}
    concerned = [nothing, *doubts.values()]
    owners = np.repeat(np.arange(len(concerned)) - 1, [len(each) for each in concerned])
    return Memberships(
        csr_of_unique_pairs(element[certain], owner[certain], n_elements),
        csr_of_unique_pairs(element[maybe], owner[maybe], n_elements),
        csr_of_unique_pairs(np.concatenate(concerned), owners, n_elements),
        tuple(doubts),
        tuple(sorted(numbers[doubt] for doubt in everywhere)),
    )


def _find_members(inventory: Inventory, group: Ints, offset: dict[str, int]) -> _Members:
    rows = inventory.table("risk_members")
    elements = rows.coded("element_id")
    element = np.full(len(rows), -1, dtype=np.int64)
    for table in sorted(set(rows["table"]) - {""}):
        block = "places" if table in _PLACE_TABLES else table
        if block not in offset:
            continue
        mine = np.flatnonzero(rows["table"] == table)
        found = IdIndex(inventory.table(table).coded("id")).positions(elements.take(mine))
        first = offset[block] + (_place_shift(inventory, table) if block == "places" else 0)
        element[mine] = np.where(found >= 0, found + first, -1)
    of_systems, row_of_system = _find_in_systems(inventory, offset)
    known = np.flatnonzero(element >= 0)
    row = np.concatenate([known, row_of_system])
    is_lost = element < 0
    is_lost[row_of_system] = False
    named = np.flatnonzero(rows["table"] == "systems")
    systems = IdIndex(inventory.table("systems").coded("id")).positions(elements.take(named))
    is_lost[named[systems >= 0]] = False  # a system without equipment and links is known, too
    return _Members(
        np.concatenate([element[known], of_systems]), row, group[row], np.flatnonzero(is_lost)
    )


def _find_in_systems(inventory: Inventory, offset: dict[str, int]) -> tuple[Ints, Ints]:
    """Let a system that is a member stand for all of its equipment and links, row by row."""
    rows = inventory.table("risk_members")
    elements: list[int] = []
    owners: list[int] = []
    for row in np.flatnonzero((rows["table"] == "systems") & (rows["element_id"] != "")).tolist():
        for block in ("equipment", "links"):
            hits = np.flatnonzero(inventory.table(block)["system_id"] == rows["element_id"][row])
            elements += (hits + offset[block]).tolist()
            owners += [row] * len(hits)
    return np.array(elements, dtype=np.int64), np.array(owners, dtype=np.int64)


def _place_shift(inventory: Inventory, table: str) -> int:
    before = _PLACE_TABLES[: _PLACE_TABLES.index(table)]
    return sum(len(inventory.table(name)) for name in before)


def _find_doubts(rows: Table, group: Ints, members: _Members) -> dict[MembershipDoubt, Ints]:
    """Find what rows leave open, and the elements that it concerns."""
    lost: dict[int, list[int]] = defaultdict(list)
    for row in members.lost[group[members.lost] >= 0].tolist():
        lost[int(group[row])].append(row)
    doubts: dict[MembershipDoubt, Ints] = {}
    for number, some in lost.items():
        concerned = members.element[members.group == number]
        for row in some[:_MOST_NAMES]:
            doubts[_lost_member(rows, row)] = concerned
    for row in np.unique(members.row[members.group < 0]).tolist():
        name = rows["risk_id"][row]
        words = f"risk group {name} of {_named(rows, row)}"
        doubt = MembershipDoubt(f"risk_members:{name}", words)
        doubts[doubt] = members.element[members.row == row]
    return doubts


def _find_everywhere(rows: Table, lost: Ints) -> list[MembershipDoubt]:
    """Find what two lost members of one group, known or not, leave open of any two routes."""
    names: dict[str, dict[str, int]] = defaultdict(dict)  # two rows about one thing are one member
    for row in lost.tolist():
        if rows["risk_id"][row]:
            names[rows["risk_id"][row]].setdefault(_named(rows, row), row)
    return [
        _lost_member(rows, row)
        for some in names.values()
        if len(some) > 1
        for row in list(some.values())[:_MOST_NAMES]
    ]


def _lost_member(rows: Table, row: int) -> MembershipDoubt:
    name = rows["risk_id"][row]
    words = f"member {_named(rows, row)} of risk group {name}"
    return MembershipDoubt(f"risk_members:{name}", words)


def _find_outsiders(
    inventory: Inventory, table: str, block: str, first: int
) -> dict[MembershipDoubt, Ints]:
    """Find what stands in a system or room that neither its table nor a member's row names.

    A room that is not in the inventory may be a member only where one stands, if that is known.
    """
    rows, things, around = inventory.table("risk_members"), inventory.table(block), table[:-1]
    members = set(rows["element_id"][rows["table"] == table])
    known, near = {*inventory.table(table)["id"].tolist(), ""}, {""}
    if table == "systems":
        known |= members
    else:
        rooms = inventory.table("rooms")
        at = dict(zip(rooms["id"].tolist(), rooms["location_id"].tolist(), strict=True))
        near = {at.get(room, "") for room in members}
    places = things["location_id"] if block == "equipment" else [""] * len(things)
    return {
        MembershipDoubt(f"{table}:{name}", f"{around} {name} of {block}:{things['id'][row]}"): (
            np.array([first + row])
        )
        for row, name in enumerate(things[f"{around}_id"].tolist())
        if name not in known and ("" in near or places[row] in near)
    }


def _named(rows: Table, row: int) -> str:
    """Name the element of a row as the tables know it."""
    return f"{rows['table'][row]}:{rows['element_id'][row]}"
