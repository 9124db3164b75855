"""Columns of the tables of sites and circuits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.diversity.audit.reasons import reason_for
from netgraph.diversity.levels import Section
from netgraph.report.cells import Coded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netgraph.assessment.results import Results
    from netgraph.assessment.standing import SiteStanding
    from netgraph.diversity.achievable.find import LayerAnswer, SiteAchievable
    from netgraph.diversity.audit.positions import SharedPositions, SharedRun
    from netgraph.diversity.verdict import Verdict
    from netgraph.report.cells import Cells
    from netgraph.scoring import SiteScore


def site_columns(results: Results) -> list[Cells]:
    """Columns of the table of sites, the worst first."""
    found = results.standings
    required = results.options.rules.required
    is_assumed = results.network.circuits.is_group_assumed.tolist()
    return [
        [s.site_id for s in found], [s.customer_id for s in found], [s.name for s in found],
        [s.city for s in found], [s.county for s in found], [s.tier for s in found],
        [len(s.circuits) for s in found], [s.level for s in found],
        [s.is_complete for s in found], [required.get(s.tier) for s in found],
        [s.meets_requirement for s in found], [s.claimed_route for s in found],
        [s.claim_agrees for s in found],
        *_achievable(results, found), *_scores(found),
        [s.rank for s in found], *_pairs(results, found),
        [any(is_assumed[c] for c in s.circuits) for s in found],
    ]  # fmt: skip


def _achievable(results: Results, found: Sequence[SiteStanding]) -> list[Cells]:
    by_place = results.achievable.by_place
    answers = [by_place.get(s.place) for s in found]
    return [
        [None if a is None else a.on_cables for a in answers],
        [None if a is None else a.on_spans for a in answers],
        [None if a is None else a.disjoint_otherwise for a in answers],
        [None if a is None else a.single_points for a in answers],
    ]


def _scores(found: Sequence[SiteStanding]) -> list[Cells]:
    scores = [s.score for s in found]

    def of_scored(value: Callable[[SiteScore], object]) -> list[object]:
        return [
            value(score) if score is not None and score.score is not None else None
            for score in scores
        ]

    return [
        [score.score if score else None for score in scores],
        of_scored(lambda score: score.full_marks),
        of_scored(lambda score: score.raw / score.applicable),
        [score.grade if score else None for score in scores],
        [score.score_best if score else None for score in scores],
        [score.grade_best if score else None for score in scores],
        of_scored(lambda score: score.is_provisional),
        of_scored(lambda score: score.known_points),
        [score.unknown_items if score else None for score in scores],
    ]


def _pairs(results: Results, found: Sequence[SiteStanding]) -> list[Cells]:
    """Metres of the best pairs, and whether each is proven to be the shortest such."""
    by_place = results.achievable.by_place
    columns: list[Cells] = []
    for layer in ("cables", "spans"):
        pairs = [_length(by_place.get(s.place), layer) for s in found]
        columns += [[metres for metres, _ in pairs], [is_shortest for _, is_shortest in pairs]]
    return columns


def _length(possible: SiteAchievable | None, layer: str) -> tuple[float | None, bool | None]:
    """Metres of a best pair, and whether it is proven to be the shortest that shares as little."""
    answer: LayerAnswer | None = getattr(possible, layer, None)
    if answer is None or not answer.is_connected:
        return None, None
    return answer.total_m, answer.is_shortest


def circuit_columns(results: Results) -> list[Cells]:
    """Columns of the table of circuits."""
    audit, circuits = results.audit, results.network.circuits
    ids = [*results.network.places.ids.tolist(), ""]
    own = [audit.verdicts[circuit] for circuit in range(len(circuits))]
    group = [audit.verdicts[unit] for unit in audit.units.group_of_circuit.tolist()]
    located = results.located[: len(circuits)]
    first_of = {id(each): each.first for each in located}
    first = [first_of[id(each)] for each in located]
    grouped = zip(circuits.group.tolist(), circuits.is_group_assumed.tolist(), strict=True)
    missing = {told: "; ".join(told) for told in {verdict.missing for verdict in own}}
    return [
        circuits.ids, circuits.customer, Coded(circuits.a, ids),
        results.network.inventory.table("circuits")["b_id"][circuits.rows],
        circuits.tier, circuits.group, [verdict.level for verdict in group],
        [verdict.level for verdict in own], [verdict.is_complete for verdict in own],
        [verdict.logical_diverse for verdict in own], [verdict.plant_diverse for verdict in own],
        [verdict.physical_diverse for verdict in own],
        *([verdict.section_levels.get(section) for verdict in own] for section in Section),
        [each.single_route_m for each in located], [each.shared_length_m for each in located],
        [_point_id(run, ids) for run in first],
        [run.distance_from_a_m if run else None for run in first],
        [verdict.is_unconfirmed for verdict in own], [verdict.is_derived for verdict in own],
        [missing[verdict.missing] for verdict in own], [verdict.confidence for verdict in own],
        _reasons(results, own, located),
        [is_assumed if name else None for name, is_assumed in grouped],
    ]  # fmt: skip


def _reasons(
    results: Results, verdicts: Sequence[Verdict], located: Sequence[SharedPositions]
) -> list[str]:
    """Give the reason of each circuit by itself; circuits with the same routes have one."""
    made: dict[tuple[object, ...], str] = {}
    reasons = []
    for verdict, each in zip(verdicts, located, strict=True):
        key = (id(each), verdict.level, verdict.is_unconfirmed, verdict.is_suspected)
        reason = made.get(key)
        if reason is None:
            reason = reason_for(results.audit, verdict, each, results.options.lang)
            made[key] = reason
        reasons.append(reason)
    return reasons


def _point_id(run: SharedRun | None, ids: list[str]) -> str | None:
    if run is None or run.kind == "undecidable":
        return None
    if run.from_place >= 0:
        return ids[run.from_place]
    return run.elements[0] if run.elements else None
