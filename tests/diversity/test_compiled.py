"""Kernels on disk: when they are fresh, and the processes that compile them."""

from __future__ import annotations

import csv
import inspect
import pickle
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

from netgraph.compiling import compiler, kept, kernels, signatures
from netgraph.diversity import compile_ahead, compiled
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
    monkeypatch.setattr(kept, "_read", lambda name: files.get(name, ""))
    return files


@pytest.mark.parametrize(
    ("edited", "is_stale"), [("outer", True), ("inner", True), ("numbers", True), ("other", False)]
)
def test_a_kept_kernel_is_stale_once_anything_that_it_imports_is_edited(sources, edited, is_stale):
    stamp = kept.sources_stamp.__wrapped__
    before = stamp("netgraph.diversity.outer")
    sources[f"netgraph.diversity.{edited}"] += "# another line\n"
    assert (stamp("netgraph.diversity.outer") != before) == is_stale


def test_the_stamp_is_kept_with_the_kernel():
    assert kept.sources_stamp(branch.__module__) in branch._cache._cache_file._source_stamp


def test_what_an_earlier_version_kept_and_nobody_can_read_any_more_is_compiled_again(tmp_path):
    kernel = _numbered(tmp_path)
    assert kernel(3) == 6
    (index,) = tmp_path.rglob("*.nbi")
    assert _numbered(tmp_path)._cache.is_filled()
    version = pickle.dumps(numba.__version__)
    index.write_bytes(version + b"cnetgraph.diversity.compiled\nNoSuchType\n.")
    again = _numbered(tmp_path)
    assert not again._cache.is_filled()
    assert again(3) == 6
    assert again._cache.is_filled()


def _numbered(folder):
    """Return a new kernel, the sum of the numbers up to one, that is kept in a folder."""
    kernel = compiled.entry(_sum_up_to)
    files = kernel._cache._cache_file
    kernel._cache._cache_path = str(folder)
    kernel._cache._cache_file = kept._Files(str(folder), "sum", files._source_stamp)
    kernel._cache._lock = kept._Lock(folder / "kernels.lock", 7)
    return kernel


def _sum_up_to(n):
    sum_ = 0
    for i in range(n + 1):
        sum_ += i
    return sum_


