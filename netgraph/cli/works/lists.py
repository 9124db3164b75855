"""Look into the register: lists, one work, rates; printed, or handed over as a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from netgraph.cli.formats import Format, FormatOption, show_table
from netgraph.cli.language import LOCALE_LANG, Lang, LangOption
from netgraph.cli.terminal import console_for, day_of, print_text
from netgraph.cli.works.options import (
    DEFAULT_REGISTER,
    AsOf,
    City,
    OfKind,
    Person,
    Register,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.report.labels import Language

_File = Annotated[Optional[Path], typer.Option("-o", "--out", help="File to write: .xlsx or .csv.")]


def list_works(
    state: Annotated[str, typer.Option("--state", help="Works in this state.")] = "",
    city: City = "",
    kind: OfKind = "",
    person: Person = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="Overdue works only.")] = False,
    as_of: AsOf = None,
    form: FormatOption = Format.TABLE,
    out: _File = None,
    register: Register = DEFAULT_REGISTER,
    lang: LangOption = LOCALE_LANG,
) -> None:
    """List works with where they stand; -o writes the list to hand over."""
    from netgraph.works.lists import ListOptions, list_of

    found = list_of(register, ListOptions(
        state=state, city=city, kind=kind, person=person, is_overdue=overdue,
        as_of=day_of(as_of, "--as-of"), lang=_language(lang),
    ))  # fmt: skip
    if out is not None:
        found.write(out)
        print_text("written_to", path=out)
        return
    _print("works", found.works, form, _language(lang))
    if form is Format.TABLE:
        console_for(sys.stdout).print(found.title(), markup=False)


def report(
    as_of: AsOf = None,
    form: FormatOption = Format.TABLE,
    out: _File = None,
    register: Register = DEFAULT_REGISTER,
    lang: LangOption = LOCALE_LANG,
) -> None:
    """Give the rates: proven, overdue, in time, reopened, recurred; by city and by person."""
    from netgraph.works.lists import ListOptions, list_of

    found = list_of(register, ListOptions(as_of=day_of(as_of, "--as-of"), lang=_language(lang)))
    if out is not None:
        found.write(out, table="works_rates")
        print_text("written_to", path=out)
        return
    if form is Format.TABLE:
        console_for(sys.stdout).print(found.title(), markup=False)
    _print("works_rates", found.rates, form, _language(lang))


def show(
    work: Annotated[str, typer.Argument(metavar="WORK", help="Work by id.")],
    register: Register = DEFAULT_REGISTER,
    lang: LangOption = LOCALE_LANG,
) -> None:
    """Show one work: what it is held to, and everything that was done with it."""
    from netgraph.report import labels
    from netgraph.report.register.console import print_facts, print_history
    from netgraph.works import WorksRegister
    from netgraph.works.tables import describe, history_rows, wanted, work_rows

    book, language, console = WorksRegister(register), _language(lang), console_for(sys.stdout)
    events = book.history(work)
    (row,) = work_rows(book.works(work), events, book.latest_snapshot(), language)
    print_facts(row, console, language)
    console.print()
    console.print(labels.text("register_demands", language), style="bold")
    for demand in book.demands(work):
        told = f"  {describe(demand, language)}: {wanted(demand, language)}"
        console.print(told, markup=False)
    console.print()
    print_history(history_rows(events, language), console, language)


def _print(table: str, rows: Sequence[Sequence[object]], form: Format, lang: Language) -> None:
    from netgraph.report.register.console import print_rates, print_works

    def for_people() -> None:
        if rows:
            show = print_works if table == "works" else print_rates
            show(rows, console_for(sys.stdout), lang)

    show_table(form, table, rows, for_people)


def _language(lang: Lang) -> Language:
    return "zh" if lang is Lang.ZH else "en"
