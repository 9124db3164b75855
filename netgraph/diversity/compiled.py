"""How the kernels are compiled: entries are kept on disk, inner functions live inside them.

Compiling is what a user waits for at the first run. Inner functions therefore get none of the
wrappers that Python would need to call them, and kernels avoid what is slow to compile although it
is quick to run: assignment to slices, sorting, reductions and masks. Divisions are guarded in the
kernels themselves. While a kernel runs, Python's lock is free (:mod:`netgraph.diversity.threads`).
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import pickle
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from numba import njit
from numba.core import event

from netgraph.diversity._compiler import InnerCompiler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    _Function = TypeVar("_Function", bound=Callable[..., Any])
    _Answer = TypeVar("_Answer")

_MOST_THREADS, _LEAST_ITEMS = 4, 200

_IMPORT = re.compile(r"^from (netgraph\.diversity\.\S+) import", re.MULTILINE)

# numba's published types do not know its options about wrappers, nor its events.
_kept = njit(cache=True, nogil=True, no_cfunc_wrapper=True, error_model="numpy")  # type: ignore[call-overload]
inner = njit(  # type: ignore[call-overload]
    no_cpython_wrapper=True, no_cfunc_wrapper=True, error_model="numpy",
    pipeline_class=InnerCompiler,
)  # fmt: skip


def entry(function: _Function) -> _Function:
    """Compile a function for Python to call, and keep the machine code on disk.

    Numba takes what it kept for fresh as long as the function's own file is unchanged; here the
    files of the inner functions and numbers that it imports count as well. It lets other threads
    run meanwhile (:func:`in_threads`). What an earlier
    version kept, and this one cannot read because a type has moved, is compiled again.
    """
    compiled: _Function = _kept(function)
    kept = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if kept is not None and hasattr(kept, "_source_stamp") and hasattr(kept, "_load_index"):
        kept._source_stamp = (kept._source_stamp, sources_stamp(function.__module__))  # noqa: SLF001 -- numba offers no other way
        kept._load_index = _or_nothing(kept._load_index)  # noqa: SLF001
    return compiled


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


def _or_nothing(load: Callable[[], dict[object, str]]) -> Callable[[], dict[object, str]]:
    def load_what_can_be_read() -> dict[object, str]:
        try:
            return load()
        except (AttributeError, ImportError, EOFError, pickle.UnpicklingError):
            return {}

    return load_what_can_be_read


@functools.cache
def sources_stamp(module: str) -> str:
    """Return a stamp of the source of a module and of all from the kernels that it imports."""
    stamp = hashlib.sha256()
    for name in sorted(_sources(module)):
        stamp.update(_read(name).encode())
    return stamp.hexdigest()


def _sources(module: str) -> set[str]:
    found, open_ones = {module}, [module]
    while open_ones:
        imported = set(_IMPORT.findall(_read(open_ones.pop()))) - found
        found |= imported
        open_ones += imported
    return found


@functools.cache
def _read(module: str) -> str:
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        return ""
    path = Path(found.origin)
    return path.read_text(encoding="utf-8") if path.suffix == ".py" and path.exists() else ""


_COMPILING = "numba:compile"
_compiling = event.TimingListener()  # type: ignore[no-untyped-call]
event.register(_COMPILING, _compiling)  # type: ignore[no-untyped-call]


def search_clock() -> float:
    """Return seconds like :func:`time.monotonic`, standing still while something is compiled.

    A search with a time limit would else find less at the first run than at every other.
    """
    return time.monotonic() - (_compiling.duration if _compiling.done else 0.0)


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
    """Call each of `calls` once, as soon as something has to be compiled."""
    with event.install_listener(_COMPILING, _Notice(calls)):
        yield
