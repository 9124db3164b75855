"""Risks: sets of edges and nodes that fail together, and which of them alone cut a node off.

A route *uses* a risk when it runs over one of its edges or through one of its nodes; the two ends
of a route do not count (the customer's and the centre's own buildings are there anyway). Risks with
the same elements are one *class*; the searches work on classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search._cuts import find_cuts
from netgraph.diversity.search._lumps import Lumps, find_lumps
from netgraph.diversity.search._route_risks import Pairs, shared_classes
from netgraph.diversity.search._types import Members
from netgraph.diversity.search.equal_sets import group_equal
from netgraph.diversity.search.graph import (
    ArrayGraph,
    Rows,
    adjacency,
    as_nodes,
    compressed_rows,
    ends_of,
    expand,
    sink_mask,
)
from netgraph.diversity.search.keys import distinct
from netgraph.errors import UsageError
from netgraph.messages import Message

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from netgraph.diversity.search._types import Ints


@dataclass(frozen=True, eq=False)
class RiskIndex:
    """Risk classes and their elements, both ways; build it with :func:`build_risks`.

    Attributes
    ----------
    class_of
        The class of each risk, -1 for a risk without elements, int32, shape (r,).
    risks
        The risks of each class.
    edges, nodes
        The edges, and the nodes, of each class, ascending.
    edge_classes, node_classes
        The classes of each edge, and of each node, ascending.
    """

    class_of: NDArray[np.int32]
    risks: Rows
    edges: Rows
    nodes: Rows
    edge_classes: Rows
    node_classes: Rows

    @cached_property
    def lumps(self) -> Lumps:
        """Classes that hold the same elements here, as one."""
        sizes = len(self.edge_classes), len(self.node_classes)
        return find_lumps(self.edges, self.nodes, *sizes)

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.risks)

    def classes_of(self, risks: ArrayLike) -> NDArray[np.int32]:
        """Return the distinct classes of some risks, ascending, empty risks left out."""
        classes = np.unique(self.class_of[np.asarray(risks, dtype=np.int64)])
        return classes[classes >= 0]

    def weights(self, risk_weight: ArrayLike) -> NDArray[np.float64]:
        """Add up the weights of the risks of each class; shape (r,) to shape (n_classes,)."""
        used = self.class_of >= 0
        weight = np.asarray(risk_weight, dtype=np.float64)[used]
        total = np.zeros(self.n_classes)
        np.add.at(total, self.class_of[used], weight)
        return total

    def over(self, edges: tuple[Ints, Ints, int], nodes: tuple[Ints, Ints, int]) -> RiskIndex:
        """Return the same classes over other edges and nodes.

        Parameters
        ----------
        edges, nodes
            (element, class, number of elements), memberships sorted, each once.
        """
        return RiskIndex(
            self.class_of,
            self.risks,
            _rows(edges[1], edges[0], self.n_classes),
            _rows(nodes[1], nodes[0], self.n_classes),
            _rows(*edges),
            _rows(*nodes),
        )


def build_risks(
    graph: ArrayGraph,
    n_risks: int,
    edge_pairs: tuple[ArrayLike, ArrayLike] = ((), ()),
    node_pairs: tuple[ArrayLike, ArrayLike] = ((), ()),
) -> RiskIndex:
    """Index risks and put those with the same elements into one class; O(p log p) for p pairs.

    Parameters
    ----------
    graph
        The network.
    n_risks
        Number of risks r.
    edge_pairs
        (risk, edge) as two arrays of one length; repeated pairs count once.
    node_pairs
        (risk, node) likewise.

    Returns
    -------
    RiskIndex
        Classes are numbered by their first risk.

    Raises
    ------
    UsageError
        If a risk, edge or node does not exist.
    """
    edge_risk, edge = _pairs(edge_pairs, n_risks, graph.n_edges, "edge")
    node_risk, node = _pairs(node_pairs, n_risks, graph.n_nodes, "node")
    keys = distinct(
        np.concatenate((edge_risk << 32 | edge, node_risk << 32 | node + graph.n_edges))
    )
    risk, element = keys >> 32, (keys & 0xFFFFFFFF).astype(np.int32)
    class_of, first_risks = group_equal(ends_of(np.bincount(risk, minlength=n_risks)), element)
    is_first = np.zeros(n_risks, dtype=bool)
    is_first[first_risks] = True
    chosen = is_first[risk]
    of_class, element = class_of[risk[chosen]], element[chosen]
    is_edge = element < graph.n_edges
    n_classes = len(first_risks)
    members = np.flatnonzero(class_of >= 0).astype(np.int32)
    edge_class, edge_element = of_class[is_edge], element[is_edge]
    node_class, node_element = of_class[~is_edge], element[~is_edge] - np.int32(graph.n_edges)
    return RiskIndex(
        class_of,
        _rows(class_of[members], members, n_classes),
        _rows(edge_class, edge_element, n_classes),
        _rows(node_class, node_element, n_classes),
        _rows(edge_element, edge_class, graph.n_edges),
        _rows(node_element, node_class, graph.n_nodes),
    )


def cutting_risks(
    graph: ArrayGraph,
    sinks: ArrayLike,
    risks: RiskIndex,
    sources: ArrayLike,
    exempt: Rows | None = None,
    *,
    candidates: ArrayLike | None = None,
) -> Rows:
    """Find, for every source, all risk classes that alone cut it off from the sinks.

    Exact, for all sources and classes in one pass: divide and conquer over the classes with a
    disjoint-set forest that is rolled back, in which a part of the classes is entered with
    everything joined that none of them contains; a source joined to the sink there is cut by none
    of them and leaves. O((m + p log c) log n) for p class elements (a node counts its edges) and
    c classes, plus the answers.

    Parameters
    ----------
    graph
        The network.
    sinks
        Nodes that count as one sink; they never fail.
    risks
        The risks.
    sources
        Nodes, shape (k,); a source does not fail for its own routes.
    exempt
        Classes to leave out, one row a source.
    candidates
        Look at these classes only, ascending; all when omitted. A class that cuts a source off is
        used by every route of that source: see :func:`shared_risks`.

    Returns
    -------
    Rows
        Classes of each source, ascending; none for a source that is a sink or not connected.

    Raises
    ------
    UsageError
        If a sink or source is no node of the graph.
    """
    nodes = as_nodes(graph, sources)
    rows = adjacency(graph, sink_mask(graph, sinks))
    members, n_classes = _members(risks), risks.n_classes
    chosen = None if candidates is None else np.asarray(candidates, dtype=np.int32)
    if chosen is not None:
        members, n_classes = _members_of(risks, chosen), len(chosen)
    row, classes = find_cuts(rows, (graph.edge_u, graph.edge_v), members, n_classes, nodes)
    classes = classes if chosen is None else chosen[classes]
    if exempt is not None and len(classes):
        key = row.astype(np.int64) * risks.n_classes + classes
        exempt_row = np.repeat(np.arange(len(exempt)), np.diff(exempt.indptr))
        kept = ~np.isin(key, exempt_row * risks.n_classes + exempt.values)
        row, classes = row[kept], classes[kept]
    return _rows(row, classes, len(nodes))


def shared_risks(
    graph: ArrayGraph,
    risks: RiskIndex,
    sources: ArrayLike,
    routes: Rows,
    exempt: Rows | None = None,
) -> Rows:
    """Return the classes that both routes of each source use: no other class cuts it off.

    Parameters
    ----------
    graph
        The network.
    risks
        The risks.
    sources
        Nodes, shape (k,).
    routes
        2k routes to the sink, any two a source: those of source i at 2i and 2i + 1.
    exempt
        Classes to leave out, one row a source.

    Returns
    -------
    Rows
        One row a source, in the order in which the first of its routes meets them. O(length and
        classes of the routes).
    """
    nodes = as_nodes(graph, sources)
    if exempt is None:
        exempt = Rows(np.zeros(len(nodes) + 1, dtype=np.int64), np.empty(0, dtype=np.int32))
    pairs = Pairs(
        nodes, routes.indptr, routes.values, graph.edge_u, graph.edge_v,
        exempt.indptr, exempt.values,
    )  # fmt: skip
    return Rows(*shared_classes(pairs, _members(risks), risks.n_classes))


def _members(risks: RiskIndex) -> Members:
    return Members(
        risks.edge_classes.indptr,
        risks.edge_classes.values,
        risks.node_classes.indptr,
        risks.node_classes.values,
    )


def _members_of(risks: RiskIndex, classes: Ints) -> Members:
    """Return the memberships of some classes, which are numbered in their order."""

    def rows(elements: Rows, n_elements: int) -> Rows:
        position, owner = expand(elements.indptr, classes)
        return _rows(elements.values[position], owner.astype(np.int32), n_elements)

    edges = rows(risks.edges, len(risks.edge_classes))
    nodes = rows(risks.nodes, len(risks.node_classes))
    return Members(edges.indptr, edges.values, nodes.indptr, nodes.values)


def _pairs(
    pairs: tuple[ArrayLike, ArrayLike], n_risks: int, n_elements: int, word: str
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    risk = np.atleast_1d(np.asarray(pairs[0], dtype=np.int64))
    element = np.atleast_1d(np.asarray(pairs[1], dtype=np.int64))
    if risk.shape != element.shape:
        message = Message("{0} risks stand against {1} {2}s", len(risk), len(element), word)
        raise UsageError(message)
    if len(risk) and (risk.min() < 0 or risk.max() >= n_risks):
        message = Message("a risk is outside 0..{0}", n_risks - 1)
        raise UsageError(message)
    if len(risk) and (element.min() < 0 or element.max() >= n_elements):
        message = Message("a risk names {0}s outside 0..{1}", word, n_elements - 1)
        raise UsageError(message)
    return risk, element


def _rows(row: NDArray[np.int32], values: NDArray[np.int32], n_rows: int) -> Rows:
    """Group values by row, in their given order inside each row."""
    indptr, positions = compressed_rows(np.ascontiguousarray(row, dtype=np.int32), n_rows)
    return Rows(indptr, np.ascontiguousarray(values, dtype=np.int32)[positions])
