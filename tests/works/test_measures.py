"""By what, by whom and by which records works may be verified; what is refused."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta

import pytest
from works_bench import (
    EVERYTHING,
    LATER,
    dated,
    open_checks,
    renamed,
    states_of,
    verify,
)

import netgraph as ng
from netgraph.datasets import example_columns
from netgraph.errors import InputError, UsageError
from netgraph.scoring import load_scorecard
from netgraph.works import State, WorksRegister
from netgraph.works import verifying as job
from netgraph.works.model import Cause


def test_the_same_or_an_older_date_proves_nothing(submitted, shop):
    for day in (shop.before.snapshot_date, shop.before.snapshot_date - timedelta(days=1)):
        with pytest.raises(UsageError, match="take a newer one"):
            verify(submitted, dated(shop.after, day))
        with pytest.raises(UsageError, match="take a newer one"):
            verify(submitted, dated(shop.after, day), shop.ids["P1"])
    assert set(states_of(submitted).values()) == {State.SUBMITTED}


def test_records_older_than_those_that_it_failed_by_are_refused(submitted, shop):
    verify(submitted, dated(shop.before, LATER), shop.ids["P1"])
    submitted.submit(shop.ids["P1"], by="Li")

    with pytest.raises(UsageError, match="held to the records of 2026-12-15 already"):
        verify(submitted, dated(shop.after, LATER - timedelta(days=7)), shop.ids["P1"])

    verify(submitted, dated(shop.after, LATER), shop.ids["P1"])
    assert states_of(submitted)[shop.ids["P1"]] is State.VERIFIED


@pytest.mark.parametrize("by", ["Li", " li ", "ＬＩ"])
def test_the_responsible_person_cannotverify(submitted, shop, by):
    with pytest.raises(UsageError, match="somebody else must verify it"):
        verify(submitted, dated(shop.after, LATER), shop.ids["P1"], by=by)
    assert states_of(submitted)[shop.ids["P1"]] is State.SUBMITTED


def test_who_submitted_a_work_cannot_verify_it_either(submitted, shop):
    work = shop.ids["P1"]
    submitted.reopen(work, by="Zhang", why="submitted by mistake")
    submitted.submit(work, by="Chen")

    with pytest.raises(UsageError, match="Chen submitted it"):
        verify(submitted, dated(shop.after, LATER), work, by="Chen")

    found = verify(submitted, dated(shop.after, LATER), by="Chen")
    assert [name for name, _ in found.skipped] == [work]
    assert states_of(submitted)[work] is State.SUBMITTED


def test_another_scorecard_or_inventory_is_refused(submitted, shop):
    card = replace(load_scorecard(), max_age_years=20)
    with pytest.raises(InputError, match="planned by another scorecard"):
        verify(submitted, dated(shop.after, LATER), card=card)
    other = ng.from_columns(example_columns("twin_ring"))
    far = other
    for site in other.table("sites")["id"]:
        far = renamed(far, site, f"X-{site}")
    with pytest.raises(UsageError, match="none of the register's 5 sites"):
        verify(submitted, dated(far, LATER))
    assert set(states_of(submitted).values()) == {State.SUBMITTED}


def test_a_step_that_somebody_takes_meanwhile_is_not_overwritten(submitted, shop, monkeypatch):
    judge, work = job._judge, shop.ids["P1"]

    def slowly(*told):
        WorksRegister(submitted.store.path).reopen(work, by="Zhang", why="a mistake")
        return judge(*told)

    monkeypatch.setattr(job, "_judge", slowly)

    found = verify(submitted, dated(shop.after, LATER))

    assert [name for name, _ in found.skipped] == [work]
    states = states_of(submitted)
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

    found = verify(submitted, dated(shop.after, LATER), shop.ids["S1"], hazards=(path,))

    check = open_checks(found, shop.ids["S1"])[0]
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
        verify(register, dated(shop.after, LATER))

    assert set(states_of(register).values()) == {State.SUBMITTED}


def test_an_inventory_without_a_date_is_refused(submitted, shop):
    with pytest.raises(UsageError, match="no snapshot date"):
        verify(submitted, replace(shop.after, snapshot_date=None))
