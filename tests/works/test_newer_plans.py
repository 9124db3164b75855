"""What a newer plan does to works that are in the register already."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from works_bench import EVERYTHING, LATER, dated, dated_results, write_plan

from netgraph.works import verifying as job


def test_the_same_plan_adds_nothing_and_a_newer_one_keeps_the_states(shop, submitted, tmp_path):
    before = submitted.works()
    assert submitted.open_plan(shop.folder, by="Zhang").new == ()
    assert submitted.works() == before
    later = replace(shop.plan, before=dated_results(shop.plan.before, LATER))

    found = submitted.open_plan(write_plan(later, tmp_path / "later"), by="Zhang")

    assert found.updated == shop.works
    after = submitted.works()
    assert {w.rests_on for w in after} == {LATER}
    assert {(w.state, w.responsible, w.due) for w in after} == {
        (w.state, w.responsible, w.due) for w in before
    }


def test_the_history_tells_when_a_newer_plan_measures_otherwise(shop, submitted, tmp_path):
    before = dated_results(shop.plan.before, LATER)
    rules = replace(before.options.rules, entry_tolerance_m=500.0)
    assessment = replace(before.options, rules=rules)
    later = replace(
        shop.plan, before=before, options=replace(shop.plan.options, assessment=assessment)
    )

    submitted.open_plan(write_plan(later, tmp_path / "later"), by="Zhang")

    assert submitted.history(shop.ids["P1"])[-1].why == "entry_tolerance_m: 50.0 -> 500.0"


def test_a_proven_work_that_a_newer_plan_asks_for_has_recurred(shop, submitted, tmp_path):
    job.verify_works(submitted, dated(shop.after, LATER), by="Wang")
    submitted.close(EVERYTHING, by="Zhang")
    for day, became in ((LATER, "known"), (LATER + timedelta(days=90), "recurred")):
        later = replace(shop.plan, before=dated_results(shop.plan.before, day))
        folder = write_plan(later, tmp_path / f"plan-{day}")

        found = submitted.open_plan(folder, by="Zhang")

        assert len(getattr(found, became)) == len(shop.works)
    assert {(w.state, w.recurrences) for w in submitted.works()} == {("reopened", 1)}
