"""The rates of the closed loop, reckoned by hand."""

from __future__ import annotations

from datetime import date

import pytest

from netgraph.works.model import Work
from netgraph.works.rates import find_rates
from netgraph.works.states import State

PLANNED, DUE = date(2026, 1, 1), date(2026, 3, 1)


def _work(name, state, **more):
    facts = {
        "kind": "re_patch", "subject": "", "sites": (), "cities": ("North",), "quantities": "",
        "cost_yuan": None, "price_level": "", "priority": 1, "rests_on": PLANNED, "plan": 1,
        "responsible": "Li", "due": DUE, **more,
    }  # fmt: skip
    return Work(id=name, state=state, **facts)


WORKS = [
    # done in time, 31 days after the records of the plan
    _work("W1", State.CLOSED, done_on=date(2026, 2, 1), proven_on=date(2026, 4, 1),
          was_submitted=True, was_closed=True),
    # done late, reopened once: 59 + 30 = 89 days
    _work("W2", State.VERIFIED, done_on=date(2026, 3, 31), proven_on=date(2026, 4, 1),
          was_submitted=True, reopenings=1),
    # nobody said when: the proving records count, 90 days, late
    _work("W3", State.VERIFIED, proven_on=date(2026, 4, 1), was_submitted=True),
    # closed once, back again; overdue
    _work("W4", State.REOPENED, was_submitted=True, was_closed=True, reopenings=2, recurrences=1,
          cities=("North", "South")),
    # no longer wanted: in no figure but the count of its state
    _work("W6", State.WITHDRAWN, was_submitted=True, reopenings=1, cities=("West",)),
    # not due yet, and nobody's
    _work("W5", State.OPEN, due=None, responsible="", cities=()),
]  # fmt: skip


@pytest.fixture(scope="module")
def rates():
    return {(r.scope, r.name): r for r in find_rates(WORKS, date(2026, 4, 1))}


def test_the_rates_of_all_works(rates):
    found = rates["all", ""]

    assert found.works == 6
    assert dict(zip(State, found.states, strict=True)) == {
        State.OPEN: 1, State.ASSIGNED: 0, State.IN_PROGRESS: 0, State.SUBMITTED: 0,
        State.VERIFIED: 2, State.CLOSED: 1, State.REOPENED: 1, State.ESCALATED: 0,
        State.REPLIED: 0, State.WITHDRAWN: 1,
    }  # fmt: skip
    assert found.completion_ratio == 3 / 5
    assert (found.overdue, found.overdue_ratio) == (1, 1 / 5)
    assert found.on_time_ratio == 1 / 3
    assert (found.ever_reopened, found.reopened_ratio) == (2, 2 / 4)
    assert (found.recurred, found.recurrence_ratio) == (1, 1 / 2)
    assert found.mean_days == (31 + 89 + 90) / 3


def test_a_work_of_two_cities_counts_in_both_and_one_of_none_apart(rates):
    counts = {name: r.works for (scope, name), r in rates.items() if scope == "city"}

    assert counts == {"": 1, "North": 4, "South": 1, "West": 1}


def test_a_ratio_of_nothing_is_not_told(rates):
    nobody = rates["person", ""]

    assert (nobody.works, nobody.completion_ratio, nobody.overdue_ratio) == (1, 0, 0)
    assert nobody.on_time_ratio is None
    assert nobody.reopened_ratio is None
    assert nobody.recurrence_ratio is None
    assert nobody.mean_days is None


@pytest.mark.parametrize(("day", "count"), [(DUE, 0), (date(2026, 3, 2), 1)])
def test_a_work_is_overdue_from_the_day_after_its_due_date(day, count):
    assert find_rates(WORKS, day)[0].overdue == count
