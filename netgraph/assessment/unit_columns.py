"""Columns of the tables of sites and circuits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.circuit_reasons import reasons_of_circuits
from netgraph.diversity.achievable.figures import pair_figures
from netgraph.diversity.achievable.layer_answers import TOLD
from netgraph.diversity.levels import RANK, Level, Section
from netgraph.diversity.sharing.runs import KIND_CODE
from netgraph.report.cells import Coded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from netgraph.assessment.results import Results
    from netgraph.assessment.standing import SiteStanding
    from netgraph.diversity.audit.columns import Verdicts
    from netgraph.diversity.sharing.runs import LocatedUnits
    from netgraph.report.cells import Cells
    from netgraph.scoring import SiteScore
    from netgraph.topology.csr import Ints


def site_columns(known: Sequence[Cells | None], searched: Iterable[Cells]) -> list[Cells]:
    """Columns of the table of sites, the worst first: those known, with those searched for."""
    rest = iter(searched)
    return [next(rest) if column is None else column for column in known]


def known_site_columns(results: Results) -> list[Cells | None]:
    """Columns of the table of sites; None for each that hangs on the searches."""
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
        *(None,) * 4, *_scores(found),
        [s.rank for s in found], *(None,) * 4,
        [any(is_assumed[c] for c in s.circuits) for s in found],
    ]  # fmt: skip


def searched_site_columns(results: Results) -> list[Cells]:
    """Columns that hang on the searches: levels and single points, then the best pairs."""
    cables, spans = pair_figures(results.achievable, [site.place for site in results.standings])
    levels, flags = (*TOLD, None), (False, True, None)
    most = int(spans.single_points.max(initial=0))
    return [
        Coded(cables.told, levels), Coded(spans.told, levels), Coded(spans.is_otherwise, flags),
        Coded(spans.single_points, (*range(most + 1), None)),
        cables.total_m, Coded(cables.is_shortest, flags),
        spans.total_m, Coded(spans.is_shortest, flags),
    ]  # fmt: skip


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


def circuit_columns(results: Results) -> list[Cells]:
    """Columns of the table of circuits."""
    audit, circuits, verdicts = results.audit, results.network.circuits, results.audit.verdicts
    n, located = len(circuits), results.located
    ids = [*results.network.places.ids.tolist(), ""]
    row = located.row[:n]
    first = _first_runs(located)
    grouped = zip(circuits.group.tolist(), circuits.is_group_assumed.tolist(), strict=True)
    is_open = verdicts.level[:n] == RANK[Level.UNDECIDABLE]
    start_m = np.append(located.runs.start_m, np.nan)[first]  # of -1 there is none
    start_m[np.isinf(start_m)] = np.nan
    return [
        circuits.ids, circuits.customer, Coded(circuits.a, ids),
        results.network.inventory.table("circuits")["b_id"][circuits.rows],
        circuits.tier, circuits.group,
        Coded(verdicts.level[audit.units.group_of_circuit], tuple(Level)),
        Coded(verdicts.level[:n], tuple(Level)), verdicts.is_complete[:n],
        *(
            Coded(values[:n], (False, True, None))
            for values in (verdicts.logical, verdicts.plant, verdicts.physical)
        ),
        *_section_levels(verdicts, n),
        located.single_route_m[row], located.shared_length_m[row],
        Coded(row, _point_ids(located, first, ids)), start_m[row],
        verdicts.is_unconfirmed[:n], verdicts.is_derived[:n],
        ["; ".join(_missing(verdicts, circuit)) for circuit in range(n)],
        Coded(np.where(is_open, 2, verdicts.is_surveyed[:n]), _CONFIDENCES),
        reasons_of_circuits(results, first),
        [is_assumed if name else None for name, is_assumed in grouped],
    ]  # fmt: skip


#: As :attr:`netgraph.diversity.verdict.Verdict.confidence` tells them.
_CONFIDENCES = ("by_records", "confirmed", "undecidable")


def _missing(verdicts: Verdicts, unit: int) -> tuple[str, ...]:
    """Name the records that a unit lacks, for its level or for those of its sections."""
    return (*verdicts.missing(unit), *verdicts.roleless.get(unit, ()))


def _section_levels(verdicts: Verdicts, n: int) -> Iterator[Cells]:
    """Levels of the first n units by section, one column each."""
    for section in Section:
        levels = [found.levels.get(section) for found in verdicts.sections]
        yield Coded(verdicts.section_row[:n], levels)


def _first_runs(located: LocatedUnits) -> Ints:
    """Find the run of each row of positions that is nearest to A; -1 where there is none."""
    row = np.repeat(np.arange(len(located.ptr) - 1), np.diff(located.ptr))
    order = np.lexsort((located.runs.start_m[: len(row)], row))
    _, at = np.unique(row, return_index=True)
    found = np.full(len(located.ptr) - 1, -1, dtype=np.int64)
    found[row[at]] = order[at]
    return found


def _point_ids(located: LocatedUnits, first: Ints, ids: list[str]) -> list[str | None]:
    """Name the first common point of each row of positions."""
    kinds, places = located.runs.kind, located.runs.from_place
    found: list[str | None] = []
    for run in first.tolist():
        if run < 0 or kinds[run] == KIND_CODE["undecidable"]:
            found.append(None)
        elif places[run] >= 0:
            found.append(ids[places[run]])
        else:
            found.append(next(iter(located.runs.elements(run)), None))
    return found
