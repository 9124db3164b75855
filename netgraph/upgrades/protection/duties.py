"""What a plan must do, risk by risk: join the part that a risk cuts off to the part that is left.

One failed risk leaves the free plant in parts. Whatever the plan, only options between different
parts matter, so a *duty* is a small graph: parts as nodes, part 0 with the site and part 1 with
its centre, and the surviving options between them. Sites behind the same risk share their duty.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from netgraph.topology.csr import gather, transpose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.problem import ProtectionProblem

SITE, CENTRE = 0, 1
_DEAD = -1


@dataclass(frozen=True, eq=False)
class Duty:
    """One cut to be bridged.

    Attributes
    ----------
    n_parts
        Parts of the plant that options touch; 0 is the site's, 1 the centre's.
    u, v, option
        Surviving options between parts: the two parts and the edge of the problem.
    demands
        Demands that ask for it.
    risk
        One risk that asks for it.
    """

    n_parts: int
    u: Ints
    v: Ints
    option: Ints
    demands: tuple[int, ...]
    risk: int

    def parts_joined(self, is_chosen: NDArray[np.bool_]) -> Ints:
        """Label the parts by what the chosen options join; shape (n_parts,)."""
        on = is_chosen[self.option]
        return _components(self.n_parts, self.u[on], self.v[on])

    def is_met(self, is_chosen: NDArray[np.bool_]) -> bool:
        """Whether the chosen options (mask over edges) join the site to its centre."""
        label = self.parts_joined(is_chosen)
        return bool(label[SITE] == label[CENTRE])

    def leaving(self, inside: NDArray[np.bool_]) -> Ints:
        """Options that leave a set of parts (mask over parts), each once."""
        return np.unique(self.option[inside[self.u] != inside[self.v]])


@dataclass(frozen=True, eq=False)
class Duties:
    """All duties of a problem.

    Attributes
    ----------
    duties
        Each once, in order of the risks.
    unavoidable
        Demand to the risks that cut it off whatever is built.
    unconnected
        Demands that do not reach their centre even while nothing fails.
    """

    duties: tuple[Duty, ...]
    unavoidable: dict[int, tuple[int, ...]]
    unconnected: tuple[int, ...]


def find_duties(
    problem: ProtectionProblem, progress: Callable[[int, int], None] | None = None
) -> Duties:
    """Find every cut that must be bridged.

    Exact: a risk of a demand that leaves the demand connected makes no duty. Cost O(risks x
    elements that any of them takes out); the rest of the plant is contracted first.
    """
    demands_of = transpose(problem.risks, len(problem.risk_edges))
    risks = np.flatnonzero(demands_of.counts)
    cutter = _Cutter(problem, risks)
    found: dict[tuple[bytes, bytes, bytes], tuple[Duty, list[int]]] = {}
    unavoidable: dict[int, list[int]] = {}
    unconnected = cutter.find_unconnected()
    for done, risk in enumerate(risks.tolist()):
        for demand, duty in cutter.cut(risk, demands_of.row(risk)):
            if demand in unconnected:
                continue
            if duty is None:
                unavoidable.setdefault(demand, []).append(risk)
                continue
            key = (duty.u.tobytes(), duty.v.tobytes(), duty.option.tobytes())
            found.setdefault(key, (duty, []))[1].append(demand)
        if progress:
            progress(done + 1, len(risks))
    return Duties(
        tuple(replace(duty, demands=tuple(sorted(set(who)))) for duty, who in found.values()),
        {demand: tuple(rows) for demand, rows in unavoidable.items()},
        tuple(sorted(unconnected)),
    )


def useful_options(problem: ProtectionProblem) -> NDArray[np.bool_]:
    """Tell the options that can matter: not within one part that no risk of a demand can split.

    Returns
    -------
    ndarray of bool, shape (edges,)
    """
    useful = np.zeros(len(problem.u), dtype=bool)
    useful[_Cutter(problem, np.unique(problem.risks.indices)).options] = True
    return useful


class _Cutter:
    """The plant contracted to what the risks can change, and its parts after one of them."""

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
        self._part = _components(problem.n_nodes, u[is_safe], v[is_safe])
        self._n_parts = int(self._part.max(initial=-1)) + 1
        changing = common & ~is_safe & (self._part[u] != self._part[v])
        self._changing = np.flatnonzero(changing)
        within = transit[u] & transit[v] & (self._part[u] == self._part[v])
        self.options = np.flatnonzero(problem.is_option & ~within)
        self._at = _incident(problem, np.flatnonzero(problem.is_free))
        self._options_at = _incident(problem, self.options)

    def find_unconnected(self) -> set[int]:
        """Demands without a route while nothing fails."""
        label = self._labels()
        everybody = range(len(self._problem.source))
        return {d for d in everybody if not self._joins(d, label).is_connected}

    def cut(self, risk: int, demands: Ints) -> Iterator[tuple[int, Duty | None]]:
        """Give each demand that the risk cuts off with its duty, None if nothing can bridge it."""
        problem = self._problem
        edges, nodes = problem.risk_edges.row(risk), problem.risk_nodes.row(risk)
        self._is_out[edges], self._is_dead[nodes] = True, True
        label = self._labels()
        option = self.options[~self._is_out[self.options]]
        ends = self._ends(label, option)
        is_alive = (ends[0] != ends[1]) & (ends[0] != _DEAD) & (ends[1] != _DEAD)
        option, ends = option[is_alive], (ends[0][is_alive], ends[1][is_alive])
        for demand in demands.tolist():
            joins = self._joins(demand, label)
            if not joins.is_connected:
                yield demand, self._duty(demand, risk, joins, label, option, ends)
        self._is_out[edges], self._is_dead[nodes] = False, False

    def _labels(self) -> Ints:
        """Parts of the free plant that is left, by contracted part."""
        problem, rows = self._problem, self._changing
        u, v = problem.u[rows], problem.v[rows]
        on = ~self._is_out[rows] & ~self._is_dead[u] & ~self._is_dead[v]
        return _components(self._n_parts, self._part[u[on]], self._part[v[on]])

    def _ends(self, label: Ints, edges: Ints) -> tuple[Ints, Ints]:
        """Parts at the two ends of edges; dead where no route may run through the end."""
        problem = self._problem
        is_shut = self._is_dead | ~problem.is_transit
        u, v = problem.u[edges], problem.v[edges]
        first = np.where(is_shut[u], _DEAD, label[self._part[u]])
        return first, np.where(is_shut[v], _DEAD, label[self._part[v]])

    def _joins(self, demand: int, label: Ints) -> _Joins:
        """Join what the demand's own ends and edges join besides the common parts."""
        problem = self._problem
        source, sinks = int(problem.source[demand]), problem.sinks.row(demand)
        joins = _Joins(source, frozenset(sinks.tolist()))
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

    def _names(self, joins: _Joins, label: Ints, edge: int) -> tuple[int, int]:
        problem = self._problem
        names = []
        for node in (int(problem.u[edge]), int(problem.v[edge])):
            is_shut = self._is_dead[node] or not problem.is_transit[node]
            part = _DEAD if is_shut else int(label[self._part[node]])
            names.append(joins.name(node, part))
        return names[0], names[1]

    def _duty(
        self, demand: int, risk: int, joins: _Joins, label: Ints, option: Ints,
        ends: tuple[Ints, Ints],
    ) -> Duty | None:  # fmt: skip
        rename = np.arange(self._n_parts + 3)
        for name in joins.known():
            rename[name] = joins.find(name)
        u, v = rename[ends[0]], rename[ends[1]]
        own_ends = [joins.source, *sorted(joins.sinks)]
        extra = [e for node in own_ends for e in self._options_at.get(node, ())]
        more = [e for e in dict.fromkeys(extra) if not self._is_out[e]]
        named = [self._names(joins, label, e) for e in more]
        kept = [(e, *pair) for e, pair in zip(more, named, strict=True) if _DEAD not in pair]
        table = np.array(kept, dtype=np.int64).reshape(-1, 3)
        u = np.concatenate([u, rename[table[:, 1]]])
        v = np.concatenate([v, rename[table[:, 2]]])
        return _compact(u, v, np.concatenate([option, table[:, 0]]), demand, risk)


