"""False rings: cycles in the links of which one cable or one trench is a bridge all the same.

A set of links contains a cut exactly if the vectors of its links over the cycles are linearly
dependent (over the field of two elements). Random vectors stand in for them: XOR sums over a
spanning tree (Pritchard and Thurimella, ACM Trans. Algorithms 7(4), 2011). A real cut is never
missed; what chance makes look like one is thrown out, because every cut is then walked.
"""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import Csr, csr_of_pairs, transpose
from netgraph.topology.elements import CABLE, SPAN, TRENCH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.diversity.rings.layers import Layer
    from netgraph.topology import LayeredNetwork

_BITS = 256
_SEED = 7  # of the random vectors; no result depends on it


@dataclass(frozen=True)
class FalseRing:
    """Nodes that the links put on a ring, and what alone cuts them off.

    Attributes
    ----------
    nodes
        Nodes of the layer that are cut off together.
    elements
        Elements (cables, spans, trenches) each of which alone cuts them off; ascending.
    links
        Rows of the links that go down with some of them.
    length_m
        Metres of the spans among them, each trench once.
    """

    nodes: tuple[int, ...]
    elements: tuple[int, ...]
    links: tuple[int, ...]
    length_m: float


def find_false_rings(
    network: LayeredNetwork, layer: Layer, tolerance_m: float
) -> tuple[FalseRing, ...]:
    """Find the nodes of the links' rings that one cable, span or trench cuts off.

    Parameters
    ----------
    layer
        The links.
    tolerance_m
        Metres of common trench that are let pass where no cable is common, as at a building's
        entrance.

    Returns
    -------
    tuple of FalseRing
        Exact on the records. Links without recorded plant share nothing here. Cost: the sizes of
        the sets of links that run through one element, and of the parts that are cut off.
    """
    walker = _Walker(layer)
    found: dict[tuple[int, ...], tuple[set[int], set[int]]] = {}
    for edges, elements in _links_of_elements(network, layer).items():
        for part in walker.cut_off(edges):
            members, links = found.setdefault(part, (set(), set()))
            members.update(elements)
            links.update(edges)
    metres, kind, row = _Metres(network), network.elements.kind.tolist(), layer.row.tolist()
    rings = []
    for nodes, (members, links) in sorted(found.items()):
        cutting = tuple(sorted(members))
        length_m = metres.of(cutting)
        if length_m > tolerance_m or any(kind[element] == CABLE for element in cutting):
            rings.append(FalseRing(nodes, cutting, tuple(row[e] for e in sorted(links)), length_m))
    return tuple(rings)


class _Metres:
    """Adds up the metres of the spans among some elements, each trench once."""

    def __init__(self, network: LayeredNetwork) -> None:
        spans, offset = network.spans, network.elements.offset
        self._kind = network.elements.kind.tolist()
        self._first_span, self._first_trench = offset["spans"], offset["trenches"]
        self._length_m = spans.length_m
        self._trench = spans.trench.tolist()
        in_trench = spans.trench >= 0
        self._longest_m = np.zeros(spans.trench.max(initial=-1) + 1)  # span of each trench
        np.fmax.at(self._longest_m, spans.trench[in_trench], spans.length_m[in_trench])

    def of(self, elements: tuple[int, ...]) -> float:
        """Metres of elements in ascending order."""
        own = [e - self._first_span for e in elements if self._kind[e] == SPAN]
        trenches = {self._trench[span] for span in own if self._trench[span] >= 0}
        trenches |= {e - self._first_trench for e in elements if self._kind[e] == TRENCH}
        alone = [span for span in own if self._trench[span] < 0]
        metres = float(np.nansum(self._length_m[alone])) if alone else 0.0
        return metres + sum(float(self._longest_m[trench]) for trench in sorted(trenches))


def _links_of_elements(network: LayeredNetwork, layer: Layer) -> dict[tuple[int, ...], list[int]]:
    """Gather sets of edges on rings, and the cables, spans, trenches that each runs through."""
    elements = network.elements
    counts = np.isin(elements.kind, (CABLE, SPAN, TRENCH))
    edge_of_row = np.full(len(network.links), -1, dtype=np.int64)
    edge_of_row[layer.row] = np.where(layer.is_bridge, -1, np.arange(len(layer.row)))
    owner = edge_of_row[elements.of_link.owners]
    keep = (owner >= 0) & counts[elements.of_link.indices]
    table = csr_of_pairs(owner[keep], elements.of_link.indices[keep], len(layer.row))
    edges_of = transpose(table, len(elements))
    found: dict[tuple[int, ...], list[int]] = {}
    for element in np.flatnonzero(edges_of.counts > 1).tolist():
        found.setdefault(tuple(edges_of.row(element).tolist()), []).append(element)
    return found


