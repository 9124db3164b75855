"""Ctrl-C while a plan is made: the best plan so far is kept, and what it promises holds."""

from __future__ import annotations

import signal

import pytest
from workshop import PRICES, workshop

import netgraph as ng
from netgraph.upgrades.stopping import heeding_interrupts, is_stop_asked

STAGES = ("propose", "cuts", "protect", "weigh", "choose", "frontier", "reassess")


@pytest.fixture(scope="module")
def assessed():
    """Assess the workshop, in which every kind of work is called for."""
    return ng.assess(workshop().inventory())


def _options(**more):
    return ng.UpgradeOptions(prices=PRICES, **more)


def _stopped_at(assessed, stage):
    told: list[str] = []

    def interrupt(now, _done, _whole):
        if now == stage and not is_stop_asked():
            signal.raise_signal(signal.SIGINT)

    plan = ng.plan_upgrades(
        assessed, _options(), progress=interrupt, on_stop=lambda: told.append(stage)
    )
    return plan, told


@pytest.mark.parametrize("stage", STAGES)
def test_a_plan_that_is_stopped_holds_what_it_promises(assessed, stage):
    plan, told = _stopped_at(assessed, stage)
    assert told == [stage]
    assert plan.is_stopped
    assert plan.summary.is_stopped
    assert plan.mismatches == ()
    assert plan.choice.bound >= plan.choice.benefit


def test_sites_that_were_not_looked_at_say_so(assessed):
    plan, _ = _stopped_at(assessed, "propose")
    assert "not_looked_at" in set(plan.sites["why_not"])
    assert plan.upgrades.empty


def test_without_an_interrupt_nothing_reads_stopped(assessed):
    assert not ng.plan_upgrades(assessed, _options(frontier_points=0)).is_stopped


def test_a_second_interrupt_ends_the_run():
    def twice():
        signal.raise_signal(signal.SIGINT)
        assert is_stop_asked()
        signal.raise_signal(signal.SIGINT)

    with heeding_interrupts(), pytest.raises(KeyboardInterrupt):
        twice()
    assert not is_stop_asked()
