"""Proposals: which builds belong together, the ring that they close, and whom they serve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from netgraph.diversity.hazards import stable_id
from netgraph.topology.places import OFFICE, SITE
from netgraph.upgrades.protection.heuristics import cheapest_way
from netgraph.upgrades.protection.new_parts import new_parts
from netgraph.upgrades.protection.ridden import ridden_routes
from netgraph.upgrades.protection.ring_size import divide_ring
from netgraph.upgrades.routing import RingWork, SiteRoutes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.duty import Duty
    from netgraph.upgrades.protection.layered.refine import Refined
    from netgraph.upgrades.protection.model import ProtectionModel
    from netgraph.upgrades.protection.planned_plant import PlannedPair


@dataclass(frozen=True)
class Proposal:
    """Builds that belong together, proposed once for all the sites that they serve.

    Attributes
    ----------
    id
        Depends on the builds only.
    work
        Spans, routes of the sites, ring and notes: what a work on the line is drawn up from.
    sites
        Ids of the sites that it serves.
    cost_yuan
        New plant with the cable in it, and new cable in existing plant that the plan chose; what
        several proposals need counts with the first of them.
    alone_yuan
        The same with all that its sites need, whoever else needs it.
    new_m
        Metres of new plant by medium.
    ring_size
        Offices and sites on the ring; on the largest of its rings where it was divided.
    is_oversize
        They are more than the rules allow, and the ring cannot be divided.
    needs_survey
        It rests on generated builds.
    """

    id: str
    work: RingWork
    sites: tuple[str, ...]
    cost_yuan: float
    alone_yuan: float
    new_m: Mapping[str, float]
    ring_size: int
    is_oversize: bool
    needs_survey: bool


def make_proposals(
    model: ProtectionModel, duties: Sequence[Duty], chosen: Ints, pairs: Mapping[int, PlannedPair],
    refined: Refined | None = None,
) -> tuple[Proposal, ...]:  # fmt: skip
    """Group the options of a plan by the demands that need them; O(duties) shortest ways.

    Parameters
    ----------
    chosen
        Options of the plan.
    pairs
        Routes by demand.
    refined
        What each demand needs, where it is known; else the duties tell.
    """
    if refined is None:
        groups, yuan = _groups(model, duties, chosen, pairs), model.problem.cost_yuan
    else:
        groups, yuan = _groups_by_need(model, refined), refined.yuan
    proposals, counted = [], np.zeros(len(yuan), dtype=bool)
    for options, demands in groups:
        fresh = [option for option in options if not counted[option]]
        counted[options] = True
        costs = float(yuan[fresh].sum()), float(yuan[options].sum())
        proposals.append(_proposal(model, options, demands, pairs, costs, refined))
    return tuple(sorted(proposals, key=lambda p: p.id))


def _groups_by_need(model: ProtectionModel, refined: Refined) -> list[tuple[list[int], list[int]]]:
    """Demands that need common new plant, each with all that it needs.

    New cable in existing plant may serve several groups: it is laid with the first that is built.
    """
    n = len(model.problem.u)
    ends = [
        (edge, n + demand) for demand, edges in refined.needs.items() for edge in edges.tolist()
        if edge >= model.n_spans
    ]  # fmt: skip
    u, v = np.array(ends, dtype=np.int64).reshape(-1, 2).T
    size = n + len(model.site)
    graph = coo_array((np.ones(len(u), dtype=np.int8), (u, v)), shape=(size, size))
    label = connected_components(graph.tocsr(), directed=False)[1]
    groups: dict[int, tuple[set[int], list[int]]] = {}
    for demand, edges in sorted(refined.needs.items()):
        if len(edges) == 0:
            continue
        options, demands = groups.setdefault(int(label[n + demand]), (set(), []))
        options.update(edges.tolist())
        demands.append(demand)
    return [(sorted(options), demands) for options, demands in groups.values()]


def _groups(
    model: ProtectionModel, duties: Sequence[Duty], chosen: Ints, pairs: Mapping[int, PlannedPair]
) -> list[tuple[list[int], list[int]]]:
    """Options and demands that hang together: each demand with all options that it needs.

    So that a proposal can be built by itself: its options meet the duties of its demands, and the
    routes shown for them run through no other proposal.
    """
    n = len(model.problem.u)
    cost = np.full(n, np.inf)
    cost[chosen] = model.problem.cost_yuan[chosen]
    ends: list[tuple[int, int]] = []
    for duty in duties:
        way = cheapest_way(duty, cost).tolist()
        ends += [(option, n + demand) for option in way for demand in duty.demands]
    served = {demand for duty in duties for demand in duty.demands}
    used = {
        demand: np.intersect1d(np.append(pair.first, pair.second), chosen).tolist()
        for demand, pair in pairs.items()
    }
    ends += [(option, n + demand) for demand in served & set(used) for option in used[demand]]
    # Cable in existing plant that only sites use which need no more than that.
    taken = {option for option, _ in ends}
    ends += [
        (option, n + demand)
        for demand in sorted(set(used) - served)
        for option in used[demand]
        if option not in taken
    ]
    u, v = np.array(ends, dtype=np.int64).reshape(-1, 2).T
    size = n + len(model.site)
    graph = coo_array((np.ones(len(u), dtype=np.int8), (u, v)), shape=(size, size))
    label = connected_components(graph.tocsr(), directed=False)[1]
    groups: dict[int, tuple[list[int], list[int]]] = {}
    for option in chosen.tolist():
        groups.setdefault(int(label[option]), ([], []))[0].append(option)
    for demand in np.unique(v - n).tolist():
        groups[int(label[n + demand])][1].append(demand)
    return list(groups.values())


def _proposal(
    model: ProtectionModel, options: list[int], demands: list[int],
    pairs: Mapping[int, PlannedPair], costs: tuple[float, float], refined: Refined | None,
) -> Proposal:  # fmt: skip
    builds = [option - model.n_spans for option in options if option >= model.n_spans]
    rows = np.array(builds, dtype=np.int64)
    parts = [new_parts(model, build) for build in builds]
    spans = tuple(span for part in parts for span in part.spans)
    ids = model.audit.network.places.ids
    sites = tuple(dict.fromkeys(str(ids[model.site[d]]) for d in demands))
    ends = {int(place) for table in (model.builds.a, model.builds.b) for place in table[rows]}
    ring = _ring(model, demands, pairs, ends)
    divided = divide_ring(ring, model.audit.network.places, model.audit.rules)
    routes = tuple(
        SiteRoutes(str(ids[model.site[d]]), *(_span_ids(model, d, r) for r in (p.first, p.second)))
        for d, p in pairs.items()
        if d in demands and p.status == "pair"
    )
    new_m: dict[str, float] = {}
    for build in builds:
        medium = str(model.builds.medium[build])
        new_m[medium] = new_m.get(medium, 0.0) + float(model.builds.length_m[build])
    work = RingWork(
        spans, routes, tuple(str(ids[place]) for place in ring), divided.notes,
        tuple(part.entrance for part in parts if part.entrance is not None),
        tuple(tuple(str(ids[place]) for place in one) for one in divided.rings),
        tuple(str(model.audit.network.spans.ids[model.layer.item[option]])
              for option in options if option < model.n_spans),
        () if refined is None else ridden_routes(model, refined, demands),
    )  # fmt: skip
    return Proposal(
        id=stable_id("ring", *sorted(span.id for span in spans), *sites),
        work=work,
        sites=sites,
        cost_yuan=costs[0],
        alone_yuan=costs[1],
        new_m=new_m,
        ring_size=divided.largest,
        is_oversize=divided.is_oversize,
        needs_survey=bool(model.builds.is_generated[rows].any()),
    )


def _span_ids(model: ProtectionModel, demand: int, route: Ints) -> tuple[str, ...]:
    """Ids of the spans of a route, in order from the site."""
    spans, problem = model.audit.network.spans, model.problem
    node, found = int(problem.source[demand]), []
    for edge in route.tolist():
        build = edge - model.n_spans
        is_turned = int(problem.u[edge]) != node
        node = int(problem.u[edge] if is_turned else problem.v[edge])
        if build < 0:
            found.append(str(spans.ids[model.layer.item[edge]]))
        else:
            names = [span.id for span in new_parts(model, build).spans]
            found += names[::-1] if is_turned else names
    return tuple(found)


def _ring(
    model: ProtectionModel, demands: list[int], pairs: Mapping[int, PlannedPair], ends: set[int]
) -> list[int]:
    """Offices, sites and ends of builds (places) around the ring.

    The ring runs from the first office on one route over the site to the first office on the
    other; of the other sites those stand on it whose routes meet it at their very next place.
    """
    arcs = {d: _arc(model, d, pairs[d]) for d in demands if d in pairs}
    if not arcs:
        return []
    longest = max(arcs, key=lambda d: (len(arcs[d]), -d))
    ring = list(arcs[longest])
    kind = model.audit.network.places.kind
    for demand, arc in arcs.items():
        if int(model.site[demand]) in ring:
            continue
        here = arc.index(int(model.site[demand]))
        beside = [place for place in arc[max(here - 1, 0) : here + 2] if place in ring]
        if beside:
            ring.insert(ring.index(beside[0]) + 1, int(model.site[demand]))
    return [place for place in ring if kind[place] in {OFFICE, SITE} or place in ends]


def _arc(model: ProtectionModel, demand: int, pair: PlannedPair) -> list[int]:
    """Places from the first office on the first route over the site to that on the second."""
    offices = _offices(model)
    first, second = (
        _to_office(model, demand, route, offices) for route in (pair.first, pair.second)
    )
    return [*reversed(first), int(model.site[demand]), *second]


def _offices(model: ProtectionModel) -> dict[int, int]:
    """Node to the first office in it."""
    places, node = model.audit.network.places, model.layer.node_of_place
    offices = np.flatnonzero(places.kind == OFFICE)[::-1].tolist()
    return {int(node[office]): office for office in offices}


def _to_office(
    model: ProtectionModel, demand: int, route: Ints, offices: dict[int, int]
) -> list[int]:
    """Places of a route from the site to the first office, or to its end."""
    network, problem = model.audit.network, model.problem
    node, places = int(problem.source[demand]), []
    for edge in route.tolist():
        is_build = edge >= model.n_spans
        number = edge - model.n_spans if is_build else int(model.layer.item[edge])
        table = model.builds if is_build else network.spans
        a, b = int(table.a[number]), int(table.b[number])
        place = b if int(model.layer.node_of_place[a]) == node else a
        node = int(model.layer.node_of_place[place])
        places.append(offices.get(node, place))
        if node in offices:
            break
    return places
