"""The spans, the cables and the links of a network, each as a graph of the places they join."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from netgraph.components import find_components
from netgraph.diversity.rings.core_trees import find_blocks, grow_core_trees
from netgraph.diversity.search.graph import build_graph
from netgraph.diversity.search.single_points import UNREACHED, find_single_points
from netgraph.topology.places import OFFICE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.rings.core_trees import CoreTrees
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints
    from netgraph.topology.places import Places

    Flags = NDArray[np.bool_]

LAYERS = ("spans", "cables", "links")
#: Offices that a network without any ring is looked at from, the likeliest first.
_ROLES = {"core": 0, "aggregation": 1, "access": 2}


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer as a multigraph without self-loops; nodes are numbered 0 ... n - 1.

    Attributes
    ----------
    name
        spans, cables or links.
    place
        Place of each node; shape (n,).
    row
        Row of each edge in its table; shape (m,).
    u, v
        End nodes of each edge; shape (m,).
    root_rank
        How well a node serves as the root of a network without rings, least first; shape (n,).
    """

    name: str
    place: Ints
    row: Ints
    u: Ints
    v: Ints
    root_rank: Ints

    @property
    def n_nodes(self) -> int:
        """Count the nodes: places at which an edge ends."""
        return len(self.place)

    @cached_property
    def component(self) -> Ints:
        """Connected component of each node; shape (n,)."""
        return self._components(np.ones(len(self.u), dtype=bool))

    @cached_property
    def is_bridge(self) -> Flags:
        """Edges whose loss disconnects their ends; shape (m,). Exact; O(n + m)."""
        if len(self.u) == 0:
            return np.zeros(0, dtype=bool)
        _, roots = np.unique(self.component, return_index=True)
        graph = build_graph(self.n_nodes, self.u, self.v, np.zeros(len(self.u)))
        points = find_single_points(graph, roots)
        result: Flags = points.next_point[self.n_nodes :] != UNREACHED
        return result

    @cached_property
    def is_on_ring(self) -> Flags:
        """Nodes that lie on a cycle; shape (n,). Two parallel edges are a cycle."""
        result = np.zeros(self.n_nodes, dtype=bool)
        result[self.u[~self.is_bridge]] = True
        result[self.v[~self.is_bridge]] = True
        return result

    @cached_property
    def core(self) -> Ints:
        """Two-edge-connected component of each node; shape (n,)."""
        return self._components(~self.is_bridge)

    @cached_property
    def blocks(self) -> tuple[tuple[int, ...], ...]:
        """Two-connected blocks of the edges on rings; parallel edges belong together."""
        found = find_blocks(self.core_trees)
        edges = found.indices.tolist()
        return tuple([tuple(edges[low:high]) for low, high in pairwise(found.indptr.tolist())])

    @cached_property
    def core_trees(self) -> CoreTrees:
        """A depth-first tree of every two-edge-connected component."""
        return grow_core_trees(self)

    def _components(self, keep: Flags) -> Ints:
        return find_components(self.n_nodes, self.u[keep], self.v[keep])


def build_layer(audit: Audit, name: str) -> Layer:
    """Take one layer of a network: what is in service and ends at two known places."""
    network = audit.network
    a, b, in_service = {
        "spans": (network.spans.a, network.spans.b, network.spans.is_in_service),
        "cables": (network.cables.a, network.cables.b, network.cables.is_in_service),
        "links": (network.links.a_place, network.links.b_place, network.links.is_in_service),
    }[name]
    rows = np.flatnonzero(in_service & (a >= 0) & (b >= 0) & (a != b))
    alive = np.append(network.places.is_in_service, False)
    rows = rows[alive[a[rows]] & alive[b[rows]]]
    if name == "spans":
        rows = rows[_is_first_of_its_way(audit, rows)]
    place, ends = np.unique(np.concatenate([a[rows], b[rows]]), return_inverse=True)
    ends = ends.reshape(2, -1).astype(np.int64)
    return Layer(name, place, rows.astype(np.int64), ends[0], ends[1], _ranks(network, place))


def _ranks(network: LayeredNetwork, place: Ints) -> Ints:
    """Rank places as roots: core offices first, then by their number."""
    places: Places = network.places
    by_role = np.full(len(place), len(_ROLES) + 1)
    offices = np.flatnonzero(places.kind[place] == OFFICE)
    by_role[offices] = [_ROLES.get(str(role), len(_ROLES)) for role in places.role[place[offices]]]
    order = np.lexsort((np.arange(len(place)), by_role))
    ranks = np.empty(len(place), dtype=np.int64)
    ranks[order] = np.arange(len(place))
    return ranks


def _is_first_of_its_way(audit: Audit, rows: Ints) -> Flags:
    """Spans that count: parallel ones that nothing shows to lie apart are one."""
    spans = audit.network.spans
    key = np.sort(np.stack([spans.a, spans.b]), axis=0)
    one: list[tuple[int, int]] = []
    start = audit.network.elements.offset["spans"]
    for risk in np.flatnonzero(audit.risks.is_suspect).tolist():
        i, j = sorted(int(span) for span in audit.risk_members.row(risk) - start)
        if (key[:, i] == key[:, j]).all():
            one.append((i, j))
    in_trench = rows[spans.trench[rows] >= 0]
    ways = np.stack([spans.trench[in_trench], *key[:, in_trench]])
    _, first, way = np.unique(ways, axis=1, return_index=True, return_inverse=True)
    one += zip(in_trench[first][way.reshape(-1)].tolist(), in_trench.tolist(), strict=True)
    joined = np.array(one, dtype=np.int64).reshape(-1, 2)
    alive = np.isin(joined, rows).all(axis=1)
    group = find_components(len(spans), *joined[alive].T)[rows]
    _, leader = np.unique(group, return_index=True)
    result = np.zeros(len(rows), dtype=bool)
    result[leader] = True
    return result
