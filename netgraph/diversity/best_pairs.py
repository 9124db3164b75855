"""The best pair of routes for many sites with the same B ends, on one layer.

Best is least shared, then shortest in total. One pass gives every site its shortest pair that is
node-disjoint but for its single points; where that pair also shares no risk group that could be
avoided, nothing better exists. Only the others are searched one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.less_sharing import search_less_sharing
from netgraph.diversity.levels import Level
from netgraph.diversity.pair_judgement import PairJudgement, judge_pair
from netgraph.diversity.search.disjoint_pairs import find_disjoint_pairs
from netgraph.diversity.search.risks import cutting_risks
from netgraph.diversity.search.single_points import find_single_points
from netgraph.topology.csr import gather

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.audit import Audit
    from netgraph.diversity.search.graph import ArrayGraph
    from netgraph.diversity.search_layers import SearchLayer
    from netgraph.diversity.search_proof import SearchProof
    from netgraph.topology.csr import Ints

    _AnyInts = NDArray[np.int32] | NDArray[np.int64]

_NOTHING = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class BestPair:
    """The best pair of one site.

    Attributes
    ----------
    routes
        Edges of the two routes, from the site; empty when not connected.
    judgement
        What the pair shares.
    unavoidable
        One element (audit numbering) for each single point of failure, the nearest to the site
        first, risk groups last; what lies within the tolerance is left out.
    implied
        Every element that goes with a single point.
    is_proven
        No pair shares less.
    is_doubtful
        Plant that a missing record keeps out of the search could give a better pair.
    search
        How the search for it ended, where there was one.
    """

    is_connected: bool
    routes: tuple[Ints, Ints] = (_NOTHING, _NOTHING)
    judgement: PairJudgement | None = None
    unavoidable: tuple[int, ...] = ()
    implied: frozenset[int] = frozenset()
    is_proven: bool = True
    is_doubtful: bool = False
    search: SearchProof | None = None


def find_best_pairs(
    audit: Audit,
    layer: SearchLayer,
    b_ends: tuple[int, ...],
    sites: tuple[int, ...],
    *,
    deadline: float | None = None,
) -> list[BestPair]:
    """Find the best pair of every site.

    Parameters
    ----------
    b_ends, sites
        Places.
    deadline
        When to stop searching (`compiled.search_clock`); None is never.

    Returns
    -------
    list of BestPair
        One a site, in order.
    """
    sources = layer.node_of_place[list(sites)]
    sinks = np.unique(layer.node_of_place[list(b_ends)]) if b_ends else _NOTHING
    own = _own_edges(audit, layer, sites)
    usable = layer.graph.without(edges=np.flatnonzero(~layer.is_usable))
    found = _pass(audit, layer, usable, sinks, sources, deadline)
    wanted = [i for i in range(len(sites)) if len(own[i]) and not _is_diverse(found[i])]
    for row in _not_settled(layer, sinks, sources, found, wanted):
        graph = _with_own(layer, own[row])
        found[row] = _pass(audit, layer, graph, sinks, sources[[row]], deadline)[0]
    return _doubt(layer, sinks, sources, found)


def _is_diverse(pair: BestPair) -> bool:
    return pair.judgement is not None and pair.judgement.level is Level.DIVERSE


def _not_settled(
    layer: SearchLayer, sinks: Ints, sources: Ints, found: list[BestPair], wanted: list[int]
) -> list[int]:
    """Sites that their own cores or bores could help.

    If a site's single points stay the same with every edge of the layer open, its own edges
    change none of them, and a pair that shares nothing else is the best there is.
    """
    if not wanted:
        return []
    points = find_single_points(layer.graph, sinks)
    chains = points.chains(sources[wanted])
    cutting = cutting_risks(layer.graph, sinks, layer.risks, sources[wanted])
    rest = []
    for k, row in enumerate(wanted):
        _, implied = _single_points(layer, chains[k], cutting[k], layer.graph.n_nodes)
        pair = found[row]
        if not (pair.is_connected and pair.is_proven and pair.implied == implied):
            rest.append(row)
    return rest


def _own_edges(audit: Audit, layer: SearchLayer, sites: tuple[int, ...]) -> list[Ints]:
    """Edges that only the site's own circuits may use: their cores and bores are its own."""
    network = audit.network
    closed = ~layer.is_usable & layer.is_admitted
    if layer.name == "cables":
        closed &= network.cables.is_complete[layer.item]
    shut = np.flatnonzero(closed)
    edge_of_item = dict(zip(layer.item[shut].tolist(), shut.tolist(), strict=True))
    if not edge_of_item:
        return [_NOTHING] * len(sites)
    circuits, links = network.circuits, network.links
    by_site: dict[int, list[int]] = {}
    for circuit, place in enumerate(circuits.a.tolist()):
        by_site.setdefault(place, []).append(circuit)
    result = []
    for place in sites:
        routes = np.concatenate([circuits.routes_of(c) for c in by_site[place]])
        used, _ = gather(circuits.routes.links, routes)
        legs, _ = gather(links.legs, np.unique(used))
        items, _ = gather(links.leg_cables, legs)
        if layer.name == "spans":
            items, _ = gather(network.cables.spans, np.unique(items))
        edges = sorted({edge_of_item[i] for i in items.tolist() if i in edge_of_item})
        result.append(np.array(edges, dtype=np.int64))
    return result


