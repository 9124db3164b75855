"""`netgraph doctor`."""

from __future__ import annotations

import sys

import typer
from rich.markup import escape
from rich.table import Table

from netgraph.cli.terminal import console_for


def doctor() -> None:
    """Print versions, drivers, fonts and where kernels are kept; exit 1 if something is wrong."""
    from netgraph.assessment.environment import check_environment

    checks = check_environment()
    table = Table(box=None, show_header=False, pad_edge=False)
    for check in checks:
        mark = "[green]ok[/]" if check.is_good else "[bold red]!![/]"
        cure = f"  [dim]{escape(check.hint)}[/]" if check.hint else ""
        table.add_row(mark, check.name, escape(check.found) + cure)
    console_for(sys.stdout).print(table)
    if not all(check.is_good for check in checks):
        raise typer.Exit(1)