def _vectors(layer: Layer) -> list[int]:
    """Draw a vector (a whole number) a cycle; give each edge the sum of the cycles it is on."""
    draw = random.Random(_SEED)  # noqa: S311 - no secret: what it suggests is checked
    n, m = layer.n_nodes, len(layer.u)
    u, v = layer.u.tolist(), layer.v.tolist()
    table = _edges_of_nodes(layer)
    ptr, edges = table.indptr.tolist(), table.indices.tolist()
    entered = [-2] * n
    order: list[int] = []
    for root in range(n):
        if entered[root] != -2:
            continue
        entered[root] = -1
        order.append(root)
        at = len(order) - 1
        while at < len(order):
            node = order[at]
            at += 1
            for e in edges[ptr[node] : ptr[node + 1]]:
                other = u[e] ^ v[e] ^ node
                if entered[other] == -2:
                    entered[other] = e
                    order.append(other)
    is_tree = [False] * m
    for e in entered:
        if e >= 0:
            is_tree[e] = True
    vectors = [0 if tree else draw.getrandbits(_BITS) for tree in is_tree]
    below = [0] * n
    for e in range(m):
        if not is_tree[e]:
            below[u[e]] ^= vectors[e]
            below[v[e]] ^= vectors[e]
    for node in reversed(order):
        e = entered[node]
        if e >= 0:
            vectors[e] = below[node]
            below[u[e] ^ v[e] ^ node] ^= below[node]
    return vectors


def _edges_of_nodes(layer: Layer) -> Csr:
    return csr_of_pairs(
        np.concatenate([layer.u, layer.v]), np.tile(np.arange(len(layer.u)), 2), layer.n_nodes
    )


def _in_cuts(edges: list[int], vectors: list[int]) -> tuple[tuple[int, ...], int]:
    """Edges of a set that belong to a cut within the set: those of vectors that sum to nothing.

    Elimination by the leading bit; of each sum it is known which edges went into it. The others
    may be left out: they join what is joined without them. Also counts the sums, each of which
    takes one part off at most.
    """
    basis: dict[int, tuple[int, int]] = {}
    summed = n_sums = 0
    for k, edge in enumerate(edges):
        rest, terms = vectors[edge], 1 << k
        while rest:
            lead = rest.bit_length()
            if lead not in basis:
                basis[lead] = (rest, terms)
                break
            other, its_terms = basis[lead]
            rest ^= other
            terms ^= its_terms
        if not rest:
            summed |= terms
            n_sums += 1
    return tuple(edge for k, edge in enumerate(edges) if summed >> k & 1), n_sums


class _Walker:
    """Walks a layer without some edges, from all of their ends at once."""

    def __init__(self, layer: Layer) -> None:
        table = _edges_of_nodes(layer)
        self._ptr, self._edges = table.indptr.tolist(), table.indices.tolist()
        self._u, self._v = layer.u.tolist(), layer.v.tolist()
        self._core = layer.core.tolist()
        self._is_bridge = layer.is_bridge.tolist()
        self._vectors = _vectors(layer)
        self._known: dict[tuple[int, ...], list[tuple[int, ...]]] = {(): []}

    def cut_off(self, edges: tuple[int, ...]) -> list[tuple[int, ...]]:
        """Parts of rings that are cut off without these edges: of each core all but the largest."""
        by_core: dict[int, list[int]] = {}
        for e in edges:
            by_core.setdefault(self._core[self._u[e]], []).append(e)
        found = []
        for mine in by_core.values():
            cutting, most = _in_cuts(mine, self._vectors)
            if cutting not in self._known:
                self._known[cutting] = self._small_parts(cutting, most)
            found += self._known[cutting]
        return found

    def _small_parts(self, edges: tuple[int, ...], most: int) -> list[tuple[int, ...]]:
        """Parts of one core without these edges; `most` of them, but for the largest.

        Every end grows its part in turn; parts that meet become one. It is over when all but one
        are whole, so that the time follows the small parts.
        """
        removed = set(edges)
        parts = _Parts(end for e in edges for end in (self._u[e], self._v[e]))
        growing = list(parts.fronts)
        closed: list[int] = []
        while len(growing) > 1 and len(closed) < most:
            for part in growing:
                if part not in parts.fronts:
                    continue  # met another one
                if not parts.fronts[part]:
                    closed.append(part)
                    continue
                node = parts.fronts[part].popleft()
                for e in self._edges[self._ptr[node] : self._ptr[node + 1]]:
                    if e not in removed and not self._is_bridge[e]:
                        part = parts.reach(part, self._u[e] ^ self._v[e] ^ node)  # noqa: PLW2901
            done = set(closed)
            growing = [part for part in growing if part in parts.fronts and part not in done]
        whole = [parts.members[part] for part in (*closed, *growing)]
        if not growing:  # all closed in one round: the largest is what the others are cut off from
            whole.sort(key=lambda members: (-len(members), min(members)))
            return [tuple(sorted(members)) for members in whole[1:]]
        return [tuple(sorted(members)) for members in whole[: len(closed)]]


class _Parts:
    """Parts that grow from their first nodes and become one where they meet."""

    def __init__(self, nodes: Iterable[int]) -> None:
        first = dict.fromkeys(nodes)
        self._part_of = {node: part for part, node in enumerate(first)}
        self.members = {part: [node] for node, part in self._part_of.items()}
        self.fronts = {part: deque([node]) for node, part in self._part_of.items()}

    def reach(self, part: int, node: int) -> int:
        """Let a part reach a node; return the part that it belongs to now."""
        other = self._part_of.get(node)
        if other is None:
            self._part_of[node] = part
            self.members[part].append(node)
            self.fronts[part].append(node)
            return part
        if other == part:
            return part
        if len(self.members[other]) > len(self.members[part]):
            part, other = other, part
        for moved in self.members[other]:
            self._part_of[moved] = part
        self.members[part] += self.members.pop(other)
        self.fronts[part].extend(self.fronts.pop(other))
        return part
