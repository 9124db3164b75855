"""`netgraph customer`: one printable sheet a customer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from netgraph.cli.commands_assess import Inventory
from netgraph.cli.formats import Format, FormatOption, show_rows
from netgraph.cli.language import LOCALE_LANG, LangOption
from netgraph.cli.terminal import console_for, progress_bar, tell_of_compilation

if TYPE_CHECKING:
    from collections.abc import Sequence


def customer(
    inventory: Inventory,
    customers: Annotated[
        Optional[list[str]],
        typer.Argument(metavar="[CUSTOMER]...", help="Ids or exact names; all when omitted."),
    ] = None,
    *,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write.")],
    rules: Annotated[
        Optional[Path], typer.Option("--rules", help="Thresholds, required levels (TOML).")
    ] = None,
    scorecard: Annotated[
        Optional[Path], typer.Option("--scorecard", help="Items, points and grades (TOML).")
    ] = None,
    search_seconds: Annotated[
        float, typer.Option("--search-seconds", min=0, help="Limit of the searches; 0: none.")
    ] = 3.0,
    lang: LangOption = LOCALE_LANG,
    form: FormatOption = Format.TABLE,
    encoding: Annotated[
        Optional[str],
        typer.Option("--encoding", help="Of CSV files; else UTF-8, then GB18030."),
    ] = None,
) -> None:
    """Print one sheet per customer (PDF): sites, map, hazards, what to do, doubts."""
    from netgraph.assessment import Options
    from netgraph.assessment.customers.write import assess_customers, write_customers
    from netgraph.diversity.compiled import telling_of_compilation
    from netgraph.diversity.rules import load_rules
    from netgraph.inventory import read_inventory
    from netgraph.scoring import load_scorecard

    options = Options(
        rules=load_rules(rules), card=load_scorecard(scorecard),
        search_seconds=search_seconds, lang=lang.value,
    )  # fmt: skip
    with progress_bar() as progress, telling_of_compilation(tell_of_compilation):
        if progress:
            progress("read", 0, 1)
        source = read_inventory(inventory, encoding=encoding)
        if progress:
            progress("read", 1, 1)
        cases = assess_customers(source, customers or (), options, progress=progress)
        written = write_customers(cases, out, progress=progress)
    rows = [(case.customer_id, str(path)) for case, path in zip(cases, written, strict=True)]
    columns = ("customer_id", "sheet")
    record = [dict(zip(columns, row, strict=True)) for row in rows]
    show_rows(form, columns, rows, record, lambda: _print(written))


def _print(sheets: Sequence[Path]) -> None:
    console = console_for(sys.stdout)
    for path in sheets:
        console.print(str(path), markup=False)
