"""`netgraph works`: the closed loop from the plan to the proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from netgraph.cli.works.evidence import open_plan, verify
from netgraph.cli.works.lists import list_works, report, show
from netgraph.cli.works.steps import STEPS

if TYPE_CHECKING:
    from collections.abc import Callable

works_app = typer.Typer(
    name="works",
    help="Follow chosen works from the plan to their proof: a register in one SQLite file.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
works_app.command("open")(open_plan)
works_app.command("list")(list_works)
_commands: tuple[Callable[..., None], ...] = (show, verify, report, *STEPS)
for command in _commands:
    works_app.command()(command)

__all__ = ["works_app"]
