"""Columns of words as numbers: each distinct word once, and its number in every row.

The ids of an inventory are read once and numbered together. To find the rows that a column refers
to is then a look into arrays, whoever asks and however often, instead of millions of comparisons
of words; and a reference to a row takes 4 bytes.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from netgraph.inventory.distinct import Positions, number_cells
from netgraph.inventory.packed import END, PackedTexts, ranks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Codes = NDArray[np.int32]


_SAMPLE = 256
#: So few words are looked up one by one: that takes less than to look into arrays.
_FEW = 256


_NO_KEYS = np.zeros(1, dtype=np.uint64), np.zeros(1, dtype=np.int32)  # but that of ""


class Vocabulary:
    """Distinct words, numbered as they come; number 0 is ``""``, and not every number is taken.

    Words of up to 8 bytes, as most ids are, are found among those that there are by these bytes as
    one number; no string is made of a word that is known. Longer ones are found in a dictionary,
    and so are all as long as only few at a time were asked for: such a vocabulary is small.
    """

    def __init__(self) -> None:
        self._size = 1
        self._parts: list[tuple[Codes, Sequence[str] | NDArray[np.object_]]] = []
        self._words: NDArray[np.object_] | None = None
        self._keys, self._key_codes = _NO_KEYS
        self._code_of: dict[str, int] = {"": 0}
        self._is_small = True

    def __len__(self) -> int:
        """One more than the last number."""
        return self._size

    @property
    def words(self) -> NDArray[np.object_]:
        """The words by their numbers, ``""`` where a number is not taken; shape (numbers,)."""
        if self._words is None:
            self._words = np.full(self._size, "", dtype=object)
            for codes, words in self._parts:
                self._words[codes] = words
            self._parts = [(np.arange(self._size, dtype=np.int32), self._words)]
        return self._words

    def number(self, words: Sequence[str]) -> Codes:
        """Give the numbers of words, new ones to new words; shape (n,)."""
        if self._is_small and len(words) <= _FEW:
            return self._number_long(words)
        packed = PackedTexts.find(END.join(words), len(words))
        if packed is not None:
            codes, distinct = packed.number()
            return self.number_distinct(distinct)[codes]
        numbers = np.empty(len(words), dtype=np.int32)
        is_odd = np.array([END in word for word in words])
        for mark, number in ((is_odd, self._number_long), (~is_odd, self.number)):
            numbers[mark] = number([*itertools.compress(words, mark)])
        return numbers

    def find_known(self, words: PackedTexts) -> Codes | None:
        """Give the numbers of words of which none is new, or long; None if one is; shape (n,)."""
        self._grow()
        first = words.head(_SAMPLE).find_short_keys()
        if first is None or not self._knows(first):  # as mostly where there are new ones
            return None
        runs = words.find_short_runs()
        if runs is None:
            return None
        keys, places = ranks(runs[0])
        return self._codes_of(keys)[places][runs[1]] if self._knows(keys) else None

    def _knows(self, keys: NDArray[np.uint64]) -> bool:
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return bool((self._keys[at] == keys).all())

    def _codes_of(self, keys: NDArray[np.uint64]) -> Codes:
        return self._key_codes[np.searchsorted(self._keys, keys)]

    def number_distinct(self, words: PackedTexts) -> Codes:
        """Give the numbers of words that all differ, new ones to new words; shape (n,)."""
        self._grow()
        keys = words.find_short_keys()
        if keys is None:
            return self._number_mixed(words)
        order = np.arange(len(keys)) if (keys[1:] > keys[:-1]).all() else np.argsort(keys)
        keys = keys[order]
        at = np.searchsorted(self._keys, keys)
        known = self._keys[np.minimum(at, len(self._keys) - 1)] == keys
        codes = np.empty(len(keys), dtype=np.int32)
        codes[order[known]] = self._key_codes[at[known]]
        new = np.sort(order[~known])
        if len(new):
            codes[new] = self._take(words.take_at(new).texts())
            self._keys = np.insert(self._keys, at[~known], keys[~known])
            self._key_codes = np.insert(self._key_codes, at[~known], codes[order[~known]])
        return codes

    def _grow(self) -> None:
        """Have the short words found by their bytes from now on."""
        if not self._is_small:
            return
        self._is_small = False
        plain = [word for word in self._code_of if END not in word]
        packed = PackedTexts.find(END.join(plain), len(plain))
        assert packed is not None  # noqa: S101 -- END is in none of them
        keys = packed.take(packed.is_short).find_short_keys()
        assert keys is not None  # noqa: S101 -- all are short
        codes = np.array([*map(self._code_of.__getitem__, plain)], dtype=np.int32)
        order = np.argsort(keys)
        self._keys, self._key_codes = keys[order], codes[packed.is_short][order]

    def _number_mixed(self, words: PackedTexts) -> Codes:
        is_short = words.is_short
        codes = np.empty(len(words), dtype=np.int32)
        if is_short.any():
            codes[is_short] = self.number_distinct(words.take(is_short))
        codes[~is_short] = self._number_long(words.take(~is_short).texts())
        return codes

    def _number_long(self, words: Sequence[str]) -> Codes:
        new = [word for word in dict.fromkeys(words) if word not in self._code_of]
        if new:
            self._code_of.update(zip(new, self._take(new).tolist(), strict=True))
        return np.fromiter(map(self._code_of.__getitem__, words), np.int32, len(words))

    def _take(self, words: Sequence[str]) -> Codes:
        """Take numbers for new words."""
        codes = np.arange(self._size, self._size + len(words), dtype=np.int32)
        self._parts.append((codes, words))
        self._size += len(words)
        self._words = None
        return codes


@dataclass(frozen=True, eq=False)
class Coded:
    """A column of words.

    Parameters
    ----------
    codes
        Number of the word of each row, shape (n,).
    vocabulary
        The words, of this column alone or of many.
    """

    codes: Codes
    vocabulary: Vocabulary

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.codes)

    @classmethod
    def of_words(cls, cells: NDArray[np.object_]) -> Coded:
        """Make a column with a vocabulary of its own."""
        codes, distinct = number_cells(cells)
        vocabulary = Vocabulary()
        return cls(vocabulary.number(distinct.tolist())[codes], vocabulary)

    @classmethod
    def of_one(cls, word: str, count: int, vocabulary: Vocabulary) -> Coded:
        """Make a column that holds one word in all of its rows; it takes no memory."""
        code = vocabulary.number([word])[0] if word else np.int32(0)  # mostly nothing: no search
        return cls(np.broadcast_to(code, (count,)), vocabulary)

    @classmethod
    def of_distinct(cls, codes: NDArray[np.intp], texts: Sequence[str], missing: str) -> Coded:
        """Make a column of what codes stand for: `texts`, and `missing` for -1."""
        vocabulary = Vocabulary()
        return cls(vocabulary.number([*texts, missing])[codes], vocabulary)

    def cells(self) -> NDArray[np.object_]:
        """Spell the column out: strings, shape (n,)."""
        return np.asarray(self.vocabulary.words[self.codes])

    def take(self, rows: NDArray[Any]) -> Coded:
        """Keep some of the rows: positions, or marks of shape (n,)."""
        return Coded(self.codes[rows], self.vocabulary)

    def extended(self, words: Sequence[str]) -> Coded:
        """Add rows behind the others; words that are new join the vocabulary."""
        more = self.vocabulary.number(words)
        return Coded(np.concatenate([self.codes, more]), self.vocabulary)

    def equals(self, word: str) -> NDArray[np.bool_]:
        """Whether each row holds a word; shape (n,)."""
        if word == "":
            return np.asarray(self.codes == 0)
        hit = np.asarray(self.vocabulary.words == word, dtype=bool)
        return np.asarray(hit[self.codes])

    def place_in(self, words: Sequence[str]) -> NDArray[np.intp]:
        """Place of each row's word in a list of words, -1 where it is none; shape (n,)."""
        return Positions(words).find(self.vocabulary.words)[self.codes]


