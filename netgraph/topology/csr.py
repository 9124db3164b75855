"""Ragged tables of whole numbers: which columns belong to each row.

One small value carries every one-to-many relation of the network (cable to spans, link to
elements, route to links), so that hot paths run on two flat arrays instead of lists of lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Csr:
    """Rows of whole numbers, stored flat.

    Attributes
    ----------
    indptr
        Shape (rows + 1,): row i is ``indices[indptr[i]:indptr[i + 1]]``.
    indices
        Shape (entries,).
    """

    indptr: Ints
    indices: Ints

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.indptr) - 1

    def row(self, i: int) -> Ints:
        """Entries of one row, in order."""
        return self.indices[self.indptr[i] : self.indptr[i + 1]]

    @property
    def counts(self) -> Ints:
        """Entries of each row; shape (rows,)."""
        return np.diff(self.indptr)

    @property
    def owners(self) -> Ints:
        """Row of each entry; shape (entries,)."""
        return np.repeat(np.arange(len(self)), self.counts)


def csr_of_pairs(rows: Ints, columns: Ints, n_rows: int) -> Csr:
    """Group pairs by row; the order within a row is the order of the pairs."""
    counts, values = np.bincount(rows, minlength=n_rows), np.asarray(columns, dtype=np.int64)
    if not _are_ascending(rows):
        values = values[stable_order(rows)]
    elif values is columns:
        values = values.copy()
    return Csr(_offsets(counts), values)


def stable_order(numbers: Ints | NDArray[np.int32]) -> Ints:
    """Return positions in ascending order of numbers that fit 32 bits, equal ones as they come.

    Several times faster than a stable `argsort`: plain whole numbers are sorted by the vector.
    """
    keys = numbers.astype(np.int64) << 32
    keys |= np.arange(len(keys))
    keys.sort()
    keys &= 0xFFFFFFFF
    return keys


def csr_of_lists(rows: Sequence[Sequence[int]] | Sequence[Ints]) -> Csr:
    """Flatten a list of lists."""
    counts = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    if len(rows) and isinstance(rows[0], np.ndarray):
        return Csr(_offsets(counts), np.concatenate(rows).astype(np.int64))
    return Csr(_offsets(counts), np.fromiter(chain.from_iterable(rows), dtype=np.int64))


def _are_ascending(numbers: Ints) -> bool:
    return bool((numbers[1:] >= numbers[:-1]).all())


def csr_of_owners(owners: Ints, n_rows: int) -> Csr:
    """Group positions by their owners; the order within a row is that of the positions."""
    counts = np.bincount(owners, minlength=n_rows)
    in_order = np.arange(len(owners)) if _are_ascending(owners) else stable_order(owners)
    return Csr(_offsets(counts), in_order)


def flip_rows(table: Csr, mark: NDArray[np.bool_]) -> Ints:
    """Positions of the entries with the marked rows turned around; shape (entries,)."""
    order = np.arange(len(table.indices))
    owners = table.owners
    turned = mark[owners]
    row = owners[turned]
    order[turned] = table.indptr[row] + table.indptr[row + 1] - 1 - order[turned]
    return order


def gather(table: Csr, rows: Ints) -> tuple[Ints, Ints]:
    """Entries of several rows, one after the other.

    Returns
    -------
    values, owners
        The entries, and for each the position in `rows` that it came from.
    """
    positions, owners = gather_positions(table, rows)
    return table.indices[positions], owners


def entries_of(table: Csr, rows: Ints) -> Ints:
    """Entries of several rows, one after the other; :func:`gather` without the owners."""
    return table.indices[_positions(table, rows)[0]]


def gather_positions(table: Csr, rows: Ints) -> tuple[Ints, Ints]:
    """Positions of the entries of several rows, and for each the position in `rows`."""
    positions, starts = _positions(table, rows)
    return positions, np.repeat(np.arange(len(rows)), np.diff(starts))


def _positions(table: Csr, rows: Ints) -> tuple[Ints, Ints]:
    """Positions of the entries of several rows, and where those of each row begin and end."""
    low = table.indptr[rows]
    counts = table.indptr[rows + 1] - low
    starts = _offsets(counts)
    low -= starts[:-1]
    positions = np.repeat(low, counts)
    positions += np.arange(len(positions))
    return positions, starts


def compose(first: Csr, second: Csr) -> Csr:
    """Rows of `first`, each entry replaced by its row in `second`."""
    positions, starts = _positions(second, first.indices)
    return Csr(starts[first.indptr], second.indices[positions])


def one_below_the_other(tables: Sequence[Csr]) -> Csr:
    """Join tables one below the other: the rows of the second follow those of the first."""
    counts = np.concatenate([table.counts for table in tables])
    return Csr(_offsets(counts), np.concatenate([table.indices for table in tables]))


def stack(tables: Iterable[Csr]) -> Csr:
    """Join tables with the same rows side by side: row i holds all rows i."""
    parts = list(tables)
    rows = np.concatenate([part.owners for part in parts])
    return csr_of_pairs(rows, np.concatenate([part.indices for part in parts]), len(parts[0]))


def unique_rows(table: Csr) -> Csr:
    """Drop repeated entries of a row; entries come out sorted."""
    if len(table.indices) == 0:
        return table
    return csr_of_unique_pairs(table.owners, table.indices, len(table))


def csr_of_unique_pairs(rows: Ints, columns: Ints, n_rows: int) -> Csr:
    """Group pairs by row, each once; the entries of a row come out sorted."""
    bits = int(columns.max(initial=0)).bit_length()
    keys = rows << bits
    keys |= columns
    keys.sort()  # far faster than np.unique
    if len(keys):
        keys = keys[np.append(True, keys[1:] != keys[:-1])]
    counts = np.bincount(keys >> bits, minlength=n_rows)
    keys &= (1 << bits) - 1
    return Csr(_offsets(counts), keys)


def transpose(table: Csr, n_columns: int) -> Csr:
    """For each column, the rows that hold it, ascending."""
    return csr_of_pairs(table.indices, table.owners, n_columns)


def _offsets(counts: Ints) -> Ints:
    indptr = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=indptr[1:])
    return indptr
