"""`netgraph doctor`."""

from __future__ import annotations

import sys
from dataclasses import asdict, astuple, fields
from typing import TYPE_CHECKING

import typer

from netgraph.cli.formats import Format, FormatOption, show_rows
from netgraph.cli.language import LOCALE_LANG, LangOption
from netgraph.cli.terminal import console_for
from netgraph.messages import say_message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.assessment.environment import Check


def doctor(lang: LangOption = LOCALE_LANG, form: FormatOption = Format.TABLE) -> None:
    """Print versions, drivers, fonts and where kernels are kept; exit 1 if something is wrong."""
    from netgraph.assessment.environment import Check, check_environment

    checks = check_environment()
    show_rows(
        form, [field.name for field in fields(Check)], map(astuple, checks),
        [asdict(check) for check in checks], lambda: _print(checks, lang.value),
    )  # fmt: skip
    if not all(check.is_good for check in checks):
        raise typer.Exit(1)


def _print(checks: Sequence[Check], lang: str) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False)
    for check in checks:
        mark = "[green]ok[/]" if check.is_good else "[bold red]!![/]"
        name, found, hint = (
            escape(say_message(part, lang)) for part in (check.name, check.found, check.hint)
        )
        table.add_row(mark, name, f"{found}  [dim]{hint}[/]" if hint else found)
    console_for(sys.stdout).print(table)
