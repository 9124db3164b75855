"""Hold submitted works to a newer inventory, and look again at those that were proven before."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from netgraph.diversity.levels import Level
from netgraph.diversity.rules import Rules
from netgraph.errors import InputError, UsageError
from netgraph.inventory.hazard_groups import read_all_hazard_areas, with_hazard_areas
from netgraph.messages import Message
from netgraph.scoring import load_scorecard
from netgraph.works.evidence import Evidence
from netgraph.works.history import Entry, record
from netgraph.works.model import Cause, Proof, Selection, same_person
from netgraph.works.opening import check_network
from netgraph.works.register import named
from netgraph.works.rows import day_of, read_demands, read_renamings, read_works
from netgraph.works.selecting import as_selection, choose, choose_for, refuse
from netgraph.works.states import DONE, State, Step

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from netgraph.inventory import Inventory
    from netgraph.inventory.hazard_areas import HazardAreas
    from netgraph.scoring import Scorecard
    from netgraph.works.model import Check, Demand, Work
    from netgraph.works.register import Works, WorksRegister

_BEGUN = DONE | {State.SUBMITTED}


@dataclass(frozen=True)
class Measure:
    """By what a newer inventory is judged, besides the rules that the register keeps.

    Attributes
    ----------
    card
        Scorecard; it must be the one by which the works were planned.
    hazards
        Layers of hazard areas; when empty those that the plan names.
    same_network
        Accept an inventory under another name.
    """

    card: Scorecard = field(default_factory=load_scorecard)
    hazards: tuple[str | Path | HazardAreas, ...] = ()
    same_network: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of one work."""

    work_id: str
    before: State
    after: State
    checks: tuple[Check, ...]

    @property
    def is_proven(self) -> bool:
        """Whether everything that it is held to passed."""
        return all(check.proof is Proof.PASSED for check in self.checks)


@dataclass(frozen=True)
class Verification:
    """What a newer inventory said of the works.

    Attributes
    ----------
    outcomes
        One a work that was looked at: submitted works, and earlier proven ones.
    skipped
        Id and why a submitted work was not looked at.
    """

    snapshot_date: date
    outcomes: tuple[Outcome, ...]
    skipped: tuple[tuple[str, str], ...]

    @property
    def is_proven(self) -> bool:
        """Whether every work that was to be verified is, and nothing recurred."""
        return not self.skipped and all(outcome.is_proven for outcome in self.outcomes)


class _Case(NamedTuple):
    """One work to look at, and what it is held to."""

    work: Work
    demands: tuple[Demand, ...]
    sites: tuple[str, ...]
    measure: tuple[str, str, str]


def verify_works(
    register: WorksRegister, inventory: Inventory, works: Works | None = None, *, by: str,
    measure: Measure | None = None,
) -> Verification:  # fmt: skip
    """Hold submitted works to a newer inventory.

    Verified is what now positively passes in everything that it is held to. What has failed is
    reopened; what is gone, renamed, empty or undecidable proves nothing: the work stays submitted.
    Works that were proven before are looked at again unless ids are named: what fails is reopened.
    The inventory is judged first, then everything is written in one transaction.

    Parameters
    ----------
    inventory
        With a snapshot date later than that of the plan.
    by
        Who verifies: neither responsible for a work, nor who submitted it.

    Returns
    -------
    Verification
        Cost: one audit and scoring for each set of rules that the works were planned by.

    Raises
    ------
    UsageError
        If the inventory has no date, is not newer than what the works rest on or were last held
        to, or is another one; if `by` answers for a named work or submitted it; as
        :func:`choose_for`.
    InputError
        If the measure of the plan cannot be had: another scorecard, a layer that is gone.
    """
    day, who, measure = inventory.snapshot_date, named(by), measure or Measure()
    selection = Selection() if works is None else as_selection(works)
    if day is None:
        message = Message("the inventory has no snapshot date: nothing shows that it is newer")
        raise UsageError(message)
    if inventory.crs == "":
        problem = Message(
            "The coordinates are planar and no CRS is given: name it in inventory.crs."
        )
        raise InputError([problem])
    with register.store.reading() as connection:
        name = inventory.table("inventory")["name"].tolist()
        check_network(
            connection, str(name[0]) if name else "", inventory.table("sites")["id"].tolist(),
            same_network=measure.same_network,
        )  # fmt: skip
        known = read_works(connection)
        chosen, skipped = _chosen(connection, known, selection, who, day)
        cases = [_case(connection, work) for work in chosen]
    judged = _judge(cases, inventory, measure, known)
    outcomes = []
    with register.store.writing() as connection:
        now = read_works(connection)
        for case, checks in judged:
            if now[case.work.id] != case.work:
                skipped.append(
                    (case.work.id, Message("somebody else took a step with it meanwhile"))
                )
                continue
            outcomes.append(_settle(connection, case.work, checks, who, day))
    return Verification(day, tuple(outcomes), tuple(skipped))


