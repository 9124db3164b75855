"""What the cells of a SQLite table hold: numbers, texts and points, a column at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from netgraph.inventory.packed import PackedTexts
from netgraph.inventory.sqlite_pages import PageError, words_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.inventory.sqlite_pages import Column

_REAL, _ONE, _FIRST_BLOB = 7, 9, 12
#: Whole numbers up to here are the same as numbers with a point, and are written alike.
_MOST_EXACT = 10**15


def find_texts(column: Column) -> PackedTexts | None:
    """Take a column of nothing but texts as it stands; None if it holds anything else."""
    kinds = column.kinds
    if ((kinds != 0) & ((kinds <= _FIRST_BLOB) | (kinds & 1 == 0))).any():
        return None
    return PackedTexts(column.data, column.starts, column.ends, is_joined=False, errors="strict")


def find_numbers(column: Column, *, is_real: bool) -> NDArray[Any] | None:
    """Take a column of nothing but numbers; None if it holds anything else, or nothing.

    Parameters
    ----------
    column
        The column.
    is_real
        Its numbers have a point, though whole ones are kept as such.

    Returns
    -------
    ndarray of shape (n,)
        int64 where all are whole and there, else float64 with NaN for missing.
    """
    kinds = column.kinds
    is_missing, is_point = kinds == 0, kinds == _REAL
    if (kinds > _ONE).any() or is_missing.all():
        return None
    if is_real:
        numbers = words_at(column.data, column.starts, ">f8").astype(np.float64)
        whole = np.flatnonzero(~is_point)
        numbers[whole] = _whole_numbers(column, whole)
        numbers[is_missing] = np.nan
        return numbers
    if is_point.any():
        return None
    whole_numbers = _whole_numbers(column, slice(None))
    if not is_missing.any():
        return whole_numbers
    if (np.abs(whole_numbers) >= _MOST_EXACT).any():
        return None
    return np.where(is_missing, np.nan, whole_numbers)


def _whole_numbers(column: Column, rows: NDArray[np.intp] | slice) -> NDArray[np.int64]:
    """Read signed numbers of up to 8 bytes in some rows; 0 where something else stands."""
    kinds, starts = column.kinds[rows], column.starts[rows]
    if not ((kinds > 1) & (kinds < _REAL)).any():  # a byte each, as small ones and marks are
        numbers = np.where(kinds == 1, column.data[starts].view(np.int8), 0)
    else:
        bits = 8 * np.where(kinds < _REAL, column.ends[rows] - starts, 0)
        # The 8 bytes that end with the number, turned so that its first bit is the sign.
        words = words_at(column.data, starts + bits // 8 - 8, ">i8").astype(np.int64)
        turned = (64 - bits) % 64
        numbers = np.where(bits > 0, words << turned >> turned, 0)
    return np.where(kinds == _ONE, 1, numbers).astype(np.int64)


def find_blobs(column: Column, dtype: np.dtype[Any]) -> NDArray[Any] | None:
    """Take a column of nothing but binaries of the size of a record as such records."""
    if len(column) == 0 or (column.kinds != _FIRST_BLOB + 2 * dtype.itemsize).any():
        return None
    return words_at(column.data, column.starts, dtype)


def objects_of(column: Column, *, is_real: bool) -> list[Any]:
    """Give every cell as the library would: str, int, float, bytes or None.

    Parameters
    ----------
    column
        The column.
    is_real
        Its numbers have a point, though whole ones are kept as such.

    Raises
    ------
    PageError
        If a text is none, or a cell of a kind that there is not.
    """
    numbers = _whole_numbers(column, slice(None))
    whole = (numbers.astype(np.float64) if is_real else numbers).tolist()
    points = words_at(column.data, column.starts, ">f8").tolist()
    places = zip(column.starts.tolist(), column.ends.tolist(), strict=True)
    cells: list[Any] = []
    for kind, (start, end), number, point in zip(
        column.kinds.tolist(), places, whole, points, strict=True
    ):
        cells.append(
            None if kind == 0 else point if kind == _REAL else number if kind <= _ONE
            else _binary_of(column, kind, start, end)
        )  # fmt: skip
    return cells


def _binary_of(column: Column, kind: int, start: int, end: int) -> bytes | str:
    found = column.data[start:end].tobytes()
    if kind < _FIRST_BLOB:
        raise PageError
    if kind % 2 == 0:
        return found
    try:
        return found.decode()
    except UnicodeDecodeError as error:
        raise PageError from error
