"""The language of what a command prints and draws: the one asked for, else that of the locale."""

from __future__ import annotations

import locale
import os
from contextvars import ContextVar
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netgraph.report.labels import Language

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set decides, as in POSIX


class Lang(StrEnum):
    """Language of reasons, summary and maps."""

    EN = "en"
    ZH = "zh"


def locale_language(environment: Mapping[str, str], system: str | None) -> Lang:
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
    return Lang.ZH if named.lower().startswith(("zh", "chinese")) else Lang.EN


LOCALE_LANG = locale_language(os.environ, locale.getlocale()[0])
_spoken: ContextVar[Lang] = ContextVar("language", default=LOCALE_LANG)


def _speak(lang: Lang) -> Lang:
    _spoken.set(lang)
    return lang


def spoken_language() -> Language:
    """Return the language of the command that runs, for what is told on the way."""
    return _spoken.get().value


LangOption = Annotated[Lang, typer.Option("--lang", callback=_speak, help="Language.")]
