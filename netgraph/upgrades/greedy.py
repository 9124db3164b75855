"""The list by value per cost that a planner would draw up: the best bundle first, then the next.

A baseline beside the optimum, never called one. Before a bundle is picked its value is reckoned
anew, since what two bundles share is paid for, and cured, once.
"""

from __future__ import annotations

import heapq
import math
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from netgraph.upgrades.model import AS_IS
from netgraph.upgrades.open_cures import OpenCures
from netgraph.upgrades.stopping import RequestSince

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Self

    from netgraph.upgrades.model import Configuration, Cure, PlanModel


@dataclass(frozen=True)
class Pick:
    """One pick: the actions that it adds, and the totals with it."""

    actions: tuple[int, ...]
    cost: float
    benefit: float


def pick_greedily(model: PlanModel, budget: float = math.inf) -> list[Pick]:
    """Pick bundles by benefit per cost until nothing that fits adds anything, or a stop is asked.

    Bundles are the cheapest cures of one item, of all items, and of the next grade of one site, on
    each of its routes. O(picks x bundles of the sites that a pick touches), each for the rows of
    cures in which its actions stand and the sites that it changes.
    """
    return _Picking(model).run(budget)


def pick_without_and_within(model: PlanModel, budget: float) -> tuple[list[Pick], list[Pick]]:
    """Pick without a limit, and within a budget: the same picks until the money is short."""
    picking = _Picking(model)
    whole = picking.run(math.inf, short_at=budget)
    return whole, whole if picking.when_short is None else picking.when_short.run(budget)


class _Picking:
    """A list in the making.

    Attributes
    ----------
    when_short
        How it stood when a pick first cost more than was asked for; None as long as none does.
    """

    def __init__(self, model: PlanModel) -> None:
        self._now = _Now(model)
        self._bundles = sorted({b for b in _bundles(model) if b}, key=sorted)
        self._heap = self._now.queue(self._bundles)
        self._picks: list[Pick] = []
        self._cost = self._benefit = 0.0
        self.when_short: _Picking | None = None

    def run(self, budget: float, *, short_at: float = math.inf) -> list[Pick]:
        """Pick until nothing that fits adds anything, or a stop is asked."""
        now, bundles, request = self._now, self._bundles, RequestSince()
        while self._heap and not request.is_made:
            _, number, stamp = heapq.heappop(self._heap)
            if stamp < now.changed(bundles[number]):
                now.put(self._heap, bundles, number)
                continue
            _, more_cost, more_benefit = now.value(bundles[number])
            added, cost = bundles[number] - now.chosen, self._cost + more_cost
            if cost > budget or not now.can_be_done(added):
                continue
            if cost > short_at and self.when_short is None:
                self.when_short = self._copy()
            self._cost, self._benefit = round(cost, 2), self._benefit + more_benefit
            self._picks.append(Pick(tuple(sorted(added)), self._cost, self._benefit))
            now.choose(added)
            if not self._heap:  # what others have paid for meanwhile may be worth it now
                self._heap = now.queue(bundles)
        return self._picks

    def _copy(self) -> _Picking:
        other = copy(self)  # what no pick changes is shared
        for name in ("_now", "_heap", "_picks"):
            setattr(other, name, copy(getattr(self, name)))
        return other


def greedy_within(picks: Sequence[Pick], budget: float) -> tuple[float, float]:
    """Cost and benefit of a list that is worked off until the money is spent."""
    done = [pick for pick in picks if pick.cost <= budget]
    return (done[-1].cost, done[-1].benefit) if done else (0.0, 0.0)


def chosen_within(picks: Sequence[Pick], budget: float) -> frozenset[int]:
    """Actions of a list that is worked off until the money is spent."""
    done = (pick.actions for pick in picks if pick.cost <= budget)
    return frozenset(chain.from_iterable(done))


