"""Kernels side by side on the cores: compiled loops let go of Python's lock while they run."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

_Part = TypeVar("_Part")
_Result = TypeVar("_Result")

_MOST = 8  # threads; each holds working space of its own


def in_threads(work: Callable[[_Part], _Result], parts: Sequence[_Part]) -> list[_Result]:
    """Return what `work` makes of each part, in the order of the parts; begun in that order.

    The parts must not write to anything that they have in common. No more run at once than there
    are cores.
    """
    n_threads = min(len(parts), max(2, _n_cores()))
    if n_threads < 2:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(n_threads) as pool:
        return list(pool.map(work, parts))


def shares(n: int, least: int = 1) -> list[NDArray[np.int64]]:
    """Split the numbers below n among the cores, each getting `least` or more; in turn.

    Neighbours cost about the same: taken in turn, the shares do so too.
    """
    n_parts = _parts(n, least)
    return [np.arange(first, n, n_parts) for first in range(n_parts)]


def ranges(n: int, least: int = 1) -> list[tuple[int, int]]:
    """Split the numbers below n among the cores: first and end of ranges, as :func:`shares`."""
    return list(pairwise(np.linspace(0, n, _parts(n, least) + 1).astype(int).tolist()))


def _parts(n: int, least: int) -> int:
    return max(1, min(_n_cores(), n // least))


def _n_cores() -> int:
    return min(os.cpu_count() or 1, _MOST)


class Spare(Generic[_Part]):
    """Working space that threads take and give back; made when there is none to spare."""

    def __init__(self, make: Callable[[], _Part]) -> None:
        """Prepare to make it."""
        self._make = make
        self._kept: list[_Part] = []

    @contextmanager
    def taken(self) -> Iterator[_Part]:
        """Hand out one for a while; of those given back, one is kept."""
        try:
            one = self._kept.pop()
        except IndexError:
            one = self._make()
        try:
            yield one
        finally:
            if not self._kept:
                self._kept.append(one)
