"""Sections of a customer's sheet: sites, hazards, what to do, doubts about the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.assessment.customers.actions import ACTIONS
from netgraph.assessment.handover.pdf_tables import cut, grade_cell, headings, severity_cell
from netgraph.assessment.handover.workbook_lists import ledger_rows, worst_verdict
from netgraph.diversity.audit.reasons import reason_for
from netgraph.diversity.levels import Level
from netgraph.messages import say_message
from netgraph.report import labels
from netgraph.report.pdf import Bullets, Paragraph, Section, Table
from netgraph.report.trace.words import record
from netgraph.scoring.results import Result
from netgraph.upgrades.shortcomings import find_shortcomings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.assessment.customers.sheet import CustomerCase
    from netgraph.report.pdf import Block

_MOST_SITES, _MOST_CAUSES, _MOST_DEVICES, _MOST_DOUBTS = 6, 7, 5, 3
_MOST_EXAMPLES = 2  # records named of one problem
_MOST_NAMED = 3  # sites in one sentence


def site_section(case: CustomerCase) -> Section:
    """List the sites, worst first, with the sentence that says where they hang."""
    assessment, lang = case.assessment, case.lang
    rows = []
    for standing in case.standings[:_MOST_SITES]:
        verdict, score = worst_verdict(assessment, standing), standing.score
        level = standing.level.value if standing.level else ""
        rows.append((
            cut(f"{standing.name} ({standing.site_id})", 40),
            labels.label("tier", standing.tier, lang),
            severity_cell(standing.severity.value, lang), labels.label("level", level, lang),
            "" if score is None or score.score is None else f"{score.score:.1f}",
            grade_cell(standing.grades, lang),
            cut(reason_for(assessment.audit, verdict, assessment.located[verdict.unit], lang), 110),
            labels.label("action", case.actions[standing.site_id], lang),
        ))  # fmt: skip
    heads = [
        *headings(lang, "name", "tier", "severity", "level", "score", "grade", "finding"),
        case.say("do"),
    ]
    table = Table(
        heads, rows, (3, 0, 0, 0, 0, 0, 5, 2), (4,), _more(case, len(case.standings), _MOST_SITES)
    )
    return Section(case.say("sites"), [table], on_new_page=False)


def _more(case: CustomerCase, count: int, most: int) -> str:
    left_out = count - most
    return labels.text("left_out", case.lang, count=f"{left_out:,}") if left_out > 0 else ""


def hazard_section(case: CustomerCase) -> Section:
    """List the places of the hazards, numbered as on the map."""
    lang, causes = case.lang, case.causes
    rows = [
        (
            str(number), severity_cell(cause.severity.value, lang),
            labels.label("kind", cause.kind, lang),
            cut(case.naming.ends(cause.from_place, cause.to_place), 70),
            f"{cause.length_m:,.0f}", f"{cause.sites:,}", f"{cause.circuits:,}",
        )
        for number, cause in enumerate(causes[:_MOST_CAUSES], start=1)
    ]  # fmt: skip
    heads = ["", *headings(lang, "severity", "kind", "place", "metres", "sites", "circuits")]
    table = Table(
        heads, rows, (0, 0, 0, 1, 0, 0, 0), (0, 4, 5, 6), _more(case, len(causes), _MOST_CAUSES)
    )
    blocks: list[Block] = [table] if rows else [Paragraph(case.say("no_hazards"))]
    return Section(case.say("hazards"), blocks, on_new_page=False)


def action_section(case: CustomerCase) -> Section:
    """Say what to do: routes first, then devices and power."""
    sentences = []
    for action in ACTIONS:
        names = [s.name or s.site_id for s in case.standings if case.actions[s.site_id] == action]
        if names:
            words = {"count": len(names), "sites": _listed(case, names)}
            sentences.append(case.say(f"do_{action}", **words))
    blocks: list[Block] = [Bullets(sentences)] if sentences else []
    return Section(case.say("what_to_do"), [*blocks, *_devices(case)], on_new_page=False)


def _listed(case: CustomerCase, names: list[str]) -> str:
    gap = "、" if case.lang == "zh" else ", "
    text = gap.join(cut(name, 30) for name in names[:_MOST_NAMED])
    return text if len(names) <= _MOST_NAMED else f"{text}{gap}…"


def _devices(case: CustomerCase) -> list[Block]:
    """Devices, power and rooms that fail items of its sites, by what is wrong; worst first."""
    assessment, lang = case.assessment, case.lang
    places = [s.place for s in case.standings]
    found = find_shortcomings(assessment.audit, assessment.scores, places)
    alike: dict[tuple[str, str], tuple[set[str], list[str]]] = {}
    for item in labels.identifiers("device_problem"):
        key = labels.label("device_problem", item, lang), labels.label("device_cure", item, lang)
        sites, rows = alike.setdefault(key, (set(), []))
        for row, failed in found.items.items():
            if item in failed:
                sites.update(failed[item])
                rows.append(row)
    shown = [
        (*key, f"{len(set(rows)):,}", f"{len(sites):,}",
         cut(case.naming.listed(dict.fromkeys(rows), _MOST_EXAMPLES), 60))
        for key, (sites, rows) in sorted(alike.items(), key=lambda each: -len(each[1][0]))
        if rows
    ]  # fmt: skip
    heads = [
        case.say("problem"), case.say("cure"), case.say("records"), *headings(lang, "sites"),
        case.say("record"),
    ]  # fmt: skip
    more = _more(case, len(shown), _MOST_DEVICES)
    return [Table(heads, shown[:_MOST_DEVICES], (2, 3, 0, 0, 4), (2, 3), more)] if shown else []


def doubt_section(case: CustomerCase) -> Section:
    """Say what the records leave open, and which record settles it."""
    sentences = list(_doubts(case))
    blocks: list[Block] = [Bullets(sentences or [case.say("no_doubts")])]
    return Section(case.say("doubts"), blocks, on_new_page=False)


def _doubts(case: CustomerCase) -> Iterator[str]:
    lang, standings = case.lang, case.standings
    open_ = [s for s in standings if s.level is Level.UNDECIDABLE]
    if open_:
        missing = dict.fromkeys(
            record(words, lang) for v in case.verdicts if v.level is Level.UNDECIDABLE
            for words in v.missing
        )  # fmt: skip
        named = case.naming.listed(missing, _MOST_DOUBTS)
        yield case.say("undecidable", count=len(open_), records=cut(named, 300))
    unconfirmed = sum(s.is_unconfirmed for s in standings)
    if unconfirmed:
        yield case.say("unconfirmed", count=unconfirmed)
    unknown = {
        item for s in standings if s.score
        for item, result in s.score.items.items() if result.result is Result.UNKNOWN
    }  # fmt: skip
    provisional = sum(bool(s.score and s.score.is_provisional) for s in standings)
    if unknown:
        items = case.naming.listed(sorted(unknown), 20)
        yield case.say("unknown_items", items=items, provisional=provisional)
    booked = ledger_rows(case.assessment, standings, case.naming)
    if booked:
        names = [str(name or site) for _, _, _, site, name, *_ in booked]
        yield case.say("ledger", count=len(booked), sites=_listed(case, names))
    ids = {s.site_id for s in standings}
    ids |= {str(case.assessment.network.circuits.ids[c]) for c in case.circuits}
    own = [f for f in case.assessment.findings if f.row_id.partition("/")[0] in ids]
    for finding in own[:_MOST_DOUBTS]:
        said = say_message(finding.message, case.assessment.options.lang)
        words = f"{finding.table} {finding.row_id}: {said}"
        yield f"{finding.rule} {cut(words, 200)}"
