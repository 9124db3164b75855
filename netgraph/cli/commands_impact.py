"""`netgraph impact`: what a cut or a planned work takes down, and whom to call."""

from __future__ import annotations

import sys
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from netgraph.cli.commands_assess import Inventory
from netgraph.cli.formats import Format, FormatOption, show_rows
from netgraph.cli.language import LOCALE_LANG, Lang, LangOption
from netgraph.cli.terminal import console_for, print_text, tell_of_compilation

if TYPE_CHECKING:
    from netgraph.assessment.impact.find import Impact


def impact(
    inventory: Inventory,
    element: Annotated[
        Optional[list[str]],
        typer.Option(
            "--element",
            metavar="TABLE:ID",
            help="What fails, such as cables:C7 or structures:M5; several fail together.",
        ),
    ] = None,
    routes: Annotated[
        Optional[Path],
        typer.Option("--routes", help="Planned routes (CSV like circuit_links), judged first."),
    ] = None,
    out: Annotated[Optional[Path], typer.Option("-o", "--out", help="Folder to write.")] = None,
    rules: Annotated[
        Optional[Path], typer.Option("--rules", help="Thresholds, required levels (TOML).")
    ] = None,
    lang: LangOption = LOCALE_LANG,
    form: FormatOption = Format.TABLE,
    encoding: Annotated[
        Optional[str],
        typer.Option("--encoding", help="Of CSV files; else UTF-8, then GB18030."),
    ] = None,
) -> None:
    """List the circuits that a cut takes down or leaves unprotected, in the order of calling.

    With --routes, exits 1 if a diverse group stops being so.
    """
    from netgraph.assessment.impact.find import find_impact
    from netgraph.assessment.impact.routes import read_planned_routes
    from netgraph.assessment.impact.write import write_impact
    from netgraph.diversity.compiled import telling_of_compilation
    from netgraph.diversity.rules import load_rules
    from netgraph.inventory import read_inventory

    source = read_inventory(inventory, encoding=encoding)
    planned = None if routes is None else read_planned_routes(routes, encoding=encoding)
    with telling_of_compilation(tell_of_compilation):
        found = find_impact(
            source, element or (), planned, rules=load_rules(rules), lang=lang.value
        )
    if out is not None:
        write_impact(found, out, inventory=source)
    _print(found, form, lang)
    if out is not None:
        print_text("written_to", path=out)
    if found.breaks_diversity:
        raise typer.Exit(1)


def _print(found: Impact, form: Format, lang: Lang) -> None:
    from netgraph.assessment.impact.write import CIRCUIT_COLUMNS, impact_record
    from netgraph.cli.impact_table import print_impact

    show_rows(
        form, CIRCUIT_COLUMNS, map(astuple, found.circuit_rows), impact_record(found),
        lambda: print_impact(found, console_for(sys.stdout), "zh" if lang is Lang.ZH else "en"),
    )  # fmt: skip
