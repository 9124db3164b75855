"""Take the works of a plan into the register: each once, whatever its state."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from netgraph.errors import UsageError
from netgraph.messages import Message
from netgraph.works.history import Entry, record
from netgraph.works.model import Work
from netgraph.works.rows import insert, read_works, text_of, write_planned
from netgraph.works.states import DONE, State, Step

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from netgraph.works.plan import Plan, PlannedWork


@dataclass(frozen=True)
class Opening:
    """What became of the works of a plan, as ids.

    Attributes
    ----------
    new
        Added, in state open.
    known
        There already, and left as they were.
    updated
        There already and not done: a newer plan asks for them still, and gives figures and
        demands anew.
    recurred
        Proven done, and asked for again by a plan of later records: reopened.
    withdrawn
        Withdrawn, and asked for again: left withdrawn.
    """

    new: tuple[str, ...]
    known: tuple[str, ...]
    updated: tuple[str, ...]
    recurred: tuple[str, ...]
    withdrawn: tuple[str, ...]


def open_works(
    connection: sqlite3.Connection, plan: Plan, by: str, *, same_network: bool
) -> Opening:
    """Add the works of a plan that are not there yet.

    Raises
    ------
    UsageError
        If the plan is for another inventory than the register.
    """
    check_network(connection, plan.inventory, plan.sites, same_network=same_network)
    works = read_works(connection)
    taken = connection.execute("SELECT 1 FROM plans WHERE sha256 = ?", (plan.sha256,)).fetchone()
    found: dict[str, list[str]] = {name.name: [] for name in fields(Opening)}
    number = 0 if taken else _add_plan(connection, plan)
    for planned in plan.works:
        work = works.get(planned.id)
        if work is not None and work.state is State.WITHDRAWN:
            became = "withdrawn"
        else:
            became = "known" if taken else _take(connection, planned, work, (plan, number, by))
        found[became].append(planned.id)
    return Opening(**{name: tuple(sorted(ids)) for name, ids in found.items()})


def check_network(
    connection: sqlite3.Connection, inventory: str, sites: Iterable[str], *, same_network: bool
) -> None:
    """Refuse an inventory that is not the register's own: by its name, and by its sites."""
    last = connection.execute("SELECT inventory FROM plans ORDER BY number DESC").fetchone()
    if last is None:
        return
    if inventory and last["inventory"] not in {"", inventory} and not same_network:
        message = Message(
            "this is about the inventory {0!r}, the register about {1!r}: take "
            "another register, or say --same-network if the inventory has got another"
            " name",
            inventory,
            last["inventory"],
        )
        raise UsageError(message)
    known = {row["id"] for row in connection.execute("SELECT id FROM sites")}
    if known and known.isdisjoint(sites):
        message = Message(
            "this is about another inventory: none of the register's {0} sites is in "
            "it; take another register",
            len(known),
        )
        raise UsageError(message)


def _add_plan(connection: sqlite3.Connection, plan: Plan) -> int:
    connection.executemany(
        "INSERT OR REPLACE INTO sites (id, city) VALUES (?, ?)", sorted(plan.sites.items())
    )
    return insert(connection, "plans", {
        "folder": plan.folder, "inventory": plan.inventory,
        "snapshot_date": plan.snapshot_date.isoformat(), "sha256": plan.sha256,
        "rules": json.dumps(plan.measure.rules, sort_keys=True),
        "scorecard": plan.measure.scorecard,
        "hazards": json.dumps([plan.measure.hazards, plan.measure.hazard_kind]),
    })  # fmt: skip


def _take(
    connection: sqlite3.Connection, planned: PlannedWork, work: Work | None,
    source: tuple[Plan, int, str],
) -> str:  # fmt: skip
    """Take one work; return what became of it."""
    plan, number, by = source
    day = text_of(plan.snapshot_date)
    if work is None:
        write_planned(connection, planned, number, is_new=True)
        fresh = Work(
            planned.id, planned.kind, planned.subject, planned.sites, planned.cities,
            planned.quantities, planned.cost_yuan, planned.price_level, planned.priority,
            plan.snapshot_date, State.OPEN, number,
        )  # fmt: skip
        record(connection, fresh, Entry(Step.OPEN, by, State.OPEN, snapshot=day, is_first=True))
        return "new"
    if plan.snapshot_date <= (work.proven_on or work.rests_on):
        return "known"
    write_planned(connection, planned, number, is_new=False)
    if work.state in DONE:
        facts = {"done_on": "", "proven_on": ""}
        reopened = Entry(Step.REOPEN, by, State.REOPENED, facts=facts, snapshot=day)
        record(connection, work, reopened)
        return "recurred"
    changed = _other_measure(connection, work.plan, number)
    record(connection, work, Entry(Step.UPDATE, by, work.state, changed, snapshot=day))
    return "updated"


def _other_measure(connection: sqlite3.Connection, earlier: int, later: int) -> str:
    """Say what differs in the measure of a newer plan, so that the history tells; "" if nothing."""
    rows = {
        row["number"]: row
        for row in connection.execute(
            "SELECT * FROM plans WHERE number IN (?, ?)", (earlier, later)
        )
    }
    before, after = rows[earlier], rows[later]
    told, now = json.loads(before["rules"]), json.loads(after["rules"])
    told |= {name: before[name] for name in ("scorecard", "hazards")}
    now |= {name: after[name] for name in ("scorecard", "hazards")}
    return "; ".join(
        f"{name}: {told.get(name)} -> {now.get(name)}"
        for name in sorted({*told, *now})
        if told.get(name) != now.get(name)
    )
