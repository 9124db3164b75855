"""From the plant and the candidate builds to the problem in numbers.

Edges are the spans of the search layer, then the builds. Existing plant is free, or, where it is to
be priced, an option at the price of a new cable wherever no cable in it has spare cores. What a
site's own circuits run in is free to that site. Risks are numbered: each node, then the classes of
the layer (trenches, risk groups, suspicions), then each edge with the builds that may lie in its
trench.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import Csr, csr_of_lists, csr_of_pairs, gather
from netgraph.topology.places import OFFICE
from netgraph.upgrades.protection.doubles import find_doubles, with_doubles
from netgraph.upgrades.protection.duties import useful_options
from netgraph.upgrades.protection.model import ProtectionModel
from netgraph.upgrades.protection.problem import ProtectionProblem
from netgraph.upgrades.protection.surviving import with_risks

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.run import Audit
    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.builds import Builds
    from netgraph.upgrades.protection.prices import PlantPrices


def build_model(
    audit: Audit, layer: SearchLayer, builds: Builds, sites: Collection[int],
    prices: PlantPrices | None, *, risks: Csr | None = None,
) -> ProtectionModel:  # fmt: skip
    """Build the problem of some sites.

    Parameters
    ----------
    layer
        The layer "spans".
    sites
        Places; a site whose circuits have several centres makes several demands.
    prices
        If given, existing plant without spare cores costs a new cable.
    risks
        Demand to the risks that it should survive, where an earlier problem with fewer builds has
        told them.

    Returns
    -------
    ProtectionModel
        With the builds that can change anything. O(plant) and O(elements of one route a demand).
    """
    whole = _drafted(audit, layer, builds, sites, prices)
    if risks is None:
        whole = with_risks(whole)
    else:
        whole = replace(whole, problem=replace(whole.problem, risks=risks))
    useful = useful_options(whole.problem)[whole.n_spans :]
    return _with_builds(whole, useful)


def _drafted(
    audit: Audit, layer: SearchLayer, builds: Builds, sites: Collection[int],
    prices: PlantPrices | None,
) -> ProtectionModel:  # fmt: skip
    """Lay out edges and demands; no risks to survive yet, and no doubles."""
    own_spans, demands = _own_spans(audit, sites), _demands(audit, sites)
    n_spans, node = layer.graph.n_edges, layer.node_of_place
    cost = _cable_cost(audit, layer, prices)
    free = cost == 0
    edge_of_span = _edge_of_span(audit, layer)
    places = [place for place, _ in demands]
    yuan = np.where(np.isnan(builds.cost_yuan), np.inf, builds.cost_yuan)
    n_edges = n_spans + len(builds)
    risk_edges, risk_nodes = _risks(layer, n_edges)
    problem = ProtectionProblem(
        n_nodes=layer.graph.n_nodes,
        u=np.concatenate([layer.graph.edge_u, node[builds.a]]).astype(np.int64),
        v=np.concatenate([layer.graph.edge_v, node[builds.b]]).astype(np.int64),
        cost_yuan=np.concatenate([cost, yuan]),
        is_free=np.concatenate([free, np.zeros(len(builds), dtype=bool)]),
        is_transit=layer.graph.is_transit,
        risk_edges=risk_edges,
        risk_nodes=risk_nodes,
        source=node[places].astype(np.int64),
        sinks=csr_of_lists([np.unique(node[list(ends)]) for _, ends in demands]),
        own=csr_of_lists([_paid(edge_of_span[own_spans[place]], free) for place in places]),
        risks=csr_of_lists([[]] * len(demands)),
    )
    b_ends = tuple(ends for _, ends in demands)
    nothing = np.empty(0, dtype=np.int64)
    return ProtectionModel(
        audit, layer, builds, problem, np.array(places, dtype=np.int64), b_ends, n_spans,
        (nothing, nothing), cost, unpriced=builds.unpriced,
    )  # fmt: skip


def _with_builds(model: ProtectionModel, keep: NDArray[np.bool_]) -> ProtectionModel:
    """Keep some of the builds, and let their doubles fail with them."""
    problem, layer = model.problem, model.layer
    builds = model.builds.take(keep)
    edges = np.append(np.ones(model.n_spans, dtype=bool), keep)
    doubles = _edge_doubles(model, builds)
    risk_edges, risk_nodes = _risks(layer, int(edges.sum()))
    problem = replace(
        problem,
        u=problem.u[edges],
        v=problem.v[edges],
        cost_yuan=problem.cost_yuan[edges],
        is_free=problem.is_free[edges],
        risk_edges=with_doubles(risk_edges, *doubles),
        risk_nodes=risk_nodes,
    )
    return replace(model, builds=builds, problem=problem, doubles=doubles)


def _edge_of_span(audit: Audit, layer: SearchLayer) -> Ints:
    edge_of_span = np.full(len(audit.network.spans), -1, dtype=np.int64)
    edge_of_span[layer.item] = np.arange(layer.graph.n_edges)
    return edge_of_span


def _paid(edges: Ints, free: NDArray[np.bool_]) -> Ints:
    """Keep the edges of the layer that are not free to everybody anyway."""
    edges = np.unique(edges[edges >= 0])
    return edges[~free[edges]]


def _own_spans(audit: Audit, sites: Collection[int]) -> dict[int, Ints]:
    """Spans that the circuits of each site run in today."""
    network = audit.network
    circuits, links = network.circuits, network.links
    by_site: dict[int, list[int]] = {place: [] for place in sites}
    for circuit in np.flatnonzero(np.isin(circuits.a, list(sites))).tolist():
        by_site[int(circuits.a[circuit])].append(circuit)
    result = {}
    for place, mine in by_site.items():
        routes = [circuits.routes_of(c) for c in mine] or [np.empty(0, dtype=np.int64)]
        used, _ = gather(circuits.routes.links, np.concatenate(routes))
        legs, _ = gather(links.legs, np.unique(used))
        cables, _ = gather(links.leg_cables, legs)
        result[place] = np.unique(gather(network.cables.spans, np.unique(cables))[0])
    return result


def _demands(audit: Audit, sites: Collection[int]) -> list[tuple[int, tuple[int, ...]]]:
    """(site, its B ends), each once, in order."""
    circuits, wanted = audit.network.circuits, set(sites)
    found: dict[tuple[int, tuple[int, ...]], None] = {}
    for a, b, b2 in zip(
        circuits.a.tolist(), circuits.b.tolist(), circuits.b2.tolist(), strict=True
    ):
        ends = tuple(sorted({b, b2} - {-1}))
        if a in wanted and ends:
            found[a, ends] = None
    return sorted(found)


def _cable_cost(
    audit: Audit, layer: SearchLayer, prices: PlantPrices | None
) -> NDArray[np.float64]:
    """Price of a new cable in each edge of the layer; 0 beside spare cores or a link of offices."""
    network, cables = audit.network, audit.network.cables
    if prices is None:
        return np.where(layer.is_usable, 0.0, np.inf)
    admitted = audit.rules.admit_foreign | ~cables.is_foreign
    has_room = cables.is_in_service & admitted & (cables.spare_cores >= audit.rules.spare_cores)
    is_free = np.zeros(len(network.spans), dtype=bool)
    # Between offices a route runs on the links of today: nothing is laid for it there.
    links, kind = network.links, network.places.kind
    at_office = (links.a_place >= 0) & (links.b_place >= 0)
    at_office &= (kind[links.a_place] == OFFICE) & (kind[links.b_place] == OFFICE)
    carrying = at_office & links.is_in_service & ~links.is_foreign & ~links.is_wireless
    legs, _ = gather(links.legs, np.flatnonzero(carrying))
    has_room[gather(links.leg_cables, legs)[0]] = True
    is_free[gather(cables.spans, np.flatnonzero(has_room))[0]] = True
    spans, item = network.spans, layer.item
    pairs = zip(spans.medium[item], spans.length_m[item], strict=True)
    cost = np.array([prices.cable_yuan(medium, metres) for medium, metres in pairs], dtype=float)
    cost = np.where(
        layer.is_usable, np.nan_to_num(cost), np.inf
    )  # what has no length costs nothing
    cost[is_free[item] & layer.is_admitted] = 0.0
    return cost


def _edge_doubles(model: ProtectionModel, builds: Builds) -> tuple[Ints, Ints]:
    build, other = find_doubles(model.audit, builds)
    edge_of_span = _edge_of_span(model.audit, model.layer)
    edge = np.concatenate([edge_of_span, model.n_spans + np.arange(len(builds))])[other]
    return model.n_spans + build[edge >= 0], edge[edge >= 0]


def _risks(layer: SearchLayer, n_edges: int) -> tuple[Csr, Csr]:
    """Risk to edges and to nodes: each node, each class, each edge."""
    n_nodes, classes = layer.graph.n_nodes, layer.risks
    n_fixed = n_nodes + classes.n_classes
    numbers = n_nodes + np.arange(classes.n_classes)
    edges = csr_of_pairs(
        np.append(np.repeat(numbers, np.diff(classes.edges.indptr)), n_fixed + np.arange(n_edges)),
        np.append(classes.edges.values.astype(np.int64), np.arange(n_edges)),
        n_fixed + n_edges,
    )
    nodes = csr_of_pairs(
        np.append(np.arange(n_nodes), np.repeat(numbers, np.diff(classes.nodes.indptr))),
        np.append(np.arange(n_nodes), classes.nodes.values.astype(np.int64)),
        n_fixed + n_edges,
    )
    return edges, nodes
