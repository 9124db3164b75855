"""Cells of tables, column by column: each distinct value of a column is formatted once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Integral, Real
from types import NoneType
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

import numpy as np

from netgraph.report.cell_bytes import CellBytes, count_cells, fixed_cells, text_cells
from netgraph.report.figures import plain_two_digits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from netgraph.report.contract import Column

    Floats = NDArray[np.float64]
    #: One column of a table.
    Cells: TypeAlias = "Sequence[object] | NDArray[np.generic] | Coded"

_T = TypeVar("_T")

_DECIMALS = {"metres": 1, "degrees": 7, "ratio": 4}
_MOST_DECIMALS = 4  # of every other number, trailing zeros dropped
_NUMBERS = frozenset({*_DECIMALS, "number", "modelled"})
_OF_NUMBERS = frozenset({float, int, NoneType})
_SMALL = 1e-99  # so that no power of ten that is computed with is beyond floating point
_HALF_WAY = 1e-9  # of the second digit: far more than floating point errs


@dataclass(frozen=True, eq=False)
class Coded:
    """A column of few distinct values: a number a row, and the values that the numbers stand for.

    A negative number counts from the end of the values.
    """

    codes: NDArray[np.integer]
    values: Sequence[object]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.codes)

    def tolist(self) -> list[object]:
        """Return the value of each row."""
        return list(map(self.values.__getitem__, self.codes.tolist()))


def plain_values(column: Cells) -> Sequence[object]:
    """Return the value of each row of a column; a number that an array does not have is None."""
    if isinstance(column, Coded):
        return column.tolist()
    if not isinstance(column, np.ndarray):
        return column
    values: list[object] = column.tolist()
    if column.dtype.kind == "f":
        for row in np.flatnonzero(np.isnan(column)).tolist():
            values[row] = None
    return values


def taken_cells(column: Cells, rows: NDArray[np.integer]) -> Cells:
    """Return some rows of a column."""
    if isinstance(column, Coded):
        return Coded(column.codes[rows], column.values)
    if isinstance(column, np.ndarray):
        some: NDArray[np.generic] = column[rows]
        return some
    return list(map(column.__getitem__, rows.tolist()))


def columns_of_rows(rows: Sequence[Sequence[_T]], n_columns: int) -> list[Sequence[_T]]:
    """Turn rows of one length into columns."""
    return list(zip(*rows, strict=True)) or [()] * n_columns


def column_cells(column: Column, cells: Cells) -> CellBytes:
    """Return the cells of a column of the contract as they are written.

    Raises
    ------
    TypeError, ValueError
        If a value is none that the column may have.
    """
    if isinstance(cells, Coded):
        return column_cells(column, cells.values).take(cells.codes)
    if column.kind in _NUMBERS:
        numbers = _floats(cells)
        if numbers is not None:
            return _number_cells(column.kind, numbers)
    elif isinstance(cells, np.ndarray):
        if cells.dtype.kind in "iu" and column.kind == "count":
            return count_cells(cells.astype(np.int64))
        if cells.dtype.kind == "b" and column.kind == "bool":
            return text_cells(("false", "true")).take(cells.astype(np.int8))
    return text_cells(column_texts(column, cells))


def column_texts(column: Column, cells: Cells) -> list[str]:
    """Return the text of every cell of a column of the contract.

    Raises
    ------
    TypeError, ValueError
        If a value is none that the column may have.
    """
    values = plain_values(cells)
    types = set(map(type, values))
    if types == {str} and column.kind in {"id", "text"}:
        return cast("list[str]", list(values))
    if types == {int} and column.kind == "count":
        return list(map(str, values))
    return format_column(strict_formatter(column), values)


def format_column(write: Callable[[object], str], values: Sequence[object]) -> list[str]:
    """Format each value once, wherever the very same stands in the column."""
    made = {
        key: write(value) for key, value in dict(zip(map(id, values), values, strict=True)).items()
    }
    return list(map(made.__getitem__, map(id, values)))


def strict_formatter(column: Column) -> Callable[[object], str]:
    """Return the formatter of a contract column; a mismatch raises TypeError or ValueError."""
    if column.kind in {"id", "text", "enum"}:
        return _word_formatter(column)
    convert = {"bool": truth, "count": count}.get(column.kind) or number_formatter(column.kind)

    def write(value: object) -> str:
        try:
            return convert(value)
        except TypeError:
            message = f"{column.name} is {value!r}, expected {column.kind}"
            raise TypeError(message) from None

    return write


def _word_formatter(column: Column) -> Callable[[object], str]:
    words = column.words()

    def write(value: object) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            message = f"{column.name} is {value!r}, expected text"
            raise TypeError(message)
        if words and value and value not in words:
            message = f"{column.name} is {value!r}, expected one of {', '.join(sorted(words))}"
            raise ValueError(message)
        return value

    return write


def number_formatter(kind: str) -> Callable[[object], str]:
    """Return the formatter of numbers of a kind."""
    if kind == "modelled":
        return _modelled
    decimals = _DECIMALS.get(kind)
    if decimals is None:
        return trimmed

    def write(value: object) -> str:
        if value is None:
            return ""
        number = _real(value)
        if not math.isfinite(number):
            return ""
        text = f"{number:.{decimals}f}"
        return text[1:] if float(text) == 0 and text[0] == "-" else text

    return write


def trimmed(value: object) -> str:
    """Write a number with up to four decimals."""
    if value is None:
        return ""
    number = _real(value)
    if not math.isfinite(number):
        return ""
    text = f"{number:.{_MOST_DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _modelled(value: object) -> str:
    number = math.nan if value is None else _real(value)
    return plain_two_digits(number) if math.isfinite(number) else ""


def _real(value: object) -> float:
    if type(value) is float:  # most values are; the checks below are slow
        return value
    if isinstance(value, Real) and not isinstance(value, (bool, np.bool_)):
        return float(value)
    raise TypeError


def truth(value: object) -> str:
    """Write true or false."""
    if value is None:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    raise TypeError


def count(value: object) -> str:
    """Write a whole number."""
    if type(value) is int:  # as above
        return str(value)
    if value is None:
        return ""
    if isinstance(value, Integral) and not isinstance(value, (bool, np.bool_)):
        return str(int(value))
    raise TypeError


def by_value(value: object) -> str:
    """Format a value by its own type."""
    if isinstance(value, (bool, np.bool_)):
        return truth(value)
    if isinstance(value, Integral):
        return count(value)
    if isinstance(value, Real):
        return trimmed(value)
    return "" if value is None else str(value)


def _floats(cells: Sequence[object] | NDArray[np.generic]) -> Floats | None:
    """Return numbers as an array, NaN for none; None where other values are among them."""
    if isinstance(cells, np.ndarray):
        return cells.astype(np.float64) if cells.dtype.kind in "fiu" else None
    return np.array(cells, dtype=np.float64) if set(map(type, cells)) <= _OF_NUMBERS else None


def _number_cells(kind: str, numbers: Floats) -> CellBytes:
    if kind in _DECIMALS:
        return fixed_cells(numbers, _DECIMALS[kind], number_formatter(kind))
    if kind == "number":
        distinct, code = np.unique(numbers, return_inverse=True)
        return text_cells(list(map(trimmed, distinct.tolist()))).take(code)
    first, code = _alike_in_two_digits(numbers)
    return text_cells(list(map(_modelled, numbers[first].tolist()))).take(code)


def _alike_in_two_digits(numbers: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Put together the figures that are alike in their two first digits.

    Returns
    -------
    first, code
        A row of each figure, and the figure of each row. Those that lie half-way between two
        figures, or nearly so, are figures of their own, and those of unheard-of size.
    """
    is_usual = (np.abs(numbers) > _SMALL) & (np.abs(numbers) < 1 / _SMALL)
    size = np.abs(np.where(is_usual, numbers, 1.0))
    power = np.floor(np.log10(size))
    unit = 10.0 ** (power - 1)  # of the second digit
    digits = size / unit
    is_open = np.abs(digits - np.floor(digits) - 0.5) < _HALF_WAY
    alike = np.copysign(np.rint(digits) * unit, numbers)
    told = np.where(is_usual & ~is_open, alike, numbers)
    _, first, code = np.unique(told, return_index=True, return_inverse=True)
    return first, code
