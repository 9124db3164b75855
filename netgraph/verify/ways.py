"""Ways of cables and links, and routes along them, held to the raw rows piece by piece."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from netgraph.messages import Message
from netgraph.verify.groups import find_groups, find_open, find_unsure
from netgraph.verify.lines import find_suspicions, place_lines
from netgraph.verify.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from netgraph.inventory import Inventory
    from netgraph.verify.rows import Step

    Certificate = Mapping[str, Any]

_WIRELESS = ("radio", "cellular", "satellite")
NOTHING = frozenset[str]()
FAR = float("inf")


class Refused(Exception):  # noqa: N818 - a judgement on a certificate, no error
    """Why a certificate does not hold."""


def refuse(pattern: str, *values: object) -> NoReturn:
    """Refuse a certificate; the reason is a message of this pattern."""
    raise Refused(Message(pattern, *values))


class Route(NamedTuple):
    """A route from its origin (metres from A): what alone takes it down, its ends, how sure it is.

    What it meets of which `risk_members` leaves open what fails with it is `unsure`. Its links may
    be known (`is_known`), all that they run through (`has_plant`), and the building of every office
    on the way (`is_housed`).
    """

    steps: Sequence[Step]
    origin: tuple[str, float]
    elements: set[str]
    homes: set[str]
    unsure: set[str]
    is_known: bool
    has_plant: bool
    is_housed: bool
    is_wired: bool

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing that could be shared."""
        return self.has_plant and self.is_housed


