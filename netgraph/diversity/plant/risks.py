"""Shared risks of the plant-only question: a pair of routes that no recorded risk cuts at once.

Risks are the explicit risk groups of an inventory with members among its spans and places, and
every trench that holds several spans. Only for networks that record risk groups: without them, no
"pair" could be said.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from netgraph.diversity.achievable.objective import LEAST, MINUTES_PER_HOUR, check_objective
from netgraph.diversity.availability.rates import load_rates
from netgraph.diversity.compiled import search_clock
from netgraph.diversity.plant.doubts import edges_to_centres, find_plant_doubt
from netgraph.diversity.search.batch import search_all
from netgraph.diversity.search.least_sharing import SharingWeights, default_weights
from netgraph.diversity.search.risks import build_risks
from netgraph.units import M_PER_KM

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.objective import Objective
    from netgraph.diversity.availability.rates import Rates
    from netgraph.diversity.plant.assess import PlantDiversity
    from netgraph.diversity.search.batch import BatchResult
    from netgraph.diversity.search.risks import RiskIndex

    Rows = NDArray[np.int64]
    Ints = NDArray[np.int32]

RiskVerdict = Literal["pair", "none", "unproven"]
_LEAST_MINUTES = LEAST["outage"]
SECONDS = 10.0
_NO_TIME = 1e-9
_NODES_AT_ONCE = 5000  # routes of so many nodes are held in memory together


@dataclass(frozen=True)
class PlantRiskRow:
    """What is known about the shared risks of one node.

    Attributes
    ----------
    node_id
        The node; centres have no row.
    risk_verdict
        ``pair``: two routes without a common span, node or risk, whatever the members of risk
        groups are that the records do not know; ``none``: there is no pair, whatever they are;
        ``unproven``: neither was shown, as members are not known or the time ended.
    risk_pair_m
        Length of both routes of the shortest such pair; None without one, or if not known.
    unavoidable_risks
        Risks that alone cut the node off from every centre, sorted, be it that they take the
        centres themselves (of several; a single one is the end of both routes anyhow); None for a
        node that reaches no centre, and where none is known but unknown members leave it open.
    least_shared_risks
        Risks that the pair which shares least shares, sorted; None if not shown.
    """

    node_id: str
    risk_verdict: RiskVerdict
    risk_pair_m: float | None
    unavoidable_risks: tuple[str, ...] | None
    least_shared_risks: tuple[str, ...] | None


def plant_risk_rows(
    diversity: PlantDiversity,
    *,
    seconds: float = SECONDS,
    objective: Objective = "risks",
    rates: Rates | None = None,
) -> tuple[PlantRiskRow, ...]:
    """Judge the shared risks of every node but the centres.

    Exact, or ``unproven`` where the time ended; one pass decides most nodes, only the others are
    searched (:mod:`netgraph.diversity.search.batch`).

    Parameters
    ----------
    diversity
        The answer to the plant-only question.
    seconds
        Time for the searches of all nodes together; 0 is unlimited.
    objective
        What a pair that cannot be disjoint shares least of: ``risks``, their number; ``metres``,
        the metres of the spans that both routes use and of the spans of the risks that they share;
        ``outage``, the minutes a year for which what they share is expected to be out.
    rates
        Failure rates and repair times for ``outage``; the shipped ones when omitted.

    Returns
    -------
    tuple of PlantRiskRow
        Sorted by id; empty if the network records no risk groups.
    """
    if not diversity.network.has_risk_records:
        return ()
    deadline = search_clock() + seconds if seconds > 0 else math.inf
    check_objective(objective)
    risks = build_plant_risks(diversity)
    weights = _weights(diversity, risks, objective, rates)
    is_connected = diversity.link_pairs.points.is_connected
    is_asked = np.ones(len(is_connected), dtype=bool)
    is_asked[diversity.centres] = False
    sources = np.flatnonzero(is_asked & is_connected)
    cut_off = diversity.network.nodes.ids[np.flatnonzero(is_asked & ~is_connected)]
    rows = [PlantRiskRow(str(node), "none", None, None, None) for node in cut_off]
    rows += [
        row
        for start in range(0, len(sources), _NODES_AT_ONCE)
        for row in _rows(
            diversity, risks, sources[start : start + _NODES_AT_ONCE], deadline, weights
        )
    ]
    return tuple(sorted(rows, key=lambda row: row.node_id))


def build_plant_risks(diversity: PlantDiversity, apart: Sequence[int] = ()) -> RiskIndex:
    """Index the risk groups of a network by the edges and nodes of its graph.

    An edge of several spans that are not shown apart has the risks of them all, and where there are
    several centres an edge to one of them has its risks. Members that are not known belong to no
    risk here: see :mod:`netgraph.diversity.plant.doubts`. Each centre in `apart` is a risk of its
    own, after the groups: no two routes may end there.
    """
    arrays, groups = diversity.graph.arrays, diversity.network.risk_groups
    edges = [*_member_edges(diversity), *_edges_of_ends(diversity)]
    to_centre = edges_to_centres(diversity)
    edges += [
        (number, edge)
        for number, centre in enumerate(apart, start=len(groups))
        for edge in to_centre.get(centre, ())
    ]
    nodes = [(number, node) for number, group in enumerate(groups) for node in group.nodes]
    n_risks = len(groups) + len(apart)
    return build_risks(arrays, n_risks, _columns(edges), _columns(nodes))


def _member_edges(diversity: PlantDiversity) -> list[tuple[int, int]]:
    """List the edges that are members of risk groups, as (group, edge)."""
    edge_of_span = diversity.graph.edge_of_span
    return [
        (number, edge_of_span[span])
        for number, group in enumerate(diversity.network.risk_groups)
        for span in group.spans
        if span in edge_of_span
    ]


def _edges_of_ends(diversity: PlantDiversity) -> Iterator[tuple[int, int]]:
    """Give what is at risk together with a centre to the edges that lead to it, as (group, edge).

    The searches take the centres for one end, which is no part of a route. But a route that comes
    to one of several ends there, and is lost with it while another centre may stand.
    """
    edges = edges_to_centres(diversity)
    for number, group in enumerate(diversity.network.risk_groups):
        for node in group.nodes:
            yield from ((number, edge) for edge in edges.get(node, ()))


def _columns(pairs: list[tuple[int, int]]) -> tuple[Rows, Rows]:
    columns = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return columns[:, 0], columns[:, 1]


def _rows(
    diversity: PlantDiversity, risks: RiskIndex, sources: Rows, deadline: float,
    weights: SharingWeights,
) -> Iterator[PlantRiskRow]:  # fmt: skip
    graph = diversity.graph
    found = search_all(
        graph.arrays,
        diversity.centres,
        risks,
        sources,
        weights=weights,
        seconds=_seconds_left(deadline),
    )
    sure = _search_sure(diversity, sources, found, deadline)
    for number, source in enumerate(sources.tolist()):
        verdict = found.verdict(number)
        unavoidable = set(found.unavoidable_risks[number].tolist())
        shared = unavoidable | set(found.shared_risks[number].tolist())
        routes = found.routes[2 * number], found.routes[2 * number + 1]
        is_open = number in sure
        if is_open and verdict == "pair":
            pair = sure[number]
            verdict, is_open = ("unproven", True) if pair is None else ("pair", False)
            routes = routes if pair is None else pair
        # Unknown lengths are lower bounds in the search: a pair without them is the shortest.
        pair_m = float(graph.length_m[np.concatenate(routes)].sum())
        is_known = verdict == "pair" and math.isfinite(pair_m)
        yield PlantRiskRow(
            node_id=str(diversity.network.nodes.ids[source]),
            risk_verdict=verdict,
            risk_pair_m=pair_m if is_known else None,
            unavoidable_risks=(
                None if is_open and not unavoidable else _names(diversity, risks, unavoidable)
            ),
            least_shared_risks=(
                _names(diversity, risks, shared) if found.is_least[number] and not is_open else None
            ),
        )


def _search_sure(
    diversity: PlantDiversity, sources: Rows, found: BatchResult, deadline: float
) -> dict[int, tuple[Ints, Ints] | None]:
    """Look again where members that are not known leave open what the two routes share.

    Returns the routes of the shortest pair that shares nothing whatever these members are, None
    where there is none, or none was found in time, and where the known ones leave no pair.
    """
    doubt = find_plant_doubt(diversity)
    met = [
        number
        for number, source in enumerate(sources.tolist())
        if doubt.concerns(source, (found.routes[2 * number], found.routes[2 * number + 1]))
    ]
    sure: dict[int, tuple[Ints, Ints] | None] = dict.fromkeys(met)
    again = [number for number in met if found.verdict(number) == "pair"]
    if not again or doubt.is_everywhere:
        return sure
    risks = build_plant_risks(diversity, doubt.open_ends.tolist())
    clear = search_all(
        doubt.clear_of(), diversity.centres, risks, sources[again], seconds=_seconds_left(deadline)
    )
    for place, number in enumerate(again):
        if clear.verdict(place) == "pair":
            sure[number] = clear.routes[2 * place], clear.routes[2 * place + 1]
    return sure


def _weights(
    diversity: PlantDiversity, risks: RiskIndex, objective: Objective, rates: Rates | None
) -> SharingWeights:
    """Say what it costs that both routes use something.

    In metres a risk costs what its spans measure (one metre at least: it never is for nothing),
    and a span that belongs to no risk its own length.
    """
    graph = diversity.graph.arrays
    if objective == "risks":
        return default_weights(graph, risks)
    if objective == "outage":
        return _outage_weights(diversity, risks, load_rates() if rates is None else rates)
    owners, edges = _columns(_member_edges(diversity))
    owners, edges = np.unique(np.stack([risks.class_of[owners], edges]), axis=1)
    class_m = np.bincount(owners, graph.length_m[edges], minlength=risks.n_classes)
    is_alone = np.ones(graph.n_edges, dtype=bool)
    is_alone[edges] = False
    return SharingWeights(
        np.maximum(class_m, 1.0),
        np.where(is_alone, graph.length_m, 0.0),
        np.zeros(graph.n_nodes),
    )


def _outage_weights(diversity: PlantDiversity, risks: RiskIndex, rates: Rates) -> SharingWeights:
    """Weigh expected minutes a year: rates of access plant, the longest repair time of any tier.

    A trench costs what its longest span does, and its spans nothing besides; a recorded group what
    groups of its kind do. Spans and nodes that a group may take along fail by themselves, too.
    """
    graph, network = diversity.graph.arrays, diversity.network
    minutes = rates.repair_hours("", "access") * MINUTES_PER_HOUR
    by_medium = rates.access_per_km_year
    of_edge = np.zeros(graph.n_edges)
    for edge, spans in enumerate(diversity.graph.span_rows):
        media = [str(network.spans.media[span]) for span in spans]
        per_km = max(by_medium.get(medium, by_medium["unknown"]) for medium in media)
        of_edge[edge] = per_km * float(graph.length_m[edge]) / M_PER_KM * minutes
    cost = np.zeros(risks.n_classes)
    in_trench = np.zeros(graph.n_edges, dtype=bool)
    for number, group in enumerate(network.risk_groups):
        risk_class = int(risks.class_of[number])
        if risk_class < 0:
            continue
        edges = risks.edges[risk_class]
        if group.kind == "trench":
            in_trench[edges] = True
            cost[risk_class] += float(of_edge[edges].max(initial=0.0))
        else:
            cost[risk_class] += rates.risk_rate(group.kind, group.id) * minutes
    is_office = network.nodes.tables == "offices"
    per_year = np.where(is_office, rates.per_year["building"], rates.per_year["structure"])
    return SharingWeights(
        np.maximum(cost, _LEAST_MINUTES),
        np.maximum(np.where(in_trench, 0.0, of_edge), _LEAST_MINUTES),
        np.maximum(per_year * minutes, _LEAST_MINUTES),
    )


def _seconds_left(deadline: float) -> float:
    """Seconds for a search; 0 means no limit, so that no time left is a very short one."""
    return max(deadline - search_clock(), _NO_TIME) if math.isfinite(deadline) else 0.0


def _names(diversity: PlantDiversity, risks: RiskIndex, classes: set[int]) -> tuple[str, ...]:
    """Ids of all risks of some classes, sorted."""
    groups = diversity.network.risk_groups
    return tuple(sorted(groups[risk].id for c in classes for risk in risks.risks[c].tolist()))
