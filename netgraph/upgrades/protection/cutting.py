"""The plant contracted to what risks can change, and its parts after one of them.

Whatever no risk touches and everybody may use is one part from the start. Most options lie far
from any one site: the *hub*, the part that most of them meet, is as a rule the plant around the
centre, and without it the options fall into regions. A way from a site to the hub stays in the
regions where the site stands, unless the risk breaks pieces off the hub itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import Csr, csr_of_pairs, gather
from netgraph.upgrades.protection._joining import least_joined
from netgraph.upgrades.protection.duty import components, make_duty
from netgraph.upgrades.protection.joins import CENTRE_PART, DEAD, SITE_PART, Joins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.duty import Duty
    from netgraph.upgrades.protection.problem import ProtectionProblem


class Cutter:
    """Takes one risk out at a time, and tells what joins the parts again.

    Attributes
    ----------
    options
        Edges that can join two different parts.
    """

    def __init__(self, problem: ProtectionProblem, risks: Ints) -> None:
        self._problem = problem
        self._is_dead = np.zeros(problem.n_nodes, dtype=bool)
        self._is_out = np.zeros(len(problem.u), dtype=bool)
        u, v, transit = problem.u, problem.v, problem.is_transit
        risky_edge, risky_node = self._is_out.copy(), self._is_dead.copy()
        risky_edge[gather(problem.risk_edges, risks)[0]] = True
        risky_node[gather(problem.risk_nodes, risks)[0]] = True
        common = problem.is_free & transit[u] & transit[v]
        is_safe = common & ~risky_edge & ~risky_node[u] & ~risky_node[v]
        self._part = components(problem.n_nodes, u[is_safe], v[is_safe])
        self._n_parts = int(self._part.max(initial=-1)) + 1
        changing = common & ~is_safe & (self._part[u] != self._part[v])
        self._changing = np.flatnonzero(changing)
        # Only parts at the ends of changing edges are ever joined: the others keep their number.
        self._joined, at = np.unique(
            self._part[np.append(u[changing], v[changing])], return_inverse=True
        )
        self._joined_ends = at[: len(self._changing)], at[len(self._changing) :]
        within = transit[u] & transit[v] & (self._part[u] == self._part[v])
        self.options = np.flatnonzero(problem.is_option & ~within)
        self._at = _incident(problem, np.flatnonzero(problem.is_free))
        self._is_changing = changing
        self._at_changing = self._is_dead.copy()
        self._at_changing[u[changing]] = self._at_changing[v[changing]] = True
        self._options_at = _incident(problem, self.options)
        self._whole = self._labels()
        self._map = self._mapped()

    def find_unconnected(self) -> set[int]:
        """Demands without a route while nothing fails."""
        everybody = range(len(self._problem.source))
        return {d for d in everybody if not self._joins(d, self._whole).is_connected}

    def cut(self, risk: int, demands: Ints) -> Iterator[tuple[int, Duty | None]]:
        """Give each demand that the risk cuts off with its duty, None if nothing can bridge it."""
        problem = self._problem
        edges, nodes = problem.risk_edges.row(risk), problem.risk_nodes.row(risk)
        self._is_out[edges], self._is_dead[nodes] = True, True
        is_changed = self._is_changing[edges].any() or self._at_changing[nodes].any()
        label = self._labels() if is_changed else self._whole
        pieces: Pieces | None = None
        for demand in demands.tolist():
            joins = self._joins(demand, label)
            if not joins.is_connected:
                pieces = pieces or self._map.pieces(label, self._joined)
                yield demand, self._duty(demand, risk, joins, label, pieces)
        self._is_out[edges], self._is_dead[nodes] = False, False

    def _labels(self) -> Ints:
        """Parts of the free plant that is left, by contracted part: the least of those joined."""
        problem, rows = self._problem, self._changing
        u, v = problem.u[rows], problem.v[rows]
        on = ~self._is_out[rows] & ~self._is_dead[u] & ~self._is_dead[v]
        label: Ints = np.arange(self._n_parts)
        label[self._joined] = self._joined[least_joined(len(self._joined), *self._joined_ends, on)]
        return label

    def _mapped(self) -> OptionMap:
        problem, transit, rows = self._problem, self._problem.is_transit, self.options
        rows = rows[transit[problem.u[rows]] & transit[problem.v[rows]]]
        return OptionMap.of(
            self._whole, rows, self._part[problem.u[rows]], self._part[problem.v[rows]]
        )

    def _joins(self, demand: int, label: Ints) -> Joins:
        """Join what the demand's own ends and edges join besides the common parts."""
        problem = self._problem
        source, sinks = int(problem.source[demand]), problem.sinks.row(demand)
        joins = Joins(source, frozenset(sinks.tolist()))
        edges = problem.own.row(demand).tolist()
        for node in {source, *joins.sinks}:
            if problem.is_transit[node] and not self._is_dead[node]:
                joins.unite(joins.name(node), int(label[self._part[node]]))
            else:
                edges += self._at.get(node, ())
        for edge in edges:
            if not self._is_out[edge]:
                joins.unite(*self._names(joins, label, edge))
        return joins

    def _names(self, joins: Joins, label: Ints, edge: int) -> tuple[int, int]:
        problem = self._problem
        names = []
        for node in (int(problem.u[edge]), int(problem.v[edge])):
            is_shut = self._is_dead[node] or not problem.is_transit[node]
            part = DEAD if is_shut else int(label[self._part[node]])
            names.append(joins.name(node, part))
        return names[0], names[1]

    def _duty(
        self, demand: int, risk: int, joins: Joins, label: Ints, pieces: Pieces
    ) -> Duty | None:
        own_ends = [joins.source, *sorted(joins.sinks)]
        extra = [e for node in own_ends for e in self._options_at.get(node, ())]
        more = [e for e in dict.fromkeys(extra) if not self._is_out[e]]
        named = [self._names(joins, label, e) for e in more]
        kept = [(e, *pair) for e, pair in zip(more, named, strict=True) if DEAD not in pair]
        table = np.array(kept, dtype=np.int64).reshape(-1, 3)
        rows = self._map.rows
        if joins.find(pieces.hub) in {SITE_PART, CENTRE_PART}:
            names = {*joins.known(), *table[:, 1:].ravel().tolist()}
            rows = self._map.near([name for name in names if name >= 0], pieces)
        rows, ends = self._alive(rows)
        rename = np.arange(self._n_parts + 3)
        for name in joins.known():
            rename[name] = joins.find(name)
        u, v = (rename[np.append(label[ends[i]], table[:, 1 + i])] for i in (0, 1))
        option = np.append(rows, table[:, 0])
        return make_duty((SITE_PART, CENTRE_PART), u, v, option, demand, risk)

    def _alive(self, rows: Ints) -> tuple[Ints, tuple[Ints, Ints]]:
        """Keep the options that survive; also give the parts at their ends."""
        u, v = self._problem.u[rows], self._problem.v[rows]
        on = ~self._is_out[rows] & ~self._is_dead[u] & ~self._is_dead[v]
        return rows[on], (self._part[u[on]], self._part[v[on]])


