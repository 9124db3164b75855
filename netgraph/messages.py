"""Sentences about the data, which can be said in Chinese and in English.

A message is made where something is found, far below what shows it. It is the English sentence (a
string: it sorts, compares and is written as one) and knows the pattern and the values that it was
made of; the pattern is its id in the catalogue `messages.csv` (en, zh), as it is with gettext.
"""

from __future__ import annotations

import csv
import functools
import locale
import os
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: The first that is set decides: netgraph's own, then as in POSIX.
_VARIABLES = ("NETGRAPH_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


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


def locale_language(environment: Mapping[str, str], system: str | None) -> Literal["zh", "en"]:
    """Return Chinese where the locale is a Chinese one, else English.

    Parameters
    ----------
    environment
        Environment variables.
    system
        Name of the system's locale, which counts where no variable is set ("zh_CN"; Windows:
        "Chinese (Simplified)_China").
    """
    named = next((environment[name] for name in _VARIABLES if environment.get(name)), system or "")
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"


def default_language() -> Literal["zh", "en"]:
    """Return the language where none is asked for: of NETGRAPH_LANG, else of the locale."""
    return locale_language(os.environ, locale.getlocale()[0])


def say_here(message: str) -> str:
    """Return a message in the language of the locale: where nobody was asked, as in a notebook."""
    return say_message(message, default_language())


def say_text(english: str, lang: str) -> str:
    """Return a fixed English sentence in "en" or "zh"; one without a translation, as it is."""
    return chinese_patterns().get(english, english) if lang == "zh" else english


def join_messages(messages: Iterable[str], gap: str = " ") -> Message:
    """Return messages one after the other as one message, each of which is translated."""
    parts = tuple(messages)
    return Message(gap.join(f"{{{number}}}" for number in range(len(parts))), *parts)


@functools.cache
def chinese_patterns() -> Mapping[str, str]:
    """Return the catalogue: the Chinese pattern of each English one."""
    content = resources.files("netgraph").joinpath("messages.csv").read_text("utf-8")
    rows = csv.DictReader(content.splitlines())
    return MappingProxyType({row["en"]: row["zh"] for row in rows})
