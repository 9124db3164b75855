"""What a sheet says of today's better ways: the best pairs on cables and on spans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.tracing.lanes import named_place
from netgraph.assessment.tracing.meeting import in_order
from netgraph.diversity.levels import Level, worst
from netgraph.diversity.search.graph import route_nodes
from netgraph.report.trace.sheet import (
    Alternative,
    AskedBy,
    BestRoute,
    Named,
    OtherAnswer,
    Unavoidable,
)
from netgraph.topology.csr import gather
from netgraph.topology.elements import KIND_NAMES
from netgraph.topology.places import STRUCTURE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netgraph.assessment.tracing.asked import Question
    from netgraph.assessment.tracing.case import Case
    from netgraph.diversity.achievable.find import LayerAnswer
    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.run import Audit
    from netgraph.topology.csr import Ints

_MOST_POINTS = 6


def alternatives(case: Case) -> tuple[Alternative, ...]:
    """Give the best pair on cables and on spans that is shown; none where nothing was searched."""
    used = _used_today(case) if case.shown else {}
    return tuple(
        _alternative(case, case.achievable.layers[name], question, used[name])
        for name, question in case.shown.items()
    )


def _is_to_be_told(case: Case, asked_by: tuple[AskedBy, ...]) -> bool:
    """Whether it does not go without saying who asks."""
    if case.subject.table == "sites":
        return len(case.questions) > 1
    return any(asker.group for asker in asked_by)


def other_answers(case: Case) -> tuple[OtherAnswer, ...]:
    """Tell in short what else the circuits of a site ask for, where that is not what is shown."""
    shown = [question.asked for question in case.shown.values()]
    return tuple(
        OtherAnswer(
            ends=_ends(case, question),
            asked_by=_asked_by(case, question),
            on_cables=question.answers["cables"].level,
            on_spans=question.answers["spans"].level,
        )
        for question in case.questions
        if any(question.asked != asked for asked in shown)
    )


def _ends(case: Case, question: Question) -> tuple[Named, ...]:
    return tuple(named_place(case.network.places, place) for place in question.asked[0])


def _asked_by(case: Case, question: Question) -> tuple[AskedBy, ...]:
    ids, names = case.network.circuits.ids, case.audit.units.names
    return tuple(
        AskedBy(
            str(names[asker.unit]) if len(asker.circuits) > 1 else "",
            tuple(str(ids[circuit]) for circuit in asker.circuits),
        )
        for asker in question.askers
    )


def _used_today(case: Case) -> dict[str, frozenset[int]]:
    """Cables and spans of the recorded routes of the site's circuits."""
    network = case.network
    own = np.flatnonzero(network.circuits.a == case.place)
    routes = np.concatenate([network.circuits.routes_of(int(c)) for c in own])
    links, _ = gather(network.circuits.routes.links, routes)
    todo, done = set(links.tolist()), set()
    while todo:
        done |= todo
        todo = {int(c) for link in todo for c in network.links.carriers.row(link)} - done
    legs, _ = gather(network.links.legs, np.array(sorted(done), dtype=np.int64))
    cables, _ = gather(network.links.leg_cables, legs)
    spans, _ = gather(network.cables.spans, np.unique(cables))
    return {"cables": frozenset(cables.tolist()), "spans": frozenset(spans.tolist())}


def _alternative(
    case: Case, layer: SearchLayer, question: Question, used: frozenset[int]
) -> Alternative:
    audit, answer = case.audit, question.answers[layer.name]
    asked_by = _asked_by(case, question)
    today = worst(audit.verdicts[asker.unit].level for asker in question.askers)
    edge_of = dict(zip(layer.item.tolist(), range(len(layer.item)), strict=True))
    ways = [np.array([edge_of[i] for i in way], dtype=np.int64) for way in answer.routes]
    source = int(layer.node_of_place[case.place])
    return Alternative(
        layer=layer.name,
        ends=_ends(case, question),
        asked_by=asked_by if _is_to_be_told(case, asked_by) else (),
        today=(today or Level.UNDECIDABLE).value,
        level=answer.level,
        is_connected=answer.is_connected,
        is_shortest=answer.is_shortest,
        disjoint_otherwise=answer.is_disjoint_otherwise,
        routes=tuple(_best_route(audit, layer, source, way, used) for way in ways if len(way)),
        shared=tuple(named_element(audit, e) for e in _without_houses(audit, answer.shared)),
        shared_m=_shared_m(audit, layer, ways[0], answer.shared),
        unavoidable=_unavoidable(audit, layer, source, ways[0], answer),
    )


