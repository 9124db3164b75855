"""A column of texts as one piece of text: bytes in a row, no object a cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.intp]

#: Ends every text; no text of a table holds it.
END = "\x1f"
_WORD_BYTES = 8
#: Longer texts are told apart one by one, as they hardly repeat.
_MOST_BYTES = 6 * _WORD_BYTES


@dataclass(frozen=True, eq=False)
class PackedTexts:
    """Texts of n rows; a cell without anything is ``""``.

    Parameters
    ----------
    data
        The texts in UTF-8, each with :data:`END` behind it.
    ends
        Where each text ends in `data`; shape (n,).
    """

    data: NDArray[np.uint8]
    ends: Ints

    @classmethod
    def find(cls, text: str, count: int) -> PackedTexts | None:
        """Take texts with :data:`END` between them; None if there are not `count` of them."""
        data = np.frombuffer(
            f"{text}{END}".encode("utf-8", "surrogatepass") if count else b"", dtype=np.uint8
        )
        ends = np.flatnonzero(data == ord(END))
        return cls(data, ends) if len(ends) == count else None

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.ends)

    @property
    def starts(self) -> Ints:
        """Where each text begins in `data`; shape (n,)."""
        return np.append(0, self.ends[:-1] + 1)[: len(self)]

    @property
    def is_filled(self) -> NDArray[np.bool_]:
        """Whether there is anything in each row; shape (n,)."""
        return self.ends > self.starts

    def texts(self) -> list[str]:
        """Spell all rows out."""
        return self.data.tobytes().decode("utf-8", "surrogatepass").split(END)[:-1]

    def joined(self, end: str) -> str:
        """Join all texts to one, with another end behind each."""
        return self.data.tobytes().decode("utf-8", "surrogatepass").replace(END, end)

    @property
    def is_short(self) -> NDArray[np.bool_]:
        """Whether the bytes of each text make one number; shape (n,). A zero byte makes none."""
        is_short = self.ends - self.starts <= _WORD_BYTES
        zeros = np.flatnonzero(self.data == 0)
        is_short[np.searchsorted(self.ends, zeros)] = False
        return is_short

    def find_short_keys(self) -> NDArray[np.uint64] | None:
        """Give the bytes of each text as one number, equal for equal texts; None if one is long."""
        return self._keys(_WORD_BYTES)[0] if self.is_short.all() else None

    def take(self, rows: NDArray[np.bool_]) -> PackedTexts:
        """Keep the marked rows; `rows` has shape (n,)."""
        return self if rows.all() else self.take_at(np.flatnonzero(rows))

    def take_at(self, rows: Ints) -> PackedTexts:
        """Take rows by their positions."""
        starts = self.starts[rows]
        sizes = self.ends[rows] + 1 - starts
        behind = np.cumsum(sizes)
        total = int(behind[-1]) if len(rows) else 0
        data = self.data[np.arange(total) + np.repeat(starts - behind + sizes, sizes)]
        return PackedTexts(data, behind - 1)

    def number(self) -> tuple[Ints, PackedTexts]:
        """Give numbers to the distinct texts as they come.

        Returns
        -------
        codes, distinct
            The number of each row, shape (n,), and the texts that the numbers stand for. Exact;
            the cost is that of a few sorts of n numbers, or of the runs of equal texts.
        """
        n = len(self)
        longest = int((self.ends - self.starts).max(initial=0))
        if longest > _MOST_BYTES or not self.data.all():  # a zero is what stands for no byte
            first_of: dict[str, int] = {}
            firsts = map(first_of.setdefault, self.texts(), range(n))
            begins = np.ones(n, dtype=bool)
            codes = np.unique(np.fromiter(firsts, np.intp, n), return_inverse=True)[1]
        else:
            keys = self._keys(longest)
            begins = _differs_from_before(keys)
            codes = _number_alike([key[begins] for key in keys])
        heads = np.flatnonzero(begins)
        n_distinct = int(codes.max(initial=-1)) + 1
        if n_distinct == n:
            return np.arange(n), self
        first = np.empty(n_distinct, dtype=np.intp)
        first[codes[::-1]] = heads[::-1]  # of equal texts the first is written last
        order = np.argsort(first)
        rank = np.empty_like(order)
        rank[order] = np.arange(n_distinct)
        return rank[codes][np.cumsum(begins) - 1], self.take_at(first[order])

    def _keys(self, longest: int) -> list[NDArray[np.uint64]]:
        """Read the texts as whole numbers of 8 bytes, as many as the longest takes."""
        padded = np.append(self.data, np.zeros(longest + _WORD_BYTES, dtype=np.uint8))
        words = np.ndarray(len(self.data) + longest, "<u8", padded, strides=(1,))
        bits = 8 * np.arange(_WORD_BYTES, dtype=np.uint64)
        masks = np.append((np.uint64(1) << bits) - np.uint64(1), ~np.uint64(0))
        starts, sizes = self.starts, self.ends - self.starts
        return [
            words[starts + at] & masks[np.clip(sizes - at, 0, _WORD_BYTES)]
            for at in range(0, max(longest, 1), _WORD_BYTES)
        ]


def _differs_from_before(keys: list[NDArray[np.uint64]]) -> NDArray[np.bool_]:
    """Mark the first row of each run of equal texts; shape (n,)."""
    begins = np.ones(len(keys[0]), dtype=bool)
    if len(begins):
        begins[1:] = keys[0][1:] != keys[0][:-1]
    for key in keys[1:]:
        begins[1:] |= key[1:] != key[:-1]
    return begins


def _number_alike(keys: list[NDArray[np.uint64]]) -> Ints:
    """Give rows that are equal in all keys equal numbers, from 0 on; shape (n,)."""
    codes = np.zeros(len(keys[0]), dtype=np.intp)
    for place, key in enumerate(keys):
        ordered = np.sort(key)
        if not (ordered[1:] == ordered[:-1]).any():  # ids of a table are told apart at once
            return np.arange(len(key))
        distinct, inverse = np.unique(key, return_inverse=True)
        if place:
            inverse = np.unique(codes * len(distinct) + inverse, return_inverse=True)[1]
        codes = inverse
    return codes
