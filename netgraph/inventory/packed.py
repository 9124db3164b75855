"""A column of texts as bytes where they stand: no object a cell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

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
_SAMPLE, _FEW = 2048, 32


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
            return self.side_by_side().joined(end)
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

    def head(self, count: int) -> PackedTexts:
        """Look at the first rows only."""
        return replace(self, starts=self.starts[:count], ends=self.ends[:count])

    def side_by_side(self) -> PackedTexts:
        """Have the texts stand one behind the other, so that they are quickly spelled."""
        return self if self.is_joined else self.take_at(np.arange(len(self)))

    def find_short_runs(self) -> tuple[NDArray[np.uint64], Ints] | None:
        """Give the bytes of each run of equal texts as one number; None if a text is long.

        Returns
        -------
        keys, run
            Shape (runs,), and the run of each row, shape (n,).
        """
        key = self.find_short_keys()
        if key is None:
            return None
        begins = _differs_from_before([key])
        return key[begins], np.cumsum(begins) - 1

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
            return np.arange(n), self.side_by_side()
        first = np.empty(n_distinct, dtype=np.intp)
        first[codes[::-1]] = heads[::-1]  # of equal texts the first is written last
        order = np.argsort(first)
        rank = np.empty_like(order)
        rank[order] = np.arange(n_distinct)
        return rank[codes][np.cumsum(begins) - 1], self.take_at(first[order])

    def _keys(self, longest: int) -> list[NDArray[np.uint64]]:
        """Read the texts as whole numbers of 8 bytes, as many as the longest takes.

        Numbers are in the order of their texts: ids mostly ascend in their table, and need no sort.
        """
        words = np.ndarray(len(self.data) - _WORD_BYTES + 1, ">u8", self.data, strides=(1,))
        sizes = self.ends - self.starts
        keys = []
        for at in range(0, max(longest, 1), _WORD_BYTES):
            # Where a text has ended before, the word is another one's, and nothing is left of it.
            begins = self.starts + np.minimum(at, sizes) if at else self.starts
            left = np.clip(sizes - at, 0, _WORD_BYTES)
            keys.append(words[begins].astype(np.uint64) & _MASKS[left])
        return keys


#: What is left of a word of which some bytes count.
_MASKS = ~(~np.uint64(0) >> (8 * np.arange(_WORD_BYTES + 1, dtype=np.uint64)))
_MASKS[_WORD_BYTES] = ~np.uint64(0)


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
        if are_all_different(key):
            return np.arange(len(key))
        distinct, inverse = ranks(key)
        codes = ranks(codes * len(distinct) + inverse)[1] if place else inverse
    return codes


def are_all_different(keys: NDArray[np.uint64]) -> bool:
    """Whether no number stands twice: at once where they ascend, or where the first few repeat."""
    if (keys[1:] > keys[:-1]).all():
        return True
    return not (_repeats(keys[:_SAMPLE]) or _repeats(keys))


def _repeats(keys: NDArray[np.uint64]) -> bool:
    ordered = np.sort(keys)
    return bool((ordered[1:] == ordered[:-1]).any())


def ranks(keys: NDArray[Any]) -> tuple[NDArray[Any], Ints]:
    """Give the distinct numbers, ascending, and the place of each number among them.

    As ``numpy.unique`` does, in a fraction of the time where there are few, or where they ascend.
    """
    few = np.unique(keys[:: len(keys) // _SAMPLE + 1])
    if 0 < len(few) <= _FEW:
        places = np.minimum(np.searchsorted(few, keys), len(few) - 1)
        if (few[places] == keys).all():
            return few, places
    order = None if (keys[1:] >= keys[:-1]).all() else np.argsort(keys)
    ordered = keys if order is None else keys[order]
    begins = np.append(True, ordered[1:] != ordered[:-1])[: len(keys)]
    places = np.cumsum(begins) - 1
    if order is not None:
        ascending, places = places, np.empty(len(keys), dtype=np.intp)
        places[order] = ascending
    return ordered[begins], places
