"""The sheet as one HTML page that prints on A4: no script, nothing loaded, every name escaped."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import TYPE_CHECKING

from netgraph.report import labels
from netgraph.report.trace import asked
from netgraph.report.trace import facts as trace_facts
from netgraph.report.trace import text as trace_text
from netgraph.report.trace import words as trace_words
from netgraph.report.trace.fit import fit_units
from netgraph.report.trace.strip import strip
from netgraph.report.trace.style import STYLE
from netgraph.report.trace.text import Telling
from netgraph.report.trace.unavoidable import unavoidable_heading, unavoidable_lines
from netgraph.report.trace.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netgraph.report.labels import Language
    from netgraph.report.trace.fit import Fit, Limits
    from netgraph.report.trace.layout import Row
    from netgraph.report.trace.sheet import Alternative, Cell, Panel, Trace, UnitTrace
    from netgraph.report.trace.text import Told


def trace_page(trace: Trace, image: bytes = b"") -> str:
    """Return the sheet as a whole page with a strict content security policy."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode("utf-8")).digest()).decode("ascii")
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    language = "zh-CN" if trace.lang == "zh" else "en"
    title = _e(trace_facts.trace_title(trace))
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{STYLE}</style></head>"
        f"<body>{_body(trace, image)}</body></html>\n"
    )


def trace_fragment(trace: Trace) -> str:
    """Return the sheet as one `div` for a notebook, without the map."""
    return f"<div><style>{STYLE}</style>{_body(trace, b'')}</div>"


def _body(trace: Trace, image: bytes) -> str:
    fitted = fit_units(trace, image)
    limits = fitted.limits
    parts = [_head(trace), *(_unit(trace, fit, limits, image) for fit in fitted.units)]
    if fitted.left_out:
        parts.append(_left_out(fitted.left_out, trace.lang))
    parts += [_answers(trace, limits.points), _certificates(trace, limits.items)]
    parts += [_score(trace, limits.items), _foot(trace)]
    return f'<main class="ng-trace">{"".join(parts)}</main>'


def _e(words: str) -> str:
    return escape(words, quote=True)


def _element(tag: str, content: str, classes: str = "") -> str:
    looks = f' class="{classes}"' if classes else ""
    return f"<{tag}{looks}>{content}</{tag}>"


def _head(trace: Trace) -> str:
    lang, standing = trace.lang, trace.standing
    words = trace_facts.level_words(standing.level, lang, is_complete=standing.is_complete)
    severity = labels.label("severity", standing.severity, lang)
    badge = f'<span class="badge {_e(standing.severity)}">{_e(words)} · {_e(severity)}</span>'
    return (
        f"<header><p class='kicker'>{_e(say('sheet', lang))}</p>"
        f"<h1>{_e(trace_facts.trace_title(trace))}</h1>"
        f"<p class='facts'>{_e(' · '.join(trace_facts.trace_facts(trace)))}</p>"
        f"<p class='verdict'>{badge} {_e(' · '.join(trace_facts.requirement(trace)))}</p></header>"
    ).replace("'", '"')


def _unit(trace: Trace, fit: Fit, limits: Limits, image: bytes) -> str:
    unit, lang = fit.unit, trace.lang
    level = trace_facts.level_words(unit.level, lang, is_complete=unit.is_complete)
    parts = [
        _element("h2", f"{_e(trace_facts.unit_title(unit, lang))} <b>{_e(level)}</b>"),
        _element("p", _aspects(unit, lang), "aspects"),
        _element("p", _e(unit.reason), "reason"),
        *(_element("p", "! " + _e(note), "note") for note in trace_facts.unit_notes(unit, lang)),
    ]
    for panel, rows in zip(unit.panels, fit.rows, strict=False):
        parts.append(_element("div", strip(panel, lang), "strip"))
        parts.append(_lanes(trace, unit, panel, rows))
    if more := unit.panels[len(fit.rows) :]:
        routes = trace_words.several((r for p in more for r, _ in p.left.routes), lang, 6)
        parts.append(_element("p", _e(say("more_panels", lang, circuits=routes)), "note"))
    is_first = unit is trace.units[0]
    if is_first:
        parts.append(_legend(trace))
    tables = _hazards(unit, lang, limits.hazards) + _sections(unit, lang)
    tables += _unavoidable(trace, limits.points) if is_first else ""
    picture = ""
    if is_first and image:
        data = base64.b64encode(image).decode("ascii")
        size = f"mm{fit.picture_mm}"
        picture = f'<img alt="{_e(say("map", lang))}" src="data:image/png;base64,{data}">'
        picture = _element("figure", picture, size)
    parts.append(_element("div", _element("div", tables) + picture, "beside"))
    return _element("section", "".join(parts))


