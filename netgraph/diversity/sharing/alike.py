"""Units that are alike: circuits that run over the same links share the same elements."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from numpy.typing import NDArray

    from netgraph.diversity.sharing.places import RouteArrays
    from netgraph.diversity.sharing.sets import Units
    from netgraph.topology.csr import Csr, Ints


def first_alike(units: Units, routes: RouteArrays) -> Ints:
    """Return, for each unit, the first of those that consist of the same; itself, if of none.

    The same: equal routes (links, directions, sections, ends) in the same segments and circuits,
    the same ends of their own and of their sections. O(length of the routes and of the lists).
    """
    steps = np.asarray(routes.row, dtype=np.int64) << 8 | routes.section
    stops = zip(routes.start.tolist(), routes.end.tolist(), strict=True)
    route = _first_equal(zip(_rows(routes.ptr, steps), stops, strict=True))
    segment = _first_equal(_rows_of(units.segment_routes, route))
    circuit = _first_equal(_rows_of(units.segments, segment))
    own = _rows(units.exempt.indptr, units.exempt.indices)
    section_ends = _lines(units.section_ends.reshape(len(units.circuits), -1))
    return _first_equal(zip(_rows_of(units.circuits, circuit), own, section_ends, strict=True))


def equal_rows(table: Csr) -> Ints:
    """Return, for each row, the first one that holds the same; O(entries)."""
    return _first_equal(_rows(table.indptr, table.indices))


def equal_lines(matrix: NDArray[np.int8]) -> Ints:
    """Return, for each line of a matrix, the first one that holds the same."""
    return _first_equal(_lines(matrix))


def _lines(matrix: NDArray[np.int8] | Ints) -> Iterator[bytes]:
    return _rows(np.arange(len(matrix) + 1) * matrix.shape[1], matrix)


def _first_equal(keys: Iterable[Hashable]) -> Ints:
    first: dict[Hashable, int] = {}
    return np.array([first.setdefault(key, i) for i, key in enumerate(keys)], dtype=np.int64)


def _rows_of(table: Csr, number: Ints) -> Iterator[bytes]:
    return _rows(table.indptr, number[table.indices])


def _rows(ptr: Ints, values: Ints | NDArray[np.int8]) -> Iterator[bytes]:
    data, width = values.tobytes(), values.itemsize
    return (data[low:high] for low, high in pairwise((ptr * width).tolist()))
