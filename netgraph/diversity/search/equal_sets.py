"""Sets with the same elements, told apart by sums of scattered numbers and then compared."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search.graph import expand_positions

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Ints, Longs


def group_equal(indptr: Longs, element: Ints) -> tuple[Ints, Longs]:
    """Return the class of each set and the first set of each class; exact, O(p log p).

    Parameters
    ----------
    indptr, element
        The elements of each set in compressed rows, ascending.

    Returns
    -------
    class_of
        Sets with the same elements have the same class, numbered by their first; -1 if empty.
    first
        The first set of each class.
    """
    sizes = np.diff(indptr)
    class_of = np.full(len(sizes), -1, dtype=np.int32)
    filled = np.flatnonzero(sizes)
    if not len(filled):
        return class_of, filled
    for salt in count():  # until no two different sets have the same sum: at once, nearly always
        sums = np.add.reduceat(_scattered(element, salt), indptr[filled])
        _, at, group = np.unique(sums, return_index=True, return_inverse=True)
        first = filled[at]
        if _are_equal(indptr, element, filled, first[group]):
            break
    number = np.empty(len(at), dtype=np.int32)
    number[np.argsort(at)] = np.arange(len(at))
    class_of[filled] = number[group]
    return class_of, np.sort(first)


def _are_equal(indptr: Longs, element: Ints, some: Longs, others: Longs) -> bool:
    """Whether each of some sets has the elements of the other that is set beside it."""
    sizes = np.diff(indptr)
    if not np.array_equal(sizes[some], sizes[others]):
        return False
    mine, theirs = (expand_positions(indptr, sets) for sets in (some, others))
    return bool(np.array_equal(element[mine], element[theirs]))


def _scattered(element: Ints, salt: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """Return a far-flung number for each element (splitmix64: Steele, Lea, Flood 2014)."""
    x = (element.astype(np.uint64) + np.uint64(1 + salt)) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: np.ndarray[tuple[int], np.dtype[np.uint64]] = x ^ (x >> np.uint64(31))
    return mixed
