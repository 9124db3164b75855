"""What stands in the cells and at the heads of the lanes, in the terminal as on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netgraph.report import labels
from netgraph.report.trace.words import (
    colon,
    count,
    is_stale,
    kind_of,
    length,
    metres,
    record,
    say,
    separator,
    several,
    thing,
)

if TYPE_CHECKING:
    from netgraph.report.labels import Language
    from netgraph.report.trace.sheet import Cell, Lane, Panel, Trace, UnitTrace

#: What says the mark of a cell again without its colour; the star stands at metres.
SIGNS = {
    "shared": "✕", "circuit": "(✕)", "tolerated": "~", "missing": "?", "mixed": "✕…",
    "star": "*",
}  # fmt: skip
_MOST_POINTS = 3


def sign(cell: Cell) -> str:
    """Return the sign of a cell: colour never says it alone."""
    if cell.mark == "shared":
        return f"{SIGNS[cell.mark]}{cell.number or ''}"
    return SIGNS.get(cell.mark, "")


@dataclass(frozen=True)
class Told:
    """What stands beside a cell: its metres, and its link and cable; "" where nothing is new."""

    at: str = ""
    carrier: str = ""


class Telling:
    """Tells one lane from A to B, and does not say the same twice."""

    def __init__(self, lang: Language) -> None:
        self._lang = lang
        self._at = ""
        self._before: Cell | None = None

    def tell(self, cell: Cell | None) -> Told:
        """Say where a cell begins and what carries it, as far as that is news."""
        if cell is None:
            return Told()
        at = "" if cell.leg > 1 else metres(cell.from_m, is_measured=cell.is_measured)
        if cell.kind != "place":
            # Of a stretch the star is about its own length, which does not matter to its start.
            at = at if at.rstrip("*") != self._at.rstrip("*") else ""
        carrier = _carrier(cell, self._before, self._lang) if cell.links else ""
        self._at = at or self._at
        self._before = cell if cell.links else self._before
        return Told(at, carrier)


def _carrier(cell: Cell, before: Cell | None, lang: Language) -> str:
    """Return link and cable of a cell, if they are others than those of the cell before."""
    cables = several(cell.cables, lang)
    if before is not None and (before.links, before.leg) == (cell.links, cell.leg):
        return f"› {cables}" if before.cables != cell.cables else ""
    link = several(cell.links, lang)
    if cell.carriers:
        link += " " + say("carried", lang, links=several(cell.carriers, lang))
    if cell.leg > 1:
        link += " " + say("second_leg", lang)
    if before is None or before.section != cell.section:
        link = labels.label("section", cell.section, lang) + colon(lang) + link
    return link + (f" › {cables}" if cables else "")


def end_letter(trace: Trace, cell: Cell) -> str:
    """Return A or B for a place that is an end of the circuits, else nothing."""
    if cell.start.id == trace.site.id:
        return "A"
    return "B" if cell.start.id in {centre.id for centre in trace.centres} else ""


def content(
    cell: Cell, letter: str, lang: Language, again: tuple[float, float] | None = None
) -> str:
    """Return what a cell is about: a place with its devices, a stretch, or a missing record.

    `letter` is A or B for an end; `again` says where the other route has the same.
    """
    words = _content(cell, letter, lang)
    if again is None:
        return words
    metres_ = " – ".join(dict.fromkeys(f"{at:,.0f}" for at in again))
    return f"{words} · {say('again', lang, metres=metres_)}"


def _content(cell: Cell, letter: str, lang: Language) -> str:
    if cell.kind == "place":
        return _place(cell, letter, lang)
    if cell.kind == "gap":
        parts = [_lacking(cell, lang)]
        if cell.to_m > cell.from_m:
            parts.append(say("assumed", lang, length=length(cell.to_m - cell.from_m, lang)))
        return " · ".join(parts)
    return _stretch(cell, lang)


def _lacking(cell: Cell, lang: Language) -> str:
    """Say which records are missing in a cell, or what in it is not in service."""
    records = cell.record.split("; ")
    words = separator(lang).join(record(name, lang) for name in records)
    return words if is_stale(records[0]) else say("no_record", lang, record=words)


def _place(cell: Cell, letter: str, lang: Language) -> str:
    parts = [f"{letter} {thing(cell.start)}".strip()]
    if not letter:
        parts.append(kind_of(cell.start, lang))
    if cell.share:
        parts.append(labels.label("kind", cell.share, lang))
    names = [name for name in cell.names if name != cell.start.id]
    if names:
        parts.append(several(names, lang))
    if cell.record:
        parts.append(_lacking(cell, lang))
    return " · ".join(parts)


def _stretch(cell: Cell, lang: Language) -> str:
    parts = []
    if cell.share:
        names = [n for n in cell.names if n not in {*cell.links, *cell.cables}]
        word = labels.label("kind", cell.share, lang)
        parts.append(" ".join([word, several(names, lang)]).strip())
        ends = dict.fromkeys(n.name or n.id for n in (cell.start, cell.end))
        parts.append(" – ".join(ends))
    is_told = len(cell.links) > 1 or len(cell.cables) > 1
    if is_told:
        sizes = (("links", len(cell.links)), ("cables", len(cell.cables)), ("spans", cell.spans))
        parts += [count(f"{name}_count", size, lang) for name, size in sizes if size]
    elif cell.spans:
        media = separator(lang).join(labels.label("medium", m, lang) for m in cell.media)
        parts += [part for part in (media, count("spans_count", cell.spans, lang)) if part]
    else:
        parts += [labels.label("medium", medium, lang) for medium in cell.media]
    along_m = cell.to_m - cell.from_m
    parts.append(length(along_m, lang))
    if length(along_m + cell.at_a_m, lang) != parts[-1]:
        parts[-1] += say("with_building", lang, length=length(along_m + cell.at_a_m, lang))
    if cell.mark == "mixed" and cell.names:
        parts.append(say("including", lang, signs=separator(lang).join(cell.names)))
    if cell.via and (is_told or len(cell.via) <= _MOST_POINTS):
        parts.append(say("via", lang, places=several(cell.via, lang, 6)))
    if cell.record:
        parts.append(_lacking(cell, lang))
    return " · ".join(parts)


def lane_title(lane: Lane, lang: Language) -> str:
    """Return the head of a lane: which routes of which circuits, and how long."""
    by_role: dict[str, list[str]] = {}
    for circuit, role in lane.routes:
        by_role.setdefault(role, []).append(circuit)
    parts = [
        f"{labels.label('part', role, lang)} {several(dict.fromkeys(circuits), lang)}"
        for role, circuits in by_role.items()
    ]
    title = " · ".join(parts)
    if lane.is_derived:
        title += " " + say("derived", lang)
    if lane.is_unknown:
        return title
    return f"{title} · {length(lane.length_m, lang)}" + ("" if lane.is_measured else "*")


def panel_title(panel: Panel, lang: Language) -> str:
    """Return the head of a panel of a circuit that is protected segment by segment."""
    return say("segment", lang, number=panel.segment) if panel.segment else ""


def no_second_route(unit: UnitTrace, panel: Panel, lang: Language) -> str:
    """Return what stands where there is no second lane."""
    if panel.segment:
        return say("unprotected", lang)
    if len({role for _, role in panel.left.routes}) > 1:
        return say("one_and_the_same", lang)
    return say("no_second_route" if len(unit.panels) == 1 else "none_of_its_own", lang)
