"""Small plants with links, spare cables, spans and corridors, and their optimum by brute force.

What a route may run over is read from the rows with plain sets, and every subset of what can be
laid or built is tried: no line of the product is used.

    A --- M --- O ---(link)--- K        sites A and B, offices O, L and K (the centre), manholes M;
    B --- M --- L ---(link)--- K        spans, cables and corridors at random
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import networkx as nx

from tests.builders import PlantBuilder

if TYPE_CHECKING:
    from collections.abc import Sequence

CABLE_YUAN_PER_M, DUCT_YUAN_PER_M = 16.0, 70.0


@dataclass(frozen=True)
class RiddenEdge:
    """Something that a route may run over: its ends, price, and all that it fails with."""

    name: str
    ends: tuple[str, str]
    yuan: float
    elements: frozenset[str]


def draw_ridden(seed: int) -> PlantBuilder:
    """Draw a plant of two sites on three offices."""
    draw, plan = random.Random(seed), PlantBuilder()
    offices, manholes = ["K", "L", "O"], ["M1", "M2", "M3"]
    for name in offices:
        plan.office(name).device(f"E-{name}", name)
    for name in ("A", "B"):
        plan.site(name).device(f"E-{name}", name)
    for name in manholes:
        plan.structure(name)
    inner = [*offices, *manholes]
    draw.shuffle(inner)
    pairs = [(draw.choice(inner[:i]), inner[i]) for i in range(1, len(inner))]
    pairs += [("A", draw.choice(manholes)), ("B", draw.choice(manholes))]
    points = [*inner, "A", "B"]
    every = [pair for pair in combinations(sorted(points), 2) if set(pair) != {"A", "B"}]
    draw.shuffle(every)
    taken = {frozenset(pair) for pair in pairs}
    free = [pair for pair in every if frozenset(pair) not in taken]
    pairs += free[:1]
    graph = nx.Graph()
    for n, (a, b) in enumerate(pairs):
        plan.span(f"S{n}", a, b, length_m=float(draw.randint(100, 2000)))
        if not {"A", "B"}.isdisjoint((a, b)):
            graph.add_edge(a, b, span=f"S{n}", weight=9.0)
        else:
            graph.add_edge(a, b, span=f"S{n}", weight=draw.random())
    homes = {"A": draw.choice("OL"), "B": draw.choice("OL")}
    for a, b in (("A", homes["A"]), ("B", homes["B"]), ("O", "K"), ("L", "K")):
        spans = _way(graph, a, b)
        plan.cable(f"F-{a}{b}", a, b, spans, cores_used=24)
        plan.link(f"L-{a}{b}", f"E-{a}", f"E-{b}", [f"F-{a}{b}"])
    if draw.random() < 0.5:
        a, b = draw.choice([("O", "L"), ("A", "L"), ("A", "O"), ("B", "L")])
        plan.cable("F-spare", a, b, _way(graph, a, b))
    for n, (a, b) in enumerate(free[1:4]):
        length_m = float(draw.randint(50, 600))
        plan.add("corridors", id=f"C{n}", from_id=a, to_id=b, medium="duct", length_m=length_m)
    if draw.random() < 0.5:
        one, other = draw.sample(range(len(pairs)), 2)
        plan.risk("R", f"spans:S{one}", f"spans:S{other}")
    for site, home in homes.items():
        plan.circuit(f"X-{site}", site, "K", [f"L-{site}{home}", f"L-{home}K"])
    return plan


def _way(graph: nx.Graph, a: str, b: str) -> list[str]:
    """Spans of a way between two points."""
    stops = nx.shortest_path(graph, a, b, weight="weight")
    return [graph.edges[pair]["span"] for pair in pairwise(stops)]


class RiddenOracle:
    """Reads the rows of a plant, and tries everything."""

    def __init__(self, plan: PlantBuilder) -> None:
        rows = plan.rows
        ends = {row["id"]: (row["from_id"], row["to_id"]) for row in rows["spans"]}
        group = {row["element_id"]: row["risk_id"] for row in rows.get("risk_members", ())}
        of_span = {
            span: {span, *pair, *([group[span]] if span in group else [])}
            for span, pair in ends.items()
        }
        spans_of: dict[str, set[str]] = {}
        for row in rows["cable_spans"]:
            spans_of.setdefault(row["cable_id"], set()).update(of_span[row["span_id"]])
        cable_of = {row["link_id"]: row["cable_id"] for row in rows["link_cables"]}
        at = {row["id"]: row["location_id"] for row in rows["equipment"]}
        offices = {row["id"] for row in rows["offices"]}
        self.free = [
            RiddenEdge(row["id"], (at[row["from_id"]], at[row["to_id"]]), 0.0,
                       frozenset(spans_of[cable_of[row["id"]]]))
            for row in rows["links"]
        ]  # fmt: skip
        self.free += [
            RiddenEdge(row["id"], (row["from_id"], row["to_id"]), 0.0,
                       frozenset(spans_of[row["id"]]))
            for row in rows["cables"] if row["cores_used"] < 20
        ]  # fmt: skip
        self.options = [
            RiddenEdge(row["id"], ends[row["id"]], CABLE_YUAN_PER_M * row["length_m"],
                       frozenset(of_span[row["id"]]))
            for row in rows["spans"]
        ]  # fmt: skip
        self.options += [
            RiddenEdge(row["id"], (row["from_id"], row["to_id"]),
                       (CABLE_YUAN_PER_M + DUCT_YUAN_PER_M) * row["length_m"],
                       frozenset({row["id"], row["from_id"], row["to_id"]}))
            for row in rows.get("corridors", ())
        ]  # fmt: skip
        self._transit = offices | {row["id"] for row in rows["structures"]}
        every = {*self.free, *self.options}
        self.risks = sorted(set().union(*(edge.elements for edge in every)) - {"A", "B", "K"})

    def joins(self, site: str, edges: list[RiddenEdge], risk: str) -> bool:
        """Whether a site reaches K over some edges while a risk has failed."""
        seen, stack = {site}, [site]
        while stack:
            node = stack.pop()
            if node == "K":
                return True
            for edge in edges:
                if node in edge.ends and risk not in edge.elements:
                    far = edge.ends[edge.ends[0] == node]
                    if far not in seen and far in self._transit:
                        seen.add(far)
                        stack.append(far)
        return False

    def needed(self, sites: Sequence[str] = ("A", "B")) -> list[tuple[str, str]]:
        """(site, risk) that cut off today, and that something to be laid or built avoids."""
        return [
            (site, risk) for site in sites for risk in self.risks
            if not self.joins(site, self.free, risk)
            and self.joins(site, [*self.free, *self.options], risk)
        ]  # fmt: skip

    def optimum_yuan(self, sites: Sequence[str] = ("A", "B")) -> float:
        """Least cost with which all that some sites need is survived, over all subsets."""
        needed = self.needed(sites)
        subsets = [
            subset for size in range(len(self.options) + 1)
            for subset in combinations(self.options, size)
        ]  # fmt: skip
        subsets.sort(key=lambda subset: sum(edge.yuan for edge in subset))
        for subset in subsets:
            edges = [*self.free, *subset]
            if all(self.joins(site, edges, risk) for site, risk in needed):
                return sum(edge.yuan for edge in subset)
        raise AssertionError
