"""`netgraph verify`: hold the certificates of a run against the raw tables."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from netgraph.cli.terminal import console_for

_MOST_SHOWN = 20


def verify(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="What assess --certificates wrote.")],
    inventory: Annotated[
        Optional[Path],
        typer.Option("--inventory", help="Where the inventory stands now; default: as assessed."),
    ] = None,
) -> None:
    """Check every verdict of a run against the raw tables, with none of the code that made it."""
    from rich.table import Table

    from netgraph.verify import verify_certificates

    found = verify_certificates(out, inventory)
    console = console_for(sys.stdout)
    table = Table("certificates", "accepted", "not checkable", "refused")
    for kind in sorted({*found.accepted, *found.not_checkable, *found.refused_by_kind}):
        counts = (found.accepted, found.not_checkable, found.refused_by_kind)
        table.add_row(kind, *(str(count.get(kind, 0)) for count in counts))
    if table.row_count:
        console.print(table)
    for reason in found.refused[:_MOST_SHOWN]:
        console.print(f"refused: {reason}", markup=False)
    if len(found.refused) > _MOST_SHOWN:
        console.print(f"... and {len(found.refused) - _MOST_SHOWN} more refused.")
    if not found.is_accepted:
        raise typer.Exit(1)
    console.print("Every verdict is borne out by the raw tables, searches by their own word apart.")
