"""Two routes for a site: a recorded one that stays with the cheapest beside it, or two new ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.upgrades.near_site import NearSite
from netgraph.upgrades.pair_search import PairSearch, RoutePair, arrival
from netgraph.upgrades.second_route import CABLE, LINK, SPAN, Piece, WorksGraph
from netgraph.upgrades.way_search import WaySearch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.diversity.achievable.find import Achievable, LayerAnswer
    from netgraph.diversity.audit.run import Audit
    from netgraph.topology.csr import Ints
    from netgraph.upgrades.prices import Prices


class RouteFinder:
    """Finds two routes for one site after another."""

    def __init__(self, audit: Audit, achievable: Achievable, prices: Prices) -> None:
        self._audit, self._network = audit, audit.network
        self._layers, self._prices = achievable.layers, prices
        self._graphs: dict[bool, WorksGraph] = {}
        self._laid: set[int] = set()

    def lay(self, spans: Ints) -> None:
        """Let new cable in these spans (positions) count as laid for what is found later."""
        self._laid.update(spans.tolist())
        for graph in self._graphs.values():
            graph.lay(spans)

    def lay_along(self, pairs: Sequence[RoutePair]) -> None:
        """Let the new cable that some routes need count as laid for what is found later."""
        pieces = (piece for pair in pairs for piece in (*pair.first, *pair.second))
        self.lay(np.array([p.item for p in pieces if p.kind == SPAN], dtype=np.int64))

    def find(
        self, place: int, answer: LayerAnswer, *, with_spans: bool, shut: Sequence[int] = (),
        guide: RoutePair | None = None,
    ) -> RoutePair | None:  # fmt: skip
        """Find two cheap routes, strictly apart if possible; a recorded one may stay.

        New cable beside what is laid already counts a fifth. No second route beside either of the
        two costs less; two quite different ones may.

        Parameters
        ----------
        answer
            What the search found: what its pair shares may be shared again, if it must.
        with_spans
            Admit new cable.
        shut
            Elements that are not used at all.
        guide
            A pair that was planned elsewhere.

        Returns
        -------
        RoutePair or None
        """
        graph = self._graph(with_spans=with_spans)
        recorded = self._recorded(place, answer.b_ends)
        kind = SPAN if with_spans else CABLE
        guides = [
            tuple(Piece(kind, item, is_reversed=False) for item in way)
            for way in answer.routes
            if way
        ]
        found = PairSearch(graph, self._network, place, answer, shut).find(recorded, guides, guide)
        if found is None:
            return None
        found = found.turned if found.second in recorded else found
        return replace(found, is_first_kept=found.first in recorded)

    def find_to_each(
        self, place: int, answers: Sequence[LayerAnswer], *, with_spans: bool,
        shut: Sequence[int] = (),
    ) -> tuple[RoutePair, tuple[int, ...], tuple[int, ...]] | None:  # fmt: skip
        """Find two routes apart that end at different centres, for circuits that share the load.

        One recorded route stays if any can, beside it the cheapest to another centre; else both
        are new, the first on the way that the search found.

        Parameters
        ----------
        answers
            What the search found for each set of B ends.

        Returns
        -------
        tuple or None
            The routes, and the sets of B ends of the first and of the second; none where the B end
            of some circuit is not known.
        """
        if not all(answer.b_ends for answer in answers):  # nobody knows where to
            return None
        graph = self._graph(with_spans=with_spans)
        best: tuple[float, RoutePair, tuple[int, ...], tuple[int, ...]] | None = None
        ordered = [(x, y) for x in answers for y in answers if x is not y]
        for one, other in ordered:
            for first, end in self._recorded(place, one.b_ends).items():
                second = self._apart(graph, place, first, (end, other), shut)
                cost = graph.cost(second)
                if second and (best is None or cost < best[0]):
                    goals = (end, arrival(self._network, other.b_ends, second))
                    pair = RoutePair(first, second, goals, is_first_kept=True)
                    best = cost, pair, one.b_ends, other.b_ends
        for one, other in ordered if best is None else ():
            found = self._two_apart(graph, place, one, other, shut)
            if found:
                return found, one.b_ends, other.b_ends
        return None if best is None else best[1:]

    def _apart(
        self, graph: WorksGraph, place: int, first: tuple[Piece, ...],
        to: tuple[int, LayerAnswer], shut: Sequence[int],
    ) -> tuple[Piece, ...]:  # fmt: skip
        """Route to another centre that shares nothing but what is tolerated at the site.

        Only the site's own building is an end of both, and a centre that is the end of both.
        """
        end, other = to
        home = self._network.places.home
        both = home[end] >= 0 and home[end] in home[list(other.b_ends)]
        own = home[[place, end] if both else [place]]
        barred, node = graph.elements_of(first, own), graph.node_of_place
        sinks: Ints = np.unique(node[list(other.b_ends)])
        source = int(node[place])
        ways = WaySearch(graph, source, sinks, shut)
        near = NearSite(graph, source, other.tolerated)
        return ways.find(barred) or near.find_beside(ways, first, barred)

    def _two_apart(
        self, graph: WorksGraph, place: int, one: LayerAnswer, other: LayerAnswer,
        shut: Sequence[int],
    ) -> RoutePair | None:  # fmt: skip
        """Two new routes, the second off a route that the search found, the first off the second.

        Tried for each of the routes that the search found; not every pair that exists is found.
        """
        kind = SPAN if graph.has_spans else CABLE
        for way in one.routes:
            guide = tuple(Piece(kind, item, is_reversed=False) for item in way)
            second = self._apart(graph, place, guide, (one.b_ends[0], other), shut)
            if not guide or not second:
                continue
            end = arrival(self._network, other.b_ends, second)
            first = self._apart(graph, place, second, (end, one), shut)
            if first:
                return RoutePair(first, second, (arrival(self._network, one.b_ends, first), end))
        return None

    def _graph(self, *, with_spans: bool) -> WorksGraph:
        if with_spans not in self._graphs:
            self._graphs[with_spans] = WorksGraph(
                self._audit, self._layers["cables"], self._layers["spans"], self._prices,
                with_spans=with_spans,
            )  # fmt: skip
            self._graphs[with_spans].lay(np.array(sorted(self._laid), dtype=np.int64))
        return self._graphs[with_spans]

    def _recorded(self, place: int, b_ends: Sequence[int]) -> dict[tuple[Piece, ...], int]:
        """List the known routes to some B ends, and the place that each reaches."""
        circuits, routes = self._network.circuits, self._network.circuits.routes
        found: dict[tuple[Piece, ...], int] = {}
        for circuit in np.flatnonzero(circuits.a == place).tolist():
            ends = {int(circuits.b[circuit]), int(circuits.b2[circuit])} - {-1}
            if len(circuits.segments.row(circuit)) != 1 or not ends <= set(b_ends):
                continue
            for route in circuits.routes_of(circuit).tolist():
                links = routes.links.row(route)
                turned = routes.is_reversed[routes.links.indptr[route] :][: len(links)]
                is_whole = self._network.evidence.is_complete[links].all()
                is_wired = not self._network.links.is_wireless[links].any()
                if routes.is_known[route] and is_whole and is_wired:
                    pieces = zip(links.tolist(), turned.tolist(), strict=True)
                    way = tuple(Piece(LINK, link, bool(turn)) for link, turn in pieces)
                    found[way] = int(routes.end_place[route])
        return found
