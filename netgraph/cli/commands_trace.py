"""`netgraph trace`: one circuit or site on one sheet."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Optional

import typer

from netgraph.cli.commands_assess import Inventory
from netgraph.cli.formats import Format, FormatOption, show_rows
from netgraph.cli.language import LOCALE_LANG, LangOption
from netgraph.cli.terminal import console_for, print_text, progress_bar


def trace(
    inventory: Inventory,
    subject: Annotated[
        str,
        typer.Argument(
            metavar="CIRCUIT_OR_SITE",
            help="Id of a circuit or site, or the name of a site; circuits:ID or sites:ID.",
        ),
    ],
    out: Annotated[
        Optional[Path], typer.Option("-o", "--out", help="Folder for trace.html and trace.png.")
    ] = None,
    rules: Annotated[
        Optional[Path], typer.Option("--rules", help="Thresholds, required levels (TOML).")
    ] = None,
    scorecard: Annotated[
        Optional[Path], typer.Option("--scorecard", help="Items, points and grades (TOML).")
    ] = None,
    as_of: Annotated[
        Optional[datetime],
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="Date for ages, such as 2026-06-30."),
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
    """Lay the routes of one circuit or site side by side: what they share, and what could be."""
    from netgraph.assessment import Options
    from netgraph.assessment.tracing.build import trace as trace_one
    from netgraph.assessment.tracing.write import write_trace
    from netgraph.diversity.rules import load_rules
    from netgraph.inventory import read_inventory
    from netgraph.report.trace.console import print_trace
    from netgraph.report.trace.plain import CELL_COLUMNS, cell_rows, trace_record
    from netgraph.scoring import load_scorecard

    options = Options(
        rules=load_rules(rules), card=load_scorecard(scorecard),
        as_of=as_of.date() if as_of else None, search_seconds=search_seconds, lang=lang.value,
    )  # fmt: skip
    with progress_bar() as progress:
        if progress:
            progress("read", 0, 1)
        source = read_inventory(inventory, encoding=encoding)
        if progress:
            progress("read", 1, 1)
        sheet = trace_one(source, subject, options, progress=progress)
        if out is not None:
            write_trace(sheet, out)
    show_rows(
        form, CELL_COLUMNS, cell_rows(sheet), trace_record(sheet),
        lambda: print_trace(sheet, console_for(sys.stdout)),
    )  # fmt: skip
    if out is not None:
        print_text("written_to", path=out)
