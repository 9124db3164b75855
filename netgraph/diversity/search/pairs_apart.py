"""Try to find risk-disjoint pairs of many sources quickly: most have one, few need a search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search._routes_apart import Asked, Network, pairs_apart
from netgraph.diversity.search._types import Members
from netgraph.diversity.search._walks import Ends
from netgraph.diversity.search.equal_sets import group_equal
from netgraph.diversity.search.graph import Routes, Rows, adjacency, compressed_rows, expand
from netgraph.diversity.search.near import sources_of, targets_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.search._types import Ints, Longs
    from netgraph.diversity.search.near import OwnEdges
    from netgraph.diversity.search.risks import RiskIndex


@dataclass(frozen=True, eq=False)
class JointRisks:
    """Risk classes that two routes can share without a common edge or node, equal ones as one.

    Attributes
    ----------
    joint_of
        The joint class of each class, -1 for one that has a single element here.
    edges, nodes
        The elements of each joint class.
    edge_classes, node_classes
        The joint classes of each element.
    """

    joint_of: NDArray[np.int32]
    edges: Rows
    nodes: Rows
    edge_classes: Rows
    node_classes: Rows


@dataclass(frozen=True, eq=False)
class Beginnings:
    """What is known of some sources, row by row.

    Attributes
    ----------
    routes
        Two routes of each source, shape (2k rows).
    points
        Its single points: node v as v, edge e as n + e.
    cutting
        The risk classes that alone cut it off.
    """

    routes: Rows
    points: Rows
    cutting: Rows


def join_risks(risks: RiskIndex) -> JointRisks:
    """Leave out what stands for one element, and put classes with the same elements together."""
    n_edges, n_nodes = len(risks.edge_classes), len(risks.node_classes)
    sizes = risks.edges.sizes + risks.nodes.sizes
    several = np.flatnonzero(sizes > 1)
    at_edge, edge_owner = expand(risks.edges.indptr, several)
    at_node, node_owner = expand(risks.nodes.indptr, several)
    owner = np.concatenate((edge_owner, node_owner))
    element = np.concatenate((risks.edges.values[at_edge], risks.nodes.values[at_node] + n_edges))
    keys = np.sort(owner << 32 | element)
    indptr = np.append(0, np.cumsum(sizes[several]))
    element = (keys & 0xFFFFFFFF).astype(np.int32)
    group, leader = group_equal(indptr, element)
    joint_of = np.full(risks.n_classes, -1, dtype=np.int32)
    joint_of[several] = group
    position, joint = expand(indptr, leader)
    element = element[position]
    is_edge = element < n_edges
    edge, node = element[is_edge], element[~is_edge] - n_edges
    of_edge, of_node, n_joint = joint[is_edge], joint[~is_edge], len(leader)
    return JointRisks(
        joint_of,
        _rows(of_edge, edge, n_joint),
        _rows(of_node, node, n_joint),
        _rows(edge, of_edge, n_edges),
        _rows(node, of_node, n_nodes),
    )


def find_pairs_apart(asked: OwnEdges, risks: JointRisks, known: Beginnings) -> Routes:
    """Look for pairs that share no risk but those that cut the source off, beginning at two routes.

    Each of the routes is held fast in turn and the shortest one looked for that has nothing in
    common with it, then the other way round while the pair gets shorter.

    Parameters
    ----------
    asked
        The sources and what is open to them.
    risks
        The risks.
    known
        What to begin with.

    Returns
    -------
    Routes
        2k routes; both of a source of no length where no pair was found, which proves nothing. A
        pair that was found need not be the shortest. A few shortest-path searches a source.
    """
    graph, targets = asked.graph, targets_of(asked)
    members = Members(*_both(risks.edge_classes), *_both(risks.node_classes))
    net = Network(
        adjacency(graph, targets.is_sink[0]),
        Ends(graph.edge_u, graph.edge_v, graph.length_m),
        targets.bound_m[0],
        asked.is_open.copy(),
        members,
        *_both(risks.edges),
        *_both(risks.nodes),
    )
    free = risks.joint_of[known.cutting.values]
    owner = np.repeat(np.arange(len(asked.sources), dtype=np.int32), known.cutting.sizes)
    cutting = _rows(owner[free >= 0], free[free >= 0], len(asked.sources))
    question = Asked(
        sources_of(asked),
        *_both(known.routes),
        *_both(known.points),
        *_both(cutting),
    )
    return Routes(*pairs_apart(net, targets, question))


def _both(rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    return rows.indptr, rows.values


def _rows(row: Ints | Longs, values: Ints | Longs, n_rows: int) -> Rows:
    indptr, positions = compressed_rows(np.ascontiguousarray(row, dtype=np.int32), n_rows)
    return Rows(indptr, np.ascontiguousarray(values, dtype=np.int32)[positions])
