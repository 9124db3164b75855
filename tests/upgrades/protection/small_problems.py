"""Protection problems of a few edges, and their optimum by trying every subset of the options.

No line of the product is used here but the value that holds the problem: sets and a walk.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from netgraph.topology.csr import csr_of_lists
from netgraph.upgrades.protection.problem import ProtectionProblem


@dataclass(frozen=True)
class SmallProblem:
    """Free edges (u, v), options (u, v, yuan), risks (edges, nodes), demands (source, sinks, own).

    Edges are numbered: the free ones first, then the options. An edge in `own` is free to the
    demand although it is an option to others.
    """

    n_nodes: int
    free: tuple[tuple[int, int], ...]
    options: tuple[tuple[int, int, float], ...]
    demands: tuple[tuple[int, frozenset[int], frozenset[int]], ...]
    risks: tuple[tuple[frozenset[int], frozenset[int]], ...] = ()
    closed: frozenset[int] = frozenset()

    @property
    def edges(self) -> tuple[tuple[int, int], ...]:
        """Ends of all edges."""
        return (*self.free, *((u, v) for u, v, _ in self.options))

    def with_single_risks(self) -> SmallProblem:
        """The same with every edge and every node a risk of its own."""
        edges = [(frozenset({e}), frozenset()) for e in range(len(self.edges))]
        nodes = [(frozenset(), frozenset({v})) for v in range(self.n_nodes)]
        risks = (*self.risks, *edges, *nodes)
        return SmallProblem(self.n_nodes, self.free, self.options, self.demands, risks, self.closed)

    def problem(self) -> ProtectionProblem:
        """The value of the product."""
        n = len(self.free)
        u, v = (np.array(ends, dtype=np.int64) for ends in zip(*self.edges, strict=True))
        every = list(range(len(self.risks)))
        return ProtectionProblem(
            n_nodes=self.n_nodes,
            u=u,
            v=v,
            cost_yuan=np.array([math.inf] * n + [c for _, _, c in self.options]),
            is_free=np.arange(len(u)) < n,
            is_transit=np.array([x not in self.closed for x in range(self.n_nodes)]),
            risk_edges=csr_of_lists([sorted(edges) for edges, _ in self.risks]),
            risk_nodes=csr_of_lists([sorted(nodes) for _, nodes in self.risks]),
            source=np.array([source for source, _, _ in self.demands], dtype=np.int64),
            sinks=csr_of_lists([sorted(sinks) for _, sinks, _ in self.demands]),
            own=csr_of_lists([sorted(own) for _, _, own in self.demands]),
            risks=csr_of_lists([every for _ in self.demands]),
        )

    def survives(self, plan: frozenset[int], demand: int, risk: int | None) -> bool:
        """Whether a demand reaches a sink when a risk (None: nothing) fails."""
        source, sinks, own = self.demands[demand]
        out_edges, out_nodes = self.risks[risk] if risk is not None else ((), ())
        usable = (set(range(len(self.free))) | plan | own) - set(out_edges)
        seen, stack = {source}, [source]
        while stack:
            node = stack.pop()
            if node in sinks:
                return True
            for e in usable:
                a, b = self.edges[e]
                for near, far in ((a, b), (b, a)):
                    if near != node or far in seen:
                        continue
                    is_shut = far in out_nodes or far in self.closed
                    if far in sinks or not is_shut:
                        seen.add(far)
                        stack.append(far)
        return False

    def needed(self) -> list[tuple[int, int]]:
        """(demand, risk) that can be survived with every option built."""
        every = frozenset(range(len(self.edges)))
        return [
            (d, r)
            for d in range(len(self.demands))
            if self.survives(frozenset(), d, None)
            for r in range(len(self.risks))
            if self.survives(every, d, r)
        ]

    def is_feasible(self, plan: frozenset[int]) -> bool:
        """Whether a plan survives all that can be survived."""
        return all(self.survives(plan, d, r) for d, r in self.needed())

    def optimum_yuan(self) -> float:
        """Cost of the cheapest feasible plan, over all subsets."""
        n, needed = len(self.free), self.needed()
        best = math.inf
        for size in range(len(self.options) + 1):
            for subset in combinations(range(len(self.options)), size):
                cost = sum(self.options[i][2] for i in subset)
                plan = frozenset(n + i for i in subset)
                if cost < best and all(self.survives(plan, d, r) for d, r in needed):
                    best = cost
        return best

    def best_weight(self, weight: list[float], budget_yuan: float) -> float:
        """Greatest weight of demands that a plan within a budget protects; 0 if none."""
        n, needed, best = len(self.free), self.needed(), 0.0
        for size in range(len(self.options) + 1):
            for subset in combinations(range(len(self.options)), size):
                if sum(self.options[i][2] for i in subset) > budget_yuan:
                    continue
                plan = frozenset(n + i for i in subset)
                lost = {d for d, r in needed if not self.survives(plan, d, r)}
                kept = sum(w for d, w in enumerate(weight) if d not in lost)
                best = max(best, kept)
        return best


@st.composite
def small_problems(draw: st.DrawFn, max_options: int = 7) -> SmallProblem:
    """Draw a free tree with a few chords, options, risks that overlap, and demands."""
    n = draw(st.integers(3, 7))
    tree = [(draw(st.integers(0, v - 1)), v) for v in range(1, n)]
    nodes = st.integers(0, n - 1)
    chords = draw(st.lists(st.tuples(nodes, nodes), max_size=2))
    options = draw(
        st.lists(st.tuples(nodes, nodes, st.integers(0, 9).map(float)),
                 min_size=1, max_size=max_options)
    )  # fmt: skip
    n_edges = len(tree) + len(chords) + len(options)
    some_edges = st.frozensets(st.integers(0, n_edges - 1), max_size=4)
    risks = draw(st.lists(st.tuples(some_edges, st.frozensets(nodes, max_size=2)), max_size=4))
    own = st.frozensets(st.integers(len(tree) + len(chords), n_edges - 1), max_size=2)
    demands = draw(
        st.lists(st.tuples(nodes, st.frozensets(nodes, min_size=1, max_size=2), own),
                 min_size=1, max_size=3)
    )  # fmt: skip
    closed = draw(st.frozensets(nodes, max_size=2))
    return SmallProblem(
        n, tuple(tree + chords), tuple(options), tuple(demands), tuple(risks), closed
    ).with_single_risks()
