"""Sites of some demands on one layer: where they are, what each may use, what lies near them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from netgraph.diversity.achievable.cutting_classes import find_cutting
from netgraph.diversity.achievable.first_tries import try_apart
from netgraph.diversity.achievable.floors import Inevitable
from netgraph.diversity.achievable.nearness import Nearness
from netgraph.diversity.achievable.pair_columns import PairColumns
from netgraph.diversity.search.equal_sets import group_equal
from netgraph.diversity.search.graph import joined_rows, rows_of
from netgraph.diversity.search.keys import distinct, holds, rows_of_keys
from netgraph.diversity.search.near import OwnEdges, find_own_cuts, find_own_pairs
from netgraph.diversity.search.pairs_apart import Beginnings
from netgraph.diversity.search.risks import cutting_risks, shared_risks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.demand_net import DemandNet
    from netgraph.diversity.achievable.judgement import Singles
    from netgraph.diversity.achievable.nearness import Zones
    from netgraph.diversity.search.folding import FoldedRoutes
    from netgraph.diversity.search.graph import Rows
    from netgraph.diversity.search.near import NearPairs
    from netgraph.topology.csr import Ints

    _Numbers = NDArray[np.int32]
    _Flags = NDArray[np.bool_]
    _Longs = NDArray[np.int64]

_Number = TypeVar("_Number", np.bool_, np.int32, np.float64)


@dataclass(frozen=True, eq=False)
class Pass:
    """What is known of some sites after looking for their pairs.

    Attributes
    ----------
    nodes
        Their reduced nodes.
    is_connected
        Whether they have a route at all.
    points, cutting
        Their reduced single points, and the risk classes that alone cut them off.
    chains, singles
        The single points on the whole layer, and as they are to be named.
    pairs
        Their pairs.
    """

    nodes: _Numbers
    is_connected: _Flags
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
    """Some sites of some demands on one layer, by position; a demand's stand together.

    Attributes
    ----------
    search
        The layer.
    nets, target
        The networks of the demands, and which of them is each site's.
    sources
        The reduced node of each site.
    own
        Reduced edges that only each of them may use.
    n_cutting
        How many single points are left to each if every edge were open to it.
    at_ends
        Elements that stand at one of several B ends: a demand that has some stands alone.
    """

    def __init__(self, nets: Sequence[DemandNet], stretches: Sequence[slice]) -> None:
        """Prepare for a stretch of the sites of each demand."""
        self.search, self.nets = nets[0].search, nets
        self.stretches = stretches
        sizes = [some.stop - some.start for some in stretches]
        self.target = np.repeat(np.arange(len(nets), dtype=np.int32), sizes)
        both = list(zip(nets, stretches, strict=True))
        self.sources = np.concatenate([net.sources[some] for net, some in both])
        self.own = joined_rows([net.own.some(some.start, some.stop) for net, some in both])
        self.n_cutting = np.concatenate([net.points.n_cutting[some] for net, some in both])
        self.at_ends = nets[0].at_ends if len(nets) == 1 else frozenset[int]()
        self._is_sink = _table([net.is_sink for net in nets])
        self._bound_m = _table([net.bound_m for net in nets])
        self._next_point = _table([net.points.next_point for net in nets])
        if len(nets) > 1:  # the tables have all of it
            for net in nets:
                net.forget()
        self._end_homes = np.concatenate([
            at << 32 | net.end_homes[net.end_homes >= 0].astype(np.int64)
            for at, net in enumerate(nets)
        ])  # fmt: skip

    def __len__(self) -> int:
        """Return the number of sites."""
        return len(self.sources)

    @property
    def is_sink(self) -> _Flags:
        """Whether each stands at one of its B ends."""
        return self._is_sink[self.target, self.sources]

    def is_home(self, rows: Ints, homes: Ints) -> _Flags:
        """Whether some buildings (-1 for none) hold a B end of some sites, or the site itself."""
        own = self.search.layer.home[self.search.reduced.node_of[self.sources[rows]]]
        is_far = holds(np.sort(self._end_homes), self.target[rows].astype(np.int64) << 32 | homes)
        return (homes >= 0) & (is_far | (homes == own))

    @cached_property
    def networks(self) -> Ints:
        """A number for the network of each site, the same for sites with the same; ascending."""
        group, _ = group_equal(self.own.indptr, self.own.values)
        keys = self.target.astype(np.int64) << 32 | (group + 1)
        return np.searchsorted(distinct(keys), keys)

    @cached_property
    def nearness(self) -> Nearness:
        """What looks around sites."""
        return Nearness(self.search, self._is_open)

    def zones(self, rows: Ints, chains: Rows) -> Zones:
        """Look around some sites, by their single points."""
        homes = self.search.reduced.node_of[self.sources[rows]]
        return self.nearness.around(homes, self._opened.take(rows), chains)

    @cached_property
    def _shut(self) -> _Longs:
        """Edges that are shut to some demand."""
        return distinct(np.concatenate([net.shut for net in self.nets]))

    @cached_property
    def _is_open(self) -> _Flags:
        """Which edges are open to all demands."""
        is_open = self.search.is_usable.copy()
        is_open[self._shut] = False
        return is_open

    @cached_property
    def _opened(self) -> Rows:
        """Edges that are open to each site besides: its own, and those shut to others only."""
        if not len(self._shut):
            return self.own
        keys = np.concatenate([self.own.keys, self._elsewhere.keys])
        return rows_of_keys(distinct(keys), len(self))

    @cached_property
    def _elsewhere(self) -> Rows:
        """Edges that are shut to other demands than that of each site only."""
        by_net = rows_of([np.setdiff1d(self._shut, net.shut) for net in self.nets])
        return by_net.take(self.target.astype(np.int64))

    def asked(self, rows: Ints, closed: Rows | None = None) -> OwnEdges:
        """Return some sites, ascending, with what is open to them, maybe less edges of each."""
        return OwnEdges(
            self.search.complete, self._is_sink, self._is_open, self.sources[rows],
            self._opened.take(rows), self._bound_m, closed, self.target[rows], self._next_point,
        )  # fmt: skip

    def look_around(
        self, rows: Ints, closed: Rows | None = None
    ) -> tuple[OwnEdges, NearPairs, Rows]:
        """Return the pairs of some sites, and the risk classes that both routes use."""
        asked = self.asked(rows, closed)
        near = find_own_pairs(asked)
        return asked, near, shared_risks(asked.graph, self.search.risks, asked.sources, near.routes)

    def cuts(self, asked: OwnEdges, points: Rows, tried: Rows, most: int) -> Rows:
        """Return which of some risk classes alone cut each site off.

        Parameters
        ----------
        asked, points, tried
            All sites, their single points, and the classes to try for each.
        most
            The classes are tried one by one for the sites of a network if all its nodes, once for
            each, are no more than this; else in one pass.
        """
        everybody = np.arange(len(self))
        return find_cutting(
            self.search, points, tried,
            lambda left: self._cuts(everybody, self.networks, asked, left, most),
        )  # fmt: skip

    def cuts_with_all(self, rows: Ints, points: Rows, tried: Rows, most: int) -> Rows:
        """Return which of some risk classes cut some sites off even if every edge were open.

        By the single points that they have then.
        """
        is_open = np.ones(self.search.complete.n_edges, dtype=bool)
        is_open[self._shut] = False
        asked = OwnEdges(
            self.search.complete, self._is_sink, is_open, self.sources[rows],
            self._elsewhere.take(rows), self._bound_m, None, self.target[rows],
        )  # fmt: skip
        return find_cutting(
            self.search, points, tried, lambda left: self._cuts(rows, None, asked, left, most)
        )

    def _cuts(
        self, rows: Ints, networks: Ints | None, asked: OwnEdges, tried: Rows, most: int
    ) -> Rows:
        """Try classes for some sites, in their networks or (None) with every edge open."""
        group = self.target[rows].astype(np.int64) if networks is None else networks[rows]
        n_nodes = int(self.search.complete.is_transit.sum())
        is_many = np.bincount(group, tried.sizes) * n_nodes > most
        few = tried.where(~is_many[group[tried.owners]])
        found = [find_own_cuts(asked, self.search.risks, few).keys]
        for number in np.flatnonzero(is_many).tolist():
            some = np.flatnonzero(group == number)
            row = int(rows[some[0]])
            net = self.nets[self.target[row]]
            if networks is None:
                graph = self.search.complete.without(edges=net.shut)
            else:
                graph = net.network(self.own[row])
            cutting = cutting_risks(
                graph, net.sinks, self.search.risks, self.sources[rows[some]],
                candidates=distinct(tried.take(some).values),
            )  # fmt: skip
            found.append(some[cutting.owners] << 32 | cutting.values)
        return rows_of_keys(np.sort(np.concatenate(found)), len(rows))

    def past_risks(
        self, asked: OwnEdges, near: NearPairs, shared: Rows, cutting: Rows
    ) -> tuple[FoldedRoutes, _Flags]:
        """Return the pairs on the whole layer, folded, and which of them look past a risk."""
        known = Beginnings(near.routes, near.points, cutting)
        tried, is_tried = try_apart(self.search, asked, known, shared)
        sources = np.repeat(asked.sources, 2)
        return self.search.reduced.fold(sources, tried), is_tried

    def lack_end(self, points: Rows) -> _Flags:
        """Whether only one of the ends that the routes should part between can be reached."""
        return self.nets[0].lack_end(points)


def _table(rows: list[NDArray[_Number]]) -> NDArray[_Number]:
    """Put rows one below the other; one alone stays where it is."""
    return rows[0][None] if len(rows) == 1 else np.stack(rows)
