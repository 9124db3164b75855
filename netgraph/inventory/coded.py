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

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Codes = NDArray[np.int32]


class Vocabulary:
    """Distinct words, numbered as they come; number 0 is ``""``, and not every number is taken."""

    def __init__(self) -> None:
        self._code_of: dict[str, int] | None = {"": 0}
        self._size = 1
        self._words: NDArray[np.object_] | None = None

    def __len__(self) -> int:
        """One more than the last number."""
        return self._size

    @property
    def words(self) -> NDArray[np.object_]:
        """The words by their numbers, ``""`` where a number is not taken; shape (numbers,)."""
        if self._words is None:
            code_of = self._codes()
            self._words = np.full(self._size, "", dtype=object)
            self._words[[*code_of.values()]] = [*code_of]
        return self._words

    def number(self, words: Sequence[str]) -> Codes:
        """Give the numbers of words, new ones to new words; shape (n,)."""
        code_of = self._codes()
        codes: list[int | None] = [None]
        if words and words[0] in code_of:  # of most columns all are known, or none
            codes = [*map(code_of.get, words)]
        if None in codes:
            codes = [*map(code_of.setdefault, words, itertools.count(self._size))]
            self._size += len(words)
            self._words = None
        return np.array(codes, dtype=np.int32)

    def close(self) -> None:
        """Drop what numbers of further words need; it is made again when it is wanted."""
        self._words = self.words
        self._code_of = None

    def _codes(self) -> dict[str, int]:
        if self._code_of is None:
            words = self.words.tolist()
            self._code_of = {word: code for code, word in enumerate(words) if word or code == 0}
        return self._code_of


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
        return cls(np.broadcast_to(vocabulary.number([word])[0], (count,)), vocabulary)

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
