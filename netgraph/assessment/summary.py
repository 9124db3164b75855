"""An assessment in figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from netgraph.assessment.hazard_counts import hazards_of
from netgraph.assessment.measures.availability import expected_outages
from netgraph.assessment.standing import circuits_without_site
from netgraph.diversity.hazards import severities_at
from netgraph.diversity.levels import PASSING, Level, Severity
from netgraph.report.summary import CauseCount, Summary, UnitCount, WorstSite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from netgraph.assessment.results import Results
    from netgraph.assessment.standing import SiteStanding
    from netgraph.diversity.hazards import Cause

_MOST_CAUSES = 20
_WORST_SITES = 10


def summarise(results: Results) -> Summary:
    """Count sites by grade, tier, city and level, and list the worst causes."""
    standings = results.standings
    network, card = results.network, results.scores.card
    table = network.inventory.table("inventory")
    grades = [grade.id for grade in card.grades]
    scored = [s.score for s in standings if s.score and s.score.grade]
    levels = Counter(s.level for s in standings if s.level)
    lang = results.options.lang
    date = network.inventory.snapshot_date
    told = (cause for cause in results.causes_found if cause.severity is not Severity.INFO)
    known = Summary(
        sites=len(standings),
        circuits=len(network.circuits),
        customers=len({s.customer_id for s in standings if s.customer_id}),
        name=str(table["name"][0]) if len(table) else "",
        snapshot_date=date.isoformat() if date else None,
        grades=_counted((s.grade for s in scored), grades),
        grades_best=_counted((s.grade_best for s in scored), grades),
        provisional=sum(s.is_provisional for s in scored),
        levels={level.value: levels[level] for level in Level if levels[level]},
        requirement=_requirement(results, standings),
        by_tier=_units(results, standings, lambda s: s.tier, [t.id for t in card.tiers]),
        by_city=_by_city(results, standings),
        hazards=_counted(
            map(list(Severity).__getitem__, severities_at(results.hazards_found)[1].tolist()),
            list(Severity),
        ),
        site_severities=_counted((s.severity for s in standings), list(Severity)),
        cause_severities=_counted((c.severity for c in results.causes_found), list(Severity)),
        worst_sites=tuple(_worst_site(standing) for standing in standings[:_WORST_SITES]),
        causes=tuple([count_cause(results, cause) for cause in islice(told, _MOST_CAUSES)]),
        causes_in_all=len(results.causes_found),
        unconfirmed=int(results.audit.verdicts.is_unconfirmed[: len(network.circuits)].sum()),
        without_site=circuits_without_site(results, standings),
        undecidable=levels[Level.UNDECIDABLE],
        outages=expected_outages(results),
        score_note=card.note_zh if lang == "zh" else card.note_en,
    )
    return with_searches(known, results)


def with_searches(known: Summary, results: Results) -> Summary:
    """Put in the figures that hang on the searches."""
    severities = (finding.severity for finding in results.findings)
    return replace(
        known,
        findings=_counted(severities, ["error", "warning", "info"]),
        unproven=results.achievable.unproven,
    )


def _worst_site(standing: SiteStanding) -> WorstSite:
    score = standing.score
    return WorstSite(
        site_id=standing.site_id,
        name=standing.name,
        city=standing.city,
        tier=standing.tier,
        severity=standing.severity.value if standing.circuits else "",
        level=standing.level.value if standing.level else "",
        score=score.score if score else None,
        ratio=score.raw / score.applicable if score and score.applicable else None,
        grade=standing.grades,
    )


def _counted(values: Iterable[str], order: list[str]) -> dict[str, int]:
    counts = Counter(values)
    return {str(name): counts[name] for name in order}


def _requirement(results: Results, standings: list[SiteStanding]) -> dict[str, int]:
    rules = results.options.rules
    asked = [s for s in standings if s.circuits and rules.requires_diversity(s.tier)]
    return {
        "met": sum(s.meets_requirement is True for s in asked),
        "not_met": sum(s.meets_requirement is False for s in asked),
        "undecided": sum(s.meets_requirement is None for s in asked),
    }


def _units(
    results: Results,
    standings: list[SiteStanding],
    key: Callable[[SiteStanding], str],
    names: list[str],
) -> tuple[UnitCount, ...]:
    members: dict[str, list[SiteStanding]] = {}
    for standing in standings:
        members.setdefault(key(standing), []).append(standing)
    return tuple(_unit(results, name, members[name]) for name in names if name in members)


def _unit(results: Results, name: str, members: list[SiteStanding]) -> UnitCount:
    rules = results.options.rules
    asked = [s for s in members if s.circuits and rules.requires_diversity(s.tier)]
    grades = Counter(s.score.grade if s.score else "" for s in members)
    severities = Counter(s.severity for s in members)
    return UnitCount(
        name=name,
        sites=len(members),
        circuits=sum(len(s.circuits) for s in members),
        grades=dict(sorted(grades.items())),
        provisional=sum(bool(s.score and s.score.is_provisional) for s in members),
        hazards=hazards_of(results.hazards_of_places, (s.place for s in members)),
        dual_required=len(asked),
        dual_proven=sum(s.level in PASSING for s in asked),
        severities={severity.value: severities[severity] for severity in Severity},
    )


def _by_city(results: Results, standings: list[SiteStanding]) -> tuple[UnitCount, ...]:
    """Cities, the one with the greatest share of poor and fair sites first."""
    names = sorted({s.city for s in standings})
    units = _units(results, standings, lambda s: s.city, names)

    def badness(unit: UnitCount) -> tuple[float, str]:
        weak = unit.grades.get("poor", 0) * 2 + unit.grades.get("fair", 0)
        return -weak / max(1, unit.sites), unit.name

    return tuple(sorted(units, key=badness))


def causes_by_sites(results: Results) -> list[Cause]:
    """List the causes that count, those that hit most sites first."""
    found = [cause for cause in results.causes_found if cause.severity is not Severity.INFO]
    return sorted(found, key=lambda c: (-c.sites, -c.circuits, c.cause_id))


def count_cause(results: Results, cause: Cause) -> CauseCount:
    """Return a cause with the names of its places."""
    places = results.network.places

    def names(place: int) -> tuple[str, str]:
        return (str(places.ids[place]), str(places.names[place])) if place >= 0 else ("", "")

    (start, start_name), (end, end_name) = names(cause.from_place), names(cause.to_place)
    return CauseCount(
        cause_id=cause.cause_id,
        severity=cause.severity.value,
        kind=cause.kind,
        from_structure=start,
        to_structure=end,
        metres=round(cause.length_m, 1),
        circuits=cause.circuits,
        sites=cause.sites,
        worst_tier=cause.worst_tier,
        from_name=start_name,
        to_name=end_name,
    )
