"""The rows of an inventory by name (``table:id``), and what belongs together: nothing is judged."""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from netgraph.inventory import Inventory

Row: TypeAlias = "Mapping[str, Any]"
#: A piece of a way: what is passed, and the places where it is entered and left.
Step: TypeAlias = tuple[str, str, str]

PLACES = ("structures", "sites", "offices")
#: What circuits may have to agree in to be assumed to be a group, and its column.
_AGREE = {"customer": "customer_id", "site": "a_id", "service": "service"}
_WAYS = ("spans", "cables", "links")
_UNUSED = ("customers", "corridors", "faults")
_PARTS = {
    "cable_spans": ("cables", "cable_id", "spans", "span_id"),
    "link_cables": ("links", "link_id", "cables", "cable_id"),
    "link_links": ("links", "link_id", "links", "carrier_id"),
}
#: Long tables without ids: joined to what they belong to, and not kept row by row.
_JOINED = {*_PARTS, "circuit_links"}
_UNASKED = {"spans": {"medium"}}  # columns: with ten, not eleven, a row takes half of the memory


class Rows:
    """The rows as the reader gives them, joined by their ids."""

    def __init__(self, inventory: Inventory, assume_by: Collection[str] = ()) -> None:
        self.tables: dict[str, list[dict[str, Any]]] = {}
        for name, table in inventory.tables.items():
            if name not in {*_UNUSED, *_JOINED}:
                names = [each for each in table.columns if each not in _UNASKED.get(name, ())]
                cells = _cells(inventory, name, *names)
                self.tables[name] = [dict(zip(names, row, strict=True)) for row in cells]
        rows = [(t, row) for t, table in self.tables.items() for row in table if row.get("id")]
        self.of: dict[str, Row] = {f"{t}:{row['id']}": row for t, row in rows}
        self.dead = {key for key, row in self.of.items() if row.get("status") != "in_service"}
        uses = Counter(row["id"] for table, row in rows if table in PLACES)  # of two, it names none
        places = ((row["id"], table) for table, row in rows if table in PLACES)
        self.place = {id_: f"{table}:{id_}" for id_, table in places if uses[id_] == 1}
        self.in_system, self.spans_in = defaultdict(set), defaultdict[str, set[str]](set)
        for key, row in self.of.items():
            self.in_system[row.get("system_id", "")].add(key)
            self.spans_in["trenches:" + row.get("trench_id", "")].add(key)
        self.assumed = set[str]()  # circuits whose group is not recorded
        self._assume_groups([_AGREE[word] for word in _AGREE if word in assume_by])
        self.of_circuit, self.units = (
            defaultdict(list),
            defaultdict[tuple[str, str], list[Row]](list),
        )
        joined = _cells(inventory, "circuit_links", "circuit_id", "role", "segment", "link_id")
        alike: dict[tuple[str, ...], tuple[str, ...]] = {}
        for circuit, *told in joined:
            self.of_circuit[circuit].append(alike.setdefault(tuple(told), tuple(told)))
        for row in self.tables["circuits"]:
            together = (f"groups:{row['group_id']}", "") if row["a_id"] in self.place else ()
            for unit in (f"circuits:{row['id']}", *together):
                if row["status"] == "in_service":
                    self.units[unit, row["a_id"]].append(row)
        self.legs, self.circular, self.forked = _find_legs(inventory, self.of)
        self.home, self.ends = functools.cache(self._home), functools.cache(self._ends)
        self.turns = functools.cache(self._turns)
        self.down = functools.cache(functools.partial(self._passed, together=set.intersection))
        self.of_all_legs = functools.cache(functools.partial(self._passed, together=set.union))
        self._standing = defaultdict[str, set[str]](set)
        houses = ("buildings:" + row.get("building_id", "") for row in self.of.values())
        for key in (*self.of, *self.spans_in, *houses):
            self._standing[self.home(key)].add(key)
        self._standing.pop("", None)
        self.stale = {key for key in self.dead if not key.startswith("rooms:")}
        offices = (key for key in self.place.values() if key.startswith("offices:"))
        self.bare = {key for key in offices if self.home(key) == key}

    def _assume_groups(self, columns: Collection[str]) -> None:
        """Give circuits without a group that agree in some columns one named after these."""
        alike = defaultdict[tuple[str, ...], list[dict[str, Any]]](list)
        for row in self.tables["circuits"]:
            key = tuple(row[column] for column in columns)
            is_alone = not row["group_id"] and row["a_id"] in self.place
            if all(key) and is_alone and row["status"] == "in_service":
                alike[key].append(row)
        taken = {row["group_id"] for row in self.tables["circuits"]}
        for key, rows in alike.items() if columns else ():
            words = (word.replace("%", "%25").replace("/", "%2F") for word in key)
            if len(rows) > 1 and (name := "assumed:" + "/".join(words)) not in taken:
                for row in rows:
                    row["group_id"] = name
                    self.assumed.add(row["id"])

    def ring(self, system: str) -> list[str]:
        """Links in service of a ring system, sorted; none of any other."""
        links = {key for key in self.in_system[system] if key.startswith("links:")} - self.dead
        is_ring = self.of.get("systems:" + system, {}).get("kind") == "ring"
        return sorted(links) if is_ring and "systems:" + system not in self.dead else []

    def _ends(self, key: str) -> tuple[str, str]:
        """Places at the two ends of a span, cable or link; empty where one is not known."""
        row = self.of.get(key, {})
        ends = [row.get("from_id", ""), row.get("to_id", "")]
        if key.startswith("links:"):
            ends = [self.of.get("equipment:" + e, {"location_id": e})["location_id"] for e in ends]
        return self.place.get(ends[0], ""), self.place.get(ends[1], "")

    def _turns(self, key: str) -> tuple[Step, Step]:
        """Pass a way forwards, and backwards."""
        a, b = self.ends(key)
        return (key, a, b), (key, b, a)

    def turned(self, step: Step) -> Step:
        """Pass the same way from its other end."""
        forwards, backwards = self.turns(step[0])
        return backwards if step == forwards else forwards

    def near(self, key: str) -> frozenset[str]:
        """List an element with all that stands at its ends."""
        row, places = self.of.get(key, {}), self.ends(key)
        found = {key, *places}
        for end in (row["from_id"], row["to_id"]) if row and key.startswith("links:") else ():
            room = self.of.get("equipment:" + end, {}).get("room_id", "")
            found |= {"equipment:" + end, "rooms:" + room}
        found &= self.of.keys()
        houses = {"buildings:" + self.of[place]["building_id"] for place in places if place}
        trench = "trenches:" + row.get("trench_id", "")
        return frozenset((found | houses | {trench}) - {"buildings:", "trenches:"})

    def _passed(self, key: str, together: Any) -> frozenset[str]:  # noqa: ANN401 - of set's own
        """Join what is near to what all legs, or any leg, run through."""
        near: frozenset[str] = self.near(key)
        if key not in self.legs:
            return near
        whole = self.down if together is set.intersection else self.met
        below = self.near if key in self.circular else whole
        legs = (set[str]().union(*map(below, leg)) for leg in self.legs[key])
        return frozenset(near | together(*legs))  # a copy is half as large as what grew

    def met(self, key: str) -> frozenset[str]:
        """List all that some leg of a way runs through."""
        return self.of_all_legs(key) if key in self.forked else self.down(key)

    def _home(self, key: str) -> str:
        """Name the building that all of an element stands in; empty if it does not stand in one.

        An office or site without a recorded building is its own.
        """
        table, row = key.partition(":")[0], self.of.get(key, {})
        if table in PLACES and row:
            own = "" if table == "structures" else key
            return f"buildings:{row['building_id']}" if row["building_id"] else own
        if table in {"equipment", "rooms"}:
            return self.home(self.place.get(row.get("location_id", ""), ""))
        parts = [*self.spans_in.get(key, ()), *chain(*self.legs.get(key, ()))]
        if not parts and table != "spans":
            return key if table == "buildings" else ""
        parts += self.ends(key) if table in _WAYS else ()
        homes = {"" if part.startswith("links:") else self.home(part) for part in parts}
        return homes.pop() if len(homes) == 1 else ""

    def standing_in(self, home: str) -> Collection[str]:
        """List all that stands in a building."""
        return self._standing.get(home, ())

    def meet(self, p: str, q: str) -> bool:
        """Whether two places are one, or stand in one building."""
        return p != "" and (p == q or (self.home(p) or p) == self.home(q))

    def joined(self, steps: Iterable[Step], start: str, goals: Iterable[str]) -> bool:
        """Whether steps follow one another from a place to one of some goals."""
        for _, a, b in steps:
            if (start != a or not a) and not self.meet(start, a):  # no place is no meeting
                return False
            start = b
        return any(self.meet(start, goal) for goal in goals)


