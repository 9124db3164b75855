"""Steps that a person takes with works: what each is told besides which works, who and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Optional

import typer

from netgraph.cli.terminal import day_of
from netgraph.cli.works.step_command import step_command
from netgraph.errors import UsageError
from netgraph.messages import Message

_Day = Annotated[Optional[str], typer.Option("--due", help="By when (YYYY-MM-DD).")]


def assign(
    *,
    to: Annotated[str, typer.Option("--to", help="The one person who answers for it.")] = "",
    verifier: Annotated[
        str, typer.Option("--verifier", help="Somebody else, who will verify it.")
    ] = "",
    due: _Day = None,
) -> Mapping[str, object]:
    """Make one person responsible, another the verifier, and set the day when it is due."""
    return {"to": to, "verifier": verifier, "due": day_of(due, "--due")}


def start() -> Mapping[str, object]:
    """Say that somebody is at it."""
    return {}


def submit(
    *,
    on: Annotated[
        Optional[str], typer.Option("--on", help="Day on which it was done (YYYY-MM-DD).")
    ] = None,
) -> Mapping[str, object]:
    """Say that it is done; it remains to be proven by newer records."""
    return {"done_on": day_of(on, "--on")}


def close() -> Mapping[str, object]:
    """Close what is verified: all of it, unless works are named or chosen."""
    return {}


def reopen() -> Mapping[str, object]:
    """Take back what was submitted, verified, closed or withdrawn; --why is needed."""
    return {}


def escalate() -> Mapping[str, object]:
    """Hand a real difficulty upwards; --why is needed, and assign brings it back."""
    return {}


def reply(*, due: _Day = None) -> Mapping[str, object]:
    """Note that the customer was told a fixed date (--due); --why is needed."""
    return {"due": day_of(due, "--due")}


def withdraw() -> Mapping[str, object]:
    """Take off the list what is no longer wanted; --why is needed, only reopen brings it back."""
    return {}


def note() -> Mapping[str, object]:
    """Write something into the history with --why; the state stays."""
    return {}


def rename(
    *,
    row: Annotated[
        str, typer.Option("--row", metavar="TABLE:ID", help="Row, such as equipment:P1.")
    ],
    now: Annotated[str, typer.Option("--now", metavar="ID", help="The id that it bears now.")] = "",
    gone: Annotated[
        bool, typer.Option("--gone", help="It is gone for good, and not needed for the proof.")
    ] = False,
) -> Mapping[str, object]:
    """State that a row that works are held to has got another id; --why is needed."""
    if bool(now) == gone:
        message = Message("say what the row is called now with --now ID, or that it is --gone")
        raise UsageError(message)
    return {"row": row, "now": now}


STEPS = (
    *(step_command(step) for step in (
        assign, start, submit, reopen, escalate, reply, withdraw, note, rename,
    )),
    step_command(close, may_be_all=True),
)  # fmt: skip
