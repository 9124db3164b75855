"""Numbers for the rows that results rest on, and what they are called: "table:id"."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints


class RowNames:
    """The rows of some tables in one numbering; what has no row of its own gets a number too.

    A name is made when somebody asks for it.
    """

    def __init__(self, network: LayeredNetwork) -> None:
        tables = {
            name: network.inventory.table(name)["id"]
            for name in ("offices", "sites", "circuits", "equipment", "links", "cables", "rooms")
        }
        tables["systems"] = network.equipment.system_ids  # codes of these, not rows of the table
        self._tables = tuple(tables.items())
        starts = [0, *accumulate(len(ids) for ids in tables.values())]
        self._starts = starts[:-1]
        self._start_of = dict(zip(tables, starts, strict=False))
        self._first_word = starts[-1]
        self._words: list[str] = []
        self._number_of: dict[str, int] = {}

    def numbers(self, table: str, rows: Ints) -> Ints:
        """Give the numbers of rows of a table."""
        return rows + self._start_of[table]

    def word(self, name: str) -> int:
        """Give the number of a name that no table has."""
        number = self._number_of.setdefault(name, self._first_word + len(self._words))
        if number == self._first_word + len(self._words):
            self._words.append(name)
        return number

    def words(self, names: Iterable[str]) -> Ints:
        """Give the numbers of such names."""
        return np.array([self.word(name) for name in names], dtype=np.int64)

    def texts(self, numbers: Ints) -> list[str]:
        """Name some rows; each that occurs is made once."""
        distinct, codes = np.unique(numbers, return_inverse=True)
        named = np.empty(len(distinct), dtype=object)
        named[:] = self._each(distinct)
        texts: list[str] = named[codes].tolist()
        return texts

    def _each(self, ascending: Ints) -> list[str]:
        """Name rows in ascending order, table by table."""
        cuts = np.searchsorted(ascending, [*self._starts, self._first_word]).tolist()
        texts: list[str] = []
        bounds = zip(self._tables, self._starts, cuts[:-1], cuts[1:], strict=True)
        for (table, ids), start, low, high in bounds:
            texts += [f"{table}:{i}" for i in ids[ascending[low:high] - start].tolist()]
        texts += [self._words[i - self._first_word] for i in ascending[cuts[-1] :].tolist()]
        return texts

    def text(self, number: int) -> str:
        """Name one row."""
        if number >= self._first_word:
            return self._words[number - self._first_word]
        at = bisect_right(self._starts, number) - 1
        table, ids = self._tables[at]
        return f"{table}:{ids[number - self._starts[at]]}"
