"""The searches run beside what does not need them: nothing of it is lost, whatever goes wrong."""

from __future__ import annotations

import threading
from dataclasses import fields

import pytest

import netgraph as ng
from netgraph.assessment import run
from netgraph.assessment.background import beside
from netgraph.datasets import example_columns


class _NoRouteError(Exception):
    pass


class _DiskFullError(Exception):
    pass


def test_work_runs_beside_the_body_and_hands_its_result_over():
    meet = threading.Barrier(2, timeout=30)

    def work(_tell):
        meet.wait()
        return threading.current_thread()

    with beside(work) as result:
        meet.wait()  # both are here at once
        assert result() is not threading.current_thread()


def test_an_error_of_the_work_reaches_who_waits_for_it():
    def work(_tell):
        raise _NoRouteError

    with pytest.raises(_NoRouteError), beside(work) as result:
        result()


def test_work_that_nobody_waits_for_any_more_ends_when_it_tells_its_progress():
    begun, ended = threading.Event(), threading.Event()

    def work(tell):
        begun.set()
        try:
            while True:
                tell(0, 1)
        finally:
            ended.set()

    def interrupted():
        assert begun.wait(30)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), beside(work):
        interrupted()
    assert ended.is_set()


def test_progress_of_the_work_is_told_only_while_it_is_waited_for():
    heard, told = [], threading.Event()

    def work(tell):
        tell(1, 3)
        tell(2, 3)
        told.set()
        return "done"

    with beside(work, lambda done, whole: heard.append((done, whole))) as result:
        assert told.wait(30)
        assert not heard
        assert result() == "done"
    assert heard == [(2, 3)]


def test_the_searches_begin_before_tables_are_checked_and_recorded_routes_judged(monkeypatch):
    begun = threading.Event()

    def searched(*given, **how):
        begun.set()
        return find(*given, **how)

    def after(work):
        def waiting(*given):
            assert begun.wait(30)
            return work(*given)

        return waiting

    find = run.find_achievable
    monkeypatch.setattr(run, "find_achievable", searched)
    for name in ("check_inventory", "judge_routes"):
        monkeypatch.setattr(run, name, after(getattr(run, name)))
    found = ng.assess(ng.from_columns(example_columns("twin_ring")))
    assert found.achievable.by_place


def test_what_is_known_meanwhile_is_the_assessment_but_for_the_searches():
    seen = []
    inventory = ng.from_columns(example_columns("twin_ring"))
    options = ng.Options(search_seconds=0)

    def look(known):
        seen.append(known)
        assert known.rings_found

    final = ng.assess(inventory, options, meanwhile=look)
    (known,) = seen
    searched = {"achievable", "findings"}
    for field in fields(known):
        is_same = getattr(known, field.name) is getattr(final, field.name)
        assert is_same or field.name in searched, field.name
    assert not known.achievable.by_place
    assert final.achievable.by_place
    assert set(known.findings) <= set(final.findings)
    assert final.rings_found is known.rings_found
    for table in ("hazards", "causes", "items", "availability", "rings", "ring_findings"):
        assert known.rows(table) == final.rows(table)


def test_an_error_meanwhile_ends_the_assessment():
    def fail(_known):
        raise _DiskFullError

    inventory = ng.from_columns(example_columns("twin_ring"))
    with pytest.raises(_DiskFullError):
        ng.assess(inventory, meanwhile=fail)
