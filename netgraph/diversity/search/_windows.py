"""The shortest pair that shares no item, looked for just above what it is long at least.

Most are hardly longer than the bound, and a pair below such a length lies in a small part of the
network (see ``_within_reach``). Where there is none, that is proven quickly, too, and the next
window is wider; the last one is as wide as was asked for. What is left open when a tree of some
size found no shorter pair goes to the integer program, which is of the part's size.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search._core import SINK
from netgraph.diversity.search._flow import find_flow
from netgraph.diversity.search._pair_search import (
    Outcome,
    find_priced,
    finish_pair,
    nothing_found,
    search_pair,
)
from netgraph.diversity.search._within_reach import part_within_reach

if TYPE_CHECKING:
    from netgraph.diversity.search._core import CoreGraph
    from netgraph.diversity.search._flow import Flow
    from netgraph.diversity.search._types import Flags, Floats
    from netgraph.diversity.search._within_reach import PartWithinReach
    from netgraph.diversity.search.limits import Limits

_WIDTHS = (0.0005, 0.002, 0.008, 0.032, 0.128)  # of the windows, as shares of the bound
_QUICK_WORK = 100_000  # nodes of a first tree times those of the network: none in a large one
_NARROW = 3  # of them: what lies within is found quickly, or not at all
_LEAST_TREE = 30
_TREE_WORK = 300_000_000  # nodes of a tree times the square of its part's, before the program


@dataclass(frozen=True, eq=False)
class Asked:
    """Two routes that share no item but free ones.

    Attributes
    ----------
    core, start
        The core, and the core node from which both start.
    weight
        What it costs to share each item, shape (E + N + C,): of several that are shared together
        the heaviest is named as decisive.
    is_free
        Items that both may use.
    """

    core: CoreGraph
    start: int
    weight: Floats
    is_free: Flags


def search_shortest(
    asked: Asked, limits: Limits, *, below_m: float = np.inf, takes_program: bool = True,
    is_near_only: bool = False,
) -> Outcome:  # fmt: skip
    """Find the shortest pair; exact within limits, as ``search_pair``.

    Parameters
    ----------
    asked
        What is asked.
    limits
        When to stop.
    below_m
        Look only for pairs shorter than this in total.
    takes_program
        Whether what a tree leaves open goes to the integer program.
    is_near_only
        Look for pairs that are hardly longer than the bound only. The result is proven only where
        there is one.
    """
    core, start, is_free = asked.core, asked.start, asked.is_free
    if start == SINK:
        return search_pair(core, start, is_free, limits)
    elements = is_free[: core.n_edges + core.n_nodes]
    flow = find_flow(core.arrays, start, 2, elements)
    if flow.n_routes < 2 or flow.total_m >= below_m:
        return search_pair(core, start, is_free, limits, below_m=below_m)
    least_m = max(flow.total_m, 2.0 * float(core.arrays.to_sink_m[start]))
    windows_m = [least_m * (1.0 + share) for share in _WIDTHS[: _NARROW if is_near_only else None]]
    if not is_near_only:
        windows_m.append(below_m)
    few = limits.at_most(_QUICK_WORK // core.n_nodes)
    first = search_pair(core, start, is_free, few, below_m=below_m)
    if first.is_proven:
        return first
    below_m = min(below_m, first.total_m)
    seeking, n_nodes = _Seeking(asked, flow), first.n_nodes
    for window_m in windows_m:
        within_m = min(window_m, below_m)
        found = seeking.find_below(within_m, limits, takes_program=takes_program)
        n_nodes += found.n_nodes
        if found.routes is not None or not found.is_proven or within_m == below_m:
            break
    else:
        found = replace(found, is_proven=False, lower_bound_m=within_m)
    if found.routes is None:  # nothing is shorter
        bound_m = min(found.lower_bound_m, first.total_m)
        found = replace(found, routes=first.routes, total_m=first.total_m, lower_bound_m=bound_m)
    return replace(found, n_nodes=n_nodes)


@dataclass(frozen=True, eq=False)
class _Seeking:
    """What is asked, and the cheapest pair of disjoint elements: it says what is within reach."""

    asked: Asked
    flow: Flow

    def find_below(self, below_m: float, limits: Limits, *, takes_program: bool) -> Outcome:
        """Find the shortest pair below a length, or prove that there is none.

        A shorter pair makes for a smaller part: a tree is left when it found one.
        """
        best, n_nodes = nothing_found(), 0
        while True:
            part = self._part(below_m)
            if part is None:
                found = nothing_found()
                break
            work = max(_LEAST_TREE, _TREE_WORK // part.core.n_nodes**2)
            found = search_pair(
                part.core, part.start, part.is_free, limits.at_most(work), below_m=below_m
            )
            n_nodes += found.n_nodes
            if found.is_proven or found.routes is None:
                found = self._finished(part, found, below_m, limits, takes_program=takes_program)
                break
            best = _on_whole(part, found)
            below_m = best.total_m
        if found.routes is not None:
            best = found
        priced = find_priced(self.flow) if np.isfinite(below_m) else best.decisive[:0]
        decisive = np.union1d(found.decisive, priced[~self.asked.is_free[priced]]).astype(np.int32)
        return replace(
            best, is_proven=found.is_proven, lower_bound_m=min(found.lower_bound_m, best.total_m),
            n_nodes=n_nodes, decisive=decisive,
        )  # fmt: skip

    def _part(self, below_m: float) -> PartWithinReach | None:
        asked = self.asked
        return part_within_reach(
            asked.core, asked.start, asked.weight, asked.is_free, self.flow, below_m
        )

    def _finished(
        self, part: PartWithinReach, found: Outcome, below_m: float, limits: Limits, *,
        takes_program: bool,
    ) -> Outcome:  # fmt: skip
        """Search on where a tree was left open, and return what was found on the whole core."""
        if not found.is_proven and takes_program:
            found = finish_pair(part.core, part.start, part.is_free, limits, found)
            found = replace(found, decisive=np.flatnonzero(~part.is_free).astype(np.int32))
            if found.total_m >= below_m:  # the program does not know what was asked for
                found = replace(found, routes=None, total_m=np.inf)
        elif not found.is_proven and found.n_nodes < limits.n_nodes:
            found = search_pair(part.core, part.start, part.is_free, limits, below_m=below_m)
        return _on_whole(part, found)


def _on_whole(part: PartWithinReach, found: Outcome) -> Outcome:
    """Return what was found on a part in terms of the whole core."""
    routes = found.routes
    if routes is not None:
        routes = part.whole_route(routes[0]), part.whole_route(routes[1])
    decisive = np.unique(part.items[found.decisive]).astype(np.int32)
    return replace(found, routes=routes, decisive=decisive)
