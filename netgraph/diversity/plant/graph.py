"""The network that carries routes: used spans only, parallel spans merged, lengths settled."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from netgraph.diversity.plant.parallel import SpanRecords, merge_parallel_spans
from netgraph.diversity.search.graph import ArrayGraph, build_graph, route_nodes
from netgraph.inventory.plant.model import IN_SERVICE
from netgraph.inventory.plant.resolve import straight_lengths_m
from netgraph.inventory.plant.rules import plant_finding
from netgraph.messages import Message
from netgraph.units import line_lengths_m

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netgraph.inventory.findings import Finding
    from netgraph.inventory.plant import PlantNetwork

    Rows = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PlantElement:
    """A node, or the spans that make one route between two nodes.

    Attributes
    ----------
    kind
        ``node`` or ``span``.
    ids
        One id; several for parallel spans that are not shown to be apart.
    """

    kind: Literal["node", "span"]
    ids: tuple[str, ...]


@dataclass(frozen=True)
class PlantRoute:
    """One route from a node to a centre.

    Attributes
    ----------
    node_ids
        Nodes from the first to the centre.
    spans
        Spans in the order of travel; several ids where parallel spans are one route.
    length_m
        Metres, NaN if the length of a span is not known.
    """

    node_ids: tuple[str, ...]
    spans: tuple[tuple[str, ...], ...]
    length_m: float


@dataclass(frozen=True, eq=False)
class PlantGraph:
    """Nodes as in the network, and one edge for each route between two neighbours.

    Attributes
    ----------
    network
        Where it comes from.
    arrays
        The graph of the searches. Edges of unknown length have length 0 there: a lower bound.
    span_rows
        Rows of the spans of each edge, the shortest first.
    length_m
        Length of each edge, NaN if not known, shape (edges,).
    findings
        About parallel spans that are one route, and about unknown lengths.
    """

    network: PlantNetwork
    arrays: ArrayGraph
    span_rows: tuple[tuple[int, ...], ...]
    length_m: Floats
    findings: tuple[Finding, ...]

    @cached_property
    def edge_of_span(self) -> dict[int, int]:
        """Edge of each span that carries routes; a row that repeats a span is that span."""
        of_span = {span: edge for edge, spans in enumerate(self.span_rows) for span in spans}
        repeats = self.network.spans.duplicate_of
        of_span |= {
            row: of_span[int(repeats[row])]
            for row in np.flatnonzero(repeats >= 0).tolist()
            if int(repeats[row]) in of_span
        }
        return of_span

    def element(self, number: int) -> PlantElement:
        """Element by the number that searches give it: node v is v, edge e is nodes + e."""
        if number < self.arrays.n_nodes:
            return PlantElement("node", (str(self.network.nodes.ids[number]),))
        return PlantElement("span", self.span_ids(number - self.arrays.n_nodes))

    def span_ids(self, edge: int) -> tuple[str, ...]:
        """Ids of the spans of an edge, the shortest first."""
        return tuple(str(self.network.spans.ids[row]) for row in self.span_rows[edge])

    def route(self, source: int, edges: NDArray[np.int32]) -> PlantRoute:
        """Route with its ids.

        Parameters
        ----------
        source
            Row of the node where it starts.
        edges
            In the order of travel, shape (k,).
        """
        rows = route_nodes(self.arrays, source, edges)
        return PlantRoute(
            node_ids=tuple(str(identifier) for identifier in self.network.nodes.ids[rows]),
            spans=tuple(self.span_ids(edge) for edge in edges.tolist()),
            length_m=float(self.length_m[edges].sum()),
        )


def build_plant_graph(network: PlantNetwork, *, separation_m: float, run_m: float) -> PlantGraph:
    """Take out what carries no route and merge parallel spans that are not shown to be apart.

    A customer's site may end a route but carries none: nobody else's cable runs through it.

    Parameters
    ----------
    network
        The network.
    separation_m, run_m
        See :func:`netgraph.diversity.plant.parallel.merge_parallel_spans`.
    """
    spans = network.spans
    geometry = spans.geometry.copy()
    geometry[~spans.is_geometry_sound] = None
    records = SpanRecords(
        spans.from_nodes,
        spans.to_nodes,
        spans.trench_ids,
        geometry,
        spans.used,
        is_planar=network.is_planar,
    )
    edge_of_span = merge_parallel_spans(records, separation_m=separation_m, run_m=run_m)
    span_m = span_lengths_m(network)
    span_rows = _span_rows(edge_of_span, span_m)
    first = np.array([rows[0] for rows in span_rows], dtype=np.int64)
    length_m = span_m[first]
    arrays = build_graph(
        len(network.nodes),
        spans.from_nodes[first],
        spans.to_nodes[first],
        np.nan_to_num(length_m, nan=0.0),
        is_transit=network.nodes.tables != "sites",
        is_node_enabled=network.nodes.statuses == IN_SERVICE,
    )
    findings = (*_check_parallel(network, span_rows), *_check_lengths(network, span_m))
    return PlantGraph(network, arrays, span_rows, length_m, findings)


def span_lengths_m(network: PlantNetwork) -> Floats:
    """Length of each span, shape (spans,).

    The recorded length, else that of the drawn line (unless it contradicts its ends), else the
    straight line between the nodes; NaN if none is known.
    """
    spans, planar = network.spans, network.is_planar
    drawn = line_lengths_m(spans.geometry, planar=planar)
    drawn[~spans.is_geometry_sound] = np.nan
    straight = straight_lengths_m(network.nodes, spans.from_nodes, spans.to_nodes, planar=planar)
    known = np.where(np.isfinite(spans.length_m), spans.length_m, drawn)
    return np.where(np.isfinite(known), known, straight)


def _span_rows(edge_of_span: Rows, span_m: Floats) -> tuple[tuple[int, ...], ...]:
    """Rows of the spans of each edge: the shortest first, unknown lengths last."""
    groups: dict[int, list[int]] = defaultdict(list)
    for row in np.lexsort((np.arange(len(span_m)), span_m)).tolist():
        if edge_of_span[row] >= 0:
            groups[int(edge_of_span[row])].append(row)
    return tuple(tuple(groups[edge]) for edge in sorted(groups))


def _check_parallel(
    network: PlantNetwork, span_rows: tuple[tuple[int, ...], ...]
) -> Iterator[Finding]:
    ids = network.spans.ids
    for rows in span_rows:
        first, *others = sorted(rows)
        for row in others:
            message = Message(
                "The span joins the same two points as span {0}, and nothing shows that they "
                "lie apart.",
                ids[first],
            )
            yield plant_finding("ND955", "spans", str(ids[row]), message)


def _check_lengths(network: PlantNetwork, span_m: Floats) -> Iterator[Finding]:
    for row in np.flatnonzero(network.spans.used & np.isnan(span_m)):
        message = Message(
            "The length is neither recorded nor drawn, and an end has no coordinates."
        )
        yield plant_finding("ND976", "spans", str(network.spans.ids[row]), message)


def component_labels(arrays: ArrayGraph) -> Rows:
    """Label each node with the number of its connected part, shape (nodes,)."""
    ends = np.repeat(np.arange(arrays.n_nodes), np.diff(arrays.indptr)), arrays.neighbour
    matrix = coo_array((np.ones(len(arrays.neighbour)), ends), shape=(arrays.n_nodes,) * 2)
    _, labels = connected_components(matrix, directed=False)
    return labels.astype(np.int64)