def _aspects(unit: UnitTrace, lang: Language) -> str:
    parts = []
    for name in ("logical_diverse", "plant_diverse", "physical_diverse"):
        value = getattr(unit, name)
        word = {True: "yes", False: "no", None: "open"}[value]
        parts.append(
            f'{_e(say(name, lang))} <b class="{word}">{_e(trace_words.truth(value, lang))}</b>'
        )
    confidence = labels.label("confidence", unit.confidence, lang)
    parts.append(f"{_e(say('confidence', lang))} <b>{_e(confidence)}</b>")
    return " · ".join(parts)


# Lanes -------------------------------------------------------------------------------------------


def _lanes(trace: Trace, unit: UnitTrace, panel: Panel, rows: Sequence[Row]) -> str:
    lang = trace.lang
    right = trace_text.no_second_route(unit, panel, lang)
    if panel.right is not None:
        right = trace_text.lane_title(panel.right, lang)
    title = trace_text.panel_title(panel, lang)
    left = " · ".join(part for part in (title, trace_text.lane_title(panel.left, lang)) if part)
    words = _e(right) if panel.right else ""
    head = (
        f'<tr><th class="m">m</th><th>{_e(left)}</th><th class="j"></th>'
        f'<th>{words}</th><th class="m">{"m" if panel.right else ""}</th></tr>'
    )
    tellings = (Telling(lang), Telling(lang))
    if panel.right is None:
        absent = f'<td class="absent" colspan="3" rowspan="{len(rows)}">{_e(right)}</td>'
        body = "".join(
            f"<tr>{_left(trace, row, tellings[0], 1)}{absent if k == 0 else ''}</tr>"
            for k, row in enumerate(rows)
        )
    else:
        sides = zip(_heights(rows, "left"), _heights(rows, "right"), strict=True)
        body = "".join(
            _row(trace, row, tellings, heights) for row, heights in zip(rows, sides, strict=True)
        )
    return f'<table class="lanes"><thead>{head}</thead><tbody>{body}</tbody></table>'


def _heights(rows: Sequence[Row], side: str) -> list[int]:
    """Count the rows over which each cell of one side reaches: the last before a joint, down to it.

    0 where a cell from above stands.
    """
    heights = [1] * len(rows)
    owner = None
    for k, row in enumerate(rows):
        if getattr(row, side) is not None:
            owner = None if row.is_joined else k
        elif owner is not None:
            heights[owner] += 1
            heights[k] = 0
    return heights


def _left(trace: Trace, row: Row, telling: Telling, height: int) -> str:
    told = telling.tell(row.left)
    cell = _cell(trace, row.left, told, row.left_again, height)
    return f'<td class="m">{_e(told.at)}</td>{cell}'


def _row(trace: Trace, row: Row, tellings: tuple[Telling, Telling], heights: Sequence[int]) -> str:
    told = tellings[1].tell(row.right)
    right = _cell(trace, row.right, told, row.right_again, heights[1])
    right += f'<td class="m">{_e(told.at)}</td>'
    left = _left(trace, row, tellings[0], heights[0])
    return f"<tr>{left}{_joint(row, trace.lang)}{right}</tr>"


def _cell(
    trace: Trace, cell: Cell | None, told: Told, again: tuple[float, float] | None, height: int
) -> str:
    if cell is None:
        return '<td class="none"></td>' if height else ""
    words = trace_text.content(cell, trace_text.end_letter(trace, cell), trace.lang, again)
    sign = trace_text.sign(cell)
    line = (f"<b>{_e(sign)}</b> " if sign else "") + _e(words)
    carrier = f'<div class="carrier">{_e(told.carrier)}</div>' if told.carrier else ""
    rows = f' rowspan="{height}"' if height > 1 else ""
    return f'<td class="{_e(cell.kind)} {_e(cell.mark)}"{rows}>{carrier}{line}</td>'


def _joint(row: Row, lang: Language) -> str:
    """Return what ties the two cells of a row together: a bar with the sign on it."""
    cell = row.left or row.right
    if cell is None or cell.mark in {"", "missing"}:
        return '<td class="j"></td>'
    if row.is_joined:
        words = say("tolerated", lang) if cell.mark == "tolerated" else trace_text.sign(cell)
        return f'<td class="j {_e(cell.mark)}"><span>{_e(words)}</span></td>'
    signs = [
        trace_text.sign(c) if c and c.mark in {"shared", "circuit"} else ""
        for c in (row.left, row.right)
    ]
    words = (signs[0] and f"{signs[0]}◂") + (signs[1] and f"▸{signs[1]}")
    return f'<td class="j apart">{_e(words)}</td>'


def _legend(trace: Trace) -> str:
    signs = (*trace_facts.signs_used(trace), say("scale", trace.lang))
    words = (_element("span", _e(sign)) for sign in signs)
    return _element("p", " ".join(words), "legend")


# Tables ------------------------------------------------------------------------------------------


def _table(head: Iterable[str], rows: Iterable[Iterable[str]], classes: str = "") -> str:
    """Return a table; cells are HTML already."""
    top = "".join(_element("th", cell) for cell in head)
    body = "".join(_element("tr", "".join(_element("td", cell) for cell in row)) for row in rows)
    return (
        f'<table class="list {classes}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
    )


