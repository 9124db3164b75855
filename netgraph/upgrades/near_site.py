"""What two routes of a site may share near it: the entrance, not the same manhole again farther on.

The tolerance is measured along both routes. A cable that passes the manhole before the site on its
way between two offices meets it kilometres from the site, whatever its distance on the map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.upgrades.second_route import SPAN

if TYPE_CHECKING:
    from collections.abc import Collection

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.second_route import Piece, WorksGraph
    from netgraph.upgrades.way_search import WaySearch

    Way = tuple[Piece, ...]


class NearSite:
    """Knows what is tolerated at a site, and which routes come upon it again.

    Parameters
    ----------
    source
        Node of the site.
    tolerated
        Elements within the tolerance.
    """

    def __init__(self, graph: WorksGraph, source: int, tolerated: Collection[int]) -> None:
        self._graph, self._source = graph, source
        self._tolerated = np.unique(np.array([*tolerated], dtype=np.int64))
        self._beyond_on: dict[Way, Ints] = {}

    def tolerated_for(self, *ways: Way) -> Ints:
        """Elements that some routes may share: none of them meets these beyond its first metres."""
        found = self._tolerated
        for way in ways:
            found = self._graph.without(found, self._beyond(way))
        return found

    def find_beside(
        self, ways: WaySearch, first: Way, barred: Ints, *, most: float = np.inf
    ) -> Way:
        """Find the cheapest way off all that is barred but for what it may share with a first one.

        Empty if it costs as much as `most`. What passes by is shut; where a new cable comes upon a
        shared element again, it has to keep off that one altogether.
        """
        shared = self._graph.common(barred, self.tolerated_for(first))
        while len(shared):
            passing = self._graph.edges_passing(shared, self._source)
            found = ways.find(self._graph.without(barred, shared), most=most, shut=passing)
            again = self._graph.common(shared, self._beyond(found))
            if len(again) == 0:
                return found
            shared = self._graph.without(shared, again)
        return ways.find(barred, most=most)

    def _beyond(self, way: Way) -> Ints:
        """Tolerated elements that a route touches after its first metres; ascending.

        These are its first piece, and as long as it runs in spans that are tolerated the next.
        """
        if len(self._tolerated) == 0:
            return self._tolerated
        if way not in self._beyond_on:
            rows = [self._graph.elements_at(piece) for piece in way[self._n_near(way) :]]
            touched = np.concatenate([self._tolerated[:0], *rows])
            self._beyond_on[way] = self._graph.common(self._tolerated, touched)
        return self._beyond_on[way]

    def _n_near(self, way: Way) -> int:
        """Count the pieces that a route begins with near the site."""
        for number, piece in enumerate(way):
            if piece.kind != SPAN:
                return number + 1
            if self._graph.element_of_span(piece.item) not in self._tolerated:
                return number + 1
        return len(way)
