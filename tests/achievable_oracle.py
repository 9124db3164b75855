"""What today's plant could give, told again in plain sets: every two routes, from the rows alone.

No line of the product is used. The routes of a site over cables, or over spans, are enumerated;
each is turned into what takes it down and how far from the site that reaches; two of them share
what is in both. Slow, for inventories of a dozen places.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from audit_oracle import TOLERABLE, TOLERANCE_M, World

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Step = tuple[str, str, str]  # a cable or span, and the places between which it is passed
    Route = tuple[list[Step], str]  # and the node at which it ends

MOST_ROUTES = 60
MOST_CHOICES = 1000
_PLACES = ("offices", "sites", "structures")


class PlantOfSite:
    """The cables or spans of an inventory, as one site may use them."""

    def __init__(self, rows: dict, name: str, site: str) -> None:
        self.rows, self.name, self.site = rows, name, site
        self.world = World(rows)
        self.items = self.world.t[name]
        self.own = self._own()

    def _own(self) -> set[str]:
        """Cables, or spans, on the routes of the site's circuits: their cores and bores are its."""
        world = self.world
        circuits = {name for name, row in world.t["circuits"].items() if row["a_id"] == self.site}
        links = {
            row["link_id"] for row in self.rows.get("circuit_links", ())
            if row["circuit_id"] in circuits
        }  # fmt: skip
        cables = {cable for link in links for leg in world.legs(link) for cable in leg[0]}
        if self.name == "cables":
            return cables
        return {span for cable in cables for span in world.cable_spans.get((cable,), ())}

    def node(self, place: str) -> object:
        """The building of a place, or the place."""
        return self.world.home(place) or place

    def _stands(self, place: str) -> bool:
        found = self.world.place(place)
        return found is not None and found[1].get("status", "in_service") == "in_service"

    def _passes(self, node: object) -> bool:
        """Whether a route may run through a node: never through another customer's premises."""
        here = [
            (table, name) for table in _PLACES for name in self.world.t[table]
            if self.node(name) == node
        ]  # fmt: skip
        if any(table == "offices" and self._stands(name) for table, name in here):
            return True
        if any(table == "sites" for table, _ in here):
            return False
        kinds = {self.world.t[t][name].get("kind") for t, name in here if self._stands(name)}
        return self.name == "spans" or bool(kinds & {"cabinet", "splice"})

    def _is_in_service(self, table: str, name: str) -> bool:
        row = self.world.t[table][name]
        ends = [row["from_id"], row["to_id"]]
        return row.get("status", "in_service") == "in_service" and all(
            self._stands(end) for end in ends if self.world.is_place(end)
        )

    def _is_open(self, item: str) -> bool:
        """Whether the site's routes may pass a cable or span."""
        row = self.items[item]
        if not self._is_in_service(self.name, item) or row.get("owner", "operator") != "operator":
            return False
        if self.name == "spans":
            total, used = row.get("bores_total"), row.get("bores_used")
            return item in self.own or None in {total, used} or total > used
        spans = self.world.cable_spans.get((item,), ())
        known = [span for span in spans if span in self.world.t["spans"]]
        if not all(self._is_in_service("spans", span) for span in known):
            return False
        cores = [row.get(f"cores_{kind}") for kind in ("total", "used", "bad")]
        has_spare = None not in cores and cores[0] - cores[1] - cores[2] >= 2
        return self.world.is_cable_complete(item) and (item in self.own or has_spare)

    def routes(self, ends: Sequence[str]) -> Iterator[Route]:
        """Simple routes from the site to one of some ends, past other ends, too."""
        beside: dict[object, list[Step]] = {}
        for item, row in self.items.items():
            a, b = row["from_id"], row["to_id"]
            if self._is_open(item) and self.node(a) != self.node(b):
                beside.setdefault(self.node(a), []).append((item, a, b))
                beside.setdefault(self.node(b), []).append((item, b, a))
        goals, start = {self.node(end) for end in ends}, self.node(self.site)

        def onwards(node: object, seen: set, way: list[Step]) -> Iterator[Route]:
            if node in goals:
                yield way, node
            if node != start and not self._passes(node):
                return
            for step in beside.get(node, ()):
                if (then := self.node(step[2])) not in seen:
                    yield from onwards(then, seen | {then}, [*way, step])

        if start in goals:
            return iter([([], start)])
        return onwards(start, {start}, [])

    def _touched(self, way: list[Step]) -> dict:
        """Elements of a route, with how far from the site each reaches."""
        world, far, at, is_inside = self.world, {}, 0.0, True

        def mark(elements: set, metres: float) -> None:
            far.update({e: max(far.get(e, 0.0), metres) for e in elements})

        for item, a, b in way:
            steps = [(item, a, b)]
            if self.name == "cables":
                row = self.items[item]
                steps, _ = world.follow(world.known_spans(item), row["from_id"], row["to_id"])
                if a != row["from_id"]:
                    steps = [(span, y, x) for span, x, y in reversed(steps)]
            for span, x, y in steps:
                mark(world.at_place(x), at)
                is_inside = is_inside and world.meet(x, y) and world.home(x) is not None
                if not is_inside:
                    at += world.t["spans"][span].get("length_m") or math.inf  # 0: not recorded
                trench = world.t["spans"][span].get("trench_id")
                mark({("span", span)} | ({("trench", trench)} if trench else set()), at)
                mark(world.at_place(y), at)
            if self.name == "cables":
                ends = {e for place in (a, b) for e in world.at_place(place) if e not in far}
                mark({("cable", item)} | ends, math.inf)
        return far

    def shared(self, routes: Sequence[Route], ends: Sequence[str]) -> set:
        """What routes all share, less what the tolerance forgives.

        Routes to several ends go on to the end itself, where they stop beside it in its building.
        """
        own, every = {self.world.home(self.site)}, []
        last = {node for _, node in routes}
        own |= last if len(last) == 1 else set()
        for way, node in routes:
            touched, far = self._touched(way), {}
            for end in ends if len(last) > 1 else ():
                if self.node(end) == node:
                    touched |= dict.fromkeys(self.world.at_place(end), math.inf)
            for element, metres in touched.items():
                if self.world.home_of(element) in own - {None}:
                    continue
                for name in {element} | self.world.groups_of.get(element, set()):
                    far[name] = max(far.get(name, 0.0), metres)
            every.append(far)
        return {
            e for e in set.intersection(*(set(far) for far in every))
            if e[0] not in TOLERABLE or max(far[e] for far in every) > TOLERANCE_M
        }  # fmt: skip

    def pairs(self, ends: Sequence[str], parted: Sequence[str]) -> list[set] | None:
        """What every two admissible routes share; None if there are too many to try.

        Only one of them may end at each of `parted`.
        """
        routes = list(itertools.islice(self.routes(ends), MOST_ROUTES + 1))
        if len(routes) > MOST_ROUTES:
            return None
        shut = {self.node(end) for end in parted}
        return [
            self.shared((a, b), ends)
            for a, b in itertools.combinations_with_replacement(routes, 2)
            if a[1] != b[1] or a[1] not in shut
        ]

    def joint(
        self, ends: Sequence[str], parted: Sequence[str], routes_to: Sequence[Sequence[str]]
    ) -> list[set] | None:
        """What every choice of routes shares, one a circuit to one of its ends; None if too many.

        Not all may end at one of `parted`.
        """
        routes = list(itertools.islice(self.routes(ends), MOST_ROUTES + 1))
        each = [[r for r in routes if r[1] in set(map(self.node, to))] for to in routes_to]
        if len(routes) > MOST_ROUTES or math.prod(map(len, each)) > MOST_CHOICES:
            return None
        shut = {self.node(end) for end in parted}
        return [
            self.shared(some, ends)
            for some in itertools.product(*each)
            if not {node for _, node in some} <= shut or len({node for _, node in some}) > 1
        ]
