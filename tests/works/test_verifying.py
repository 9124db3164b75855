"""Works held to newer records: verified on positive evidence, reopened on failure, else left."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from works_bench import (
    EVERYTHING,
    LATER,
    dated,
    renamed,
    with_cells,
    with_row,
    without_rows,
    write_plan,
)

import netgraph as ng
from netgraph.assessment.planning.check import reassess
from netgraph.datasets import example_columns
from netgraph.diversity.levels import Level
from netgraph.errors import InputError, UsageError
from netgraph.scoring import load_scorecard
from netgraph.upgrades.action import Kind
from netgraph.upgrades.apply import apply_actions
from netgraph.works import State, WorksRegister
from netgraph.works import verifying as job
from netgraph.works.evidence import _is_short
from netgraph.works.model import Cause, Proof
from netgraph.works.verifying import Measure, verify_works


def _verify(register, inventory, works=None, by="Wang", **measure):
    return verify_works(register, inventory, works, by=by, measure=Measure(**measure))


def _states(register):
    return {work.id: work.state for work in register.works()}


def _open_checks(verification, work):
    (outcome,) = (o for o in verification.outcomes if o.work_id == work)
    return [check for check in outcome.checks if check.proof is not Proof.PASSED]


def test_everything_done_as_planned_is_verified_and_can_be_closed(submitted, shop):
    found = _verify(submitted, dated(shop.after, LATER))

    assert found.is_proven
    assert set(_states(submitted).values()) == {State.VERIFIED}
    assert {work.proven_on for work in submitted.works()} == {LATER}
    submitted.close(EVERYTHING, by="Zhang")
    assert set(_states(submitted).values()) == {State.CLOSED}


def test_nothing_done_reopens_every_work(submitted, shop):
    found = _verify(submitted, dated(shop.before, LATER))

    assert not found.is_proven
    assert set(_states(submitted).values()) == {State.REOPENED}


@pytest.mark.parametrize("kind", Kind)
def test_a_work_done_by_itself_is_verified_and_no_other_is(submitted, shop, kind):
    """With the works that it cannot be done without; the workshop calls for every kind."""
    actions = shop.plan.proposed.actions
    chosen = [n for n in sorted(shop.plan.choice.chosen) if actions[n].kind is kind]
    done = shop.plan.model.closure(chosen[:1])
    assert done

    _verify(submitted, dated(apply_actions(shop.before, [actions[n] for n in sorted(done)]), LATER))

    verified = {name for name, state in _states(submitted).items() if state is State.VERIFIED}
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

    found = _verify(submitted, newer)

    assert _states(submitted)[shop.ids[title]] is state
    checks = _open_checks(found, shop.ids[title])
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


def test_the_same_or_an_older_date_proves_nothing(submitted, shop):
    for day in (shop.before.snapshot_date, shop.before.snapshot_date - timedelta(days=1)):
        with pytest.raises(UsageError, match="take a newer one"):
            _verify(submitted, dated(shop.after, day))
        with pytest.raises(UsageError, match="take a newer one"):
            _verify(submitted, dated(shop.after, day), shop.ids["P1"])
    assert set(_states(submitted).values()) == {State.SUBMITTED}


def test_records_older_than_those_that_it_failed_by_are_refused(submitted, shop):
    _verify(submitted, dated(shop.before, LATER), shop.ids["P1"])
    submitted.submit(shop.ids["P1"], by="Li")

    with pytest.raises(UsageError, match="held to the records of 2026-12-15 already"):
        _verify(submitted, dated(shop.after, LATER - timedelta(days=7)), shop.ids["P1"])

    _verify(submitted, dated(shop.after, LATER), shop.ids["P1"])
    assert _states(submitted)[shop.ids["P1"]] is State.VERIFIED


@pytest.mark.parametrize("by", ["Li", " li ", "ＬＩ"])
def test_the_responsible_person_cannot_verify(submitted, shop, by):
    with pytest.raises(UsageError, match="somebody else must verify it"):
        _verify(submitted, dated(shop.after, LATER), shop.ids["P1"], by=by)
    assert _states(submitted)[shop.ids["P1"]] is State.SUBMITTED


def test_who_submitted_a_work_cannot_verify_it_either(submitted, shop):
    work = shop.ids["P1"]
    submitted.reopen(work, by="Zhang", why="submitted by mistake")
    submitted.submit(work, by="Chen")

    with pytest.raises(UsageError, match="Chen submitted it"):
        _verify(submitted, dated(shop.after, LATER), work, by="Chen")

    found = _verify(submitted, dated(shop.after, LATER), by="Chen")
    assert [name for name, _ in found.skipped] == [work]
    assert _states(submitted)[work] is State.SUBMITTED


def test_a_proven_work_that_fails_again_is_reopened_and_counted_as_recurring(submitted, shop):
    _verify(submitted, dated(shop.after, LATER))
    submitted.close(EVERYTHING, by="Zhang")

    again = _verify(submitted, dated(_regroomed(shop.after, shop.before), date(2027, 3, 1)))

    states = _states(submitted)
    assert states.pop(shop.ids["S1"]) is State.REOPENED
    assert set(states.values()) == {State.CLOSED}
    assert not again.is_proven
    (work,) = submitted.works(shop.ids["S1"])
    assert (work.recurrences, work.proven_on) == (1, None)


def test_a_proven_work_that_cannot_be_told_any_more_stays_and_is_named(submitted, shop):
    _verify(submitted, dated(shop.after, LATER))
    newer = with_cells(shop.after, "equipment", "P1", manageable=None)

    found = _verify(submitted, dated(newer, date(2027, 3, 1)))

    assert set(_states(submitted).values()) == {State.VERIFIED}
    assert [o.work_id for o in found.outcomes if not o.is_proven] == [shop.ids["P1"]]


def test_a_renamed_device_is_proven_under_its_new_name_once_somebody_else_says_so(submitted, shop):
    work, newer = shop.ids["P2"], dated(renamed(shop.after, "P2", "P2-new"), LATER)
    _verify(submitted, newer, work)
    said = {"row": "equipment:P2", "now": "P2-new", "why": "replaced, new number"}
    with pytest.raises(UsageError, match="somebody else must state that"):
        submitted.rename(work, by="Li", **said)

    submitted.rename(work, by="Wang", **said)

    assert _verify(submitted, newer, work).is_proven
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
    _verify(submitted, dated(newer, LATER), shop.ids["S1"])
    assert _states(submitted)[shop.ids["S1"]] is State.SUBMITTED  # no circuit, no level


def test_another_scorecard_or_inventory_is_refused(submitted, shop):
    card = replace(load_scorecard(), max_age_years=20)
    with pytest.raises(InputError, match="planned by another scorecard"):
        _verify(submitted, dated(shop.after, LATER), card=card)
    other = ng.from_columns(example_columns("twin_ring"))
    far = other
    for site in other.table("sites")["id"]:
        far = renamed(far, site, f"X-{site}")
    with pytest.raises(UsageError, match="none of the register's 5 sites"):
        _verify(submitted, dated(far, LATER))
    assert set(_states(submitted).values()) == {State.SUBMITTED}


def test_a_step_that_somebody_takes_meanwhile_is_not_overwritten(submitted, shop, monkeypatch):
    judge, work = job._judge, shop.ids["P1"]

    def slowly(*told):
        WorksRegister(submitted.store.path).reopen(work, by="Zhang", why="a mistake")
        return judge(*told)

    monkeypatch.setattr(job, "_judge", slowly)

    found = _verify(submitted, dated(shop.after, LATER))

    assert [name for name, _ in found.skipped] == [work]
    states = _states(submitted)
    assert states.pop(work) is State.REOPENED
    assert set(states.values()) == {State.VERIFIED}


def test_hazard_areas_of_the_plan_are_laid_over_the_newer_inventory_too(submitted, shop, tmp_path):
    """One area over everything: whatever the second routes share with the first lies in it."""
    area = {
        "type": "Feature", "properties": {"id": "F1"},
        "geometry": {"type": "Polygon", "coordinates": [
            [[0, 0], [179, 0], [179, 89], [0, 89], [0, 0]]
        ]},
    }  # fmt: skip
    path = tmp_path / "flood.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [area]}), "utf-8")

    found = _verify(submitted, dated(shop.after, LATER), shop.ids["S1"], hazards=(path,))

    check = _open_checks(found, shop.ids["S1"])[0]
    assert (check.cause, check.found) == (Cause.DIFFERS, "same_risk_group")
    assert "F1" in check.reason_en


def test_a_layer_of_the_plan_that_is_gone_is_missed(shop, tmp_path):
    folder = shutil.copytree(shop.folder, tmp_path / "plan")
    run = json.loads((folder / "run.json").read_text("utf-8"))
    run["options"]["assessment"]["hazards"] = ["gone.gpkg"]
    (folder / "run.json").write_text(json.dumps(run), "utf-8")
    register = WorksRegister(tmp_path / "works.sqlite")
    register.open_plan(folder, by="Zhang")
    register.assign(EVERYTHING, by="Z", to="Li", verifier="Wang", due=date(2027, 1, 1))
    register.submit(EVERYTHING, by="Li")

    with pytest.raises(InputError, match=r"gone\.gpkg"):
        _verify(register, dated(shop.after, LATER))

    assert set(_states(register).values()) == {State.SUBMITTED}


def test_an_inventory_without_a_date_is_refused(submitted, shop):
    with pytest.raises(UsageError, match="no snapshot date"):
        _verify(submitted, replace(shop.after, snapshot_date=None))


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

        _verify(register, dated(newer, LATER))

        assert set(_states(register).values()) == states
        shutil.rmtree(tmp_path / "plan")


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

    found = _verify(register, dated(shop.before, LATER))

    assert [c.cause for c in _open_checks(found, section)] == [Cause.WAITS]
    assert _states(register) == {own: State.ASSIGNED, section: State.SUBMITTED}
    register.submit(own, by="Li")
    assert _verify(register, dated(done, LATER)).is_proven


def test_a_shared_section_fails_with_the_work_that_uses_it(shared, shop):
    register, own, section, _ = shared
    register.submit((own, section), by="Li")

    _verify(register, dated(shop.before, LATER))

    assert _states(register) == {own: State.REOPENED, section: State.REOPENED}


def test_a_promised_level_below_diverse_must_be_proven_too(shared):
    """The re-patching of S2 promises same_cable; with records missing it may be worse."""
    register, own, section, done = shared
    register.submit((own, section), by="Li")
    newer = without_rows(done, "cable_spans", "cable_id", "u1")

    _verify(register, dated(newer, LATER))

    assert set(_states(register).values()) == {State.SUBMITTED}