class Ways:
    """The rows, and the ways that were held to them."""

    def __init__(self, inventory: Inventory, rules: Mapping[str, Any]) -> None:
        self.rows, self.rules = Rows(inventory, rules.get("assume_by", ())), rules
        self.legs: dict[str, Sequence[Sequence[Step]]] = {}
        self.held: dict[Step, Step] = {}
        spans = self.rows.tables["spans"]
        self.metres = place_lines(spans)
        self.groups = find_groups(self.rows, find_suspicions(spans, rules, self.rows.home))
        self.grouped, self.unsure = set(self.groups), find_unsure(self.rows)
        self.open = find_open(self.rows)
        self.wireless = {k for k, row in self.rows.of.items() if row.get("medium") in _WIRELESS}
        self.doubtful = self.rows.stale | self.rows.bare | self.unsure.keys()
        self.is_whole = functools.cache(self._is_whole)
        self.is_surveyed = functools.cache(self._is_surveyed)
        self.touched, self.doubt = functools.cache(self._touched), functools.cache(self._doubt)

    def is_unsure(self, route: Route, own: Collection[str]) -> bool:
        """Whether a route may share a risk group with any other, apart from its own ends."""
        outside = (self.rows.home(element) not in own for element in route.unsure)
        return bool(self.open) or any(outside)

    def _doubt(self, key: str) -> AbstractSet[str]:
        """List what a way meets whose state, building or risk groups are in doubt."""
        return self.rows.met(key) & self.doubtful or NOTHING

    def _touched(self, key: str) -> set[str]:
        """List all that some leg of a way passes, with its groups."""
        met = self.rows.met(key)
        grouped = met & self.grouped
        return met.union(*(self.groups[e] for e in grouped)) if grouped else met

    def accept(self, way: Certificate) -> None:
        """Keep the way of a cable or link, if the rows have the same pieces and risks."""
        key = way["of"]
        known = [[p for p in leg if p in self.rows.of] for leg in self.rows.legs.get(key, [])]
        if [sorted(step[0] for step in leg) for leg in way["legs"]] != [*map(sorted, known)]:
            refuse("it runs through {0}", known)
        down = self.rows.down(key)
        down = down.union(*(self.groups[element] for element in down & self.grouped))
        if {*way["elements"], *way["risk_groups"]} != down:
            refuse("it goes down with {0}", sorted(down))
        self.hold([(key, way["start"], way["end"])])
        self.legs[key] = [self.hold(leg) for leg in way["legs"]]

    def hold(self, steps: Iterable[Step]) -> list[Step]:
        """Refuse steps that do not run between the ends of what they pass; else return them.

        A step that was held before is the same object again: its names are looked up fast.
        """
        stated: list[Any] = [*map(tuple, steps)]  # they are lists if they come from a certificate
        found = [*map(self.held.get, stated)]
        for number, step in enumerate(stated) if None in found else ():
            if found[number] is None:
                key, a, b = step
                if key not in self.rows.of or self.rows.ends(key) not in {(a, b), (b, a)}:
                    refuse("{0} does not run from {1} to {2}", key, a, b)
                found[number] = self.held.setdefault(step, step)
        return found  # type: ignore[return-value]

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

    def _is_surveyed(self, key: str) -> bool:
        """Whether all that a link runs through is drawn, between points that were surveyed."""
        rows, met = self.rows, self.rows.met(key)
        links, spans, points = (
            [element for element in met if element.startswith(table)]
            for table in ("links:", "spans:", "structures:")
        )
        return (
            all(link in rows.legs for link in links)
            and all(rows.of[span]["geometry"] is not None for span in spans)
            and all(rows.of[point]["surveyed"] == 1 for point in points)
        )

    def outside(self, route: Route, own: Iterable[str]) -> set[str]:
        """Leave out what stands in one's own buildings; add the risk groups of the rest."""
        kept = route.elements.difference(*map(self.rows.standing_in, own))
        return kept.union(*(self.groups[element] for element in kept & self.grouped))

    def follow(
        self, steps: Sequence[Step], start: str, goals: Sequence[str], at: float = 0.0, *,
        is_listed: bool = True, homes: Sequence[str] = (),
    ) -> Route:  # fmt: skip
        """Follow steps that were held from a place to one of several, `at` metres from A.

        `homes` are the places where a recorded circuit begins and may end: the building of every
        other office on it must be recorded.
        """
        rows, keys = self.rows, [step[0] for step in steps]
        open_at = set[str]().union(*map(self.doubt, keys))
        is_stale = not open_at.isdisjoint(rows.stale)  # where it runs today is not known
        is_known = is_listed and not is_stale and rows.joined(steps, start, goals)
        stops = [steps[-1][2] if steps else start] if is_known else goals
        bare = open_at & rows.bare - {*homes[:1]}
        bare -= {*homes} & {*stops} if is_known else {*homes}
        return Route(
            steps,
            (start, at),
            elements=set[str]().union(*map(rows.down, () if is_stale else keys)),
            homes=set(map(rows.home, stops)),
            unsure=set() if is_stale else open_at & self.unsure.keys(),
            is_known=is_known,
            has_plant=is_known and all(map(self.is_whole, keys)),
            is_housed=not (homes and bare),
            is_wired=self.wireless.isdisjoint(keys),
        )

    def with_ends(self, route: Route, ends: Iterable[str]) -> Route:
        """Add the centre to a route that ends beside it, in its building: its circuits go there."""
        reached = {end for end in ends if self.rows.home(end) in route.homes - {""}}
        more = reached.union(map(self.rows.home, reached))
        unsure = route.unsure | more & self.unsure.keys()
        return route._replace(elements=route.elements | more, unsure=unsure)

    def far_m(self, route: Route, wanted: set[str]) -> Mapping[str, float]:
        """Metres from A at which what is wanted of a route ends, infinite beyond the tolerance."""
        far: dict[str, float] = {}
        self.reach(route.steps, *route.origin, far, wanted)
        return far

    def reach(
        self, steps: Sequence[Step], here: str, at: float, far: dict[str, float], wanted: set[str]
    ) -> float:
        """Note how far from A what is passed ends, if that is near; return how far the steps do."""
        rows = self.rows
        for number, (key, a, b) in enumerate(steps):
            if at > self.rules["entry_tolerance_m"]:  # how far beyond does not matter
                self._meet_again(steps[number:], far)
                break
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

    def _meet_again(self, steps: Iterable[Step], far: dict[str, float]) -> None:
        """Note what was near and is met again far away."""
        keys = [key for key, _, _ in steps] if far else []
        if not all(map(set(far).isdisjoint, map(self.touched, keys))):
            far |= dict.fromkeys(far.keys() & set[str]().union(*map(self.touched, keys)), FAR)
