"""Ways of cables and links, and routes along them, held to the raw rows piece by piece."""

from __future__ import annotations

import functools
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from netgraph.messages import Message
from netgraph.verify.groups import find_groups, find_open, find_unsure
from netgraph.verify.lines import find_suspicions, place_lines, straight_m
from netgraph.verify.orders import is_in_order, is_open_either_way
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


class Stretch:
    """Steps that follow one another: many routes pass the same ones, and they are judged once.

    `elements` alone take it down; `groups` are theirs, which stand in `houses`. In `doubt` is what
    it meets whose state, building or risk groups are not sure. With legs, it may meet more.
    """

    def __init__(self, ways: Ways, steps: Sequence[Step]) -> None:
        self.steps, keys = steps, [step[0] for step in steps]
        self.elements = _joined(map(ways.rows.down, keys))
        self.grouped = self.elements & ways.grouped or NOTHING
        self.groups = _joined(ways.groups[element] for element in self.grouped)
        self.houses = {*map(ways.rows.home, self.grouped)} or NOTHING
        self.doubt = _joined(ways.rows.met(key) & ways.doubtful for key in keys)
        self.has_legs = not ways.rows.forked.isdisjoint(keys)
        self.is_whole = all(map(ways.is_whole, keys))
        self.is_carried = self.is_whole or all(map(ways.is_carried, keys))
        self.is_wired = ways.wireless.isdisjoint(keys)
        self.is_joined = ways.rows.joined(steps[1:], steps[0][2], [steps[-1][2]])
        self._length = ways.length

    @functools.cached_property
    def metres(self) -> float:
        """Metres of all steps."""
        return sum(self._length(step[0]) for step in self.steps)


