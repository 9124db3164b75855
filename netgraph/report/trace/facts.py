"""What a sheet says beside its lanes, in the terminal as on the page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from netgraph.diversity.levels import Level
from netgraph.report import labels
from netgraph.report.trace.text import SIGNS
from netgraph.report.trace.words import (
    colon,
    count,
    kind_of,
    length,
    record,
    say,
    separator,
    several,
    thing,
)

if TYPE_CHECKING:
    from netgraph.report.labels import Language
    from netgraph.report.trace.sheet import (
        Alternative,
        BestRoute,
        CertificateNote,
        HazardNote,
        Trace,
        UnitTrace,
    )

_RANK = {level.value: rank for rank, level in enumerate(Level)}
_MOST_VIA = 10
_INFO_KINDS = frozenset({"single_route", "radio_backup", "undecidable"})


def hazard_facts(hazard: HazardNote, lang: Language) -> tuple[str, str, str, str, str]:
    """Return a hazard's sign, severity, kind, place and measures."""
    mark = f"{SIGNS['shared']}{hazard.number}" if hazard.number else "—"
    names = [n for n in hazard.names if n not in hazard.place]
    if hazard.kind == "undecidable":
        names = [record(name, lang) for name in names]
    where = " · ".join(part for part in (hazard.place, several(names, lang)) if part)
    is_at = hazard.kind not in _INFO_KINDS and math.isfinite(hazard.at_m)
    at = say("at", lang, metres=f"{hazard.at_m:,.0f}") if is_at else ""
    size = length(hazard.length_m, lang) if hazard.length_m > 0 else ""
    return (
        mark,
        labels.label("severity", hazard.severity, lang),
        labels.label("kind", hazard.kind, lang),
        where,
        separator(lang).join(part for part in (size, at) if part),
    )


def best_route(route: BestRoute, number: int, layer: str, lang: Language) -> str:
    """Return one route of a best pair: how long, what of it is new, and where it passes."""
    parts = [
        say("route", lang, number=number),
        length(route.length_m, lang),
        count(f"{layer}_count", len(route.items), lang),
    ]
    if route.new_m > 0 or math.isnan(route.new_m):
        parts.append(say("new", lang, length=length(route.new_m, lang)))
    head = parts[0] + colon(lang) + " · ".join(parts[1:])
    via = route.via
    if len(via) > _MOST_VIA:
        via = (*via[: _MOST_VIA - 3], "…", *via[-2:])
    return f"{head} · {' › '.join(via)}" if via else head


def alternative_facts(answer: Alternative, lang: Language) -> list[str]:
    """Return what is to say of a best pair besides its level and routes."""
    if answer.level == "unproven":
        return [say("unproven", lang)]
    if not answer.is_connected:
        return [say("not_connected", lang)]
    lines = []
    if answer.shared:
        names = (f"{kind_of(named, lang)} {thing(named)}" for named in answer.shared)
        what = several(names, lang, 4)
        if answer.shared_m > 0:
            what += f" ({length(answer.shared_m, lang)})"
        lines.append(say("still_shares", lang, things=what))
    elif len(answer.routes) > 2:
        lines.append(say("all_share_nothing", lang, n=len(answer.routes)))
    elif answer.routes:
        lines.append(say("shares_nothing", lang))
    if answer.unavoidable and answer.disjoint_otherwise:
        lines.append(say("disjoint_otherwise", lang))
    if answer.routes and not answer.is_shortest:
        lines.append(say("not_shortest", lang))
    return lines


def certificate_lines(trace: Trace, most: int) -> list[str]:
    """Return what the verdicts of a sheet rest on, a line a certificate; the rest is counted.

    Separating risks of a layer are told in one line: the sheet lists them apart.
    """
    lang, lines = trace.lang, list[str]()
    for question in dict.fromkeys(note.question for note in trace.certificates):
        notes = [note for note in trace.certificates if note.question == question]
        parting = [note.subject for note in notes if note.kind == "separating_risk"]
        told = [_certificate(note, lang) for note in notes if note.kind != "separating_risk"]
        if parting:
            risks = several(parting, lang, 3)
            ends = " / ".join(notes[-1].ends)
            told.insert(0, say("certificate_separating_risk", lang, ends=ends, things=risks))
        head = say(f"question_{question}", lang) + colon(lang)
        lines += [head + words for words in told]
    more = len(lines) - most
    return [*lines[:most], say("more_certificates", lang, count=more)] if more > 0 else lines


def _certificate(note: CertificateNote, lang: Language) -> str:
    shared = (
        say("certificate_shares", lang, things=several(note.shared, lang, 3))
        if note.shared
        else say("certificate_shares_nothing", lang)
    )
    words = say(
        f"certificate_{note.kind}", lang,
        steps=" + ".join(map(str, note.steps)), shared=shared,
        records=several((record(name, lang) for name in note.missing), lang, 3) or "–",
    )  # fmt: skip
    about = note.subject
    if note.question != "recorded":
        ends = " / ".join(note.ends) or say("unknown_end", lang)
        about = say("certificate_about", lang, subject=about, ends=ends)
    return f"{about} · {words}"


