"""Give memory back to the system: what is free at once, at the end all of it in one piece."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

    Progress = Callable[[str, int, int], None]

_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1  # numbers of mallopt(3)
_BLOCK_BYTES, _FREE_BYTES = 3 << 20, 8 << 20
_NEW_OBJECTS = 20_000
_TURN_SECONDS = 0.0005


def take_the_process() -> None:
    """Set a process of our own up for what commands do: load code, make values, run in threads.

    Python looks for waste whenever 700 more objects are there, which takes a tenth of the time of
    loading code, and a thread that comes back from machine code waits 5 ms for its turn, which is
    far longer than most kernels run. The library behind numpy's linear algebra, of which there is
    hardly any here, starts threads of its own, each of which spins for a tenth of a second.
    """
    gc.set_threshold(_NEW_OBJECTS)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is loaded
    sys.setswitchinterval(_TURN_SECONDS)


def stop_collecting() -> None:
    """Look for waste no more in a process that was taken; for commands that make hardly any.

    Otherwise the end of an assessment brings on a walk over everything that it made.
    """
    if is_taken():
        gc.disable()


def keep_to_the_end(*values: object) -> None:
    """Keep values until a process that was taken ends, which does not take them apart."""
    if is_taken():
        _kept.extend(values)


_kept: list[object] = []


def is_taken() -> bool:
    """Whether this is a process of our own: see :func:`take_the_process`."""
    return gc.get_threshold()[0] == _NEW_OBJECTS


def give_memory_back() -> None:
    """Have large arrays leave the process when they are freed; on the GNU C library, else nothing.

    By itself it keeps more the more is freed, in one heap a thread: an eighth of the peak of a
    province. What is small enough to come and go all the time stays: to map a page anew takes
    longer than to fill it. For processes of our own only: a library has no say in its host's
    memory.
    """
    try:
        tune = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library
        return
    tune(_MMAP_THRESHOLD, _BLOCK_BYTES)
    tune(_TRIM_THRESHOLD, _FREE_BYTES)
    tune(_ARENA_MAX, 2)


def sweep_memory() -> None:
    """Give back what lies free between what is used: a tenth of a province after its searches."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):  # another C library
        return


def sweeping(progress: Progress | None, *, between: bool = False) -> Progress:
    """Sweep the memory at the end of every stage; what is told is passed on.

    Parameters
    ----------
    between
        Also wherever another stage begins: not every one tells its end.
    """
    last = ""

    def told(stage: str, done: int, whole: int) -> None:
        nonlocal last
        if done == whole or (between and stage != last):
            sweep_memory()
        last = stage
        if progress:
            progress(stage, done, whole)

    return told


def leave(code: object) -> NoReturn:
    """End the process now, once what it says is out; it does not take its values apart one by one.

    That takes a second where there are millions, and everything that was written is closed by then.
    A code that is no number is left to the interpreter.
    """
    if code is None or isinstance(code, int):
        try:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
        except (OSError, ValueError):  # nobody listens any more
            sys.exit(code)
        os._exit(code or 0)
    sys.exit(str(code))