def _cells(inventory: Inventory, table: str, *columns: str) -> Iterator[tuple[Any, ...]]:
    """List the cells of some columns, row by row."""
    return zip(*(inventory.table(table)[name].tolist() for name in columns), strict=True)


def _place_in_leg(row: tuple[Any, ...]) -> float:
    """Give the number of a part on its leg; one without comes last."""
    seq: float = row[0]
    return seq if seq == seq else float("inf")  # noqa: PLR0124 - NaN


def _find_legs(
    inventory: Inventory, of: Collection[str]
) -> tuple[dict[str, list[list[str]]], set[str], set[str]]:
    """Parts of each leg of known cables and links in order, working first; which carry themselves.

    And what has two legs, or runs through what has: it meets more than takes it down.
    """
    legs: dict[str, dict[bool, list[str]]] = defaultdict(lambda: defaultdict(list))
    for table, (owner, owner_id, part, part_id) in _PARTS.items():
        role = ["role"] if "role" in inventory.table(table).columns else []
        cells = _cells(inventory, table, "seq", owner_id, part_id, *role)
        for _, whole, piece, *said in sorted(cells, key=_place_in_leg):
            legs[f"{owner}:{whole}"][said == ["protect"]].append(f"{part}:{piece}")
    found = {key: [leg[role] for role in sorted(leg)] for key, leg in legs.items() if key in of}
    carried = nx.DiGraph(
        (key, part) for key, leg in found.items() for ps in leg for part in ps if part in found
    )
    rings = [ring for ring in nx.strongly_connected_components(carried) if len(ring) > 1]
    two = {key for key, leg in found.items() if len(leg) > 1}
    forked = two.union(*(nx.ancestors(carried, key) for key in two & carried.nodes))
    return found, set(nx.nodes_with_selfloops(carried)).union(*rings), forked
