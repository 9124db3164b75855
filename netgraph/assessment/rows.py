"""Rows of the output tables, in the column order of the output contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.areas import area_rows
from netgraph.assessment.measures.availability import availability_rows, availability_site_rows
from netgraph.assessment.measures.faults import fault_rows
from netgraph.assessment.measures.ring_findings import ring_finding_rows
from netgraph.assessment.measures.rings import ring_rows
from netgraph.diversity.audit.reasons import reason_for
from netgraph.diversity.levels import Section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netgraph.assessment.results import Results
    from netgraph.assessment.standing import SiteStanding
    from netgraph.diversity.achievable.find import LayerAnswer, SiteAchievable
    from netgraph.diversity.audit.positions import SharedRun
    from netgraph.diversity.hazards import Cause, Hazard

    Row = tuple[object, ...]

_TABLE_OF_RUN = {
    "link": "links", "cable": "cables", "trench": "spans", "structure": "structures",
    "risk_group": "risk_groups", "equipment": "equipment", "single_route": "links",
    "radio_backup": "links", "proximity": "spans", "region": "spans",
}  # fmt: skip


def table_rows(results: Results, table: str) -> list[Row]:
    """Rows of one table of the contract; cities, counties and customers are computed from sites."""
    kept = {"sites": "site_rows", "circuits": "circuit_rows"}
    if table in kept:
        return list(getattr(results, kept[table]))
    makers = {
        "hazards": _hazards, "causes": _causes,
        "items": _items, "findings": _findings, "availability": availability_rows,
        "availability_sites": availability_site_rows, "faults": fault_rows, "rings": ring_rows,
        "ring_findings": ring_finding_rows,
    }  # fmt: skip
    if table in makers:
        return makers[table](results)
    return area_rows(results, table)


def site_rows(results: Results) -> list[Row]:
    """Rows of the table of sites, worst first."""
    return [_site(results, standing) for standing in results.standings]


def _site(results: Results, standing: SiteStanding) -> Row:
    score, level = standing.score, standing.level
    possible = results.achievable.by_place.get(standing.place)
    required = results.options.rules.required.get(standing.tier)
    empty = (None,) * 4 if possible is None else (
        possible.on_cables, possible.on_spans, possible.disjoint_otherwise, possible.single_points,
    )  # fmt: skip
    scored = score is not None and score.score is not None
    return (
        standing.site_id, standing.customer_id, standing.name, standing.city, standing.county,
        standing.tier, len(standing.circuits), level, standing.is_complete,
        required, standing.meets_requirement, standing.claimed_route, standing.claim_agrees,
        *empty,
        score.score if score else None,
        score.full_marks if scored and score else None,
        score.raw / score.applicable if scored and score else None,
        score.grade if score else None,
        score.score_best if score else None,
        score.grade_best if score else None,
        score.is_provisional if scored and score else None,
        score.known_points if scored and score else None,
        score.unknown_items if score else None,
        standing.rank,
        *(cell for name in ("cables", "spans") for cell in _length(possible, name)),
        any(results.network.circuits.is_group_assumed[list(standing.circuits)]),
    )  # fmt: skip


def _length(possible: SiteAchievable | None, layer: str) -> tuple[float | None, bool | None]:
    """Metres of a best pair, and whether it is proven to be the shortest that shares as little."""
    answer: LayerAnswer | None = getattr(possible, layer, None)
    if answer is None or not answer.is_connected:
        return None, None
    return answer.total_m, answer.is_shortest


def circuit_rows(results: Results) -> list[Row]:
    """Rows of the table of circuits."""
    audit, network = results.audit, results.network
    circuits, places = network.circuits, network.places
    ids = np.append(places.ids, "")
    b_ids = network.inventory.table("circuits")["b_id"][circuits.rows]
    rows: list[Row] = []
    for circuit, circuit_id in enumerate(circuits.ids):
        own, group = audit.of_circuit(circuit), audit.of_group(circuit)
        located = results.located[circuit]
        first = located.first
        rows.append((
            circuit_id, circuits.customer[circuit], ids[circuits.a[circuit]], b_ids[circuit],
            circuits.tier[circuit], circuits.group[circuit], group.level, own.level,
            own.is_complete, own.logical_diverse, own.plant_diverse, own.physical_diverse,
            *(own.section_levels.get(section) for section in Section),
            located.single_route_m, located.shared_length_m,
            _point_id(results, first), first.distance_from_a_m if first else None,
            own.is_unconfirmed, own.is_derived, "; ".join(own.missing), own.confidence,
            reason_for(audit, own, located, results.options.lang),
            bool(circuits.is_group_assumed[circuit]) if circuits.group[circuit] else None,
        ))  # fmt: skip
    return rows


def _point_id(results: Results, run: SharedRun | None) -> str | None:
    if run is None or run.kind == "undecidable":
        return None
    if run.from_place >= 0:
        return str(results.network.places.ids[run.from_place])
    return run.elements[0] if run.elements else None


def _hazards(results: Results) -> list[Row]:
    ids = [*results.network.places.ids.tolist(), ""]
    elements = results.network.elements
    kind_of = dict(zip(elements.risk_ids.tolist(), elements.risk_kinds.tolist(), strict=True))
    return [_hazard(results, hazard, ids, kind_of) for hazard in results.hazards_found]


def _hazard(results: Results, hazard: Hazard, ids: list[str], kind_of: Mapping[str, str]) -> Row:
    run = hazard.run
    groups = run.elements if run.kind == "risk_group" else ()
    return (
        hazard.hazard_id, hazard.cause_id, ids[hazard.site], hazard.group_id, hazard.severity,
        run.kind, ids[run.from_place], ids[run.to_place], shared_rows(results, run), run.section,
        run.length_m, run.distance_from_a_m, hazard.lon, hazard.lat, hazard.rank,
        ";".join(dict.fromkeys(kind_of.get(group, "") for group in groups)),
    )  # fmt: skip


def shared_rows(results: Results, run: SharedRun) -> str:
    """Return the rows that a run shares, as table:id (the missing records where undecidable)."""
    if run.kind == "undecidable":
        return "; ".join(run.elements)
    table = _TABLE_OF_RUN.get(run.kind)
    if table is None:
        kind = results.network.places.kind[run.from_place] if run.from_place >= 0 else 0
        table = ("offices", "sites", "structures")[kind]
    return f"{table}:" + f";{table}:".join(run.elements) if run.elements else ""


def _causes(results: Results) -> list[Row]:
    ids = [*results.network.places.ids.tolist(), ""]
    return [_cause(cause, ids, rank) for rank, cause in enumerate(results.causes_found, start=1)]


def _cause(cause: Cause, ids: list[str], rank: int) -> Row:
    return (
        cause.cause_id, cause.kind, ids[cause.from_place], ids[cause.to_place], cause.length_m,
        cause.hazards, cause.circuits, cause.sites, cause.customers, cause.worst_tier,
        cause.lon, cause.lat, cause.severity, rank,
    )  # fmt: skip


def _items(results: Results) -> list[Row]:
    scores, ids = results.scores, results.network.places.ids
    marks = {item.id: item.points for item in scores.card.items}
    return [
        (
            ids[place], item, result.result,
            marks[item].get(score.tier, 0) if result.result == "pass" else 0,
            marks[item].get(score.tier, 0), ";".join(result.evidence),
        )
        for place, score in scores.by_place.items()
        for item, result in score.items.items()
    ]  # fmt: skip


def _findings(results: Results) -> list[Row]:
    return [(f.rule, f.severity, f.table, f.row_id, f.message, f.hint) for f in results.findings]
