"""Kernels on disk: which sources they depend on, and the process that compiles ahead."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from netgraph.diversity import _compiler, compile_ahead, compiled
from netgraph.diversity.search._branching import branch


@pytest.fixture
def sources(monkeypatch):
    """Outer kernel -> inner kernel -> numbers; another one."""
    files = {
        "netgraph.diversity.outer": "from netgraph.diversity.inner import push\n",
        "netgraph.diversity.inner": "from netgraph.diversity.numbers import EMPTY\n",
        "netgraph.diversity.numbers": "EMPTY = 0\n",
        "netgraph.diversity.other": "EMPTY = 0\n",
    }
    monkeypatch.setattr(compiled, "_read", lambda name: files.get(name, ""))
    return files


@pytest.mark.parametrize(
    ("edited", "is_stale"), [("outer", True), ("inner", True), ("numbers", True), ("other", False)]
)
def test_a_kept_kernel_is_stale_once_anything_that_it_imports_is_edited(sources, edited, is_stale):
    stamp = compiled.sources_stamp.__wrapped__
    before = stamp("netgraph.diversity.outer")
    sources[f"netgraph.diversity.{edited}"] += "# another line\n"
    assert (stamp("netgraph.diversity.outer") != before) == is_stale


def test_numba_keeps_the_stamp_with_the_kernel():
    assert compiled.sources_stamp(branch.__module__) in branch._cache._cache_file._source_stamp


def test_what_an_earlier_version_kept_and_nobody_can_read_any_more_is_compiled_again():
    def load():
        message = "Can't get attribute 'Memory'"
        raise AttributeError(message)

    assert compiled._or_nothing(load)() == {}
    assert compiled._or_nothing(lambda: {"kernel": "file"})() == {"kernel": "file"}


@pytest.mark.parametrize("n_items", [0, 1, 199, 400, 401, 5000])
def test_stretches_cover_every_item_once_and_in_order(n_items, monkeypatch):
    monkeypatch.setattr(compiled.os, "cpu_count", lambda: 3)
    found = compiled.in_threads(lambda low, high: list(range(low, high)), n_items)
    assert [item for stretch in found for item in stretch] == list(range(n_items))
    assert 1 <= len(found) <= 3


class Helper:
    """Stands for the second process."""

    def __init__(self, command, **_streams):
        self.command, self.is_running, self.was_awaited = command, True, False

    def poll(self):
        return None if self.is_running else 0

    def terminate(self):
        self.is_running = False

    def wait(self):
        self.was_awaited = True


@pytest.fixture
def helpers(monkeypatch):
    started = []
    monkeypatch.setattr(compile_ahead, "_started", started)
    monkeypatch.setattr(compile_ahead.subprocess, "Popen", Helper)
    monkeypatch.setattr(compile_ahead.os, "cpu_count", lambda: 2)
    return started


def test_one_second_process_is_started_and_does_not_outlive_the_block(helpers):
    with compile_ahead.compiling_ahead() as start:
        start()
        start()
        (helper,) = helpers
        assert helper.command[0] == sys.executable
        assert helper.is_running
    assert not helper.is_running


def test_the_searches_wait_for_the_second_process(helpers, monkeypatch):
    monkeypatch.setattr(compile_ahead, "warm_up", lambda: None)
    with compile_ahead.compiling_ahead() as start:
        start()
        compile_ahead.await_searches()
        assert helpers[0].was_awaited


def test_without_a_second_core_or_process_the_first_one_compiles(helpers, monkeypatch):
    def refuse(*_arguments, **_streams):
        raise OSError

    monkeypatch.setattr(compile_ahead.subprocess, "Popen", refuse)
    with compile_ahead.compiling_ahead() as start:
        start()
    monkeypatch.setattr(compile_ahead.subprocess, "Popen", Helper)
    monkeypatch.setattr(compile_ahead.os, "cpu_count", lambda: 1)
    with compile_ahead.compiling_ahead() as start:
        start()
    assert not helpers


def _doubled(values):
    grown = np.empty(2 * len(values), values.dtype)
    grown[: len(values)] = values
    return grown


def _fill(values, n):
    for i in range(n):
        if i == len(values):
            values = doubled(values)
        values[i] = i * i
    return values


doubled, fill = compiled.inner(_doubled), compiled.inner(_fill)


def test_inner_functions_are_compiled_inside_their_callers_and_do_what_python_does():
    filling = compiled.inner(_fill)  # new: what an earlier run kept on disk is not asked
    squares = compiled.entry(lambda n: filling(np.empty(1, np.int64), n)[:n].sum())
    assert squares(1000) == sum(i * i for i in range(1000))
    for function in (doubled, filling):
        (made,) = function.overloads.values()
        assert isinstance(made.library, _compiler._LinkedOnly)


def test_functions_that_make_or_hand_out_arrays_count_who_holds_them():
    def total(values):
        sum_ = 0
        for value in values[1:]:
            sum_ += value
        return sum_

    borrowing = compiled.inner(total)
    caller = compiled.entry(lambda n: borrowing(fill(np.empty(1, np.int64), n)[:n]))
    assert [caller(n) for n in (1, 2, 1000)] == [sum(i * i for i in range(n)) for n in (1, 2, 1000)]
    is_counting = {
        f: made.target_context.enable_nrt
        for f in (doubled, fill, borrowing)
        for made in f.overloads.values()
    }
    assert is_counting == {doubled: True, fill: True, borrowing: False}
