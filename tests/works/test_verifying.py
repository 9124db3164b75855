"""Works held to newer records: verified on positive evidence, reopened on failure, else left."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from works_bench import (
    EVERYTHING,
    LATER,
    dated,
    open_checks,
    renamed,
    states_of,
    verify,
    with_cells,
    with_row,
    without_rows,
    write_plan,
)

import netgraph as ng
from netgraph.datasets import example_columns
from netgraph.diversity.levels import Level
from netgraph.errors import UsageError
from netgraph.upgrades.action import Kind
from netgraph.upgrades.apply import apply_actions
from netgraph.works import State, WorksRegister
from netgraph.works.evidence import _is_short
from netgraph.works.model import Cause, Proof


def test_everything_done_as_planned_is_verified_and_can_be_closed(submitted, shop):
    found = verify(submitted, dated(shop.after, LATER))

    assert found.is_proven
    assert set(states_of(submitted).values()) == {State.VERIFIED}
    assert {work.proven_on for work in submitted.works()} == {LATER}
    submitted.close(EVERYTHING, by="Zhang")
    assert set(states_of(submitted).values()) == {State.CLOSED}


def test_nothing_done_reopens_every_work(submitted, shop):
    found = verify(submitted, dated(shop.before, LATER))

    assert not found.is_proven
    assert set(states_of(submitted).values()) == {State.REOPENED}


@pytest.mark.parametrize("kind", Kind)
def test_a_work_done_by_itself_is_verified_and_no_other_is(submitted, shop, kind):
    """With the works that it cannot be done without; the workshop calls for every kind."""
    actions = shop.plan.proposed.actions
    chosen = [n for n in sorted(shop.plan.choice.chosen) if actions[n].kind is kind]
    done = shop.plan.model.closure(chosen[:1])
    assert done

    verify(submitted, dated(apply_actions(shop.before, [actions[n] for n in sorted(done)]), LATER))

    verified = {name for name, state in states_of(submitted).items() if state is State.VERIFIED}
    assert verified == {actions[n].id for n in done}


def _regroomed(inventory, before):
    """Put the circuit C1 back on the links of the time before the works."""
    links = before.table("circuit_links")
    own = links["circuit_id"] == "C1"
    gone = without_rows(inventory, "circuit_links", "circuit_id", "C1")
    table = gone.table("circuit_links")
    columns = {n: list(table[n]) + list(links[n][own]) for n in table.columns}
    back = _with_table(gone, "circuit_links", columns)
    return with_cells(back, "circuits", "C1", protection="none")


def _with_table(inventory, name, columns):
    import numpy as np  # noqa: PLC0415 - here alone

    table = inventory.table(name)
    typed = {n: np.array(v, dtype=table[n].dtype) for n, v in columns.items()}
    lines = np.arange(len(next(iter(typed.values())))) + 2
    return replace(
        inventory, tables={**inventory.tables, name: replace(table, columns=typed, lines=lines)}
    )


def _without_protection(inventory, _):
    """Nothing is recorded about a second route of C1."""
    table = inventory.table("circuit_links")
    keep = ~((table["circuit_id"] == "C1") & (table["role"] == "protect"))
    cut = _with_table(inventory, "circuit_links", {n: table[n][keep] for n in table.columns})
    return with_cells(cut, "circuits", "C1", protection=None)


SABOTAGE = {
    "device removed": (
        "P2", State.SUBMITTED, Cause.NO_SUCH_ROW,
        lambda i, _: without_rows(i, "equipment", "id", "P2"),
    ),
    "device renamed": (
        "P2", State.SUBMITTED, Cause.NO_SUCH_ROW, lambda i, _: renamed(i, "P2", "P2-new"),
    ),
    "device retired": (
        "P2", State.SUBMITTED, Cause.NOT_IN_SERVICE,
        lambda i, _: with_cells(i, "equipment", "P2", status="retired"),
    ),
    "column emptied": (
        "P1", State.SUBMITTED, Cause.EMPTY,
        lambda i, _: with_cells(i, "equipment", "P1", manageable=None),
    ),
    "half done": (
        "P2", State.REOPENED, Cause.DIFFERS,
        lambda i, _: with_cells(i, "equipment", "P2", hot_standby=False),
    ),
    "an old device": (
        "P2", State.REOPENED, Cause.DIFFERS,
        lambda i, _: with_cells(i, "equipment", "P2", installed="2024-01-01"),
    ),
    "a date in the future": (
        "P2", State.SUBMITTED, Cause.IN_THE_FUTURE,
        lambda i, _: with_cells(i, "equipment", "P2", installed="2030-01-01"),
    ),
    "no date": (
        "P2", State.SUBMITTED, Cause.EMPTY,
        lambda i, _: with_cells(i, "equipment", "P2", installed=None),
    ),
    "link unprotected": (
        "L3", State.REOPENED, Cause.DIFFERS,
        lambda i, _: with_cells(i, "links", "L3", protection="none"),
    ),
    "protection of the link not recorded": (
        "L3", State.SUBMITTED, Cause.EMPTY,
        lambda i, _: with_cells(i, "links", "L3", protection=None),
    ),
    "record removed": (
        "S2/SP1", State.SUBMITTED, Cause.NO_SUCH_ROW,
        lambda i, _: without_rows(i, "records", "subject_id", "S2"),
    ),
    "not in the management platform": (
        "C3", State.REOPENED, Cause.DIFFERS,
        lambda i, _: with_cells(i, "circuits", "C3", in_nms=False),
    ),
    "circuit of another site": (
        "S1", State.REOPENED, Cause.DIFFERS,
        lambda i, _: with_cells(i, "circuits", "C1", a_id="S2"),
    ),
    "circuit removed": (
        "S1", State.SUBMITTED, Cause.NO_CIRCUIT,
        lambda i, _: without_rows(i, "circuits", "id", "C1"),
    ),
    "circuit retired": (
        "S1", State.SUBMITTED, Cause.NO_CIRCUIT,
        lambda i, _: with_cells(i, "circuits", "C1", status="retired"),
    ),
    "site renamed": (
        "S1", State.SUBMITTED, Cause.NO_SUCH_ROW, lambda i, _: renamed(i, "S1", "S1-new"),
    ),
    "site removed": (
        "S1", State.SUBMITTED, Cause.NO_SUCH_ROW,
        lambda i, _: without_rows(i, "sites", "id", "S1"),
    ),
    "device handed to the customer": (
        "P1", State.SUBMITTED, Cause.NOT_APPLICABLE,
        lambda i, _: with_cells(i, "equipment", "P1", owner="customer"),
    ),
    "a tier that is not asked for it": (
        "P2",
        State.SUBMITTED,
        Cause.NOT_JUDGED,
        lambda i, _: with_cells(i, "circuits", "C2", tier="standard"),
    ),
    "an inspection says otherwise": (
        "P1", State.REOPENED, Cause.FAILS,
        lambda i, _: with_row(i, "records", subject_id="P1", item_id="CPE2", passed="false"),
    ),
    "re-groomed back": ("S1", State.REOPENED, Cause.DIFFERS, _regroomed),
    "second route not recorded": (
        "S1", State.REOPENED, Cause.DIFFERS, _without_protection,
    ),
    "cable without spans": (
        "S1", State.SUBMITTED, Cause.UNDECIDABLE,
        lambda i, _: without_rows(i, "cable_spans", "cable_id", "q1"),
    ),
    "building of an office not recorded": (
        "S1", State.SUBMITTED, Cause.UNDECIDABLE,
        lambda i, _: with_cells(i, "offices", "A2", building_id=None),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SABOTAGE)
def test_what_is_gone_stays_submitted_and_what_fails_is_reopened(submitted, shop, name):
    title, state, cause, sabotage = SABOTAGE[name]
    newer = dated(sabotage(shop.after, shop.before), LATER)

    found = verify(submitted, newer)

    assert states_of(submitted)[shop.ids[title]] is state
    checks = open_checks(found, shop.ids[title])
    assert cause in {check.cause for check in checks}
    assert {check.proof for check in checks} >= {
        Proof.FAILED if state is State.REOPENED else Proof.MISSING
    }
    with pytest.raises(UsageError, match="close is not possible from there"):
        submitted.close(shop.ids[title], by="Zhang")


@pytest.mark.parametrize(
    ("level", "wanted", "short"),
    [
        ("diverse", "diverse", False),
        ("separated", "diverse", False),
        ("diverse", "separated", True),
        ("same_office", "diverse", True),
        ("radio_backup", "diverse", True),
        ("radio_backup", "same_cable", True),
        ("same_trench", "same_cable", False),
        ("same_link", "same_cable", True),
        ("undecidable", "diverse", False),
    ],
)
def test_a_decided_level_below_the_promised_one_has_failed(level, wanted, short):
    """A wireless second route is none of those that are promised; what is undecided is missing."""
    assert _is_short(SimpleNamespace(level=Level(level)), Level(wanted)) is short


def test_a_proven_work_that_fails_again_is_reopened_and_counted_as_recurring(submitted, shop):
    verify(submitted, dated(shop.after, LATER))
    submitted.close(EVERYTHING, by="Zhang")

    again = verify(submitted, dated(_regroomed(shop.after, shop.before), date(2027, 3, 1)))

    states = states_of(submitted)
    assert states.pop(shop.ids["S1"]) is State.REOPENED
    assert set(states.values()) == {State.CLOSED}
    assert not again.is_proven
    (work,) = submitted.works(shop.ids["S1"])
    assert (work.recurrences, work.proven_on) == (1, None)


def test_a_proven_work_that_cannot_be_told_any_more_stays_and_is_named(submitted, shop):
    verify(submitted, dated(shop.after, LATER))
    newer = with_cells(shop.after, "equipment", "P1", manageable=None)

    found = verify(submitted, dated(newer, date(2027, 3, 1)))

    assert set(states_of(submitted).values()) == {State.VERIFIED}
    assert [o.work_id for o in found.outcomes if not o.is_proven] == [shop.ids["P1"]]


def test_a_renamed_device_is_proven_under_its_new_name_once_somebody_else_says_so(submitted, shop):
    work, newer = shop.ids["P2"], dated(renamed(shop.after, "P2", "P2-new"), LATER)
    verify(submitted, newer, work)
    said = {"row": "equipment:P2", "now": "P2-new", "why": "replaced, new number"}
    with pytest.raises(UsageError, match="somebody else must state that"):
        submitted.rename(work, by="Li", **said)

    submitted.rename(work, by="Wang", **said)

    assert verify(submitted, newer, work).is_proven
    assert "equipment:P2 -> equipment:P2-new" in submitted.history(work)[-2].why


def test_a_row_can_be_called_gone_only_if_the_proof_does_not_need_it(submitted, shop):
    gone = {"by": "Wang", "now": "", "why": "cancelled"}
    with pytest.raises(UsageError, match="nothing would be left"):
        submitted.rename(shop.ids["P2"], row="equipment:P2", **gone)
    with pytest.raises(UsageError, match="it is not held to equipment:P1; it is to equipment:P2"):
        submitted.rename(shop.ids["P2"], row="equipment:P1", **gone)

    submitted.rename(shop.ids["S1"], row="circuits:C1", **gone)

    assert [d.row for d in submitted.demands(shop.ids["S1"]) if d.row] == []
    newer = without_rows(shop.after, "circuits", "id", "C1")
    verify(submitted, dated(newer, LATER), shop.ids["S1"])
    assert states_of(submitted)[shop.ids["S1"]] is State.SUBMITTED  # no circuit, no level


def test_works_of_the_example_networks_are_verified_when_they_are_done(tmp_path):
    """Every chosen work of twin_ring, under the rules of its plan; undone, none of them is.

    Undone, the second way of S5 cannot be told: its cable lacks spans, and so it stays submitted.
    """
    assessment = ng.Options(search_seconds=0)
    inventory = ng.from_columns(example_columns("twin_ring"))
    plan = ng.plan_upgrades(inventory, ng.UpgradeOptions(assessment=assessment, frontier_points=0))
    for name, newer, states in (
        ("done", plan.inventory, {State.VERIFIED}),
        ("undone", inventory, {State.REOPENED, State.SUBMITTED}),
    ):
        register = WorksRegister(tmp_path / f"{name}.sqlite")
        register.open_plan(write_plan(plan, tmp_path / "plan"), by="Zhang")
        register.assign(EVERYTHING, by="Z", to="Li", verifier="Wang", due=date(2027, 1, 1))
        register.submit(EVERYTHING, by="Li")

        verify(register, dated(newer, LATER))

        assert set(states_of(register).values()) == states
        shutil.rmtree(tmp_path / "plan")
