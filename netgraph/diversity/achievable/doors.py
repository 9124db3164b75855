"""Buildings with several doors: what stands in one is passed only by those who come to it.

To the searches a building is one point, whatever stands in it. Of two ways into it one may touch
an office that the other does not, with the risk groups of that office. Where both routes of a best
pair touch such an element, pairs that keep off it are looked for; the one that shares least is
told, of those the shortest, of those the one of the better level, so that no verdict hangs on ids.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.answers import Answering, answer_all
from netgraph.diversity.achievable.best_pair import BestPair
from netgraph.diversity.achievable.demands import Demand, JointDemand, find_joint_demands
from netgraph.diversity.achievable.joint import search_group
from netgraph.diversity.achievable.judgement import PairJudgement
from netgraph.diversity.achievable.layer_answers import UNPROVEN
from netgraph.diversity.achievable.layer_search import own_edges
from netgraph.diversity.achievable.layers import build_layer
from netgraph.diversity.achievable.less_sharing import Urgency, search_less_sharing, tasks_of
from netgraph.diversity.achievable.parts import cost_of, find_parts, is_cut_off
from netgraph.diversity.levels import RANK, Level
from netgraph.diversity.search.limits import Limits
from netgraph.topology.csr import gather

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netgraph.diversity.achievable.layer_answers import LayerAnswer, LayerAnswers
    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.basis import AuditBasis
    from netgraph.topology.csr import Csr, Ints

    _Pair = tuple[LayerSearch, int, LayerAnswer]  # what it is searched on, and its site


def prefer_other_doors(
    audit: AuditBasis, layer: SearchLayer, answers: LayerAnswers,
    prepare: Callable[[SearchLayer], LayerSearch], deadline: float,
) -> None:  # fmt: skip
    """Put pairs that keep off what stands behind another door in the place of those that do not.

    They are searched for on the layer with what stands in such buildings apart: exact as far as
    `deadline` allows, else the pair known before stays. `disjoint_otherwise` then says of each
    element by itself whether the pair could do without.

    Parameters
    ----------
    answers
        Nothing is done where none shares such an element.
    prepare
        Makes a layer ready to be searched; once for each set of ends concerned.
    """
    node = layer.node_of_place
    several = np.flatnonzero(np.bincount(node, minlength=layer.graph.n_nodes)[node] > 1)
    concerned = answers.that_share(_with_groups(audit, several))
    behind = _behind_doors(audit, layer, several) if concerned else several
    elements = _with_groups(audit, behind)
    split: dict[frozenset[int], LayerSearch] = {}
    pairs: list[_Pair] = []
    for site, position, answer in concerned:
        if elements.isdisjoint(answer.shared):
            continue
        asked = Demand(answer.b_ends, answer.parted, (site,))
        ends = {site, *(end for end in asked.b_ends if end not in asked.parted)}
        apart = frozenset(node[behind].tolist()) - set(node[list(ends)].tolist())
        if not apart:
            continue
        if apart not in split:
            split[apart] = prepare(build_layer(audit, layer.name, np.array(sorted(apart))))
        better = _better(split[apart], asked, answer, deadline)
        answers.put(site, position, better)
        if better.is_disjoint_otherwise is False and not better.routes_to:
            pairs.append((split[apart], site, better))
    _search_groups(audit, answers, pairs, deadline)


def _search_groups(
    audit: AuditBasis, answers: LayerAnswers, pairs: Sequence[_Pair], deadline: float
) -> None:
    """Search groups of three or more routes of which two share what is behind one of the doors.

    Where buildings are one point these two share only what no route avoids, and stand for all.
    """
    demands = find_joint_demands(audit, {site for _, site, _ in pairs}) if pairs else []
    for (search, site, pair), demand in product(pairs, demands):
        asked = demand.b_ends, demand.parted, demand.routes_to
        known = [(one.b_ends, one.parted, one.routes_to) for one in answers[site]]
        if (site, *asked[:2]) != (demand.site, pair.b_ends, pair.parted) or asked in known:
            continue
        found = _of_group(search, demand, pair, deadline)
        of_two = (*asked[:2], ())
        if demand.replaces and of_two in known:
            answers.put(site, known.index(of_two), found)
        else:
            answers.insert(site, 0, found)


def _with_groups(audit: AuditBasis, places: Ints) -> set[int]:
    """Elements of some places, and the risk groups of these."""
    elements = audit.network.elements
    found = elements.offset["places"] + places
    groups, _ = gather(audit.risks.of_element, found)
    return {*found.tolist(), *(groups + len(elements)).tolist()}


def _behind_doors(audit: AuditBasis, layer: SearchLayer, several: Ints) -> Ints:
    """Find which of the places that share buildings not every edge to these touches.

    O(elements of all edges).
    """
    places, first = audit.network.places, audit.network.elements.offset["places"]
    node = layer.node_of_place
    at_place = np.zeros(len(audit.network.elements), dtype=bool)
    at_place[first + several] = True
    values, edge = gather(_touched(audit, layer.name), layer.item)
    hit = at_place[values]
    place, edge = values[hit] - first, edge[hit]
    ends = layer.graph.edge_u[edge], layer.graph.edge_v[edge]
    is_incident = (ends[0] == node[place]) | (ends[1] == node[place])
    n_touching = np.bincount(place[is_incident], minlength=len(places))
    both = np.concatenate([layer.graph.edge_u, layer.graph.edge_v])
    n_incident = np.bincount(both, minlength=layer.graph.n_nodes)[node]
    return several[(n_touching < n_incident)[several]]


def _touched(audit: AuditBasis, name: str) -> Csr:
    elements = audit.network.elements
    return elements.of_cable if name == "cables" else elements.of_span


def _better(
    search: LayerSearch, asked: Demand, answer: LayerAnswer, deadline: float
) -> LayerAnswer:
    """Return the best of an answer and of what is found with what stands in buildings apart."""
    site, layer = asked.sites[0], search.layer
    if answer.level != UNPROVEN:
        found = _search(search, asked, answer, deadline)
        is_known = found.is_connected and found.level != UNPROVEN
        if is_known and _key(search, site, found) < _key(search, site, answer):
            return replace(found, routes_to=answer.routes_to)
    is_open = layer.is_usable.copy()
    is_open[own_edges(search.audit, layer).row(site)] = True
    shared = {*answer.shared, *answer.possible}
    could_do_without = any(not is_cut_off(layer, is_open, site, asked, x) for x in shared)
    otherwise = answer.is_disjoint_otherwise
    return replace(answer, is_disjoint_otherwise=False if could_do_without else otherwise)


def _answering(search: LayerSearch) -> Answering:
    return Answering(search.audit, search.layer)


def _of_group(
    search: LayerSearch, demand: JointDemand, pair: LayerAnswer, deadline: float
) -> LayerAnswer:
    """Return the routes of a group, with what stands in buildings apart, or two that do as well."""
    found = search_group(_answering(search), search, demand, pair, deadline)
    is_known = found.is_connected and UNPROVEN not in {found.level, pair.level}
    if is_known and _key(search, demand.site, pair) <= _key(search, demand.site, found):
        found = pair
    return replace(found, routes_to=demand.routes_to)


def _search(
    search: LayerSearch, asked: Demand, answer: LayerAnswer, deadline: float
) -> LayerAnswer:
    """Search as many routes as an answer has."""
    if answer.routes_to:
        group = JointDemand(
            asked.b_ends, asked.parted, asked.sites[0], answer.routes_to, replaces=True
        )
        return search_group(_answering(search), search, group, answer, deadline)
    parts = find_parts(search, asked)
    for urgency in Urgency:
        tasks = [task for part in parts for task in tasks_of(part.search, part.pairs)]
        for task in (task for task in tasks if task.urgency is urgency):
            search_less_sharing(task, Limits(deadline))
    (found,) = answer_all(search.audit, search.layer, [asked], [parts])[asked.sites[0]]
    return found


def _key(search: LayerSearch, site: int, answer: LayerAnswer) -> tuple[float, ...]:
    """Order answers: what they share, what is forgiven, the metres, and the level."""
    edge_of = np.full(int(search.layer.item.max()) + 1, -1, dtype=np.int32)
    edge_of[search.layer.item] = np.arange(len(search.layer.item))
    routes = tuple(edge_of[answer.ways[k]] for k in range(len(answer.ways)))
    judged = PairJudgement(Level.DIVERSE, (*answer.shared, *answer.possible), answer.tolerated)
    pair = BestPair(is_connected=True, routes=routes, judgement=judged)
    counted, forgiven, metres = cost_of(search, site, pair)
    return counted, forgiven, round(metres, 6), -RANK[Level(answer.level)]
