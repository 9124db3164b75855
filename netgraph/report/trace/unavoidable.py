"""What no route avoids, by how a pair would come about: by re-patching, by a new cable, by both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netgraph.report.trace.asked import ends_words, layer_words
from netgraph.report.trace.words import colon, kind_of, say, several, thing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.report.labels import Language
    from netgraph.report.trace.sheet import Alternative, Trace, Unavoidable


@dataclass(frozen=True)
class Part:
    """A list in order from the site under its heading, or a word in its place."""

    heading: str
    points: tuple[str, ...]
    word: str = ""


def unavoidable_heading(trace: Trace) -> str:
    """Return what stands over the lists: to which ends, if these are the same for both layers."""
    cables, spans = trace.alternatives
    ends = ends_words(spans.ends, trace.lang) if cables.ends == spans.ends else ""
    return say("unavoidable_to" if ends else "unavoidable", trace.lang, ends=ends)


def unavoidable_parts(trace: Trace) -> list[Part]:
    """List what cannot be avoided on cables and on spans; what is so on both is told once."""
    lang = trace.lang
    if not trace.alternatives:
        return []
    cables, spans = trace.alternatives
    heads = [say(f"layer_{answer.layer}", lang) for answer in trace.alternatives]
    both: list[Unavoidable] = []
    if cables.ends != spans.ends:
        heads = [layer_words(answer, lang) for answer in trace.alternatives]
    elif cables.asked_by == spans.asked_by:
        on_cables = {point.what for point in cables.unavoidable}
        both = [point for point in spans.unavoidable if point.what in on_cables]
    if not both:
        answers = zip(trace.alternatives, heads, strict=True)
        return [_part(answer, head, lang) for answer, head in answers]
    told = {point.what for point in both}
    parts = [Part(say("layer_both", lang), _points(both, lang))]
    for answer, layer in zip(trace.alternatives, heads, strict=True):
        rest = _points((p for p in answer.unavoidable if p.what not in told), lang)
        parts += [Part(say("besides", lang, layer=layer), rest)] if rest else []
    return parts


def unavoidable_lines(trace: Trace, most: int) -> list[str]:
    """Return the lists as lines, a line each; what has no room is counted."""
    lang = trace.lang
    return [
        part.heading + colon(lang) + (several(part.points, lang, most) or part.word)
        for part in unavoidable_parts(trace)
    ]


def _part(answer: Alternative, heading: str, lang: Language) -> Part:
    points = _points(answer.unavoidable, lang)
    if answer.is_connected:
        return Part(heading, points, "" if points else say("no_unavoidable", lang))
    word = "unproven" if answer.level == "unproven" else "not_connected"
    return Part(heading, (), say(word, lang))


def _points(points: Iterable[Unavoidable], lang: Language) -> tuple[str, ...]:
    """Return single points; what lies in a cable that is one itself goes without saying."""
    return tuple(_point(point, lang) for point in points if not point.within)


def _point(point: Unavoidable, lang: Language) -> str:
    """Return a single point of failure with its kind and distance from the site."""
    words = f"{kind_of(point.what, lang)} {thing(point.what)}"
    if point.at_m is None:
        return words
    return words + " " + say("at_short", lang, metres=f"{point.at_m:,.0f}")