class Route(NamedTuple):
    """A route from its origin (metres from A): what alone takes it down, its ends, how sure it is.

    `parts` are the stretches that it surely takes today, and `beyond` what it reaches at its end.
    What it meets of which `risk_members` leaves open what fails with it is `unsure`. Its links may
    be known (`is_known`), all that they run through (`has_plant`), and the building of every office
    on the way (`is_housed`).
    """

    steps: Sequence[Step]
    origin: tuple[str, float]
    parts: Sequence[Stretch]
    homes: set[str]
    unsure: AbstractSet[str]
    is_known: bool
    has_plant: bool
    is_housed: bool
    is_wired: bool
    beyond: AbstractSet[str] = NOTHING

    @property
    def is_carried(self) -> bool:
        """Whether its links are known, and all links that carry them."""
        return self.is_known and all(part.is_carried for part in self.parts)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing that could be shared."""
        return self.has_plant and self.is_housed

    def elements(self) -> set[str]:
        """List what alone takes it down, its risk groups apart."""
        return set[str]().union(self.beyond, *(part.elements for part in self.parts))


class Ways:
    """The rows, and the ways that were held to them."""

    def __init__(self, inventory: Inventory, rules: Mapping[str, Any]) -> None:
        self.rows, self.rules = Rows(inventory, rules.get("assume_by", ())), rules
        self.legs: dict[str, Sequence[Sequence[Step]]] = {}
        spans = self.rows.tables["spans"]
        self.crs, self.metres = inventory.crs, place_lines(spans, inventory.crs)
        self.length, self.pieces_of = (
            functools.cache(self._length),
            functools.cache(self._pieces_of),
        )
        self.along = functools.cache(self._along)
        self.open_either_way = set[str]()  # broken, and read as well from its other end
        suspicions = find_suspicions(spans, rules, self.rows.home, self.rows.place)
        self.groups = find_groups(self.rows, suspicions)
        self.grouped, self.unsure = set(self.groups), find_unsure(self.rows)
        self.unsure_homes = {*map(self.rows.home, self.unsure)}
        self.open = find_open(self.rows)
        self.wireless = {k for k, row in self.rows.of.items() if row.get("medium") in _WIRELESS}
        self.doubtful = self.rows.stale | self.rows.bare | self.unsure.keys()
        self.is_whole = functools.cache(self._is_whole)
        self.is_carried = functools.cache(self._is_carried)
        self.is_surveyed = functools.cache(self._is_surveyed)
        self.stretch = functools.cache(functools.partial(Stretch, self))

    def is_unsure(self, route: Route, own: Collection[str]) -> bool:
        """Whether a route may share a risk group with any other, apart from its own ends."""
        outside = (self.rows.home(element) not in own for element in route.unsure)
        return bool(self.open) or any(outside)

    def accept(self, way: Certificate) -> None:
        """Keep the way of a cable or link, if the rows have the same pieces and risks."""
        key = way["of"]
        known = [[p for p in leg if p in self.rows.of] for leg in self.rows.legs.get(key, [])]
        passed = [[step[0] for step in leg] for leg in way["legs"]]
        if [*map(sorted, passed)] != [*map(sorted, known)]:
            refuse("it runs through {0}", known)
        down = self.rows.down(key)
        down = down.union(*(self.groups[element] for element in down & self.grouped))
        if {*way["elements"], *way["risk_groups"]} != down:
            refuse("it goes down with {0}", sorted(down))
        if (way["start"], way["end"]) != self.rows.ends(key):
            refuse("{0} does not run from {1} to {2}", key, way["start"], way["end"])
        legs = [self.hold(leg) for leg in way["legs"]]
        for leg, recorded in zip(legs, known, strict=True):
            for table in {step[0].partition(":")[0] for step in leg}:
                pieces = [step for step in leg if step[0].startswith(table)]
                order = [part for part in recorded if part.startswith(table)]
                if not is_in_order(self.rows, pieces, order, self.rows.ends(key)):
                    refuse("it is passed in the order {0}, or in another direction", order)
                if is_open_either_way(self.rows, pieces, self.rows.ends(key)):
                    self.open_either_way.add(key)
        self.legs[key] = legs

    def hold(self, steps: Iterable[Step]) -> list[Step]:
        """Refuse steps that do not run between the ends of what they pass; else return them.

        A step is the same object whenever it is held: what it passes is looked up fast.
        """
        found = []
        for key, a, b in steps:
            forwards, backwards = self.rows.turns(key)
            step = forwards if (a, b) == forwards[1:] else backwards
            if key not in self.rows.of or (a, b) != step[1:]:
                refuse("{0} does not run from {1} to {2}", key, a, b)
            found.append(step)
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
        return self.are_joined(key) and all(map(self.is_whole, chain(*legs)))

    def _is_carried(self, key: str) -> bool:
        """Whether what carries a link is recorded down to cables, without gaps."""
        rows, legs = self.rows, self.rows.legs.get(key, [])
        if not key.startswith("links:"):
            return True
        if not legs or key in rows.circular:
            return not legs and key in self.wireless
        return self.are_joined(key) and all(map(self.is_carried, chain(*legs)))

    def are_joined(self, key: str) -> bool:
        """Whether the pieces of each leg of a way are recorded, and join its ends."""
        (a, b), legs = self.rows.ends(key), self.rows.legs.get(key, [])
        return all(
            len(steps) == len(leg) and len({part.split(":")[0] for part in leg}) == 1
            and self.rows.joined(steps, a, [b])
            for steps, leg in zip(self.legs_of(key) if legs else (), legs, strict=True)
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

    def _length(self, key: str) -> float:
        """Metres along the first leg of a way; straight where nothing else is known."""
        legs = self.legs_of(key) if key not in self.rows.circular else ()
        if legs and legs[0]:
            return sum(self.length(part) for part, _, _ in legs[0])
        places = [self.rows.of[place] for place in self.rows.ends(key) if place]
        metres = self.metres.get(key, FAR)
        is_straight = metres == FAR and len(places) == 2
        return straight_m(places[0], places[1], self.crs) if is_straight else metres

    def _pieces_of(self, key: str) -> AbstractSet[str]:
        """List the spans along the first leg of a way, and what is not known to have any."""
        legs = self.legs_of(key) if key not in self.rows.circular else ()
        if legs and legs[0]:
            return NOTHING.union(*(self.pieces_of(part) for part, _, _ in legs[0]))
        return frozenset({key})

    def _along(self, step: Step) -> tuple[tuple[Step, frozenset[str]], ...]:
        """Pass the pieces of the first leg of a step, in the direction of travel.

        Each with itself and the cable that is passed: others may lie in the same spans.
        """
        key, a, _ = step
        legs = self.legs_of(key) if key not in self.rows.circular else ()
        if not legs or not legs[0]:
            return ((step, frozenset({key})),)
        is_forwards = a == self.rows.ends(key)[0]
        leg = legs[0] if is_forwards else map(self.rows.turned, reversed(legs[0]))
        below = chain.from_iterable(map(self.along, leg))
        is_cable = key.startswith("cables:")
        return tuple((piece, whole | {key} if is_cable else whole) for piece, whole in below)

    def groups_of(self, part: Stretch, own: Collection[str]) -> AbstractSet[str]:
        """List the groups of a stretch, but those of what stands in one's own buildings."""
        if part.houses.isdisjoint(own):
            return part.groups
        home, groups = self.rows.home, self.groups
        return _joined(groups[e] for e in part.grouped if (home(e) or None) not in own)

    def with_groups(self, elements: Iterable[str], own: Iterable[str]) -> set[str]:
        """Leave out what stands in one's own buildings; add the risk groups of the rest."""
        kept = set(elements).difference(*map(self.rows.standing_in, own))
        return kept.union(*(self.groups[element] for element in kept & self.grouped))

    def meets(self, route: Route, element: str, own: Collection[str]) -> bool:
        """Whether an element, or group, takes a route down."""
        return element in self.with_groups(route.beyond, own) or any(
            element in part.elements or element in self.groups_of(part, own) for part in route.parts
        )

    def shared(self, routes: Sequence[Route], own: Collection[str]) -> set[str]:
        """List what takes all of some routes down, less what stands in one's own buildings."""
        met = routes[0].elements()
        for route in routes[1:]:
            met = set().union(met & route.beyond, *(met & part.elements for part in route.parts))
        groups = (
            self.with_groups(r.beyond, own).union(*(self.groups_of(p, own) for p in r.parts))
            for r in routes
        )
        return met.difference(*map(self.rows.standing_in, own)) | set.intersection(*groups)

    def follow(
        self, parts: Sequence[Stretch], start: str, goals: Sequence[str], at: float = 0.0, *,
        is_listed: bool = True, homes: Sequence[str] = (),
    ) -> Route:  # fmt: skip
        """Follow stretches that were held from a place to one of several, `at` metres from A.

        `homes` are the places where a recorded circuit begins and may end: the building of every
        other office on it must be recorded.
        """
        rows, steps = self.rows, [step for part in parts for step in part.steps]
        open_at = _joined(part.doubt for part in parts if part.doubt)
        is_stale = not open_at.isdisjoint(rows.stale)  # where it runs today is not known
        ends = [(part.steps[0][0], part.steps[0][1], part.steps[-1][2]) for part in parts]
        is_known = is_listed and not is_stale and rows.joined(ends, start, goals)
        is_known &= all(part.is_joined for part in parts)
        stops = [steps[-1][2] if steps else start] if is_known else goals
        bare = open_at & rows.bare - {*homes[:1]}
        bare -= {*homes} & {*stops} if is_known else {*homes}
        return Route(
            steps,
            (start, at),
            parts=() if is_stale else parts,
            homes=set(map(rows.home, stops)),
            unsure=NOTHING if is_stale else open_at & self.unsure.keys(),
            is_known=is_known,
            has_plant=is_known and all(part.is_whole for part in parts),
            is_housed=not (homes and bare),
            is_wired=all(part.is_wired for part in parts),
        )

    def with_ends(self, route: Route, ends: Iterable[str]) -> Route:
        """Add the centre to a route that ends beside it, in its building: its circuits go there."""
        reached = {end for end in ends if self.rows.home(end) in route.homes - {""}}
        more = reached.union(map(self.rows.home, reached))
        unsure = route.unsure | more & self.unsure.keys()
        return route._replace(beyond=more, unsure=unsure)

    def far_m(self, route: Route, wanted: set[str]) -> Mapping[str, float]:
        """Metres from A at which what is wanted of a route ends, infinite beyond the tolerance."""
        far: dict[str, float] = {}
        here, at = route.origin
        for number, part in enumerate(route.parts):
            here, at = self.reach(part.steps, here, at, far, wanted)
            if at > self.rules["entry_tolerance_m"]:
                self._meet_again(route.parts[number + 1 :], far)
                break
        return far

    def reach(
        self, steps: Sequence[Step], here: str, at: float, far: dict[str, float], wanted: set[str]
    ) -> tuple[str, float]:
        """Note how far from A what is passed ends, if that is near; return where the steps do.

        What an end of is lost is taken to run from and to where its own pieces do.
        """
        rows = self.rows
        for number, (key, a, b) in enumerate(steps):
            if at > self.rules["entry_tolerance_m"]:  # how far beyond does not matter
                self._meet_again([Stretch(self, steps[number:])], far)
                break
            legs = [leg for leg in self.legs_of(key) if leg] if key not in rows.circular else []
            is_lost = sum(map(len, legs)) < sum(map(len, rows.legs.get(key, ())))
            is_lost |= key in self.open_either_way or not (rows.meet(here, a) or (legs and not a))
            at, start = FAR if is_lost else at, a or here
            if a != rows.ends(key)[0]:
                legs = [[*map(rows.turned, leg[::-1])] for leg in legs]
            is_free = at == 0 and "" != rows.home(a) == rows.home(b)
            here, after = b, at if is_free else at + self.metres.get(key, FAR)
            if legs:
                ends = [self.reach(leg, start, at, far, wanted) for leg in legs]
                # What is near on the second leg alone may lie far along the first.
                ends += [self.reach(leg, start, at, far, wanted) for leg in legs[1:] and legs[:1]]
                after = max(metres for _, metres in ends)
                here = ends[0][0] if rows.meet(ends[0][0], b) or not b else ""
            else:
                groups = self.groups.get(key, ())
                trench = "trenches:" + rows.of[key].get("trench_id", "")
                passed = ((a, at), *((e, after) for e in (b, key, trench, *groups)))
                for element, metres in passed:
                    if element in wanted:
                        far[element] = max(far.get(element, 0.0), metres)
            at = after
        return here, at

    def _meet_again(self, parts: Iterable[Stretch], far: dict[str, float]) -> None:
        """Note what was near and is met again far away, on any leg."""
        for part in parts if far else ():
            for key, _, _ in part.steps if part.has_legs else ():
                met = self.rows.met(key)
                groups = (self.groups[element] for element in met & self.grouped)
                far |= dict.fromkeys({*far} & met.union(*groups), FAR)
            for taken in (part.elements, part.groups):
                far |= dict.fromkeys(taken & {*far}, FAR)


def _joined(sets: Iterable[AbstractSet[str]]) -> AbstractSet[str]:
    """Join sets; a single one is not copied."""
    several = [each for each in sets if each]
    return several[0] if len(several) == 1 else frozenset(set().union(*several))