@dataclass(frozen=True)
class Pieces:
    """What a risk leaves of the hub: its name, and the parts that broke off."""

    hub: int
    broken_off: Ints


@dataclass(frozen=True, eq=False)
class OptionMap:
    """Where the options lie while nothing fails.

    Attributes
    ----------
    rows
        Options between two places that routes may run through.
    hub
        The part that most of them meet, as everything free joins it.
    is_hub
        Parts of the hub; shape (parts,).
    region
        What hangs together without the hub; shape (parts,).
    of_region
        Region to its options, those to the hub included.
    of_part
        Part of the hub to the options at it (numbers among the rows).
    beside
        Region that each option leads to, -1 where both its ends are in the hub; shape (rows,).
    """

    rows: Ints
    hub: int
    is_hub: NDArray[np.bool_]
    region: Ints
    of_region: Csr
    of_part: Csr
    beside: Ints

    @staticmethod
    def of(whole: Ints, rows: Ints, u: Ints, v: Ints) -> OptionMap:
        """Lay the map: parts joined while nothing fails, options, and the parts at their ends."""
        n, a, b = len(whole), whole[u], whole[v]
        hub = int(np.bincount(np.append(a, b), minlength=1).argmax())
        is_hub = whole == hub
        inner = ~is_hub[u] & ~is_hub[v]
        region = components(n, a[inner], b[inner])[whole]
        outer = np.where(is_hub[u], v, u)
        beside = np.where(is_hub[outer], -1, region[outer])
        ends, number = np.append(u, v), np.tile(np.arange(len(rows)), 2)
        at_hub = is_hub[ends]
        return OptionMap(
            rows, hub, is_hub, region,
            csr_of_pairs(beside[beside >= 0], rows[beside >= 0], n),
            csr_of_pairs(ends[at_hub], number[at_hub], n), beside,
        )  # fmt: skip

    def pieces(self, label: Ints, joined: Ints) -> Pieces:
        """Tell what is left of the hub, by the parts that can be joined and their labels."""
        mine = joined[self.is_hub[joined]]
        if len(mine) == 0:
            return Pieces(self.hub, mine)
        names, counts = np.unique(label[mine], return_counts=True)
        hub = int(names[counts.argmax()])
        return Pieces(hub, mine[label[mine] != hub])

    def near(self, names: list[int], pieces: Pieces) -> Ints:
        """Options on all ways between some parts that do not run through what is left of the hub.

        These are those of the regions at the parts, and at what broke off the hub with the options
        there. Some of them may lead nowhere.
        """
        there, _ = gather(self.of_part, pieces.broken_off)
        regions = np.append(self._regions(np.array(names, dtype=np.int64)), self.beside[there])
        found, _ = gather(self.of_region, np.unique(regions[regions >= 0]))
        return np.append(found, self.rows[there])

    def _regions(self, parts: Ints) -> Ints:
        regions: Ints = self.region[parts[~self.is_hub[parts]]]
        return regions


def _incident(problem: ProtectionProblem, edges: Ints) -> dict[int, list[int]]:
    """Edges at the ends of the demands."""
    is_end = np.zeros(problem.n_nodes, dtype=bool)
    is_end[problem.source] = is_end[problem.sinks.indices] = True
    u, v = problem.u[edges], problem.v[edges]
    result: dict[int, list[int]] = {}
    for near in (u, v):
        rows = np.flatnonzero(is_end[near])
        for node, edge in zip(near[rows].tolist(), edges[rows].tolist(), strict=True):
            result.setdefault(node, []).append(edge)
    return result
