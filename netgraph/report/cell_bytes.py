"""Cells of tables as UTF-8, and tables joined of them without making a text of every cell.

A column is one run of bytes and where in it the cell of each row lies, so that a cell that stands
in many rows is there once, and numbers are written digit by digit for all rows at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints

    Bytes = NDArray[np.uint8]
    Positions = NDArray[np.int32] | NDArray[np.int64]
    Floats = NDArray[np.float64]

_COMMA, _LINE_FEED, _MINUS, _POINT, _ZERO = b",\n-.0"
_NEEDS_QUOTES = (",", '"', "\n", "\r")
_LARGEST = 2.0**52  # above it not every number has its digits behind the point
_BLOCK = 1 << 16  # bytes joined at once: they, and where they come from, fit the cache


@dataclass(frozen=True, eq=False)
class CellBytes:
    """A column: the cell of row i is ``data[low[i]:high[i]]``, with a comma at its end."""

    data: Bytes
    low: Positions
    high: Positions

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.low)

    def take(self, rows: NDArray[np.integer]) -> CellBytes:
        """Return a column with the cells of these rows, negative ones counted from the end."""
        return CellBytes(self.data, self.low[rows], self.high[rows])


def text_cells(texts: Sequence[str]) -> CellBytes:
    """Encode texts; in quotes where they hold a comma, a quote or an end of line."""
    together = ",".join([*texts, ""])
    if together.count(",") > len(texts) or any(sign in together for sign in _NEEDS_QUOTES[1:]):
        return _joined([_encoded(_quoted(text) + ",") for text in texts])
    data = np.frombuffer(_encoded(together), dtype=np.uint8)
    return _one_by_one(data, np.flatnonzero(data == _COMMA) + 1)


def count_cells(numbers: Ints) -> CellBytes:
    """Write whole numbers."""
    return _digits(np.abs(numbers), numbers < 0, 0)


def fixed_cells(values: Floats, decimals: int, write: Callable[[float], str]) -> CellBytes:
    """Write numbers with as many digits behind the point; what is not finite is an empty cell.

    Parameters
    ----------
    values
        Shape (rows,).
    write
        Writes one number. It is asked for those of which floating point does not tell how to
        round them: that lie half-way between two figures, or nearly so.
    """
    is_there = np.isfinite(values)
    scaled = np.minimum(np.abs(np.where(is_there, values, 0.0)), _LARGEST) * 10.0**decimals
    number = np.rint(np.minimum(scaled, _LARGEST)).astype(np.int64)
    away = np.abs(scaled - np.floor(scaled) - 0.5)
    is_open = (away <= scaled * 2.0**-51) | (scaled >= _LARGEST)
    cells = _digits(number, (values < 0) & (number > 0), decimals)
    cells.low[~is_there] = cells.high[~is_there] - 1
    return _with_others(cells, np.flatnonzero(is_open & is_there), values, write)


def _with_others(
    cells: CellBytes, rows: Ints, values: Floats, write: Callable[[float], str]
) -> CellBytes:
    """Write the numbers of some rows one by one."""
    if len(rows) == 0:
        return cells
    others = _joined([_encoded(write(value) + ",") for value in values[rows].tolist()])
    low, high = cells.low.astype(np.int64), cells.high.astype(np.int64)
    low[rows], high[rows] = others.low + len(cells.data), others.high + len(cells.data)
    data = np.concatenate([cells.data, others.data])
    return CellBytes(data, _narrow(low, len(data)), _narrow(high, len(data)))


def _digits(numbers: Ints, is_negative: NDArray[np.bool_], decimals: int) -> CellBytes:
    """Write whole numbers with a point before the last decimals; each has the same room."""
    n, n_digits = len(numbers), max(len(str(int(numbers.max(initial=0)))), decimals + 1)
    before = n_digits - decimals  # digits before the point
    width = 1 + n_digits + (decimals > 0) + 1  # a sign, and the comma
    room = np.empty((n, width), dtype=np.uint8)
    room[:, -1], room[:, 0] = _COMMA, _ZERO
    if decimals:
        room[:, 1 + before] = _POINT
    rest = numbers
    for digit in range(n_digits - 1, -1, -1):
        above = rest // 10
        room[:, 1 + digit + (digit >= before)] = rest - 10 * above + _ZERO
        rest = above
    powers = 10 ** np.arange(decimals + 1, n_digits, dtype=np.int64)
    first = before - np.searchsorted(powers, numbers, side="right")
    signed = np.flatnonzero(is_negative)
    room[signed, first[signed] - 1] = _MINUS
    start = width * np.arange(n)
    low, high = (_narrow(at, room.size) for at in (start + first - is_negative, start + width))
    return CellBytes(room.reshape(-1), low, high)


def _narrow(positions: Ints, size: int) -> Positions:
    """Keep positions in some bytes in half the room where they fit it."""
    return positions.astype(np.int32) if size < np.iinfo(np.int32).max else positions


def csv_blocks(heading: Sequence[str], columns: Sequence[CellBytes]) -> Iterator[bytes]:
    """Write columns of one length as CSV with plain line feeds, some rows at a time."""
    yield _encoded(",".join(map(_quoted, heading)) + "\n")
    if len(columns) == 1:
        columns = [_told_apart(columns[0])]
    data = np.concatenate([column.data for column in columns])
    start = np.cumsum([0, *(len(column.data) for column in columns)])
    data[start[-2] + columns[-1].high - 1] = _LINE_FEED
    whole = sum(int(np.subtract(c.high, c.low, dtype=np.int64).sum()) for c in columns)
    step = max(1, len(columns[0]) * _BLOCK // max(1, whole))
    for first in range(0, len(columns[0]), step):
        rows = slice(first, first + step)
        low = np.stack([c.low[rows] + at for c, at in zip(columns, start, strict=False)], axis=1)
        size = np.stack([c.high[rows] - c.low[rows] for c in columns], axis=1).reshape(-1)
        end = np.cumsum(size)
        taken = np.repeat(low.reshape(-1) - end + size, size)
        taken += np.arange(len(taken))
        yield data[taken].tobytes()


def _told_apart(column: CellBytes) -> CellBytes:
    """Put an empty cell that stands alone in a line in quotes as well."""
    low, high = column.low.astype(np.int64), column.high.astype(np.int64)
    is_empty = high - low == 1
    quotes = np.frombuffer(b'"",', dtype=np.uint8)
    low[is_empty], high[is_empty] = len(column.data), len(column.data) + len(quotes)
    return CellBytes(np.concatenate([column.data, quotes]), low, high)


def _joined(cells: Sequence[bytes]) -> CellBytes:
    high = np.cumsum(np.fromiter(map(len, cells), dtype=np.int64, count=len(cells)))
    return _one_by_one(np.frombuffer(b"".join(cells), dtype=np.uint8), high)


def _one_by_one(data: Bytes, high: Ints) -> CellBytes:
    """Give cells that lie one after the other."""
    return CellBytes(data, *(_narrow(at, len(data)) for at in (np.append(0, high)[:-1], high)))


def _quoted(text: str) -> str:
    if any(sign in text for sign in _NEEDS_QUOTES):
        return '"' + text.replace('"', '""') + '"'
    return text


def _encoded(text: str) -> bytes:
    # A lone surrogate (broken JSON input) is no text: show it escaped rather than fail.
    return text.encode("utf-8", "backslashreplace")
