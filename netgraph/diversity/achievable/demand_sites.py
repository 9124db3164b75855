"""The sites of one demand: where they are, what each may use, and what lies near them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.first_tries import try_apart
from netgraph.diversity.achievable.floors import Inevitable
from netgraph.diversity.achievable.nearness import Nearness
from netgraph.diversity.achievable.pair_columns import PairColumns
from netgraph.diversity.search.disjoint_pairs import distance_bounds
from netgraph.diversity.search.equal_sets import group_equal
from netgraph.diversity.search.graph import sink_mask
from netgraph.diversity.search.keys import rows_of_keys
from netgraph.diversity.search.near import NearPairs, OwnEdges, find_own_pairs
from netgraph.diversity.search.pairs_apart import Beginnings
from netgraph.diversity.search.risks import may_cut
from netgraph.diversity.search.single_points import find_single_points
from netgraph.topology.csr import gather

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.judgement import Singles
    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.search.graph import ArrayGraph, Rows
    from netgraph.diversity.search.single_points import SinglePoints
    from netgraph.topology.csr import Ints

    _Numbers = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Pass:
    """What is known of some sites of a demand after looking for their pairs.

    Attributes
    ----------
    rows, nodes
        The sites, by position in the demand, and their reduced nodes.
    is_connected
        Whether they have a route at all.
    points, cutting
        Their reduced single points, and the risk classes that alone cut them off.
    chains, singles
        The single points on the whole layer, and as they are to be named.
    pairs
        Their pairs.
    """

    rows: Ints
    nodes: _Numbers
    is_connected: NDArray[np.bool_]
    points: Rows
    cutting: Rows
    chains: Rows
    singles: Singles
    pairs: PairColumns = field(default_factory=lambda: PairColumns.of([]))

    @property
    def inevitable(self) -> Inevitable:
        """What cuts them off."""
        return Inevitable(self.chains, self.cutting)


class DemandSites:
    """The sites with the same B ends on one layer, by position.

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

    def __init__(
        self, search: LayerSearch, b_ends: tuple[int, ...], sites: tuple[int, ...]
    ) -> None:
        """Prepare for some places and their B ends."""
        self.search = search
        self.sources = search.nodes(sites).astype(np.int32)
        self.sinks = np.unique(search.nodes(b_ends))
        if search.n_parted:
            self.sinks = np.array([search.complete.n_nodes - 1])
        self.is_sink = sink_mask(search.complete, self.sinks)
        graph, private = search.complete, search.private
        u, v = graph.edge_u[private], graph.edge_v[private]
        premises = np.where(graph.is_transit[u], v, u)
        self.shut = private[self.is_sink[premises]]
        own, owner = gather(search.own, np.array(sites, dtype=np.int64))
        is_left = ~np.isin(own, self.shut)
        self.own = rows_of_keys(owner[is_left] << 32 | own[is_left], len(sites))
        self._bound_m = distance_bounds(graph, self.is_sink, self.sources)
        self._networks: dict[bytes, Callable[[], SinglePoints]] = {}
        home = search.audit.network.elements.home
        self.end_homes = search.layer.home[search.reduced.node_of[self.sinks]]
        if search.n_parted:  # no end of both routes
            self.end_homes = self.end_homes[:0]
        several = self.end_homes if len(self.sinks) > 1 else self.end_homes[:0]
        self.at_ends = frozenset(np.flatnonzero(np.isin(home, several[several >= 0])).tolist())

    def by_own(self, rows: Ints) -> list[Ints]:
        """Group sites by the edges that only they may use, as they come."""
        own = self.own.take(rows)
        group, _ = group_equal(own.indptr, own.values)
        order = np.argsort(group, kind="stable")
        groups = np.split(rows[order], np.flatnonzero(np.diff(group[order])) + 1)
        return sorted((some for some in groups if len(some)), key=lambda some: int(some[0]))

    def find_points(self, own: _Numbers) -> SinglePoints:
        """Find the single points on the network of the sites with some own edges."""
        return _find_points(self.search, self.sinks, self.shut, own)

    def network(self, own: _Numbers) -> ArrayGraph:
        """Return the network of the sites with some own edges."""
        return self.search.with_own(own, self.shut)

    def network_of(self, row: int) -> Callable[[], SinglePoints]:
        """Return what finds a site's single points: the same for sites with the same network."""
        own = self.own[row]
        # Searches keep it: it must not hold on to all that is known of the demand.
        find = partial(_find_points, self.search, self.sinks, self.shut, own)
        return self._networks.setdefault(own.tobytes(), find)

    @cached_property
    def nearness(self) -> Nearness:
        """What looks around sites."""
        return Nearness(self.search, self._is_open)

    @cached_property
    def _is_open(self) -> NDArray[np.bool_]:
        is_open = self.search.is_usable.copy()
        is_open[self.shut] = False
        return is_open

    def asked(self, rows: Ints, closed: Rows | None = None) -> OwnEdges:
        """Return some sites with what is open to them, maybe less some edges of each."""
        return OwnEdges(
            self.search.complete, self.is_sink, self._is_open, self.sources[rows],
            self.own.take(rows), self._bound_m, closed,
        )  # fmt: skip

    def look_around(
        self, rows: Ints, closed: Rows | None = None
    ) -> tuple[OwnEdges, NearPairs, Rows]:
        """Return the pairs of some sites, and the risk classes that both routes use."""
        asked = self.asked(rows, closed)
        near = find_own_pairs(asked)
        return asked, near, may_cut(asked.graph, self.search.risks, asked.sources, near.routes)

    def past_risks(
        self, asked: OwnEdges, near: NearPairs, shared: Rows, cutting: Rows
    ) -> tuple[Rows, NDArray[np.bool_]]:
        """Return the pairs on the whole layer, and which of them look past a risk."""
        known = Beginnings(near.routes, near.points, cutting)
        tried, is_tried = try_apart(self.search, asked, known, shared)
        sources = np.repeat(asked.sources, 2)
        return self.search.reduced.expand_routes(sources, tried), is_tried

    def lack_end(self, points: Rows) -> NDArray[np.bool_]:
        """Whether only one of the ends that the routes should part between can be reached.

        Without passing the other, where that lies in premises; by what cuts each site off.
        """
        search, graph = self.search, self.search.complete
        if not search.n_parted:
            return np.zeros(len(points), dtype=bool)
        first = graph.n_nodes + graph.n_edges - search.n_parted
        is_lacking = np.isin(points.values, search.premises) | (points.values >= first)
        return np.bincount(points.owners[is_lacking], minlength=len(points)) > 0


def _find_points(search: LayerSearch, sinks: Ints, shut: Ints, own: _Numbers) -> SinglePoints:
    return find_single_points(search.with_own(own, shut), sinks)
