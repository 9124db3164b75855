"""From ids to positions, once, vectorised."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from netgraph.inventory.distinct import Positions

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
        known = ids.tolist()
        ambiguous = () if is_one_table or len(set(known)) == len(known) else Counter(known).items()
        self._index = Positions(known, {"", *(key for key, times in ambiguous if times > 1)})

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
        return self._index.find(ids)

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
