"""`netgraph example` and `netgraph template`."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Optional

import typer

from netgraph.cli.language import LOCALE_LANG, LangOption
from netgraph.cli.terminal import print_text
from netgraph.errors import UsageError
from netgraph.messages import Message

_DEFAULT_SEED = 1


class Format(StrEnum):
    """Formats of an inventory."""

    CSV = "csv"
    XLSX = "xlsx"
    GPKG = "gpkg"


def example(
    name: Annotated[str, typer.Argument(metavar="NAME", help="twin_ring, bank or province.")],
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder (csv) or file (xlsx, gpkg) to write.")
    ],
    format_: Annotated[
        Optional[Format],
        typer.Option("--format", help="csv, xlsx or gpkg; else by the ending of the name."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the province.")] = _DEFAULT_SEED,
    scale: Annotated[
        float, typer.Option("--scale", min=0.001, max=10, help="Size of the province.")
    ] = 1.0,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an inventory.")] = False,
    lang: LangOption = LOCALE_LANG,  # noqa: ARG001 - its callback does it
) -> None:
    """Write an example inventory; its plant and records are invented."""
    from netgraph.datasets import EXAMPLES, example_columns
    from netgraph.inventory import from_columns, write_inventory

    if name not in EXAMPLES:
        message = Message(
            "There is no example {0!r}; the examples are {1}.", name, ", ".join(sorted(EXAMPLES))
        )
        raise UsageError(message)
    extra = {"seed": seed, "scale": scale} if name == "province" else {}
    inventory = from_columns(example_columns(name, **extra))
    form = format_ or _format_of(folder)
    target = folder
    if form is not Format.CSV and folder.suffix != f".{form}":
        target = folder / f"{name}.{form}"
    target.parent.mkdir(parents=True, exist_ok=True)
    write_inventory(inventory, target, format=form.value, overwrite=overwrite)
    rows = sum(len(table) for table in inventory.tables.values())
    print_text("invented_rows", stream=sys.stdout, path=target, rows=f"{rows:,}")


def _format_of(path: Path) -> Format:
    """Tell by its ending what an inventory is to be; a name without one is a folder."""
    return next((form for form in Format if path.suffix == f".{form}"), Format.CSV)


def template(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="Workbook to write.")],
    lang: LangOption = LOCALE_LANG,
) -> None:
    """Write an empty workbook with every table, its columns explained, to fill in."""
    from netgraph.inventory import write_template

    write_template(file, lang=lang.value)
    print_text("written_to", stream=sys.stdout, path=file)
