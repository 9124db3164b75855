"""Risks: sets of edges and nodes that fail together, and which of them alone cut a node off.

A route *uses* a risk when it runs over one of its edges or through one of its nodes; the two ends
of a route do not count (the customer's and the centre's own buildings are there anyway). Risks with
the same elements are one *class*; the searches work on classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.search._cuts import find_cuts
from netgraph.diversity.search._types import Members
from netgraph.diversity.search.graph import (
    ArrayGraph,
    Routes,
    Rows,
    adjacency,
    as_nodes,
    compressed_rows,
    sink_mask,
)
from netgraph.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from netgraph.diversity.search._types import Ints, Longs


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
    n_elements = graph.n_edges + graph.n_nodes
    keys = np.unique(
        np.concatenate(
            (edge_risk * n_elements + edge, node_risk * n_elements + graph.n_edges + node)
        )
    )
    risk, element = keys // n_elements, (keys % n_elements).astype(np.int32)
    indptr = np.searchsorted(risk, np.arange(n_risks + 1))
    class_of, first_risks = group_equal(indptr, element)
    chosen = np.isin(risk, first_risks)
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
    row, classes = find_cuts(
        rows, (graph.edge_u, graph.edge_v), _members(risks), risks.n_classes, nodes
    )
    if exempt is not None and len(classes):
        key = row.astype(np.int64) * risks.n_classes + classes
        exempt_row = np.repeat(np.arange(len(exempt)), np.diff(exempt.indptr))
        kept = ~np.isin(key, exempt_row * risks.n_classes + exempt.values)
        row, classes = row[kept], classes[kept]
    return _rows(row, classes, len(nodes))


def used_risks(graph: ArrayGraph, risks: RiskIndex, sources: ArrayLike, routes: Routes) -> Rows:
    """Return the classes that each route uses, in the order in which it meets them first.

    Parameters
    ----------
    graph
        The network.
    risks
        The risks.
    sources
        The source of each route, shape (k,).
    routes
        k routes.

    Returns
    -------
    Rows
        One row a route; O(length and classes of the route).
    """
    return Rows(
        *_used(
            as_nodes(graph, sources),
            routes.indptr,
            routes.values,
            graph.edge_u,
            graph.edge_v,
            _members(risks),
            risks.n_classes,
        )
    )


def shared_risks(first: Rows, second: Rows, exempt: Rows | None = None) -> Rows:
    """Return the classes that rows i of both hold and that are not exempt there, in first's order.

    Parameters
    ----------
    first, second
        Classes by row, as :func:`used_risks` gives them; of equal length.
    exempt
        Classes to leave out, by row.
    """
    left_out = Rows(np.zeros(len(first) + 1, dtype=np.int64), np.empty(0, dtype=np.int32))
    left_out = left_out if exempt is None else exempt
    return Rows(
        *_common(
            first.indptr,
            first.values,
            second.indptr,
            second.values,
            left_out.indptr,
            left_out.values,
            1 + max(int(rows.values.max(initial=-1)) for rows in (first, second, left_out)),
        )
    )


def _members(risks: RiskIndex) -> Members:
    return Members(
        risks.edge_classes.indptr,
        risks.edge_classes.values,
        risks.node_classes.indptr,
        risks.node_classes.values,
    )


def _pairs(
    pairs: tuple[ArrayLike, ArrayLike], n_risks: int, n_elements: int, word: str
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    risk = np.atleast_1d(np.asarray(pairs[0], dtype=np.int64))
    element = np.atleast_1d(np.asarray(pairs[1], dtype=np.int64))
    if risk.shape != element.shape:
        message = f"{len(risk)} risks stand against {len(element)} {word}s"
        raise UsageError(message)
    if len(risk) and (risk.min() < 0 or risk.max() >= n_risks):
        message = f"a risk is outside 0..{n_risks - 1}"
        raise UsageError(message)
    if len(risk) and (element.min() < 0 or element.max() >= n_elements):
        message = f"a risk names {word}s outside 0..{n_elements - 1}"
        raise UsageError(message)
    return risk, element


def group_equal(
    indptr: NDArray[np.int64], element: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return the class of each risk and the first risk of each class."""
    class_of = np.full(len(indptr) - 1, -1, dtype=np.int32)
    seen: dict[bytes, int] = {}
    first_risks: list[int] = []
    starts = indptr.tolist()
    for risk in range(len(class_of)):
        if starts[risk] == starts[risk + 1]:
            continue
        key = element[starts[risk] : starts[risk + 1]].tobytes()
        class_of[risk] = seen.setdefault(key, len(seen))
        if class_of[risk] == len(first_risks):
            first_risks.append(risk)
    return class_of, np.array(first_risks, dtype=np.int64)


def _rows(row: NDArray[np.int32], values: NDArray[np.int32], n_rows: int) -> Rows:
    """Group values by row, in their given order inside each row."""
    indptr, positions = compressed_rows(np.ascontiguousarray(row, dtype=np.int32), n_rows)
    return Rows(indptr, np.ascontiguousarray(values, dtype=np.int32)[positions])


@entry
def _used(
    sources: Ints,
    indptr: Longs,
    edges: Ints,
    edge_u: Ints,
    edge_v: Ints,
    members: Members,
    n_classes: int,
) -> tuple[Longs, Ints]:
    out_ptr = np.zeros(len(sources) + 1, dtype=np.int64)
    out = np.empty(1024, dtype=np.int32)
    met_by = np.full(n_classes, -1, dtype=np.int32)
    size = np.int64(0)
    for i in range(len(sources)):
        node = np.int64(sources[i])
        if size + n_classes > len(out):
            out = np.concatenate((out, np.empty(len(out) + n_classes, dtype=np.int32)))
        for k in range(indptr[i], indptr[i + 1]):
            e = np.int64(edges[k])
            size = _meet(members.edge_ptr, members.edge_class, np.int64(e), i, met_by, (out, size))
            node = edge_u[e] + edge_v[e] - node
            if k + 1 < indptr[i + 1]:
                size = _meet(
                    members.node_ptr, members.node_class, np.int64(node), i, met_by, (out, size)
                )
        out_ptr[i + 1] = size
    return out_ptr, out[:size].copy()


@inner
def _meet(
    ptr: Longs, classes: Ints, element: int, route: int, met_by: Ints, found: tuple[Ints, int]
) -> int:
    """Append the element's classes that the route has not met; return the new size."""
    out, size = found
    for k in range(ptr[element], ptr[element + 1]):
        if met_by[classes[k]] != route:
            met_by[classes[k]] = route
            out[size] = classes[k]
            size += 1
    return size


@entry
def _common(
    a_ptr: Longs, a: Ints, b_ptr: Longs, b: Ints, exempt_ptr: Longs, exempt: Ints, n_classes: int
) -> tuple[Longs, Ints]:
    holds = np.full(n_classes, -1, dtype=np.int64)
    out_ptr = np.zeros(len(a_ptr), dtype=np.int64)
    out = np.empty(len(a), dtype=np.int32)
    size = 0
    for i in range(len(a_ptr) - 1):
        for k in range(b_ptr[i], b_ptr[i + 1]):
            holds[b[k]] = i
        for k in range(exempt_ptr[i], exempt_ptr[i + 1]):
            holds[exempt[k]] = -1
        for k in range(a_ptr[i], a_ptr[i + 1]):
            if holds[a[k]] == i:
                out[size] = a[k]
                size += 1
        out_ptr[i + 1] = size
    return out_ptr, out[:size].copy()
