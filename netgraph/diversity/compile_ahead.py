"""Compile in a second process what is needed later, while this one is at work.

Numba holds one lock over all that a process compiles: a second core helps a second process only.
What that one has compiled, this one reads from disk.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from netgraph.diversity.search.warm_up import warm_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_started: list[subprocess.Popen[bytes]] = []  # one at most


@contextmanager
def compiling_ahead() -> Iterator[Callable[[], None]]:
    """Give a function that starts the second process; it is stopped where the block ends."""
    try:
        yield _start
    finally:
        for helper in _started:
            if helper.poll() is None:
                helper.terminate()
                helper.wait()


def await_searches() -> None:
    """Have the searches compiled: by the second process if one is at it, else by this one."""
    for helper in _started:
        helper.wait()
    warm_up()


def _start() -> None:
    if _started or (os.cpu_count() or 1) < 2 or not sys.executable:
        return
    nowhere = subprocess.DEVNULL
    try:
        command = [sys.executable, "-P", "-m", __name__]
        _started.append(
            subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere)  # noqa: S603 -- itself
        )
    except OSError:  # no second process to be had: this one compiles everything
        return


def _compile() -> None:
    """Compile the searches: what they need nobody else asks for meanwhile."""
    gc.disable()  # the compiler keeps nearly all that it makes: looking for waste finds none
    warm_up()


if __name__ == "__main__":
    _compile()
