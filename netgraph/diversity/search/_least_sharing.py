"""Search the pair of routes on a core whose shared items weigh least, then the shortest of those.

Implicit hitting sets: a search without success names the items on which its proof rests (a *core
of conflict*); every pair shares at least one of them. The cheapest set of items that hits all cores
found so far is therefore a lower bound, and if routes exist that share nothing outside that set, an
optimum. The same with bounds on the length then finds the shortest pair of that weight. (Moreno-
Centeno and Karp, "The implicit hitting set approach to solve combinatorial optimization problems",
Oper. Res. 61(2), 2013; as in MaxSAT, a first round collects cores that have no item in common.)
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search._giving_way import give_way
from netgraph.diversity.search._hitting_sets import cheapest_hitting_set
from netgraph.diversity.search._pair_search import search_pair
from netgraph.diversity.search._surroundings import surroundings_of, whole_of
from netgraph.diversity.search._windows import Asked, search_shortest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from netgraph.diversity.search._core import CoreGraph
    from netgraph.diversity.search._pair_search import Outcome
    from netgraph.diversity.search._surroundings import Surroundings
    from netgraph.diversity.search._types import Floats, Ints
    from netgraph.diversity.search.limits import Limits

_ROUNDING = 1e-9  # relative to the sum of all weights: they are sums of the caller's numbers
_MOST_ROUNDS = 500  # hitting sets tried before the integer program takes over
_SMALL_TREE = 500  # nodes; routes give way to each other before it grows beyond
_MOST_NODES_NEAR = 2_000  # of a tree in the surroundings of the start
_NOTHING = np.empty(0, dtype=np.int32)

#: Sizes of the surroundings in which the search begins.
NEARBY = (16, 64, 256)


@dataclass(frozen=True, eq=False)
class LeastSharing:
    """What the search found.

    Attributes
    ----------
    is_proven
        Whether no pair's shared items weigh less.
    is_shortest
        Whether, besides, no pair of that weight is shorter.
    weight, lower_bound
        Weight of the shared items, and what is proven at least.
    total_m
        Length of both routes.
    n_nodes
        Nodes of all trees.
    routes
        The pair as core edges.
    """

    is_proven: bool
    is_shortest: bool
    weight: float
    lower_bound: float
    total_m: float
    n_nodes: int
    routes: tuple[Ints, Ints]


def nothing_to_share() -> LeastSharing:
    """Return the answer where the routes never part: of no length, and proven."""
    return LeastSharing(
        is_proven=True,
        is_shortest=True,
        weight=0.0,
        lower_bound=0.0,
        total_m=0.0,
        n_nodes=0,
        routes=(_NOTHING, _NOTHING),
    )


class _Search:
    """The state of one search: cores of conflict, the best pair, how much was searched."""

    def __init__(
        self, core: CoreGraph, start: int, weight: Floats, limits: Limits, *, takes_program: bool
    ) -> None:
        self._takes_program = takes_program
        self._core, self._start, self._weight, self._limits = core, start, weight, limits
        self.whole = whole_of(core, start)
        self.slack = _ROUNDING * float(weight.sum())
        self.cores: list[Ints] = []
        self.best: tuple[float, float, tuple[Ints, Ints]] = (np.inf, np.inf, (_NOTHING, _NOTHING))
        self.n_nodes = 0

    def offer(self, routes: tuple[Ints, Ints]) -> None:
        """Keep a pair if it shares less than the best so far, or as much and is shorter."""
        first, second = (self._core.items(self._start, route) for route in routes)
        weight = self.weigh(np.intersect1d(first, second))
        total_m = self._core.length_m(routes[0]) + self._core.length_m(routes[1])
        lightest, shortest_m, _ = self.best
        if weight < lightest - self.slack:
            self.best = (weight, total_m, routes)
        elif weight <= lightest + self.slack and total_m < shortest_m:
            self.best = (min(weight, lightest), total_m, routes)

    def try_sharing(
        self, allowed: Ints, part: Surroundings | None = None, below_m: float | None = None
    ) -> Outcome:
        """Search a pair that shares nothing but free and allowed items, and offer it.

        Any pair, or, on the whole network, the shortest one if it is to be below a length. In a
        part of the network only what must be shared there is asked for, and not for long.
        """
        part, is_whole = part or self.whole, part is None
        is_free = self._weight == 0.0
        is_free[allowed] = True
        if below_m is None:
            limits = self._limits if is_whole else self._limits.at_most(_MOST_NODES_NEAR)
            is_part_free = is_free[part.items]
            found = search_pair(part.core, part.start, is_part_free, limits, takes_any=True)
        else:
            asked = Asked(self._core, self._start, self._weight, is_free)
            found = search_shortest(
                asked, self._limits, below_m=below_m, takes_program=self._takes_program
            )
        self.n_nodes += found.n_nodes
        if is_whole and found.routes is not None:
            self.offer(found.routes)
        return replace(found, decisive=part.items[found.decisive].astype(np.int32))

    def try_near_least(self) -> bool:
        """Look for a pair that shares nothing and is hardly longer than the bound.

        Returns
        -------
        bool
            Whether it was found: then it is the shortest.
        """
        asked = Asked(self._core, self._start, self._weight, self._weight == 0.0)
        found = search_shortest(
            asked, self._limits, takes_program=self._takes_program, is_near_only=True
        )
        self.n_nodes += found.n_nodes
        if found.routes is not None:
            self.offer(found.routes)
        return found.routes is not None and found.is_proven

    def keep_core(self, conflict: Ints, part: Surroundings | None = None) -> Ints:
        """Keep a core of conflict, and return what is left of it.

        Search again with only its items forbidden, while that names fewer of them.
        """
        while True:
            is_other = self._weight > 0.0
            is_other[conflict] = False
            found = self.try_sharing(np.flatnonzero(is_other).astype(np.int32), part)
            if not found.is_proven or len(found.decisive) >= len(conflict):
                self.cores.append(conflict)
                return conflict
            conflict = found.decisive

    def cheapest_hitting_set(self) -> tuple[Ints, bool]:
        """Return the lightest items that hit every core, and whether they are proven lightest."""
        return cheapest_hitting_set(self.cores, self._weight)

    @contextmanager
    def small_trees(self) -> Iterator[None]:
        """Let no tree grow large meanwhile."""
        limits, self._limits = self._limits, self._limits.at_most(_SMALL_TREE)
        yield
        self._limits = limits

    def is_over(self) -> bool:
        """Whether the time is up."""
        return self._limits.is_over()

    def weigh(self, items: Ints) -> float:
        """Add up the weights of some items."""
        return float(self._weight[items].sum())

    def bound(self) -> float:
        """Return what every pair's shared items weigh at least."""
        items, is_least = self.cheapest_hitting_set()
        return self.weigh(items) if is_least else 0.0

    def is_proven_by_giving_way(self) -> bool:
        """Let the routes give way to each other; return whether they share no more than due."""
        bound = self.bound()

        def is_enough(routes: tuple[Ints, Ints]) -> bool:
            self.offer(routes)
            return self.is_as_light(bound)

        if not self.is_as_light(bound):
            give_way(self._core, self._start, self._weight, self.best[2], is_enough)
        return self.is_as_light(bound)

    def is_as_light(self, weight: float) -> bool:
        """Whether the best pair weighs no more than this."""
        return self.best[0] <= weight + self.slack