#: Names of the site's and the centre's own parts; they index an array from its end.
_SITE, _CENTRE = -3, -2


class _Joins:
    """A few parts that one demand joins: disjoint sets over their numbers."""

    def __init__(self, source: int, sinks: frozenset[int]) -> None:
        self.source, self.sinks = source, sinks
        self._parent: dict[int, int] = {_SITE: _SITE, _CENTRE: _CENTRE}

        if source in sinks:
            self.unite(_SITE, _CENTRE)

    @property
    def is_connected(self) -> bool:
        """Whether the site and its centre are joined."""
        return self.find(_SITE) == self.find(_CENTRE)

    def name(self, node: int, part: int = _DEAD) -> int:
        """Name of the part at a node: the demand's own ends never fail for it."""
        if node == self.source:
            return _SITE
        return _CENTRE if node in self.sinks else part

    def known(self) -> list[int]:
        """Names that were joined to anything."""
        return list(self._parent)

    def find(self, name: int) -> int:
        """Name that stands for a joined set; that of the site or centre where it holds one."""
        while self._parent.get(name, name) != name:
            name = self._parent[name]
        return name

    def unite(self, a: int, b: int) -> None:
        """Join two names; a dead end joins nothing."""
        if _DEAD in {a, b}:
            return
        first, second = sorted((self.find(a), self.find(b)))
        self._parent[second] = first
        self._parent.setdefault(first, first)


def _compact(u: Ints, v: Ints, option: Ints, demand: int, risk: int) -> Duty | None:
    """Make the duty of the parts that the site can reach, numbered in order of the options."""
    option, first = np.unique(option, return_index=True)
    u, v = u[first], v[first]
    names, flat = np.unique(np.concatenate([[_SITE, _CENTRE], u, v]), return_inverse=True)
    u, v = flat[2 : 2 + len(u)], flat[2 + len(u) :]
    # np.unique sorts, and the site and the centre have the least names.
    label = _components(len(names), u, v)
    if label[SITE] != label[CENTRE]:
        return None
    keep = (u != v) & (label[u] == label[SITE])
    u, v, option = u[keep], v[keep], option[keep]
    order = np.concatenate([[SITE, CENTRE], np.column_stack([u, v]).ravel()])
    used, first = np.unique(order, return_index=True)
    number = np.empty(len(names), dtype=np.int64)
    number[used[np.argsort(first)]] = np.arange(len(used))
    return Duty(len(used), number[u], number[v], option, (demand,), risk)


def _components(n_nodes: int, u: Ints, v: Ints) -> Ints:
    """Label the nodes by the part that they are in."""
    graph = coo_array((np.ones(len(u), dtype=np.int8), (u, v)), shape=(n_nodes, n_nodes))
    label: Ints = connected_components(graph.tocsr(), directed=False)[1].astype(np.int64)
    return label


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
