"""Ways of cables and links, and routes along them, held to the raw rows piece by piece."""

from __future__ import annotations

import functools
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from netgraph.messages import Message
from netgraph.verify.lines import find_suspicions, place_lines
from netgraph.verify.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from netgraph.inventory import Inventory
    from netgraph.verify.rows import Row, Step

    Certificate = Mapping[str, Any]

_WIRELESS = ("radio", "cellular", "satellite")
_AROUND = {"systems", "rooms"}  # whose members are what stands in them
NOTHING = frozenset[str]()
FAR = float("inf")


class Refused(Exception):  # noqa: N818 - a judgement on a certificate, no error
    """Why a certificate does not hold."""


def refuse(pattern: str, *values: object) -> NoReturn:
    """Refuse a certificate; the reason is a message of this pattern."""
    raise Refused(Message(pattern, *values))


class Passed(NamedTuple):
    """What alone takes a piece down, what of it stands in buildings, or belongs to risk groups.

    Also what the piece meets whose state, or whose building, is in doubt.
    """

    elements: AbstractSet[str]
    indoors: AbstractSet[str]
    grouped: AbstractSet[str]
    doubtful: AbstractSet[str]


class Route(NamedTuple):
    """A route from its origin (metres from A), its ends, how sure it is.

    `elements` alone take it down; those of them that stand in buildings are `indoors`, those that
    belong to risk groups `grouped`. What it meets of which `risk_members` leaves open what fails
    with it is `unsure`.
    """

    steps: Sequence[Step]
    origin: tuple[str, float]
    elements: set[str]
    indoors: set[str]
    grouped: set[str]
    homes: set[str]
    unsure: set[str]
    is_known: bool
    is_whole: bool
    is_wired: bool


