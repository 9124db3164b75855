"""Rows of the register's tables as values, and back."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from datetime import date
from typing import TYPE_CHECKING

from netgraph.works.model import Cause, Check, Demand, Event, Proof, Work
from netgraph.works.states import State, Step

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from netgraph.works.plan import PlannedWork

#: In place of an id: the row is stated to be gone for good.
GONE = ""
_GAP = ";"
_WORKS = """
SELECT works.*, plans.snapshot_date AS rests_on,
  (SELECT count(*) FROM history WHERE work = works.id AND to_state = 'reopened'
     AND from_state NOT IN ('reopened', 'withdrawn')) AS reopenings,
  (SELECT count(*) FROM history WHERE work = works.id AND to_state = 'reopened'
     AND from_state = 'closed') AS recurrences,
  EXISTS (SELECT 1 FROM history WHERE work = works.id AND to_state = 'submitted') AS was_submitted,
  EXISTS (SELECT 1 FROM history WHERE work = works.id AND to_state = 'closed') AS was_closed,
  coalesce((SELECT why FROM history WHERE work = works.id AND why != ''
     ORDER BY number DESC LIMIT 1), '') AS remark
FROM works JOIN plans ON plans.number = works.plan ORDER BY works.id
"""


def read_works(connection: sqlite3.Connection) -> dict[str, Work]:
    """All works by id, with what their history says of them."""
    return {row["id"]: _work(row) for row in connection.execute(_WORKS)}


def _work(row: sqlite3.Row) -> Work:
    return Work(
        id=row["id"], kind=row["kind"], subject=row["subject"], sites=_split(row["sites"]),
        cities=_split(row["cities"]), quantities=row["quantities"], cost_yuan=row["cost_yuan"],
        price_level=row["price_level"], priority=row["priority"],
        rests_on=date.fromisoformat(row["rests_on"]), state=State(row["state"]), plan=row["plan"],
        responsible=row["responsible"], verifier=row["verifier"], due=day_of(row["due"]),
        done_on=day_of(row["done_on"]), proven_on=day_of(row["proven_on"]),
        reopenings=row["reopenings"], recurrences=row["recurrences"],
        was_submitted=bool(row["was_submitted"]), was_closed=bool(row["was_closed"]),
        remark=row["remark"],
    )  # fmt: skip


def write_planned(
    connection: sqlite3.Connection, planned: PlannedWork, plan: int, *, is_new: bool
) -> None:
    """Add a work in state open, or give one that is there the facts of a newer plan."""
    facts: dict[str, object] = {
        "plan": plan, "kind": planned.kind, "subject": planned.subject,
        "sites": _GAP.join(planned.sites), "cities": _GAP.join(planned.cities),
        "quantities": planned.quantities, "cost_yuan": planned.cost_yuan,
        "price_level": planned.price_level, "priority": planned.priority,
    }  # fmt: skip
    if is_new:
        insert(connection, "works", {"id": planned.id, **facts, "state": State.OPEN.value})
    else:
        update_work(connection, planned.id, facts)
    for demand in planned.demands:
        insert(connection, "demands", {"work": planned.id, "plan": plan, **asdict(demand)})


def update_work(connection: sqlite3.Connection, name: str, facts: Mapping[str, object]) -> None:
    """Set columns of one work."""
    assigned = ", ".join(f"{column} = :{column}" for column in facts)
    statement = f"UPDATE works SET {assigned} WHERE id = :id"  # noqa: S608 - our own column names
    connection.execute(statement, {**facts, "id": name})


def insert(connection: sqlite3.Connection, table: str, facts: Mapping[str, object]) -> int:
    """Add one row; return its number."""
    columns = ", ".join(f'"{column}"' for column in facts)
    places = ", ".join("?" for _ in facts)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - our own names
    return int(connection.execute(statement, tuple(facts.values())).lastrowid or 0)


def read_demands(connection: sqlite3.Connection, work: Work) -> tuple[Demand, ...]:
    """Read what a work is held to: by its latest plan, rows under the names that they bear now.

    Rows that are stated to be gone for good are left out.
    """
    rows = connection.execute(
        "SELECT * FROM demands WHERE work = ? AND plan = ? ORDER BY number", (work.id, work.plan)
    )
    found = [Demand(**{name: row[name] for name in _names(Demand)}) for row in rows]
    renamed = read_renamings(connection, work.id)
    present = [d for d in found if renamed.get((d.table, d.row_id), "-") != GONE]
    return tuple(_renamed(demand, renamed) for demand in present)


def read_renamings(connection: sqlite3.Connection, name: str) -> dict[tuple[str, str], str]:
    """Give (table, id in the plan) to the id that a row of a work bears now."""
    rows = connection.execute("SELECT * FROM renamings WHERE work = ?", (name,))
    return {(row["table"], row["old_id"]): row["new_id"] for row in rows}


def write_renaming(
    connection: sqlite3.Connection, name: str, row: tuple[str, str], now: str
) -> None:
    """Note what a row is called now; one that was renamed before is followed on."""
    table, called = row
    earlier = read_renamings(connection, name)
    first = next((old for (t, old), new in earlier.items() if t == table and new == called), called)
    connection.execute(
        "INSERT OR REPLACE INTO renamings VALUES (?, ?, ?, ?)", (name, table, first, now)
    )


def _renamed(demand: Demand, names: Mapping[tuple[str, str], str]) -> Demand:
    site = names.get(("sites", demand.site_id), demand.site_id)
    row = names.get((demand.table, demand.row_id), demand.row_id)
    expected = demand.expected
    if demand.column == "a_id":
        expected = names.get(("sites", expected), expected)
    return replace(demand, site_id=site, row_id=row, expected=expected)


def read_events(connection: sqlite3.Connection, names: Iterable[str]) -> tuple[Event, ...]:
    """History of some works, in the order in which it was written."""
    wanted = set(names)
    checks: dict[int, list[Check]] = {}
    for row in connection.execute("SELECT * FROM checks ORDER BY history, place"):
        checks.setdefault(row["history"], []).append(_check(row))
    return tuple(
        Event(
            number=row["number"], work_id=row["work"], at=row["at"], by=row["by"],
            step=Step(row["step"]),
            from_state=State(row["from_state"]) if row["from_state"] else None,
            to_state=State(row["to_state"]), why=row["why"],
            snapshot_date=day_of(row["snapshot_date"]), responsible=row["responsible"],
            verifier=row["verifier"], due=day_of(row["due"]), done_on=day_of(row["done_on"]),
            checks=tuple(checks.get(row["number"], ())),
        )
        for row in connection.execute("SELECT * FROM history ORDER BY number")
        if row["work"] in wanted
    )  # fmt: skip


def write_checks(connection: sqlite3.Connection, event: int, checks: Sequence[Check]) -> None:
    """Keep what a verification found."""
    for place, check in enumerate(checks):
        insert(connection, "checks", {
            "history": event, "place": place,
            "demand": json.dumps(asdict(check.demand), ensure_ascii=False),
            "proof": check.proof.value,
            "cause": check.cause.value if check.cause else "", "found": check.found,
            "reason_en": check.reason_en, "reason_zh": check.reason_zh,
        })  # fmt: skip


def _check(row: sqlite3.Row) -> Check:
    return Check(
        Demand(**json.loads(row["demand"])), Proof(row["proof"]),
        Cause(row["cause"]) if row["cause"] else None, row["found"], row["reason_en"],
        row["reason_zh"],
    )  # fmt: skip


def day_of(text: str) -> date | None:
    """Read a stored date; "" is none."""
    return date.fromisoformat(text) if text else None


def text_of(day: date | None) -> str:
    """Store a date; none is ""."""
    return day.isoformat() if day else ""


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(_GAP) if part)


def _names(kind: type[Demand]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
