"""What the command line does with the memory of its process."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

from netgraph.cli import memory

if TYPE_CHECKING:
    import pytest


def test_where_the_c_library_has_no_such_switch_nothing_happens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    memory.give_memory_back()


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
    assert told == [(-3, 2 * 1024 * 1024), (-8, 2)]  # M_MMAP_THRESHOLD, M_ARENA_MAX of malloc.h