def _with_own(layer: SearchLayer, own: Ints) -> ArrayGraph:
    closed = ~layer.is_usable
    closed[own] = False
    return layer.graph.without(edges=np.flatnonzero(closed))


def _pass(
    audit: Audit, layer: SearchLayer, graph: ArrayGraph, sinks: Ints, sources: Ints,
    deadline: float | None,
) -> list[BestPair]:  # fmt: skip
    """One pass for all sources with the same graph and sinks."""
    if len(sources) == 0:
        return []
    points = find_single_points(graph, sinks)
    pairs = find_disjoint_pairs(graph, sinks, "node", points=points)
    routes = pairs.find_routes(sources)
    chains = points.chains(sources)
    cutting = cutting_risks(graph, sinks, layer.risks, sources)
    found: list[BestPair] = []
    open_ones: list[int] = []
    for i, source in enumerate(sources.tolist()):
        if not points.is_connected[source] or points.is_sink[source]:
            found.append(_at_the_sink(is_sink=bool(points.is_sink[source])))
            continue
        couple = (routes[2 * i].astype(np.int64), routes[2 * i + 1].astype(np.int64))
        single, implied = _single_points(layer, chains[i], cutting[i], graph.n_nodes)
        judged = judge_pair(audit, layer, source, *couple)
        proven = set(judged.shared) <= implied
        if not proven:
            open_ones.append(i)
        found.append(
            BestPair(
                is_connected=True,
                routes=couple,
                judgement=judged,
                unavoidable=tuple(single),
                implied=frozenset(implied),
                is_proven=proven,
            )
        )
    known = {i: found[i] for i in open_ones}
    better = search_less_sharing(audit, layer, graph, sinks, sources, known, deadline)
    for i, (couple, judged, proven, proof) in better.items():
        pair = replace(found[i], routes=couple, judgement=judged, is_proven=proven)
        found[i] = replace(pair, search=proof)
    return [
        _without_forgiven(audit, pair, layer.home[np.append(sinks, source)])
        for pair, source in zip(found, sources, strict=True)
    ]


def _without_forgiven(audit: Audit, pair: BestPair, own: Ints) -> BestPair:
    """Leave out of the single points what is tolerated, and what stands in one's own ends."""
    if pair.judgement is None:
        return pair
    tolerated, elements = set(pair.judgement.tolerated), audit.network.elements
    indoors = {
        e for e in pair.unavoidable if e < len(elements) and elements.home[e] in own[own >= 0]
    }
    kept = tuple(e for e in pair.unavoidable if e not in tolerated | indoors)
    return replace(pair, unavoidable=kept)


def _at_the_sink(*, is_sink: bool) -> BestPair:
    """Answer without routes: the site is in the centre's building, or not connected."""
    if is_sink:
        return BestPair(is_connected=True, judgement=PairJudgement(Level.DIVERSE, (), ()))
    return BestPair(is_connected=False)


def _single_points(
    layer: SearchLayer, chain: _AnyInts, cutting: _AnyInts, n_nodes: int
) -> tuple[list[int], set[int]]:
    """Elements of the single points: one name each, and everything that goes with them."""
    names: list[int] = []
    implied: set[int] = set()
    for point in chain.tolist():
        row = (
            layer.node_elements.row(point)
            if point < n_nodes
            else layer.elements.row(point - n_nodes)
        )
        names.append(int(row[0]))
        implied.update(row.tolist())
    for risk_class in cutting.tolist():
        elements = layer.risk_element[layer.risks.risks[risk_class]].tolist()
        if not implied & set(elements):
            names.append(int(elements[0]))
        implied.update(elements)
    return names, implied


def _doubt(layer: SearchLayer, sinks: Ints, sources: Ints, found: list[BestPair]) -> list[BestPair]:
    """Mark the sites that plant with missing records could serve better."""
    if not layer.is_doubtful.any():
        return found
    closed = np.flatnonzero(~layer.is_usable & ~layer.is_doubtful)
    graph = layer.graph.without(edges=closed)
    points = find_single_points(graph, sinks)
    cutting = cutting_risks(graph, sinks, layer.risks, sources)
    chains = points.chains(sources)
    result = []
    for i, pair in enumerate(found):
        _, implied = _single_points(layer, chains[i], cutting[i], graph.n_nodes)
        avoidable = not pair.is_connected or not pair.implied <= implied
        faulty = pair.judgement is not None and bool(set(pair.judgement.shared) - implied)
        result.append(replace(pair, is_doubtful=avoidable or faulty))
    return result
