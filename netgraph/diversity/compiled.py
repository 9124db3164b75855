"""How the kernels are compiled: entries are kept on disk, inner functions live inside them.

Compiling is what a user waits for at the first run. Inner functions therefore get none of the
wrappers that Python would need to call them, and kernels avoid what is slow to compile although it
is quick to run: assignment to slices, sorting, reductions and masks. Divisions are guarded in the
kernels themselves. While a kernel runs, Python's lock is free (:mod:`netgraph.diversity.threads`).
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from numba.core import event

from netgraph.compiling.kept import AWAITING
from netgraph.compiling.kernels import entry, inner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    _Answer = TypeVar("_Answer")

__all__ = ["entry", "in_threads", "inner", "search_clock", "telling_of_compilation"]

_MOST_THREADS, _LEAST_ITEMS = 4, 200


def in_threads(kernel: Callable[[int, int], _Answer], n_items: int) -> list[_Answer]:
    """Call a kernel on stretches of its items, from one to before another, side by side.

    Parameters
    ----------
    kernel
        Called with the first item and the one after the last; it must not write to what others
        read.
    n_items
        Items in all; few are not worth a thread.

    Returns
    -------
    list
        Answers in the order of the stretches, one at least.
    """
    threads = max(1, min(os.cpu_count() or 1, _MOST_THREADS, n_items // _LEAST_ITEMS))
    edges = [n_items * i // threads for i in range(threads + 1)]
    if threads == 1:
        return [kernel(0, n_items)]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(kernel, edges[:-1], edges[1:]))


class _Pauses(event.Listener):
    """The time in which something is compiled, here or by another process that is waited for."""

    def __init__(self) -> None:
        self._depth, self._start, self._before = 0, 0.0, 0.0

    def on_start(self, _event: object) -> None:
        if self._depth == 0:
            self._start = time.monotonic()
        self._depth += 1

    def on_end(self, _event: object) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._before += time.monotonic() - self._start

    def seconds(self) -> float:
        return self._before + (time.monotonic() - self._start if self._depth else 0.0)


_COMPILING = "numba:compile"
_pauses = _Pauses()
for _kind in (_COMPILING, AWAITING):
    event.register(_kind, _pauses)  # type: ignore[no-untyped-call]


def search_clock() -> float:
    """Return seconds like :func:`time.monotonic`, standing still while something is compiled.

    A search with a time limit would else find less at the first run than at every other.
    """
    return time.monotonic() - _pauses.seconds()


class _Notice(event.Listener):
    def __init__(self, calls: tuple[Callable[[], None], ...]) -> None:
        self._calls = calls

    def on_start(self, _event: object) -> None:
        calls, self._calls = self._calls, ()
        for call in calls:
            call()

    def on_end(self, _event: object) -> None:
        """Take no notice."""


@contextmanager
def telling_of_compilation(*calls: Callable[[], None]) -> Iterator[None]:
    """Call each of `calls` once, as soon as something has to be compiled or waited for."""
    notice = _Notice(calls)
    with event.install_listener(_COMPILING, notice), event.install_listener(AWAITING, notice):
        yield
