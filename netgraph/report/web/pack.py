"""Pack numbers and strings so that a page of a whole province stays a few megabytes.

Numbers become variable-length integers in base64: small ones, such as the steps from one vertex
to the next, take one byte. Ragged tables whose rows are mostly consecutive numbers, such as the
spans along a route, are written as runs. Ids are written with the head that they share with the
id before left out. `unpack.js` reads all of it again.
"""

from __future__ import annotations

import base64
import re
from os.path import commonprefix
from typing import TYPE_CHECKING, TypeAlias, Union

import numpy as np

from netgraph.topology.csr import Csr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

#: A value that JSON can hold.
Json: TypeAlias = Union[str, int, float, bool, "Sequence[Json]", "Mapping[str, Json]", None]

_FIRST_CODE = 48
# The head of a string that may be left out: one printable character tells its length, and the
# page counts what lies beyond the basic plane (emoji) twice.
_PLAIN = re.compile("[^\U00010000-\U0010ffff]{0,40}")


def pack(values: ArrayLike) -> str:
    """Pack whole numbers of either sign as zigzag LEB128 in base64; O(n).

    >>> pack([0, -1, 1, 300])
    'AAEC2AQ='
    """
    signed = np.asarray(values, dtype=np.int64)
    rest = ((signed << 1) ^ (signed >> 63)).astype(np.uint64)
    groups = [(rest & np.uint64(127)).astype(np.uint8)]
    rest >>= np.uint64(7)
    while rest.any():
        groups.append((rest & np.uint64(127)).astype(np.uint8))
        rest >>= np.uint64(7)
    table = np.stack(groups, axis=1)
    size = len(groups) - np.argmax(table[:, ::-1] != 0, axis=1)
    size[~table.any(axis=1)] = 1
    column = np.arange(len(groups))
    table[column < size[:, None] - 1] |= 128
    return base64.b64encode(table[column < size[:, None]].tobytes()).decode("ascii")


def pack_steps(values: ArrayLike) -> str:
    """Pack whole numbers as the differences from one to the next."""
    return pack(np.diff(np.asarray(values, dtype=np.int64), prepend=0))


def pack_rows(table: Csr) -> Json:
    """Pack a ragged table: how many entries each row has, and their differences."""
    return {"n": pack(table.counts), "v": pack_steps(table.indices)}


def pack_runs(table: Csr) -> Json:
    """Pack a ragged table whose rows are mostly runs of consecutive numbers, up or down.

    Each run is written as its start (less the end of the run before) and its signed length less
    one; `n` has the number of runs of each row.
    """
    values = np.asarray(table.indices, dtype=np.int64)
    if len(values) == 0:
        return {"n": pack(table.counts), "v": "", "l": ""}
    step = np.diff(values, prepend=values[0] - 2)
    step[table.indptr[:-1][table.counts > 0]] = 0
    before = np.concatenate([[0], step[:-1]])
    follows = (np.abs(step) == 1) & ((np.abs(before) != 1) | (before == step))
    first = np.flatnonzero(~follows)
    last = np.append(first[1:], len(values)) - 1
    more = last - first
    sign = np.where(more > 0, step[np.minimum(first + 1, len(values) - 1)], 1)
    previous = np.concatenate([[0], values[last[:-1]]])
    counts = np.bincount(table.owners[first], minlength=len(table))
    return {"n": pack(counts), "v": pack(values[first] - previous), "l": pack(more * sign)}


def pack_paths(table: Csr, *, is_ordered: bool = True) -> Json:
    """Pack a ragged table whose rows repeat parts of each other, as routes to one centre do.

    Values are renumbered in the order in which they first occur, which makes runs of what an
    earlier row has too; `o` has the value behind each number. Rows that are sets (not
    `is_ordered`) may come out in another order.
    """
    values, first = np.unique(table.indices, return_index=True)
    by_first = np.argsort(first, kind="stable")
    number = np.empty(len(values), dtype=np.int64)
    number[by_first] = np.arange(len(values))
    renumbered = number[np.searchsorted(values, table.indices)]
    if not is_ordered:
        renumbered = renumbered[np.lexsort((renumbered, table.owners))]
    order = Csr(np.array([0, len(values)], dtype=np.int64), values[by_first])
    return {"o": pack_runs(order), "r": pack_runs(Csr(table.indptr, renumbered))}


def pack_strings(strings: Iterable[str]) -> list[str]:
    """Write strings with the head that each shares with the one before as one character.

    >>> pack_strings(["D0191", "D0192", "E1"])
    ['0D0191', '42', '0E1']
    """
    packed = []
    before = ""
    for string in strings:
        both = commonprefix((before, string))  # noqa: RUF071 - characters, no paths
        shared = _PLAIN.match(both)
        head = shared.end() if shared else 0
        packed.append(chr(_FIRST_CODE + head) + string[head:])
        before = string
    return packed


def pack_words(values: Sequence[str]) -> Json:
    """Pack a column of strings: as a dictionary where they repeat, else one by one."""
    codes: dict[str, int] = {}
    numbers = [codes.setdefault(value, len(codes)) for value in values]
    if len(codes) * 2 > len(values):
        return {"s": pack_strings(values)}
    return {"w": list(codes), "v": pack(numbers)}


def pack_numbers(values: NDArray[np.float64], decimals: int) -> Json:
    """Pack numbers rounded to so many decimals; NaN stays missing."""
    known = np.isfinite(values)
    scaled = np.rint(np.where(known, values, 0.0) * 10**decimals).astype(np.int64)
    # 0 stands for missing, so that numbers from zero up move on by one.
    return {"d": decimals, "v": pack(np.where(known, scaled + (scaled >= 0), 0))}
