"""The states of works against a plain model, and what each step refuses."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from works_bench import EVERYTHING, LATER, dated, dated_results, write_plan

from netgraph.errors import UsageError
from netgraph.works import Selection, WorksRegister
from netgraph.works import verifying as job
from netgraph.works.model import Cause, Check, Demand, Proof

# The trade's rules once more, apart from the code: state -> what can be done from there -> state.
RULES = {
    "open": {
        "assign": "assigned", "escalate": "escalated", "reply": "replied", "withdraw": "withdrawn",
    },
    "assigned": {
        "assign": "assigned", "start": "in_progress", "submit": "submitted",
        "escalate": "escalated", "reply": "replied", "withdraw": "withdrawn",
    },
    "in_progress": {
        "assign": "assigned", "submit": "submitted", "escalate": "escalated", "reply": "replied",
        "withdraw": "withdrawn",
    },
    "submitted": {
        "passed": "verified", "failed": "reopened", "missing": "submitted",
        "reopen": "reopened", "escalate": "escalated", "withdraw": "withdrawn",
    },
    "verified": {"close": "closed", "reopen": "reopened", "failed": "reopened",
                 "passed": "verified", "missing": "verified"},
    "closed": {"reopen": "reopened", "failed": "reopened", "passed": "closed",
               "missing": "closed"},
    "reopened": {
        "assign": "assigned", "start": "in_progress", "submit": "submitted",
        "escalate": "escalated", "reply": "replied", "withdraw": "withdrawn",
    },
    "escalated": {"assign": "assigned", "reply": "replied", "withdraw": "withdrawn"},
    "replied": {
        "assign": "assigned", "escalate": "escalated", "reply": "replied", "withdraw": "withdrawn",
    },
    "withdrawn": {"reopen": "reopened"},
}  # fmt: skip
WHY = "because"


class _Told:
    """Evidence that says what the test wants it to."""

    proof = Proof.PASSED

    def __init__(self, *_):
        pass

    def checks(self, *_):
        cause = None if self.proof is Proof.PASSED else Cause.EMPTY
        return (Check(Demand("0001", "cell"), self.proof, cause),)


class Loop(RuleBasedStateMachine):
    """Three works, people who do as they please, and a dictionary that knows better."""

    shop = None

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.register = WorksRegister(self.folder / "works.sqlite")
        self.register.open_plan(self.shop.folder, by="Zhang")
        self.ids = self.shop.works[:3]
        self.state = dict.fromkeys(self.ids, "open")
        self.steps = dict.fromkeys(self.ids, 1)
        self.reopenings = dict.fromkeys(self.ids, 0)
        self.day = LATER

    def teardown(self):
        shutil.rmtree(self.folder)

    def _expect(self, step, names, act):
        """Every named work may take the step, or nothing happens at all."""
        if all(step in RULES[self.state[name]] for name in names):
            act()
            for name in names:
                self._move(name, RULES[self.state[name]][step])
        else:
            with pytest.raises(UsageError):
                act()

    def _move(self, name, after):
        self.reopenings[name] += after == "reopened" and self.state[name] != "withdrawn"
        self.state[name] = after
        self.steps[name] += 1

    names = st.sets(st.integers(0, 2), min_size=1).map(sorted)

    @rule(names=names, step=st.sampled_from(["assign", "start", "submit", "close"]))
    def step(self, names, step):
        ids = [self.ids[n] for n in names]
        more = {}
        if step == "assign":
            more = {"to": "Li", "verifier": "Wang", "due": date(2027, 1, 31)}
        self._expect(step, ids, lambda: getattr(self.register, step)(ids, by="Li", **more))

    @rule(names=names, step=st.sampled_from(["reopen", "escalate", "reply", "withdraw"]))
    def step_with_a_reason(self, names, step):
        ids = [self.ids[n] for n in names]
        more = {"due": LATER} if step == "reply" else {}
        take = getattr(self.register, step)
        self._expect(step, ids, lambda: take(ids, by="Zhang", why=WHY, **more))

    @rule(name=st.integers(0, 2))
    def note(self, name):
        self.register.note(self.ids[name], by="Zhang", why=WHY)
        self.steps[self.ids[name]] += 1

    @rule(names=names, proof=st.sampled_from(Proof))
    def verify_named(self, names, proof):
        ids = [self.ids[n] for n in names]
        able = all(self.state[name] == "submitted" for name in ids)
        _Told.proof, self.day = proof, self.day + timedelta(days=1)
        if able:
            self._verify(ids)
            for name in ids:
                self._move(name, RULES["submitted"][proof.value])
        else:
            with pytest.raises(UsageError):
                self._verify(ids)

    @rule(proof=st.sampled_from(Proof))
    def verify_all(self, proof):
        seen = [n for n in self.ids if self.state[n] in {"submitted", "verified", "closed"}]
        _Told.proof, self.day = proof, self.day + timedelta(days=1)
        if not seen:
            with pytest.raises(UsageError):
                self._verify(None)
            return
        self._verify(None)
        for name in seen:
            before = self.state[name]
            after = RULES[before][proof.value]
            if before == "submitted" or after != before:
                self._move(name, after)

    def _verify(self, ids):
        with mock.patch.object(job, "Evidence", _Told):
            job.verify_works(
                self.register, dated(self.shop.after, self.day), ids, by="Wang"
            )  # fmt: skip

    @invariant()
    def the_register_says_the_same(self):
        found = {work.id: work for work in self.register.works(self.ids)}
        assert {name: work.state.value for name, work in found.items()} == self.state
        assert {n: w.reopenings for n, w in found.items()} == self.reopenings
        events = self.register.history(self.ids)
        assert {n: sum(e.work_id == n for e in events) for n in self.ids} == self.steps
        for name in self.ids:
            own = [e for e in events if e.work_id == name]
            assert own[-1].to_state == self.state[name]
            for one, next_ in pairwise(own):
                assert one.to_state == next_.from_state
            is_done = self.state[name] in {"verified", "closed"}
            assert (found[name].proven_on is not None) == is_done


def test_the_states_follow_the_rules_of_the_trade(shop):
    Loop.shop = shop
    run_state_machine_as_test(
        Loop,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_a_step_is_taken_with_all_works_or_with_none(submitted, shop):
    one, other = shop.ids["P1"], shop.ids["P2"]
    submitted.reopen(one, by="Zhang", why=WHY)

    with pytest.raises(UsageError, match=f"{one} is reopened: reopen is not possible") as error:
        submitted.reopen((one, other), by="Zhang", why=WHY)

    assert "possible: assign, start, submit, escalate, reply, withdraw, rename, note" in str(
        error.value
    )
    assert {w.id: w.state.value for w in submitted.works((one, other))} == {
        one: "reopened", other: "submitted",
    }  # fmt: skip


def test_unknown_ids_are_named_with_the_nearest(submitted, shop):
    wrong = shop.ids["P1"][:-1] + "_"

    with pytest.raises(UsageError, match=f"no work '{wrong}'.*Near ids: {shop.ids['P1']}"):
        submitted.note((shop.ids["P2"], wrong), by="Zhang", why=WHY)
    assert len(submitted.history(shop.ids["P2"])) == 3


@pytest.fixture
def fresh(shop, tmp_path):
    register = WorksRegister(tmp_path / "works.sqlite")
    register.open_plan(shop.folder, by="Zhang")
    return register


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"to": "Li"}, "still needs a verifier, a due date"),
        ({"to": "Li", "verifier": "Wang"}, "still needs a due date"),
        ({"to": "Li", "verifier": "ＬＩ ", "due": LATER}, "name somebody else"),
        ({"to": "Li", "verifier": "Wang", "due": date(2026, 9, 1)}, "before the records"),
    ],
)
def test_one_person_answers_somebody_else_verifies_and_there_is_a_day(fresh, shop, facts, told):
    with pytest.raises(UsageError, match=told):
        fresh.assign(shop.ids["P1"], by="Zhang", **facts)
    (work,) = fresh.works(shop.ids["P1"])
    assert (work.state, work.responsible, work.due) == ("open", "", None)


def test_a_change_of_hands_keeps_what_is_not_said_anew(fresh, shop):
    work = shop.ids["P1"]
    fresh.assign(work, by="Zhang", to="Li", verifier="Wang", due=LATER)

    (now,) = fresh.assign(work, by="Zhang", to="Chen", why="Li is ill")

    assert (now.responsible, now.verifier, now.due) == ("Chen", "Wang", LATER)
    told = [(e.step, e.by, e.responsible, e.why) for e in fresh.history(work)]
    assert told == [
        ("open", "Zhang", "", ""), ("assign", "Zhang", "Li", ""),
        ("assign", "Zhang", "Chen", "Li is ill"),
    ]  # fmt: skip
    with pytest.raises(UsageError, match="Chen cannot verify what Chen answers for"):
        fresh.assign(work, by="Zhang", verifier="Chen")


def test_a_work_cannot_be_done_before_the_records_that_show_it_undone(fresh, shop):
    fresh.assign(shop.ids["P1"], by="Zhang", to="Li", verifier="Wang", due=LATER)

    with pytest.raises(UsageError, match="show it undone"):
        fresh.submit(shop.ids["P1"], by="Li", done_on=date(2026, 9, 30))


def test_a_work_cannot_be_done_on_a_day_that_is_far_ahead(fresh, shop):
    """The clock may stand before the records of an example, but not by more than a year."""
    work = shop.ids["P1"]
    today, records = datetime.now(UTC).date(), shop.before.snapshot_date
    latest = max(today, records + timedelta(days=366))
    fresh.assign(work, by="Zhang", to="Li", verifier="Wang", due=LATER)

    with pytest.raises(UsageError, match="yet to come, more than a year after the records of"):
        fresh.submit(work, by="Li", done_on=latest + timedelta(days=1))
    assert [each.state for each in fresh.works(work)] == ["assigned"]
    (done,) = fresh.submit(work, by="Li", done_on=latest)
    assert done.done_on == latest


@pytest.mark.parametrize("step", ["reopen", "escalate", "withdraw", "note"])
def test_some_steps_need_a_reason_and_every_step_a_person(submitted, shop, step):
    with pytest.raises(UsageError, match="needs a reason"):
        getattr(submitted, step)(shop.ids["P1"], by="Zhang", why=" ")
    with pytest.raises(UsageError, match="who takes this step"):
        getattr(submitted, step)(shop.ids["P1"], by=" ", why=WHY)


def test_what_is_no_longer_wanted_stays_withdrawn_whatever_plans_say(fresh, shop, tmp_path):
    work = shop.ids["P1"]
    fresh.assign(work, by="Zhang", to="Li", verifier="Wang", due=LATER)

    (gone,) = fresh.withdraw(work, by="Zhang", why="the branch moves out")

    assert (gone.state, gone.remark) == ("withdrawn", "the branch moves out")
    assert not gone.is_overdue(LATER + timedelta(days=1))
    later = replace(shop.plan, before=dated_results(shop.plan.before, LATER))
    for plan in (shop.folder, write_plan(later, tmp_path / "plan")):
        assert fresh.open_plan(plan, by="Zhang").withdrawn == (work,)
    assert [w.state for w in fresh.works(work)] == ["withdrawn"]
    assert [e.step for e in fresh.history(work)] == ["open", "assign", "withdraw"]

    (back,) = fresh.reopen(work, by="Zhang", why="it stays after all")
    assert (back.state, back.reopenings) == ("reopened", 0)


def test_a_reply_to_the_customer_names_a_date_after_the_records(fresh, shop):
    work = shop.ids["P1"]

    (told,) = fresh.reply(work, by="Zhang", due=LATER, why="told the bank on the phone")

    assert (told.state, told.due) == ("replied", LATER)
    with pytest.raises(UsageError, match="which date was the customer told"):
        fresh.reply(work, by="Zhang", due=None, why=WHY)
    with pytest.raises(UsageError, match="before the records"):
        fresh.reply(work, by="Zhang", due=date(2026, 9, 1), why=WHY)


def test_works_can_be_chosen_by_kind_and_person(fresh):
    fresh.assign(Selection(kind="power_feed"), by="Zhang", to="Li", verifier="Wang", due=LATER)

    chosen = fresh.works(Selection(person=" LI "))

    assert chosen
    assert {work.kind for work in chosen} == {"power_feed"}
    with pytest.raises(UsageError, match="no work of the register is meant"):
        fresh.start(Selection(city="nowhere"), by="Li")
    with pytest.raises(UsageError, match="can close: that is possible from verified"):
        fresh.close(EVERYTHING, by="Li")


def test_the_history_cannot_be_rewritten_by_anybody(submitted):
    import sqlite3  # noqa: PLC0415 - here alone

    with submitted.store.writing() as connection:
        for statement in ("DELETE FROM history", "UPDATE history SET by = 'x'"):
            with pytest.raises(sqlite3.IntegrityError, match="history of a work is kept"):
                connection.execute(statement)
