"""Number the distinct values of columns, and find values again; in time linear in the rows.

Plain dictionaries do it as fast as data frames, and the library of those is as large in memory as
the inventory of a province.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

_MOST_NUMBERS, _MOST_WHOLE = 2**62, 2.0**53


def is_missing(cells: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell the cells that hold nothing (None, NaN, NaT) from the others; shape (n,)."""
    if cells.dtype == object:
        return _are_missing(cells.tolist())
    return np.asarray(cells != cells, dtype=bool)  # noqa: PLR0124 - only NaN and NaT differ from themselves


def _are_missing(values: list[Any]) -> NDArray[np.bool_]:
    if not set(map(type, values)) - {str}:  # nearly always, and at once
        return np.zeros(len(values), dtype=bool)
    return np.fromiter(map(_holds_nothing, values), dtype=bool, count=len(values))


def _holds_nothing(value: object) -> bool:
    if isinstance(value, str):
        return False
    try:
        return value is None or bool(value != value)  # noqa: PLR0124 - only NaN differs from itself
    except TypeError:  # the NA of data frames does not say whether it equals itself
        return True


def number_cells(cells: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[Any]]:
    """Give numbers to the distinct cells as they come.

    Parameters
    ----------
    cells
        Shape (n,).

    Returns
    -------
    codes, distinct
        The number of each cell, -1 where it holds nothing, shape (n,); and the cells that the
        numbers stand for.
    """
    if cells.dtype == object:
        first_of: dict[object, int] = {}
        firsts = map(first_of.setdefault, cells.tolist(), range(len(cells)))
        first = np.fromiter(firsts, dtype=np.intp, count=len(cells))
    else:
        _, firsts_found, inverse = np.unique(cells, return_index=True, return_inverse=True)
        first = firsts_found[inverse]
    rows = np.flatnonzero(first == np.arange(len(cells)))
    rows = rows[~is_missing(cells[rows])]
    code_of_row = np.full(len(cells), -1, dtype=np.intp)
    code_of_row[rows] = np.arange(len(rows))
    return code_of_row[first], cells[rows]


class Positions:
    """Where values stand: the first place of each.

    Parameters
    ----------
    values
        In their order.
    without
        Values that are not to be found.
    """

    def __init__(self, values: Sequence[object], without: Iterable[object] = ()) -> None:
        backwards = range(len(values) - 1, -1, -1)
        self._position = dict(zip(reversed(values), backwards, strict=True))
        for value in without:
            self._position.pop(value, None)

    def find(self, wanted: NDArray[np.object_] | Sequence[object]) -> NDArray[np.intp]:
        """Position of each wanted value, -1 where there is none; shape of `wanted`."""
        cells = wanted.tolist() if isinstance(wanted, np.ndarray) else wanted
        found = map(self._position.get, cells, repeat(-1))
        return np.fromiter(found, dtype=np.intp, count=len(wanted))


def first_alike(*columns: NDArray[Any]) -> NDArray[np.intp]:
    """Position of the first row with the same cells in all of some columns; shape (n,)."""
    rows, size = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        codes, count = _number_alike(column)
        if size * count >= _MOST_NUMBERS:
            rows = np.unique(rows, return_inverse=True)[1].astype(np.int64)
            size = int(rows.max(initial=0)) + 1
        rows = rows * count + codes
        size *= count
    ordered = np.sort(rows)
    if not (ordered[1:] == ordered[:-1]).any():  # nearly always, and several times as fast
        return np.arange(len(rows))
    _, first, inverse = np.unique(rows, return_index=True, return_inverse=True)
    return first[inverse]


def _number_alike(column: NDArray[Any]) -> tuple[NDArray[np.int64], int]:
    """Give equal cells equal numbers from 0 on, and say how many numbers there may be."""
    if column.dtype.kind == "f" and (np.abs(column) < _MOST_WHOLE).all():
        whole = column.astype(np.int64)
        column = whole if (whole == column).all() else column  # places in an order mostly are
    if column.dtype.kind == "i":
        least = int(column.min(initial=0))
        return column.astype(np.int64) - least, int(column.max(initial=0)) - least + 1
    if column.dtype != object:
        distinct, codes = np.unique(column, return_inverse=True)
        return codes.astype(np.int64), len(distinct) + 1
    codes, cells = number_cells(column)
    return codes.astype(np.int64) + 1, len(cells) + 1
