"""Number the distinct values of columns, and find values again; in time linear in the rows.

Plain dictionaries do it as fast as data frames, and the library of those is as large in memory as
the inventory of a province.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from numpy.typing import NDArray


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


def number_in_order(cells: NDArray[np.object_]) -> NDArray[np.intp]:
    """Give numbers to the distinct cells in their order, from 0; shape (n,)."""
    codes, distinct = number_cells(cells)
    rank = np.empty(len(distinct), dtype=np.intp)
    rank[np.argsort(distinct)] = np.arange(len(distinct))
    return rank[codes]


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


def is_among(cells: NDArray[np.object_], known: Collection[object]) -> NDArray[np.bool_]:
    """Whether each cell is one of the known ones; shape (n,)."""
    return np.fromiter(map(set(known).__contains__, cells.tolist()), bool, count=len(cells))


def first_alike(*columns: NDArray[Any]) -> NDArray[np.intp]:
    """Position of the first row with the same cells in all of some columns; shape (n,)."""
    rows = np.zeros(len(columns[0]), dtype=np.intp)
    for column in columns:
        codes, distinct = number_cells(column)
        rows = np.unique(rows * (len(distinct) + 1) + codes, return_inverse=True)[1]
    _, first, inverse = np.unique(rows, return_index=True, return_inverse=True)
    return first[inverse]
