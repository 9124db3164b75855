"""Gather the printable report of an assessment: OUT/report.pdf."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from netgraph.assessment.handover.naming import Naming
from netgraph.assessment.handover.pdf_tables import (
    cause_table,
    city_table,
    finding_table,
    grade_strip,
    item_table,
    ledger_table,
    severity_table,
    site_table,
    tier_table,
    worst_table,
)
from netgraph.assessment.handover.workbook_lists import SINGLE_LEVELS, language, ledger_rows
from netgraph.assessment.standing import site_standings
from netgraph.assessment.summary import causes_by_sites, count_cause
from netgraph.assessment.works.pdf import works_section
from netgraph.report import labels
from netgraph.report.figures import two_digits
from netgraph.report.pdf import Bullets, Figure, Paragraph, Report, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from netgraph.assessment.standing import SiteStanding
    from netgraph.assessment.value import Assessment
    from netgraph.report.pdf import Block
    from netgraph.report.plan.model import PlannedWorks

    #: Looks up a phrase of the report and fills its places in.
    Say = Callable[..., str]

_METHOD = (
    "method_routes", "method_unknown", "method_levels", "method_severity", "method_achievable",
    "method_scores", "method_grades", "method_outages", "method_ledger",
)  # fmt: skip


def report_of(
    assessment: Assessment, pictures: Mapping[str, Path], works: PlannedWorks | None = None
) -> Report:
    """Gather what OUT/report.pdf says.

    Parameters
    ----------
    assessment
        The results.
    pictures
        PNG files by name: the charts of :mod:`netgraph.assessment.handover.charts`, "sites" for the
        map, "before_after" and "frontier" for the works. What is missing is left out.
    works
        The works of a plan for the same inventory; without, the report says how to get one.

    Returns
    -------
    Report
        For :func:`netgraph.report.pdf.write_report`.
    """
    summary, lang = assessment.summary, language(assessment)
    table = assessment.network.inventory.table("inventory")
    notice = str(table["notes"][0]) if len(table) else ""
    date = summary.snapshot_date
    snapshot = labels.text("snapshot", lang, date=date) if date else ""
    card = assessment.scores.card
    name = summary.name or labels.text("assessment", lang)
    return Report(
        title=_say(assessment)("title"),
        subtitle=f"{name} · {snapshot or labels.text('snapshot_unknown', lang)}",
        header=_say(assessment)("title"),
        sections=_sections(assessment, pictures, works),
        notice=notice,
        figures=[
            (f"{count:,}", labels.label("column", one if count == 1 else f"{one}s", lang))
            for one in ("site", "circuit", "customer")
            for count in (getattr(summary, f"{one}s"),)
        ],
        bar=grade_strip(summary.grades, lang),
        small_print=[
            card.note_zh if lang == "zh" else card.note_en, labels.text("records_note", lang),
        ],
        contents_title=_say(assessment)("contents"),
        snapshot_date=assessment.network.inventory.snapshot_date,
        lang=lang,
    )  # fmt: skip


def _say(assessment: Assessment) -> Say:
    lang = language(assessment)

    def say(phrase: str, **values: object) -> str:
        told = {k: f"{value:,}" if isinstance(value, int) else value for k, value in values.items()}
        return labels.label("report", phrase, lang).format(**told)

    return say


def _sections(
    assessment: Assessment, pictures: Mapping[str, Path], works: PlannedWorks | None
) -> list[Section]:
    standings, naming = site_standings(assessment), Naming(assessment)
    say = _say(assessment)

    def picture(name: str, width: float = 1.0, most_cm: float = 19.0) -> list[Block]:
        path = pictures.get(name)
        return [Figure(path, "", width, most_cm)] if path else []

    return [
        _summary(assessment, standings, picture("three_grid", 0.9, 6.0), say),
        *_map(picture("sites", 1.0, 21.5), say),
        Section(say("method"), [
            Paragraph(say("method_lead")),
            Bullets([say(phrase, **_numbers(assessment)) for phrase in _METHOD]),
        ]),
        Section(say("cities"), [
            city_table(assessment), *picture("grades_by_city", 0.95, 10.5),
            *picture("comparison", 0.9, 8),
        ]),
        Section(say("worst"), [Paragraph(say("worst_lead")), site_table(assessment, standings)]),
        Section(say("causes"), [
            Paragraph(say("causes_lead", causes=len(assessment.causes_found))),
            *picture("causes", 0.9, 11), cause_table(assessment),
        ]),
        Section(say("items"), [
            Paragraph(say("items_lead")), *picture("items", 0.85, 8.5), item_table(assessment),
            *picture("item_ranking", 0.8, 7.5),
        ]),
        works_section(assessment, works, pictures, say("works")) if works
        else Section(say("works"), [Paragraph(say("works_none"), "note")]),
        _data(assessment, standings, naming, say),
    ]  # fmt: skip


def _map(picture: Sequence[Block], say: Say) -> list[Section]:
    return [Section(say("map"), [*picture, Paragraph(say("map_key"), "small")])] if picture else []


def _summary(
    assessment: Assessment, standings: Sequence[SiteStanding], chart: Sequence[Block], say: Say
) -> Section:
    summary = assessment.summary
    single = sum(s.level in SINGLE_LEVELS for s in standings)
    required = sum(summary.requirement.values())
    grades = summary.grades
    sentences = [
        say("sum_single", single=single, sites=summary.sites),
        say("sum_required", required=required, **summary.requirement),
        say(
            "sum_grades", lowest=list(grades.values())[-1], good=sum(list(grades.values())[:2]),
            graded=sum(grades.values()), provisional=summary.provisional,
        ),
    ]  # fmt: skip
    if causes := causes_by_sites(assessment):
        worst = count_cause(assessment, causes[0])
        sentences.append(say("sum_cause", place=worst.place, sites=worst.sites))
    if summary.outages and summary.outages.circuits:
        sentences.append(say(
            "sum_outages", faults=two_digits(summary.outages.faults_month),
            minutes=two_digits(summary.outages.median_minutes_year),
        ))  # fmt: skip
    blocks = [
        Bullets(sentences), Paragraph(say("worst"), "strong"), worst_table(assessment, standings),
        severity_table(assessment), tier_table(assessment), *chart,
    ]  # fmt: skip
    return Section(say("summary"), blocks, on_new_page=False)


def _counts(counted: Mapping[str, int], *names: str) -> dict[str, int]:
    return {name: counted.get(name, 0) for name in names}


def _numbers(assessment: Assessment) -> dict[str, object]:
    """Return the thresholds that the method speaks of."""
    rules, card, zh = assessment.options.rules, assessment.scores.card, language(assessment) == "zh"
    grades = [
        f"{grade.zh if zh else grade.en} {grade.min_pct} %"
        for grade in card.grades
        if grade.min_pct
    ]
    marks = [f"{tier.zh if zh else tier.en} {tier.full_marks}" for tier in card.tiers]
    gap = "、" if zh else ", "
    return {
        "tolerance": f"{rules.entry_tolerance_m:g}", "separation": f"{rules.separation_m:g}",
        "run": f"{rules.run_m:g}", "grades": gap.join(grades), "marks": gap.join(marks),
    }  # fmt: skip


def _data(
    assessment: Assessment, standings: Sequence[SiteStanding], naming: Naming, say: Say
) -> Section:
    summary = assessment.summary
    unknown = Counter(
        item
        for standing in standings if standing.score
        for item, result in standing.score.items.items() if result.result.value == "unknown"
    )  # fmt: skip
    rows = ledger_rows(assessment, standings, naming)
    sentences = [
        say("data_findings", **_counts(summary.findings, "error", "warning", "info")),
        say("data_undecidable", undecidable=summary.undecidable, unconfirmed=summary.unconfirmed),
        say("data_unknown", sites=summary.provisional, items=len(unknown)),
        say("data_ledger", count=len(rows)),
    ]  # fmt: skip
    if summary.without_site:
        sentences.append(say("data_without_site", count=summary.without_site))
    if summary.unproven:
        sentences.append(say("data_unproven", count=summary.unproven))
    tables: list[Block] = [Bullets(sentences), *finding_table(assessment)]
    tables += ledger_table(assessment, rows)
    return Section(say("data"), tables, on_new_page=False)