def _chosen(
    connection: sqlite3.Connection, works: Mapping[str, Work], selection: Selection, by: str,
    day: date,
) -> tuple[list[Work], list[tuple[str, str]]]:  # fmt: skip
    """Works to look at; submitted ones that cannot be, and why."""
    if selection.ids:
        named = choose_for(works, selection, Step.VERIFY)
        refuse([
            Message("{0}: {1}.", work.id, why)
            for work in named
            if (why := _why_not(connection, work, by, day))
        ])  # fmt: skip
        return named, []
    found, skipped = [], []
    for work in choose(works, selection):
        if work.state is State.SUBMITTED:
            why = _why_not(connection, work, by, day)
            if why:
                skipped.append((work.id, why))
            else:
                found.append(work)
        elif work.state in DONE and work.proven_on is not None and work.proven_on < day:
            found.append(work)
    if not found:
        why = Message(": {0} ({1})", skipped[0][1], skipped[0][0]) if skipped else ""
        message = Message(
            "no submitted work can be verified by {0} with the records of {1}{2}", by, day, why
        )
        raise UsageError(message)
    return found, skipped


def _why_not(connection: sqlite3.Connection, work: Work, by: str, day: date) -> str:
    """Why a submitted work cannot be verified now; "" where it can."""
    if day <= work.rests_on:
        return Message(
            "the inventory is of {0}, the work rests on the records of {1}: take a newer one",
            day,
            work.rests_on,
        )
    if same_person(by, work.responsible):
        return Message("{0} answers for it: somebody else must verify it", by)
    rows = connection.execute(
        "SELECT by, step, snapshot_date FROM history WHERE work = ? ORDER BY number", (work.id,)
    ).fetchall()
    submitted = [row["by"] for row in rows if row["step"] == Step.SUBMIT]
    if submitted and same_person(by, submitted[-1]):
        return Message("{0} submitted it: somebody else must verify it", by)
    last = max((row["snapshot_date"] for row in rows), default="")
    if last and day < (day_of(last) or day):
        return Message("it was held to the records of {0} already, these are of {1}", last, day)
    return ""


def _case(connection: sqlite3.Connection, work: Work) -> _Case:
    renamed = read_renamings(connection, work.id)
    plan = connection.execute("SELECT * FROM plans WHERE number = ?", (work.plan,)).fetchone()
    return _Case(
        work, read_demands(connection, work),
        tuple(renamed.get(("sites", site), site) for site in work.sites),
        (plan["rules"], plan["scorecard"], plan["hazards"]),
    )  # fmt: skip


def _judge(
    cases: Sequence[_Case], inventory: Inventory, measure: Measure, works: Mapping[str, Work]
) -> list[tuple[_Case, tuple[Check, ...]]]:
    """Judge the inventory once for each measure that the works were planned by."""
    judged = {}
    for told in dict.fromkeys(case.measure for case in cases):
        evidence = _evidence(inventory, measure, *told)
        for case in cases:
            if case.measure == told:
                checks = evidence.checks(case.demands, case.sites)
                judged[case.work.id] = case, tuple(_waiting(check, works) for check in checks)
    return [judged[case.work.id] for case in cases]


def _evidence(
    inventory: Inventory, measure: Measure, rules: str, scorecard: str, hazards: str
) -> Evidence:
    if measure.card.fingerprint != scorecard:
        problem = Message(
            "The works were planned by another scorecard: give that one with "
            "--scorecard, or plan again by this one."
        )
        raise InputError([problem])
    paths, kind = json.loads(hazards)
    layers = read_all_hazard_areas(measure.hazards or tuple(paths), kind)
    told = _rules(rules)
    return Evidence(with_hazard_areas(inventory, layers, told.reach), told, measure.card)


def _rules(text: str) -> Rules:
    told = json.loads(text)
    required = told.get("required", {})
    told["required"] = {tier: Level(level) if level else None for tier, level in required.items()}
    told["assume_by"] = tuple(told.get("assume_by", ()))
    try:
        return Rules(**told)
    except TypeError as error:
        problem = Message(
            "The works were planned by rules of another version of netgraph ({0}): "
            "plan again and take the plan in with netgraph works open.",
            error,
        )
        raise InputError([problem]) from error


def _waiting(check: Check, works: Mapping[str, Work]) -> Check:
    """Call it no failure that a site does not use a shared section before its own work is done."""
    through = check.demand.through
    if check.proof is not Proof.FAILED or not through:
        return check
    own = works.get(through)
    if own is not None and own.state in _BEGUN:
        return check
    return replace(check, proof=Proof.MISSING, cause=Cause.WAITS, found=through)


def _settle(
    connection: sqlite3.Connection, work: Work, checks: tuple[Check, ...], by: str, day: date
) -> Outcome:
    """Write what the checks come to; a proven work that still passes, or cannot be told, stays."""
    after = _after(work.state, {check.proof for check in checks})
    if work.state is State.SUBMITTED or after is not work.state:
        facts = {}
        if after is State.VERIFIED:
            facts = {"proven_on": day.isoformat(), "verifier": by}
        elif after is State.REOPENED:
            facts = {"proven_on": "", "done_on": ""}
        entry = Entry(Step.VERIFY, by, after, "", facts, day.isoformat(), checks)
        record(connection, work, entry)
    return Outcome(work.id, work.state, after, checks)


def _after(state: State, proofs: Iterable[Proof]) -> State:
    found = set(proofs)
    if Proof.FAILED in found:
        return State.REOPENED
    if state is State.SUBMITTED and found == {Proof.PASSED}:
        return State.VERIFIED
    return state
