"""Shared risks of the plant-only question: a pair of routes that no recorded risk cuts at once.

Risks are the explicit risk groups of an inventory with members among its spans and places, and
every trench that holds several spans. Only for networks that record risk groups: without them, no
"pair" could be said.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from netgraph.diversity.search.risk_pairs import find_risk_disjoint_pair
from netgraph.diversity.search.risks import build_risks, cutting_risks, used_risks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netgraph.diversity.plant import PlantDiversity
    from netgraph.diversity.search.risks import RiskIndex

    Rows = NDArray[np.int64]

RiskVerdict = Literal["pair", "none", "unproven"]
SECONDS = 10.0
_NODES_AT_ONCE = 2000  # routes of so many nodes are held in memory together


@dataclass(frozen=True)
class PlantRiskRow:
    """What is known about the shared risks of one node.

    Attributes
    ----------
    node_id
        The node; centres and nodes that reach no centre have no row.
    risk_verdict
        ``pair``: two routes without a common span, node or risk; ``none``: there is no such
        pair; ``unproven``: the time ended before either was shown.
    risk_pair_m
        Length of both routes of the shortest such pair; None without one, or if not known.
    unavoidable_risks
        Risks that alone cut the node off from every centre, sorted.
    least_shared_risks
        Risks that the pair with the fewest of them shares, sorted; None if not shown.
    """

    node_id: str
    risk_verdict: RiskVerdict
    risk_pair_m: float | None
    unavoidable_risks: tuple[str, ...]
    least_shared_risks: tuple[str, ...] | None


def plant_risk_rows(
    diversity: PlantDiversity, *, seconds: float = SECONDS
) -> tuple[PlantRiskRow, ...]:
    """Judge the shared risks of every node that reaches a centre.

    One pass decides most nodes: ``none`` where a node has single points or unavoidable risks,
    ``pair`` where the shortest node-disjoint pair shares no risk (then no shorter pair is free of
    risks either). The others are searched one by one, exactly or until the time is up.

    Parameters
    ----------
    diversity
        The answer to the plant-only question.
    seconds
        Time for the searches of all nodes together; 0 is unlimited.

    Returns
    -------
    tuple of PlantRiskRow
        Sorted by id; empty if the network records no risk groups.
    """
    if not diversity.network.has_risk_records:
        return ()
    deadline = time.monotonic() + seconds if seconds > 0 else math.inf
    risks = build_plant_risks(diversity)
    asked = diversity.link_pairs.points.is_connected.copy()
    asked[diversity.centres] = False
    sources = np.flatnonzero(asked)
    rows = [
        row
        for start in range(0, len(sources), _NODES_AT_ONCE)
        for row in _rows(diversity, risks, sources[start : start + _NODES_AT_ONCE], deadline)
    ]
    return tuple(sorted(rows, key=lambda row: row.node_id))


def build_plant_risks(diversity: PlantDiversity) -> RiskIndex:
    """Index the risk groups of a network by the edges and nodes of its graph.

    An edge of several spans that are not shown apart has the risks of them all. Members that
    carry no route are left out.
    """
    arrays, groups = diversity.graph.arrays, diversity.network.risk_groups
    edge_of_span = {
        span: edge for edge, spans in enumerate(diversity.graph.span_rows) for span in spans
    }
    edges = [
        (number, edge_of_span[span])
        for number, group in enumerate(groups)
        for span in group.spans
        if span in edge_of_span
    ]
    nodes = [(number, node) for number, group in enumerate(groups) for node in group.nodes]
    return build_risks(arrays, len(groups), _columns(edges), _columns(nodes))


def _columns(pairs: list[tuple[int, int]]) -> tuple[Rows, Rows]:
    columns = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return columns[:, 0], columns[:, 1]


def _rows(
    diversity: PlantDiversity, risks: RiskIndex, sources: Rows, deadline: float
) -> Iterator[PlantRiskRow]:
    arrays, pairs = diversity.graph.arrays, diversity.node_pairs
    unavoidable = cutting_risks(arrays, diversity.centres, risks, sources)
    used = used_risks(arrays, risks, np.repeat(sources, 2), pairs.find_routes(sources))
    for number, source in enumerate(sources.tolist()):
        cutting = set(unavoidable[number].tolist())
        common = set(used[2 * number].tolist()) & set(used[2 * number + 1].tolist())
        shared = common if common <= cutting else None
        verdict: RiskVerdict = "none"
        pair_m = math.nan
        if pairs.is_disjoint[source] and not common:
            verdict, pair_m = "pair", float(diversity.node_pair_m[source])
        elif pairs.is_disjoint[source] and not cutting:
            verdict, pair_m = _search(diversity, risks, source, deadline)
            shared = set() if verdict == "pair" else None
        yield PlantRiskRow(
            node_id=str(diversity.network.nodes.ids[source]),
            risk_verdict=verdict,
            risk_pair_m=pair_m if math.isfinite(pair_m) else None,
            unavoidable_risks=_names(diversity, risks, cutting),
            least_shared_risks=None if shared is None else _names(diversity, risks, shared),
        )


def _search(
    diversity: PlantDiversity, risks: RiskIndex, source: int, deadline: float
) -> tuple[RiskVerdict, float]:
    """Search one node's shortest pair; its length is NaN if there is none or it is not known."""
    left = deadline - time.monotonic()
    if left <= 0:
        return "unproven", math.nan
    seconds = left if math.isfinite(left) else 0.0
    found = find_risk_disjoint_pair(
        diversity.graph.arrays, source, diversity.centres, risks, seconds=seconds
    )
    if found.status != "pair":
        return found.status, math.nan
    # Unknown lengths are lower bounds in the search: a pair without them is the shortest.
    return "pair", float(diversity.graph.length_m[np.concatenate(found.routes)].sum())


def _names(diversity: PlantDiversity, risks: RiskIndex, classes: set[int]) -> tuple[str, ...]:
    """Ids of all risks of some classes, sorted."""
    groups = diversity.network.risk_groups
    return tuple(sorted(groups[risk].id for c in classes for risk in risks.risks[c].tolist()))
