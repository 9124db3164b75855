"""Units that are alike: circuits that run over the same links share the same elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import Csr, gather

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.sharing.places import RouteArrays
    from netgraph.diversity.sharing.sets import Units
    from netgraph.topology.csr import Ints

#: Odd numbers that spread what is hashed over 64 bits; no answer depends on them.
_SPREAD = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9))
_SHIFT = np.uint64(29)
_MOST = 1 << 62  # numbers that columns are joined in


def first_alike(units: Units, routes: RouteArrays) -> Ints:
    """Return, for each unit, the first of those that consist of the same; itself, if of none.

    The same: equal routes (links, directions, sections, ends) in the same segments and circuits,
    the same ends of their own and of their sections. O(length of the routes and of the lists).
    """
    steps = Csr(routes.ptr, np.asarray(routes.row, dtype=np.int64) << 8 | routes.section)
    route = equal_columns(equal_rows(steps), routes.start, routes.end)
    segment = equal_rows(_replaced(units.segment_routes, route))
    circuit = equal_rows(_replaced(units.segments, segment))
    ends = units.section_ends.reshape(len(units.circuits), -1)
    return equal_columns(
        equal_rows(_replaced(units.circuits, circuit)), equal_rows(units.exempt), *ends.T
    )


def equal_rows(table: Csr) -> Ints:
    """Return, for each row, the first one that holds the same; O(entries).

    Rows are compared by a hash, and then entry by entry with the first of those that have it.
    """
    first = first_of(_hashes(table))
    others = np.flatnonzero(first != np.arange(len(first)))
    equal = table.counts[others] == table.counts[first[others]]
    if equal.all():
        one, other = (gather(table, rows)[0] for rows in (others, first[others]))
        if (one == other).all():
            return first
    return _first_equal(table)  # two that differ have one hash


def equal_rows_at(table: Csr, rows: Ints) -> Ints:
    """Return for each of some rows a number that those that hold the same have in common."""
    distinct, at = np.unique(rows, return_inverse=True)
    values, owner = gather(table, distinct)
    ptr = np.searchsorted(owner, np.arange(len(distinct) + 1))
    return equal_rows(Csr(ptr, values))[at]


def equal_columns(*columns: Ints) -> Ints:
    """Return, for each position, the first one at which all columns hold the same."""
    size, kind = 1, np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        low = int(column.min(initial=0))
        width = int(column.max(initial=0)) - low + 1
        if size * width >= _MOST:
            kind = np.unique(kind, return_inverse=True)[1]
            size = len(kind)
        kind = kind * width + (column - low)
        size *= width
    return first_of(kind)


def first_of(keys: Ints | NDArray[np.uint64]) -> Ints:
    """Return, for each key, the first position of one that is equal."""
    order = np.argsort(keys)  # not stable: several times as fast, and the least of equals is found
    ordered = keys[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(keys)])
    first = np.empty(len(keys), dtype=np.int64)
    if len(keys):
        least = np.minimum.reduceat(order, starts)
        first[order] = np.repeat(least, np.diff(np.append(starts, len(keys))))
    return first


def _hashes(table: Csr) -> NDArray[np.uint64]:
    """Hash the rows; an entry counts by what it is and where it stands."""
    place = np.arange(1, len(table.indices) + 1) - np.repeat(table.indptr[:-1], table.counts)
    mixed = table.indices.astype(np.uint64)
    mixed *= _SPREAD[0]
    mixed += place.astype(np.uint64)
    mixed ^= mixed >> _SHIFT
    mixed *= _SPREAD[1]
    mixed ^= mixed >> _SHIFT
    sums = np.zeros(len(mixed) + 1, dtype=np.uint64)
    np.cumsum(mixed, out=sums[1:])
    return sums[table.indptr[1:]] - sums[table.indptr[:-1]]


def _first_equal(table: Csr) -> Ints:
    """Do what :func:`equal_rows` does without a hash of our own."""
    first: dict[tuple[int, ...], int] = {}
    rows = (tuple(table.row(i).tolist()) for i in range(len(table)))
    return np.array([first.setdefault(row, i) for i, row in enumerate(rows)], dtype=np.int64)


def _replaced(table: Csr, number: Ints) -> Csr:
    return Csr(table.indptr, number[table.indices])