def beside_today(answer: Alternative, lang: Language) -> str:
    """Say whether a best pair is better than the recorded level; "" if that cannot be told."""
    open_ = {"unproven", "undecidable"}
    level = answer.today
    if level in open_ or answer.level in open_ or not answer.is_connected:
        return ""
    worth = _RANK[answer.level] - _RANK[level]
    return say("better_than_today" if worth > 0 else "no_better", lang)


def trace_title(trace: Trace) -> str:
    """Return the head of the sheet: what is traced, and from where to where."""
    ends = f"{thing(trace.site)} → {' / '.join(thing(end) for end in trace.centres)}"
    if trace.table == "sites":
        return ends
    return f"{say('circuit', trace.lang)} {trace.subject} · {ends}"


def trace_facts(trace: Trace) -> list[str]:
    """Return the facts under the head: customer, tier, circuits, network, date."""
    lang = trace.lang
    parts = []
    if trace.customer.id:
        parts.append(thing(trace.customer))
    if trace.standing.tier:
        parts.append(labels.label("tier", trace.standing.tier, lang))
    parts.append(count("circuits_count", sum(len(unit.circuits) for unit in trace.units), lang))
    if trace.inventory:
        parts.append(trace.inventory)
    if trace.snapshot_date:
        parts.append(labels.text("snapshot", lang, date=trace.snapshot_date))
    return parts


def requirement(trace: Trace) -> list[str]:
    """Return the tier's requirement, and whether the ledger's claim agrees."""
    lang, standing = trace.lang, trace.standing
    lines = []
    if standing.required:
        met = {True: "met", False: "not_met", None: "undecided"}[standing.meets_requirement]
        level = labels.label("level", standing.required, lang)
        lines.append(say("required", lang, level=level) + colon(lang) + labels.text(met, lang))
    else:
        lines.append(say("nothing_required", lang))
    if standing.claimed_route:
        word = labels.label("claimed_route", standing.claimed_route, lang)
        agrees = {True: "claim_agrees", False: "claim_differs", None: "claim_open"}
        lines.append(
            say("claimed", lang, claim=word)
            + colon(lang)
            + say(agrees[standing.claim_agrees], lang)
        )
    return lines


def signs_used(trace: Trace) -> list[str]:
    """Return the signs that the sheet has to explain, each with its meaning."""
    cells = [
        cell
        for unit in trace.units
        for panel in unit.panels
        for lane in (panel.left, panel.right)
        for cell in (lane.cells if lane else ())
    ]
    marks = {cell.mark for cell in cells} | {"" if all(c.is_measured for c in cells) else "star"}
    return [
        f"{sign} {say(f'sign_{mark}', trace.lang)}" for mark, sign in SIGNS.items() if mark in marks
    ]


def unit_title(unit: UnitTrace, lang: Language) -> str:
    """Return the name of a group with its circuits, or the circuits alone."""
    ids = [circuit.circuit_id for circuit in unit.circuits]
    circuits = several(ids, lang, 6)
    return circuits if unit.name in ids else f"{unit.name} [{circuits}]"


def level_words(level: str, lang: Language, *, is_complete: bool = True) -> str:
    """Return a level, with "or worse" where records are missing."""
    word = labels.label("level", level, lang)
    settled = is_complete or level in {"undecidable", "single_route"}
    return word if settled else word + say("or_worse", lang)


def unit_notes(unit: UnitTrace, lang: Language) -> list[str]:
    """Return what qualifies the verdict of a unit."""
    notes = []
    if unit.is_unconfirmed:
        notes.append(say("unconfirmed", lang))
    if unit.is_derived:
        notes.append(say("derived_note", lang))
    if unit.missing:
        records = several((record(words, lang) for words in unit.missing), lang, 4)
        notes.append(say("missing", lang, records=records))
    others = [c for c in unit.circuits if c.level != unit.level]
    if others:
        words = (f"{c.circuit_id} {labels.label('level', c.level, lang)}" for c in others)
        notes.append(say("alone", lang, levels=several(words, lang, 4)))
    return notes


def score_words(trace: Trace) -> str:
    """Return the score with its grade, and the grade if every unknown passed."""
    score, lang = trace.score, trace.lang
    if score is None or score.score is None:
        return ""
    grade = labels.label("grade", score.grade, lang)
    if score.is_provisional:
        grade += f" ~ {labels.label('grade', score.grade_best, lang)}"
    known = say("known_points", lang, known=score.known_points, applicable=score.applicable)
    return f"{score.score:.1f} / {score.full_marks} · {grade} · {known}"
