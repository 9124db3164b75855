"""The first sheet: figures, the worst sites and causes, what the sheets hold, the small print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.report import labels
from netgraph.report.workbook.blocks import Blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

    from netgraph.report.labels import Language
    from netgraph.report.summary import Summary, UnitCount, WorstSite
    from netgraph.report.workbook.formats import Formats
    from netgraph.report.workbook.model import Book

_MOST_CITIES, _MOST_CAUSES = 15, 10


def write_summary_sheet(book: xlsxwriter.Workbook, content: Book, formats: Formats) -> Worksheet:
    """Write the summary: it is read, not filtered, and so has blocks instead of one heading."""
    page = book.add_worksheet(labels.text("summary", content.lang))
    page.hide_gridlines(2)
    page.set_first_sheet()
    page.activate()
    writer = Blocks(page, formats, content.lang)
    _write_head(writer, content)
    writer.block(
        "worst_sites", _SITE_HEADINGS, _site_rows(content.summary.worst_sites, content.lang)
    )
    _write_grades(writer, content.summary)
    _write_severities(writer, content.summary)
    for heading, key, units in _unit_blocks(content.summary):
        writer.block(heading, _unit_headings(key), _unit_rows(units, key, content.lang))
    writer.block("worst_causes", _CAUSE_HEADINGS, _cause_rows(content))
    writer.contents(content.sheets)
    writer.notes(content.notes)
    writer.set_up_print()
    return page


_SITE_HEADINGS = (
    "site_id", "name", "city", "tier", "severity", "recorded_level", "score", "ratio", "grade",
)  # fmt: skip
_CAUSE_HEADINGS = ("kind", "place", "severity", "metres", "circuits", "sites", "worst_tier")


def _write_head(writer: Blocks, content: Book) -> None:
    summary, lang = content.summary, writer.lang
    writer.text(summary.name or labels.text("assessment", lang), "title")
    writer.line += 1
    date = summary.snapshot_date
    snapshot = labels.text("snapshot", lang, date=date) if date else ""
    writer.text(snapshot or labels.text("snapshot_unknown", lang), "note")
    writer.line += 1
    names = ("sites", "circuits", "customers")
    writer.figures([(name, getattr(summary, name)) for name in names])
    for note in content.notes:
        if note.is_strong:
            writer.note(note.text, "strong")
    writer.line += 1


def _write_grades(writer: Blocks, summary: Summary) -> None:
    total = sum(summary.grades.values())
    rows = [
        (grade, count, count / total if total else None, summary.grades_best.get(grade, 0))
        for grade, count in summary.grades.items()
    ]
    writer.block("grades", ("grade", "sites", "share", "grades_best"), rows)


def _write_severities(writer: Blocks, summary: Summary) -> None:
    """Write how many sites, places and hazards there are of each severity."""
    names = ("severity", *(what for what, _ in summary.by_severity))
    rows = [
        (severity, *(counts.get(severity, 0) for _, counts in summary.by_severity))
        for severity in labels.identifiers("severity")
    ]
    writer.block("by_severity", names, rows)


def _unit_blocks(summary: Summary) -> tuple[tuple[str, str, Sequence[UnitCount]], ...]:
    return (
        ("by_tier", "tier", summary.by_tier),
        ("by_city", "city", summary.by_city[:_MOST_CITIES]),
    )


def _unit_headings(key: str) -> tuple[str, ...]:
    grades = tuple(f"grade_{grade}" for grade in labels.identifiers("grade"))
    return (key, "sites", "circuits", *grades, "provisional", "dual_route_ratio")


def _unit_rows(units: Sequence[UnitCount], key: str, lang: Language) -> list[tuple[object, ...]]:
    return [
        (
            labels.label("tier", unit.name, lang) if key == "tier" else unit.name or "—",
            unit.sites, unit.circuits,
            *(unit.grades.get(grade, 0) for grade in labels.identifiers("grade")),
            unit.provisional,
            f"{unit.dual_proven} / {unit.dual_required}",
        )
        for unit in units
    ]  # fmt: skip


def _site_rows(sites: Sequence[WorstSite], lang: Language) -> list[tuple[object, ...]]:
    return [
        (
            site.site_id, site.name, site.city, labels.label("tier", site.tier, lang),
            site.severity, labels.label("level", site.level, lang) if site.level else "",
            site.score, site.ratio, site.grade,
        )
        for site in sites
    ]  # fmt: skip


def _cause_rows(content: Book) -> list[tuple[object, ...]]:
    lang = content.lang
    return [
        (
            labels.label("kind", cause.kind, lang), cause.place, cause.severity, cause.metres,
            cause.circuits, cause.sites, labels.label("tier", cause.worst_tier, lang),
        )
        for cause in content.summary.causes[:_MOST_CAUSES]
    ]  # fmt: skip
