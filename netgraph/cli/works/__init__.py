"""`netgraph works`: the closed loop from the plan to the proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from netgraph.cli.help import SpokenCommand, SpokenGroup
from netgraph.cli.works.evidence import open_plan, verify
from netgraph.cli.works.lists import list_works, report, show
from netgraph.cli.works.steps import STEPS

if TYPE_CHECKING:
    from collections.abc import Callable

works_app = typer.Typer(
    name="works",
    help="Follow chosen works from the plan to their proof: a register in one SQLite file.",
    cls=SpokenGroup,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
works_app.command("open", cls=SpokenCommand)(open_plan)
works_app.command("list", cls=SpokenCommand)(list_works)
_commands: tuple[Callable[..., None], ...] = (show, verify, report, *STEPS)
for command in _commands:
    works_app.command(cls=SpokenCommand)(command)

__all__ = ["works_app"]
