"""Steps that a person takes with works."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from netgraph.cli.language import LOCALE_LANG, LangOption
from netgraph.cli.terminal import day_of
from netgraph.cli.works.options import (
    DEFAULT_REGISTER,
    By,
    City,
    Ids,
    OfKind,
    Person,
    Register,
    Why,
    selection,
    tell,
)
from netgraph.errors import UsageError


def assign(
    by: By,
    ids: Ids = None,
    to: Annotated[str, typer.Option("--to", help="The one person who answers for it.")] = "",
    verifier: Annotated[
        str, typer.Option("--verifier", help="Somebody else, who will verify it.")
    ] = "",
    due: Annotated[Optional[str], typer.Option("--due", help="By when (YYYY-MM-DD).")] = None,
    city: City = "",
    kind: OfKind = "",
    person: Person = "",
    why: Why = "",
    register: Register = DEFAULT_REGISTER,
    lang: LangOption = LOCALE_LANG,
) -> None:
    """Make one person responsible, another the verifier, and set the day when it is due."""
    from netgraph.works import WorksRegister

    works = WorksRegister(register).assign(
        selection(ids, city, kind, person), by=by, to=to, verifier=verifier,
        due=day_of(due, "--due"), why=why,
    )  # fmt: skip
    tell("assign", works, lang)


def start(
    by: By,
    ids: Ids = None,
    city: City = "",
    kind: OfKind = "",
    person: Person = "",
    why: Why = "",
    register: Register = DEFAULT_REGISTER,
    lang: LangOption = LOCALE_LANG,
) -> None:
    """Say that somebody is at it."""
    from netgraph.works import WorksRegister

    chosen = selection(ids, city, kind, person)
    tell("start", WorksRegister(register).start(chosen, by=by, why=why), lang)


def submit(
    by: By,
    ids: Ids = None,
    on: Annotated[
        Optional[str], typer.Option("--on", help="Day on which it was done (YYYY-MM-DD).")
    ] = None,
    city: City = "",
    kind: OfKind = "",
    person: Person = "",
    why: Why = "",
    register: Register = DEFAULT_REGISTER,
    lang: LangOption = LOCALE_LANG,
) -> None:
    """Say that it is done; it remains to be proven by newer records."""
    from netgraph.works import WorksRegister

    chosen, day = selection(ids, city, kind, person), day_of(on, "--on")
    tell("submit", WorksRegister(register).submit(chosen, by=by, done_on=day, why=why), lang)


def close(
    by: By,
    ids: Ids = None,
    city: City = "",
    kind: OfKind = "",
    person: Person = "",
    why: Why = "",
    register: Register = DEFAULT_REGISTER,
    lang: LangOption = LOCALE_LANG,
) -> None:
    """Close what is verified: all of it, unless works are named or chosen."""
    from netgraph.works import WorksRegister

    chosen = selection(ids, city, kind, person, may_be_all=True)
    tell("close", WorksRegister(register).close(chosen, by=by, why=why), lang)


def reopen(
    by: By,
    ids: Ids = None,
    city: City = "",
    kind: OfKind = "",
    person: Person = "",
    why: Why = "",
    register: Register = DEFAULT_REGISTER,
    lang: LangOption = LOCALE_LANG,
) -> None:
    """Take back what was submitted, verified or closed; --why is needed."""
    from netgraph.works import WorksRegister

    chosen = selection(ids, city, kind, person)
    tell("reopen", WorksRegister(register).reopen(chosen, by=by, why=why), lang)


def escalate(
    by: By,
    ids: Ids = None,
    city: City = "",
    kind: OfKind = "",
    person: Person = "",
    why: Why = "",
    register: Register = DEFAULT_REGISTER,
    lang: LangOption = LOCALE_LANG,
) -> None:
    """Hand a real difficulty upwards; --why is needed, and assign brings it back."""
    from netgraph.works import WorksRegister

    chosen = selection(ids, city, kind, person)
    tell("escalate", WorksRegister(register).escalate(chosen, by=by, why=why), lang)


def note(
    by: By,
    ids: Ids = None,
    city: City = "",
    kind: OfKind = "",
    person: Person = "",
    why: Why = "",
    register: Register = DEFAULT_REGISTER,
    lang: LangOption = LOCALE_LANG,
) -> None:
    """Write something into the history with --why; the state stays."""
    from netgraph.works import WorksRegister

    chosen = selection(ids, city, kind, person)
    tell("note", WorksRegister(register).note(chosen, by=by, why=why), lang)


def rename(
    by: By,
    row: Annotated[
        str, typer.Option("--row", metavar="TABLE:ID", help="Row, such as equipment:P1.")
    ],
    ids: Ids = None,
    now: Annotated[str, typer.Option("--now", metavar="ID", help="The id that it bears now.")] = "",
    gone: Annotated[
        bool, typer.Option("--gone", help="It is gone for good, and not needed for the proof.")
    ] = False,
    city: City = "",
    kind: OfKind = "",
    person: Person = "",
    why: Why = "",
    register: Register = DEFAULT_REGISTER,
    lang: LangOption = LOCALE_LANG,
) -> None:
    """State that a row that works are held to has got another id; --why is needed."""
    from netgraph.works import WorksRegister

    if bool(now) == gone:
        message = "say what the row is called now with --now ID, or that it is --gone"
        raise UsageError(message)
    works = WorksRegister(register).rename(
        selection(ids, city, kind, person), by=by, row=row, now=now, why=why
    )
    tell("rename", works, lang)