def _hazards(unit: UnitTrace, lang: Language, most: int) -> str:
    head = [_e(say("hazards", lang)), "", _e(say("place", lang))]
    rows = []
    for hazard in unit.hazards[:most]:
        mark, severity, kind, where, size = trace_facts.hazard_facts(hazard, lang)
        colour = f'<span class="dot {_e(hazard.severity)}"></span>'
        where = " · ".join(part for part in (_e(where), _e(size)) if part)
        where += f" <small>{_e(hazard.hazard_id)}</small>"
        rows.append([f"<b>{_e(mark)}</b>", f"{colour}{_e(severity)} {_e(kind)}", where])
    if not rows:
        return _table([_e(say("hazards", lang))], [[_e(say("no_hazards", lang))]])
    more = len(unit.hazards) - len(rows)
    note = _element("p", _e(say("more_hazards", lang, count=more)), "more") if more > 0 else ""
    return _table(head, rows, "hazards") + note


def _sections(unit: UnitTrace, lang: Language) -> str:
    head = [_e(say(name, lang)) for name in ("sections", "level", "plant", "logical")]
    rows = (
        [
            _e(labels.label("section", section.section, lang)),
            _e(labels.label("level", section.level, lang)),
            _e(trace_words.truth(section.plant_diverse, lang)),
            _e(trace_words.truth(section.logical_diverse, lang)),
        ]
        for section in unit.sections
    )
    return _table(head, rows)


def _left_out(units: Sequence[UnitTrace], lang: Language) -> str:
    """Return a line for each group of circuits that has no room for its lanes."""
    lines = []
    for unit in units:
        level = _e(labels.label("level", unit.level, lang))
        title = _element("b", _e(trace_facts.unit_title(unit, lang)))
        lines.append(_element("li", f"{title} {level}: {_e(unit.reason)}"))
    head = _element("p", _e(say("more_units", lang, count=len(units))))
    return _element("section", head + _element("ul", "".join(lines)), "further")


def _unavoidable(trace: Trace, most: int) -> str:
    if not trace.alternatives:
        return ""
    lines = (_element("p", _e(line), "note") for line in unavoidable_lines(trace, most))
    return _element("h3", _e(unavoidable_heading(trace))) + "".join(lines)


def _answers(trace: Trace, most: int) -> str:
    if not trace.alternatives:
        return ""
    parts = (_alternative(trace, answer) for answer in trace.alternatives)
    head = _element("h2", _e(asked.better_heading(trace)))
    told = head + _element("div", "".join(parts), "columns")
    if others := asked.other_lines(trace, most):
        told += _element("h3", _e(say("others", trace.lang)))
        told += "".join(_element("p", _e(line)) for line in others)
    return _element("section", told)


def _alternative(trace: Trace, answer: Alternative) -> str:
    lang = trace.lang
    level = _e(labels.label("level", answer.level, lang))
    compared = trace_facts.beside_today(answer, lang)
    head = _element("h3", _e(asked.layer_heading(trace, answer)))
    verdict = _element("p", f"<b>{level}</b>" + (f" · {_e(compared)}" if compared else ""))
    facts = "".join(_element("p", _e(line)) for line in trace_facts.alternative_facts(answer, lang))
    routes = "".join(
        _element("p", _e(trace_facts.best_route(route, number, answer.layer, lang)), "route")
        for number, route in enumerate(answer.routes, start=1)
    )
    return _element("div", head + verdict + facts + routes)


def _certificates(trace: Trace, most: int) -> str:
    lines = trace_facts.certificate_lines(trace, most)
    if not lines:
        return ""
    head = _element("h2", _e(say("certificates", trace.lang)))
    told = "".join(_element("p", _e(line)) for line in lines)
    note = _element("p", _e(say("certificate_note", trace.lang)), "more")
    return _element("section", head + told + note)


def _score(trace: Trace, most: int) -> str:
    lang, score = trace.lang, trace.score
    words = trace_facts.score_words(trace)
    if score is None or not words:
        return ""
    rows = [
        [
            f"<b>{_e(item.item_id)}</b> {_e(item.words)}",
            _e(labels.label("result", item.result, lang)),
            f"{item.points}",
            _e(trace_words.several(item.evidence, lang)),
        ]
        for item in score.items[:most]
    ]
    head = [_e(say(name, lang)) for name in ("failing", "result", "points", "evidence")]
    more = len(score.items) - len(rows)
    parts = [_element("h2", f"{_e(say('score', lang))} <b>{_e(words)}</b>")]
    parts.append(_table(head, rows, "items") if rows else "")
    if more > 0:
        parts.append(_element("p", _e(say("more_items", lang, count=more)), "more"))
    parts.append(_element("p", _e(score.note), "more"))
    return _element("section", "".join(parts))


def _foot(trace: Trace) -> str:
    if not trace.attribution:
        return ""
    words = labels.text("attribution", trace.lang, source=trace.attribution)
    return _element("footer", _e(words))
