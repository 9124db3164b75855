"""Have the kernels of an assessment compiled by every core, from the first moment on.

Numba holds one lock over all that a process compiles: a second core helps a second process only.
``kernels.csv`` says what an assessment asks for, with which types, in order; the processes that are
started here go through it, and each kernel is compiled by the one that comes to it first, be it
they or the assessment itself. What is not in the list is compiled when it is asked for.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from numba.core.errors import NumbaError

from netgraph.compiling.kept import KernelCache, in_the_meantime
from netgraph.compiling.signatures import read_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST_PROCESSES = 4


@contextmanager
def compiling_ahead() -> Iterator[None]:
    """Compile what is missing while the block runs; nothing of it outlives the block."""
    missing = [row for row in listed_kernels() if not _is_ready(find_kernel(*row[:2]))]
    if not missing:
        yield
        return
    helpers = _start(min(os.cpu_count() or 1, _MOST_PROCESSES) - 1)
    rest = iter(missing)
    in_the_meantime.append(lambda: _compile_next(rest))
    try:
        yield
    finally:
        in_the_meantime.clear()
        for helper in helpers:
            if helper.poll() is None:
                helper.terminate()
            helper.wait()


def load_kept(is_over: Callable[[], bool]) -> None:
    """Load the machine code that is kept, in the order of the list, until something is over.

    It is loaded when it is asked for, too, but then it is waited for.
    """
    for module, name, arguments in listed_kernels():
        if is_over():
            return
        kernel = find_kernel(module, name)
        if isinstance(kernel._cache, KernelCache) and kernel._cache.is_filled():
            kernel.compile(read_types(arguments))


def listed_kernels() -> list[tuple[str, str, str]]:
    """Return module, name and types of the arguments of what an assessment asks for, in order."""
    with files("netgraph.diversity").joinpath("kernels.csv").open(encoding="utf-8") as file:
        return [(row["module"], row["kernel"], row["arguments"]) for row in csv.DictReader(file)]


def find_kernel(module: str, name: str) -> Any:
    """Return one by name."""
    return getattr(import_module(module), name)


def _is_ready(kernel: Any) -> bool:
    cache = kernel._cache
    return not isinstance(cache, KernelCache) or bool(kernel.overloads) or cache.is_filled()


def _start(n: int) -> list[subprocess.Popen[bytes]]:
    started: list[subprocess.Popen[bytes]] = []
    nowhere = subprocess.DEVNULL
    command = [sys.executable, "-P", "-m", __name__]
    for _ in range(n if sys.executable else 0):
        try:
            started.append(
                subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere)  # noqa: S603 -- itself
            )
        except OSError:  # no further process to be had: fewer share the work
            break
    return started


def _compile_next(rows: Iterator[tuple[str, str, str]]) -> bool:
    """Compile the next one that nobody is at; false when there is none."""
    for module, name, arguments in rows:
        kernel = find_kernel(module, name)
        if not _is_ready(kernel) and kernel._cache.take():
            with suppress(NumbaError, TypeError):  # a list out of date costs time, nothing else
                kernel.compile(read_types(arguments))
            return True
    return False


def _compile_all() -> None:
    """Compile whatever nobody else is at."""
    rows = iter(listed_kernels())
    while _compile_next(rows):
        pass


if __name__ == "__main__":
    _compile_all()
