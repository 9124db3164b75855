"""The plant-only question: which nodes of a network of spans have two routes to the centres.

For a network that has only nodes and spans (an open data set, a topology, the plant of an
inventory) and a set of centres, every node gets the number of its link-disjoint and node-disjoint
routes, its single points of failure in order, and the shortest pairs. Every answer is exact.

The centres count as one: both routes may end at one of them. Spans that are out of service, lead
nowhere or repeat another row carry no route, and parallel spans are one route unless they are
shown to be apart (:mod:`netgraph.diversity.plant.parallel`).
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal

import numpy as np

from netgraph.diversity.plant.centres import check_centres, find_centres
from netgraph.diversity.plant.graph import (
    PlantElement,
    PlantGraph,
    PlantRoute,
    build_plant_graph,
)
from netgraph.diversity.plant.lengths import known_pairs_m, known_shortest_m
from netgraph.diversity.plant.parallel import RUN_M, SEPARATION_M
from netgraph.diversity.search.disjoint_pairs import DisjointPairs, find_disjoint_pairs
from netgraph.diversity.search.single_points import find_single_points
from netgraph.errors import UsageError
from netgraph.messages import Message, say_here

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netgraph.inventory.findings import Finding
    from netgraph.inventory.plant import PlantNetwork

Disjointness = Literal["link", "node"]


@dataclass(frozen=True, eq=False)
class PlantDiversity:
    """The answer for every node; arrays of shape (nodes,) in the order of the network's nodes.

    Attributes
    ----------
    network
        What was asked about.
    centres
        Rows of the centres.
    graph
        The network without what carries no route, parallel spans merged.
    routes_link_disjoint, routes_node_disjoint
        0, 1, or 2 for two or more. A centre has 2, of no length.
    single_points
        How many nodes and spans alone cut the node off from every centre.
    shortest_m, link_pair_m, node_pair_m
        Length of the shortest route and of both routes of the shortest pairs; NaN where there is
        none, or where a length that is not known could make a difference.
    link_pairs, node_pairs
        The searches, from which routes are drawn.
    findings
        The network's findings, and those about parallel spans, lengths and centres.
    """

    network: PlantNetwork
    centres: NDArray[np.int64]
    graph: PlantGraph
    routes_link_disjoint: NDArray[np.int64]
    routes_node_disjoint: NDArray[np.int64]
    single_points: NDArray[np.int64]
    shortest_m: NDArray[np.float64]
    link_pair_m: NDArray[np.float64]
    node_pair_m: NDArray[np.float64]
    link_pairs: DisjointPairs
    node_pairs: DisjointPairs
    findings: tuple[Finding, ...]

    def single_points_of(self, node_id: str) -> tuple[PlantElement, ...]:
        """List what alone cuts a node off, in order from the node.

        Raises
        ------
        UsageError
            If there is no such node.
        """
        chain = self.link_pairs.points.chain(self._row(node_id)).tolist()
        return tuple(self.graph.element(number) for number in chain)

    def routes_of(self, node_id: str, disjoint: Disjointness = "link") -> tuple[PlantRoute, ...]:
        """List the two routes of the shortest pair, or the one route of a node that has no pair.

        Parameters
        ----------
        node_id
            Id of a node.
        disjoint
            ``link``: no common span; ``node``: nor a common node on the way.

        Returns
        -------
        tuple of PlantRoute
            Two routes, the shorter first; one if there is no pair; none if no centre is reached.

        Raises
        ------
        UsageError
            If there is no such node.
        """
        row = self._row(node_id)
        pairs = self.link_pairs if disjoint == "link" else self.node_pairs
        if not pairs.points.is_connected[row]:
            return ()
        routes = pairs.find_routes([row])
        found = [self.graph.route(row, routes[number]) for number in range(len(routes))]
        return tuple(found) if pairs.is_disjoint[row] else (found[0],)

    def _row(self, node_id: str) -> int:
        rows = np.flatnonzero(self.network.nodes.ids == node_id)
        if len(rows) == 0:
            message = Message("there is no node {0!r} in the network", node_id)
            raise UsageError(message)
        return int(rows[0])

    def __repr__(self) -> str:
        """Show the size and the weak nodes in one line."""
        below = int((self.routes_link_disjoint < 2).sum())
        return f"<PlantDiversity: {len(self.single_points)} nodes, {below} below two routes>"

    def _repr_html_(self) -> str:
        """Nodes by number of routes, for notebooks."""
        rows = "".join(
            f"<tr><td>{number}</td><td>{int((self.routes_link_disjoint == number).sum()):,}</td>"
            f"<td>{int((self.routes_node_disjoint == number).sum()):,}</td></tr>"
            for number in (0, 1, 2)
        )
        heads = (Message("routes"), Message("link-disjoint"), Message("node-disjoint"))
        head = "".join(f"<th>{say_here(each)}</th>" for each in heads)
        name = self.network.name or Message("Network")
        caption = escape(say_here(Message("{0}: nodes by their routes to the centres", name)))
        return f"<table><caption>{caption}</caption><tr>{head}</tr>{rows}</table>"


def assess_plant(
    network: PlantNetwork,
    centres: Sequence[str],
    *,
    separation_m: float = SEPARATION_M,
    run_m: float = RUN_M,
) -> PlantDiversity:
    """Answer the plant-only question.

    Exact; O((n + m) log n) for all nodes together, and one comparison of lines for every pair of
    parallel spans without trench ids.

    Parameters
    ----------
    network
        Nodes and spans.
    centres
        Ids or names; taken together they are one centre.
    separation_m
        Parallel spans without trench ids count as two if their lines are somewhere farther
        apart than this.
    run_m
        Around the ends, within this radius, lines say nothing.

    Returns
    -------
    PlantDiversity

    Raises
    ------
    UsageError
        If a centre is unknown (with the nearest names), ambiguous (with the ids) or out of
        service, or a distance is negative.
    """
    if separation_m < 0 or run_m < 0:
        message = Message(
            "separation_m and run_m must not be negative: {0}, {1}", separation_m, run_m
        )
        raise UsageError(message)
    rows = find_centres(network, centres)
    graph = build_plant_graph(network, separation_m=separation_m, run_m=run_m)
    points = find_single_points(graph.arrays, rows)
    link_pairs = find_disjoint_pairs(graph.arrays, rows, "link", points=points)
    node_pairs = find_disjoint_pairs(graph.arrays, rows, "node", points=points)
    return PlantDiversity(
        network=network,
        centres=rows,
        graph=graph,
        routes_link_disjoint=_routes(link_pairs),
        routes_node_disjoint=_routes(node_pairs),
        single_points=(points.n_cutting_nodes + points.n_cutting_edges).astype(np.int64),
        shortest_m=known_shortest_m(graph, rows),
        link_pair_m=known_pairs_m(graph, rows, link_pairs),
        node_pair_m=known_pairs_m(graph, rows, node_pairs),
        link_pairs=link_pairs,
        node_pairs=node_pairs,
        findings=tuple(sorted({*network.findings, *graph.findings, *check_centres(graph, rows)})),
    )


def _routes(pairs: DisjointPairs) -> NDArray[np.int64]:
    """Count the disjoint routes: 0, 1, or 2 for two or more; shape (nodes,)."""
    return pairs.points.is_connected.astype(np.int64) + pairs.is_disjoint
