"""The register as plain values: works, what they are held to, and their history."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from netgraph.works.states import DONE, State

if TYPE_CHECKING:
    from datetime import date

    from netgraph.works.states import Step


class Proof(StrEnum):
    """What a newer inventory says of one demand."""

    PASSED = "passed"
    FAILED = "failed"
    MISSING = "missing"


class Cause(StrEnum):
    """Why a demand did not pass."""

    DIFFERS = "differs"
    FAILS = "fails"
    NO_SUCH_ROW = "no_such_row"
    NOT_IN_SERVICE = "not_in_service"
    EMPTY = "empty"
    IN_THE_FUTURE = "in_the_future"
    UNDECIDABLE = "undecidable"
    INCOMPLETE = "incomplete"
    NO_CIRCUIT = "no_circuit"
    NOT_JUDGED = "not_judged"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN_ITEM = "unknown_item"
    WAITS = "waits"
    NOTHING_TO_CHECK = "nothing_to_check"


@dataclass(frozen=True)
class Demand:
    """One thing that must be so in a newer inventory; columns as in acceptance.csv."""

    number: str
    aspect: str
    site_id: str = ""
    item_id: str = ""
    table: str = ""
    row_id: str = ""
    column: str = ""
    test: str = ""
    expected: str = ""
    through: str = ""

    @property
    def row(self) -> str:
        """The row as evidence names it; "" where no row is asked for."""
        return f"{self.table}:{self.row_id}" if self.table else ""


@dataclass(frozen=True)
class Check:
    """What became of one demand.

    Attributes
    ----------
    cause
        Why it did not pass, None where it did.
    found
        What stands in the newer inventory: a value, a level, ids of rows.
    reason_en, reason_zh
        A sentence of the audit where a level is in question.
    """

    demand: Demand
    proof: Proof
    cause: Cause | None = None
    found: str = ""
    reason_en: str = ""
    reason_zh: str = ""


@dataclass(frozen=True)
class Work:
    """One work of the register.

    Attributes
    ----------
    id
        Stable: it depends on what is done to which rows only.
    subject
        What is worked on: a row, or the two ends of a route.
    rests_on
        Snapshot date of the inventory by which it was planned.
    state, responsible, verifier, due
        Where it stands, who answers for it, who else looks at it, by when it shall be done.
    done_on
        Day on which it was done as its responsible person says; None where nobody said.
    proven_on
        Snapshot date of the inventory that proved it; None while it is not proven.
    reopenings, recurrences
        How often it was reopened (a withdrawn one that is wanted again does not count), and how
        often of these after it had been closed.
    was_submitted, was_closed
        Whether it ever came so far.
    plan
        Number of the plan that its demands come from.
    remark
        Why the last step was taken, in words of the person who took it.
    """

    id: str
    kind: str
    subject: str
    sites: tuple[str, ...]
    cities: tuple[str, ...]
    quantities: str
    cost_yuan: float | None
    price_level: str
    priority: int
    rests_on: date
    state: State
    plan: int
    responsible: str = ""
    verifier: str = ""
    due: date | None = None
    done_on: date | None = None
    proven_on: date | None = None
    reopenings: int = 0
    recurrences: int = 0
    was_submitted: bool = False
    was_closed: bool = False
    remark: str = ""

    def is_overdue(self, as_of: date) -> bool:
        """Whether it should be proven done by a day and is not; never once withdrawn."""
        is_wanted = self.state not in {*DONE, State.WITHDRAWN}
        return self.due is not None and self.due < as_of and is_wanted

    @property
    def finished_on(self) -> date | None:
        """Day on which a proven work was done; the proving snapshot where nobody said."""
        if self.proven_on is None or self.done_on is None:
            return self.proven_on
        return min(self.done_on, self.proven_on)


@dataclass(frozen=True)
class Event:
    """One line of the history.

    Attributes
    ----------
    at
        Point in time of the machine that wrote it, UTC.
    snapshot_date
        Of the inventory or plan that the step looked at, None for all others.
    responsible, verifier, due, done_on
        As they are after the step.
    checks
        What a verification found, demand by demand.
    """

    number: int
    work_id: str
    at: str
    by: str
    step: Step
    from_state: State | None
    to_state: State
    why: str
    snapshot_date: date | None
    responsible: str
    verifier: str
    due: date | None
    done_on: date | None
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True)
class Selection:
    """Which works a step is for: by id, or all that share something.

    Attributes
    ----------
    ids
        Exactly these; then every one must allow the step. Otherwise those of the others that do.
    city, kind, person, state
        A city of its sites; its kind; who answers for it; where it stands. "" for any.
    """

    ids: tuple[str, ...] = ()
    city: str = ""
    kind: str = ""
    person: str = ""
    state: str = ""

    def takes(self, work: Work) -> bool:
        """Whether a work is meant."""
        return (
            (not self.ids or work.id in self.ids)
            and (not self.city or self.city in work.cities)
            and (not self.kind or self.kind == work.kind)
            and (not self.person or same_person(self.person, work.responsible))
            and (not self.state or self.state == work.state)
        )


def same_person(one: str, other: str) -> bool:
    """Whether two names mean one person: case, width and spaces aside.

    Short Chinese names are often padded to the width of long ones.

    >>> [same_person("李工", name) for name in ("李\u3000工", " 李 工", "王工")]
    [True, True, False]
    """
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