class Ways:
    """The rows, and the ways that were held to them."""

    def __init__(self, inventory: Inventory, rules: Mapping[str, Any]) -> None:
        self.rows, self.rules = Rows(inventory, rules.get("assume_by", ())), rules
        self.legs: dict[str, Sequence[Sequence[Step]]] = {}
        self.held: dict[Step, Step] = {}
        spans = self.rows.tables["spans"]
        self.metres = place_lines(spans)
        self.groups = find_suspicions(spans, rules, self.rows.home)
        members = self.rows.tables["risk_members"]
        possible = {row["risk_id"] for row in members if row["membership"] == "possible"}
        for row in members:
            is_system, id_, group = row["table"] == "systems", row["element_id"], row["risk_id"]
            names = {"risk_groups:" + group} if row["membership"] != "possible" else set()
            names |= {"possible:" + group} if group in possible else set()
            if "risk_groups:" + group in self.rows.of:
                for key in self.rows.in_system[id_] if is_system else [f"{row['table']}:{id_}"]:
                    self.groups[key] |= names
        self._join_legs()
        self.grouped, self.unsure = set(self.groups), self._find_unsure(members)
        self.wireless = {k for k, row in self.rows.of.items() if row.get("medium") in _WIRELESS}
        self.is_whole, self.touched = (
            functools.cache(self._is_whole),
            functools.cache(self._touched),
        )
        self.doubtful = self.rows.stale | self.rows.bare | self.unsure.keys()
        self.passed = functools.cache(self._passed)

    def _join_legs(self) -> None:
        """Let a link belong to the groups that both its legs meet in what they have not in common.

        Links with two legs that are part of a leg come first.
        """
        rows, joined = self.rows, set[str]()
        two = {key for key, legs in rows.legs.items() if len(legs) > 1} - rows.circular

        def join(key: str) -> None:
            joined.add(key)
            met = [set[str]().union(*map(rows.down, leg)) for leg in rows.legs[key]]
            for below in set[str]().union(*met) & two - joined:
                join(below)
            found = [
                set[str]().union(*(self.groups[e] for e in each & self.groups.keys()))
                for each in (leg - rows.down(key) for leg in met)
            ]
            if both := set.intersection(*found):
                self.groups[key] |= both

        for key in sorted(two):
            if key not in joined:
                join(key)

    def _find_unsure(self, members: Sequence[Row]) -> dict[str, set[str]]:
        """Elements of groups with a member that no table has, or of groups that are not there."""
        found, rows = defaultdict[str, set[str]](set), self.rows
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
        for table in {row["table"] for row in members if rows.tables.get(row["table"])} & _AROUND:
            known = {*rows.of, *(named if table == "systems" else ()), table + ":"}
            for key, row in rows.of.items():
                inside = f"{table}:{row.get(table[:-1] + '_id', '')}"
                if key.startswith(("equipment:", "links:")) and inside not in known:
                    found[key].add(inside)
        return dict(found)

    def is_unsure(self, route: Route, own: Collection[str]) -> bool:
        """Whether a route may share a risk group with any other, apart from its own ends."""
        return any(self.rows.home(element) not in own for element in route.unsure)

    def _passed(self, key: str) -> Passed:
        down = self.rows.down(key)
        indoors = {*filter(self.rows.home, down)} or NOTHING
        doubtful = self.rows.met(key) & self.doubtful or NOTHING
        return Passed(down, indoors, down & self.grouped or NOTHING, doubtful)

    def _touched(self, key: str) -> set[str]:
        """List all that some leg of a way passes, with its groups."""
        met = self.rows.met(key)
        grouped = met & self.grouped
        return met.union(*(self.groups[e] for e in grouped)) if grouped else met

    def accept(self, way: Certificate) -> None:
        """Keep the way of a cable or link, if the rows have the same pieces."""
        key = way["of"]
        known = [[p for p in leg if p in self.rows.of] for leg in self.rows.legs.get(key, [])]
        if [sorted(step[0] for step in leg) for leg in way["legs"]] != [*map(sorted, known)]:
            refuse("it runs through {0}", known)
        self.hold([(key, way["start"], way["end"])])
        self.legs[key] = [self.hold(leg) for leg in way["legs"]]

    def hold(self, steps: Iterable[Step]) -> list[Step]:
        """Refuse steps that do not run between the ends of what they pass; else return them.

        A step that was held before is the same object again: its names are looked up fast.
        """
        found = []
        for key, a, b in steps:
            step = key, a, b
            if not (known := self.held.get(step)):
                if key not in self.rows.of or self.rows.ends(key) not in {step[1:], step[:0:-1]}:
                    refuse("{0} does not run from {1} to {2}", key, a, b)
                self.held[step] = known = step
            found.append(known)
        return found

    def legs_of(self, key: str) -> Sequence[Sequence[Step]]:
        """Legs of a cable or link, none of a span."""
        if key not in self.legs and not key.startswith("spans:"):
            refuse("there is no accepted way of {0}", key)
        return self.legs.get(key, ())

    def _is_whole(self, key: str) -> bool:
        """Whether a way is recorded down to its spans, without gaps."""
        rows, legs = self.rows, self.rows.legs.get(key, [])
        if not legs or key in rows.circular:
            return key.startswith("spans:") or key in self.wireless
        a, b = rows.ends(key)
        return all(
            len(steps) == len(leg) and len({part.split(":")[0] for part in leg}) == 1
            and rows.joined(steps, a, [b]) and all(map(self.is_whole, leg))
            for steps, leg in zip(self.legs_of(key), legs, strict=True)
        )  # fmt: skip

    def outside(self, route: Route, own: Collection[str]) -> set[str]:
        """Leave out what stands in one's own buildings; add the risk groups of the rest."""
        kept = route.elements - {e for e in route.indoors if self.rows.home(e) in own}
        return kept.union(*(self.groups[element] for element in kept & route.grouped))

    def follow(
        self, steps: Sequence[Step], start: str, goals: Sequence[str], at: float = 0.0, *,
        is_listed: bool = True, homes: Sequence[str] = (),
    ) -> Route:  # fmt: skip
        """Follow a route from a place to one of several, `at` metres from A.

        `homes` are the places where a recorded circuit begins and may end: the building of every
        other office on it must be recorded.
        """
        steps = self.hold(steps)
        rows, keys = self.rows, [step[0] for step in steps]
        is_wired = self.wireless.isdisjoint(keys)
        passed = [*map(self.passed, keys)]
        open_at = set[str]().union(*(each.doubtful for each in passed if each.doubtful))
        unsure = open_at & self.unsure.keys()
        is_stale = not open_at.isdisjoint(rows.stale)
        is_known = is_listed and not is_stale and rows.joined(steps, start, goals)
        stops = [steps[-1][2] if steps else start] if is_known else goals
        bare = open_at & rows.bare - {*homes[:1]}
        bare -= {*homes} & {*stops} if is_known else {*homes}
        is_whole = (
            is_known
            and not (homes and bare)
            and all(self.is_whole(key) for key in keys if not key.startswith("spans:"))
        )
        sure = () if is_stale else passed  # where it runs today is not known
        elements, indoors, grouped = (
            set[str]().union(*(each[part] for each in sure if each[part])) for part in range(3)
        )
        return Route(
            steps, (start, at), elements, indoors, grouped, set(map(rows.home, stops)),
            set() if is_stale else unsure, is_known, is_whole, is_wired,
        )  # fmt: skip

    def with_ends(self, route: Route, ends: Iterable[str]) -> Route:
        """Add the centre to a route that ends beside it, in its building: its circuits go there."""
        reached = {end for end in ends if self.rows.home(end) in route.homes - {""}}
        more = reached | {home for end in reached if (home := self.rows.home(end)) != end}
        return route._replace(
            elements=route.elements | more,
            indoors=route.indoors | more,
            grouped=route.grouped | more & self.grouped,
            unsure=route.unsure | more & self.unsure.keys(),
        )

    def far_m(self, route: Route, wanted: set[str]) -> Mapping[str, float]:
        """Metres from A at which what is wanted of a route ends, infinite beyond the tolerance."""
        far: dict[str, float] = {}
        self.reach(route.steps, *route.origin, far, wanted)
        return far

    def reach(
        self, steps: Iterable[Step], here: str, at: float, far: dict[str, float], wanted: set[str]
    ) -> float:
        """Note how far from A what is passed ends, if that is near; return how far the steps do."""
        rows = self.rows
        for key, a, b in steps:
            if at > self.rules["entry_tolerance_m"]:  # how far beyond does not matter
                if not far:
                    break
                if not (touched := self.touched(key)).isdisjoint(far):
                    far |= dict.fromkeys(far.keys() & touched, FAR)
                continue
            legs = [leg for leg in self.legs_of(key) if leg] if key not in rows.circular else []
            is_lost = sum(map(len, legs)) < sum(map(len, rows.legs.get(key, ())))
            at = at if rows.meet(here, a) and not is_lost else FAR
            if a != rows.ends(key)[0]:
                legs = [[(part, end, start) for part, start, end in leg[::-1]] for leg in legs]
            is_free = at == 0 and "" != rows.home(a) == rows.home(b)
            after = at if is_free else at + self.metres.get(key, FAR)
            if legs:
                after = max(self.reach(leg, a, at, far, wanted) for leg in legs)
            else:
                groups = self.groups.get(key, ())
                trench = "trenches:" + rows.of[key].get("trench_id", "")
                passed = ((a, at), *((e, after) for e in (b, key, trench, *groups)))
                for element, metres in passed:
                    if element in wanted:
                        far[element] = max(far.get(element, 0.0), metres)
            at, here = after, b
        return at
