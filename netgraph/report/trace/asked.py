"""What is said of the question that an answer is for: to which ends, and who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.report import labels
from netgraph.report.trace.words import say, several, thing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.report.labels import Language
    from netgraph.report.trace.sheet import Alternative, AskedBy, Named, Trace


def ends_words(ends: Iterable[Named], lang: Language) -> str:
    """Return the B ends that routes were asked for."""
    return " / ".join(map(thing, ends)) or say("unknown_end", lang)


def layer_words(answer: Alternative, lang: Language) -> str:
    """Return the head of an answer: how a pair would come about, and to which ends."""
    layer = say(f"layer_{answer.layer}", lang)
    return say("layer_to", lang, layer=layer, ends=ends_words(answer.ends, lang))


def better_heading(trace: Trace) -> str:
    """Return what stands over the answers, with who asks if it is the same for both layers."""
    head = say("better", trace.lang)
    askers = {answer.asked_by for answer in trace.alternatives}
    return head + _asked(askers.pop(), trace.lang) if len(askers) == 1 else head


def layer_heading(trace: Trace, answer: Alternative) -> str:
    """Return the head of an answer, with who asks if that is not said over both."""
    head = layer_words(answer, trace.lang)
    is_said = len({each.asked_by for each in trace.alternatives}) == 1
    return head if is_said else head + _asked(answer.asked_by, trace.lang)


def _asked(askers: tuple[AskedBy, ...], lang: Language) -> str:
    return f" · {say('asked_by', lang, who=asked_by(askers, lang))}" if askers else ""


def asked_by(askers: Iterable[AskedBy], lang: Language) -> str:
    """Return who asks: circuits, and groups whose circuits ask together."""
    return several((_asker(asker, lang) for asker in askers), lang)


def _asker(asker: AskedBy, lang: Language) -> str:
    circuits = several(asker.circuits, lang, 4)
    return say("group", lang, group=asker.group, circuits=circuits) if asker.group else circuits


def other_lines(trace: Trace, most: int) -> list[str]:
    """Return what else is asked at a site, a line a question, under its heading; else nothing."""
    lang, others = trace.lang, trace.other_answers
    lines = [
        say(
            "other_answer", lang,
            ends=ends_words(other.ends, lang), who=asked_by(other.asked_by, lang),
            cables=_level(other.on_cables, lang), spans=_level(other.on_spans, lang),
        )
        for other in others[:most]
    ]  # fmt: skip
    more = len(others) - most
    return [*lines, say("more_others", lang, count=more)] if more > 0 else lines


def _level(level: str, lang: Language) -> str:
    return labels.label("level", level, lang)
