"""Values of many rows as one sorted column: row and value of each in one number.

What is asked of thousands of short rows is asked at once: which values are in the same row of
others, and which there are, each once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from netgraph.diversity.search.graph import Rows

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Flags, Ints, Longs

    _Whole = TypeVar("_Whole", Ints, Longs)


def rows_of_keys(keys: Longs, n_rows: int) -> Rows:
    """Return values by row of their ascending :attr:`Rows.keys`."""
    row = keys >> 32
    sizes = np.bincount(row, minlength=n_rows)
    values = (keys & 0xFFFFFFFF).astype(np.int32)
    return Rows(np.append(np.int64(0), np.cumsum(sizes)), values)


def distinct(keys: _Whole) -> _Whole:
    """Return sorted numbers, each once: faster than `np.unique`, which looks for them by hash."""
    keys = np.sort(keys)
    return keys[np.append(np.ones(1, dtype=bool), keys[1:] != keys[:-1])[: len(keys)]]


def holds(keys: Longs, wanted: Longs) -> Flags:
    """Return which wanted numbers are among some ascending ones."""
    if not len(keys):
        return np.zeros(len(wanted), dtype=bool)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found: Flags = keys[at] == wanted
    return found
