"""`netgraph impact`: what a cut or a planned work takes down, and whom to call."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import astuple
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from netgraph.cli.commands_assess import Inventory, Lang
from netgraph.cli.terminal import console_for, tell_of_compilation

if TYPE_CHECKING:
    from netgraph.assessment.impact.find import Impact


class Format(StrEnum):
    """How the result is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


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
        Optional[Path], typer.Option("--rules", help="Thresholds and required levels (TOML).")
    ] = None,
    lang: Annotated[Lang, typer.Option("--lang", help="Language.")] = Lang.EN,
    form: Annotated[Format, typer.Option("--format", help="What stdout gets.")] = Format.TABLE,
    encoding: Annotated[
        Optional[str],
        typer.Option("--encoding", help="Encoding of CSV files; default: UTF-8, then GB18030."),
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
        console_for(sys.stderr).print(f"Written to {out}.", markup=False)
    if found.breaks_diversity:
        raise typer.Exit(1)


def _print(found: Impact, form: Format, lang: Lang) -> None:
    from netgraph.assessment.impact.write import CIRCUIT_COLUMNS, impact_record
    from netgraph.cli.impact_table import print_impact

    if form is Format.JSON:
        json.dump(impact_record(found), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    elif form is Format.CSV:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(CIRCUIT_COLUMNS)
        writer.writerows(map(_cells, map(astuple, found.circuit_rows)))
    else:
        print_impact(found, console_for(sys.stdout), "zh" if lang is Lang.ZH else "en")


def _cells(row: tuple[object, ...]) -> list[object]:
    """Write truth and numbers as in the tables: true, false, 4."""
    return [_cell(value) for value in row]


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else value
