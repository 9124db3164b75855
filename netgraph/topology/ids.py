"""From ids to positions, once, vectorised."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from netgraph.inventory.coded import Coded, find_first
from netgraph.inventory.distinct import Positions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints


class IdIndex:
    """Position of each id.

    Parameters
    ----------
    ids
        Strings or numbers of them; shape (n,). Within a table they are unique: reading refuses
        duplicates.
    is_one_table
        Whether all ids come from one table. An id that two tables use names neither.
    """

    def __init__(self, ids: Coded | NDArray[np.object_], *, is_one_table: bool = True) -> None:
        self._ids = ids if isinstance(ids, Coded) else Coded.of_words(ids)
        self._ids = self._ids if is_one_table else _without_repeats(self._ids)

    def __len__(self) -> int:
        """Count the rows indexed."""
        return len(self._ids)

    def positions(self, ids: Coded | NDArray[np.object_]) -> Ints:
        """Positions of ids; -1 for an empty or unknown id.

        Parameters
        ----------
        ids
            Strings, or numbers of them; shape (n,).

        Returns
        -------
        ndarray of int64, shape (n,)
        """
        if isinstance(ids, Coded) and ids.vocabulary is self._ids.vocabulary:
            return np.where(ids.equals(""), -1, find_first(ids, self._ids))
        if isinstance(ids, Coded):
            used, inverse = np.unique(ids.codes, return_inverse=True)
            return self._index.find(ids.vocabulary.words[used])[inverse]
        return self._index.find(ids)

    def find(self, wanted: str) -> int | None:
        """Position of one id, or None."""
        position = int(self._index.find([wanted])[0])
        return position if position >= 0 else None

    @cached_property
    def _index(self) -> Positions:
        """By word, for those who come with words."""
        return Positions(self._ids.cells().tolist(), {""})


def _without_repeats(ids: Coded) -> Coded:
    """Leave the words empty that stand more than once."""
    times = np.bincount(ids.codes, minlength=1)
    return Coded(np.where(times[ids.codes] > 1, 0, ids.codes).astype(np.int32), ids.vocabulary)


def codes_of(values: Coded | NDArray[np.object_]) -> tuple[Ints, NDArray[np.object_]]:
    """Give numbers to the distinct non-empty values; an empty value gets -1.

    Returns
    -------
    codes, names
        Codes of shape (n,) and the sorted names that they stand for.
    """
    column = values if isinstance(values, Coded) else Coded.of_words(values)
    used, inverse = np.unique(column.codes, return_inverse=True)
    names = column.vocabulary.words[used]
    filled = np.flatnonzero(used)  # number 0 is the empty one
    order = filled[np.argsort(names[filled])]
    rank = np.full(len(used), -1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[inverse], names[order]
