"""The language of what a command prints and draws: the one asked for, else that of the locale."""

from __future__ import annotations

from contextvars import ContextVar
from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING, Annotated

import typer

from netgraph.messages import default_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.report.labels import Language

_OPTION = "--lang"


class Lang(StrEnum):
    """Language of reasons, summary and maps."""

    EN = "en"
    ZH = "zh"


LOCALE_LANG = Lang(default_language())
_spoken: ContextVar[Lang] = ContextVar("language", default=LOCALE_LANG)


def asked_language(arguments: Sequence[str]) -> Lang:
    """Return the language that a command line asks for: also of its help and of its mistakes.

    Parameters
    ----------
    arguments
        Words after the name of the program; the last valid --lang of them counts, wherever it
        stands. Without one the environment decides, then the locale.
    """
    asked = Lang(default_language())
    for word, following in zip_longest(arguments, arguments[1:], fillvalue=""):
        if word == "--":
            break
        name, equals, value = word.partition("=")
        value = value if equals else following
        if name == _OPTION and value in set(Lang):
            asked = Lang(value)
    return asked


def speak(lang: Lang) -> Lang:
    """Let the run speak a language from now on."""
    _spoken.set(lang)
    return lang


def spoken_language() -> Language:
    """Return the language of the command that runs, for what is told on the way."""
    return _spoken.get().value


LangOption = Annotated[
    Lang,
    typer.Option(
        "--lang",
        callback=speak,
        show_default=False,
        help="zh or en; else by the locale.",
    ),
]
