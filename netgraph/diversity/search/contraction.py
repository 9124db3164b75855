"""A network reduced once for many demands: dead ends cut off, chains of nodes as one edge.

Every question about routes between *terminals* has the same answer on the reduced network: what is
cut off lies on no such route, and of a chain a route takes all or nothing. Chains of single points
and routes are expanded again to the nodes and edges of the whole network.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from netgraph.components import find_components
from netgraph.diversity.search._core import contract_chains
from netgraph.diversity.search.folding import FoldedRoutes, are_turned, fold_chains, run_over, weave
from netgraph.diversity.search.graph import (
    ArrayGraph,
    Rows,
    adjacency,
    build_graph,
    compressed_rows,
    expand,
    expand_positions,
)
from netgraph.diversity.search.keys import distinct

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Flags, Floats, Ints, Longs
    from netgraph.diversity.search.risks import RiskIndex


@dataclass(frozen=True, eq=False)
class Contraction:
    """A reduced network and how it stands for the whole one.

    Attributes
    ----------
    whole
        The network that was reduced.
    graph
        The reduced network; its nodes are terminals and nodes where routes can part.
    node_of, local_of
        The node of each reduced node, and the reduced node of each node (-1 if it has none).
    local_edge_of
        The reduced edge of each edge, -1 where it was cut off.
    inner_edge_of
        The reduced edge on whose chain each node lies, -1 where on none.
    chains
        What each reduced edge runs over from its u to its v: edge, node, edge, ..., edge of the
        whole network (edge e as n + e).
    """

    whole: ArrayGraph
    graph: ArrayGraph
    node_of: Ints
    local_of: Ints
    local_edge_of: Ints
    inner_edge_of: Ints
    chains: Rows

    def expand_routes(self, sources: Ints, routes: Rows) -> Rows:
        """Return routes of the reduced network as edges of the whole one.

        Parameters
        ----------
        sources
            The reduced node from which each route starts, shape (k,).
        routes
            Reduced edges of k routes in order of travel.
        """
        return self.fold(sources, routes).unfolded()

    def fold(self, sources: Ints, routes: Rows) -> FoldedRoutes:
        """Return the same as :meth:`expand_routes`, each reduced edge as one number."""
        u, v = self.graph.edge_u[routes.values], self.graph.edge_v[routes.values]
        is_turned = are_turned(u, v, routes.indptr, sources)
        folded = FoldedRoutes(routes.indptr, fold_chains(routes.values, is_turned), self.edges)
        is_edge = self.edges.sizes > 0  # what leads to a sink behind ends is none
        return folded if is_edge.all() else folded.where(is_edge[routes.values])

    def expand_points(self, sources: Ints, chains: Rows) -> Rows:
        """Return chains of single points (see ``single_points``) as those of the whole network.

        Parameters
        ----------
        sources
            The reduced node to which each chain belongs, shape (k,).
        chains
            Reduced node v as v, reduced edge e as n + e, in order from the source.
        """
        n, points = self.graph.n_nodes, chains.values
        is_edge = points >= n
        before = np.append(np.int32(-1), points[:-1])
        starts = chains.indptr[:-1][np.diff(chains.indptr) > 0]
        before[starts] = sources[np.diff(chains.indptr) > 0]
        edges = points[is_edge] - np.int32(n)
        runs = run_over(self.chains, edges, self.graph.edge_u[edges] != before[is_edge])
        ends, values = weave(is_edge, runs, self.node_of[points[~is_edge]])
        return Rows(ends[chains.indptr], values)

    def take_off(
        self, nodes: Ints | Longs, edge_weight: Floats, node_weight: Floats, much: Floats
    ) -> None:
        """Take something off the weight of what stands for each of some nodes of the network."""
        local = self.local_of[nodes]
        node_weight[local[local >= 0]] -= much[local >= 0]
        inside = self.inner_edge_of[nodes]
        np.subtract.at(edge_weight, inside[inside >= 0], much[inside >= 0])

    @cached_property
    def edges(self) -> Rows:
        """The edges of each chain from its u to its v."""
        is_edge = self.chains.values >= self.whole.n_nodes
        edges = self.chains.where(is_edge)
        return Rows(edges.indptr, edges.values - np.int32(self.whole.n_nodes))


def contract(graph: ArrayGraph, is_terminal: Flags) -> Contraction:
    """Reduce a network to terminals and nodes where routes can part; O(n + m).

    Parameters
    ----------
    graph
        The network.
    is_terminal
        Nodes that may be sources or sinks, or that have an edge which must stay one of its own,
        shape (n,).

    Returns
    -------
    Contraction
    """
    rows = adjacency(graph, np.zeros(graph.n_nodes, dtype=np.bool_))
    # Routes end at terminals whatever they carry: an edge between two of them counts.
    rows = rows._replace(is_transit=graph.is_transit | is_terminal)
    chain_ptr, steps, ends, node_of = contract_chains(rows, is_terminal, graph.n_edges)
    ends = ends - np.int32(1)  # without the sink, which was node 0
    node_of, chain_ptr, steps, ends = _side_by_side(node_of[1:], chain_ptr, steps, ends)
    n_chains = len(chain_ptr) - 1
    owner = np.repeat(np.arange(n_chains, dtype=np.int32), np.diff(chain_ptr))
    length_m = np.zeros(n_chains)
    np.add.at(length_m, owner, graph.length_m[steps[0]])
    local_of = np.full(graph.n_nodes, -1, dtype=np.int32)
    local_of[node_of] = np.arange(len(node_of), dtype=np.int32)
    local_edge_of = np.full(graph.n_edges, -1, dtype=np.int32)
    local_edge_of[steps[0]] = owner
    # Both rows of steps in turn, less the node at each chain's end.
    woven = (steps + np.array([[graph.n_nodes], [0]], dtype=np.int32)).T.ravel()
    last = 2 * chain_ptr[1:] - 1
    chains = Rows(2 * chain_ptr - np.arange(n_chains + 1), np.delete(woven, last))
    reduced = build_graph(
        len(node_of), ends[0], ends[1], length_m, is_transit=graph.is_transit[node_of]
    )
    inner_edge_of = np.full(graph.n_nodes, -1, dtype=np.int32)
    inside = chains.values < graph.n_nodes
    inner_edge_of[chains.values[inside]] = np.repeat(
        np.arange(n_chains, dtype=np.int32), chains.sizes
    )[inside]
    return Contraction(graph, reduced, node_of, local_of, local_edge_of, inner_edge_of, chains)


def _side_by_side(
    node_of: Ints, chain_ptr: Longs, steps: Ints, ends: Ints
) -> tuple[Ints, Longs, Ints, Ints]:
    """Give neighbours near numbers: searches then stay within the cache."""
    order = _breadth_first(len(node_of), *ends.astype(np.int64))
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    ends = rank[ends]
    chains = np.argsort(ends.min(axis=0), kind="stable")
    position = expand_positions(chain_ptr, chains)
    sizes = np.diff(chain_ptr)[chains]
    ptr = np.append(np.int64(0), np.cumsum(sizes))
    return node_of[order], ptr, steps[:, position], np.ascontiguousarray(ends[:, chains])


def _breadth_first(n: int, u: Longs, v: Longs) -> Longs:
    """Return all nodes, those of a component together and breadth first, the furthest first.

    After E. Cuthill and J. McKee, "Reducing the bandwidth of sparse symmetric matrices", ACM 1969.
    """
    heads = np.concatenate((v, u))
    indptr, position = compressed_rows(np.concatenate((u, v)), n)
    component, by_degree = find_components(n, u, v), np.argsort(np.diff(indptr), kind="stable")
    front = by_degree[np.unique(component[by_degree], return_index=True)[1]]
    is_met = np.zeros(n, dtype=np.bool_)
    met = []
    while len(front):
        is_met[front] = True
        met.append(front)
        beyond = heads[position[expand_positions(indptr, front)]]
        beyond = beyond[~is_met[beyond]]
        front = beyond[np.sort(np.unique(beyond, return_index=True)[1])]
    order = np.concatenate([*met, np.empty(0, dtype=np.int64)])
    return order[np.argsort(component[order], kind="stable")][::-1]


def contract_risks(contraction: Contraction, risks: RiskIndex) -> RiskIndex:
    """Return the same risk classes over the reduced network's edges and nodes.

    Classes keep their numbers; two of them may hold the same elements now.
    """
    n, chains = contraction.whole.n_nodes, contraction.chains
    is_edge = chains.values >= n
    owner = np.repeat(np.arange(len(chains), dtype=np.int64), np.diff(chains.indptr))
    by_edge, row_e = expand(risks.edge_classes.indptr, chains.values[is_edge] - n)
    by_node, row_n = expand(risks.node_classes.indptr, chains.values[~is_edge])
    edge = np.concatenate((owner[is_edge][row_e], owner[~is_edge][row_n]))
    class_ = np.concatenate(
        (risks.edge_classes.values[by_edge], risks.node_classes.values[by_node])
    )
    keys = distinct(edge << 32 | class_)
    edge_row, class_ = (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32)
    by_own, node = expand(risks.node_classes.indptr, contraction.node_of)
    node_class = risks.node_classes.values[by_own]
    return risks.over(
        (edge_row, class_, len(chains)),
        (node.astype(np.int32), node_class, len(contraction.node_of)),
    )
