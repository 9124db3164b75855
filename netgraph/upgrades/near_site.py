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

    def tolerated_for(self, *ways: Way) -> Ints:
        """Elements that some routes may share: none of them meets these beyond its first metres."""
        found = self._tolerated
        for way in ways:
            found = np.setdiff1d(found, self._beyond(way), assume_unique=True)
        return found

    def find_beside(
        self, ways: WaySearch, first: Way, barred: Ints, *, most: float = np.inf
    ) -> Way:
        """Find the cheapest way off all that is barred but for what it may share with a first one.

        Empty if it costs as much as `most`. What passes by is shut; where a new cable comes upon a
        shared element again, it has to keep off that one altogether.
        """
        shared = np.intersect1d(barred, self.tolerated_for(first))
        while len(shared):
            passing = self._graph.edges_passing(shared, self._source)
            found = ways.find(np.setdiff1d(barred, shared), most=most, shut=passing)
            again = np.intersect1d(self._beyond(found), shared)
            if len(again) == 0:
                return found
            shared = np.setdiff1d(shared, again)
        return ways.find(barred, most=most)

    def _beyond(self, way: Way) -> Ints:
        """Tolerated elements that a route touches after its first metres.

        These are its first piece, and as long as it runs in spans that are tolerated the next.
        """
        found, is_near = [self._tolerated[:0]], True
        for piece in way if len(self._tolerated) else ():
            elements = self._graph.elements_at(piece)
            if not is_near:
                found.append(np.intersect1d(elements, self._tolerated))
            is_near = (
                is_near and piece.kind == SPAN
                and self._graph.element_of_span(piece.item) in self._tolerated
            )  # fmt: skip
        return np.unique(np.concatenate(found))
