"""Demands of several B ends, part by part: both routes to one end, or each to another.

One pass to all ends at once is exact where nothing that is shared hangs on which end a route takes.
Where something does (a risk group that an end belongs to counts for routes to two ends, not for
two routes to that one; only one route may take an end), every way to choose is asked for itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.apart import are_passable, part_ends
from netgraph.diversity.achievable.best_pairs import find_best_pairs
from netgraph.diversity.achievable.demand_net import Ask
from netgraph.diversity.achievable.end_judge import with_ends
from netgraph.diversity.search.graph import route_nodes
from netgraph.diversity.search.single_points import find_single_points

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.best_pair import BestPair
    from netgraph.diversity.achievable.demands import Demand
    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.achievable.pair_columns import PairColumns, Pairs

    _Numbers = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Part:
    """One way to choose the ends for some sites (places) of a demand, and their best pairs."""

    search: LayerSearch
    b_ends: tuple[int, ...]
    sites: tuple[int, ...]
    pairs: Pairs

    @property
    def open_sites(self) -> tuple[int, ...]:
        """Sites of which something is left to be searched."""
        return tuple(self.sites[row] for row in sorted(self.pairs.columns.opened))


def find_all_parts(
    search: LayerSearch, demands: Sequence[Demand], tell: Callable[[int], None] | None = None
) -> list[list[Part]]:
    """Find the parts of some demands: see :func:`find_parts`.

    Those that want one centre are looked for together.

    Parameters
    ----------
    tell
        Called from time to time with how many more sites are settled.
    """
    plain = [k for k, demand in enumerate(demands) if _is_plain(search, demand)]
    asked = [Ask(demands[k].b_ends, demands[k].sites) for k in plain]
    found = dict(zip(plain, find_best_pairs(search, asked, tell), strict=True))
    parts = []
    for k, demand in enumerate(demands):
        if k in found:
            parts.append([Part(search, demand.b_ends, demand.sites, found[k])])
            continue
        parts.append(find_parts(search, demand))
        if tell is not None:
            n_open = len({site for part in parts[-1] for site in part.open_sites})
            tell(len(demand.sites) - n_open)
    return parts


def _is_plain(search: LayerSearch, demand: Demand) -> bool:
    """Whether both routes end at the same node whatever they do."""
    nodes = search.layer.node_of_place[list(demand.b_ends)].tolist()
    return not demand.parted and len(set(nodes)) == 1


def find_parts(search: LayerSearch, demand: Demand) -> list[Part]:
    """Find the best pairs of every part of a demand, as far as that takes no search."""
    nodes: dict[int, list[int]] = {}
    for place in demand.b_ends:
        nodes.setdefault(int(search.layer.node_of_place[place]), []).append(place)
    if demand.parted:
        return _each(search, demand, nodes, demand.sites)
    at = search.nodes(demand.b_ends)
    if len(nodes) < 2 or not search.risks.node_classes.sizes[at].any():
        return [_ask(search, demand.b_ends, demand.sites, is_apart=False)]
    judge = with_ends(search.judge, search.audit, search.layer, demand.b_ends)
    whole = _ask(replace(search, judge=judge), demand.b_ends, demand.sites, is_apart=False)
    # Two routes that share nothing whatever ends they take are the best of all parts.
    is_settled = _share_nothing(whole.pairs.columns)
    done, left = (np.flatnonzero(is_part).tolist() for is_part in (is_settled, ~is_settled))
    known = replace(whole, sites=tuple(demand.sites[k] for k in done), pairs=whole.pairs.keep(done))
    rest = _each(search, demand, nodes, tuple(demand.sites[k] for k in left)) if left else []
    return [known, *rest]


def _each(
    search: LayerSearch, demand: Demand, nodes: dict[int, list[int]], sites: tuple[int, ...]
) -> list[Part]:
    """Ask for both routes to each end that both may take, and for routes to two different ends."""
    parts = [
        _ask(search, tuple(places), sites, is_apart=False)
        for places in nodes.values()
        if not set(places) <= set(demand.parted)
    ]
    if are_passable(search, demand.b_ends):
        return [*parts, _ask(search, demand.b_ends, sites, is_apart=True)]
    twos = [tuple(sorted((*a, *b))) for a, b in combinations(nodes.values(), 2)]
    return [*parts, *(_ask(search, two, sites, is_apart=True) for two in twos)]


def _ask(
    search: LayerSearch, b_ends: tuple[int, ...], sites: tuple[int, ...], *, is_apart: bool
) -> Part:
    if is_apart:
        search = part_ends(search, b_ends)
    (pairs,) = find_best_pairs(search, [Ask(b_ends, sites)])
    return Part(search, b_ends, sites, pairs)


def _share_nothing(pairs: PairColumns) -> NDArray[np.bool_]:
    n_common = pairs.judged.shared.sizes + pairs.judged.tolerated.sizes
    return pairs.is_connected & pairs.is_proven & (n_common == 0)


def could_connect(part: Part, place: int) -> bool:
    """Whether plant with missing records could give a site, which has none, a pair of a part."""
    search = part.search
    if not search.has_doubtful:
        return False
    n_parted, graph = search.n_parted, search.complete
    sinks = [graph.n_nodes - 1] if n_parted else np.unique(search.nodes(part.b_ends))
    points, node = find_single_points(graph, sinks), int(search.nodes([place])[0])
    if not points.is_connected[node]:
        return False
    is_behind = np.isin(points.cutting_nodes(node), search.premises).any()
    return not (is_behind or (points.cutting_edges(node) >= graph.n_edges - n_parted).any())


def cost_of(search: LayerSearch, place: int, pair: BestPair) -> tuple[float, float, float]:
    """Weigh what all routes share that counts, and what is forgiven; and the metres of them."""
    judged = pair.judgement
    if judged is None:
        return math.inf, math.inf, math.inf
    layer, costs = search.layer, search.costs
    source = int(layer.node_of_place[place])
    ways = [_items(search, source, way) for way in pair.routes]
    counted = forgiven = 0.0
    for kind, number in sorted(set.intersection(*ways)):
        if kind == "edge":
            weight, elements = costs.edge[number], {_element_of(search, number)}
        elif kind == "node":
            weight, elements = costs.node[number], set(layer.node_elements.row(number).tolist())
        else:
            weight = costs.sharing.risk_class[number]
            elements = set(layer.risk_element[layer.risks.risks[number]].tolist())
        if not elements.isdisjoint(judged.shared):
            counted += float(weight)
        elif not elements.isdisjoint(judged.tolerated):
            forgiven += float(weight)
    metres = float(layer.graph.length_m[np.concatenate(pair.routes)].sum())
    return round(counted, 9), round(forgiven, 9), metres


def _items(search: LayerSearch, source: int, way: _Numbers) -> set[tuple[str, int]]:
    layer = search.layer
    found = {("edge", int(edge)) for edge in way}
    found |= {("risk", int(c)) for edge in way for c in layer.risks.edge_classes[int(edge)]}
    for node in route_nodes(layer.graph, source, way)[1:].tolist():
        found.add(("node", node))
        found |= {("risk", int(c)) for c in layer.risks.node_classes[node]}
    return found


def _element_of(search: LayerSearch, edge: int) -> int:
    first = search.audit.network.elements.offset[search.layer.name]
    return first + int(search.layer.item[edge])


def is_cut_off(
    layer: SearchLayer, is_open: NDArray[np.bool_], place: int, demand: Demand, element: int
) -> bool:
    """Whether a site reaches none of a demand's ends without an element or risk group.

    Breadth first over the open edges. The site's own end never fails, nor one that both routes may
    take.
    """
    graph, node = layer.graph, layer.node_of_place
    start, goals = int(node[place]), set(node[list(demand.b_ends)].tolist())
    lasting = {start} | {int(node[e]) for e in demand.b_ends if e not in demand.parted}
    is_open = is_open.copy()
    is_open[layer.elements.owners[layer.elements.indices == element]] = False
    lost = set(layer.node_elements.owners[layer.node_elements.indices == element].tolist())
    lost -= lasting
    queue, seen = [start], {start}
    for here in queue:
        if here in goals:
            return False
        if here != start and not graph.is_transit[here]:
            continue
        for k in range(int(graph.indptr[here]), int(graph.indptr[here + 1])):
            other = int(graph.neighbour[k])
            if is_open[graph.edge[k]] and other not in seen and other not in lost:
                seen.add(other)
                queue.append(other)
    return True
