"""Small words of a sheet: phrases, lengths, names, three-valued answers."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from netgraph.diversity.audit.record_names import name_record
from netgraph.report import labels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.report.labels import Language
    from netgraph.report.trace.sheet import Named

_TRUTH = {True: "yes", False: "no", None: "unknown"}
_TRUTH_SIGNS = {True: "✓", False: "✕", None: "?"}
_NOT_IN_SERVICE = re.compile(r"a route in service: (?P<id>.+) is not")
_MOST_NAMES = 3


def say(identifier: str, lang: Language, **values: object) -> str:
    """Return a phrase of the group "trace" with its places filled in."""
    return labels.label("trace", identifier, lang).format(**values)


def count(identifier: str, number: int, lang: Language) -> str:
    """Return a number of things; some phrases have a singular."""
    singular = f"{identifier}_one"
    known = number == 1 and singular in labels.identifiers("trace")
    return say(singular if known else identifier, lang, count=f"{number:,}")


def separator(lang: Language) -> str:
    """Return what stands between several names."""
    return "、" if lang == "zh" else ", "


def colon(lang: Language) -> str:
    """Return what stands between a heading and its text."""
    return "：" if lang == "zh" else ": "


def truth(value: bool | None, lang: Language) -> str:  # noqa: FBT001 - a value to show
    """Return a three-valued answer as a sign and a word."""
    return f"{_TRUTH_SIGNS[value]} {say(_TRUTH[value], lang)}"


def metres(value: float, *, is_measured: bool = True) -> str:
    """Return whole metres; a star says that some length up to there is assumed."""
    return f"{value:,.0f}" + ("" if is_measured else "*")


def length(value: float, lang: Language) -> str:
    """Return a length in metres, or in kilometres from 10 km; NaN is not known."""
    if math.isnan(value):
        return labels.text("unknown_length", lang)
    if value >= 10_000:
        return f"{value / 1000:,.1f} {labels.text('kilometres', lang)}"
    return f"{value:,.0f} {labels.text('metres', lang)}"


def thing(named: Named) -> str:
    """Return the name of a thing with its id, or the id alone."""
    if named.name and named.name != named.id:
        return f"{named.name} {named.id}"
    return named.id


def kind_of(named: Named, lang: Language) -> str:
    """Return the word for the kind of a thing."""
    for group in ("element", "role"):
        if named.kind in labels.identifiers(group):
            return labels.label(group, named.kind, lang)
    return named.kind


def several(names: Iterable[str], lang: Language, most: int = _MOST_NAMES) -> str:
    """Return the first names, and how many more there are."""
    every = list(names)
    shown = separator(lang).join(every[:most])
    rest = len(every) - most
    return shown + (f" +{rest}" if rest > 0 else "")


def is_stale(words: str) -> bool:
    """Whether a record is not missing, but says that something is not in service."""
    return _NOT_IN_SERVICE.fullmatch(words) is not None


def record(words: str, lang: Language) -> str:
    """Return the name of a missing record in words."""
    stale = _NOT_IN_SERVICE.fullmatch(words)
    if stale:
        return say("not_in_service", lang, what=stale["id"])
    return name_record(words, lang)