def _unavoidable(
    audit: Audit, layer: SearchLayer, source: int, way: Ints, answer: LayerAnswer
) -> tuple[Unavoidable, ...]:
    """Name what cannot be avoided: of what always goes together the answer names only one.

    Where what is shared cannot be avoided, all of it belongs here, too.
    """
    found = dict.fromkeys(answer.unavoidable)
    if answer.is_disjoint_otherwise:
        found |= dict.fromkeys(answer.shared)
    elements, network = audit.network.elements, audit.network
    cables = [elements.position("cables", element) for element in found]
    within = {
        element: str(network.cables.ids[cable])
        for cable in cables
        if 0 <= cable < len(network.cables)
        for element in elements.of_cable.row(cable).tolist()
        if element not in answer.unavoidable
    }
    listed = _without_houses(audit, found)
    return tuple(
        Unavoidable(named_element(audit, element), at_m, within.get(element, ""))
        for element, at_m in in_order(audit, layer, source, way, listed)
    )


def _without_houses(audit: Audit, shared: Iterable[int]) -> list[int]:
    """Leave out the buildings of places that are listed themselves."""
    elements, places = audit.network.elements, audit.network.places
    first = elements.offset["places"]
    listed = list(shared)
    named = [e - first for e in listed if first <= e < first + len(places)]
    known = [int(places.building[p]) for p in named if places.building[p] >= 0]
    houses = {building + elements.offset["buildings"] for building in known}
    return [e for e in listed if e not in houses]


def _shared_m(audit: Audit, layer: SearchLayer, way: Ints, shared: Iterable[int]) -> float:
    """Metres of the spans of a route that are among the shared elements, or their trench is."""
    network, items = audit.network, layer.item[way]
    spans = items if layer.name == "spans" else gather(network.cables.spans, items)[0]
    offset, trench = network.elements.offset, network.spans.trench[spans]
    hit = np.isin(spans + offset["spans"], list(shared))
    hit |= (trench >= 0) & np.isin(trench + offset["trenches"], list(shared))
    return float(np.nansum(network.spans.length_m[np.unique(spans[hit])]))


def _best_route(
    audit: Audit, layer: SearchLayer, source: int, way: Ints, used: frozenset[int]
) -> BestRoute:
    network = audit.network
    ids = network.cables.ids if layer.name == "cables" else network.spans.ids
    items, length = layer.item[way], layer.length_m[way]
    is_new = np.array([item not in used for item in items.tolist()], dtype=bool)
    return BestRoute(
        items=tuple(ids[items].tolist()),
        via=tuple(_via(audit, layer, source, way, is_new)),
        length_m=float(length.sum()),
        new_m=float(length[is_new].sum()),
    )


def _via(
    audit: Audit, layer: SearchLayer, source: int, way: Ints, is_new: NDArray[np.bool_]
) -> list[str]:
    """Name the buildings and terminations that a route passes, and where it leaves today's plant.

    A short route names every point.
    """
    places, network = audit.network.places, audit.network
    table = network.cables if layer.name == "cables" else network.spans
    nodes = route_nodes(layer.graph, source, way.astype(np.int32)).tolist()
    names: list[str] = []
    for k, (edge, node) in enumerate(zip(way.tolist(), nodes[1:], strict=True)):
        item = int(layer.item[edge])
        ends = [int(table.a[item]), int(table.b[item])]
        here = np.flatnonzero(layer.node_of_place == node)
        buildings = here[places.kind[here] != STRUCTURE]
        place = next((p for p in ends if int(layer.node_of_place[p]) == node), -1)
        is_turn = k + 1 < len(way) and is_new[k] != is_new[k + 1]
        if len(buildings):
            names.append(places.label(int(buildings[0])))
        elif place >= 0 and (layer.name == "cables" or is_turn or len(way) <= _MOST_POINTS):
            names.append(places.label(place))
    return list(dict.fromkeys(names))


def named_element(audit: Audit, element: int) -> Named:
    """Name an element or risk group; a point by its own kind, as far as it is recorded."""
    elements, places = audit.network.elements, audit.network.places
    if element >= len(elements):
        group = element - len(elements)
        kind = "suspect" if audit.risks.is_suspect[group] else "risk_group"
        return Named(kind, str(audit.risks.ids[group]), _risk_name(audit, group))
    kind = KIND_NAMES[int(elements.kind[element])]
    if kind in {"structure", "office"}:
        return named_place(places, elements.position("places", element))
    return Named(kind, str(elements.ids[element]))


def _risk_name(audit: Audit, group: int) -> str:
    table = audit.network.inventory.table("risk_groups")
    return str(table["name"][group]) if group < len(table) else ""
