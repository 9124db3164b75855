"""Write one step: the new state of a work, and the line of its history, together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from netgraph.works.rows import insert, text_of, update_work, write_checks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from netgraph.works.model import Check, Work
    from netgraph.works.states import State, Step


@dataclass(frozen=True)
class Entry:
    """One step of one work.

    Attributes
    ----------
    facts
        Columns of the work that change with it: responsible, verifier, due, done_on, proven_on.
    snapshot
        Date of the plan or inventory that was looked at, "" for all other steps.
    """

    step: Step
    by: str
    to_state: State
    why: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    snapshot: str = ""
    checks: tuple[Check, ...] = ()
    is_first: bool = False


def record(connection: sqlite3.Connection, work: Work, entry: Entry) -> None:
    """Take a step; the stamp is the machine's clock in UTC, every other date comes from data."""
    now = {
        "responsible": work.responsible, "verifier": work.verifier, "due": text_of(work.due),
        "done_on": text_of(work.done_on), **entry.facts,
    }  # fmt: skip
    update_work(connection, work.id, {**now, "state": entry.to_state.value})
    event = insert(connection, "history", {
        "work": work.id,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": entry.by, "step": entry.step.value,
        "from_state": "" if entry.is_first else work.state.value,
        "to_state": entry.to_state.value, "why": entry.why, "snapshot_date": entry.snapshot,
        **{name: now[name] for name in ("responsible", "verifier", "due", "done_on")},
    })  # fmt: skip
    write_checks(connection, event, entry.checks)
