"""Kernels side by side on the cores: compiled loops let go of Python's lock while they run."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    _Part = TypeVar("_Part")
    _Result = TypeVar("_Result")

_MOST = 8  # threads; each holds working space of its own


def in_threads(work: Callable[[_Part], _Result], parts: Sequence[_Part]) -> list[_Result]:
    """Return what `work` makes of each part, in the order of the parts.

    The parts must not write to anything that they have in common.
    """
    if len(parts) < 2:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(len(parts)) as pool:
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
    return max(1, min(os.cpu_count() or 1, _MOST, n // least))
