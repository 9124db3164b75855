"""Results of items: pass, fail, unknown, not applicable; and how several facts make one.

Items are judged for many sites at once, so facts and results are columns: the sites are numbered
0 ... n - 1, and the rows that something rests on are numbers of :class:`RowNames`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import Csr, csr_of_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints

    Flags = NDArray[np.bool_]
    #: Three-valued, one of HOLDS, FAILS and OPEN each.
    Values = NDArray[np.int8]

#: What a fact is, as a column; the inventory writes booleans so.
HOLDS, FAILS, OPEN = 1, 0, -1


class Result(StrEnum):
    """Result of an item; unknown is a result of its own and earns nothing."""

    PASS = "pass"  # noqa: S105 - a result, no password
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


#: Results in the order of their codes.
RESULTS = tuple(Result)
PASS, FAIL, UNKNOWN, NOT_APPLICABLE = range(len(RESULTS))


@dataclass(frozen=True)
class ItemResult:
    """Result of one item for one site, with the rows that it rests on ("table:id")."""

    result: Result
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """Three-valued facts about sites, and the row that states each; arrays of shape (facts,)."""

    owner: Ints
    value: Values
    row: Ints

    @classmethod
    def alike(cls, owner: Ints, row: Ints, value: int = OPEN) -> Facts:
        """Facts of one value."""
        return cls(owner, np.full(len(owner), value, dtype=np.int8), row)

    def of(self, keep: Flags) -> Facts:
        """Give some of the facts."""
        return Facts(self.owner[keep], self.value[keep], self.row[keep])


@dataclass(frozen=True)
class Judged:
    """Results of one item.

    Attributes
    ----------
    result
        A code of RESULTS for each site; shape (sites,).
    evidence
        Site to the rows that its result rests on; a row may be named twice.
    """

    result: Values
    evidence: Csr

    def replaced(self, where: Flags, result: int | Values, owner: Ints, row: Ints) -> Judged:
        """Put other results, with other evidence, where they apply."""
        kept = ~where[self.evidence.owners]
        return Judged(
            np.where(where, result, self.result).astype(np.int8),
            csr_of_pairs(
                np.concatenate([self.evidence.owners[kept], owner]),
                np.concatenate([self.evidence.indices[kept], row]), len(where),
            ),
        )  # fmt: skip


def all_hold(n_sites: int, parts: Sequence[Facts]) -> Judged:
    """Pass only where every fact holds; a known false fails even if others are unknown.

    Without any fact the result is unknown: missing evidence earns no marks. The evidence is the
    facts that decide, part by part.

    >>> facts = Facts(np.array([0, 0]), np.array([1, -1], dtype=np.int8), np.array([7, 8]))
    >>> found = all_hold(1, [facts])
    >>> RESULTS[found.result[0]].value, found.evidence.row(0).tolist()
    ('unknown', [8])
    """
    owner, value, row = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("owner", "value", "row")
    )
    worst = np.full(n_sites, OPEN, dtype=np.int8)
    worst[owner] = HOLDS
    worst[owner[value == OPEN]] = OPEN
    worst[owner[value == FAILS]] = FAILS
    decides = value == worst[owner]
    return Judged(
        np.where(worst == HOLDS, PASS, np.where(worst == FAILS, FAIL, UNKNOWN)).astype(np.int8),
        csr_of_pairs(owner[decides], row[decides], n_sites),
    )


def three_valued(values: NDArray[np.generic]) -> Values:
    """1 is true, 0 is false, anything else is unknown."""
    return np.where(values == 1, HOLDS, np.where(values == 0, FAILS, OPEN)).astype(np.int8)


def all_of(columns: Sequence[Values]) -> Values:
    """Three-valued and, row by row."""
    together = np.stack(columns)
    open_ = np.where((together == OPEN).any(axis=0), OPEN, HOLDS)
    return np.where((together == FAILS).any(axis=0), FAILS, open_).astype(np.int8)


def any_of(columns: Sequence[Values]) -> Values:
    """Three-valued or, row by row."""
    together = np.stack(columns)
    open_ = np.where((together == OPEN).any(axis=0), OPEN, FAILS)
    return np.where((together == HOLDS).any(axis=0), HOLDS, open_).astype(np.int8)
