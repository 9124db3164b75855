"""How the kernels are compiled: entries are kept on disk, inner functions live inside them.

Compiling is what a user waits for at the first run. Inner functions therefore get none of the
wrappers that Python would need to call them, and kernels avoid what is slow to compile although it
is quick to run: assignment to slices, sorting, reductions and masks.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from numba import njit
from numba.core import event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# numba's published types do not know its options about wrappers, nor its events.
entry = njit(cache=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]
inner = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]

_COMPILING = "numba:compile"
_compiling = event.TimingListener()  # type: ignore[no-untyped-call]
event.register(_COMPILING, _compiling)  # type: ignore[no-untyped-call]


def search_clock() -> float:
    """Return seconds like :func:`time.monotonic`, standing still while something is compiled.

    A search with a time limit would else find less at the first run than at every other.
    """
    return time.monotonic() - (_compiling.duration if _compiling.done else 0.0)


class _Notice(event.Listener):
    def __init__(self, say: Callable[[], None]) -> None:
        self._say: Callable[[], None] | None = say

    def on_start(self, _event: object) -> None:
        if self._say:
            self._say()
        self._say = None

    def on_end(self, _event: object) -> None:
        """Take no notice."""


@contextmanager
def telling_of_compilation(say: Callable[[], None]) -> Iterator[None]:
    """Call `say` once, as soon as something has to be compiled."""
    with event.install_listener(_COMPILING, _Notice(say)):
        yield
