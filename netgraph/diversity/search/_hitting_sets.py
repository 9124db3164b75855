"""The lightest set of items that holds at least one item of every given set (a hitting set).

Most are found by branching on the items that are worth considering: of all items in the same sets
only the lightest, and none that a lighter item in all of its sets makes needless. Sets of which no
item is in two take an item each: what these weigh at least bounds the rest of a branch. The integer
program, which takes longer to begin with than a thousand steps, takes what does not end after them.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.integer_programs import INFINITY, Program, solve, sparse_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.diversity.search._types import Floats, Ints

_MOST_STEPS = 2000


def cheapest_hitting_set(sets: Sequence[Ints], weight: Floats) -> tuple[Ints, bool]:
    """Find the lightest items that hit every set; exact, or said not to be proven.

    Parameters
    ----------
    sets
        Sets of items, none of them empty.
    weight
        Weight of each item, above 0.

    Returns
    -------
    items
        Ascending; all items of all sets if nothing is proven.
    is_least
        Whether no hitting set is lighter.
    """
    if not sets:
        return np.empty(0, dtype=np.int32), True
    found = _Branching(_worth_considering(sets, weight), len(sets)).find()
    return _by_program(sets, weight) if found is None else (np.array(found, np.int32), True)


def _worth_considering(sets: Sequence[Ints], weight: Floats) -> list[tuple[float, int, int]]:
    """Return weight, item and sets hit (a bit each) of what no other item makes needless."""
    hits: dict[int, int] = {}
    for k, members in enumerate(sets):
        for item in members.tolist():
            hits[item] = hits.get(item, 0) | 1 << k
    lightest: dict[int, tuple[float, int]] = {}
    for item, mask in hits.items():
        known = (float(weight[item]), item)
        lightest[mask] = min(known, lightest.get(mask, known))
    kept: list[tuple[float, int, int]] = []
    order = sorted((cost, -mask.bit_count(), item, mask) for mask, (cost, item) in lightest.items())
    for cost, _, item, mask in order:
        if not any(mask & other == mask for _, _, other in kept):
            kept.append((cost, item, mask))
    return kept


class _Branching:
    """One search: on the set with the fewest items, over the items that hit it, lightest first."""

    def __init__(self, candidates: list[tuple[float, int, int]], n_sets: int) -> None:
        self._hitting = [[c for c in candidates if c[2] >> k & 1] for k in range(n_sets)]
        self._beside = [reduce(or_, (mask for _, _, mask in hits)) for hits in self._hitting]
        self._fewest = sorted(range(n_sets), key=lambda k: (len(self._hitting[k]), k))
        self._apart = sorted(  # those first that weigh much and stand beside few
            range(n_sets), key=lambda k: (-self._hitting[k][0][0], self._beside[k].bit_count(), k)
        )
        self._least, self._best = np.inf, list[int]()
        self._n_steps = 0

    def find(self) -> list[int] | None:
        """Return the lightest items, or None if that takes too many steps."""
        self._search((1 << len(self._hitting)) - 1, 0.0, [])
        return sorted(self._best) if self._n_steps <= _MOST_STEPS else None

    def _search(self, left: int, cost: float, chosen: list[int]) -> None:
        self._n_steps += 1
        if self._n_steps > _MOST_STEPS:
            return
        if not left:
            self._least, self._best = cost, chosen
            return
        if cost + self._bound(left) >= self._least:
            return
        first = next(k for k in self._fewest if left >> k & 1)
        for weight, item, mask in self._hitting[first]:
            if cost + weight >= self._least:
                return  # the others are no lighter
            self._search(left & ~mask, cost + weight, [*chosen, item])

    def _bound(self, left: int) -> float:
        """Return what hitting the sets that are left weighs at least."""
        bound = 0.0
        for k in self._apart:
            if left >> k & 1:
                bound += self._hitting[k][0][0]
                left &= ~self._beside[k]
        return bound


def _by_program(sets: Sequence[Ints], weight: Floats) -> tuple[Ints, bool]:
    items = np.unique(np.concatenate(sets))
    row, column = np.nonzero(np.stack([np.isin(items, members) for members in sets]))
    cost = weight[items]
    solved = solve(Program(
        cost=cost / cost.max(),
        rows=sparse_rows(row, column, np.ones(len(row)), (len(sets), len(items))),
        lower=np.ones(len(sets)),
        upper=np.full(len(sets), INFINITY),
        most=np.ones(len(items)),
        is_whole=np.ones(len(items), dtype=bool),
    ))  # fmt: skip
    if solved.x is None or not solved.is_optimal:
        return items, False
    return items[solved.x > 0.5].astype(np.int32), True
