"""The network that the sites of one demand have in common on a layer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.search.disjoint_pairs import distance_bounds, find_disjoint_pairs
from netgraph.diversity.search.equal_sets import group_equal
from netgraph.diversity.search.graph import sink_mask
from netgraph.diversity.search.keys import distinct, holds, rows_of_keys
from netgraph.diversity.search.near import NearPairs
from netgraph.diversity.search.single_points import find_single_points
from netgraph.topology.csr import gather

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.search.graph import ArrayGraph, Rows
    from netgraph.diversity.search.single_points import SinglePoints
    from netgraph.topology.csr import Ints

    _Numbers = NDArray[np.int32]
    _Flags = NDArray[np.bool_]


class Ask(NamedTuple):
    """Places that ask for two routes each to the same B ends."""

    b_ends: tuple[int, ...]
    sites: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class _Points:
    """Single points with everything open that is to anybody or might be."""

    next_point: _Numbers  # see `SinglePoints`
    n_cutting: Ints  # of each site


class DemandNet:
    """What some sites with the same B ends may use on a layer, by position.

    Attributes
    ----------
    search
        The layer; from :func:`part_ends` if the routes are to reach two different ends.
    sources, sinks
        Their reduced nodes, and those of the B ends; the one behind them if they are to be parted.
    is_sink
        Which reduced nodes are sinks.
    own
        Reduced edges that only each of them may use.
    shut
        Reduced edges that none of them may use.
    end_homes
        Buildings of the B ends, unless they are to be parted.
    at_ends
        Elements that stand at one of several B ends: an end of some pairs only.
    """

    def __init__(self, search: LayerSearch, asked: Ask) -> None:
        """Prepare for some places and their B ends."""
        self.search = search
        self.sources = search.nodes(asked.sites).astype(np.int32)
        self.sinks = np.unique(search.nodes(asked.b_ends))
        if search.n_parted:
            self.sinks = np.array([search.complete.n_nodes - 1])
        self.is_sink = sink_mask(search.complete, self.sinks)
        graph, private = search.complete, search.private
        u, v = graph.edge_u[private], graph.edge_v[private]
        premises = np.where(graph.is_transit[u], v, u)
        self.shut = private[self.is_sink[premises]]
        own, owner = gather(search.own, np.array(asked.sites, dtype=np.int64))
        is_left = ~np.isin(own, self.shut)
        self.own = rows_of_keys(owner[is_left] << 32 | own[is_left], len(asked.sites))
        self._networks: dict[bytes, Callable[[], SinglePoints]] = {}
        self.end_homes = search.layer.home[search.reduced.node_of[self.sinks]]
        if search.n_parted:  # no end of both routes
            self.end_homes = self.end_homes[:0]
        self.at_ends = frozenset[int]()
        if len(self.end_homes) > 1:
            is_at_end = np.isin(search.audit.network.elements.home,
                                self.end_homes[self.end_homes >= 0])  # fmt: skip
            self.at_ends = frozenset(np.flatnonzero(is_at_end).tolist())

    @cached_property
    def bound_m(self) -> NDArray[np.float64]:
        """Lower bounds on the distance to the sinks, exact for the sites."""
        return distance_bounds(self.search.complete, self.is_sink, self.sources)

    @cached_property
    def points(self) -> _Points:
        """What cuts off where even the doubtful plant is open, and every edge to anybody."""
        graph = self.search.complete
        graph = graph.without(edges=self.shut) if len(self.shut) else graph
        found = find_single_points(graph, self.sinks)
        n_cutting = found.n_cutting_nodes[self.sources] + found.n_cutting_edges[self.sources]
        return _Points(found.next_point, n_cutting)

    def forget(self) -> None:
        """Let go of what fills the memory: it is found again if it is asked for."""
        self.__dict__.pop("bound_m", None)
        self.__dict__.pop("points", None)

    def network(self, own: _Numbers) -> ArrayGraph:
        """Return the network of the sites with some own edges."""
        return self.search.with_own(own, self.shut)

    def find_points_with(self, own: _Numbers) -> Callable[[], SinglePoints]:
        """Return what finds the single points of some network: the same for the same network."""
        find = self._networks.get(own.tobytes())
        if find is None:
            # Searches keep it: it must not hold on to all that is known of the demand.
            find = partial(_find_points, self.search, self.sinks, self.shut, own.copy())
            find = self._networks.setdefault(own.tobytes(), find)
        return find

    def lack_end(self, points: Rows) -> _Flags:
        """Whether only one of the ends that the routes should part between can be reached.

        Without passing the other, where that lies in premises; by what cuts each site off.
        """
        search, graph = self.search, self.search.complete
        if not search.n_parted:
            return np.zeros(len(points), dtype=bool)
        first = graph.n_nodes + graph.n_edges - search.n_parted
        is_lacking = np.isin(points.values, search.premises) | (points.values >= first)
        return np.bincount(points.owners[is_lacking], minlength=len(points)) > 0

    def by_own(self, rows: Ints) -> list[Ints]:
        """Group sites by the edges that only they may use, as they come."""
        own = self.own.take(rows)
        group, _ = group_equal(own.indptr, own.values)
        order = np.argsort(group, kind="stable")
        groups = np.split(rows[order], np.flatnonzero(np.diff(group[order])) + 1)
        return sorted((some for some in groups if len(some)), key=lambda some: int(some[0]))


def _find_points(search: LayerSearch, sinks: Ints, shut: Ints, own: _Numbers) -> SinglePoints:
    return find_single_points(search.with_own(own, shut), sinks)


class Passed(NamedTuple):
    """What passes over whole networks found: where the pair of each site is, -1 for none."""

    at: Ints
    near: NearPairs


def find_in_passes(net: DemandNet, few: int) -> Passed:
    """Find the pairs of many sites in one pass over the network of all, where that is exact.

    With the own edges of every site open, a pair that uses no other site's is the shortest on the
    site's own network, too, and shares the same single points: what it does not share, it avoids.
    More than `few` others with the same own edges get a pass over their own network.
    """
    rows = np.arange(len(net.sources))
    whole = _pass(net, distinct(net.own.values), rows)
    of_others = ~net.search.is_usable[whole.routes.values]
    keys = whole.routes.owners[of_others] // 2 << 32 | whole.routes.values[of_others]
    is_lacking = np.zeros(len(rows), dtype=bool)
    is_lacking[keys[~holds(net.own.keys, keys)] >> 32] = True
    done, parts = [np.flatnonzero(~is_lacking)], [whole.take(np.flatnonzero(~is_lacking))]
    for some in net.by_own(np.flatnonzero(is_lacking)):
        if len(some) > few:
            done.append(some)
            parts.append(_pass(net, net.own[int(some[0])], some))
    at = np.full(len(rows), -1)
    at[np.concatenate(done)] = np.arange(sum(map(len, done)))
    return Passed(at, NearPairs.joined(parts))


def _pass(net: DemandNet, own: _Numbers, rows: Ints) -> NearPairs:
    """Find the pairs of some sites with some edges open besides to all of them.

    The premises of others lie on no route: they are left out.
    """
    graph, nodes = net.network(own), net.sources[rows]
    is_end = graph.is_transit | net.is_sink
    is_end[nodes] = True
    graph = graph.without(edges=np.flatnonzero(~(is_end[graph.edge_u] & is_end[graph.edge_v])))
    points = find_single_points(graph, net.sinks)
    pairs = find_disjoint_pairs(graph, net.sinks, points=points)
    return NearPairs(pairs.find_routes(nodes), points.chains(nodes), points.is_connected[nodes])
