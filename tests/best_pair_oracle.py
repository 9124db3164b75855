"""The best pair of routes of a site by trying every two simple routes of a small layer.

Best is: fewest shared items that count (cables or spans, points on the way, risks), then fewest
within the entry tolerance, then the shortest in total. Nothing of the search is used here.
"""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING

from builders import PlantBuilder
from searched_walks import Walks

from netgraph.diversity.levels import RANK, Level, worst
from netgraph.diversity.verdict_kinds import LEVEL_OF_KIND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.diversity.achievable.find import LayerAnswer
    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.run import Audit

MOST_ROUTES = 60


class Oracle:
    """One site of one layer."""

    def __init__(
        self, plan: PlantBuilder, audit: Audit, layer: SearchLayer, place: int,
        b_ends: tuple[int, ...], *, is_apart: bool = False,
    ) -> None:  # fmt: skip
        self.audit, self.layer, self.place, self.is_apart = audit, layer, place, is_apart
        self.walks = Walks(audit, layer, place)
        self._items_of: dict[tuple[int, ...], set[tuple[str, int]]] = {}
        self.source = int(layer.node_of_place[place])
        self.sinks = {int(layer.node_of_place[end]) for end in b_ends}
        own = _own_items(plan, layer.name, str(audit.network.places.ids[place]))
        table = audit.network.cables if layer.name == "cables" else audit.network.spans
        complete = table.is_complete if layer.name == "cables" else [True] * len(table)
        self.is_open = [
            bool(layer.is_usable[edge])
            or bool(layer.is_admitted[edge] and complete[item] and str(table.ids[item]) in own)
            for edge, item in enumerate(layer.item.tolist())
        ]

    def routes(self) -> Iterator[tuple[int, ...]]:
        """Every simple route to a sink, as edges; past a sink only if ends are to differ."""
        graph = self.layer.graph

        def onwards(node: int, seen: set[int], way: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
            if node in self.sinks:
                yield way
                if not self.is_apart:
                    return
            if node != self.source and not graph.is_transit[node]:
                return
            for k in range(int(graph.indptr[node]), int(graph.indptr[node + 1])):
                edge, other = int(graph.edge[k]), int(graph.neighbour[k])
                if self.is_open[edge] and other not in seen:
                    yield from onwards(other, seen | {other}, (*way, edge))

        yield from onwards(self.source, {self.source}, ())

    def shared(self, first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...]:
        """Elements and risk groups that both routes use and that count."""
        items = [self.layer.item[list(route)].tolist() for route in (first, second)]
        return self.walks.judge(items)[0]

    def cost(self, first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, int, float]:
        """Items that both routes use and that count, that are forgiven, and metres of both."""
        layer = self.layer
        items = [layer.item[list(route)].tolist() for route in (first, second)]
        counted, tolerated, _ = self.walks.judge(items)
        shared = self._items(first) & self._items(second)
        n_counted = sum(not self._elements(item).isdisjoint(counted) for item in shared)
        n_forgiven = sum(
            self._elements(item).isdisjoint(counted)
            and not self._elements(item).isdisjoint(tolerated)
            for item in shared
        )
        length_m = float(layer.graph.length_m[list(first + second)].sum())
        return n_counted, n_forgiven, round(length_m, 6)

    def best(self) -> tuple[int, int, float] | None:
        """The least cost of any two routes; None if there are too many to try."""
        routes = list(itertools.islice(self.routes(), MOST_ROUTES + 1))
        if not routes or len(routes) > MOST_ROUTES:
            return None
        pairs = itertools.combinations_with_replacement(routes, 2)
        costs = [self.cost(a, b) for a, b in pairs if not self.is_apart or self._part(a, b)]
        return min(costs, default=None)

    def best_level(self) -> Level | None:
        """The best level of any two routes; None if there are too many to try."""
        routes = list(itertools.islice(self.routes(), MOST_ROUTES + 1))
        if not routes or len(routes) > MOST_ROUTES:
            return None
        pairs = itertools.combinations_with_replacement(routes, 2)
        kind = self.audit.kind
        levels = [
            worst(LEVEL_OF_KIND[kind[x]] for x in self.shared(a, b)) or Level.DIVERSE
            for a, b in pairs
            if not self.is_apart or self._part(a, b)
        ]
        return max(levels, key=RANK.__getitem__, default=None)

    def cost_of(self, answer: LayerAnswer) -> tuple[int, int, float]:
        """The cost of an answer's two routes."""
        edge_of = {item: edge for edge, item in enumerate(self.layer.item.tolist())}
        first, second = (tuple(edge_of[item] for item in route) for route in answer.routes)
        assert all(self.is_open[edge] for edge in first + second)
        assert not self.is_apart or not first + second or self._part(first, second)
        return self.cost(first, second)

    def _part(self, first: tuple[int, ...], second: tuple[int, ...]) -> bool:
        """Whether two routes end at different sinks."""
        return self._end(first) != self._end(second)

    def _end(self, route: tuple[int, ...]) -> int:
        graph, node = self.layer.graph, self.source
        for edge in route:
            node = int(graph.edge_u[edge]) + int(graph.edge_v[edge]) - node
        assert node in self.sinks
        return node

    def _items(self, route: tuple[int, ...]) -> set[tuple[str, int]]:
        if route not in self._items_of:
            self._items_of[route] = self._find_items(route)
        return self._items_of[route]

    def _find_items(self, route: tuple[int, ...]) -> set[tuple[str, int]]:
        graph, risks = self.layer.graph, self.layer.risks
        node, items = self.source, set()
        for edge in route:
            items.add(("edge", edge))
            items |= {("risk", int(c)) for c in risks.edge_classes[edge]}
            node = int(graph.edge_u[edge]) + int(graph.edge_v[edge]) - node
            items.add(("node", node))  # one's end may be on the other's way
            items |= {("risk", int(c)) for c in risks.node_classes[node]}
        return items

    def _elements(self, item: tuple[str, int]) -> set[int]:
        layer, (kind, number) = self.layer, item
        if kind == "node":  # its risk groups are items of their own
            n_elements = len(self.audit.network.elements)
            return {x for x in layer.node_elements.row(number).tolist() if x < n_elements}
        if kind == "risk":
            return set(layer.risk_element[layer.risks.risks[number]].tolist())
        first = self.audit.network.elements.offset[layer.name]
        return {first + int(layer.item[number])}


def _own_items(plan: PlantBuilder, layer: str, site: str) -> set[str]:
    """Cables, or spans, of the routes of a site's circuits."""

    def joined(table: str, key: str, value: str, wanted: set[str]) -> set[str]:
        return {row[value] for row in plan.rows.get(table, ()) if row[key] in wanted}

    circuits = {row["id"] for row in plan.rows["circuits"] if row["a_id"] == site}
    links = joined("circuit_links", "circuit_id", "link_id", circuits)
    cables = joined("link_cables", "link_id", "cable_id", links)
    return joined("cable_spans", "cable_id", "span_id", cables) if layer == "spans" else cables


def draw_small(seed: int, *, has_groups: bool = False) -> PlantBuilder:
    """Two sites, two centres, six points; full cables and ducts, risk groups, short spans.

    With groups, the two circuits of each site back each other up and end at different centres.
    """
    rng = random.Random(seed)
    plan = PlantBuilder().office("K").office("J", building_id=rng.choice(["B-J", "B-J", "B-K"]))
    if has_groups:
        plan.change("offices", "J", building_id="B-J")
    plan.site("S").site("T")
    points = [f"m{n}" for n in range(1, 6)]
    for m in points:
        plan.structure(m, rng.choice(["manhole", "cabinet", "splice"]))
    plan.office("O", "access")
    inner = [*points, "O"]
    spans: dict[str, tuple[str, str]] = {}
    for n in range(13):
        a, b = rng.sample([*inner, *inner, "K", "J"], 2)
        if n < 5:  # sites and centres have ways out
            a, b = ("S", "S", "T", "K", "J")[n], rng.choice(inner)
        if a == b or {a, b} == {"K", "J"}:
            continue
        full = rng.random() < 0.25
        plan.span(
            f"p{n}", a, b, length_m=rng.choice([5.0, 20.0, 30.0, 60.0, 200.0, 300.0, 300.0]),
            trench_id=rng.choice([None] * 6 + ["T1", "T2"]),
            bores_total=2, bores_used=2 if full else 1,
        )  # fmt: skip
        spans[f"p{n}"] = (a, b)
    cables: dict[str, tuple[str, str]] = {}
    for n, (name, (a, b)) in enumerate(spans.items()):
        way, end = [name], b
        further = [s for s, ends in spans.items() if b in ends and a not in ends]
        if further and rng.random() < 0.3:
            way.append(rng.choice(further))
            end = next(x for x in spans[way[1]] if x != b)
        plan.cable(f"c{n}", a, end, way, cores_used=24 if rng.random() < 0.25 else 4)
        cables[f"c{n}"] = (a, end)
    for n in range(rng.randrange(4)):
        members = rng.sample([f"spans:{s}" for s in spans] + [f"structures:{m}" for m in points], 2)
        plan.risk(f"r{n}", *members)
    for site in ("S", "T"):
        for n in range(2):
            used = rng.sample(sorted(cables), 2)
            name, centre = f"{site}{n}", "KJ"[n] if has_groups else rng.choice("KJ")
            plan.link(f"l{name}", site, centre, used)
            second = None if has_groups else rng.choice([None, None, "J", "K"])
            group = f"G{site}" if has_groups else None
            plan.circuit(f"x{name}", site, centre, f"l{name}", b2_id=second, group_id=group)
    return plan
