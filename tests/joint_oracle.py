"""The best routes of a group of circuits by trying every choice of simple routes of a small layer.

What all of them share counts, and what all of them touch within the entry tolerance is forgiven.
Nothing of the search is used here.
"""

from __future__ import annotations

import itertools
import math
import random
from typing import TYPE_CHECKING

from best_pair_oracle import MOST_ROUTES, Oracle
from builders import PlantBuilder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.run import Audit

MOST_CHOICES = 6_000


class JointOracle(Oracle):
    """One site of one layer, of which a group of circuits asks for routes."""

    def __init__(
        self, plan: PlantBuilder, audit: Audit, layer: SearchLayer, place: int,
        b_ends: tuple[int, ...], *, is_apart: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(plan, audit, layer, place, b_ends, is_apart=is_apart)
        self.b_ends = b_ends

    def cost(self, *routes: tuple[int, ...]) -> tuple[int, int, tuple[int, ...]]:
        """Items that all routes use and that count, that are forgiven, and the elements."""
        layer = self.layer
        items = [layer.item[list(route)].tolist() for route in routes]
        ends = self.b_ends if len({self._end(route) for route in routes}) > 1 else ()
        counted, tolerated, _ = self.walks.judge(items, ends)
        shared = [self._elements(x) for x in set.intersection(*map(self._items, routes))]
        n_counted = sum(not some.isdisjoint(counted) for some in shared)
        n_forgiven = sum(
            some.isdisjoint(counted) and not some.isdisjoint(tolerated) for some in shared
        )
        return n_counted, n_forgiven, counted

    def best_of(
        self, routes_to: Sequence[Sequence[int]], parted: Sequence[int]
    ) -> tuple[int, int, tuple[int, ...]] | None:
        """The least cost of any choice, one route to one of the ends of each; None if too many.

        Not all may end at one of `parted`.
        """
        choices = list(self._choices(routes_to))
        shut = {int(self.layer.node_of_place[end]) for end in parted}
        if not choices:
            return None
        costs = [
            self.cost(*some)
            for some in choices
            if len(ends := {self._end(route) for route in some}) > 1 or not ends <= shut
        ]
        return min(costs, default=None)

    def _choices(self, routes_to: Sequence[Sequence[int]]) -> Iterator[tuple[tuple[int, ...], ...]]:
        """Yield every choice once, whichever circuit takes which route; nothing if too many."""
        routes = list(itertools.islice(self.routes(), MOST_ROUTES + 1))
        node = self.layer.node_of_place
        each = [
            [route for route in routes if self._end(route) in {int(node[end]) for end in to}]
            for to in routes_to
        ]
        if len(routes) <= MOST_ROUTES and math.prod(map(len, each)) <= MOST_CHOICES:
            yield from {tuple(sorted(some)) for some in itertools.product(*each)}

    def routes_of(self, items: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
        """Routes by the edges of their cables or spans."""
        edge_of = {item: edge for edge, item in enumerate(self.layer.item.tolist())}
        return [tuple(edge_of[item] for item in route) for route in items]


def draw_close_group(seed: int) -> PlantBuilder:
    """Site S with a group of two to four circuits, and short ways around it to one or two centres.

    Of two circuits one or both are protected. Some spans have a trench in common, and risk groups
    lie across two or three of the spans and points.
    """
    draw = random.Random(seed)
    ends = ["K", "J"] if draw.random() < 0.35 else ["K"]
    points = [f"m{n}" for n in range(draw.randint(3, 6))]
    drawing = _Drawing(draw, ends, points)
    drawing.lay_spans()
    drawing.lay_cables()
    drawing.add_circuits()
    things = [f"spans:{row['id']}" for row in drawing.plan.rows["spans"]]
    things += [f"structures:{point}" for point in points]
    for n in range(draw.choice([0, 2, 4, 6])):
        drawing.plan.risk(f"r{n}", *draw.sample(things, draw.choice([2, 2, 3])))
    return drawing.plan


class _Drawing:
    """A plant as it grows: its points, and the spans that go on from each."""

    def __init__(self, draw: random.Random, ends: list[str], points: list[str]) -> None:
        self.plan = PlantBuilder().office("K").site("S")
        self._draw, self._ends, self._points = draw, ends, points
        self._beside: dict[str, list[tuple[str, str]]] = {}
        if "J" in ends:
            self.plan.site("J") if draw.random() < 0.25 else self.plan.office("J")
        for point in points:
            self.plan.structure(point, draw.choice(["cabinet", "cabinet", "manhole"]))

    def lay_spans(self) -> None:
        """Lay some short ones around the site, and some to each centre."""
        draw, points = self._draw, self._points
        for point in points[: draw.choice([1, 2, 2, 3])]:
            self._lay("S", point, 5, 10, 20, 30, 40, 60)
        if draw.random() < 0.3:
            self._lay("S", draw.choice(points), 10, 30, 100)
        for _ in range(draw.randint(5, 9)):
            a, b = draw.sample([*points, *points, *self._ends], 2)
            if a != b and {a, b} != {"K", "J"}:
                self._lay(a, b, 5, 10, 20, 20, 40, 100, 300)
        for end in self._ends:
            self._lay(draw.choice(points), end, 20, 100, 300)

    def _lay(self, a: str, b: str, *lengths_m: float) -> None:
        name = f"s{len(self.plan.rows.get('spans', ()))}"
        trench = self._draw.choice([None] * 4 + ["t1", "t2"])
        self.plan.span(name, a, b, length_m=float(self._draw.choice(lengths_m)), trench_id=trench)
        self._beside.setdefault(a, []).append((b, name))
        self._beside.setdefault(b, []).append((a, name))

    def lay_cables(self) -> None:
        """Lay eight at most, each along a walk over the spans."""
        n_cables = 0
        for _ in range(400):
            a, b = ("S", "K")
            if n_cables:
                a, b = self._draw.sample(["S", "S", *self._points, *self._ends, "K"], 2)
            if n_cables < 8 and a != b and (spans := self._walk(a, b)):
                self.plan.cable(f"c{n_cables}", a, b, spans)
                n_cables += 1
        if not n_cables:
            self.plan.span("direct", "S", "K").cable("c0", "S", "K", "direct")

    def _walk(self, here: str, end: str) -> list[str]:
        seen, spans = {here}, []
        while here != end:
            onwards = [(to, span) for to, span in self._beside.get(here, ()) if to not in seen]
            if not onwards:
                return []
            here, span = self._draw.choice(onwards)
            seen.add(here)
            spans.append(span)
        return spans

    def add_circuits(self) -> None:
        """Add those of the group: all on one cable, so that nothing else is theirs alone."""
        self.plan.link("l", "S", "K", ["c0"])
        n_circuits = self._draw.choice([2, 3, 3, 3, 4])
        for n in range(n_circuits):
            centre, second = self._draw.choice(self._ends), None
            if len(self._ends) > 1 and self._draw.random() < 0.25:
                second = "J" if centre == "K" else "K"
            is_protected = n_circuits == 2 and (n == 0 or self._draw.random() < 0.5)
            self.plan.circuit(
                f"x{n}", "S", centre, "l", "l" if is_protected else (), b2_id=second,
                group_id="G", protection="path" if is_protected else "none",
            )  # fmt: skip