class _Now:
    """What is chosen so far, and what every site comes to with it."""

    def __init__(self, model: PlanModel) -> None:
        self._model = model
        self.chosen: set[int] = set()
        self._benefit = [first.benefit for first in model.first]
        self._picks = 0
        self._changed = np.zeros(len(model.sites), dtype=np.int64)
        self._open = OpenCures(model)

    def __copy__(self) -> Self:
        """Stand as this one does, and change by itself."""
        other = object.__new__(type(self))
        for name, value in vars(self).items():
            setattr(other, name, value if name == "_model" else copy(value))
        return other

    def queue(self, bundles: Sequence[frozenset[int]]) -> list[tuple[float, int, int]]:
        """Heap of all bundles that add benefit, the best value per cost first."""
        heap: list[tuple[float, int, int]] = []
        for number in range(len(bundles)):
            self.put(heap, bundles, number)
        return heap

    def put(
        self, heap: list[tuple[float, int, int]], bundles: Sequence[frozenset[int]], number: int
    ) -> None:
        """Put a bundle into the heap with its value as of now, if it has any."""
        ratio, _, _ = self.value(bundles[number])
        if ratio > 0:
            heapq.heappush(heap, (-ratio, number, self._picks))

    def changed(self, bundle: frozenset[int]) -> int:
        """Find the number of the last pick that changed a site of a bundle."""
        return self._open.last_changed(bundle, self._changed)

    def can_be_done(self, added: frozenset[int]) -> bool:
        """Whether the choice can still be done with more."""
        with self._tried(added):
            return self._model.stays_feasible(self.chosen, added)

    def choose(self, added: frozenset[int]) -> None:
        """Choose more."""
        self._picks += 1
        self.chosen |= added
        for site in self._open.changed_by(added):
            self._benefit[site] = self._model.outcome(site, self.chosen).benefit
        self._open.choose(added, self.chosen)
        self._changed[self._open.sites_of(added)] = self._picks

    def value(self, bundle: frozenset[int]) -> tuple[float, float, float]:
        """Benefit per yuan, cost and benefit of what a bundle adds; nothing if there is none."""
        model, added = self._model, bundle - self.chosen
        cost = model.cost(added)
        if not added or math.isnan(cost):
            return 0.0, 0.0, 0.0
        with self._tried(added):
            gained = sum(
                model.outcome(site, self.chosen).benefit - self._benefit[site]
                for site in self._open.changed_by(added)
            )
        return (gained / max(cost, 1e-6), cost, gained) if gained > 1e-9 else (0.0, 0.0, 0.0)

    @contextmanager
    def _tried(self, added: frozenset[int]) -> Iterator[None]:
        """Choose more for a moment: a province has too many choices to copy them each time."""
        self.chosen |= added
        yield
        self.chosen -= added


def _bundles(model: PlanModel) -> Iterator[frozenset[int]]:
    for site in model.sites:
        for now in site.configurations:
            line = [] if now.line == AS_IS else [now.line]
            cures = [(cure, cheapest) for cure in now.cures if (cheapest := _cheapest(model, cure))]
            if line:
                yield model.closure(line)
            for _, actions in cures:
                yield model.closure([*line, *actions])
            yield model.closure([*line, *(a for _, actions in cures for a in actions)])
            for pct in model.grades:
                yield model.closure([*line, *_for_grade(model, now, cures, pct)])


def _cheapest(model: PlanModel, cure: Cure) -> frozenset[int]:
    """Cheapest action of each row; nothing if a row has none with a price."""
    found = set()
    for row in cure.rows:
        priced = [a for a in row if not math.isnan(model.costs[a])]
        if not priced:
            return frozenset()
        found.add(min(priced, key=lambda a: (model.costs[a], a)))
    return frozenset(found)


def _for_grade(
    model: PlanModel, now: Configuration, cures: Sequence[tuple[Cure, frozenset[int]]], pct: int
) -> frozenset[int]:
    """Add cures by points per cost until a grade is reached."""
    raw, taken = now.raw, frozenset[int]()
    order = sorted(cures, key=lambda c: (-c[0].points / max(model.cost(c[1]), 1.0), c[0].item))
    for cure, actions in order:
        if raw * 100 >= pct * now.applicable:
            break
        raw, taken = raw + cure.points, taken | actions
    return taken
