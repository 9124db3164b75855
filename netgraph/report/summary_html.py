"""A summary as HTML for notebooks: small tables, no script, nothing loaded from elsewhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from netgraph.report import labels
from netgraph.report.palette import GRADE_COLOURS, SEVERITY_COLOURS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netgraph.report.labels import Language
    from netgraph.report.summary import CauseCount, Summary, UnitCount, WorstSite

_MOST_ROWS = 15


def summary_html(summary: Summary, lang: Language) -> str:
    """Return the summary as one `div`; names are escaped."""
    counts = " · ".join(
        f"{labels.label('column', name, lang)} {getattr(summary, name):,}"
        for name in ("sites", "circuits", "customers")
    )
    title = summary.name or labels.text("assessment", lang)
    parts = [f"<b>{escape(title)}</b> — {counts}", _grades(summary, lang)]
    for heading, units in (("by_tier", summary.by_tier), ("by_city", summary.by_city)):
        parts.append(_units(labels.text(heading, lang), units, lang))
    parts.append(_severities(summary, lang))
    parts.append(_worst_sites(summary.worst_sites, lang))
    parts.append(_causes(summary.causes, lang))
    if summary.without_site:
        count = f"{summary.without_site:,}"
        parts.append(escape(labels.text("without_site_note", lang, count=count)))
    if summary.score_note:
        parts.append(f"<small>{escape(summary.score_note)}</small>")
    return "<div>" + "".join(f"<div>{part}</div>" for part in parts if part) + "</div>"


def _grades(summary: Summary, lang: Language) -> str:
    chips = [
        _chip(f"{labels.label('grade', grade, lang)} {summary.grades[grade]:,}", colour)
        for grade, colour in GRADE_COLOURS.items()
        if summary.grades.get(grade) and grade
    ]
    return " ".join(chips)


def _chip(text: str, colour: str) -> str:
    style = f"background:{colour};color:#fff;border-radius:3px;padding:1px 7px"
    return f'<span style="{style}">{escape(text)}</span>'


def _units(heading: str, units: Sequence[UnitCount], lang: Language) -> str:
    grades = labels.identifiers("grade")
    head = [heading, labels.label("column", "sites", lang)]
    head += [labels.label("grade", grade, lang) for grade in grades]
    rows = [
        [
            labels.label("tier", unit.name, lang),
            unit.sites,
            *(unit.grades.get(g, 0) for g in grades),
        ]
        for unit in units[:_MOST_ROWS]
    ]
    return _table(head, rows)


def _severities(summary: Summary, lang: Language) -> str:
    severities = labels.identifiers("severity")
    head = [labels.text("by_severity", lang), *(_severity(each, lang) for each in severities)]
    rows = [
        [labels.text(what, lang), *(counts.get(each, 0) for each in severities)]
        for what, counts in summary.by_severity
    ]
    return _table(head, rows)


def _worst_sites(sites: Sequence[WorstSite], lang: Language) -> str:
    names = ("name", "city", "tier", "severity", "recorded_level", "score")
    head = [labels.text("worst_sites", lang), *(labels.label("column", c, lang) for c in names[1:])]
    rows = [
        [
            f"{site.name} ({site.site_id})" if site.name else site.site_id,
            site.city,
            labels.label("tier", site.tier, lang),
            _severity(site.severity, lang) if site.severity else "",
            labels.label("level", site.level, lang) if site.level else "",
            "" if site.score is None else f"{site.score:.1f}",
        ]
        for site in sites
    ]
    return _table(head, rows)


def _causes(causes: Sequence[CauseCount], lang: Language) -> str:
    head = [labels.label("column", c, lang) for c in ("severity", "kind", "place", "sites")]
    rows = [
        [
            _severity(cause.severity, lang),
            labels.label("kind", cause.kind, lang),
            cause.place,
            cause.sites,
        ]
        for cause in causes[:_MOST_ROWS]
    ]
    return _table(head, rows)


class _Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def _severity(severity: str, lang: Language) -> _Markup:
    colour = SEVERITY_COLOURS.get(severity, GRADE_COLOURS[""])
    word = escape(labels.label("severity", severity, lang))
    return _Markup(f'<span style="color:{colour}">■</span> {word}')


def _table(head: Iterable[str], rows: Sequence[Sequence[object]]) -> str:
    if not rows:
        return ""
    top = "".join(f"<th>{_text(text)}</th>" for text in head)
    body = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f'<td style="text-align:right">{value:,}</td>'
    return f"<td>{_text(value)}</td>"


def _text(value: object) -> str:
    return value if isinstance(value, _Markup) else escape(str(value))
