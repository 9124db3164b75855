"""Give memory back to the system as soon as it is free."""

from __future__ import annotations

import ctypes

_ARENA_MAX, _MMAP_THRESHOLD = -8, -3  # numbers of mallopt(3)
_BLOCK_BYTES = 2 << 20


def give_memory_back() -> None:
    """Have large arrays leave the process when they are freed; on the GNU C library, else nothing.

    By itself it keeps more the more is freed, in one heap a thread: an eighth of the peak of a
    province. For processes of our own only: a library has no say in its host's memory.
    """
    try:
        tune = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library
        return
    tune(_MMAP_THRESHOLD, _BLOCK_BYTES)
    tune(_ARENA_MAX, 2)