def search_least_sharing(
    core: CoreGraph, start: int, weight: Floats, limits: Limits, first: tuple[Ints, Ints], *,
    takes_shortest: bool = True, nearby: Sequence[int] = NEARBY,
) -> LeastSharing:  # fmt: skip
    """Find the pair whose shared items weigh least, then the shortest of those.

    Exact if it ends within its limits.

    Parameters
    ----------
    core
        The reduced network.
    start
        Core node.
    weight
        What it costs to share each item, 0 for free ones; shape (E + N + C,).
    limits
        When to stop; the size of the tree counts for each single search.
    first
        Some pair, to fall back on.
    takes_shortest
        Whether to look for the shortest pair at all.
    nearby
        In how many nodes around the start to look first for what must be shared, one after another.
    """
    search = _Search(core, start, weight, limits, takes_program=bool(nearby))
    search.offer(first)
    if takes_shortest and search.try_near_least():
        lightest, total_m, routes = search.best
        return LeastSharing(
            is_proven=True, is_shortest=True, weight=lightest, lower_bound=lightest,
            total_m=total_m, n_nodes=search.n_nodes, routes=routes,
        )  # fmt: skip
    for size in nearby:
        _look_near(search, surroundings_of(core, start, size))
    bound, is_proven = _find_lightest(search, gives_way=bool(nearby))
    is_shortest = takes_shortest and is_proven and _find_shortest(search)
    lightest, total_m, routes = search.best
    bound = lightest if is_proven else min(bound, lightest)
    return LeastSharing(is_proven, is_shortest, lightest, bound, total_m, search.n_nodes, routes)


def _look_near(search: _Search, part: Surroundings) -> None:
    """Collect cores of conflict until there are routes near the start that share one item of each.

    Nothing is proven of the whole network but that every pair shares items of all these cores.
    """
    for _ in range(_MOST_ROUNDS):
        items, is_least = search.cheapest_hitting_set()
        if not is_least or search.is_over():
            return
        found = search.try_sharing(items, part)
        if found.routes is not None or not found.is_proven or not len(found.decisive):
            return
        search.keep_core(found.decisive, part)


def _find_lightest(search: _Search, *, gives_way: bool) -> tuple[float, bool]:
    """Find a pair of least shared weight; return its proven bound and whether they meet.

    Trees find the shorter pairs, and the same ones whatever the ids. `gives_way`: try what finds
    pairs more quickly before trees grow large.
    """
    if gives_way:
        with search.small_trees():
            bound, is_proven = _branch_for_lightest(search)
        if is_proven:
            return bound, True
        if search.is_proven_by_giving_way():
            return search.bound(), True
    return _branch_for_lightest(search)


def _branch_for_lightest(search: _Search) -> tuple[float, bool]:
    """Do so by cores of conflict and hitting sets."""
    allowed = np.unique(np.concatenate([_NOTHING, *search.cores]))
    while True:  # cores that have nothing in common
        found = search.try_sharing(allowed)
        if found.routes is not None:
            break
        if not found.is_proven or not len(found.decisive) or search.is_over():
            return search.bound(), False
        allowed = np.union1d(allowed, search.keep_core(found.decisive)).astype(np.int32)
    for _ in range(_MOST_ROUNDS):
        items, is_least = search.cheapest_hitting_set()
        bound = search.weigh(items)
        if not is_least or search.is_over():
            break
        if search.is_as_light(bound):
            return bound, True
        found = search.try_sharing(items)
        if found.routes is None:
            if not found.is_proven:
                break
            search.keep_core(found.decisive)
    return search.bound(), False


def _find_shortest(search: _Search) -> bool:
    """Look for shorter pairs of the same weight; return whether none is left."""
    for _ in range(_MOST_ROUNDS):
        items, is_least = search.cheapest_hitting_set()
        if not is_least or search.is_over():
            return False
        if search.weigh(items) > search.best[0] + search.slack:
            return True
        found = search.try_sharing(items, below_m=search.best[1])
        if not found.is_proven:
            return False
        if len(found.decisive) == 0:
            return True
        search.cores.append(found.decisive)
    return False