_ANOTHER = """
import sys, time
from pathlib import Path
from netgraph.compiling.kept import _Lock
folder = Path(sys.argv[1])
lock = _Lock(folder / "kernels.lock", 7)
print(lock.take(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path):
    """Give a process that is at the kernel."""
    process = subprocess.Popen(
        [sys.executable, "-c", _ANOTHER, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "True\n"
    yield process
    process.kill()
    process.communicate()


def test_a_process_that_comes_to_no_end_is_not_waited_for_for_ever(other, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "_MOST_SECONDS", 0.1)
    assert _numbered(tmp_path)(4) == 10
    assert other.poll() is None


def test_a_kernel_at_which_another_process_is_is_waited_for_with_other_work(
    other, tmp_path, monkeypatch
):
    kernel, done, told = _numbered(tmp_path), [], []
    assert not kernel._cache.take()

    def do():
        if len(done) == 3:
            other.kill()  # a process that is no more holds nothing
        done.append(1)
        return True

    monkeypatch.setattr(kept, "in_the_meantime", [do])
    with compiled.telling_of_compilation(lambda: told.append(1)):
        assert kernel(4) == 10
    assert len(done) >= 4
    assert told == [1]


def test_a_kernel_that_another_process_kept_is_not_compiled(tmp_path):
    _numbered(tmp_path)(1)
    kernel = _numbered(tmp_path)
    assert not kernel._cache.take()
    assert kernel(5) == 15
    assert kernel.stats.cache_hits
    assert not kernel._cache._lock.is_taken


def test_a_full_disk_keeps_nothing_and_harms_nobody(tmp_path, monkeypatch):
    def refuse(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept._Files, "_save_data", refuse)
    kernel = _numbered(tmp_path)
    assert kernel(5) == 15
    assert not kernel._cache.is_filled()


def test_without_a_folder_to_keep_them_in_kernels_are_compiled_all_the_same(monkeypatch):
    def refuse(_function):
        message = "cannot cache function: no locator available"
        raise RuntimeError(message)

    monkeypatch.setattr(kernels, "KernelCache", refuse)
    monkeypatch.setattr(kernels, "_unkept", set())
    kernel = compiled.entry(_sum_up_to)
    assert compile_ahead._is_ready(kernel)  # nothing that another process could hand over
    assert kernel(6) == 21
    assert not kernels.are_kept()  # the command says so


@pytest.mark.parametrize("n_items", [0, 1, 199, 400, 401, 5000])
def test_stretches_cover_every_item_once_and_in_order(n_items, monkeypatch):
    monkeypatch.setattr(compiled.os, "cpu_count", lambda: 3)
    found = compiled.in_threads(lambda low, high: list(range(low, high)), n_items)
    assert [item for stretch in found for item in stretch] == list(range(n_items))
    assert 1 <= len(found) <= 3


@pytest.fixture
def helpers(monkeypatch):
    """A process that starts nothing, and kernels of which none is there."""
    started = []

    class Helper:
        def __init__(self, command, **_streams):
            self.command, self.is_running = command, True
            started.append(self)

        def poll(self):
            return None if self.is_running else 0

        def terminate(self):
            self.is_running = False

        def wait(self):
            """End at once."""

    monkeypatch.setattr(compile_ahead.subprocess, "Popen", Helper)
    monkeypatch.setattr(compile_ahead.os, "cpu_count", lambda: 3)
    monkeypatch.setattr(compile_ahead, "_is_ready", lambda _kernel: False)
    return started


def test_every_other_core_compiles_while_the_block_runs_and_no_longer(helpers):
    with compile_ahead.compiling_ahead():
        assert [helper.command[0] for helper in helpers] == [sys.executable] * 2
        assert all(helper.is_running for helper in helpers)
        assert kept.in_the_meantime
    assert not any(helper.is_running for helper in helpers)
    assert not kept.in_the_meantime


def test_nothing_is_started_where_everything_is_there(helpers, monkeypatch):
    monkeypatch.setattr(compile_ahead, "_is_ready", lambda _kernel: True)
    with compile_ahead.compiling_ahead():
        assert not helpers


def test_kept_kernels_are_loaded_in_their_order_until_something_is_over(tmp_path, monkeypatch):
    folders = [tmp_path / name for name in ("first", "second", "third")]
    for folder in (folders[0], folders[2]):  # nothing is kept of the second
        folder.mkdir()
        _numbered(folder)(1)
    found = {folder.name: _numbered(folder) for folder in folders}
    monkeypatch.setattr(compile_ahead, "listed_kernels", lambda: [("", n, "int64") for n in found])
    monkeypatch.setattr(compile_ahead, "find_kernel", lambda _module, name: found[name])

    def loaded():
        return [name for name, kernel in found.items() if kernel.overloads]

    compile_ahead.load_kept(lambda: True)
    assert not loaded()
    compile_ahead.load_kept(lambda: bool(loaded()))
    assert loaded() == ["first"]
    compile_ahead.load_kept(lambda: False)
    assert loaded() == ["first", "third"]


def test_without_a_second_core_or_process_the_first_one_compiles(helpers, monkeypatch):
    def refuse(*_arguments, **_streams):
        raise OSError

    monkeypatch.setattr(compile_ahead.subprocess, "Popen", refuse)
    with compile_ahead.compiling_ahead():
        assert kept.in_the_meantime
    monkeypatch.undo()
    monkeypatch.setattr(compile_ahead.os, "cpu_count", lambda: 1)
    monkeypatch.setattr(compile_ahead, "_is_ready", lambda _kernel: False)
    with compile_ahead.compiling_ahead():
        assert not helpers


def test_what_is_compiled_ahead_is_what_an_assessment_asks_for():
    """Write `kernels.csv` anew with the tool where this fails."""
    tool = Path(__file__).parents[2] / "tools" / "kernel_list.py"
    command = [sys.executable, str(tool), "0.01"]
    made = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    asked = [tuple(row) for row in csv.reader(made.splitlines())][1:]
    assert len(asked) >= 20
    assert set(asked) <= set(compile_ahead.listed_kernels())


@pytest.mark.parametrize(("module", "name", "arguments"), compile_ahead.listed_kernels())
def test_types_are_read_as_they_are_written(module, name, arguments):
    kinds = signatures.read_types(arguments)
    assert signatures.write_types(kinds) == arguments
    assert len(kinds) == len(inspect.signature(compile_ahead.find_kernel(module, name)).parameters)


def test_types_that_no_kernel_takes_are_refused():
    with pytest.raises(ValueError, match="takes no"):
        signatures.write_types((numba.types.Array(numba.int64, 1, "A"),))


def test_arrays_that_a_kernel_makes_are_numpys():
    def make(n):
        return (
            np.empty(n), np.zeros((n, 2), np.int32), np.zeros(n, np.bool_), np.full(n, 7),
            np.full((2, n), -1.5, np.float32), np.full(n, 1, dtype=np.int64), np.zeros((n, n, 3)),
            np.full(n, n > 1),
        )  # fmt: skip

    for n in (0, 1, 5):
        for found, expected in zip(compiled.entry(make)(n)[1:], make(n)[1:], strict=True):
            assert found.dtype == expected.dtype
            np.testing.assert_array_equal(found, expected)
    assert compiled.entry(make)(4)[0].shape == (4,)
    assert compiled.entry(make)(4)[0].dtype == np.float64


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
        assert isinstance(made.library, compiler._LinkedOnly)


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
