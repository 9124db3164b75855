"""What a sheet says beside its lanes: verdicts, hazards, score and items."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netgraph.assessment.tracing.lanes import named_place
from netgraph.assessment.tracing.panels import numbered_runs, unit_panels
from netgraph.diversity.audit.reasons import reason_for
from netgraph.diversity.levels import PASSING, SEVERITY_OF_LEVEL, Level, Severity, worst
from netgraph.report.trace.sheet import (
    CircuitNote,
    HazardNote,
    ItemNote,
    Panel,
    ScoreNote,
    SectionNote,
    Standing,
    UnitTrace,
)
from netgraph.scoring.results import Result
from netgraph.topology.places import SITE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.assessment.tracing.case import Case
    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.hazards import Hazard
    from netgraph.scoring import SiteScore


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