def are_equal(a: Coded, b: Coded) -> NDArray[np.bool_]:
    """Whether the rows of two columns of equal length hold the same word; shape (n,)."""
    if a.vocabulary is b.vocabulary:
        return np.asarray(a.codes == b.codes)
    return np.asarray(a.cells() == b.cells(), dtype=bool)


def joined(columns: Sequence[Coded]) -> Coded:
    """Put columns one after the other."""
    first = columns[0].vocabulary
    if all(column.vocabulary is first for column in columns):
        return Coded(np.concatenate([column.codes for column in columns]), first)
    vocabulary = Vocabulary()
    codes = [_renumbered(column, vocabulary) for column in columns]
    return Coded(np.concatenate(codes), vocabulary)


def _renumbered(column: Coded, vocabulary: Vocabulary) -> Codes:
    used, inverse = np.unique(column.codes, return_inverse=True)
    return vocabulary.number(column.vocabulary.words[used].tolist())[inverse]


def find_first(wanted: Coded, among: Coded) -> NDArray[np.intp]:
    """Find where words stand first in another column; -1 where they do not; shape of `wanted`."""
    if wanted.vocabulary is not among.vocabulary:
        used, inverse = np.unique(wanted.codes, return_inverse=True)
        places = Positions(among.cells().tolist())
        return places.find(wanted.vocabulary.words[used])[inverse]
    place_of = np.full(len(among.vocabulary), -1, dtype=np.intp)
    backwards = np.arange(len(among) - 1, -1, -1)
    place_of[among.codes[backwards]] = backwards  # of equal words the first is written last
    return place_of[wanted.codes]
