"""Options that the commands of the register have in common."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from netgraph.cli.terminal import console_for
from netgraph.errors import UsageError
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.works import Selection, Work


Ids = Annotated[Optional[list[str]], typer.Argument(metavar="[WORK]...", help="Works by id.")]
By = Annotated[str, typer.Option("--by", envvar="NETGRAPH_BY", help="Who takes this step.")]
Why = Annotated[str, typer.Option("--why", help="Reason; it stays in the history.")]
Register = Annotated[
    Path,
    typer.Option("--register", envvar="NETGRAPH_REGISTER", help="The register (SQLite file)."),
]
City = Annotated[str, typer.Option("--city", help="Works for sites of this city.")]
OfKind = Annotated[str, typer.Option("--kind", help="Works of this kind, such as re_patch.")]
Person = Annotated[str, typer.Option("--person", help="Works that this person answers for.")]
SameNetwork = Annotated[
    bool, typer.Option("--same-network", help="The inventory has got another name since.")
]
AsOf = Annotated[
    Optional[str],
    typer.Option("--as-of", help="Date for what is overdue; default: the latest records seen."),
]
DEFAULT_REGISTER = Path("works.sqlite")


def selection(
    ids: Sequence[str] | None, city: str, kind: str, person: str, *, may_be_all: bool = False
) -> Selection:
    """Put together which works are meant; nothing at all means all only where that is harmless."""
    from netgraph.works import Selection

    if not may_be_all and not (ids or city or kind or person):
        message = Message("which works? Name them by id, or choose with --city, --kind or --person")
        raise UsageError(message)
    return Selection(tuple(ids or ()), city, kind, person)


def tell(step: str, works: Sequence[Work], lang: str) -> None:
    """Say what was done, and with which works where they are few."""
    from netgraph.report import labels

    language: labels.Language = "zh" if lang == "zh" else "en"
    name = labels.label("work_step", step, language)
    console = console_for(sys.stdout)
    console.print(labels.text("register_step", language, step=name, count=len(works)))
    for work in works[:12]:
        console.print(f"  {work.id} {work.subject}", markup=False)
