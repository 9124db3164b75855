"""A section that several works use is proven by the works that use it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from works_bench import (
    EVERYTHING,
    LATER,
    dated,
    open_checks,
    states_of,
    verify,
    without_rows,
    write_plan,
)

from netgraph.assessment.planning.check import reassess
from netgraph.works import State, WorksRegister
from netgraph.works.model import Cause


@pytest.fixture
def shared(shop, tmp_path):
    """S2 re-patched over a new link N-A1b - N-K, which is a work of its own: both are submitted."""
    actions = shop.plan.proposed.actions
    line = next(
        n for n, a in enumerate(actions) if a.routed_sites == ("S2",) and a.kind == "re_patch"
    )
    chosen = shop.plan.model.closure([line])
    assert len(chosen) == 2
    works = [actions[n] for n in sorted(chosen)]
    plan = replace(
        shop.plan, choice=replace(shop.plan.choice, chosen=chosen),
        after=reassess(shop.plan.before, works),
    )  # fmt: skip
    register = WorksRegister(tmp_path / "shared.sqlite")
    register.open_plan(write_plan(plan, tmp_path / "plan"), by="Zhang")
    register.assign(EVERYTHING, by="Z", to="Li", verifier="Wang", due=date(2027, 1, 1))
    own = actions[line].id
    (section,) = {a.id for a in works} - {own}
    return register, own, section, plan.inventory


def test_a_shared_section_waits_for_the_works_that_use_it(shared, shop):
    """It is proven by the level of S2 alone; while the work of S2 is under way that is no fault."""
    register, own, section, done = shared
    register.submit(section, by="Li")

    found = verify(register, dated(shop.before, LATER))

    assert [c.cause for c in open_checks(found, section)] == [Cause.WAITS]
    assert states_of(register) == {own: State.ASSIGNED, section: State.SUBMITTED}
    register.submit(own, by="Li")
    assert verify(register, dated(done, LATER)).is_proven


def test_a_shared_section_fails_with_the_work_that_uses_it(shared, shop):
    register, own, section, _ = shared
    register.submit((own, section), by="Li")

    verify(register, dated(shop.before, LATER))

    assert states_of(register) == {own: State.REOPENED, section: State.REOPENED}


def test_a_promised_level_below_diverse_must_be_proven_too(shared):
    """The re-patching of S2 promises same_cable; with records missing it may be worse."""
    register, own, section, done = shared
    register.submit((own, section), by="Li")
    newer = without_rows(done, "cable_spans", "cable_id", "u1")

    verify(register, dated(newer, LATER))

    assert set(states_of(register).values()) == {State.SUBMITTED}
