"""The plant with a plan built, as the searches for pairs of routes want it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.search.batch import search_all
from netgraph.diversity.search.graph import build_graph
from netgraph.diversity.search.risks import build_risks
from netgraph.topology.csr import csr_of_pairs, gather
from netgraph.upgrades._cheapest import Ways, cheapest_way
from netgraph.upgrades.protection.surviving import cut_numbers
from netgraph.upgrades.protection.tolerance import is_tolerable, is_tolerated, metres_around

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netgraph.diversity.search.graph import ArrayGraph
    from netgraph.diversity.search.risk_pairs import Status
    from netgraph.diversity.search.risks import RiskIndex
    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.model import ProtectionModel


#: Of routes that cost the same the shorter; a new cable costs some 16 yuan a metre.
_YUAN_PER_M = 0.1
_STEP_M = 1e-3  # of equal routes the one of fewer steps


@dataclass(frozen=True, eq=False)
class PlannedPair:
    """Two routes of one demand over plant and plan, as edges of the problem from the site.

    Attributes
    ----------
    status
        "pair": they share nothing but what no route can avoid; "none": proven that nothing better
        than these exists; "unproven": the search ran out of time.
    keeps_route
        The first one is the route that is recorded today.
    beyond_tolerance
        Risks near the site that both run into, on one of them farther off than is tolerated.
    meets_double
        One runs in a build and the other in what may be its trench.
    """

    status: Status
    first: Ints
    second: Ints
    keeps_route: bool = False
    beyond_tolerance: tuple[int, ...] = ()
    meets_double: bool = False

    @property
    def is_gap(self) -> bool:
        """Whether the search has proven that the plan holds no two routes without a common risk."""
        return self.status == "none" and not self.beyond_tolerance and not self.meets_double


class _Reach(NamedTuple):
    """Risks of a route, ascending, and how many metres of it there are up to each."""

    risks: Ints
    metres: NDArray[np.float64]


class _Used(NamedTuple):
    """What a route uses, each ascending and once."""

    edges: Ints
    nodes: Ints
    classes: Ints

    def both(self, other: _Used) -> _Used:
        """Give what another one uses as well."""
        pairs = zip(self, other, strict=True)
        return _Used(*(np.intersect1d(a, b, assume_unique=True) for a, b in pairs))

    def less(self, other: _Used) -> _Used:
        """Give what another one does not use."""
        pairs = zip(self, other, strict=True)
        return _Used(*(np.setdiff1d(a, b, assume_unique=True) for a, b in pairs))


class PlannedPlant:
    """The plant with a plan built, as the searches for pairs of routes want it."""

    def __init__(
        self, model: ProtectionModel, chosen: Ints, unavoidable: Mapping[int, tuple[int, ...]]
    ) -> None:
        self._model, problem, layer = model, model.problem, model.layer
        self._unavoidable = unavoidable
        self._is_open = problem.is_free.copy()
        self._is_open[chosen] = True
        length = np.concatenate([layer.graph.length_m, model.builds.length_m])
        self.graph: ArrayGraph = build_graph(
            problem.n_nodes, problem.u, problem.v, np.nan_to_num(length),
            is_transit=problem.is_transit,
        )  # fmt: skip
        self.risks: RiskIndex = self._risks()
        ends, n_edges = np.append(problem.u, problem.v), len(problem.u)
        at_node = csr_of_pairs(ends, np.tile(np.arange(n_edges), 2), problem.n_nodes)
        edge = at_node.indices
        far = problem.u[edge] + problem.v[edge] - at_node.owners
        self._ways = Ways(at_node.indptr, edge, far, self.graph.length_m)
        self._edge_of_span = np.full(len(model.audit.network.spans), -1, dtype=np.int64)
        self._edge_of_span[layer.item] = np.arange(model.n_spans)

        #: New cable in existing plant that the plan does not pay, whoever lays it.
        self._to_lay = np.zeros(n_edges)
        paid = np.where(np.isfinite(model.span_yuan), model.span_yuan, 0.0)
        self._to_lay[: model.n_spans] = paid
        self._to_lay[problem.is_option] = 0.0

    def status_with(self, demand: int, options: NDArray[np.bool_], seconds: float) -> Status:
        """Tell whether a demand has two routes over the free plant, its own, and some options."""
        self._is_open = self._model.problem.is_free | options
        return self.search([demand], seconds, with_own=True)[0][demand].status

    def _risks(self) -> RiskIndex:
        """Classes of the layer, and pairs of edges that may lie in one trench."""
        classes, doubles = self._model.layer.risks, self._model.doubles
        n, n_doubles = classes.n_classes, len(doubles[0])
        numbers = n + np.arange(n_doubles)
        edges = (
            np.concatenate([np.repeat(np.arange(n), np.diff(classes.edges.indptr)), numbers,
                            numbers]),
            np.concatenate([classes.edges.values, *doubles]),
        )  # fmt: skip
        nodes = np.repeat(np.arange(n), np.diff(classes.nodes.indptr)), classes.nodes.values
        return build_risks(self.graph, n + n_doubles, edges, nodes)

    def search_with_own(self, demands: list[int], seconds: float) -> dict[int, PlannedPair]:
        """Pairs over the edges of all of these demands that use no other demand's edges.

        Such a pair is as good as one of its own: with more edges fewer risks are unavoidable.
        """
        found, _ = self.search(demands, seconds, with_own=True)
        result = {}
        for demand, pair in found.items():
            is_open = self._open_to([demand])
            if pair.status == "pair" and is_open[np.append(pair.first, pair.second)].all():
                result[demand] = pair
        return result

    def _open_to(self, demands: list[int]) -> NDArray[np.bool_]:
        is_open = self._is_open.copy()
        for demand in demands:
            is_open[self._model.problem.own.row(demand)] = True
        return is_open

    def search(
        self, demands: list[int], seconds: float, *, with_own: bool = False
    ) -> tuple[dict[int, PlannedPair], dict[int, bool]]:
        """Search demands with the same centre; also tell which could not have a better pair.

        With their own edges those of all of them are open to each.
        """
        problem = self._model.problem
        is_open = self._open_to(demands) if with_own else self._is_open
        graph = self.graph.without(edges=np.flatnonzero(~is_open))
        found = search_all(
            graph, problem.sinks.row(demands[0]), self.risks, problem.source[demands],
            seconds=max(seconds, 0.5),
        )  # fmt: skip
        routes = [found.routes[i].astype(np.int64) for i in range(len(found.routes))]
        pairs = {
            demand: PlannedPair(found.status[i], routes[2 * i], routes[2 * i + 1])
            for i, demand in enumerate(demands)
        }
        chains = found.points.chains(problem.source[demands])
        is_whole = {
            demand: found.status[i] == "pair"
            and self._is_let_be(demand, chains[i], found.unavoidable_risks[i])
            for i, demand in enumerate(demands)
        }
        return pairs, is_whole

    def _is_let_be(self, demand: int, chain: NDArray[np.int32], classes: NDArray[np.int32]) -> bool:
        """Whether all that cuts a demand off is tolerated or cuts it off whatever is built."""
        model, n_classes = self._model, self._model.layer.risks.n_classes
        risks = {*cut_numbers(model, chain), *(classes + model.problem.n_nodes).tolist()}
        risks -= set(self._unavoidable.get(demand, ()))
        if not risks:
            return True
        if (classes >= n_classes).any():  # a build beside a span: look closer
            return False
        metres = metres_around(model, demand)
        return all(is_tolerated(model, risk, metres) for risk in risks)

    def keeping(self, demand: int, pair: PlannedPair) -> PlannedPair:
        """Let the route of today stay, if there is a second one that shares no more."""
        today = self._route_of_today(demand)
        if pair.status != "pair" or len(today) == 0:
            return pair
        common = self._used(demand, pair.first).both(self._used(demand, pair.second))
        second = self._beside(demand, today, common)
        return PlannedPair("pair", today, second, keeps_route=True) if len(second) else pair

    def checked(self, demand: int, pair: PlannedPair) -> PlannedPair:
        """Take a pair back if it shares more than what is unavoidable or tolerated on both."""
        if pair.status != "pair":
            return pair
        own = self._own_ends(demand, pair)
        first, second = (self._reach(route, own) for route in (pair.first, pair.second))
        limit = self._model.audit.rules.entry_tolerance_m
        shared, here, there = np.intersect1d(
            first.risks, second.risks, assume_unique=True, return_indices=True
        )
        metres = np.maximum(first.metres[here], second.metres[there]).tolist()
        unavoidable = self._unavoidable.get(demand, ())
        beyond = [
            risk for risk, far in zip(shared.tolist(), metres, strict=True)
            if risk not in unavoidable and (far > limit or not is_tolerable(self._model, risk))
        ]  # fmt: skip
        meets_double = self._meets_double(pair)
        if beyond or meets_double:
            return replace(
                pair, status="none", beyond_tolerance=tuple(beyond), meets_double=meets_double
            )
        return pair

    def _meets_double(self, pair: PlannedPair) -> bool:
        """Whether one route runs in an edge and the other beside it."""
        first, second = set(pair.first.tolist()), set(pair.second.tolist())
        doubles = zip(*(x.tolist() for x in self._model.doubles), strict=True)
        return any(
            (one in first and other in second) or (other in first and one in second)
            for one, other in doubles
        )

    def _own_ends(self, demand: int, pair: PlannedPair) -> set[int]:
        """Nodes that are ends of both routes: what stands there may fail.

        Of two centres that a pair is split between each is an end of one route only, and what fails
        together with it can take the other route.
        """
        problem = self._model.problem
        source, sinks = int(problem.source[demand]), set(problem.sinks.row(demand).tolist())
        goals = [
            {int(problem.u[route[-1]]), int(problem.v[route[-1]])} & sinks
            for route in (pair.first, pair.second)
            if len(route)
        ]
        both = set.intersection(*goals) if goals else set()
        return {source, *(sinks if both else ())}

    def _reach(self, route: Ints, ends: set[int]) -> _Reach:
        """Tell risks that a route uses, how far from the site at most; infinite if not measured."""
        model, problem, classes = self._model, self._model.problem, self._model.layer.risks
        spans, n_nodes, step = model.audit.network.spans, problem.n_nodes, np.arange(len(route))
        is_span = route < model.n_spans
        is_measured = is_span.copy()
        is_measured[is_span] = spans.is_measured[model.layer.item[route[is_span]]]
        metres = np.cumsum(np.where(is_measured, self.graph.length_m[route], np.inf))
        nodes = np.column_stack([problem.u[route], problem.v[route]]).ravel()
        is_inner = np.ones(len(nodes), dtype=bool)
        for end in ends:
            is_inner &= nodes != end
        nodes, at_node = nodes[is_inner], np.repeat(step, 2)[is_inner]
        on_edge = classes.edge_classes.take(route[is_span])
        on_node = classes.node_classes.take(nodes)
        used = np.concatenate([
            on_edge.values + n_nodes, on_node.values + n_nodes, route + model.edge_risk(0)
        ]).astype(np.int64)  # fmt: skip
        at = np.concatenate([step[is_span][on_edge.owners], at_node[on_node.owners], step])
        # A point counts where it is met first, all else where it is left last.
        points, first = np.unique(nodes, return_index=True)
        others, where = np.unique(used, return_inverse=True)
        last = np.zeros(len(others), dtype=np.int64)
        np.maximum.at(last, where, at)
        return _Reach(np.append(points, others), metres[np.append(at_node[first], last)])

    def _used(self, demand: int, route: Ints) -> _Used:
        """Edges, inner nodes and risk classes of a route."""
        problem, risks = self._model.problem, self.risks
        nodes = np.unique(np.append(problem.u[route], problem.v[route]))
        ends = np.append(problem.sinks.row(demand), problem.source[demand])
        nodes = np.setdiff1d(nodes, ends, assume_unique=True)
        classes = np.append(
            risks.edge_classes.take(route).values, risks.node_classes.take(nodes).values
        )
        return _Used(np.unique(route), nodes, np.unique(classes).astype(np.int64))

    def _beside(self, demand: int, today: Ints, common: _Used) -> Ints:
        """Route with the least new cable that shares with today's only what the pair shares.

        Of equal ones the shortest; empty without one.
        """
        problem, risks = self._model.problem, self.risks
        is_open = self._open_to([demand])
        source, sinks = int(problem.source[demand]), problem.sinks.row(demand)
        shut = ~problem.is_transit
        barred = self._used(demand, today).less(common)
        is_open[barred.edges] = is_open[risks.edges.take(barred.classes).values] = False
        shut[barred.nodes] = shut[risks.nodes.take(barred.classes).values] = True
        shut[[source, *sinks.tolist()]] = False
        on = is_open & ~shut[problem.u] & ~shut[problem.v]
        return self._shortest(on, source, sinks, self._yuan_to_lay(demand))

    def _yuan_to_lay(self, demand: int) -> NDArray[np.float64]:
        """Price of new cable that a route would need and the plan does not pay; shape (edges,)."""
        yuan = self._to_lay.copy()
        yuan[self._model.problem.own.row(demand)] = 0.0
        return yuan

    def _route_of_today(self, demand: int) -> Ints:
        """Edges of the recorded working route, as far as it is a path from site to centre."""
        model, problem = self._model, self._model.problem
        network = model.audit.network
        circuits, links = network.circuits, network.links
        place, ends = model.site[demand], model.b_ends[demand]
        for circuit in np.flatnonzero(circuits.a == place).tolist():
            if {int(circuits.b[circuit]), int(circuits.b2[circuit])} - {-1} != set(ends):
                continue
            routes = circuits.routes_of(circuit)
            working = routes[circuits.routes.role[routes] == 0]
            used, _ = gather(circuits.routes.links, working)
            legs, _ = gather(links.legs, np.unique(used))
            cables, _ = gather(links.leg_cables, legs)
            spans, _ = gather(network.cables.spans, np.unique(cables))
            on, edges = np.zeros(len(problem.u), dtype=bool), self._edge_of_span[np.unique(spans)]
            on[edges[edges >= 0]] = True
            route = self._shortest(on, int(problem.source[demand]), problem.sinks.row(demand))
            if len(route):
                return route
        return np.empty(0, dtype=np.int64)

    def _shortest(
        self, on: NDArray[np.bool_], source: int, sinks: Ints,
        yuan: NDArray[np.float64] | None = None,
    ) -> Ints:  # fmt: skip
        """Shortest route over some edges, or the cheapest and then shortest; empty without one."""
        problem = self._model.problem
        passes, is_sink = problem.is_transit.copy(), np.zeros(problem.n_nodes, dtype=bool)
        passes[sinks] = passes[source] = is_sink[sinks] = True
        weight = self.graph.length_m + _STEP_M
        if yuan is not None:
            weight = yuan + _YUAN_PER_M * weight
        spent = np.full(problem.n_nodes, np.inf)
        spent[source] = 0.0
        route, _ = cheapest_way(
            self._ways._replace(cost=weight), ~(on & passes[problem.u] & passes[problem.v]),
            np.array([source], dtype=np.int64), spent, np.zeros(problem.n_nodes), is_sink, np.inf,
        )  # fmt: skip
        return route
