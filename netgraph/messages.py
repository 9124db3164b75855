"""Sentences about the data, which can be said in Chinese and in English.

A message is made where something is found, far below what shows it. It is the English sentence (a
string: it sorts, compares and is written as one) and knows the pattern and the values that it was
made of; the pattern is its id in the catalogue `messages.csv` (en, zh), as it is with gettext.
"""

from __future__ import annotations

import csv
import functools
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping


class Message(str):
    """An English sentence that :func:`say_message` can say in Chinese.

    Parameters
    ----------
    pattern
        The sentence with a numbered place for each value, as for :meth:`str.format`; one of the
        patterns of the catalogue.
    values
        What goes there: ids, numbers, words; another message is translated with this one.
    """

    __slots__ = ("pattern", "values")

    pattern: str
    values: tuple[object, ...]

    def __new__(cls, pattern: str, *values: object) -> Self:
        """Make the English sentence, and keep what it was made of."""
        self = super().__new__(cls, pattern.format(*values))
        self.pattern = pattern
        self.values = values
        return self

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        """Copy and pickle it with its parts."""
        return type(self), (self.pattern, *self.values)


def say_message(message: str, lang: str) -> str:
    """Return a message in "en" or "zh"; what is no message, or has no translation, as it is."""
    if lang != "zh" or not isinstance(message, Message):
        return str(message)
    pattern = chinese_patterns().get(message.pattern, message.pattern)
    values = (
        say_message(value, lang) if isinstance(value, str) else value for value in message.values
    )
    return pattern.format(*values)


@functools.cache
def chinese_patterns() -> Mapping[str, str]:
    """Return the catalogue: the Chinese pattern of each English one."""
    content = resources.files("netgraph").joinpath("messages.csv").read_text("utf-8")
    rows = csv.DictReader(content.splitlines())
    return MappingProxyType({row["en"]: row["zh"] for row in rows})
