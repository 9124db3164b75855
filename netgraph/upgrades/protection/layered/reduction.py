"""The layered plant made small: what can be left out without changing what the least cost is.

An option goes if another way beside it costs no more and fails with no more of what matters; what
leads nowhere goes; options in a row, with nothing else where they meet, are one option.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import Csr, csr_of_lists, csr_of_pairs, gather, transpose
from netgraph.upgrades.protection.layered import _kernels
from netgraph.upgrades.protection.layered.web import Web
from netgraph.upgrades.stopping import nobody, stop_if_asked

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.layered.plant import LayeredPlant
    from netgraph.upgrades.protection.layered.survival import Survival

    Tell = Callable[[int, int], None]

#: Nodes that are looked at for one detour; a longer one is let be.
_MOST_NODES = 400
_PORTION = 2000  # options between two looks at whether somebody asks to stop


@dataclass(frozen=True, eq=False)
class ReducedPlant:
    """Options and what is there already, with the failures to survive.

    Attributes
    ----------
    cost_yuan
        Of each edge; the options come first, what follows is there and costs nothing.
    parts
        Edge to the edges of the layered plant that it stands for, in a row.
    risk_edges
        Risk to the edges that it takes out.
    pairs
        (risk, demand) to survive, by risk.
    nodes
        Node of the layered plant that each node is.
    """

    plant: LayeredPlant
    web: Web
    cost_yuan: NDArray[np.float64]
    n_options: int
    parts: Csr
    risk_edges: Csr
    pairs: tuple[tuple[int, int], ...]
    nodes: Ints

    def options_of(self, edges: Ints) -> Ints:
        """Edges of the model that some options stand for, ascending."""
        return np.unique(self.plant.edges_of(gather(self.parts, edges)[0]))


def reduce_plant(plant: LayeredPlant, survival: Survival, tell: Tell = nobody) -> ReducedPlant:
    """Make the plant small; exact for what has to be survived.

    Parameters
    ----------
    tell
        Called with the options tried and all of them.

    Raises
    ------
    StoppedError
        If somebody asks to stop.
    """
    web = plant.web
    matters = np.zeros(plant.n_elements, dtype=bool)
    matters[survival.elements.indices] = True
    risks = plant.elements
    kept = matters[risks.indices]
    risks = csr_of_pairs(risks.owners[kept], risks.indices[kept], len(risks))
    is_on = np.ones(len(web.u), dtype=bool)
    options = np.flatnonzero(plant.is_option)
    _drop(web, plant.cost_yuan, risks, options, is_on, tell)
    rows = _Rows(plant, risks, is_on)
    rows.shorten()
    # What was one way in many pieces can now be seen as a detour.
    numbers = np.array(sorted(rows.ends), dtype=np.int64)
    there = np.flatnonzero(~plant.is_option)
    joined = rows.web_of(numbers, there)
    failing = csr_of_lists([
        *(sorted(rows.risks[e]) for e in numbers.tolist()),
        *(risks.row(e).tolist() for e in there.tolist()),
    ])  # fmt: skip
    cost = np.append([rows.cost[e] for e in numbers.tolist()], np.zeros(len(there)))
    still_on = np.ones(len(cost), dtype=bool)
    _drop(joined, cost, failing, np.arange(len(numbers)), still_on, tell)
    for edge in numbers[~still_on[: len(numbers)]].tolist():
        rows.drop(edge)
    rows.shorten()
    return _numbered(plant, survival, rows, there)


def _drop(
    web: Web, cost: NDArray[np.float64], risks: Csr, options: Ints, is_on: NDArray[np.bool_],
    tell: Tell,
) -> None:  # fmt: skip
    """Turn off what a detour replaces, the dearest first."""
    order = options[np.argsort(-cost[options], kind="stable")]
    # What only some demands may ride on replaces nothing for the others.
    public = is_on & ~web.is_private
    mark = np.full(int(risks.indices.max(initial=-1)) + 1, -1, dtype=np.int64)
    failing = _kernels.Risks(risks.indptr, risks.indices, mark)
    for first in range(0, len(order), _PORTION):
        tell(first, len(order))
        stop_if_asked()
        mark.fill(-1)
        part = order[first : first + _PORTION]
        _kernels.drop_detours(web.edges, web.v, cost, failing, part, public, _MOST_NODES)
    is_on[options] = public[options]


class _Rows:
    """The options as they are put together; each edge has ends, parts, a cost and risks."""

    def __init__(self, plant: LayeredPlant, risks: Csr, is_on: NDArray[np.bool_]) -> None:
        self._web = web = plant.web
        options = np.flatnonzero(plant.is_option & is_on).tolist()
        self.ends = {e: (int(web.u[e]), int(web.v[e])) for e in options}
        self.cost = {e: float(plant.cost_yuan[e]) for e in options}
        self.parts: dict[int, tuple[int, ...]] = {e: (e,) for e in options}
        self.risks = {e: frozenset(risks.row(e).tolist()) for e in options}
        self._at: dict[int, dict[int, int]] = {}
        for edge, (u, v) in self.ends.items():
            self._at.setdefault(u, {})[edge] = v
            self._at.setdefault(v, {})[edge] = u
        self._stays = np.zeros(web.n_nodes, dtype=bool)
        self._stays[web.source] = self._stays[web.sinks.indices] = True
        there = ~plant.is_option
        self._stays[web.u[there]] = self._stays[web.v[there]] = True
        self._next = len(web.u)

    def shorten(self) -> None:
        """Take off what leads nowhere, and put together what stands in a row."""
        todo = [node for node, edges in self._at.items() if len(edges) <= 2]
        while todo:
            stop_if_asked()
            node = todo.pop()
            if self._stays[node]:
                continue
            around = list(self._at[node].items())
            far = {ahead for _, ahead in around}
            if len(around) == 2 and len(far) == 2:
                self._join(around[0], around[1])
            elif len(far) == 1:
                for edge, _ in around:
                    self.drop(edge)
            else:
                continue
            todo += [ahead for ahead in far if len(self._at[ahead]) <= 2]

    def drop(self, edge: int) -> None:
        """Take an option out."""
        u, v = self.ends.pop(edge)
        self._at[u].pop(edge)
        self._at[v].pop(edge)

    def _join(self, one: tuple[int, int], other: tuple[int, int]) -> None:
        (first, u), (second, v) = one, other
        node = next(iter(set(self.ends[first]) - {u}))
        edge, self._next = self._next, self._next + 1
        # From u to v: each row of parts is turned so that it runs that way.
        ahead = self.parts[first] if self.ends[first] == (u, node) else self.parts[first][::-1]
        behind = self.parts[second] if self.ends[second] == (node, v) else self.parts[second][::-1]
        cost, risks = self.cost[first] + self.cost[second], self.risks[first] | self.risks[second]
        self.drop(first)
        self.drop(second)
        for beside in [e for e, far in self._at[u].items() if far == v]:
            if self.cost[beside] <= cost and self.risks[beside] <= risks:
                return
            if self.cost[beside] >= cost and self.risks[beside] >= risks:
                self.drop(beside)
        self.ends[edge], self.parts[edge] = (u, v), ahead + behind
        self.cost[edge], self.risks[edge] = cost, risks
        self._at[u][edge], self._at[v][edge] = v, u

    def web_of(self, numbers: Ints, there: Ints) -> Web:
        """Make the graph of some options and of what is there, nodes numbered as before."""
        web = self._web
        ends = np.array([self.ends[e] for e in numbers.tolist()], dtype=np.int64).reshape(-1, 2)
        position = np.full(len(web.u), -1, dtype=np.int64)
        position[there] = len(numbers) + np.arange(len(there))
        is_private = np.append(np.zeros(len(numbers), dtype=bool), web.is_private[there])
        own = Csr(web.own.indptr, position[web.own.indices])
        return Web(
            np.append(ends[:, 0], web.u[there]), np.append(ends[:, 1], web.v[there]),
            web.is_closed, is_private, web.source, web.sinks, own,
        )  # fmt: skip


def _numbered(plant: LayeredPlant, survival: Survival, rows: _Rows, there: Ints) -> ReducedPlant:
    """Give what is left numbers from 0, and merge failures that take the same edges out."""
    numbers = np.array(sorted(rows.ends), dtype=np.int64)
    wide = rows.web_of(numbers, there)
    ends = [wide.u, wide.v, wide.source, wide.sinks.indices]
    nodes = np.unique(np.concatenate(ends))
    u, v, source, sinks = (np.searchsorted(nodes, end) for end in ends)
    web = Web(
        u, v, wide.is_closed[nodes], wide.is_private, source, Csr(wide.sinks.indptr, sinks),
        wide.own,
    )  # fmt: skip
    parts = csr_of_lists(
        [*(rows.parts[e] for e in numbers.tolist()), *([e] for e in there.tolist())]
    )
    cost = np.append([rows.cost[e] for e in numbers.tolist()], np.zeros(len(there)))
    values, owners = gather(plant.elements, parts.indices)
    edges_at = transpose(csr_of_pairs(parts.owners[owners], values, len(parts)), plant.n_elements)
    risk_edges, pairs = _risks(survival, edges_at)
    return ReducedPlant(plant, web, cost, len(numbers), parts, risk_edges, pairs, nodes)


def _risks(survival: Survival, edges_at: Csr) -> tuple[Csr, tuple[tuple[int, int], ...]]:
    """Failures by what they take out; of one demand those only that no other one covers."""
    known: dict[frozenset[int], int] = {}
    sets = {
        e: frozenset(edges_at.row(e).tolist())
        for e in np.unique(survival.elements.indices).tolist()
    }
    pairs = []
    for demand in range(len(survival.elements)):
        mine = {sets[e] for e in survival.elements.row(demand).tolist()}
        if demand in survival.unconnected:
            mine.add(frozenset())
        covered: list[frozenset[int]] = []
        for one in sorted(mine, key=lambda edges: (-len(edges), sorted(edges))):
            if not any(one <= other for other in covered):
                covered.append(one)
                pairs.append((known.setdefault(one, len(known)), demand))
    return csr_of_lists([sorted(edges) for edges in known]), tuple(sorted(pairs))
