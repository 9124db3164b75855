"""From ids to positions, once, vectorised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints


class IdIndex:
    """Position of each id.

    Parameters
    ----------
    ids
        Strings; shape (n,). Within a table they are unique: reading refuses duplicates.
    is_one_table
        Whether all ids come from one table. An id that two tables use names neither.
    """

    def __init__(self, ids: NDArray[np.object_], *, is_one_table: bool = True) -> None:
        self._size = len(ids)
        index = pd.Index(ids, dtype=object)
        repeated = index.duplicated(keep="first" if is_one_table else False)
        self._first = np.flatnonzero(~repeated).astype(np.int64)
        self._index = index[self._first]

    def __len__(self) -> int:
        """Count the rows indexed."""
        return self._size

    def positions(self, ids: NDArray[np.object_]) -> Ints:
        """Positions of ids; -1 for an empty or unknown id.

        Parameters
        ----------
        ids
            Strings; shape (n,).

        Returns
        -------
        ndarray of int64, shape (n,)
        """
        if len(ids) == 0:
            return np.empty(0, dtype=np.int64)
        found = self._index.get_indexer(pd.Index(ids, dtype=object)).astype(np.int64)
        result = np.full(len(ids), -1, dtype=np.int64)
        known = found >= 0
        result[known] = self._first[found[known]]
        result[np.asarray(ids == "", dtype=bool)] = -1
        return result

    def find(self, wanted: str) -> int | None:
        """Position of one id, or None."""
        position = int(self.positions(np.array([wanted], dtype=object))[0])
        return position if position >= 0 else None


def codes_of(values: NDArray[np.object_]) -> tuple[Ints, NDArray[np.object_]]:
    """Give numbers to the distinct non-empty values; an empty value gets -1.

    Returns
    -------
    codes, names
        Codes of shape (n,) and the sorted names that they stand for.
    """
    names = np.array(sorted({v for v in values if v}), dtype=object)
    return IdIndex(names).positions(values), names
