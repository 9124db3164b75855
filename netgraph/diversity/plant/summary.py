"""The answer in rows and in figures, as the tables and the summary give them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

import numpy as np

from netgraph.diversity.plant.graph import component_labels
from netgraph.diversity.plant.risks import RiskVerdict
from netgraph.diversity.search.single_points import find_single_points

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.plant.assess import PlantDiversity
    from netgraph.diversity.plant.risks import PlantRiskRow
    from netgraph.diversity.search.graph import ArrayGraph

    Rows = NDArray[np.int64]


@dataclass(frozen=True)
class PlantNodeRow:
    """One row of the table of nodes.

    Attributes
    ----------
    node_id, name
        The node.
    routes_link_disjoint, routes_node_disjoint
        0, 1, or 2 for two or more.
    single_points
        How many nodes and spans alone cut it off.
    shortest_m, link_pair_m, node_pair_m
        Metres; None where there is none or where it is not known.
    """

    node_id: str
    name: str
    routes_link_disjoint: int
    routes_node_disjoint: int
    single_points: int
    shortest_m: float | None
    link_pair_m: float | None
    node_pair_m: float | None


@dataclass(frozen=True)
class PlantSummary:
    """The network in figures.

    Attributes
    ----------
    nodes, spans
        Rows of the source.
    spans_used
        Spans that carry routes.
    components
        Connected parts, isolated nodes among them, by the spans used.
    bridges
        Routes between two neighbours (spans; parallel ones that are not shown apart count once)
        whose loss parts the network.
    articulation_points
        Nodes whose loss parts the network.
    isolated
        Nodes at which no used span ends.
    self_loops, dangling, duplicates
        Spans that end where they start, that have an end that no node has, and that repeat an
        earlier one.
    nodes_below_2_link_disjoint, nodes_below_2_node_disjoint
        Nodes in the connected parts of the centres, these left out, without two routes to a centre.
    nodes_without_centre
        Nodes that reach no centre.
    risk_verdicts
        How many nodes have each verdict about shared risks; None where no risks are recorded.
    """

    nodes: int
    spans: int
    spans_used: int
    components: int
    bridges: int
    articulation_points: int
    isolated: int
    self_loops: int
    dangling: int
    duplicates: int
    nodes_below_2_link_disjoint: int
    nodes_below_2_node_disjoint: int
    nodes_without_centre: int
    risk_verdicts: Mapping[str, int] | None = None


def plant_node_rows(diversity: PlantDiversity) -> tuple[PlantNodeRow, ...]:
    """Rows of the table of nodes, sorted by id as plain strings.

    Parameters
    ----------
    diversity
        The answer.
    """
    nodes = diversity.network.nodes
    rows = (
        PlantNodeRow(
            node_id=str(nodes.ids[row]),
            name=str(nodes.names[row]),
            routes_link_disjoint=int(diversity.routes_link_disjoint[row]),
            routes_node_disjoint=int(diversity.routes_node_disjoint[row]),
            single_points=int(diversity.single_points[row]),
            shortest_m=_metres(diversity.shortest_m[row]),
            link_pair_m=_metres(diversity.link_pair_m[row]),
            node_pair_m=_metres(diversity.node_pair_m[row]),
        )
        for row in range(len(nodes))
    )
    return tuple(sorted(rows, key=lambda row: row.node_id))


def _metres(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def plant_summary(
    diversity: PlantDiversity, risk_rows: Sequence[PlantRiskRow] | None = None
) -> PlantSummary:
    """Figures of the whole network and of the centres' part.

    Parameters
    ----------
    diversity
        The answer.
    risk_rows
        What was found of shared risks, if it is to be counted.

    Returns
    -------
    PlantSummary
        Exact; O(n + m).
    """
    spans, arrays = diversity.network.spans, diversity.graph.arrays
    component = component_labels(arrays)
    bridges, cut_nodes = find_cuts(arrays)
    with_centre = np.isin(component, component[diversity.centres])
    with_centre[diversity.centres] = False
    return PlantSummary(
        nodes=len(diversity.network.nodes),
        spans=len(spans),
        spans_used=int(spans.used.sum()),
        components=int(component.max(initial=-1)) + 1,
        bridges=len(bridges),
        articulation_points=len(cut_nodes),
        isolated=int((np.diff(arrays.indptr) == 0).sum()),
        self_loops=int(spans.self_loops.sum()),
        dangling=int(spans.dangling.sum()),
        duplicates=int((spans.duplicate_of >= 0).sum()),
        nodes_below_2_link_disjoint=int((with_centre & (diversity.routes_link_disjoint < 2)).sum()),
        nodes_below_2_node_disjoint=int((with_centre & (diversity.routes_node_disjoint < 2)).sum()),
        nodes_without_centre=int((diversity.routes_link_disjoint == 0).sum()),
        risk_verdicts=None if risk_rows is None else _count_verdicts(risk_rows),
    )


def _count_verdicts(rows: Sequence[PlantRiskRow]) -> dict[str, int]:
    found = Counter(row.risk_verdict for row in rows)
    return {verdict: found[verdict] for verdict in get_args(RiskVerdict)}


def find_cuts(arrays: ArrayGraph) -> tuple[Rows, Rows]:
    """Bridges and articulation points of the whole network, wherever its centres are.

    Parameters
    ----------
    arrays
        The network; every node carries routes here.

    Returns
    -------
    tuple
        Edges and nodes, each sorted. Exact; O(n + m).

    Notes
    -----
    An element is a single point between some node and a fixed node of its part if and only if its
    loss parts the network; only the fixed node itself is never one. So a second pass, from the
    other end of some edge of the fixed node, decides about that.
    """
    arrays = replace(arrays, is_transit=np.ones(arrays.n_nodes, dtype=np.bool_))
    labels = component_labels(arrays)
    _, first = np.unique(labels, return_index=True)
    joined = first[np.diff(arrays.indptr)[first] > 0]
    second = arrays.neighbour[arrays.indptr[joined]]
    n = arrays.n_nodes
    cuts = np.concatenate(
        [find_single_points(arrays, sinks).next_point for sinks in (joined, second)]
    ) if n else np.array([], dtype=np.int32)  # fmt: skip
    is_cut = np.zeros(n + arrays.n_edges, dtype=bool)
    is_cut[cuts[cuts >= 0]] = True
    return np.flatnonzero(is_cut[n:]), np.flatnonzero(is_cut[:n])
