"""What a sheet says beside its lanes: verdicts, hazards, today's better ways, score and items."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.tracing.lanes import named_place
from netgraph.assessment.tracing.panels import numbered_runs, unit_panels
from netgraph.diversity.audit.reasons import reason_for
from netgraph.diversity.levels import PASSING, SEVERITY_OF_LEVEL, Level, Severity, worst
from netgraph.diversity.search.graph import route_nodes
from netgraph.report.trace.sheet import (
    Alternative,
    BestRoute,
    CircuitNote,
    HazardNote,
    ItemNote,
    Named,
    Panel,
    ScoreNote,
    SectionNote,
    Standing,
    Unavoidable,
    UnitTrace,
)
from netgraph.scoring.results import Result
from netgraph.topology.csr import gather
from netgraph.topology.elements import KIND_NAMES
from netgraph.topology.places import SITE, STRUCTURE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netgraph.assessment.tracing.case import Case
    from netgraph.diversity.achievable.find import LayerAnswer
    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.hazards import Hazard
    from netgraph.scoring import SiteScore
    from netgraph.topology.csr import Ints

_MOST_POINTS = 6


def unit_trace(case: Case, unit: int) -> UnitTrace:
    """Gather one unit: its verdict, hazards and lanes."""
    audit, circuits = case.audit, case.network.circuits
    verdict, located = audit.verdicts[unit], case.located[unit]
    order = case.in_order(verdict.circuits)
    requires = audit.rules.requires_diversity(case.tier)
    return UnitTrace(
        name=verdict.name,
        circuits=tuple(
            CircuitNote(
                str(circuits.ids[c]),
                audit.of_circuit(c).level.value,
                str(circuits.protection[c]),
                named_place(case.network.places, int(circuits.b[c])),
            )
            for c in order
        ),
        level=verdict.level.value,
        severity=(SEVERITY_OF_LEVEL[verdict.level] if requires else Severity.INFO).value,
        is_complete=verdict.is_complete,
        logical_diverse=verdict.logical_diverse,
        plant_diverse=verdict.plant_diverse,
        physical_diverse=verdict.physical_diverse,
        confidence=verdict.confidence,
        reason=reason_for(audit, verdict, located, case.lang),
        is_unconfirmed=verdict.is_unconfirmed,
        is_derived=verdict.is_derived,
        missing=verdict.missing,
        sections=tuple(
            SectionNote(
                section.value, level.value,
                verdict.section_plant[section], verdict.section_logical[section],
            )
            for section, level in verdict.section_levels.items()
        ),
        hazards=_hazards(case, unit),
        panels=unit_panels(audit, verdict, located, order),
    )  # fmt: skip


def merge_alike(units: Iterable[UnitTrace]) -> tuple[UnitTrace, ...]:
    """Tell units once that run exactly alike: circuits of one site often do."""
    found: dict[object, UnitTrace] = {}
    for unit in units:
        cells = tuple(lane.cells if lane else () for p in unit.panels for lane in (p.left, p.right))
        same = found.setdefault((unit.level, unit.reason, unit.missing, cells), unit)
        if same is not unit:
            found[unit.level, unit.reason, unit.missing, cells] = replace(
                same,
                name=same.name if _is_lone(same) else f"{same.name} + {unit.name}",
                circuits=(*same.circuits, *unit.circuits),
                panels=tuple(map(_with_routes, same.panels, unit.panels)),
            )
    return tuple(found.values())


def _is_lone(unit: UnitTrace) -> bool:
    """Whether a unit is called after a circuit, not after a group."""
    return unit.name in {circuit.circuit_id for circuit in unit.circuits}


def _with_routes(panel: Panel, other: Panel) -> Panel:
    """Add the routes of a panel that looks the same."""
    left = replace(panel.left, routes=(*panel.left.routes, *other.left.routes))
    if panel.right is None or other.right is None:
        return replace(panel, left=left)
    right = replace(panel.right, routes=(*panel.right.routes, *other.right.routes))
    return replace(panel, left=left, right=right)


def _hazards(case: Case, unit: int) -> tuple[HazardNote, ...]:
    """Hazards of a unit, the whole-route findings first, then from A to B."""
    numbers = {run: n for n, run in enumerate(numbered_runs(case.located[unit]), start=1)}
    notes = [
        _hazard(case.audit, hazard, numbers.get(hazard.run, 0))
        for hazard in case.hazards
        if hazard.unit == unit
    ]
    return tuple(sorted(notes, key=lambda note: (note.number, note.hazard_id)))


def _hazard(audit: Audit, hazard: Hazard, number: int) -> HazardNote:
    places, run = audit.network.places, hazard.run
    names = dict.fromkeys(places.label(p) for p in (run.from_place, run.to_place) if p >= 0)
    return HazardNote(
        number=number,
        hazard_id=hazard.hazard_id,
        severity=hazard.severity.value,
        kind=run.kind,
        place=" – ".join(names),
        names=run.elements,
        length_m=run.length_m,
        at_m=run.distance_from_a_m,
        section=run.section,
    )


def standing(case: Case) -> Standing:
    """Set the units' worst level beside the requirement of the tier and the ledger's claim."""
    rules, places, tier = case.audit.rules, case.network.places, case.tier
    verdicts = [case.audit.verdicts[unit] for unit in case.units]
    level = worst(verdict.level for verdict in verdicts) or Level.UNDECIDABLE
    claimed = ""
    if case.place >= 0 and int(places.kind[case.place]) == SITE:
        sites = case.network.inventory.table("sites")
        claimed = str(sites["claimed_route"][places.rows[case.place]])
    agrees = None
    if claimed and level is not Level.UNDECIDABLE:
        agrees = (level is Level.SINGLE_ROUTE) if claimed == "single" else level in PASSING
    required = rules.required.get(tier)
    severity = SEVERITY_OF_LEVEL[level] if required is not None else Severity.INFO
    return Standing(
        tier=tier,
        level=level.value,
        severity=severity.value,
        is_complete=all(verdict.is_complete for verdict in verdicts),
        required=required.value if required is not None else "",
        meets_requirement=rules.meet(verdicts, tier),
        claimed_route=claimed,
        claim_agrees=agrees,
    )


# Today's better ways -----------------------------------------------------------------------------


def alternatives(case: Case) -> tuple[Alternative, ...]:
    """Give the best pair on cables and on spans for the site; none where nothing was searched."""
    found = case.achievable.by_place.get(case.place)
    if found is None:
        return ()
    used = _used_today(case)
    return tuple(
        _alternative(case, case.achievable.layers[name], answer, used[name])
        for name, answer in (("cables", found.cables), ("spans", found.spans))
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
    case: Case, layer: SearchLayer, answer: LayerAnswer, used: frozenset[int]
) -> Alternative:
    audit = case.audit
    edge_of = dict(zip(layer.item.tolist(), range(len(layer.item)), strict=True))
    ways = [np.array([edge_of[i] for i in way], dtype=np.int64) for way in answer.routes]
    source = int(layer.node_of_place[case.place])
    return Alternative(
        layer=layer.name,
        level=answer.level,
        is_connected=answer.is_connected,
        is_shortest=answer.is_shortest,
        disjoint_otherwise=answer.is_disjoint_otherwise,
        routes=tuple(_best_route(audit, layer, source, way, used) for way in ways if len(way)),
        shared=tuple(named_element(audit, e) for e in _without_houses(audit, answer.shared)),
        shared_m=_shared_m(audit, layer, ways[0], answer.shared),
        unavoidable=tuple(
            Unavoidable(named_element(audit, e), _where(layer, source, ways[0], e))
            for e in answer.unavoidable
        ),
    )


def _without_houses(audit: Audit, shared: Iterable[int]) -> list[int]:
    """Leave out the buildings of places that are listed themselves."""
    elements, places = audit.network.elements, audit.network.places
    first = elements.offset["places"]
    listed = list(shared)
    named = [e - first for e in listed if first <= e < first + len(places)]
    houses = {int(places.building[p]) + elements.offset["buildings"] for p in named}
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
    items, length = layer.item[way], layer.graph.length_m[way]
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


def _where(layer: SearchLayer, source: int, way: Ints, element: int) -> float | None:
    """Metres from the site at which a route meets an element."""
    if len(way) == 0:
        return None
    at = 0.0
    nodes = route_nodes(layer.graph, source, way.astype(np.int32)).tolist()
    for edge, node in zip(way.tolist(), nodes[1:], strict=True):
        if element in layer.elements.row(edge):
            return at
        at += float(layer.graph.length_m[edge])
        if element in layer.node_elements.row(node):
            return at
    return None


def named_element(audit: Audit, element: int) -> Named:
    """Name an element or risk group; a point by its own kind, as far as it is recorded."""
    elements, places = audit.network.elements, audit.network.places
    if element >= len(elements):
        group = element - len(elements)
        kind = "suspect" if audit.risks.is_suspect[group] else "risk_group"
        return Named(kind, str(audit.risks.ids[group]), _risk_name(audit, group))
    kind = KIND_NAMES[int(elements.kind[element])]
    place = elements.position("places", element)
    if kind in {"structure", "office"}:
        return named_place(places, place)
    return Named(kind, str(elements.ids[element]))


def _risk_name(audit: Audit, group: int) -> str:
    table = audit.network.inventory.table("risk_groups")
    return str(table["name"][group]) if group < len(table) else ""


# Score -------------------------------------------------------------------------------------------


def score_note(case: Case) -> ScoreNote | None:
    """Give the score of the site with the items that cost points, the dearest first."""
    score = case.scores.by_place.get(case.place)
    if score is None:
        return None
    card = case.scores.card
    return ScoreNote(
        score=score.score,
        full_marks=score.full_marks,
        grade=score.grade,
        score_best=score.score_best,
        grade_best=score.grade_best,
        is_provisional=score.is_provisional,
        known_points=score.known_points,
        applicable=score.applicable,
        items=tuple(_items(case, score)),
        note=card.note_zh if case.lang == "zh" else card.note_en,
    )


def _items(case: Case, score: SiteScore) -> list[ItemNote]:
    wanted = (Result.FAIL, Result.UNKNOWN)
    notes = [
        ItemNote(
            item.id,
            item.zh if case.lang == "zh" else item.en,
            found.result.value,
            item.points.get(score.tier, 0),
            found.evidence,
        )
        for item in case.scores.card.items
        if (found := score.items.get(item.id)) is not None and found.result in wanted
    ]
    return sorted(notes, key=lambda n: (n.result != Result.FAIL, -n.points, n.item_id))
