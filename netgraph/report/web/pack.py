"""Pack numbers and strings so that a page of a whole province stays a few megabytes.

Numbers become variable-length integers in base64: small ones, such as the steps from one vertex
to the next, take one byte. Ragged tables whose rows are mostly consecutive numbers, such as the
spans along a route, are written as runs. Ids are written with the head that they share with the
id before left out. `unpack.js` reads all of it again.
"""

from __future__ import annotations

import base64
import re
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
_LONGEST_HEAD = 40
_PLAIN = re.compile("[^\U00010000-\U0010ffff]*")


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
    first = np.full(int(table.indices.max(initial=-1)) + 1, -1, dtype=np.int64)
    first[table.indices[::-1]] = np.arange(len(table.indices))[::-1]  # the last one written stays
    values = np.flatnonzero(first >= 0)
    in_order = values[np.argsort(first[values])]
    number = np.empty(len(first), dtype=np.int64)
    number[in_order] = np.arange(len(in_order))
    renumbered = number[table.indices]
    if not is_ordered:
        renumbered = renumbered[np.lexsort((renumbered, table.owners))]
    order = Csr(np.array([0, len(in_order)], dtype=np.int64), in_order)
    return {"o": pack_runs(order), "r": pack_runs(Csr(table.indptr, renumbered))}


def pack_strings(strings: Iterable[str]) -> list[str]:
    """Write strings with the head that each shares with the one before as one character.

    >>> pack_strings(["D0191", "D0192", "E1"])
    ['0D0191', '42', '0E1']
    """
    packed = []
    before = ""
    for string in strings:
        head = _shared_head(before, string)
        packed.append(chr(_FIRST_CODE + head) + string[head:])
        before = string
    return packed


def _shared_head(before: str, string: str) -> int:
    """Count the letters that two strings begin with and that may be left out."""
    if before[:1] != string[:1]:
        return 0
    head = min(len(before), len(string), _LONGEST_HEAD)
    while before[:head] != string[:head]:  # ids in a row mostly differ in their last letters
        head -= 1
    if not string[:head].isascii() and (plain := _PLAIN.match(string[:head])):
        head = plain.end()
    return head


def pack_words(values: Sequence[str]) -> Json:
    """Pack a column of strings: as a dictionary where they repeat, else one by one."""
    codes = {value: code for code, value in enumerate(dict.fromkeys(values))}
    if len(codes) * 2 > len(values):
        return {"s": pack_strings(values)}
    return {"w": list(codes), "v": pack(list(map(codes.__getitem__, values)))}


def pack_numbers(values: NDArray[np.float64], decimals: int) -> Json:
    """Pack numbers rounded to so many decimals; NaN stays missing."""
    known = np.isfinite(values)
    scaled = np.rint(np.where(known, values, 0.0) * 10**decimals).astype(np.int64)
    # 0 stands for missing, so that numbers from zero up move on by one.
    return {"d": decimals, "v": pack(np.where(known, scaled + (scaled >= 0), 0))}
