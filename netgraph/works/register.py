"""The works register: every chosen work from the plan to its proof, in one SQLite file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from netgraph.errors import UsageError
from netgraph.messages import Message, join_messages
from netgraph.works.history import Entry, record
from netgraph.works.model import Selection, same_person
from netgraph.works.opening import Opening, open_works
from netgraph.works.plan import read_plan
from netgraph.works.rows import (
    GONE,
    day_of,
    read_demands,
    read_events,
    read_works,
    text_of,
    write_renaming,
)
from netgraph.works.selecting import as_selection, choose, choose_for, refuse
from netgraph.works.states import LEADS_TO, State, Step
from netgraph.works.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from netgraph.works.model import Demand, Event, Work

    Works = str | Iterable[str] | Selection
    #: Facts that a step changes, or why it cannot be taken.
    _Rule = Callable[[Work], Mapping[str, str] | str]

DEFAULT_NAME = "works.sqlite"
#: How far the clock may be behind the records (those of the examples bear a date of their own).
_YEAR = timedelta(days=366)


class WorksRegister:
    """Follows works from the plan to their proof; every step is kept with who, when and why.

    Any number of processes may use one file: each step is one transaction, checked against the
    state that it changes. Works are given as one id, several ids, or a :class:`Selection`.
    :func:`netgraph.works.verifying.verify_works` holds them to a newer inventory.

    Parameters
    ----------
    path
        The file; :meth:`open_plan` makes it.
    wait_seconds
        How long to wait for another process that is writing.
    """

    def __init__(self, path: str | Path = DEFAULT_NAME, *, wait_seconds: float = 10.0) -> None:
        self.store = Store(path, wait_seconds=wait_seconds)

    def open_plan(self, folder: str | Path, *, by: str, same_network: bool = False) -> Opening:
        """Take in the chosen works of a plan that `netgraph upgrades` wrote.

        A work that is there keeps its state; figures and demands follow the plan of the latest
        records. A work that was proven, and is asked for by a plan of later records, is reopened.

        Parameters
        ----------
        by
            Who takes them in.
        same_network
            Accept an inventory under another name than the register's.

        Raises
        ------
        InputError
            If the folder holds no plan, or the file is no register.
        UsageError
            If the plan is for another inventory.
        OutputError
            If the register cannot be written.
        """
        who = named(by)
        plan = read_plan(folder)
        with self.store.writing(create=True) as connection:
            return open_works(connection, plan, who, same_network=same_network)

    def works(self, works: Works | None = None) -> tuple[Work, ...]:
        """Works by id; all of them when none are named."""
        with self.store.reading() as connection:
            found = read_works(connection)
            if works is None:
                return tuple(found.values())
            return tuple(choose(found, as_selection(works)))

    def history(self, works: Works | None = None) -> tuple[Event, ...]:
        """Everything that was done with works, in the order in which it was done."""
        with self.store.reading() as connection:
            found = read_works(connection)
            chosen = found if works is None else [w.id for w in choose(found, as_selection(works))]
            return read_events(connection, chosen)

    def demands(self, work_id: str) -> tuple[Demand, ...]:
        """Give what a work is held to."""
        with self.store.reading() as connection:
            (work,) = choose(read_works(connection), Selection(ids=(work_id,)))
            return read_demands(connection, work)

    def latest_snapshot(self) -> date | None:
        """Date of the latest records that planned or moved a work; None without a plan."""
        with self.store.reading() as connection:
            (last,) = connection.execute(
                "SELECT max(snapshot_date) FROM (SELECT snapshot_date FROM plans"
                " UNION ALL SELECT snapshot_date FROM history)"
            ).fetchone()
            return day_of(last or "")

    def assign(
        self, works: Works, *, by: str, to: str = "", verifier: str = "", due: date | None = None,
        why: str = "",
    ) -> tuple[Work, ...]:  # fmt: skip
        """Make one person responsible, another the verifier, and set the day when it is due.

        What is left out stays as it is; the first time all three must be given.

        Raises
        ------
        UsageError
            If something is missing, both are one person, or the day lies before the records on
            which the work rests; then no work is changed, as with every step.
        """

        def rule(work: Work) -> Mapping[str, str] | str:
            responsible, looks = to.strip() or work.responsible, verifier.strip() or work.verifier
            day = due or work.due
            wanted = {
                Message("a responsible person"): responsible,
                Message("a verifier"): looks,
                Message("a due date"): day,
            }
            lacking = [name for name, value in wanted.items() if not value]
            if lacking:
                return Message("it still needs {0}", join_messages(lacking, ", "))
            if same_person(responsible, looks):
                return Message(
                    "{0} cannot verify what {1} answers for: name somebody else", looks, responsible
                )
            if day is not None and day < work.rests_on:
                return Message(
                    "due on {0}, before the records of {1} on which it rests", day, work.rests_on
                )
            return {"responsible": responsible, "verifier": looks, "due": text_of(day)}

        return self._take(Step.ASSIGN, works, by, why, rule)

    def start(self, works: Works, *, by: str, why: str = "") -> tuple[Work, ...]:
        """Say that somebody is at it."""
        return self._take(Step.START, works, by, why)

    def submit(
        self, works: Works, *, by: str, done_on: date | None = None, why: str = ""
    ) -> tuple[Work, ...]:
        """Say that it is done, and on which day; it remains to be proven.

        Raises
        ------
        UsageError
            If the day lies before the records that show the work undone, or is yet to come and
            more than a year after them: no inventory that proves it could be that far away.
        """
        today = datetime.now(UTC).date()

        def rule(work: Work) -> Mapping[str, str] | str:
            if done_on is None:
                return {"done_on": ""}
            if done_on < work.rests_on:
                return Message(
                    "done on {0}, but the records of {1} show it undone", done_on, work.rests_on
                )
            if done_on > max(today, work.rests_on + _YEAR):
                return Message(
                    "done on {0}, which is yet to come, more than a year after the records of {1}",
                    done_on, work.rests_on,
                )  # fmt: skip
            return {"done_on": text_of(done_on)}

        return self._take(Step.SUBMIT, works, by, why, rule)

    def close(self, works: Works, *, by: str, why: str = "") -> tuple[Work, ...]:
        """Close what is verified."""
        return self._take(Step.CLOSE, works, by, why)

    def reopen(self, works: Works, *, by: str, why: str) -> tuple[Work, ...]:
        """Take back what was submitted, verified, closed or withdrawn; say why."""
        cleared = {"done_on": "", "proven_on": ""}
        return self._take(Step.REOPEN, works, by, _told(why), lambda _: cleared)

    def escalate(self, works: Works, *, by: str, why: str) -> tuple[Work, ...]:
        """Hand a real difficulty upwards; assigning it again brings it back."""
        return self._take(Step.ESCALATE, works, by, _told(why))

    def reply(self, works: Works, *, by: str, due: date | None, why: str) -> tuple[Work, ...]:
        """Note that the customer was told a fixed date by which it will be done, and why.

        Raises
        ------
        UsageError
            If the date is missing, or lies before the records on which the work rests.
        """

        def rule(work: Work) -> Mapping[str, str] | str:
            if due is None:
                return Message("which date was the customer told? Give it with --due")
            if due < work.rests_on:
                return Message(
                    "due on {0}, before the records of {1} on which it rests", due, work.rests_on
                )
            return {"due": text_of(due)}

        return self._take(Step.REPLY, works, by, _told(why), rule)

    def withdraw(self, works: Works, *, by: str, why: str) -> tuple[Work, ...]:
        """Take a work off the list that is no longer wanted; its history stays.

        It is neither open nor overdue, and no plan that lists it brings it back: only
        :meth:`reopen` does.
        """
        return self._take(Step.WITHDRAW, works, by, _told(why))

    def note(self, works: Works, *, by: str, why: str) -> tuple[Work, ...]:
        """Write something down; the state stays."""
        return self._take(Step.NOTE, works, by, _told(why))

    def rename(self, works: Works, *, by: str, row: str, now: str, why: str) -> tuple[Work, ...]:
        """State that a row which works are held to bears another id now, or is gone for good.

        Parameters
        ----------
        row
            The row as evidence names it, such as ``equipment:P1``.
        now
            Its new id; "" for gone, which the work must be provable without.

        Raises
        ------
        UsageError
            If a work is not held to the row, nothing would be left of it, or `by` answers for it.
        """
        table, _, called = row.partition(":")
        who, reason = named(by), _told(why)
        with self.store.writing() as connection:
            found = choose_for(read_works(connection), as_selection(works), Step.RENAME)
            problems: list[str] = []
            for work in found:
                demands = read_demands(connection, work)
                fault = _why_not_renamed(work, demands, (table, called), now, who)
                if fault:
                    problems.append(Message("{0}: {1}.", work.id, fault))
            refuse(problems)
            for work in found:
                write_renaming(connection, work.id, (table, called), now or GONE)
                told = f"{row} -> {f'{table}:{now}' if now else 'gone'}: {reason}"
                record(connection, work, Entry(Step.RENAME, who, work.state, told))
            return tuple(read_works(connection)[work.id] for work in found)

    def _take(
        self, step: Step, works: Works, by: str, why: str, rule: _Rule | None = None
    ) -> tuple[Work, ...]:
        """Take one step with all works that are meant, or with none."""
        who = named(by)
        with self.store.writing() as connection:
            found = choose_for(read_works(connection), as_selection(works), step)
            facts = {work.id: rule(work) if rule else {} for work in found}
            refuse(
                [
                    Message("{0}: {1}.", name, told)
                    for name, told in facts.items()
                    if isinstance(told, str)
                ]
            )
            for work in found:
                told = facts[work.id]
                changed = {} if isinstance(told, str) else told
                to_state: State = LEADS_TO.get(step, work.state)
                record(connection, work, Entry(step, who, to_state, why.strip(), changed))
            after = read_works(connection)
            return tuple(after[work.id] for work in found)


def named(by: str) -> str:
    """Give the name of who takes a step; UsageError where there is none."""
    if not by.strip():
        message = Message("who takes this step? Name the person with --by")
        raise UsageError(message)
    return by.strip()


def _told(why: str) -> str:
    if not why.strip():
        message = Message("this step needs a reason: give it with --why")
        raise UsageError(message)
    return why.strip()


def _why_not_renamed(
    work: Work, demands: Iterable[Demand], row: tuple[str, str], now: str, by: str
) -> str:
    """Why a row of a work cannot be said to be renamed or gone; "" where it can."""
    held = list(demands)
    rows = {(d.table, d.row_id) for d in held if d.table} | {
        ("sites", site) for site in (*work.sites, *(d.site_id for d in held)) if site
    }
    if row not in rows:
        near = ", ".join(sorted(f"{table}:{name}" for table, name in rows)[:5])
        return Message("it is not held to {0}; it is to {1}", ":".join(row), near)
    if same_person(by, work.responsible):
        return Message("{0} answers for it: somebody else must state that", by)
    if now:
        return ""
    left = [d for d in held if d.aspect != "item" and (d.table, d.row_id) != row]
    if row[0] == "sites" or not left:
        return Message(
            "nothing would be left by which it could be proven: leave it, or escalate it"
        )
    return ""
