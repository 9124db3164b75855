"""Two routes for a site: a recorded one that stays with the cheapest beside it, or two new ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.upgrades.second_route import CABLE, LINK, SPAN, Piece, WorksGraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.find import Achievable, LayerAnswer
    from netgraph.diversity.audit.run import Audit
    from netgraph.topology.csr import Ints
    from netgraph.upgrades.prices import Prices


@dataclass(frozen=True)
class RoutePair:
    """Two routes from a site, piece by piece, and the B ends (places) that they arrive at."""

    first: tuple[Piece, ...]
    second: tuple[Piece, ...]
    goals: tuple[int, int]


class RouteFinder:
    """Finds two routes for one site after another."""

    def __init__(self, audit: Audit, achievable: Achievable, prices: Prices) -> None:
        self._audit, self._network = audit, audit.network
        self._layers, self._prices = achievable.layers, prices
        self._graphs: dict[bool, WorksGraph] = {}

    def find(
        self, place: int, answer: LayerAnswer, *, with_spans: bool, shut: Sequence[int] = ()
    ) -> RoutePair | None:
        """Find the cheapest second route beside any recorded one, strictly apart if possible.

        Exact for every recorded route that may stay. Where none can, both are new: the first
        keeps off the second route that the search found, the second off the first.

        Parameters
        ----------
        answer
            What the search found: what its pair shares may be shared again, if it must.
        with_spans
            Admit new cable.
        shut
            Elements that are not used at all.

        Returns
        -------
        RoutePair or None
        """
        graph = self._graph(with_spans=with_spans)
        best: tuple[float, RoutePair] | None = None
        for first, end in self._recorded(place).items():
            second = self._beside(graph, place, first, end, answer, shut)
            if second and (best is None or graph.cost(second) < best[0]):
                goals = (end, self._goal(answer.b_ends, second[-1]))
                best = graph.cost(second), RoutePair(first, second, goals)
        return best[1] if best else self._two_new(graph, place, answer, shut)

    def _beside(
        self, graph: WorksGraph, place: int, first: tuple[Piece, ...], end: int,
        answer: LayerAnswer, shut: Sequence[int],
    ) -> tuple[Piece, ...]:  # fmt: skip
        """Route that keeps off another one; off what no pair avoids only where that is possible."""
        barred = graph.elements_of(first, self._network.places.home[[place, end]])
        for wanted in self._ever_less(barred, answer, shut):
            found = self._route(graph, place, answer, wanted)
            if found:
                return found
        return ()

    def _ever_less(
        self, barred: NDArray[np.bool_], answer: LayerAnswer, shut: Sequence[int]
    ) -> Iterator[NDArray[np.bool_]]:
        forgiven = [*answer.tolerated, *answer.unavoidable, *answer.shared]
        barred[list(shut)] = True
        yield barred
        if forgiven and barred[forgiven].any():
            barred[forgiven] = False
            barred[list(shut)] = True
            yield barred

    def _route(
        self, graph: WorksGraph, place: int, answer: LayerAnswer, barred: NDArray[np.bool_]
    ) -> tuple[Piece, ...]:
        node = graph.node_of_place
        sinks: Ints = np.unique(node[list(answer.b_ends)])
        return tuple(graph.find(int(node[place]), sinks, barred) or ())

    def _two_new(
        self, graph: WorksGraph, place: int, answer: LayerAnswer, shut: Sequence[int]
    ) -> RoutePair | None:
        kind = SPAN if graph.has_spans else CABLE
        guide = tuple(Piece(kind, item, is_reversed=False) for item in answer.routes[1])
        if not guide:
            return None
        table = self._network.spans if kind == SPAN else self._network.cables
        last = guide[-1].item
        for arrived in (int(table.a[last]), int(table.b[last])):
            end = self._b_end(answer.b_ends, arrived)
            if end is None:
                continue
            first = self._beside(graph, place, guide, end, answer, shut)
            if not first:
                continue
            goal = self._goal(answer.b_ends, first[-1])
            second = self._beside(graph, place, first, goal, answer, shut)
            if second:
                goals = (goal, self._goal(answer.b_ends, second[-1]))
                return RoutePair(first, second, goals)
        return None

    def _graph(self, *, with_spans: bool) -> WorksGraph:
        if with_spans not in self._graphs:
            self._graphs[with_spans] = WorksGraph(
                self._audit, self._layers["cables"], self._layers["spans"], self._prices,
                with_spans=with_spans,
            )  # fmt: skip
        return self._graphs[with_spans]

    def _recorded(self, place: int) -> dict[tuple[Piece, ...], int]:
        """List the routes that are known from end to end, and the place that each reaches."""
        circuits, routes = self._network.circuits, self._network.circuits.routes
        found: dict[tuple[Piece, ...], int] = {}
        for circuit in np.flatnonzero(circuits.a == place).tolist():
            if len(circuits.segments.row(circuit)) != 1:
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

    def _goal(self, b_ends: Sequence[int], last: Piece) -> int:
        """B end (place) that a route arrives at."""
        network = self._network
        if last.kind == LINK:
            ends = network.links.a_place, network.links.b_place
        else:
            table = network.cables if last.kind == CABLE else network.spans
            ends = table.a, table.b
        arrived = int(ends[0 if last.is_reversed else 1][last.item])
        found = self._b_end(b_ends, arrived)
        return b_ends[0] if found is None else found

    def _b_end(self, b_ends: Sequence[int], arrived: int) -> int | None:
        home = self._network.places.padded_home
        inside = (b for b in b_ends if b == arrived or 0 <= home[b] == home[arrived])
        return next(inside, None)
