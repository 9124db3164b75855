"""What stdout gets: a table for people, JSON or CSV for other programs; the same everywhere.

The format never changes the exit code, nor what is written to a folder. Messages go to stderr.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path


class Format(StrEnum):
    """How the result is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


FormatOption = Annotated[Format, typer.Option("--format", help="Print table, json or csv.")]


def show_written(form: Format, out: Path, table: str, print_table: Callable[[], None]) -> None:
    """Print the result of a job that wrote a folder.

    Parameters
    ----------
    form
        json prints OUT/summary.json, csv the main table as it stands in OUT/tables.
    out, table
        The folder, and its main table.
    print_table
        Prints the result for people.
    """
    if form is Format.JSON:
        _put((out / "summary.json").read_text("utf-8"))
    elif form is Format.CSV:
        _put((out / "tables" / f"{table}.csv").read_text("utf-8-sig"))
    else:
        print_table()


def show_rows(
    form: Format,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    record: object,
    print_table: Callable[[], None],
) -> None:
    """Print a result that was not written.

    Parameters
    ----------
    columns, rows
        What csv prints; truth as true and false, numbers without idle zeros.
    record
        What json prints.
    print_table
        Prints the result for people.
    """
    if form is Format.JSON:
        _put(json.dumps(record, ensure_ascii=False, indent=2) + "\n")
    elif form is Format.CSV:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(value) for value in row] for row in rows)
        _put(text.getvalue())
    else:
        print_table()


def show_table(
    form: Format, table: str, rows: Sequence[Sequence[object]], print_table: Callable[[], None]
) -> None:
    """Print rows of a table of the output contract that was not written.

    Parameters
    ----------
    table, rows
        csv prints them as they would be written, json as a list of objects.
    print_table
        Prints them for people.
    """
    from netgraph.report.contract import table_specs
    from netgraph.report.tables import table_csv

    if form is Format.CSV:
        _put(table_csv(table, rows))
    elif form is Format.JSON:
        names = table_specs()[table].names
        told = [dict(zip(names, row, strict=True)) for row in rows]
        _put(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        print_table()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else value


def _put(text: str) -> None:
    """Write to stdout; a reader that goes away (`| head`) does not change the exit code."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
