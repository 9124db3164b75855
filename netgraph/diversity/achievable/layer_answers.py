"""Answers of a search: the best pair of every site on one layer, in columns.

An answer is made an object (:class:`LayerAnswer`) when somebody asks for it: those of a province
would fill the memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import Level
from netgraph.diversity.search.graph import rows_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.proof import SearchProof
    from netgraph.diversity.search.folding import FoldedRoutes
    from netgraph.diversity.search.graph import Rows

    _Flags = NDArray[np.bool_]

UNPROVEN = "unproven"
_NO_WAYS = rows_of([(), ()])


@dataclass(frozen=True)
class LayerAnswer:
    """The best pair of one site on one layer; of a group of circuits, as many routes.

    Attributes
    ----------
    level
        A level, or "unproven".
    unavoidable
        Elements that every route uses (audit numbering), beyond the ends and the tolerance.
    shared
        Elements that the best pair shares.
    possible
        Groups of which both routes touch something that belongs to them or may.
    tolerated
        Elements that it shares within the tolerance at A.
    b_ends
        Places that the routes were asked for.
    parted
        Those of them that not all of the routes may reach.
    routes_to
        Of a group that was searched for more than two routes: the ends that each of them may reach.
        What is shared is what all of the routes use, which may be as many.
    total_m
        Metres of all routes, NaN where some are not known.
    is_shortest
        Proven: of the pairs that share as little, none is shorter. Never without metres.
    unsure
        Doubts (`Elements.doubts`) about risk groups that the routes may share: what would else be
        diverse is undecidable.
    is_disjoint_otherwise
        The pair shares nothing but what cannot be avoided; None where that is not known: the level
        can be known all the same, by what no pair avoids.
    search
        How the search for the pair ended, where there was one.
    ways
        `routes` as arrays, maybe folded: tuples of all routes of a province would fill the memory.
    """

    level: str
    b_ends: tuple[int, ...]
    unavoidable: tuple[int, ...] = ()
    shared: tuple[int, ...] = ()
    possible: tuple[int, ...] = ()
    tolerated: tuple[int, ...] = ()
    total_m: float = float("nan")
    is_shortest: bool = True
    parted: tuple[int, ...] = ()
    is_connected: bool = False
    unsure: tuple[int, ...] = ()
    is_disjoint_otherwise: bool | None = None
    search: SearchProof | None = None
    ways: Rows = field(default=_NO_WAYS, repr=False, compare=False)
    routes_to: tuple[tuple[int, ...], ...] = ()

    @property
    def is_apart(self) -> bool:
        """Whether the routes may not reach any two of the ends, as they like."""
        return bool(self.parted)

    @property
    def could_share_less(self) -> bool:
        """Whether the routes share what another pair, or more routes, may do without."""
        is_sharing = bool(self.shared or self.possible)
        return self.is_connected and is_sharing and not self.is_disjoint_otherwise

    @property
    def routes(self) -> tuple[tuple[int, ...], ...]:
        """The routes as spans or cables, from the site."""
        return tuple(tuple(self.ways[k].tolist()) for k in range(len(self.ways)))


#: What can be told, by number: the levels by rank, then unproven.
TOLD = (*(level.value for level in Level), UNPROVEN)


@dataclass(frozen=True, eq=False)
class AnswerColumns:
    """The answers to one demand, a row a site; see :class:`LayerAnswer` for the columns.

    Attributes
    ----------
    b_ends, parted
        Of the demand.
    told
        The number in :data:`TOLD` of each level.
    is_otherwise
        `is_disjoint_otherwise`: -1 for None.
    ways
        The routes of row i at 2i and 2i + 1, of the items of edges.
    searches
        By row, where there was one.
    """

    b_ends: tuple[int, ...]
    parted: tuple[int, ...]
    told: NDArray[np.int8]
    unavoidable: Rows
    shared: Rows
    possible: Rows
    tolerated: Rows
    total_m: NDArray[np.float64]
    is_shortest: _Flags
    is_connected: _Flags
    is_otherwise: NDArray[np.int8]
    ways: FoldedRoutes
    searches: Mapping[int, SearchProof]

    def __len__(self) -> int:
        """Return the number of answers."""
        return len(self.told)

    def __getitem__(self, k: int) -> LayerAnswer:
        """Return one answer."""
        otherwise = int(self.is_otherwise[k])
        return LayerAnswer(
            level=TOLD[self.told[k]],
            b_ends=self.b_ends,
            unavoidable=tuple(self.unavoidable[k].tolist()),
            shared=tuple(self.shared[k].tolist()),
            possible=tuple(self.possible[k].tolist()),
            tolerated=tuple(self.tolerated[k].tolist()),
            total_m=float(self.total_m[k]),
            is_shortest=bool(self.is_shortest[k]),
            parted=self.parted,
            is_connected=bool(self.is_connected[k]),
            is_disjoint_otherwise=None if otherwise < 0 else bool(otherwise),
            search=self.searches.get(k),
            ways=self.ways.some(2 * k, 2 * k + 2),
        )

    def level(self, k: int) -> str:
        """Return the level of one answer."""
        return TOLD[self.told[k]]


class LayerAnswers(Mapping[int, "list[LayerAnswer]"]):
    """The answers on one layer by the place of the site, one a demand of it."""

    def __init__(self) -> None:
        """Begin without answers."""
        self._at: dict[int, list[tuple[AnswerColumns, int] | LayerAnswer]] = {}

    def add(self, sites: Iterable[int], answers: AnswerColumns | Sequence[LayerAnswer]) -> None:
        """Add the answers to one more demand, one a site."""
        for k, site in enumerate(sites):
            one = (answers, k) if isinstance(answers, AnswerColumns) else answers[k]
            self._at.setdefault(site, []).append(one)

    def put(self, site: int, position: int, answer: LayerAnswer) -> None:
        """Put an answer in the place of another."""
        self._at[site][position] = answer

    def insert(self, site: int, position: int, answer: LayerAnswer) -> None:
        """Put an answer before another."""
        self._at[site].insert(position, answer)

    def __getitem__(self, site: int) -> list[LayerAnswer]:
        """Return the answers for a site."""
        return [one if isinstance(one, LayerAnswer) else one[0][one[1]] for one in self._at[site]]

    def __contains__(self, site: object) -> bool:
        """Whether there are answers for a site."""
        return site in self._at

    def __iter__(self) -> Iterator[int]:
        """Go over the places."""
        return iter(self._at)

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self._at)

    def lone(self, site: int) -> tuple[AnswerColumns, int] | None:
        """Return the columns and the row of a site's only answer; None if there is no such."""
        of_site = self._at.get(site, ())
        only = of_site[0] if len(of_site) == 1 else None
        return only if isinstance(only, tuple) else None

    def levels(self, site: int) -> list[str]:
        """Return the levels of the answers for a site."""
        return [
            one.level if isinstance(one, LayerAnswer) else one[0].level(one[1])
            for one in self._at[site]
        ]

    def that_share(self, elements: set[int]) -> list[tuple[int, int, LayerAnswer]]:
        """List the answers whose routes share one of some elements: site, position, answer."""
        is_wanted = np.zeros(max(elements, default=-1) + 2, dtype=bool)
        is_wanted[list(elements)] = True
        last = len(is_wanted) - 1  # stands for all beyond
        marked: dict[int, NDArray[np.bool_]] = {}
        found = []
        for site, of_site in self._at.items():
            for position, one in enumerate(of_site):
                if isinstance(one, LayerAnswer):
                    if not elements.isdisjoint(one.shared):
                        found.append((site, position, one))
                    continue
                columns, k = one
                if id(columns) not in marked:
                    is_hit = is_wanted[np.minimum(columns.shared.values, last)]
                    marked[id(columns)] = columns.shared.where(is_hit).sizes > 0
                if marked[id(columns)][k]:
                    found.append((site, position, columns[k]))
        return found

    def sites_that_share(self, among: Collection[int]) -> list[int]:
        """List those of some sites of which an answer could share less, as far as is known."""
        marked: dict[int, _Flags] = {}
        found = []
        for site in sorted(among):
            for one in self._at.get(site, ()):
                if isinstance(one, LayerAnswer):
                    is_found = one.could_share_less
                else:
                    columns, k = one
                    if id(columns) not in marked:
                        n_shared = columns.shared.sizes + columns.possible.sizes
                        is_less = columns.is_connected & (n_shared > 0) & (columns.is_otherwise < 1)
                        marked[id(columns)] = is_less
                    is_found = bool(marked[id(columns)][k])
                if is_found:
                    found.append(site)
                    break
        return found

    def searched_sites_that_share(self, sites: Sequence[int], near: Rows) -> list[int]:
        """List those of some sites of which an answer shares something of a row of elements.

        Though nothing that two routes could do without, as a search of pairs proved: what was
        proven without one is more than pairs could do without.
        """
        found = []
        for k in np.flatnonzero(near.sizes).tolist():
            for one in self._at.get(sites[k], ()):
                if isinstance(one, LayerAnswer):
                    is_asked, shared = one.is_disjoint_otherwise is True, np.array(one.shared)
                else:
                    columns, row = one
                    is_asked = columns.is_otherwise[row] == 1 and row in columns.searches
                    shared = columns.shared[row]
                if is_asked and np.isin(shared, near[k]).any():
                    found.append(sites[k])
                    break
        return found

    @property
    def has_unsure(self) -> bool:
        """Whether any answer is unsure: no column is."""
        every = (one for of_site in self._at.values() for one in of_site)
        return any(one.unsure for one in every if isinstance(one, LayerAnswer))
