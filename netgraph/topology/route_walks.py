"""Which way each link of a route is passed, where its record leaves a choice.

A link that stands in one building joins its neighbours either way round, and so may one behind a
gap. Which office the route comes to first then decides where its sections end. So the way is
taken that joins most of the route, places before buildings; of several such ways the one that
climbs latest: sites before other places, those before offices, and upper offices last. Which end
a record names first decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.topology.chains import join_chains
from netgraph.topology.places import OFFICE, SITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.topology.chains import Chains
    from netgraph.topology.csr import Csr, Ints
    from netgraph.topology.places import Places
    from netgraph.topology.transport import Links

_BOTH_WAYS = (0, 1)
_SITE, _POINT, _OFFICE, _UPPER_OFFICE = range(4)
_SAME_BUILDING, _SAME_PLACE = 3, 4  # two joints in buildings outweigh one at the very place


def walk_routes(chain: Csr, links: Links, start: Ints, goal: Ints, places: Places) -> Chains:
    """Put the links of routes end to end, and settle which way each is passed.

    Parameters
    ----------
    chain
        Route to links, in recorded order.
    start, goal
        Places where each route begins and ends, -1 if unknown; shape (routes,).
    """
    walk = join_chains(chain, links.a_place, links.b_place, start, goal, places.home)
    a, b = links.a_place[chain.indices], links.b_place[chain.indices]
    home = places.padded_home
    has_choice = (a != b) & (home[a] >= 0) & (home[a] == home[b])
    ground = _Ground(home, _heights(places))
    for route in np.unique(chain.owners[has_choice | walk.has_gap]).tolist():
        rows = np.arange(chain.indptr[route], chain.indptr[route + 1])
        rows = rows[::-1] if walk.is_backwards[route] else rows
        is_free = has_choice[rows] | np.logical_or.accumulate(walk.has_gap[rows])
        pieces = [
            _Piece((int(a[k]), int(b[k])), _BOTH_WAYS if free else (int(walk.is_reversed[k]),))
            for k, free in zip(rows.tolist(), is_free.tolist(), strict=True)
        ]
        turned = np.array(ground.best_way(pieces, int(start[route]), int(goal[route]))) == 1
        walk.is_reversed[rows] = turned
        walk.entry[rows] = np.where(turned, b[rows], a[rows])
        walk.exit_[rows] = np.where(turned, a[rows], b[rows])
    return walk


def _heights(places: Places) -> Ints:
    """How high each place stands in the network; the last one is the unknown place."""
    height = np.full(len(places) + 1, _POINT)
    height[:-1][places.kind == SITE] = _SITE
    height[:-1][places.kind == OFFICE] = _OFFICE
    height[:-1][np.isin(places.role.astype(str), ["aggregation", "core"])] = _UPPER_OFFICE
    return height


class _Piece(NamedTuple):
    """The ends of a link, and the ways to pass it: from the first one (0), from the second (1)."""

    ends: tuple[int, int]
    ways: tuple[int, ...]


class _Rest(NamedTuple):
    """The rest of a route: how well it joins, how late it climbs, the ways its links are passed."""

    joins: int
    climb: tuple[int, ...]
    ways: tuple[int, ...]
    entry: int


@dataclass(frozen=True)
class _Ground:
    """The building and the height of each place."""

    home: Ints
    height: Ints

    def best_way(self, pieces: Sequence[_Piece], start: int, goal: int) -> tuple[int, ...]:
        """Say of each link from which of its ends it is passed; O(square of the links)."""
        rests = [_Rest(0, (), (), goal)]
        for ends, ways in reversed(pieces):
            rests = [self._before(rests, ends, turn) for turn in ways]
        return self._best(rests, start).ways

    def _before(self, rests: Sequence[_Rest], ends: tuple[int, int], turn: int) -> _Rest:
        """Put a link in front of the best rest."""
        entry, exit_ = ends[turn], ends[1 - turn]
        rest = self._best(rests, exit_)
        climb = (-int(self.height[entry]), -int(self.height[exit_]), *rest.climb)
        return _Rest(rest.joins, climb, (turn, *rest.ways), entry)

    def _best(self, rests: Sequence[_Rest], at: int) -> _Rest:
        return max(rest._replace(joins=rest.joins + self._fit(at, rest.entry)) for rest in rests)

    def _fit(self, place: int, other: int) -> int:
        if place < 0 or other < 0:
            return 0
        if place == other:
            return _SAME_PLACE
        is_one_building = self.home[place] >= 0 and self.home[place] == self.home[other]
        return _SAME_BUILDING if is_one_building else 0
