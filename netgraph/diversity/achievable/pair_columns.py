"""Best pairs of many sites as columns: thousands of objects would fill the memory.

A row is made an object (:class:`BestPair`) when somebody asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from netgraph.diversity.achievable.best_pair import BestPair
from netgraph.diversity.achievable.judgement import NOTHING_SHARED, RANK_OF_KIND, Judged
from netgraph.diversity.search.folding import FoldedRoutes
from netgraph.diversity.search.graph import both_of, joined_rows, rows_of
from netgraph.diversity.search.keys import holds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.best_pair import Doubt, OpenPair
    from netgraph.diversity.achievable.proof import SearchProof
    from netgraph.diversity.search.graph import Rows
    from netgraph.topology.csr import Ints

    _Flags = NDArray[np.bool_]

_One = TypeVar("_One")


@dataclass(frozen=True, eq=False)
class PairColumns:
    """The best pairs of k sites; see :class:`BestPair` for what each column means.

    Attributes
    ----------
    is_connected, is_proven, is_shortest
        Shape (k,).
    routes
        Those of row i at 2i and 2i + 1.
    judged
        What is not connected is judged to share nothing.
    unavoidable, certain
        Elements, row by row; `certain` ascending.
    opened, searches, doubts
        By row, where there are any.
    """

    is_connected: _Flags
    is_proven: _Flags
    is_shortest: _Flags
    routes: FoldedRoutes
    judged: Judged
    unavoidable: Rows
    certain: Rows
    opened: Mapping[int, OpenPair] = field(default_factory=dict)
    searches: Mapping[int, SearchProof] = field(default_factory=dict)
    doubts: Mapping[int, Doubt] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.is_connected)

    def __getitem__(self, k: int) -> BestPair:
        """Return one pair."""
        is_connected = bool(self.is_connected[k])
        return BestPair(
            is_connected=is_connected,
            routes=(self.routes[2 * k], self.routes[2 * k + 1]),
            judgement=self.judged[k] if is_connected else None,
            unavoidable=tuple(self.unavoidable[k].tolist()),
            is_proven=bool(self.is_proven[k]),
            is_shortest=bool(self.is_shortest[k]),
            certain=frozenset(self.certain[k].tolist()),
            open=self.opened.get(k),
            search=self.searches.get(k),
            doubt=self.doubts.get(k),
        )

    @staticmethod
    def of(pairs: Sequence[BestPair]) -> PairColumns:
        """Return pairs as columns."""
        return PairColumns(
            np.array([pair.is_connected for pair in pairs], dtype=bool),
            np.array([pair.is_proven for pair in pairs], dtype=bool),
            np.array([pair.is_shortest for pair in pairs], dtype=bool),
            FoldedRoutes.plain(rows_of([route for pair in pairs for route in pair.routes])),
            Judged.of([pair.judgement or NOTHING_SHARED for pair in pairs]),
            rows_of([pair.unavoidable for pair in pairs]),
            rows_of([sorted(pair.certain) for pair in pairs]),
            {k: pair.open for k, pair in enumerate(pairs) if pair.open is not None},
            {k: pair.search for k, pair in enumerate(pairs) if pair.search is not None},
            {k: pair.doubt for k, pair in enumerate(pairs) if pair.doubt is not None},
        )

    @staticmethod
    def joined(parts: Sequence[PairColumns]) -> PairColumns:
        """Return pairs one after the other."""
        firsts = np.cumsum([0, *(len(part) for part in parts)]).tolist()
        opened: dict[int, OpenPair] = {}
        searches: dict[int, SearchProof] = {}
        doubts: dict[int, Doubt] = {}
        for first, part in zip(firsts, parts, strict=False):
            opened |= {first + k: one for k, one in part.opened.items()}
            searches |= {first + k: one for k, one in part.searches.items()}
            doubts |= {first + k: one for k, one in part.doubts.items()}
        return PairColumns(
            np.concatenate([part.is_connected for part in parts]),
            np.concatenate([part.is_proven for part in parts]),
            np.concatenate([part.is_shortest for part in parts]),
            FoldedRoutes.joined([part.routes for part in parts]),
            Judged.joined([part.judged for part in parts]),
            joined_rows([part.unavoidable for part in parts]),
            joined_rows([part.certain for part in parts]),
            opened, searches, doubts,
        )  # fmt: skip

    def take(self, rows: Ints) -> PairColumns:
        """Return some of the pairs, in the order asked for."""
        at = {k: n for n, k in enumerate(rows.tolist())}
        return PairColumns(
            self.is_connected[rows],
            self.is_proven[rows],
            self.is_shortest[rows],
            self.routes.take(both_of(rows)),
            self.judged.take(rows),
            self.unavoidable.take(rows),
            self.certain.take(rows),
            {at[k]: one for k, one in self.opened.items() if k in at},
            {at[k]: one for k, one in self.searches.items() if k in at},
            {at[k]: one for k, one in self.doubts.items() if k in at},
        )

    def some(self, first: int, end: int) -> PairColumns:
        """Return the pairs from one to before another."""

        def here(known: Mapping[int, _One]) -> dict[int, _One]:
            return {k - first: one for k, one in known.items() if first <= k < end}

        return PairColumns(
            self.is_connected[first:end],
            self.is_proven[first:end],
            self.is_shortest[first:end],
            self.routes.some(2 * first, 2 * end),
            self.judged.some(first, end),
            self.unavoidable.some(first, end),
            self.certain.some(first, end),
            here(self.opened), here(self.searches), here(self.doubts),
        )  # fmt: skip

    def put(self, rows: Ints, others: PairColumns) -> PairColumns:
        """Return the pairs with others in the place of some rows."""
        if not len(rows):
            return self
        at = np.arange(len(self))
        at[rows] = len(self) + np.arange(len(rows))
        return PairColumns.joined([self, others]).take(at)

    @property
    def is_open(self) -> _Flags:
        """Whether a pair that shares less may be left to be found; see `BestPair.is_open`."""
        result = np.zeros(len(self), dtype=bool)
        result[[k for k, one in self.opened.items() if not one.is_least_shared]] = True
        return result

    def have_certain_level(self, kind: Ints) -> _Flags:
        """Whether what counts in every pair yields this level; see `BestPair`."""
        rank = RANK_OF_KIND[kind[self.certain.values]]
        owners = self.certain.owners
        counts = rank == self.judged.rank[owners]
        counts &= holds(self.judged.shared.keys, self.certain.keys)
        result = self.is_connected & (np.bincount(owners[counts], minlength=len(self)) > 0)
        for k, doubt in self.doubts.items():
            if result[k] and not doubt.is_plain:
                result[k] = self[k].has_certain_level(kind)
        return result

    @property
    def are_doubtful(self) -> _Flags:
        """Whether plant that a missing record keeps out could give better pairs."""
        result = np.zeros(len(self), dtype=bool)
        plain = [k for k, doubt in self.doubts.items() if doubt.is_plain]
        result[plain] = ~self.is_connected[plain] | self.judged.is_avoidable[plain]
        for k, doubt in self.doubts.items():
            if not doubt.is_plain:
                result[k] = self[k].is_doubtful
        return result


class Pairs:
    """Best pairs of which some may be put anew."""

    def __init__(self, columns: PairColumns) -> None:
        """Begin with some pairs."""
        self._columns = columns
        self._new: dict[int, BestPair] = {}
        self._certain: tuple[PairColumns, _Flags] | None = None

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self._columns)

    def __getitem__(self, k: int) -> BestPair:
        """Return one pair."""
        return self._new[k] if k in self._new else self._columns[k]

    def find_open(self, k: int) -> OpenPair | None:
        """Return what a search needs to know of a pair; its routes, in chains, stay folded."""
        return self._new[k].open if k in self._new else self._columns.opened.get(k)

    def __setitem__(self, k: int, pair: BestPair) -> None:
        """Put a pair in the place of another."""
        self._new[k] = pair

    @property
    def columns(self) -> PairColumns:
        """All pairs as they are now."""
        if self._new:
            rows = np.array(sorted(self._new))
            others = PairColumns.of([self._new[k] for k in rows.tolist()])
            self._columns, self._new = self._columns.put(rows, others), {}
        return self._columns

    def have_certain_level(self, kind: Ints) -> _Flags:
        """Return `PairColumns.have_certain_level` of all pairs: asked for again and again."""
        columns = self.columns
        if self._certain is None or self._certain[0] is not columns:
            self._certain = columns, columns.have_certain_level(kind)
        return self._certain[1]

    def keep(self, rows: Sequence[int]) -> Pairs:
        """Return some of the pairs."""
        return Pairs(self.columns.take(np.array(rows, dtype=np.int64)))
