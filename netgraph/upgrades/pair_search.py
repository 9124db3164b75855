"""Two cheap routes for one site, apart but for what no pair of routes avoids.

Guides show where to begin: recorded routes, and routes that searches found elsewhere. Beside a
guide the cheapest second route is taken, beside that the cheapest again, and so on. What is found
so can be a trap, where a short way shuts the only place at which the other one gets through. Hence
a few steps of branching follow: of a risk that both routes run into one of them must keep off.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.upgrades.near_site import NearSite
from netgraph.upgrades.second_route import CABLE, LINK, Piece, WorksGraph
from netgraph.upgrades.way_search import WaySearch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from netgraph.diversity.achievable.find import LayerAnswer
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints

    Way = tuple[Piece, ...]

#: How often one route of a pair is looked for anew beside the other.
_TURNS = 4
#: Searches for one route that branching may take.
_TRIALS = 8
#: A pair within a hundredth of the bound is good enough.
_GOOD = 0.99


@dataclass(frozen=True)
class RoutePair:
    """Two routes from a site, piece by piece, and the B ends (places) that they arrive at.

    `is_first_kept` tells that the first one is recorded today and stays.
    """

    first: Way
    second: Way
    goals: tuple[int, int]
    is_first_kept: bool = False

    @property
    def turned(self) -> RoutePair:
        """The same with the second route first."""
        return RoutePair(self.second, self.first, self.goals[::-1])


class _Branch(NamedTuple):
    """Two routes, each the cheapest that keeps off some elements; what any such pair costs."""

    bound: float
    number: int
    first: Way
    second: Way
    off_first: frozenset[int]
    off_second: frozenset[int]


class PairSearch:
    """Looks for the routes of one site to some B ends.

    Parameters
    ----------
    place
        The site.
    answer
        What the search found: what its pair shares may be shared again, if it must.
    shut
        Elements that are not used at all.
    """

    def __init__(
        self, graph: WorksGraph, network: LayeredNetwork, place: int, answer: LayerAnswer,
        shut: Sequence[int],
    ) -> None:  # fmt: skip
        self._graph, self._network, self._place = graph, network, place
        self._b_ends, self._shut = answer.b_ends, np.array(shut, dtype=np.int64)
        self._must = np.array([*answer.unavoidable, *answer.shared], dtype=np.int64)
        node = graph.node_of_place
        sinks: Ints = np.unique(node[list(answer.b_ends)])
        self._ways = WaySearch(graph, int(node[place]), sinks, shut)
        self._near = NearSite(graph, int(node[place]), answer.tolerated)
        self._known: dict[Way, Ints] = {}
        self._yuan: dict[Way, float] = {}

    def find(
        self, kept: Iterable[Way], guides: Iterable[Way], planned: RoutePair | None = None
    ) -> RoutePair | None:
        """Find a cheap pair; None if there is none beside any guide.

        No second route beside either of the two costs less; two quite different ones may.

        Parameters
        ----------
        kept
            Routes that may be one of the two.
        guides
            Routes that only show the way.
        planned
            A pair that may be taken as it is.
        """
        best: RoutePair | None = None
        most = np.inf
        if planned and self._holds(planned):
            best, most = planned, self.cost(planned)
        kept = dict.fromkeys(kept)
        around = (self._around(way) for way in kept)
        for way in chain(kept, (way for way in around if way), guides):
            pair = self._beside_guide(way, most, is_kept=way in kept)
            if pair and self.cost(pair) < most:
                best, most = pair, self.cost(pair)
        # Patching costs next to nothing: only new cable is worth a closer look.
        return self._branched(best) if self._graph.has_spans else best

    def cost(self, pair: RoutePair) -> float:
        """Yuan of both routes."""
        return self._cost(pair.first) + self._cost(pair.second)

    def _cost(self, way: Way) -> float:
        """Yuan of one route; nothing is laid meanwhile."""
        if way not in self._yuan:
            self._yuan[way] = self._graph.cost(way)
        return self._yuan[way]

    def _holds(self, pair: RoutePair) -> bool:
        """Whether both routes can be used here, and share no more than they must."""
        ways = pair.first, pair.second
        if any(not self._graph.has(way, self._shut) for way in ways):
            return False
        return len(self._common(*ways)) == 0

    def _beside_guide(self, way: Way, most: float, *, is_kept: bool) -> RoutePair | None:
        """Take the cheapest route beside a guide, then the cheapest beside that, and so on.

        None where the first two cost as much as `most`.
        """
        pair: RoutePair | None = None
        second = self._beside(way, most - (self._cost(way) if is_kept else 0.0))
        if second and is_kept:
            pair = self._pair(way, second)
        for _ in range(_TURNS):
            if not second:
                break
            limit = self._cost(way) if pair else most - self._cost(second)
            way, second = second, self._beside(second, limit)
            if second:
                pair = self._pair(way, second)
        return pair

    def _branched(self, best: RoutePair | None) -> RoutePair | None:
        """Look for a cheaper pair by keeping one route, then the other, off what both run into.

        Best bound first, and no farther than some searches; each branch offers its own pair.
        """
        most = self.cost(best) if best else np.inf
        way = self._route((), np.inf)
        todo = [_Branch(2 * self._cost(way), 0, way, way, frozenset(), frozenset())]
        trials = 0
        while todo and way and trials < _TRIALS:
            at = heapq.heappop(todo)
            if at.bound >= _GOOD * most:
                break
            both = self._common(at.first, at.second)
            for pair in self._offers(at, both, most):
                best, most = pair, self.cost(pair)
            if len(both) == 0:
                break
            off = int(both[self._graph.n_edges_at[both].argmax()])
            for branch in self._branches(at, off, most):
                trials += 1
                heapq.heappush(todo, branch._replace(number=trials))
        return best

    def _offers(self, at: _Branch, both: Ints, most: float) -> Iterator[RoutePair]:
        """Pairs of a branch that cost less than `most`, ever cheaper."""
        if len(both) == 0:
            if self._cost(at.first) + self._cost(at.second) < most:
                yield self._pair(at.first, at.second)
            return
        for way in dict.fromkeys((at.first, at.second)):
            second = self._beside(way, most - self._cost(way))
            if second:
                pair = self._pair(way, second)
                most = self.cost(pair)
                yield pair

    def _branches(self, at: _Branch, off: int, most: float) -> Iterator[_Branch]:
        """Keep one route off an element, then the other; at the root both are the same."""
        cost = self._cost
        first = self._route(off_first := at.off_first | {off}, most - cost(at.second))
        if first:
            bound = cost(first) + cost(at.second)
            yield _Branch(bound, 0, first, at.second, off_first, at.off_second)
        if at.number == 0:
            return
        second = self._route(off_second := at.off_second | {off}, most - cost(at.first))
        if second:
            bound = cost(at.first) + cost(second)
            yield _Branch(bound, 0, at.first, second, at.off_first, off_second)

    def _pair(self, first: Way, second: Way) -> RoutePair:
        ends = [arrival(self._network, self._b_ends, way) for way in (first, second)]
        return RoutePair(first, second, (ends[0], ends[1]))

    def _elements(self, way: Way) -> Ints:
        """List what a route touches, but for what stands at its ends."""
        if way not in self._known:
            end = arrival(self._network, self._b_ends, way)
            homes = self._network.places.home[[self._place, end]]
            self._known[way] = self._graph.elements_of(way, homes)
        return self._known[way]

    def _common(self, first: Way, second: Way) -> Ints:
        """Elements that two routes share and should not."""
        both = self._graph.common(self._elements(first), self._elements(second))
        if len(both) == 0:
            return both
        both = self._graph.without(both, self._must)
        return self._graph.without(both, self._near.tolerated_for(first, second))

    def _beside(self, first: Way, most: float) -> Way:
        """Route that keeps off another one; off what no pair avoids only where that is possible.

        Empty where each costs as much as `most`.
        """
        barred = self._elements(first)
        found = self._ways.find(barred, most=most)
        if found:
            return found
        barred = self._graph.without(barred, self._must)
        return self._near.find_beside(self._ways, first, barred, most=most)

    def _route(self, off: Iterable[int], most: float) -> Way:
        """Cheapest route that keeps off some elements; empty where each costs as much as `most`."""
        return self._ways.find(np.array(sorted(off), dtype=np.int64), most=most)

    def _around(self, way: Way) -> Way:
        """Route that touches as little as can be of what another one does."""
        off = self._elements(way)
        return self._ways.find(off) or self._ways.find_around(off)


def arrival(network: LayeredNetwork, b_ends: Sequence[int], way: Way) -> int:
    """B end (place) that a route arrives at; the first one if that cannot be told."""
    last = way[-1]
    if last.kind == LINK:
        ends = network.links.a_place, network.links.b_place
    else:
        table = network.cables if last.kind == CABLE else network.spans
        ends = table.a, table.b
    arrived = int(ends[0 if last.is_reversed else 1][last.item])
    home = network.places.padded_home
    inside = (b for b in b_ends if b == arrived or 0 <= home[b] == home[arrived])
    return next(inside, b_ends[0])
