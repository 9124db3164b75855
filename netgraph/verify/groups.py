"""Risk groups by the raw rows: what belongs to which, and what may belong to one unknown."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.verify.rows import Rows

    Groups = defaultdict[str, set[str]]  # by element

_AROUND = {"systems", "rooms"}  # whose members are what stands in them


def find_groups(rows: Rows, suspicions: Groups) -> Groups:
    """Name the groups of each element: suspicions, recorded groups, and what may be one."""
    groups, members = suspicions, rows.tables["risk_members"]
    possible = {row["risk_id"] for row in members if row["membership"] == "possible"}
    for row in members:
        is_system, id_, group = row["table"] == "systems", row["element_id"], row["risk_id"]
        names = {"risk_groups:" + group} if row["membership"] != "possible" else set()
        names |= {"possible:" + group} if group in possible else set()
        if "risk_groups:" + group in rows.of:
            for key in rows.in_system[id_] if is_system else [f"{row['table']}:{id_}"]:
                groups[key] |= names
    _join_legs(rows, groups)
    return groups


def _join_legs(rows: Rows, groups: Groups) -> None:
    """Let a link belong to the groups that both its legs meet in what they have not in common.

    Links with two legs that are part of a leg come first.
    """
    joined = set[str]()
    two = {key for key, legs in rows.legs.items() if len(legs) > 1} - rows.circular

    def join(key: str) -> None:
        joined.add(key)
        met = [set[str]().union(*map(rows.down, leg)) for leg in rows.legs[key]]
        for below in set[str]().union(*met) & two - joined:
            join(below)
        found = [
            set[str]().union(*(groups[e] for e in each & groups.keys()))
            for each in (leg - rows.down(key) for leg in met)
        ]
        if both := set.intersection(*found):
            groups[key] |= both

    for key in sorted(two):
        if key not in joined:
            join(key)


def find_unsure(rows: Rows) -> dict[str, set[str]]:
    """Find elements of groups with a member that no table has, or of groups that are not there."""
    found, members = defaultdict[str, set[str]](set), rows.tables["risk_members"]
    named = [f"{row['table']}:{row['element_id']}" for row in members]
    elements = [
        rows.in_system[name[8:]] if "systems:" < name < "systems;" else {name} & rows.of.keys()
        for name in named
    ]
    gone = zip(members, named, elements, strict=True)
    lost = {row["risk_id"] for row, name, has in gone if not has and name not in rows.of}
    for row, has in zip(members, elements, strict=True):
        if row["risk_id"] in lost or "risk_groups:" + row["risk_id"] not in rows.of:
            for key in has:
                found[key].add("risk_members:" + row["risk_id"])
    for table in _AROUND & {row["table"] for row in members}:
        for key, inside in _outsiders(rows, table, named):
            found[key].add(inside)
    return dict(found)


def find_open(rows: Rows) -> set[str]:
    """Find groups with two members that no table has: any two routes may meet one each."""
    lost = defaultdict[str, set[str]](set)
    for row in rows.tables["risk_members"]:
        name = f"{row['table']}:{row['element_id']}"
        is_system = "systems:" < name < "systems;" and rows.in_system[name[8:]]
        if name not in rows.of and not is_system:
            lost[row["risk_id"]].add(name)
    return {"risk_members:" + group for group, names in lost.items() if group and len(names) > 1}


def _outsiders(rows: Rows, table: str, members: list[str]) -> Iterator[tuple[str, str]]:
    """List what stands in a system, or by a member in a room, that no table has."""
    known, near = {*rows.of, table + ":"}, {""}
    if table == "systems":
        known |= {*members}
    else:
        rooms = [rows.of.get(name, {}) for name in members if name.startswith("rooms:")]
        near = {room.get("location_id", "") for room in rooms}
    for key, row in rows.of.items() if rows.tables[table] else ():
        inside = f"{table}:{row.get(table[:-1] + '_id', '')}"
        may_be = not near.isdisjoint({"", row.get("location_id", "")})
        if key.startswith(("equipment:", "links:")) and inside not in known and may_be:
            yield key, inside
