"""A column of texts as bytes where they stand: no object a cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.intp]

#: Ends every text that is put behind others; hardly any text of a table holds it.
END = "\x1f"
_WORD_BYTES = 8
#: Longer texts are told apart one by one, as they hardly repeat.
_MOST_BYTES = 6 * _WORD_BYTES
#: Bytes behind the last text, so that whole words can be read wherever one begins.
PADDING = _MOST_BYTES + 2 * _WORD_BYTES
_BEHIND = "\0" * PADDING
_SAMPLE = 2048


@dataclass(frozen=True, eq=False)
class PackedTexts:
    """Texts of n rows; a cell without anything is ``""``.

    Parameters
    ----------
    data
        Bytes in which the texts stand in UTF-8, and :data:`PADDING` more.
    starts, ends
        Where each text begins and ends in `data`; shape (n,).
    is_joined
        Whether nothing but :data:`END` stands behind each text.
    errors
        What to do about bytes that are no text: ``strict``, or ``surrogatepass`` where half
        characters have come in.
    """

    data: NDArray[np.uint8]
    starts: Ints
    ends: Ints
    is_joined: bool = True
    errors: str = "surrogatepass"

    @classmethod
    def find(cls, text: str, count: int) -> PackedTexts | None:
        """Take texts with :data:`END` between them; None if there are not `count` of them."""
        whole = f"{text}{END}{_BEHIND}" if count else _BEHIND
        data = np.frombuffer(whole.encode("utf-8", "surrogatepass"), dtype=np.uint8)
        ends = np.flatnonzero(data == ord(END))
        return cls(data, _behind_each(ends), ends) if len(ends) == count else None

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.ends)

    @property
    def is_filled(self) -> NDArray[np.bool_]:
        """Whether there is anything in each row; shape (n,)."""
        return self.ends > self.starts

    def texts(self) -> list[str]:
        """Spell all rows out.

        Raises
        ------
        UnicodeDecodeError
            If bytes are no text.
        """
        texts = self.joined(END).split(END)[:-1]
        if len(texts) == len(self):
            return texts
        places = zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        return [
            self.data[start:end].tobytes().decode("utf-8", self.errors) for start, end in places
        ]

    def joined(self, end: str) -> str:
        """Join all texts to one, with another end behind each."""
        if not self.is_joined:
            return self.take_at(np.arange(len(self))).joined(end)
        size = int(self.ends[-1]) + 1 if len(self) else 0
        return self.data[:size].tobytes().decode("utf-8", self.errors).replace(END, end)

    @property
    def is_short(self) -> NDArray[np.bool_]:
        """Whether the bytes of each text make a number of its own; shape (n,)."""
        return (self.ends - self.starts <= _WORD_BYTES) & ~self._ends_in_zero

    @property
    def _ends_in_zero(self) -> NDArray[np.bool_]:
        """Whether a text ends in what stands for no byte in the numbers; shape (n,)."""
        return np.asarray(self.is_filled & (self.data[self.ends - 1] == 0))

    def find_short_keys(self) -> NDArray[np.uint64] | None:
        """Give the bytes of each text as one number, equal for equal texts; None if one is long."""
        return self._keys(_WORD_BYTES)[0] if self.is_short.all() else None

    def take(self, rows: NDArray[np.bool_]) -> PackedTexts:
        """Keep the marked rows; `rows` has shape (n,)."""
        return self if rows.all() else self.take_at(np.flatnonzero(rows))

    def take_at(self, rows: Ints) -> PackedTexts:
        """Take rows by their positions, and join them."""
        starts = self.starts[rows]
        sizes = self.ends[rows] + 1 - starts
        behind = np.cumsum(sizes)
        total = int(behind[-1]) if len(rows) else 0
        data = np.zeros(total + PADDING, dtype=np.uint8)
        data[:total] = self.data[np.arange(total) + np.repeat(starts - behind + sizes, sizes)]
        ends = behind - 1
        data[ends] = ord(END)
        return PackedTexts(data, _behind_each(ends), ends, errors=self.errors)

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
        if longest > _MOST_BYTES or self._ends_in_zero.any():
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
        words = np.ndarray(len(self.data) - _WORD_BYTES + 1, "<u8", self.data, strides=(1,))
        bits = 8 * np.arange(_WORD_BYTES, dtype=np.uint64)
        masks = np.append((np.uint64(1) << bits) - np.uint64(1), ~np.uint64(0))
        sizes = self.ends - self.starts
        return [
            # Where a text has ended before, the word is another one's, and nothing is left of it.
            words[self.starts + (at if at == 0 else np.minimum(at, sizes))]
            & masks[np.clip(sizes - at, 0, _WORD_BYTES)]
            for at in range(0, max(longest, 1), _WORD_BYTES)
        ]


def _behind_each(ends: Ints) -> Ints:
    """Where the texts begin that stand one behind the other; shape (n,)."""
    return np.append(0, ends[:-1] + 1)[: len(ends)]


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
        # Ids of a table are told apart by a sort alone, a quarter of what numbers cost.
        if _all_differ(key[:_SAMPLE]) and _all_differ(key):
            return np.arange(len(key))
        inverse, count = _ranks(key)
        codes = _ranks(codes * count + inverse)[0] if place else inverse
    return codes


def _all_differ(key: NDArray[np.uint64]) -> bool:
    ordered = np.sort(key)
    return not (ordered[1:] == ordered[:-1]).any()


def _ranks(key: NDArray[np.uint64] | Ints) -> tuple[Ints, int]:
    """Rank of each number among the distinct ones, shape (n,), and how many there are."""
    order = np.argsort(key)
    ordered = key[order]
    steps = np.cumsum(np.append(False, ordered[1:] != ordered[:-1])[: len(key)])
    ranks = np.empty(len(key), dtype=np.intp)
    ranks[order] = steps
    return ranks, int(steps[-1]) + 1 if len(steps) else 0
