"""Networks of at most eight nodes, and what is true of them, worked out from all simple routes.

No line of the product is used here but to build its arrays: routes are enumerated, risks are sets.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from itertools import combinations_with_replacement

from hypothesis import strategies as st

from netgraph.diversity.search.graph import build_graph
from netgraph.diversity.search.risks import build_risks


@dataclass(frozen=True)
class SmallNetwork:
    """Edges (u, v, metres), sinks, nodes without transit, risks as (edges, nodes)."""

    n_nodes: int
    edges: tuple[tuple[int, int, float], ...]
    sinks: tuple[int, ...] = (0,)
    closed: frozenset[int] = frozenset()  # nodes that carry no routes
    risks: tuple[tuple[frozenset[int], frozenset[int]], ...] = ()

    def graph(self):
        """Build the arrays of the product."""
        u, v, length_m = zip(*self.edges, strict=True) if self.edges else ((), (), ())
        transit = [v not in self.closed for v in range(self.n_nodes)]
        return build_graph(self.n_nodes, u, v, length_m, is_transit=transit)

    def risk_index(self):
        """Build the risk index of the product."""
        edges = [(r, e) for r, (edges, _) in enumerate(self.risks) for e in sorted(edges)]
        nodes = [(r, v) for r, (_, nodes) in enumerate(self.risks) for v in sorted(nodes)]
        columns = [tuple(zip(*pairs, strict=True)) or ((), ()) for pairs in (edges, nodes)]
        return build_risks(self.graph(), len(self.risks), *columns)

    def routes(self, source: int) -> list[Route]:
        """All simple routes from a node to the first sink that they meet."""
        if source in self.sinks:
            return [Route((), (source,), 0.0)]
        return list(self._extend((), (source,), 0.0))

    def _extend(self, edges, nodes, length_m):
        for e, (u, v, metres) in enumerate(self.edges):
            if u == v or nodes[-1] not in (u, v):
                continue
            far = v if u == nodes[-1] else u
            if far in self.sinks:
                yield Route((*edges, e), (*nodes, far), length_m + metres)
            elif far not in nodes and far not in self.closed:
                yield from self._extend((*edges, e), (*nodes, far), length_m + metres)

    def risks_of(self, route: Route, left_out=frozenset()) -> frozenset[int]:
        """Risks that a route uses: by an edge, or by a node between its ends."""
        return frozenset(
            r
            for r, (edges, nodes) in enumerate(self.risks)
            if r not in left_out and (edges & set(route.edges) or nodes & set(route.inner))
        )

    def unavoidable(self, source: int):
        """Edges, inner nodes and risks that all routes from a node use."""
        routes = self.routes(source)
        if not routes:
            return frozenset(), frozenset(), frozenset()
        return tuple(
            frozenset.intersection(*(frozenset(of(route)) for route in routes))
            for of in (lambda r: r.edges, lambda r: r.inner, self.risks_of)
        )

    def uses(self, route: Route, disjoint: str, left_out) -> frozenset:
        """What a route may not share: risks, and edges and inner nodes as far as asked."""
        edges, nodes, risks = left_out
        used = {("risk", r) for r in self.risks_of(route, risks)}
        if disjoint != "risk":
            used |= {("edge", e) for e in route.edges if e not in edges}
        if disjoint == "node":
            used |= {("node", v) for v in route.inner if v not in nodes}
        return frozenset(used)

    def shortest_pair_m(self, source: int, disjoint: str, left_out) -> float:
        """Least total length of two routes that share nothing but what is left out."""
        routes = [(r, self.uses(r, disjoint, left_out)) for r in self.routes(source)]
        return min(
            (
                a.length_m + b.length_m
                for (a, used_a), (b, used_b) in combinations_with_replacement(routes, 2)
                if not used_a & used_b
            ),
            default=math.inf,
        )


@dataclass(frozen=True)
class Route:
    """One simple route."""

    edges: tuple[int, ...]
    nodes: tuple[int, ...]
    length_m: float

    @property
    def inner(self) -> tuple[int, ...]:
        """Nodes between the ends."""
        return self.nodes[1:-1]


def random_network(
    seed: int,
    *,
    nodes: tuple[int, int] = (1, 8),
    edges: tuple[int, int] = (0, 12),
    risks: tuple[int, int] = (0, 0),
    risk_size: tuple[int, int] = (0, 3),
    closed: float = 0.25,
) -> SmallNetwork:
    """Draw a network with parallel edges, self-loops, zero and equal lengths."""
    draw = random.Random(seed)
    n, m = draw.randint(*nodes), draw.randint(*edges)
    lengths = draw.choice([(0, 0, 1, 1, 2, 3), (1,), (0,), (0.1, 0.2, 0.3, 0.7, 1.1)])
    names = range(n)
    return SmallNetwork(
        n,
        tuple((draw.choice(names), draw.choice(names), draw.choice(lengths)) for _ in range(m)),
        tuple(sorted(draw.sample(names, min(n, draw.choice([1, 1, 2]))))),
        frozenset(v for v in names if draw.random() < closed),
        tuple(
            (
                frozenset(draw.sample(range(m), min(m, draw.randint(*risk_size)))),
                frozenset(draw.sample(names, min(n, draw.choice([0, 0, 0, 1, 2])))),
            )
            for _ in range(draw.randint(*risks))
        ),
    )


@st.composite
def networks(draw, *, with_risks: bool = False):
    """Small networks that Hypothesis can shrink."""
    n = draw(st.integers(2, 7))
    node = st.integers(0, n - 1)
    length = st.sampled_from([0.0, 1.0, 1.0, 2.5])
    edges = draw(st.lists(st.tuples(node, node, length), min_size=1, max_size=11))
    edge = st.integers(0, len(edges) - 1)
    risk = st.tuples(st.frozensets(edge, max_size=3), st.frozensets(node, max_size=1))
    return SmallNetwork(
        n,
        tuple(edges),
        (0,),
        draw(st.frozensets(st.integers(1, n - 1), max_size=2)),
        tuple(draw(st.lists(risk, max_size=6))) if with_risks else (),
    )
