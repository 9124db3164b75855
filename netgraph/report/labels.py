"""Every word that tables, maps and the console show, in Chinese and in English: one catalogue.

The catalogue is data (`labels.csv`: group, id, zh, en). Ids are the words of the CSV outputs and
stay English; what a person reads is looked up here.
"""

from __future__ import annotations

import csv
import functools
import re
from importlib import resources
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Language = Literal["zh", "en"]


def label(group: str, identifier: str, lang: Language = "zh") -> str:
    """Return the word for an id; an id that the catalogue does not know is shown as it is.

    Parameters
    ----------
    group
        A group of the catalogue, such as "tier", "level" or "column".
    identifier
        An id of that group, such as "diamond"; values that its words have places for follow it
        after colons, as in "ring_long:10:8".
    lang
        "zh" or "en".
    """
    known = _catalogue().get(group, {})
    if words := known.get(identifier):
        return words[lang]
    name, *values = identifier.split(":")
    return known[name][lang].format(*values) if values and name in known else identifier


def identifiers(group: str) -> tuple[str, ...]:
    """Return the ids of a group in the order of the catalogue (tiers: highest first, and so on)."""
    return tuple(_catalogue().get(group, {}))


def groups() -> tuple[str, ...]:
    """Return the groups of the catalogue."""
    return tuple(_catalogue())


#: One thing in the plural: of English phrases with a number.
_ONE = re.compile(r"(?<![\w.,])1 (circuit|fault|finding|hop|risk|route|site|work)s\b")


def text(identifier: str, lang: Language = "zh", **values: object) -> str:
    """Return a phrase of the group "text", with its {places} filled in.

    >>> text("register_step", "en", step="Assigned", count=1)
    'Assigned: 1 work'
    """
    said = label("text", identifier, lang).format(**values)
    return _ONE.sub(r"1 \1", said) if lang == "en" and "1 " in said else said


def every_text() -> tuple[str, ...]:
    """Return every word and phrase in both languages: fonts chosen by it suit either."""
    return tuple(
        text
        for group in _catalogue().values()
        for words in group.values()
        for text in words.values()
    )


@functools.cache
def _catalogue() -> Mapping[str, Mapping[str, Mapping[Language, str]]]:
    content = resources.files("netgraph.report").joinpath("labels.csv").read_text("utf-8")
    catalogue: dict[str, dict[str, Mapping[Language, str]]] = {}
    for row in csv.DictReader(content.splitlines()):
        words: Mapping[Language, str] = {"zh": row["zh"], "en": row["en"]}
        catalogue.setdefault(row["group"], {})[row["id"]] = words
    return catalogue
