"""Tables of the printable report: the head of each list; the workbook has them whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from netgraph.assessment.handover.workbook_lists import language, worst_verdict
from netgraph.assessment.summary import causes_by_sites
from netgraph.diversity.audit.reasons import reason_for
from netgraph.messages import say_message
from netgraph.report import labels
from netgraph.report.palette import FINDING_COLOURS, GRADE_COLOURS, SEVERITY_COLOURS
from netgraph.report.pdf import Cell, Table
from netgraph.report.workbook.cells import grade_text
from netgraph.report.workbook.formats import tint
from netgraph.scoring.results import Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netgraph.assessment.standing import SiteStanding
    from netgraph.assessment.value import Assessment
    from netgraph.report.labels import Language
    from netgraph.report.summary import UnitCount

_MOST_SITES, _MOST_CITIES, _MOST_CAUSES, _MOST_ITEMS, _MOST_LEDGER = 20, 25, 15, 14, 12
_MOST_WORST = 10
_MOST_LETTERS = 70  # of a name or sentence in a cell
_DASH = "—"


def headings(lang: Language, *names: str) -> list[str]:
    """Headings of columns, the first letter a capital."""
    words = [labels.label("column", name, lang) for name in names]
    return [word[:1].upper() + word[1:] for word in words]


def cut(text: str, most: int = _MOST_LETTERS) -> str:
    """Cut a text that is too long for a cell."""
    return text if len(text) <= most else text[: most - 1] + "…"


def cut_list(text: str, lang: Language, most: int) -> str:
    """Leave out the last parts of a list that is too long for a cell, none of them by half."""
    gap = "；" if lang == "zh" else "; "
    parts = text.split(gap)
    while len(parts) > 1 and len(gap.join(parts)) > most:
        parts.pop()
    told = gap.join(parts)
    return cut(told, most) if told == text else cut(told, most) + f"{gap}…"


def grade_cell(grades: str, lang: Language) -> Cell | str:
    """Return a grade (or two, joined by "~") as a tinted cell."""
    if not grades:
        return _DASH
    colour = GRADE_COLOURS.get(grades.partition("~")[0], "#FFFFFF")
    return Cell(grade_text(grades, lang), tint(colour))


def severity_cell(word: str, lang: Language) -> Cell:
    """Return a severity as a tinted cell."""
    return Cell(labels.label("severity", word, lang), tint(SEVERITY_COLOURS.get(word, "#FFFFFF")))


def _unit_table(units: Sequence[UnitCount], key: str, lang: Language, caption: str = "") -> Table:
    grades = labels.identifiers("grade")
    heads = [
        *headings(lang, key, "sites", "circuits"),
        *(labels.label("grade_letter", grade, lang) for grade in grades),  # leaves room for names
        *headings(lang, "provisional", "dual_route_ratio"),
        *(
            labels.text("severity_sites", lang, word=labels.label("severity", word, lang))
            .capitalize()
            for word in ("red", "orange")
        ),
    ]  # fmt: skip
    rows = [
        (
            cut(labels.label("tier", unit.name, lang) or _DASH, 24),
            f"{unit.sites:,}", f"{unit.circuits:,}",
            *(f"{unit.grades.get(grade, 0):,}" for grade in grades), f"{unit.provisional:,}",
            f"{unit.dual_proven:,} / {unit.dual_required:,}" if unit.dual_required else _DASH,
            f"{unit.severities.get('red', 0):,}", f"{unit.severities.get('orange', 0):,}",
        )
        for unit in units
    ]  # fmt: skip
    return Table(heads, rows, (1, *(0,) * 10), tuple(range(1, 11)), caption)


def severity_table(assessment: Assessment) -> Table:
    """Sites, places and hazards by severity."""
    lang, severities = language(assessment), labels.identifiers("severity")
    heads = [labels.text("by_severity", lang)]
    rows = [
        (labels.text(what, lang), *(f"{counts.get(each, 0):,}" for each in severities))
        for what, counts in assessment.summary.by_severity
    ]
    heads += [labels.label("severity", each, lang).capitalize() for each in severities]
    return Table(heads, rows, (1, *(0,) * len(severities)), tuple(range(1, len(heads))))


def grade_strip(grades: Mapping[str, int], lang: Language) -> list[tuple[int, str, str]]:
    """Count, words and colour of each grade, for the strip of a cover or sheet."""
    return [
        (count, f"{labels.label('grade', grade, lang)} {count:,}", GRADE_COLOURS[grade])
        for grade, count in grades.items()
    ]


def tier_table(assessment: Assessment) -> Table:
    """Sites by tier and grade."""
    return _unit_table(assessment.summary.by_tier, "tier", language(assessment))


def city_table(assessment: Assessment) -> Table:
    """Sites by city and grade, the weakest city first."""
    lang, cities = language(assessment), assessment.summary.by_city
    more = len(cities) - _MOST_CITIES
    caption = labels.text("more_cities", lang, count=more) if more > 0 else ""
    return _unit_table(cities[:_MOST_CITIES], "city", lang, caption)


def worst_table(assessment: Assessment, standings: Sequence[SiteStanding]) -> Table:
    """Name the ten sites to look at first, a line each."""
    lang = language(assessment)
    rows = [
        (
            str(standing.rank), cut(f"{standing.name} ({standing.site_id})", 44),
            cut(standing.city, 16), labels.label("tier", standing.tier, lang),
            severity_cell(standing.severity.value, lang),
            labels.label("level", standing.level or "", lang),
            _score(standing), grade_cell(standing.grades, lang),
        )
        for standing in [s for s in standings if s.circuits][:_MOST_WORST]
    ]  # fmt: skip
    names = ("name", "city", "tier", "severity", "recorded_level", "score", "grade")
    return Table(["", *headings(lang, *names)], rows, (0, 1, 0, 0, 0, 0, 0, 0), (0, 6))


def _score(standing: SiteStanding) -> str:
    score = standing.score
    return "" if score is None or score.score is None else f"{score.score:.1f}"


def site_table(assessment: Assessment, standings: Sequence[SiteStanding]) -> Table:
    """List the sites to look at first, with the sentence that says where they hang."""
    lang = language(assessment)
    rows = []
    for standing in [s for s in standings if s.circuits][:_MOST_SITES]:
        verdict = worst_verdict(assessment, standing)
        located = assessment.located[verdict.unit]
        rows.append((
            str(standing.rank), cut(f"{standing.name} ({standing.site_id})", 48),
            cut(standing.city, 16), labels.label("tier", standing.tier, lang),
            severity_cell(standing.severity.value, lang), _score(standing),
            grade_cell(standing.grades, lang),
            cut(reason_for(assessment.audit, verdict, located, lang), 160),
        ))  # fmt: skip
    heads = ["", *headings(lang, "name", "city", "tier", "severity", "score", "grade", "finding")]
    return Table(heads, rows, (0, 2, 0, 0, 0, 0, 0, 5), (0, 5))


def cause_table(assessment: Assessment) -> Table:
    """List the worst causes, those that hit most sites first."""
    lang = language(assessment)
    places = assessment.network.places
    rows = []
    for cause in causes_by_sites(assessment)[:_MOST_CAUSES]:
        ends = [p for p in dict.fromkeys((cause.from_place, cause.to_place)) if p >= 0]
        rows.append((
            severity_cell(cause.severity.value, lang), labels.label("kind", cause.kind, lang),
            cut(" – ".join(places.label(p) for p in ends)), f"{cause.length_m:,.0f}",
            f"{cause.sites:,}", f"{cause.circuits:,}", f"{cause.customers:,}",
            labels.label("tier", cause.worst_tier, lang),
        ))  # fmt: skip
    names = ("severity", "kind", "place", "metres", "sites", "circuits", "customers", "worst_tier")
    return Table(headings(lang, *names), rows, (0, 0, 1, 0, 0, 0, 0, 0), (3, 4, 5, 6))


def item_table(assessment: Assessment) -> Table:
    """Items of the scorecard by the marks that they cost, with the sites that fail each."""
    lang, card = language(assessment), assessment.scores.card
    counts: dict[str, Counter[Result]] = defaultdict(Counter)
    for score in assessment.scores.by_place.values():
        for item, result in score.items.items():
            counts[item][result.result] += 1
    lost = points_lost(assessment)
    rows = [
        (
            item.id, item.zh if lang == "zh" else item.en, f"{counts[item.id][Result.FAIL]:,}",
            f"{counts[item.id][Result.UNKNOWN]:,}", f"{counts[item.id][Result.PASS]:,}",
            f"{lost[item.id]:,}",
        )
        for item in sorted(card.items, key=lambda item: (-lost[item.id], item.id))
        if counts[item.id]
    ]  # fmt: skip
    heads = [
        *headings(lang, "item", "wording"),
        *(labels.label("result", word, lang).capitalize() for word in ("fail", "unknown", "pass")),
        *headings(lang, "points_lost"),
    ]  # fmt: skip
    return Table(heads, rows[:_MOST_ITEMS], (0, 1, 0, 0, 0, 0), (2, 3, 4, 5))


def points_lost(assessment: Assessment) -> Counter[str]:
    """Add up the marks that sites do not earn, by item: failed and unknown alike."""
    worth = {item.id: item.points for item in assessment.scores.card.items}
    lost: Counter[str] = Counter()
    for score in assessment.scores.by_place.values():
        for item, result in score.items.items():
            if result.result in {Result.FAIL, Result.UNKNOWN}:
                lost[item] += worth[item].get(score.tier, 0)
    return lost


def finding_table(assessment: Assessment) -> list[Table]:
    """Count findings of the data by rule, with one example each; none without findings."""
    lang = language(assessment)
    counts = Counter((f.severity, f.rule) for f in assessment.findings)
    first = {(f.severity, f.rule): f for f in reversed(assessment.findings)}
    order = ("error", "warning", "info")
    rows = [
        (
            Cell(labels.label("finding_severity", severity, lang), tint(FINDING_COLOURS[severity])),
            rule, f"{counts[severity, rule]:,}",
            labels.label("inventory_table", cut(first[severity, rule].table, 20), lang),
            cut(say_message(first[severity, rule].message, lang), 150),
        )
        for severity, rule in sorted(counts, key=lambda key: (order.index(key[0]), key[1]))
    ]  # fmt: skip
    heads = headings(lang, "severity", "rule", "count", "table", "example")
    return [Table(heads, rows, (0, 0, 0, 0, 1), (2,))] if rows else []


def ledger_table(assessment: Assessment, rows: Iterable[Sequence[object]]) -> list[Table]:
    """List the first sites that the ledger calls dual and that are not; none without any."""
    lang = language(assessment)
    shown = []
    for row in list(rows)[:_MOST_LEDGER]:
        _, city, _, site_id, name, _, booked, computed, severity, where, *_ = row
        shown.append((
            cut(f"{name} ({site_id})", 44), cut(str(city), 16),
            labels.label("claimed_route", str(booked), lang),
            labels.label("level", str(computed), lang), severity_cell(str(severity), lang),
            cut_list(str(where), lang, 100),
        ))  # fmt: skip
    heads = headings(lang, "name", "city", "booked", "computed", "severity", "place")
    return [Table(heads, shown, (2, 0, 0, 0, 0, 5))] if shown else []
