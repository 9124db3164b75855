"""The sheet in a terminal: at most 100 columns, readable without colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich import box
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from netgraph.report import labels
from netgraph.report.palette import AMBER, BLUE, GREY, SEVERITY_COLOURS, VERMILION
from netgraph.report.trace import asked
from netgraph.report.trace import facts as trace_facts
from netgraph.report.trace import text as trace_text
from netgraph.report.trace import words as trace_words
from netgraph.report.trace.layout import lay_out
from netgraph.report.trace.text import Telling
from netgraph.report.trace.unavoidable import unavoidable_heading, unavoidable_parts
from netgraph.report.trace.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console, RenderableType

    from netgraph.report.labels import Language
    from netgraph.report.trace.layout import Row
    from netgraph.report.trace.sheet import Alternative, Cell, Panel, Trace, UnitTrace
    from netgraph.report.trace.text import Told

MOST_COLUMNS, _LEAST_COLUMNS = 100, 72
_METRES, _JOINT = 8, 7  # columns
_MOST_ITEMS, _MOST_ROWS = 12, 3
# Pure yellow cannot be read on white: the theme of the terminal knows a better one.
_SEVERITY_STYLES = {**SEVERITY_COLOURS, "yellow": "yellow"}
_MARK_STYLES = {
    "shared": f"bold {VERMILION}", "circuit": AMBER, "tolerated": BLUE, "missing": f"italic {GREY}",
}  # fmt: skip


def print_trace(trace: Trace, console: Console) -> None:
    """Print a sheet in its own language.

    Parameters
    ----------
    trace
        What to print.
    console
        Where to; its colours are respected, and its width up to 100 columns.
    """
    width = min(MOST_COLUMNS, console.width) if console.is_terminal else MOST_COLUMNS
    width = max(width, _LEAST_COLUMNS)
    for part in _parts(trace, console, width):
        console.print(part, width=width, soft_wrap=False)


def _parts(trace: Trace, console: Console, width: int) -> Iterable[RenderableType]:
    lang = trace.lang
    yield Text(trace_facts.trace_title(trace), "bold")
    yield Text(" · ".join(trace_facts.trace_facts(trace)), "dim")
    yield _verdict(trace)
    lanes = _Lanes(trace, console, (width - 2 * _METRES - _JOINT - 6) // 2)
    for unit in trace.units:
        yield from _unit(unit, lang)
        for panel in unit.panels:
            yield lanes.panel(unit, panel)
        yield _hazards(unit, lang)
        yield _sections(unit, lang)
    if signs := trace_facts.signs_used(trace):
        yield Text("   ".join(signs), "dim")
    yield from _answers(trace)
    yield from _certificates(trace)
    yield from _score(trace)
    if trace.attribution:
        yield Text(labels.text("attribution", lang, source=trace.attribution), "dim")


def _heading(words: str) -> Text:
    return Text(f"\n{words}", "bold underline")


def _verdict(trace: Trace) -> Text:
    lang, standing = trace.lang, trace.standing
    words = trace_facts.level_words(standing.level, lang, is_complete=standing.is_complete)
    colour = _SEVERITY_STYLES[standing.severity]
    severity = labels.label("severity", standing.severity, lang)
    line = Text.assemble((f"\n■ {words} ", f"bold {colour}"), f"[{severity}]")
    for words in trace_facts.requirement(trace):
        line.append(f" · {words}")
    return line


def _unit(unit: UnitTrace, lang: Language) -> Iterable[RenderableType]:
    level = trace_facts.level_words(unit.level, lang, is_complete=unit.is_complete)
    yield _heading(f"{trace_facts.unit_title(unit, lang)} {level}")
    aspects = [
        f"{say(name, lang)} {trace_words.truth(getattr(unit, name), lang)}"
        for name in ("logical_diverse", "plant_diverse", "physical_diverse")
    ]
    confidence = labels.label("confidence", unit.confidence, lang)
    aspects.append(say("confidence", lang) + trace_words.colon(lang) + confidence)
    yield Text(" · ".join(aspects))
    yield Text(unit.reason, "bold")
    for note in trace_facts.unit_notes(unit, lang):
        yield Text("! " + note)
    yield Text()


def _table() -> Table:
    return Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))


# Lanes -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Lanes:
    """Draws panels; a lane is `width` columns wide."""

    trace: Trace
    console: Console
    width: int

    def panel(self, unit: UnitTrace, panel: Panel) -> Table:
        """Return two lanes side by side, with the metres outside and the ties between."""
        lang = self.trace.lang
        absent = trace_text.no_second_route(unit, panel, lang)
        right = trace_text.lane_title(panel.right, lang) if panel.right else absent
        title = trace_text.panel_title(panel, lang)
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=0, title_justify="left")
        table.title = Text(title) if title else None
        table.add_column("m", width=_METRES, justify="right", style="dim")
        table.add_column(
            Text(trace_text.lane_title(panel.left, lang)), width=self.width, overflow="fold"
        )
        table.add_column("", width=_JOINT, justify="center", no_wrap=True)
        table.add_column(Text(right), width=self.width, overflow="fold")
        table.add_column("m" if panel.right else "", width=_METRES, justify="right", style="dim")
        tellings = (Telling(lang), Telling(lang))
        for number, row in enumerate(lay_out(panel)):
            one, two = tellings[0].tell(row.left), tellings[1].tell(row.right)
            left_text = self._cell(row.left, one, row.left_again)
            right_text = self._cell(row.right, two, row.right_again)
            if panel.right is None and number == 1:
                right_text = Text(absent, _MARK_STYLES["shared"])
            table.add_row(one.at, left_text, _joint(row, lang), right_text, two.at)
        return table

    def _cell(self, cell: Cell | None, told: Told, again: tuple[float, float] | None) -> Text:
        if cell is None:
            return Text()
        letter = trace_text.end_letter(self.trace, cell)
        words = trace_text.content(cell, letter, self.trace.lang, again)
        words = " ".join(part for part in (trace_text.sign(cell), words) if part)
        style = _MARK_STYLES.get(cell.mark, "")
        if cell.kind == "place":
            return self._wrapped(words, style or "bold", "", "  ")
        text = self._wrapped(words, style, "│ ", "│ ")
        if not told.carrier:
            return text
        return Text("\n").join([self._wrapped(told.carrier, "dim", "│ ", "│   "), text])

    def _wrapped(self, words: str, style: str, first: str, others: str) -> Text:
        """Wrap words to the lane, each line after its own sign."""
        lines = Text(words, style).wrap(self.console, self.width - len(others), overflow="fold")
        return Text("\n").join(
            Text(others if k else first, style=style) + line for k, line in enumerate(lines)
        )


def _joint(row: Row, lang: Language) -> Text:
    """Return what ties the two cells of a row together."""
    cell = row.left or row.right
    if cell is None or cell.mark in {"", "missing"}:
        return Text()
    style = _MARK_STYLES[cell.mark]
    if not row.is_joined:
        left, right = (
            trace_text.sign(c) if c and c.mark in {"shared", "circuit"} else ""
            for c in (row.left, row.right)
        )
        return Text((left and f"{left}◂") + (right and f"▸{right}"), style=style)
    if cell.mark == "tolerated":
        return Text(say("tolerated", lang).center(_JOINT, "┄"), style=style)
    return Text(f" {trace_text.sign(cell)} ".center(_JOINT, "━"), style=style)


# Tables ------------------------------------------------------------------------------------------


def _hazards(unit: UnitTrace, lang: Language) -> Table:
    table = _table()
    if not unit.hazards:
        table.add_column(say("hazards", lang))
        table.add_row(say("no_hazards", lang))
        return table
    table.add_column(say("hazards", lang), no_wrap=True)
    for name in ("severity", "kind"):
        table.add_column(labels.label("column", name, lang), no_wrap=True)
    table.add_column(say("place", lang), overflow="fold")
    table.add_column(say("length", lang), overflow="fold")
    table.add_column("id", no_wrap=True, style="dim")
    for hazard in unit.hazards:
        mark, severity, kind, where, size = trace_facts.hazard_facts(hazard, lang)
        colour = _SEVERITY_STYLES[hazard.severity]
        cells = (Text(mark, colour), Text(severity, colour), kind, Text(where), size)
        table.add_row(*cells, hazard.hazard_id)
    return table


def _sections(unit: UnitTrace, lang: Language) -> Table:
    table = _table()
    for name in ("sections", "level", "plant", "logical"):
        table.add_column(say(name, lang))
    for section in unit.sections:
        table.add_row(
            labels.label("section", section.section, lang),
            labels.label("level", section.level, lang),
            trace_words.truth(section.plant_diverse, lang),
            trace_words.truth(section.logical_diverse, lang),
        )
    return table


def _answers(trace: Trace) -> Iterable[RenderableType]:
    lang = trace.lang
    if not trace.alternatives:
        return
    yield _heading(unavoidable_heading(trace))
    for part in unavoidable_parts(trace):
        yield Text((part.heading + trace_words.colon(lang) + part.word).rstrip())
        for number, point in enumerate(part.points, start=1):
            yield Text(f"{number:6}. {point}")
    yield _heading(asked.better_heading(trace))
    for answer in trace.alternatives:
        yield from _alternative(trace, answer)
    if others := asked.other_lines(trace, _MOST_ITEMS):
        yield _heading(say("others", lang))
        for line in others:
            yield Padding(Text(line), (0, 0, 0, 3))


def _alternative(trace: Trace, answer: Alternative) -> Iterable[RenderableType]:
    lang = trace.lang
    level = labels.label("level", answer.level, lang)
    text = Text(asked.layer_heading(trace, answer) + trace_words.colon(lang))
    text.append(level, style="bold")
    compared = trace_facts.beside_today(answer, lang)
    yield text.append(f" · {compared}" if compared else "")
    lines = trace_facts.alternative_facts(answer, lang)
    lines += [
        trace_facts.best_route(route, number, answer.layer, lang)
        for number, route in enumerate(answer.routes, start=1)
    ]
    for line in lines:
        yield Padding(Text(line), (0, 0, 0, 3))


def _certificates(trace: Trace) -> Iterable[RenderableType]:
    if not trace.certificates:
        return
    yield _heading(say("certificates", trace.lang))
    for line in trace_facts.certificate_lines(trace, _MOST_ITEMS):
        yield Padding(Text(line), (0, 0, 0, 3))
    yield Padding(Text(say("certificate_note", trace.lang), "dim"), (0, 0, 0, 3))


def _score(trace: Trace) -> Iterable[RenderableType]:
    lang, score = trace.lang, trace.score
    words = trace_facts.score_words(trace)
    if score is None or not words:
        return
    yield _heading(say("score", lang) + trace_words.colon(lang) + words)
    if score.items:
        table = _table()
        table.add_column(say("failing", lang), overflow="fold")
        table.add_column(say("result", lang), no_wrap=True)
        table.add_column(say("points", lang), justify="right", no_wrap=True)
        table.add_column(say("evidence", lang), overflow="fold", style="dim", max_width=34)
        for item in score.items[:_MOST_ITEMS]:
            result = labels.label("result", item.result, lang)
            evidence = trace_words.several(item.evidence, lang, _MOST_ROWS)
            words = f"{item.item_id} {item.words}"
            table.add_row(Text(words), result, f"{item.points}", Text(evidence))
        yield table
        more = len(score.items) - _MOST_ITEMS
        if more > 0:
            yield Text(say("more_items", lang, count=more), style="dim")
    yield Text(score.note, "dim")
