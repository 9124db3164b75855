"""What the command line does with the memory of its process."""

from __future__ import annotations

import ctypes
import gc
import os
import platform
import subprocess
import sys

import pytest

from netgraph.cli import memory


def test_where_the_c_library_has_no_such_switch_nothing_happens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    memory.give_memory_back()
    memory.sweep_memory()


def test_only_a_process_that_was_taken_stops_looking_for_waste_and_keeps_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[object] = []
    monkeypatch.setattr(memory, "_kept", kept)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    threshold, turn = gc.get_threshold(), sys.getswitchinterval()
    try:
        memory.stop_collecting()
        memory.keep_to_the_end("before")
        assert gc.isenabled()
        assert not kept
        memory.take_the_process()
        memory.stop_collecting()
        memory.keep_to_the_end("after")
        assert not gc.isenabled()
        assert kept == ["after"]
        assert os.environ["OPENBLAS_NUM_THREADS"] == "3"  # who says how many, gets them
    finally:
        gc.enable()
        gc.set_threshold(*threshold)
        sys.setswitchinterval(turn)


def test_blocks_that_are_freed_leave_at_once_and_threads_share_two_heaps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[tuple[int, int]] = []

    class Library:
        @staticmethod
        def mallopt(switch: int, value: int) -> int:
            told.append((switch, value))
            return 1

    monkeypatch.setattr(ctypes, "CDLL", lambda _: Library)
    memory.give_memory_back()
    # M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, M_ARENA_MAX of malloc.h
    assert told == [(-3, 3 << 20), (-1, 8 << 20), (-8, 2)]


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="another C library has its own ways with memory"
)
def test_arrays_that_come_and_go_take_no_new_pages_each_time() -> None:
    script = """
import resource
import numpy as np
from netgraph.cli.memory import give_memory_back

give_memory_back()
np.ones(200_000)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(100):
    np.ones(200_000)  # 1.6 MB: 390 pages
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 10 * 390


def test_what_lies_free_is_given_back_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []

    class Library:
        malloc_trim = staticmethod(kept.append)

    monkeypatch.setattr(ctypes, "CDLL", lambda _: Library)
    memory.sweep_memory()
    assert kept == [0]  # bytes to keep at the top of the heap


@pytest.mark.parametrize("code", [0, 1, 130])
def test_a_process_that_leaves_has_said_everything(code):
    script = (
        f"from netgraph.cli.memory import leave\nprint('x' * 100_000, end='.')\nleave({code})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert (done.returncode, len(done.stdout), done.stdout[-1], done.stderr) == (
        code, 100_001, ".", "",
    )  # fmt: skip


def test_a_code_in_words_is_told_as_ever():
    with pytest.raises(SystemExit, match="no such thing"):
        memory.leave("no such thing")
